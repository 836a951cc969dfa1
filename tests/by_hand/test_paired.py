"""Paired measurements small enough to count: signs, ranks with ties, Walsh averages, changes of a finding."""

from __future__ import annotations

from math import nan

import pytest

from remission.core.errors import DataError
from remission.stats import (
    mcnemar_test,
    median_difference,
    paired_differences,
    pseudo_median,
    sign_test,
    wilcoxon_signed_rank,
)


def test_incomplete_pairs_and_zeros_are_counted():
    """Six patients: one without a second value, one unchanged, four that rise: p = 2/16."""
    d = paired_differences([1, 2, 3, 4, 5, 6], [nan, 2, 4, 6, 8, 10])
    test = wilcoxon_signed_rank(d)
    assert (test.n_pairs, test.n_incomplete, test.n_zero, test.has_ties) == (5, 1, 1, False)
    assert (test.statistic, test.method, test.p) == (10.0, "exact", pytest.approx(2 / 16, rel=1e-14))
    assert test.reason == "1 difference of 0 left out"
    assert wilcoxon_signed_rank(d, method="untied").method == "normal"


def test_exact_with_ties_by_counting():
    """Sizes 1, 1, 2 have ranks 1.5, 1.5, 3, and V = 4.5 of the signs +, -, +.

    Of the eight sums 0, 1.5, 1.5, 3, 3, 4.5, 4.5, 6 six are at least 1.5 from the middle 3.
    """
    test = wilcoxon_signed_rank([1, -1, 2])
    assert (test.statistic, test.has_ties, test.method) == (4.5, True, "exact")
    assert test.p == pytest.approx(6 / 8, rel=1e-14)


def test_differences_that_tie_but_for_rounding():
    """0.3 - 0.1 and 0.7 - 0.5 are both 0.2; in binary they are not equal."""
    assert 0.3 - 0.1 != 0.7 - 0.5
    assert paired_differences([0.1, 0.5, 0.7], [0.3, 0.7, 0.5]).tolist() == [0.2, 0.2, -0.2]
    assert paired_differences([0, 1e6], [0, 1e6 + 0.25]).tolist() == [0, 0.25]


def test_sign_test_by_counting():
    """Four of five rise: 2 * (1 + 5) / 32."""
    test = sign_test([3, 1, -2, 5, 4, 0])
    assert (test.statistic, test.n_zero, test.p) == (4.0, 1, pytest.approx(12 / 32, rel=1e-14))
    assert sign_test([1, -1]).p == 1.0


def test_walsh_averages():
    """1, 3, 8: the six averages 1, 2, 3, 4.5, 5.5, 8 have the median 3.75; three pairs allow 75 %, not 95 %."""
    shift = pseudo_median([8, 1, 3])
    assert (shift.estimate, shift.low, shift.high) == (3.75, None, None)
    assert shift.reason == "too few values for an interval of 95 %"
    wide = pseudo_median([8, 1, 3], confidence=0.75)
    assert (wide.low, wide.high, wide.achieved) == (1.0, 8.0, pytest.approx(0.75, rel=1e-14))


def test_differences_of_two_samples():
    """1, 4 against 2, 9: the differences -8, -5, -1, 2 have the median -3; two and two allow 2/3."""
    shift = median_difference([1, 4], [9, 2], confidence=0.6)
    assert (shift.estimate, shift.low, shift.high) == (-3.0, -8.0, 2.0)
    assert shift.achieved == pytest.approx(1 - 2 / 6, rel=1e-14)


def test_zeros_stay_in_the_estimate():
    """Two of three without a difference: the averages 0, 0, 0, 1, 1, 2 have the median 0.5; without zeros it is 2."""
    assert pseudo_median([0, 2, 0]).estimate == 0.5
    assert pseudo_median([0, 2, 0], drop_zeros=True).estimate == 2.0


def test_mcnemar_by_counting():
    """Five of six changes are to yes: exact 2 * 7/64, mid-P 2 * (1 + 6/2)/64; the odds ratio is 5."""
    before, after = [0] * 5 + [1, 1, nan], [1] * 5 + [0, 1, 1]
    test = mcnemar_test(before, after)
    assert (test.both, test.only_before, test.only_after, test.neither) == (1, 1, 5, 0)
    assert (test.n_pairs, test.n_incomplete, test.odds_ratio) == (7, 1, 5.0)
    assert test.p == pytest.approx(14 / 64, rel=1e-14)
    assert mcnemar_test(before, after, method="mid-p").p == pytest.approx(8 / 64, rel=1e-14)
    assert mcnemar_test(before, after, method="chi-square").statistic == pytest.approx(16 / 6, rel=1e-14)


@pytest.mark.parametrize(
    "call",
    [
        lambda: paired_differences([1, 2], [1]),
        lambda: paired_differences([float("inf")], [1]),
        lambda: wilcoxon_signed_rank([1.0], method="often"),
        lambda: wilcoxon_signed_rank([float("inf")]),
        lambda: mcnemar_test([0, 2], [1, 1]),
        lambda: mcnemar_test([0, 1], [1]),
        lambda: pseudo_median([1.0], confidence=95),
        lambda: median_difference([1.0, nan], [2.0]),
    ],
)
def test_refusals(call):
    """A wrong call is refused with a sentence."""
    with pytest.raises(DataError):
        call()
