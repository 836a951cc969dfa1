"""Mistakes into sheets: the chosen traps planted, the workbook written, and the list of what was done."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from remission.core.errors import DataError
from remission.core.settings import nearest
from remission.synth.mess import Box, Mess, NoPlaceError, Pages, Spot
from remission.synth.study_text import Source
from remission.synth.traps import BY_NAME, TRAPS
from remission.synth.traps.trap import KINDS, Trap
from remission.synth.workbook import save_workbook

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as AnyCell
    from openpyxl.worksheet.worksheet import Worksheet

MESSY_WORKBOOK = "synthetic_ward_messy.xlsx"
LIST = "traps.csv"
COLUMNS = ("trap", "kind", "sheet", "row", "column", "header", "severity", "rule", "what")


@dataclass(frozen=True)
class Planted:
    """One place of one trap, as a finding should name it; row or column is "" where all of it is meant."""

    trap: Trap
    sheet: str
    row: str
    column: str
    header: str


def choose_traps(names: Iterable[str]) -> tuple[Trap, ...]:
    """The named traps, or those of a named kind, in the order of planting; without names all that can be side by side.

    Raises: DataError `unknown-trap`.
    """
    wanted = list(names)
    for name in wanted:
        if name not in BY_NAME and name not in KINDS:
            near = nearest(name, [*BY_NAME, *KINDS])
            raise DataError(
                what=f"There is no trap `{name}`.",
                code="unknown-trap",
                expected=f"{', '.join(KINDS)}, or some of {', '.join(sorted(BY_NAME))}",
                todo=f"Did you mean `{near}`?" if near else "Choose from the list.",
            )
    kinds = set(wanted) & set(KINDS) if wanted else set(KINDS)
    return tuple(t for t in TRAPS if t.name in wanted or (t.kind in kinds and not t.is_alone))


def plant_traps(mess: Mess, traps: Sequence[Trap]) -> tuple[list[tuple[Trap, list[Spot]]], list[str]]:
    """Plant each trap once. Returns: where each is, and the names of those no patient was left for."""
    planted, skipped = [], []
    for trap in traps:
        # a generator of its own, so that leaving one trap out moves no other draw
        mess.draw = np.random.default_rng([*mess.seed, zlib.crc32(trap.name.encode())])
        try:
            planted.append((trap, list(trap.plant(mess))))
        except NoPlaceError:
            skipped.append(trap.name)
    return planted, skipped


def addresses(planted: Iterable[tuple[Trap, list[Spot]]]) -> list[Planted]:
    """Where each trap is in the finished sheets."""
    rows: dict[int, dict[int, int]] = {}
    found = []
    for trap, spots in planted:
        for spot in spots:
            pages = spot.pages
            of_line = rows.setdefault(id(pages), {id(x): i for i, x in enumerate(pages.all_lines(), 1)})
            row = "" if spot.line is None else str(of_line[id(spot.line)])
            column = _letter(spot.column) if spot.column >= 0 else ""
            header = _header(pages, spot.column) if spot.column >= 0 else ""
            found.append(Planted(trap, pages.sheet.title, row, column, header))
    return found


def _letter(column: int) -> str:
    """0 -> A, 26 -> AA."""
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


def _header(pages: Pages, column: int) -> str:
    header = pages.columns[column].header
    return f"{pages.upper}: {header}" if pages.upper and column else header


def write_messy_workbook(folder: Path, mess: Mess) -> list[Source]:
    """The workbook with everything that was planted. Returns: how study.toml reads it."""
    from openpyxl import Workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.remove(book.worksheets[0])
    if mess.is_1904:
        book.epoch = CALENDAR_MAC_1904
    for pages in mess.pages.values():
        place = book.create_sheet(pages.sheet.title)
        for number, line in enumerate(pages.all_lines(), 1):
            place.row_dimensions[number].hidden = line.is_hidden
            for at, box in enumerate(line.boxes, 1):
                if box.value is not None:
                    _write_cell(place.cell(number, at, box.value), box)
        _shape(place, pages)
    save_workbook(book, folder / MESSY_WORKBOOK)
    return [_source(pages) for pages in mess.pages.values()]


def _write_cell(cell: AnyCell, box: Box) -> None:
    """How the cell is shown, beside its value."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    if box.number_format:
        cell.number_format = box.number_format
    if box.is_struck:
        cell.font = Font(strike=True)
    if box.comment:
        cell.comment = Comment(box.comment, "remission synth")


def _shape(place: Worksheet, pages: Pages) -> None:
    """What is merged or hidden in a sheet."""
    if pages.upper:
        top = len(pages.above) + 1
        place.merge_cells(start_row=top, end_row=top, start_column=2, end_column=len(pages.columns))
    lines = pages.all_lines()
    for line, at in pages.merged_down:
        row = next(i for i, x in enumerate(lines, 1) if x is line)
        place.merge_cells(start_row=row, end_row=row + 1, start_column=at + 1, end_column=at + 1)
    for at in pages.hidden_columns:
        place.column_dimensions[_letter(at)].hidden = True
    place.sheet_state = "hidden" if pages.is_hidden else "visible"


def _source(pages: Pages) -> Source:
    """What study.toml says of a sheet: its columns, and the rows that are confirmed to be no patients."""
    columns = [replace(c, header=_header(pages, at)) for at, c in enumerate(pages.columns) if c.to]
    skip = [number for number, line in enumerate(pages.all_lines(), 1) if line.is_confirmed]
    title = pages.sheet.title
    # of a header of two rows study.toml has to say where it begins
    header = len(pages.above) + 1 if pages.upper else 0
    return Source(
        title,
        MESSY_WORKBOOK,
        tuple(columns),
        sheet=title,
        skip_rows=tuple(skip),
        blank_id=pages.blank_id,
        header_row=header,
    )


def write_list(folder: Path, planted: Iterable[Planted]) -> Path:
    """traps.csv: what was planted where, and which finding should tell."""
    path = folder / LIST
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in planted:
            trap = one.trap
            writer.writerow(
                (trap.name, trap.kind, one.sheet, one.row, one.column, one.header, trap.severity, trap.rule, trap.what)
            )
    return path
