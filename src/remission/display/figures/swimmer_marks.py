"""Marks of events on the bars of a swimmer plot: what each looks like, and where it stands beside its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import Transform

from remission.display.figures.key_strip import Sample
from remission.display.figures.legend import SAMPLE
from remission.display.figures.page import Page
from remission.display.figures.style import INK, LOOKS
from remission.display.figures.swimmer_data import EventKind, SwimmerEvent

MOST_SIZE = 5.6  # points
APART = 1.15  # of the size of a mark, from one middle to the next


@dataclass(frozen=True)
class MarkLook:
    """Shape, colour of the edge, and fill of a mark; size: against the others."""

    marker: str
    edge: str
    fill: str
    size: float = 1.0


# the shape alone tells them apart; open is the lesser of two responses
MARK_LOOKS: dict[EventKind, MarkLook] = {
    "cr": MarkLook("^", INK, LOOKS[2].colour),
    "cri": MarkLook("^", INK, "white"),
    "mrd-negative": MarkLook("o", INK, LOOKS[5].colour, 0.9),
    "hsct": MarkLook("D", INK, LOOKS[3].colour, 0.82),
    "car-t": MarkLook("s", INK, "white", 0.85),
    "relapse": MarkLook("v", INK, LOOKS[1].colour),
    "death": MarkLook("X", INK, INK, 1.05),
}
ORDER = {kind: k for k, kind in enumerate(MARK_LOOKS)}


def place_marks(
    events: Sequence[SwimmerEvent], per_day: float, size: float
) -> tuple[list[tuple[EventKind, float]], bool]:
    """Kinds and their places in points from day 0, and whether any had to be moved.

    Args: per_day: points.  size: of a mark. Marks of near days would hide each other: the later one moves to the right.
    """
    placed: list[tuple[EventKind, float]] = []
    is_moved = False
    for event in sorted(events, key=lambda e: (e.day, ORDER[e.kind])):
        at = event.day * per_day
        least = placed[-1][1] + size * APART if placed else at
        is_moved |= at < least - 0.01
        placed.append((event.kind, max(at, least)))
    return placed, is_moved


def draw_mark(ax: Axes, kind: EventKind, x: float, y: float, size: float) -> None:
    """A mark at x, y in the units of the plot."""
    ax.add_line(_mark(kind, x, y, size, ax.transData))


def mark_sample(kind: EventKind) -> Sample:
    """A mark for the legend."""

    def draw(page: Page, x: float, y: float) -> None:
        page.figure.add_artist(_mark(kind, x + SAMPLE / 2, y, MOST_SIZE, page.points))

    return draw


def draw_arrow(ax: Axes, x: float, y: float, length: float) -> None:
    """An arrow that begins where a bar ends."""
    ax.add_line(_arrow(x, y, length, ax.transData))


def arrow_sample(page: Page, x: float, y: float) -> None:
    """The arrow for the legend."""
    page.figure.add_artist(_arrow(x + 1, y, SAMPLE - 3, page.points))


def _mark(kind: EventKind, x: float, y: float, size: float, transform: Transform) -> Line2D:
    look = MARK_LOOKS[kind]
    return Line2D(
        (x,),
        (y,),
        linestyle="none",
        marker=look.marker,
        markersize=size * look.size,
        markerfacecolor=look.fill,
        markeredgecolor=look.edge,
        markeredgewidth=0.6 if kind != "death" else 0.3,
        transform=transform,
        clip_on=False,
        zorder=5,
    )


def _arrow(x: float, y: float, length: float, transform: Transform) -> Line2D:
    return Line2D(
        (x, x + length),
        (y, y),
        color=INK,
        linewidth=0.9,
        marker=">",
        markevery=(1, 1),
        markersize=3.4,
        markeredgewidth=0,
        transform=transform,
        clip_on=False,
        zorder=4,
    )
