"""Values of which some are only known to lie below an assay's floor: the flipped scale, and a summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import (
    BoolArray,
    FloatArray,
    FrozenArrays,
    IntArray,
    Status,
    numbers,
    require_same_length,
    truth_values,
)
from remission.stats.kaplan_meier import TOLERANCE, Curve, estimate_curves
from remission.stats.riskset import RiskTable


@dataclass(frozen=True)
class LeftCensoredQuantile:
    """A quantile p: its value, or, where it lies among the values below a floor, the floor it is below."""

    p: float
    value: float | None
    below: float | None


@dataclass(frozen=True, eq=False)
class LeftCensoredSummary(FrozenArrays):
    """n values, the missing ones counted apart. n_below: below a floor, share_below: of n, 0-1.  floors: (k,) the
    distinct floors, rising.  minimum, maximum: of the values above their floor; None without any."""

    n: int
    missing: int
    n_below: int
    share_below: float | None
    floors: FloatArray
    q1: LeftCensoredQuantile | None
    median: LeftCensoredQuantile | None
    q3: LeftCensoredQuantile | None
    minimum: float | None
    maximum: float | None
    status: Status
    reason: str


@dataclass(frozen=True, eq=False)
class Flipped(FrozenArrays):
    """Left-censored values turned round, so that below a floor becomes censored on the right.

    place: (n,) int, 0 for the largest value of all, rising as the values fall.  is_known: (n,) bool, above the floor.
    scale: (k,) the distinct values, falling: the value at each place.
    """

    place: IntArray
    is_known: BoolArray
    scale: FloatArray

    def risk_table(self, group: npt.ArrayLike | None = None, groups: Sequence[str] | None = None) -> RiskTable:
        """The risk table of the flipped values: at a value, those known to be at it or below are at risk."""
        return RiskTable.from_arrays(self.place, self.is_known, group=group, groups=groups)


def flip(values: npt.ArrayLike, is_below: npt.ArrayLike) -> tuple[Flipped, BoolArray]:
    """Turn left-censored values round.

    Args: values: (n,) numbers, NaN for missing; where is_below, the floor itself.  is_below: (n,) bool.
    Returns: the flipped values that are there, and (n,) bool, which were there.
    Conventions: "below 5" lies below a value of exactly 5.
    Raises: DataError if the lengths differ, a value is infinite, or the floor of a value below it is not given.
    """
    found, below = numbers(values, "The variable"), truth_values(is_below, "Below the floor")
    require_same_length(values=found.size, is_below=below.size)
    if n_bad := int(np.count_nonzero(np.isinf(found) | (np.isnan(found) & below))):
        raise DataError(
            f"{n_bad} of {found.size} values are below a floor that is not given, or infinite.",
            "missing-values",
            expected="the floor as the value wherever the measurement is below it",
        )
    is_there = ~np.isnan(found)
    scale, place = np.unique(-found[is_there], return_inverse=True)
    return Flipped(place.astype(np.int64), ~below[is_there], -scale), is_there


def summarise_left_censored(values: npt.ArrayLike, is_below: npt.ArrayLike) -> LeftCensoredSummary:
    """Median and quartiles of values of which some are below an assay's floor, by Kaplan-Meier.

    Args: values: (n,) numbers, NaN for missing; where is_below, the floor itself.  is_below: (n,) bool.
    Returns: see LeftCensoredSummary; undefined without values. A quantile among the values below a floor is not a
    number: `below` says which floor.
    Conventions: nothing is put in the place of a value below its floor; where the distribution is flat at the
    quantile it is the midpoint, as of type 2 without floors (docs/methods/left-censored.md).
    Raises: DataError if the lengths differ, or the floor of a value below it is not given.
    Source: Helsel 2012, ch. 6; Kaplan & Meier 1958.  Checked: tests/golden/test_left_censored.py (R survfit).
    """
    flipped, is_there = flip(values, is_below)
    n, missing = flipped.place.size, int(np.count_nonzero(~is_there))
    if not n:
        none = np.zeros(0)
        return LeftCensoredSummary(0, missing, 0, None, none, None, None, None, None, None, "undefined", "no values")
    at = flipped.scale[flipped.place]
    known, floors = at[flipped.is_known], np.unique(at[~flipped.is_known])
    curve = estimate_curves(flipped.risk_table())[0]
    # of the lowest value that is known, what lies deeper is only known to be below its floor
    deepest = floors[floors <= known.min()] if known.size else floors
    below = float(deepest.max()) if deepest.size else None
    q1, median, q3 = (_quantile(curve, flipped.scale, p, below) for p in (0.25, 0.5, 0.75))
    return LeftCensoredSummary(
        n,
        missing,
        n - known.size,
        (n - known.size) / n,
        floors,
        q1,
        median,
        q3,
        float(known.min()) if known.size else None,
        float(known.max()) if known.size else None,
        "ok",
        "" if known.size else "every value is below a floor",
    )


def censored_scores(flipped: Flipped, *, akritas: bool = False) -> FloatArray:
    """Each value's score, higher for a higher value, from the distribution of all values.

    With F the share below a value: F + F(with the value itself) - 1 above the floor, F(floor) - 1 below it. Akritas
    takes F from Kaplan-Meier, Prentice from one more patient than there are, whose value is the lowest.
    """
    curve = estimate_curves(flipped.risk_table())[0]
    extra = 0 if akritas else 1
    survival = np.cumprod(1 - curve.events / (curve.at_risk + extra))
    before = np.concatenate([[1.0], survival[:-1]])
    own = np.searchsorted(curve.days, flipped.place)
    if akritas:
        middle = before + survival
    else:  # ties broken in every order, and the mean over them taken: each leaves one at risk less
        drop = before * (curve.events + 1) / (2 * (curve.at_risk + 1))
        middle = 2 * (before - drop)
    scores: FloatArray = np.where(flipped.is_known, middle[own] - 1, survival[own] - 1)
    return scores


def _quantile(curve: Curve, scale: FloatArray, p: float, below: float | None) -> LeftCensoredQuantile:
    """The value that a share p of the distribution lies below."""
    is_event = curve.events > 0
    share, value = curve.survival[is_event], scale[curve.days[is_event]]
    reached = np.flatnonzero(share <= p + TOLERANCE)
    if not reached.size:
        return LeftCensoredQuantile(p, None, below)
    first = int(reached[0])
    if abs(float(share[first]) - p) > TOLERANCE:
        return LeftCensoredQuantile(p, float(value[first]), None)
    if first + 1 == share.size:  # flat to the end: the other middle value is one of those below the floor
        return LeftCensoredQuantile(p, None, below)
    return LeftCensoredQuantile(p, float(value[first] + value[first + 1]) / 2, None)
