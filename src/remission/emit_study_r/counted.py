"""The lines of a script for what is counted: rates, characteristics, records, adverse events, the patient flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remission.analyses.adverse_events import ANY
from remission.analyses.baseline import Characteristic, characteristic_of
from remission.analyses.listing import unique_levels
from remission.analyses.material import Material
from remission.analyses.rates import denominators, rates_of
from remission.analyses.spec import AdverseEventsSpec, BaselineSpec, RatesSpec, RecordsSpec
from remission.emit_r.r_text import head_of, quoted, strings, truth
from remission.emit_study_r.sheet import Sheet, levels_of, number_text
from remission.endpoints.groups import everyone
from remission.endpoints.safety.events import read_events
from remission.results.row import slug
from remission.results.table import Results

DRAWN = "fisher-monte-carlo"


def rates_calls(material: Material, spec: RatesSpec, sheet: Sheet) -> Iterator[str]:
    """The partition, every rate with its limits, and the tests between groups."""
    where, head = f"analysis {spec.id}", head_of(spec.id)
    patients = material.population(spec.population, where=where).patients
    group = material.group(spec.of, where=where)
    groups = [material.group(name, where=where) for name in spec.by]
    sheet.add(spec.id, [levels_of(g, patients) for g in (group, *groups)])
    yield f"use_lines({quoted(spec.id)})"
    yield f"shares({quoted(head + slug(spec.of))}, x$x1, rep(TRUE, n), {_levels(group.levels)})"
    # the partition is of everybody, known or not
    for variable, only_assessed in denominators(spec):
        yield "k <- " + ("!is.na(x$x1)" if only_assessed else "rep(TRUE, n)")
        for rate, levels in rates_of(spec, group).items():
            having, name = f"x$x1 %in% {strings(levels)}", f"{slug(variable)}@{slug(rate)}"
            yield f'share("{head}{name}", {having}, k, "{spec.interval}")'
            yield f'out("{head}{name}.N", sum(k))'
            for i, by in enumerate(groups, 2):
                for level in by.levels:
                    at = head_of(spec.id, by.name, level)
                    yield f'share("{at}{name}", {having}, k & x$x{i} %in% {quoted(level)}, "{spec.interval}")'
                at = f"{head_of(spec.id, by.name)}{name}"
                if _has_test(material.results, at):
                    yield f'table_test("{at}", x$x{i}[k], ({having})[k])'
        for i, by in enumerate(groups, 2):
            for level in by.levels:
                at = head_of(spec.id, by.name, level)
                yield f'out("{at}{slug(variable)}.N", sum(k & x$x{i} %in% {quoted(level)}))'
            yield f'out("{head_of(spec.id, by.name)}{slug(variable)}.missing", sum(k & is.na(x$x{i})))'


def _levels(levels: Sequence[str]) -> str:
    """Levels and what they are called in an id."""
    return f"{strings(levels)}, {strings(map(slug, levels))}"


def _has_test(results: Results, row_id: str) -> bool:
    row = results.rows.get(f"{row_id}.p")
    return row is not None and row.value is not None and row.method != DRAWN


def baseline_calls(material: Material, spec: BaselineSpec, sheet: Sheet) -> Iterator[str]:
    """Every characteristic overall and by level, and its test."""
    where, head = f"analysis {spec.id}", head_of(spec.id)
    patients = material.population(spec.population, where=where).patients
    found = [characteristic_of(material, spec, name, patients, where) for name in spec.variables]
    by = material.group(spec.by, where=where) if spec.by else None
    columns = [[""] * len(patients) if by is None else levels_of(by, patients)]
    for one in found:
        columns += _texts(one, patients)
    sheet.add(spec.id, columns)
    yield f"use_lines({quoted(spec.id)})"
    parts = [(head, "rep(TRUE, n)")]
    if by is not None:
        yield f"by <- factor(x$x1, {strings(by.levels)})"
        yield f'out("{head_of(spec.id, by.name)}patients.missing", sum(is.na(by)))'
        parts += [(head_of(spec.id, by.name, level), f"by %in% {quoted(level)}") for level in by.levels]
    for at, keep in parts:
        yield f"k <- {keep}"
        yield f'out("{at}patients.N", sum(k))'
        for i, one in enumerate(found, 1):
            yield from _described(one, at + slug(one.variable), 2 * i, spec.quartiles)
    if spec.tests and by is not None:
        for i, one in enumerate(found, 1):
            at = head_of(spec.id, by.name) + slug(one.variable)
            if not _has_test(material.results, at):
                continue
            is_exact = truth(material.results[f"{at}.p"].method == "mann-whitney-exact")
            if one.numbers is not None:
                yield f'sample_test("{at}", numbers("x{2 * i}"), by, {is_exact})'
            else:
                yield f'table_test("{at}", by, x$x{2 * i})'


def _texts(one: Characteristic, patients: Sequence[str]) -> list[list[str]]:
    """Two columns: the value, and a mark where it lies beyond the limit of an assay."""
    if one.numbers is None:
        return [[one.of[p] or "" for p in patients], [""] * len(patients)]
    values = [number_text(one.numbers.get(p)) for p in patients]
    return [values, ["1" if p in one.beyond else "" for p in patients]]


def _described(one: Characteristic, row_id: str, place: int, quartiles: int) -> Iterator[str]:
    if one.numbers is None:
        yield f'shares("{row_id}", x$x{place}, k, {_levels(one.levels)})'
        return
    yield f'summaries("{row_id}", numbers("x{place}"), k, {quartiles})'
    if one.beyond:
        yield f'out("{row_id}_beyond_limit.n", sum(k & x$x{place + 1} %in% "1"))'


def records_calls(material: Material, spec: RecordsSpec, sheet: Sheet) -> Iterator[str]:
    """Fields of records, a line each; whose they are is a running number."""
    where, head = f"analysis {spec.id}", head_of(spec.id)
    table = material.cohort.tables[spec.table]
    places = material.records(spec.table, material.population(spec.population, where=where).patients, spec.where)
    owners = [str(table.columns["patient"][i]) for i in places]
    columns, calls = [_running(owners)], []
    for j, name in enumerate(spec.variables, 2):
        field = material.field_spec(f"{spec.table}.{name}", where=where)
        column = table.columns.get(name, [None] * len(table))
        values = [column[i] for i in places]
        if field.type in ("number", "day"):
            columns.append([number_text(None if v is None else float(v)) for v in values])
            calls.append(f'summaries("{head}{slug(name)}", numbers("x{j}"), rep(TRUE, n), {spec.quartiles})')
        else:
            columns.append(["" if v is None else str(v) for v in values])
            levels = field.allowed or tuple(sorted({str(v) for v in values if v is not None}))
            calls.append(f'shares("{head}{slug(name)}", x$x{j}, rep(TRUE, n), {_levels(levels)})')
    sheet.add(spec.id, columns)
    yield f"use_lines({quoted(spec.id)})"
    yield f'out("{head}patients.N", length(unique(x$x1)))'
    yield f'out("{head}records.N", n)'
    yield from calls


def _running(owners: Sequence[str]) -> list[str]:
    number = {owner: f"{i}" for i, owner in enumerate(dict.fromkeys(owners), 1)}
    return [number[owner] for owner in owners]


def adverse_calls(material: Material, spec: AdverseEventsSpec, sheet: Sheet) -> Iterator[str]:
    """Terms by patients and by events; a line is one event, or a patient without any."""
    patients = material.population(spec.population, where=f"analysis {spec.id}").patients
    if spec.bands or spec.unit != "patients" or spec.terms or spec.labs:
        return
    lines: list[tuple[str, str, str]] = [(p, "", "") for p in patients]
    for event in read_events(material.cohort.tables["adverse_events"], patients):
        if event.grade != 0:
            lines.append((event.patient, event.term, number_text(None if event.grade is None else float(event.grade))))
    names = unique_levels((ANY, "patients", *sorted({t for _, t, _ in lines if t})))
    sheet.add(spec.id, [_running([p for p, _, _ in lines]), [t for _, t, _ in lines], [g for _, _, g in lines]])
    head = head_of(spec.id)
    yield f"use_lines({quoted(spec.id)})"
    yield f'out("{head}patients.N", length(unique(x$x1)))'
    for term, name in names.items():
        if term != "patients":
            which = "NA" if term == ANY else quoted(term)
            yield f'adverse_rows("{head}{slug(name)}", {which}, {spec.severe_from}, length(unique(x$x1)))'
            if f"{head}{slug(name)}@severe.missing" in material.results:
                yield f'adverse_unknown("{head}{slug(name)}", {which}, {spec.severe_from})'


def flow_calls(material: Material, sheet: Sheet) -> Iterator[str]:
    """Who was recorded, left out by hand, and in each population; split as the diagram is."""
    recorded, results = everyone(material.cohort), material.results
    populations = material.populations
    others = (p for found in populations.values() for p in (*found.patients, *found.dropped))
    ids = tuple(dict.fromkeys((*recorded, *others)))
    excluded = results.members.get(results["flow.all.excluded.n"].members, ())
    split = next((r.group for r in results.rows.values() if r.analysis == "flow" and r.group), "")
    group = material.group(split, where="[flow] split") if split else None
    columns = [_marks(ids, recorded), _marks(ids, excluded), levels_of(group, ids) if group else [""] * len(ids)]
    yield 'use_lines("flow")'
    yield 'out("flow.all.recorded.n", sum(x$x1 %in% "1"))'
    yield 'out("flow.all.excluded.n", sum(x$x2 %in% "1"))'
    for name, population in populations.items():
        for variable, who in (
            ("population", population.patients),
            ("dropped", population.dropped),
            ("dropped_unknown", population.unknown),
        ):
            columns.append(_marks(ids, who))
            yield f'out("flow.all.{variable}@{slug(name)}.n", sum(x$x{len(columns)} %in% "1"))'
        if group is not None:
            inside = f'x$x{len(columns) - 2} %in% "1"'
            for level in group.levels:
                at = f"{head_of('flow', split, level)}population@{slug(name)}.n"
                yield f'out("{at}", sum({inside} & x$x3 %in% {quoted(level)}))'
            yield f'out("{head_of("flow", split)}population@{slug(name)}.missing", sum({inside} & is.na(x$x3)))'
    sheet.add("flow", columns)


def _marks(ids: Sequence[str], members: Sequence[str]) -> list[str]:
    inside = set(members)
    return ["1" if i in inside else "" for i in ids]
