"""One pass over the rows of a Cox model: log partial likelihood, score and information, Breslow or Efron.

With h the hazard that an event day adds, and a row's L the sum of h over its days at risk, the first part of the
information, sum over days of d S2/S0, is X' diag(r L) X: one product of matrices instead of S2 for each day. Efron's
method takes the share l/d of the day's events out of the risk set for its l-th event; what that changes is, for
the rows with an event on the day, L less c. Weighted by a function of the day, the same sums give the
proportional-hazards test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from remission.stats.arrays import FloatArray
from remission.stats.cox_blocks import entered_after, risk_blocks, risk_parts
from remission.stats.cox_design import CoxDesign
from remission.stats.parts import cuts_of, in_parts


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over the risk set of each cell at one value of the coefficients; p columns, K cells.

    eta, risk (weighted exp(eta)): (m,) rows.  S0: (K,); D0: the same over the day's events.
    h = sum w/g, c = sum w a/g with g = S0 - a D0 and a = l/d over the day's events, w their mean weight.
    u: (3, K) sums of w a**j / g**2; t: (4, K) of w a**j / g**3 if asked for.
    """

    design: CoxDesign
    eta: FloatArray
    risk: FloatArray
    S0: FloatArray
    D0: FloatArray
    h: FloatArray
    c: FloatArray
    u: FloatArray
    t: FloatArray

    @property
    def S1(self) -> FloatArray:
        """(p, K) risk times covariates, added over the risk set."""
        return self._first_moments[0]

    @property
    def D1(self) -> FloatArray:
        """(p, K) the same over the day's events where they are tied; 0 elsewhere, where no share of them leaves."""
        return self._first_moments[1]

    @cached_property
    def _first_moments(self) -> tuple[FloatArray, FloatArray]:
        """A second walk over the rows, for residuals and curves: the fit itself does not keep them."""
        S1, D1 = np.zeros((2, self.design.Z.shape[0], self.design.n_cells))
        for block in risk_blocks(self.design, self.risk, entered_after(self.design, self.risk)):
            S1[:, block.first : block.last] = block.S1
            D1[:, block.first + block.tied] = block.D1
        return S1, D1


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
        eta, risk = _hazards(design, beta)
        S0, D0 = _risk_sums(design, risk)
        loglik, h, c, u, t = _tie_sums(design, S0, D0, ties=ties, cubes=cubes)
    loglik += float((design.weight * eta) @ design.is_event)
    if not np.isfinite(loglik) or not np.isfinite(risk.sum()):
        return None
    score, information = _derivatives(design, risk, h, c, u)
    return Evaluation(loglik, score, information, Moments(design, eta, risk, S0, D0, h, c, u, t))


def row_exposure(design: CoxDesign, h: FloatArray, c: FloatArray) -> FloatArray:
    """(m,) sum over a row's cells at risk of h, less c of its own event's cell: its expected events at risk 1."""
    return _exposure_of(design, h, c)(slice(None))


def weighted_information(design: CoxDesign, moments: Moments, day_weight: FloatArray) -> FloatArray:
    """(p, p) information in which each cell counts day_weight, (K,), times."""
    h, c, u = moments.h * day_weight, moments.c * day_weight, moments.u * day_weight
    return _derivatives(design, moments.risk, h, c, u)[1]


def _hazards(design: CoxDesign, beta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(m,) log hazard relative to the mean row, and its exponential times the weight."""
    eta, risk = np.empty((2, design.last.size))

    def part(rows: tuple[int, int]) -> None:
        some = slice(*rows)
        np.add(beta @ design.Z[:, some], design.offset[some], out=eta[some])
        with np.errstate(over="ignore", under="ignore"):  # not inherited by a thread
            np.multiply(np.exp(eta[some]), design.weight[some], out=risk[some])

    in_parts(part, list(pairwise(cuts_of(*design.Z.shape[::-1]))))
    return eta, risk


def _derivatives(
    design: CoxDesign, risk: FloatArray, h: FloatArray, c: FloatArray, u: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Score (p,), and information (p, p): second moments less the sum of w m m', m the mean of the risk set."""
    p, has_ties, entered = design.Z.shape[0], bool(u[1:].any()), entered_after(design, risk)
    exposure_of = _exposure_of(design, h, c)

    def part(ends: tuple[int, int]) -> FloatArray:
        total = np.zeros((p + 1, p))  # the score is the last row
        for block in risk_blocks(design, risk, entered, *ends):
            by_cell, rows = u[:, block.first : block.last], slice(block.lo, block.hi)
            total[:p] -= (block.S1 * by_cell[0]) @ block.S1.T
            if has_ties and block.tied.size:
                _, u1, u2 = by_cell[:, block.tied]
                cross = (block.S1[:, block.tied] * u1) @ block.D1.T
                total[:p] += cross + cross.T - (block.D1 * u2) @ block.D1.T
            exposure, Z = exposure_of(rows), design.Z[:, rows]
            total[p] += Z @ (design.weight[rows] * design.is_event[rows] - risk[rows] * exposure)
            total[:p] += np.multiply(block.products, exposure, out=block.products) @ Z.T
        return total

    total = np.add.reduce(in_parts(part, risk_parts(design)))
    return total[p], (total[:p] + total[:p].T) / 2


def _exposure_of(design: CoxDesign, h: FloatArray, c: FloatArray) -> Callable[[slice], FloatArray]:
    """What row_exposure gives, for some of the rows."""
    upto = cumulate(design, h)
    before = upto - h

    def of(rows: slice) -> FloatArray:
        total = upto[design.last[rows]]
        if design.late is not None:
            total -= before[design.first[rows]]
        total -= design.is_event[rows] * c[design.last[rows]]
        return total

    return of


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
