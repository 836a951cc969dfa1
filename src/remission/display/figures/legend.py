"""Legend and annotation of a plot: composed as measured lines, then put where no curve runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from remission.display.figures.lettering import widest, wrap, wrap_evenly
from remission.display.figures.style import LEADING, SMALL, Look

SAMPLE = 17.0  # points of line shown before a label
SAMPLE_GAP = 4.0
CELL = 2.0  # points; the plot is searched in squares of this size
CLEARANCE = 2  # cells kept free around curves


@dataclass(frozen=True)
class Entry:
    """Lines of text that belong together; look: of the line sample before the first one, None for none."""

    lines: tuple[str, ...]
    look: Look | None = None

    @property
    def width(self) -> float:
        return widest(self.lines) + (SAMPLE + SAMPLE_GAP if self.look is not None else 0.0)

    @property
    def height(self) -> float:
        return len(self.lines) * SMALL * LEADING


@dataclass(frozen=True)
class Key:
    """What the legend says of one curve; look None where there is nothing to tell it from."""

    label: str
    note: str = ""
    look: Look | None = None


def compose(keys: Sequence[Key], annotation: Sequence[str], max_width: float) -> tuple[Entry, ...]:
    """Entries no wider than `max_width`: each curve on one line where all fit, else the notes below the labels."""
    entries: list[Entry] = []
    room = max_width - (SAMPLE + SAMPLE_GAP if any(k.look for k in keys) else 0.0)
    joined = [": ".join(part for part in (k.label, k.note) if part) for k in keys]
    in_one_line = widest(joined) <= room
    for key, together in zip(keys, joined, strict=True):
        lines = (together,) if in_one_line else (*wrap_evenly(key.label, room), *wrap_evenly(key.note, room))
        if together:
            entries.append(Entry(lines, key.look))
    entries += [Entry(wrap(text, max_width)) for text in annotation if text]
    return tuple(entries)


def size_of(entries: Sequence[Entry]) -> tuple[float, float]:
    """Width and height of entries one below the other."""
    return max((e.width for e in entries), default=0.0), sum(e.height for e in entries)


@dataclass(frozen=True)
class Place:
    """Where a block goes: top left corner in points from the top left of the plot; the lower the cost the emptier."""

    x: float
    y: float
    cost: float


def occupied(width: float, height: float, paths: Sequence[npt.NDArray[np.float64]]) -> npt.NDArray[np.bool_]:
    """Squares of the plot near a step path; paths are (m, 2) points from the top left of the plot."""
    rows, columns = int(height / CELL) + 1, int(width / CELL) + 1
    used = np.zeros((rows, columns), dtype=bool)
    for path in paths:
        cells = np.floor_divide(path, CELL).astype(int)
        for (x0, y0), (x1, y1) in pairwise(cells):
            left, right = sorted((x0, x1))
            top, bottom = sorted((y0, y1))
            used[
                max(top - CLEARANCE, 0) : bottom + CLEARANCE + 1,
                max(left - CLEARANCE, 0) : right + CLEARANCE + 1,
            ] = True
    return used


def shade(
    shape: tuple[int, ...], bands: Sequence[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]
) -> npt.NDArray[np.bool_]:
    """Squares of the plot under an interval band; each band is its lower and upper step path."""
    used = np.zeros(shape, dtype=bool)
    for low, high in bands:
        for (x0, y0), (x1, _), (_, top) in zip(low[::2], low[1::2], high[::2], strict=True):
            if np.isfinite(y0) and np.isfinite(top):
                used[int(top / CELL) : int(y0 / CELL) + 1, int(x0 / CELL) : int(x1 / CELL) + 1] = True
    return used


def find_place(
    block: tuple[float, float],
    curves: npt.NDArray[np.bool_],
    shaded: npt.NDArray[np.bool_],
    *,
    margin: float = 5.0,
) -> Place | None:
    """The emptiest place for a block: free of curves, as far as possible free of bands, and near a corner.

    Returns: None where no place in the plot is free of curves.
    """
    rows, columns = curves.shape
    wide, high = int(np.ceil(block[0] / CELL)), int(np.ceil(block[1] / CELL))
    edge = int(margin / CELL)
    if wide + 2 * edge > columns or high + 2 * edge > rows:
        return None
    top, left = np.mgrid[edge : rows - high - edge + 1, edge : columns - wide - edge + 1]
    across = np.minimum(left - edge, (columns - wide - edge) - left) * CELL
    down = np.minimum(top - edge, (rows - high - edge) - top) * CELL
    hits = _sums(curves, high, wide)[top, left]
    tinted = _sums(shaded, high, wide)[top, left] / (wide * high)
    # the right-hand top corner wins a tie: curves fall to the right
    tie = 0.01 * (top > rows / 2 - high / 2) + 0.02 * (left < columns / 2 - wide / 2)
    cost = np.where(hits == 0, tinted * 60 + (tinted > 0) * 25 + np.hypot(across, down) + tie, np.inf)
    at = np.unravel_index(int(np.argmin(cost)), cost.shape)
    if not np.isfinite(cost[at]):
        return None
    return Place(float(left[at] * CELL), float(top[at] * CELL), float(cost[at]))


def _sums(used: npt.NDArray[np.bool_], high: int, wide: int) -> npt.NDArray[np.int64]:
    """How many used squares lie in a block whose top left square is [row, column]."""
    total = np.zeros((used.shape[0] + 1, used.shape[1] + 1), dtype=np.int64)
    total[1:, 1:] = used.astype(np.int64).cumsum(0).cumsum(1)
    return (
        total[high:, wide:]
        - total[: total.shape[0] - high, wide:]
        - total[high:, : total.shape[1] - wide]
        + total[: total.shape[0] - high, : total.shape[1] - wide]
    )


def in_columns(entries: Sequence[Entry], width: float, gap: float = 14.0) -> tuple[tuple[Entry, ...], ...]:
    """Entries in as many columns of equal width as fit, filled downwards."""
    widest_entry = max((e.width for e in entries), default=1.0)
    count = max(1, min(len(entries), int((width + gap) / (widest_entry + gap))))
    deep = max(1, -(-len(entries) // count))
    return tuple(tuple(entries[k : k + deep]) for k in range(0, len(entries), deep))
