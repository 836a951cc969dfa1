"""One pass over the rows of a Cox model: log partial likelihood, score and information, Breslow or Efron.

With h the hazard that an event day adds, and a row's L the sum of h over its days at risk, the first part of the
information, sum over days of d S2/S0, is X' diag(r L) X: one product of matrices instead of S2 for each day. Efron's
method takes the share l/d of the day's events out of the risk set for its l-th event; what that changes is, for
the rows with an event on the day, L less c. Weighted by a function of the day, the same sums give the
proportional-hazards test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.stats.arrays import FloatArray
from remission.stats.cox_design import CoxDesign

BLOCK = 1 << 13  # rows whose products are held at a time: they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over the risk set of each cell at one value of the coefficients; p columns, K cells.

    eta, risk (weighted exp(eta)): (m,) rows.  S0: (K,), S1: (p, K); D0, D1: the same over the day's events.
    h = sum w/g, c = sum w a/g with g = S0 - a D0 and a = l/d over the day's events, w their mean weight.
    u: (3, K) sums of w a**j / g**2; t: (4, K) of w a**j / g**3 if asked for.
    """

    eta: FloatArray
    risk: FloatArray
    S0: FloatArray
    D0: FloatArray
    S1: FloatArray
    D1: FloatArray
    h: FloatArray
    c: FloatArray
    u: FloatArray
    t: FloatArray


@dataclass(frozen=True, eq=False)
class Evaluation:
    """loglik; score (p,), information (p, p) in the scaled columns; the moments they were made from."""

    loglik: float
    score: FloatArray
    information: FloatArray
    moments: Moments


def evaluate(design: CoxDesign, beta: FloatArray, *, ties: str, cubes: bool = False) -> Evaluation | None:
    """The likelihood and its derivatives at beta, (p,) of the scaled columns; None if they overflow."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        eta = beta @ design.Z + design.offset
        risk = np.exp(eta)
        risk *= design.weight
        S0, D0 = _risk_sums(design, risk)
        loglik, h, c, u, t = _tie_sums(design, S0, D0, ties=ties, cubes=cubes)
    loglik += float((design.weight * eta) @ design.is_event)
    if not np.isfinite(loglik) or not np.isfinite(risk.sum()):
        return None
    exposure = row_exposure(design, h, c)
    score, first, S1, D1 = _products(design, risk, exposure)
    information = first - second_part(S1, D1, u)
    information = (information + information.T) / 2
    return Evaluation(loglik, score, information, Moments(eta, risk, S0, D0, S1, D1, h, c, u, t))


def row_exposure(design: CoxDesign, h: FloatArray, c: FloatArray) -> FloatArray:
    """(m,) sum over a row's cells at risk of h, less c of its own event's cell: its expected events at risk 1."""
    upto = cumulate(design, h)
    total = upto[design.last]
    if design.late is not None:
        total -= (upto - h)[design.first]
    total -= design.is_event * c[design.last]
    return total


def second_part(S1: FloatArray, D1: FloatArray, u: FloatArray) -> FloatArray:
    """(p, p) sum over cells and tied events of w m m', m the mean of the risk set."""
    cross = (S1 * u[1]) @ D1.T
    total: FloatArray = (S1 * u[0]) @ S1.T - cross - cross.T + (D1 * u[2]) @ D1.T
    return total


def weighted_information(design: CoxDesign, moments: Moments, day_weight: FloatArray) -> FloatArray:
    """(p, p) information in which each cell counts day_weight, (K,), times."""
    exposure = row_exposure(design, moments.h * day_weight, moments.c * day_weight)
    total = np.zeros((design.Z.shape[0],) * 2)
    for lo in range(0, exposure.size, BLOCK):
        Z, part = design.Z[:, lo : lo + BLOCK], slice(lo, lo + BLOCK)
        total += (Z * (moments.risk[part] * exposure[part])) @ Z.T
    total -= second_part(moments.S1, moments.D1, moments.u * day_weight)
    symmetric: FloatArray = (total + total.T) / 2
    return symmetric


def cumulate(design: CoxDesign, values: FloatArray) -> FloatArray:
    """Running sums over the cells of each stratum, along the last axis; each stratum begins anew."""
    if design.bounds.size == 2:
        return np.cumsum(values, axis=-1)
    total = np.empty_like(values)
    for lo, hi in zip(design.bounds[:-1].tolist(), design.bounds[1:].tolist(), strict=True):
        np.cumsum(values[..., lo:hi], axis=-1, out=total[..., lo:hi])
    return total


def sums_at_risk(design: CoxDesign, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(p, K) sums of values, (p, m), over the risk set of each cell, and over the cell's events."""
    p, K = values.shape[0], design.n_cells
    by_segment = np.zeros((p, 2 * K))
    if design.starts.size:
        by_segment[:, design.segments] = np.add.reduceat(values, design.starts, axis=1)
    entered = _entered(design, values) if design.late is not None else None
    return _from_behind(design, by_segment[:, ::2] + by_segment[:, 1::2], entered), by_segment[:, ::2]


def _risk_sums(design: CoxDesign, risk: FloatArray) -> tuple[FloatArray, FloatArray]:
    S0, D0 = sums_at_risk(design, risk[None, :])
    return S0[0], np.ascontiguousarray(D0[0])


def _entered(design: CoxDesign, values: FloatArray) -> FloatArray:
    """(p, K) sums over the rows that come under observation just before each cell."""
    K = design.n_cells
    return np.stack([np.bincount(design.first, weights=row, minlength=K) for row in values])


def _from_behind(design: CoxDesign, leaving: FloatArray, entering: FloatArray | None) -> FloatArray:
    """Sums over the risk set: all that leave on the cell or later, less those that enter later."""
    total = np.empty_like(leaving)
    for lo, hi in zip(design.bounds[:-1].tolist(), design.bounds[1:].tolist(), strict=True):
        total[:, lo:hi] = np.cumsum(leaving[:, lo:hi][:, ::-1], axis=1)[:, ::-1]
        if entering is not None and hi - lo > 1:
            total[:, lo : hi - 1] -= np.cumsum(entering[:, lo + 1 : hi][:, ::-1], axis=1)[:, ::-1]
    return total


def _tie_sums(
    design: CoxDesign, S0: FloatArray, D0: FloatArray, *, ties: str, cubes: bool
) -> tuple[float, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Minus the sum of logs of the risk sums, and h, c, u, t of Moments."""
    K, w = design.n_cells, design.mean_weight
    one = w * design.deaths / S0
    h, c = one.copy(), np.zeros(K)
    u, t = np.zeros((3, K)), np.zeros((4 if cubes else 0, K))
    u[0] = one / S0
    if cubes:
        t[0] = u[0] / S0
    loss = w * design.deaths * np.log(S0)
    if ties == "efron" and design.tied.size:
        k, a = design.tied, design.slot_part
        g = S0[k][design.slot_cell] - a * D0[k][design.slot_cell]
        loss[k] = w[k] * np.add.reduceat(np.log(g), design.slot_starts)
        term = 1 / g
        h[k] = w[k] * np.add.reduceat(term, design.slot_starts)
        c[k] = w[k] * np.add.reduceat(a * term, design.slot_starts)
        for power, sums in ((2, u), (3, t)):
            if len(sums):
                term = 1 / g**power
                for row in sums:
                    row[k] = w[k] * np.add.reduceat(term, design.slot_starts)
                    term *= a
    return -float(loss.sum()), h, c, u, t


def _products(
    design: CoxDesign, risk: FloatArray, exposure: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Score, first part of the information, S1 and D1, block by block so that no second table is held."""
    p, m = design.Z.shape
    K = design.n_cells
    by_segment, first = np.zeros((p, 2 * K)), np.zeros((p, p))
    entered = np.zeros((p, K)) if design.late is not None else None
    residual = design.weight * design.is_event - risk * exposure
    for lo in range(0, m, BLOCK):
        hi = min(lo + BLOCK, m)
        Z = design.Z[:, lo:hi]
        rZ = Z * risk[lo:hi]
        i, j = np.searchsorted(design.starts, (lo, hi))
        if not i < design.starts.size or design.starts[i] != lo:
            i -= 1  # the block begins inside a segment
        inside = np.maximum(design.starts[i:j] - lo, 0)
        by_segment[:, design.segments[i:j]] += np.add.reduceat(rZ, inside, axis=1)
        if entered is not None:
            _add_entered(design, rZ, lo, hi, entered)
        rZ *= exposure[lo:hi]
        first += rZ @ Z.T
    S1 = _from_behind(design, by_segment[:, ::2] + by_segment[:, 1::2], entered)
    return design.Z @ residual, first, S1, np.ascontiguousarray(by_segment[:, ::2])


def _add_entered(design: CoxDesign, rZ: FloatArray, lo: int, hi: int, entered: FloatArray) -> None:
    at = design.first[lo:hi]
    if design.n_cells <= 4 * (hi - lo):
        for j in range(rZ.shape[0]):
            entered[j] += np.bincount(at, weights=rZ[j], minlength=entered.shape[1])
    else:
        for j in range(rZ.shape[0]):
            np.add.at(entered[j], at, rZ[j])
