"""State occupation probabilities: in which state a patient is on each day (Aalen-Johansen, several states)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import (
    BoolArray,
    FloatArray,
    FrozenArrays,
    IntArray,
    Status,
    require_known,
    require_level,
    whole_numbers,
)
from remission.stats.bands import is_inner, transformed_band
from remission.stats.episodes import CENSORED, StateRows

OCCUPANCY_INTERVALS = ("log-log", "log", "plain")
STARTS = ("estimated", "given")
NOTHING_LEFT = 1e-12  # a probability this small, in states that can be left, is rounding


@dataclass(frozen=True, eq=False)
class Occupancy(FrozenArrays):
    """Probability of each of K states on m days with a transition or a censoring.

    at_risk: (K, m) int, before anything happens that day.  probability, se (of the probability), low, high:
    (K, m); no limits (NaN) where a probability is 0 or 1.  transitions: (K, K) counts from row to column.
    initial: (K,) probabilities at the start.  closure: largest distance of a day's sum from 1.  n: patients.
    last_day: last day of follow-up, None if nobody.  is_settled: nobody can change state any more at the end.
    """

    states: tuple[str, ...]
    days: IntArray
    at_risk: IntArray
    probability: FloatArray
    se: FloatArray
    low: FloatArray
    high: FloatArray
    flagged: BoolArray
    transitions: IntArray
    initial: FloatArray
    closure: float
    n: int
    last_day: int | None
    is_settled: bool
    interval: str
    confidence: float


@dataclass(frozen=True)
class OccupancyAt:
    """Probability of one state on one day, the day's transitions included."""

    day: int
    state: str
    probability: float | None
    se: float | None
    low: float | None
    high: float | None
    status: Status
    reason: str


def estimate_occupancy(
    rows: StateRows, *, start: str = "estimated", interval: str = "log-log", confidence: float = 0.95
) -> Occupancy:
    """Aalen-Johansen probabilities of the states of a multi-state model.

    Args: rows: pieces of follow-up with the state during each and the state it leads to.  start: "estimated", the
    initial probabilities are uncertain too where patients start in several states, or "given".  interval:
    "log-log", "log" or "plain", of the probability itself.
    Returns: see Occupancy; the probabilities of a day add up to 1.
    Conventions: at risk is entry < t <= exit; several transitions on one day happen at once; the initial
    probabilities are the states of those under observation from the start (entry -1 or 0); the standard error
    is the infinitesimal jackknife over patients (docs/methods/state-occupancy.md).
    Raises: DataError if an option is unknown or nobody is under observation from the start.
    Source: Aalen & Johansen 1978, Scand J Stat 5:141; Andersen et al. 1993, IV.4.
    Checked: tests/golden/test_cr_later.py (R survival).
    """
    require_known(start, STARTS, "start")
    require_known(interval, OCCUPANCY_INTERVALS, "interval")
    require_level(confidence, "confidence")
    size = len(rows.states)
    days = np.unique(rows.exit_days)
    at_risk = np.stack([_at_risk(rows, s, days) for s in range(size)])
    transitions = np.zeros((size, size), dtype=np.int64)
    moves = rows.to_state != CENSORED
    np.add.at(transitions, (rows.from_state[moves], rows.to_state[moves]), 1)
    initial, influence = _start(rows)
    p, se = _walk(rows, days, initial, influence if start == "estimated" else np.zeros_like(influence))
    low, high = np.full_like(p, np.nan), np.full_like(p, np.nan)
    inner = is_inner(p)
    low[inner], high[inner] = transformed_band(
        p[inner],
        se[inner] / p[inner],
        np.ones(int(inner.sum()), dtype=np.int64),
        interval=interval,
        confidence=confidence,
    )
    can_leave = np.isin(np.arange(size), rows.from_state)
    return Occupancy(
        rows.states,
        days,
        at_risk,
        p,
        se,
        low,
        high,
        ~inner,
        transitions,
        initial,
        float(np.abs(p.sum(axis=0) - 1).max(initial=0.0)) if rows.n else 0.0,
        rows.n,
        int(days[-1]) if days.size else None,
        bool(days.size) and float(p[can_leave, -1].sum()) < NOTHING_LEFT,
        interval,
        confidence,
    )


def _at_risk(rows: StateRows, state: int, days: IntArray) -> IntArray:
    here = rows.from_state == state
    entered = np.searchsorted(np.sort(rows.entry_days[here]), days)
    left = np.searchsorted(np.sort(rows.exit_days[here]), days)
    return (entered - left).astype(np.int64)


def _start(rows: StateRows) -> tuple[FloatArray, FloatArray]:
    """Probabilities of the states at the start (K,), and every patient's influence on them (n, K)."""
    size = len(rows.states)
    first = np.zeros(rows.patient.size, dtype=np.bool_)
    first[np.unique(rows.patient, return_index=True)[1]] = True
    first &= rows.entry_days <= 0
    if not first.any():
        if rows.n:
            raise DataError(
                "Nobody is under observation from the start.",
                "no-start",
                expected="patients with an entry on day 0 or before",
                todo="Move the origin, or give the pieces from the start.",
            )
        return np.zeros(size), np.zeros((0, size))
    own = np.eye(size)[rows.from_state[first]]
    initial = own.mean(axis=0)
    influence = np.zeros((rows.n, size))
    influence[rows.patient[first]] = (own - initial) / int(first.sum())
    return initial, influence


def _walk(rows: StateRows, days: IntArray, initial: FloatArray, influence: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Probabilities and standard errors (K, m), multiplied along the days.

    With T = 1 + dA the day's transitions, p becomes p T and a patient's influence U becomes U T plus, if at risk
    in state h, p_h / Y_h times (the patient's own step - the step expected in h).
    """
    size = initial.size
    p_all, se_all = np.zeros((size, days.size)), np.zeros((size, days.size))
    p, U = initial, influence
    for k, day in enumerate(days.tolist()):
        now = (rows.exit_days == day) & (rows.to_state != CENSORED)
        if now.any():
            risk = (rows.entry_days < day) & (rows.exit_days >= day)
            Y = np.bincount(rows.from_state[risk], minlength=size).astype(np.float64)
            counts = np.zeros((size, size))
            np.add.at(counts, (rows.from_state[now], rows.to_state[now]), 1.0)
            dA = counts / np.maximum(Y, 1.0)[:, None]
            dA -= np.diag(dA.sum(axis=1))
            step = -dA[rows.from_state] * risk[:, None]
            step[now] += np.eye(size)[rows.to_state[now]] - np.eye(size)[rows.from_state[now]]
            per_patient = (p / np.maximum(Y, 1.0))[rows.from_state][risk, None] * step[risk]
            U = U + U @ dA
            U[rows.patient[risk]] += per_patient  # at risk once on a day, so no patient is named twice
            p = p + p @ dA
        p_all[:, k] = p
        se_all[:, k] = np.sqrt((U**2).sum(axis=0))
    return np.clip(p_all, 0.0, 1.0), se_all


def occupancy_at(curve: Occupancy, at_days: npt.ArrayLike) -> tuple[OccupancyAt, ...]:
    """Probability of every state on chosen days.

    Args: curve: from estimate_occupancy.  at_days: (k,) int >= 0.
    Returns: k times K rows, states within days; undefined beyond the last follow-up unless nobody can change
    state any more.
    Raises: DataError if a day is negative or not whole.
    """
    answers = []
    for day in whole_numbers(at_days, "The day asked for").tolist():
        i = int(np.searchsorted(curve.days, day, side="right")) - 1
        reason = ""
        if curve.last_day is None:
            reason = "no patients"
        elif day > curve.last_day and not curve.is_settled:
            reason = "beyond the last follow-up"
        for s, state in enumerate(curve.states):
            if reason:
                answers.append(OccupancyAt(day, state, None, None, None, None, "undefined", reason))
            elif i < 0:
                answers.append(OccupancyAt(day, state, float(curve.initial[s]), None, None, None, "ok", ""))
            else:
                p, se, low, high = (float(x[s, i]) for x in (curve.probability, curve.se, curve.low, curve.high))
                is_known = not curve.flagged[s, i]
                limits = (low if is_known else None, high if is_known else None)
                answers.append(OccupancyAt(day, state, p, se, limits[0], limits[1], "ok", ""))
    return tuple(answers)
