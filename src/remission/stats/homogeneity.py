"""Zelen's exact test that the odds ratio is the same in several two-by-two tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, IntArray, Status
from remission.stats.fisher import EQUAL

MOST_TABLES = 5_000_000  # combinations of tables held at a time


@dataclass(frozen=True)
class HomogeneityTest:
    """Exact two-sided p that k odds ratios are one. n_tables: those that take part.  p: None if undefined."""

    p: float | None
    n_tables: int
    status: Status
    reason: str


def zelen_test(tables: npt.ArrayLike) -> HomogeneityTest:
    """Exact test of one odds ratio in all of k two-by-two tables, such as one table per subgroup.

    Args: tables: (k, 2, 2) counts, e.g. subgroup by group by outcome.
    Returns: see HomogeneityTest; undefined if fewer than two tables can vary, failed if there are too many
    combinations.
    Conventions: given all margins and the total of the first cells, the sum of the probabilities that are not above
    the observed one; probabilities within 1e-7 of each other are equal.
    Raises: DataError if they are not tables of whole counts.
    Source: Zelen 1971, Biometrika 58:129.  Checked: tests/by_hand/test_interaction.py.
    """
    counts = _checked(tables)
    kept = [table for table in counts if _varies(table)]
    note = f"{len(counts) - len(kept)} tables without anybody in a row or column left out"
    note = note if len(kept) < len(counts) else ""
    if len(kept) < 2:
        reason = "fewer than two tables can vary"
        return HomogeneityTest(None, len(kept), "undefined", f"{reason}; {note}" if note else reason)
    parts = [_distribution(table) for table in kept]
    if float(np.prod([float(height.size) for _, height in parts])) > MOST_TABLES:
        return HomogeneityTest(None, len(kept), "failed", "too many combinations for the exact test")
    total, height = parts[0]
    for first_cells, heights in parts[1:]:
        total = np.add.outer(total, first_cells).ravel()
        height = np.add.outer(height, heights).ravel()
    observed = sum(int(table[0, 0]) for table in kept)
    # the probability of the observed tables, from the same sums
    own = sum(
        float(heights[int(table[0, 0]) - int(cells[0])]) for table, (cells, heights) in zip(kept, parts, strict=True)
    )
    among = height[total == observed]
    probability = np.exp(among - among.max())
    limit = float(np.exp(own - among.max())) * (1 + EQUAL)
    return HomogeneityTest(
        min(1.0, float(probability[probability <= limit].sum() / probability.sum())), len(kept), "ok", note
    )


def _checked(tables: npt.ArrayLike) -> IntArray:
    array = np.asarray(tables)
    if array.ndim != 3 or array.shape[1:] != (2, 2) or (array.size and array.dtype.kind not in "iu"):
        raise DataError(
            "The tables must be two by two whole counts each.",
            "not-a-table",
            expected="shape (k, 2, 2), integers",
            found=f"shape {array.shape}, type {array.dtype}",
        )
    if array.size and int(array.min()) < 0:
        raise DataError("A count is negative.", "below-minimum", expected="0 or more")
    return array.astype(np.int64)


def _varies(table: IntArray) -> bool:
    return bool((table.sum(axis=0) > 0).all() and (table.sum(axis=1) > 0).all())


def _distribution(table: IntArray) -> tuple[IntArray, FloatArray]:
    """Every first cell the margins allow, and the logarithm of its hypergeometric probability but for a constant."""
    (a, b), (c, d) = table.tolist()
    cells = np.arange(max(0, a - d), min(a + b, a + c) + 1, dtype=np.int64)
    x = cells.astype(np.float64)
    height: FloatArray = -(gammaln(x + 1) + gammaln(a + b - x + 1) + gammaln(a + c - x + 1) + gammaln(d - a + x + 1))
    return cells, height
