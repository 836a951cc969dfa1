"""Logistic regression against R's glm (see `_provenance` in cox_r.json); Firth's penalty against its definition.

glm stops at a relative change of the deviance of 1e-15: coefficients agree to about 1e-10.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats import fit_logistic, logistic_intervals

CASES = json.loads((Path(__file__).parent / "cox_r.json").read_text(encoding="utf-8"))["logistic"]


@pytest.mark.parametrize("name", CASES)
def test_logistic(name):
    """Coefficients, standard errors, p, log likelihoods and the score test are those of glm."""
    case = CASES[name]
    weight = None if case["weight"] is None else np.array(case["weight"], dtype=int)
    fit = fit_logistic(np.array(case["outcome"]) == 1, case["covariates"], weight=weight, offset=case["offset"])
    assert fit.status == "ok"
    np.testing.assert_allclose(fit.coefficients, case["coef"], rtol=1e-8)
    np.testing.assert_allclose(fit.se, case["se"], rtol=1e-8)
    np.testing.assert_allclose(fit.p, case["p"], rtol=1e-7)
    np.testing.assert_allclose([fit.loglik, fit.loglik_null], [case["loglik"], case["loglik_null"]], rtol=1e-9)
    assert fit.score.statistic == pytest.approx(case["score"], rel=1e-8)
    assert fit.likelihood_ratio.statistic == pytest.approx(2 * (case["loglik"] - case["loglik_null"]), rel=1e-8)


def _penalised(beta, y, X):
    """Firth's penalised log likelihood from its definition."""
    eta = X @ beta
    chance = 1 / (1 + np.exp(-eta))
    information = X.T @ (X * (chance * (1 - chance))[:, None])
    return (y * np.log(chance) + (1 - y) * np.log(1 - chance)).sum() + 0.5 * np.linalg.slogdet(information)[1]


def test_firth_two_by_two_is_adding_a_half():
    """One binary covariate: the penalised odds ratio is that of the table with 1/2 added to each cell (Firth 1993)."""
    x = np.repeat([0, 0, 1, 1], [9, 3, 0, 6])
    y = np.repeat([0, 1, 0, 1], [9, 3, 0, 6])
    fit = fit_logistic(y, x, firth=True)
    assert fit.odds_ratio[1] == pytest.approx((6.5 * 9.5) / (0.5 * 3.5), rel=1e-10)
    assert fit.coefficients[0] == pytest.approx(np.log(3.5 / 9.5), rel=1e-10)
    assert fit_logistic(y, x).diverging == ("x1",)


def test_firth_by_definition():
    """The estimate has no slope of the penalised likelihood left; limits and p are of its profile."""
    y = np.array([0, 1, 0, 1, 1, 1, 1, 0, 1, 1])
    Z = np.c_[[0, 0, 0, 0, 1, 1, 1, 0, 1, 1], [41.0, 52, 63, 38, 55, 43, 32, 65, 51, 47]]
    X = np.c_[np.ones(10), Z]
    fit = fit_logistic(y, Z, firth=True)
    assert fit.loglik == pytest.approx(_penalised(fit.coefficients, y, X), abs=1e-9)
    for j, h in enumerate((1e-4, 1e-4, 1e-5)):
        step = np.eye(3)[j] * h
        slope = (_penalised(fit.coefficients + step, y, X) - _penalised(fit.coefficients - step, y, X)) / (2 * h)
        assert slope == pytest.approx(0.0, abs=1e-5)
    assert fit.diverging == ()
    assert np.isfinite([fit.low, fit.high]).all()
    # at each limit the best of the other coefficients, found on a grid that closes in, loses 3.84 / 2
    for limit in (fit.low[1], fit.high[1]):
        assert fit.loglik - _best_held(limit, y, X) == pytest.approx(3.841458820694124 / 2, abs=1e-4)
    assert fit.p[1] == pytest.approx(_p_of(2 * (fit.loglik - _best_held(0.0, y, X))), abs=1e-4)


def _best_held(held: float, y: np.ndarray, X: np.ndarray) -> float:
    """Largest penalised likelihood with the second coefficient held; the others by coordinate search."""
    beta, size = np.array([0.0, held, 0.0]), np.array([2.0, 0.0, 0.05])
    best = _penalised(beta, y, X)
    # along the age column the intercept moves with it
    turns = np.array([[1.0, 0, 0], [0, 0, 1.0], [-48.7, 0, 1.0]])
    while size.max() > 1e-7:
        for turn, width in zip(turns, (size[0], size[2], size[2]), strict=True):
            for sign in (-1, 1):
                there = _penalised(beta + sign * width * turn, y, X)
                if there > best:
                    best, beta = there, beta + sign * width * turn
                    break
            else:
                continue
            break
        else:
            size = size / 2
    return best


def _p_of(statistic: float) -> float:
    from math import erfc, sqrt

    return erfc(sqrt(max(statistic, 0.0) / 2))


def test_profile_limits_of_the_plain_likelihood():
    """At a profile limit of the 2 x 2 table the likelihood has fallen by 3.84 / 2."""
    x = np.repeat([0, 0, 1, 1], [9, 3, 4, 6])
    y = np.repeat([0, 1, 0, 1], [9, 3, 4, 6])
    fit = fit_logistic(y, x)
    found = logistic_intervals(fit)
    for limit in (found.low[1], found.high[1]):
        loglik = max(
            3 * np.log(_chance(a)) + 9 * np.log(1 - _chance(a)) + 6 * np.log(_chance(a + limit))
            + 4 * np.log(1 - _chance(a + limit))
            for a in np.linspace(-4, 2, 60001)
        )  # fmt: skip
        assert fit.loglik - loglik == pytest.approx(3.841458820694124 / 2, abs=1e-7)


def _chance(eta: float) -> float:
    return 1 / (1 + np.exp(-eta))
