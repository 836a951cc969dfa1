"""Cox models of six patients, solved on paper: every kind of tie, delayed entry, residuals, hazard, concordance.

The data are those of Therneau & Grambsch 2000, appendix E; the algebra is in each test. r is exp(beta).
"""

from __future__ import annotations

from math import acos, cos, exp, log, sqrt

import numpy as np
import pytest

from remission.stats import (
    baseline_hazard,
    check_proportional_hazards,
    concordance_of,
    fit_cox,
    martingale_residuals,
    predict_survival,
    schoenfeld_residuals,
    score_residuals,
)

# unsorted: days 1 1 6 6 8 9, events + - + + - +, x 1 1 1 0 0 0
ORDER = [3, 0, 5, 1, 4, 2]
DAYS = np.array([1, 1, 6, 6, 8, 9])[ORDER]
EVENT = np.array([1, 0, 1, 1, 0, 1])[ORDER]
X = np.array([1, 1, 1, 0, 0, 0])[ORDER]

START = [1, 2, 5, 2, 1, 7, 3, 4, 8, 8]
STOP = [2, 3, 6, 7, 8, 9, 9, 9, 14, 17]
PIECE_EVENT = [1, 1, 1, 1, 1, 1, 1, 0, 0, 0]
PIECE_X = [1, 0, 0, 1, 0, 1, 1, 1, 0, 0]


def in_order(values):
    """Numbers listed patient by patient, brought into the order of the data."""
    return np.array(values)[ORDER]


def test_breslow():
    """Score 2 - r/(r+1) - 2r/(r+3) = 0, so r = (3 + sqrt 33) / 2; all tests follow."""
    r = (3 + sqrt(33)) / 2
    fit = fit_cox(DAYS, EVENT, X, ties="breslow")
    information = r / (r + 1) ** 2 + 6 * r / (r + 3) ** 2
    assert fit.coefficients[0] == pytest.approx(log(r), rel=1e-12)
    assert fit.se[0] == pytest.approx(1 / sqrt(information), rel=1e-12)
    assert fit.loglik == pytest.approx(2 * log(r) - log(3 * r + 3) - 2 * log(r + 3), rel=1e-12)
    assert fit.loglik_null == pytest.approx(-log(6) - 2 * log(4), rel=1e-12)
    assert fit.score.statistic == pytest.approx((2 - 1 / 2 - 2 / 4) ** 2 / (1 / 4 + 6 / 16), rel=1e-12)
    assert fit.wald.statistic == pytest.approx(log(r) ** 2 * information, rel=1e-12)
    assert (fit.n, fit.n_events) == (6, 4)


def test_efron():
    """The second of the tied events meets (r + 5) / 2; the score is 0 where r^3 - 23 r - 30 = 0."""
    r = 2 * sqrt(23 / 3) * cos(acos(45 / 23 * sqrt(3 / 23)) / 3)
    fit = fit_cox(DAYS, EVENT, X)
    assert fit.coefficients[0] == pytest.approx(log(r), rel=1e-12)
    assert fit.se[0] ** -2 == pytest.approx(r / (r + 1) ** 2 + 3 * r / (r + 3) ** 2 + 5 * r / (r + 5) ** 2, rel=1e-12)
    assert fit.loglik == pytest.approx(2 * log(r) - log(3 * r + 3) - log(r + 3) - log((r + 5) / 2), rel=1e-12)
    expected = [
        1 - r / (3 * r + 3),
        -r / (3 * r + 3),
        1 - r * (1 / (3 * r + 3) + 1 / (r + 3) + 1 / (r + 5)),
        1 - (1 / (3 * r + 3) + 1 / (r + 3) + 1 / (r + 5)),
        -(1 / (3 * r + 3) + 1 / (r + 3) + 2 / (r + 5)),
        -(1 / (3 * r + 3) + 1 / (r + 3) + 2 / (r + 5)),
    ]
    np.testing.assert_allclose(martingale_residuals(fit), in_order(expected), rtol=1e-11, atol=1e-13)


def test_breslow_residuals_and_hazard():
    """The hazard adds 1/(3r+3), 2/(r+3), 1; residuals are events less r times what was added while at risk."""
    r = (3 + sqrt(33)) / 2
    fit = fit_cox(DAYS, EVENT, X, ties="breslow")
    first, second = 1 / (3 * r + 3), 2 / (r + 3)
    expected = [
        1 - r * first,
        -r * first,
        1 - r * (first + second),
        1 - first - second,
        -first - second,
        1 - first - second - 1,
    ]
    np.testing.assert_allclose(martingale_residuals(fit), in_order(expected), rtol=1e-11, atol=1e-13)
    hazard = baseline_hazard(fit, covariates=[0.0])[0]
    assert hazard.days.tolist() == [1, 6, 9]
    np.testing.assert_allclose(hazard.cumulative_hazard, [first, first + second, first + second + 1], rtol=1e-12)
    # means of x among those at risk: r/(r+1), r/(r+3), 0
    found = schoenfeld_residuals(fit)
    assert found.days.tolist() == [1, 6, 6, 9]
    a, b = r / (r + 1), r / (r + 3)
    np.testing.assert_allclose(sorted(found.residuals[:, 0]), sorted([1 - a, 1 - b, -b, 0.0]), atol=1e-12)
    # score residual of the patient censored on day 1: -(1 - a) r first
    assert score_residuals(fit)[ORDER.index(1), 0] == pytest.approx(-(1 - a) * r * first, rel=1e-11)


def test_survival_and_its_error():
    """At x = 0 on day 6, Breslow: H is 1/(3r+3) + 2/(r+3); its variance adds the squares and the lever of beta."""
    r = (3 + sqrt(33)) / 2
    fit = fit_cox(DAYS, EVENT, X, ties="breslow")
    found = predict_survival(fit, [[0.0]], [0, 6, 7, 10])
    hazard = 1 / (3 * r + 3) + 2 / (r + 3)
    lever = r / (r + 1) / (3 * r + 3) + 2 * r / (r + 3) ** 2
    variance = 1 / (3 * r + 3) ** 2 + 2 / (r + 3) ** 2 + lever**2 * fit.se[0] ** 2
    np.testing.assert_allclose(found.survival[0, :3], [1.0, exp(-hazard), exp(-hazard)], rtol=1e-12)
    assert found.se[0, 1] == pytest.approx(exp(-hazard) * sqrt(variance), rel=1e-11)
    half = 1.959963984540054 * sqrt(variance) / hazard
    assert found.low[0, 1] == pytest.approx(exp(-hazard * exp(half)), rel=1e-10)
    assert np.isnan(found.survival[0, 3])  # beyond the last follow-up


def test_exact():
    """Two of five die: r of r^2 + 6 r + 3; the score is 0 where r^3 - 9 r - 6 = 0."""
    days, event, x = [2, 3, 1, 4, 2, 3], [1, 0, 1, 0, 1, 0], [0, 1, 1, 0, 1, 0]
    r = 2 * sqrt(3) * cos(acos(1 / sqrt(3)) / 3)
    fit = fit_cox(days, event, x, ties="exact")
    D = r**2 + 6 * r + 3
    mean = (2 * r**2 + 6 * r) / D
    assert fit.coefficients[0] == pytest.approx(log(r), rel=1e-12)
    assert fit.loglik == pytest.approx(2 * log(r) - log(3 * r + 3) - log(D), rel=1e-12)
    assert fit.se[0] ** -2 == pytest.approx(r / (r + 1) ** 2 + (4 * r**2 + 6 * r) / D - mean**2, rel=1e-11)


def test_exact_without_a_maximum():
    """In the first data the exact score is 2 / (r + 1), never 0: the likelihood is monotone and it is said."""
    fit = fit_cox(DAYS, EVENT, X, ties="exact")
    assert (fit.status, fit.diverging) == ("undefined", ("x1",))
    assert np.isnan(fit.hazard_ratio[0])


def test_start_stop():
    """Risk sets r+1, r+2, 3r+2, 3r+1, 3r+1 and on day 9 twice 3r+2 (Efron: 2r+2 the second time)."""
    arguments = (STOP, PIECE_EVENT, PIECE_X)
    breslow = fit_cox(*arguments, entry_days=START, ties="breslow")
    efron = fit_cox(*arguments, entry_days=START)
    r = breslow.hazard_ratio[0]
    score = 4 - r / (r + 1) - r / (r + 2) - 3 * r / (3 * r + 2) * 3 - 3 * r / (3 * r + 1) * 2
    assert score == pytest.approx(0, abs=1e-12)
    assert breslow.coefficients[0] == pytest.approx(-0.084526081, abs=1e-9)
    assert breslow.loglik_null == pytest.approx(-log(2) - log(3) - 3 * log(5) - 2 * log(4), rel=1e-12)
    r = efron.hazard_ratio[0]
    score = 4 - r / (r + 1) - r / (r + 2) - 3 * r / (3 * r + 2) * 2 - 3 * r / (3 * r + 1) * 2 - r / (r + 1)
    assert score == pytest.approx(0, abs=1e-12)
    assert efron.loglik_null == pytest.approx(-log(2) - log(3) - 2 * log(5) - 2 * log(4) - log(4), rel=1e-12)


def test_real_weights():
    """Weights 1, 2, 3, 4, 3, 2 (times 1/2): Breslow's score by hand is 0 at the estimate, and it is said."""
    w = np.array([1, 2, 3, 4, 3, 2]) / 2
    fit = fit_cox(DAYS, EVENT, X, weight=in_order(w), ties="breslow")
    r = fit.hazard_ratio[0]
    # day 1: 3 r + 4.5 at risk, weight 0.5; day 6: 1.5 r + 4.5 at risk, weight 1.5 + 2
    score = 0.5 + 1.5 - 0.5 * 3 * r / (3 * r + 4.5) - 3.5 * 1.5 * r / (1.5 * r + 4.5)
    assert score == pytest.approx(0, abs=1e-12)
    assert fit.weights == "real weights"
    assert fit.robust_se is not None


def test_transformed_time():
    """Events on days 1, 6, 6, 9: 1 - KM just before is 0, 1/6, 7/12; the rank among last days 1.5, 3.5, 6."""
    fit = fit_cox(DAYS, EVENT, X)
    found = {g: np.unique(check_proportional_hazards(fit, transform=g).time) for g in ("km", "rank", "identity")}
    # after day 1 5/6 are left, after day 6 half of them (two of four)
    np.testing.assert_allclose(found["km"], [0, 1 / 6, 7 / 12], rtol=1e-12, atol=1e-15)
    assert found["rank"].tolist() == [1.5, 3.5, 6]
    assert found["identity"].tolist() == [1, 6, 9]


def test_concordance():
    """Nine pairs of known order: day 1 against all five others, each of day 6 against those of days 8 and 9."""
    found = concordance_of(fit_cox(DAYS, EVENT, X))
    # day 1 (x=1) against the others: 2 tied (x=1), 3 concordant; day 6: x=1 against 8, 9 concordant twice,
    # x=0 against 8, 9 tied twice; the two events of day 6 are no pair
    assert (found.concordant, found.discordant, found.tied_score) == (5, 0, 4)
    assert found.c == pytest.approx(7 / 9)
