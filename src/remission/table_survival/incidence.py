"""Competing risks of a table as rows: incidence of every cause, Gray's test, cause-specific and Fine-Gray models."""

from __future__ import annotations

import numpy as np

from remission.analyses.counts import Place
from remission.results.table import Results
from remission.stats import (
    Incidence,
    IncidenceAt,
    RiskTable,
    compare_incidence,
    estimate_incidence,
    incidence_at,
    survival_at,
)
from remission.table_survival.columns import Labels
from remission.table_survival.curves import place_of, write_at_risk
from remission.table_survival.fine_gray import write_fine_gray
from remission.table_survival.models import method_of, model_data, write_model
from remission.table_survival.table import SurvivalTable
from remission.table_survival.univariable import write_univariable

NONE_SO_FAR = "the cause has not occurred by then: exact upper limit of 0 among the fewest at risk so far"


def write_incidence(results: Results, table: SurvivalTable) -> None:
    """Everybody, then by group with Gray's test, then the models of every cause."""
    risk = RiskTable.from_arrays(table.days, table.cause, entry_days=table.entry, causes=table.n_causes)
    _write_level(place_of(results, table), table, risk, 0, estimate_incidence(risk)[0])
    if table.group is not None:
        _write_group(results, table, table.group)
    if table.covariates:
        for cause in table.causes:
            _write_models(place_of(results, table), table, cause)


def _write_group(results: Results, table: SurvivalTable, group: Labels) -> None:
    at = place_of(results, table, group=group.column)
    known = group.code >= 0
    at.put("rows", "missing", int((~known).sum()), n=table.n, note=f"no {group.column}" if not known.all() else "")
    if not known.any():
        return
    entry = None if table.entry is None else table.entry[known]
    risk = RiskTable.from_arrays(
        table.days[known], table.cause[known], group=group.only(known), groups=group.levels, entry_days=entry,
        causes=table.n_causes,
    )  # fmt: skip
    for g, (level, curve) in enumerate(zip(group.levels, estimate_incidence(risk), strict=True)):
        _write_level(place_of(results, table, group=group.column, level=level), table, risk, g, curve)
    for cause in table.causes:
        test = compare_incidence(risk, cause)
        for stat, value in (("statistic", test.chi2), ("df", test.df), ("p", test.p)):
            at.put("gray", stat, value, category=f"{cause}", method="gray", why=test.reason, n=int(known.sum()))
    if table.strata is None:
        return
    both = known & (table.strata.code >= 0)
    risk = RiskTable.from_arrays(
        table.days[both], table.cause[both], group=group.only(both), groups=group.levels,
        stratum=table.strata.only(both), strata=table.strata.levels, causes=table.n_causes,
        entry_days=None if table.entry is None else table.entry[both],
    )  # fmt: skip
    for cause in table.causes:
        test = compare_incidence(risk, cause)
        for stat, value in (("statistic", test.chi2), ("df", test.df), ("p", test.p)):
            at.put(
                "gray_stratified", stat, value, category=f"{cause}", method="gray", why=test.reason, n=int(both.sum())
            )


def _write_level(at: Place, table: SurvivalTable, risk: RiskTable, g: int, curve: Incidence) -> None:
    at.put("rows", "N", curve.n)
    for cause in table.causes:
        at.put("rows", "events", int(curve.events[cause - 1].sum()), category=f"cause {cause}", n=curve.n)
    at.put("rows", "censored", int(curve.censored.sum()), n=curve.n)
    if not curve.n:
        return
    _write_probabilities(at, table, curve)
    for j, day in enumerate(curve.days.tolist()):
        for cause in table.causes:
            triple = (("estimate", curve.incidence), ("low", curve.low), ("high", curve.high))
            for stat, array in triple:
                height = float(array[cause - 1, j])
                at.put(
                    "incidence_curve", stat, None if np.isnan(height) else height, category=f"{cause}_{day}d",
                    unit="proportion", method="aalen-johansen", why="no interval", n=curve.n,
                )  # fmt: skip
    write_at_risk(at, table, risk, g)


def _write_probabilities(at: Place, table: SurvivalTable, curve: Incidence) -> None:
    """The incidence of every cause at the days asked for, the part free of all, and their sum."""
    days = table.ask.at_days
    asked = np.array(days, dtype=np.int64)
    free = survival_at(curve.event_free, asked)
    found = {cause: incidence_at(curve, asked, cause=cause) for cause in table.causes}
    for k, day in enumerate(days):
        parts = [free[k].survival]
        why = free[k].reason or "not estimable"
        for cause, points in found.items():
            parts.append(points[k].incidence)
            _write_point(at, f"{cause}_{day}d", points[k], curve.n)
        at.put("incidence", "at_risk", found[table.causes[0]][k].at_risk, category=f"{day}d", n=curve.n)
        at.put(
            "event_free", "estimate", free[k].survival, category=f"{day}d", unit="proportion",
            method="aalen-johansen", why=why, note=free[k].reason, n=curve.n,
        )  # fmt: skip
        total = None if any(p is None for p in parts) else sum(p for p in parts if p is not None)
        at.put("closure", "estimate", total, category=f"{day}d", method="aalen-johansen", why=why, n=curve.n)


def _write_point(at: Place, category: str, point: IncidenceAt, n: int) -> None:
    values = (("estimate", point.incidence), ("se", point.se), ("low", point.low), ("high", point.high))
    for stat, value in values:
        at.put(
            "incidence", stat, value, category=category, unit="proportion", method="aalen-johansen",
            note=NONE_SO_FAR if point.incidence == 0 and stat == "high" else "", why=point.reason or "not estimable",
            n=n,
        )  # fmt: skip


def _write_models(at: Place, table: SurvivalTable, cause: int) -> None:
    """Cause-specific Cox and Fine-Gray models of one cause."""
    data = model_data(table, table.cause == cause)
    ties = method_of(table)
    method = "cox-firth" if table.ask.firth else "cox-cause-specific"
    note = "" if table.ask.firth else f"ties: {ties.removeprefix('cox-')}"
    write_model(at, f"cox{cause}", data, table, firth=table.ask.firth, method=method, note=note)
    write_univariable(table, at, f"univariable{cause}", table.cause == cause, "" if table.ask.firth else method)
    write_fine_gray(at, table, cause)
