"""Cumulative incidence of every cause in the presence of the others, from a risk table."""

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
from remission.stats.bands import beta_product_band, fewest_at_risk, is_inner, no_event_lower, transformed_band
from remission.stats.kaplan_meier import Curve, curve_from_counts
from remission.stats.riskset import RiskTable

VARIANCES = ("aalen", "infinitesimal-jackknife")
INCIDENCE_INTERVALS = ("log-log", "log", "plain")


@dataclass(frozen=True, eq=False)
class Incidence(FrozenArrays):
    """One group's cumulative incidences: C causes by m days with an event or a censoring.

    days, at_risk (before anything happens that day), censored: (m,) int.  events: (C, m) int per cause.
    incidence, se (of the incidence), low, high: (C, m) in 0-1.  flagged: (C, m) incidence is 0 or 1 and the
    interval is of the exact kind.  event_free: Kaplan-Meier curve of any cause, on the same days.  closure:
    largest distance from 1 of event-free + all incidences.  n: rows (patients).  last_day: last day of
    follow-up, None if nobody.  axis_days, axis_at_risk: the number at risk as a step function.
    """

    group: str
    days: IntArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray
    incidence: FloatArray
    se: FloatArray
    low: FloatArray
    high: FloatArray
    flagged: BoolArray
    event_free: Curve
    closure: float
    n: int
    last_day: int | None
    variance: str
    interval: str
    confidence: float
    axis_days: IntArray
    axis_at_risk: IntArray


@dataclass(frozen=True)
class IncidenceAt:
    """One cause's incidence by a day. at_risk: before the day's events; the cumulative counts include it."""

    day: int
    cause: int
    incidence: float | None
    se: float | None
    low: float | None
    high: float | None
    at_risk: int
    cumulative_events: int
    cumulative_other: int
    cumulative_censored: int
    flagged: bool
    status: Status
    reason: str


def estimate_incidence(
    risk: RiskTable, *, variance: str = "aalen", interval: str = "log-log", confidence: float = 0.95
) -> tuple[Incidence, ...]:
    """Aalen-Johansen cumulative incidence of every cause in each group, strata taken together.

    Args: risk: a risk table.  variance: "aalen" (counting process, with the correction for ties) or
    "infinitesimal-jackknife" (sum of squared influences of the patients).  interval: "log-log", "log" or
    "plain", of the incidence itself.  confidence: of the pointwise interval.
    Returns: one Incidence per group, also for an empty one; event-free + all incidences = 1.
    Conventions: at risk is entry < t <= exit; events precede censorings on a day; where the incidence is 0 or
    1 the interval is exact and flagged (docs/methods/competing-risks.md).
    Raises: DataError if an option is unknown, the confidence is not between 0 and 1, or the jackknife is asked
    for with delayed entry: the table does not know which entry belongs to which exit.
    Source: Aalen & Johansen 1978; Gray 1988; Geskus 2015, ch. 2.
    Checked: tests/golden/test_cr_incidence.py (R survival, cmprsk).
    """
    require_known(variance, VARIANCES, "variance")
    require_known(interval, INCIDENCE_INTERVALS, "interval")
    require_level(confidence, "confidence")
    if variance == "infinitesimal-jackknife" and risk.has_delayed_entry:
        raise DataError(
            "The jackknife of an incidence needs everybody under observation from the start.",
            "delayed-entry",
            expected='variance="aalen" with delayed entry',
            todo="Use the Aalen variance, or the state occupation probabilities, which know the patients.",
        )
    at_risk, censored, events = risk.at_risk.sum(axis=1), risk.censored.sum(axis=1), risk.events.sum(axis=1)
    return tuple(
        _group_incidence(risk, g, at_risk[g], events[g], censored[g], variance, interval, confidence)
        for g in range(len(risk.groups))
    )


def _group_incidence(
    risk: RiskTable,
    g: int,
    at_risk: IntArray,
    events: IntArray,
    censored: IntArray,
    variance: str,
    interval: str,
    confidence: float,
) -> Incidence:
    n = int(risk.n[g])
    free = curve_from_counts(
        risk.groups[g], risk.days, at_risk, events.sum(axis=0), censored, n=n, interval=interval, confidence=confidence
    )
    rows = events.sum(axis=0) + censored > 0
    Y, d = at_risk[rows], events[:, rows]
    before = np.concatenate([np.ones(1), free.survival[:-1]]) if Y.size else np.zeros(0)
    F = np.cumsum(before * d / Y, axis=1)
    # where every event is of one cause, the incidence is 1 - survival by definition: no rounding of its own
    alone = d.sum(axis=0).cumsum() == d.cumsum(axis=1)
    F = np.where(alone, 1 - free.survival, F)
    spread = np.empty_like(F)
    for c in range(F.shape[0]):
        other = d.sum(axis=0) - d[c]
        if variance == "aalen":
            spread[c] = _aalen_variance(Y, d[c], other, before, free.survival, F[c])
        else:
            spread[c] = _jackknife_variance(Y, d[c], other, free.censored, before, free.survival, F[c])
    se = np.sqrt(np.maximum(spread, 0.0))
    low, high = _limits(F, se, Y, d, fewest_at_risk(at_risk)[rows], interval, confidence)
    return Incidence(
        risk.groups[g],
        free.days,
        Y,
        d.copy(),
        free.censored,
        F,
        se,
        low,
        high,
        ~is_inner(F),
        free,
        float(np.abs(F.sum(axis=0) + free.survival - 1).max(initial=0.0)),
        n,
        free.last_day,
        variance,
        interval,
        confidence,
        free.axis_days,
        free.axis_at_risk,
    )


def _per(a: FloatArray, b: FloatArray) -> FloatArray:
    """a / b, 0 where b is 0: nothing follows a day on which everybody left has an event."""
    return np.divide(a, b, out=np.zeros(a.size), where=b > 0)


def _aalen_variance(
    Y: IntArray, d: IntArray, other: IntArray, before: FloatArray, after: FloatArray, F: FloatArray
) -> FloatArray:
    """Variance of F(t): sum over u <= t of (S(u-)/Y)^2 {[1 - (F(t) - F(u))/S(u)]^2 v1 + [(F(t) - F(u))/S(u)]^2 v2}.

    v1, v2: binomial-type variances d (Y - d)/(Y - 1) of the day's events of the cause and of the others.  The
    squares are expanded in F(t), so that all days together cost one pass.
    """
    scale = (before / Y) ** 2
    v1, v2 = scale * _tied(Y, d), scale * _tied(Y, other)
    b = _per(np.ones_like(F), after)
    a1, a2 = 1 + F * b, F * b
    constant = np.cumsum(v1 * a1**2 + v2 * a2**2)
    linear = np.cumsum((v1 * a1 + v2 * a2) * b)
    square = np.cumsum((v1 + v2) * b**2)
    total: FloatArray = constant - 2 * F * linear + F**2 * square
    return total


def _tied(Y: IntArray, d: IntArray) -> FloatArray:
    share = (d - 1) / np.maximum(Y - 1, 1)
    total: FloatArray = d.astype(np.float64) * np.where(d > 1, 1 - share, 1.0)
    return total


def _jackknife_variance(
    Y: IntArray,
    d: IntArray,
    other: IntArray,
    censored: IntArray,
    before: FloatArray,
    after: FloatArray,
    F: FloatArray,
) -> FloatArray:
    """Sum over patients of the squared influence on F(t), patients with the same end of follow-up together.

    The influence of a patient is A - F(t) B, A and B growing day by day while at risk and fixed afterwards.
    """
    weight, b = before / Y, _per(np.ones_like(F), after)
    a1, a2 = weight * (1 + F * b), weight * F * b  # of an event of the cause, of another
    wb = weight * b
    shared_a = -np.cumsum((a1 * d + a2 * other) / Y)
    shared_b = -np.cumsum(wb * (d + other) / Y)
    constant, linear, square = np.zeros_like(F), np.zeros_like(F), np.zeros_like(F)
    for count, own_a, own_b in ((d, a1, wb), (other, a2, wb), (censored, 0.0 * F, 0.0 * F)):
        A, B = shared_a + own_a, shared_b + own_b
        constant += np.cumsum(count * A**2)
        linear += np.cumsum(count * A * B)
        square += np.cumsum(count * B**2)
    remaining = Y - d - other - censored
    total: FloatArray = constant - 2 * F * linear + F**2 * square + remaining * (shared_a - F * shared_b) ** 2
    return total


def _limits(
    F: FloatArray, se: FloatArray, Y: IntArray, d: IntArray, fewest: IntArray, interval: str, confidence: float
) -> tuple[FloatArray, FloatArray]:
    low, high = np.zeros_like(F), np.ones_like(F)
    inner = is_inner(F)
    low[inner], high[inner] = transformed_band(
        F[inner], se[inner] / F[inner], np.ones(int(inner.sum()), dtype=np.int64), interval=interval,
        confidence=confidence,
    )  # fmt: skip
    never = F == 0
    high[never] = np.broadcast_to(1 - no_event_lower(fewest, confidence=confidence), F.shape)[never]
    if (F >= 1).any():  # everybody had this cause: the limits are those of a survival of 0
        low[F >= 1] = np.broadcast_to(1 - beta_product_band(Y, d.sum(axis=0), confidence=confidence)[1], F.shape)[
            F >= 1
        ]
    return low, high


def incidence_at(curve: Incidence, at_days: npt.ArrayLike, *, cause: int = 1) -> tuple[IncidenceAt, ...]:
    """One cause's cumulative incidence by chosen days, with interval and counts.

    Args: curve: from estimate_incidence.  at_days: (k,) int >= 0.  cause: 1 to C.
    Returns: k rows; undefined beyond the last follow-up unless nobody is event-free any more, before anybody
    is under observation, and for an empty group.
    Conventions: at_risk counts entry < day <= exit; incidence and cumulative counts include the day itself.
    Raises: DataError if a day is negative or not whole, or there is no such cause.
    """
    asked = whole_numbers(at_days, "The day asked for")
    c = require_cause(cause, curve.events.shape[0]) - 1
    own, every = np.cumsum(curve.events[c]), np.cumsum(curve.events.sum(axis=0))
    censored = np.cumsum(curve.censored)
    fewest = fewest_at_risk(curve.axis_at_risk)
    answers = []
    for day in asked.tolist():
        i = int(np.searchsorted(curve.days, day, side="right")) - 1
        place = int(np.searchsorted(curve.axis_days, day))
        at_risk = int(curve.axis_at_risk[place]) if place < curve.axis_days.size else 0
        done = (int(own[i]), int(every[i] - own[i]), int(censored[i])) if i >= 0 else (0, 0, 0)
        counts = (at_risk, *done)
        if reason := _why_undefined(curve, day, i, place):
            answers.append(IncidenceAt(day, cause, None, None, None, None, *counts, False, "undefined", reason))
        elif i < 0 or curve.incidence[c, i] == 0:
            high = 1 - float(no_event_lower(fewest[[min(place, fewest.size - 1)]], confidence=curve.confidence)[0])
            answers.append(IncidenceAt(day, cause, 0.0, 0.0, 0.0, high, *counts, True, "ok", ""))
        else:
            F, se, low, high = (float(x[c, i]) for x in (curve.incidence, curve.se, curve.low, curve.high))
            answers.append(IncidenceAt(day, cause, F, se, low, high, *counts, bool(curve.flagged[c, i]), "ok", ""))
    return tuple(answers)


def require_cause(cause: int, causes: int) -> int:
    """One of the causes 1 to C. Raises: DataError if there is no such cause."""
    if not 1 <= cause <= causes:
        raise DataError("There is no such cause.", "unknown-cause", expected=f"1 to {causes}", found=f"{cause}")
    return cause


def _why_undefined(curve: Incidence, day: int, i: int, place: int) -> str:
    if curve.last_day is None:
        return "no patients in this group"
    if day > curve.last_day and curve.event_free.survival[-1] > 0:
        return "beyond the last follow-up"
    if i < 0 and not curve.axis_at_risk[: place + 1].any():
        return "nobody is under observation yet"
    return ""
