"""Nested models, interactions and splines against R (tests/golden/make_models_compared.R made models_compared.json)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats import (
    compare_nested,
    cox_interaction,
    fit_cox,
    fit_logistic,
    logistic_interaction,
    spline_basis,
)

R = json.loads((Path(__file__).parent / "models_compared.json").read_text(encoding="utf-8"))
CASE = R["interaction"]
LIKELIHOOD = {"rtol": 1e-8, "atol": 1e-9}  # a difference of two log likelihoods of about 700


@pytest.mark.parametrize("covariates", [None, CASE["age"]], ids=["alone", "adjusted"])
def test_cox_interaction(covariates):
    """Sex by performance status, as coxph's likelihoods have it."""
    expected = CASE["cox" if covariates is None else "cox_adjusted"]
    ours = cox_interaction(CASE["time"], CASE["status"], CASE["sex"], CASE["ecog"], covariates=covariates)
    np.testing.assert_allclose(ours.statistic, expected["statistic"], **LIKELIHOOD)
    assert ours.df == expected["df"]


@pytest.mark.parametrize("covariates", [None, CASE["age"]], ids=["alone", "adjusted"])
def test_logistic_interaction(covariates):
    """The same of a yes-no outcome, as glm's."""
    expected = CASE["logistic" if covariates is None else "logistic_adjusted"]
    ours = logistic_interaction(CASE["outcome"], CASE["sex"], CASE["ecog"], covariates=covariates)
    np.testing.assert_allclose(ours.statistic, expected["statistic"], **LIKELIHOOD)
    assert ours.df == expected["df"]


@pytest.mark.parametrize("case", R["smooth"], ids=lambda c: f"{c['k']} knots")
def test_splines(case):
    """Harrell's knots; the curves span what splines::ns spans: likelihoods, the test of nonlinearity, fitted values."""
    basis = spline_basis(CASE["age"], knots=case["k"])
    np.testing.assert_allclose(basis.knots, case["knots"], rtol=1e-12)
    line, curve = (fit_cox(CASE["time"], CASE["status"], X) for X in (CASE["age"], basis.columns))
    np.testing.assert_allclose(curve.loglik, case["cox"]["larger"], rtol=1e-10)
    nonlinear = compare_nested(line, curve)
    np.testing.assert_allclose(nonlinear.statistic, case["cox"]["statistic"], **LIKELIHOOD)
    assert nonlinear.df == case["cox"]["df"] == case["k"] - 2
    np.testing.assert_allclose(curve.linear_predictor[:20], case["fitted"], rtol=1e-6, atol=1e-7)
    straight, bent = (fit_logistic(CASE["outcome"], X) for X in (CASE["age"], basis.columns))
    np.testing.assert_allclose(compare_nested(straight, bent).statistic, case["logistic"]["statistic"], **LIKELIHOOD)
