"""Exact partial likelihood for tied events: all ways in which the day's d events could be chosen from those at risk.

The sum over all subsets of d rows is an elementary symmetric polynomial, built by adding one row at a time; its
first and second derivatives are carried along in the same recursion.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, IntArray
from remission.stats.cox_design import CoxDesign
from remission.stats.cox_sums import Evaluation, evaluate

MOST_WORK = 1e10  # products per evaluation: tens of seconds
MOST_TIES = 500  # events on a day: the polynomials, below e**d, stay far from overflow


def evaluate_exact(design: CoxDesign, beta: FloatArray) -> Evaluation | None:
    """The exact log partial likelihood, its score and information at beta; None if they overflow.

    Weights are copies of a row. Raises: DataError if there are too many ties for it to end.
    Source: Gail, Lubin & Rubinstein 1981, Biometrika 68:703; Howard 1972.
    """
    plain = evaluate(design, beta, ties="breslow")
    if plain is None:
        return None
    p = beta.size
    _require_reach(design, p)
    at_event = design.weight * design.is_event
    loglik, score = float(at_event @ plain.moments.eta), design.Z @ at_event
    information = np.zeros((p, p))
    a, b = np.triu_indices(p)
    largest = 1
    while design.n_cells and largest // 2 < int(design.deaths.max()):
        cells = np.flatnonzero((design.deaths <= largest) & (design.deaths > largest // 2))
        if cells.size:
            d = design.deaths[cells]
            # scaled so that the polynomial stays below e**d
            by = d / plain.moments.S0[cells]
            sums = _polynomials(design, plain.moments.eta, cells, by, int(d.max()))[np.arange(cells.size), d]
            mean = sums[:, 1 : p + 1] / sums[:, :1]
            second = np.zeros((p, p))
            second[a, b] = (sums[:, p + 1 :] / sums[:, :1]).sum(axis=0)
            second[b, a] = second[a, b]
            loglik -= float((np.log(sums[:, 0]) - d * np.log(by)).sum())
            score -= mean.sum(axis=0)
            information += second - mean.T @ mean
        largest *= 2
    if not np.isfinite(loglik):
        return None
    return replace(plain, loglik=loglik, score=score, information=information)


def _polynomials(design: CoxDesign, eta: FloatArray, cells: IntArray, by: FloatArray, degree: int) -> FloatArray:
    """(cells, degree + 1, 1 + p + p(p+1)/2): polynomials of each cell's risk set with their derivatives."""
    p = design.Z.shape[0]
    sums = np.zeros((cells.size, degree + 1, 1 + p + p * (p + 1) // 2))
    sums[:, 0, 0] = 1.0
    risk = np.exp(eta)
    low = np.searchsorted(cells, design.first)
    high = np.searchsorted(cells, design.last, side="right")
    for i in np.flatnonzero(low < high).tolist():
        window = sums[low[i] : high[i]]
        step = _derivatives(design.Z[:, i]) * risk[i]
        factor = by[low[i] : high[i], None, None]
        for _ in range(round(float(design.weight[i]))):
            window[:, 1:] += (window[:, :-1] @ step) * factor
    return sums


def _derivatives(x: FloatArray) -> FloatArray:
    """The linear map by which the value, first and second derivatives change with the factor exp(b'x)."""
    p = x.size
    a, b = np.triu_indices(p)
    pair = p + 1 + np.arange(a.size)
    step = np.eye(1 + p + a.size)
    step[0, 1 : p + 1] = x
    step[0, pair] = x[a] * x[b]
    np.add.at(step, (1 + b, pair), x[a])
    np.add.at(step, (1 + a, pair), x[b])
    return step


def _require_reach(design: CoxDesign, p: int) -> None:
    if not design.n_cells:
        return
    at_risk = float(((design.last - design.first + 1) * design.weight).sum())
    work = at_risk * int(design.deaths.max()) * (1 + p + p * (p + 1) / 2) ** 2
    if work > MOST_WORK or int(design.deaths.max()) > MOST_TIES:
        raise DataError(
            "There are too many events on the same day for the exact method.",
            "too-many-ties",
            expected=f"at most {MOST_TIES} events on a day, and fewer the more rows there are",
            found=f"up to {int(design.deaths.max())} events on a day",
            todo='Use ties="efron".',
        )
