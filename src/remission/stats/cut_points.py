"""Cut-points chosen by the data, with a p-value that knows it: maximally selected rank statistics."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, pi, sqrt

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import (
    FloatArray,
    FrozenArrays,
    IntArray,
    Status,
    finite_numbers,
    require_same_length,
    truth_values,
)
from remission.stats.permutation import log_rank_scores
from remission.stats.ranks import mid_ranks

_CELLS = 2_000_000  # permuted values held at a time
ALIKE = 1e-9  # statistics this close are equal but for rounding


@dataclass(frozen=True, eq=False)
class CutPoint(FrozenArrays):
    """The cut-point that separates best, and its p adjusted for the search.

    cut: the marker is "at or below" or "above" it, an observed value.  n_low, n_high: patients on either side.
    statistic: the largest standardised statistic in size.  direction: "higher above" or "lower above", of hazard,
    chance or value.  p: by permutation, p_low, p_high: its 99 % Monte Carlo interval.  p_approximate: Lausen and
    Schumacher's.  cuts, statistics: (k,) all cut-points tried. The p of the best cut-point taken by itself is not
    given: it is not one.
    """

    cut: float | None
    n_low: int | None
    n_high: int | None
    statistic: float | None
    direction: str
    p: float | None
    p_low: float | None
    p_high: float | None
    p_approximate: float | None
    cuts: FloatArray
    statistics: FloatArray
    shares: tuple[float, float]
    replicates: int
    seed: int
    status: Status
    reason: str


def cut_point_for_survival(
    marker: npt.ArrayLike,
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    *,
    shares: tuple[float, float] = (0.1, 0.9),
    replicates: int = 9_999,
    seed: int = 1,
) -> CutPoint:
    """The cut-point of a marker with the largest log-rank statistic.

    Args: marker: (n,) numbers, none missing.  exit_days: (n,) int >= 0.  is_event: (n,) bool.  shares: of patients
    at or below the first and the last cut-point tried.  replicates, seed: of the permutation.
    Returns: see CutPoint; undefined without events or without a cut-point between the shares.
    Conventions: the log-rank statistic as a sum of scores with its permutation variance; of equal statistics the
    lowest cut-point; p is (b + 1) / (m + 1) (docs/methods/cut-points.md).
    Raises: DataError if lengths differ, a value is missing, or the shares are not 0 < first < last < 1.
    Source: Lausen & Schumacher 1992, Biometrics 48:73; Hothorn & Lausen 2003, Comput Stat Data Anal 43:121.
    Checked: tests/golden/test_cut_points.py (R survdiff, and the formulas in R).
    """
    events = truth_values(is_event, "The event")
    require_same_length(exit_days=np.asarray(exit_days).size, is_event=events.size)
    scores = log_rank_scores(exit_days, events) if events.size else np.zeros(0)
    return _select(marker, scores, shares, replicates, seed, "" if events.any() else "no events")


def cut_point_for_outcome(
    marker: npt.ArrayLike,
    outcome: npt.ArrayLike,
    *,
    shares: tuple[float, float] = (0.1, 0.9),
    replicates: int = 9_999,
    seed: int = 1,
) -> CutPoint:
    """The cut-point of a marker with the largest chi-square statistic for a yes-no outcome.

    Args: marker: (n,) numbers.  outcome: (n,) bool.  The rest as cut_point_for_survival.
    Returns: see CutPoint; the square of the statistic is Pearson's chi-square times (n - 1) / n.
    Raises: DataError as cut_point_for_survival.
    Source: Miller & Siegmund 1982, Biometrics 38:1011; Halpern 1982.  Checked: tests/golden/test_cut_points.py.
    """
    scores = truth_values(outcome, "The outcome").astype(np.float64)
    return _select(marker, scores, shares, replicates, seed, "all outcomes are alike")


def cut_point_for_number(
    marker: npt.ArrayLike,
    values: npt.ArrayLike,
    *,
    shares: tuple[float, float] = (0.1, 0.9),
    replicates: int = 9_999,
    seed: int = 1,
) -> CutPoint:
    """The cut-point of a marker with the largest Wilcoxon statistic for another number.

    Args: marker, values: (n,) numbers, none missing.  The rest as cut_point_for_survival.
    Returns: see CutPoint.  Raises: DataError as cut_point_for_survival.
    Source: Lausen & Schumacher 1992.  Checked: tests/golden/test_cut_points.py (R wilcox.test).
    """
    scores = mid_ranks(finite_numbers(values, "The values"))[0]
    return _select(marker, scores, shares, replicates, seed, "all values are equal")


def _select(
    marker: npt.ArrayLike, scores: FloatArray, shares: tuple[float, float], replicates: int, seed: int, alike: str
) -> CutPoint:
    x = finite_numbers(marker, "The marker")
    require_same_length(marker=x.size, outcome=scores.size)
    first, last = shares
    if not 0 < first < last < 1:
        raise DataError("The shares do not enclose a range.", "not-between-0-and-1", expected="0 < first < last < 1")
    if replicates < 1:
        raise DataError("At least one replicate is needed.", "below-minimum", found=f"{replicates}")
    order = np.argsort(x, kind="stable")
    sizes = _candidates(x[order], first, last)
    reason = "" if sizes.size else "no cut-point between the shares"
    if not scores.size or not float(np.ptp(scores)) > ALIKE * max(1.0, float(np.abs(scores).max())):
        reason = (alike or "all patients have the same time and status") if scores.size else "no patients"
    if reason:
        none = np.zeros(0)
        return CutPoint(
            *(None,) * 4, "", *(None,) * 4, none, none, (first, last), replicates, seed, "undefined", reason
        )
    return _chosen(x[order], scores[order], sizes, (first, last), replicates, seed)


def _chosen(
    ordered: FloatArray,
    scores: FloatArray,
    sizes: IntArray,
    shares: tuple[float, float],
    replicates: int,
    seed: int,
) -> CutPoint:
    """The best of the cut-points; ordered: (n,) markers, rising.  scores: (n,) in their order."""
    found = _standardised(scores[None, :], sizes)[0]
    largest = float(np.abs(found).max())
    best = int(np.flatnonzero(np.abs(found) >= largest - ALIKE)[0])
    p = (_count(scores, sizes, largest - ALIKE, replicates, np.random.default_rng(seed)) + 1) / (replicates + 1)
    half = 2.5758293035489004 * sqrt(p * (1 - p) / replicates)
    n_low = int(sizes[best])
    return CutPoint(
        cut=float(ordered[n_low - 1]),
        n_low=n_low,
        n_high=ordered.size - n_low,
        statistic=largest,
        direction="lower above" if found[best] > 0 else "higher above",
        p=p,
        p_low=max(0.0, p - half),
        p_high=min(1.0, p + half),
        p_approximate=lausen_schumacher_p(largest, *shares),
        cuts=ordered[sizes - 1],
        statistics=found,
        shares=shares,
        replicates=replicates,
        seed=seed,
        status="ok",
        reason="",
    )


def lausen_schumacher_p(b: float, first: float, last: float) -> float:
    """Approximate p of a largest standardised statistic b over cut-points between two shares of the patients.

    Source: Miller & Siegmund 1982; Lausen & Schumacher 1992, eq. 8.
    """
    if b <= 1:
        return 1.0
    density = exp(-b * b / 2) / sqrt(2 * pi)
    p = 4 * density / b + density * (b - 1 / b) * log(last * (1 - first) / ((1 - last) * first))
    return min(1.0, max(0.0, p))


def _candidates(ordered: FloatArray, first: float, last: float) -> IntArray:
    """How many patients are at or below each cut-point that may be tried."""
    n = ordered.size
    sizes = np.flatnonzero(np.diff(ordered) > 0) + 1
    return sizes[(sizes >= first * n - ALIKE) & (sizes <= last * n + ALIKE)].astype(np.int64)


def _standardised(scores: FloatArray, sizes: IntArray) -> FloatArray:
    """(r, k) sum of the scores at or below each cut-point, less its mean, over its permutation error.

    Args: scores: (r, n), each row an order of the same scores.
    """
    n = scores.shape[1]
    mean = scores[0].mean()
    spread = float(((scores[0] - mean) ** 2).sum()) / (n - 1)
    sums = np.cumsum(scores - mean, axis=1)[:, sizes - 1]
    error: FloatArray = np.sqrt(spread * sizes * (n - sizes) / n)
    return np.asarray(sums / error, dtype=np.float64)


def _count(scores: FloatArray, sizes: IntArray, limit: float, replicates: int, rng: np.random.Generator) -> int:
    """How many random orders of the scores have a largest statistic of at least the limit."""
    n, b, done = scores.size, 0, 0
    while done < replicates:
        rows = min(max(1, _CELLS // n), replicates - done)
        drawn = rng.permuted(np.broadcast_to(scores, (rows, n)), axis=1)
        b += int(np.count_nonzero(np.abs(_standardised(drawn, sizes)).max(axis=1) >= limit))
        done += rows
    return b
