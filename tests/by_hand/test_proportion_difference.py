"""Newcombe's interval of a difference of proportions, on the examples of his paper."""

from __future__ import annotations

import pytest

from remission.stats.proportions import proportion_difference


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_table_of_newcombe(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Table II, method 10, as printed."""
    found = proportion_difference(a, m, b, n)
    assert found.estimate == pytest.approx(a / m - b / n)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_nobody_on_one_side() -> None:
    """No difference, and it is said."""
    assert proportion_difference(0, 0, 1, 5).status == "undefined"
