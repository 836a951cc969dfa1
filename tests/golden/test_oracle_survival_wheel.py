"""A second oracle, run beside ours: the `survival` wheel, an independent program in Rust after R's survival.

It needs the extra `oracles` and is skipped without it. Cox models there stop when the likelihood settles, so that they
are asked for 1e-14; what is left is the order of the sums.
"""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest

from remission.stats import (
    RiskTable,
    check_proportional_hazards,
    compare_survival,
    concordance_of,
    estimate_curves,
    fit_cox,
    survival_at,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    survival = pytest.importorskip("survival", reason="needs the extra oracles")

pytestmark = pytest.mark.filterwarnings("ignore")
DATA = Path(__file__).parents[1] / "data"
FIT = {"rtol": 1e-8}


def lung() -> dict[str, list[float]]:
    """The lung data: time, status 0/1, sex, age, ph.ecog; one patient without ph.ecog left out."""
    with (DATA / "lung.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["ph.ecog"]]
    names = {"time": "time", "status": "status", "sex": "sex", "age": "age", "ecog": "ph.ecog"}
    columns = {name: [int(r[of]) for r in rows] for name, of in names.items()}
    columns["status"] = [s - 1 for s in columns["status"]]
    return columns


def heart() -> dict[str, list[float]]:
    """The heart data, a row per piece of follow-up, in half days."""
    with (DATA / "heart_pieces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(r[name]) for r in rows] for name in ("start", "stop", "died", "age", "surgery", "transplant")}


def covariates(columns: dict, names: tuple[str, ...]) -> np.ndarray:
    return np.column_stack([columns[name] for name in names])


@pytest.mark.parametrize("interval", ["log-log", "log", "plain", "logit"])
def test_curves(interval):
    """Survival and its interval of both groups, on every day with 0 < S < 1."""
    c = lung()
    risk = RiskTable.from_arrays(c["time"], c["status"], group=c["sex"])
    its = survival.survfit("Surv(time, status) ~ sex", c, conf_type=interval)
    ours = estimate_curves(risk, interval=interval)
    values = {name: np.concatenate([getattr(curve, name) for curve in ours]) for name in ("survival", "low", "high")}
    inner = ~np.concatenate([curve.flagged for curve in ours])
    for name, of in (("survival", "surv"), ("low", "lower"), ("high", "upper")):
        np.testing.assert_allclose(values[name][inner], np.array(getattr(its, of))[inner], rtol=1e-10)
    assert inner.sum() > 180


@pytest.mark.parametrize("rho", [0.0, 1.0])
@pytest.mark.parametrize("strata", [False, True])
def test_logrank(rho, strata):
    """Log-rank and Peto-Peto, with and without strata."""
    c = lung()
    risk = RiskTable.from_arrays(c["time"], c["status"], group=c["sex"], stratum=c["ecog"] if strata else None)
    weights = {"weights": "fleming-harrington", "rho": rho} if rho else {}
    its = survival.survdiff("Surv(time, status) ~ sex" + (" + strata(ecog)" if strata else ""), c, rho=rho)
    assert compare_survival(risk, **weights).chi2 == pytest.approx(its.chisq, rel=1e-10)


@pytest.mark.parametrize("ties", ["efron", "breslow", "exact"])
def test_cox(ties):
    """Coefficients, standard errors and log likelihoods, for every way with ties."""
    c, names = lung(), ("age", "sex", "ecog")
    ours = fit_cox(c["time"], np.array(c["status"]), covariates(c, names), ties=ties)
    its = survival.coxph("Surv(time, status) ~ age + sex + ecog", c, ties=ties, eps=1e-14, iter_max=50)
    np.testing.assert_allclose(ours.coefficients, its.coefficients, **FIT)
    np.testing.assert_allclose(ours.variance, np.array(its.var), rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose((ours.loglik_null, ours.loglik), its.loglik, **FIT)


def test_start_stop():
    """Transplantation as a time-dependent covariate, entering after its day."""
    c, names = heart(), ("transplant", "age", "surgery")
    its = survival.coxph("Surv(start, stop, died) ~ transplant + age + surgery", c, eps=1e-14, iter_max=50)
    ours = fit_cox(
        np.array(c["stop"], dtype=int), np.array(c["died"]) == 1, covariates(c, names),
        entry_days=np.array(c["start"], dtype=int),
    )  # fmt: skip
    np.testing.assert_allclose(ours.coefficients, its.coefficients, **FIT)


def test_proportional_hazards():
    """The current test of proportional hazards, per covariate and GLOBAL."""
    c, names = lung(), ("age", "sex", "ecog")
    ours = check_proportional_hazards(fit_cox(c["time"], np.array(c["status"]), covariates(c, names)))
    its = survival.cox_zph(survival.coxph("Surv(time, status) ~ age + sex + ecog", c, eps=1e-14, iter_max=50))
    np.testing.assert_allclose(
        [test.statistic for test in (*ours.tests, ours.overall)], [row["chisq"] for row in its.table], rtol=1e-7
    )


def test_concordance():
    """Harrell's C and its standard error."""
    c, names = lung(), ("age", "sex", "ecog")
    ours = concordance_of(fit_cox(c["time"], np.array(c["status"]), covariates(c, names)))
    its = survival.concordance(survival.coxph("Surv(time, status) ~ age + sex + ecog", c))
    assert ours.c == pytest.approx(its.concordance, rel=1e-10)
    assert ours.se == pytest.approx(its.std, rel=1e-8)


def test_survival_at_a_day():
    """One number read off a curve is the curve's."""
    c = lung()
    curve = estimate_curves(RiskTable.from_arrays(c["time"], c["status"]))[0]
    its = survival.survfit("Surv(time, status) ~ 1", c)
    place = int(np.searchsorted(its.time, 365, side="right")) - 1
    assert survival_at(curve, [365])[0].survival == pytest.approx(its.surv[place], rel=1e-12)
