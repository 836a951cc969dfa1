"""What both workbook readers share: the text and type of a cell, the sheet to read, findings about formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from remission.cohort.ledger import column_letter
from remission.cohort.places import Place, count_of
from remission.cohort.raw_column import ERROR_TEXTS
from remission.core.errors import FileError
from remission.core.findings import Finding
from remission.core.settings import nearest


def text_and_kind(value: object, data_type: str = "") -> tuple[str, str]:
    """The text of a cell and its one-letter type. A number is written with the 15 digits a spreadsheet keeps."""
    if value is None or value == "":
        return "", " "
    if isinstance(value, str):
        return value, "e" if data_type == "e" or value in ERROR_TEXTS else "t"
    if isinstance(value, bool):
        return str(value).upper(), "b"
    if isinstance(value, int):
        return str(value), "n"
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"), "n"
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time(0)
        return (value.date().isoformat() if is_day else value.isoformat(timespec="minutes")), "d"
    if isinstance(value, dt.date):
        return value.isoformat(), "d"
    return str(value), "t"


def is_percent(number_format: str) -> bool:
    """Whether a format shows the number times a hundred: a % sign outside quotation marks."""
    return "%" in "".join(number_format.split('"')[::2]).replace("\\%", "")


def trim(columns: list[list[str]], types: list[str]) -> tuple[list[list[str]], list[str]]:
    """Columns and types without the blank rows and columns at the end."""
    last = max(map(_last_filled, columns), default=0)
    columns = [column[:last] for column in columns]
    types = [kinds[:last] for kinds in types]
    while columns and not any(map(str.strip, columns[-1])):
        columns.pop()
        types.pop()
    return columns, types


def _last_filled(column: list[str]) -> int:
    """The 1-based last row that holds anything, 0 where none does."""
    last = len(column)
    while last and not column[last - 1].strip():
        last -= 1
    return last


def choose_sheet(names: list[str], wanted: str, filled: Iterable[str], file: str) -> str:
    """The sheet to read: the one named, or the only one that holds anything. Raises: FileError."""
    if wanted:
        if wanted in names:
            return wanted
        near = nearest(wanted, names)
        raise FileError(
            what=f"{file} has no sheet named {wanted}.",
            code="no-sheet",
            expected=f"one of {', '.join(names)}",
            todo=f"Did you mean {near}?" if near else "Correct sheet in study.toml.",
        )
    candidates = list(filled)
    if not candidates:
        raise FileError(what=f"{file} holds no filled sheet.", code="empty-file", todo="Check the export.")
    if len(candidates) > 1:
        raise FileError(
            what=f"{file} has {len(candidates)} sheets, and study.toml does not say which one to read.",
            code="several-sheets",
            expected=f"sheet = one of {', '.join(candidates)}",
            todo="Add sheet to this source in study.toml; one [[source]] for each sheet to read.",
        )
    return candidates[0]


def hidden_sheet(place: Place) -> Finding:
    """The warning for a sheet that cannot be seen when the workbook is opened."""
    return place.finding(
        "warning",
        "hidden-sheet",
        "The sheet is hidden in the workbook.",
        consequence="It is read all the same.",
        todo="Check that it is the sheet you mean.",
    )


def formula_findings(
    columns: list[list[str]], types: list[str], formulas: Collection[tuple[int, int]], place: Place
) -> Iterator[Finding]:
    """Cells that hold a formula: their last value is read, and where there is none it is an error."""
    by_column: dict[int, list[int]] = {}
    for row, col in sorted(formulas):
        by_column.setdefault(col, []).append(row)
    for col, rows in by_column.items():
        at = Place(place.file, place.sheet, column_letter(col))
        inside = col <= len(columns)
        empty = [r for r in rows if not inside or r > len(columns[0]) or types[col - 1][r - 1] == " "]
        if kept := sorted(set(rows) - set(empty)):
            yield at.finding(
                "note",
                "formula",
                f"{count_of(len(kept), 'cell is a formula', 'cells are formulas')}.",
                rows=kept,
                consequence="The value the spreadsheet program calculated last is read.",
                todo="Nothing, if the workbook was calculated and saved.",
            )
        if empty:
            yield at.finding(
                "error",
                "formula-without-value",
                f"{count_of(len(empty), 'cell is a formula', 'cells are formulas')} without a calculated value.",
                rows=empty,
                consequence="The values are not known.",
                todo="Open the workbook in a spreadsheet program, let it calculate, and save it.",
            )
