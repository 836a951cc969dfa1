"""Competing risks of a table as rows: incidence of every cause, Gray's test, cause-specific and Fine-Gray models."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from remission.analyses.counts import Place
from remission.results.table import Results
from remission.stats import (
    FineGray,
    Incidence,
    RiskTable,
    compare_incidence,
    estimate_incidence,
    fit_fine_gray,
    incidence_at,
    survival_at,
)
from remission.table_survival.columns import Labels
from remission.table_survival.curves import place_of, write_at_risk
from remission.table_survival.models import method_of, model_data, terms_of, write_model
from remission.table_survival.table import SurvivalTable


def write_incidence(results: Results, table: SurvivalTable) -> None:
    """Everybody, then by group with Gray's test, then the models of every cause."""
    risk = RiskTable.from_arrays(table.days, table.cause, entry_days=table.entry, causes=table.n_causes)
    _write_level(place_of(results, table), table, risk, 0, estimate_incidence(risk)[0])
    if table.group is not None:
        _write_group(results, table, table.group)
    if table.covariates:
        for cause in range(1, table.n_causes + 1):
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
    for cause in range(1, table.n_causes + 1):
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
    for cause in range(1, table.n_causes + 1):
        test = compare_incidence(risk, cause)
        for stat, value in (("statistic", test.chi2), ("df", test.df), ("p", test.p)):
            at.put(
                "gray_stratified", stat, value, category=f"{cause}", method="gray", why=test.reason, n=int(both.sum())
            )


def _write_level(at: Place, table: SurvivalTable, risk: RiskTable, g: int, curve: Incidence) -> None:
    at.put("rows", "N", curve.n)
    for c in range(table.n_causes):
        at.put("rows", "events", int(curve.events[c].sum()), category=f"cause {c + 1}", n=curve.n)
    at.put("rows", "censored", int(curve.censored.sum()), n=curve.n)
    if not curve.n:
        return
    days = table.ask.at_days
    asked = np.array(days, dtype=np.int64)
    free = survival_at(curve.event_free, asked)
    found = [incidence_at(curve, asked, cause=c + 1) for c in range(table.n_causes)]
    for k, day in enumerate(days):
        parts = [free[k].survival]
        why = free[k].reason or "not estimable"
        for c, points in enumerate(found):
            point, category = points[k], f"{c + 1}_{day}d"
            parts.append(point.incidence)
            values = (("estimate", point.incidence), ("se", point.se), ("low", point.low), ("high", point.high))
            for stat, value in values:
                at.put(
                    "incidence", stat, value, category=category, unit="proportion", method="aalen-johansen",
                    why=point.reason or "not estimable", n=curve.n,
                )  # fmt: skip
        at.put("incidence", "at_risk", found[0][k].at_risk, category=f"{day}d", n=curve.n)
        at.put(
            "event_free", "estimate", free[k].survival, category=f"{day}d", unit="proportion",
            method="aalen-johansen", why=why, n=curve.n,
        )  # fmt: skip
        total = None if any(p is None for p in parts) else sum(p for p in parts if p is not None)
        at.put("closure", "estimate", total, category=f"{day}d", method="aalen-johansen", why=why, n=curve.n)
    for j, day in enumerate(curve.days.tolist()):
        for c in range(table.n_causes):
            triple = (("estimate", curve.incidence), ("low", curve.low), ("high", curve.high))
            for stat, array in triple:
                height = float(array[c, j])
                at.put(
                    "incidence_curve", stat, None if np.isnan(height) else height, category=f"{c + 1}_{day}d",
                    unit="proportion", method="aalen-johansen", why="no interval", n=curve.n,
                )  # fmt: skip
    write_at_risk(at, table, risk, g)


def _write_models(at: Place, table: SurvivalTable, cause: int) -> None:
    """Cause-specific Cox and Fine-Gray models of one cause."""
    data = model_data(table, table.cause == cause)
    ties = method_of(table)
    method = "cox-firth" if table.ask.firth else "cox-cause-specific"
    note = "" if table.ask.firth else f"ties: {ties.removeprefix('cox-')}"
    write_model(at, f"cox{cause}", data, table, firth=table.ask.firth, method=method, note=note)
    why = "not with --entry" if table.entry is not None else "not with --strata" if table.strata is not None else ""
    complete = ~np.isnan(np.hstack([c.matrix for c in table.covariates])).any(axis=1)
    whole = replace(table, strata=None, cluster=None)
    terms, n = terms_of(table.covariates), int(complete.sum())
    if why or not n:
        for column, term in terms:
            at.put(
                f"fine_gray{cause}_{column}", "ratio", None, category=term, unit="ratio", method="fine-gray",
                why=why or "no row has every covariate", failed=True, n=n,
            )  # fmt: skip
        return
    X = np.hstack([c.matrix for c in whole.covariates])[complete]
    fit = fit_fine_gray(table.days[complete], table.cause[complete], X, cause=cause)
    for k, (column, term) in enumerate(terms):
        _write_fine_gray(at, f"fine_gray{cause}_{column}", term, fit, k, n)
    for c in table.covariates:
        if c.reference:
            at.put(f"fine_gray{cause}_{c.column}", "text", "reference", category=c.reference)
    for category, value in (("null", fit.log_likelihood_null), ("model", fit.log_likelihood)):
        at.put(
            f"fine_gray{cause}_loglik", "estimate", value if np.isfinite(value) else None, category=category,
            method="fine-gray", why=fit.reason or "not defined", n=n,
        )  # fmt: skip


def _write_fine_gray(at: Place, variable: str, term: str, fit: FineGray, k: int, n: int) -> None:
    why = fit.reason or "not estimable"
    rows = [("", "ratio", fit.hazard_ratio), ("", "low", fit.low), ("", "high", fit.high), ("", "p", fit.p)]
    rows += [("_log", "estimate", fit.coef), ("_log", "se", fit.se), ("_log", "statistic", fit.z)]
    for suffix, stat, values in rows:
        value = float(values[k])
        unit = "" if stat in ("p", "statistic") else "log subdistribution hazard ratio" if suffix else "ratio"
        at.put(
            variable + suffix, stat, value if np.isfinite(value) else None, category=term, unit=unit,
            method="fine-gray", why=why, n=n,
        )  # fmt: skip
