"""Adjustment of p-values for the number of tests: Holm (family-wise) and Benjamini-Hochberg (false discoveries)."""

from __future__ import annotations

from collections.abc import Sequence

from remission.core.errors import DataError


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm's step-down adjustment; None stays None and is not counted.

    Args: p_values: n numbers of 0-1, None for a test that is undefined.
    Returns: n adjusted p in the same order; at or below a level they bound the chance of any false positive by it.
    Raises: DataError if a p-value is not in 0-1.
    Source: Holm 1979, Scand J Stat 6:65-70.  Checked: tests/golden/test_multiplicity.py (R p.adjust).
    """
    known = _known(p_values)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, i) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - rank)))
        adjusted[i] = largest
    return adjusted


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Benjamini and Hochberg's step-up adjustment; None stays None and is not counted.

    Args: as holm.
    Returns: n adjusted p; taking those at or below a level keeps the expected share of false ones among them
    below it, if the tests are independent or positively dependent.
    Raises: DataError if a p-value is not in 0-1.
    Source: Benjamini & Hochberg 1995, J R Stat Soc B 57:289-300.  Checked: tests/golden/test_multiplicity.py.
    """
    known = _known(p_values)
    adjusted: list[float | None] = [None] * len(p_values)
    least = 1.0
    for rank, (p, i) in reversed(list(enumerate(known, start=1))):
        least = min(least, p * len(known) / rank)
        adjusted[i] = least
    return adjusted


def _known(p_values: Sequence[float | None]) -> list[tuple[float, int]]:
    """The p-values that are there, the smallest first, with their places."""
    known = sorted((float(p), i) for i, p in enumerate(p_values) if p is not None)
    if n_bad := sum(not 0.0 <= p <= 1.0 for p, _ in known):
        raise DataError(
            f"{n_bad} of {len(known)} p-values are not between 0 and 1.", "not-a-proportion", expected="0 to 1, or None"
        )
    return known
