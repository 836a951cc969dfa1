"""Kaplan-Meier curves of a table as rows: counts, medians, probabilities, points, restricted means."""

from __future__ import annotations

import math

import numpy as np

from remission.analyses.counts import Place
from remission.analyses.curves import NOT_GIVEN, km_method
from remission.core.ticks import nice_ticks
from remission.results.table import Results
from remission.stats import (
    Curve,
    RiskTable,
    at_risk_table,
    estimate_curves,
    quantile_of_curve,
    restricted_mean,
    reverse_curves,
    survival_at,
)
from remission.stats.arrays import IntArray
from remission.stats.presets import quantile_by_rule
from remission.table_survival.table import SurvivalTable

ANALYSIS, POPULATION = "survival", "table"
QUARTERS = (("quartile1", 0.25), ("median", 0.5), ("quartile3", 0.75))


def place_of(
    results: Results, table: SurvivalTable, *, analysis: str = ANALYSIS, group: str = "", level: str = ""
) -> Place:
    """Where rows go; with a preset every row says so."""
    note = f"preset {table.ask.preset}" if table.ask.preset else ""
    return Place(results, analysis, POPULATION, group, level, note)


def time_unit(table: SurvivalTable) -> str:
    """How a time is printed: in months where the table counts in months, else in days."""
    return "days" if table.ask.unit == "months" else "days-as-days"


def write_survival(results: Results, table: SurvivalTable) -> None:
    """Everybody together: counts, follow-up, curve."""
    at = place_of(results, table)
    risk = RiskTable.from_arrays(table.days, table.is_event, entry_days=table.entry)
    write_level(at, table, risk, 0, estimate_curves(risk, interval=table.ask.choices.interval)[0])
    reverse = quantile_of_curve(reverse_curves(risk)[0], 0.5)
    for stat, value in (("estimate", reverse.days), ("low", reverse.low), ("high", reverse.high)):
        at.put(
            "follow_up", stat, value, unit=time_unit(table), method="reverse-km", why=reverse.reason or "not reached",
            n=table.n,
        )  # fmt: skip


def write_level(
    at: Place, table: SurvivalTable, risk: RiskTable, g: int, curve: Curve, *, landmark: int | None = None
) -> None:
    """One curve: counts, quartiles, probabilities, restricted mean, points, numbers at risk."""
    events = int(risk.events[g].sum())
    at.put("rows", "N", curve.n)
    at.put("rows", "events", events, n=curve.n)
    at.put("rows", "censored", curve.n - events, n=curve.n)
    if not curve.n:
        return
    _write_quarters(at, table, curve)
    _write_probabilities(at, table, curve, landmark)
    if table.ask.rmst_day is not None and landmark is None:
        mean = restricted_mean(curve, table.ask.rmst_day)
        for stat, value in (("estimate", mean.mean_days), ("se", mean.se), ("low", mean.low), ("high", mean.high)):
            at.put(
                "rmst", stat, value, category=f"{table.ask.rmst_day}d", unit=time_unit(table), method="rmst",
                why=mean.reason.replace("tau", f"day {table.ask.rmst_day}"), n=curve.n,
            )  # fmt: skip
    write_points(at, curve, km_method(curve.interval))
    write_at_risk(at, table, risk, g, from_day=landmark)


def _write_quarters(at: Place, table: SurvivalTable, curve: Curve) -> None:
    """Median and quartiles; not where they hang on a few (docs/decisions/0007-no-median-of-few.md)."""
    rule, least = table.ask.choices.median_rule, table.ask.fewest_at_median
    for variable, p in QUARTERS:
        found = quantile_by_rule(curve, p, rule=rule)
        method = "km-median-bc" if curve.interval == "log-log" else "km-median"
        why = "not reached" + (f": {found.reason}" if found.reason not in ("", "not reached") else "")
        values: tuple[float | None, ...] = (found.days, found.low, found.high)
        if found.days is not None and _at_risk_on(curve, found.days) < least:
            values, why = (None, None, None), f"{NOT_GIVEN}fewer than {least} at risk there"
        for stat, value in zip(("estimate", "low", "high"), values, strict=True):
            at.put(variable, stat, value, unit=time_unit(table), method=method, why=why, n=curve.n)


def _at_risk_on(curve: Curve, days: float) -> int:
    (point,) = survival_at(curve, np.array([math.floor(days)]))
    return point.at_risk


def _write_probabilities(at: Place, table: SurvivalTable, curve: Curve, landmark: int | None) -> None:
    method, days = km_method(curve.interval), table.ask.at_days
    for day, point in zip(days, survival_at(curve, np.array(days, dtype=np.int64)), strict=True):
        category = f"{day}d"
        if landmark is not None and day <= landmark:
            why = f"not after the landmark on day {landmark}: the curve begins there, at 1"
            for stat in ("estimate", "se", "low", "high", "at_risk", "events"):
                unit = "" if stat in ("at_risk", "events") else "proportion"
                at.put("survival", stat, None, category=category, unit=unit, method=method, why=why, n=curve.n)
            continue
        low, high = point.low, point.high
        if point.survival == 1 and table.ask.choices.edge_is_one:
            low = high = 1.0
        for stat, value in (("estimate", point.survival), ("se", point.se), ("low", low), ("high", high)):
            edge = point.flagged and stat in ("low", "high") and low != 1
            at.put(
                "survival", stat, value, category=category, unit="proportion",
                method="km-exact-edge95" if edge else method, why=point.reason or "not defined at a survival of 0",
                note=point.reason if stat == "estimate" else "", n=curve.n,
            )  # fmt: skip
        at.put("survival", "at_risk", point.at_risk, category=category, n=curve.n)
        at.put("survival", "events", point.cumulative_events, category=category, n=curve.n)


def write_points(at: Place, curve: Curve, method: str, *, moved: IntArray | None = None) -> None:
    """One point per day with an event or a censoring. moved: days on which a row only changes state."""
    left = curve.censored - (0 if moved is None else (moved[:, None] == curve.days).sum(axis=0))
    for j, day in enumerate(curve.days.tolist()):
        category = f"{day}d"
        for stat, values in (("estimate", curve.survival), ("low", curve.low), ("high", curve.high)):
            value = float(values[j])
            at.put(
                "curve", stat, None if np.isnan(value) else value, category=category, unit="proportion", method=method,
                why="no interval", n=curve.n,
            )  # fmt: skip
        for stat, counts in (("events", curve.events), ("censored", left)):
            at.put("curve", stat, int(counts[j]), category=category, n=curve.n)


def ticks_of(table: SurvivalTable, from_day: int | None = None) -> tuple[int, ...]:
    """The days under a figure at which numbers at risk are given."""
    ticks = nice_ticks(int(table.days.max()), table.ask.unit, origin_days=from_day or 0)
    return tuple(t for t in ticks if from_day is None or t >= from_day)


def write_at_risk(at: Place, table: SurvivalTable, risk: RiskTable, g: int, *, from_day: int | None = None) -> None:
    """Numbers at risk and cumulative events and censorings at the ticks of the axis."""
    ticks = ticks_of(table, from_day)
    counts = at_risk_table(risk, np.array(ticks, dtype=np.int64))
    n = int(risk.n[g])
    for j, day in enumerate(ticks):
        # observation begins after the landmark day: everybody who goes on is at risk from it
        begins = from_day is not None and day == from_day
        at.put("at_risk", "at_risk", n if begins else int(counts.at_risk[g, j]), category=f"{day}d", n=n)
        at.put("at_risk", "events", int(counts.events[g, j]), category=f"{day}d", n=n)
        at.put("at_risk", "censored", int(counts.censored[g, j]), category=f"{day}d", n=n)
