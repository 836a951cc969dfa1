"""Groups (partitions with ordered levels, response among them) and populations, evaluated for every patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from remission.cohort.schema import load_schema
from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.core.findings import Finding
from remission.core.settings import nearest
from remission.endpoints.conditions import When, fields_of, literal, parse_when, table_when
from remission.endpoints.database import fill
from remission.endpoints.known import (
    AT_START,
    RECORD_DAY,
    check_declared,
    known_day_sql,
    origin_is_before_treatment,
    record_day_sql,
)
from remission.endpoints.library import load_library
from remission.endpoints.spec import GroupSpec


@dataclass(frozen=True)
class Grouped:
    """A group evaluated: every patient has a level or None, and the program knows when it was known.

    Args: levels: in declared order.  of: patient -> level, None where nothing fitted (`otherwise` in words).
    fields: the recorded fields it rests on.  is_baseline: known on or before the origin.  known_by_day: the last day
    on which a level became known, where the data or study.toml say so.  first_day: patient -> day of the record that
    decided, where it has one.  codes: other levels it could have had (codes of the field that nobody has).
    """

    name: str
    label: str
    levels: tuple[str, ...]
    of: dict[str, str | None]
    fields: tuple[str, ...]
    is_baseline: bool
    known_by_day: int | None
    reason: str
    otherwise: str
    about: str = ""
    citation: str = ""
    first_day: dict[str, int | None] = field(default_factory=dict)
    codes: tuple[str, ...] = ()

    def members(self, level: str | None, among: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(p for p in among if self.of.get(p) == level)


def everyone(cohort: Cohort, scope: str = "") -> tuple[str, ...]:
    """All patients of the study in their order, or all ids of a sheet with its own numbering."""
    if not scope:
        return tuple(cohort.patients)
    seen: dict[str, None] = {}
    for table in cohort.tables.values():
        for patient in table.columns["patient"]:
            if str(patient).startswith(f"{scope}:"):
                seen.setdefault(str(patient))
    return tuple(seen)


def evaluate_groups(
    connection: duckdb.DuckDBPyConnection, cohort: Cohort, specs: dict[str, GroupSpec]
) -> dict[str, Grouped]:
    """Evaluate all groups in their order; a group may ask for levels of those above it.

    Raises: ProtocolError where a group's fields, presets or levels are not known.
    """
    universe = [p for scope in ("", *cohort.scopes) for p in everyone(cohort, scope)]
    fill(connection, "everyone", {"patient": list(universe)}, {"patient": "varchar"})
    connection.execute(
        "create or replace table grouped (grouping varchar, patient varchar, level varchar, day integer)"
    )
    made: dict[str, Grouped] = {}
    for name, spec in specs.items():
        grouped = _evaluate(connection, name, spec, tuple(made.values()), universe)
        made[name] = grouped
        rows = [(p, level) for p, level in grouped.of.items() if level is not None]
        fill(
            connection,
            "incoming_levels",
            {
                "patient": [p for p, _ in rows],
                "level": [v for _, v in rows],
                "day": [grouped.first_day.get(p) for p, _ in rows],
            },
            {"patient": "varchar", "level": "varchar", "day": "integer"},
        )
        connection.execute(f"insert into grouped select {literal(name)}, patient, level, day from incoming_levels")
    return made


def _evaluate(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    spec: GroupSpec,
    above: tuple[Grouped, ...],
    universe: list[str],
) -> Grouped:
    """One group: levels to conditions, conditions to SQL, SQL to levels and days."""
    citation = load_library().responses[spec.preset].citation if spec.preset in load_library().responses else ""
    levels = _levels(connection, name, spec, above)
    of: dict[str, str | None] = dict.fromkeys(universe)
    days: dict[str, int | None] = {}
    early, timed = origin_is_before_treatment(connection), {g.name: g for g in above}
    at_start = True
    for level, whens in reversed(list(levels.items())):
        # from the last level to the first, so that the first that fits is what stays
        test = " and ".join(w.holds("e.patient") for w in whens) or "true"
        asked = [known_day_sql(w, timed, origin_is_early=early) for w in whens]
        at_start &= all(day == AT_START for day in asked)
        sql = f"select {', '.join(['e.patient', *asked])} from everyone as e where {test}"
        for patient, *found in connection.execute(sql).fetchall():
            # a level of several conditions is known when the last of them is
            of[patient], days[patient] = level, None if None in found else max(found, default=0)
    every = [w for conditions in levels.values() for w in conditions]
    fields = tuple(dict.fromkeys(f for w in every for f in w.fields))
    check_declared(name, spec.known_by_day, every, days.values())
    known = spec.known_by_day if spec.known_by_day is not None else 0 if at_start else _last_day(days)
    return Grouped(
        name=name,
        label=spec.label,
        levels=tuple(levels),
        of=of,
        fields=fields,
        is_baseline=known is not None and known <= 0,
        known_by_day=None if known is None else max(known, 0),
        reason=spec.reason,
        otherwise=spec.otherwise,
        about=spec.about,
        citation=citation,
        first_day=_first_days(connection, levels, of),
        codes=_possible_codes(spec),
    )


def group_findings(
    connection: duckdb.DuckDBPyConnection, specs: dict[str, GroupSpec], groups: dict[str, Grouped]
) -> tuple[Finding, ...]:
    """Doubts about groups: nobody has a level, or a recorded value fits none."""
    found = []
    for name, spec in specs.items():
        group = groups[name]
        if group.of and all(level is None for level in group.of.values()):
            found.append(
                Finding(
                    severity="warning",
                    rule="group-empty",
                    file="study.toml",
                    what=f"Nobody has a level of the group `{name}`.",
                    consequence="Every rate and comparison by it is empty.",
                    todo="Check its conditions and the codes of the columns it asks for.",
                )
            )
            continue
        table, _, field_name = spec.of.partition(".")
        if not spec.of or table == "group" or not spec.levels:
            continue
        test = table_when(table, {**spec.where, field_name: "recorded"}, where=f"[groups.{name}]").holds("e.patient")
        rows = connection.execute(f"select e.patient from everyone as e where {test}").fetchall()
        gap = sum(group.of.get(p) is None for (p,) in rows)
        if gap:
            found.append(
                Finding(
                    severity="warning",
                    rule="level-gap",
                    file="study.toml",
                    what=f"{gap} of {len(rows)} patients have a value that fits no level of the group `{name}`.",
                    consequence=f"They count as `{group.otherwise}`.",
                    todo="Close the gap between the levels, or add a level for the rest.",
                )
            )
    return tuple(found)


def require_recorded(
    connection: duckdb.DuckDBPyConnection, table: str, field_name: str, demand: object, *, where: str
) -> None:
    """Raise ProtocolError `unknown-code` where a filter asks for a code that no record has.

    A level may be empty; a filter that keeps nothing turns every rate into zero without a word.
    """
    schema = load_schema()
    spec = fields_of(schema, table).get(field_name) if table in schema.tables else None
    if spec is None or spec.type != "code":
        return  # the conditions themselves say so
    found = [str(v) for (v,) in connection.execute(f"select distinct {field_name} from {table}").fetchall() if v]
    for wanted in demand if isinstance(demand, list | tuple) else [demand]:
        if not found or str(wanted) in found or wanted in ("recorded", "missing"):
            continue
        near = nearest(str(wanted), found)
        raise ProtocolError(
            what=f"study.toml: no record of the table {table} has the {field_name} `{wanted}`.",
            code="unknown-code",
            where=where,
            todo=f"Did you mean `{near}`?" if near else f"Recorded are: {', '.join(sorted(found)[:12])}.",
        )


def _possible_codes(spec: GroupSpec) -> tuple[str, ...]:
    """The codes a group without levels of its own could have, also where nobody has them."""
    table, _, field_name = spec.of.partition(".")
    if spec.levels or not spec.of or table == "group":
        return ()
    return fields_of(load_schema(), table)[field_name].allowed


def _last_day(days: Mapping[str, int | None]) -> int | None:
    """The last day on which anyone's level became known, where it is recorded for everybody."""
    known = [d for d in days.values() if d is not None]
    return max(known) if known and len(known) == len(days) else None


def _first_days(
    connection: duckdb.DuckDBPyConnection, levels: dict[str, tuple[When, ...]], of: dict[str, str | None]
) -> dict[str, int | None]:
    """Patient -> the day of the record that decided: the latest of the conditions of the level, where all have one."""
    made: dict[str, int | None] = {}
    for level, whens in levels.items():
        asked = [record_day_sql(w) for w in whens if w.exists and (w.table == "grouped" or w.table in RECORD_DAY)]
        if not asked:
            made.update((p, None) for p, found in of.items() if found == level)
            continue
        for patient, *days in connection.execute(f"select e.patient, {', '.join(asked)} from everyone as e").fetchall():
            if of[patient] == level:
                made[patient] = None if None in days else max(days)
    return made


def _levels(
    connection: duckdb.DuckDBPyConnection, name: str, spec: GroupSpec, above: tuple[Grouped, ...]
) -> dict[str, tuple[When, ...]]:
    """The conditions of every level, from a preset, from `of` with demands, or as they are written."""
    where = f"[groups.{name}]"
    names = {g.name: (*g.levels, *g.codes) for g in above}
    table_of_where = "marrow" if spec.preset else spec.of.partition(".")[0]
    for field_name, demand in spec.where.items():
        require_recorded(connection, table_of_where, field_name, demand, where=f"{where} where")
    if spec.preset:
        presets = load_library().responses
        if spec.preset not in presets:
            near = nearest(spec.preset, presets)
            raise ProtocolError(
                what=f"study.toml: the response preset `{spec.preset}` is not known.",
                code="unknown-preset",
                where=where,
                expected=f"one of {', '.join(presets)}",
                todo=f"Did you mean `{near}`?" if near else "Choose one, or write the levels yourself.",
            )
        chosen: Mapping[str, object] = spec.levels or presets[spec.preset].levels
        return {level: (_marrow_when(spec, demands, f"{where} {level}"),) for level, demands in chosen.items()}
    if not spec.of:
        if not spec.levels:
            raise ProtocolError(
                what="study.toml: a group has neither `of`, `levels` nor `preset`.",
                code="group-without-levels",
                where=where,
                todo='Name what it is about, for example of = "patients.sex".',
            )
        return {k: parse_when(v, where=f"{where} {k}", groups=names) for k, v in spec.levels.items()}
    if spec.of.startswith("group."):
        other = spec.of.removeprefix("group.")
        if not spec.levels:
            raise ProtocolError(
                what="study.toml: a group of a group has no levels of its own.",
                code="group-without-levels",
                where=where,
                todo=f'Name them, for example levels = {{ "responder" = ["CR", "CRi"] }}, or use `{other}` itself.',
            )
        return {
            k: parse_when({"group": other, "level": v}, where=f"{where} {k}", groups=names)
            for k, v in spec.levels.items()
        }
    table, field_name = _split(spec.of, where=where)
    demands: dict[str, object] = dict(spec.levels) or {
        v: v for v in _recorded(connection, table, field_name, spec, where)
    }
    return {k: (table_when(table, {**spec.where, field_name: v}, where=f"{where} {k}"),) for k, v in demands.items()}


def _marrow_when(spec: GroupSpec, demands: object, where: str) -> When:
    """A level of a response preset: fields of one marrow assessment."""
    if not isinstance(demands, Mapping):
        raise ProtocolError(
            what="study.toml: a level of a response is not a table of fields.",
            code="bad-condition",
            where=where,
            expected='for example { response_reported = "CR" }',
            todo="Write the level in that form.",
        )
    return table_when("marrow", {**spec.where, **demands}, where=where)


def _split(of: str, *, where: str) -> tuple[str, str]:
    table, _, field_name = of.partition(".")
    schema = load_schema()
    known = [f"{t}.{f}" for t in schema.tables for f in fields_of(schema, t)]
    if of not in known:
        near = nearest(of, known)
        raise ProtocolError(
            what=f"study.toml: `{of}` is not a field.",
            code="unknown-field",
            where=where,
            todo=f"Did you mean `{near}`?" if near else "Write table.field, for example patients.age_years.",
        )
    return table, field_name


def _recorded(
    connection: duckdb.DuckDBPyConnection, table: str, field_name: str, spec: GroupSpec, where: str
) -> list[str]:
    """The codes of a field as recorded: in the schema's order where it has one, else alphabetical."""
    test = table_when(table, spec.where, where=where).sql
    sql = (
        f"select distinct t.{field_name} as v from {table} as t where {test} and t.{field_name} is not null"
        " order by v nulls last"
    )
    found = [str(v) for (v,) in connection.execute(sql).fetchall()]
    order = load_schema().field(table, field_name).allowed
    return sorted(found, key=lambda v: (order.index(v) if v in order else len(order), v))
