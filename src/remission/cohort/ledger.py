"""The cell ledger: every cell of one sheet as it stands, before anything is understood.

A typed value later on still knows its row and column, so a finding can say "sheet Blina, cell E6". Row numbers are the
rows a user sees: blank rows keep theirs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from remission.core.errors import FileError
from remission.core.findings import Finding
from remission.core.settings import nearest

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab")
OPENPYXL_ENDINGS = (".xlsx", ".xlsm")
CALAMINE_ENDINGS = (".xls", ".xlsb", ".ods")
MAX_COLUMNS = 16_384
_NOT_WORKBOOKS = ("text", "frame", "parquet")  # readers whose columns have names, not letters

# One letter a cell: text, number, % number shown as a percentage, date, boolean, error, blank
EXCEL_TYPES = {"t": "text", "n": "number", "%": "number", "d": "date", "b": "boolean", "e": "error", " ": "blank"}


@dataclass(frozen=True)
class Cell:
    """One cell as it stands. `header` is empty until a layout is known; `col` is 1-based."""

    file: str
    sheet: str
    row: int
    col: int
    header: str
    raw_text: str
    excel_type: str
    number_format: str
    comment: str
    hidden: bool
    struck: bool


@dataclass(frozen=True)
class Grid:
    """What a reader hands over: texts and one-letter types column by column, and the few cells with more to say.

    Rows and columns are 1-based in every key; `columns[c - 1][r - 1]` is the text of row r, column c.
    elsewhere: rows of the file that belong to another sheet of it and are blank here.
    """

    columns: list[list[str]]
    types: list[str]
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    struck: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    epoch_1904: bool = False
    sheet: str = ""
    sheet_hidden: bool = False
    encoding: str = ""
    delimiter: str = ""
    reader: str = ""
    findings: tuple[Finding, ...] = ()
    elsewhere: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Ledger:
    """Every cell of one sheet of one file."""

    file: str
    sha256: str
    grid: Grid

    @property
    def sheet(self) -> str:
        return self.grid.sheet

    @property
    def n_rows(self) -> int:
        return len(self.grid.columns[0]) if self.grid.columns else 0

    @property
    def n_cols(self) -> int:
        return len(self.grid.columns)

    @property
    def is_workbook(self) -> bool:
        return self.grid.reader not in _NOT_WORKBOOKS

    @property
    def encoding(self) -> str:
        return self.grid.encoding

    @property
    def delimiter(self) -> str:
        return self.grid.delimiter

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.grid.findings

    def text(self, row: int, col: int) -> str:
        """The raw text of a cell; both 1-based."""
        return self.grid.columns[col - 1][row - 1]

    def cell(self, row: int, col: int, header: str = "") -> Cell:
        """Everything known about one cell; both 1-based."""
        grid = self.grid
        return Cell(
            file=self.file,
            sheet=grid.sheet,
            row=row,
            col=col,
            header=header,
            raw_text=self.text(row, col),
            excel_type=EXCEL_TYPES[grid.types[col - 1][row - 1]],
            number_format=grid.formats.get((row, col), ""),
            comment=grid.comments.get((row, col), ""),
            hidden=row in grid.hidden_rows or col in grid.hidden_columns,
            struck=(row, col) in grid.struck,
        )


def column_letter(col: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_ledger(path: Path, *, sheet: str = "", encoding: str = "", delimiter: str = "") -> Ledger:
    """Read every cell of one sheet.

    Args: sheet: name of the sheet of a workbook (default: the only one that holds anything).  encoding, delimiter: of
    a text file (default: detected, and reported as notes in `Ledger.findings`).
    Raises: FileError where the file is absent, empty, protected, of an unknown kind or cannot be understood.
    """
    path = Path(path)
    data = _read_bytes(path)
    kind = _kind(path, data)
    if kind == "text":
        from remission.cohort.read_text import read_text_grid

        grid = read_text_grid(data, file=path.name, encoding=encoding, delimiter=delimiter)
    else:
        from remission.cohort.read_workbook import read_workbook_grid

        grid = read_workbook_grid(path, file=path.name, sheet=sheet, kind=kind)
    if not grid.columns:
        raise FileError(
            what=f"{path.name} holds no filled cell" + (f" in the sheet {grid.sheet}." if grid.sheet else "."),
            code="empty-file",
            todo="Export it again from its source, or name another sheet.",
        )
    if len(grid.columns) > MAX_COLUMNS:
        raise FileError(
            what=f"The sheet has {len(grid.columns):,} columns.",
            code="too-many-columns",
            where=path.name,
            expected=f"at most {MAX_COLUMNS:,}",
            todo="Check the delimiter, or whether rows and columns are exchanged.",
        )
    return Ledger(path.name, hashlib.sha256(data).hexdigest(), grid)


def list_sheets(path: Path) -> list[str]:
    """Names of the sheets of a workbook, in order; [""] for a text file. Raises: FileError."""
    path = Path(path)
    data = _read_bytes(path)
    if (kind := _kind(path, data)) == "text":
        return [""]
    from remission.cohort.read_workbook import sheet_names

    return sheet_names(path, file=path.name, kind=kind)


def _read_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise FileError(
            what=f"{path.name or path} is a folder, not a file.", code="not-a-file", todo="Name the file inside it."
        )
    if not path.exists():
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        near = nearest(path.name, beside)
        raise FileError(
            what=f"The file {path.name} does not exist.",
            code="no-file",
            where=path.parent.name,
            todo=f"Did you mean {near}?" if near else "Check the name and the folder.",
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(
            what=f"The file {path.name} cannot be opened ({error.strerror}).",
            code="no-access",
            todo="Close it in other programs and check that you may read it.",
        ) from None
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FileError(
            what=f"The file {path.name} is empty.", code="empty-file", todo="Export it again from its source."
        )
    return data


def _kind(path: Path, data: bytes) -> str:
    """ "text", "xlsx", or the ending of what calamine reads; the content must agree with the ending."""
    from remission.cohort.file_kinds import check_content

    ending = path.suffix.lower()
    known = (*TEXT_ENDINGS, *OPENPYXL_ENDINGS, *CALAMINE_ENDINGS)
    if ending not in known:
        raise FileError(
            what=f"{path.name}: files of this kind are not read.",
            code="unknown-kind",
            expected=", ".join(known),
            found=ending or "no ending",
            todo="Save the table as .csv or .xlsx.",
        )
    check_content(path.name, ending, data)
    if ending in TEXT_ENDINGS:
        return "text"
    return "xlsx" if ending in OPENPYXL_ENDINGS else ending
