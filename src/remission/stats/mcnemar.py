"""McNemar's test: did a yes-no finding change between two assessments of the same patients?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, chdtrc

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, Status, numbers, require_known, require_level, require_same_length
from remission.stats.proportions import proportion_interval
from remission.stats.signed_rank import binomial_half_p

METHODS = ("exact", "mid-p", "chi-square", "chi-square-corrected")


@dataclass(frozen=True)
class McNemarTest:
    """A test of paired yes-no findings, two-sided.

    both, only_before, only_after, neither: pairs by finding.  odds_ratio: only_after / only_before, with its exact
    conditional interval; None is infinite (no pair changed to no).  statistic: of the chi-square methods.  n_pairs:
    complete pairs.  n_incomplete: the others.
    """

    both: int
    only_before: int
    only_after: int
    neither: int
    statistic: float | None
    p: float | None
    odds_ratio: float | None
    low: float | None
    high: float | None
    n_pairs: int
    n_incomplete: int
    method: str
    confidence: float
    status: Status
    reason: str


def mcnemar_test(
    before: npt.ArrayLike, after: npt.ArrayLike, *, method: str = "exact", confidence: float = 0.95
) -> McNemarTest:
    """McNemar's test that as many findings changed from no to yes as from yes to no.

    Args: before, after: (n,) 1 or 0, True or False, NaN for missing.  method: "exact" (binomial), "mid-p" or
    "chi-square", the latter also with continuity correction ("chi-square-corrected", R's default).
    Returns: see McNemarTest; undefined if no finding changed.
    Raises: DataError if a value is neither yes, no nor missing, the lengths differ, or the method is unknown.
    Source: McNemar 1947; Fagerland, Lydersen & Laake 2013, BMC Med Res Methodol 13:91 (mid-P).
    Checked: tests/golden/test_paired.py (R binom.test, mcnemar.test).
    """
    require_known(method, METHODS, "method")
    require_level(confidence, "confidence")
    a, b = _yes_no(before, "The finding before"), _yes_no(after, "The finding after")
    require_same_length(before=a.size, after=b.size)
    known = ~(np.isnan(a) | np.isnan(b))
    first, second = a[known] == 1, b[known] == 1
    counts = [int(np.count_nonzero(cell)) for cell in (first & second, first & ~second, ~first & second)]
    both, lost, gained = counts
    n_pairs = int(np.count_nonzero(known))
    cells = (both, lost, gained, n_pairs - sum(counts))
    size = (n_pairs, a.size - n_pairs, method, confidence)
    if not lost + gained:
        reason = "no finding changed" if n_pairs else "no complete pair"
        return McNemarTest(*cells, None, None, None, None, None, *size, "undefined", reason)
    statistic, p = _test(lost, gained, method)
    share = proportion_interval(gained, lost + gained, confidence=confidence)
    low, high = (_odds(limit) for limit in (share.low, share.high))
    return McNemarTest(*cells, statistic, p, gained / lost if lost else None, low, high, *size, "ok", "")


def _test(lost: int, gained: int, method: str) -> tuple[float | None, float]:
    """The statistic, if the method has one, and p."""
    n = lost + gained
    if method == "exact":
        return None, binomial_half_p(lost, gained)
    if method == "mid-p":
        k = min(lost, gained)
        up_to, below = float(bdtr(float(k), n, 0.5)), float(bdtr(float(k - 1), n, 0.5)) if k else 0.0
        return None, min(1.0, up_to + below)
    correction = min(1.0, abs(gained - lost)) if method == "chi-square-corrected" else 0.0
    statistic = (abs(gained - lost) - correction) ** 2 / n
    return statistic, float(chdtrc(1, statistic))


def _odds(share: float | None) -> float | None:
    """The odds of a share; None where they are infinite."""
    return None if share is None or share >= 1.0 else share / (1 - share)


def _yes_no(values: npt.ArrayLike, name: str) -> FloatArray:
    """(n,) 1, 0 or NaN."""
    array = np.asarray(values)
    found = numbers(array.astype(np.float64) if array.dtype.kind == "b" else array, name)
    if n_bad := int(np.count_nonzero(~(np.isnan(found) | (found == 0) | (found == 1)))):
        raise DataError(
            f"{name} is neither yes nor no in {n_bad} of {found.size} rows.", "not-yes-no", expected="1, 0 or missing"
        )
    return found
