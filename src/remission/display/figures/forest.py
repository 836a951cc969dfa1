"""Hazard or odds ratios by level as squares with intervals, events and numbers beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Transform, blended_transform_factory

from remission.display.figures.forest_data import ForestFigure, ForestRatio
from remission.display.figures.forest_layout import (
    EDGE,
    GAP,
    LINE,
    MARK_ROOM,
    MARKS_APART,
    ROW_GAP,
    Columns,
    Foot,
    Line,
    ModelName,
    axis_of,
    is_reason,
    label_left,
    plan_columns,
    plan_foot,
    plan_line,
    plan_names,
)
from remission.display.figures.lettering import (
    drawable,
    drawable_labels,
    drawable_or,
    undrawable_note,
    wrap,
)
from remission.display.figures.log_scale import LogAxis, log_ticks, ratio_label
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import PAD
from remission.display.figures.plot_parts import draw_head
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

MARK = 4.2  # points, the side of a square
ARROW = 3.4
TICKS_APART = 17.0


@dataclass(frozen=True)
class Mark:
    """How the estimates of one model are told from those of the others."""

    marker: str
    colour: str
    fill: str


# the last model is the one to read; those before it are open
LAST = Mark("s", LOOKS[0].colour, LOOKS[0].colour)
EARLIER = (Mark("s", LOOKS[4].colour, "white"), Mark("D", LOOKS[1].colour, "white"))


def draw_forest(data: ForestFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw one line per level: label, events and patients, squares with intervals, ratios and p in figures.

    Args: data: all numbers and texts from result rows.  width_cm: 8.5 for one column of a page, 17.5 for the page.
    Returns: a figure of that width, as high as its lines need.
    """
    with house_style():
        data, note = _letter(data)
        width = page_width(width_cm)
        columns, scale = plan_columns(data, width), axis_of(data)
        lines = [plan_line(data, row, columns, width) for row in data.rows]
        title = wrap(data.title, width - 2 * EDGE, NORMAL, True)
        warning = wrap(data.warning, width - 2 * EDGE - 2 * PAD, SMALL, True)
        below = [line for text in (*data.annotation, note) if text for line in wrap(text, width - 2 * EDGE)]
        top = PAD + len(title) * NORMAL * LEADING + (PAD if title else 0)
        top += len(warning) * SMALL * LEADING + 3 * PAD if warning else 0
        names, top = plan_names(data, columns, width, top)
        plot_top = top + LINE + ROW_GAP
        plot_height = sum(line.height + ROW_GAP for line in lines) + ROW_GAP
        foot = plan_foot(data, columns, scale, width, plot_top + plot_height)
        page = Page(width, foot.end + len(below) * LINE + EDGE)
        draw_head(page, title, warning)
        _draw_titles(page, data, columns, names, top)
        ax = _axes(page, columns, scale, plot_top, plot_height)
        y = plot_top + ROW_GAP
        for line in lines:
            _draw_line(page, ax, columns, scale, line, y)
            y += line.height + ROW_GAP
        _draw_foot(page, foot)
        page.lines(EDGE, foot.end, below, colour=GREY)
        return page.figure


def _letter(data: ForestFigure) -> tuple[ForestFigure, str]:
    """The same figure in letters that can be drawn, and a note where some cannot."""
    texts = [data.title, data.x_label, data.warning, data.counts_title, data.text_title, data.p_title]
    texts += [*data.favours, *data.annotation, *data.models, data.reference_text]
    texts += [t for row in data.rows for t in (row.label, *(r.text for r in row.ratios))]
    low, high = (drawable_or(f, "") for f in data.favours)
    rows = tuple(
        replace(
            row,
            label=drawable_or(row.label, f"Line {i}"),
            counts=drawable(row.counts),
            ratios=tuple(replace(r, text=drawable(r.text), p=drawable(r.p)) for r in row.ratios),
        )
        for i, row in enumerate(data.rows, 1)
    )
    lettered = replace(
        data,
        rows=rows,
        models=drawable_labels(data.models, "Model"),
        title=drawable_or(data.title, ""),
        x_label=drawable_or(data.x_label, "Ratio"),
        counts_title=drawable_or(data.counts_title, "n"),
        text_title=drawable_or(data.text_title, "Ratio (95% CI)"),
        p_title=drawable_or(data.p_title, "p"),
        reference_text=drawable_or(data.reference_text, "1"),
        warning=drawable_or(data.warning, "This comparison is biased"),
        annotation=tuple(drawable(a) for a in data.annotation),
        favours=(low, high),
    )
    return lettered, undrawable_note(texts)


def _marks(models: int) -> tuple[Mark, ...]:
    return (*EARLIER[: models - 1], LAST)


def _draw_titles(page: Page, data: ForestFigure, columns: Columns, names: tuple[ModelName, ...], top: float) -> None:
    """Names of the models with their squares, and at `top` the titles of the columns."""
    for name, mark in zip(names, _marks(len(data.models)), strict=False):
        _draw_mark(page, mark, name.x + MARK / 2, name.y + SMALL * 0.64)
        page.lines(name.x + MARK_ROOM, name.y, name.lines, bold=True)
    if any(row.counts for row in data.rows):
        page.text(columns.counts_right, top + SMALL, data.counts_title, bold=True, ha="right")
    for k in range(1 if columns.is_stacked else len(data.models)):
        page.text(columns.text_right[k], top + SMALL, data.text_title, bold=True, ha="right")
        page.text(columns.p_right[k], top + SMALL, data.p_title, bold=True, ha="right")


def _axes(page: Page, columns: Columns, scale: LogAxis, top: float, height: float) -> Axes:
    """The empty plot: the log of the ratio across, the lines of the page down."""
    ax = page.axes(columns.plot_left, top, columns.plot_width, height)
    ax.spines["left"].set_visible(False)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.set_yticks([])
    marks = log_ticks(scale.low, scale.high, length=columns.plot_width, apart=TICKS_APART)
    ax.set_xticks([scale.share(m) for m in marks], [ratio_label(m) for m in marks])
    return ax


def _draw_line(page: Page, ax: Axes, columns: Columns, scale: LogAxis, line: Line, y: float) -> None:
    """Label, counts, squares and words of one line of the figure."""
    row = line.row
    is_head = row.kind == "head"
    if is_head:
        page.box(0, y - ROW_GAP / 2, page.width, line.height + ROW_GAP, edge="none", fill=PAPER_TINT, z=-1)
    page.lines(label_left(row), y + line.label_top, line.label, bold=is_head)
    body = y + line.body_top
    across = blended_transform_factory(ax.transData, page.points)
    if not is_head:
        above = 0.0 if columns.is_label_above else ROW_GAP / 2  # else the line would touch the label
        ends = (body - above, body + line.body_height + ROW_GAP / 2)
        one = scale.share(1.0)
        ax.plot((one, one), ends, color=FAINT, linewidth=0.8, transform=across, clip_on=False, zorder=1)
    middle = body + (line.body_height - LINE) / 2
    page.text(columns.counts_right, middle + SMALL, row.counts, ha="right")
    deep = body
    models = len(line.words)
    marks = _marks(models)
    drawn = [k for k, r in enumerate(row.ratios) if r.estimate is not None]
    for k, words in enumerate(line.words):
        start = deep if columns.is_stacked else body + (line.body_height - max(len(words), 1) * LINE) / 2
        ratio = row.ratios[k] if row.ratios else ForestRatio()
        _write_words(page, columns, ratio, words, k, start)
        at = start + SMALL * 0.64
        if not columns.is_stacked and k in drawn:
            at = body + line.body_height / 2 + MARKS_APART * (drawn.index(k) - (len(drawn) - 1) / 2)
        _draw_ratio(ax, across, scale, ratio, marks[k], at)
        deep += len(words) * LINE


def _write_words(
    page: Page, columns: Columns, ratio: ForestRatio, words: tuple[str, ...], model: int, top: float
) -> None:
    """The ratio and its p in figures; a reason begins at the left of both."""
    if is_reason(ratio):
        page.lines(columns.text_left[model], top, words, colour=GREY)
    else:
        page.lines(columns.text_right[model], top, words, ha="right")
    page.text(columns.p_right[model], top + SMALL, ratio.p, ha="right")


def _draw_ratio(ax: Axes, across: Transform, scale: LogAxis, ratio: ForestRatio, mark: Mark, y: float) -> None:
    """A square with its interval, an arrow at an end beyond the axis."""
    if ratio.estimate is None:
        return

    def dot(x: float, marker: str, size: float, fill: str) -> None:
        ax.plot(
            x,
            y,
            marker=marker,
            markersize=size,
            color=mark.colour,
            markerfacecolor=fill,
            markeredgewidth=0.9,
            transform=across,
            clip_on=False,
            zorder=3,
        )

    if ratio.low is not None and ratio.high is not None:
        x = (scale.share(ratio.low), scale.share(ratio.high))
        ax.plot(x, (y, y), color=mark.colour, linewidth=1.1, solid_capstyle="butt", transform=across, clip_on=False)
        if scale.is_beyond(ratio.low):
            dot(0.0, "<", ARROW, mark.colour)
        if scale.is_beyond(ratio.high):
            dot(1.0, ">", ARROW, mark.colour)
    if not scale.is_beyond(ratio.estimate):
        dot(scale.share(ratio.estimate), mark.marker, MARK if mark.marker == "s" else MARK - 0.4, mark.fill)


def _draw_mark(page: Page, mark: Mark, x: float, y: float) -> None:
    """The square of a model before its name."""
    page.figure.add_artist(
        Line2D(
            (x,),
            (y,),
            linestyle="none",
            marker=mark.marker,
            markersize=MARK,
            color=mark.colour,
            markerfacecolor=mark.fill,
            markeredgewidth=0.9,
            transform=page.points,
        )
    )


def _draw_foot(page: Page, foot: Foot) -> None:
    """What a ratio below and above 1 means, on its side of 1, and the label of the axis."""
    low, high = foot.favours
    page.lines(foot.one - GAP / 2, foot.top, low, colour=GREY, ha="right")
    page.lines(foot.one + GAP / 2, foot.top, high, colour=GREY)
    page.lines(foot.middle, foot.label_top, foot.label, size=NORMAL, ha="center")
