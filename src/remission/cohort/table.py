"""Typed cohort tables in which every value still knows the cell it came from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

Scalar = str | int | float | None


@dataclass(frozen=True)
class Address:
    """Where a value stands: row 1-based; column a letter in a workbook, the header in a text file."""

    file: str
    sheet: str
    row: int
    column: str
    header: str = ""

    def __str__(self) -> str:
        place = f"sheet {self.sheet}, " if self.sheet else f"{self.file}, "
        return f"{place}cell {self.column}{self.row}" if self.sheet else f"{place}row {self.row}, column {self.column}"


@dataclass(frozen=True)
class Table:
    """One cohort table, column by column.

    Args: columns: field -> list of values (None where missing), all of one length; the first field is always `patient`.
    A number that may carry a comparator has a companion column `<field>_sign` holding "<", ">" or "" ("" = exact).
    source: per row, the index into `Cohort.sources`; row: per row, the 1-based sheet row; record: per row, the record
    key of the mapping (e.g. "marrow@before", "" where there is one record a row).
    cells: (source index, record key, field) -> (column name as in Address, header): the column a field came from.
    A field that was merged from several sources keeps its own place in `moved`: (row index, field) -> Address.
    """

    name: str
    columns: dict[str, list[Scalar]]
    source: list[int]
    row: list[int]
    record: list[str]
    cells: dict[tuple[int, str, str], tuple[str, str]]
    moved: dict[tuple[int, str], Address] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True)
class SourceInfo:
    """A sheet that was read: what a reader of the report needs to find it again."""

    name: str
    file: str
    sheet: str
    rows_read: int
    rows_used: int
    sha256: str
    note: str = ""


@dataclass(frozen=True)
class Cohort:
    """Everything recorded about the patients of a study, in days since each patient's own origin.

    Args: tables: by schema name, always all of them (empty where nothing is recorded).  sources: the sheets.
    recorded: (table, field) pairs that some column of some sheet was mapped to, whether or not it holds values.
    scopes: separate numberings (a transplant list that is not linked to the patients): scope name -> source index;
    ids of such records start with "<scope>:" and are not patients of the `patients` table.
    """

    tables: dict[str, Table]
    sources: tuple[SourceInfo, ...]
    recorded: frozenset[tuple[str, str]]
    scopes: dict[str, int] = field(default_factory=dict)

    @property
    def patients(self) -> list[str]:
        return [str(p) for p in self.tables["patients"].columns["patient"]]

    def address(self, table: str, index: int, field_name: str) -> Address | None:
        """The cell behind one value, or None where no column was mapped to it (a constant of study.toml)."""
        t = self.tables[table]
        if (index, field_name) in t.moved:
            return t.moved[(index, field_name)]
        place = t.cells.get((t.source[index], t.record[index], field_name))
        if place is None:
            return None
        info = self.sources[t.source[index]]
        return Address(info.file, info.sheet, t.row[index], place[0], place[1])


def without(cohort: Cohort, patients: Collection[str]) -> Cohort:
    """The cohort without some patients, every remaining value still at its cell."""
    if not patients:
        return cohort
    gone = set(patients)
    return replace(cohort, tables={name: _only(t, gone) for name, t in cohort.tables.items()})


def _only(table: Table, gone: set[str]) -> Table:
    keep = [i for i, p in enumerate(table.columns["patient"]) if str(p) not in gone]
    place = {old: new for new, old in enumerate(keep)}
    return replace(
        table,
        columns={name: [values[i] for i in keep] for name, values in table.columns.items()},
        source=[table.source[i] for i in keep],
        row=[table.row[i] for i in keep],
        record=[table.record[i] for i in keep],
        moved={(place[i], name): address for (i, name), address in table.moved.items() if i in place},
    )
