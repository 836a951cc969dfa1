"""A collection workbook that was filled in: recognised by its code book, and read without a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from remission.cohort.fold import header_key
from remission.cohort.forms.collection_sheets import (
    CODE_BOOK,
    MARK,
    CollectionSheet,
    collection_sheets,
    collection_words,
)
from remission.cohort.forms.given import GivenSource
from remission.cohort.layout import Layout, find_layout
from remission.cohort.ledger import OPENPYXL_ENDINGS, Ledger, list_sheets, read_ledger
from remission.cohort.row_choice import is_example
from remission.cohort.source_spec import ColumnSpec, SourceSpec
from remission.core.errors import FileError


def is_collection(path: Path) -> bool:
    """Whether a file is a collection workbook, filled in or not; a file that cannot be read is none."""
    try:
        if path.suffix.lower() not in OPENPYXL_ENDINGS or CODE_BOOK not in list_sheets(path):
            return False
        return read_ledger(path, sheet=CODE_BOOK).text(1, 1).strip() == MARK
    except FileError:
        return False


def collection_sources(source: SourceSpec, folder: Path) -> tuple[GivenSource, ...]:
    """A source for each sheet of a collection workbook that holds a patient; none where the file is no such workbook.

    Raises: FileError `empty-collection` where nobody was filled in.
    """
    path = folder / source.file
    if not is_collection(path):
        return ()
    names = set(list_sheets(path))
    found = [_source(source, sheet, path) for sheet in collection_sheets() if sheet.title in names]
    filled = tuple(one for one in found if one is not None)
    if not any(one.columns and one.columns[0].to == "patients.patient" for one in filled):
        raise FileError(
            what=f"No patient is filled in on the first sheet of the collection workbook {path.name}.",
            code="empty-collection",
            where=f"{path.name}, sheet {collection_sheets()[0].title}",
            expected="one row for each patient, below the header",
            todo="Fill in the patients; the sheet Example shows one.",
        )
    return filled


def _source(source: SourceSpec, sheet: CollectionSheet, path: Path) -> GivenSource | None:
    ledger = read_ledger(path, sheet=sheet.title)
    if ledger.n_rows < 2:
        return None
    layout = find_layout(ledger, expected=[column.header for column in sheet.columns])
    columns, unused = _columns(sheet, ledger, layout)
    if not columns or columns[0].to != f"{sheet.table}.patient" or not layout.data_rows:
        return None
    # the comments on the header are the workbook's own definitions
    comments = {cell: text for cell, text in ledger.grid.comments.items() if cell[0] != layout.header_row}
    plain = {name: getattr(source, name) for name in ("file", "hidden", "blank_id", "scope", "skip_rows")}
    return GivenSource(
        **plain,
        name=f"{source.name}: {sheet.title}",
        sheet=sheet.title,
        columns=columns,
        ignore=unused,
        ledger=replace(ledger, grid=replace(ledger.grid, comments=comments)),
    )


def _columns(sheet: CollectionSheet, ledger: Ledger, layout: Layout) -> tuple[tuple[ColumnSpec, ...], tuple[str, ...]]:
    """The columns that somebody filled, or whose emptiness says no; and the headers of the others."""
    by_key = {header_key(header): col for col, header in reversed(list(enumerate(layout.headers, 1)))}
    id_column = by_key.get(header_key(sheet.columns[0].header), 1)
    rows = [row for row in layout.data_rows if not is_example(ledger.text(row, id_column))]
    said_by_none = collection_words().empty_means_no.get(sheet.table, ())
    used, unused = [], []
    for column in sheet.columns:
        if (col := by_key.get(header_key(column.header))) is None:
            continue
        header, name = layout.headers[col - 1], column.to.rpartition(".")[2]
        if name == "patient" or (rows and name in said_by_none) or _is_filled(ledger, rows, col):
            used.append(ColumnSpec(header=header, to=column.to))
        else:
            unused.append(header)
    return tuple(used), tuple(unused)


def _is_filled(ledger: Ledger, rows: Sequence[int], col: int) -> bool:
    return any(ledger.text(row, col).strip() for row in rows)
