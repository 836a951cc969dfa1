"""Baseline hazard of a Cox model, and survival curves for given covariates with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, FrozenArrays, IntArray, require_known, whole_numbers
from remission.stats.cox_data import covariate_matrix
from remission.stats.cox_residuals import require_moments
from remission.stats.cox_result import CoxFit
from remission.stats.cox_sums import cumulate


@dataclass(frozen=True, eq=False)
class BaselineHazard(FrozenArrays):
    """Cumulative hazard of one stratum after each of its days with an event, at fixed covariates; survival exp(-H)."""

    stratum: str
    days: IntArray
    cumulative_hazard: FloatArray
    survival: FloatArray


@dataclass(frozen=True, eq=False)
class PredictedSurvival(FrozenArrays):
    """Survival at k days for q sets of covariates, arrays (q, k); NaN beyond the last follow-up of the stratum.

    se: standard error of the survival.  low, high: log(-log) interval; NaN where survival is 1 or 0.
    """

    stratum: str
    days: IntArray
    survival: FloatArray
    se: FloatArray
    low: FloatArray
    high: FloatArray
    cumulative_hazard: FloatArray
    se_hazard: FloatArray
    confidence: float


def baseline_hazard(fit: CoxFit, *, covariates: npt.ArrayLike | None = None) -> tuple[BaselineHazard, ...]:
    """The cumulative hazard at given covariates, by stratum: Breslow's estimate, or Efron's after an Efron fit.

    Args: fit: from fit_cox.  covariates: (p,), default the means (fit.centre); zeros give the usual H0.
    Raises: DataError for a fit without estimates, or by the exact method.
    Source: Breslow 1972; Kalbfleisch & Prentice 2002, section 4.3.  Checked: tests/golden/test_cox_r.py.
    """
    design, moments = require_moments(fit)
    x = fit.centre if covariates is None else np.asarray(covariates, dtype=np.float64)
    factor = np.exp(_scaled(fit, x[None, :]) @ fit.state.beta - design.offset_centre)[0]
    hazard = cumulate(design, moments.h) * factor
    parts = zip(design.bounds[:-1].tolist(), design.bounds[1:].tolist(), strict=True)
    return tuple(
        BaselineHazard(label, design.cell_day[lo:hi].copy(), hazard[lo:hi].copy(), np.exp(-hazard[lo:hi]))
        for label, (lo, hi) in zip(fit.strata, parts, strict=True)
    )


def predict_survival(
    fit: CoxFit, covariates: npt.ArrayLike, at_days: npt.ArrayLike, *, stratum: str | None = None
) -> PredictedSurvival:
    """Survival at chosen days for given covariates that do not change with time.

    Args: fit: from fit_cox.  covariates: (q, p).  at_days: (k,) int >= 0.  stratum: label, needed if there are two.
    Returns: see PredictedSurvival; the error counts the uncertainty of the coefficients and of the baseline.
    Conventions: offset 0; survival on a day includes the day's events; the coefficients vary as the fit says, by
    cluster if it has clusters.
    Raises: DataError if a covariate or the stratum is missing, or for a fit without estimates.
    Source: Tsiatis 1981, Ann Stat 9:93; Kalbfleisch & Prentice 2002, eq. 4.41.  Checked: tests/golden/test_cox_r.py.
    """
    design, moments = require_moments(fit)
    days = whole_numbers(at_days, "The day asked for")
    if stratum is None and len(fit.strata) > 1:
        raise DataError("A curve belongs to one stratum.", "unused-option", expected="one of " + ", ".join(fit.strata))
    s = fit.strata.index(require_known(stratum or fit.strata[0], fit.strata, "stratum"))
    lo, hi = design.bounds[s : s + 2].tolist()
    upto = np.searchsorted(design.cell_day[lo:hi], days, side="right")
    (u0, u1, _), S1, D1 = moments.u, moments.S1, moments.D1

    def at(values: FloatArray) -> FloatArray:
        running = np.cumsum(values[..., lo:hi], axis=-1)
        return np.concatenate([np.zeros((*values.shape[:-1], 1)), running], axis=-1)[..., upto]

    x = np.asarray(covariates)
    z = _scaled(fit, covariate_matrix(x, x.shape[0] if x.ndim else 0))
    factor = np.exp(z @ fit.state.beta - design.offset_centre)[:, None]
    H, own, V = at(moments.h), at(u0), at(u0 * S1 - u1 * D1)
    lever = z[:, :, None] * H - V  # (q, p, k)
    spread = np.einsum("qpk,pr,qrk->qk", lever, _variance(fit), lever)
    hazard, se_hazard = H * factor, factor * np.sqrt(own + spread)
    members = fit.state.rows.stratum == s
    hazard[:, days > fit.state.rows.exits[members].max(initial=-1)] = np.nan
    se_hazard[np.isnan(hazard)] = np.nan
    survival = np.exp(-hazard)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = float(ndtri(0.5 + fit.confidence / 2)) * se_hazard / hazard
        low, high = survival ** np.exp(half), survival ** np.exp(-half)
    return PredictedSurvival(
        fit.strata[s], days, survival, survival * se_hazard, low, high, hazard, se_hazard, fit.confidence
    )


def _variance(fit: CoxFit) -> FloatArray:
    """(kept, kept) variance of the scaled coefficients, robust where the fit's is."""
    if fit.robust_variance is None:
        return np.asarray(np.linalg.inv(fit.state.information), dtype=np.float64)
    kept, scale = list(fit.state.kept), fit.state.design.scale
    return fit.robust_variance[np.ix_(kept, kept)] * np.outer(scale, scale)


def _scaled(fit: CoxFit, x: FloatArray) -> FloatArray:
    """(q, kept) scaled columns of new covariates. Raises: DataError if there are not p of them."""
    if x.ndim != 2 or x.shape[1] != len(fit.names):
        raise DataError(
            "A curve needs every covariate of the model.",
            "lengths-differ",
            expected=f"{len(fit.names)} columns: " + ", ".join(fit.names),
            found=f"shape {x.shape}",
        )
    scaled: FloatArray = (x[:, list(fit.state.kept)] - fit.state.design.centre) / fit.state.design.scale
    return scaled
