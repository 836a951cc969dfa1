"""The results table and what goes with it, as files, and back without loss.

results.csv, members.csv, cells.csv, lineage.csv are for people and spreadsheets; results.parquet for machines.
A cell that a spreadsheet would take for a formula begins with an apostrophe, which reading takes off again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import cast

from remission.core.errors import FileError
from remission.results.row import ROW_FIELDS, Row, Status
from remission.results.table import CellRef, Results

MEMBER_FIELDS = ("hash", "patient", "condition")
CELL_FIELDS = ("field", "patient", "file", "sheet", "row", "column", "value")
LINEAGE_FIELDS = ("analysis", "variable", "field")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'")
_NEEDS_QUOTES = re.compile('[,"\n\r]').search


def write_results(results: Results, folder: Path) -> None:
    """Write the four csv files and results.parquet into an existing folder; the same input, the same bytes."""
    write_results_csv(results.rows.values(), folder / "results.csv")
    write_csv(folder / "members.csv", MEMBER_FIELDS, _member_lines(results))
    write_csv(folder / "cells.csv", CELL_FIELDS, _cell_lines(results))
    write_csv(folder / "lineage.csv", LINEAGE_FIELDS, _lineage_lines(results))
    write_results_parquet(results.rows.values(), folder / "results.parquet")


def read_results(folder: Path) -> Results:
    """Read what write_results has written. Files other than results.csv may be absent.

    Raises: FileError (code `no-results`, `results-columns`).
    """
    if not (folder / "results.csv").is_file():
        raise FileError(
            what="There is no results.csv in the folder.",
            code="no-results",
            where=str(folder),
            todo="Name the output folder of a study that was run.",
        )
    results = Results(rows={row.id: row for row in read_results_csv(folder / "results.csv")})
    patients: dict[str, list[str]] = {}
    for name, patient, condition in _read_if_there(folder / "members.csv", MEMBER_FIELDS):
        if condition:
            results.conditions[name] = condition
        else:
            patients.setdefault(name, []).extend([patient] if patient else [])
    results.members = {name: tuple(listed) for name, listed in patients.items()}
    cells: dict[str, dict[str, list[CellRef]]] = {}
    for field, patient, file, sheet, row, column, value in _read_if_there(folder / "cells.csv", CELL_FIELDS):
        ref = CellRef(patient, field, file, sheet, int(row), column, value)
        cells.setdefault(field, {}).setdefault(patient, []).append(ref)
    results.cells = {f: {p: tuple(refs) for p, refs in by.items()} for f, by in cells.items()}
    behind: dict[tuple[str, str], list[str]] = {}
    for analysis, variable, field in _read_if_there(folder / "lineage.csv", LINEAGE_FIELDS):
        behind.setdefault((analysis, variable), []).extend([field] if field else [])
    results.lineage = {key: tuple(names) for key, names in behind.items()}
    return results


def write_results_csv(rows: Iterable[Row], path: Path) -> None:
    """One line per row in the order given; numbers in full, an absent number or text as an empty cell."""
    write_csv(path, ROW_FIELDS, (_to_cells(row) for row in rows))


def read_results_csv(path: Path) -> tuple[Row, ...]:
    """The rows of results.csv. Raises: FileError (code `results-columns`)."""
    lines = csv.reader(_open_lines(path), strict=True)
    _check_header(path, next(lines, []), ROW_FIELDS)
    return tuple(_from_cells(line) for line in lines)


def _to_cells(row: Row) -> list[str]:
    cells = []
    for name in ROW_FIELDS:
        value = getattr(row, name)
        if name in ("value", "n"):
            cells.append("" if value is None else repr(value))
        elif name == "text":
            cells.append("" if value is None else guard(value) or "'")  # "'" alone: words that are empty
        else:
            cells.append(guard(value))
    return cells


def _from_cells(line: list[str]) -> Row:
    cell = dict(zip(ROW_FIELDS, line, strict=True))
    words = {k: unguard(v) for k, v in cell.items() if k not in ("value", "n", "text", "status")}
    return Row(
        **words,
        value=float(cell["value"]) if cell["value"] else None,
        text=unguard(cell["text"]) if cell["text"] else None,
        status=cast(Status, cell["status"]),
        n=int(cell["n"]) if cell["n"] else None,
    )


def guard(text: str) -> str:
    """An apostrophe before words that a spreadsheet would take for a formula (and before an apostrophe)."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def unguard(text: str) -> str:
    """Take off the apostrophe that guard has put on."""
    return text[1:] if text.startswith("'") else text


def write_csv(path: Path, header: Iterable[str], lines: Iterable[Iterable[str]]) -> None:
    """UTF-8 with BOM (so that Excel opens it right), lines end in \\n; cells must be guarded already."""
    text = "".join(",".join(map(_quoted, line)) + "\n" for line in (header, *lines))
    path.write_bytes(text.encode("utf-8-sig"))


def _quoted(cell: str) -> str:
    # not csv.writer: it leaves a lone carriage return unquoted, which no reader gets right
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES(cell) else cell


def _open_lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        yield from handle


def _check_header(path: Path, found: list[str], expected: tuple[str, ...]) -> None:
    if tuple(found) != expected:
        raise FileError(
            what=f"{path.name} does not have the columns of a results folder.",
            code="results-columns",
            where=str(path),
            expected=", ".join(expected),
            todo="Run the study again with this version of remission.",
        )


def _read_if_there(path: Path, header: tuple[str, ...]) -> Iterator[list[str]]:
    if not path.is_file():
        return
    lines = csv.reader(_open_lines(path), strict=True)
    _check_header(path, next(lines, []), header)
    for line in lines:
        yield [unguard(cell) for cell in line]


def _member_lines(results: Results) -> Iterator[list[str]]:
    for name, patients in sorted(results.members.items()):
        for patient in patients or ("",):  # an empty set keeps its line
            yield [name, guard(patient), ""]
    for name, condition in sorted(results.conditions.items()):
        yield [name, "", guard(condition)]


def _cell_lines(results: Results) -> Iterator[list[str]]:
    for field, by_patient in results.cells.items():
        for patient, refs in by_patient.items():
            for ref in refs:
                place = (ref.file, ref.sheet, str(ref.row), ref.column, ref.value)
                yield [guard(cell) for cell in (field, patient, *place)]


def _lineage_lines(results: Results) -> Iterator[list[str]]:
    for (analysis, variable), fields in results.lineage.items():
        for field in fields or ("",):
            yield [guard(cell) for cell in (analysis, variable, field)]


_PARQUET_TYPES = {"value": "DOUBLE", "n": "BIGINT"}


def write_results_parquet(rows: Iterable[Row], path: Path) -> None:
    """The rows with types: text VARCHAR, value DOUBLE, n BIGINT; NULL where there is none."""
    import duckdb
    import numpy as np

    listed = list(rows)
    columns = {}
    for name in ROW_FIELDS:
        values = [getattr(row, name) for row in listed]
        dtype = {"value": np.float64, "n": np.int64}.get(name, np.object_)
        if name in _PARQUET_TYPES:
            columns[f"no_{name}"] = np.array([v is None for v in values], dtype=np.bool_)
            values = [0 if v is None else v for v in values]
        columns[name] = np.array(values, dtype=dtype)
    picked = ", ".join(_parquet_column(name) for name in ROW_FIELDS)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("listed", columns)
        connection.execute(
            f"COPY (SELECT {picked} FROM listed) TO ? (FORMAT parquet, COMPRESSION zstd)",  # noqa: S608
            [str(path)],
        )


def _parquet_column(name: str) -> str:
    kind = _PARQUET_TYPES.get(name, "VARCHAR")
    source = f"CASE WHEN no_{name} THEN NULL ELSE {name} END" if name in _PARQUET_TYPES else f'"{name}"'
    return f'CAST({source} AS {kind}) AS "{name}"'


def read_results_parquet(path: Path) -> tuple[Row, ...]:
    """The rows of results.parquet."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        _check_header(path, [column[0] for column in found.description], ROW_FIELDS)
        make = cast(Callable[..., Row], Row)
        return tuple(make(*line) for line in found.fetchall())
