"""Rubin's rules on three imputations, on paper, and what an imputation must leave alone."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest

from remission.core.errors import DataError
from remission.stats import impute_chained, pool_estimates, pool_tests
from remission.stats.imputation_draws import draw_number


def test_rubin_by_hand():
    """Estimates 1, 2, 3 with errors 1: W = 1, B = 1, T = 1 + 4/3 = 7/3; r = 4/3, df = 2 / (4/7)**2 = 49/8.

    Missing information (4/3 + 2/(49/8 + 3)) / (7/3) = (4/3 + 16/73) * 3/7.
    """
    pooled = pool_estimates([1, 2, 3], [1, 1, 1])
    assert (pooled.estimate, pooled.within, pooled.between) == (2.0, 1.0, 1.0)
    assert pooled.total == pytest.approx(7 / 3, rel=1e-14)
    assert pooled.se == pytest.approx((7 / 3) ** 0.5, rel=1e-14)
    assert pooled.relative_increase == pytest.approx(4 / 3, rel=1e-14)
    assert pooled.df == pytest.approx(49 / 8, rel=1e-14)
    assert pooled.missing_information == pytest.approx((4 / 3 + 16 / 73) * 3 / 7, rel=1e-14)


def test_barnard_and_rubin_by_hand():
    """The same with 10 degrees of freedom complete: observed 11/13 * 10 * 3/7 = 330/91, df = 1 / (8/49 + 91/330)."""
    pooled = pool_estimates([1, 2, 3], [1, 1, 1], df_complete=10)
    assert pooled.df == pytest.approx(1 / (8 / 49 + 91 / 330), rel=1e-14)


def test_joint_test_of_one_coefficient():
    """With one coefficient F is the square of t: 4 / (7/3), r = 4/3; with t = 2: df = 2 * 2 * (7/4)**2 / 2."""
    test = pool_tests([[1], [2], [3]], [[[1]]] * 3)
    assert test.statistic == pytest.approx(12 / 7, rel=1e-14)
    assert test.df_denominator == pytest.approx(2 * (7 / 4) ** 2, rel=1e-14)


def test_nothing_missing_is_the_complete_analysis():
    """The same estimate in all copies: the normal interval of the complete data, no information lost."""
    pooled = pool_estimates([0.5, 0.5], [0.2, 0.2])
    assert (pooled.se, pooled.df, pooled.missing_information) == (pytest.approx(0.2, rel=1e-15), inf, 0.0)
    assert pooled.high == pytest.approx(0.5 + 1.959963984540054 * 0.2, rel=1e-14)
    assert pool_estimates([0.5, 0.5], [0.2, 0.2], df_complete=30).df == pytest.approx(31 / 33 * 30, rel=1e-14)
    assert pool_tests([[1.0], [1.0]], [[[1.0]]] * 2).p == pytest.approx(0.31731050786291415, rel=1e-12)


def test_imputation_keeps_what_is_there():
    """Known values stay, gaps are filled with values that occur, a category of one level with that level."""
    table = np.array([[1, 0, 5], [2, nan, 5], [nan, 1, nan], [4, 1, 5], [3, 0, 5], [2.5, 2, 5]])
    ours = impute_chained(table, ["number", "category", "category"], m=4, seed=3)
    known = ~np.isnan(table)
    assert (ours.completed[:, known] == table[known]).all()
    assert set(ours.completed[:, 2, 0]) <= {1, 2, 4, 3, 2.5}
    assert set(ours.completed[:, 1, 1]) <= {0, 1, 2}
    assert (ours.completed[:, 2, 2] == 5).all()
    assert ours.methods == ("predictive mean matching", "multinomial", "the only level")
    assert ours.n_missing.tolist() == [1, 1, 1]


def test_donors_are_the_nearest():
    """Values on a straight line leave no doubt: a patient at 3.4 is given the value of 2, 3, 4 or 5."""
    at = np.column_stack([np.ones(8), np.arange(8.0)])
    rng = np.random.default_rng(1)
    drawn = draw_number(10 * at[:, 1], at, np.array([[1, 3.4]] * 400), 4, rng)
    values, times = np.unique(drawn, return_counts=True)
    assert values.tolist() == [20, 30, 40, 50]
    assert times.min() > 70
    assert set(draw_number(10 * at[:, 1], at, np.array([[1, -9.0]] * 50), 3, rng)) == {0, 10, 20}
    assert len(set(draw_number(10 * at[:, 1], at, np.array([[1, 3.0]] * 200), 50, rng))) == 8


def test_undefined_and_refused():
    """A column without values has no copies; one imputation has no variance; wrong calls are refused."""
    empty = impute_chained(np.array([[1, nan], [2, nan]]), ["number", "number"], names=["age", "wbc"])
    assert (empty.status, empty.completed.shape[0], empty.reason) == ("undefined", 0, "no value at all in: wbc")
    assert pool_estimates([1.0], [0.5]).status == "undefined"
    assert pool_estimates([], []).reason == "nothing to pool"
    assert pool_estimates([1.0, 2.0], [0, 0]).status == "undefined"
    assert pool_tests([[1.0]], [[[1.0]]]).status == "undefined"
    assert pool_tests([[1.0, 2.0]] * 2, [np.ones((2, 2))] * 2).reason.endswith("has no inverse")
    for call in (
        lambda: pool_estimates([1.0, 2.0], [0.5]),
        lambda: pool_estimates([1.0, 2.0], [0.5, -1]),
        lambda: pool_estimates([1.0, nan], [0.5, 1]),
        lambda: pool_estimates([1.0, 2.0], [0.5, 1], df_complete=0),
        lambda: pool_tests([1.0, 2.0], [[1.0]]),
        lambda: impute_chained([[1.0]], ["words"]),
        lambda: impute_chained([[1.0, 2.0]], ["number"]),
        lambda: impute_chained([[1.5]], ["category"]),
        lambda: impute_chained([[inf]], ["number"]),
        lambda: impute_chained([[1.0]], ["number"], m=0),
    ):
        with pytest.raises(DataError):
            call()
