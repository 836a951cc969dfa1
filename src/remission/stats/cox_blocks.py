"""The rows of a Cox model, block by block from the last: what each day's risk set adds up to.

The sums over a risk set are running sums from the last day to the first, so that one block of rows at a time is
enough: neither the products of all rows nor the sums of all days are held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from remission.stats.arrays import FloatArray, IntArray
from remission.stats.cox_design import CoxDesign
from remission.stats.parts import cuts_of, in_parts

BLOCK = 1 << 13  # rows whose products are held at a time: they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Block:
    """Rows lo..hi and the cells that begin among them, first..last, both ends as in slices; p columns.

    products: (p, hi - lo) risk times covariates; the next block overwrites it.  S1: (p, cells) sums over the risk sets.
    tied: cells among them with tied events, counted from the first.  D1: (p, tied) sums over their events.
    """

    lo: int
    hi: int
    first: int
    last: int
    products: FloatArray
    S1: FloatArray
    tied: IntArray
    D1: FloatArray


def risk_blocks(
    design: CoxDesign, risk: FloatArray, entered: FloatArray | None, lo: int = 0, hi: int | None = None
) -> Iterator[Block]:
    """Rows lo..hi and their cells from behind; hi is the end or begins a cell.

    Args: risk: (m,) the weighted exp(eta).  entered: as entered_after gives it.
    A cell longer than a block comes in pieces and is whole in the last of them.
    """
    p, end = design.Z.shape[0], design.last.size if hi is None else hi
    buffer = np.empty((p, BLOCK))
    carry, pending = _sums_behind(design, risk, entered, end), np.zeros((2, p))
    for a, b in reversed(design.blocks(BLOCK, lo, end)):
        products = np.multiply(design.Z[:, a:b], risk[a:b], out=buffer[:, : b - a])
        first, last = int(design.last[a]), int(design.last[b - 1]) + 1
        if design.cell_start[first] < a:  # a piece of a long cell, and not its first
            n_events = max(int(design.events_end[first]) - a, 0)
            pending += products.sum(axis=1), products[:, :n_events].sum(axis=1)
            yield Block(a, b, last, last, products, products[:, :0], design.tied[:0], products[:, :0])
            continue
        starts = design.cell_start[first:last] - a
        leaving = products.copy() if last - first == b - a else np.add.reduceat(products, starts, axis=1)
        tied = design.tied[slice(*np.searchsorted(design.tied, (first, last)))] - first
        D1 = _events(products, starts[tied], design.events_end[first:last][tied] - a)
        leaving[:, -1] += pending[0]
        if tied.size and tied[-1] == last - first - 1:
            D1[:, -1] += pending[1]
        pending[:] = 0
        if entered is not None:
            leaving -= entered[:, first:last]
        S1 = _from_behind(design, leaving, first, last, carry)
        carry = S1[:, 0].copy()
        yield Block(a, b, first, last, products, S1, tied, D1)


def entered_after(design: CoxDesign, risk: FloatArray) -> FloatArray | None:
    """(p, K) sums of risk times covariates over the rows that enter between each cell and the next of its stratum."""
    if design.late is None:
        return None
    rows, before = design.late_rows
    some = risk[rows]
    total = np.empty((design.Z.shape[0], design.n_cells))

    def columns(ends: tuple[int, int]) -> None:
        for j in range(*ends):
            total[j] = np.bincount(before, weights=design.Z[j][rows] * some, minlength=design.n_cells)

    in_parts(columns, list(pairwise(cuts_of(len(total), rows.size))))
    return total


def risk_parts(design: CoxDesign) -> list[tuple[int, int]]:
    """Rows lo..hi of the parts that risk_blocks may walk side by side."""
    cuts = cuts_of(design.last.size, design.Z.shape[0])
    inner = [int(design.cell_start[design.last[cut]]) for cut in cuts[1:-1]]
    return list(pairwise(sorted({0, *inner, cuts[-1]})))


def _events(products: FloatArray, starts: IntArray, ends: IntArray) -> FloatArray:
    """(p, k) sums over the columns from each start to its end, which may be the end of the block."""
    if not starts.size:
        return products[:, :0]
    cuts = np.stack([starts, np.minimum(ends, products.shape[1])], axis=1).ravel()
    if cuts[-1] == products.shape[1]:
        cuts = cuts[:-1]
    return np.ascontiguousarray(np.add.reduceat(products, cuts, axis=1)[:, ::2])


def _sums_behind(design: CoxDesign, risk: FloatArray, entered: FloatArray | None, row: int) -> FloatArray:
    """(p,) sums over the risk set of the cell that begins at a row; 0 where a stratum begins, or nothing."""
    p, m = design.Z.shape[0], design.last.size
    if row == m or (first := int(design.last[row])) in design.bounds:
        return np.zeros(p)
    last = int(design.bounds[np.searchsorted(design.bounds, first, side="right")])
    end = m if last == design.n_cells else int(design.cell_start[last])
    total: FloatArray = design.Z[:, row:end] @ risk[row:end]
    if entered is not None:
        total -= entered[:, first:last].sum(axis=1)
    return total


def _from_behind(design: CoxDesign, leaving: FloatArray, first: int, last: int, carry: FloatArray) -> FloatArray:
    """Running sums of the cells first..last from the last, on top of carry where the stratum goes on after them."""
    a, b = np.searchsorted(design.bounds, (first, last), side="right")
    inside = design.bounds[a:b]  # strata that end among the cells, or with them
    if not inside.size or inside[-1] != last:
        leaving[:, -1] += carry
    for lo, hi in zip([first, *inside.tolist()], [*inside.tolist(), last], strict=True):
        piece = leaving[:, lo - first : hi - first][:, ::-1]
        np.cumsum(piece, axis=1, out=piece)
    return leaving
