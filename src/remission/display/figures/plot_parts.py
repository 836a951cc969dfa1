"""The parts of a plot over time that do not depend on what it shows: head, axes, legend, numbers below."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from remission.core.ticks import axis_marks, tick_label
from remission.display.figures.legend import SAMPLE, SAMPLE_GAP, Entry
from remission.display.figures.lettering import text_width
from remission.display.figures.page import Page
from remission.display.figures.plot_layout import PAD, Frame, TimePlot
from remission.display.figures.risk_table import EDGE, draw_risk_table
from remission.display.figures.steps import Path
from remission.display.figures.style import GREY, INK, LEADING, NORMAL, SMALL, WARN_INK, WARN_PAPER, Look

LABEL_ROOM = 16.0  # points from one tick label to the next
LABEL_APART = 3.0
PERCENTS = ((0.0, "0"), (0.2, "20"), (0.4, "40"), (0.6, "60"), (0.8, "80"), (1.0, "100"))


def draw_around(
    page: Page,
    frame: Frame,
    plot: TimePlot,
    ticks: Sequence[int],
    *,
    y_limits: tuple[float, float] = (0.0, 1.0),
    y_marks: Sequence[tuple[float, str]] = PERCENTS,
) -> Axes:
    """Everything but the curves; returns the empty axes for them. y_marks: value -> label."""
    draw_head(page, frame.title, frame.warning, subtitle=frame.subtitle)
    step = (frame.width - 2 * EDGE) / max(len(frame.legend), 1)
    for k, column in enumerate(frame.legend):
        draw_entries(page, column, EDGE + k * step, frame.legend_top)
    ax = _axes(page, frame, plot, ticks)
    ax.set_ylim(*y_limits)
    ax.set_yticks([v for v, _ in y_marks], [label for _, label in y_marks])
    _draw_landmark(page, frame, ax, plot)
    x, y = frame.inside_at
    draw_entries(page, frame.inside, frame.left + x, frame.top + y)
    y = frame.table_top
    if frame.table:
        y = draw_risk_table(page, ax, frame.table, plot.rows, ticks, y) + PAD
    page.lines(EDGE, y, frame.notes, colour=GREY)
    return ax


def draw_head(page: Page, title: Sequence[str], warning: Sequence[str], *, subtitle: Sequence[str] = ()) -> float:
    """Title, subtitle and warning strip; returns where they end."""
    y = page.lines(EDGE, PAD, title, size=NORMAL, bold=True)
    y = page.lines(EDGE, y, subtitle, colour=GREY) + (PAD if title or subtitle else 0)
    if not warning:
        return y
    height = len(warning) * SMALL * LEADING + 2 * PAD
    page.box(EDGE, y, page.width - 2 * EDGE, height, edge=WARN_INK, fill=WARN_PAPER)
    page.lines(EDGE + PAD, y + PAD, warning, bold=True, colour=WARN_INK)
    return y + height + PAD


def _axes(page: Page, frame: Frame, plot: TimePlot, ticks: Sequence[int]) -> Axes:
    """The empty plot against round months or years."""
    ax = page.axes(frame.left, frame.top, frame.plot_width, frame.plot_height)
    ax.set_xlim(0, frame.axis_end)
    apart = LABEL_ROOM / frame.plot_width * frame.axis_end
    marks = axis_marks(ticks, plot.origin_days, apart_days=apart)
    labels = [tick_label(t, plot.x_unit) for t in marks]
    at = [m / frame.axis_end * frame.plot_width for m in marks]
    ax.set_xticks(marks, labels_that_fit(at, labels))
    draw_y_label(page, frame.y_label, frame.left, frame.top + frame.plot_height / 2)
    half = max(text_width(line, NORMAL) for line in (*frame.x_label, "")) / 2
    centre = frame.left + frame.plot_width / 2
    centre = min(max(centre, EDGE + half), frame.width - EDGE - half)
    below = frame.top + frame.plot_height + 14
    page.lines(centre, below, frame.x_label, size=NORMAL, ha="center")
    return ax


def labels_that_fit(at: Sequence[float], labels: Sequence[str]) -> list[str]:
    """Labels of ticks, empty where one would touch the label before it. at: points."""
    shown: list[str] = []
    end = -LABEL_APART
    for x, label in zip(at, labels, strict=True):
        half = text_width(label) / 2
        shown.append(label if x - half >= end + LABEL_APART or not shown else "")
        end = x + half if shown[-1] else end
    return shown


def draw_y_label(page: Page, lines: Sequence[str], left: float, middle: float) -> None:
    """The label of the vertical axis whose plot begins at `left`."""
    x = left - 23 - (len(lines) - 1) * NORMAL * LEADING
    for line in lines:
        page.text(x, middle, line, size=NORMAL, ha="center", rotation=90)
        x += NORMAL * LEADING


def _draw_landmark(page: Page, frame: Frame, ax: Axes, plot: TimePlot) -> None:
    """A dotted line where the curves begin, named above the plot."""
    if not plot.origin_days:
        return
    ax.axvline(plot.origin_days, color=GREY, linewidth=0.7, dashes=(1, 2), zorder=2)
    name = plot.origin_label or f"landmark: {tick_label(plot.origin_days, plot.x_unit)} {plot.x_unit}"
    x = frame.left + plot.origin_days / frame.axis_end * frame.plot_width
    x = max(min(x - 1, frame.width - EDGE - text_width(name)), EDGE)
    page.text(x, frame.top - 5, name, colour=GREY)


def draw_entries(page: Page, entries: Sequence[Entry], x: float, y: float) -> float:
    """Legend entries one below the other, each with its sample of line; returns where they end."""
    for entry in entries:
        indent = 0.0
        if entry.look is not None:
            indent = SAMPLE + SAMPLE_GAP
            draw_sample(page, entry.look, x, y + SMALL * 0.65)
        y = page.lines(x + indent, y, entry.lines, colour=INK)
    return y


def draw_sample(page: Page, look: Look, x: float, y: float) -> None:
    """A short piece of line as it is in the plot."""
    page.figure.add_artist(
        Line2D(
            (x, x + SAMPLE),
            (y, y),
            color=look.colour,
            dashes=look.dashes or (None, None),
            solid_capstyle="butt",
            transform=page.points,
        )
    )


def draw_path(ax: Axes, path: Path, look: Look) -> None:
    """A curve in the look of its group."""
    dashes = look.dashes or (None, None)
    ax.plot(path[:, 0], path[:, 1], color=look.colour, dashes=dashes, clip_on=False, zorder=3)


def draw_band(ax: Axes, band: tuple[Path, Path], look: Look, *, is_faint: bool) -> None:
    """The interval of a curve; is_faint where more than two lie upon each other."""
    low, high = band
    alpha = 0.09 if is_faint else 0.16
    ax.fill_between(low[:, 0], low[:, 1], high[:, 1], color=look.colour, alpha=alpha, linewidth=0, zorder=1)
