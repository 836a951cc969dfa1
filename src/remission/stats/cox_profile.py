"""Profile-likelihood limits: the values of one coefficient that a likelihood-ratio test would not reject.

With s(b) the root of twice the loss in log likelihood when a coefficient is held at b and the others are free, the
limits are where s is the normal quantile. s is almost a straight line, so that Newton's method on s needs few
steps; its slope is the score of the held coefficient divided by s.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np

from remission.stats.arrays import FloatArray
from remission.stats.cox_maximise import P, maximise

Objective = Callable[[FloatArray], P | None]


def profile_limit(
    objective: Objective[P],
    best: float,
    beta: FloatArray,
    j: int,
    side: int,
    *,
    quantile: float,
    first_step: float,
    farthest: float,
    settled: float,
) -> float | None:
    """The limit of coefficient j on one side (-1, 1) of beta; None if the likelihood never falls that far.

    Args: best: the largest log likelihood.  quantile: of the normal distribution, for two sides.  first_step:
    a guess of the distance.  farthest: distance beyond which a limit is not looked for.
    Source: Venzon & Moolgavkar 1988, Appl Stat 37:87.
    """
    near, far = beta[j], None
    at, start = beta[j] + side * first_step, beta
    for _ in range(200):
        start = np.concatenate([start[:j], [at], start[j + 1 :]])
        loss, slope, start = held(objective, best, start, j, settled=settled)
        if loss is not None:
            s = sqrt(max(2 * loss, 0.0))
            if abs(s - quantile) < 1e-11 * quantile:
                return float(at)
        if loss is None or s > quantile:
            far = at
        else:
            near = at
        step = side * farthest if loss is None or not slope * side < 0 or s <= 0 else -(s - quantile) * s / slope
        if loss is not None and slope * side < 0 and abs(step) < 1e-13 * (1 + abs(at)):
            return float(at + step)
        at = _next(near, far, at + step if loss is not None else np.nan, beta[j], side, farthest)
        if at is None:
            return None
    return None
