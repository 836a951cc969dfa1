"""Profile-likelihood limits: the values of one coefficient that a likelihood-ratio test would not reject.

With s(b) the root of twice the loss in log likelihood when a coefficient is held at b and the others are free, the
limits are where s is the normal quantile. s is almost a straight line, so that Newton's method on s needs few
steps; its slope is minus the score of the held coefficient divided by s.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np

from remission.stats.arrays import FloatArray
from remission.stats.cox_maximise import P, maximise


def profile_limit(
    objective: Callable[[FloatArray], P | None],
    best: float,
    beta: FloatArray,
    j: int,
    *,
    quantile: float,
    first_step: float,
    farthest: float,
    settled: float,
) -> float | None:
    """The limit of coefficient j on the side of the first step; None if the likelihood never falls that far.

    Args: best: the largest log likelihood, at beta (p,).  quantile: of the normal distribution, two-sided.
    first_step: a guess of the signed distance.  farthest: distance up to which a limit is looked for.
    Source: Venzon & Moolgavkar 1988, Appl Stat 37:87.
    """
    near, far = float(beta[j]), None
    start, at = beta, float(beta[j]) + first_step
    for _ in range(200):
        found = held_loss(objective, best, start, j, at, settled=settled)
        if found is None:
            far = at
            at = (near + at) / 2
            continue
        loss, slope, start = found
        s = sqrt(max(2 * loss, 0.0))
        if s > quantile:
            far = at
        else:
            near = at
        downhill = slope * first_step < 0 and s > 0
        guess = at + (s - quantile) * s / slope if downhill else None
        if guess is not None and abs(guess - at) <= 1e-12 * (abs(at) + abs(first_step)):
            return guess
        distance = abs(near - float(beta[j]))
        if far is not None:
            inside = guess is not None and min(near, far) < guess < max(near, far)
            at = guess if inside and guess is not None else (near + far) / 2
            if abs(far - near) <= 1e-13 * (abs(far) + abs(near)):
                return at
            continue
        if distance > farthest:
            return None
        most = near + np.sign(first_step) * 3 * max(distance, abs(first_step))
        at = most if guess is None or abs(guess - near) > abs(most - near) else guess
    return None


def held_loss(
    objective: Callable[[FloatArray], P | None],
    best: float,
    start: FloatArray,
    j: int,
    at: float,
    *,
    settled: float,
) -> tuple[float, float, FloatArray] | None:
    """Loss of log likelihood with coefficient j held, the score of j there, and the coefficients; None if undefined."""
    beta = start.copy()
    beta[j] = at
    if beta.size == 1:
        point = objective(beta)
        return None if point is None else (best - point.loglik, float(point.score[0]), beta)
    free = np.ones(beta.size, dtype=np.bool_)
    free[j] = False
    if objective(beta) is None:
        return None
    there = maximise(objective, beta, free=free, settled=settled)
    return best - there.point.loglik, float(there.point.score[j]), there.beta
