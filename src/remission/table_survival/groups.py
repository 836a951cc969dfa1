"""Groups of a table as rows: their curves, the log-rank family, hazard ratios, differences of restricted means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.results.table import Results
from remission.stats import (
    RiskTable,
    compare_pairs,
    compare_rmst,
    compare_survival,
    estimate_curves,
)
from remission.stats.arrays import IntArray
from remission.stats.presets import mantel_haenszel_ratio, observed_expected_ratio
from remission.table_survival.columns import Labels
from remission.table_survival.curves import ANALYSIS, place_of, write_level
from remission.table_survival.models import write_group_ratios
from remission.table_survival.small import write_permutation
from remission.table_survival.table import SurvivalTable

WEIGHTED = (
    ("logrank", "log-rank", 0.0, "logrank"),
    ("peto_peto", "fleming-harrington", 1.0, "fleming-harrington"),
    ("gehan", "gehan", 0.0, "gehan"),
    ("tarone_ware", "tarone-ware", 0.0, "tarone-ware"),
)


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
        after = "" if landmark is None else f" after day {landmark}"
        why = f"nobody has the event{after}" if still.any() else f"nobody is under observation{after}"
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
        write_level(here, table, risk, g, curve, landmark=landmark)
    _write_tests(at, risk)
    _write_stratified(at, table, still, levels, group, None if entry is None else entry[still])
    if table.entry is None:  # from a landmark too: everybody enters on that day
        write_permutation(at, table.days[still], table.is_event[still], levels)
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
        why = found.reason.replace("tau", f"day {tau}")
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
                method="rmst", why=why, n=n,
            )  # fmt: skip
        for stat, value in (
            ("ratio", found.ratio),
            ("low", found.ratio_low),
            ("high", found.ratio_high),
            ("p", found.p_ratio),
        ):
            at.put(
                "rmst_ratio", stat, value, category=category, unit="" if stat == "p" else "ratio", method="rmst",
                why=why, n=n,
            )  # fmt: skip
