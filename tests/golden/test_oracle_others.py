"""Second oracles, run beside ours: comprisk (competing risks), SurPyval (curves, Cox), firthmodels (Firth's penalty).

They need the extra `oracles` and are skipped without it. Their iterations stop earlier than ours: tolerances follow.
"""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from remission.stats import (
    RiskTable,
    compare_incidence,
    estimate_curves,
    estimate_incidence,
    fit_cause_specific,
    fit_cox,
    fit_fine_gray,
    fit_logistic,
)

pytestmark = pytest.mark.filterwarnings("ignore")
DATA = Path(__file__).parents[1] / "data"
COMPETING = json.loads((Path(__file__).parent / "cr.json").read_text(encoding="utf-8"))["data"]


def program(name: str):
    """The oracle, or a skipped test where it is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(name, reason="needs the extra oracles")


def columns(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Days, causes, groups and two covariates of a data set with competing risks."""
    c = COMPETING[name]
    if name == "ties":
        return np.array(c["time"]), np.array(c["event"]), np.array(c["group"]), np.column_stack([c["z1"], c["z2"]])
    return np.array(c["etime"]), np.array(c["event"]), np.array(c["male"]), np.column_stack([c["male"], c["age"]])


@pytest.mark.parametrize("name", ["mgus2", "ties"])
@pytest.mark.parametrize("cause", [1, 2])
def test_gray(name, cause):
    """comprisk: Gray's statistic and p."""
    days, why, group, _ = columns(name)
    its = program("comprisk").gray_test(days.astype(float), why, group, cause=cause)
    ours = compare_incidence(RiskTable.from_arrays(days, why, group=group), cause)
    assert ours.chi2 == pytest.approx(its.stat, rel=1e-9)
    assert ours.p == pytest.approx(its.pvalue, rel=1e-8)


@pytest.mark.parametrize("name", ["mgus2", "ties"])
def test_incidence(name):
    """comprisk: the cumulative incidence of each cause, ties kept."""
    days, why, _, _ = columns(name)
    its = program("comprisk").CumulativeIncidence().fit(days.astype(float), why)
    ours = estimate_incidence(RiskTable.from_arrays(days, why))[0]
    for cause in (1, 2):
        curve = its.curves_[(None, cause)]
        place = np.searchsorted(curve.times, ours.days, side="right") - 1
        expected = np.where(place < 0, 0.0, curve.cif[np.maximum(place, 0)])
        np.testing.assert_allclose(ours.incidence[cause - 1], expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("name", ["mgus2", "ties"])
@pytest.mark.parametrize("cause", [1, 2])
def test_fine_gray(name, cause):
    """comprisk: coefficients of Fine and Gray's model."""
    comprisk = program("comprisk")
    days, why, _, X = columns(name)
    days = days + 1  # with an event on day 0 it takes the censoring curve after the day instead of before it
    given = {"X": X, "time": days.astype(float), "event": why}
    its = comprisk.FineGrayRegression(cause=cause, max_iter=50, gtol=1e-12).fit(**given)
    ours = fit_fine_gray(days, why, X, cause=cause)
    np.testing.assert_allclose(ours.coef, its.coef_, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("cause", [1, 2])
def test_cause_specific_breslow(cause):
    """comprisk: the cause-specific model; it takes ties by Breslow's method."""
    days, why, _, X = columns("ties")
    its = program("comprisk").CauseSpecificCox(cause=cause).fit(X, time=days.astype(float), event=why)
    assert fit_cause_specific(days, why, X, cause=cause).converged
    ours = fit_cox(days, why == cause, X, ties="breslow")
    np.testing.assert_allclose(ours.coefficients, its.coef_, rtol=1e-6, atol=1e-9)


def test_surpyval():
    """SurPyval: Kaplan-Meier curve, and Cox models by Efron's and Breslow's method."""
    surpyval = program("surpyval")
    with (DATA / "lung.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["ph.ecog"]]
    table = np.array([[int(r[k]) for k in ("time", "status", "age", "sex", "ph.ecog")] for r in rows])
    days, died, X = table[:, 0], table[:, 1] == 2, table[:, 2:]
    curve = surpyval.KaplanMeier.fit(x=days, c=1 - died.astype(int))
    ours = estimate_curves(RiskTable.from_arrays(days, died))[0]
    np.testing.assert_allclose(ours.survival, curve.R, rtol=1e-10, atol=1e-13)
    for ties in ("efron", "breslow"):
        its = surpyval.CoxPH.fit(x=days, Z=X, c=1 - died.astype(int), tie_method=ties)
        np.testing.assert_allclose(fit_cox(days, died, X, ties=ties).coefficients, its.params, rtol=1e-5)


def test_firth_cox():
    """firthmodels: penalised coefficients, profile limits and likelihood-ratio p of a monotone likelihood (Breslow)."""
    firthmodels = program("firthmodels")
    with (DATA / "firth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    days, event, X = (np.array([int(r[k]) for r in rows]) for k in ("days", "event", "exposed"))
    y = np.array(list(zip(event == 1, days.astype(float), strict=True)), dtype=[("event", bool), ("time", float)])
    its = firthmodels.FirthCoxPH(backend="numpy", gtol=1e-10, xtol=1e-12, max_iter=500).fit(X[:, None], y)
    its.lrt()
    ours = fit_cox(days, event == 1, X[:, None], ties="breslow", firth=True)
    np.testing.assert_allclose(ours.coefficients, its.coef_, rtol=1e-6)
    np.testing.assert_allclose(ours.p, its.lrt_pvalues_, rtol=1e-6)
    limits = its.conf_int(method="pl")
    np.testing.assert_allclose([[ours.low[0], ours.high[0]]], limits, rtol=1e-3)  # they stop at 1e-4 of the likelihood


def test_firth_logistic():
    """firthmodels: penalised odds ratio of a separated table, and its likelihood-ratio p."""
    firthmodels = program("firthmodels")
    exposed = np.repeat([1, 1, 0], [5, 3, 4])
    response = np.repeat([1, 0, 0], [5, 3, 4])
    its = firthmodels.FirthLogisticRegression(backend="numpy", gtol=1e-10, xtol=1e-12, max_iter=500)
    its.fit(exposed[:, None].astype(float), response)
    its.lrt()
    ours = fit_logistic(response == 1, exposed[:, None], firth=True)
    at = list(ours.names).index("x1")
    assert ours.coefficients[at] == pytest.approx(its.coef_[0], rel=1e-6)
    assert ours.p[at] == pytest.approx(its.lrt_pvalues_[0], rel=1e-5)
