"""Tests of a table of counts: Fisher's exact test, chi-square, and the rule that chooses between them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, gammaln

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, IntArray, Status
from remission.stats.fisher import EQUAL, TooManyTables, exact_p_of_table

SMALLEST_EXPECTED = 5.0  # below it the chi-square approximation gives way to Fisher's test


@dataclass(frozen=True)
class TableTest:
    """A test of independence of rows and columns.

    test: "fisher", "fisher-mid-p", "fisher-monte-carlo", "chi-square" or "chi-square-yates".  statistic, df:
    None for Fisher's.  expected_min: least expected count.  reason: why undefined or failed, else what was
    left out and, after compare_proportions, why this test.  replicates, seed: of a Monte Carlo p.
    """

    test: str
    statistic: float | None
    df: int | None
    p: float | None
    expected_min: float | None
    status: Status
    reason: str
    replicates: int | None = None
    seed: int | None = None


def compare_proportions(table: npt.ArrayLike, *, replicates: int = 99_999, seed: int = 1) -> TableTest:
    """Fisher's exact test if any expected count is below 5, else Pearson's chi-square without correction.

    Args: table: (r, c) counts, e.g. groups by outcome.  replicates, seed: if Fisher's test is out of reach.
    Returns: see TableTest; `reason` gives the rule; undefined if fewer than two rows or columns hold anybody.
    Raises: DataError if the table is not of whole counts.
    Source: the rule: Cochran 1954, Biometrics 10:417-451, in its stricter form.
    """
    counts, _ = _without_empty(table)
    if _why_undefined(counts):
        return chi_square(table)
    if float(_expected(counts).min()) < SMALLEST_EXPECTED:
        test = fisher_exact(table, replicates=replicates, seed=seed)
        return replace(test, reason=_join("an expected count is below 5", test.reason))
    test = chi_square(table)
    return replace(test, reason=_join("every expected count is at least 5", test.reason))


def chi_square(table: npt.ArrayLike, *, yates: bool = False) -> TableTest:
    """Pearson's chi-square test, with Yates' correction on request (2 x 2 only).

    Args: table: (r, c) counts; rows and columns without anybody are left out, and it is said.
    Returns: see TableTest; undefined if fewer than two rows or columns are left.
    Conventions: the correction is never larger than the difference it corrects (as R).
    Raises: DataError if the table is not of whole counts, or a correction is asked for a larger table.
    Source: Pearson 1900; Yates 1934.  Checked: tests/golden/test_stats_tests.py (R chisq.test).
    """
    counts, note = _without_empty(table)
    name = "chi-square-yates" if yates else "chi-square"
    if reason := _why_undefined(counts):
        return TableTest(name, None, None, None, None, "undefined", _join(reason, note))
    if yates and counts.shape != (2, 2):
        raise DataError(
            "Yates' correction is for a 2 x 2 table.",
            "wrong-shape",
            expected="2 x 2",
            found=f"{counts.shape[0]} x {counts.shape[1]}",
        )
    expected = _expected(counts)
    distance = np.abs(counts - expected)
    if yates:
        distance = distance - min(0.5, float(distance.min()))
    statistic = float((distance**2 / expected).sum())
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return TableTest(name, statistic, df, float(chdtrc(df, statistic)), float(expected.min()), "ok", note)


def fisher_exact(
    table: npt.ArrayLike,
    *,
    mid_p: bool = False,
    replicates: int = 99_999,
    seed: int = 1,
    cost_limit: int = 1_000_000,
) -> TableTest:
    """Fisher's exact test of an r x c table, two-sided: all tables no more probable than the observed one.

    Args: table: (r, c) counts; rows and columns without anybody are left out, and it is said.  mid_p: count
    tables exactly as probable as the observed by half (2 x 2 only).  replicates, seed: of the Monte Carlo p
    given instead when a table needs more than `cost_limit` steps.
    Returns: see TableTest; `test` is "fisher-monte-carlo" when it was drawn; undefined with one row or
    column.
    Conventions: probabilities within 1e-7 of each other are equal; Monte Carlo p is (b + 1) / (m + 1).
    Raises: DataError if the table is not of whole counts, or mid-P is asked for a larger table.
    Source: Fisher 1935; Freeman & Halton 1951; Mehta & Patel 1983; Hirji, Tan & Elashoff 1991 (mid-P).
    Checked: tests/golden/test_stats_tests.py (R fisher.test).
    """
    counts, note = _without_empty(table)
    name = "fisher-mid-p" if mid_p else "fisher"
    if reason := _why_undefined(counts):
        return TableTest(name, None, None, None, None, "undefined", _join(reason, note))
    least = float(_expected(counts).min())
    if counts.shape == (2, 2):
        return TableTest(name, None, None, _two_by_two(counts, mid_p=mid_p), least, "ok", note)
    if mid_p:
        raise DataError(
            "Mid-P is for a 2 x 2 table.",
            "wrong-shape",
            expected="2 x 2",
            found=f"{counts.shape[0]} x {counts.shape[1]}",
        )
    try:
        p = exact_p_of_table(counts, cost_limit=cost_limit)
    except TooManyTables:
        p = _drawn_p(counts, replicates, np.random.default_rng(seed))
        note = _join(f"too many tables for the exact test: {replicates} drawn with seed {seed}", note)
        return TableTest("fisher-monte-carlo", None, None, p, least, "ok", note, replicates, seed)
    return TableTest("fisher", None, None, p, least, "ok", note)


def _two_by_two(counts: IntArray, *, mid_p: bool) -> float:
    """Sum of hypergeometric probabilities at most the observed one, normalised over all tables."""
    (a, b), (c, d) = counts.tolist()
    low, high = max(0, a - d), min(a + b, a + c)
    x = np.arange(low, high + 1, dtype=np.float64)
    log_p = -(gammaln(x + 1) + gammaln(a + b - x + 1) + gammaln(a + c - x + 1) + gammaln(d - a + x + 1))
    probability = np.exp(log_p - log_p.max())
    probability /= probability.sum()
    observed = float(probability[a - low])
    equal = np.abs(probability - observed) <= EQUAL * observed
    below = (probability < observed) & ~equal
    share = 0.5 if mid_p else 1.0
    return min(1.0, float(probability[below].sum() + share * probability[equal].sum()))


def _drawn_p(counts: IntArray, replicates: int, rng: np.random.Generator) -> float:
    """(b + 1) / (m + 1) over tables with the observed margins, drawn cell by cell."""
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    limit = float(-gammaln(counts + 1.0).sum()) + EQUAL
    remaining = np.tile(columns, (replicates, 1))
    height = np.zeros(replicates)
    for total in rows[:-1]:
        left = np.full(replicates, total)
        for j in range(columns.size - 1):
            cell = rng.hypergeometric(remaining[:, j], remaining[:, j + 1 :].sum(axis=1), left)
            remaining[:, j] -= cell
            left -= cell
            height -= gammaln(cell + 1.0)
        remaining[:, -1] -= left
        height -= gammaln(left + 1.0)
    height -= gammaln(remaining + 1.0).sum(axis=1)
    return (int(np.count_nonzero(height <= limit)) + 1) / (replicates + 1)


def _without_empty(table: npt.ArrayLike) -> tuple[IntArray, str]:
    """The table without rows and columns that hold nobody, and a sentence saying how many were left out."""
    array = np.asarray(table)
    if array.ndim != 2 or (array.size and array.dtype.kind not in "iu"):
        raise DataError(
            "A table of counts needs rows and columns of whole numbers.",
            "not-a-table",
            expected="shape (r, c), integers",
            found=f"shape {array.shape}, type {array.dtype}",
        )
    if array.size and int(array.min()) < 0:
        raise DataError("A count is negative.", "below-minimum", expected="0 or more")
    counts = array.astype(np.int64)
    rows, columns = counts.sum(axis=1) > 0, counts.sum(axis=0) > 0
    left_out = [
        f"{n} empty {word}{'s' if n > 1 else ''} left out"
        for n, word in ((int((~rows).sum()), "row"), (int((~columns).sum()), "column"))
        if n
    ]
    return counts[np.ix_(rows, columns)], ", ".join(left_out)


def _why_undefined(counts: IntArray) -> str:
    if counts.shape[0] < 2:
        return "fewer than two rows hold anybody"
    return "fewer than two columns hold anybody" if counts.shape[1] < 2 else ""


def _expected(counts: IntArray) -> FloatArray:
    rows, columns = counts.sum(axis=1).astype(np.float64), counts.sum(axis=0).astype(np.float64)
    expected: FloatArray = np.outer(rows, columns) / rows.sum()
    return expected


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
