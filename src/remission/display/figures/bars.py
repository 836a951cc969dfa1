"""Rates by subgroup as dots with intervals, the counts and numbers beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from remission.display.figures.bars_data import RateRow, RatesFigure
from remission.display.figures.lettering import (
    drawable,
    drawable_or,
    text_width,
    undrawable_note,
    widest,
    wrap,
)
from remission.display.figures.page import Page, page_width
from remission.display.figures.style import (
    DOUBLE_CM,
    FAINT,
    GREY,
    LEADING,
    LOOKS,
    NORMAL,
    PAPER_TINT,
    SMALL,
    house_style,
)

EDGE = 2.0
GAP = 9.0  # between columns
LINE = SMALL * LEADING
ROW_GAP = 4.5
INDENT = 7.0  # of lines below a section line
MOST_LABEL_SHARE = 0.36  # of the width
LEAST_PLOT = 60.0  # points; labels are wrapped more tightly before the plot gets narrower
BELOW_AXIS = 14.0


@dataclass(frozen=True)
class Columns:
    """Where the columns are, in points from the left: labels, plot, right edges of counts and of texts."""

    label_width: float
    plot_left: float
    plot_width: float
    counts_right: float
    text_right: float


def draw_rates(data: RatesFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw one line per subgroup: label, dot with interval, n/N, rate with interval.

    Args: data: all numbers and texts from result rows.  width_cm: 8.5 for one column of a page, 17.5 for the page.
    Returns: a figure of that width, as high as its lines need.
    """
    with house_style():
        data, note = _letter(data)
        width = page_width(width_cm)
        columns = _columns(data, width)
        labels = [_wrapped(row, columns) for row in data.rows]
        heights = [max(len(lines), 1) * LINE + ROW_GAP for lines in labels]
        title = wrap(data.title, width - 2 * EDGE, NORMAL, True)
        below = [line for text in (*data.annotation, note) if text for line in wrap(text, width - 2 * EDGE)]
        top = EDGE + len(title) * NORMAL * LEADING + LINE + ROW_GAP
        plot_height = sum(heights) + ROW_GAP
        middle = columns.plot_left + columns.plot_width / 2
        axis_label = wrap(data.x_label, 2 * min(middle, width - middle) - 2 * EDGE, NORMAL)
        end = top + plot_height + BELOW_AXIS + len(axis_label) * NORMAL * LEADING + ROW_GAP
        page = Page(width, end + len(below) * LINE + EDGE)
        page.lines(EDGE, EDGE, title, size=NORMAL, bold=True)
        ax = _axes(page, columns, top, plot_height)
        page.text(columns.counts_right, top - ROW_GAP, data.counts_title, bold=True, ha="right")
        page.text(columns.text_right, top - ROW_GAP, data.text_title, bold=True, ha="right")
        y = top + ROW_GAP
        for row, lines, height in zip(data.rows, labels, heights, strict=True):
            if data.reference is not None and row.kind != "head":
                _draw_reference(page, ax, data.reference, y - ROW_GAP / 2, y + height - ROW_GAP / 2)
            _draw_row(page, ax, columns, row, lines, y, height - ROW_GAP)
            y += height
        page.lines(middle, top + plot_height + BELOW_AXIS, axis_label, size=NORMAL, ha="center")
        page.lines(EDGE, end, below, colour=GREY)
        return page.figure


def _letter(data: RatesFigure) -> tuple[RatesFigure, str]:
    """The same figure in letters that can be drawn, and a note where some cannot."""
    texts = [data.title, data.x_label, data.counts_title, data.text_title, *data.annotation]
    note = undrawable_note([*texts, *(t for r in data.rows for t in (r.label, r.text))])
    rows = tuple(
        replace(r, label=drawable_or(r.label, f"Line {i}"), text=drawable(r.text), counts=drawable(r.counts))
        for i, r in enumerate(data.rows, 1)
    )
    lettered = replace(
        data,
        rows=rows,
        title=drawable_or(data.title, ""),
        x_label=drawable_or(data.x_label, "Rate (%)"),
        counts_title=drawable_or(data.counts_title, "n/N"),
        text_title=drawable_or(data.text_title, "%"),
        annotation=tuple(drawable(a) for a in data.annotation),
    )
    return lettered, note


def _columns(data: RatesFigure, width: float) -> Columns:
    """Texts get what they need, labels what they need up to a share of the width, the plot the rest."""
    text = max(widest([r.text for r in data.rows], SMALL, True), text_width(data.text_title, SMALL, True))
    counts = max(widest([r.counts for r in data.rows], SMALL, True), text_width(data.counts_title, SMALL, True))
    heads = widest([r.label for r in data.rows if r.kind != "row"], SMALL, True)
    label = max(widest([r.label for r in data.rows if r.kind == "row"]) + INDENT, heads)
    text_right = width - EDGE
    counts_right = text_right - text - GAP
    plot_right = counts_right - counts - GAP
    label = min(label, MOST_LABEL_SHARE * width, max(plot_right - LEAST_PLOT - GAP - EDGE, 40.0))
    plot_left = EDGE + label + GAP
    return Columns(label, plot_left, plot_right - plot_left, counts_right, text_right)


def _indent(row: RateRow) -> float:
    return INDENT if row.kind == "row" else 0.0


def _wrapped(row: RateRow, columns: Columns) -> tuple[str, ...]:
    if row.kind == "head":  # nothing stands beside it
        return wrap(row.label, columns.text_right - EDGE, SMALL, True)
    return wrap(row.label, columns.label_width - _indent(row), SMALL, row.kind != "row")


def _axes(page: Page, columns: Columns, top: float, height: float) -> Axes:
    """The empty plot: 0-100 % across, the lines of the page down."""
    ax = page.axes(columns.plot_left, top, columns.plot_width, height)
    ax.spines["left"].set_visible(False)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.set_yticks([])
    step = 20 if columns.plot_width > 130 else 50
    ax.set_xticks([p / 100 for p in range(0, 101, step)], [str(p) for p in range(0, 101, step)])
    return ax


def _draw_reference(page: Page, ax: Axes, reference: float, top: float, bottom: float) -> None:
    """The line of the overall rate beside one row; section lines interrupt it, their words may reach that far."""
    ax.plot(
        (reference, reference),
        (top, bottom),
        color=FAINT,
        linewidth=0.8,
        transform=blended_transform_factory(ax.transData, page.points),
        clip_on=False,
        zorder=1,
    )


def _draw_row(
    page: Page, ax: Axes, columns: Columns, row: RateRow, lines: tuple[str, ...], y: float, height: float
) -> None:
    """Label, dot with interval, counts and text of one line; its numbers at the height of the middle of its label."""
    bold = row.kind != "row"
    if row.kind == "head":
        page.box(0, y - ROW_GAP / 2, page.width, height + ROW_GAP, edge="none", fill=PAPER_TINT, z=-1)
    page.lines(EDGE + _indent(row), y, lines, bold=bold)
    if row.kind == "head":
        return
    baseline = y + (height - LINE) / 2 + SMALL
    page.text(columns.counts_right, baseline, row.counts, bold=bold, ha="right")
    page.text(columns.text_right, baseline, row.text, bold=bold, ha="right")
    if row.estimate is None:
        return
    middle = baseline - SMALL * 0.36
    colour = LOOKS[0].colour if row.kind == "row" else LOOKS[4].colour
    across = blended_transform_factory(ax.transData, page.points)
    if row.low is not None and row.high is not None:
        ax.plot(
            (row.low, row.high),
            (middle, middle),
            color=colour,
            linewidth=1.1,
            solid_capstyle="butt",
            transform=across,
            clip_on=False,
        )
    ax.plot(
        row.estimate,
        middle,
        marker="D" if row.kind == "total" else "s",
        markersize=4.2,
        color=colour,
        transform=across,
        clip_on=False,
        zorder=3,
    )
