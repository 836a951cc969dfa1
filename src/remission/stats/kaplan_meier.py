"""Kaplan-Meier curves, survival at chosen days, and quantiles such as the median, from a risk table."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

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
from remission.stats.bands import (
    INTERVALS,
    beta_product_band,
    fewest_at_risk,
    is_inner,
    no_event_lower,
    transformed_band,
)
from remission.stats.parts import each
from remission.stats.riskset import RiskTable

TOLERANCE = 1e-9  # relative: a survival this close to 1 - p is on it, whatever the order of the products


@dataclass(frozen=True, eq=False)
class Curve(FrozenArrays):
    """One group's curve: a row per distinct day with an event or a censoring (m rows).

    days, at_risk (before anything happens that day), events, censored: (m,) int.  survival, se (of the
    survival, Greenwood; NaN once survival is 0), low, high: (m,) in 0-1.  flagged: (m,) survival is 1 or 0
    and the interval is of the exact kind.  n: rows (patients).  last_day: last day of follow-up, None if
    nobody.  axis_days, axis_at_risk: the number at risk as a step function, axis_at_risk[j] after
    axis_days[j-1] up to axis_days[j].
    """

    group: str
    days: IntArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray
    survival: FloatArray
    se: FloatArray
    low: FloatArray
    high: FloatArray
    flagged: BoolArray
    n: int
    last_day: int | None
    interval: str
    confidence: float
    axis_days: IntArray
    axis_at_risk: IntArray


@dataclass(frozen=True)
class SurvivalAt:
    """Survival at one day. at_risk: before the day's events; the cumulative counts include the day itself."""

    day: int
    survival: float | None
    se: float | None
    low: float | None
    high: float | None
    at_risk: int
    cumulative_events: int
    cumulative_censored: int
    flagged: bool
    status: Status
    reason: str


@dataclass(frozen=True)
class CurveQuantile:
    """The day by which a proportion p has had the event, with its interval; None is not reached."""

    p: float
    days: float | None
    low: float | None
    high: float | None
    status: Status
    reason: str


def estimate_curves(risk: RiskTable, *, interval: str = "log-log", confidence: float = 0.95) -> tuple[Curve, ...]:
    """Kaplan-Meier curve of each group, any cause being the event, strata taken together.

    Args: risk: a risk table.  interval: one of "log-log", "log", "plain", "logit", "arcsine-sqrt", "peto",
    "beta-product".  confidence: of the pointwise interval.
    Returns: one Curve per group, also for an empty one.
    Conventions: at risk is entry < t <= exit; events precede censorings on a day; where survival is 1 or 0
    the interval is exact and flagged (docs/methods/kaplan-meier.md).
    Raises: DataError if the interval is unknown or the confidence is not between 0 and 1.
    Source: Kaplan & Meier 1958; Greenwood 1926.  Checked: tests/golden/test_stats_survival.py (R survival).
    """
    require_known(interval, INTERVALS, "interval")
    require_level(confidence, "confidence")
    (at_risk, events, censored), n = risk.of_groups, risk.n

    def curve(g: int) -> Curve:
        return curve_from_counts(
            risk.groups[g],
            risk.days,
            at_risk[g],
            events[g],
            censored[g],
            n=int(n[g]),
            interval=interval,
            confidence=confidence,
        )

    return tuple(each(curve, range(len(risk.groups)), size=risk.days.size))


def curve_from_counts(
    group: str,
    days: IntArray,
    at_risk: IntArray,
    events: IntArray,
    censored: IntArray,
    *,
    n: int,
    interval: str,
    confidence: float,
) -> Curve:
    """The curve of one group from its counts on each day of an axis, (k,) int each."""
    rows = np.flatnonzero(events + censored)
    Y, d = at_risk[rows], events[rows]
    left = Y - d
    survival: FloatArray
    terms: FloatArray
    with np.errstate(divide="ignore", invalid="ignore"):  # everybody at risk has the event: 0 from here on
        if Y.size and Y.min() > 0:
            survival, terms = np.cumprod(left / Y, dtype=np.float64), d / (Y * left.astype(np.float64))
        else:  # in a reverse curve nobody may be left once the day's events are over: then nothing is learned
            survival = np.cumprod(np.divide(left, Y, out=np.ones(Y.size), where=Y > 0), dtype=np.float64)
            terms = np.where(d == 0, 0.0, np.where(d < Y, d / (Y * left.astype(np.float64)), inf))
        se_log: FloatArray = np.sqrt(np.cumsum(terms))
        se = survival * se_log
    # survival never rises: 1 at first, then between 1 and 0, then 0
    first, end = int(np.count_nonzero(survival == 1)), int(np.count_nonzero(survival > 0))
    se[end:] = np.nan
    inner = slice(first, end)
    low, high = np.zeros_like(survival), np.ones_like(survival)
    flagged = np.ones(survival.size, dtype=np.bool_)
    flagged[inner] = False
    if interval == "beta-product":
        low, high = beta_product_band(Y, d, confidence=confidence)
    else:
        low[inner], high[inner] = transformed_band(
            survival[inner], se_log[inner], left[inner], interval=interval, confidence=confidence
        )
        if end < survival.size:
            high[end:] = beta_product_band(Y, d, confidence=confidence, only=survival == 0)[1]
    if first:
        low[:first] = no_event_lower(
            fewest_at_risk(at_risk[: rows[first - 1] + 1])[rows[:first]], confidence=confidence
        )
    return Curve(
        group,
        days[rows],
        Y,
        d,
        censored[rows],
        survival,
        se,
        low,
        high,
        flagged,
        n,
        int(days[rows[-1]]) if rows.size else None,
        interval,
        confidence,
        days,
        at_risk,
    )


def survival_at(curve: Curve, at_days: npt.ArrayLike) -> tuple[SurvivalAt, ...]:
    """Survival at chosen days, with interval and counts.

    Args: curve: from estimate_curves.  at_days: (k,) int >= 0, days since origin.
    Returns: k rows; undefined beyond the last follow-up unless survival has reached 0, before anybody is
    under observation, and for an empty group.  A survival of 0 that was reached before others came under
    observation is ok, with a reason that says so.
    Conventions: at_risk counts patients with entry < day <= exit; the survival and the cumulative counts
    include what happens on the day itself.
    Raises: DataError if a day is negative or not whole.
    """
    asked = whole_numbers(at_days, "The day asked for")
    events, censored = np.cumsum(curve.events), np.cumsum(curve.censored)
    fewest = fewest_at_risk(curve.axis_at_risk)
    answers = []
    for day in asked.tolist():
        at_risk = _at_risk_on(curve, day)
        i = int(np.searchsorted(curve.days, day, side="right")) - 1
        counts = (at_risk, int(events[i]) if i >= 0 else 0, int(censored[i]) if i >= 0 else 0)
        if reason := _why_undefined(curve, day, i):
            answers.append(SurvivalAt(day, None, None, None, None, *counts, False, "undefined", reason))
        elif i < 0 or curve.survival[i] == 1:
            m = fewest[[np.searchsorted(curve.axis_days, day)]]
            low = float(no_event_lower(m, confidence=curve.confidence)[0])
            answers.append(SurvivalAt(day, 1.0, 0.0, low, 1.0, *counts, True, "ok", ""))
        else:
            se = None if curve.survival[i] == 0 else float(curve.se[i])
            answers.append(
                SurvivalAt(
                    day,
                    float(curve.survival[i]),
                    se,
                    float(curve.low[i]),
                    float(curve.high[i]),
                    *counts,
                    bool(curve.flagged[i]),
                    "ok",
                    _why_still_zero(curve, day),
                )
            )
    return tuple(answers)


def _at_risk_on(curve: Curve, day: int) -> int:
    place = int(np.searchsorted(curve.axis_days, day))
    return int(curve.axis_at_risk[place]) if place < curve.axis_days.size else 0


def _why_undefined(curve: Curve, day: int, i: int) -> str:
    if curve.last_day is None:
        return "no patients in this group"
    if day > curve.last_day and curve.survival[-1] > 0:
        return "beyond the last follow-up"
    place = int(np.searchsorted(curve.axis_days, day))
    if i < 0 and not curve.axis_at_risk[: place + 1].any():
        return "nobody is under observation yet"
    return ""


def _why_still_zero(curve: Curve, day: int) -> str:
    """With late entry: the product is 0 from a day on when nobody was left, whoever is under observation later."""
    zero = np.flatnonzero(curve.survival == 0)
    if not zero.size or (last := int(curve.days[zero[0]])) >= day:
        return ""
    first, end = (int(np.searchsorted(curve.axis_days, d)) for d in (last, day))
    if not curve.axis_at_risk[first + 1 : end + 1].any():
        return ""
    n = int(curve.at_risk[zero[0]])
    had = "the only one at risk" if n == 1 else f"all {n} at risk"
    return f"{had} on day {last} had the event: the estimate stays 0 whatever happens to those who enter later"


def quantile_of_curve(curve: Curve, p: float = 0.5) -> CurveQuantile:
    """The day by which a proportion p has had the event: p = 0.5 is the median survival.

    Args: curve: from estimate_curves.  p: proportion with the event, between 0 and 1.
    Returns: the first day with survival <= 1 - p; the midpoint of the flat piece where survival equals 1 - p;
    None when not reached. Interval by inverting the curve's band (Brookmeyer-Crowley); None is not reached.
    Conventions: equality is judged with a relative tolerance of 1e-9; a last flat piece ends at the last
    follow-up.
    Raises: DataError if p is not between 0 and 1.
    Source: Brookmeyer & Crowley 1982.  Checked: tests/golden/test_stats_survival.py (R survival).
    """
    target = 1 - require_level(p, "p")
    if curve.last_day is None:
        return CurveQuantile(p, None, None, None, "undefined", "no patients in this group")
    # the exact ends of the band are not inverted, as in R and SAS; at survival 0 the lower limit is 0 in any case
    started, inner = curve.survival < 1, is_inner(curve.survival)
    low = _first_crossing(curve.days[started], curve.low[started], target)
    # an upper band may rise again: the limit is where it stays below, so that the interval has no holes
    above = np.flatnonzero(curve.high[inner] > target * (1 + TOLERANCE))
    from_here = int(above[-1]) + 1 if above.size else 0
    high = _first_crossing(curve.days[inner][from_here:], curve.high[inner][from_here:], target)
    days = _first_crossing(curve.days, curve.survival, target)
    if days is None:
        return CurveQuantile(p, None, low, high, "undefined", "not reached")
    return CurveQuantile(p, days, low, high, "ok", "")


def _first_crossing(days: IntArray, height: FloatArray, target: float) -> float | None:
    """First day a step function is at or below a height; the midpoint if it then stays exactly on it."""
    slack = TOLERANCE * target
    below = np.flatnonzero(height <= target + slack)
    if not below.size:
        return None
    first = int(below[0])
    if abs(float(height[first]) - target) > slack:
        return float(days[first])
    lower = np.flatnonzero(height < target - slack)
    end = days[lower[0]] if lower.size else days[-1]
    return float(days[first] + end) / 2
