"""Logistic regression of a yes-no outcome, by maximum likelihood or with Firth's penalty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from remission.core.errors import DataError
from remission.stats.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    Status,
    finite_numbers,
    require_level,
    require_same_length,
    truth_values,
)
from remission.stats.cox_data import REAL, covariate_matrix, covariate_names, row_weights
from remission.stats.cox_intervals import ProfileIntervals, profile_of
from remission.stats.cox_maximise import SETTLED, Maximum, dependent_columns, far_along, inverse, maximise
from remission.stats.cox_result import NO_TEST, model_test, quadratic, wald_limits
from remission.stats.firth import SETTLED as FIRTH_SETTLED
from remission.stats.logistic_model import LogisticFit, LogisticModel, LogisticPoint, LogisticState

INTERCEPT = "(intercept)"


def fit_logistic(
    outcome: npt.ArrayLike,
    covariates: npt.ArrayLike,
    *,
    names: Sequence[str] | None = None,
    weight: npt.ArrayLike | None = None,
    offset: npt.ArrayLike | None = None,
    firth: bool = False,
    confidence: float = 0.95,
) -> LogisticFit:
    """Logistic regression with an intercept, fully converged.

    Args: outcome: (n,) bool, what is counted.  covariates: (n, p) numbers without gaps.  names: p.  weight: (n,)
    whole numbers of copies.  offset: (n,) added to the log odds.  firth: penalise.
    Returns: see LogisticFit. Undefined if all outcomes are alike or no covariate varies; with separation the
    coefficients that diverge have no value and the others keep theirs.
    Conventions: Wald intervals, with Firth's penalty profile ones; null model and tests with the penalty hold the
    covariates at 0 in the penalised likelihood of the whole model (docs/methods/logistic.md).
    Raises: DataError if lengths differ, a covariate is missing, or weights are not whole.
    Source: Cox & Snell 1989; Firth 1993; Heinze & Schemper 2002, Stat Med 21:2409.
    Checked: tests/golden/test_cox_logistic.py (R glm).
    """
    require_level(confidence, "confidence")
    y = truth_values(outcome, "The outcome").astype(np.float64)
    X = covariate_matrix(covariates, y.size)
    w, kind = row_weights(weight, y.size)
    shift = np.zeros(y.size) if offset is None else finite_numbers(offset, "The offset")
    require_same_length(outcome=y.size, covariates=X.shape[0], weight=w.size, offset=shift.size)
    if kind == REAL:
        raise DataError("The weights must be whole numbers of copies.", "not-whole-numbers", expected="integers")
    labels = (INTERCEPT, *covariate_names(names, X.shape[1]))
    design, centre, scale = _scaled(X[w > 0], w[w > 0])
    model = LogisticModel(design, y[w > 0], w[w > 0], shift[w > 0], firth)

    events, n = float(w @ y), float(w.sum())
    if not 0 < events < n:
        return _without_estimates(labels, model, n, events, confidence, "all outcomes are alike" if n else "no rows")
    plain = (design.T * model.weight) @ design
    dropped = np.concatenate([[False], scale[1:] == 0]) | dependent_columns(plain, n)
    kept = np.flatnonzero(~dropped)
    model = replace(model, design=np.ascontiguousarray(design[:, kept]))
    if kept.size < 2:
        return _without_estimates(labels, model, n, events, confidence, "no covariate varies")
    free = np.arange(kept.size) == 0
    null = maximise(model.at, np.zeros(kept.size), free=free, settled=FIRTH_SETTLED if firth else SETTLED)
    found = maximise(
        model.at,
        null.beta,
        reach=None if firth else lambda step: float(np.ptp(model.design @ step)),
        settled=FIRTH_SETTLED if firth else SETTLED,
    )
    fit = _fit(labels, model, kept, _to_units(kept, centre, scale), found, null.point, confidence, (n, events))
    return _with_profile(fit) if firth else fit


def logistic_intervals(fit: LogisticFit, *, confidence: float | None = None) -> ProfileIntervals:
    """Profile-likelihood interval and likelihood-ratio test of every coefficient, the intercept first.

    Returns: limits of the coefficients (not odds ratios); NaN for a limit that does not exist.
    Raises: DataError if nothing was estimated.
    Source: Venzon & Moolgavkar 1988; Heinze & Schemper 2002.
    """
    level = fit.confidence if confidence is None else require_level(confidence, "confidence")
    state = fit.state
    if not state.kept:
        raise DataError("Nothing was estimated.", "no-estimates", expected="a fit with estimates", found=fit.reason)
    # in the caller's units, because the intercept at covariates 0 is another parameter than that at their means
    model = replace(state.model, design=state.model.design @ np.linalg.inv(state.to_units))
    back = np.linalg.inv(state.to_units)
    at = list(state.kept)
    limits = profile_of(
        model.at,
        state.to_units @ state.beta,
        back.T @ state.information @ back,
        diverging=np.isin([fit.names[j] for j in at], fit.diverging),
        span=np.maximum(np.ptp(model.design, axis=0), np.where(np.arange(len(at)) == 0, 1.0, 0.0)),
        confidence=level,
        settled=FIRTH_SETTLED if fit.firth else SETTLED,
    )
    out = np.full((4, len(fit.names)), np.nan)
    out[:, at] = limits
    return ProfileIntervals(fit.names, out[0], out[1], out[2], out[3], level)


def _scaled(X: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(n, p + 1) design with an intercept, its columns centred and scaled; centre and scale, (p + 1,)."""
    design = np.column_stack([np.ones(X.shape[0]), X])
    centre, scale = np.zeros(design.shape[1]), np.ones(design.shape[1])
    if X.size:
        centre[1:] = w @ X / w.sum()
        design[:, 1:] -= centre[1:]
        spread = np.sqrt(w @ design[:, 1:] ** 2 / w.sum())
        scale[1:] = np.where(spread > 1e-13 * np.abs(X).max(axis=0), spread, 0.0)
        design[:, 1:] = np.divide(design[:, 1:], scale[1:], out=np.zeros_like(X), where=scale[1:] > 0)
    return design, centre, scale


def _to_units(kept: IntArray, centre: FloatArray, scale: FloatArray) -> FloatArray:
    """(q, q) from the coefficients of scaled columns to those of the caller's."""
    back = np.diag(1 / scale[kept])
    back[0, 1:] = -centre[kept[1:]] / scale[kept[1:]]
    return back


def _fit(
    labels: tuple[str, ...],
    model: LogisticModel,
    kept: IntArray,
    back: FloatArray,
    found: Maximum[LogisticPoint],
    null: LogisticPoint,
    confidence: float,
    counts: tuple[float, float],
) -> LogisticFit:
    """All numbers of a fit from its maximum."""
    q, point = len(labels), found.point
    direction = found.direction.copy()
    direction[0] = (back @ found.direction)[0]
    fine = ~far_along(direction)
    at = kept[fine]
    forward = np.linalg.inv(back)
    information = forward.T @ point.information @ forward
    coefficients, variance = np.full(q, np.nan), np.full((q, q), np.nan)
    coefficients[at] = (back @ found.beta)[fine]
    variance[np.ix_(at, at)] = inverse(information[np.ix_(fine, fine)])
    se = np.sqrt(np.diag(variance))
    z = coefficients / se
    df = kept.size - 1
    slopes = at[at > 0]
    # the penalty in the caller's units: the scaled columns change it by a constant
    shift = float(np.linalg.slogdet(forward)[1]) if model.firth else 0.0
    status, reason = _status(labels, kept, fine, back @ found.beta, is_converged=found.converged)
    low, high, *odds = wald_limits(coefficients, se, confidence)
    return LogisticFit(
        names=labels,
        coefficients=coefficients,
        se=se,
        z=z,
        p=2 * ndtr(-np.abs(z)),
        low=low,
        high=high,
        odds_ratio=odds[0],
        or_low=odds[1],
        or_high=odds[2],
        interval="wald",
        confidence=confidence,
        variance=variance,
        loglik_null=null.loglik + shift,
        loglik=point.loglik + shift,
        likelihood_ratio=model_test(2 * (point.loglik - null.loglik), df),
        score=model_test(quadratic(null.information, null.score), df),
        wald=model_test(quadratic(variance[np.ix_(slopes, slopes)], coefficients[slopes]), df)
        if fine.all() and found.converged
        else NO_TEST,
        n=counts[0],
        n_events=counts[1],
        firth=model.firth,
        iterations=found.iterations,
        converged=found.converged,
        gradient=float(np.abs(point.score).max()),
        diverging=tuple(labels[j] for j in kept[~fine]),
        dropped=tuple(label for j, label in enumerate(labels) if j not in kept),
        status=status,
        reason=reason,
        state=LogisticState(model, tuple(kept.tolist()), found.beta, point.information, back),
    )


def _status(
    labels: tuple[str, ...], kept: IntArray, fine: BoolArray, beta: FloatArray, *, is_converged: bool
) -> tuple[Status, str]:
    notes = []
    if dropped := [label for j, label in enumerate(labels) if j not in kept]:
        notes.append("without information of its own (constant, or a combination of others): " + ", ".join(dropped))
    if not fine.all():
        grows = [f"{labels[kept[j]]} ({'up' if beta[j] > 0 else 'down'})" for j in np.flatnonzero(~fine)]
        notes.append(
            "separation: the likelihood keeps rising as the coefficient grows without bound for "
            + ", ".join(grows)
            + "; use Firth's penalty"
        )
        return "undefined", "; ".join(notes)
    if not is_converged:
        return "failed", "; ".join([*notes, "the iterations did not converge"])
    return "ok", "; ".join(notes)


def _with_profile(fit: LogisticFit) -> LogisticFit:
    """The same fit with profile intervals and likelihood-ratio p of the penalised likelihood."""
    found = logistic_intervals(fit)
    return replace(
        fit,
        low=found.low.copy(),
        high=found.high.copy(),
        p=found.p.copy(),
        or_low=np.exp(found.low),
        or_high=np.exp(found.high),
        interval="profile",
    )


def _without_estimates(
    labels: tuple[str, ...], model: LogisticModel, n: float, events: float, confidence: float, reason: str
) -> LogisticFit:
    q = len(labels)
    gap, none = np.full(q, np.nan), np.zeros((0, 0))
    state = LogisticState(model, (), gap[:0], none, none)
    return LogisticFit(
        labels, gap, gap, gap, gap, gap, gap, gap, gap, gap, "wald", confidence, np.full((q, q), np.nan),
        np.nan, np.nan, NO_TEST, NO_TEST, NO_TEST, n, events, model.firth, 0, False, np.nan, (), (),
        "undefined", reason, state,
    )  # fmt: skip
