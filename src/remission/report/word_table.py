"""A Grid as a Word table: three lines, header lines that repeat, rows that stay whole, columns as wide as they need."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, sqrt
from typing import Any

from remission.display.grid import Cell, Grid, GridRow
from remission.report.numbering import line_cells, words
from remission.report.word_styles import PAGE
from remission.report.word_xml import add_parts, element
from remission.results.table import Results

_TWIPS_PER_CM = 567
_CM_PER_LETTER = 0.175  # a little more than a figure in Arial at 8.5 points
_CM_BETWEEN = 0.32
_INDENT_CM = 0.4
_NARROWEST_CM = 0.9
_NUMBER_LETTERS = 20
_WORD_LETTERS = 24  # a longer word, a checksum, may be cut
_HEAVY, _LIGHT, _HAIR = 12, 6, 4  # eighths of a point
# a table this short is kept on one page
_LINES_TOGETHER = 30
_SIDES = {"l": "left", "r": "right", "c": "center"}


def make_table(grid: Grid, results: Results) -> Any:
    """The w:tbl element of a grid."""
    widths = column_widths_cm(grid, results, PAGE.text_landscape_cm if grid.landscape else PAGE.text_cm)
    table = element("tbl")
    table.append(_table_properties(sum(widths)))
    columns = element("tblGrid")
    for width in widths:
        columns.append(element("gridCol", w=_twips(width)))
    table.append(columns)
    for k, cells in enumerate(grid.header):
        table.append(_header_line(grid, cells, widths, results, is_last=k == len(grid.header) - 1))
    together = _lines_high(grid, widths, results) <= _LINES_TOGETHER
    for k, row in enumerate(grid.rows):
        is_last = k == len(grid.rows) - 1
        with_next = together or row.kind == "head" or (is_last and bool(grid.footnotes))
        table.append(_body_line(grid, row, widths, results, with_next=with_next))
    return table


def column_widths_cm(grid: Grid, results: Results, available: float) -> list[float]:
    """Widths that fill the page: as wide as the longest text, or, where text must wrap, by how much text there is.

    Numbers of up to 20 letters stay on one line as long as the other columns can give way; single words as long as
    the page allows.
    """
    natural, whole, least, squares = ([_NARROWEST_CM] * grid.width for _ in range(4))
    for cells, row in _lines(grid):
        column = 0
        for cell in cells:
            text = words(cell, results)
            if cell.span == 1 and text:
                is_bold = row is None or row.kind != "body" or cell.strong
                letter = _CM_PER_LETTER * (1.25 if is_bold else 1.0)
                extra = _CM_BETWEEN + (_INDENT_CM * row.indent if row and column == 0 else 0)
                longest = min(max(len(part) for part in text.split() or [""]), _WORD_LETTERS)
                word = longest * letter + extra
                line = word if row is None else len(text) * letter + extra
                is_number = grid.align[column] != "l" and len(text) <= _NUMBER_LETTERS
                natural[column] = max(natural[column], line)
                whole[column] = max(whole[column], line if is_number else word)
                least[column] = max(least[column], word)
                squares[column] += line * line
            column += cell.span
    floor = whole if sum(whole) <= available else least
    if sum(natural) > available >= sum(floor):
        natural = _share([sqrt(square) for square in squares], floor, natural, available)
    return [width * available / sum(natural) for width in natural]


def _lines(grid: Grid) -> Iterator[tuple[tuple[Cell, ...], GridRow | None]]:
    """All lines; a header line has no row."""
    yield from ((cells, None) for cells in grid.header)
    yield from ((line_cells(row, grid.width), row) for row in grid.rows)


def _share(weights: list[float], least: list[float], most: list[float], available: float) -> list[float]:
    """Widths in proportion to the weights, none below its least or above its most; they add up to what is there."""

    def widths(factor: float) -> list[float]:
        return [min(max(factor * w, low), high) for w, low, high in zip(weights, least, most, strict=True)]

    low, high = 0.0, available
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(widths(middle)) < available else (low, middle)
    return widths(low)


def _lines_high(grid: Grid, widths: list[float], results: Results) -> int:
    """About how many lines of text the table takes down the page."""
    total = 0
    for cells, _ in _lines(grid):
        column, high = 0, 1
        for cell in cells:
            room = sum(widths[column : column + cell.span]) - _CM_BETWEEN
            high = max(high, ceil(len(words(cell, results)) * _CM_PER_LETTER / room))
            column += cell.span
        total += high
    return total


def _table_properties(width_cm: float) -> Any:
    made = element("tblPr")
    made.append(element("tblW", w=_twips(width_cm), type="dxa"))
    made.append(_borders("tblBorders", top=_HEAVY, bottom=_HEAVY))
    made.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    for side, width in (("left", 0.0), ("right", _CM_BETWEEN)):  # the rules begin where the text begins
        margins.append(element(side, w=_twips(width), type="dxa"))
    made.append(margins)
    return made


def _borders(tag: str, **sizes: int) -> Any:
    made = element(tag)
    for side, size in sizes.items():
        made.append(element(side, val="single", sz=size, space=0, color="1B1E23"))
    return made


def _header_line(grid: Grid, cells: tuple[Cell, ...], widths: list[float], results: Results, *, is_last: bool) -> Any:
    row = _row(is_header=True)
    column = 0
    for cell in cells:
        is_over = cell.span > 1 and column > 0 and bool(cell.parts)
        side = "center" if is_over else _SIDES[grid.align[column]]
        sizes = {"bottom": _LIGHT if is_last else _HAIR} if is_last or is_over else {}
        width = sum(widths[column : column + cell.span])
        made = _table_cell(cell, width, side, results, bold=True, sizes=sizes, valign="bottom", with_next=True)
        row.append(made)
        column += cell.span
    return row


def _body_line(grid: Grid, line: GridRow, widths: list[float], results: Results, *, with_next: bool) -> Any:
    row = _row(is_header=False)
    column = 0
    for cell in line_cells(line, grid.width):
        made = _table_cell(
            cell,
            sum(widths[column : column + cell.span]),
            _SIDES[grid.align[column]],
            results,
            bold=line.kind in ("head", "total"),
            sizes={"top": _HAIR} if line.kind == "total" else {},
            with_next=with_next,
            indent=line.indent if column == 0 else 0,
            space_before=100 if line.kind == "head" else None,
        )
        row.append(made)
        column += cell.span
    return row


def _row(*, is_header: bool) -> Any:
    made, properties = element("tr"), element("trPr")
    properties.append(element("cantSplit"))
    if is_header:
        properties.append(element("tblHeader"))
    made.append(properties)
    return made


def _table_cell(
    cell: Cell,
    width_cm: float,
    side: str,
    results: Results,
    *,
    bold: bool,
    sizes: dict[str, int],
    with_next: bool,
    valign: str = "top",
    indent: int = 0,
    space_before: int | None = None,
) -> Any:
    made, properties = element("tc"), element("tcPr")
    properties.append(element("tcW", w=_twips(width_cm), type="dxa"))
    if cell.span > 1:
        properties.append(element("gridSpan", val=cell.span))
    if sizes:
        properties.append(_borders("tcBorders", **sizes))
    properties.append(element("vAlign", val=valign))
    made.append(properties)
    paragraph, look = element("p"), element("pPr")
    look.append(element("pStyle", val="TableText"))
    if with_next:
        look.append(element("keepNext"))
    if space_before is not None:
        look.append(element("spacing", before=space_before))
    if indent:
        look.append(element("ind", left=_twips(_INDENT_CM * indent)))
    look.append(element("jc", val=side))
    paragraph.append(look)
    add_parts(paragraph, cell, results, bold=bold)
    made.append(paragraph)
    return made


def _twips(cm: float) -> int:
    return round(cm * _TWIPS_PER_CM)
