"""Characteristics of a population, overall and by the levels of a group, with a test between them where asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remission.analyses.counts import Place
from remission.analyses.material import Material, check_where
from remission.analyses.spec import BaselineSpec
from remission.analyses.table_test import method_of_test
from remission.core.errors import ProtocolError
from remission.stats import compare_proportions, kruskal_wallis, mann_whitney


@dataclass(frozen=True)
class Characteristic:
    """One characteristic of all patients: numbers with their signs, or levels. fields: what it rests on."""

    variable: str
    numbers: dict[str, float] | None
    beyond: frozenset[str]
    levels: tuple[str, ...]
    of: dict[str, str | None]
    unit: str
    fields: tuple[str, ...]


def analyse_baseline(material: Material, spec: BaselineSpec) -> None:
    """Rows of one [[analysis]] of kind baseline.

    A group or a code field gives N, n and share per level and `missing`; a number gives n, missing, mean, SD, median,
    quartiles, range. A value beyond an assay's limit enters at the limit; `<variable>_beyond_limit` says how many.
    Raises: ProtocolError `tests-without-group`, and for names that are not defined.
    """
    where = f"analysis {spec.id}"
    check_where(spec.where, where=where)
    population = material.population(spec.population, where=where)
    columns = [(Place(material.results, spec.id, spec.population), population.patients)]
    if spec.by:
        group = material.group(spec.by, where=where)
        for level in group.levels:
            at = Place(material.results, spec.id, spec.population, spec.by, level)
            columns.append((at, group.members(level, population.patients)))
        split_by = Place(material.results, spec.id, spec.population, spec.by)
        split_by.count("patients", "missing", group.members(None, population.patients), of=len(population.patients))
    elif spec.tests:
        raise ProtocolError(
            what="study.toml: tests are asked for, but there are no columns to compare.",
            code="tests-without-group",
            where=where,
            todo='Add by = "GROUP" or remove tests.',
        )
    split = (f"group.{spec.by}",) if spec.by else ()
    for place, patients in columns:
        place.count("patients", "N", patients, of=None)
    material.trace(spec.id, "patients", split or ("patients.patient",))
    for name in spec.variables:
        found = characteristic_of(material, spec, name, population.patients, where)
        for place, patients in columns:
            _describe(place, found, patients, spec.quartiles)
        for variable in (found.variable, f"{found.variable}_beyond_limit"):
            material.trace(spec.id, variable, (*found.fields, *split))
        if spec.tests:
            _compare(Place(material.results, spec.id, spec.population, spec.by), found, [c[1] for c in columns[1:]])


def characteristic_of(
    material: Material, spec: BaselineSpec, name: str, patients: tuple[str, ...], where: str
) -> Characteristic:
    kind, _, rest = name.partition(".")
    if kind == "group":
        group = material.group(rest, where=where)
        of = {p: group.of.get(p) for p in patients}
        return Characteristic(variable_name(name), None, frozenset(), group.levels, of, "", (name,))
    field = material.field_spec(name, where=where)
    recorded = {p: material.value(name, p, spec.where.get(kind, {})) for p in patients}
    if field.type in ("number", "day"):
        numbers = {p: float(v) for p, (v, _) in recorded.items() if v is not None}
        beyond = frozenset(p for p, (v, sign) in recorded.items() if v is not None and sign)
        unit = field.unit or ("days" if field.type == "day" else "")
        return Characteristic(variable_name(name), numbers, beyond, (), {}, unit, (name,))
    values = {p: None if v is None else str(v) for p, (v, _) in recorded.items()}
    levels = field.allowed or tuple(sorted({v for v in values.values() if v is not None}))
    return Characteristic(variable_name(name), None, frozenset(), levels, values, "", (name,))


def _describe(place: Place, found: Characteristic, patients: tuple[str, ...], quartiles: int) -> None:
    """The rows of one characteristic in one column."""
    if found.numbers is not None:
        known = [p for p in patients if p in found.numbers]
        values = [found.numbers[p] for p in known]
        place.summary(found.variable, values, known, len(patients), unit=found.unit, quartiles=quartiles)
        beyond = [p for p in known if p in found.beyond]
        if beyond:
            place.count(f"{found.variable}_beyond_limit", "n", beyond, of=len(known))
        return
    known = [p for p in patients if found.of[p] is not None]
    for level in found.levels:
        place.share(found.variable, level, [p for p in patients if found.of[p] == level], known)
        # shares are of those with a value, so each level has a denominator of its own beside N of everybody
        place.count(found.variable, "N", known, of=None, category=level)
    place.count(found.variable, "missing", [p for p in patients if found.of[p] is None], of=len(patients))
    place.count(found.variable, "N", patients, of=None)


def _compare(place: Place, found: Characteristic, parts: Sequence[tuple[str, ...]]) -> None:
    """One test over the columns: Mann-Whitney or Kruskal-Wallis for numbers, Fisher or chi-square for levels."""
    if found.numbers is not None:
        samples = [[found.numbers[p] for p in part if p in found.numbers] for part in parts]
        rank = mann_whitney(samples[0], samples[1]) if len(samples) == 2 else kruskal_wallis(samples)
        method = "kruskal-wallis" if rank.test == "kruskal-wallis" else f"mann-whitney-{rank.method}"
        p, statistic, why, n = rank.p, rank.statistic, rank.reason, sum(map(len, samples))
    else:
        counts = [[sum(found.of[p] == level for p in part) for level in found.levels] for part in parts]
        table = compare_proportions(np.array(counts, dtype=np.int64).reshape(len(parts), len(found.levels)))
        method, p, statistic = method_of_test(table, len(parts), len(found.levels)), table.p, table.statistic
        why, n = table.reason, sum(map(sum, counts))
    everybody = place.results.keep_members(p for part in parts for p in part)
    place.put(found.variable, "p", p, method=method, note=why, why=why, n=n, members_hash=everybody)
    if statistic is not None:
        place.put(found.variable, "statistic", statistic, method=method, n=n, members_hash=everybody)


def variable_name(name: str) -> str:
    """ "group.load" -> "load", "patients.age_years" -> "age_years": the variable as it stands in addresses."""
    return name.partition(".")[2]
