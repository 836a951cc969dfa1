"""The likelihood of a logistic regression, plain or with Firth's penalty, and what a fit gives back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from remission.stats.arrays import FloatArray, FrozenArrays, Status
from remission.stats.cox_maximise import inverse
from remission.stats.cox_result import ModelTest


@dataclass(frozen=True, eq=False)
class LogisticPoint:
    """log likelihood (penalised with Firth), score and information at one value of the coefficients."""

    loglik: float
    score: FloatArray
    information: FloatArray


@dataclass(frozen=True, eq=False)
class LogisticModel:
    """The rows of a model: design (n, q), the intercept first, the rest centred and scaled; outcome, weight, offset."""

    design: FloatArray
    outcome: FloatArray
    weight: FloatArray
    offset: FloatArray
    firth: bool

    def at(self, beta: FloatArray) -> LogisticPoint | None:
        """The point at beta, (q,); None if it is too far out to be computed."""
        eta = self.design @ beta + self.offset
        if not np.isfinite(eta).all():
            return None
        chance = expit(eta)
        spread = self.weight * chance * expit(-eta)
        information = (self.design.T * spread) @ self.design
        loglik = float(self.weight @ (self.outcome * eta - np.logaddexp(0.0, eta)))
        residual = self.weight * (self.outcome - chance)
        if self.firth:
            sign, log_determinant = np.linalg.slogdet(information)
            if not sign > 0:
                return None
            leverage = spread * ((self.design @ inverse(information)) * self.design).sum(axis=1)
            loglik += 0.5 * float(log_determinant)
            residual = residual + leverage * (0.5 - chance)
        return LogisticPoint(loglik, self.design.T @ residual, information)


@dataclass(frozen=True, eq=False)
class LogisticState:
    """What profile intervals need: the model, its kept columns, the coefficients of its scaled columns.

    to_units: (q, q) takes them to the caller's units.
    """

    model: LogisticModel
    kept: tuple[int, ...]
    beta: FloatArray
    information: FloatArray
    to_units: FloatArray


@dataclass(frozen=True, eq=False)
class LogisticFit(FrozenArrays):
    """A fitted logistic regression; the intercept comes first in all arrays (p + 1,); NaN: see `reason`.

    coefficients: log odds ratio per unit.  se: standard error of the coefficient.  z, p: Wald; with Firth's
    penalty p is of the penalised likelihood-ratio test (the intercept's too).  low, high: limits of the
    coefficient, "wald" or "profile" as `interval` says.  odds_ratio, or_low, or_high: their exponentials.
    variance: (p + 1, p + 1).  loglik_null: intercept only.  likelihood_ratio, score, wald: all covariates against
    none.  n, n_events: copies counted.  diverging, dropped: names.  gradient: largest score left, columns scaled.
    """

    names: tuple[str, ...]
    coefficients: FloatArray
    se: FloatArray
    z: FloatArray
    p: FloatArray
    low: FloatArray
    high: FloatArray
    odds_ratio: FloatArray
    or_low: FloatArray
    or_high: FloatArray
    interval: str
    confidence: float
    variance: FloatArray
    loglik_null: float
    loglik: float
    likelihood_ratio: ModelTest
    score: ModelTest
    wald: ModelTest
    n: float
    n_events: float
    firth: bool
    iterations: int
    converged: bool
    gradient: float
    diverging: tuple[str, ...]
    dropped: tuple[str, ...]
    status: Status
    reason: str
    state: LogisticState
