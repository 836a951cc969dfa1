"""A synthetic ward to a folder: sheets as a workbook or as CSV files, and the study.toml that reads them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from remission.synth.book import load_book
from remission.synth.sheets import SHEETS, Cell, Sheet
from remission.synth.study_text import About, Source, study_text
from remission.synth.ward import Ward
from remission.synth.workbook import save_workbook

WORKBOOK = "synthetic_ward.xlsx"
STUDY = "study.toml"


def write_workbook(folder: Path, wards: Iterable[Ward], sheets: Sequence[Sheet], total: int) -> list[Source]:
    """One workbook with one sheet for each table. Returns: how study.toml reads it."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    places = [book.create_sheet(sheet.title) for sheet in sheets]
    for place, sheet in zip(places, sheets, strict=True):
        place.append([column.header for column in sheet.columns])
    for ward in wards:
        for place, sheet in zip(places, sheets, strict=True):
            for row in zip(*sheet.rows(ward, total), strict=True):
                place.append(row)
    save_workbook(book, folder / WORKBOOK)
    return [Source(sheet.title, WORKBOOK, sheet.columns, sheet=sheet.title) for sheet in sheets]


def write_csv(folder: Path, wards: Iterable[Ward], sheets: Sequence[Sheet], total: int) -> list[Source]:
    """One CSV file for each table, chunk by chunk. Returns: how study.toml reads them."""
    with ExitStack() as stack:
        writers = []
        for sheet in sheets:
            handle = stack.enter_context((folder / sheet.file).open("w", encoding="utf-8", newline=""))
            writers.append(csv.writer(handle, lineterminator="\n"))
            writers[-1].writerow(column.header for column in sheet.columns)
        for ward in wards:
            for writer, sheet in zip(writers, sheets, strict=True):
                writer.writerows(zip(*map(_as_text, sheet.rows(ward, total)), strict=True))
    return [Source(sheet.title, sheet.file, sheet.columns) for sheet in sheets]


def _as_text(column: Sequence[Cell]) -> Iterator[Cell] | Sequence[Cell]:
    """Dates as 2023-01-31; the rest is what csv makes of it."""
    is_dated = any(isinstance(value, dt.date) for value in column)
    return (v.isoformat() if isinstance(v, dt.date) else v for v in column) if is_dated else column


def write_study(folder: Path, name: str, patients: int, seed: int, options: str, sources: Sequence[Source]) -> Path:
    """study.toml of the folder. Returns: its path."""
    about = About(name, patients, seed, load_book().model.cutoff, options)
    has_events = any(c.to == "adverse_events.term" for s in sources for c in s.columns)
    path = folder / STUDY
    path.write_text(study_text(about, sources, has_events=has_events), encoding="utf-8")
    return path


def chosen_sheets(without: Iterable[str]) -> tuple[Sheet, ...]:
    """All sheets but those left out."""
    left_out = set(without)
    return tuple(sheet for sheet in SHEETS if sheet.name not in left_out)
