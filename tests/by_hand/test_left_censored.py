"""Values below a floor, on paper: flipped Kaplan-Meier, scores of pairs, all signs."""

from __future__ import annotations

from math import nan

import pytest

from remission.core.errors import DataError
from remission.stats import (
    compare_left_censored,
    compare_left_censored_pairs,
    permutation_left_censored,
    summarise_left_censored,
)
from remission.stats.left_censored_tests import NEVER_MEET


def test_without_floors_it_is_the_usual_summary():
    """1, 2, 3, 4: quartiles of type 2."""
    ours = summarise_left_censored([3, 1, nan, 4, 2], [0] * 5)
    assert (ours.q1.value, ours.median.value, ours.q3.value) == (1.5, 2.5, 3.5)
    assert (ours.n, ours.missing, ours.n_below, ours.floors.size) == (4, 1, 0, 0)


def test_median_below_the_floor():
    """Two of five are known: from above 4/5, 3/5, and the median lies with the three below 2."""
    ours = summarise_left_censored([2, 2, 5, 2, 3], [1, 1, 0, 1, 0])
    assert (ours.median.value, ours.median.below) == (None, 2.0)
    assert (ours.q3.value, ours.minimum, ours.maximum, ours.share_below) == (3.0, 3.0, 5.0, 0.6)
    half = summarise_left_censored([2, 2, 5, 3], [1, 1, 0, 0])  # the other middle value is one of those below
    assert (half.median.value, half.median.below) == (None, 2.0)


def test_two_floors():
    """9, <8, 5, <5, 4: from above 4/5; at 5 three are at risk, so 4/5 * 2/3 = 8/15; then 4 takes the rest.

    A value of exactly 5 is not below 5, and <5 is at risk at 5 but not at 4: one at risk there.
    """
    ours = summarise_left_censored([9, 8, 5, 5, 4], [0, 1, 0, 1, 0])
    assert ours.floors.tolist() == [5.0, 8.0]
    assert ours.median.value == 4.0  # 8/15 is above a half
    assert ours.q3.value == 5.0
    assert ours.q1.value == 4.0


def test_below_which_floor():
    """20, <15, 10, <4, <4: 4/5 * 2/3 = 8/15 above or at 10, so the median is with those below 4, and not below 15."""
    ours = summarise_left_censored([20, 15, 10, 4, 4], [0, 1, 0, 1, 1])
    assert (ours.median.value, ours.median.below) == (None, 4.0)


def test_everything_below():
    """No value is known: every quantile is below the highest floor, and no test can be made."""
    ours = summarise_left_censored([1, 2, 2], [1, 1, 1])
    assert (ours.status, ours.median.value, ours.median.below) == ("ok", None, 2.0)
    assert ours.reason == "every value is below a floor"
    test = compare_left_censored([1, 2, 2], [1, 1, 1], ["a", "b", "b"])
    assert (test.status, test.p, test.reason) == ("undefined", None, "every value is below a floor")
    assert permutation_left_censored([1, 2, 2], [1, 1, 1], ["a", "b", "b"]).reason == "every value is below a floor"
    pairs = compare_left_censored_pairs([1, 1], [1, 1], [1, 1], [1, 1])
    assert (pairs.status, pairs.n_equal, pairs.reason) == ("undefined", 2, "no difference other than 0")


def test_pairs_by_hand():
    """Three patients, 5 -> 3, 4 -> <2, 1 missing; the scores are counted on four values and one more that is lowest.

    At 5 of five at risk: S = 4/5, score 3/5; at 4: S = 3/5, score 1/5; at 3: S = 2/5, score -1/5; below 2: 2/5 - 1.
    The differences -4/5 and -4/5 add up to -8/5, Z = -8/5 / sqrt(32/25); two of the four signs are as extreme.
    """
    test = compare_left_censored_pairs([5, 4, nan], [0, 0, 0], [3, 2, 7], [0, 1, 0])
    assert (test.n_pairs, test.n_incomplete, test.n_equal, test.n_below) == (2, 1, 0, (0, 1))
    assert test.statistic == pytest.approx(-1.6 / (1.28**0.5), rel=1e-12)
    assert (test.method, test.p) == ("exact", 0.5)


def test_the_higher_floor_counts_for_the_pair():
    """<5 before and 3 after: nobody knows which is higher. <5 and 7: it rose."""
    test = compare_left_censored_pairs([5, 5], [1, 1], [3, 7], [0, 0])
    assert (test.n_cut, test.n_equal, test.n_below) == (1, 1, (2, 0))
    assert test.statistic > 0


def test_groups_by_counting():
    """<2, <2 against 3, 4: one of the six ways to choose two of four, and the opposite one, are as extreme."""
    test = permutation_left_censored([2, 3, 2, 4], [1, 0, 1, 0], list("abab"))
    assert (test.method, test.arrangements, test.p) == ("exact", 6, pytest.approx(2 / 6, rel=1e-14))
    drawn = permutation_left_censored([2, 3, 2, 4], [1, 0, 1, 0], list("abab"), method="monte-carlo", replicates=9_999)
    assert drawn.p_low < 1 / 3 < drawn.p_high


def test_undefined_and_refused():
    """One group, no pair, one pair for a t test; a floor that is missing."""
    assert compare_left_censored([1, 2], [0, 0], ["a", "a"]).reason == "fewer than two groups hold values"
    # all equal; b is below 9, and perhaps below 3
    for values, below in (([1, 1, 1], [0, 0, 0]), ([3, 5, 9], [0, 0, 1])):
        test = compare_left_censored(values, below, list("aab"))
        assert (test.status, test.reason) == ("undefined", NEVER_MEET)
    three = compare_left_censored([3, 5, 4, 2, 9], [0, 0, 0, 0, 1], list("aabbc"))
    assert (three.status, three.df, three.reason.endswith("known: c")) == ("ok", 1, True)
    assert permutation_left_censored([1, 1, 1], [0, 0, 0], list("aab")).reason == "all values are equal"
    assert permutation_left_censored([], [], []).reason == "fewer than two groups hold values"
    assert compare_left_censored_pairs([], [], [], []).reason == "no complete pair"
    assert compare_left_censored_pairs([1], [0], [2], [0], test="akritas").status == "undefined"
    assert summarise_left_censored([], []).status == "undefined"
    for call in (
        lambda: summarise_left_censored([nan], [1]),
        lambda: summarise_left_censored([1, 2], [0]),
        lambda: compare_left_censored([1.0], [0], ["a"], test="best"),
        lambda: compare_left_censored([1, 2], [0, 0], ["a", None]),
        lambda: compare_left_censored_pairs([nan], [1], [1], [0]),
        lambda: compare_left_censored_pairs(list(range(30)), [0] * 30, [40] * 30, [0] * 30, method="exact"),
    ):
        with pytest.raises(DataError):
            call()
