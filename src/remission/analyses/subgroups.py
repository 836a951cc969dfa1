"""One contrast in subgroups: differences of response or hazard ratios, each with a test of interaction."""

from __future__ import annotations

import numpy as np

from remission.analyses.counts import Place
from remission.analyses.guard import judge
from remission.analyses.material import Material
from remission.analyses.spec_factors import SubgroupsSpec
from remission.analyses.times import Times, times_of
from remission.core.errors import ProtocolError
from remission.endpoints.groups import Grouped
from remission.stats.cox_fit import fit_cox
from remission.stats.interaction import cox_interaction, logistic_interaction
from remission.stats.proportions import proportion_difference

ALL = "all patients"


def analyse_subgroups(material: Material, spec: SubgroupsSpec) -> None:
    """Rows of one [[analysis]] of kind subgroups, by `VARIABLE@LEVEL`: first.n, first.N, second.n, second.N, effect.

    `effect` is the hazard ratio or the difference of proportions of the first level of the contrast against the
    second; `interaction.p` by variable. With fewer than ten events a hazard ratio is Firth's.
    """
    where = f"analysis {spec.id}"
    population = material.population(spec.population, where=where)
    contrast = material.group(spec.contrast, where=where)
    groups = [material.group(name, where=where) for name in spec.by]
    if len(contrast.levels) != 2 or bool(spec.endpoint) == bool(spec.of):
        raise ProtocolError(
            what="study.toml: subgroups compare two levels, by an endpoint or by a response.",
            code="bad-subgroups",
            where=where,
            expected="contrast = a group of two levels; endpoint, or of and levels",
            todo="Correct the analysis.",
        )
    at = Place(material.results, spec.id, spec.population)
    here = tuple(p for p in population.patients if contrast.of.get(p) is not None)
    at.count("patients", "N", here, of=len(population.patients))
    times = times_of(material.endpoint(spec.endpoint, where=where), here) if spec.endpoint else None
    for group in (contrast, *groups):
        late = spec.endpoint and judge(group, None, analysis=spec.id, first_start=0).naive
        if late:
            why = f"{group.label} is known only after the start"
            at.put("effect", "ratio", None, unit="ratio", why=why, failed=True, n=len(here))
            return
    _one(material, at, spec, contrast, ALL, "", here, times)
    for group in groups:
        for level in group.levels:
            inside = tuple(p for p in here if group.of.get(p) == level)
            _one(material, at, spec, contrast, group.name, level, inside, times)
        _interaction(material, at, spec, contrast, group, here, times)
        material.trace(spec.id, group.name, (f"group.{group.name}", f"group.{spec.contrast}"))


def _one(
    material: Material, at: Place, spec: SubgroupsSpec, contrast: Grouped, variable: str, level: str,
    patients: tuple[str, ...], times: Times | None,
) -> None:  # fmt: skip
    """Counts of the two sides and the effect in one subgroup."""
    if times is not None:
        inside = set(patients)
        here = times.only(np.array([p in inside for p in times.patients], dtype=np.bool_))
        patients, hit = here.patients, {p for p, c in zip(here.patients, here.cause, strict=True) if c == 1}
    else:
        response = material.group(spec.of, where=f"analysis {spec.id}")
        patients = tuple(p for p in patients if response.of.get(p) is not None)
        hit = {p for p in patients if response.of[p] in spec.levels}
    sides = [contrast.members(name, patients) for name in contrast.levels]
    for name, side in zip(("first", "second"), sides, strict=True):
        at.count(f"{variable}_{name}", "N", side, of=None, category=level)
        at.count(f"{variable}_{name}", "n", [p for p in side if p in hit], of=len(side), category=level)
    n = len(patients)
    if times is not None:
        _ratio(at, variable, level, here, sides[0], n)
        return
    (a, m), (b, k) = ((sum(p in hit for p in side), len(side)) for side in sides)
    found = proportion_difference(a, m, b, k)
    for stat, value in (("estimate", found.estimate), ("low", found.low), ("high", found.high)):
        at.put(
            variable, stat, value, category=level, unit="proportion-difference", method="newcombe95",
            why=found.reason, n=n,
        )  # fmt: skip


def _ratio(at: Place, variable: str, level: str, here: Times, first: tuple[str, ...], n: int) -> None:
    events, inside = here.cause == 1, set(first)
    x = np.array([float(p in inside) for p in here.patients])
    firth = bool(0 < events.sum() < 10)
    fit = fit_cox(here.days, events, x, firth=firth)
    for stat, series in (("ratio", fit.hazard_ratio), ("low", fit.hr_low), ("high", fit.hr_high), ("p", fit.p)):
        value = float(series[0])
        at.put(
            variable, stat, value if np.isfinite(value) else None, category=level,
            unit="" if stat == "p" else "ratio", method="cox-firth" if firth else "cox-efron",
            why=fit.reason or "not estimable", n=n,
        )  # fmt: skip


def _interaction(
    material: Material, at: Place, spec: SubgroupsSpec, contrast: Grouped, group: Grouped, patients: tuple[str, ...],
    times: Times | None,
) -> None:  # fmt: skip
    """Does the effect differ between the levels? Only those with a level take part."""
    if times is not None:
        here = times.only(np.array([group.of.get(p) is not None for p in times.patients], dtype=np.bool_))
        a, b = ([str(g.of[p]) for p in here.patients] for g in (contrast, group))
        found = cox_interaction(here.days, here.cause == 1, a, b)
        n = len(here.patients)
    else:
        response = material.group(spec.of, where=f"analysis {spec.id}")
        known = [p for p in patients if group.of.get(p) is not None and response.of.get(p) is not None]
        a, b = ([str(g.of[p]) for p in known] for g in (contrast, group))
        found, n = logistic_interaction([response.of[p] in spec.levels for p in known], a, b), len(known)
    method = "cox-interaction" if times is not None else "logistic-interaction"
    at.put(f"{group.name}_interaction", "p", found.p, method=method, why=found.reason or "not defined", n=n)
