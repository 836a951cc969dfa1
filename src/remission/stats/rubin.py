"""Rubin's rules: one estimate, interval and test from the same analysis of several imputed data sets."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isinf, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtr, stdtrit

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, Status, finite_numbers, require_level, require_same_length

ONE = "one imputation says nothing of the variance between imputations"


@dataclass(frozen=True)
class Pooled:
    """An estimate pooled over m imputations.

    se: standard error of the estimate, the root of `total` = within + (1 + 1/m) between.  df: degrees of freedom of
    the t distribution, infinite if nothing was missing and the complete data had no limit.  missing_information:
    0-1, the fraction of information lost to missing values; relative_increase: of the variance, by the same.
    """

    m: int
    estimate: float | None
    se: float | None
    within: float | None
    between: float | None
    total: float | None
    relative_increase: float | None
    missing_information: float | None
    df: float | None
    statistic: float | None
    p: float | None
    low: float | None
    high: float | None
    confidence: float
    status: Status
    reason: str


@dataclass(frozen=True)
class PooledTest:
    """A joint test of k coefficients over m imputations: F with k and df_denominator degrees of freedom."""

    m: int
    statistic: float | None
    df: int
    df_denominator: float | None
    relative_increase: float | None
    p: float | None
    status: Status
    reason: str


def pool_estimates(
    estimates: npt.ArrayLike, standard_errors: npt.ArrayLike, *, df_complete: float = inf, confidence: float = 0.95
) -> Pooled:
    """One coefficient over m imputed data sets.

    Args: estimates, standard_errors: (m,) on a scale where the estimate is about normal (log hazard or odds ratio).
    df_complete: residual degrees of freedom had nothing been missing; infinite for Cox and logistic models by
    convention, n - p for a linear one.
    Returns: see Pooled; undefined with one imputation, or if a standard error is 0 in all of them.
    Conventions: Barnard and Rubin's degrees of freedom (docs/methods/multiple-imputation.md).
    Raises: DataError if lengths differ, a number is missing, an error is negative, or df_complete is not above 0.
    Source: Rubin 1987, ch. 3; Barnard & Rubin 1999, Biometrika 86:948.
    Checked: tests/by_hand/test_missing_data.py, tests/golden/test_missing_data.py (the formulas in R).
    """
    require_level(confidence, "confidence")
    q, error = finite_numbers(estimates, "The estimates"), finite_numbers(standard_errors, "The standard errors")
    require_same_length(estimates=q.size, standard_errors=error.size)
    if bool((error < 0).any()) or not df_complete > 0:
        raise DataError("A standard error or the degrees of freedom are below 0.", "below-minimum", expected="above 0")
    m = q.size
    within = float((error**2).mean()) if m else 0.0
    if m < 2 or not within > 0:
        return _undefined(m, confidence)
    between = float(q.var(ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    increase = (1 + 1 / m) * between / within
    df = _barnard_rubin(share, m, df_complete)
    estimate, se = float(q.mean()), sqrt(total)
    statistic = estimate / se
    p, factor = (
        (2 * float(ndtr(-abs(statistic))), float(ndtri(0.5 + confidence / 2)))
        if isinf(df)
        else (2 * float(stdtr(df, -abs(statistic))), float(stdtrit(df, 0.5 + confidence / 2)))
    )
    lost = (increase + 2 / (df + 3)) / (increase + 1) if between > 0 else 0.0
    low, high = estimate - factor * se, estimate + factor * se
    return Pooled(
        m, estimate, se, within, between, total, increase, lost, df, statistic, p, low, high, confidence, "ok", ""
    )


def pool_tests(estimates: npt.ArrayLike, variances: npt.ArrayLike) -> PooledTest:
    """Joint Wald test that k coefficients are 0, over m imputed data sets (D1).

    Args: estimates: (m, k).  variances: (m, k, k) covariance matrix of each.
    Returns: see PooledTest; undefined with one imputation, or if the mean variance has no inverse.
    Raises: DataError if the shapes do not agree or a number is missing.
    Source: Li, Raghunathan & Rubin 1991, J Am Stat Assoc 86:1065.
    Checked: tests/golden/test_missing_data.py (the formulas in R).
    """
    Q, U = np.asarray(estimates, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if Q.ndim != 2 or U.shape != (*Q.shape, Q.shape[1]) or not (np.isfinite(Q).all() and np.isfinite(U).all()):
        raise DataError(
            "Estimates and variances do not go together.",
            "wrong-shape",
            expected="(m, k) and (m, k, k), nothing missing",
            found=f"{Q.shape} and {U.shape}",
        )
    m, k = Q.shape
    if m < 2 or not k:
        return PooledTest(m, None, k, None, None, None, "undefined", ONE if m == 1 else "nothing to pool")
    within = U.mean(axis=0)
    if np.linalg.matrix_rank(within, hermitian=True) < k:
        reason = "the mean variance of the coefficients has no inverse"
        return PooledTest(m, None, k, None, None, None, "undefined", reason)
    away = Q - Q.mean(axis=0)
    increase = (1 + 1 / m) * float(np.trace(np.linalg.solve(within, away.T @ away / (m - 1)))) / k
    F = _wald(within, Q.mean(axis=0)) / (k * (1 + increase))
    df = _li_df(k, m, increase)
    p = float(chdtrc(k, k * F)) if isinf(df) else float(fdtrc(k, df, F))
    return PooledTest(m, F, k, df, increase, p, "ok", "")


def _undefined(m: int, confidence: float) -> Pooled:
    none = (None, None, None, None, None, None, None, None, None, None, None, None)
    return Pooled(m, *none, confidence, "undefined", ONE if m == 1 else "nothing to pool")


def _wald(variance: FloatArray, values: FloatArray) -> float:
    return float(values @ np.linalg.solve(variance, values))


def _barnard_rubin(share: float, m: int, complete: float) -> float:
    """Degrees of freedom; share: of the total variance that is due to missing values."""
    usual = (m - 1) / share**2 if share > 0 else inf
    if isinf(complete):
        return usual
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    return observed if isinf(usual) else usual * observed / (usual + observed)


def _li_df(k: int, m: int, increase: float) -> float:
    if not increase > 0:
        return inf
    t = k * (m - 1)
    if t > 4:
        return 4 + (t - 4) * (1 + (1 - 2 / t) / increase) ** 2
    return t * (1 + 1 / k) * (1 + 1 / increase) ** 2 / 2
