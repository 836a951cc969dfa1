"""Nelson-Aalen cumulative hazard of any or of one cause, with both usual variances, from a risk table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from remission.stats.aalen_johansen import require_cause
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
from remission.stats.bands import fewest_at_risk, no_event_lower
from remission.stats.riskset import RiskTable

HAZARD_VARIANCES = ("poisson", "binomial")
HAZARD_INTERVALS = ("log", "plain")


@dataclass(frozen=True, eq=False)
class CumulativeHazard(FrozenArrays):
    """One group's cumulative hazard: a row per day with an event or a censoring (m rows).

    days, at_risk (before anything happens that day), events (of the cause asked for), other_events, censored:
    (m,) int.  hazard: (m,) >= 0.  se_poisson, se_binomial: (m,) standard errors of the hazard.  low, high:
    (m,) with the variance and interval named.  flagged: (m,) no event yet, the upper limit is exact.  cause:
    None is any.  n: rows (patients).  last_day: last day of follow-up, None if nobody.
    """

    group: str
    cause: int | None
    days: IntArray
    at_risk: IntArray
    events: IntArray
    other_events: IntArray
    censored: IntArray
    hazard: FloatArray
    se_poisson: FloatArray
    se_binomial: FloatArray
    low: FloatArray
    high: FloatArray
    flagged: BoolArray
    n: int
    last_day: int | None
    variance: str
    interval: str
    confidence: float
    axis_days: IntArray
    axis_at_risk: IntArray


@dataclass(frozen=True)
class HazardAt:
    """Cumulative hazard by one day, the day included. at_risk: before the day's events."""

    day: int
    hazard: float | None
    se: float | None
    low: float | None
    high: float | None
    at_risk: int
    flagged: bool
    status: Status
    reason: str


def estimate_hazards(
    risk: RiskTable,
    *,
    cause: int | None = None,
    variance: str = "poisson",
    interval: str = "log",
    confidence: float = 0.95,
) -> tuple[CumulativeHazard, ...]:
    """Nelson-Aalen cumulative hazard of each group, strata taken together.

    Args: risk: a risk table.  cause: 1 to C, the others then end observation; None is any.  variance:
    "poisson" (sum of d/Y^2) or "binomial" (sum of d (Y - d)/Y^3), of the interval.  interval: "log" or "plain".
    Returns: one CumulativeHazard per group, also for an empty one.
    Conventions: at risk is entry < t <= exit; d/Y at a day with d events; before the first event the interval
    is 0 to the hazard whose survival is the exact lower limit, flagged (docs/methods/nelson-aalen.md).
    Raises: DataError if an option is unknown or there is no such cause.
    Source: Aalen 1978, Ann Stat 6:701; Klein 1991, Scand J Stat 18:333.
    Checked: tests/golden/test_cr_curves.py (R survival).
    """
    require_known(variance, HAZARD_VARIANCES, "variance")
    require_known(interval, HAZARD_INTERVALS, "interval")
    require_level(confidence, "confidence")
    if cause is not None:
        require_cause(cause, risk.events.shape[2])
    return tuple(_group_hazard(risk, g, cause, variance, interval, confidence) for g in range(len(risk.groups)))


def _group_hazard(
    risk: RiskTable, g: int, cause: int | None, variance: str, interval: str, confidence: float
) -> CumulativeHazard:
    at_risk, censored = risk.at_risk[g].sum(axis=0), risk.censored[g].sum(axis=0)
    every = risk.events[g].sum(axis=(0, 1))
    own = every if cause is None else risk.events[g, :, cause - 1].sum(axis=0)
    rows = every + censored > 0
    Y, d = at_risk[rows].astype(np.float64), own[rows].astype(np.float64)
    hazard = np.cumsum(d / Y)
    se = {
        "poisson": np.sqrt(np.cumsum(d / Y**2)),
        "binomial": np.sqrt(np.cumsum(d * (Y - d) / Y**3)),
    }
    z = float(ndtri(0.5 + confidence / 2))
    none = hazard == 0
    if interval == "log":
        factor = np.exp(np.divide(z * se[variance], hazard, out=np.zeros_like(hazard), where=~none))
        low, high = hazard / factor, hazard * factor
    else:
        low, high = np.maximum(0.0, hazard - z * se[variance]), hazard + z * se[variance]
    high[none] = -np.log(no_event_lower(fewest_at_risk(at_risk)[rows], confidence=confidence)[none])
    days = risk.days[rows]
    return CumulativeHazard(
        risk.groups[g],
        cause,
        days,
        at_risk[rows],
        own[rows],
        (every - own)[rows],
        censored[rows],
        hazard,
        se["poisson"],
        se["binomial"],
        low,
        high,
        none,
        int(risk.n[g]),
        int(days[-1]) if days.size else None,
        variance,
        interval,
        confidence,
        risk.days.copy(),
        at_risk.copy(),
    )


def hazard_at(curve: CumulativeHazard, at_days: npt.ArrayLike) -> tuple[HazardAt, ...]:
    """Cumulative hazard by chosen days.

    Args: curve: from estimate_hazards.  at_days: (k,) int >= 0.
    Returns: k rows; undefined beyond the last follow-up, before anybody is under observation, for nobody.
    Raises: DataError if a day is negative or not whole.
    """
    fewest = fewest_at_risk(curve.axis_at_risk)
    se = curve.se_poisson if curve.variance == "poisson" else curve.se_binomial
    answers = []
    for day in whole_numbers(at_days, "The day asked for").tolist():
        i = int(np.searchsorted(curve.days, day, side="right")) - 1
        place = int(np.searchsorted(curve.axis_days, day))
        at_risk = int(curve.axis_at_risk[place]) if place < curve.axis_days.size else 0
        reason = ""
        if curve.last_day is None:
            reason = "no patients in this group"
        elif day > curve.last_day:
            reason = "beyond the last follow-up"
        elif i < 0 and not curve.axis_at_risk[: place + 1].any():
            reason = "nobody is under observation yet"
        if reason:
            answers.append(HazardAt(day, None, None, None, None, at_risk, False, "undefined", reason))
        elif i < 0 or curve.flagged[i]:
            high = -float(np.log(no_event_lower(fewest[[place]], confidence=curve.confidence)[0]))
            answers.append(HazardAt(day, 0.0, 0.0, 0.0, high, at_risk, True, "ok", ""))
        else:
            H, s, low, high = (float(x[i]) for x in (curve.hazard, se, curve.low, curve.high))
            answers.append(HazardAt(day, H, s, low, high, at_risk, False, "ok", ""))
    return tuple(answers)
