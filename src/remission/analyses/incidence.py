"""Cumulative incidence of an event and of what competes with it: both, always, with the survival that is left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.analyses.guard import NAIVE, SELECTED, judge
from remission.analyses.material import Material
from remission.analyses.spec import IncidenceSpec
from remission.analyses.times import Times, times_of
from remission.core.days import days_from
from remission.core.ticks import nice_ticks
from remission.endpoints.groups import Grouped
from remission.stats.aalen_johansen import Incidence, estimate_incidence, incidence_at
from remission.stats.gray import compare_incidence
from remission.stats.kaplan_meier import survival_at
from remission.stats.riskset import RiskTable

CAUSES = ("event", "competing")
METHOD = "aalen-johansen"


def analyse_incidence(material: Material, spec: IncidenceSpec) -> None:
    """Rows of one [[analysis]] of kind incidence.

    `incidence@<cause>_<m>mo` and `event_free@<m>mo` with `closure@<m>mo` = their sum (1); `incidence_curve` holds the
    points; `gray@<cause>` the test by group. A group known only after the start is marked as naive.
    """
    where = f"analysis {spec.id}"
    endpoint = material.endpoint(spec.endpoint, where=where)
    population = material.population(spec.population, where=where)
    times = times_of(endpoint, population.patients)
    at = Place(material.results, spec.id, spec.population)
    _trace(material, spec, [f"endpoint.{spec.endpoint}", *(f"group.{g}" for g in spec.by)])
    if endpoint.not_estimable or not times.patients:
        why = endpoint.not_estimable or "no patient of the population has a time"
        n = len(population.patients)
        at.put("incidence", "estimate", None, why=why, failed=True, n=n, members=population.patients)
        return
    late = not population.is_baseline and endpoint.spec.start == "origin"
    overall = Place(material.results, spec.id, spec.population, note=SELECTED if late else "")
    total = len(times.patients) + len(times.not_evaluable)
    overall.count("not_evaluable", "n", times.not_evaluable, of=total, note=times.reasons)
    _write(overall, spec, RiskTable.from_arrays(times.days, times.cause, causes=2), times, {"": times.patients})
    first_start = int(times.starts.min())
    for name in spec.by:
        group = material.group(name, where=where)
        naive = judge(group, None, analysis=spec.id, first_start=first_start).naive
        _compare(
            Place(material.results, spec.id, spec.population, name, note=NAIVE if naive else ""), spec, times, group
        )


def _compare(place: Place, spec: IncidenceSpec, times: Times, group: Grouped) -> None:
    known = np.array([group.of.get(p) is not None for p in times.patients], dtype=bool)
    place.count("incidence", "missing", times.only(~known).patients, of=len(times.patients))
    here = times.only(known)
    if not here.patients:
        return
    levels = np.array([group.levels.index(str(group.of[p])) for p in here.patients], dtype=np.int64)
    risk = RiskTable.from_arrays(here.days, here.cause, group=levels, groups=group.levels, causes=2)
    _write(place, spec, risk, here, {level: group.members(level, here.patients) for level in group.levels})
    listed = place.results.keep_members(here.patients)
    for cause, label in enumerate(CAUSES, 1):
        test = compare_incidence(risk, cause)
        for stat, value in (("statistic", test.chi2), ("df", test.df), ("p", test.p)):
            n = len(here.patients)
            place.put("gray", stat, value, category=label, method="gray", why=test.reason, n=n, members_hash=listed)


def _write(
    place: Place, spec: IncidenceSpec, risk: RiskTable, times: Times, members: dict[str, tuple[str, ...]]
) -> None:
    ticks = nice_ticks(int(times.days.max()))
    cause = dict(zip(times.patients, times.cause.tolist(), strict=True))
    for curve, (level, patients) in zip(estimate_incidence(risk), members.items(), strict=True):
        at = Place(place.results, place.analysis, place.population, place.group, level, place.note)
        at.count("patients", "N", patients, of=None)
        for code, label in enumerate(CAUSES, 1):
            who = [p for p in patients if cause[p] == code]
            at.count("patients", "events", who, of=len(patients), category=label)
        at.count("patients", "censored", [p for p in patients if cause[p] == 0], of=len(patients))
        if curve.n == 0:
            continue
        listed = place.results.keep_members(patients)
        _write_months(at, spec, curve, listed)
        _write_points(at, curve, listed)
        for day in ticks:
            left = np.searchsorted(curve.axis_days, day, side="left")
            n_risk = int(curve.axis_at_risk[left]) if left < len(curve.axis_days) else 0
            at.put("at_risk", "at_risk", n_risk, category=f"{day}d", n=curve.n)
            for code, label in enumerate(CAUSES, 1):
                done = int(curve.events[code - 1][curve.days <= day].sum())
                at.put("at_risk", "events", done, category=f"{label}_{day}d", n=curve.n)


def _write_months(at: Place, spec: IncidenceSpec, curve: Incidence, listed: str) -> None:
    """Both incidences, the event-free survival and their sum at the chosen months."""
    days: NDArray[np.int64] = np.array([days_from(str(m), "months") for m in spec.at_months])
    both = [incidence_at(curve, days, cause=code) for code in (1, 2)]
    free = survival_at(curve.event_free, days)
    for k, months in enumerate(spec.at_months):
        for label, points in zip(CAUSES, both, strict=True):
            point, category = points[k], f"{label}_{months:g}mo"
            values = (("estimate", point.incidence), ("low", point.low), ("high", point.high), ("se", point.se))
            for stat, value in values:
                at.put(
                    "incidence", stat, value, category=category, unit="proportion", method=METHOD,
                    why=point.reason or "not estimable", n=curve.n, members_hash=listed,
                )  # fmt: skip
        at.put("incidence", "at_risk", both[0][k].at_risk, category=f"{months:g}mo", n=curve.n)
        parts = [both[0][k].incidence, both[1][k].incidence, free[k].survival]
        why = both[0][k].reason or free[k].reason or "not estimable"
        category = f"{months:g}mo"
        at.put(
            "event_free", "estimate", free[k].survival, category=category, unit="proportion", method=METHOD, why=why,
            n=curve.n, members_hash=listed,
        )  # fmt: skip
        total = None if any(p is None for p in parts) else sum(p for p in parts if p is not None)
        at.put("closure", "estimate", total, category=category, method=METHOD, why=why, n=curve.n)


def _write_points(at: Place, curve: Incidence, listed: str) -> None:
    for j, day in enumerate(curve.days.tolist()):
        for code, label in enumerate(CAUSES):
            triple = (("estimate", curve.incidence), ("low", curve.low), ("high", curve.high))
            for stat, values in triple:
                value = float(values[code, j])
                at.put(
                    "incidence_curve", stat, None if np.isnan(value) else value, category=f"{label}_{day}d",
                    unit="proportion", method=METHOD, why="no interval", n=curve.n, members_hash=listed,
                )  # fmt: skip


def _trace(material: Material, spec: IncidenceSpec, fields: list[str]) -> None:
    for variable in ("patients", "incidence", "incidence_curve", "event_free", "closure", "at_risk", "gray"):
        material.trace(spec.id, variable, fields)
    material.trace(spec.id, "not_evaluable", fields[:1])
