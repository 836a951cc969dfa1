"""Fine and Gray's regression of the subdistribution hazard: how covariates move a cause's cumulative incidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from remission.core.errors import DataError
from remission.stats.arrays import (
    BoolArray,
    FloatArray,
    FrozenArrays,
    IntArray,
    Status,
    require_level,
    require_same_length,
    whole_numbers,
)
from remission.stats.cox_fit import fit_cox
from remission.stats.cox_result import CoxFit
from remission.stats.subdistribution import influence, likelihood, maximum, patients


@dataclass(frozen=True, eq=False)
class FineGray(FrozenArrays):
    """Subdistribution hazard ratios of one cause, p covariates.

    coef, se (robust, with the part of the estimated censoring), z, p: (p,).  hazard_ratio, low, high: (p,).
    covariance: (p, p) of coef.  information: (p, p) inverse of the negative second derivative, too small or
    too large as a covariance.  log_likelihood, log_likelihood_null: of the weighted partial likelihood.  days,
    baseline: (k,) cumulative subdistribution hazard of a patient with all covariates 0.  n: own.
    """

    cause: int
    coef: FloatArray
    se: FloatArray
    z: FloatArray
    p: FloatArray
    hazard_ratio: FloatArray
    low: FloatArray
    high: FloatArray
    covariance: FloatArray
    information: FloatArray
    log_likelihood: float
    log_likelihood_null: float
    days: IntArray
    baseline: FloatArray
    last_day: int | None
    n: int
    events: int
    other_events: int
    confidence: float
    status: Status
    reason: str


@dataclass(frozen=True, eq=False)
class WeightedRows(FrozenArrays):
    """Follow-up with which a weighted Cox model (Breslow ties) is Fine and Gray's: (r,) pieces, entry < t <= exit.

    patient: position among the n patients, the cluster of a robust standard error.  weight: 0-1.
    """

    patient: IntArray
    entry_days: IntArray
    exit_days: IntArray
    is_event: BoolArray
    weight: FloatArray


def fit_fine_gray(
    exit_days: npt.ArrayLike, cause_codes: npt.ArrayLike, covariates: npt.ArrayLike, *, cause: int = 1,
    confidence: float = 0.95,
) -> FineGray:  # fmt: skip
    """Subdistribution hazard ratios by the weighted partial likelihood.

    Args: exit_days: (n,) int >= 0.  cause_codes: (n,) int, 0 censored, 1.. the cause.  covariates: (n, p)
    numbers known at the start.  cause: the one modelled, all others compete.
    Returns: see FineGray; failed without events, with constant or collinear covariates, or if the likelihood
    has no finite maximum.
    Conventions: Breslow ties; patients with another event stay at risk with weight G(t-)/G(exit-), G the
    Kaplan-Meier estimate of remaining uncensored, in which events and censorings of a day are both at risk;
    the standard error is that of the 1999 paper, with the part due to estimating G (docs/methods/fine-gray.md).
    Raises: DataError if lengths differ, a value is missing, or the cause is below 1.
    Source: Fine & Gray 1999, J Am Stat Assoc 94:496-509.  Checked: tests/golden/test_cr_regression.py (cmprsk).
    """
    z = float(ndtri(0.5 + require_level(confidence, "confidence") / 2))
    exits, codes = _checked(exit_days, cause_codes, cause)
    X = _matrix(covariates, exits.size)
    middle = X.mean(axis=0) if X.size else np.zeros(X.shape[1])
    own = patients(exits, codes, X - middle, cause)
    counts = (exits.size, int(own.is_own.sum()), int(own.is_other.sum()))
    if not counts[1]:
        return _failed(cause, X.shape[1], counts, confidence, "no events of this cause")
    beta, reason = maximum(own)
    if reason:
        return _failed(cause, X.shape[1], counts, confidence, reason)
    value, _, curvature, S0, mean = likelihood(own, beta)
    inverse: FloatArray = np.linalg.inv(curvature).astype(np.float64)
    parts = influence(own, beta, S0, mean)
    covariance = inverse @ (parts.T @ parts) @ inverse
    se = np.sqrt(np.diag(covariance))
    baseline = np.cumsum(own.events / S0, dtype=np.float64) * float(np.exp(-middle @ beta))
    score = np.divide(beta, se, out=np.zeros_like(beta), where=se > 0)
    return FineGray(
        cause,
        beta,
        se,
        score,
        2 * ndtr(-np.abs(score)),
        np.exp(beta),
        np.exp(beta - z * se),
        np.exp(beta + z * se),
        covariance,
        inverse,
        value,
        likelihood(own, np.zeros_like(beta))[0],
        own.days,
        baseline,
        int(exits.max()),
        *counts,
        confidence,
        "ok",
        "",
    )


def fit_cause_specific(
    exit_days: npt.ArrayLike,
    cause_codes: npt.ArrayLike,
    covariates: npt.ArrayLike,
    *,
    cause: int = 1,
    ties: str = "efron",
    confidence: float = 0.95,
) -> CoxFit:
    """Cox model of the cause-specific hazard: an event of another cause ends observation.

    Args: as fit_fine_gray; ties: as fit_cox.  Returns: a CoxFit.  It says how covariates act on the rate of the
    cause among those still free of all; Fine and Gray's says how they move its cumulative incidence.
    Raises: DataError as fit_fine_gray and fit_cox.
    Source: Prentice et al. 1978, Biometrics 34:541-554.
    """
    exits, codes = _checked(exit_days, cause_codes, cause)
    return fit_cox(exits, codes == cause, _matrix(covariates, exits.size), ties=ties, confidence=confidence)


def predict_incidence(fit: FineGray, covariates: npt.ArrayLike, at_days: npt.ArrayLike) -> FloatArray:
    """Predicted cumulative incidence of the cause: (rows, days), NaN beyond the last follow-up.

    Args: fit: from fit_fine_gray, status "ok".  covariates: (r, p).  at_days: (k,) int >= 0.
    Raises: DataError if the model failed, the covariates do not fit, or a day is negative or not whole.
    """
    days = whole_numbers(at_days, "The day asked for")
    if fit.status != "ok" or fit.last_day is None:
        raise DataError("A model that failed predicts nothing.", "no-model", found=fit.reason)
    X = np.asarray(covariates)
    X = _matrix(X, X.shape[0] if X.ndim else 0)
    if X.shape[1] != fit.coef.size:
        raise DataError(
            "The covariates are not those of the model.", "wrong-shape", expected=f"{fit.coef.size} columns"
        )
    hazard = np.concatenate([np.zeros(1), fit.baseline])[np.searchsorted(fit.days, days, side="right")]
    incidence: FloatArray = -np.expm1(-np.exp(X @ fit.coef)[:, None] * hazard[None])
    incidence[:, days > fit.last_day] = np.nan
    return incidence


def expand_rows(exit_days: npt.ArrayLike, cause_codes: npt.ArrayLike, *, cause: int = 1) -> WeightedRows:
    """Follow-up with weights, for any program that fits a weighted Cox model with late entry.

    Args: as fit_fine_gray.  Returns: one row per patient to its exit, and for patients with another event one
    more for each piece between days with events of the cause, until the last of them.
    Raises: DataError as fit_fine_gray.
    Source: Geskus 2011, Biometrics 67:39-49.
    """
    exits, codes = _checked(exit_days, cause_codes, cause)
    one = patients(exits, codes, np.zeros((exits.size, 0)), cause)
    happens = np.flatnonzero(one.events > 0)
    who, day = np.nonzero(one.is_other[:, None] & (one.place[:, None] < happens[None]))
    before = np.where(day > 0, one.days[happens[np.maximum(day - 1, 0)]], -1) if day.size else day
    n = exits.size
    patient = np.concatenate([np.arange(n), who])
    order = np.argsort(patient, kind="stable")
    return WeightedRows(
        patient[order],
        np.concatenate([np.full(n, -1), np.maximum(before, exits[who])])[order],
        np.concatenate([exits, one.days[happens[day]]])[order],
        np.concatenate([one.is_own, np.zeros(who.size, dtype=np.bool_)])[order],
        np.concatenate([np.ones(n), one.stays[happens[day]] * one.share[who]])[order],
    )


def _checked(exit_days: npt.ArrayLike, cause_codes: npt.ArrayLike, cause: int) -> tuple[IntArray, IntArray]:
    exits = whole_numbers(exit_days, "The last day of follow-up")
    codes = whole_numbers(cause_codes, "The cause")
    require_same_length(exit_days=exits.size, cause_codes=codes.size)
    if cause < 1:
        raise DataError("There is no such cause.", "unknown-cause", expected="1 or more", found=f"{cause}")
    return exits, codes


def _matrix(covariates: npt.ArrayLike, n: int) -> FloatArray:
    X = np.asarray(covariates)
    X = X[:, None] if X.ndim == 1 else X
    if X.ndim != 2 or X.shape[0] != n or X.dtype.kind not in "iufb":
        raise DataError(
            "The covariates must be a table of numbers, one row per patient.",
            "wrong-shape",
            expected=f"shape ({n}, p)",
            found=f"shape {X.shape}, type {X.dtype}",
        )
    X = X.astype(np.float64)
    if n_bad := int(np.count_nonzero(~np.isfinite(X).all(axis=1))):
        raise DataError(f"Covariates are missing or infinite for {n_bad} of {n} rows.", "missing-values")
    return X


def _failed(cause: int, p: int, counts: tuple[int, int, int], confidence: float, reason: str) -> FineGray:
    nothing = [np.full(p, np.nan) for _ in range(7)]
    square = np.full((p, p), np.nan)
    return FineGray(
        cause,
        nothing[0],
        nothing[1],
        nothing[2],
        nothing[3],
        nothing[4],
        nothing[5],
        nothing[6],
        square,
        square.copy(),
        np.nan,
        np.nan,
        np.zeros(0, dtype=np.int64),
        np.zeros(0),
        None,
        *counts,
        confidence,
        "failed",
        reason,
    )
