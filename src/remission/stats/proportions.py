"""A proportion of n out of a total, with its interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, sqrt
from numbers import Integral

from scipy.special import betainc, betaincinv, betaln, ndtri, xlog1py, xlogy

from remission.core.errors import DataError
from remission.stats.arrays import Status, require_known, require_level

METHODS = ("clopper-pearson", "wilson", "mid-p", "jeffreys", "agresti-coull", "wald")


@dataclass(frozen=True)
class Proportion:
    """n of total, 0-1, with its interval; None if the total is 0."""

    n: int
    total: int
    estimate: float | None
    low: float | None
    high: float | None
    method: str
    confidence: float
    status: Status
    reason: str


def proportion_interval(n: int, total: int, *, method: str = "clopper-pearson", confidence: float = 0.95) -> Proportion:
    """A proportion with its two-sided interval.

    Args: n, total: int, 0 <= n <= total.  method: "clopper-pearson" (exact), "mid-p", "wilson", "jeffreys",
    "agresti-coull" or "wald" (clipped to 0-1, never by default).
    Returns: see Proportion; undefined if the total is 0.
    Conventions: Jeffreys' limits are 0 at n = 0 and 1 at n = total.
    Raises: DataError if the counts are not whole or n is not in 0..total, or the method is unknown.
    Source: Clopper & Pearson 1934; Wilson 1927; Lancaster 1961 (mid-P); Brown, Cai & DasGupta 2001.
    Checked: tests/golden/test_stats_tests.py (R binom.test, prop.test).
    """
    require_known(method, METHODS, "method")
    require_level(confidence, "confidence")
    if any(isinstance(x, bool) or not isinstance(x, Integral) for x in (n, total)):
        raise DataError("A proportion needs whole counts.", "not-whole-numbers", expected="integers")
    n, total = int(n), int(total)
    if not 0 <= n <= total:
        raise DataError("A numerator is outside its denominator.", "not-a-proportion", expected="0 <= n <= total")
    if total == 0:
        return Proportion(n, total, None, None, None, method, confidence, "undefined", "the denominator is 0")
    low, high = _LIMITS[method](n, total, 1 - confidence)
    return Proportion(n, total, n / total, max(0.0, low), min(1.0, high), method, confidence, "ok", "")


def _clopper_pearson(n: int, total: int, alpha: float) -> tuple[float, float]:
    low = 0.0 if n == 0 else float(betaincinv(n, total - n + 1, alpha / 2))
    high = 1.0 if n == total else float(betaincinv(n + 1, total - n, 1 - alpha / 2))
    return low, high


def _jeffreys(n: int, total: int, alpha: float) -> tuple[float, float]:
    low = 0.0 if n == 0 else float(betaincinv(n + 0.5, total - n + 0.5, alpha / 2))
    high = 1.0 if n == total else float(betaincinv(n + 0.5, total - n + 0.5, 1 - alpha / 2))
    return low, high


def _mid_p(n: int, total: int, alpha: float) -> tuple[float, float]:
    low = 0.0 if n == 0 else _root(lambda p: _upper_tail_mid_p(n, total, p), alpha / 2)
    high = 1.0 if n == total else _root(lambda p: _upper_tail_mid_p(n, total, p), 1 - alpha / 2)
    return low, high


def _upper_tail_mid_p(n: int, total: int, p: float) -> float:
    """P(X > n) + P(X = n) / 2 for X binomial; rises with p."""
    log_choose = -betaln(n + 1, total - n + 1) - xlogy(1, total + 1)
    point = exp(float(log_choose + xlogy(n, p) + xlog1py(total - n, -p)))
    above = float(betainc(n + 1, total - n, p)) if n < total else 0.0
    return above + point / 2


def _root(rising: Callable[[float], float], level: float) -> float:
    """Where a rising function on 0-1 meets a level, by bisection down to neighbouring floats."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        low, high = (middle, high) if rising(middle) < level else (low, middle)


def _wilson(n: int, total: int, alpha: float) -> tuple[float, float]:
    z2 = float(ndtri(1 - alpha / 2)) ** 2
    centre = (n + z2 / 2) / (total + z2)
    half = sqrt(z2 * (n * (total - n) / total + z2 / 4)) / (total + z2)
    # exactly 0 and 1 at the ends, where the difference would leave a rounding error
    return 0.0 if n == 0 else centre - half, 1.0 if n == total else centre + half


def _agresti_coull(n: int, total: int, alpha: float) -> tuple[float, float]:
    z = float(ndtri(1 - alpha / 2))
    size = total + z * z
    centre = (n + z * z / 2) / size
    half = z * sqrt(centre * (1 - centre) / size)
    return centre - half, centre + half


def _wald(n: int, total: int, alpha: float) -> tuple[float, float]:
    p = n / total
    half = float(ndtri(1 - alpha / 2)) * sqrt(p * (1 - p) / total)
    return p - half, p + half


_LIMITS: dict[str, Callable[[int, int, float], tuple[float, float]]] = {
    "clopper-pearson": _clopper_pearson,
    "wilson": _wilson,
    "mid-p": _mid_p,
    "jeffreys": _jeffreys,
    "agresti-coull": _agresti_coull,
    "wald": _wald,
}


@dataclass(frozen=True)
class ProportionDifference:
    """First less second proportion, with its interval; None with a reason where a side is empty."""

    estimate: float | None
    low: float | None
    high: float | None
    status: Status
    reason: str


def proportion_difference(a: int, m: int, b: int, n: int, *, confidence: float = 0.95) -> ProportionDifference:
    """a of m less b of n, with Newcombe's interval: the two Wilson intervals put together.

    Raises: DataError as proportion_interval.
    Source: Newcombe 1998, Stat Med 17:873-890, method 10.  Checked: tests/by_hand/test_proportion_difference.py.
    """
    first, second = (
        proportion_interval(k, total, method="wilson", confidence=confidence) for k, total in ((a, m), (b, n))
    )
    parts = (first.estimate, first.low, first.high, second.estimate, second.low, second.high)
    if any(part is None for part in parts):
        return ProportionDifference(None, None, None, "undefined", "nobody on one side")
    p, l1, u1, q, l2, u2 = (float(part or 0) for part in parts)
    below, above = ((p - l1) ** 2 + (u2 - q) ** 2) ** 0.5, ((u1 - p) ** 2 + (q - l2) ** 2) ** 0.5
    return ProportionDifference(p - q, p - q - below, p - q + above, "ok", "")
