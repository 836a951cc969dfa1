"""A table of the report as csv, the same words and numbers as in html and docx."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from remission.display.grid import Cell, Grid
from remission.report.numbering import check_shape, line_cells, words
from remission.results.files import guard, write_csv
from remission.results.table import Results


def write_grid_csv(grid: Grid, results: Results, path: Path) -> None:
    """Write the header lines and lines of a table; a cell over several columns stands in the first of them.

    Sub-lines begin with two spaces per step. Title and footnotes stay with the report: the file is the table alone.
    Raises: ResultsError (code `unknown-result`, `grid-shape`).
    """
    check_shape(grid)
    lines = [_spread(line, results) for line in grid.header]
    for row in grid.rows:
        line = _spread(line_cells(row, grid.width), results)
        line[0] = "  " * row.indent + line[0]
        lines.append(line)
    guarded = [[guard(text) for text in line] for line in lines]
    write_csv(path, guarded[0] if guarded else [], guarded[1:])


def _spread(cells: Iterable[Cell], results: Results) -> list[str]:
    return [text for cell in cells for text in (words(cell, results), *[""] * (cell.span - 1))]
