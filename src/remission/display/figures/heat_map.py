"""A heat map: a table whose cells are the darker the larger their share, each with its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from remission.core.errors import ResultsError
from remission.display.figures.fills import filled
from remission.display.figures.heat_map_data import HeatCell, HeatMapFigure
from remission.display.figures.lettered import lettered
from remission.display.figures.lettering import widest, wrap, wrap_evenly
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import PAD
from remission.display.figures.risk_table import EDGE
from remission.display.figures.style import DOUBLE_CM, GREY, SMALL, house_style
from remission.display.figures.surround import LINE, plan_surround

LIGHT, DARK = (0.95, 0.97, 0.99), (0.03, 0.25, 0.42)  # red, green and blue of 0 and of the largest share
MISSING = "#ffffff"
WHITE_BELOW = 0.179  # relative luminance; there white and black words have the same contrast, 4.6
MOST_LABEL_SHARE = 0.36
MOST_CELL = 78.0
LEAST_LABEL = 50.0
CELL_PAD = 3.0
SPAN_GAP = 5.0
KEY_WIDTH, KEY_HEIGHT, KEY_GAP, KEY_STEPS = 70.0, 7.0, 16.0, 30


@dataclass(frozen=True)
class Raster:
    """Where the cells are, in points from the left; deep: height of each row."""

    label_width: float
    lefts: tuple[float, ...]
    cell: float
    labels: tuple[tuple[str, ...], ...]
    words: tuple[tuple[tuple[str, ...], ...], ...]
    deep: tuple[float, ...]


def draw_heat_map(data: HeatMapFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw the table; white cells could not be counted.

    Args: data: shares and texts from result rows.  width_cm: 8.5 for one column of a page, 17.5 for the page.
    Returns: a figure of that width, as high as its rows need.
    """
    with house_style():
        data, note = lettered(data)
        width = page_width(width_cm)
        around = plan_surround(width, title=data.title, warning=data.warning, notes=(*data.annotation, note))
        raster = _raster(data, width)
        top_of_shade = max((c.share for row in data.cells for c in row if c.share is not None), default=0.0) or 1.0
        head = _head_height(data, raster)
        top = around.top + head
        body = top + sum(raster.deep)
        key = wrap(data.scale_label, width - EDGE - raster.lefts[0] - KEY_WIDTH - KEY_GAP)
        page = around.page(body + 2 * PAD + max(KEY_HEIGHT + LINE, len(key) * LINE))
        _draw_head(page, data, raster, top)
        y = top
        for k, row in enumerate(data.cells):
            page.lines(EDGE, y + (raster.deep[k] - len(raster.labels[k]) * LINE) / 2, raster.labels[k])
            for j, cell in enumerate(row):
                _draw_cell(
                    page, cell, raster.words[k][j], (raster.lefts[j], y, raster.cell, raster.deep[k]), top_of_shade
                )
            y += raster.deep[k]
        _draw_key(page, key, top_of_shade, raster.lefts[0], body + 2 * PAD)
        return page.figure


def _raster(data: HeatMapFigure, width: float) -> Raster:
    """Labels get what they need up to a share of the width, cells the rest in equal parts."""
    gaps = max(len(data.spans) - 1, 0) * SPAN_GAP
    words = [w for row in data.cells for c in row for w in c.text.split()]
    least = max(widest(words), widest([w for c in data.columns for w in c.split()], SMALL, True)) + CELL_PAD + 0.5
    free = width - 2 * EDGE - PAD - gaps
    label = min(widest(data.rows) + 0.5, MOST_LABEL_SHARE * width, max(free - least * len(data.columns), LEAST_LABEL))
    cell = min((free - label) / len(data.columns), MOST_CELL)
    if cell < widest(words) + CELL_PAD:
        raise _too_many_columns(len(data.columns))
    starts = set()
    done = 0
    for _, n in data.spans:
        done += n
        starts.add(done)
    lefts, x = [], EDGE + label + PAD
    for k in range(len(data.columns)):
        x += SPAN_GAP if k in starts else 0
        lefts.append(x)
        x += cell
    labels = tuple(wrap(r, label) for r in data.rows)
    wrapped = tuple(tuple(wrap(c.text, cell - CELL_PAD) for c in row) for row in data.cells)
    deep = tuple(
        max(len(lines), *(len(w) for w in row)) * LINE + 2 * CELL_PAD
        for lines, row in zip(labels, wrapped, strict=True)
    )
    return Raster(label, tuple(lefts), cell, labels, wrapped, deep)


def _too_many_columns(columns: int) -> ResultsError:
    return ResultsError(
        what="A heat map has more columns than its width has room for: numbers would be cut in two.",
        code="too-many-columns",
        expected="cells as wide as their numbers",
        found=f"{columns} columns",
        todo="Choose a wider figure, fewer columns, or shorter texts in the cells.",
    )


def _names(data: HeatMapFigure, raster: Raster) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    room = raster.cell - CELL_PAD
    return [wrap_evenly(c, room, SMALL, True) for c in data.columns], [wrap_evenly(n, room) for n in data.column_notes]


def _spans(data: HeatMapFigure, raster: Raster) -> list[tuple[tuple[str, ...], float, float]]:
    """Name, left and right of each group of columns."""
    found, k = [], 0
    for name, n in data.spans:
        left, right = raster.lefts[k], raster.lefts[k + n - 1] + raster.cell
        found.append((wrap_evenly(name, right - left, SMALL, True), left, right))
        k += n
    return found


def _head_height(data: HeatMapFigure, raster: Raster) -> float:
    names, notes = _names(data, raster)
    deep = max(len(n) for n in names) + max((len(n) for n in notes), default=0)
    spans = _spans(data, raster)
    return (deep + max((len(s[0]) for s in spans), default=0)) * LINE + PAD + (PAD if spans else 0)


def _draw_head(page: Page, data: HeatMapFigure, raster: Raster, bottom: float) -> None:
    """Names of groups over a line, names of columns, and their notes."""
    names, notes = _names(data, raster)
    noted = max((len(n) for n in notes), default=0) * LINE
    named = max(len(n) for n in names) * LINE
    y = bottom - PAD - noted
    for k, left in enumerate(raster.lefts):
        middle = left + raster.cell / 2
        page.lines(middle, y - len(names[k]) * LINE, names[k], bold=True, ha="center")
        if notes:
            page.lines(middle, y, notes[k], colour=GREY, ha="center")
    line = y - named - PAD / 2
    for lines, left, right in _spans(data, raster):
        page.arrow(left, line, right, line, head=False)
        page.lines((left + right) / 2, line - PAD / 2 - len(lines) * LINE, lines, bold=True, ha="center")


def _shade(share: float) -> tuple[str, str]:
    """Colour of a cell and of the words on it; share: of the largest."""
    mix = [a + (b - a) * share for a, b in zip(LIGHT, DARK, strict=True)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in mix)
    is_dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < WHITE_BELOW
    return "#" + "".join(f"{round(255 * v):02x}" for v in mix), "#FFFFFF" if is_dark else "#000000"


def _draw_cell(
    page: Page, cell: HeatCell, words: Sequence[str], place: tuple[float, float, float, float], most: float
) -> None:
    x, y, wide, high = place
    face, ink = (MISSING, GREY) if cell.share is None else _shade(cell.share / most)
    for patch in filled((x, y), (wide, high), page.points, face=face, frame="white", frame_width=0.8, z=0.2):
        page.figure.add_artist(patch)
    page.lines(x + wide / 2, y + (high - len(words) * LINE) / 2, words, ha="center", colour=ink)


def _draw_key(page: Page, label: Sequence[str], most: float, x: float, y: float) -> None:
    """A strip from 0 to the largest share."""
    step = KEY_WIDTH / KEY_STEPS
    for k in range(KEY_STEPS):
        face, _ = _shade((k + 0.5) / KEY_STEPS)
        for patch in filled((x + k * step, y), (step, KEY_HEIGHT), page.points, face=face, frame_width=0):
            page.figure.add_artist(patch)
    page.text(x, y + KEY_HEIGHT + SMALL + 1, "0")
    page.text(x + KEY_WIDTH, y + KEY_HEIGHT + SMALL + 1, f"{100 * most:.3g}", ha="center")
    page.lines(x + KEY_WIDTH + KEY_GAP, y - 1, label)
