"""The whole workbook: a page of advice, one sheet for each table, an example, the code book and its lists."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from remission.cohort.forms.collection_sheets import CODE_BOOK, MARK, CollectionSheet, collection_sheets
from remission.cohort.row_choice import EXAMPLE_ID
from remission.core.errors import FileError
from remission.template.data_sheet import Lists, fill_data_sheet, rule_of
from remission.template.style import EXAMPLE, HEAD, HEAD_FILL, SUBTITLE, TITLE, WRAPPED

EXAMPLE_SHEET, LISTS_SHEET = "Example", "Lists"
_ADVICE = (
    "One row a patient on Patients and Outcomes; as many rows as there were events on the other sheets.",
    "The same patient number on every sheet, of your own making: no names, no hospital numbers, no birth dates.",
    "Every patient who was given the drug is listed, also those who died early or were lost: otherwise nobody can see "
    "who is missing.",
    "Leave a cell empty where something is not recorded. Write no where it is known that it was not so.",
    "Below the limit of an assay write < and the limit, such as <0.01.",
    "Point at a header to read what is meant. Lists offer the usual words; where the list is open you may write "
    "others, the same for every patient.",
    "Columns may be hidden or left empty, and new ones added; do not rename the headers or the sheets.",
    "Then: remission new FOLDER FILE.xlsx",
)


def write_template(path: Path) -> Path:
    """Write the empty workbook.

    Returns: where it was written.
    Raises: FileError `wrong-ending`, `file-exists` (nothing is overwritten), `cannot-write`.
    """
    if path.suffix.lower() != ".xlsx":
        raise FileError(
            what="The collection workbook is an .xlsx file.", code="wrong-ending", where=str(path),
            todo=f"Name it {path.stem or 'collection'}.xlsx.",
        )  # fmt: skip
    if path.exists():
        raise FileError(
            what="There is a file of that name already; nothing was changed.", code="file-exists", where=str(path),
            todo="Name another file, or remove that one.",
        )  # fmt: skip
    book = make_workbook()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
    except OSError as error:
        raise FileError(
            what="The workbook cannot be written there.", code="cannot-write", where=str(path),
            found=error.strerror or "", todo="Name another file.",
        ) from None  # fmt: skip
    return path


def make_workbook() -> Workbook:
    """The workbook itself, not yet a file."""
    book = openpyxl.Workbook()
    _write_advice(book.active or book.create_sheet())
    lists = Lists(book.create_sheet(LISTS_SHEET))
    for sheet in collection_sheets():
        fill_data_sheet(book.create_sheet(sheet.title, index=len(book.sheetnames) - 1), sheet, lists)
    last = len(book.sheetnames) - 1
    _write_example(book.create_sheet(EXAMPLE_SHEET, index=last))
    _write_code_book(book.create_sheet(CODE_BOOK, index=last + 1))
    lists.sheet.sheet_state = "hidden"
    return book


def _write_advice(ws: Worksheet) -> None:
    ws.title = "Read me"
    ws.column_dimensions["A"].width = 110
    ws.append(["Collecting patients for a study"])
    ws["A1"].font = TITLE
    for line in _ADVICE:
        ws.append([line])
        ws.cell(ws.max_row, 1).alignment = WRAPPED


def _write_example(ws: Worksheet) -> None:
    """One invented patient, on a sheet of its own that is never read."""
    ws.append([f"{EXAMPLE_ID}: an invented patient. This sheet is never read; nothing has to be deleted."])
    ws["A1"].font = TITLE
    for sheet in collection_sheets():
        ws.append([])
        ws.append([sheet.title])
        ws.cell(ws.max_row, 1).font = SUBTITLE
        shown = [column for column in sheet.columns[1:] if column.example]
        ws.append([sheet.columns[0].header, *(column.header for column in shown)])
        _mark_header(ws, ws.max_row)
        ws.append([EXAMPLE_ID, *(column.example for column in shown)])
        for cell in ws[ws.max_row]:
            cell.font = EXAMPLE
    for letter in "ABCDEFGHIJKLM":
        ws.column_dimensions[letter].width = 20


def _write_code_book(ws: Worksheet) -> None:
    """Every column in words. Its first cell is what the program knows the workbook by."""
    ws.append([MARK])
    ws["A1"].font = SUBTITLE
    ws.append(["Sheet", "Column", "Meaning", "Kind", "Allowed", "Name in study.toml"])
    _mark_header(ws, 2)
    for sheet in collection_sheets():
        for row in _code_book_rows(sheet):
            ws.append(row)
            for cell in ws[ws.max_row]:
                cell.alignment = WRAPPED
    for letter, width in zip("ABCDEF", (22, 34, 60, 12, 40, 34), strict=True):
        ws.column_dimensions[letter].width = width
    ws.freeze_panes = "A3"


def _code_book_rows(sheet: CollectionSheet) -> list[list[str]]:
    kinds = {"id": "number", "text": "text", "code": "list", "number": "number", "day": "date"}
    return [[sheet.title, c.header, c.about, kinds[c.spec.type], rule_of(c), c.to] for c in sheet.columns]


def _mark_header(ws: Worksheet, row: int) -> None:
    for cell in ws[row]:
        cell.font, cell.fill = HEAD, HEAD_FILL
