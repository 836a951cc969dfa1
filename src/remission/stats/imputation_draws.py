"""One column's missing values, drawn from the other columns: a number by matching, a category by logistic models."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logsumexp

from remission.stats.arrays import FloatArray, IntArray

RIDGE = 1e-5  # of the information of each predictor: collinear columns leave an inverse
# standard deviation of the prior of a standardised coefficient and of the intercept: weak, and enough for an estimate
# where the data are separated (Gelman et al. 2008, Ann Appl Stat 2:1360)
PRIOR_SD, PRIOR_SD_INTERCEPT = 2.5, 10.0


def draw_number(
    known: FloatArray, at_known: FloatArray, at_missing: FloatArray, donors: int, rng: np.random.Generator
) -> FloatArray:
    """Predictive mean matching: the value of one of the patients whose prediction is nearest.

    Args: known: (n,) values.  at_known: (n, q), at_missing: (m, q) predictors with an intercept, standardised.
    donors: how many patients to draw among.
    Returns: (m,) values, each of them one of the known.
    Source: Little 1988, J Bus Econ Stat 6:287; type 1 matching (estimated coefficients for the known, drawn ones for
    the missing): van Buuren 2018, 3.4.
    """
    information = at_known.T @ at_known
    information += RIDGE * np.diag(np.diag(information) + 1e-12)
    root = np.linalg.cholesky(information)
    estimate = np.linalg.solve(information, at_known.T @ known)
    residual = known - at_known @ estimate
    spread = float(np.sqrt(residual @ residual / rng.chisquare(max(1, known.size - at_known.shape[1]))))
    drawn = estimate + spread * np.linalg.solve(root.T, rng.standard_normal(estimate.size))
    # equal predictions in random order, so that the place of a patient in the table does not count
    order = rng.permutation(known.size)
    predicted = (at_known @ estimate)[order]
    order = order[np.argsort(predicted, kind="stable")]
    chosen = _one_of_nearest(np.sort(predicted), at_missing @ drawn, donors, rng)
    drawn_values: FloatArray = known[order[chosen]]
    return drawn_values


def _one_of_nearest(places: FloatArray, targets: FloatArray, donors: int, rng: np.random.Generator) -> IntArray:
    """For each target the index of one of the nearest among rising places, drawn at random."""
    reach = np.searchsorted(places, targets)[:, None] + np.arange(-donors, donors)
    is_there = (reach >= 0) & (reach < places.size)
    distance = np.where(is_there, np.abs(places[np.clip(reach, 0, places.size - 1)] - targets[:, None]), np.inf)
    nearest = np.argsort(distance, axis=1, kind="stable")[:, : min(donors, places.size)]
    rank = rng.integers(nearest.shape[1], size=targets.size)
    rows = np.arange(targets.size)
    chosen: IntArray = reach[rows, nearest[rows, rank]]
    return chosen


def draw_category(
    known: FloatArray, at_known: FloatArray, at_missing: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Levels drawn from the probabilities that drawn coefficients give.

    Args: as draw_number; known: (n,) codes.
    Returns: (m,) codes that occur. Of more than two levels each is compared with the most frequent by itself.
    Source: Rubin 1987, p. 169; Begg & Gray 1984, Biometrika 71:11 (one logistic model for each level).
    """
    levels, counts = np.unique(known, return_counts=True)
    if levels.size == 1:
        return np.full(at_missing.shape[0], levels[0])
    base = int(np.argmax(counts))
    log_odds = np.zeros((at_missing.shape[0], levels.size))
    for k in range(levels.size):
        if k != base:
            rows = (known == levels[k]) | (known == levels[base])
            drawn = draw_coefficients((known[rows] == levels[k]).astype(np.float64), at_known[rows], rng)
            log_odds[:, k] = at_missing @ drawn
    total = np.asarray(logsumexp(log_odds, axis=1, keepdims=True), dtype=np.float64)
    up_to = np.cumsum(np.exp(log_odds - total), axis=1)
    place = (rng.random((at_missing.shape[0], 1)) > up_to[:, :-1]).sum(axis=1)
    drawn_levels: FloatArray = levels[place]
    return drawn_levels


def draw_coefficients(outcome: FloatArray, design: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Coefficients of a logistic model drawn from the normal approximation to their posterior.

    Args: outcome: (n,) 0 or 1.  design: (n, q), the intercept first, the rest standardised.
    """
    precision = np.full(design.shape[1], PRIOR_SD**-2.0)
    precision[0] = PRIOR_SD_INTERCEPT**-2.0
    beta = np.zeros(design.shape[1])
    height, information, step = _posterior(outcome, design, precision, beta)
    for _ in range(100):  # the prior makes the maximum exist; half a step where a whole one overshoots
        if float(step @ information @ step) < 1e-12:
            break
        length = 1.0
        found = _posterior(outcome, design, precision, beta + step)
        while found[0] < height and length > 1e-6:
            length /= 2
            found = _posterior(outcome, design, precision, beta + length * step)
        beta = beta + length * step
        height, information, step = found
    root = np.linalg.cholesky(information)
    drawn: FloatArray = beta + np.linalg.solve(root.T, rng.standard_normal(beta.size))
    return drawn


def _posterior(
    outcome: FloatArray, design: FloatArray, precision: FloatArray, beta: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """Log posterior, information, and Newton's step."""
    eta = design @ beta
    chance = expit(eta)
    height = float(outcome @ eta - np.logaddexp(0.0, eta).sum() - 0.5 * precision @ beta**2)
    information = (design.T * (chance * (1 - chance))) @ design + np.diag(precision)
    step = np.linalg.solve(information, design.T @ (outcome - chance) - precision * beta)
    return height, information, step
