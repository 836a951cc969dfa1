"""A second oracle, run beside ours: statsmodels, except where its convention is another one and the test says so.

It needs the extra `oracles` and is skipped without it. Estimates agree to the order of the sums; its Cox model stops
at a change of 1e-8 or so of the likelihood's slope, hence 1e-6 for coefficients.
"""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest

from remission.stats import (
    RiskTable,
    chi_square,
    compare_survival,
    estimate_curves,
    fit_cox,
    fit_logistic,
    proportion_interval,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pytest.importorskip("statsmodels", reason="needs the extra oracles")
    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.duration.survfunc import SurvfuncRight, survdiff
    from statsmodels.stats.contingency_tables import Table2x2
    from statsmodels.stats.proportion import proportion_confint

pytestmark = pytest.mark.filterwarnings("ignore")
DATA = Path(__file__).parents[1] / "data"


def lung() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Days, deaths, sex and (age, sex, ph.ecog) of the lung data."""
    with (DATA / "lung.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["ph.ecog"]]
    table = np.array([[int(r[k]) for k in ("time", "status", "sex", "age", "ph.ecog")] for r in rows])
    return table[:, 0], table[:, 1] == 2, table[:, 2], table[:, [3, 2, 4]]


def test_curve():
    """Survival and Greenwood's standard error on every day with an event."""
    days, died, _, _ = lung()
    its = SurvfuncRight(days, died.astype(int))
    ours = estimate_curves(RiskTable.from_arrays(days, died))[0]
    place = np.searchsorted(ours.days, its.surv_times)
    np.testing.assert_allclose(ours.survival[place], its.surv_prob, rtol=1e-11, atol=1e-13)
    np.testing.assert_array_equal(ours.at_risk[place], its.n_risk)
    known = its.surv_prob > 1e-12
    np.testing.assert_allclose(ours.se[place][known], its.surv_prob_se[known], rtol=1e-10)


@pytest.mark.parametrize(
    ("weight", "ours"),
    [
        (None, {}),
        ("gb", {"weights": "gehan"}),
        ("tw", {"weights": "tarone-ware"}),
        ("fh", {"weights": "fleming-harrington", "rho": 1.0}),
    ],
)
@pytest.mark.parametrize("stratified", [False, True])
def test_logrank(weight, ours, stratified):
    """Log-rank, Gehan, Tarone-Ware and Fleming-Harrington, with and without strata."""
    days, died, sex, X = lung()
    strata = np.minimum(X[:, 2], 2) if stratified else None  # its strata need both groups
    more = {"fh_p": 1.0} if weight == "fh" else {}
    its = survdiff(days, died.astype(int), sex, weight_type=weight, strata=strata, **more)
    risk = RiskTable.from_arrays(days, died, group=sex, stratum=strata)
    test = compare_survival(risk, **ours)
    assert test.chi2 == pytest.approx(its[0], rel=1e-9)
    assert test.p == pytest.approx(its[1], rel=1e-8)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("stratified", [False, True])
def test_cox(ties, stratified):
    """Coefficients and standard errors without delayed entry, with and without strata."""
    days, died, _, X = lung()
    strata = X[:, 1] if stratified else None
    X = X[:, [0, 2]] if stratified else X
    its = PHReg(days.astype(float), X, status=died.astype(int), ties=ties, strata=strata).fit(
        method="newton", gtol=1e-12, disp=0
    )
    ours = fit_cox(days, died, X, ties=ties, stratum=strata)
    np.testing.assert_allclose(ours.coefficients, its.params, rtol=1e-6)
    np.testing.assert_allclose(ours.se, its.bse, rtol=1e-6)


def test_delayed_entry_is_another_convention():
    """PHReg counts a row at its very entry day: on the heart data the sign flips; half a day undoes it."""
    with (DATA / "heart_pieces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    start, stop, died, *X = (
        np.array([float(r[k]) for r in rows]) for k in ("start", "stop", "died", "transplant", "age", "surgery")
    )
    X = np.column_stack(X)
    ours = fit_cox(stop.astype(int), died == 1, X, entry_days=start.astype(int))
    its, shifted = (PHReg(stop, X, status=died, ties="efron", entry=e).fit(disp=0) for e in (start, start + 0.5))
    assert its.params[0] < 0 < ours.coefficients[0]
    np.testing.assert_allclose(ours.coefficients, shifted.params, rtol=1e-5)


@pytest.mark.parametrize(
    ("ours", "its"),
    [
        ("clopper-pearson", "beta"),
        ("wilson", "wilson"),
        ("jeffreys", "jeffreys"),
        ("agresti-coull", "agresti_coull"),
        ("wald", "normal"),
    ],
)
def test_proportions(ours, its):
    """Intervals of a proportion; at 0 of n and n of n Jeffreys' limits are 0 and 1 here, a stated choice."""
    for n, total in ((1, 7), (3, 20), (7, 13), (41, 90)):
        found = proportion_interval(n, total, method=ours)
        np.testing.assert_allclose((found.low, found.high), proportion_confint(n, total, method=its), rtol=1e-9)


def test_two_by_two():
    """Pearson's chi-square of a fourfold table, and its odds ratio by logistic regression."""
    table = np.array([[12, 5], [7, 19]])
    its = Table2x2(table, shift_zeros=False)
    assert chi_square(table).statistic == pytest.approx(its.test_nominal_association().statistic, rel=1e-10)
    exposed = np.repeat([1, 1, 0, 0], table.ravel())
    response = np.repeat([1, 0, 1, 0], table.ravel()) == 1
    fit = fit_logistic(response, exposed[:, None])
    at = list(fit.names).index("x1")
    assert fit.coefficients[at] == pytest.approx(its.log_oddsratio, rel=1e-9)
    assert fit.se[at] == pytest.approx(its.log_oddsratio_se, rel=1e-9)


def test_logistic():
    """Coefficients and standard errors of a logistic regression."""
    _, died, _, X = lung()
    ours = fit_logistic(died, X)
    its = Logit(died.astype(float), np.column_stack([np.ones(len(X)), X])).fit(disp=0, tol=1e-13)
    order = np.argsort([0 if name not in ("x1", "x2", "x3") else int(name[1]) for name in ours.names])
    np.testing.assert_allclose(ours.coefficients[order], its.params, rtol=1e-8)
    np.testing.assert_allclose(ours.se[order], its.bse, rtol=1e-8)
