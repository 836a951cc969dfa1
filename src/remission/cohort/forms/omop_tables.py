"""The tables of an OMOP CDM as files: found in a folder, read from CSV or Parquet, seen in part as sheets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import duckdb

from remission.cohort.ledger import Grid, Ledger, read_ledger
from remission.core.errors import FileError
from remission.core.findings import Finding

NEEDED = ("person", "drug_exposure", "observation_period", "death")
_ENDINGS = (".csv", ".parquet", ".tsv")


@dataclass(frozen=True)
class OmopTable:
    """One table. Row 1 is the header, row 2 the first record, in a Parquet file too."""

    name: str
    ledger: Ledger
    headers: tuple[str, ...]

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        return dict(zip(self.headers, self.ledger.grid.columns, strict=True))

    @property
    def rows(self) -> range:
        return range(2, self.ledger.n_rows + 1)

    def has(self, column: str) -> bool:
        return column in self.headers

    def text(self, row: int, column: str) -> str:
        """A cell, "" where the table has no such column. An id that was kept as a number with decimals is whole."""
        cells = self._columns.get(column)
        text = cells[row - 1].strip() if cells else ""
        return text.removesuffix(".0") if column.endswith("_id") else text

    def view(
        self, rows: Sequence[int], columns: Mapping[str, Mapping[int, str]], findings: Sequence[Finding]
    ) -> Ledger:
        """Some rows as a sheet, each at its own row.

        Args: columns: header -> what stands in each row, where it is not the cell as it is ({} for as it is).
        """
        made = []
        for header, texts in columns.items():
            column = [""] * self.ledger.n_rows
            column[0] = header
            for row in rows:
                column[row - 1] = texts[row] if row in texts else ("" if texts else self.text(row, header))
            made.append(column)
        grid = Grid(
            columns=made,
            types=["t" * self.ledger.n_rows] * len(made),
            encoding=self.ledger.encoding,
            delimiter=self.ledger.delimiter,
            reader=self.ledger.grid.reader,
            findings=tuple(findings),
            elsewhere=frozenset(self.rows) - set(rows),
        )
        return replace(self.ledger, grid=grid)


def is_omop(folder: Path) -> bool:
    """Whether a folder holds the tables person and drug_exposure."""
    return folder.is_dir() and all(_path(folder, name) is not None for name in NEEDED[:2])


def _path(folder: Path, name: str) -> Path | None:
    """The file of a table, whatever the case of its name; with a prefix ("site1_person.csv") where only one has it."""
    files = {p.name.lower(): p for p in folder.iterdir() if p.is_file()}
    exact = [files[name + ending] for ending in _ENDINGS if name + ending in files]
    prefixed = [p for file, p in sorted(files.items()) if file.endswith(tuple(f"_{name}{e}" for e in _ENDINGS))]
    return exact[0] if exact else prefixed[0] if len(prefixed) == 1 else None


def read_omop_table(folder: Path, name: str) -> OmopTable | None:
    """One table, None where the folder does not hold it. Raises: FileError."""
    path = _path(folder, name)
    if path is None:
        if name in NEEDED:
            raise FileError(
                what=f"The OMOP folder holds no table {name}.",
                code="no-omop-table",
                where=folder.name,
                expected=", ".join(f"{needed}.csv or .parquet" for needed in NEEDED),
                todo="Export that table too; without it nobody knows who died or was followed how long.",
            )
        return None
    ledger = _read_parquet(path) if path.suffix.lower() == ".parquet" else read_ledger(path)
    headers = tuple(column[0].strip().lower() for column in ledger.grid.columns)
    return OmopTable(name, ledger, headers)


def _read_parquet(path: Path) -> Ledger:
    """The cells of a Parquet file as texts, in the order of the file."""
    try:
        data = path.read_bytes()
        with duckdb.connect(":memory:") as connection:
            found = connection.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
            names = [part[0] for part in found.description or ()]
            rows = found.fetchall()
    except (OSError, duckdb.Error):
        raise FileError(
            what=f"{path.name} is not a Parquet file that can be read.",
            code="broken-parquet",
            where=path.name,
            todo="Export the table again, as Parquet or CSV.",
        ) from None
    columns = [[name, *("" if row[i] is None else row[i] for row in rows)] for i, name in enumerate(names)]
    grid = Grid(columns=columns, types=["t" * (len(rows) + 1)] * len(columns), reader="parquet")
    return Ledger(path.name, hashlib.sha256(data).hexdigest(), grid)
