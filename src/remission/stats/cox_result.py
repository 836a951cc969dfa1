"""What a Cox model or a logistic regression gives back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtri

from remission.stats.arrays import FloatArray, FrozenArrays, Status
from remission.stats.cox_data import CoxRows
from remission.stats.cox_design import CoxDesign
from remission.stats.cox_sums import Moments


@dataclass(frozen=True)
class ModelTest:
    """A test of all coefficients at once; None if it is not defined."""

    statistic: float | None
    df: int | None
    p: float | None


NO_TEST = ModelTest(None, None, None)


def quadratic(matrix: FloatArray, vector: FloatArray) -> float:
    """v' M^-1 v; NaN if M has no inverse."""
    try:
        return float(vector @ np.linalg.solve(matrix, vector))
    except np.linalg.LinAlgError:
        return float("nan")


def model_test(statistic: float, df: int) -> ModelTest:
    """A test against chi-square with df degrees of freedom; undefined if the statistic is not a number."""
    if not np.isfinite(statistic):
        return NO_TEST
    value = max(statistic, 0.0)
    return ModelTest(value, df, float(chdtrc(df, value)))


def wald_limits(coefficients: FloatArray, error: FloatArray, confidence: float) -> list[FloatArray]:
    """Lower and upper limit of each coefficient, and the exponentials of the coefficient and of its limits."""
    half = float(ndtri(0.5 + confidence / 2)) * error
    with np.errstate(over="ignore"):
        ratios = [np.exp(values) for values in (coefficients, coefficients - half, coefficients + half)]
    return [coefficients - half, coefficients + half, *ratios]


@dataclass(frozen=True, eq=False)
class CoxState:
    """What residuals and curves need: the scaled coefficients of the kept columns and the sums at the maximum."""

    rows: CoxRows
    design: CoxDesign
    kept: tuple[int, ...]
    beta: FloatArray
    information: FloatArray
    moments: Moments | None


@dataclass(frozen=True, eq=False)
class CoxFit(FrozenArrays):
    """A fitted Cox model with p covariates; NaN is a number that does not exist, `reason` says why.

    coefficients: (p,) log hazard ratio per unit.  se: (p,) standard error of the coefficient from the model;
    robust_se: the same by clusters (Lin-Wei), None without.  z, p: (p,) of the robust error if there is one; with
    Firth's penalty p is of the penalised likelihood-ratio test and z is still Wald's.  low, high: (p,) limits of
    the coefficient; hazard_ratio, hr_low, hr_high: their exponentials.  interval: "wald" or "profile".
    variance, robust_variance: (p, p) of the coefficients.  likelihood_ratio, score, wald, robust_score: tests of
    all coefficients.  n: rows (copies counted), n_rows: as given, n_events: events (copies counted).  weights:
    "copies" or "real weights".  diverging: names whose coefficient grows without bound; dropped: names without
    information of their own.  gradient: largest score left, in standard deviations of the covariate.
    centre: (p,) covariate means, linear_predictor: (n_rows,) relative to them (0 counts for dropped ones).
    """

    names: tuple[str, ...]
    coefficients: FloatArray
    se: FloatArray
    robust_se: FloatArray | None
    z: FloatArray
    p: FloatArray
    low: FloatArray
    high: FloatArray
    hazard_ratio: FloatArray
    hr_low: FloatArray
    hr_high: FloatArray
    interval: str
    confidence: float
    variance: FloatArray
    robust_variance: FloatArray | None
    loglik_null: float
    loglik: float
    likelihood_ratio: ModelTest
    score: ModelTest
    wald: ModelTest
    robust_score: ModelTest | None
    n: float
    n_rows: int
    n_events: float
    strata: tuple[str, ...]
    ties: str
    weights: str
    firth: bool
    iterations: int
    converged: bool
    gradient: float
    diverging: tuple[str, ...]
    dropped: tuple[str, ...]
    status: Status
    reason: str
    centre: FloatArray
    linear_predictor: FloatArray
    state: CoxState
