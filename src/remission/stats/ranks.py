"""Rank tests of independent samples: Mann-Whitney for two, Kruskal-Wallis for several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtr

from remission.stats.arrays import FloatArray, IntArray, Status, finite_numbers, require_known

METHODS = ("auto", "exact", "normal")
EXACT_UP_TO = 50  # values per sample


@dataclass(frozen=True)
class RankTest:
    """A rank test. statistic_name: "U" or "H".  n: sizes of the samples.  df: of H.  method: "exact",
    "normal" (tie and continuity corrections) or "chi-square" (tie correction)."""

    test: str
    statistic_name: str
    statistic: float | None
    df: int | None
    p: float | None
    n: tuple[int, ...]
    has_ties: bool
    method: str
    status: Status
    reason: str


def mann_whitney(x: npt.ArrayLike, y: npt.ArrayLike, *, method: str = "auto") -> RankTest:
    """Mann-Whitney (Wilcoxon rank-sum) test of two independent samples, two-sided.

    Args: x, y: (n,) numbers, none missing.  method: "auto" is exact with at most 50 values per sample and no
    ties, else normal; "exact" is also right with ties (all rearrangements of the observed ranks).
    Returns: U of x, the pairs with x > y plus half the ties (R's W); undefined if a sample is empty or all
    values are equal.
    Raises: DataError if a value is missing.
    Source: Mann & Whitney 1947; Lehmann 1975; exact with ties: Streitberg & Roehmel 1986.
    Checked: tests/golden/test_stats_tests.py (R wilcox.test).
    """
    require_known(method, METHODS, "method")
    a, b = finite_numbers(x, "The first sample"), finite_numbers(y, "The second sample")
    m, n = a.size, b.size
    ranks, sizes = mid_ranks(np.concatenate([a, b]))
    has_ties = bool((sizes > 1).any())
    if method == "auto":
        method = "exact" if max(m, n) <= EXACT_UP_TO and not has_ties else "normal"
    if not m or not n or sizes.size == 1:
        reason = "all values are equal" if m and n else "a sample is empty"
        return RankTest("mann-whitney", "U", None, None, None, (m, n), has_ties, method, "undefined", reason)
    rank_sum = float(ranks[:m].sum())
    U = rank_sum - m * (m + 1) / 2
    if method == "exact":
        p = _exact_rank_sum(ranks, m, rank_sum)
    else:
        N = m + n
        spread = m * n / 12 * (N + 1 - float((sizes**3 - sizes).sum()) / (N * (N - 1)))
        p = normal_p(U - m * n / 2, spread)
    return RankTest("mann-whitney", "U", U, None, p, (m, n), has_ties, method, "ok", "")


def kruskal_wallis(samples: Sequence[npt.ArrayLike]) -> RankTest:
    """Kruskal-Wallis test of k independent samples, chi-square approximation with tie correction.

    Args: samples: k lists of numbers, none missing.
    Returns: H with k - 1 degrees of freedom; empty samples are left out, and it is said; undefined if fewer
    than two are left or all values are equal.
    Raises: DataError if a value is missing.
    Source: Kruskal & Wallis 1952.  Checked: tests/golden/test_stats_tests.py (R kruskal.test).
    """
    arrays = [finite_numbers(sample, "A sample") for sample in samples]
    sizes = tuple(array.size for array in arrays)
    full = [array for array in arrays if array.size]
    note = "empty samples left out" if len(full) < len(arrays) else ""
    ranks, ties = mid_ranks(np.concatenate(full)) if full else (np.zeros(0), np.zeros(0, dtype=np.int64))
    has_ties = bool((ties > 1).any())
    if len(full) < 2 or ties.size == 1:
        reason = "fewer than two samples hold values" if len(full) < 2 else "all values are equal"
        return RankTest("kruskal-wallis", "H", None, None, None, sizes, has_ties, "chi-square", "undefined", reason)
    N = ranks.size
    parts = np.split(ranks, np.cumsum([array.size for array in full])[:-1])
    between = sum(part.size * (float(part.mean()) - (N + 1) / 2) ** 2 for part in parts)
    H = 12 / (N * (N + 1)) * between / (1 - float((ties**3 - ties).sum()) / (N**3 - N))
    df = len(full) - 1
    return RankTest("kruskal-wallis", "H", H, df, float(chdtrc(df, H)), sizes, has_ties, "chi-square", "ok", note)


def mid_ranks(values: FloatArray) -> tuple[FloatArray, IntArray]:
    """Ranks from 1, ties sharing their mean, and the size of each group of equal values."""
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    middle = last - (sizes - 1) / 2
    return middle[place].astype(np.float64), sizes.astype(np.int64)


def normal_p(distance: float, spread: float) -> float:
    """Two-sided normal p with the continuity correction of one half, which never moves past the mean.

    Args: distance: of the statistic from its mean.  spread: its variance, > 0.
    """
    z = (abs(distance) - (0.5 if distance else 0.0)) / float(np.sqrt(spread))
    return min(1.0, 2 * float(ndtr(-z)))


def rank_sum_ways(whole: IntArray, m: int) -> FloatArray:
    """In how many ways m of the whole numbers add up to 0, 1, 2, ...; the shift algorithm, right with ties too."""
    total = int(whole.sum())
    ways = np.zeros((m + 1, total + 1))
    ways[0, 0] = 1.0
    for r in whole.tolist():
        ways[1:, r:] += ways[:-1, : total + 1 - r].copy()
    last: FloatArray = ways[m]
    return last


def doubled(ranks: FloatArray) -> IntArray:
    """Twice the ranks: whole numbers even with ties."""
    return np.rint(2 * ranks).astype(np.int64)


def _exact_rank_sum(ranks: FloatArray, m: int, rank_sum: float) -> float:
    """Share of the choices of m ranks whose sum is at least as far from its mean as the observed one."""
    whole, observed = doubled(ranks), round(2 * rank_sum)
    size, total = whole.size, int(whole.sum())
    if m > size - m:  # count the smaller sample: the distances of the two sums from their means are equal
        m, observed = size - m, total - observed
    ways = rank_sum_ways(whole, m)
    mean = total * m / size
    extreme = np.abs(np.arange(total + 1) - mean) >= abs(observed - mean) - 1e-6
    return min(1.0, float(ways[extreme].sum() / ways.sum()))
