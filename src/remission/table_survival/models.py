"""Cox models of a table as rows: coefficients, hazard ratios, tests of the model, concordance, proportional hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.stats import (
    CoxFit,
    Episodes,
    check_proportional_hazards,
    concordance_of,
    events_per_parameter,
    fit_cox,
    split_at,
)
from remission.stats.arrays import IntArray
from remission.table_survival.columns import Covariate, Labels
from remission.table_survival.small import few_words, is_sparse
from remission.table_survival.table import SurvivalTable


@dataclass(frozen=True, eq=False)
class ModelData:
    """The rows of a model without gaps. column_of: covariate name -> names of its columns in `names`."""

    days: IntArray
    is_event: NDArray[np.bool_]
    entry: IntArray | None
    X: NDArray[np.float64]
    names: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    stratum: IntArray | None
    cluster: IntArray | None
    n_missing: int
    notes: dict[str, str]

    @property
    def terms(self) -> dict[str, list[str]]:
        """Columns tested together: all levels of one covariate."""
        found: dict[str, list[str]] = {}
        for (column, _), name in zip(self.places, self.names, strict=True):
            found.setdefault(column, []).append(name)
        return found


def write_cox(table: SurvivalTable, place: Place) -> None:
    """The model of all covariates (and of the later event at its own day); Firth's beside it where events are few."""
    if not table.covariates:
        return
    data, method = model_data(table, table.is_event), method_of(table)
    fit = write_model(place, "cox", data, table, firth=table.ask.firth, method=method)
    events = int(data.is_event.sum())
    if fit is not None and may_have_firth(table) and is_sparse(fit, events):
        write_model(place, "firth", data, table, firth=True, method="cox-firth", note=few_words(fit, events))


def may_have_firth(table: SurvivalTable) -> bool:
    """Whether Firth's model can stand beside the plain one: it is not that already, and nothing excludes it."""
    return not (table.ask.firth or table.ask.cluster or table.ask.ties_used == "exact")


def method_of(table: SurvivalTable) -> str:
    return "cox-firth" if table.ask.firth else f"cox-{table.ask.ties_used}"


def model_data(table: SurvivalTable, is_event: NDArray[np.bool_]) -> ModelData:
    """Rows that have every covariate, stratum and cluster; follow-up cut at the later event where there is one."""
    X = np.hstack([np.empty((table.n, 0)), *(c.matrix for c in table.covariates)])
    complete = np.asarray(~np.isnan(X).any(axis=1), dtype=np.bool_)
    for labels in (table.strata, table.cluster):
        if labels is not None:
            complete &= labels.code >= 0
    names, places = [], []
    for c in table.covariates:
        for term in c.terms:
            names.append(f"{c.column}={term}" if term else c.column)
            places.append((c.column, term))
    days, event, X = table.days[complete], is_event[complete], X[complete]
    entry = None if table.entry is None else table.entry[complete]
    stratum = None if table.strata is None else table.strata.only(complete)
    cluster = None if table.cluster is None else table.cluster.only(complete)
    notes = {}
    if table.switch is not None:
        pieces = split_at(days, event, table.switch[complete], entry_days=entry)
        days, event, entry = pieces.exit_days, pieces.cause > 0, pieces.entry_days
        X = np.column_stack([pieces.has_switched.astype(np.float64), X[pieces.patient]])
        stratum = None if stratum is None else stratum[pieces.patient]
        cluster = None if cluster is None else cluster[pieces.patient]
        names, places = [table.ask.switch, *names], [(table.ask.switch, ""), *places]
        notes[table.ask.switch] = "; ".join(
            t for t in ("time-dependent: after against before", followed_words(table)) if t
        )
    return ModelData(
        days, event, entry, X, tuple(names), tuple(places), stratum, cluster, int((~complete).sum()), notes
    )


def followed_words(table: SurvivalTable) -> str:
    """What the models follow beside their covariates: strata, clusters, the penalty."""
    found = [f"within the strata of {table.strata.column}"] if table.strata is not None else []
    found += [f"by the clusters of {table.cluster.column}"] if table.cluster is not None else []
    found += ["with Firth's penalty"] if table.ask.firth else []
    return ", ".join(found)


def write_model(
    at: Place, prefix: str, data: ModelData, table: SurvivalTable, *, firth: bool, method: str, note: str = ""
) -> CoxFit | None:
    """Fit and write one model under `<prefix>_...`; a model without events is one undefined row."""
    n, events = int(data.days.size), int(data.is_event.sum())
    pieces = "pieces of follow-up" if table.switch is not None else ""
    at.put(f"{prefix}_model", "N", n, unit=pieces)
    at.put(f"{prefix}_model", "events", events, n=n, unit=pieces)
    at.put(f"{prefix}_model", "censored", n - events, n=n, unit=pieces)
    columns = ", ".join(dict.fromkeys([*(c.column for c in table.covariates), *_of(table.strata), *_of(table.cluster)]))
    lost_note = f"without {columns}" if data.n_missing else ""
    at.put(f"{prefix}_model_left_out", "n", data.n_missing, n=table.n, note=lost_note, unit="rows")
    if not n or not events:
        at.put(f"{prefix}_model", "p", None, why="no events" if n else "no row has every covariate", n=n)
        return None
    fit = fit_cox(
        data.days,
        data.is_event,
        data.X,
        names=data.names,
        entry_days=data.entry,
        stratum=data.stratum,
        cluster=data.cluster,
        ties="efron" if firth and table.ask.ties_used == "exact" else table.ask.ties_used,
        firth=firth,
    )
    few = events_per_parameter(events, len(data.names))
    at.put(f"{prefix}_events_per_parameter", "estimate", few.per_parameter, n=n, note=few.reason)
    note = "; ".join(t for t in (note, fit.reason) if t)
    for k, (column, term) in enumerate(data.places):
        own = "; ".join(t for t in (data.notes.get(column, ""), note) if t)
        write_coefficient(at, f"{prefix}_{column}", term, fit, k, method=method, note=own, n=n)
    for c in table.covariates:
        if c.reference:
            at.put(f"{prefix}_{c.column}", "text", "reference", category=c.reference)
    _write_tests(at, prefix, fit, method, n)
    if fit.status == "ok":
        _write_checks(at, prefix, fit, data, n)
    return fit


def _of(labels: Labels | None) -> list[str]:
    return [] if labels is None else [labels.column]


def write_coefficient(
    at: Place, variable: str, term: str, fit: CoxFit, k: int, *, method: str, note: str = "", n: int
) -> None:
    """`<variable>`: ratio with limits and p; `<variable>_log`: coefficient, errors, limits, z."""
    has_error = bool(np.isfinite(fit.se[k]))  # without one the search was still running away when it was stopped
    why = fit.reason or ("not estimable" if has_error else "no maximum was found for the coefficient")
    rows = [("", s, v) for s, v in (("ratio", fit.hazard_ratio), ("low", fit.hr_low), ("high", fit.hr_high))]
    rows += [("", "p", fit.p)]
    rows += [("_log", s, v) for s, v in (("estimate", fit.coefficients), ("low", fit.low), ("high", fit.high))]
    rows += [("_log", "se", fit.se), ("_log", "statistic", fit.z)]
    if fit.robust_se is not None:
        rows.append(("_log_robust", "se", fit.robust_se))
    for suffix, stat, values in rows:
        value = float(values[k])
        unit = "" if stat in ("p", "statistic") else "log hazard ratio" if suffix else "ratio"
        at.put(
            variable + suffix, stat, value if has_error and np.isfinite(value) else None, category=term, unit=unit,
            method=method,
            note=note, why=why, n=n,
        )  # fmt: skip


def _write_tests(at: Place, prefix: str, fit: CoxFit, method: str, n: int) -> None:
    tests = [("lr", fit.likelihood_ratio), ("score", fit.score), ("wald", fit.wald)]
    if fit.robust_score is not None:
        tests.append(("robust_score", fit.robust_score))
    for name, test in tests:
        for stat, value in (("statistic", test.statistic), ("df", test.df), ("p", test.p)):
            at.put(f"{prefix}_{name}", stat, value, method=method, why=fit.reason or "not defined", n=n)
    for category, value in (("null", fit.loglik_null), ("model", fit.loglik)):
        at.put(
            f"{prefix}_loglik", "estimate", value if np.isfinite(value) else None, category=category, method=method,
            why=fit.reason or "not defined", n=n,
        )  # fmt: skip


def _write_checks(at: Place, prefix: str, fit: CoxFit, data: ModelData, n: int) -> None:
    """Concordance, and the test of proportional hazards where ties allow it."""
    c = concordance_of(fit)
    for stat, value in (("estimate", c.c), ("se", c.se), ("low", c.low), ("high", c.high)):
        at.put(f"{prefix}_concordance", stat, value, method="harrell-c", why=c.reason, n=n)
    if fit.ties == "exact":
        return
    tested = check_proportional_hazards(fit, terms=data.terms)
    for term, test in (*zip(tested.terms, tested.tests, strict=True), ("GLOBAL", tested.overall)):
        for stat, value in (("statistic", test.statistic), ("df", test.df), ("p", test.p)):
            why = tested.reason or "not defined"
            at.put(f"{prefix}_ph", stat, value, category=term, method="cox-zph", why=why, n=n)


def write_group_ratios(
    at: Place,
    table: SurvivalTable,
    still: NDArray[np.bool_],
    levels: IntArray,
    group: Labels,
    entry: IntArray | None,
) -> None:
    """Cox hazard ratio of each level of the group against the first, within strata and by clusters if there are."""
    present = [i for i in range(len(group.levels)) if (levels == i).any()]
    if len(present) < 2:
        return
    keep = np.ones(levels.size, dtype=np.bool_)
    for labels in (table.strata, table.cluster):
        if labels is not None:
            keep &= labels.only(still) >= 0
    X = (levels[keep, None] == np.array(present[1:])).astype(np.float64)

    def fitted(firth: bool) -> CoxFit:
        return fit_cox(
            table.days[still][keep],
            table.is_event[still][keep],
            X,
            names=[group.levels[i] for i in present[1:]],
            entry_days=None if entry is None else entry[keep],
            stratum=None if table.strata is None else table.strata.only(still)[keep],
            cluster=None if table.cluster is None else table.cluster.only(still)[keep],
            ties=table.ask.ties_used,
            firth=firth,
        )

    fit, events = fitted(table.ask.firth), int(table.is_event[still][keep].sum())
    shown = [("hazard_ratio", method_of(table), fit, "")]
    if events and may_have_firth(table) and is_sparse(fit, events):
        shown.append(("hazard_ratio_penalised", "cox-firth", fitted(firth=True), few_words(fit, events)))
    for variable, method, one, why in shown:
        for k, i in enumerate(present[1:]):
            note = "; ".join(t for t in (f"against {group.levels[present[0]]}", why) if t)
            write_coefficient(at, variable, group.levels[i], one, k, method=method, n=int(keep.sum()), note=note)


def single_fit(table: SurvivalTable, pieces: Episodes, ever: NDArray[np.bool_]) -> tuple[CoxFit, CoxFit]:
    """The naive contrast (ever against never, from the start) and the time-dependent one, without other covariates."""
    naive = fit_cox(
        table.days, table.is_event, ever[:, None].astype(np.float64), names=["ever"], entry_days=table.entry,
        ties=table.ask.ties_used,
    )  # fmt: skip
    right = fit_cox(
        pieces.exit_days, pieces.cause > 0, pieces.has_switched[:, None].astype(np.float64), names=["after"],
        entry_days=pieces.entry_days, ties=table.ask.ties_used,
    )  # fmt: skip
    return naive, right


def terms_of(covariates: Sequence[Covariate]) -> list[tuple[str, str]]:
    """(column, level) of every coefficient, in order."""
    return [(c.column, term) for c in covariates for term in c.terms]
