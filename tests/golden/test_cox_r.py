"""Cox models and all that follows from them against R survival (see `_provenance` in cox_r.json).

Both sides iterate to full convergence, so that what is left is the order of the sums; tolerances are far above it.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from remission.stats import (
    baseline_hazard,
    check_proportional_hazards,
    concordance_of,
    deviance_residuals,
    dfbeta_residuals,
    fit_cox,
    martingale_residuals,
    predict_survival,
    schoenfeld_residuals,
    score_residuals,
)

CASES = json.loads((Path(__file__).parent / "cox_r.json").read_text(encoding="utf-8"))["cox"]
FITS = [(name, ties) for name, case in CASES.items() for ties in case["fits"]]
FULL = [(name, ties) for name, ties in FITS if "zph" in CASES[name]["fits"][ties]]


@cache
def ours(name: str, ties: str):
    """Our fit of a case."""
    d = CASES[name]["data"]

    def given(key: str):
        return None if d[key] is None else np.array(d[key])

    return fit_cox(
        d["exit"],
        np.array(d["event"]) == 1,
        np.array(d["covariates"], dtype=float),
        entry_days=None if d["entry"] is None else np.array(d["entry"], dtype=int),
        stratum=given("stratum"),
        cluster=given("cluster"),
        weight=given("weight"),
        offset=given("offset"),
        ties=ties,
    )


@pytest.mark.parametrize(("name", "ties"), FITS)
def test_coefficients(name, ties):
    """The coefficients are R's."""
    fit = ours(name, ties)
    assert (fit.status, fit.reason, fit.converged) == ("ok", "", True)
    np.testing.assert_allclose(fit.coefficients, CASES[name]["fits"][ties]["coef"], rtol=1e-9)
    assert fit.gradient < 1e-9


@pytest.mark.parametrize(("name", "ties"), FITS)
def test_errors_likelihoods_and_tests(name, ties):
    """Standard errors (robust ones too), intervals, log likelihoods, likelihood-ratio, score and Wald tests are R's."""
    fit, r = ours(name, ties), CASES[name]["fits"][ties]
    np.testing.assert_allclose(fit.se, r["se"], rtol=1e-8)
    np.testing.assert_allclose(fit.p, r["p"], rtol=1e-8)
    np.testing.assert_allclose(np.c_[fit.hr_low, fit.hr_high], np.c_[r["low"], r["high"]], rtol=1e-8)
    np.testing.assert_allclose([fit.loglik_null, fit.loglik], r["loglik"], rtol=1e-8)
    for test, key in ((fit.likelihood_ratio, "lr"), (fit.score, "score")):
        np.testing.assert_allclose([test.statistic, test.df, test.p], r[key], rtol=1e-8)
    np.testing.assert_allclose(fit.wald.statistic, r["wald"], rtol=1e-8)
    assert ("robust_se" in r) == (fit.robust_se is not None)
    if fit.robust_se is not None:
        np.testing.assert_allclose(fit.robust_se, r["robust_se"], rtol=1e-8)
        robust = [fit.robust_score.statistic, fit.robust_score.df, fit.robust_score.p]
        np.testing.assert_allclose(robust, r["robust_score"], rtol=1e-8)


@pytest.mark.parametrize(("name", "ties"), FULL)
def test_proportional_hazards(name, ties):
    """The test of proportional hazards is that of survival 3, for every transform of time, per covariate and GLOBAL."""
    fit = ours(name, ties)
    for transform, r in CASES[name]["fits"][ties]["zph"].items():
        if transform == "log" and 0 in CASES[name]["data"]["exit"]:
            continue
        zph = check_proportional_hazards(fit, transform=transform)
        tests = [*zph.tests, zph.overall] if len(fit.names) > 1 else zph.tests
        np.testing.assert_allclose([t.statistic for t in tests], r["chisq"][: len(tests)], rtol=1e-8)
        np.testing.assert_allclose([t.p for t in tests], r["p"][: len(tests)], rtol=1e-8)


@pytest.mark.parametrize(("name", "ties"), FULL)
def test_concordance(name, ties):
    """Harrell's C, its standard error and the counts of pairs are R's."""
    found, r = concordance_of(ours(name, ties)), CASES[name]["fits"][ties]["concordance"]
    np.testing.assert_allclose([found.c, found.se], [r["c"], r["se"]], rtol=1e-8)
    np.testing.assert_allclose([found.concordant, found.discordant, found.tied_score], r["counts"], rtol=1e-12)


@pytest.mark.parametrize(("name", "ties"), FULL)
def test_residuals(name, ties):
    """Martingale, deviance, score, dfbeta, Schoenfeld and scaled Schoenfeld residuals are R's, row by row."""
    fit, r = ours(name, ties), CASES[name]["fits"][ties]
    close = {"rtol": 1e-8, "atol": 1e-10}
    martingale = martingale_residuals(fit)
    np.testing.assert_allclose(martingale[:12], r["martingale"][: martingale.size], **close)
    np.testing.assert_allclose((martingale**2).sum(), r["martingale_ss"], rtol=1e-8)
    np.testing.assert_allclose(deviance_residuals(fit)[:12], r["deviance"], **close)
    rows = len(r["score_rows"])
    np.testing.assert_allclose(score_residuals(fit)[:rows], r["score_rows"], **close)
    np.testing.assert_allclose(dfbeta_residuals(fit)[:rows], r["dfbeta"], **close)
    schoenfeld = schoenfeld_residuals(fit)
    for mine, theirs in ((schoenfeld.residuals, r["schoenfeld"]), (schoenfeld.scaled, r["scaled"])):
        # events of one day may come in another order
        n = max(k for k in range(1, len(theirs) + 1) if k == len(mine) or schoenfeld.days[k - 1] != schoenfeld.days[k])
        assert n > 3
        for days in np.unique(schoenfeld.days[:n]):
            at = np.flatnonzero(schoenfeld.days[:n] == days)
            a, b = mine[at], np.array(theirs)[at]
            np.testing.assert_allclose(a[np.lexsort(a.T)], b[np.lexsort(b.T)], **close)


@pytest.mark.parametrize(("name", "ties"), FULL)
def test_baseline_and_predicted_survival(name, ties):
    """The baseline hazard, and survival at given covariates with its standard error and interval, are R's."""
    fit, r = ours(name, ties), CASES[name]["fits"][ties]
    first = baseline_hazard(fit, covariates=np.zeros(len(fit.names)))[0]
    upto = np.searchsorted(first.days, r["hazard"]["day"], side="right")
    hazard = np.concatenate([[0.0], first.cumulative_hazard])[upto]
    np.testing.assert_allclose(hazard, r["hazard"]["value"], rtol=1e-8, atol=1e-14)
    if "predicted" not in r:
        return
    x = np.atleast_2d(r["predicted"]["x"])
    found = predict_survival(fit, x, r["predicted"]["day"])
    for key in ("survival", "se", "low", "high"):
        np.testing.assert_allclose(getattr(found, key)[0], r["predicted"][key], rtol=1e-8)


def test_published_transplant_effect():
    """Transplantation on the heart data, entering after its day: the sign must not flip, as it does elsewhere."""
    fit = ours("heart_three", "efron")
    np.testing.assert_allclose(fit.coefficients, [0.0160956053, 0.0305363149, -0.7733276453], atol=5e-11)
    early = fit_cox(
        CASES["heart_three"]["data"]["exit"],
        np.array(CASES["heart_three"]["data"]["event"]) == 1,
        CASES["heart_three"]["data"]["covariates"],
        entry_days=np.maximum(np.array(CASES["heart_three"]["data"]["entry"], dtype=int) - 1, -1),
    )
    assert early.coefficients[0] < 0  # counting patients on their very day of entry


def test_published_proportional_hazards():
    """The current score test on the lung data, not the approximation of before version 3 (0.87 for age)."""
    zph = check_proportional_hazards(ours("lung", "efron"))
    found = [round(t.statistic, 6) for t in (*zph.tests, zph.overall)]
    assert found == [0.187988, 2.305437, 2.054249, 4.463658]
    assert round(zph.tests[0].p, 2) == 0.66


def test_predicted_survival_with_clusters():
    """With clusters the coefficients vary as the robust variance says.

    R 4.2.2, survival 3.5-3: survfit(coxph(Surv(time, status == 2) ~ age + sex + cluster(inst), lung), newdata).
    """
    with (Path(__file__).parents[1] / "data" / "lung.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["inst"]]
    fit = fit_cox(
        [int(row["time"]) for row in rows],
        [row["status"] == "2" for row in rows],
        [[float(row["age"]), float(row["sex"])] for row in rows],
        cluster=[row["inst"] for row in rows],
    )
    found = predict_survival(fit, [[50.0, 1.0], [70.0, 2.0]], [100, 365, 700])
    survival = [
        [0.868360267724518, 0.420170163755029, 0.147991450429083],
        [0.887840406822862, 0.481519776061280, 0.199828024141505],
    ]
    error = [
        [0.0259827167798119, 0.0551334409559974, 0.0444919915314444],
        [0.0223224553744911, 0.0511295037044866, 0.0495651565087898],
    ]
    np.testing.assert_allclose(found.survival, survival, rtol=1e-9)
    np.testing.assert_allclose(found.se, error, rtol=1e-8)
