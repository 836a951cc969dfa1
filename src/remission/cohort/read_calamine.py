"""Sheets that openpyxl cannot read or would read too slowly: values by calamine, and for .xlsx the marks by a scan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from remission.cohort.file_kinds import broken_workbook, password_error
from remission.cohort.ledger import Grid
from remission.cohort.places import Place
from remission.cohort.sheet_marks import SheetMarks, read_marks
from remission.cohort.workbook_cells import choose_sheet, formula_findings, hidden_sheet, text_and_kind, trim
from remission.core.findings import Finding


def calamine_names(path: Path, file: str) -> list[str]:
    """Names of the worksheets, in order."""
    return list(_sheets(_open(path, file)))


def read_calamine_grid(path: Path, *, file: str, sheet: str, kind: str) -> Grid:
    """Cells of one sheet; of another kind than .xlsx only values can be seen, and a warning says so."""
    book = _open(path, file)
    sheets = _sheets(book)
    loaded: dict[str, Any] = {}

    def load(one: str) -> Any:
        return loaded.get(one) or loaded.setdefault(one, book.get_sheet_by_name(one))

    name = choose_sheet(list(sheets), sheet, (one for one in sheets if load(one).total_height), file)
    found = load(name)
    pairs = [_texts_and_kinds(column) for column in zip(*found.to_python(skip_empty_area=False), strict=True)]
    columns, types = trim([texts for texts, _ in pairs], [kinds for _, kinds in pairs])
    place = Place(file, name)
    findings: list[Finding] = []
    if kind == "xlsx":
        marks = read_marks(path, name)
        types = _with_percents(types, marks)
        findings += formula_findings(columns, types, marks.formulas, place)
    else:
        marks = SheetMarks()
        marks.merged = [(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in found.merged_cell_ranges or ()]
        findings.append(
            place.finding(
                "warning",
                "limited-reader",
                f"Of a workbook of the kind {kind} only the values can be read.",
                consequence="Percent formats, comments, hidden rows and struck-out cells cannot be seen.",
                todo="If the sheet uses any of them, save it as .xlsx.",
            )
        )
    if not sheets[name]:
        findings.append(hidden_sheet(place))
    n_rows = len(columns[0]) if columns else 0
    return Grid(
        columns=columns,
        types=types,
        formats=marks.formats,
        comments=marks.comments,
        struck=frozenset(marks.struck),
        hidden_rows=frozenset(row for row in marks.hidden_rows if row <= n_rows),
        hidden_columns=frozenset(col for col in marks.hidden_columns if col <= len(columns)),
        merged=tuple(marks.merged),
        formulas=frozenset(marks.formulas),
        epoch_1904=marks.epoch_1904,
        sheet=name,
        sheet_hidden=not sheets[name],
        reader="calamine",
        findings=tuple(findings),
    )


def _open(path: Path, file: str) -> Any:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise password_error(file) from None
    except Exception as error:  # a damaged workbook fails anywhere inside calamine
        if "assword" in str(error) or "ncrypt" in str(error):
            raise password_error(file) from None
        raise broken_workbook(file) from error


def _sheets(book: Any) -> dict[str, bool]:
    """Name and visibility of each worksheet."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    visible = SheetVisibleEnum.Visible
    return {m.name: m.visible == visible for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet}


def _texts_and_kinds(column: tuple[Any, ...]) -> tuple[list[str], str]:
    """Texts and one-letter types of a column; each distinct value is put into words once."""
    if any(type(value) is bool for value in column):
        pairs = [text_and_kind(value) for value in column]  # True and 1 are equal, and must not be taken for each other
        return [text for text, _ in pairs], "".join(kind for _, kind in pairs)
    texts, kinds = {}, {}
    for value in set(column):
        texts[value], kinds[value] = text_and_kind(value)
    return [texts[value] for value in column], "".join([kinds[value] for value in column])


def _with_percents(types: list[str], marks: SheetMarks) -> list[str]:
    """The types with numbers that are shown as percentages marked as such."""
    by_column: dict[int, set[int]] = {}
    for row, col in marks.percents:
        by_column.setdefault(col, set()).add(row)
    for col, rows in by_column.items():
        if col <= len(types):
            types[col - 1] = "".join(
                "%" if kind == "n" and row in rows else kind for row, kind in enumerate(types[col - 1], 1)
            )
    return types
