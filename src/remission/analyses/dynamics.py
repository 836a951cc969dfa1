"""Repeated measurements as rows: medians at visits, paired changes, changes between groups."""

from __future__ import annotations

import numpy as np

from remission.analyses.counts import Place
from remission.analyses.listing import unique_levels
from remission.analyses.material import Material
from remission.analyses.repeated import Series, fields_behind, name_of, series_of
from remission.analyses.spec_dynamics import DynamicsSpec
from remission.stats.hodges_lehmann import median_difference, pseudo_median
from remission.stats.left_censored import summarise_left_censored
from remission.stats.left_censored_tests import compare_left_censored_pairs
from remission.stats.multiplicity import benjamini_hochberg, holm
from remission.stats.ranks import kruskal_wallis, mann_whitney
from remission.stats.signed_rank import paired_differences, wilcoxon_signed_rank
from remission.stats.summaries import summarise

UNKNOWN_CHANGE = "values below the floor cannot be subtracted"
ADJUST = {"holm": holm, "benjamini-hochberg": benjamini_hochberg}


def analyse_dynamics(material: Material, spec: DynamicsSpec) -> None:
    """Rows of one [[analysis]] of kind dynamics.

    `MEASURE@VISIT`: n, below (values below the floor), median, quartiles, range. `MEASURE_change@VISIT`, against the
    first visit: pairs, incomplete pairs, the pseudo-median of the differences with its interval, the test; by group
    the changes of each level and their comparison. With a value below the floor nothing is subtracted: the test is
    the one for left-censored pairs. `MEASURE_adjusted@VISIT`: p after adjustment over the measures. The values of
    each patient are rows of the group `patient`.
    """
    where = f"analysis {spec.id}"
    population = material.population(spec.population, where=where)
    at = Place(material.results, spec.id, spec.population)
    at.count("patients", "N", population.patients, of=None)
    material.trace(spec.id, "patients", ("patients.patient",))
    tests: dict[tuple[str, str], list[tuple[str, float | None]]] = {}
    for measure in spec.measures:
        series = series_of(material, spec, measure)
        for variable in (measure, f"{measure}_change", f"{measure}_adjusted"):
            material.trace(spec.id, variable, fields_behind(measure))
        if series.fault:
            at.put(measure, "median", None, category=spec.reference, why=series.fault, failed=True)
            continue
        at.put(measure, "text", _said(series, spec))
        at.put(f"{measure}_name", "text", name_of(material, measure, spec.labels.get(measure, "")))
        for visit in spec.visits:
            _summary(at, series, visit, spec)
        if len(population.patients) <= spec.up_to:
            _values(at, series, spec, unique_levels(population.patients))
        for visit in spec.later:
            p = _change(at, series, visit, spec)
            tests.setdefault(("", visit), []).append((measure, p))
            if spec.by:
                group = material.group(spec.by, where=where)
                levels = {level: group.members(level, population.patients) for level in group.levels}
                p = _by_group(at, series, visit, spec, levels)
                tests.setdefault((spec.by, visit), []).append((measure, p))
    if spec.adjust != "none":
        for (group_name, visit), found in tests.items():
            here = Place(at.results, at.analysis, at.population, group_name)
            for (measure, _), p in zip(found, ADJUST[spec.adjust]([p for _, p in found]), strict=True):
                here.put(f"{measure}_adjusted", "p", p, category=visit, method=spec.adjust, why="there was no test")


def _said(series: Series, spec: DynamicsSpec) -> str:
    """What a reader must know of the values that were used."""
    notes = []
    if series.several:
        notes.append(f"{series.several} times more than one value within a visit: the {spec.pick} was taken")
    if series.above:
        notes.append(f"{series.above} values above the range of the assay were left out")
    return "; ".join(notes) or "one value a patient and visit"


def _summary(at: Place, series: Series, visit: str, spec: DynamicsSpec) -> None:
    """Median, quartiles and range of one visit; where values lie below a floor, by Kaplan-Meier."""
    here = series.of[visit]
    n, owners = len(here), at.results.keep_members(here)
    at.put(series.measure, "n", n, category=visit, members_hash=owners)
    values = [m.value for m in here.values()]
    if not series.has_floor:
        plain = summarise(values, kind=spec.quartiles)
        method = f"quantile-type{spec.quartiles}"
        stats = {"median": plain.median, "q1": plain.q1, "q3": plain.q3, "min": plain.minimum, "max": plain.maximum}
        for stat, value in stats.items():
            at.put(
                series.measure, stat, value, category=visit, unit=series.unit, why=plain.reason or "no values", n=n,
                method=method if stat in ("median", "q1", "q3") else "range", members_hash=owners,
            )  # fmt: skip
        return
    below = [p for p, m in here.items() if m.is_below]
    at.count(f"{series.measure}_below", "n", below, of=n, category=visit)
    found = summarise_left_censored(values, [m.is_below for m in here.values()])
    for stat, quantile in (("q1", found.q1), ("median", found.median), ("q3", found.q3)):
        floor = None if quantile is None else quantile.below
        at.put(
            series.measure, stat, None if quantile is None else quantile.value, category=visit, unit=series.unit,
            method="left-censored", why=f"below {floor:g}" if floor is not None else found.reason or "no values",
            n=n, members_hash=owners,
        )  # fmt: skip
        if floor is not None:
            at.put(f"{series.measure}_{stat}", "text", f"<{floor:g}", category=visit, method="left-censored")
    at.put(
        series.measure, "max", found.maximum, category=visit, unit=series.unit, why=found.reason or "no values", n=n,
        method="range", members_hash=owners,
    )  # fmt: skip


def _values(at: Place, series: Series, spec: DynamicsSpec, names: dict[str, str]) -> None:
    """Each patient's values, for the figure and for whoever checks."""
    for visit in spec.visits:
        for patient, measured in series.of[visit].items():
            here = Place(at.results, at.analysis, at.population, "patient", names[patient])
            note = "below the assay's floor, which is given" if measured.is_below else ""
            here.put(
                series.measure, "value", measured.value, category=visit, unit=series.unit, note=note, members=(patient,)
            )


def _change(at: Place, series: Series, visit: str, spec: DynamicsSpec) -> float | None:
    """The pairs of one visit with the first; returns p."""
    before, after = series.of[spec.reference], series.of[visit]
    pairs = [p for p in before if p in after]
    either = len(set(before) | set(after))
    listed, variable = at.results.keep_members(pairs), f"{series.measure}_change"
    at.put(variable, "N", len(pairs), category=visit, n=either, members_hash=listed)
    at.put(variable, "missing", either - len(pairs), category=visit, n=either)
    a, b = ([by[p].value for p in pairs] for by in (before, after))
    a_below, b_below = ([by[p].is_below for p in pairs] for by in (before, after))
    n = len(pairs)
    if any(a_below) or any(b_below):
        found = compare_left_censored_pairs(a, a_below, b, b_below)
        for stat, value in (("statistic", found.statistic), ("p", found.p)):
            at.put(
                variable, stat, value, category=visit, method="paired-left-censored", why=found.reason, n=n,
                members_hash=listed,
            )  # fmt: skip
        at.put(
            variable, "estimate", None, category=visit, unit=series.unit, why=UNKNOWN_CHANGE, n=n,
            method="hodges-lehmann-paired95",
        )  # fmt: skip
        return found.p
    differences = paired_differences(a, b)
    test, shift = wilcoxon_signed_rank(differences), pseudo_median(differences)
    method = f"wilcoxon-{test.method}"
    for stat, value in (("statistic", test.statistic), ("p", test.p)):
        at.put(
            variable, stat, value, category=visit, method=method, why=test.reason, n=n, members_hash=listed,
            note=test.reason,
        )  # fmt: skip
    for stat, value in (("estimate", shift.estimate), ("low", shift.low), ("high", shift.high)):
        at.put(
            variable, stat, value, category=visit, unit=series.unit, method="hodges-lehmann-paired95",
            why=shift.reason or "too few pairs", n=n, members_hash=listed,
        )  # fmt: skip
    return test.p


def _by_group(
    at: Place, series: Series, visit: str, spec: DynamicsSpec, levels: dict[str, tuple[str, ...]]
) -> float | None:
    """The changes of each level, and their comparison; returns p."""
    before, after = series.of[spec.reference], series.of[visit]
    variable, samples, cut = f"{series.measure}_change", [], 0
    for level, members in levels.items():
        pairs = [p for p in members if p in before and p in after]
        usable = [p for p in pairs if not before[p].is_below and not after[p].is_below]
        cut += len(pairs) - len(usable)
        changes = paired_differences([before[p].value for p in usable], [after[p].value for p in usable])
        samples.append(changes)
        here = Place(at.results, at.analysis, at.population, spec.by, level)
        found, listed = summarise(changes.tolist(), kind=spec.quartiles), at.results.keep_members(pairs)
        here.put(variable, "n", len(pairs), category=visit, n=len(members), members_hash=listed)
        # a median of the other pairs alone would leave out just those who became undetectable
        is_known = len(usable) == len(pairs)
        why = found.reason or "no pairs" if is_known else UNKNOWN_CHANGE
        for stat, value in (("median", found.median), ("q1", found.q1), ("q3", found.q3)):
            here.put(
                variable, stat, value if is_known else None, category=visit, unit=series.unit,
                method=f"quantile-type{spec.quartiles}", why=why, n=len(pairs), members_hash=listed,
            )  # fmt: skip
    here = Place(at.results, at.analysis, at.population, spec.by)
    if cut:
        why = f"{cut} pairs hold a value below the floor, whose change is not known"
        here.put(variable, "p", None, category=visit, why=why)
        return None
    filled = [s for s in samples if s.size]
    if len(filled) < 2:
        here.put(variable, "p", None, category=visit, why="changes in one group only")
        return None
    if len(samples) == 2:
        test, shift = mann_whitney(samples[1], samples[0]), median_difference(samples[1], samples[0])
        for stat, value in (("estimate", shift.estimate), ("low", shift.low), ("high", shift.high)):
            here.put(
                variable, stat, value, category=visit, unit=series.unit, method="hodges-lehmann95",
                why=shift.reason or "too few values",
            )  # fmt: skip
        method = f"mann-whitney-{test.method}"
    else:
        test, method = kruskal_wallis(samples), "kruskal-wallis"
    n = int(np.sum([s.size for s in samples]))
    here.put(variable, "statistic", test.statistic, category=visit, method=method, why=test.reason, n=n)
    here.put(variable, "p", test.p, category=visit, method=method, why=test.reason, n=n)
    return test.p
