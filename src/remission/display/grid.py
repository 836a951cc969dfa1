"""A table or a sentence to show: cells that are text or result ids, so that no renderer can invent a number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Ref:
    """The result row whose `shown` stands here."""

    id: str


@dataclass(frozen=True)
class Cell:
    """Text and results in a row of parts. `span` columns wide (headers)."""

    parts: tuple[str | Ref, ...] = ()
    span: int = 1
    strong: bool = False

    def ids(self) -> tuple[str, ...]:
        return tuple(p.id for p in self.parts if isinstance(p, Ref))


def cell(pattern: str = "", /, *, span: int = 1, strong: bool = False, **ids: str) -> Cell:
    """A cell from a pattern: `cell("{n}/{N} ({p})", n=id1, N=id2, p=id3)`.

    Braces around anything that is not the name of a given id stay as they are: a user's label may hold them.
    Raises: KeyError where the pattern does not use an id that was given.
    """
    unused = [name for name in ids if f"{{{name}}}" not in pattern]
    if unused:
        raise KeyError(unused[0])
    found = re.split("|".join(rf"(\{{{name}\}})" for name in ids), pattern) if ids else [pattern]
    names = {f"{{{name}}}": row_id for name, row_id in ids.items()}
    parts = [Ref(names[piece]) if piece in names else piece for piece in found if piece]
    return Cell(tuple(parts), span=span, strong=strong)


@dataclass(frozen=True)
class GridRow:
    """One line of a Grid. kind: `head` a section line across the table; `body`; `total`."""

    cells: tuple[Cell, ...]
    kind: Literal["head", "body", "total"] = "body"
    indent: int = 0


@dataclass(frozen=True)
class Grid:
    """A table: header rows (each of cells whose spans add up to the width), lines, footnotes.

    Args: key: file name and anchor ("table_response").  title: the caption without its number.
    align: per column "l", "r" or "c".  footnotes: abbreviations, denominators, methods; patterns like any cell.
    """

    key: str
    title: str
    header: tuple[tuple[Cell, ...], ...]
    rows: tuple[GridRow, ...]
    align: str
    footnotes: tuple[Cell, ...] = ()
    landscape: bool = False

    @property
    def width(self) -> int:
        return len(self.align)

    def ids(self) -> tuple[str, ...]:
        cells = (
            [c for line in self.header for c in line] + [c for r in self.rows for c in r.cells] + list(self.footnotes)
        )
        return tuple(i for c in cells for i in c.ids())


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text; kind `warning` is set off (a biased comparison, a thing that cannot be estimated)."""

    cell: Cell
    kind: Literal["body", "warning", "note", "bullet"] = "body"


@dataclass(frozen=True)
class FigureBlock:
    """A figure drawn from rows. path_stem: figures/<stem>.svg|png|pdf.  alt: what it shows, for a screen reader.

    ids: the rows it was drawn from.
    """

    key: str
    title: str
    path_stem: str
    alt: str
    caption: tuple[Cell, ...] = ()
    ids: tuple[str, ...] = ()
    width_cm: float = 16.0


Block = Heading | Paragraph | Grid | FigureBlock


@dataclass(frozen=True)
class Document:
    """A report in reading order; html and docx are made from the same one."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    facts: dict[str, str] = field(default_factory=dict)

    def ids(self) -> tuple[str, ...]:
        found: list[str] = []
        for block in self.blocks:
            if isinstance(block, Grid):
                found += block.ids()
            elif isinstance(block, Paragraph):
                found += block.cell.ids()
            elif isinstance(block, FigureBlock):
                found += [*block.ids, *(i for c in block.caption for i in c.ids())]
        return tuple(found)
