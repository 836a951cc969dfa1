"""Workbooks to a grid of cells: openpyxl where it can (formats, comments, hidden cells), calamine elsewhere."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

from remission.cohort.file_kinds import broken_workbook, password_error
from remission.cohort.ledger import Grid
from remission.cohort.places import Place
from remission.cohort.read_calamine import calamine_names, read_calamine_grid
from remission.cohort.workbook_cells import (
    choose_sheet,
    formula_findings,
    hidden_sheet,
    is_percent,
    text_and_kind,
    trim,
)
from remission.core.errors import RemissionError

# Above this size of a sheet's XML (about 5,000 rows of 40 columns) openpyxl takes seconds
LARGE_SHEET_BYTES = 8_000_000


def sheet_names(path: Path, *, file: str, kind: str) -> list[str]:
    """Names of the worksheets, in order."""
    if kind != "xlsx":
        return calamine_names(path, file)
    book = _open(path, file, read_only=True)
    try:
        return [ws.title for ws in book.worksheets]
    finally:
        book.close()


def read_workbook_grid(path: Path, *, file: str, sheet: str, kind: str) -> Grid:
    """Cells of one sheet of a workbook. Raises: FileError."""
    try:
        if kind != "xlsx" or _is_large(path):
            return read_calamine_grid(path, file=file, sheet=sheet, kind=kind)
        return _read_openpyxl(path, file, sheet)
    except RemissionError:
        raise
    except Exception as error:  # a damaged workbook fails anywhere inside the reading library
        if "assword" in type(error).__name__ + str(error):
            raise password_error(file) from None
        raise broken_workbook(file) from error


def _is_large(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(
            info.filename.startswith("xl/worksheets/") and info.file_size > LARGE_SHEET_BYTES
            for info in archive.infolist()
        )


def _open(path: Path, file: str, *, read_only: bool = False, data_only: bool = True) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions openpyxl does not keep: nothing of it is read here
            return openpyxl.load_workbook(path, read_only=read_only, data_only=data_only, keep_links=False)
    except Exception as error:  # a damaged workbook fails anywhere inside openpyxl
        raise broken_workbook(file) from error


def _read_openpyxl(path: Path, file: str, sheet: str) -> Grid:
    book = _open(path, file)
    sheets = {ws.title: ws for ws in book.worksheets}
    filled = (name for name, ws in sheets.items() if any(c.value is not None for row in ws.rows for c in row))
    ws = sheets[choose_sheet(list(sheets), sheet, filled, file)]
    columns, types, marks = _cells(ws)
    hidden_columns = frozenset(
        col
        for dim in ws.column_dimensions.values()
        if dim.hidden and dim.min and dim.max
        for col in range(dim.min, min(dim.max, len(columns)) + 1)
    )
    formulas = _formula_cells(path, file, ws.title)
    place = Place(file, ws.title)
    findings = list(formula_findings(columns, types, formulas, place))
    if ws.sheet_state != "visible":
        findings.append(hidden_sheet(place))
    return Grid(
        columns=columns,
        types=types,
        formats=marks["formats"],
        comments=marks["comments"],
        struck=frozenset(marks["struck"]),
        hidden_rows=frozenset(
            row for row, dim in ws.row_dimensions.items() if dim.hidden and columns and row <= len(columns[0])
        ),
        hidden_columns=hidden_columns,
        merged=tuple((m.min_row, m.min_col, m.max_row, m.max_col) for m in ws.merged_cells.ranges),
        formulas=formulas,
        epoch_1904=book.epoch.year == 1904,
        sheet=ws.title,
        sheet_hidden=ws.sheet_state != "visible",
        reader="openpyxl",
        findings=tuple(findings),
    )


def _cells(ws: Any) -> tuple[list[list[str]], list[str], dict[str, dict[tuple[int, int], Any]]]:
    """Texts, one-letter types and special marks of an openpyxl sheet."""
    texts: list[list[str]] = []
    kinds: list[list[str]] = []
    formats: dict[tuple[int, int], Any] = {}
    comments: dict[tuple[int, int], Any] = {}
    struck: dict[tuple[int, int], Any] = {}
    for row in ws.rows:
        row_texts, row_kinds = [], []
        for cell in row:
            value = cell.value
            text, kind = text_and_kind(value, cell.data_type)
            if cell.has_style and value is not None:
                shown = cell.number_format
                if shown != "General":
                    formats[cell.row, cell.column] = shown
                    if kind == "n" and is_percent(shown):
                        kind = "%"
                if cell.font.strike:
                    struck[cell.row, cell.column] = True
            if getattr(cell, "comment", None) is not None:
                comments[cell.row, cell.column] = cell.comment.text or ""
            row_texts.append(text)
            row_kinds.append(kind)
        texts.append(row_texts)
        kinds.append(row_kinds)
    by_column = [list(column) for column in zip(*texts, strict=True)]
    columns, types = trim(by_column, ["".join(column) for column in zip(*kinds, strict=True)])
    return columns, types, {"formats": formats, "comments": comments, "struck": struck}


def _formula_cells(path: Path, file: str, title: str) -> frozenset[tuple[int, int]]:
    """Cells of the sheet that hold a formula; a second look at the file, only where some sheet has any."""
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        if not any(b"<f>" in x or b"<f " in x or b":f>" in x or b":f " in x for x in map(archive.read, sheets)):
            return frozenset()
    book = _open(path, file, read_only=True, data_only=False)
    try:
        return frozenset(
            (cell.row, cell.column)
            for row in book[title].iter_rows()
            for cell in row
            if cell.value is not None and cell.data_type == "f"
        )
    finally:
        book.close()
