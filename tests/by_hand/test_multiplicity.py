"""Adjusted p-values by hand."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.stats import benjamini_hochberg, holm


def test_benjamini_hochberg_by_hand():
    """0.01, 0.04, 0.03: 3 * 0.01 = 0.03, 3/2 * 0.03 = 0.045 but not above 0.04, 0.04; an undefined test is no test."""
    assert benjamini_hochberg([0.01, None, 0.04, 0.03]) == [pytest.approx(0.03), None, 0.04, 0.04]
    assert benjamini_hochberg([]) == []
    assert benjamini_hochberg([None]) == [None]


def test_holm_by_hand():
    """0.01 * 3, 0.03 * 2, 0.04 * 1 but not below the one before."""
    assert holm([0.01, 0.04, None, 0.03]) == [pytest.approx(0.03), pytest.approx(0.06), None, pytest.approx(0.06)]


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_refusals(adjust):
    """A p-value outside 0 to 1, or not a number, is refused."""
    for p in (1.2, -0.1, float("nan")):
        with pytest.raises(DataError):
            adjust([0.5, p])
