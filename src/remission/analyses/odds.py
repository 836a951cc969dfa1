"""Odds ratios of a response: each covariate by itself, then all together, with the choices for few patients said."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.analyses.baseline import variable_name
from remission.analyses.counts import Place
from remission.analyses.covariates import Covariate, covariate_of, write_levels, write_limits
from remission.analyses.guard import MEASURED_LATE, is_measured_late
from remission.analyses.imputed import impute_covariates, write_imputed
from remission.analyses.material import Material
from remission.analyses.regression import MULTI, UNI
from remission.analyses.spec_factors import OddsSpec
from remission.core.errors import ProtocolError
from remission.stats.firth_rule import events_per_parameter
from remission.stats.logistic import fit_logistic
from remission.stats.multiplicity import benjamini_hochberg, holm

IMPUTED = "imputed"


def analyse_odds(material: Material, spec: OddsSpec) -> None:
    """Rows of one [[analysis]] of kind odds, named as those of a regression; ratios are odds ratios.

    Those whose response is not known are counted and in no model. A covariate known only after the start is refused.
    """
    where = f"analysis {spec.id}"
    population = material.population(spec.population, where=where)
    response = material.group(spec.of, where=where)
    if unknown := [v for v in spec.levels if v not in response.levels]:
        raise ProtocolError(
            what=f"study.toml: the group `{spec.of}` has no level `{unknown[0]}`.",
            code="unknown-level",
            where=where,
            todo=f"Choose among {', '.join(response.levels)}.",
        )
    assessed = tuple(p for p in population.patients if response.of.get(p) is not None)
    outcome = np.array([response.of[p] in spec.levels for p in assessed], dtype=np.bool_)
    at = Place(material.results, spec.id, spec.population)
    at.count("patients", "N", assessed, of=len(population.patients))
    at.count("patients", "n", [p for p, y in zip(assessed, outcome, strict=True) if y], of=len(assessed))
    at.put("patients", "missing", len(population.patients) - len(assessed), n=len(population.patients))
    material.trace(spec.id, "patients", response.fields)
    if not assessed:
        at.put("model", "N", None, why="nobody's response is known", failed=True)
        return
    used = []
    for name in spec.covariates:
        kind, _, rest = name.partition(".")
        if kind == "group" and not material.group(rest, where=where).is_baseline:
            why = "known only after the start: it may be a result of the response"
            at.put(variable_name(name), "ratio", None, unit="ratio", why=why, failed=True, n=len(assessed))
            continue
        if kind != "group" and is_measured_late(material, name, assessed, spec.where.get(kind, {})):
            at.put(variable_name(name), "ratio", None, unit="ratio", why=MEASURED_LATE, failed=True, n=len(assessed))
            continue
        used.append(covariate_of(material, spec, name, assessed, where))
        write_limits(at, used[-1], assessed)
    for covariate in used:
        _fit_and_write(material, spec, assessed, outcome, [covariate], UNI)
    if len(used) > 1:
        _fit_and_write(material, spec, assessed, outcome, used, MULTI)
        if spec.missing == "impute" and 0 < outcome.sum() < len(assessed):
            _impute(material, spec, assessed, outcome, used)
    if spec.adjust != "none":
        _adjust(material, spec, used)


def _fit_and_write(
    material: Material, spec: OddsSpec, patients: tuple[str, ...], outcome: NDArray[np.bool_],
    covariates: list[Covariate], model: str,
) -> None:  # fmt: skip
    """One model on the patients for whom all its covariates are known."""
    place = Place(material.results, spec.id, spec.population, "model", model)
    suffix = f"{covariates[0].variable}_model" if model == UNI else "model"
    X = np.hstack([c.matrix for c in covariates])
    complete = np.zeros(len(patients), dtype=np.bool_)
    if X.shape[1]:
        complete |= ~np.isnan(X).any(axis=1)
    here = [p for p, k in zip(patients, complete, strict=True) if k]
    X, y = X[complete], outcome[complete]
    events = [p for p, e in zip(here, y, strict=True) if e]
    place.count(suffix, "N", here, of=None)
    place.count(suffix, "events", events, of=len(here))
    place.count(f"{suffix}_missing", "n", [p for p in patients if p not in set(here)], of=len(patients))
    terms = [(c, t) for c in covariates for t in c.terms]
    for variable in (suffix, *(c.variable for c in covariates)):
        material.trace(spec.id, variable, [*(c.field for c in covariates), f"group.{spec.of}"])
    if not terms or y.all() or not y.any():
        why = "the covariate does not vary" if not terms else "all have the same outcome"
        for c in covariates:
            for term in c.terms or ("",):
                place.put(c.variable, "ratio", None, category=term, unit="ratio", why=why, n=len(here))
        return
    rule = events_per_parameter(float(y.sum()), len(terms), non_events=float((~y).sum()))
    firth = spec.firth == "always" or (spec.firth == "auto" and rule.recommended == "firth")
    if firth and spec.firth == "auto":
        words = f"penalised likelihood (Firth): {rule.reason.partition(';')[0]}"
        place.put(f"{suffix}_choice", "text", words, method="logistic-firth")
    place.put(f"{suffix}_events_per_parameter", "estimate", rule.per_parameter, n=len(here), why=rule.reason)
    fit = fit_logistic(y, X, firth=firth)
    method, listed = "logistic-firth" if firth else "logistic", place.results.keep_members(here)
    series = {"ratio": fit.odds_ratio, "low": fit.or_low, "high": fit.or_high, "p": fit.p}
    for k, (covariate, term) in enumerate(terms, start=1):  # the intercept comes first
        for stat, values in series.items():
            known = float(values[k]) if np.isfinite(values[k]) else None
            place.put(
                covariate.variable, stat, known, category=term, unit="" if stat == "p" else "ratio", method=method,
                note=covariate.unit, why=fit.reason or "not estimable", n=len(here), members_hash=listed,
            )  # fmt: skip
    for name, test in (("lr", fit.likelihood_ratio), ("wald", fit.wald)):
        for stat, value in (("statistic", test.statistic), ("df", test.df), ("p", test.p)):
            usable = value is not None and np.isfinite(value)
            place.put(
                f"{suffix}_{name}", stat, value if usable else None, method=method, why=fit.reason or "not defined",
                n=len(here),
            )  # fmt: skip
    for c in covariates:
        write_levels(place, c, patients, outcome, complete)


def _impute(
    material: Material, spec: OddsSpec, patients: tuple[str, ...], outcome: NDArray[np.bool_], used: list[Covariate]
) -> None:
    """The model of all covariates on everybody, the gaps filled several times."""
    place = Place(material.results, spec.id, spec.population, "model", IMPUTED)
    usable = [c for c in used if c.terms]
    copies = impute_covariates(usable, outcome[:, None].astype(np.float64), copies=spec.copies)
    rule = events_per_parameter(
        float(outcome.sum()), sum(len(c.terms) for c in usable), non_events=float((~outcome).sum())
    )
    firth = spec.firth == "always" or (spec.firth == "auto" and rule.recommended == "firth")

    def fit(X: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        found = fit_logistic(outcome, X, firth=firth)
        return found.coefficients[1:], found.se[1:]

    write_imputed(place, usable, copies, fit, n=len(patients), events=int(outcome.sum()))


def _adjust(material: Material, spec: OddsSpec, used: list[Covariate]) -> None:
    """The univariable p-values of all terms, adjusted for their number."""
    place = Place(material.results, spec.id, spec.population, "model", UNI)
    found = []
    for c in used:
        for term in c.terms:
            row = next(
                (
                    r for r in material.results.rows.values()
                    if (r.analysis, r.level, r.variable, r.category, r.stat) == (spec.id, UNI, c.variable, term, "p")
                ),
                None,
            )  # fmt: skip
            found.append((c.variable, term, None if row is None else row.value))
    adjust = holm if spec.adjust == "holm" else benjamini_hochberg
    for (variable, term, _), p in zip(found, adjust([p for _, _, p in found]), strict=True):
        place.put(f"{variable}_adjusted", "p", p, category=term, method=spec.adjust, why="there was no test")
