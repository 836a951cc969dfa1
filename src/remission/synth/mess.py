"""A ward's sheets while mistakes are put into them: lines and cells that can be changed, and where each ends up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np

from remission.synth.sheets import Cell, Column, Sheet
from remission.synth.ward import Ward

Value = Cell | dt.datetime


class NoPlaceError(Exception):
    """No patient is left for whom a mistake can be made without touching another one."""


@dataclass(eq=False)
class Box:
    """One cell: what it holds and how it is shown."""

    value: Value
    number_format: str = ""
    comment: str = ""
    is_struck: bool = False
    is_touched: bool = False


@dataclass(eq=False)
class Line:
    """One row of a sheet. is_record: it belongs to a patient (a mean, a remark or the header once more does not)."""

    boxes: list[Box]
    patient: str = ""
    is_record: bool = True
    is_hidden: bool = False
    is_confirmed: bool = False  # study.toml lists it under skip_rows

    @property
    def is_touched(self) -> bool:
        """Whether a mistake was made in one of its cells."""
        return any(box.is_touched for box in self.boxes)


@dataclass(eq=False)
class Pages:
    """One sheet that can be changed. upper: the upper header over all columns but the first, or ""."""

    sheet: Sheet
    columns: list[Column]
    header: Line
    lines: list[Line]
    above: list[Line] = field(default_factory=list)
    upper: str = ""
    hidden_columns: set[int] = field(default_factory=set)
    merged_down: list[tuple[Line, int]] = field(default_factory=list)  # a cell and the one below it are one
    is_hidden: bool = False
    blank_id: str = ""

    def index(self, name: str) -> int:
        """The position of the column that holds a field ("grade")."""
        return next(i for i, c in enumerate(self.columns) if c.to.endswith(f".{name}"))

    def all_lines(self) -> list[Line]:
        """Every row from the top, the upper header as a line of its own."""
        top = [self.top] if self.upper else []
        return [*self.above, *top, self.header, *self.lines]

    @cached_property
    def top(self) -> Line:
        """The upper row of a header of two."""
        return Line([Box(self.upper if at == 1 else None) for at in range(len(self.columns))], is_record=False)

    def rename(self, name: str, **changes: object) -> None:
        """Change the column of a field, and its header with it."""
        at = self.index(name)
        self.columns[at] = replace(self.columns[at], **changes)  # type: ignore[arg-type]
        self.header.boxes[at].value = self.columns[at].header

    def add_column(self, header: str, values: Iterable[Value], to: str = "") -> int:
        """One more column at the right; without `to` nothing in study.toml speaks of it. Returns: its position."""
        self.columns.append(Column(header, to))
        self.header.boxes.append(Box(header))
        given = iter(values)
        for line in self.lines:
            line.boxes.append(Box(next(given) if line.is_record else None))
        return len(self.columns) - 1


@dataclass(frozen=True)
class Row:
    """A line of a sheet seen by its fields; `of` shows the same patient in a sheet of one row a patient."""

    mess: Mess
    pages: Pages
    line: Line

    def __getitem__(self, name: str) -> Value:
        return self.box(name).value

    def box(self, name: str) -> Box:
        return self.line.boxes[self.pages.index(name)]

    def date(self, name: str) -> dt.date:
        """A date that is known to be there."""
        return cast(dt.date, self[name])

    def number(self, name: str) -> float:
        """A number that is known to be there."""
        return cast(float, self[name])

    def of(self, sheet: str) -> Row:
        pages = self.mess.pages[sheet]
        line = next(x for x in pages.lines if x.patient == self.line.patient and x.is_record)
        return Row(self.mess, pages, line)

    def all_of(self, sheet: str) -> list[Row]:
        """All rows of the patient in a sheet of records."""
        pages = self.mess.pages[sheet]
        return [Row(self.mess, pages, x) for x in pages.lines if x.patient == self.line.patient and x.is_record]


@dataclass(frozen=True)
class Spot:
    """A place of a mistake: a line of a sheet and one of its columns (-1 where the whole line is meant)."""

    pages: Pages
    line: Line | None
    column: int = -1


@dataclass
class Mess:
    """All sheets, the generator, and which patients have a mistake already. seed: of the ward, for every generator."""

    pages: dict[str, Pages]
    seed: tuple[int, ...]
    draw: np.random.Generator
    taken: set[str] = field(default_factory=set)
    is_1904: bool = False  # the workbook counts its dates from 1904

    def rows(self, sheet: str) -> Iterator[Row]:
        pages = self.pages[sheet]
        return (Row(self, pages, line) for line in pages.lines if line.is_record)

    def pick(self, sheet: str, where: Callable[[Row], bool], *, takes: bool = True) -> Row:
        """A row at random that meets a condition and was not changed before.

        Args: takes: the row is of a patient without another mistake, who gets no other one that counts. A mistake that
        stays in its cell takes nobody, and goes to such a patient where there is one.
        Raises: NoPlaceError.
        """
        whole = [row for row in self.rows(sheet) if not row.line.is_touched and where(row)]
        free = [row for row in whole if row.line.patient not in self.taken]
        found = free or ([] if takes else whole)
        if not found:
            raise NoPlaceError
        row = found[int(self.draw.integers(0, len(found)))]
        if takes:
            self.taken.add(row.line.patient)
        return row

    def spot(self, row: Row, name: str) -> Spot:
        """The cell of a field, marked as changed."""
        row.box(name).is_touched = True
        return Spot(row.pages, row.line, row.pages.index(name))


def open_sheets(wards: Iterable[Ward], sheets: Sequence[Sheet], total: int, *, seed: int) -> Mess:
    """The clean sheets, ready to be changed."""
    pages = {}
    chunks = list(wards)
    for sheet in sheets:
        rows = [row for ward in chunks for row in zip(*sheet.rows(ward, total), strict=True)]
        lines = [Line([Box(value) for value in row], patient=str(row[0])) for row in rows]
        header = Line([Box(c.header) for c in sheet.columns], is_record=False)
        pages[sheet.name] = Pages(sheet, list(sheet.columns), header, lines)
    return Mess(pages, (seed, total), np.random.default_rng([seed, total]))
