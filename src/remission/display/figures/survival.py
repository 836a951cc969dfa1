"""A Kaplan-Meier figure: curves with intervals, and below them the numbers at risk."""

from __future__ import annotations

from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.core.ticks import nice_ticks
from remission.display.figures.legend import Key
from remission.display.figures.lettering import drawable, drawable_labels, drawable_or, undrawable_note
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import TimePlot, lay_out_plot
from remission.display.figures.plot_parts import draw_around, draw_band, draw_path
from remission.display.figures.risk_table import CountRow
from remission.display.figures.steps import band_steps, censor_marks, curve_steps
from remission.display.figures.style import DOUBLE_CM, INK, LOOKS, house_style
from remission.display.figures.survival_data import SurvivalFigure


def draw_survival(data: SurvivalFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw survival curves that end with the follow-up of their group.

    Args: data: curves and numbers at risk, all from result rows.  width_cm: 8.5 for one column, 17.5 for a page.
    Returns: a figure of that width, as high as its content needs.
    """
    with house_style():
        data, note = _letter(data)
        ticks = data.ticks_days or nice_ticks(data.last_day, data.x_unit, origin_days=data.origin_days)
        plot = _plot(data, note)
        frame = lay_out_plot(plot, ticks, page_width(width_cm))
        page = Page(frame.width, frame.height)
        ax = draw_around(page, frame, plot, ticks)
        for i in range(len(data.groups)):
            _draw_group(ax, data, i)
        return page.figure


def _letter(data: SurvivalFigure) -> tuple[SurvivalFigure, str]:
    """The same figure in letters that can be drawn, and a note where some cannot."""
    texts = [data.title, data.subtitle, data.x_label, data.y_label, data.warning, *data.annotation]
    note = undrawable_note([*texts, *(g.label for g in data.groups), *(g.note for g in data.groups)])
    labels = drawable_labels([g.label for g in data.groups], "Group")
    groups = tuple(replace(g, label=label, note=drawable(g.note)) for g, label in zip(data.groups, labels, strict=True))
    lettered = replace(
        data,
        groups=groups,
        title=drawable_or(data.title, ""),
        subtitle=drawable_or(data.subtitle, ""),
        x_label=drawable_or(data.x_label, data.x_unit.capitalize()),
        y_label=drawable_or(data.y_label, "Probability (%)"),
        warning=drawable_or(data.warning, "This comparison is biased"),
        annotation=tuple(drawable(a) for a in data.annotation),
        origin_label=drawable(data.origin_label),
    )
    return lettered, note


def _plot(data: SurvivalFigure, note: str) -> TimePlot:
    """What the layout needs to know of the curves."""
    several = len(data.groups) > 1
    bands = [b for g in data.groups if (b := band_steps(g, data.origin_days)) is not None]
    return TimePlot(
        x_label=data.x_label,
        y_label=data.y_label,
        x_unit=data.x_unit,
        last_day=data.last_day,
        title=data.title,
        subtitle=data.subtitle,
        warning=data.warning,
        origin_days=data.origin_days,
        origin_label=data.origin_label,
        keys=tuple(Key(g.label, g.note, LOOKS[i] if several else None) for i, g in enumerate(data.groups)),
        annotation=data.annotation,
        curves=tuple(curve_steps(g, data.origin_days) for g in data.groups),
        bands=tuple(bands) if data.has_bands else (),
        rows=tuple(
            CountRow(g.label, g.at_risk, g.events, LOOKS[i].text if several else INK) for i, g in enumerate(data.groups)
        ),
        notes=(note,) if note else (),
    )


def _draw_group(ax: Axes, data: SurvivalFigure, i: int) -> None:
    """Band, curve and censor marks of one group."""
    group, look = data.groups[i], LOOKS[i]
    band = band_steps(group, data.origin_days)
    if band is not None and data.has_bands:
        draw_band(ax, band, look, is_faint=len(data.groups) > 2)
    draw_path(ax, curve_steps(group, data.origin_days), look)
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
