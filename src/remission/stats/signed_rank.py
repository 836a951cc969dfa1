"""Tests of paired measurements: Wilcoxon's signed-rank test and the sign test."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, IntArray, Status, numbers, require_known, require_same_length
from remission.stats.ranks import EXACT_UP_TO, doubled, mid_ranks, normal_p

METHODS = ("auto", "exact", "normal", "untied")
NO_DIFFERENCE = "no difference other than 0"
_DIGITS = 12  # of the larger measurement: two differences that agree so far are equal but for rounding


@dataclass(frozen=True)
class PairedTest:
    """A test of paired measurements, two-sided.

    statistic_name: "V" (sum of the positive ranks) or "S" (number of positive differences).  n_pairs: complete
    pairs.  n_incomplete: pairs with a missing measurement, which take no part.  n_zero: complete pairs without a
    difference, left out of the statistic.  has_ties: among the differences that are not 0.  method: "exact" or
    "normal".
    """

    test: str
    statistic_name: str
    statistic: float | None
    p: float | None
    n_pairs: int
    n_incomplete: int
    n_zero: int
    has_ties: bool
    method: str
    status: Status
    reason: str


def paired_differences(before: npt.ArrayLike, after: npt.ArrayLike) -> FloatArray:
    """After less before, pair by pair; NaN where a measurement is missing.

    Args: before, after: (n,) numbers, NaN for missing.
    Returns: (n,). Conventions: rounded to 12 digits of the larger measurement, so that 0.3 - 0.1 and 0.7 - 0.5 tie.
    Raises: DataError if they are not numbers, one is infinite, or the lengths differ.
    """
    a, b = numbers(before, "The measurement before"), numbers(after, "The measurement after")
    require_same_length(before=a.size, after=b.size)
    if n_bad := int(np.count_nonzero(np.isinf(a) | np.isinf(b))):
        raise DataError(f"A measurement is infinite in {n_bad} pairs.", "not-numbers", expected="finite numbers")
    larger = np.maximum(np.abs(a), np.abs(b))
    size = np.floor(np.log10(larger, out=np.zeros_like(larger), where=larger > 0))
    pairs = zip((b - a).tolist(), size.tolist(), strict=True)
    return np.array([d if isnan(d) else round(d, _DIGITS - 1 - int(s)) for d, s in pairs], dtype=np.float64)


def wilcoxon_signed_rank(differences: npt.ArrayLike, *, method: str = "auto") -> PairedTest:
    """Wilcoxon signed-rank test that paired differences are symmetric about 0.

    Args: differences: (n,) numbers, NaN for an incomplete pair; differences of 0 are left out.  method: "auto" is
    exact with at most 50 differences other than 0, else normal; "exact"; "normal" with tie and continuity
    corrections; "untied" is exact only with at most 50 differences and neither ties nor zeros (as R, there below
    50), else normal.
    Returns: V, the sum of the ranks of the positive differences; undefined if no difference is left.
    Conventions: the exact p counts all signs of the observed mid-ranks, ties included; two-sided by distance from
    the mean (docs/methods/paired.md).
    Raises: DataError if the differences are not numbers or the method is unknown.
    Source: Wilcoxon 1945; Lehmann 1975; Streitberg & Roehmel 1986 (exact with ties).
    Checked: tests/golden/test_paired.py (R wilcox.test).
    """
    require_known(method, METHODS, "method")
    known, n_incomplete = complete_differences(differences)
    d = known[known != 0]
    n_zero = known.size - d.size
    ranks, sizes = mid_ranks(np.abs(d))
    has_ties = bool((sizes > 1).any())
    is_exact = method == "exact" or (
        method != "normal" and d.size <= EXACT_UP_TO and not (method == "untied" and (has_ties or n_zero))
    )
    used = "exact" if is_exact else "normal"
    counts = (known.size, n_incomplete, n_zero, has_ties, used)
    if not d.size:
        return PairedTest("signed-rank", "V", None, None, *counts, "undefined", _why(known.size))
    V, n = float(ranks[d > 0].sum()), d.size
    if is_exact:
        p = _exact_p(ranks, V)
    else:
        spread = n * (n + 1) * (2 * n + 1) / 24 - float((sizes**3 - sizes).sum()) / 48
        p = normal_p(V - n * (n + 1) / 4, spread)
    return PairedTest("signed-rank", "V", V, p, *counts, "ok", _note(n_zero))


def sign_test(differences: npt.ArrayLike) -> PairedTest:
    """Sign test that paired differences are as often above as below 0, exact.

    Args: differences: (n,) numbers, NaN for an incomplete pair; differences of 0 are left out.
    Returns: S, the number of positive differences; undefined if no difference is left.
    Raises: DataError if the differences are not numbers.
    Source: Dixon & Mood 1946, J Am Stat Assoc 41:557.  Checked: tests/golden/test_paired.py (R binom.test).
    """
    known, n_incomplete = complete_differences(differences)
    above, below = int(np.count_nonzero(known > 0)), int(np.count_nonzero(known < 0))
    n_zero = known.size - above - below
    has_ties = bool((mid_ranks(known[known != 0])[1] > 1).any())
    counts = (known.size, n_incomplete, n_zero, has_ties, "exact")
    if not above + below:
        return PairedTest("sign", "S", None, None, *counts, "undefined", _why(known.size))
    return PairedTest("sign", "S", float(above), binomial_half_p(above, below), *counts, "ok", _note(n_zero))


def binomial_half_p(a: int, b: int) -> float:
    """Two-sided exact p that a and b of a + b >= 1 were equally likely."""
    return min(1.0, 2 * float(bdtr(float(min(a, b)), a + b, 0.5)))


def complete_differences(differences: npt.ArrayLike) -> tuple[FloatArray, int]:
    """The differences that are there, and how many are not. Raises: DataError if one is infinite."""
    every = numbers(differences, "The differences")
    if n_bad := int(np.count_nonzero(np.isinf(every))):
        raise DataError(f"{n_bad} differences are infinite.", "not-numbers", expected="finite numbers")
    known = every[~np.isnan(every)]
    return known, every.size - known.size


def signed_rank_ways(whole: IntArray) -> FloatArray:
    """In how many ways some of the whole numbers add up to 0, 1, 2, ...; the shift algorithm."""
    total = int(whole.sum())
    ways = np.zeros(total + 1)
    ways[0] = 1.0
    for r in whole.tolist():
        ways[r:] += ways[: total + 1 - r].copy()
    return ways


def _exact_p(ranks: FloatArray, V: float) -> float:
    ways, observed = signed_rank_ways(doubled(ranks)), round(2 * V)
    middle = (ways.size - 1) / 2
    extreme = np.abs(np.arange(ways.size) - middle) >= abs(observed - middle) - 1e-6
    return min(1.0, float(ways[extreme].sum() / ways.sum()))


def _why(n_pairs: int) -> str:
    return NO_DIFFERENCE if n_pairs else "no complete pair"


def _note(n_zero: int) -> str:
    return f"{n_zero} difference{'s' if n_zero > 1 else ''} of 0 left out" if n_zero else ""
