"""Tables, ranks, proportions and quantiles small enough to count on paper."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.stats import (
    chi_square,
    compare_proportions,
    fisher_exact,
    kruskal_wallis,
    mann_whitney,
    proportion_interval,
    quantile,
    summarise,
    wilcoxon_signed_rank,
)


@pytest.mark.parametrize(
    ("table", "p", "mid_p"),
    [
        ([[3, 0], [0, 3]], 2 / 20, 1 / 20),
        ([[3, 1], [1, 3]], 34 / 70, (1 + 1 + 16) / 70),
        ([[2, 0], [1, 2]], 4 / 10, 1 / 10 + 3 / 20),  # the tables have 1/10, 6/10 and, observed, 3/10
    ],
)
def test_fisher_two_by_two(table, p, mid_p):
    """Sum of the probabilities not above the observed one; mid-P takes half of those equal to it."""
    assert fisher_exact(table).p == pytest.approx(p, rel=1e-12)
    assert fisher_exact(table, mid_p=True).p == pytest.approx(mid_p, rel=1e-12)


def test_fisher_three_rows():
    """Three rows of two, columns of three: first column 1, 1, 1 has 8/20, the six like 2, 1, 0 have 2/20 each."""
    assert fisher_exact([[2, 0], [1, 1], [0, 2]]).p == pytest.approx(12 / 20, rel=1e-12)
    assert fisher_exact([[1, 1], [1, 1], [1, 1]]).p == 1.0


def test_the_rule_between_fisher_and_chi_square():
    """Fisher below an expected count of 5, chi-square at 5; the reason says which."""
    at_five, below = compare_proportions([[5, 5], [5, 5]]), compare_proportions([[5, 5], [4, 5]])
    assert (at_five.test, at_five.expected_min, at_five.reason) == (
        "chi-square",
        5.0,
        "every expected count is at least 5",
    )
    assert (below.test, below.reason) == ("fisher", "an expected count is below 5")


def test_chi_square_by_hand():
    """10, 20 | 20, 10: every expected count is 15, so 4 * 25/15; with Yates 4 * 4.5**2/15."""
    assert chi_square([[10, 20], [20, 10]]).statistic == pytest.approx(100 / 15, rel=1e-14)
    assert chi_square([[10, 20], [20, 10]], yates=True).statistic == pytest.approx(4 * 4.5**2 / 15, rel=1e-14)


def test_empty_rows_and_columns_are_left_out_and_said():
    """An outcome nobody has changes neither p nor degrees of freedom."""
    full, empty = chi_square([[10, 20], [20, 10]]), chi_square([[10, 0, 20], [20, 0, 10], [0, 0, 0]])
    assert (empty.statistic, empty.df, empty.p) == (full.statistic, full.df, full.p)
    assert empty.reason == "1 empty row left out, 1 empty column left out"
    for one_column in ([[3, 0], [2, 0]], [[0, 0], [0, 0]], [[3, 4]]):
        test = compare_proportions(one_column)
        assert (test.status, test.p) == ("undefined", None)
        assert "fewer than two" in test.reason


def test_fisher_by_drawing_says_so():
    """Beyond the step limit the p is drawn, named, and the same for the same seed."""
    table = [[2, 0, 3], [1, 1, 4], [0, 2, 5]]
    exact, drawn = fisher_exact(table), fisher_exact(table, cost_limit=1)
    assert (drawn.test, drawn.replicates, drawn.seed) == ("fisher-monte-carlo", 99_999, 1)
    assert drawn.p == pytest.approx(exact.p, abs=0.01)
    assert drawn == fisher_exact(table, cost_limit=1)
    assert "seed 1" in drawn.reason


def test_table_refusals():
    """Fractions, negative counts and corrections of larger tables are refused."""
    for call in (
        lambda: chi_square([[1.5, 2.0], [3.0, 4.0]]),
        lambda: fisher_exact([[1, -1], [2, 3]]),
        lambda: fisher_exact([1, 2]),
        lambda: chi_square([[1, 2, 3], [4, 5, 6]], yates=True),
        lambda: fisher_exact([[1, 2, 3], [4, 5, 6]], mid_p=True),
    ):
        with pytest.raises(DataError):
            call()


def test_mann_whitney_by_counting():
    """2 below 3 values: 2 of 10 arrangements are as extreme. U counts pairs, ties by half."""
    test = mann_whitney([2.0, 1.0], [5, 3, 4])
    assert (test.statistic, test.method, test.p) == (0.0, "exact", pytest.approx(0.2, rel=1e-14))
    assert mann_whitney([5, 3, 4], [2.0, 1.0]).statistic == 6.0
    tied = mann_whitney([1, 2], [2, 3], method="exact")  # rank sums 3.5, 3.5, 5, 5, 6.5, 6.5
    assert (tied.statistic, tied.p) == (0.5, pytest.approx(4 / 6, rel=1e-14))


def test_signed_rank_by_counting():
    """Ranks 1 to 4, all positive: 2 of 16 sign patterns are as extreme."""
    test = wilcoxon_signed_rank([0.3, 1.2, 0.7, 2.0])
    assert (test.statistic, test.method, test.p) == (10.0, "exact", pytest.approx(2 / 16, rel=1e-14))
    assert wilcoxon_signed_rank([0, 0]).status == "undefined"


def test_kruskal_wallis_by_hand():
    """Ranks 1, 2 | 3, 4 | 5, 6: H = 12/42 * (9/2 + 49/2 + 121/2) - 21 = 32/7."""
    test = kruskal_wallis([[1, 2], [3, 4], [5, 6]])
    assert (test.statistic, test.df) == (pytest.approx(32 / 7, rel=1e-13), 2)
    assert kruskal_wallis([[1, 2], [], [3, 4]]).reason == "empty samples left out"
    assert kruskal_wallis([[1, 1], [1]]).status == "undefined"
    assert kruskal_wallis([[1, 1], []]).status == "undefined"


def test_ranks_refuse_missing_values():
    """A missing value is not dropped in silence."""
    with pytest.raises(DataError) as caught:
        mann_whitney([1.0, float("nan")], [2.0])
    assert caught.value.code == "missing-values"
    assert mann_whitney([], [1.0]).status == "undefined"
    assert mann_whitney([2, 2], [2]).reason == "all values are equal"


@pytest.mark.parametrize("method", ["clopper-pearson", "wilson", "mid-p", "jeffreys", "agresti-coull", "wald"])
def test_proportion_limits(method):
    """Limits enclose the estimate, stay in 0-1, and mirror when n becomes total - n."""
    for n in (0, 1, 3, 9, 10):
        ours, mirror = proportion_interval(n, 10, method=method), proportion_interval(10 - n, 10, method=method)
        assert 0 <= ours.low <= n / 10 <= ours.high <= 1
        assert (ours.low, ours.high) == pytest.approx((1 - mirror.high, 1 - mirror.low), abs=1e-13)


def test_proportions_at_the_ends():
    """None of 10: Clopper-Pearson 1 - 0.025**(1/10); mid-P 1 - 0.05**(1/10); Wilson z2/(10 + z2)."""
    z2 = 1.959963984540054**2
    assert proportion_interval(0, 10).high == pytest.approx(1 - 0.025**0.1, rel=1e-13)
    assert proportion_interval(0, 10, method="mid-p").high == pytest.approx(1 - 0.05**0.1, rel=1e-13)
    assert proportion_interval(0, 10, method="wilson").high == pytest.approx(z2 / (10 + z2), rel=1e-13)
    assert proportion_interval(0, 0).reason == "the denominator is 0"
    for n, total in ((3, 2), (-1, 2), (1.0, 2), (True, 2)):
        with pytest.raises(DataError):
            proportion_interval(n, total)


def test_mid_p_limits_solve_their_equation():
    """1 of 3, lower limit p: 3 p**2 (1-p) + p**3 + 3 p (1-p)**2 / 2 = 0.025."""
    p = proportion_interval(1, 3, method="mid-p").low
    assert 3 * p**2 * (1 - p) + p**3 + 1.5 * p * (1 - p) ** 2 == pytest.approx(0.025, rel=1e-12)


def test_quartile_types():
    """Quartiles of 1, 2, 3, 4: types 2, 6 and 7 differ, as SAS, SPSS and R do."""
    first = {kind: quantile([4, 2, 1, 3], 0.25, kind=kind) for kind in (2, 6, 7)}
    assert first == {2: 1.5, 6: 1.25, 7: 1.75}
    with pytest.raises(DataError):
        quantile([1, 2], 0.5, kind=10)
    with pytest.raises(DataError):
        quantile([1, 2], 1.5)


def test_summary():
    """Missing values are counted apart; one value has no sd; none has a reason."""
    four = summarise([3, 1, float("nan"), 2, 6])
    assert (four.n, four.missing, four.mean, four.median, four.q1, four.q3) == (4, 1, 3.0, 2.5, 1.5, 4.5)
    assert four.sd == pytest.approx((14 / 3) ** 0.5, rel=1e-14)
    assert (summarise([7]).sd, summarise([7]).median) == (None, 7.0)
    nobody = summarise([float("nan")])
    assert (nobody.n, nobody.missing, nobody.mean, nobody.maximum) == (0, 1, None, None)
    assert (nobody.status, nobody.reason) == ("undefined", "no values")
