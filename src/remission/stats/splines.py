"""Restricted cubic splines: a smooth effect of a number in a Cox model or a logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, FrozenArrays, Status, finite_numbers
from remission.stats.summaries import quantile

# Harrell 2001, table 2.3: the places of the knots among the values
PLACES = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
    6: (0.05, 0.23, 0.41, 0.59, 0.77, 0.95),
    7: (0.025, 0.1833, 0.3417, 0.50, 0.6583, 0.8167, 0.975),
}
FEW = 100  # values: with fewer the outer knots are the fifth from either end


@dataclass(frozen=True, eq=False)
class SplineBasis(FrozenArrays):
    """knots: (k,) rising.  columns: (n, k - 1), the values themselves and k - 2 that bend; straight beyond the outer
    knots. Undefined if there are too few distinct values, then columns holds the values alone."""

    knots: FloatArray
    columns: FloatArray
    status: Status
    reason: str

    def at(self, values: npt.ArrayLike) -> FloatArray:
        """(m, k - 1) the same columns at other values, as for a curve. Raises: DataError if one is missing."""
        x = finite_numbers(values, "The values of the curve")
        return _columns(x, self.knots) if self.knots.size else x[:, None]


def spline_basis(values: npt.ArrayLike, *, knots: int | Sequence[float] = 4) -> SplineBasis:
    """The columns of a restricted (natural) cubic spline, to be given to fit_cox or fit_logistic as covariates.

    Args: values: (n,) numbers, none missing.  knots: how many (3 to 7, at Harrell's quantiles), or where (3 or more).
    Returns: see SplineBasis; undefined if the values do not give that many distinct knots.
    Conventions: truncated cubes divided by the square of the distance of the outer knots, so that all columns have
    the unit of the values; quantiles of type 7, and below 100 values the fifth smallest and largest as outer knots
    (the fifth only if that leaves them outside the others).
    Compare the model with all columns and that with the first by compare_nested: a test of nonlinearity.
    Raises: DataError if a value is missing, or the knots are not rising or not 3 to 7.
    Source: Stone & Koo 1985; Harrell, Regression Modeling Strategies, 2001, 2.4.
    Checked: tests/golden/test_models_compared.py (R splines::ns spans the same curves).
    """
    x = finite_numbers(values, "The values")
    if isinstance(knots, int):
        if knots not in PLACES:
            raise DataError("A spline needs 3 to 7 knots.", "out-of-range", expected="3 to 7", found=f"{knots}")
        at = _places(x, knots)
        if at.size < knots:
            reason = f"too few distinct values for {knots} knots"
            return SplineBasis(np.zeros(0), x[:, None].copy(), "undefined", reason)
    else:
        at = finite_numbers(knots, "The knots")
        if at.size < 3 or bool((np.diff(at) <= 0).any()):
            raise DataError("The knots must be 3 or more rising numbers.", "out-of-range", expected="3 or more, rising")
    return SplineBasis(at, _columns(x, at), "ok", "")


def _places(x: FloatArray, k: int) -> FloatArray:
    """Harrell's knots that are distinct."""
    if not x.size:
        return x
    at = np.array([quantile(x, p, kind=7) for p in PLACES[k]], dtype=np.float64)
    if 5 <= x.size < FEW:
        ordered = np.sort(x)
        ends = ordered[4], ordered[-5]
        if ends[0] < at[1] and at[-2] < ends[1]:
            at[0], at[-1] = ends
    return np.unique(at)


def _columns(x: FloatArray, knots: FloatArray) -> FloatArray:
    first, nearly, last = float(knots[0]), float(knots[-2]), float(knots[-1])
    unit = (last - first) ** 2

    def cube(knot: float) -> FloatArray:
        above: FloatArray = np.maximum(x - knot, 0.0) ** 3
        return above

    bent = [
        (cube(t) - cube(nearly) * (last - t) / (last - nearly) + cube(last) * (nearly - t) / (last - nearly)) / unit
        for t in knots[:-2].tolist()
    ]
    return np.column_stack([x, *bent])
