"""Profile-likelihood intervals and likelihood-ratio tests of the single coefficients of a Cox model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.special import chdtrc, ndtri

from remission.core.errors import DataError
from remission.stats import firth as penalty
from remission.stats.arrays import BoolArray, FloatArray, FrozenArrays, require_level
from remission.stats.cox_design import CoxDesign
from remission.stats.cox_exact import evaluate_exact
from remission.stats.cox_maximise import SETTLED, P
from remission.stats.cox_profile import held_loss, profile_limit
from remission.stats.cox_result import CoxFit
from remission.stats.cox_sums import Evaluation, evaluate


@dataclass(frozen=True, eq=False)
class ProfileIntervals(FrozenArrays):
    """Limits of each coefficient, (p,), NaN where the likelihood sets none; statistic, p: (p,) against 0, 1 df."""

    names: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    statistic: FloatArray
    p: FloatArray
    confidence: float


def cox_objective(design: CoxDesign, *, ties: str, firth: bool) -> Callable[[FloatArray], Evaluation | None]:
    """The function of the scaled coefficients that a fit maximises."""
    if firth:
        return partial(penalty.evaluate_firth, design, ties=ties)
    if ties == "exact":
        return partial(evaluate_exact, design)
    return partial(evaluate, design, ties=ties)


def profile_intervals(fit: CoxFit, *, confidence: float | None = None) -> ProfileIntervals:
    """Profile-likelihood interval and likelihood-ratio test of every coefficient of a fit.

    Args: fit: from fit_cox; one coefficient may be growing without bound, then its other limit is still given.
    confidence: default that of the fit.
    Returns: limits of the coefficients (not hazard ratios); NaN for a limit that does not exist.
    Conventions: with Firth's penalty both are of the penalised likelihood; robust errors play no part.
    Raises: DataError if nothing was estimated, or the weights are not copies.
    Source: Venzon & Moolgavkar 1988; Heinze & Schemper 2001.
    """
    level = fit.confidence if confidence is None else require_level(confidence, "confidence")
    if not fit.state.kept or np.isnan(fit.loglik):
        raise DataError("Nothing was estimated.", "no-estimates", expected="a fit with estimates", found=fit.reason)
    if fit.weights != "copies":
        raise DataError(
            "A likelihood with real weights has no profile intervals.",
            "unused-option",
            expected="weights that are whole numbers of copies",
            todo="Use the robust interval.",
        )
    state = fit.state
    kept = list(state.kept)
    objective = cox_objective(state.design, ties=fit.ties, firth=fit.firth)
    low, high, statistic, p = profile_of(
        objective,
        state.beta,
        state.information,
        diverging=np.isin([fit.names[j] for j in kept], fit.diverging),
        span=np.ptp(state.design.Z, axis=1),
        confidence=level,
        settled=penalty.SETTLED if fit.firth else SETTLED,
    )

    def spread(values: FloatArray, scale: FloatArray | float) -> FloatArray:
        out = np.full(len(fit.names), np.nan)
        out[kept] = values / scale
        return out

    scale = state.design.scale
    return ProfileIntervals(
        fit.names, spread(low, scale), spread(high, scale), spread(statistic, 1.0), spread(p, 1.0), level
    )


def profile_of(
    objective: Callable[[FloatArray], P | None],
    beta: FloatArray,
    information: FloatArray,
    *,
    diverging: BoolArray,
    span: FloatArray,
    confidence: float,
    settled: float,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Limits, likelihood-ratio statistics and p of each coefficient at a maximum, all (p,).

    span: (p,) range of each column: a limit that would move rows 100 apart on the log scale is none.
    """
    quantile = float(ndtri(0.5 + confidence / 2))
    top = objective(beta)
    best = -np.inf if top is None else top.loglik
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(np.diag(np.linalg.pinv(information)))
    low, high, statistic = (np.full(beta.size, np.nan) for _ in range(3))
    for j in range(beta.size):
        found = held_loss(objective, best, beta, j, 0.0, settled=settled)
        statistic[j] = np.nan if found is None else max(2 * found[0], 0.0)
        sides = (-1.0, 1.0) if not diverging[j] else (-float(np.sign(beta[j])),)
        for side in sides:
            step = abs(float(beta[j])) if diverging[j] else min(quantile * float(error[j]), 20 / float(span[j]))
            limit = profile_limit(
                objective,
                best,
                beta,
                j,
                quantile=quantile,
                first_step=side * step,
                farthest=100 / float(span[j]) + 2 * step,
                settled=settled,
            )
            (low if side < 0 else high)[j] = np.nan if limit is None else limit
    return low, high, statistic, chdtrc(1, statistic)
