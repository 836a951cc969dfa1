"""Two groups compared at one day: the difference of their survival probabilities, with interval and test."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

from scipy.special import ndtri

from remission.stats.arrays import Status, require_known, require_level, whole_numbers
from remission.stats.kaplan_meier import SurvivalAt, estimate_curves, survival_at
from remission.stats.riskset import RiskTable
from remission.stats.rmst import require_two_groups, two_sided

MILESTONE_SCALES = ("log-log", "plain")


@dataclass(frozen=True)
class Milestone:
    """Survival of the second group minus that of the first at one day.

    difference: -1 to 1, with its interval.  se: of the difference (Greenwood), None where a survival is 0.
    z, p: of the test on the scale named.  survival: both groups at the day.  reason: why undefined, or why
    there is a difference without a test.
    """

    groups: tuple[str, str]
    day: int
    scale: str
    survival: tuple[SurvivalAt, SurvivalAt]
    difference: float | None
    se: float | None
    low: float | None
    high: float | None
    z: float | None
    p: float | None
    status: Status
    reason: str


def compare_milestone(risk: RiskTable, at_day: int, *, scale: str = "log-log", confidence: float = 0.95) -> Milestone:
    """Difference of two survival probabilities at a day fixed beforehand.

    Args: risk: a risk table of exactly two groups; any cause is the event.  at_day: int >= 0.  scale: "log-log"
    (test of log(-log S); the interval is built from the two groups' log-log intervals) or "plain" (both from
    Greenwood's variances).  confidence: of the interval.
    Returns: see Milestone; undefined if the day is beyond the follow-up of a group; where a survival is 1 or 0
    the log-log interval uses its exact limits and there is no test.
    Raises: DataError if there are not two groups, the day is negative, or the scale is unknown.
    Source: Klein et al. 2007, Stat Med 26:4505 (tests); Zou & Donner 2008, Stat Med 27:1693 (interval).
    Checked: tests/golden/test_cr_curves.py (R survival).
    """
    require_known(scale, MILESTONE_SCALES, "scale")
    require_level(confidence, "confidence")
    require_two_groups(risk)
    day = int(whole_numbers([at_day], "The day asked for")[0])
    curves = estimate_curves(risk, interval=scale, confidence=confidence)
    first, second = (survival_at(curve, [day])[0] for curve in curves)
    names = (risk.groups[0], risk.groups[1])
    reason = "; ".join(f"{g}: {s.reason}" for g, s in zip(names, (first, second), strict=True) if s.status != "ok")
    if reason or first.survival is None or second.survival is None:
        return Milestone(names, day, scale, (first, second), *(None,) * 6, "undefined", reason)
    difference = second.survival - first.survival
    se = None if first.se is None or second.se is None else sqrt(first.se**2 + second.se**2)
    if scale == "plain":
        z = difference / se if se else None
        half = float(ndtri(0.5 + confidence / 2)) * (se or 0.0)
        # without any variance an interval of no width would be a claim: the exact limits are used instead
        low, high = (difference - half, difference + half) if se else _from_limits(difference, first, second)
    else:
        z = _log_log_z(first, second)
        low, high = _from_limits(difference, first, second)
    return Milestone(
        names,
        day,
        scale,
        (first, second),
        difference,
        se,
        max(-1.0, low),
        min(1.0, high),
        z,
        None if z is None else two_sided(z),
        "ok",
        "" if z is not None else "a survival is 1 or 0: no test on this scale",
    )


def _from_limits(difference: float, first: SurvivalAt, second: SurvivalAt) -> tuple[float, float]:
    """Limits of a difference from the limits of its two parts: the squares of the distances add up."""
    values = (first.survival, first.low, first.high, second.survival, second.low, second.high)
    s1, l1, u1, s2, l2, u2 = (0.0 if value is None else value for value in values)
    return difference - sqrt((s2 - l2) ** 2 + (u1 - s1) ** 2), difference + sqrt((u2 - s2) ** 2 + (s1 - l1) ** 2)


def _log_log_z(first: SurvivalAt, second: SurvivalAt) -> float | None:
    """Standardised difference of log(-log S), positive where the second group survives better."""
    parts = []
    for s in (first, second):
        if s.survival is None or s.se is None or not 0 < s.survival < 1:
            return None
        parts.append((log(-log(s.survival)), s.se / (s.survival * log(s.survival))))
    return (parts[0][0] - parts[1][0]) / sqrt(parts[0][1] ** 2 + parts[1][1] ** 2)
