"""Plots of proportional hazards: curves as log(-log S), and scaled Schoenfeld residuals over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.display.figures.diagnostics_data import DiagnosticsFigure, LogLogPlot, ResidualPlot
from remission.display.figures.diagnostics_panels import Panel, log_log_panel, residual_panel
from remission.display.figures.legend import Entry, compose, find_place, occupied, shade, size_of
from remission.display.figures.lettering import drawable, drawable_labels, drawable_or, undrawable_note, wrap
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import AXIS_ROOM, PAD, SHARES
from remission.display.figures.plot_parts import draw_entries, draw_head, draw_path, draw_y_label, labels_that_fit
from remission.display.figures.risk_table import EDGE
from remission.display.figures.steps import Path
from remission.display.figures.style import (
    DOUBLE_CM,
    GREY,
    LEADING,
    LOOKS,
    NORMAL,
    SMALL,
    house_style,
)

P = TypeVar("P", LogLogPlot, ResidualPlot)

SIDE_BY_SIDE = 330.0  # points of width from which two plots stand beside each other
BETWEEN = 16.0
PER_LINE = 12.0  # the cost of a line of legend: where there is room for long lines, they are not broken
BELOW_AXIS = 14.0
RIGHT = 8.0  # for half a label of the last mark


@dataclass(frozen=True)
class Placed:
    """A plot with its measures: head is the room of title and legend above the axes."""

    panel: Panel
    title: tuple[str, ...]
    above: tuple[Entry, ...]
    inside: tuple[Entry, ...]
    inside_at: tuple[float, float]
    x_label: tuple[str, ...]
    y_label: tuple[str, ...]
    left: float
    size: tuple[float, float]

    @property
    def head(self) -> float:
        return len(self.title) * NORMAL * LEADING + (size_of(self.above)[1] if self.above else 0.0) + PAD

    @property
    def foot(self) -> float:
        return BELOW_AXIS + len(self.x_label) * NORMAL * LEADING + PAD


def draw_diagnostics(data: DiagnosticsFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw the plots two in a row, or below each other in one column of a page.

    Args: data: curves and residuals, all from result rows.  width_cm: 8.5 for one column, 17.5 for the page.
    Returns: a figure of that width, as high as its content needs.
    """
    with house_style():
        data, note = _letter(data)
        width = page_width(width_cm)
        panels = [log_log_panel(data.log_log)] if data.log_log is not None else []
        panels += [residual_panel(r) for r in data.residuals]
        across = 2 if width >= SIDE_BY_SIDE else 1
        room = (width - (across - 1) * BETWEEN) / across
        placed = [_place(panel, room) for panel in panels]
        rows = [placed[k : k + across] for k in range(0, len(placed), across)]
        title = wrap(data.title, width - 2 * EDGE, NORMAL, True)
        warning = wrap(data.warning, width - 2 * EDGE - 2 * PAD, SMALL, True)
        top = PAD + len(title) * NORMAL * LEADING + (PAD if title else 0)
        top += len(warning) * SMALL * LEADING + 3 * PAD if warning else 0
        heights = [max(p.head for p in r) + r[0].size[1] + max(p.foot for p in r) + PAD for r in rows]
        last = wrap(note, width - 2 * EDGE)
        page = Page(width, top + sum(heights) + len(last) * SMALL * LEADING + EDGE)
        draw_head(page, title, warning)
        for row, height in zip(rows, heights, strict=True):
            axis_top = top + max(p.head for p in row)
            for k, one in enumerate(row):
                _draw(page, one, k * (room + BETWEEN), room, axis_top)
            top += height
        page.lines(EDGE, top, last, colour=GREY)
        return page.figure


def _letter(data: DiagnosticsFigure) -> tuple[DiagnosticsFigure, str]:
    """The same figure in letters that can be drawn, and a note where some cannot."""
    texts = [data.title, data.warning]
    log_log = data.log_log
    if log_log is not None:
        texts += [log_log.title, log_log.x_label, log_log.y_label, *log_log.annotation]
        texts += [g.label for g in log_log.groups]
        names = drawable_labels([g.label for g in log_log.groups], "Group")
        log_log = replace(
            _lettered(log_log),
            groups=tuple(replace(g, label=name) for g, name in zip(log_log.groups, names, strict=True)),
            annotation=tuple(drawable(a) for a in log_log.annotation),
        )
    for r in data.residuals:
        texts += [r.title, r.x_label, r.y_label, r.note]
    lettered = replace(
        data,
        title=drawable_or(data.title, ""),
        warning=drawable_or(data.warning, "This model is doubtful"),
        log_log=log_log,
        residuals=tuple(replace(_lettered(r), note=drawable(r.note)) for r in data.residuals),
    )
    return lettered, undrawable_note(texts)


def _lettered(plot: P) -> P:
    """Title and labels of the axes."""
    x_label, y_label = drawable_or(plot.x_label, "Time"), drawable_or(plot.y_label, "Value")
    return replace(plot, title=drawable(plot.title), x_label=x_label, y_label=y_label)


def _place(panel: Panel, room: float) -> Placed:
    """Measure one plot; its legend stands where no curve runs, else above."""
    height = float(np.clip(0.62 * room, 110.0, 160.0))
    y_label = wrap(panel.y_label, height, NORMAL)
    left = AXIS_ROOM + (len(y_label) - 1) * NORMAL * LEADING
    size = (room - left - RIGHT, height)

    def on_plot(path: Path) -> Path:
        (x0, x1), (y0, y1) = panel.x_limits, panel.y_limits
        return np.column_stack(((path[:, 0] - x0) / (x1 - x0) * size[0], (1 - (path[:, 1] - y0) / (y1 - y0)) * size[1]))

    paths = [on_plot(path) for path, _ in panel.curves if len(path)]
    paths += [np.array([dot, dot]) for dot in on_plot(panel.dots)]
    bands = [panel.band] if panel.band is not None else []
    used = occupied(*size, [_fine(path) for path in paths])
    shaded = shade(used.shape, [(_as_steps(on_plot(low)), _as_steps(on_plot(high))) for low, high in bands])
    inside: tuple[Entry, ...] = ()
    at = (0.0, 0.0)
    least = np.inf
    for share in SHARES:
        entries = compose(panel.keys, panel.annotation, size[0] * share)
        place = find_place(size_of(entries), used, shaded) if entries else None
        cost = place.cost + PER_LINE * sum(len(e.lines) for e in entries) if place else np.inf
        if place and cost < least:
            inside, at, least = entries, (place.x, place.y), cost
    above = () if inside else compose(panel.keys, panel.annotation, room - left - EDGE)
    title = wrap(panel.title, room - left, NORMAL, True)
    x_label = wrap(panel.x_label, room - left, NORMAL)
    return Placed(panel, title, above, inside, at, x_label, y_label, left, size)


def _fine(path: Path) -> Path:
    """A path with points close enough that slanting lines claim no more room than they take."""
    pieces = [path[:1]]
    for a, b in pairwise(path):
        count = int(np.ceil(np.abs(b - a).max() / 2)) if (a != b).all() else 1
        pieces.append(a + (b - a) * (np.arange(1, count + 1) / max(count, 1))[:, None])
    return np.concatenate(pieces)


def _as_steps(path: Path) -> Path:
    """A slanting path as steps, near enough to search the room beside it."""
    steps = np.repeat(path, 2, axis=0)
    return np.column_stack((steps[1:-1, 0], steps[:-2, 1]))


def _draw(page: Page, placed: Placed, x: float, room: float, top: float) -> None:
    """One plot whose part of the page begins at `x`, its axes at `top`."""
    panel = placed.panel
    left = x + placed.left
    y = page.lines(left, top - placed.head, placed.title, size=NORMAL, bold=True)
    draw_entries(page, placed.above, left, y)
    ax = page.axes(left, top, *placed.size)
    ax.set_xlim(*panel.x_limits)
    ax.set_ylim(*panel.y_limits)
    (low, high) = panel.x_limits
    at = [(v - low) / (high - low) * placed.size[0] for v, _ in panel.x_marks]
    ax.set_xticks([v for v, _ in panel.x_marks], labels_that_fit(at, [label for _, label in panel.x_marks]))
    ax.set_yticks([v for v, _ in panel.y_marks], [label for _, label in panel.y_marks])
    draw_y_label(page, placed.y_label, left, top + placed.size[1] / 2)
    middle = x + placed.left + (room - placed.left) / 2
    page.lines(middle, top + placed.size[1] + BELOW_AXIS, placed.x_label, size=NORMAL, ha="center")
    _draw_content(ax, panel)
    draw_entries(page, placed.inside, left + placed.inside_at[0], top + placed.inside_at[1])


def _draw_content(ax: Axes, panel: Panel) -> None:
    """Band, rings and curves."""
    if panel.band is not None:
        low, high = panel.band
        ax.fill_between(low[:, 0], low[:, 1], high[:, 1], color=LOOKS[0].colour, alpha=0.16, linewidth=0, zorder=1)
    ax.plot(
        panel.dots[:, 0],
        panel.dots[:, 1],
        linestyle="none",
        marker="o",
        markersize=2.6,
        markeredgewidth=0.6,
        markerfacecolor="none",
        color=GREY,
        clip_on=False,
        zorder=2,
    )
    for path, look in panel.curves:
        draw_path(ax, path, look)
        if len(path) and (path == path[0]).all():  # of a single point no line would be seen
            ax.plot(*path[0], marker="o", markersize=3, color=look.colour, clip_on=False, zorder=3)
