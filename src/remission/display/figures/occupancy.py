"""Stacked areas of the probabilities of being in each state, and below them the numbers under observation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.core.ticks import nice_ticks
from remission.display.figures.fills import filled
from remission.display.figures.lettering import drawable, drawable_labels, drawable_or, undrawable_note
from remission.display.figures.occupancy_data import OccupancyFigure
from remission.display.figures.occupancy_labels import (
    SWATCH,
    SWATCH_GAP,
    AreaLabel,
    Borders,
    beside,
    inside,
    room_beside,
)
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import Frame, TimePlot, lay_out_plot
from remission.display.figures.plot_parts import draw_around
from remission.display.figures.risk_table import CountRow
from remission.display.figures.steps import step_path
from remission.display.figures.style import DOUBLE_CM, FILLS, INK, SMALL, Fill, house_style

HEADER = "Number under observation"


def draw_occupancy(data: OccupancyFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw the states as areas that add up to 100 % and end with the follow-up.

    Args: data: probabilities and numbers, all from result rows.  width_cm: 8.5 for one column, 17.5 for a page.
    Returns: a figure of that width, as high as its content needs.
    """
    with house_style():
        data, note = _letter(data)
        ticks = data.ticks_days or nice_ticks(data.last_day, data.x_unit)
        width = page_width(width_cm)
        borders = _borders(data)
        plot, frame, labels = _place(data, borders, ticks, width, note)
        page = Page(frame.width, frame.height)
        ax = draw_around(page, frame, plot, ticks)
        for i in range(len(data.states)):
            _draw_area(ax, borders, i)
        for label in labels:
            _draw_label(page, frame, label)
        return page.figure


def _letter(data: OccupancyFigure) -> tuple[OccupancyFigure, str]:
    """The same figure in letters that can be drawn, and a note where some cannot."""
    labels = [s.label for s in data.states]
    note = undrawable_note([data.title, data.x_label, data.y_label, data.warning, *data.annotation, *labels])
    named = zip(data.states, drawable_labels(labels, "State"), strict=True)
    lettered = replace(
        data,
        states=tuple(replace(s, label=label) for s, label in named),
        title=drawable_or(data.title, ""),
        x_label=drawable_or(data.x_label, data.x_unit.capitalize()),
        y_label=drawable_or(data.y_label, "Probability (%)"),
        warning=drawable_or(data.warning, "This figure is biased"),
        annotation=tuple(drawable(a) for a in data.annotation),
    )
    return lettered, note


def _borders(data: OccupancyFigure) -> Borders:
    """Step paths of the summed probabilities, from 0 below the first state to 1 above the last."""
    sums = np.cumsum([(0.0,) * len(data.days), *(s.probability for s in data.states)], axis=0).clip(0.0, 1.0)
    paths = [step_path(data.days, row, start=row[0], first=data.days[0], end=data.last_day) for row in sums.tolist()]
    return Borders(paths[0][:, 0], np.array([p[:, 1] for p in paths]))


def _place(
    data: OccupancyFigure, borders: Borders, ticks: Sequence[int], width: float, note: str
) -> tuple[TimePlot, Frame, list[AreaLabel]]:
    """Names inside their areas; each that finds no room goes beside the plot, which makes the plot narrower."""
    outside: set[int] = set()
    while True:
        names = [(i, s.label if any(s.probability) else f"{s.label} (nobody)") for i, s in enumerate(data.states)]
        right, least = room_beside([label for i, label in names if i in outside], width)
        plot = TimePlot(
            x_label=data.x_label,
            y_label=data.y_label,
            x_unit=data.x_unit,
            last_day=data.last_day,
            title=data.title,
            warning=data.warning,
            rows=(CountRow("", data.under_observation),),
            header=HEADER,
            notes=tuple(n for n in (*data.annotation, note) if n),
            right=right,
            least_height=least,
        )
        frame = lay_out_plot(plot, ticks, width)
        size = (frame.plot_width, frame.plot_height)
        found = {i: inside(label, i, borders, size, frame.axis_end) for i, label in names if i not in outside}
        missing = {i for i, label in found.items() if label is None}
        if not missing:
            aside = beside([n for n in names if n[0] in outside], borders, size, width)
            return plot, frame, [*(label for label in found.values() if label is not None), *aside]
        outside |= missing


def _draw_area(ax: Axes, borders: Borders, i: int) -> None:
    """One state in its tint and pattern, with a line above it."""
    fill = FILLS[i]
    low, high = borders.heights[i], borders.heights[i + 1]
    ax.fill_between(
        borders.x, low, high, facecolor=fill.face, edgecolor=fill.ink, hatch=fill.hatch or None, linewidth=0, zorder=1
    )
    ax.plot(borders.x, high, color=INK, linewidth=0.5, clip_on=False, zorder=2)


def _draw_label(page: Page, frame: Frame, label: AreaLabel) -> None:
    """A name on a plain ground, or beside the plot behind a sample of its area."""
    fill = FILLS[label.state]
    x, y = frame.left + label.x, frame.top + label.y
    if label.has_swatch:
        _draw_swatch(page, x, y, fill)
        x += SWATCH + SWATCH_GAP
    elif fill.hatch:
        page.box(x - 1, y, label.width + 2, label.height, edge="none", fill=fill.face, z=1)
    page.lines(x, y, label.lines)


def _draw_swatch(page: Page, x: float, y: float, fill: Fill) -> None:
    """A sample of an area beside the first line of its name."""
    size = (SWATCH, SMALL)
    for patch in filled((x, y + 0.5), size, page.points, face=fill.face, hatch=fill.hatch, ink=fill.ink, z=1):
        page.figure.add_artist(patch)
