"""Imputation and cut-points on data of which the truth is known; every seed is fixed."""

from __future__ import annotations

import numpy as np
import pytest

from remission.stats import (
    chi_square,
    cut_point_for_outcome,
    cut_point_for_survival,
    fit_logistic,
    impute_chained,
    pool_estimates,
    spline_basis,
)


def correlated(n: int, seed: int) -> np.ndarray:
    """A number, a second that rises with it, and a yes-no and a three-level column that depend on both."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = 1 + 2 * x + rng.normal(size=n)
    yes = (y + rng.logistic(size=n) > 1).astype(float)
    level = np.digitize(x + 0.7 * rng.normal(size=n), [-0.5, 0.7]).astype(float)
    return np.column_stack([x, y, yes, level])


KINDS = ("number", "number", "category", "category")


def test_nothing_missing():
    """A table without gaps comes back m times as it is."""
    table = correlated(30, 1)
    ours = impute_chained(table, KINDS, m=3)
    assert (ours.completed == table).all()
    assert ours.methods == ("complete",) * 4
    assert np.isnan(ours.trace).all()


def test_the_seed_decides():
    """The same seed gives the same copies, another other ones; copy k does not depend on how many there are."""
    table = correlated(60, 2)
    table[::3, 1], table[1::4, 2], table[2::5, 3] = np.nan, np.nan, np.nan
    once = impute_chained(table, KINDS, m=4, seed=7)
    assert (impute_chained(table, KINDS, m=4, seed=7).completed == once.completed).all()
    assert (impute_chained(table, KINDS, m=2, seed=7).completed == once.completed[:2]).all()
    assert not (impute_chained(table, KINDS, m=4, seed=8).completed == once.completed).all()
    assert not (once.completed[0] == once.completed[1]).all()


def test_missing_at_random_is_repaired():
    """y is missing where x is high: the known mean is far too low, the pooled one covers the truth of 1."""
    table = correlated(600, 3)
    rng = np.random.default_rng(4)
    gone = rng.random(600) < 1 / (1 + np.exp(-2 * table[:, 0]))
    table[gone, 1] = np.nan
    known = table[~gone, 1]
    assert known.mean() < 0.2
    ours = impute_chained(table, KINDS, m=20, seed=5)
    y = ours.completed[:, :, 1]
    pooled = pool_estimates(y.mean(axis=1), y.std(axis=1, ddof=1) / 600**0.5, df_complete=599)
    assert abs(pooled.estimate - 1) < 0.25
    assert pooled.low < 1 < pooled.high
    assert 0.1 < pooled.missing_information < 0.8


def test_categories_missing_at_random_are_repaired():
    """Levels missing where x is high: the shares of the complete table come back."""
    table = correlated(900, 6)
    truth = [(table[:, 3] == k).mean() for k in range(3)]
    rng = np.random.default_rng(7)
    gone = rng.random(900) < 1 / (1 + np.exp(-1.5 * table[:, 0]))
    table[gone, 3] = np.nan
    known = [(table[~gone, 3] == k).mean() for k in range(3)]
    ours = impute_chained(table, KINDS, m=10, seed=8)
    found = [(ours.completed[:, :, 3] == k).mean() for k in range(3)]
    assert abs(known[2] - truth[2]) > 0.1
    np.testing.assert_allclose(found, truth, atol=0.04)


def test_separated_and_collinear_columns():
    """A level that one column decides, and one column twice: draws that are finite and right."""
    x = np.linspace(-2, 2, 80)
    yes = (x > 0).astype(float)
    yes[::7] = np.nan
    ours = impute_chained(np.column_stack([x, x, yes]), ("number", "number", "category"), m=10)
    far = np.isnan(yes) & (np.abs(x) > 1)
    assert (ours.completed[:, far, 2] == (x[far] > 0)).mean() > 0.95


def test_rows_in_another_order_say_the_same():
    """The pooled estimate hardly depends on the order of patients."""
    table = correlated(200, 9)
    table[::4, 1] = np.nan
    means = [impute_chained(rows, KINDS, m=20).completed[:, :, 1].mean() for rows in (table, table[::-1])]
    assert means[0] == pytest.approx(means[1], abs=0.1)


def test_the_search_is_paid_for():
    """Without any effect 5 % of the adjusted p are at most 0.05, and far more of those of the best cut-point itself."""
    rng = np.random.default_rng(10)
    adjusted, naive = [], []
    for k in range(300):
        marker, outcome = rng.normal(size=60), rng.random(60) < 0.4
        ours = cut_point_for_outcome(marker, outcome, replicates=199, seed=k)
        adjusted.append(ours.p <= 0.05)
        table = [
            [int((outcome & side).sum()), int((~outcome & side).sum())]
            for side in (marker <= ours.cut, marker > ours.cut)
        ]
        naive.append(chi_square(table).p <= 0.05)
    assert 0.02 <= np.mean(adjusted) <= 0.085
    assert np.mean(naive) > 0.3


def test_a_step_is_found():
    """A hazard three times higher above 0.5: the cut-point is near, and nothing but the order of markers counts."""
    rng = np.random.default_rng(11)
    marker = rng.random(200)
    days = np.ceil(rng.exponential(np.where(marker > 0.5, 100, 300))).astype(int)
    ours = cut_point_for_survival(marker, days, np.ones(200, bool), replicates=999)
    assert abs(ours.cut - 0.5) < 0.1
    assert (ours.direction, ours.p) == ("higher above", 0.001)
    scaled = cut_point_for_survival(np.exp(marker), days, np.ones(200, bool), replicates=999)
    assert (scaled.statistic, scaled.p, scaled.n_low) == (ours.statistic, ours.p, ours.n_low)
    other = cut_point_for_survival(-marker, days, np.ones(200, bool), replicates=9)
    assert other.statistic == pytest.approx(ours.statistic, rel=1e-12)
    assert other.direction == "lower above"


def test_spline_is_smooth_and_straight_outside():
    """Second differences vanish beyond the outer knots and do not jump at the inner ones."""
    x = np.linspace(0, 10, 2001)
    columns = spline_basis(x, knots=[2.0, 4, 6, 8]).columns
    bend = np.diff(columns[:, 1:], n=2, axis=0)
    outside = (x[1:-1] < 1.99) | (x[1:-1] > 8.01)
    assert np.abs(bend[outside]).max() < 1e-10
    assert np.abs(np.diff(bend, axis=0)).max() < 1e-6
    moved = spline_basis(x * 3 + 1, knots=[7.0, 13, 19, 25]).columns
    np.testing.assert_allclose(moved[:, 1:], columns[:, 1:] * 3, atol=1e-10)  # all columns have the unit of the values


def test_outcomes_missing_at_random_are_repaired():
    """The yes-no outcome is missing where x is high: the pooled log odds of yes cover those of the complete table."""
    table = correlated(800, 12)
    complete = fit_logistic(table[:, 2] == 1, (np.arange(800) % 2).astype(float)).coefficients[0]
    gone = np.random.default_rng(13).random(800) < 1 / (1 + np.exp(-2 * table[:, 0]))
    half = (np.arange(800) % 2).astype(float)
    rest = fit_logistic(table[~gone, 2] == 1, half[~gone]).coefficients[0]
    table[gone, 2] = np.nan
    fits = [fit_logistic(t[:, 2] == 1, half) for t in impute_chained(table, KINDS, m=10).completed]
    pooled = pool_estimates([f.coefficients[0] for f in fits], [f.se[0] for f in fits])
    assert not pooled.low < rest < pooled.high
    assert pooled.low < complete < pooled.high
