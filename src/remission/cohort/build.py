"""From the sheets of a study to its cohort: read, type, merge by patient, count days from each patient's origin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from remission.cohort.follow_up import fill_cutoff, fill_last_days
from remission.cohort.forms import expand_sources
from remission.cohort.origins import check_origin, cutoff_findings, find_origins, to_days
from remission.cohort.patient_ids import Spelling, check_spellings, spelling_key
from remission.cohort.places import count_of
from remission.cohort.privacy import check_keep
from remission.cohort.records import TableBuilder, append_records, group_columns, merge_rows
from remission.cohort.schema import Schema, load_schema
from remission.cohort.sheet import SheetData, read_sheet
from remission.cohort.source_spec import OriginSpec, PrivacySpec, SourceSpec
from remission.cohort.table import Cohort, SourceInfo
from remission.core.errors import ProtocolError
from remission.core.findings import Finding, sort_findings


def read_cohort(
    sources: Sequence[SourceSpec],
    *,
    folder: Path,
    origin: OriginSpec | None = None,
    privacy: PrivacySpec | None = None,
    today: dt.date | None = None,
) -> tuple[Cohort, tuple[Finding, ...]]:
    """Read all sources of a study.

    Args: folder: what the files of the sources are relative to.  origin: day 0 of a patient.  privacy: identifiers
    carried on with a reason.  today: dates more than a year later are errors (default: the day of the run).
    Returns: the cohort, in days since each patient's own origin, and everything doubtful about the data. No calendar
    date is left in either.
    Raises: FileError, ProtocolError.
    """
    schema = load_schema()
    origin, privacy = origin or OriginSpec(), privacy or PrivacySpec()
    cutoff = check_origin(origin, schema)
    now = today or dt.date.today()
    sheets = [
        read_sheet(source, index, folder=Path(folder), schema=schema, privacy=privacy, today=now)
        for index, source in enumerate(expand_sources(sources, Path(folder), privacy.keep))
    ]
    check_keep(privacy, (header for sheet in sheets for header in sheet.headers))
    if not any(sheet.is_main for sheet in sheets):
        raise ProtocolError(
            what="study.toml: no column names the patients of the study.",
            code="no-id-column",
            where="[[source]]",
            todo='Map the id column of the sheet with one row a patient: to = "patients.patient".',
        )
    findings = list(check_spellings(_spellings(sheets)))
    sheets, more = _link(sheets)
    findings += more
    origins = find_origins(sheets, origin)
    findings += [*origins.findings, *cutoff_findings(cutoff, origins.days)]
    sheets = [to_days(sheet, origins.days) for sheet in sheets]
    findings += [finding for sheet in sheets for finding in sheet.findings]

    builders = {name: TableBuilder(name, spec) for name, spec in schema.tables.items()}
    infos = []
    for sheet in sheets:
        used, more = _add_sheet(builders, sheet, schema)
        findings += more
        infos.append(_info(sheet, used))
    recorded = _recorded(sheets)
    findings += fill_last_days(builders["outcomes"], infos, recorded)
    fill_cutoff(builders["patients"], cutoff, origins.days, recorded)
    scopes: dict[str, int] = {}
    for sheet in sheets:
        if sheet.source.scope:
            scopes.setdefault(sheet.source.scope, sheet.index)
    tables = {name: builder.table() for name, builder in builders.items()}
    return Cohort(tables, tuple(infos), frozenset(recorded), scopes), sort_findings(findings)


def _spellings(sheets: Sequence[SheetData]) -> Iterator[Spelling]:
    """Every spelling of an id, sheet by sheet; the numbering of a scope is its own."""
    for sheet in sheets:
        rows: dict[str, list[int]] = {}
        for text, row in zip(sheet.spellings, sheet.rows, strict=True):
            if text:
                rows.setdefault(text, []).append(row)
        scope = f"{sheet.source.scope}:" if sheet.source.scope else ""
        for text, where in rows.items():
            yield Spelling(scope + text, sheet.id_place, tuple(where))


def _link(sheets: list[SheetData]) -> tuple[list[SheetData], list[Finding]]:
    """Rows of every sheet tied to the patients; rows of a patient nobody knows are listed and not used."""
    known: dict[str, str] = {}
    for sheet in sheets:
        if sheet.is_main:
            for patient in sheet.ids:
                if patient is not None:
                    known.setdefault(spelling_key(patient), patient)
    findings: list[Finding] = []
    linked = []
    for sheet in sheets:
        if not sheet.source.scope:
            ids = [known.get(spelling_key(i)) if i is not None else None for i in sheet.ids]
            lost = [
                r for r, new, old in zip(sheet.rows, ids, sheet.ids, strict=True) if new is None and old is not None
            ]
            if lost:
                findings.append(_unknown_patient(sheet, lost))
            sheet = replace(sheet, ids=ids)
        linked.append(sheet)
    return linked, [*findings, *_not_everywhere([s for s in linked if s.is_main])]


def _unknown_patient(sheet: SheetData, rows: list[int]) -> Finding:
    return sheet.id_place.finding(
        "error",
        "unknown-patient",
        f"{count_of(len(rows), 'row belongs', 'rows belong')} to patients who are not in the sheet of patients.",
        rows=rows,
        consequence="These rows are not read.",
        todo="Correct the id, add the patient, or give the sheet a scope if its numbers are its own.",
    )


def _not_everywhere(sheets: list[SheetData]) -> Iterator[Finding]:
    """Patients of one sheet of patients who are absent from another."""
    for sheet in sheets:
        for other in sheets:
            if other is sheet:
                continue
            there = set(other.ids)
            rows = [row for row, i in zip(sheet.rows, sheet.ids, strict=True) if i is not None and i not in there]
            if rows:
                yield sheet.id_place.finding(
                    "warning",
                    "not-in-every-sheet",
                    f"{count_of(len(rows), 'patient here is', 'patients here are')} not in {other.source.name}.",
                    rows=rows,
                    consequence="What that sheet holds is missing for them.",
                    todo="Check whether they were left out there by mistake.",
                )


def _add_sheet(builders: dict[str, TableBuilder], sheet: SheetData, schema: Schema) -> tuple[set[int], list[Finding]]:
    """Put the rows of a sheet into the tables; returns the rows that were used."""
    used: set[int] = set()
    findings: list[Finding] = []
    named = {(t.table, t.record) for t in sheet.id_targets}
    for (table, record), columns in group_columns(sheet).items():
        if schema.tables[table].many:
            always = not columns and (table, record) in named and (table, record) in sheet.constants
            more_used, more = append_records(builders[table], sheet, record, columns, always=always)
        else:
            more_used, more = merge_rows(builders[table], sheet, columns)
        used |= more_used
        findings += more
    empty = [r for r, i in zip(sheet.rows, sheet.ids, strict=True) if i is not None and r not in used]
    if empty:
        findings.append(
            sheet.id_place.finding(
                "note",
                "empty-row",
                f"{count_of(len(empty), 'row holds', 'rows hold')} an id and nothing that is recorded.",
                rows=empty,
                consequence="No record is made of them.",
                todo="Nothing, if that is right.",
            )
        )
    return used, findings


def _info(sheet: SheetData, used: set[int]) -> SourceInfo:
    return SourceInfo(
        name=sheet.source.name,
        file=sheet.source.file,
        sheet=sheet.sheet,
        rows_read=sheet.filled,
        rows_used=len(used),
        sha256=sheet.sha256,
        note=sheet.note,
    )


def _recorded(sheets: Sequence[SheetData]) -> set[tuple[str, str]]:
    """Fields that some column or constant of some sheet fills."""
    recorded: set[tuple[str, str]] = set()
    for sheet in sheets:
        recorded.update((t.table, t.name) for t in sheet.id_targets)
        recorded.update((c.target.table, c.target.name) for c in sheet.columns)
        recorded.update((table, name) for (table, _), values in sheet.constants.items() for name in values)
    return recorded
