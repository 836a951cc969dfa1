"""How a plot over time is laid out: every part measured, the legend where no curve runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remission.core.ticks import tick_label
from remission.display.figures.legend import Entry, Key, compose, find_place, in_columns, occupied, shade, size_of
from remission.display.figures.lettering import text_width, wrap
from remission.display.figures.risk_table import EDGE, CountRow, RiskTable, lay_out
from remission.display.figures.steps import Path
from remission.display.figures.style import LEADING, NORMAL, SMALL

AXIS_ROOM = 36.0  # left of the plot: label, numbers, ticks of the y axis
BELOW_AXIS = 18.0  # below the plot: ticks and their labels, and a gap after the label of the x axis
PAD = 4.0
SHARES = (0.75, 0.55, 0.42)  # of the plot's width that a legend inside it may take
END_ROOM = 1.01  # the axis ends a little after the last follow-up


@dataclass(frozen=True)
class TimePlot:
    """What all plots over time have in common, in letters that can be drawn.

    Args: last_day: the longest follow-up.  curves, bands: step paths of (day, height), the height as a share of the
    plot from its bottom; the legend keeps away from them.  rows: the numbers below, headed by `header`.
    notes: grey lines at the end.  right: points kept free beside the plot.
    least_height: of the plot, where something beside it needs more than usual.
    """

    x_label: str
    y_label: str
    x_unit: str
    last_day: int
    title: str = ""
    subtitle: str = ""
    warning: str = ""
    origin_days: int = 0
    origin_label: str = ""
    keys: tuple[Key, ...] = ()
    annotation: tuple[str, ...] = ()
    curves: tuple[Path, ...] = ()
    bands: tuple[tuple[Path, Path], ...] = ()
    rows: tuple[CountRow, ...] = ()
    header: str = ""
    notes: tuple[str, ...] = ()
    right: float = 0.0
    least_height: float = 0.0

    @property
    def has_table(self) -> bool:
        return any(r.at_risk for r in self.rows)


@dataclass(frozen=True)
class Frame:
    """Where the parts of the figure are, in points from its top left corner."""

    width: float
    title: tuple[str, ...]
    subtitle: tuple[str, ...]
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
    notes: tuple[str, ...]
    axis_end: float
    x_label: tuple[str, ...]
    y_label: tuple[str, ...]

    @property
    def table_top(self) -> float:
        return self.top + self.plot_height + BELOW_AXIS + len(self.x_label) * NORMAL * LEADING

    @property
    def height(self) -> float:
        below = self.table_top + ((self.table.height + PAD) if self.table else 0.0)
        return below + len(self.notes) * SMALL * LEADING + PAD


def plot_height(width: float) -> float:
    """Of a plot in a figure of that width, in points."""
    return float(np.clip(0.46 * width, 135.0, 215.0))


def lay_out_plot(plot: TimePlot, ticks: Sequence[int], width: float) -> Frame:
    """Measure every part, so that each has its place before anything is drawn.

    Args: ticks: days.  width: of the figure in points.
    """
    axis_end = max(ticks[-1], plot.last_day, 1) * END_ROOM
    high = max(plot_height(width), plot.least_height)
    y_label = wrap(plot.y_label, high, NORMAL)
    left, right, table = _margins(plot, ticks, width, axis_end, len(y_label))
    full = width - 2 * EDGE
    title = wrap(plot.title, full, NORMAL, True)
    subtitle = wrap(plot.subtitle, full)
    warning = wrap(plot.warning, full - 2 * PAD, SMALL, True)
    top = PAD + len(title) * NORMAL * LEADING + len(subtitle) * SMALL * LEADING + (PAD if title or subtitle else 0)
    top += (len(warning) * SMALL * LEADING + 3 * PAD) if warning else 0
    inside, at = _find_room(plot, width - left - right, high, axis_end)
    above = () if inside else in_columns(compose(plot.keys, plot.annotation, full), full)
    legend_top = top
    top += max((size_of(column)[1] + PAD for column in above), default=0.0)
    top += SMALL * LEADING if plot.origin_days else 0
    return Frame(
        width=width,
        title=title,
        subtitle=subtitle,
        warning=warning,
        legend=above,
        legend_top=legend_top,
        inside=inside,
        inside_at=at,
        left=left,
        top=top + PAD,
        plot_width=width - left - right,
        plot_height=high,
        table=table,
        notes=tuple(line for note in plot.notes for line in wrap(note, full)),
        axis_end=axis_end,
        x_label=wrap(plot.x_label, full, NORMAL),
        y_label=y_label,
    )


def _margins(
    plot: TimePlot, ticks: Sequence[int], width: float, axis_end: float, y_lines: int
) -> tuple[float, float, RiskTable | None]:
    """Room left and right of the plot, and the layout of the numbers at risk that needs it."""
    axis_room = AXIS_ROOM + (y_lines - 1) * NORMAL * LEADING
    last_label = text_width(tick_label(ticks[-1], plot.x_unit)) / 2
    beyond = 1 - ticks[-1] / axis_end  # share of the axis after the last tick

    def right_of(left: float, needed: float) -> float:
        """The margin with which `needed` points fit between the last tick and the border of the figure."""
        least = max(EDGE + 1, plot.right)
        return max((needed + EDGE - beyond * (width - left)) / (1 - beyond), least) if beyond < 1 else least

    left, right = axis_room, right_of(axis_room, last_label)
    if not plot.has_table:
        return left, right, None
    for _ in range(2):  # the labels decide the distance of ticks, and that decides the layout of the numbers
        ticks_at = [t / axis_end * (width - left - right) for t in ticks]
        table = lay_out(plot.rows, width, ticks_at, header=plot.header)
        left = max(axis_room, EDGE + table.left)
        right = right_of(left, max(last_label, table.right))
    return left, right, table


def _find_room(
    plot: TimePlot, width: float, height: float, axis_end: float
) -> tuple[tuple[Entry, ...], tuple[float, float]]:
    """The legend as it fits beside the curves and its place in the plot; no entries where it hides a curve anywhere."""

    def on_plot(path: Path) -> Path:
        return np.column_stack((path[:, 0] / axis_end * width, (1 - path[:, 1]) * height))

    curves = [on_plot(path) for path in plot.curves]
    if plot.origin_days:
        x = plot.origin_days / axis_end * width
        curves.append(np.array([[x, 0.0], [x, height]]))
    used = occupied(width, height, curves)
    shaded = shade(used.shape, [(on_plot(low), on_plot(high)) for low, high in plot.bands])
    found = []
    for share in SHARES:
        entries = compose(plot.keys, plot.annotation, width * share)
        place = find_place(size_of(entries), used, shaded) if entries else None
        if place is not None:
            found.append((place.cost, (place.x, place.y), entries))
    if not found:
        return (), (0.0, 0.0)
    _, at, entries = min(found, key=lambda f: f[0])
    return entries, at
