"""One sheet, read and typed: rows of patients, their ids, and every mapped column as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from remission.cohort.code_columns import read_codes, read_texts
from remission.cohort.day_columns import read_days
from remission.cohort.fold import fold_text
from remission.cohort.forms import open_ledger
from remission.cohort.layout import find_layout
from remission.cohort.ledger import Ledger
from remission.cohort.mapping import MappedColumn, SheetMapping, map_columns, places
from remission.cohort.number_columns import read_numbers
from remission.cohort.patient_ids import RowIds, check_duplicates, read_ids, split_marks
from remission.cohort.places import Place
from remission.cohort.privacy import find_identifiers, is_kept, privacy_findings
from remission.cohort.raw_column import RawColumn, Typed, Value
from remission.cohort.reading_notes import merged_headers, value_notes
from remission.cohort.row_choice import choose_rows, column_findings
from remission.cohort.schema import FieldSpec, Schema
from remission.cohort.source_spec import UNKNOWN_UNIT, ColumnSpec, PrivacySpec, SourceSpec
from remission.cohort.targets import Target
from remission.cohort.units import factor, unit_in_header
from remission.core.errors import ProtocolError
from remission.core.findings import Finding


@dataclass(frozen=True)
class SheetColumn:
    """A typed column: the field it fills, where it stands, a value for every row of `SheetData.rows`."""

    target: Target
    place: Place
    values: list[Value]
    signs: list[str] | None = None
    is_date: bool = False


@dataclass(frozen=True)
class SheetData:
    """A sheet that was read. `ids` are None in rows that are not used; `filled` counts rows below the header."""

    index: int
    source: SourceSpec
    sheet: str
    sha256: str
    headers: tuple[str, ...]
    rows: list[int]
    ids: list[str | None]
    spellings: list[str]
    filled: int
    id_place: Place
    id_targets: tuple[Target, ...]
    columns: tuple[SheetColumn, ...]
    constants: dict[tuple[str, str], dict[str, str | int | float]]
    findings: tuple[Finding, ...]
    note: str = ""

    @property
    def is_main(self) -> bool:
        """Whether the sheet says who the patients are."""
        return any(t.table == "patients" for t in self.id_targets)


def read_sheet(
    source: SourceSpec, index: int, *, folder: Path, schema: Schema, privacy: PrivacySpec, today: dt.date
) -> SheetData:
    """Read one source of study.toml. Raises: FileError, ProtocolError."""
    ledger = open_ledger(source, folder)
    _check_source(source, ledger)
    expected = [c.header for c in source.columns]
    layout = find_layout(ledger, header_row=source.header_row, header_rows=source.header_rows, expected=expected)
    mapping = map_columns(source, ledger, layout, schema)
    where = places(source, ledger, layout)
    choice = choose_rows(source, ledger, layout, mapping.ids[0].col)
    findings = [*_with_file(ledger.findings, source.file), *mapping.findings, *choice.findings]
    findings += column_findings(source, ledger, where, layout)
    findings += merged_headers(layout, where)

    reader = _ColumnReader(source, ledger, choice.rows, schema, today)
    ids = reader.read_ids(mapping)
    findings += ids.findings
    marks = list(reader.id_marks(mapping, ids))
    keep_ids, more = _used_ids(mapping, ids, choice.rows)
    findings += more

    identifiers = find_identifiers(ledger, layout, mapping)
    findings += privacy_findings(identifiers, mapping, where, privacy.keep)
    columns: list[SheetColumn] = []
    for column in mapping.columns:
        kind = identifiers.get(column.col, "")
        if kind and not is_kept(column.place.header, kind, privacy.keep):
            continue
        typed, flags = reader.read(column)
        findings += typed.findings
        columns.append(SheetColumn(column.target, column.place, typed.values, typed.signs, typed.is_date))
        columns.extend(flags)
    findings += _unmapped(mapping, where, set(identifiers))
    if source.scope:
        findings.append(_unlinked(source, ledger))
    return SheetData(
        index=index,
        source=source,
        sheet=ledger.sheet,
        sha256=ledger.sha256,
        headers=layout.headers,
        rows=choice.rows,
        ids=[f"{source.scope}:{i}" if source.scope and i else i for i in keep_ids],
        spellings=ids.spellings,
        filled=choice.filled,
        id_place=mapping.ids[0].place,
        id_targets=tuple(c.target for c in mapping.ids),
        columns=(*columns, *marks),
        constants=mapping.constants,
        findings=tuple(findings),
        note=_how_read(ledger),
    )


def _check_source(source: SourceSpec, ledger: Ledger) -> None:
    """Raise a ProtocolError for rows the sheet does not have, floors below zero and units that are still a question."""
    where = f"source {source.name} ({Place(source.file, ledger.sheet).words})"
    depth = source.header_rows
    if depth is not None and not 1 <= depth < ledger.n_rows:
        raise ProtocolError(
            what="study.toml: a header cannot take so many rows.",
            code="header-rows",
            where=where,
            expected=f"header_rows from 1 to {max(1, ledger.n_rows - 1)}",
            found=f"header_rows = {depth}",
            todo="Correct header_rows, or remove it: the header is then found.",
        )
    last = ledger.n_rows - (depth or 1)
    if source.header_row is not None and not 1 <= source.header_row <= last:
        raise ProtocolError(
            what="study.toml: the sheet has no such row for the header, or no row below it.",
            code="header-row",
            where=where,
            expected=f"header_row from 1 to {max(1, last)}",
            found=f"header_row = {source.header_row}",
            todo="Correct header_row, or remove it: the header is then found.",
        )
    if negative := [c.header for c in source.columns if c.floor is not None and c.floor < 0]:
        raise ProtocolError(
            what=f"study.toml: the limit of an assay cannot be below zero ({', '.join(negative)}).",
            code="negative-floor",
            where=where,
            expected="floor above 0, in the unit of the field",
            todo="Correct or remove floor.",
        )
    open_ = [column.header for column in source.columns if column.unit == UNKNOWN_UNIT]
    if open_:
        raise ProtocolError(
            what=f"study.toml does not say in which unit the numbers of {', '.join(open_)} are.",
            code="unit-unknown",
            where=where,
            expected="days, weeks, months or years",
            found=f'unit = "{UNKNOWN_UNIT}"',
            todo='Say in which unit the numbers are: unit = "days" or unit = "months" for this column.',
        )


def _how_read(ledger: Ledger) -> str:
    if known := {"frame": "a frame, given from Python", "parquet": "Parquet"}.get(ledger.grid.reader):
        return known
    if not ledger.is_workbook:
        mark = {"\t": "tab"}.get(ledger.delimiter, ledger.delimiter)
        return f"text, {ledger.encoding}, separated by {mark}"
    return f"workbook, read by {ledger.grid.reader}"


def _with_file(findings: tuple[Finding, ...], file: str) -> Iterator[Finding]:
    """Findings of the ledger, under the name study.toml gives the file."""
    return (replace(f, file=file) for f in findings)


def _used_ids(mapping: SheetMapping, ids: RowIds, rows: list[int]) -> tuple[list[str | None], list[Finding]]:
    """Ids with None in rows that repeat a patient of a sheet of one row a patient."""
    if not any(c.target.table in ("patients", "outcomes") for c in mapping.ids):
        return ids.ids, []
    repeated, findings = check_duplicates(mapping.ids[0].place, ids.ids, rows, ids.continued)
    return [None if row in repeated else i for i, row in zip(ids.ids, rows, strict=True)], findings


def _unmapped(mapping: SheetMapping, where: dict[int, Place], identifiers: set[int]) -> Iterator[Finding]:
    for col in mapping.unmapped:
        if col not in identifiers:
            yield where[col].finding(
                "note",
                "unmapped-column",
                "The column is not used.",
                consequence="Nothing of it is in the study.",
                todo="Map it, or add its header to ignore.",
            )


def _unlinked(source: SourceSpec, ledger: Ledger) -> Finding:
    return Place(source.file, ledger.sheet).finding(
        "note",
        "unlinked-sheet",
        f"The sheet numbers its rows on its own ({source.scope}) and is not linked to the patients.",
        consequence="It is described by itself; nothing of it enters the analyses of the patients.",
        todo="If the link is known, give the patient's id in a column and remove scope.",
    )


class _ColumnReader:
    """Reads the columns of one sheet in the rows that hold patients."""

    def __init__(self, source: SourceSpec, ledger: Ledger, rows: list[int], schema: Schema, today: dt.date) -> None:
        self.source, self.ledger, self.rows, self.schema, self.today = source, ledger, rows, schema, today

    def raw(self, spec: ColumnSpec, target_spec: FieldSpec, col: int, place: Place) -> RawColumn:
        grid = self.ledger.grid
        texts, types = grid.columns[col - 1], grid.types[col - 1]
        keys = [(texts[row - 1], types[row - 1]) for row in self.rows]
        if self.source.hidden == "skip" and grid.struck:
            keys = [("", " ") if (r, col) in grid.struck else k for r, k in zip(self.rows, keys, strict=True)]
        return RawColumn(place, spec, target_spec, self.rows, keys, self.schema, grid.epoch_1904)

    def read_ids(self, mapping: SheetMapping) -> RowIds:
        column = mapping.ids[0]
        raw = self.raw(column.spec, column.target.spec, column.col, column.place)
        formats = (self.ledger.grid.formats.get((row, column.col), "") for row in self.rows)
        return read_ids(raw, self.source, formats)

    def id_marks(self, mapping: SheetMapping, ids: RowIds) -> Iterator[SheetColumn]:
        column = mapping.ids[0]
        for mark, target in column.marks.items():
            yield SheetColumn(target, column.place, [_flag(v, target) for v in ids.flags[mark]])

    def read(self, column: MappedColumn) -> tuple[Typed, list[SheetColumn]]:
        """The values of one column, and the flags its marks set."""
        raw = self.raw(column.spec, column.target.spec, column.col, column.place)
        flags: list[SheetColumn] = []
        if column.marks:
            raw, flags = _take_marks(raw, column)
        kind = column.target.spec.type
        if kind == "number":
            typed = read_numbers(raw)
        elif kind == "day":
            typed = read_days(raw, today=self.today)
        elif kind == "code":
            typed = read_codes(raw)
        else:
            typed = read_texts(raw)
        typed.findings.extend(_header_unit(column, typed))
        typed.findings.extend(value_notes(raw, typed))
        return typed, flags


def _flag(value: str | None, target: Target) -> Value:
    """A flag field is "yes" or "no"."""
    allowed = target.spec.allowed
    if target.spec.type != "code" or (allowed and "yes" not in allowed):
        raise ProtocolError(
            what=f"study.toml: a mark can only set a field of yes and no, not {target.table}.{target.name}.",
            code="wrong-mark",
        )
    return value


def _take_marks(raw: RawColumn, column: MappedColumn) -> tuple[RawColumn, list[SheetColumn]]:
    """The column without its trailing marks, and the flags they set."""
    keys = []
    flags: dict[str, list[Value]] = {mark: [] for mark in column.marks}
    for text, kind in raw.keys:
        found, plain = split_marks(fold_text(text)[0], column.marks)
        keys.append((plain, kind) if found else (text, kind))
        for mark, target in column.marks.items():
            flag = None if raw.is_missing(text) else "yes" if mark in found else "no"
            flags[mark].append(_flag(flag, target))
    stripped = RawColumn(raw.place, raw.spec, raw.field, raw.rows, keys, raw.schema, raw.epoch_1904)
    return stripped, [SheetColumn(t, column.place, flags[mark]) for mark, t in column.marks.items()]


def _header_unit(column: MappedColumn, typed: Typed) -> Iterator[Finding]:
    """A header that names another unit than the field's, where study.toml says nothing."""
    spec, target = column.spec, column.target.spec
    if spec.unit or typed.is_date or target.type not in ("number", "day"):
        return
    own = "days" if target.type == "day" else target.unit
    unit = unit_in_header(column.place.header, own) if own else ""
    multiplier = factor(unit, own) if unit else None
    if multiplier is not None and multiplier != 1:
        yield column.place.finding(
            "error",
            "unit-unclear",
            f"The header says {unit}, the field is in {own}, and study.toml names no unit.",
            consequence=f"The numbers are read as {own}.",
            todo=f'Say unit = "{unit}" (or unit = "{own}") for this column.',
        )
