"""Kaplan-Meier curves of a table as rows: counts, medians, probabilities, points, restricted means, tests of groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.analyses.curves import km_method
from remission.core.ticks import nice_ticks
from remission.results.table import Results
from remission.stats import (
    Curve,
    RiskTable,
    at_risk_table,
    compare_pairs,
    compare_rmst,
    compare_survival,
    estimate_curves,
    permutation_logrank,
    quantile_of_curve,
    restricted_mean,
    reverse_curves,
    survival_at,
)
from remission.stats.arrays import IntArray
from remission.stats.presets import mantel_haenszel_ratio, observed_expected_ratio, quantile_by_rule
from remission.table_survival.columns import Labels
from remission.table_survival.models import write_group_ratios
from remission.table_survival.table import SurvivalTable

ANALYSIS, POPULATION = "survival", "table"
SMALL_GROUP, PERMUTED_UP_TO, PERMUTATION_SEED = 10, 5_000, 20_240_501
QUARTERS = (("quartile1", 0.25), ("median", 0.5), ("quartile3", 0.75))
WEIGHTED = (
    ("logrank", "log-rank", 0.0, "logrank"),
    ("peto_peto", "fleming-harrington", 1.0, "fleming-harrington"),
    ("gehan", "gehan", 0.0, "gehan"),
    ("tarone_ware", "tarone-ware", 0.0, "tarone-ware"),
)


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
    _write_level(at, table, risk, 0, estimate_curves(risk, interval=table.ask.choices.interval)[0])
    reverse = quantile_of_curve(reverse_curves(risk)[0], 0.5)
    for stat, value in (("estimate", reverse.days), ("low", reverse.low), ("high", reverse.high)):
        at.put(
            "follow_up", stat, value, unit=time_unit(table), method="reverse-km", why=reverse.reason or "not reached",
            n=table.n,
        )  # fmt: skip


def write_groups(results: Results, table: SurvivalTable, group: Labels, *, landmark: int | None = None) -> None:
    """Curves and comparisons of a group; with a landmark among those still under observation after that day."""
    name = ANALYSIS if landmark is None else f"{ANALYSIS}_landmark_{landmark}d"
    at = place_of(results, table, analysis=name, group=group.column)
    known = group.code >= 0
    still = known if landmark is None else known & (table.days > landmark)
    at.put("rows", "missing", int((~known).sum()), n=table.n, note=f"no {group.column}" if not known.all() else "")
    entry = table.entry
    if landmark is not None:
        at.put("landmark", "setting", landmark, unit="days-as-days", method="landmark")
        early = int((known & ~still).sum())
        at.put("before_landmark", "n", early, n=int(known.sum()), note="event or end of follow-up by the landmark")
        entry = np.maximum(landmark, np.full(table.n, -1) if entry is None else entry)
    if not still.any() or not table.is_event[still].any():
        why = "no events" if still.any() else "nobody is under observation"
        at.put("logrank", "p", None, why=why, n=int(still.sum()))
        return
    levels = group.only(still)
    risk = RiskTable.from_arrays(
        table.days[still],
        table.is_event[still],
        group=levels,
        groups=group.levels,
        entry_days=None if entry is None else entry[still],
    )
    curves = estimate_curves(risk, interval=table.ask.choices.interval)
    for g, (level, curve) in enumerate(zip(group.levels, curves, strict=True)):
        here = place_of(results, table, analysis=name, group=group.column, level=level)
        _write_level(here, table, risk, g, curve, landmark=landmark)
    _write_tests(at, risk)
    _write_stratified(at, table, still, levels, group, None if entry is None else entry[still])
    if entry is None:
        _write_permutation(at, table.days[still], table.is_event[still], levels)
    if len(group.levels) > 2:
        for pair in compare_pairs(risk):
            category = f"{pair.group_a}_vs_{pair.group_b}"
            n = int(risk.select(group=(pair.group_a, pair.group_b)).n.sum())
            at.put("pairs", "statistic", pair.chi2, category=category, method="logrank", why=pair.reason, n=n)
            at.put("pairs", "p", pair.p, category=category, method="logrank", why=pair.reason, n=n)
            at.put("pairs_holm", "p", pair.p_holm, category=category, method="holm", why=pair.reason, n=n)
    _write_ratios(at, table, risk, still, levels, group, None if entry is None else entry[still])
    if table.ask.rmst_day is not None and landmark is None:
        _write_rmst_contrasts(at, risk, table.ask.rmst_day)


def _write_level(
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
    _write_probabilities(at, table, curve)
    if table.ask.rmst_day is not None and landmark is None:
        mean = restricted_mean(curve, table.ask.rmst_day)
        for stat, value in (("estimate", mean.mean_days), ("se", mean.se), ("low", mean.low), ("high", mean.high)):
            at.put(
                "rmst", stat, value, category=f"{table.ask.rmst_day}d", unit=time_unit(table), method="rmst",
                why=mean.reason, n=curve.n,
            )  # fmt: skip
    write_points(at, curve, km_method(curve.interval))
    write_at_risk(at, table, risk, g, from_day=landmark)


def _write_quarters(at: Place, table: SurvivalTable, curve: Curve) -> None:
    rule = table.ask.choices.median_rule
    for variable, p in QUARTERS:
        found = quantile_by_rule(curve, p, rule=rule)
        method = "km-median-bc" if curve.interval == "log-log" else "km-median"
        for stat, value in (("estimate", found.days), ("low", found.low), ("high", found.high)):
            why = f"not reached{': ' if found.reason else ''}{found.reason}"
            at.put(variable, stat, value, unit=time_unit(table), method=method, why=why, n=curve.n)


def _write_probabilities(at: Place, table: SurvivalTable, curve: Curve) -> None:
    method, days = km_method(curve.interval), table.ask.at_days
    for day, point in zip(days, survival_at(curve, np.array(days, dtype=np.int64)), strict=True):
        category = f"{day}d"
        low, high = point.low, point.high
        if point.survival == 1 and table.ask.choices.edge_is_one:
            low = high = 1.0
        for stat, value in (("estimate", point.survival), ("se", point.se), ("low", low), ("high", high)):
            edge = point.flagged and stat in ("low", "high") and low != 1
            at.put(
                "survival", stat, value, category=category, unit="proportion",
                method="km-exact-edge95" if edge else method, why=point.reason or "not defined at a survival of 0",
                n=curve.n,
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


def _write_tests(at: Place, risk: RiskTable) -> None:
    """The log-rank family, with observed and expected events of each level."""
    n = int(risk.n.sum())
    for variable, weights, rho, method in WEIGHTED:
        test = compare_survival(risk, weights=weights, rho=rho)
        for stat, value in (("statistic", test.chi2), ("df", test.df), ("p", test.p)):
            at.put(variable, stat, value, method=method, why=test.reason, n=n)
        if variable == "logrank":
            for level, expected, size in zip(risk.groups, test.expected.tolist(), test.n.tolist(), strict=True):
                here = Place(at.results, at.analysis, at.population, at.group, level, at.note)
                here.put("expected", "estimate", expected, unit="events", method="logrank", n=size)


def _write_stratified(
    at: Place, table: SurvivalTable, still: NDArray[np.bool_], levels: IntArray, group: Labels, entry: IntArray | None
) -> None:
    """The log-rank test within strata, of the rows whose stratum is known."""
    if table.strata is None:
        return
    stratum = table.strata.only(still)
    known = stratum >= 0
    risk = RiskTable.from_arrays(
        table.days[still][known],
        table.is_event[still][known],
        group=levels[known],
        groups=group.levels,
        stratum=stratum[known],
        strata=table.strata.levels,
        entry_days=None if entry is None else entry[known],
    )
    test, lost = compare_survival(risk), int((~known).sum())
    note = f"{lost} rows without {table.strata.column} left out" if lost else ""
    for stat, value in (("statistic", test.chi2), ("df", test.df), ("p", test.p)):
        at.put(
            "logrank_stratified", stat, value, method="logrank-stratified", why=test.reason, note=note,
            n=int(known.sum()),
        )  # fmt: skip


def _write_permutation(at: Place, days: IntArray, is_event: NDArray[np.bool_], levels: IntArray) -> None:
    """Beside the asymptotic test where a group is small."""
    sizes = np.bincount(levels)
    events = np.bincount(levels, weights=is_event)[sizes > 0]
    n = int(days.size)
    if (sizes > 0).sum() < 2 or n > PERMUTED_UP_TO:
        return
    if min(int(sizes[sizes > 0].min()), int(events.min())) >= SMALL_GROUP:
        return
    exact = permutation_logrank(days, is_event, levels, seed=PERMUTATION_SEED)
    method = "logrank-permutation-exact" if exact.method == "exact" else "logrank-permutation-mc"
    at.put("logrank_permutation", "p", exact.p, method=method, why=exact.reason, n=n)


def _write_ratios(
    at: Place,
    table: SurvivalTable,
    risk: RiskTable,
    still: NDArray[np.bool_],
    levels: IntArray,
    group: Labels,
    entry: IntArray | None,
) -> None:
    """The hazard ratio of each level against the first, as the conventions in use define it."""
    if table.ask.choices.hazard_ratio == "cox" or len(group.levels) != 2:
        write_group_ratios(at, table, still, levels, group, entry)
        return
    test = compare_survival(risk)
    for variable, method, found in (
        ("hazard_ratio", "ratio-observed-expected", observed_expected_ratio(test)),
        ("hazard_ratio_mantel_haenszel", "ratio-mantel-haenszel", mantel_haenszel_ratio(test)),
    ):
        n, level = int(still.sum()), group.levels[1]
        for stat, value in (("ratio", found.ratio), ("low", found.low), ("high", found.high)):
            at.put(variable, stat, value, category=level, unit="ratio", method=method, why=found.reason, n=n)
        log_ratio = None if found.ratio is None else float(np.log(found.ratio))
        for stat, value in (("estimate", log_ratio), ("se", found.se_log)):
            at.put(
                f"{variable}_log", stat, value, category=level, unit="log hazard ratio", method=method,
                why=found.reason, n=n,
            )  # fmt: skip


def _write_rmst_contrasts(at: Place, risk: RiskTable, tau: int) -> None:
    """Difference and ratio of each level's restricted mean against the first level's."""
    for level in risk.groups[1:]:
        found = compare_rmst(risk.select(group=(risk.groups[0], level)), tau_days=tau)
        n, category = int(risk.select(group=(risk.groups[0], level)).n.sum()), f"{level}_{tau}d"
        for stat, value in (
            ("estimate", found.difference),
            ("se", found.difference_se),
            ("low", found.difference_low),
            ("high", found.difference_high),
            ("p", found.p_difference),
        ):
            at.put(
                "rmst_difference", stat, value, category=category, unit="" if stat == "p" else "days-as-days",
                method="rmst", why=found.reason, n=n,
            )  # fmt: skip
        for stat, value in (
            ("ratio", found.ratio),
            ("low", found.ratio_low),
            ("high", found.ratio_high),
            ("p", found.p_ratio),
        ):
            at.put(
                "rmst_ratio", stat, value, category=category, unit="" if stat == "p" else "ratio", method="rmst",
                why=found.reason, n=n,
            )  # fmt: skip
