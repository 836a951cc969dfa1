"""Newton's method with step-halving, to full convergence, and the recognition of a likelihood without a maximum."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from remission.stats.arrays import BoolArray, FloatArray

MOST_ITERATIONS = 60
SETTLED = 1e-22  # what the log likelihood may still gain, twice: coefficients to 1e-11 of their standard error
FLAT = 1e-5  # information along a step, relative to that at the start, below which the likelihood is flat
FAR = 0.1  # a step that changes a log hazard or log odds by more has not settled


class Point(Protocol):
    """What a model knows at one value of its coefficients."""

    @property
    def loglik(self) -> float:
        """The log likelihood, penalised if the model is."""

    @property
    def score(self) -> FloatArray:
        """(p,) its first derivatives."""

    @property
    def information(self) -> FloatArray:
        """(p, p) minus its second derivatives, or what steers the steps in their place."""


P = TypeVar("P", bound=Point)


@dataclass(frozen=True, eq=False)
class Maximum(Generic[P]):
    """beta: (p,).  point: there.  direction: (p,) in which the likelihood rises without end, 0 if it does not."""

    beta: FloatArray
    point: P
    iterations: int
    converged: bool
    direction: FloatArray

    @property
    def diverging(self) -> BoolArray:
        """(p,) coefficients that grow without bound."""
        return far_along(self.direction)


def maximise(
    objective: Callable[[FloatArray], P | None],
    start: FloatArray,
    *,
    first: P | None = None,
    free: BoolArray | None = None,
    reach: Callable[[FloatArray], float] | None = None,
    settled: float = SETTLED,
) -> Maximum[P]:
    """Climb from a start at which the objective is defined.

    Args: objective: the point at beta, None where it overflows.  first: the point at the start, if known.
    free: (p,) coefficients that may move, default all.  reach: how far a step moves the rows apart; given, a flat
    likelihood is recognised.  settled: largest u' I^-1 u left.
    Returns: the maximum; if the likelihood only flattens out, the place where it was flat and what diverges.
    """
    beta, can = start.copy(), np.ones(start.size, dtype=np.bool_) if free is None else free
    stays = np.zeros(start.size)
    at = objective(beta) if first is None else first
    if at is None:
        raise ArithmeticError("the objective is not defined at the start")
    at_start, least = at.information, np.inf
    for iteration in range(MOST_ITERATIONS):
        step = np.zeros(beta.size)
        step[can] = solve(at.information[np.ix_(can, can)], at.score[can])
        left = float(step @ at.score)
        if abs(left) <= settled or (abs(left) < 1e-14 and abs(left) >= least / 2):  # the rest is rounding
            return Maximum(beta + step, at, iteration, True, stays)
        if reach is not None and left < 1e-9 and _is_flat(step, at.information, at_start) and reach(step) > FAR:
            return Maximum(beta, at, iteration, True, step)
        least = min(least, abs(left))
        there, beta = _halved(objective, beta, step, at)
        if there is None:
            return Maximum(beta, at, iteration, abs(left) < 1e-10, stays)
        at = there
    return Maximum(beta, at, MOST_ITERATIONS, False, stays)


def far_along(direction: FloatArray) -> BoolArray:
    """(p,) coefficients that a direction moves, but for rounding."""
    size = np.abs(direction)
    moved: BoolArray = size > 1e-3 * max(float(size.max(initial=0.0)), 1e-300)
    return moved


def _halved(
    objective: Callable[[FloatArray], P | None], beta: FloatArray, step: FloatArray, at: P
) -> tuple[P | None, FloatArray]:
    """The first of the step, its half, quarter, ... that does not lose; None if none of them."""
    slack = 1e-13 * (1 + abs(at.loglik))
    step = step.copy()
    for _ in range(40):
        there = objective(beta + step)
        if there is not None and there.loglik >= at.loglik - slack:
            return there, beta + step
        step *= 0.5
    return None, beta


def _is_flat(step: FloatArray, information: FloatArray, at_start: FloatArray) -> bool:
    return float(step @ information @ step) < FLAT * float(step @ at_start @ step)


def solve(information: FloatArray, score: FloatArray) -> FloatArray:
    """I^-1 u; where the information has collapsed, by its generalised inverse."""
    if not score.size:
        return np.zeros(0)
    step = np.full(score.size, np.nan)
    with suppress(np.linalg.LinAlgError):
        step = np.asarray(np.linalg.solve(information, score), dtype=np.float64)
    if not np.isfinite(step).all() or float(step @ score) < 0:
        values, vectors = np.linalg.eigh(information)
        good = values > 1e-14 * max(float(values[-1]), 1e-300)
        step = np.asarray(vectors[:, good] @ ((vectors[:, good].T @ score) / values[good]), dtype=np.float64)
    return step


def inverse(information: FloatArray) -> FloatArray:
    """The covariance matrix, symmetric; NaN where the information cannot be inverted."""
    try:
        found = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        return np.full(information.shape, np.nan)
    symmetric: FloatArray = (found + found.T) / 2
    return symmetric


def dependent_columns(information: FloatArray, events: float) -> BoolArray:
    """(p,) columns without information of their own: constant where it matters, or a combination of earlier ones."""
    p = information.shape[0]
    out = np.zeros(p, dtype=np.bool_)
    left = information.copy()
    for j in range(p):
        pivot = left[j, j]
        if pivot <= 1e-10 * max(information[j, j], events):
            out[j] = True
            continue
        left[j + 1 :, j + 1 :] -= np.outer(left[j + 1 :, j], left[j, j + 1 :]) / pivot
    return out
