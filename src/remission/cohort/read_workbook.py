"""Workbooks to a grid of cells: openpyxl where it can (formats, comments, hidden cells), calamine elsewhere."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from remission.cohort.file_kinds import broken_workbook, password_error
from remission.cohort.ledger import Grid, column_letter
from remission.cohort.places import Place
from remission.core.errors import FileError, RemissionError
from remission.core.findings import Finding
from remission.core.settings import nearest

LARGE_ROWS = 50_000


def sheet_names(path: Path, *, file: str, kind: str) -> list[str]:
    """Names of the worksheets, in order."""
    if kind != "xlsx":
        return [name for name, _ in _calamine_sheets(_open_calamine(path, file))]
    book = _open_openpyxl(path, file, read_only=True)
    try:
        return [ws.title for ws in book.worksheets]
    finally:
        book.close()


def read_workbook_grid(path: Path, *, file: str, sheet: str, kind: str) -> Grid:
    """Cells of one sheet of a workbook. Raises: FileError."""
    try:
        if kind != "xlsx" or _rows_at_least(path, LARGE_ROWS):
            return _read_calamine(path, file, sheet, why=kind if kind != "xlsx" else "large")
        return _read_openpyxl(path, file, sheet)
    except RemissionError:
        raise
    except Exception as error:  # noqa: BLE001  (a damaged workbook fails anywhere inside the reading library)
        if "assword" in type(error).__name__ + str(error):
            raise password_error(file) from None
        raise broken_workbook(file) from None


def _rows_at_least(path: Path, rows: int) -> bool:
    """Whether some sheet is long: counted in the bytes of its XML, without reading it."""
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.filename.startswith("xl/worksheets/sheet") and info.file_size > rows * 40:
                with archive.open(info) as handle:
                    count, tail = 0, b""
                    while block := handle.read(1 << 20):
                        count += (tail + block).count(b"<row ")
                        tail = block[-4:]
                if count > rows:
                    return True
    return False


def _choose(names: list[str], wanted: str, filled: Iterable[str], file: str) -> str:
    """The sheet to read: the one named, or the only one that holds anything."""
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


# ---------------------------------------------------------------- openpyxl


def _open_openpyxl(path: Path, file: str, *, read_only: bool = False, data_only: bool = True) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions openpyxl does not keep: nothing of it is read here
            return openpyxl.load_workbook(path, read_only=read_only, data_only=data_only, keep_links=False)
    except Exception:  # noqa: BLE001  (a damaged workbook fails anywhere inside openpyxl)
        raise broken_workbook(file) from None


def _read_openpyxl(path: Path, file: str, sheet: str) -> Grid:
    book = _open_openpyxl(path, file)
    sheets = {ws.title: ws for ws in book.worksheets}
    filled = (name for name, ws in sheets.items() if any(c.value is not None for row in ws.rows for c in row))
    ws = sheets[_choose(list(sheets), sheet, filled, file)]
    columns, types, marks = _cells(ws)
    hidden_columns = frozenset(
        col
        for dim in ws.column_dimensions.values()
        if dim.hidden and dim.min and dim.max
        for col in range(dim.min, min(dim.max, len(columns)) + 1)
    )
    hidden_rows = frozenset(row for row, dim in ws.row_dimensions.items() if dim.hidden)
    formulas = _formula_cells(path, file, ws.title)
    place = Place(file, ws.title)
    findings = list(_formula_findings(columns, types, formulas, place))
    if ws.sheet_state != "visible":
        findings.append(_hidden_sheet(place))
    return Grid(
        columns=columns,
        types=types,
        formats=marks["formats"],
        comments=marks["comments"],
        struck=frozenset(marks["struck"]),
        hidden_rows=frozenset(r for r in hidden_rows if columns and r <= len(columns[0])),
        hidden_columns=hidden_columns,
        merged=tuple((m.min_row, m.min_col, m.max_row, m.max_col) for m in ws.merged_cells.ranges),
        formulas=formulas,
        epoch_1904=book.epoch.year == 1904,
        sheet=ws.title,
        sheet_hidden=ws.sheet_state != "visible",
        reader="openpyxl",
        findings=tuple(findings),
    )


def _hidden_sheet(place: Place) -> Finding:
    return place.finding(
        "warning",
        "hidden-sheet",
        "The sheet is hidden in the workbook.",
        consequence="It is read all the same.",
        todo="Check that it is the sheet you mean.",
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
            text, kind = _text_and_kind(value, cell.data_type)
            if cell.has_style and value is not None:
                shown = cell.number_format
                if shown != "General":
                    formats[cell.row, cell.column] = shown
                    if kind == "n" and _is_percent(shown):
                        kind = "%"
                if cell.font.strike:
                    struck[cell.row, cell.column] = True
            if getattr(cell, "comment", None) is not None:
                comments[cell.row, cell.column] = cell.comment.text or ""
            row_texts.append(text)
            row_kinds.append(kind)
        texts.append(row_texts)
        kinds.append(row_kinds)
    columns, types = _trim(texts, kinds)
    return columns, types, {"formats": formats, "comments": comments, "struck": struck}


def _is_percent(number_format: str) -> bool:
    """Whether Excel shows the number times a hundred: a % sign outside quotation marks."""
    return "%" in "".join(number_format.split('"')[::2]).replace("\\%", "")


def _trim(texts: list[list[str]], kinds: list[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Column by column, without the blank rows and columns at the end."""
    while texts and not any(t.strip() for t in texts[-1]):
        texts.pop()
    if not texts:
        return [], []
    columns = [list(column) for column in zip(*texts, strict=True)]
    types = ["".join(column) for column in zip(*kinds[: len(texts)], strict=True)]
    while not any(t.strip() for t in columns[-1]):
        columns.pop()
        types.pop()
    return columns, types


def _text_and_kind(value: object, data_type: str = "") -> tuple[str, str]:
    """The text of a cell and its one-letter type. A number is written with the 15 digits a spreadsheet keeps."""
    if value is None or value == "":
        return "", " "
    if isinstance(value, str):
        return value, "e" if data_type == "e" or value in _ERROR_TEXTS else "t"
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


_ERROR_TEXTS = frozenset(["#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"])


def _formula_cells(path: Path, file: str, title: str) -> frozenset[tuple[int, int]]:
    """Cells of the sheet that hold a formula; a second look at the file, only where some sheet has any."""
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        if not any(b"<f>" in x or b"<f " in x or b":f>" in x or b":f " in x for x in map(archive.read, sheets)):
            return frozenset()
    book = _open_openpyxl(path, file, read_only=True, data_only=False)
    try:
        return frozenset(
            (cell.row, cell.column)
            for row in book[title].iter_rows()
            for cell in row
            if cell.value is not None and cell.data_type == "f"
        )
    finally:
        book.close()


def _formula_findings(
    columns: list[list[str]], types: list[str], formulas: frozenset[tuple[int, int]], place: Place
) -> Iterable[Finding]:
    by_column: dict[int, list[int]] = {}
    for row, col in sorted(formulas):
        by_column.setdefault(col, []).append(row)
    for col, rows in by_column.items():
        at = Place(place.file, place.sheet, column_letter(col))
        inside = col <= len(columns)
        empty = [r for r in rows if not inside or r > len(columns[0]) or types[col - 1][r - 1] == " "]
        kept = [r for r in rows if r not in set(empty)]
        if kept:
            yield at.finding(
                "note",
                "formula",
                f"{len(kept)} cells are formulas.",
                rows=kept,
                consequence="The value the spreadsheet last calculated is read.",
                todo="Nothing, if the workbook was calculated and saved.",
            )
        if empty:
            yield at.finding(
                "error",
                "formula-without-value",
                f"{len(empty)} cells are formulas that were never calculated.",
                rows=empty,
                consequence="Their values are not known.",
                todo="Open the workbook in a spreadsheet program, let it calculate, and save it.",
            )


# ---------------------------------------------------------------- calamine


def _open_calamine(path: Path, file: str) -> Any:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise password_error(file) from None
    except Exception as error:  # noqa: BLE001  (a damaged workbook fails anywhere inside calamine)
        if "assword" in str(error) or "ncrypt" in str(error):
            raise password_error(file) from None
        raise broken_workbook(file) from None


def _calamine_sheets(book: Any) -> list[tuple[str, bool]]:
    """Name and visibility of each worksheet."""
    return [
        (meta.name, meta.visible.name == "Visible") for meta in book.sheets_metadata if meta.typ.name == "WorkSheet"
    ]


def _read_calamine(path: Path, file: str, sheet: str, *, why: str) -> Grid:
    book = _open_calamine(path, file)
    sheets = dict(_calamine_sheets(book))
    filled = (name for name in sheets if book.get_sheet_by_name(name).total_height)
    name = _choose(list(sheets), sheet, filled, file)
    found = book.get_sheet_by_name(name)
    texts: list[list[str]] = []
    kinds: list[list[str]] = []
    cached: dict[Any, tuple[str, str]] = {}
    for row in found.to_python(skip_empty_area=False):
        pairs = []
        for value in row:
            key = (type(value), value)
            pair = cached.get(key)
            if pair is None:
                pair = cached[key] = _text_and_kind(value)
            pairs.append(pair)
        texts.append([p[0] for p in pairs])
        kinds.append([p[1] for p in pairs])
    columns, types = _trim(texts, kinds)
    place = Place(file, name)
    reason = "this sheet is very long" if why == "large" else f"the file is of the kind {why}"
    findings = [
        place.finding(
            "warning",
            "limited-reader",
            f"Only values can be read, because {reason}.",
            consequence="Percent formats, comments, hidden rows and struck-out cells cannot be seen.",
            todo="If the sheet uses any of them, save it as .xlsx"
            + (" in parts of at most 50,000 rows." if why == "large" else "."),
        )
    ]
    if not sheets[name]:
        findings.append(_hidden_sheet(place))
    merged = tuple(
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in found.merged_cell_ranges or ()
    )
    return Grid(
        columns=columns,
        types=types,
        merged=merged,
        sheet=name,
        sheet_hidden=not sheets[name],
        reader="calamine",
        findings=tuple(findings),
    )
