"""Kaplan-Meier curves as rows: counts, median, probabilities, the points of the curve, numbers at risk."""

from __future__ import annotations

import math

import numpy as np

from remission.analyses.counts import Place
from remission.analyses.spec import SurvivalSpec
from remission.analyses.times import Times
from remission.core.days import days_from
from remission.core.ticks import nice_ticks
from remission.stats import Curve, RiskTable, at_risk_table, estimate_curves, quantile_of_curve, survival_at


def write_curves(
    place: Place,
    spec: SurvivalSpec,
    risk: RiskTable,
    times: Times,
    members: dict[str, tuple[str, ...]],
    *,
    entry: int | None = None,
) -> None:
    """Rows of every curve of a risk table.

    Args: place: without a level.  members: level -> patients, in the order of the table's groups; one level "" for a
    single curve.  entry: the landmark day on which all came under observation.
    """
    ticks = nice_ticks(int(times.days.max()), origin_days=entry or 0)
    at_risk = at_risk_table(risk, np.array(ticks))
    method = km_method(spec.interval)
    for i, (curve, (level, patients)) in enumerate(
        zip(estimate_curves(risk, interval=spec.interval), members.items(), strict=True)
    ):
        at = Place(place.results, place.analysis, place.population, place.group, level, place.note)
        _write_counts(at, spec.endpoint, times, patients)
        if curve.n == 0:
            continue
        listed = place.results.keep_members(patients)
        _write_median(at, curve, listed, spec.median_at_risk)
        _write_probabilities(at, spec, curve, listed, method)
        _write_points(at, curve, listed, method)
        for j, day in enumerate(ticks):
            if entry is not None and day < entry:
                continue  # before the landmark nobody is under observation in this analysis
            for stat in ("at_risk", "events", "censored"):
                # observation begins after the landmark day: everybody who goes on is at risk from it
                begins = day == entry and stat == "at_risk"
                value = curve.n if begins else int(getattr(at_risk, stat)[i, j])
                at.put("at_risk", stat, value, category=f"{day}d", n=curve.n)


def km_method(interval: str) -> str:
    """The method key of a Kaplan-Meier interval: "log-log" -> "km-loglog95"."""
    return f"km-{interval.replace('-', '')}95"


def _write_counts(at: Place, endpoint: str, times: Times, patients: tuple[str, ...]) -> None:
    cause = dict(zip(times.patients, times.cause.tolist(), strict=True))
    at.count(endpoint, "N", patients, of=None)
    at.count(endpoint, "events", [p for p in patients if cause[p] == 1], of=len(patients))
    at.count(endpoint, "censored", [p for p in patients if cause[p] != 1], of=len(patients))


NOT_GIVEN = "not given: "


def _write_median(at: Place, curve: Curve, listed: str, least: int) -> None:
    """The median with its interval; not where it hangs on fewer than `least` patients, which a row of its own says."""
    median = quantile_of_curve(curve, 0.5)
    if median.days is not None:
        (point,) = survival_at(curve, np.array([math.floor(median.days)]))
        if point.at_risk < least:
            why = f"{NOT_GIVEN}fewer than {least} patients at risk there"
            for stat in ("estimate", "low", "high"):
                at.put("median", stat, None, method="km-median-bc", why=why, n=curve.n, members_hash=listed)
            at.put("median_choice", "text", f"median {why}", method="km-median-bc", n=curve.n)
            return
    for stat, value in (("estimate", median.days), ("low", median.low), ("high", median.high)):
        why = f"not reached{': ' if median.reason else ''}{median.reason}"
        at.put("median", stat, value, unit="days", method="km-median-bc", why=why, n=curve.n, members_hash=listed)


def _write_probabilities(at: Place, spec: SurvivalSpec, curve: Curve, listed: str, method: str) -> None:
    days = np.array([days_from(str(m), "months") for m in spec.at_months])
    for months, point in zip(spec.at_months, survival_at(curve, days), strict=True):
        category = f"{months:g}mo"
        for stat, value in (("estimate", point.survival), ("low", point.low), ("high", point.high), ("se", point.se)):
            at.put(
                "survival",
                stat,
                value,
                category=category,
                unit="proportion",
                method="km-exact-edge95" if point.flagged and stat in ("low", "high") else method,
                why=point.reason,
                n=curve.n,
                members_hash=listed,
            )
        at.put("survival", "at_risk", point.at_risk, category=category, n=curve.n)
        at.put("survival", "events", point.cumulative_events, category=category, n=curve.n)


def _write_points(at: Place, curve: Curve, listed: str, method: str) -> None:
    """One point per day with an event or a censoring."""
    for j, day in enumerate(curve.days.tolist()):
        for stat, values in (("estimate", curve.survival), ("low", curve.low), ("high", curve.high)):
            value = float(values[j])
            at.put(
                "curve",
                stat,
                None if np.isnan(value) else value,
                category=f"{day}d",
                unit="proportion",
                method="km-exact-edge95" if curve.flagged[j] and stat != "estimate" else method,
                why="no interval",
                n=curve.n,
                members_hash=listed,
            )
        for stat, counts in (("events", curve.events), ("censored", curve.censored)):
            at.put("curve", stat, int(counts[j]), category=f"{day}d", n=curve.n)
