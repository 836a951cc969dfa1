"""Restricted mean survival time: the area under a Kaplan-Meier curve up to a day, and its comparison."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from scipy.special import ndtr, ndtri

from remission.core.errors import DataError
from remission.stats.arrays import Status, require_known, require_level
from remission.stats.kaplan_meier import Curve, estimate_curves
from remission.stats.riskset import RiskTable

WHEN_BEYOND = ("refuse", "reduce")


@dataclass(frozen=True)
class RestrictedMean:
    """Mean days without the event within the first tau_days.

    se: of the mean.  longest_tau: last day up to which the curve is known, None if it is not known from the
    start.  reason: why undefined, or that tau was reduced.
    """

    group: str
    tau_days: float
    mean_days: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int
    events: int
    longest_tau: float | None
    status: Status
    reason: str


@dataclass(frozen=True)
class RestrictedMeanComparison:
    """The second group's restricted mean against the first's.

    difference: days, second - first.  ratio: second / first, its se of the logarithm.  p_difference, p_ratio:
    two-sided, normal.  means: both groups.  None with a reason where undefined.
    """

    groups: tuple[str, str]
    tau_days: float
    means: tuple[RestrictedMean, RestrictedMean]
    difference: float | None
    difference_se: float | None
    difference_low: float | None
    difference_high: float | None
    p_difference: float | None
    ratio: float | None
    ratio_se_log: float | None
    ratio_low: float | None
    ratio_high: float | None
    p_ratio: float | None
    status: Status
    reason: str


def restricted_mean(
    curve: Curve, tau_days: float, *, when_beyond: str = "refuse", confidence: float = 0.95
) -> RestrictedMean:
    """Area under a survival curve from day 0 to tau, by summing its steps.

    Args: curve: from estimate_curves.  tau_days: > 0.  when_beyond: "refuse" or "reduce" to the longest tau.
    Returns: see RestrictedMean; undefined beyond the last follow-up unless survival has reached 0.
    Conventions: the standard error is of the mean, sum over event days of (area still to come)^2 d/(Y (Y - d));
    limits are cut at 0 and tau (docs/methods/rmst.md).
    Raises: DataError if tau is not above 0 or an option is unknown.
    Source: Irwin 1949; Klein & Moeschberger 2003, 4.5.  Checked: tests/golden/test_cr_curves.py (R survival).
    """
    require_known(when_beyond, WHEN_BEYOND, "choice for a tau beyond follow-up")
    require_level(confidence, "confidence")
    _require_tau(tau_days)
    events, longest = int(curve.events.sum()), longest_tau(curve)
    if longest is None:
        reason = "no patients in this group" if curve.n == 0 else "nobody is under observation from the start"
        return RestrictedMean(curve.group, tau_days, *(None,) * 4, curve.n, events, None, "undefined", reason)
    reason, tau = "", float(tau_days)
    if tau > longest:
        if when_beyond == "refuse" or longest <= 0:
            reason = "tau is beyond the last follow-up"
            return RestrictedMean(curve.group, tau, *(None,) * 4, curve.n, events, longest, "undefined", reason)
        reason, tau = "tau reduced to the last follow-up", longest
    mean, se = _area(curve, tau)
    z = float(ndtri(0.5 + confidence / 2))
    low, high = max(0.0, mean - z * se), min(tau, mean + z * se)
    return RestrictedMean(curve.group, tau, mean, se, low, high, curve.n, events, longest, "ok", reason)


def longest_tau(curve: Curve) -> float | None:
    """The last day up to which the curve is known: without end once survival is 0; None if not from the start."""
    at_the_start = curve.axis_at_risk[: int(np.searchsorted(curve.axis_days, 1)) + 1].any()
    if curve.last_day is None or not at_the_start:
        return None
    return float("inf") if curve.survival[-1] == 0 else float(curve.last_day)


def _area(curve: Curve, tau: float) -> tuple[float, float]:
    """The area up to tau and its standard error."""
    inside = curve.days < tau
    days = curve.days[inside].astype(np.float64)
    height = np.concatenate([np.ones(1), curve.survival[inside]])
    pieces = height * np.diff(np.concatenate([np.zeros(1), days, np.array([tau])]))
    to_come = np.cumsum(pieces[::-1])[::-1][1:]
    Y, d = curve.at_risk[inside].astype(np.float64), curve.events[inside].astype(np.float64)
    left = d < Y  # once everybody has had the event no area is to come
    terms = to_come[left] ** 2 * d[left] / (Y[left] * (Y[left] - d[left]))
    return float(pieces.sum()), sqrt(float(terms.sum()))


def compare_rmst(
    risk: RiskTable, *, tau_days: float | None = None, when_beyond: str = "refuse", confidence: float = 0.95
) -> RestrictedMeanComparison:
    """Difference and ratio of two groups' restricted means within the same tau.

    Args: risk: a risk table of exactly two groups; any cause is the event.  tau_days: > 0; None takes the
    longest inside the follow-up of both groups.  when_beyond: "refuse" or "reduce" to that longest tau.
    Returns: see RestrictedMeanComparison; undefined if tau is not inside the follow-up of both groups, or
    neither group has an event before tau.
    Raises: DataError if there are not two groups, tau is not above 0, or an option is unknown.
    Source: Royston & Parmar 2013, BMC Med Res Methodol 13:152; Uno et al. 2014, J Clin Oncol 32:2380.
    Checked: tests/golden/test_cr_curves.py (R survival).
    """
    require_known(when_beyond, WHEN_BEYOND, "choice for a tau beyond follow-up")
    z = float(ndtri(0.5 + require_level(confidence, "confidence") / 2))
    require_two_groups(risk)
    curves = estimate_curves(risk)
    known = [longest_tau(curve) for curve in curves]
    # a group in which all have died is known for ever: then the last follow-up of all is as far as anybody goes
    last = [float(curve.last_day) for curve in curves if curve.last_day is not None]
    shared = min([*(t for t in known if t is not None), *([max(last)] if last else [])], default=0.0)
    tau = float(shared if tau_days is None else _require_tau(tau_days))
    reduced = when_beyond == "reduce" and 0 < shared < tau
    tau = shared if reduced else tau
    names = (risk.groups[0], risk.groups[1])
    first, second = (restricted_mean(curve, tau if tau > 0 else 1.0, confidence=confidence) for curve in curves)
    reason = "; ".join(f"{m.group}: {m.reason}" for m in (first, second) if m.status != "ok")
    if not reason and tau <= 0:
        reason = "no follow-up beyond day 0"
    empty = (None,) * 10
    if reason or first.mean_days is None or second.mean_days is None or first.se is None or second.se is None:
        return RestrictedMeanComparison(names, tau, (first, second), *empty, "undefined", reason)
    difference, se = second.mean_days - first.mean_days, sqrt(first.se**2 + second.se**2)
    if se == 0 or first.mean_days == 0 or second.mean_days == 0:
        reason = "no uncertainty can be estimated: no events before tau, or only at once"
        return RestrictedMeanComparison(names, tau, (first, second), *empty, "undefined", reason)
    ratio = second.mean_days / first.mean_days
    se_log = sqrt((first.se / first.mean_days) ** 2 + (second.se / second.mean_days) ** 2)
    return RestrictedMeanComparison(
        names,
        tau,
        (first, second),
        difference,
        se,
        difference - z * se,
        difference + z * se,
        two_sided(difference / se),
        ratio,
        se_log,
        ratio * exp(-z * se_log),
        ratio * exp(z * se_log),
        two_sided(log(ratio) / se_log),
        "ok",
        "tau reduced to the last follow-up" if reduced else "",
    )


def two_sided(z: float) -> float:
    """The two-sided p-value of a standard normal statistic."""
    return float(2 * ndtr(-abs(z)))


def require_two_groups(risk: RiskTable) -> None:
    """Raises: DataError if a risk table has not exactly two groups."""
    if len(risk.groups) != 2:
        raise DataError(
            "A difference needs exactly two groups.",
            "not-two-groups",
            expected="2",
            found=f"{len(risk.groups)}",
            todo="Select two groups of the risk table.",
        )


def _require_tau(tau_days: float) -> float:
    if not 0 < tau_days < float("inf"):
        raise DataError("tau must be a number of days above 0.", "below-minimum", found=f"{tau_days}")
    return float(tau_days)
