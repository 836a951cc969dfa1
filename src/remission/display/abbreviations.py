"""The abbreviations a report prints, spelled out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from remission.display.grid import Block, Cell, FigureBlock, Grid, Heading, Paragraph, Ref
from remission.display.words import text
from remission.results.table import Results


def say_abbreviations(blocks: Iterable[Block], results: Results) -> list[Block]:
    """One paragraph with those that occur, in alphabetical order; nothing where none does."""
    printed = " ".join(_words(blocks, results))
    found = [
        f"{short}, {words}"
        for short, words in known_abbreviations().items()
        if re.search(rf"(?<![\w-]){re.escape(short)}(?![\w-])", printed)
    ]
    if not found:
        return []
    return [Heading("Abbreviations", 1), Paragraph(text("; ".join(found) + "."))]


@cache
def known_abbreviations() -> dict[str, str]:
    """Short form -> what it stands for, in alphabetical order."""
    raw = resources.files("remission.display").joinpath("abbreviations.toml").read_text(encoding="utf-8")
    known: dict[str, str] = tomllib.loads(raw)
    return dict(sorted(known.items(), key=lambda item: (item[0].lower(), item[0])))


def _words(blocks: Iterable[Block], results: Results) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Paragraph):
            yield _plain(block.cell, results)
        elif isinstance(block, Grid):
            yield block.title
            cells = [c for line in block.header for c in line] + [c for row in block.rows for c in row.cells]
            yield from (_plain(c, results) for c in (*cells, *block.footnotes))
        elif isinstance(block, FigureBlock):
            yield from (block.title, *(_plain(c, results) for c in block.caption))


def _plain(cell: Cell, results: Results) -> str:
    return "".join(results[part.id].shown if isinstance(part, Ref) else part for part in cell.parts)
