"""What html and docx have in common: captions are numbered in reading order, and a table has a shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remission.core.errors import ResultsError
from remission.display.grid import Block, Cell, Document, FigureBlock, Grid, GridRow, Paragraph, Ref
from remission.results.table import Results


def number_blocks(document: Document) -> Iterator[tuple[Block, int]]:
    """The blocks in reading order with their number: tables and figures count from 1, the others are 0."""
    tables = figures = 0
    for block in document.blocks:
        if isinstance(block, Grid):
            tables += 1
            check_shape(block)
            yield block, tables
        elif isinstance(block, FigureBlock):
            figures += 1
            yield block, figures
        else:
            yield block, 0


def check_shape(grid: Grid) -> None:
    """Raise ResultsError (code `grid-shape`) if a line is wider than the table, or a header narrower."""
    for line in grid.header:
        if sum(cell.span for cell in line) != grid.width:
            raise _wrong_shape(grid)
    for row in grid.rows:
        if sum(cell.span for cell in row.cells) > grid.width:
            raise _wrong_shape(grid)


def _wrong_shape(grid: Grid) -> ResultsError:
    return ResultsError(
        what=f"A line of the table `{grid.key}` does not have the width of the table.",
        code="grid-shape",
        expected=f"cells whose spans add up to {grid.width} columns",
        todo="This is a fault of the program; please report it with the study file.",
    )


def line_cells(row: GridRow, width: int) -> tuple[Cell, ...]:
    """The cells of a line, filled up to the width of the table; its first cell runs over the empty cells behind it."""
    cells = row.cells + (Cell(),) * (width - sum(cell.span for cell in row.cells))
    if not cells:
        return ()
    first, *others = cells
    while others and not others[0].parts:
        first = replace(first, span=first.span + others.pop(0).span)
    return (first, *others)


def words(cell: Cell, results: Results) -> str:
    """A cell as plain words."""
    return "".join(results[part.id].shown if isinstance(part, Ref) else part for part in cell.parts)


def printed_ids(document: Document) -> tuple[str, ...]:
    """The ids a document prints, in reading order (a figure is drawn from more than its caption prints)."""
    found: list[str] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            found += block.ids()
        elif isinstance(block, FigureBlock):
            found += [i for line in block.caption for i in line.ids()]
        elif isinstance(block, Paragraph):
            found += block.cell.ids()
    return tuple(found)


def closed(title: str) -> str:
    """The title of a figure as a sentence: the caption goes on behind it."""
    return title if title.endswith((".", "?", "!")) else title + "."


def missing_figure(block: FigureBlock) -> ResultsError:
    return ResultsError(
        what=f"The figure `{block.path_stem}` of the report was not drawn.",
        code="no-figure",
        todo="This is a fault of the program; please report it with the study file.",
    )
