"""The numbers at risk under a survival plot: measured first, then placed exactly below the ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from remission.display.figures.lettering import breaks_words, widest, wrap, wrap_evenly
from remission.display.figures.page import Page
from remission.display.figures.style import GREY, INK, LEADING, SMALL

LINE = SMALL * LEADING
EDGE = 2.0  # points kept free at the border of the figure
GAP = 2.0  # between groups
EVENTS_GAP = 2.0  # between a number at risk and its events
APART = 3.0  # between the numbers of two ticks
LABEL_GAP = 5.0  # between a label and the first number
MOST_LABEL_SHARE = 0.25  # of the width of the figure; longer labels get a line of their own
HEADER_AT_RISK = "Number at risk"
HEADER_EVENTS = "Number at risk (number of events)"


@dataclass(frozen=True)
class CountRow:
    """One group: its numbers at each tick, None for an empty place, and the colour of its label."""

    label: str
    at_risk: tuple[int | None, ...]
    events: tuple[int | None, ...] = ()
    colour: str = INK


@dataclass(frozen=True)
class RiskTable:
    """The layout.

    Args: beside: labels left of the numbers, else above.  inline: events right of the numbers, else below.
    shown: which ticks have numbers: all, or as many as fit.
    """

    header: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    beside: bool
    inline: bool
    has_events: bool
    label_width: float
    number_half: float
    events_width: float
    shown: tuple[bool, ...]

    @property
    def left(self) -> float:
        """Room needed left of the first tick."""
        return (self.label_width + LABEL_GAP if self.beside else 0.0) + self.number_half

    @property
    def right(self) -> float:
        """Room needed right of the last tick."""
        return self.number_half + (EVENTS_GAP + self.events_width if self.inline else 0.0)

    @property
    def height(self) -> float:
        return len(self.header) * LINE + GAP + sum(self.group_height(i) + GAP for i in range(len(self.labels)))

    @property
    def number_lines(self) -> int:
        return 1 if self.inline or not self.has_events else 2

    def group_height(self, i: int) -> float:
        named = len(self.labels[i])
        return LINE * (max(named, self.number_lines) if self.beside else named + self.number_lines)


def lay_out(groups: Sequence[CountRow], width: float, ticks: Sequence[float], *, header: str = "") -> RiskTable:
    """Choose between labels beside or above, events beside or below, from what fits.

    Args: width: of the figure.  ticks: where they are from the left of the plot.  All in points.
    header: empty for that of numbers at risk.
    """
    labels = [g.label for g in groups]
    limit = width * MOST_LABEL_SHARE
    wrapped = tuple(wrap_evenly(label, limit) for label in labels)
    beside = all(len(lines) <= 2 for lines in wrapped) and not any(breaks_words(t, limit) for t in labels)
    if not beside:
        wrapped = tuple(wrap(label, width - 2 * EDGE) for label in labels)
    numbers = widest([str(n) for g in groups for n in g.at_risk if n is not None])
    events = widest([f"({n})" for g in groups for n in g.events if n is not None])
    closest = min((b - a for a, b in pairwise(ticks)), default=width)
    inline = events > 0 and numbers + EVENTS_GAP + events + APART <= closest
    needed = numbers + EVENTS_GAP + events if inline else max(numbers, events)
    header = header or (HEADER_EVENTS if events else HEADER_AT_RISK)
    return RiskTable(
        header=wrap(header, width - 2 * EDGE, SMALL, True),
        labels=wrapped,
        beside=beside,
        inline=inline,
        has_events=events > 0,
        label_width=max((widest(lines) for lines in wrapped), default=0.0) if beside else 0.0,
        number_half=(numbers if inline else max(numbers, events)) / 2,
        events_width=events if inline else 0.0,
        shown=_that_fit(groups, ticks, needed + APART),
    )


def _that_fit(groups: Sequence[CountRow], ticks: Sequence[float], needed: float) -> tuple[bool, ...]:
    """From the left, every tick that is far enough from the last one with numbers."""
    shown: list[bool] = []
    last = -float("inf")
    for k, x in enumerate(ticks):
        has_numbers = any(g.at_risk and g.at_risk[k] is not None for g in groups)
        shown.append(has_numbers and x - last >= needed)
        last = x if shown[-1] else last
    return tuple(shown)


def draw_risk_table(
    page: Page, ax: Axes, table: RiskTable, groups: Sequence[CountRow], ticks: Sequence[int], top: float
) -> float:
    """Write the table below `top`; returns where it ends."""
    top = page.lines(EDGE, top, table.header, bold=True) + GAP
    for i, g in enumerate(groups):
        label, height = table.labels[i], table.group_height(i)
        spare = height - LINE * (len(label) if table.beside else 0)
        below = page.lines(EDGE, top + (spare / 2 if table.beside else 0), label, colour=g.colour)
        row = top + (height - LINE * table.number_lines) / 2 if table.beside else below
        _write_numbers(page, ax, table, g, ticks, row)
        top += height + GAP
    return top


def _write_numbers(page: Page, ax: Axes, table: RiskTable, group: CountRow, ticks: Sequence[int], top: float) -> None:
    """One group's numbers, each centred on its tick, the events beside or below it."""
    under_tick = blended_transform_factory(ax.transData, page.points)
    aside = ScaledTranslation(
        (table.number_half + EVENTS_GAP) / 72 if table.inline else 0.0, 0.0, page.figure.dpi_scale_trans
    )
    baseline = top + SMALL
    for day, number, shown in zip(ticks, group.at_risk, table.shown, strict=False):
        if shown and number is not None:
            page.text(day, baseline, str(number), ha="center", transform=under_tick)
    for day, number, shown in zip(ticks, group.events, table.shown, strict=False):
        if shown and number is not None:
            page.text(
                day,
                baseline if table.inline else baseline + LINE,
                f"({number})",
                ha="left" if table.inline else "center",
                colour=GREY,
                transform=under_tick + aside,
            )
