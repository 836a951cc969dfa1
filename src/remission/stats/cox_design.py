"""The rows of a Cox model in the order in which one pass can sum them.

A cell is one day with an event in one stratum; cells are ordered by stratum, then day. Each row is at risk on a
run of cells of its stratum: those with entry < day <= exit. Rows at risk on no cell leave the working order, and
nothing else: they keep their place in residuals.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from remission.stats.arrays import BoolArray, FloatArray, FrozenArrays, IntArray
from remission.stats.cox_data import WHOLE, CoxRows
from remission.stats.parts import cuts_of, in_parts

_BLOCK = 1 << 12  # rows fetched at a time


@dataclass(frozen=True, eq=False)
class CoxDesign(FrozenArrays):
    """The working order: m rows sorted by last cell, events first; K cells; p columns centred and scaled.

    row: (m,) place of each working row among the caller's.  Z: (p, m).  first, last: (m,) cells between which a
    row is at risk, both counted.  is_event, weight, offset: (m,).  late: (m,) at risk only from a later cell
    than the first of its stratum.  starts, segments: segments of equal (last cell, event) and their index
    2 * cell + (not event).  cell_start, events_end: (K,) rows of a cell begin and its events end there.
    cell_day, cell_stratum: (K,).  bounds: (S + 1,) cells of each stratum.  deaths:
    (K,) events counted with copies.  mean_weight: (K,) weight of one of them.  tied: cells with two or more;
    slot_cell, slot_part: their events one by one, l/d for l = 0..d-1; slot_starts.  centre, scale:
    (p,).  offset_centre: taken off the offset.
    """

    row: IntArray
    Z: FloatArray
    first: IntArray
    last: IntArray
    is_event: BoolArray
    weight: FloatArray
    offset: FloatArray
    late: BoolArray | None
    starts: IntArray
    segments: IntArray
    cell_start: IntArray
    events_end: IntArray
    cell_day: IntArray
    cell_stratum: IntArray
    bounds: IntArray
    deaths: IntArray
    mean_weight: FloatArray
    tied: IntArray
    slot_cell: IntArray
    slot_part: FloatArray
    slot_starts: IntArray
    centre: FloatArray
    scale: FloatArray
    offset_centre: float

    @property
    def n_cells(self) -> int:
        """How many days with an event there are, summed over strata."""
        return int(self.cell_day.size)

    @cached_property
    def late_rows(self) -> tuple[IntArray, IntArray]:
        """Rows that enter late, and the cell before the first at which each is at risk."""
        rows = np.zeros(0, dtype=np.int64) if self.late is None else np.flatnonzero(self.late)
        return rows, self.first[rows] - 1  # of the same stratum: none of them begins at its first cell

    def blocks(self, size: int, lo: int, hi: int) -> list[tuple[int, int]]:
        """Rows lo..hi in order, at most `size` at a time: whole cells, or a piece of one that is longer."""
        ends = np.append(self.cell_start[1:], self.last.size)
        cuts, at = [lo], lo
        while at < hi:
            cell = int(self.last[at])
            end = int(ends[cell])
            if self.cell_start[cell] == at and end - at <= size:
                end = int(ends[np.searchsorted(ends, at + size, side="right") - 1])
            at = min(end, at + size, hi)
            cuts.append(at)
        return list(pairwise(cuts))


def cox_design(rows: CoxRows) -> CoxDesign:
    """Sort the rows into the working order; O(n log n) once, the covariates copied once."""
    cell_stratum, cell_day, before_exit, before_entry = _cells(rows)
    last, first = before_exit - 1, before_entry
    bounds = np.searchsorted(cell_stratum, np.arange(len(rows.strata) + 1))
    used = np.flatnonzero((first <= last) & (rows.weight > 0))
    key = 2 * last[used] + ~rows.is_event[used]
    small = key.astype(np.uint16) if 2 * cell_day.size < 1 << 16 else key  # radix sort for two bytes
    place = np.argsort(small, kind="stable")
    row, key = used[place], key[place]
    first, last, is_event, weight = first[row], last[row], rows.is_event[row], rows.weight[row]
    cut = np.flatnonzero(np.diff(key, prepend=-1))
    cell_start = np.flatnonzero(np.diff(last, prepend=-1))  # every cell has its events
    late = first > bounds[cell_stratum[last]] if row.size else np.zeros(0, dtype=np.bool_)
    event_weight = np.bincount(last[is_event], weights=weight[is_event], minlength=cell_day.size)
    deaths = np.rint(event_weight) if rows.weights == WHOLE else np.bincount(last[is_event], minlength=cell_day.size)
    deaths = deaths.astype(np.int64)
    tied = np.flatnonzero(deaths > 1)
    d = deaths[tied]
    slot_starts = np.concatenate([[0], np.cumsum(d)[:-1]]).astype(np.int64) if d.size else np.zeros(0, dtype=np.int64)
    part = (np.arange(int(d.sum())) - np.repeat(slot_starts, d)) / np.repeat(d, d)
    Z, centre, scale = _standardised(rows.covariates, row, weight)
    shift = rows.offset[row]
    middle = float(shift.mean()) if shift.size else 0.0
    return CoxDesign(
        row,
        Z,
        first,
        last,
        is_event,
        weight,
        shift - middle,
        late if late.any() else None,
        cut,
        key[cut],
        cell_start,
        cell_start + np.bincount(last[is_event], minlength=cell_day.size),
        cell_day,
        cell_stratum,
        bounds,
        deaths,
        np.divide(event_weight, deaths, out=np.ones(deaths.size), where=deaths > 0),
        tied,
        np.repeat(np.arange(tied.size), d),
        part,
        slot_starts,
        centre,
        scale,
        middle,
    )


def _cells(rows: CoxRows) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Stratum and day of each cell; how many cells lie at or before each row's exit, and at or before its entry."""
    span = int(rows.exits.max(initial=0)) + 2  # entry -1 is day 0 of the key
    counted = rows.is_event & (rows.weight > 0)
    key = rows.stratum * span + rows.exits + 1
    size = span * len(rows.strata)
    if size <= 4 * rows.exits.size + 1_000_000:
        occurs = np.bincount(key[counted], minlength=size) > 0
        upto = np.cumsum(occurs)
        seen = np.flatnonzero(occurs)
        return seen // span, seen % span - 1, upto[key], upto[rows.stratum * span + rows.entries + 1]
    seen = np.unique(key[counted])
    before_entry = np.searchsorted(seen, rows.stratum * span + rows.entries + 1, side="right")
    return seen // span, seen % span - 1, np.searchsorted(seen, key, side="right"), before_entry


def _standardised(X: FloatArray, row: IntArray, weight: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(p, m) columns with mean 0 and standard deviation 1; a constant column becomes 0 with scale 0.

    Rows are fetched and turned into columns a block at a time: fetching column by column misses the cache p times.
    """
    p, m = X.shape[1], row.size
    Z = np.empty((p, m))
    if not m:
        return Z, np.zeros(p), np.zeros(p)
    total = weight.sum()
    by_row = np.zeros(X.shape[0])
    by_row[row] = weight
    centre = (by_row @ X) / total

    def fetch(part: tuple[int, int]) -> tuple[FloatArray, FloatArray, FloatArray]:
        squares, least, most = np.zeros(p), np.full(p, np.inf), np.full(p, -np.inf)
        for lo in range(*part, _BLOCK):
            hi = min(lo + _BLOCK, part[1])
            z = Z[:, lo:hi]
            np.subtract(X[row[lo:hi]].T, centre[:, None], out=z)
            squares += (z * z) @ weight[lo:hi]
            np.minimum(least, z.min(axis=1), out=least)
            np.maximum(most, z.max(axis=1), out=most)
        return squares, least, most

    found = [np.stack(each) for each in zip(*in_parts(fetch, list(pairwise(cuts_of(m, p)))), strict=True)]
    squares, least, most = found[0].sum(axis=0), found[1].min(axis=0), found[2].max(axis=0)
    spread, largest = np.sqrt(squares / total), np.maximum(np.abs(least + centre), np.abs(most + centre))
    # the deviations of a constant are the rounding of its mean
    scale = np.where(spread > 1e-13 * largest, spread, 0.0)
    Z *= np.divide(1.0, scale, out=np.zeros(p), where=scale > 0)[:, None]
    return Z, centre, scale
