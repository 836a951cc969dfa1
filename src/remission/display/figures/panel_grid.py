"""A grid of small plots over named columns: heads, brackets above, and rows of numbers below, all in line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from remission.display.figures.legend import SAMPLE
from remission.display.figures.lettering import breaks_words, text_width, widest, wrap, wrap_evenly
from remission.display.figures.page import Page
from remission.display.figures.panels_data import PanelTest
from remission.display.figures.plot_parts import draw_sample
from remission.display.figures.risk_table import EDGE
from remission.display.figures.style import GREY, INK, SMALL, Look
from remission.display.figures.surround import LINE
from remission.display.figures.value_axis import ValueAxis

MOST_ACROSS = 4
MOST_SLOT = 235.0  # points; a panel does not grow with the page
LEAST_PLOT = 52.0
BETWEEN = 14.0  # panels side by side
BELOW = 12.0  # panels one above the other
AXIS = 7.0  # ticks of the vertical axis and a gap
TICKS = 5.0  # of the horizontal axis
HEAD_GAP = 5.0
BRACKET = 5.0
MOST_HEADER_SHARE = 0.3
EMPTY = "no values"


@dataclass(frozen=True)
class NumberRow:
    """Numbers below the columns; look: of the group they belong to, shown instead of a header."""

    header: str
    cells: tuple[str, ...]
    look: Look | None = None


@dataclass(frozen=True)
class PanelPlan:
    """What a panel needs to be laid out. is_empty: nobody was measured; the plot says so."""

    title: str
    unit: str
    columns: tuple[str, ...]
    axis: ValueAxis
    rows: tuple[NumberRow, ...] = ()
    tests: tuple[PanelTest, ...] = ()
    is_empty: bool = False


@dataclass(frozen=True)
class PanelPlace:
    """Where a panel is, in points from the top left corner of the page.

    Args: x, y, width: of all of it.  left, top, plot_width, plot_height: of the plot.
    """

    plan: PanelPlan
    x: float
    y: float
    width: float
    left: float
    top: float
    plot_width: float
    plot_height: float

    def centre(self, column: int) -> float:
        return self.left + (column + 0.5) * self.plot_width / len(self.plan.columns)


@dataclass(frozen=True)
class Slots:
    """How the page is divided: panels side by side, the width of each, and the room left of the plots."""

    across: int
    width: float
    room: float


def plan_grid(plans: Sequence[PanelPlan], width: float, top: float) -> tuple[tuple[PanelPlace, ...], float]:
    """As many panels side by side as their words allow, in rows of equal height; and where the last one ends."""
    slots = _slots(plans, width)
    start = (width - slots.across * slots.width - (slots.across - 1) * BETWEEN) / 2
    high = float(np.clip(0.85 * (slots.width - slots.room), 80.0, 150.0))
    places: list[PanelPlace] = []
    for k in range(0, len(plans), slots.across):
        row = plans[k : k + slots.across]
        head = max(_head_height(p, slots) for p in row)
        for j, plan in enumerate(row):
            x = start + j * (slots.width + BETWEEN)
            plot = (x + slots.room, top + head, slots.width - slots.room, high)
            places.append(PanelPlace(plan, x, top, slots.width, *plot))
        top += head + high + max(_foot_height(p, slots) for p in row) + BELOW
    return tuple(places), top - BELOW


def _slots(plans: Sequence[PanelPlan], width: float) -> Slots:
    room = max(_room(p) for p in plans)
    for across in range(min(MOST_ACROSS, len(plans)), 0, -1):
        slot = min((width - 2 * EDGE - (across - 1) * BETWEEN) / across, MOST_SLOT)
        slots = Slots(across, slot, min(room, MOST_HEADER_SHARE * slot + 20))
        if slot - slots.room >= LEAST_PLOT and all(_fits(p, slots) for p in plans):
            break
    return slots


def _room(plan: PanelPlan) -> float:
    """Left of a plot: the numbers of its axis, and the headers of the rows below it."""
    headers = [SAMPLE + 3 if row.look else text_width(row.header) for row in plan.rows]
    numbers = [text_width(row.cells[0]) / 2 for row in plan.rows if row.cells]
    return max(widest(plan.axis.labels) + AXIS, *headers, *numbers, 0.0) + 2


def _step(plan: PanelPlan, slots: Slots) -> float:
    return (slots.width - slots.room) / len(plan.columns)


def _fits(plan: PanelPlan, slots: Slots) -> bool:
    """Whether no word below the columns, and no number, is wider than its column."""
    step = _step(plan, slots) - 3
    return not any(breaks_words(c, step) for c in plan.columns) and all(
        text_width(cell) <= step for row in plan.rows for cell in row.cells
    )


def _head_height(plan: PanelPlan, slots: Slots) -> float:
    """Title, unit and brackets."""
    lines = len(wrap(plan.title, slots.width, SMALL, True)) + len(wrap(plan.unit, slots.width))
    return lines * LINE + HEAD_GAP + sum(_test_height(t, slots) for t in plan.tests)


def _test_height(test: PanelTest, slots: Slots) -> float:
    return len(wrap_evenly(test.text, slots.width)) * LINE + BRACKET


def _foot_height(plan: PanelPlan, slots: Slots) -> float:
    step = _step(plan, slots) - 3
    deep = max(len(wrap_evenly(c, step)) for c in plan.columns) * LINE
    for row in plan.rows:
        deep += _row_height(row, step, slots.room)
    return TICKS + deep


def _row_height(row: NumberRow, step: float, room: float) -> float:
    header = 1 if row.look else len(wrap(row.header, room - 2))
    return LINE * max(header, *(len(wrap(c, step)) for c in row.cells), 1)


def draw_frame(page: Page, place: PanelPlace) -> Axes:
    """Everything but the values; returns the empty axes: columns at 0, 1, 2, values upwards."""
    plan, slots = place.plan, Slots(1, place.width, place.left - place.x)
    y = page.lines(place.x, place.y, wrap(plan.title, place.width, SMALL, True), bold=True)
    page.lines(place.x, y, wrap(plan.unit, place.width), colour=GREY)
    ax = page.axes(place.left, place.top, place.plot_width, place.plot_height)
    if plan.axis.is_log:
        ax.set_yscale("log")
        ax.minorticks_off()
    ax.set_xlim(-0.5, len(plan.columns) - 0.5)
    ax.set_ylim(plan.axis.low, plan.axis.high)
    ax.set_yticks(plan.axis.ticks, plan.axis.labels)
    ax.set_xticks(range(len(plan.columns)), [""] * len(plan.columns))
    _draw_tests(page, place, slots)
    _draw_foot(page, place)
    if plan.is_empty:
        page.text(place.left + place.plot_width / 2, place.top + place.plot_height / 2, EMPTY, colour=GREY, ha="center")
    return ax


def _draw_tests(page: Page, place: PanelPlace, slots: Slots) -> None:
    """Brackets above the plot, the first one lowest."""
    y = place.top - 2
    for test in place.plan.tests:
        ends = (place.centre(test.first), place.centre(test.second))
        page.arrow(ends[0], y - 2, ends[1], y - 2, head=False)
        for x in ends:
            page.arrow(x, y - 2, x, y, head=False)
        lines = wrap_evenly(test.text, place.width)
        half = widest(lines) / 2
        middle = min(max(sum(ends) / 2, place.x + half), place.x + place.width - half)
        page.lines(middle, y - 3 - len(lines) * LINE, lines, ha="center")
        y -= _test_height(test, slots)


def _draw_foot(page: Page, place: PanelPlace) -> None:
    """The names of the columns, and below them the rows of numbers."""
    plan, step = place.plan, place.plot_width / len(place.plan.columns) - 3
    y = place.top + place.plot_height + TICKS
    names = [wrap_evenly(c, step) for c in plan.columns]
    for k, lines in enumerate(names):
        page.lines(place.centre(k), y, lines, ha="center")
    y += max(len(lines) for lines in names) * LINE
    room = place.left - place.x
    for row in plan.rows:
        if row.look:
            draw_sample(page, row.look, place.x, y + LINE / 2)
        else:
            page.lines(place.x, y, wrap(row.header, room - 2), colour=GREY)
        colour = row.look.text if row.look else INK
        for k, cell in enumerate(row.cells):
            page.lines(place.centre(k), y, wrap(cell, step), ha="center", colour=colour)
        y += _row_height(row, step, room)
