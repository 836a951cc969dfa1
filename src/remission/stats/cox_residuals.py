"""Residuals of a Cox model: martingale, deviance, score, dfbeta, Schoenfeld."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, FrozenArrays, IntArray
from remission.stats.cox_design import CoxDesign
from remission.stats.cox_result import CoxFit
from remission.stats.cox_sums import Moments, cumulate, row_exposure


@dataclass(frozen=True, eq=False)
class Schoenfeld(FrozenArrays):
    """One row per event, by stratum and day: covariates less their expected value among those at risk.

    row: (d,) place among the rows of the fit.  days: (d,).  stratum: (d,) codes.  residuals, scaled: (d, p);
    scaled: var(b) times the residual times the number of events, plus b: an estimate of b at that day.
    """

    row: IntArray
    days: IntArray
    stratum: IntArray
    residuals: FloatArray
    scaled: FloatArray


def martingale_residuals(fit: CoxFit) -> FloatArray:
    """(n,) events less expected events of each row.

    Raises: DataError for a fit without estimates, or by the exact method.
    Source: Barlow & Prentice 1988; Therneau, Grambsch & Fleming 1990, Biometrika 77:147.
    """
    design, moments = require_moments(fit)
    residuals = fit.state.rows.is_event.astype(np.float64)
    bare = np.divide(moments.risk, design.weight)
    residuals[design.row] -= bare * row_exposure(design, moments.h, moments.c)
    return residuals


def deviance_residuals(fit: CoxFit) -> FloatArray:
    """(n,) martingale residuals made more symmetric: their squares add to a deviance. Raises: as martingale."""
    m = martingale_residuals(fit)
    event = fit.state.rows.is_event
    expected = np.where(event, 1 - m, 1.0)
    with np.errstate(divide="ignore"):
        inner = np.maximum(-2 * (m + np.where(event, np.log(expected), 0.0)), 0.0)
    deviance: FloatArray = np.sign(m) * np.sqrt(inner)
    return deviance


def score_residuals(fit: CoxFit) -> FloatArray:
    """(n, p) each row's part in the score, per unit of the covariates; unweighted. Raises: as martingale."""
    design, moments = require_moments(fit)
    return _columns(fit, _score_rows(design, moments, fit.state.rows.is_event.size), power=1)


def dfbeta_residuals(fit: CoxFit) -> FloatArray:
    """(n, p) about how much the coefficients change when a row is left out, sign reversed. Raises: as martingale."""
    design, moments = require_moments(fit)
    rows = _score_rows(design, moments, fit.state.rows.is_event.size)
    return _columns(fit, rows @ np.linalg.inv(fit.state.information), power=-1)


def schoenfeld_residuals(fit: CoxFit) -> Schoenfeld:
    """Schoenfeld and scaled Schoenfeld residuals, one row per event. Raises: as martingale.

    Source: Schoenfeld 1982, Biometrika 69:239; Grambsch & Therneau 1994, Biometrika 81:515.
    """
    design, moments = require_moments(fit)
    at, cell, rows = event_residuals(design, moments)
    own = _columns(fit, rows, power=1)
    scaled = _columns(fit, fit.n_events * rows @ np.linalg.inv(fit.state.information), power=-1) + fit.coefficients
    return Schoenfeld(design.row[at], design.cell_day[cell], design.cell_stratum[cell], own, scaled)


def event_residuals(design: CoxDesign, moments: Moments) -> tuple[IntArray, IntArray, FloatArray]:
    """Working row and cell of each event, by cell, and its covariates less their expectation, (d, p) scaled."""
    at = np.flatnonzero(design.is_event)
    cell = design.last[at]
    return at, cell, (design.Z[:, at] - _means(design, moments)[:, cell]).T


def score_by_cluster(design: CoxDesign, moments: Moments, n: int, weight: FloatArray, cluster: IntArray) -> FloatArray:
    """(clusters, p) weighted score residuals added up within clusters, of the scaled columns."""
    rows = _score_rows(design, moments, n) * weight[:, None]
    size = int(cluster.max()) + 1
    return np.stack([np.bincount(cluster, weights=column, minlength=size) for column in rows.T], axis=1)


def require_moments(fit: CoxFit) -> tuple[CoxDesign, Moments]:
    """The design and the sums at the maximum. Raises: DataError for an exact or undefined fit."""
    if fit.ties == "exact" or fit.state.moments is None or fit.diverging:
        raise DataError(
            "Residuals and curves need finite coefficients by Efron's or Breslow's method.",
            "no-estimates",
            expected="a fit with status ok, not by the exact method",
            found=fit.reason or fit.ties,
        )
    return fit.state.design, fit.state.moments


def _means(design: CoxDesign, moments: Moments) -> FloatArray:
    """(p, K) covariate mean of the risk set, averaged over the tied events of the day."""
    return (moments.S1 * moments.h - moments.D1 * moments.c) / (design.mean_weight * design.deaths)


def _score_rows(design: CoxDesign, moments: Moments, n: int) -> FloatArray:
    """(n, p) score residuals of the scaled columns in the caller's order.

    A row's event less its expectation: x - mean, minus the row's hazard times x less the mean at each cell.
    """
    (u0, u1, u2), s, e = moments.u, moments.S1, moments.D1
    exposure = row_exposure(design, moments.h, moments.c)
    bare = moments.risk / design.weight
    means = _means(design, moments)
    out = np.zeros((n, design.Z.shape[0]))
    for j, z in enumerate(design.Z):
        rate = u0 * s[j] - u1 * e[j]
        upto = cumulate(design, rate)
        at_means = upto[design.last]
        if design.late is not None:
            at_means -= (upto - rate)[design.first]
        at_means -= design.is_event * (u1 * s[j] - u2 * e[j])[design.last]
        out[design.row, j] = design.is_event * (z - means[j][design.last]) - bare * (z * exposure - at_means)
    return out


def _columns(fit: CoxFit, scaled: FloatArray, *, power: int) -> FloatArray:
    """(rows, all p) from the kept columns, back to the units of the covariates; NaN for dropped ones."""
    out = np.full((scaled.shape[0], len(fit.names)), np.nan)
    out[:, list(fit.state.kept)] = scaled * fit.state.design.scale**power
    return out
