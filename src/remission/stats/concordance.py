"""Harrell's concordance: of the pairs whose order is known, how many had the event in the order of their risk scores.

Pairs are counted by halving: rows are put in order of time, and at each level every row of one half of a block is
held against all rows of the other half at once, in the order of their scores; n log n altogether.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from remission.stats.arrays import (
    FloatArray,
    IntArray,
    Status,
    finite_numbers,
    require_level,
)
from remission.stats.cox_data import CoxRows, cox_rows
from remission.stats.cox_residuals import require_moments
from remission.stats.cox_result import CoxFit

SAME = 1e-10  # scores closer than this, relative to their spread, are the same score


@dataclass(frozen=True)
class Concordance:
    """c: (concordant + tied_score / 2) / all pairs, 0-1; se: standard error of c; low, high: Wald limits within 0-1.

    concordant, discordant, tied_score: pairs (weighted) in which it is known who had the event first.
    """

    c: float | None
    se: float | None
    low: float | None
    high: float | None
    concordant: float
    discordant: float
    tied_score: float
    confidence: float
    status: Status
    reason: str


def estimate_concordance(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    score: npt.ArrayLike,
    *,
    entry_days: npt.ArrayLike | None = None,
    stratum: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> Concordance:
    """Concordance of a risk score with the time to an event.

    Args: exit_days, is_event, entry_days, stratum, weight, cluster: (n,) as in fit_cox.  score: (n,), higher is
    expected to have the event earlier.
    Returns: see Concordance; undefined if there is no pair.
    Conventions: the other of a pair is at risk on the day of the event and outlives it (a censoring on that day
    does); two events on one day are no pair; pairs within strata; infinitesimal jackknife error, by cluster if given.
    Raises: DataError as fit_cox.
    Source: Harrell, Lee & Mark 1996, Stat Med 15:361; Therneau & Watson 2017.  Checked: tests/golden/test_cox_r.py.
    """
    scores = finite_numbers(score, "The score")
    require_level(confidence, "confidence")
    rows = cox_rows(exit_days, is_event, scores, None, entry_days, stratum, weight, cluster, None)
    return _concordance(rows, scores, confidence)


def concordance_of(fit: CoxFit) -> Concordance:
    """Harrell's C of a fitted model, by clusters if it has them. Raises: DataError for a fit without estimates."""
    if fit.ties != "exact":
        require_moments(fit)
    return _concordance(fit.state.rows, fit.linear_predictor, fit.confidence)


def _concordance(rows: CoxRows, scores: FloatArray, confidence: float) -> Concordance:
    """C and its error from the pairs of each row."""
    pairs = _pairs_of_rows(rows, _ranks(scores))
    concordant, discordant, tied = (float(rows.weight @ p) / 2 for p in pairs)
    known = concordant + discordant + tied
    if not known > 0:
        return Concordance(None, None, None, None, 0.0, 0.0, 0.0, confidence, "undefined", "no pair of known order")
    c = (concordant + tied / 2) / known
    influence = (pairs[0] + pairs[2] / 2 - c * pairs.sum(axis=0)) / known
    if rows.cluster is not None:
        total = np.bincount(rows.cluster, weights=rows.weight * influence)
        variance = float(total @ total)
    else:
        power = 1 if rows.weights == "copies" else 2
        variance = float(rows.weight**power @ influence**2)
    se = variance**0.5
    half = float(ndtri(0.5 + confidence / 2)) * se
    return Concordance(
        c, se, max(0.0, c - half), min(1.0, c + half), concordant, discordant, tied, confidence, "ok", ""
    )


def _ranks(scores: FloatArray) -> IntArray:
    """Dense ranks; scores that differ by rounding only are tied."""
    if not scores.size:
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    steps = np.diff(ordered) > SAME * max(float(np.abs(ordered - ordered.mean()).max()), 1e-300)
    ranks = np.empty(scores.size, dtype=np.int64)
    ranks[order] = np.concatenate([[0], np.cumsum(steps)])
    return ranks


def _pairs_of_rows(rows: CoxRows, ranks: IntArray) -> FloatArray:
    """(3, n) weight of the partners of each row in concordant, discordant and score-tied pairs."""
    n = rows.exits.size
    event_weight = rows.weight * rows.is_event
    # later days first, on a day the censored before the events: what lies before an event outlives it
    when = -2 * rows.exits + rows.is_event
    pairs = _pairs(rows.stratum, when, ranks, rows.weight, event_weight)
    if (rows.entries >= 0).any():
        # whoever enters on the day of the event or later was no partner
        both = np.concatenate([np.arange(n), np.arange(n)])
        when = np.concatenate([-2 * rows.entries, -2 * rows.exits + 1])
        nobody = np.zeros(n)
        early = _pairs(
            rows.stratum[both],
            when,
            ranks[both],
            np.concatenate([rows.weight, nobody]),
            np.concatenate([nobody, event_weight]),
        )
        pairs -= early[:, :n] + early[:, n:]
    return pairs


def _pairs(stratum: IntArray, when: IntArray, rank: IntArray, before: FloatArray, after: FloatArray) -> FloatArray:
    """(3, N) concordant, discordant, tied weight of the partners of each item, within strata.

    An item with weight `after` is paired with all items that lie before it (smaller `when`), which count with their
    weight `before`; the pair is concordant if the later one in `when` has the higher rank.
    """
    place = np.unique(when, return_inverse=True)[1].astype(np.int64)
    bits = int(place.max(initial=0)).bit_length()
    order = np.lexsort((rank, stratum))
    code, rank = (stratum[order] << bits) | place[order], rank[order]
    left, right = before[order], after[order]
    pairs = np.zeros((3, order.size))
    for bit in range(bits - 1, -1, -1):
        is_right = (code >> bit & 1).astype(np.bool_)
        block = code >> (bit + 1)
        edges = _edges(block[1:] != block[:-1])
        groups = _edges((block[1:] != block[:-1]) | (rank[1:] != rank[:-1]))
        lower, same, higher = _around(np.where(is_right, 0.0, left), edges, groups)
        takes = is_right * (right > 0)
        pairs[:, order] += np.stack([lower, higher, same]) * takes
        lower, same, higher = _around(np.where(is_right, right, 0.0), edges, groups)
        pairs[:, order] += np.stack([higher, lower, same]) * (~is_right & (left > 0))
        turn = np.argsort(code >> bit, kind="stable")
        order, code, rank, left, right = order[turn], code[turn], rank[turn], left[turn], right[turn]
    return pairs


def _edges(changes: npt.NDArray[np.bool_]) -> tuple[IntArray, IntArray]:
    """First place and end of the run of equal values that each item lies in."""
    cut = np.concatenate([[0], np.flatnonzero(changes) + 1, [changes.size + 1]])
    length = np.diff(cut)
    return np.repeat(cut[:-1], length), np.repeat(cut[1:], length)


def _around(
    weight: FloatArray, block: tuple[IntArray, IntArray], group: tuple[IntArray, IntArray]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weight in the item's block that has a lower, the same, a higher rank."""
    upto = np.concatenate([[0.0], np.cumsum(weight)])
    return upto[group[0]] - upto[block[0]], upto[group[1]] - upto[group[0]], upto[block[1]] - upto[group[1]]
