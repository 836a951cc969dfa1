"""Calendar dates to days since each patient's own origin. After this no date is left anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from remission.cohort.conflicts import Conflicts
from remission.cohort.places import Place, count_of
from remission.cohort.raw_column import Value
from remission.cohort.schema import Schema
from remission.cohort.sheet import SheetColumn, SheetData
from remission.cohort.source_spec import OriginSpec
from remission.core.errors import ProtocolError
from remission.core.findings import Finding
from remission.core.settings import nearest


@dataclass(frozen=True)
class Origins:
    """Each patient's day 0 as a date ordinal, where dates are recorded."""

    days: Mapping[str, int]
    findings: tuple[Finding, ...]


def check_origin(origin: OriginSpec, schema: Schema) -> dt.date | None:
    """The cut-off date of study.toml, if any. Raises: ProtocolError where the origin's field or the date is wrong."""
    fields = schema.tables["patients"].fields
    days = [name for name, spec in fields.items() if spec.type == "day"]
    if origin.field not in days:
        near = nearest(origin.field, days)
        raise ProtocolError(
            what=f"study.toml: the origin cannot be patients.{origin.field}.",
            code="unknown-field",
            where="[origin] field",
            expected=f"one of {', '.join(days)}",
            todo=f"Did you mean {near}?" if near else "Choose one of them.",
        )
    if not origin.cutoff:
        return None
    try:
        return dt.date.fromisoformat(origin.cutoff)
    except ValueError:
        raise ProtocolError(
            what="study.toml: the date of data cut-off is no date.",
            code="bad-date",
            where="[origin] cutoff",
            expected='an ISO date such as "2023-01-31"',
        ) from None


def find_origins(sheets: Sequence[SheetData], origin: OriginSpec) -> Origins:
    """Each patient's origin date, from every sheet that records it; two different dates are an error."""
    days: dict[str, int] = {}
    seen: dict[str, tuple[Place, int]] = {}
    conflicts = Conflicts()
    for sheet in sheets:
        for column in sheet.columns:
            if not (column.is_date and column.target.table == "patients" and column.target.name == origin.field):
                continue
            for patient, row, value in zip(sheet.ids, sheet.rows, column.values, strict=True):
                if patient is None or not isinstance(value, int):
                    continue
                if days.setdefault(patient, value) != value:
                    conflicts.add(column.target.spec.label, *seen[patient], column.place, row)
                seen.setdefault(patient, (column.place, row))
    return Origins(days, tuple(conflicts.findings()))


def to_days(sheet: SheetData, origins: Mapping[str, int]) -> SheetData:
    """The sheet with its dates as days since the origin; a date without an origin is None and listed."""
    findings: list[Finding] = []
    columns = []
    for column in sheet.columns:
        if column.is_date:
            column, more = _column_to_days(sheet, column, origins)
            findings += more
        columns.append(column)
    return replace(sheet, columns=tuple(columns), findings=(*sheet.findings, *findings))


def _column_to_days(
    sheet: SheetData, column: SheetColumn, origins: Mapping[str, int]
) -> tuple[SheetColumn, list[Finding]]:
    values: list[Value] = []
    without: list[int] = []
    for patient, row, value in zip(sheet.ids, sheet.rows, column.values, strict=True):
        start = origins.get(patient) if patient else None
        if isinstance(value, int) and start is not None:
            values.append(value - start)
        else:
            values.append(None)
            if value is not None and patient:
                without.append(row)
    if not without:
        return replace(column, values=values, is_date=False), []
    todo = "Fill in the origin date of these patients."
    if sheet.source.scope:
        todo = "A sheet of its own numbering has no origin: ignore this column, or link the sheet to the patients."
    elif not origins:
        todo = "Map the column that holds each patient's origin date (see [origin] field)."
    finding = column.place.finding(
        "error",
        "no-origin",
        f"{count_of(len(without), 'date')} cannot be turned into days: the patient has no origin date.",
        rows=without,
        consequence="The days are not known.",
        todo=todo,
    )
    return replace(column, values=values, is_date=False), [finding]


def cutoff_findings(cutoff: dt.date | None, origins: Mapping[str, int]) -> Iterator[Finding]:
    """A cut-off that cannot be turned into days."""
    if cutoff and not origins:
        yield Finding(
            "note",
            "cutoff-unused",
            what="study.toml gives a date of data cut-off, but no origin dates are recorded.",
            consequence="The day of data cut-off is not known for any patient.",
            todo="Nothing, if the data hold only durations.",
        )
