"""Cut-points and spline columns that can be worked out on paper."""

from __future__ import annotations

from itertools import permutations
from math import exp, log, pi, sqrt

import numpy as np
import pytest

from remission.core.errors import DataError
from remission.stats import cut_point_for_number, cut_point_for_outcome, cut_point_for_survival, spline_basis
from remission.stats.cut_points import lausen_schumacher_p


def test_outcome_by_hand():
    """Markers 1 to 6, the outcome in the upper three: at 3 all are right, chi-square 6 times 5/6, its root sqrt(5)."""
    ours = cut_point_for_outcome([4, 1, 6, 2, 5, 3], [1, 0, 1, 0, 1, 0])
    assert (ours.cut, ours.n_low, ours.n_high, ours.direction) == (3.0, 3, 3, "higher above")
    assert ours.statistic == pytest.approx(sqrt(5), rel=1e-14)
    assert ours.cuts.tolist() == [1, 2, 3, 4, 5]
    # of the 20 places of three outcomes among six, two are as extreme
    assert ours.p == pytest.approx(0.1, abs=0.01)
    assert ours.p_low < 0.1 < ours.p_high


def test_permutation_by_all_orders():
    """Five patients: the drawn p is near that over all 120 orders."""
    marker, values = [1, 2, 3, 4, 5], [2, 1, 5, 3, 9]
    ours = cut_point_for_number(marker, values, shares=(0.2, 0.8), replicates=20_000)
    every = [
        cut_point_for_number(marker, order, shares=(0.2, 0.8), replicates=1).statistic for order in permutations(values)
    ]
    assert ours.p == pytest.approx(np.mean([s >= ours.statistic - 1e-9 for s in every]), abs=0.01)


def test_lausen_and_schumacher():
    """b = 3 between 10 % and 90 %: 4 phi(3)/3 + phi(3) (3 - 1/3) log 81; below 1 the approximation says nothing."""
    density = exp(-4.5) / sqrt(2 * pi)
    assert lausen_schumacher_p(3, 0.1, 0.9) == pytest.approx(density * (4 / 3 + 8 / 3 * log(81)), rel=1e-13)
    assert lausen_schumacher_p(0.9, 0.1, 0.9) == 1.0


def test_ties_of_the_marker_are_never_cut():
    """Equal markers are on one side, and a cut-point outside the shares is not tried."""
    ours = cut_point_for_number([1, 1, 2, 2, 2, 3], [1, 2, 3, 4, 5, 6], shares=(0.3, 0.8))
    assert ours.cuts.tolist() == [1.0]


def test_undefined_and_refused():
    """No events, one marker, everybody alike, nobody: a reason; wrong shares and gaps are refused."""
    assert cut_point_for_survival([1, 2, 3], [5, 6, 7], [0, 0, 0]).reason == "no events"
    assert cut_point_for_outcome([1, 1, 1], [0, 1, 0]).reason == "no cut-point between the shares"
    assert cut_point_for_outcome([1, 2, 3], [1, 1, 1]).reason == "all outcomes are alike"
    assert cut_point_for_number([1, 2, 3], [4, 4, 4]).reason == "all values are equal"
    assert cut_point_for_survival([1, 2], [5, 5], [1, 1]).reason == "all patients have the same time and status"
    assert cut_point_for_survival([], [], []).status == "undefined"
    for call in (
        lambda: cut_point_for_number([1, 2], [1, 2], shares=(0.9, 0.1)),
        lambda: cut_point_for_number([1, float("nan")], [1, 2]),
        lambda: cut_point_for_number([1, 2, 3], [1, 2]),
        lambda: cut_point_for_outcome([1, 2, 3], [0, 1, 1], replicates=0),
        lambda: cut_point_for_survival([1, 2, 3], [1, 2], [0, 1, 1]),
    ):
        with pytest.raises(DataError):
            call()


def test_spline_by_hand():
    """Knots 0, 1, 2, unit 4: the second column is x**3/4 up to 1, 1/4 + ... up to 2, and straight after that."""
    basis = spline_basis([-1, 0, 1, 2, 3, 4], knots=[0, 1, 2])
    # at 2: (8 - 2 * 1)/4; from there the slope is (12 - 2 * 3)/4 = 3/2
    np.testing.assert_allclose(basis.columns[:, 1], [0, 0, 0.25, 1.5, 3.0, 4.5], atol=1e-14)
    np.testing.assert_array_equal(basis.columns[:, 0], [-1, 0, 1, 2, 3, 4])
    np.testing.assert_allclose(basis.at([3.0]), [[3.0, 3.0]], atol=1e-14)


def test_outer_knots_of_few_values():
    """With 20 values the fifth from either end, if that is outside the others; with 100 the quantiles."""
    few = spline_basis(np.arange(1.0, 21), knots=3)
    assert few.knots.tolist() == [5.0, 10.5, 16.0]
    many = spline_basis(np.arange(0.0, 101), knots=3)
    assert many.knots.tolist() == [10.0, 50.0, 90.0]


def test_too_few_places_for_knots():
    """A number of two values has no curve: the values alone, and the reason."""
    basis = spline_basis([0.0, 1, 0, 1, 1, 0, 1], knots=4)
    assert (basis.status, basis.columns.shape, basis.at([2]).tolist()) == ("undefined", (7, 1), [[2.0]])
    assert spline_basis([], knots=3).status == "undefined"
    for knots in (2, 8, [1.0, 2.0], [1.0, 1.0, 2.0]):
        with pytest.raises(DataError):
            spline_basis([1.0, 2.0, 3.0], knots=knots)
