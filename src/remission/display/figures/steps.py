"""Curves as step paths that end with the follow-up of their group."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from remission.display.figures.survival_data import SurvivalGroup

Path = npt.NDArray[np.float64]


def _steps(days: npt.NDArray[np.float64], values: npt.NDArray[np.float64], start: float, end: float) -> Path:
    """Corner points of a curve that is 1 at `start`, takes `values` from `days` on, and stops at `end`."""
    if end < start:
        return np.empty((0, 2))
    shown = (days <= end) & (days >= start)
    x = np.concatenate(([start], days[shown], [end]))
    level = np.concatenate(([1.0], values[shown]))
    corners = np.empty((2 * len(level), 2))
    corners[0::2, 0], corners[1::2, 0] = x[:-1], x[1:]
    corners[0::2, 1] = corners[1::2, 1] = level
    return corners


def curve_steps(group: SurvivalGroup, origin_days: int = 0) -> Path:
    """(m, 2) corner points (day, survival) of the curve, from the origin to the last day of follow-up."""
    days = np.asarray(group.days, dtype=float)
    return _steps(days, np.asarray(group.survival, dtype=float), float(origin_days), float(group.last_day))


def band_steps(group: SurvivalGroup, origin_days: int = 0) -> tuple[Path, Path] | None:
    """Corner points of the lower and upper limits; NaN where undefined; None where the group has no interval."""
    if not group.low:
        return None
    days = np.asarray(group.days, dtype=float)
    start, end = float(origin_days), float(group.last_day)
    low = _steps(days, np.asarray(group.low, dtype=float), start, end)
    high = _steps(days, np.asarray(group.high, dtype=float), start, end)
    return low, high


def censor_marks(group: SurvivalGroup, origin_days: int = 0) -> Path:
    """(k, 2) points (day, survival) of censorings within the follow-up."""
    marks = np.column_stack(
        (np.asarray(group.censor_days, dtype=float), np.asarray(group.censor_survival, dtype=float))
    )
    return marks[(marks[:, 0] >= origin_days) & (marks[:, 0] <= group.last_day)]
