"""Paired measurements and changes as points with boxes, in a grid of panels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from remission.display.figures.lettered import lettered
from remission.display.figures.page import page_width
from remission.display.figures.panel_grid import NumberRow, PanelPlace, PanelPlan, draw_frame, plan_grid
from remission.display.figures.panels_data import BoxSummary, DeltaPanel, PairedPanel, PanelsFigure
from remission.display.figures.style import DOUBLE_CM, GREY, INK, LOOKS, house_style
from remission.display.figures.surround import plan_surround
from remission.display.figures.swarm import swarm
from remission.display.figures.value_axis import ValueAxis, linear_axis, log_axis

POINT = 2.6  # points
BOX = 0.42  # of the width of a column
SWARM = 0.36
MANY = 60  # patients; lines of more are fainter, and the box lies over their points
FLOOR_AIR = 0.75  # of the floor on a logarithmic axis, so that the points on it are whole


def draw_panels(data: PanelsFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw each panel: points, lines between the visits of a patient, boxes, tests above, numbers below.

    Args: data: values and words from the study's tables.  width_cm: 8.5 for one column, 17.5 for a page.
    Returns: a figure of that width; panels stand side by side as far as their words allow.
    """
    with house_style():
        data, note = lettered(data)
        width = page_width(width_cm)
        around = plan_surround(width, title=data.title, warning=data.warning, notes=(*data.annotation, note))
        places, end = plan_grid([_plan(p) for p in data.panels], width, around.top)
        page = around.page(end)
        for panel, place in zip(data.panels, places, strict=True):
            ax = draw_frame(page, place)
            if isinstance(panel, PairedPanel):
                _draw_paired(ax, panel, place)
            else:
                _draw_changes(ax, panel, place)
        return page.figure


def _plan(panel: PairedPanel | DeltaPanel) -> PanelPlan:
    """What the grid needs to know of a panel."""
    rows: tuple[NumberRow, ...] = (NumberRow("n", panel.counts),) if panel.counts else ()
    if isinstance(panel, PairedPanel):
        if panel.below:
            rows += (NumberRow(panel.below_title, panel.below),)
        is_empty = not panel.values
        return PanelPlan(panel.title, panel.unit, panel.visits, _axis(panel), rows, panel.tests, is_empty)
    changes = [v for row in panel.changes for v in row]
    axis = linear_axis([*changes, *_ends(panel.boxes)], has_zero=True)
    return PanelPlan(panel.title, panel.unit, panel.groups, axis, rows, panel.tests, not changes)


def _ends(boxes: Sequence[BoxSummary | None]) -> list[float]:
    return [v for b in boxes if b for v in (b.low, b.high)]


def _axis(panel: PairedPanel) -> ValueAxis:
    values = [*panel.values, *_ends(panel.boxes)]
    if panel.floor is None:
        return log_axis(values) if panel.is_log else linear_axis(values)
    floor = panel.floor
    values = [max(v, floor) for v in values] + [floor]
    return log_axis([*values, floor * FLOOR_AIR]) if panel.is_log else linear_axis(values)


def _draw_paired(ax: Axes, panel: PairedPanel, place: PanelPlace) -> None:
    """Lines and points of each patient over the boxes of the visits; open points on the floor."""
    floor = -inf if panel.floor is None else panel.floor
    columns = [_spread([row[k] for row in panel.subjects], k, floor, place) for k in range(len(panel.visits))]
    pieces = [
        (a, b)
        for here, there in pairwise(columns)
        for a, b in zip(here, there, strict=True)
        if a is not None and b is not None
    ]
    alpha = 0.5 if len(panel.subjects) <= MANY else 0.18
    ax.add_collection(LineCollection(pieces, colors=GREY, linewidths=0.5, alpha=alpha, zorder=2))
    if panel.floor is not None:
        ax.axhline(floor, color=INK, linewidth=0.7, dashes=(3, 2), zorder=1)
    for k, box in enumerate(panel.boxes):
        _draw_box(ax, box, k, floor, is_over=len(panel.subjects) > MANY)
    for points in columns:
        _draw_points(ax, [p for p in points if p and p[1] > floor], LOOKS[0].colour)
        _draw_points(ax, [p for p in points if p and p[1] <= floor], "white")


def _spread(
    values: Sequence[float | None], column: int, floor: float, place: PanelPlace
) -> list[tuple[float, float] | None]:
    """Where the points of a column stand, in the units of the plot; None where a value is missing."""
    step, axis = place.plot_width / len(place.plan.columns), place.plan.axis
    seen = [max(v, floor) for v in values if v is not None]
    aside = iter(swarm([axis.share(v) * place.plot_height for v in seen], POINT * 1.05, SWARM * step))
    return [None if v is None else (column + next(aside) / step, max(v, floor)) for v in values]


def _draw_changes(ax: Axes, panel: DeltaPanel, place: PanelPlace) -> None:
    """Points of each group beside each other over its box, and a line at 0."""
    ax.axhline(0, color=INK, linewidth=0.6, dashes=(3, 2), zorder=1)
    for k, box in enumerate(panel.boxes):
        _draw_box(ax, box, k, -inf, is_over=len(panel.changes[k]) > MANY)
    for k, row in enumerate(panel.changes):
        _draw_points(ax, [p for p in _spread(row, k, -inf, place) if p], LOOKS[0].colour)


def _draw_points(ax: Axes, points: Sequence[tuple[float, float]], fill: str) -> None:
    ax.plot(
        [x for x, _ in points],
        [y for _, y in points],
        linestyle="none",
        marker="o",
        markersize=POINT,
        markerfacecolor=fill,
        markeredgecolor=LOOKS[0].text,
        markeredgewidth=0.5,
        clip_on=False,
        zorder=3,
    )


def _draw_box(ax: Axes, box: BoxSummary | None, column: int, floor: float, *, is_over: bool) -> None:
    """Quartiles as a frame, the median as a thick line, whiskers; what lies below the floor ends on it.

    is_over: drawn over the points, which would hide it.
    """
    if box is None:
        return
    low, q1, median, q3, high = (max(v, floor) for v in (box.low, box.q1, box.median, box.q3, box.high))
    half, z = BOX / 2, 3.5 if is_over else 1.4
    frame = Rectangle(
        (column - half, q1),
        BOX,
        q3 - q1,
        facecolor="none" if is_over else "#EEF2F6",
        edgecolor=INK,
        linewidth=0.7,
        zorder=z + 0.1,
        clip_on=False,
    )
    ax.add_patch(frame)
    for a, b in ((low, q1), (q3, high)):
        ax.plot((column, column), (a, b), color=INK, linewidth=0.7, zorder=z)
    for end in (low, high):
        ax.plot((column - half / 2, column + half / 2), (end, end), color=INK, linewidth=0.7, zorder=z)
    ax.plot((column - half, column + half), (median, median), color=INK, linewidth=1.8, solid_capstyle="butt", zorder=4)
