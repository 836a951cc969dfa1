"""Cumulative incidence of competing causes: curves that rise from 0, and below them the numbers at risk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from remission.core.ticks import nice_ticks
from remission.display.figures.incidence_data import MOST_BANDS, IncidenceCurve, IncidenceFigure, IncidenceGroup
from remission.display.figures.legend import Key
from remission.display.figures.lettering import drawable, drawable_labels, drawable_or, undrawable_note
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import TimePlot, lay_out_plot
from remission.display.figures.plot_parts import draw_around, draw_band, draw_path
from remission.display.figures.risk_table import CountRow
from remission.display.figures.steps import Path, step_path
from remission.display.figures.style import DOUBLE_CM, INK, LOOKS, Look, house_style

MARKS_EVERY = {0.1: 2, 0.2: 5, 0.3: 10, 0.4: 10, 0.5: 10}  # percent from one mark to the next; 20 above


def draw_incidence(data: IncidenceFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw cumulative incidences that end with the follow-up of their group.

    Args: data: curves and numbers at risk, all from result rows.  width_cm: 8.5 for one column, 17.5 for a page.
    Returns: a figure of that width, as high as its content needs.
    """
    with house_style():
        data, note = _letter(data)
        ticks = data.ticks_days or nice_ticks(data.last_day, data.x_unit, origin_days=data.origin_days)
        plot = _plot(data, note)
        frame = lay_out_plot(plot, ticks, page_width(width_cm))
        page = Page(frame.width, frame.height)
        ax = draw_around(page, frame, plot, ticks, y_limits=(0.0, data.y_max), y_marks=_marks(data.y_max))
        several = len(plot.curves) > 2
        for group, curve, look in _curves(data):
            band = _band(data, group, curve)
            if band is not None and _has_bands(data):
                draw_band(ax, band, look, is_faint=several)
            draw_path(ax, _steps(data, group, curve), look)
        return page.figure


def _letter(data: IncidenceFigure) -> tuple[IncidenceFigure, str]:
    """The same figure in letters that can be drawn, and a note where some cannot."""
    texts = [data.title, data.x_label, data.y_label, data.warning, *data.annotation]
    labels = [g.label for g in data.groups]
    note = undrawable_note([*texts, *labels, *data.causes, *(c.note for g in data.groups for c in g.curves)])
    causes = drawable_labels(data.causes, "Cause")
    groups = tuple(
        replace(
            g,
            label=label,
            curves=tuple(
                replace(c, cause=cause, note=drawable(c.note)) for c, cause in zip(g.curves, causes, strict=True)
            ),
        )
        for g, label in zip(data.groups, drawable_labels(labels, "Group"), strict=True)
    )
    lettered = replace(
        data,
        groups=groups,
        title=drawable_or(data.title, ""),
        x_label=drawable_or(data.x_label, data.x_unit.capitalize()),
        y_label=drawable_or(data.y_label, "Cumulative incidence (%)"),
        warning=drawable_or(data.warning, "This comparison is biased"),
        annotation=tuple(drawable(a) for a in data.annotation),
        origin_label=drawable(data.origin_label),
    )
    return lettered, note


def _look(data: IncidenceFigure, group: int, cause: int) -> Look:
    """Of one group or one cause: colour and dashes together; of both: colour by group, dashes by cause."""
    if len(data.groups) == 1 or len(data.causes) == 1:
        return LOOKS[group + cause]
    return replace(LOOKS[group], dashes=LOOKS[cause].dashes)


def _curves(data: IncidenceFigure) -> list[tuple[IncidenceGroup, IncidenceCurve, Look]]:
    """Every curve with its group and look."""
    return [(g, c, _look(data, i, k)) for i, g in enumerate(data.groups) for k, c in enumerate(g.curves)]


def _keys(data: IncidenceFigure) -> tuple[Key, ...]:
    """A line of legend per curve; where groups and causes cross without notes, one per group and one per cause."""
    groups, causes = len(data.groups), len(data.causes)
    if groups == causes == 1:
        return tuple(Key(c.cause, c.note) for _, c, _ in _curves(data))
    if groups == 1 or causes == 1:
        return tuple(Key(c.cause if groups == 1 else g.label, c.note, look) for g, c, look in _curves(data))
    if any(c.note for g in data.groups for c in g.curves):
        return tuple(Key(f"{g.label}, {c.cause}", c.note, look) for g, c, look in _curves(data))
    colours = tuple(Key(g.label, "", replace(LOOKS[i], dashes=())) for i, g in enumerate(data.groups))
    dashes = tuple(Key(c, "", Look(INK, INK, LOOKS[k].dashes)) for k, c in enumerate(data.causes))
    return (*colours, *dashes)


def _plot(data: IncidenceFigure, note: str) -> TimePlot:
    """What the layout needs to know of the curves."""

    def share(path: Path) -> Path:
        return path / (1.0, data.y_max)

    bands = [b for g, c, _ in _curves(data) if (b := _band(data, g, c)) is not None]
    several = len(data.groups) > 1
    return TimePlot(
        x_label=data.x_label,
        y_label=data.y_label,
        x_unit=data.x_unit,
        last_day=data.last_day,
        title=data.title,
        warning=data.warning,
        origin_days=data.origin_days,
        origin_label=data.origin_label,
        keys=_keys(data),
        annotation=data.annotation,
        curves=tuple(share(_steps(data, g, c)) for g, c, _ in _curves(data)),
        bands=tuple((share(low), share(high)) for low, high in bands) if _has_bands(data) else (),
        rows=tuple(
            CountRow(g.label, g.at_risk, (), LOOKS[i].text if several else INK) for i, g in enumerate(data.groups)
        ),
        notes=tuple(n for n in (_zoom_note(data), note) if n),
    )


def _zoom_note(data: IncidenceFigure) -> str:
    """That the axis ends below 100 %, and that intervals reach beyond it."""
    if data.y_max == 1:
        return ""
    cut = _has_bands(data) and any((v or 0) > data.y_max for g in data.groups for c in g.curves for v in c.high)
    return f"The vertical axis ends at {100 * data.y_max:g}%" + ("; intervals are cut there." if cut else ".")


def _has_bands(data: IncidenceFigure) -> bool:
    return data.has_bands and len(data.groups) * len(data.causes) <= MOST_BANDS


def _steps(data: IncidenceFigure, group: IncidenceGroup, curve: IncidenceCurve) -> Path:
    return step_path(curve.days, curve.incidence, start=0.0, first=data.origin_days, end=group.last_day)


def _band(data: IncidenceFigure, group: IncidenceGroup, curve: IncidenceCurve) -> tuple[Path, Path] | None:
    """Lower and upper limits, no higher than the axis."""
    if not curve.low:
        return None
    limits = (
        step_path(curve.days, end, start=0.0, first=data.origin_days, end=group.last_day)
        for end in (curve.low, curve.high)
    )
    low, high = (np.minimum(path, (np.inf, data.y_max)) for path in limits)
    return low, high


def _marks(y_max: float) -> list[tuple[float, str]]:
    """Round percents from 0 to the end of the axis."""
    top = round(100 * y_max)
    every = next((step for end, step in MARKS_EVERY.items() if y_max <= end), 20)
    return [(p / 100, str(p)) for p in range(0, top + 1, every)]
