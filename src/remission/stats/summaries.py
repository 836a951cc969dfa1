"""Quantiles of all nine usual types, and the summary of a continuous variable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, Status, finite_numbers, numbers

# Hyndman & Fan's plotting positions (a, b) of the continuous types: p_k = (k - a) / (n + 1 - a - b)
_POSITIONS = {
    4: (0.0, 1.0),
    5: (0.5, 0.5),
    6: (0.0, 0.0),
    7: (1.0, 1.0),
    8: (1 / 3, 1 / 3),
    9: (3 / 8, 3 / 8),
}
_FUZZ = 4 * float(np.finfo(np.float64).eps)  # so that n * p = 3 is not taken for 2.9999999999999996


@dataclass(frozen=True)
class Summary:
    """A continuous variable: n values, the missing ones counted apart; sd needs two values."""

    n: int
    missing: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None
    quartile_kind: int
    status: Status
    reason: str


def quantile(values: npt.ArrayLike, p: float, *, kind: int = 2) -> float | None:
    """A sample quantile of Hyndman and Fan's type 1 to 9.

    Args: values: (n,) numbers, none missing.  p: 0-1.  kind: 2 (SAS, gtsummary), 6 (SPSS, Prism), 7 (R,
    numpy).
    Returns: the quantile; None of no values.
    Raises: DataError if p is not in 0-1, the type is unknown, or a value is missing.
    Source: Hyndman & Fan 1996, Am Stat 50:361-365.  Checked: tests/golden/test_stats_tests.py (R quantile).
    """
    ordered = np.sort(finite_numbers(values, "The variable"))
    if not 0.0 <= p <= 1.0:
        raise DataError("A quantile needs a proportion from 0 to 1.", "not-a-proportion", found=f"{p}")
    if kind not in range(1, 10):
        raise DataError(f"Unknown type of quantile {kind}.", "unknown-option", expected="1 to 9")
    if not ordered.size:
        return None
    return _step_quantile(ordered, p, kind) if kind <= 3 else _continuous_quantile(ordered, p, kind)


def _step_quantile(ordered: FloatArray, p: float, kind: int) -> float:
    position = ordered.size * p - (0.5 if kind == 3 else 0.0)
    j = int(np.floor(position + _FUZZ * max(1.0, position)))
    is_whole = position <= j + _FUZZ * max(1.0, position)
    if kind == 1:
        share = 0.0 if is_whole else 1.0
    elif kind == 2:
        share = 0.5 if is_whole else 1.0
    else:
        share = 0.0 if is_whole and j % 2 == 0 else 1.0
    return _between(ordered, j, share)


def _continuous_quantile(ordered: FloatArray, p: float, kind: int) -> float:
    a, b = _POSITIONS[kind]
    position = a + p * (ordered.size + 1 - a - b)
    j = int(np.floor(position + _FUZZ * max(1.0, position)))
    share = position - j
    return _between(ordered, j, 0.0 if abs(share) < _FUZZ * max(1.0, position) else share)


def _between(ordered: FloatArray, j: int, share: float) -> float:
    """The j-th smallest value (from 1, ends repeated), or a share of the way to the next."""
    low, high = (float(ordered[min(max(i, 1), ordered.size) - 1]) for i in (j, j + 1))
    if share == 0.0 or low == high:
        return low
    return high if share == 1.0 else (1 - share) * low + share * high


def summarise(values: npt.ArrayLike, *, kind: int = 2) -> Summary:
    """Mean, standard deviation, median, quartiles and range of a variable.

    Args: values: (n,) numbers, NaN for missing.  kind: quantile type 1-9 of the quartiles; the median is the
    usual one for every type but 1, 3 and 4, whose own is given.
    Returns: see Summary; all None with a reason if no value is there.
    Raises: DataError if the values are not numbers, one is infinite, or the type is unknown.
    """
    array = numbers(values, "The variable")
    known = array[~np.isnan(array)]
    missing = array.size - known.size
    q1, median, q3 = (quantile(known, p, kind=kind) for p in (0.25, 0.5, 0.75))
    if not known.size:
        return Summary(0, missing, *(None,) * 7, kind, "undefined", "no values")
    sd = float(np.std(known, ddof=1)) if known.size > 1 else None
    return Summary(
        known.size,
        missing,
        float(np.mean(known)),
        sd,
        median,
        q1,
        q3,
        float(known.min()),
        float(known.max()),
        kind,
        "ok",
        "" if known.size > 1 else "one value: no sd",
    )
