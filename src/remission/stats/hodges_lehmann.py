"""Hodges-Lehmann estimates of a shift, with intervals that invert the rank tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from remission.stats.arrays import FloatArray, Status, finite_numbers, require_known, require_level
from remission.stats.ranks import EXACT_UP_TO, METHODS, mid_ranks, rank_sum_ways
from remission.stats.signed_rank import complete_differences, signed_rank_ways

_SAME = 1e-12  # relative: candidates this close are one


@dataclass(frozen=True)
class LocationShift:
    """A shift with its interval, in the units of the values.

    low, high: None if so few values allow no interval of the confidence asked for; `reason` says it.  achieved: the
    confidence the exact interval has (with ties: has at least); None of the normal one.  n: pairs, or the sizes of
    the two samples.  n_incomplete: pairs with a missing measurement.
    """

    estimate: float | None
    low: float | None
    high: float | None
    method: str
    confidence: float
    achieved: float | None
    n: tuple[int, ...]
    n_incomplete: int
    status: Status
    reason: str


def pseudo_median(
    differences: npt.ArrayLike, *, method: str = "auto", confidence: float = 0.95, drop_zeros: bool = False
) -> LocationShift:
    """Median of the means of all pairs of differences (Walsh averages), with the signed-rank interval.

    Args: differences: (n,) numbers, NaN for an incomplete pair.  method: "auto" is exact with at most 50 pairs, else
    "normal" (tie and continuity corrections).  drop_zeros: leave out differences of 0, as R does; they are evidence
    for a small shift, so that by default they stay.
    Returns: see LocationShift; undefined without a complete pair.
    Conventions: the limits are Walsh averages and belong to the interval, which with ties keeps at least its
    confidence (Noether 1967).
    Raises: DataError if the differences are not numbers or the method is unknown.
    Source: Hodges & Lehmann 1963; Tukey 1949; Hollander & Wolfe 1999, ch. 3.
    Checked: tests/golden/test_paired.py (R wilcox.test, conf.int).
    """
    require_known(method, METHODS, "method")
    require_level(confidence, "confidence")
    d, n_incomplete = complete_differences(differences)
    d = d[d != 0] if drop_zeros else d
    used = ("exact" if d.size <= EXACT_UP_TO else "normal") if method == "auto" else method
    if not d.size:
        reason = "no complete pair" if not drop_zeros else "no difference other than 0"
        return LocationShift(None, None, None, used, confidence, None, (0,), n_incomplete, "undefined", reason)
    first, second = np.triu_indices(d.size)
    averages = np.sort((d[first] + d[second]) / 2)
    if used == "exact":
        ways = signed_rank_ways(np.arange(1, d.size + 1, dtype=np.int64))
        low, high, achieved = _by_counting(averages, ways, confidence)
    else:
        low, high = _by_inversion(averages, lambda shift: _signed_rank_z(d - shift), confidence)
        achieved = None
    return _shift(averages, low, high, used, confidence, achieved, (d.size,), n_incomplete)


def median_difference(
    x: npt.ArrayLike, y: npt.ArrayLike, *, method: str = "auto", confidence: float = 0.95
) -> LocationShift:
    """Median of all differences x - y of two independent samples, with the Mann-Whitney interval.

    Args: x, y: (n,) numbers, none missing.  method: "auto" is exact with at most 50 values per sample, else
    "normal" (tie and continuity corrections).
    Returns: see LocationShift; undefined if a sample is empty.
    Conventions: as pseudo_median; it is the shift of y that makes the samples alike, not a difference of medians.
    Raises: DataError if a value is missing or the method is unknown.
    Source: Hodges & Lehmann 1963; Moses 1953; Hollander & Wolfe 1999, ch. 4.
    Checked: tests/golden/test_paired.py (R wilcox.test, conf.int).
    """
    require_known(method, METHODS, "method")
    require_level(confidence, "confidence")
    a, b = finite_numbers(x, "The first sample"), finite_numbers(y, "The second sample")
    n = (a.size, b.size)
    used = ("exact" if max(n) <= EXACT_UP_TO else "normal") if method == "auto" else method
    if not min(n):
        return LocationShift(None, None, None, used, confidence, None, n, 0, "undefined", "a sample is empty")
    differences = np.sort(np.subtract.outer(a, b).ravel())
    if used == "exact":
        m = min(n)
        ways = rank_sum_ways(np.arange(1, sum(n) + 1, dtype=np.int64), m)[m * (m + 1) // 2 :]
        low, high, achieved = _by_counting(differences, ways, confidence)
    else:
        low, high = _by_inversion(differences, lambda shift: _rank_sum_z(a - shift, b), confidence)
        achieved = None
    return _shift(differences, low, high, used, confidence, achieved, n, 0)


def _shift(
    candidates: FloatArray,
    low: float | None,
    high: float | None,
    used: str,
    confidence: float,
    achieved: float | None,
    n: tuple[int, ...],
    n_incomplete: int,
) -> LocationShift:
    reason = "" if low is not None else f"too few values for an interval of {100 * confidence:g} %"
    middle = float(np.median(candidates))
    return LocationShift(middle, low, high, used, confidence, achieved, n, n_incomplete, "ok", reason)


def _by_counting(
    candidates: FloatArray, ways: FloatArray, confidence: float
) -> tuple[float | None, float | None, float | None]:
    """The narrowest symmetric pair of order statistics with the confidence, from the exact distribution."""
    below = np.cumsum(ways) / ways.sum()
    k = int(np.searchsorted(below, (1 - confidence) / 2 * (1 + _SAME) - 1e-15, side="left"))
    if k == 0:
        return None, None, None
    return float(candidates[k - 1]), float(candidates[candidates.size - k]), float(1 - 2 * below[k - 1])


def _by_inversion(
    candidates: FloatArray, z_of: Callable[[float], float], confidence: float
) -> tuple[float | None, float | None]:
    """The shifts at which the normal test just stops to reject: steps of z lie at the candidates only."""
    apart = np.concatenate([[True], np.diff(candidates) > _SAME * np.abs(candidates).max()])
    steps = candidates[apart]
    # one shift in every gap between steps, and one on either side
    gaps = np.concatenate([[steps[0] - 1], (steps[:-1] + steps[1:]) / 2, [steps[-1] + 1]])
    limit = float(ndtri(0.5 + confidence / 2))
    if z_of(float(gaps[0])) <= limit or z_of(float(gaps[-1])) >= -limit:
        return None, None
    return (
        float(steps[_first(gaps, lambda shift: z_of(shift) <= limit) - 1]),
        float(steps[_first(gaps, lambda shift: z_of(shift) <= -limit) - 1]),
    )


def _first(gaps: FloatArray, holds: Callable[[float], bool]) -> int:
    """The first gap for which it holds, which it does for the last and not for the first; by bisection."""
    low, high = 0, gaps.size - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(float(gaps[middle])) else (middle, high)
    return high


def _signed_rank_z(d: FloatArray) -> float:
    d = d[d != 0]
    n = d.size
    ranks, sizes = mid_ranks(np.abs(d))
    spread = n * (n + 1) * (2 * n + 1) / 24 - float((sizes**3 - sizes).sum()) / 48
    return _z(float(ranks[d > 0].sum()) - n * (n + 1) / 4, spread)


def _rank_sum_z(a: FloatArray, b: FloatArray) -> float:
    m, n = a.size, b.size
    N = m + n
    ranks, sizes = mid_ranks(np.concatenate([a, b]))
    spread = m * n / 12 * (N + 1 - float((sizes**3 - sizes).sum()) / (N * (N - 1)))
    return _z(float(ranks[:m].sum()) - m * (m + 1) / 2 - m * n / 2, spread)


def _z(distance: float, spread: float) -> float:
    """Standardised distance with the continuity correction, signed."""
    return (distance - 0.5 * float(np.sign(distance))) / float(np.sqrt(spread)) if spread > 0 else 0.0
