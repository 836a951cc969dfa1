"""How an alluvial figure is laid out: a slot for the words of every category, ribbons as thick as their counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from remission.display.figures.alluvial_data import AlluvialCategory, AlluvialFigure
from remission.display.figures.lettering import text_width, wrap_evenly
from remission.display.figures.risk_table import EDGE
from remission.display.figures.style import SMALL
from remission.display.figures.surround import LINE

BODY = 190.0  # points that all patients take, one above the other
GAP = 7.0  # between the slots of two categories
BAND = 4.0  # at the sides of a box
LEAST_COUNT = 8.0  # thickness of a ribbon that carries its number
MOST_BOX = 108.0
BOX_SHARES = {2: 0.3, 3: 0.215, 4: 0.175}  # of the width, by the number of columns
NARROW = 340.0  # points; below, boxes take a larger share
NARROW_MORE = 1.12


@dataclass(frozen=True)
class Node:
    """A category: its slot, which holds its words, and in the middle of it the box, as high as its count."""

    column: int
    category: int
    slot_top: float
    slot_height: float
    top: float
    height: float
    label: tuple[str, ...]
    text: tuple[str, ...]

    @property
    def words_height(self) -> float:
        return (len(self.label) + len(self.text)) * LINE


@dataclass(frozen=True)
class Ribbon:
    """Patients of one colour between two categories; y: top at its left and at its right end."""

    column: int
    colour: int
    left_y: float
    right_y: float
    thickness: float


@dataclass(frozen=True)
class Count:
    """How many go from one category to another: its text, at the left end of its ribbons; y: of the middle."""

    column: int
    text: str
    y: float


@dataclass(frozen=True)
class Alluvium:
    """All parts in points from the top left corner of the body."""

    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    counts: tuple[Count, ...]
    lefts: tuple[float, ...]
    box_width: float
    height: float


def plan_alluvium(data: AlluvialFigure, width: float) -> Alluvium:
    """Place columns at equal distances, categories with room for their words, ribbons in the order of their ends."""
    many = len(data.columns)
    box = min(BOX_SHARES[many] * width * (NARROW_MORE if width < NARROW else 1), MOST_BOX)
    step = (width - 2 * EDGE - box) / (many - 1)
    lefts = tuple(EDGE + k * step for k in range(many))
    per_patient = BODY / max(data.total, 1)
    slots = [[_slot(c, box, per_patient) for c in column.categories] for column in data.columns]
    height = max(sum(s) + GAP * (len(s) - 1) for s in slots)
    nodes: list[Node] = []
    for k, column in enumerate(data.columns):
        spare = height - sum(slots[k])
        gap = spare / (len(slots[k]) - 1) if len(slots[k]) > 1 else 0.0
        gap = min(gap, 3 * GAP)
        y = (spare - gap * (len(slots[k]) - 1)) / 2
        for j, category in enumerate(column.categories):
            deep = category.n * per_patient
            label, text = _words(category, box)
            nodes.append(Node(k, j, y, slots[k][j], y + (slots[k][j] - deep) / 2, deep, label, text))
            y += slots[k][j] + gap
    ribbons, counts = _flow(data, nodes, per_patient)
    return Alluvium(tuple(nodes), ribbons, counts, lefts, box, height)


def _words(category: AlluvialCategory, box: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return wrap_evenly(category.label, box - 2 * BAND - 2), wrap_evenly(category.text, box - 2 * BAND - 2)


def _slot(category: AlluvialCategory, box: float, per_patient: float) -> float:
    label, text = _words(category, box)
    return max(category.n * per_patient, (len(label) + len(text)) * LINE + 2)


def _flow(data: AlluvialFigure, nodes: list[Node], per_patient: float) -> tuple[tuple[Ribbon, ...], tuple[Count, ...]]:
    """Ribbons between neighbouring columns: at each end in the order of where they come from or go to."""
    at = {(n.column, n.category): n.top for n in nodes}
    ribbons: list[Ribbon] = []
    counts: list[Count] = []
    for k in range(len(data.columns) - 1):
        flows: defaultdict[tuple[int, int, int], int] = defaultdict(int)
        for path in data.paths:
            flows[path.categories[k], path.categories[k + 1], path.categories[data.colour_by]] += path.n
        kept = {key: n for key, n in flows.items() if n}
        left = _stack(sorted(kept), kept, at, k, 0, per_patient)
        right = _stack(sorted(kept, key=lambda f: (f[1], f[0], f[2])), kept, at, k + 1, 1, per_patient)
        ribbons += [Ribbon(k, f[2], left[f], right[f], n * per_patient) for f, n in sorted(kept.items())]
        for pair in sorted({f[:2] for f in kept}):
            members = [f for f in sorted(kept) if f[:2] == pair]
            n = sum(kept[f] for f in members)
            if n * per_patient >= LEAST_COUNT:
                counts.append(Count(k, str(n), left[members[0]] + n * per_patient / 2))
    return tuple(ribbons), tuple(counts)


def _stack(
    order: list[tuple[int, int, int]],
    flows: dict[tuple[int, int, int], int],
    tops: dict[tuple[int, int], float],
    column: int,
    end: int,
    per_patient: float,
) -> dict[tuple[int, int, int], float]:
    """Where each ribbon begins at the boxes of a column."""
    free = {category: top for (k, category), top in tops.items() if k == column}
    found = {}
    for flow in order:
        found[flow] = free[flow[end]]
        free[flow[end]] += flows[flow] * per_patient
    return found


def count_width(text: str) -> float:
    """Of the plate below a number."""
    return text_width(text) + 3


def ribbon_outline(
    left: float, right: float, ribbon: Ribbon, points: int = 24
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Corners of a ribbon that leaves and arrives level; left, right: its ends in points."""
    share = np.linspace(0, 1, points)
    bend = share * share * (3 - 2 * share)
    x = left + share * (right - left)
    upper = ribbon.left_y + bend * (ribbon.right_y - ribbon.left_y)
    return np.concatenate((np.column_stack((x, upper)), np.column_stack((x, upper + ribbon.thickness))[::-1]))


def plate(count: Count) -> tuple[float, float]:
    """Top and height of the plate below a number."""
    return count.y - SMALL * 0.55, SMALL * 1.1
