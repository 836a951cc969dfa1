"""The endpoint engine: sources to candidates, candidates to one row per patient and endpoint (derive.sql)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Literal, cast

import duckdb

from remission.cohort.schema import load_schema
from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.core.findings import Finding
from remission.core.settings import nearest
from remission.endpoints.conditions import fields_of, literal, table_when
from remission.endpoints.database import fill
from remission.endpoints.groups import Grouped
from remission.endpoints.library import complete_endpoint, find_source
from remission.endpoints.populations import Population
from remission.endpoints.spec import EndpointSpec, EventSource, ResponseSpec

EndpointStatus = Literal["event", "competing", "censored", "not evaluable", "error"]
ROLES = ("start", "event", "competing", "censor", "end")


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """One patient, one endpoint. Always there, also where nothing can be said.

    Args: days: from the start of the endpoint, None unless event, competing or censored.  because: in words.
    table, row, field: the record that decided (table name, index into Table, field), "" and None where none did.
    considered: every candidate as JSON: role, what, day, table, row (index into Table).  start: day of the start of
    the endpoint since the origin, None where it was not reached.
    """

    endpoint: str
    patient: str
    status: EndpointStatus
    days: int | None
    because: str
    table: str
    row: int | None
    field: str
    considered: str
    start: int | None = None


@dataclass(frozen=True)
class Endpoint:
    """An endpoint derived: its definition, its rows by patient, and why it cannot be estimated where that is so.

    Args: not_estimable: "" or the reason (a source it needs is recorded nowhere in the study).
    fields: recorded fields it rests on.
    """

    name: str
    spec: EndpointSpec
    rows: dict[str, EndpointRow]
    not_estimable: str
    fields: tuple[str, ...]


def derive_endpoints(
    connection: duckdb.DuckDBPyConnection,
    cohort: Cohort,
    specs: dict[str, EndpointSpec],
    *,
    sources: dict[str, EventSource],
    response: ResponseSpec | None,
    groups: dict[str, Grouped],
    populations: dict[str, Population],
    excluded: dict[str, str],
) -> tuple[dict[str, Endpoint], tuple[Finding, ...]]:
    """Derive all endpoints of a study at once.

    Args: connection: from open_database, groups evaluated.  sources: the study's own, added to the library's.
    Returns: endpoints by name, and findings for rows with status `error`.
    Raises: ProtocolError where a definition names what is not there.
    """
    complete = {name: complete_endpoint(name, spec) for name, spec in specs.items()}
    _fill_response_status(connection, response, groups, cohort)
    _create_candidates(connection, cohort, complete, sources, populations)
    sql = resources.files("remission.endpoints").joinpath("derive.sql").read_text(encoding="utf-8")
    found = connection.execute(sql).fetchall()
    considered = _considered(connection)
    never_dated = _never_dated(connection)
    made: dict[str, Endpoint] = {}
    for name, spec in complete.items():
        reason, fields = _recorded_or_why_not(name, spec, sources, cohort, response, groups, never_dated.get(name, ()))
        made[name] = Endpoint(name, spec, {}, reason, fields)
    for endpoint, patient, status, days, because, table, row, field, start in found:
        made[endpoint].rows[patient] = EndpointRow(
            endpoint,
            patient,
            cast(EndpointStatus, status),
            days,
            because,
            table or "",
            row,
            field or "",
            considered.get((endpoint, patient), "[]"),
            start,
        )
    for name, endpoint in made.items():
        if not endpoint.not_estimable and not any(r.days is not None for r in endpoint.rows.values()):
            because = sorted(
                {
                    r.because
                    for r in endpoint.rows.values()
                    if r.because.startswith(("no day", "the start")) or "without a day" in r.because
                }
            )
            made[name] = Endpoint(
                name,
                endpoint.spec,
                endpoint.rows,
                "; ".join(because) or "no patient is in its population",
                endpoint.fields,
            )
    return made, _findings(made, cohort, excluded)


def _fill_response_status(
    connection: duckdb.DuckDBPyConnection,
    response: ResponseSpec | None,
    groups: dict[str, Grouped],
    cohort: Cohort,
) -> None:
    """response_status(patient, responder, day): who responded, and on which day that was known."""
    columns: dict[str, list[object]] = {"patient": [], "responder": [], "day": [], "row_index": []}
    if response is not None:
        if response.group not in groups:
            raise ProtocolError(
                what=f"study.toml: the response group `{response.group}` is not defined.",
                code="unknown-group",
                where="[response]",
                todo="Define it under [groups] or correct the name.",
            )
        group = groups[response.group]
        unknown = [r for r in response.responders if r not in (*group.levels, *group.codes)]
        if unknown:
            raise ProtocolError(
                what=f"study.toml: `{unknown[0]}` is not a level of the group `{response.group}`.",
                code="unknown-level",
                where="[response] responders",
                expected=f"some of {', '.join(group.levels)}",
                todo="Correct the name.",
            )
        for patient in cohort.patients:
            level = group.of.get(patient)
            if level is not None:
                columns["patient"].append(patient)
                columns["responder"].append("yes" if level in response.responders else "no")
                columns["day"].append(group.first_day.get(patient))
                columns["row_index"].append(None)
    fill(
        connection,
        "response_status",
        columns,
        {"patient": "varchar", "responder": "varchar", "day": "integer", "row_index": "integer"},
    )


def _create_candidates(
    connection: duckdb.DuckDBPyConnection,
    cohort: Cohort,
    endpoints: dict[str, EndpointSpec],
    sources: dict[str, EventSource],
    populations: dict[str, Population],
) -> None:
    """Fill endpoint_patients and candidates: what every endpoint has to choose from, for every patient."""
    connection.execute(
        "create or replace table endpoint_patients"
        " (endpoint varchar, patient varchar, is_member integer, from_origin integer)"
    )
    connection.execute(
        "create or replace table candidates (endpoint varchar, patient varchar, role varchar, place integer,"
        " label varchar, day integer, tbl varchar, row_index integer, field varchar, is_last integer,"
        " may_precede integer)"
    )
    for name, spec in endpoints.items():
        where = f"[endpoints.{name}]"
        if spec.population and spec.population not in populations:
            raise ProtocolError(
                what=f"study.toml: the population `{spec.population}` is not defined.",
                code="unknown-population",
                where=where,
                expected=f"one of {', '.join(populations)}",
                todo="Define it under [populations] or correct the name.",
            )
        inside = set(populations[spec.population].patients) if spec.population else set(cohort.patients)
        patients = cohort.patients
        fill(
            connection,
            "incoming_members",
            {"patient": list(patients), "is_member": [int(p in inside) for p in patients]},
            {"patient": "varchar", "is_member": "integer"},
        )
        origin = int(spec.start == "origin")
        connection.execute(
            f"insert into endpoint_patients select {literal(name)}, patient, is_member, {origin} from incoming_members"
        )
        listed = {
            "start": () if origin else (spec.start,),
            "event": spec.events,
            "competing": spec.competing,
            "censor": spec.censor,
            "end": spec.end,
        }
        place = 0
        for role, names in listed.items():
            for source_name in names:
                place += 1
                source = find_source(source_name, sources, where=where)
                sql = candidate_sql(name, role, place, source, where=where, window_days=spec.window_days)
                connection.execute("insert into candidates " + sql)


def candidate_sql(
    endpoint: str, role: str, place: int, source: EventSource, *, where: str, window_days: int | None = None
) -> str:
    """The SELECT that turns one source into candidates of one endpoint (portable SQL).

    A record without a day is a candidate without a day wherever the record itself says that something happened.
    Raises: ProtocolError (`unknown-table`, `unknown-field`, `not-a-day`, `no-window`).
    """
    happened = bool(source.when)
    if source.table == "response_status":
        test, day = _response_sql(source, where=where, window_days=window_days)
        field = ""
    else:
        test = table_when(source.table, source.when, where=where).sql
        day = f"t.{_day_field(source, where=where)}" if isinstance(source.day, str) else str(source.day)
        field = source.day if isinstance(source.day, str) else next(iter(source.when), "")
        happened = happened or load_schema().tables[source.table].many
    keep = "" if happened and role != "censor" else f" and {day} is not null"
    return (
        f"select {literal(endpoint)}, t.patient, {literal(role)}, {place}, {literal(source.label)},"
        f" cast({day} as integer), {literal(source.table)}, t.row_index, {literal(field)},"
        f" {int(source.is_last)}, {int(source.may_precede)}"
        f" from {source.table} as t where {test}{keep}"
    )


def _response_sql(source: EventSource, *, where: str, window_days: int | None) -> tuple[str, str]:
    """Test and day of a source over the response: whose, and on which day it counts."""
    responder = source.when.get("responder")
    if responder not in ("yes", "no") or len(source.when) > 1 or source.day not in ("day", "window_day", 0):
        raise ProtocolError(
            what="study.toml: a source over the response cannot be read.",
            code="bad-source",
            where=f"{where} {source.label}",
            expected='when = { responder = "yes" } or "no", and day = "day", "window_day" or 0',
            todo="Write it in that form.",
        )
    if source.day == "window_day" and window_days is None:
        raise ProtocolError(
            what="study.toml: the endpoint counts failures at the end of the response window, which is not given.",
            code="no-window",
            where=where,
            todo="Add window_days, the last day of the response window, for example window_days = 84.",
        )
    day = {"day": "t.day", "window_day": str(window_days), 0: "0"}[source.day]
    return f"t.responder = {literal(responder)}", day


def _day_field(source: EventSource, *, where: str) -> str:
    """The field that holds the day of a source, held against the schema."""
    fields = fields_of(load_schema(), source.table)
    days = [name for name, spec in fields.items() if spec.type == "day"]
    if source.day not in days:
        near = nearest(str(source.day), days)
        raise ProtocolError(
            what=f"study.toml: `{source.day}` is not a day of the table {source.table}.",
            code="not-a-day",
            where=f"{where} {source.label}",
            expected=f"one of {', '.join(days)}",
            todo=f"Did you mean `{near}`?" if near else "Name a field that holds a day.",
        )
    return str(source.day)


def _considered(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """All candidates of every endpoint and patient as JSON, in their order."""
    sql = (
        "select endpoint, patient, role, label, day, tbl, row_index from candidates order by endpoint nulls last,"
        " patient nulls last, place nulls last, day nulls last, tbl nulls last, row_index nulls last"
    )
    made: dict[tuple[str, str], list[dict[str, object]]] = {}
    for endpoint, patient, role, label, day, table, row in connection.execute(sql).fetchall():
        one = {"role": role, "what": label, "day": day, "table": table, "row": row}
        made.setdefault((endpoint, patient), []).append(one)
    return {key: json.dumps(value, ensure_ascii=False) for key, value in made.items()}


def _never_dated(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Endpoint -> what happened to its patients without a day for anyone: leaving all of them out would be a bias."""
    sql = (
        "select c.endpoint, c.label from candidates as c join endpoint_patients as p on p.endpoint = c.endpoint"
        " and p.patient = c.patient and p.is_member = 1 where c.role in ('start', 'event', 'competing', 'end')"
        " group by c.endpoint, c.label having count(case when c.day is not null then 1 end) = 0"
        " order by c.endpoint nulls last, c.label nulls last"
    )
    made: dict[str, tuple[str, ...]] = {}
    for endpoint, label in connection.execute(sql).fetchall():
        made[endpoint] = (*made.get(endpoint, ()), label)
    return made


def _recorded_or_why_not(
    name: str,
    spec: EndpointSpec,
    sources: dict[str, EventSource],
    cohort: Cohort,
    response: ResponseSpec | None,
    groups: dict[str, Grouped],
    never_dated: tuple[str, ...],
) -> tuple[str, tuple[str, ...]]:
    """Why the endpoint cannot be derived honestly (a source it needs is not recorded at all), and its fields."""
    fields: list[str] = []
    missing: list[str] = []
    listed = [("start", n) for n in (() if spec.start == "origin" else (spec.start,))]
    listed += [(role, n) for role in ("events", "competing", "censor", "end") for n in getattr(spec, role)]
    for role, source_name in listed:
        source = find_source(source_name, sources, where=f"[endpoints.{name}]")
        if source.table == "response_status":
            if response is None:
                missing.append("the response ([response] in study.toml)")
            else:
                fields += _fields_of_group(response.group, groups, cohort)
            if source.label in never_dated:
                missing.append(f"the day of {source.label}")
            continue
        names = [f"{source.table}.{f}" for f in source.when] + (
            [f"{source.table}.{source.day}"] if isinstance(source.day, str) else []
        )
        # an end without a condition (data cut-off) may be absent; one with a condition (transplantation) is a rule
        is_rule = role != "end" or bool(source.when)
        needed = list(source.needs)
        if isinstance(source.day, str) and role != "censor":
            needed.append(f"{source.table}.{source.day}")
        absent = [n for n in dict.fromkeys(needed) if tuple(n.split(".")) not in cohort.recorded]
        if absent and is_rule:
            missing.append(_words(source, absent, role))
        elif source.label in never_dated:
            missing.append(f"the day of {source.label}")
        fields += [n for n in names if tuple(n.split(".")) in cohort.recorded]
    listed_words = " and ".join(dict.fromkeys(missing))
    reason = f"{listed_words} {'is' if len(set(missing)) == 1 else 'are'} not recorded in the data" if missing else ""
    return reason, tuple(dict.fromkeys(fields))


def _fields_of_group(name: str, groups: dict[str, Grouped], cohort: Cohort) -> list[str]:
    """The recorded fields a group rests on, those of the groups below it included."""
    found: list[str] = []
    for field in groups[name].fields if name in groups else ():
        if field.startswith("group."):
            found += _fields_of_group(field.removeprefix("group."), groups, cohort)
        elif tuple(field.split(".")) in cohort.recorded:
            found.append(field)
    return found


def _words(source: EventSource, absent: list[str], role: str) -> str:
    if isinstance(source.day, str) and absent == [f"{source.table}.{source.day}"]:
        return f"the day of {source.label}"
    return f"the day of the {source.label}" if role == "censor" else source.label


def _findings(endpoints: dict[str, Endpoint], cohort: Cohort, excluded: dict[str, str]) -> tuple[Finding, ...]:
    """A finding for every endpoint row that is an error: the patient stays listed and is not analysed."""
    found = []
    for endpoint in endpoints.values():
        for row in endpoint.rows.values():
            if row.status != "error" or row.patient in excluded:
                continue
            place = (
                cohort.address(row.table, row.row, row.field)
                if row.table and row.row is not None and row.field and row.table in cohort.tables
                else None
            )
            found.append(
                Finding(
                    severity="error",
                    rule="event-before-start",
                    file=place.file if place else "",
                    sheet=place.sheet if place else "",
                    row=str(place.row) if place else "",
                    column=place.column if place else "",
                    what=f"{endpoint.spec.short}: {row.because}.",
                    consequence="The patient is not analysed for this endpoint; the day is not moved.",
                    todo="Correct the day, or exclude the patient under [exclude] with a reason.",
                    patients="" if place else row.patient,
                )
            )
    return tuple(found)
