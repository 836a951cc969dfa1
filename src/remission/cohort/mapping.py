"""Which column of a sheet becomes which field: headers of study.toml matched to the headers of the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remission.cohort.constants import read_constants
from remission.cohort.fold import header_key
from remission.cohort.layout import Layout
from remission.cohort.ledger import Ledger, column_letter
from remission.cohort.places import Place
from remission.cohort.raw_column import fold_findings
from remission.cohort.schema import Schema
from remission.cohort.source_spec import ColumnSpec, SourceSpec
from remission.cohort.targets import Target, read_target
from remission.cohort.units import factor, known_units, time_unit
from remission.core.errors import ProtocolError
from remission.core.findings import Finding
from remission.core.settings import nearest


@dataclass(frozen=True)
class MappedColumn:
    """One column of the sheet (1-based `col`) and the field it becomes; `marks` are the targets of its marks."""

    spec: ColumnSpec
    target: Target
    col: int
    place: Place
    marks: Mapping[str, Target]


@dataclass(frozen=True)
class SheetMapping:
    """All mapped columns of one sheet; `ids` name the patient (one column, perhaps mapped to two tables)."""

    columns: tuple[MappedColumn, ...]
    ids: tuple[MappedColumn, ...]
    unmapped: tuple[int, ...]
    ignored: tuple[int, ...]
    constants: dict[tuple[str, str], dict[str, str | int | float]]
    findings: tuple[Finding, ...]


def map_columns(source: SourceSpec, ledger: Ledger, layout: Layout, schema: Schema) -> SheetMapping:
    """Match the columns of study.toml to a sheet.

    Raises: ProtocolError where a header is not in the sheet, a target is unknown, two columns become one field, or no
    column names the patient.
    """
    where = f"source {source.name}"
    finder = _HeaderFinder(source, ledger, layout)
    columns = []
    for spec in source.columns:
        col = finder.find(spec.header)
        target = read_target(spec.to, schema, f"{where}, column {spec.header}")
        marks = {mark: read_target(to, schema, f"{where}, marks of {spec.header}") for mark, to in spec.marks.items()}
        _check_spec(spec, target, f"{where}, column {spec.header}", schema)
        columns.append(MappedColumn(spec, target, col, finder.place(col), marks))
    _check_targets(columns, source)
    filled = {(t.table, t.record) for c in columns for t in (c.target, *c.marks.values())}
    ids = tuple(c for c in columns if c.target.name == "patient")
    ignored = tuple(finder.find(header) for header in source.ignore)
    used = {c.col for c in columns} | set(ignored)
    unmapped = tuple(col for col in range(1, ledger.n_cols + 1) if col not in used and _holds_data(ledger, layout, col))
    return SheetMapping(
        columns=tuple(c for c in columns if c.target.name != "patient"),
        ids=ids,
        unmapped=unmapped,
        ignored=ignored,
        constants=read_constants(source, filled, schema),
        findings=tuple(_header_findings(source, finder, columns, ledger, layout)),
    )


def _holds_data(ledger: Ledger, layout: Layout, col: int) -> bool:
    if col not in layout.unnamed:
        return True
    return any(text.strip() for text in ledger.grid.columns[col - 1][layout.header_row :])


class _HeaderFinder:
    """Finds a header of study.toml in a sheet: as printed, then without look-alikes, case, spaces and punctuation."""

    def __init__(self, source: SourceSpec, ledger: Ledger, layout: Layout) -> None:
        self.source, self.ledger, self.layout = source, ledger, layout
        self.file_place = Place(source.file, ledger.sheet)
        self.exact: dict[str, int] = {}
        self.folded: dict[str, list[int]] = {}
        for col, header in enumerate(layout.headers, 1):
            self.exact.setdefault(header, col)
            self.folded.setdefault(header_key(header), []).append(col)

    def place(self, col: int) -> Place:
        header = self.layout.headers[col - 1]
        column = column_letter(col) if self.ledger.is_workbook else header
        return Place(self.source.file, self.ledger.sheet, column, header)

    def find(self, header: str) -> int:
        if header in self.exact:
            return self.exact[header]
        found = self.folded.get(header_key(header), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise ProtocolError(
                what=f"study.toml: the header {header} fits {len(found)} columns of the sheet.",
                code="unclear-header",
                where=f"source {self.source.name} ({self.file_place.words})",
                expected="one of " + ", ".join(self.layout.headers[col - 1] for col in found),
                todo="Write the header exactly as it is printed.",
            )
        where = f"source {self.source.name} ({self.file_place.words}, header in row {self.layout.header_row})"
        if not any(header_key(column.header) in self.folded for column in self.source.columns):
            # the row may be a patient: what stands in it is not shown
            raise ProtocolError(
                what="study.toml: none of its headers stands in the sheet.",
                code="no-header",
                where=where,
                todo="Say in which row the header stands (header_row), or check that this is the right sheet.",
            )
        near = nearest(header, self.layout.headers)
        if not near:
            near = next((h for h in self.layout.headers if header_key(header) in header_key(h)), "")
        raise ProtocolError(
            what=f"study.toml: the sheet has no column {header}.",
            code="unknown-header",
            where=where,
            expected="one of " + ", ".join(self.layout.headers[:60]),
            todo=f"Did you mean {near}?"
            if near
            else "Correct the header, or set header_row if another row is the header.",
        )


def _check_spec(spec: ColumnSpec, target: Target, where: str, schema: Schema) -> None:
    kind = target.spec.type
    if spec.unit:
        known = time_unit(spec.unit) if kind == "day" else factor(spec.unit, target.spec.unit) is not None
        if kind not in ("day", "number") or not known:
            raise ProtocolError(
                what=f"study.toml: numbers in {spec.unit} cannot become {target.table}.{target.name}.",
                code="unknown-unit",
                where=where,
                expected="days, weeks, months, years" if kind == "day" else known_units(target.spec.unit),
            )
    if kind != "code":
        return
    for meaning in spec.values.values():
        for code in (meaning,) if isinstance(meaning, str) else meaning:
            if target.spec.allowed and code not in target.spec.allowed:
                near = nearest(code, target.spec.allowed)
                raise ProtocolError(
                    what=f"study.toml: {code} is no code of {target.table}.{target.name}.",
                    code="unknown-code",
                    where=f"{where}, values",
                    expected=f"one of {', '.join(target.spec.allowed)}",
                    todo=f"Did you mean {near}?" if near else "Choose one of them.",
                )
        if not isinstance(meaning, str) and not schema.tables[target.table].many:
            raise ProtocolError(
                what=f"study.toml: a patient has one row in {target.table}, so a text cannot mean several codes.",
                code="one-row-table",
                where=f"{where}, values",
                todo="Give one code for each text.",
            )


def _check_targets(columns: list[MappedColumn], source: SourceSpec) -> None:
    where = f"source {source.name} ({source.file})"
    id_cols = {c.col for c in columns if c.target.name == "patient"}
    if not id_cols:
        raise ProtocolError(
            what="study.toml: no column of this sheet names the patient.",
            code="no-id-column",
            where=where,
            todo='Map the column of patient ids: to = "patients.patient", or to the patient field of another table.',
        )
    if len(id_cols) > 1:
        raise ProtocolError(
            what="study.toml: two columns of one sheet name the patient.", code="two-id-columns", where=where
        )
    seen: set[tuple[str, str, str]] = set()
    for target in (t for c in columns for t in (c.target, *c.marks.values())):
        key = (target.table, target.record, target.name)
        if key in seen:
            raise ProtocolError(
                what=f"study.toml: two columns of one sheet become {target.record or target.table}.{target.name}.",
                code="mapped-twice",
                where=where,
                todo="Map one of them to another field, or to a record of its own (table@record.field).",
            )
        seen.add(key)
        if source.scope and target.table == "patients":
            raise ProtocolError(
                what="study.toml: a sheet with a numbering of its own (scope) cannot fill the patients table.",
                code="scope-with-patients",
                where=where,
                todo="Remove scope, or map its columns to other tables.",
            )


def _header_findings(
    source: SourceSpec, finder: _HeaderFinder, columns: list[MappedColumn], ledger: Ledger, layout: Layout
) -> Iterator[Finding]:
    filled = {t.record or t.table for c in columns for t in (c.target, *c.marks.values())}
    for key in (k for k in source.records if k not in filled):
        yield finder.file_place.finding(
            "note",
            "unused-record",
            f"study.toml describes the record {key}, and no column of this sheet fills it.",
            consequence="No such record is made from this sheet.",
            todo=f"Remove {key} from the records of this source, or map a column to it.",
        )
    named = {c.spec.header for c in columns} | set(source.ignore)
    for header in layout.duplicates:
        cols = [i for i, h in enumerate(layout.headers, 1) if h == header or h.startswith(f"{header} (")]
        confirmed = sum(layout.headers[c - 1] in named for c in cols) == len(cols)
        yield finder.file_place.finding(
            "note" if confirmed else "error",
            "duplicate-header",
            f"The header {header} stands over {len(cols)} columns ({', '.join(map(column_letter, cols))}).",
            rows=[layout.header_row],
            consequence=f"They are told apart as {', '.join(layout.headers[c - 1] for c in cols)}.",
            todo="Nothing." if confirmed else "Map or ignore each of them by that name, or rename them in the sheet.",
        )
    for col in {c.col: None for c in columns}:
        texts = [
            (row, ledger.text(row, col)) for row in range(layout.header_row, layout.header_row + layout.header_rows)
        ]
        yield from fold_findings(finder.place(col), texts)


def places(source: SourceSpec, ledger: Ledger, layout: Layout) -> dict[int, Place]:
    """The place of every column of a sheet."""
    finder = _HeaderFinder(source, ledger, layout)
    return {col: finder.place(col) for col in range(1, ledger.n_cols + 1)}
