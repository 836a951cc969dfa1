"""From typed sheets to cohort tables: records appended, one-row tables merged by patient, every value with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from remission.cohort.conflicts import Conflicts
from remission.cohort.places import Place, count_of
from remission.cohort.raw_column import Value
from remission.cohort.schema import TableSpec
from remission.cohort.sheet import SheetColumn, SheetData
from remission.cohort.table import Address, Scalar, Table
from remission.core.findings import Finding


@dataclass
class TableBuilder:
    """Collects the rows of one cohort table."""

    name: str
    spec: TableSpec
    columns: dict[str, list[Scalar]] = field(default_factory=dict)
    source: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    record: list[str] = field(default_factory=list)
    cells: dict[tuple[int, str, str], tuple[str, str]] = field(default_factory=dict)
    moved: dict[tuple[int, str], Address] = field(default_factory=dict)
    index: dict[str, int] = field(default_factory=dict)
    slots: list[tuple[str, list[Scalar], Scalar]] = field(default_factory=list)
    # who filled a field first, to name both cells where two sheets differ
    filled_by: dict[tuple[int, str], tuple[Place, int]] = field(default_factory=dict)
    places: dict[tuple[int, str], Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, spec in self.spec.fields.items():
            self.columns[name] = []
            if spec.comparator:
                self.columns[f"{name}_sign"] = []
        self.slots = [(n, column, "" if n.endswith("_sign") else None) for n, column in self.columns.items()]

    def append(self, patient: str, source: int, row: int, record: str, values: dict[str, Scalar]) -> int:
        """Add a row; fields without a value are None, signs without a comparator ""."""
        values["patient"] = patient
        for name, column, empty in self.slots:
            column.append(values.get(name, empty))
        self.source.append(source)
        self.row.append(row)
        self.record.append(record)
        return len(self.source) - 1

    def first_cell(self, at: int, name: str) -> tuple[Place, int]:
        """The cell of the sheet a row began with; where a constant fills the field, the cell of the id."""
        index = self.source[at]
        return self.places.get((index, name)) or self.places[index, "patient"], self.row[at]

    def table(self) -> Table:
        return Table(self.name, self.columns, self.source, self.row, self.record, self.cells, self.moved)


def note_cells(builder: TableBuilder, sheet: SheetData, record: str, columns: Iterable[SheetColumn]) -> None:
    """Remember which column of the sheet each field of a record comes from."""
    named = {"patient": sheet.id_place, **{c.target.name: c.place for c in columns}}
    for name, place in named.items():
        builder.cells[sheet.index, record, name] = (place.column, place.header)
        builder.places[sheet.index, name] = place


def group_columns(sheet: SheetData) -> dict[tuple[str, str], list[SheetColumn]]:
    """The columns of a sheet by the (table, record) they fill, in the order of study.toml."""
    groups: dict[tuple[str, str], list[SheetColumn]] = {(t.table, t.record): [] for t in sheet.id_targets}
    for column in sheet.columns:
        groups.setdefault((column.target.table, column.target.record), []).append(column)
    return groups


def append_records(
    builder: TableBuilder, sheet: SheetData, record: str, columns: list[SheetColumn], *, always: bool
) -> tuple[set[int], list[Finding]]:
    """One record for each row of the sheet that says anything; several where a text stands for several codes.

    Args: always: a record for every row, because study.toml maps nothing to it but the patient.
    Returns: the rows that were used.
    """
    note_cells(builder, sheet, record, columns)
    constants: dict[str, Scalar] = dict(sheet.constants.get((builder.name, record), {}))
    used: set[int] = set()
    uneven: list[int] = []
    for i, patient in enumerate(sheet.ids):
        if patient is None:
            continue
        row = sheet.rows[i]
        values: dict[str, Value] = {}
        for column in columns:
            if (value := column.values[i]) is not None:
                values[column.target.name] = value
                if column.signs is not None:
                    values[f"{column.target.name}_sign"] = column.signs[i]
        if not values and not always:
            continue
        used.add(row)
        expanded = _expand(values)
        if expanded is None:
            uneven.append(row)
            continue
        for one in expanded:
            builder.append(patient, sheet.index, row, record, {**constants, **one})
    return used, list(_uneven(sheet, uneven))


def _expand(values: dict[str, Value]) -> list[dict[str, Scalar]] | None:
    """One dict for each record a row stands for; None where two fields disagree on how many."""
    several = {name: v for name, v in values.items() if isinstance(v, tuple)}
    single: dict[str, Scalar] = {name: v for name, v in values.items() if not isinstance(v, tuple)}
    if not several:
        return [single]
    lengths = {len(v) for v in several.values()}
    if len(lengths) > 1:
        return None
    return [{**single, **{name: v[k] for name, v in several.items()}} for k in range(lengths.pop())]


def _uneven(sheet: SheetData, rows: list[int]) -> Iterator[Finding]:
    if rows:
        yield sheet.id_place.finding(
            "error",
            "several-codes",
            f"In {count_of(len(rows), 'row')} two columns stand for different numbers of records.",
            rows=rows,
            consequence="These records are not read.",
            todo="Let the lists under values of both columns have the same length.",
        )


def merge_rows(builder: TableBuilder, sheet: SheetData, columns: list[SheetColumn]) -> tuple[set[int], list[Finding]]:
    """Fill a table of one row a patient; a value that differs from one already there is an error."""
    note_cells(builder, sheet, "", columns)
    constants: dict[str, Scalar] = dict(sheet.constants.get((builder.name, ""), {}))
    conflicts = Conflicts()
    used: set[int] = set()
    for i, patient in enumerate(sheet.ids):
        if patient is None:
            continue
        row = sheet.rows[i]
        used.add(row)
        at = builder.index.get(patient)
        if at is None:
            values: dict[str, Scalar] = dict(constants)
            values.update({c.target.name: _scalar(v) for c in columns if (v := c.values[i]) is not None})
            builder.index[patient] = builder.append(patient, sheet.index, row, "", values)
            continue
        for column in columns:
            value = _scalar(column.values[i])
            if value is None:
                continue
            name = column.target.name
            current = builder.columns[name][at]
            if current is None:
                builder.columns[name][at] = value
                builder.moved[at, name] = address(sheet, column.place, row)
                builder.filled_by[at, name] = (column.place, row)
            elif current != value:
                first = builder.filled_by.get((at, name)) or builder.first_cell(at, name)
                conflicts.add(column.target.spec.label, *first, column.place, row)
    return used, list(conflicts.findings())


def _scalar(value: Value) -> Scalar:
    """A value of a one-row table: the mapping has made sure that no text there means several codes."""
    return None if isinstance(value, tuple) else value


def address(sheet: SheetData, place: Place, row: int) -> Address:
    """The cell of a column in one row of a sheet."""
    return Address(sheet.source.file, sheet.sheet, row, place.column, place.header)
