"""Curves as step paths that end with the follow-up of their group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from remission.display.figures.survival_data import SurvivalGroup

Path = npt.NDArray[np.float64]


def step_path(days: Sequence[float], values: Sequence[float | None], *, start: float, first: float, end: float) -> Path:
    """Corner points of a curve that is `start` from `first` on, takes `values` from `days` on, and stops at `end`.

    None becomes NaN. Returns: (m, 2) of day and value; empty where the end is before the beginning.
    """
    if end < first:
        return np.empty((0, 2))
    at, level = np.asarray(days, dtype=float), np.asarray(values, dtype=float)
    shown = (at <= end) & (at >= first)
    x = np.concatenate(([first], at[shown], [end]))
    level = np.concatenate(([start], level[shown]))
    corners = np.empty((2 * len(level), 2))
    corners[0::2, 0], corners[1::2, 0] = x[:-1], x[1:]
    corners[0::2, 1] = corners[1::2, 1] = level
    return corners


def curve_steps(group: SurvivalGroup, origin_days: int = 0) -> Path:
    """(m, 2) corner points (day, survival) of the curve, from the origin or first entry to the last follow-up."""
    first = max(origin_days, group.first_day)
    return step_path(group.days, group.survival, start=group.start, first=first, end=group.last_day)


def band_steps(group: SurvivalGroup, origin_days: int = 0) -> tuple[Path, Path] | None:
    """Corner points of the lower and upper limits; NaN where undefined; None where the group has no interval."""
    if not group.low:
        return None
    first = max(origin_days, group.first_day)
    low = step_path(group.days, group.low, start=group.start, first=first, end=group.last_day)
    high = step_path(group.days, group.high, start=group.start, first=first, end=group.last_day)
    return low, high


def censor_marks(group: SurvivalGroup, origin_days: int = 0) -> Path:
    """(k, 2) points (day, survival) of censorings within the follow-up."""
    marks = np.column_stack(
        (np.asarray(group.censor_days, dtype=float), np.asarray(group.censor_survival, dtype=float))
    )
    return marks[(marks[:, 0] >= max(origin_days, group.first_day)) & (marks[:, 0] <= group.last_day)]
