"""Rates of a group's levels (response, MRD, relapse) with exact intervals, overall and by subgroup with a test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.analyses.counts import Place
from remission.analyses.guard import NAIVE, is_naive_rate
from remission.analyses.material import Material
from remission.analyses.spec import RatesSpec
from remission.analyses.table_test import method_of_test
from remission.core.errors import ProtocolError
from remission.endpoints.groups import Grouped
from remission.stats import TableTest, compare_proportions


def rates_of(spec: RatesSpec, group: Grouped) -> dict[str, tuple[str, ...]]:
    """The rates asked for; every level by itself where none is named. Raises: ProtocolError `unknown-level`."""
    wanted = spec.rates or {level: (level,) for level in group.levels}
    for name, levels in wanted.items():
        for level in levels:
            if level not in (*group.levels, *group.codes):
                raise ProtocolError(
                    what=f"study.toml: `{level}` is not a level of the group `{group.name}`.",
                    code="unknown-level",
                    where=f"analysis {spec.id}, rate {name}",
                    expected=f"some of {', '.join(group.levels)}",
                    todo="Correct the name.",
                )
    return wanted


def denominators(spec: RatesSpec) -> tuple[tuple[str, bool], ...]:
    """(variable, only those assessed) for each denominator asked for."""
    return {
        "all": ((f"{spec.of}_rate", False),),
        "assessed": ((f"{spec.of}_rate_assessed", True),),
        "both": ((f"{spec.of}_rate", False), (f"{spec.of}_rate_assessed", True)),
    }[spec.denominator]


def analyse_rates(material: Material, spec: RatesSpec) -> None:
    """Rows of one [[analysis]] of kind rates.

    Variable `<of>` is the partition (n per level, missing, N); `<of>_rate` holds each rate with its interval, n of N;
    by a group, `<of>_rate@<rate>` also has statistic, df and p of the comparison of its levels.
    """
    where = f"analysis {spec.id}"
    population = material.population(spec.population, where=where)
    group = material.group(spec.of, where=where)
    rates = rates_of(spec, group)
    overall = Place(material.results, spec.id, spec.population)
    _partition(overall, group, population.patients)
    material.trace(spec.id, spec.of, (f"group.{spec.of}",))
    for variable, only_assessed in denominators(spec):
        material.trace(spec.id, variable, (f"group.{spec.of}", *(f"group.{b}" for b in spec.by)))
        among = _among(group, population.patients, only_assessed)
        for rate, levels in rates.items():
            _rate(spec, overall, variable, rate, levels, group, among)
        for name in spec.by:
            _by_group(material, spec, variable, group, rates, material.group(name, where=where), among)


def _by_group(
    material: Material,
    spec: RatesSpec,
    variable: str,
    group: Grouped,
    rates: dict[str, tuple[str, ...]],
    by: Grouped,
    among: tuple[str, ...],
) -> None:
    """The rates in each level of one group, those without a level, and a test over the levels."""
    note = NAIVE if is_naive_rate(group, by) else ""
    parts = {level: by.members(level, among) for level in by.levels}
    for level, patients in parts.items():
        place = Place(material.results, spec.id, spec.population, by.name, level, note)
        place.count(variable, "N", patients, of=len(among))
        for rate, levels in rates.items():
            _rate(spec, place, variable, rate, levels, group, patients)
    split = Place(material.results, spec.id, spec.population, by.name, note=note)
    split.count(variable, "missing", by.members(None, among), of=len(among))
    everybody = [p for part in parts.values() for p in part]
    for rate, levels in rates.items():
        counts = [
            [sum(group.of[p] in levels for p in part), sum(group.of[p] not in levels for p in part)]
            for part in parts.values()
        ]
        # a group without a recorded level is still a table, of no rows
        table = compare_proportions(np.array(counts, dtype=np.int64).reshape(len(parts), 2))
        _test(split, variable, rate, table, everybody, levels=len(parts))


def _among(group: Grouped, patients: Sequence[str], only_assessed: bool) -> tuple[str, ...]:
    return tuple(p for p in patients if not only_assessed or group.of.get(p) is not None)


def _partition(place: Place, group: Grouped, patients: tuple[str, ...]) -> None:
    for level in group.levels:
        place.count(group.name, "n", group.members(level, patients), of=len(patients), category=level)
    place.count(group.name, "missing", group.members(None, patients), of=len(patients))
    place.count(group.name, "N", patients, of=None)


def _rate(
    spec: RatesSpec,
    place: Place,
    variable: str,
    rate: str,
    levels: tuple[str, ...],
    group: Grouped,
    among: Sequence[str],
) -> None:
    having = [p for p in among if group.of.get(p) in levels]
    if not place.group:
        place.count(variable, "N", among, of=None, category=rate)
    place.share(variable, rate, having, among, interval=spec.interval)


def _test(place: Place, variable: str, rate: str, test: TableTest, patients: Sequence[str], *, levels: int) -> None:
    listed = place.results.keep_members(patients)
    for stat, value in (("statistic", test.statistic), ("df", test.df), ("p", test.p)):
        if value is None and stat != "p":
            continue  # Fisher's test has a p-value and nothing else
        place.put(
            variable,
            stat,
            value,
            category=rate,
            method=method_of_test(test, levels, 2),
            note=test.reason,
            why=test.reason,
            n=len(patients),
            members_hash=listed,
        )
