"""Hazard ratios: each covariate by itself, then all together, with the choices made for a small cohort said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.analyses.baseline import variable_name
from remission.analyses.counts import Place
from remission.analyses.covariates import Covariate, covariate_of, write_levels, write_limits
from remission.analyses.guard import MEASURED_LATE, is_measured_late, judge
from remission.analyses.material import Material
from remission.analyses.residuals import write_residuals
from remission.analyses.spec import RegressionSpec
from remission.analyses.times import Times, times_of
from remission.stats.concordance import concordance_of
from remission.stats.cox_fit import fit_cox
from remission.stats.cox_result import CoxFit
from remission.stats.fine_gray import FineGray, fit_fine_gray
from remission.stats.proportional_hazards import check_proportional_hazards

EVENTS_PER_PARAMETER = 10
UNI, MULTI = "univariable", "multivariable"


def analyse_regression(material: Material, spec: RegressionSpec) -> None:
    """Rows of one [[analysis]] of kind regression, by model: `by_model.univariable`, `by_model.multivariable`.

    `<covariate>[@<level>]` holds ratio, low, high, p; `<covariate>_log` the coefficient and its standard error;
    `model` the counts and tests, `choice` the automatic choices in words, `ph` the proportional-hazards tests.
    A covariate known only after the start is refused: the row says so, and what to ask for instead.
    """
    where = f"analysis {spec.id}"
    endpoint = material.endpoint(spec.endpoint, where=where)
    population = material.population(spec.population, where=where)
    times = times_of(endpoint, population.patients)
    at = Place(material.results, spec.id, spec.population)
    if endpoint.not_estimable or not times.patients:
        why = endpoint.not_estimable or "no patient of the population has a time"
        at.put("model", "N", None, why=why, failed=True, n=len(population.patients), members=population.patients)
        return
    used: list[Covariate] = []
    first_start = int(times.starts.min())
    for name in spec.covariates:
        refused = refused_because(material, spec, name, first_start, times.patients)
        if refused:
            at.put(variable_name(name), "ratio", None, unit="ratio", why=refused, failed=True, n=len(times.patients))
            continue
        used.append(covariate_of(material, spec, name, times.patients, where))
        write_limits(at, used[-1], times.patients)
    strata = strata_of(material, spec, times, where)
    for covariate in used:
        _fit_and_write(material, spec, times, [covariate], strata, UNI)
    if len(used) > 1:
        _fit_and_write(material, spec, times, used, strata, MULTI)


def refused_because(
    material: Material, spec: RegressionSpec, name: str, first_start: int, patients: tuple[str, ...]
) -> str:
    """Why a covariate may not stand in a model from the start, or ""."""
    kind, _, rest = name.partition(".")
    if kind != "group":
        late = is_measured_late(material, name, patients, spec.where.get(kind, {}), first_start=first_start)
        return MEASURED_LATE if late else ""
    group = material.group(rest, where=f"analysis {spec.id}")
    if judge(group, None, analysis=spec.id, first_start=first_start).naive:
        return "known only after the start: ask for an analysis of kind later-event, or a landmark"
    return ""


def strata_of(material: Material, spec: RegressionSpec, times: Times, where: str) -> list[str] | None:
    if not spec.strata:
        return None
    group = material.group(spec.strata, where=where)
    return [group.of.get(p) or group.otherwise for p in times.patients]


def _fit_and_write(
    material: Material,
    spec: RegressionSpec,
    times: Times,
    covariates: list[Covariate],
    strata: list[str] | None,
    model: str,
) -> None:
    """One model on the patients for whom all its covariates are known."""
    place = Place(material.results, spec.id, spec.population, "model", model)
    name = covariates[0].variable if model == UNI else "model"
    X = np.hstack([c.matrix for c in covariates])
    complete = np.zeros(len(times.patients), dtype=np.bool_)
    if X.shape[1]:
        complete |= ~np.isnan(X).any(axis=1)
    here, X = times.only(complete), X[complete]
    terms = [(c, t) for c in covariates for t in c.terms]
    event = here.cause == 1
    suffix = f"{name}_model" if model == UNI else "model"
    place.count(suffix, "N", here.patients, of=None)
    place.count(suffix, "events", [p for p, e in zip(here.patients, event, strict=True) if e], of=len(here.patients))
    place.count(
        suffix, "censored", [p for p, e in zip(here.patients, event, strict=True) if not e], of=len(here.patients)
    )
    place.count(f"{suffix}_missing", "n", times.only(~complete).patients, of=len(times.patients))
    fields = [f"endpoint.{spec.endpoint}", *(c.field for c in covariates)]
    for variable in (suffix, f"{suffix}_missing", *(v for c in covariates for v in (c.variable, f"{c.variable}_log"))):
        material.trace(spec.id, variable, fields)
    if not terms or not event.any():
        why = "no events" if terms else "the covariate does not vary"
        for c in covariates:
            for term in c.terms or ("",):
                place.put(c.variable, "ratio", None, category=term, unit="ratio", why=why, n=len(here.patients))
        return
    per_parameter = event.sum() / len(terms)
    firth = spec.model == "cox" and (
        spec.firth == "always" or (spec.firth == "auto" and per_parameter < EVENTS_PER_PARAMETER)
    )
    if firth and spec.firth == "auto":
        words = (
            f"penalised likelihood (Firth): {per_parameter:.1f} events per parameter, fewer than {EVENTS_PER_PARAMETER}"
        )
        place.put(f"{suffix}_choice", "text", words, method="cox-firth")
    if spec.model == "fine-gray":
        _write_terms(place, here, terms, _of_fine_gray(fit_fine_gray(here.days, here.cause, X)), "fine-gray")
    else:
        kept = None if strata is None else [s for s, k in zip(strata, complete, strict=True) if k]
        ties = "efron" if firth and spec.ties == "exact" else spec.ties
        names = [f"{c.variable}={t}" for c, t in terms]
        fit = fit_cox(here.days, event, X, names=names, stratum=kept, ties=ties, firth=firth)
        method = "cox-firth" if firth else f"cox-{spec.ties}"
        _write_terms(place, here, terms, _of_cox(fit), method)
        by_covariate = {c.variable: [f"{c.variable}={t}" for t in c.terms] for c in covariates if c.terms}
        _write_model(place, suffix, fit, here, method, per_parameter, by_covariate)
        if spec.residuals and fit.status == "ok" and suffix == _last_model(spec, covariates):
            write_residuals(place, fit, [f"{c.variable}{': ' + t if t else ''}" for c, t in terms])
    for c in covariates:
        write_levels(place, c, times.patients, times.cause == 1, complete)


def _last_model(spec: RegressionSpec, covariates: list[Covariate]) -> str:
    """The model whose residuals are drawn: the one with all covariates, or the only one."""
    return "model" if len(spec.covariates) > 1 else f"{covariates[0].variable}_model"


@dataclass(frozen=True)
class _Estimates:
    coefficient: NDArray[np.float64]
    se: NDArray[np.float64]
    ratio: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]
    reason: str


def _of_cox(fit: CoxFit) -> _Estimates:
    return _Estimates(fit.coefficients, fit.se, fit.hazard_ratio, fit.hr_low, fit.hr_high, fit.p, fit.reason)


def _of_fine_gray(fit: FineGray) -> _Estimates:
    return _Estimates(fit.coef, fit.se, fit.hazard_ratio, fit.low, fit.high, fit.p, fit.reason)


def _write_terms(
    place: Place, times: Times, terms: list[tuple[Covariate, str]], found: _Estimates, method: str
) -> None:
    listed, n = place.results.keep_members(times.patients), len(times.patients)
    why = found.reason or "not estimable"
    for k, (covariate, term) in enumerate(terms):
        for stat, values in (("ratio", found.ratio), ("low", found.low), ("high", found.high), ("p", found.p)):
            value = float(values[k])
            place.put(
                covariate.variable, stat, value if np.isfinite(value) else None, category=term, method=method,
                unit="" if stat == "p" else "ratio", note=covariate.unit, why=why, n=n, members_hash=listed,
            )  # fmt: skip
        for stat, values in (("estimate", found.coefficient), ("se", found.se)):
            value = float(values[k])
            place.put(
                f"{covariate.variable}_log", stat, value if np.isfinite(value) else None, category=term, method=method,
                unit="log hazard ratio", why=why, n=n, members_hash=listed,
            )  # fmt: skip


def _write_model(
    place: Place,
    suffix: str,
    fit: CoxFit,
    times: Times,
    method: str,
    per_parameter: float,
    terms: dict[str, list[str]],
) -> None:
    """Tests of the whole model, concordance, proportional hazards, events per parameter."""
    n, listed = len(times.patients), place.results.keep_members(times.patients)
    place.put(f"{suffix}_events_per_parameter", "estimate", float(per_parameter), n=n)
    for name, test in (("lr", fit.likelihood_ratio), ("score", fit.score), ("wald", fit.wald)):
        for stat, value in (("statistic", test.statistic), ("df", test.df), ("p", test.p)):
            usable = value is not None and np.isfinite(value)
            place.put(
                f"{suffix}_{name}", stat, value if usable else None, method=method,
                why=fit.reason or "not defined", n=n, members_hash=listed,
            )  # fmt: skip
    if fit.status != "ok":
        return
    concordance = concordance_of(fit)
    for stat, value in (("estimate", concordance.c), ("low", concordance.low), ("high", concordance.high)):
        place.put(
            f"{suffix}_concordance", stat, value, method="harrell-c", why=concordance.reason, n=n, members_hash=listed
        )
    if fit.ties == "exact":
        why = "not computed with the exact method for ties"
        place.put(f"{suffix}_ph", "p", None, category="GLOBAL", method="cox-zph", why=why, n=n)
        return
    tested = check_proportional_hazards(fit, terms=terms)
    for term, test in (*zip(tested.terms, tested.tests, strict=True), ("GLOBAL", tested.overall)):
        for stat, value in (("statistic", test.statistic), ("df", test.df), ("p", test.p)):
            why = tested.reason or "not defined"
            place.put(f"{suffix}_ph", stat, value, category=term, method="cox-zph", why=why, n=n)
