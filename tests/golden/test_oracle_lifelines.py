"""A second oracle, run beside ours: lifelines, with its known differences written down as tests.

It needs the extra `oracles` and is skipped without it. Its Cox model stops at a relative change of about 1e-7, hence
1e-5 for coefficients; curves agree to the order of the sums.
"""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest

from remission.stats import (
    RiskTable,
    compare_survival,
    estimate_curves,
    estimate_incidence,
    fit_cox,
    quantile_of_curve,
    restricted_mean,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    lifelines = pytest.importorskip("lifelines", reason="needs the extra oracles")
    import pandas as pd
    from lifelines.statistics import logrank_test
    from lifelines.utils import restricted_mean_survival_time

pytestmark = pytest.mark.filterwarnings("ignore")
DATA = Path(__file__).parents[1] / "data"


def lung() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Days, deaths, sex and (age, sex, ph.ecog) of the lung data."""
    with (DATA / "lung.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["ph.ecog"]]
    table = np.array([[int(r[k]) for k in ("time", "status", "sex", "age", "ph.ecog")] for r in rows])
    return table[:, 0], table[:, 1] == 2, table[:, 2], table[:, [3, 2, 4]]


def test_curve():
    """Survival and its log-log interval wherever survival is between 0 and 1."""
    days, died, _, _ = lung()
    its = lifelines.KaplanMeierFitter().fit(days, died)
    ours = estimate_curves(RiskTable.from_arrays(days, died))[0]
    inner = ~ours.flagged
    band = its.confidence_interval_.loc[ours.days].to_numpy()
    np.testing.assert_allclose(
        ours.survival, its.survival_function_.loc[ours.days].to_numpy()[:, 0], rtol=1e-10, atol=1e-13
    )
    np.testing.assert_allclose(ours.low[inner], band[inner, 0], rtol=1e-9)
    np.testing.assert_allclose(ours.high[inner], band[inner, 1], rtol=1e-9)


def test_certainty_and_plateau_are_other_conventions():
    """Before the first event it prints 1 to 1; on a plateau at 0.5 the first day, not the midpoint."""
    days, died = np.array([2, 4, 6, 8]), np.array([False, True, True, True])
    its = lifelines.KaplanMeierFitter().fit(days, died)
    ours = estimate_curves(RiskTable.from_arrays(days, died))[0]
    assert its.confidence_interval_.loc[2].tolist() == [1.0, 1.0]
    assert ours.low[0] == pytest.approx(0.025**0.25, rel=1e-12)
    flat = np.array([1, 2, 3, 4]), np.ones(4, dtype=bool)
    assert lifelines.KaplanMeierFitter().fit(*flat).median_survival_time_ == 2
    assert quantile_of_curve(estimate_curves(RiskTable.from_arrays(*flat))[0]).days == 2.5


def test_logrank():
    """The log-rank test of two groups."""
    days, died, sex, _ = lung()
    first = sex == 1
    its = logrank_test(days[first], days[~first], died[first], died[~first])
    ours = compare_survival(RiskTable.from_arrays(days, died, group=sex))
    assert ours.chi2 == pytest.approx(its.test_statistic, rel=1e-9)
    assert ours.p == pytest.approx(its.p_value, rel=1e-8)


@pytest.mark.parametrize("stratified", [False, True])
def test_cox(stratified):
    """Efron's coefficients, standard errors and log likelihood, with and without strata."""
    days, died, sex, X = lung()
    X = X[:, [0, 2]] if stratified else X
    table = pd.DataFrame(X, columns=[f"x{j}" for j in range(X.shape[1])]).assign(t=days, e=died, s=sex)
    its = lifelines.CoxPHFitter()
    its.fit(table if stratified else table.drop(columns="s"), "t", "e", strata=["s"] if stratified else None)
    ours = fit_cox(days, died, X, stratum=sex if stratified else None)
    np.testing.assert_allclose(ours.coefficients, its.params_, rtol=1e-5)
    np.testing.assert_allclose(ours.se, its.standard_errors_, rtol=1e-5)
    assert ours.loglik == pytest.approx(its.log_likelihood_, rel=1e-9)


def test_incidence_without_ties():
    """Aalen-Johansen where no two patients share a day."""
    rng = np.random.default_rng(5)
    days, cause = rng.permutation(80) + 1, rng.integers(0, 3, 80)
    ours = estimate_incidence(RiskTable.from_arrays(days, cause, causes=2))[0]
    for c in (1, 2):
        its = lifelines.AalenJohansenFitter(calculate_variance=False).fit(days, cause, event_of_interest=c)
        expected = its.cumulative_density_.loc[ours.days].to_numpy()[:, 0]
        np.testing.assert_allclose(ours.incidence[c - 1], expected, rtol=1e-10, atol=1e-14)


def test_incidence_with_ties_depends_on_its_seed():
    """On tied days it jitters: two seeds give two results; ours has no seed."""
    rng = np.random.default_rng(6)
    days, cause = rng.integers(1, 9, 80), rng.integers(0, 3, 80)
    found = []
    for seed in (1, 2):
        fitter = lifelines.AalenJohansenFitter(calculate_variance=False, seed=seed)
        found.append(float(fitter.fit(days, cause, event_of_interest=1).cumulative_density_.iloc[-1, 0]))
    assert found[0] != found[1]


def test_restricted_mean():
    """The restricted mean; its "variance" is of the time, not of the estimate, and is not compared."""
    days, died, sex, _ = lung()
    for g, curve in zip((1, 2), estimate_curves(RiskTable.from_arrays(days, died, group=sex)), strict=True):
        its = restricted_mean_survival_time(lifelines.KaplanMeierFitter().fit(days[sex == g], died[sex == g]), t=730)
        assert restricted_mean(curve, 730).mean_days == pytest.approx(float(its), rel=1e-9)
