"""A Kaplan-Meier figure: curves with intervals, and below them the numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from remission.core.ticks import axis_marks, nice_ticks, tick_label
from remission.display.figures.legend import SAMPLE, SAMPLE_GAP, Entry
from remission.display.figures.lettering import drawable, drawable_labels, drawable_or, text_width, undrawable_note
from remission.display.figures.page import Page, page_width
from remission.display.figures.risk_table import EDGE, draw_risk_table
from remission.display.figures.steps import band_steps, censor_marks, curve_steps
from remission.display.figures.style import (
    DOUBLE_CM,
    GREY,
    INK,
    LEADING,
    LOOKS,
    NORMAL,
    SMALL,
    WARN_INK,
    WARN_PAPER,
    house_style,
)
from remission.display.figures.survival_data import SurvivalFigure
from remission.display.figures.survival_layout import PAD, Frame, lay_out_survival

LABEL_ROOM = 16.0  # points from one tick label to the next


def draw_survival(data: SurvivalFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw survival curves that end with the follow-up of their group.

    Args: data: curves and numbers at risk, all from result rows.  width_cm: 8.5 for one column, 17.5 for a page.
    Returns: a figure of that width, as high as its content needs.
    """
    with house_style():
        data, note = _letter(data)
        ticks = data.ticks_days or nice_ticks(data.last_day, data.x_unit, origin_days=data.origin_days)
        frame = lay_out_survival(data, ticks, page_width(width_cm), note)
        page = Page(frame.width, frame.height)
        _draw_head(page, frame)
        ax = _draw_axes(page, frame, data, ticks)
        for i in range(len(data.groups)):
            _draw_group(ax, data, i)
        _draw_landmark(page, frame, ax, data)
        x, y = frame.inside_at
        _draw_entries(page, frame.inside, frame.left + x, frame.top + y)
        y = frame.table_top
        if frame.table:
            y = draw_risk_table(page, ax, frame.table, data.groups, ticks, y) + PAD
        page.lines(EDGE, y, frame.note, colour=GREY)
        return page.figure


def _letter(data: SurvivalFigure) -> tuple[SurvivalFigure, str]:
    """The same figure in letters that can be drawn, and a note where some cannot."""
    texts = [data.title, data.x_label, data.y_label, data.warning, *data.annotation]
    note = undrawable_note([*texts, *(g.label for g in data.groups), *(g.note for g in data.groups)])
    labels = drawable_labels([g.label for g in data.groups], "Group")
    groups = tuple(replace(g, label=label, note=drawable(g.note)) for g, label in zip(data.groups, labels, strict=True))
    lettered = replace(
        data,
        groups=groups,
        title=drawable_or(data.title, ""),
        x_label=drawable_or(data.x_label, data.x_unit.capitalize()),
        y_label=drawable_or(data.y_label, "Probability (%)"),
        warning=drawable_or(data.warning, "This comparison is biased"),
        annotation=tuple(drawable(a) for a in data.annotation),
        origin_label=drawable(data.origin_label),
    )
    return lettered, note


def _draw_head(page: Page, frame: Frame) -> None:
    """Title, warning strip, and the legend where it stands above the plot."""
    y = page.lines(EDGE, PAD, frame.title, size=NORMAL, bold=True) + (PAD if frame.title else 0)
    if frame.warning:
        height = len(frame.warning) * SMALL * LEADING + 2 * PAD
        page.box(EDGE, y, frame.width - 2 * EDGE, height, edge=WARN_INK, fill=WARN_PAPER)
        page.lines(EDGE + PAD, y + PAD, frame.warning, bold=True, colour=WARN_INK)
    step = (frame.width - 2 * EDGE) / max(len(frame.legend), 1)
    for k, column in enumerate(frame.legend):
        _draw_entries(page, column, EDGE + k * step, frame.legend_top)


def _draw_axes(page: Page, frame: Frame, data: SurvivalFigure, ticks: Sequence[int]) -> Axes:
    """The empty plot: 0-100 % against round months or years."""
    ax = page.axes(frame.left, frame.top, frame.plot_width, frame.plot_height)
    ax.set_xlim(0, frame.axis_end)
    ax.set_ylim(0, 1)
    apart = LABEL_ROOM / frame.plot_width * frame.axis_end
    marks = axis_marks(ticks, data.origin_days, apart_days=apart)
    ax.set_xticks(marks, [tick_label(t, data.x_unit) for t in marks])
    percents = range(0, 101, 20)
    ax.set_yticks([p / 100 for p in percents], [str(p) for p in percents])
    middle = frame.top + frame.plot_height / 2
    x = frame.left - 23 - (len(frame.y_label) - 1) * NORMAL * LEADING
    for line in frame.y_label:
        page.text(x, middle, line, size=NORMAL, ha="center", rotation=90)
        x += NORMAL * LEADING
    half = max(text_width(line, NORMAL) for line in (*frame.x_label, "")) / 2
    centre = frame.left + frame.plot_width / 2
    centre = min(max(centre, EDGE + half), frame.width - EDGE - half)
    below = frame.top + frame.plot_height + 14
    page.lines(centre, below, frame.x_label, size=NORMAL, ha="center")
    return ax


def _draw_group(ax: Axes, data: SurvivalFigure, i: int) -> None:
    """Band, curve and censor marks of one group."""
    group, look = data.groups[i], LOOKS[i]
    band = band_steps(group, data.origin_days)
    if band is not None and data.has_bands:
        low, high = band
        alpha = 0.16 if len(data.groups) < 3 else 0.09
        ax.fill_between(low[:, 0], low[:, 1], high[:, 1], color=look.colour, alpha=alpha, linewidth=0, zorder=1)
    curve = curve_steps(group, data.origin_days)
    dashes = look.dashes or (None, None)
    ax.plot(curve[:, 0], curve[:, 1], color=look.colour, dashes=dashes, clip_on=False, zorder=3)
    marks = censor_marks(group, data.origin_days)
    ax.plot(
        marks[:, 0],
        marks[:, 1],
        linestyle="none",
        marker="|",
        markersize=5,
        markeredgewidth=0.7,
        color=look.text,
        clip_on=False,
        zorder=4,
    )


def _draw_landmark(page: Page, frame: Frame, ax: Axes, data: SurvivalFigure) -> None:
    """A dotted line where the curves begin, named above the plot."""
    if not data.origin_days:
        return
    ax.axvline(data.origin_days, color=GREY, linewidth=0.7, dashes=(1, 2), zorder=2)
    name = data.origin_label or f"landmark: {tick_label(data.origin_days, data.x_unit)} {data.x_unit}"
    x = frame.left + data.origin_days / frame.axis_end * frame.plot_width
    x = max(min(x - 1, frame.width - EDGE - text_width(name)), EDGE)
    page.text(x, frame.top - 5, name, colour=GREY)


def _draw_entries(page: Page, entries: Sequence[Entry], x: float, y: float) -> None:
    """Legend entries one below the other, each with its sample of line."""
    for entry in entries:
        indent = 0.0
        if entry.look is not None:
            look = LOOKS[entry.look]
            indent = SAMPLE + SAMPLE_GAP
            page.figure.add_artist(
                Line2D(
                    (x, x + SAMPLE),
                    (y + SMALL * 0.65, y + SMALL * 0.65),
                    color=look.colour,
                    dashes=look.dashes or (None, None),
                    solid_capstyle="butt",
                    transform=page.points,
                )
            )
        y = page.lines(x + indent, y, entry.lines, colour=INK)
