"""Log-rank test by permutation: exact for small samples, Monte Carlo with a printed seed for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, islice
from math import comb

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import (
    FloatArray,
    IntArray,
    Status,
    require_known,
    require_same_length,
    truth_values,
    whole_numbers,
)
from remission.stats.riskset import RiskTable

METHODS = ("auto", "exact", "monte-carlo")
_CELLS = 2_000_000  # permuted values held at a time


@dataclass(frozen=True)
class PermutationTest:
    """Two-sided permutation p of a log-rank test.

    statistic: sum over groups of (observed - expected)**2 / n.  method: "exact" or "monte-carlo".
    arrangements: all of them, or those drawn.  seed: None if exact.  p_low, p_high: 99 % interval of a Monte
    Carlo p.
    """

    p: float | None
    statistic: float | None
    method: str
    arrangements: int
    seed: int | None
    p_low: float | None
    p_high: float | None
    status: Status
    reason: str


def permutation_logrank(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    method: str = "auto",
    replicates: int = 99_999,
    seed: int = 1,
    exact_up_to: int = 200_000,
) -> PermutationTest:
    """Log-rank test whose p comes from exchanging the group labels among patients.

    Args: exit_days: (n,) int >= 0.  is_event: (n,) bool.  group: (n,) codes or labels.  method: "auto" takes
    all arrangements of two groups if there are at most `exact_up_to`, else draws `replicates` with `seed`.
    Returns: see PermutationTest; undefined with one group or without events.
    Conventions: observed - expected is a sum of one score per patient, (event) - (pooled cumulative hazard),
    so only labels move; two groups: as or more extreme in |O - E|; Monte Carlo p is (b + 1) / (m + 1).
    Assumes censoring alike in the groups, as every permutation test of survival does.
    Raises: DataError if lengths differ, the method is unknown, or exact is asked for and out of reach.
    Source: Peto & Peto 1972; Phipson & Smyth 2010 (b + 1).  Checked: tests/by_hand/test_stats_logrank.py.
    """
    _require_options(method, replicates)
    exits, events = whole_numbers(exit_days, "The last day of follow-up"), truth_values(is_event, "The event")
    require_same_length(exit_days=exits.size, is_event=events.size, group=np.asarray(group).size)
    code = np.unique(np.asarray(group), return_inverse=True)[1].astype(np.int64)
    sizes = np.bincount(code)
    scores = log_rank_scores(exits, events)
    if sizes.size < 2 or not events.any() or not np.ptp(scores) > 0:
        reason = "no events" if not events.any() else "only one group"
        if sizes.size > 1 and events.any():
            reason = "all patients have the same time and status"
        return PermutationTest(None, None, "exact", 0, None, None, None, "undefined", reason)
    return permute_scores(scores, code, method=method, replicates=replicates, seed=seed, exact_up_to=exact_up_to)


def permute_scores(
    scores: FloatArray,
    code: IntArray,
    *,
    method: str = "auto",
    replicates: int = 99_999,
    seed: int = 1,
    exact_up_to: int = 200_000,
) -> PermutationTest:
    """Two-sided permutation p of the sums of the scores over groups.

    Args: scores: (n,) that add up to 0 and are not all equal.  code: (n,) groups 0.., two or more of them with
    somebody.  The rest as permutation_logrank.
    Raises: DataError if the method is unknown, or exact is asked for and out of reach.
    """
    _require_options(method, replicates)
    sizes = np.bincount(code)
    statistic = float((np.bincount(code, weights=scores) ** 2 / sizes).sum())
    arrangements = comb(scores.size, int(sizes.min())) if sizes.size == 2 else None
    in_reach = arrangements is not None and arrangements <= exact_up_to
    if method == "exact" and not in_reach:
        raise DataError(
            "Too many arrangements for an exact permutation test.",
            "too-many-arrangements",
            expected=f"two groups, at most {exact_up_to} arrangements",
            todo="Use the Monte Carlo method.",
        )
    # arrangements equal but for rounding count as equal; no statistic exceeds the sum of the squared scores
    limit = statistic - 1e-11 * float((scores**2).sum())
    if arrangements is not None and in_reach and method != "monte-carlo":
        b = _count_exact(scores, int(sizes.min()), limit)
        return PermutationTest(b / arrangements, statistic, "exact", arrangements, None, None, None, "ok", "")
    b = _count_drawn(scores, sizes, limit, replicates, np.random.default_rng(seed))
    p = (b + 1) / (replicates + 1)
    half = 2.5758293035489004 * (p * (1 - p) / replicates) ** 0.5
    return PermutationTest(
        p, statistic, "monte-carlo", replicates, seed, max(0.0, p - half), min(1.0, p + half), "ok", ""
    )


def _require_options(method: str, replicates: int) -> None:
    require_known(method, METHODS, "method")
    if replicates < 1:
        raise DataError("At least one replicate is needed.", "below-minimum", found=f"{replicates}")


def log_rank_scores(exit_days: npt.ArrayLike, is_event: npt.ArrayLike) -> FloatArray:
    """Each patient's event (1 or 0) less the pooled Nelson-Aalen hazard up to their last day; they sum to 0.

    The sum over a group is its observed less expected events in the log-rank test.
    """
    exits, events = whole_numbers(exit_days, "The last day of follow-up"), truth_values(is_event, "The event")
    risk = RiskTable.from_arrays(exits, events)
    hazard = np.cumsum(risk.events[0, 0].sum(axis=0) / risk.at_risk[0, 0], dtype=np.float64)
    scores: FloatArray = events - hazard[np.searchsorted(risk.days, exits)]
    return scores


def _count_exact(scores: FloatArray, size: int, limit: float) -> int:
    """Arrangements of two groups at least as extreme as the limit; `size` is that of the smaller group."""
    n, b = scores.size, 0
    factor = 1 / size + 1 / (n - size)  # the scores sum to 0, so the other group's sum is the opposite
    for chosen in _chunks(n, size):
        b += int(np.count_nonzero(scores[chosen].sum(axis=1) ** 2 * factor >= limit))
    return b


def _chunks(n: int, size: int) -> Iterator[IntArray]:
    every = combinations(range(n), size)
    rows = max(1, _CELLS // size)
    while True:
        part = np.fromiter(chain.from_iterable(islice(every, rows)), dtype=np.int64)
        if not part.size:
            return
        yield part.reshape(-1, size)


def _count_drawn(scores: FloatArray, sizes: IntArray, limit: float, replicates: int, rng: np.random.Generator) -> int:
    n, b, done = scores.size, 0, 0
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    while done < replicates:
        rows = min(max(1, _CELLS // n), replicates - done)
        drawn = rng.permuted(np.broadcast_to(scores, (rows, n)), axis=1)
        sums = np.add.reduceat(drawn, starts, axis=1)
        b += int(np.count_nonzero((sums**2 / sizes).sum(axis=1) >= limit))
        done += rows
    return b
