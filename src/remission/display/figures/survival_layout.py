"""How a survival figure is laid out: every part measured, the legend where no curve runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.ticks import tick_label
from remission.display.figures.legend import Entry, compose, find_place, in_columns, occupied, shade, size_of
from remission.display.figures.lettering import text_width, wrap
from remission.display.figures.risk_table import EDGE, RiskTable, lay_out
from remission.display.figures.steps import band_steps, curve_steps
from remission.display.figures.style import LEADING, NORMAL, SMALL
from remission.display.figures.survival_data import SurvivalFigure

AXIS_ROOM = 36.0  # left of the plot: label, numbers, ticks of the y axis
BELOW_AXIS = 18.0  # below the plot: ticks and their labels, and a gap after the label of the x axis
PAD = 4.0
SHARES = (0.75, 0.55, 0.42)  # of the plot's width that a legend inside it may take
END_ROOM = 1.01  # the axis ends a little after the last follow-up


@dataclass(frozen=True)
class Frame:
    """Where the parts of the figure are, in points from its top left corner."""

    width: float
    title: tuple[str, ...]
    warning: tuple[str, ...]
    legend: tuple[tuple[Entry, ...], ...]  # above the plot, by column; empty where it is inside
    legend_top: float
    inside: tuple[Entry, ...]
    inside_at: tuple[float, float]
    left: float
    top: float
    plot_width: float
    plot_height: float
    table: RiskTable | None
    note: tuple[str, ...]
    axis_end: float
    x_label: tuple[str, ...]
    y_label: tuple[str, ...]

    @property
    def table_top(self) -> float:
        return self.top + self.plot_height + BELOW_AXIS + len(self.x_label) * NORMAL * LEADING

    @property
    def height(self) -> float:
        below = self.table_top + ((self.table.height + PAD) if self.table else 0.0)
        return below + len(self.note) * SMALL * LEADING + PAD


def lay_out_survival(data: SurvivalFigure, ticks: Sequence[int], width: float, note: str) -> Frame:
    """Measure every part, so that each has its place before anything is drawn.

    Args: data: in letters that can be drawn.  ticks: days.  width: of the figure in points.  note: last line.
    """
    axis_end = max(ticks[-1], data.last_day, 1) * END_ROOM
    plot_height = float(np.clip(0.46 * width, 135.0, 215.0))
    y_label = wrap(data.y_label, plot_height, NORMAL)
    left, right, table = _margins(data, ticks, width, axis_end, len(y_label))
    full = width - 2 * EDGE
    title = wrap(data.title, full, NORMAL, True)
    warning = wrap(data.warning, full - 2 * PAD, SMALL, True)
    top = PAD + len(title) * NORMAL * LEADING + (PAD if title else 0)
    top += (len(warning) * SMALL * LEADING + 3 * PAD) if warning else 0
    inside, at = _find_room(data, width - left - right, plot_height, axis_end)
    above = () if inside else in_columns(_entries(data, full), full)
    legend_top = top
    top += max((size_of(column)[1] + PAD for column in above), default=0.0)
    top += SMALL * LEADING if data.origin_days else 0
    return Frame(
        width=width,
        title=title,
        warning=warning,
        legend=above,
        legend_top=legend_top,
        inside=inside,
        inside_at=at,
        left=left,
        top=top + PAD,
        plot_width=width - left - right,
        plot_height=plot_height,
        table=table,
        note=wrap(note, full),
        axis_end=axis_end,
        x_label=wrap(data.x_label, full, NORMAL),
        y_label=y_label,
    )


def _margins(
    data: SurvivalFigure, ticks: Sequence[int], width: float, axis_end: float, y_lines: int
) -> tuple[float, float, RiskTable | None]:
    """Room left and right of the plot, and the layout of the numbers at risk that needs it."""
    axis_room = AXIS_ROOM + (y_lines - 1) * NORMAL * LEADING
    last_label = text_width(tick_label(ticks[-1], data.x_unit)) / 2
    beyond = 1 - ticks[-1] / axis_end  # share of the axis after the last tick

    def right_of(left: float, needed: float) -> float:
        """The margin with which `needed` points fit between the last tick and the border of the figure."""
        least = EDGE + 1
        return max((needed + EDGE - beyond * (width - left)) / (1 - beyond), least) if beyond < 1 else least

    left, right = axis_room, right_of(axis_room, last_label)
    if not data.has_table:
        return left, right, None
    labels = [g.label for g in data.groups]
    for _ in range(2):  # the labels decide the distance of ticks, and that decides the layout of the numbers
        ticks_at = [t / axis_end * (width - left - right) for t in ticks]
        table = lay_out(data.groups, labels, width, ticks_at)
        left = max(axis_room, EDGE + table.left)
        right = right_of(left, max(last_label, table.right))
    return left, right, table


def _entries(data: SurvivalFigure, max_width: float) -> tuple[Entry, ...]:
    """The legend, and the lines of annotation below it."""
    samples = len(data.groups) > 1
    labels = [g.label for g in data.groups]
    return compose(labels, [g.note for g in data.groups], data.annotation, max_width, samples=samples)


def _find_room(
    data: SurvivalFigure, width: float, height: float, axis_end: float
) -> tuple[tuple[Entry, ...], tuple[float, float]]:
    """The legend as it fits beside the curves and its place in the plot; no entries where it hides a curve anywhere."""

    def on_plot(path: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack((path[:, 0] / axis_end * width, (1 - path[:, 1]) * height))

    curves = [on_plot(curve_steps(g, data.origin_days)) for g in data.groups]
    if data.origin_days:
        x = data.origin_days / axis_end * width
        curves.append(np.array([[x, 0.0], [x, height]]))
    used = occupied(width, height, curves)
    bands = [b for g in data.groups if (b := band_steps(g, data.origin_days)) is not None]
    if not data.has_bands:
        bands = []
    shaded = shade(used.shape, [(on_plot(low), on_plot(high)) for low, high in bands])
    found = []
    for share in SHARES:
        entries = _entries(data, width * share)
        place = find_place(size_of(entries), used, shaded) if entries else None
        if place is not None:
            found.append((place.cost, (place.x, place.y), entries))
    if not found:
        return (), (0.0, 0.0)
    _, at, entries = min(found, key=lambda f: f[0])
    return entries, at
