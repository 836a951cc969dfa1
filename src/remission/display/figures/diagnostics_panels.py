"""What stands in each plot of proportional hazards: limits, marks, paths and words, before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, log10

import numpy as np
from matplotlib.ticker import MaxNLocator

from remission.core.days import days_from
from remission.core.ticks import nice_ticks, tick_label
from remission.display.figures.diagnostics_data import LogLogGroup, LogLogPlot, ResidualPlot
from remission.display.figures.legend import Key
from remission.display.figures.steps import Path, step_path
from remission.display.figures.style import GREY, INK, LOOKS, Look

AMOUNTS = ("0.1", "0.25", "0.5", "1", "2", "3", "6", "12", "24", "36", "60", "120", "240")
SPARE = 0.05  # of an axis beyond the outermost point
NOTHING = "No events to show"
SMOOTH = LOOKS[0]
COEFFICIENT = Look(LOOKS[1].colour, LOOKS[1].text, LOOKS[1].dashes)
ZERO = Look(GREY, INK, (1.3, 1.1))
Limits = tuple[float, float]
Marks = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Panel:
    """One small plot. Paths are (m, 2) points in the units of its axes; dots are shown as rings."""

    title: str
    x_label: str
    y_label: str
    x_limits: Limits
    y_limits: Limits
    x_marks: Marks
    y_marks: Marks
    curves: tuple[tuple[Path, Look], ...]
    dots: Path
    band: tuple[Path, Path] | None
    keys: tuple[Key, ...]
    annotation: tuple[str, ...]


def log_log_panel(plot: LogLogPlot) -> Panel:
    """Steps of log(-log S) over the log of time."""
    paths = [_log_log_steps(g) for g in plot.groups]
    points = np.concatenate([np.empty((0, 2)), *paths])
    several = len(plot.groups) > 1
    x_limits = _limits(points[:, 0]) if len(points) else (0.0, log10(365))
    y_limits = _limits(points[:, 1]) if len(points) else (-4.0, 1.0)
    days = [(days_from(amount, plot.x_unit), amount) for amount in AMOUNTS]
    return Panel(
        title=plot.title,
        x_label=plot.x_label,
        y_label=plot.y_label,
        x_limits=x_limits,
        y_limits=y_limits,
        x_marks=tuple((log10(d), a) for d, a in days if d > 0 and x_limits[0] <= log10(d) <= x_limits[1]),
        y_marks=_value_marks(y_limits),
        curves=tuple((p, LOOKS[i]) for i, p in enumerate(paths)),
        dots=np.empty((0, 2)),
        band=None,
        keys=tuple(Key(g.label, "", LOOKS[i] if several else None) for i, g in enumerate(plot.groups)),
        annotation=plot.annotation if len(points) else (*plot.annotation, NOTHING),
    )


def _log_log_steps(group: LogLogGroup) -> Path:
    """Corners of the curve where it can be shown: after day 0, survival neither 1 nor 0."""
    pairs = zip(group.days, group.survival, strict=True)
    shown = [(log10(d), log(-log(s))) for d, s in pairs if d > 0 and 0 < s < 1]
    if not shown:
        return np.empty((0, 2))
    x, y = [a for a, _ in shown], [b for _, b in shown]
    return step_path(x, y, start=y[0], first=x[0], end=x[-1])


def residual_panel(plot: ResidualPlot) -> Panel:
    """Residuals as rings, the smooth curve with its interval, the coefficient of the model, and a line at no effect."""
    dots = np.column_stack((plot.at, plot.residuals)).reshape(-1, 2)
    smooth = np.column_stack((plot.smooth_at, plot.smooth)).reshape(-1, 2)
    x_limits = _limits([*plot.at, *plot.smooth_at]) if plot.at else (0.0, 1.0)
    level = [plot.coefficient] if plot.coefficient is not None else []
    y_limits = _limits([0.0, *level, *plot.residuals, *plot.smooth])
    curves = [(_flat(0.0, x_limits), ZERO)]
    keys = []
    if plot.coefficient is not None:
        curves.append((_flat(plot.coefficient, x_limits), COEFFICIENT))
        keys.append(Key("proportional hazards", "", COEFFICIENT))
    if len(smooth):
        curves.append((smooth, SMOOTH))
        keys.append(Key("smooth of the residuals", "", SMOOTH))
    return Panel(
        title=plot.title,
        x_label=plot.x_label,
        y_label=plot.y_label,
        x_limits=x_limits,
        y_limits=y_limits,
        x_marks=_time_marks(plot),
        y_marks=_value_marks(y_limits),
        curves=tuple(curves),
        dots=dots,
        band=_band(plot, y_limits),
        keys=tuple(keys),
        annotation=tuple(a for a in (plot.note, "" if plot.at else NOTHING) if a),
    )


def _band(plot: ResidualPlot, limits: Limits) -> tuple[Path, Path] | None:
    """The interval of the smooth curve, no further than the axis."""
    if not plot.smooth_low:
        return None
    low, high = (
        np.column_stack((plot.smooth_at, np.clip(end, *limits))) for end in (plot.smooth_low, plot.smooth_high)
    )
    return low, high


def _flat(value: float, limits: Limits) -> Path:
    return np.array([[limits[0], value], [limits[1], value]])


def _limits(values: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> Limits:
    """Ends of an axis with some air; never a single point."""
    low, high = float(np.min(values)), float(np.max(values))
    spare = SPARE * (high - low) or 0.5
    return low - spare, high + spare


def _value_marks(limits: Limits) -> Marks:
    """About five round values."""
    values = MaxNLocator(nbins=5, steps=[1, 2, 5, 10]).tick_values(*limits)
    return tuple((float(v), f"{v:.6g}".replace("-", "−")) for v in values if limits[0] <= v <= limits[1])


def _time_marks(plot: ResidualPlot) -> Marks:
    """Round months where they stand on the transformed axis; of few events the first and the last."""
    if not plot.days:
        return ()
    days = [d for d in nice_ticks(plot.days[-1], plot.x_unit) if plot.days[0] <= d <= plot.days[-1]]
    if len(days) < 2:
        days = sorted({plot.days[0], plot.days[-1]})
    return tuple((float(np.interp(d, plot.days, plot.at)), tick_label(d, plot.x_unit)) for d in days)
