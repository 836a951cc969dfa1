"""Firth's penalty: half the log determinant of the information, which keeps coefficients finite when data are sparse.

The penalised score adds half the trace of I^-1 dI/db. For the Cox model dI/db is a third moment of the covariates
over the risk set, contracted here with I^-1 before it is summed, so that no third-order table is held.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from remission.stats.arrays import FloatArray
from remission.stats.cox_design import CoxDesign
from remission.stats.cox_maximise import inverse
from remission.stats.cox_sums import Evaluation, Moments, cumulate, evaluate, sums_at_risk

SETTLED = 1e-24  # the steps shrink by a factor, they are not squared


def evaluate_firth(design: CoxDesign, beta: FloatArray, *, ties: str) -> Evaluation | None:
    """The penalised log likelihood and score at beta, with the information of the model; None if undefined.

    Source: Firth 1993, Biometrika 80:27; Heinze & Schemper 2001, Biometrics 57:114.
    """
    plain = evaluate(design, beta, ties=ties, cubes=True)
    if plain is None:
        return None
    sign, log_determinant = np.linalg.slogdet(plain.information)
    covariance = inverse(plain.information)
    if not sign > 0 or not np.isfinite(covariance).all():
        return None
    with np.errstate(over="ignore", invalid="ignore"):  # far from the maximum, where a step is halved
        score = plain.score + 0.5 * trace_of_third(design, plain.moments, covariance)
    if not np.isfinite(score).all():
        return None
    return replace(plain, loglik=plain.loglik + 0.5 * float(log_determinant), score=score)


def trace_of_third(design: CoxDesign, moments: Moments, A: FloatArray) -> FloatArray:
    """(p,) trace of A dI/db for each coefficient.

    Each event gives the risk set's mean of (x-m)'A(x-m) (x-m); expanded, its parts are sums over rows
    (x'Ax x and x x'A m) and over cells (m times the mean of x'Ax, and m'Am m).
    """
    Z, (u0, u1, u2), (t0, t1, t2, t3) = design.Z, moments.u, moments.t
    s, e = moments.S1, moments.D1
    q = (Z * (A @ Z)).sum(axis=0)
    exposure = _exposure(design, moments.h[None, :], moments.c[None, :])[0]
    Q, QD = (sums[0] for sums in sums_at_risk(design, (moments.risk * q)[None, :]))
    means = _exposure(design, u0 * s - u1 * e, u1 * s - u2 * e)
    total: FloatArray = Z @ (moments.risk * (q * exposure - 2 * (Z * (A @ means)).sum(axis=0)))
    total -= s @ (u0 * Q - u1 * QD) + e @ (u2 * QD - u1 * Q)
    As, Ae = A @ s, A @ e
    ss, se, ee = (s * As).sum(axis=0), (s * Ae).sum(axis=0), (e * Ae).sum(axis=0)
    total += 2 * (s @ (t0 * ss - 2 * t1 * se + t2 * ee) - e @ (t1 * ss - 2 * t2 * se + t3 * ee))
    return total


def _exposure(design: CoxDesign, h: FloatArray, c: FloatArray) -> FloatArray:
    """(q, m) sums over each row's cells at risk of h, (q, K), less c of its own event's cell."""
    upto = cumulate(design, h)
    total: FloatArray = upto[:, design.last]
    if design.late is not None:
        total -= (upto - h)[:, design.first]
    total -= design.is_event * c[:, design.last]
    return total
