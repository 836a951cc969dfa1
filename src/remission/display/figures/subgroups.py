"""A forest of subgroups: the effect in each of them, the numbers of both groups beside it."""

from __future__ import annotations

from math import inf
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Transform, blended_transform_factory

from remission.display.figures.lettered import lettered
from remission.display.figures.lettering import wrap
from remission.display.figures.log_scale import LogAxis, log_limits, log_ticks, ratio_label
from remission.display.figures.page import Page, page_width
from remission.display.figures.risk_table import EDGE
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
from remission.display.figures.subgroups_data import SubgroupRow, SubgroupsFigure
from remission.display.figures.subgroups_layout import (
    GAP,
    ROW_GAP,
    SubgroupColumns,
    SubgroupLine,
    label_left,
    plan_columns,
    plan_line,
)
from remission.display.figures.surround import LINE, plan_surround
from remission.display.figures.value_axis import linear_axis

MARK = 4.4
ARROW = 3.4
TICKS_APART = 20.0
BELOW_AXIS = 14.0
MOST_FAVOURS = 110.0


class Scale(Protocol):
    """Where an effect stands between the two ends of an axis."""

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...

    def share(self, value: float, /) -> float: ...


def draw_subgroups(data: SubgroupsFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw one line per subgroup: label, numbers of one group, effect, numbers of the other, effect in figures, p.

    Args: data: all numbers and texts from result rows.  width_cm: 8.5 for one column of a page, 17.5 for the page.
    Returns: a figure of that width, as high as its lines need.
    """
    with house_style():
        data, note = lettered(data, "Line")
        width = page_width(width_cm)
        around = plan_surround(width, title=data.title, warning=data.warning, notes=(*data.annotation, note))
        columns, scale = plan_columns(data, width), _scale(data)
        lines = [plan_line(row, columns, width) for row in data.rows]
        top = around.top + columns.titles_height + ROW_GAP
        high = sum(line.height + ROW_GAP for line in lines) + ROW_GAP
        one = columns.plot_left + scale.share(_none(data)) * columns.plot_width
        sides = (
            wrap(data.favours[0], min(MOST_FAVOURS, one - EDGE - GAP / 2)),
            wrap(data.favours[1], min(MOST_FAVOURS, width - EDGE - one - GAP / 2)),
        )
        label_top = top + high + BELOW_AXIS + max(len(s) for s in sides) * LINE
        middle = columns.plot_left + columns.plot_width / 2
        label = wrap(data.x_label, 2 * min(middle, width - middle) - 2 * EDGE, NORMAL)
        page = around.page(label_top + len(label) * NORMAL * LEADING)
        _draw_titles(page, columns, top - ROW_GAP)
        ax = _axes(page, data, columns, scale, (top, high))
        y = top + ROW_GAP
        for line in lines:
            _draw_line(page, columns, line, y)
            if line.row.kind != "head":
                _draw_effect(page, ax, scale, line, y, _none(data), is_label_above=columns.is_label_above)
            y += line.height + ROW_GAP
        page.lines(one - GAP / 2, top + high + BELOW_AXIS, sides[0], colour=GREY, ha="right")
        page.lines(one + GAP / 2, top + high + BELOW_AXIS, sides[1], colour=GREY)
        page.lines(middle, label_top, label, size=NORMAL, ha="center")
        return page.figure


def _none(data: SubgroupsFigure) -> float:
    """Where there is no effect."""
    return 1.0 if data.scale == "ratio" else 0.0


def _scale(data: SubgroupsFigure) -> Scale:
    """An axis that holds every effect within reason, and no effect."""
    effects = [r.estimate for r in data.rows if r.estimate is not None]
    ends = [e for r in data.rows for e in (r.low, r.high) if e is not None]
    if data.scale == "ratio":
        return LogAxis(*log_limits(effects, ends))
    return linear_axis([*effects, *ends] or [-1.0, 1.0], has_zero=True)


def _draw_titles(page: Page, columns: SubgroupColumns, bottom: float) -> None:
    """Titles of the columns, all ending on one line; where labels stand above, those of text and p a line higher."""
    left, right, text, p = columns.titles
    higher = max(len(left), len(right)) * LINE if columns.is_label_above else 0.0
    for lines, x, ha, end in (
        (left, columns.left_middle, "center", bottom),
        (right, columns.right_middle, "center", bottom),
        (text, columns.text_right, "right", bottom - higher),
        (p, columns.p_right, "right", bottom - higher),
    ):
        page.lines(x, end - len(lines) * LINE, lines, bold=True, ha=ha)


def _axes(
    page: Page, data: SubgroupsFigure, columns: SubgroupColumns, scale: Scale, place: tuple[float, float]
) -> Axes:
    """The empty plot: shares of the axis across, the lines of the page down. place: top and height."""
    ax = page.axes(columns.plot_left, place[0], columns.plot_width, place[1])
    ax.spines["left"].set_visible(False)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    ax.set_yticks([])
    if data.scale == "ratio":
        marks = log_ticks(scale.low, scale.high, length=columns.plot_width, apart=TICKS_APART)
        ax.set_xticks([scale.share(m) for m in marks], [ratio_label(m) for m in marks])
        return ax
    axis = linear_axis([scale.low, scale.high], has_zero=True)
    shown = [(t, name) for t, name in zip(axis.ticks, axis.labels, strict=True) if scale.low <= t <= scale.high]
    is_tight = len(shown) * TICKS_APART > columns.plot_width
    kept = [s for s in shown if not is_tight or s[0] == 0 or s in (shown[0], shown[-1])]
    ax.set_xticks([scale.share(t) for t, _ in kept], [name for _, name in kept])
    return ax


def _draw_line(page: Page, columns: SubgroupColumns, line: SubgroupLine, y: float) -> None:
    """The words and numbers of one line."""
    row, bold = line.row, line.row.kind == "total"
    if row.kind == "head":
        page.box(0, y - ROW_GAP / 2, page.width, line.height + ROW_GAP, edge="none", fill=PAPER_TINT, z=-1)
    above = 0.0 if columns.is_label_above or row.kind == "head" else (line.height - len(line.label) * LINE) / 2
    page.lines(label_left(row), y + above, line.label, bold=row.kind != "row")
    body = y + line.body_top
    baseline = body + (line.body_height - LINE) / 2 + SMALL
    page.text(columns.left_middle, baseline, row.left, bold=bold, ha="center")
    page.text(columns.right_middle, baseline, row.right, bold=bold, ha="center")
    is_first = columns.is_label_above or row.kind == "head"
    page.text(columns.p_right, y + SMALL if is_first else baseline, row.p_interaction, ha="right")
    at = y if is_first else body
    if row.estimate is not None:
        page.lines(columns.text_right, at, line.words, ha="right", bold=bold)
    else:
        page.lines(columns.text_left, at, line.words, colour=GREY)


def _draw_effect(
    page: Page, ax: Axes, scale: Scale, line: SubgroupLine, y: float, none: float, *, is_label_above: bool
) -> None:
    """The line of no effect beside one row, and the effect with its interval."""
    across = blended_transform_factory(ax.transData, page.points)
    start = y + (line.body_top if is_label_above else -ROW_GAP / 2)
    ends = (start, y + line.height + (0 if is_label_above else ROW_GAP / 2))
    at = scale.share(none)
    ax.plot((at, at), ends, color=FAINT, linewidth=0.8, transform=across, clip_on=False, zorder=1)
    middle = y + line.body_top + line.body_height / 2
    _draw_interval(ax, across, scale, line.row, middle)


def _draw_interval(ax: Axes, across: Transform, scale: Scale, row: SubgroupRow, y: float) -> None:
    """A square, for everybody a diamond, on its interval; an arrow at an end beyond the axis."""
    if row.estimate is None:
        return
    colour = LOOKS[4].colour if row.kind == "total" else LOOKS[0].colour
    low, high = -inf if row.low is None else row.low, inf if row.high is None else row.high

    def dot(x: float, marker: str, size: float) -> None:
        ax.plot(x, y, marker=marker, markersize=size, color=colour, transform=across, clip_on=False, zorder=3)

    if row.low is not None:
        x = (scale.share(low), scale.share(high))
        ax.plot(x, (y, y), color=colour, linewidth=1.1, solid_capstyle="butt", transform=across, clip_on=False)
        if low < scale.low:
            dot(0.0, "<", ARROW)
        if high > scale.high:
            dot(1.0, ">", ARROW)
    if scale.low <= row.estimate <= scale.high:
        dot(scale.share(row.estimate), "D" if row.kind == "total" else "s", MARK)
