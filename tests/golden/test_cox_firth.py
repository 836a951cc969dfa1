"""Firth's penalty in the Cox model: published numbers of a monotone likelihood, and brute force on small data.

The published example is given to six decimals, hence 1e-5. The brute force works from the definition (half the log
determinant of the information), with the information differentiated numerically, hence 1e-6.
"""

from __future__ import annotations

import numpy as np
import pytest

from remission.stats import events_per_parameter, fit_cox, profile_intervals

EXPOSED = np.r_[np.ones(8), np.zeros(4)]
DAYS = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
EVENT = np.array([1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0])
LUNG_LIKE = (
    np.array([5, 3, 9, 3, 7, 12, 5, 8, 1, 15, 9, 4]),
    np.array([1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0]),
    np.c_[[0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1], [2.0, 1.5, 0.3, 2.2, 0.1, 1.1, 1.9, 0.4, 0.7, 1.3, 0.2, 2.5]],
)


def test_monotone_likelihood():
    """Five events among eight exposed, none among four others: coefficient, profile interval and p as published."""
    fit = fit_cox(DAYS, EVENT, EXPOSED, firth=True)
    assert fit.status == "ok"
    assert fit.interval == "profile"
    np.testing.assert_allclose(fit.coefficients, [2.470240], atol=1e-5)
    np.testing.assert_allclose([fit.low[0], fit.high[0]], [0.231034, 7.362104], atol=1e-5)
    assert round(fit.p[0], 4) == 0.0272
    assert fit.p[0] == pytest.approx(fit.likelihood_ratio.p, rel=1e-9)


def test_monotone_likelihood_without_penalty_has_no_value():
    """Without the penalty the same data give no hazard ratio at all, and the reason; the lower limit exists."""
    fit = fit_cox(DAYS, EVENT, EXPOSED)
    assert fit.status == "undefined"
    assert "separation" in fit.reason
    assert "x1 (up)" in fit.reason
    assert "Firth" in fit.reason
    assert fit.diverging == ("x1",)
    assert np.isnan([fit.coefficients, fit.hazard_ratio, fit.se, fit.p, fit.low, fit.high, fit.hr_high]).all()
    assert fit.wald.statistic is None
    found = profile_intervals(fit)
    assert np.isnan(found.high[0])
    assert found.low[0] == pytest.approx(_lower_limit(), abs=1e-6)
    assert found.statistic[0] == pytest.approx(fit.likelihood_ratio.statistic, rel=1e-7)


def _lower_limit() -> float:
    """The value at which the limit of the likelihood, sum of -log(at risk exposed), is 3.84/2 above, by bisection."""

    def loglik(b: float) -> float:
        total = 0.0
        for t in DAYS[EVENT == 1]:
            total += b - np.log(np.exp(b * EXPOSED[t <= DAYS]).sum())
        return total

    best = -sum(np.log(EXPOSED[t <= DAYS].sum()) for t in DAYS[EVENT == 1])
    low, high = -5.0, 5.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if best - loglik(middle) > 3.841458820694124 / 2 else (low, middle)
    return low


def _penalised(beta, days, event, X, entry, stratum, ties):
    """Penalised log likelihood straight from the definition: one risk set after another, information term by term."""
    loglik, information = 0.0, np.zeros((X.shape[1],) * 2)
    for s in np.unique(stratum):
        for t in np.unique(days[(event == 1) & (stratum == s)]):
            at_risk = (entry < t) & (days >= t) & (stratum == s)
            dead = (days == t) & (event == 1) & (stratum == s)
            d = int(dead.sum())
            loglik += (X[dead] @ beta).sum()
            for k in range(d):
                w = np.exp(X @ beta) * (at_risk - (k / d if ties == "efron" else 0.0) * dead)
                mean = w @ X / w.sum()
                loglik -= np.log(w.sum())
                information += (X - mean).T @ ((X - mean) * w[:, None]) / w.sum()
    return loglik + 0.5 * np.linalg.slogdet(information)[1]


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("kind", ["plain", "stratified", "start-stop"])
def test_penalised_maximum_by_definition(kind, ties):
    """The estimate is where the penalised likelihood, written from its definition, has no slope left."""
    days, event, X = LUNG_LIKE
    stratum = np.arange(days.size) % 2 if kind == "stratified" else np.zeros(days.size, dtype=int)
    entry = np.maximum(days - 1 - np.arange(days.size), -1) if kind == "start-stop" else np.full(days.size, -1)
    fit = fit_cox(days, event, X, stratum=stratum, entry_days=entry, ties=ties, firth=True)
    arguments = (days, event, X, entry, stratum, ties)
    assert fit.loglik == pytest.approx(_penalised(fit.coefficients, *arguments), abs=1e-9)
    assert fit.loglik_null == pytest.approx(_penalised(np.zeros(2), *arguments), abs=1e-9)
    h = 1e-4
    for step in np.eye(2) * h:
        slope = _penalised(fit.coefficients + step, *arguments) - _penalised(fit.coefficients - step, *arguments)
        assert slope / (2 * h) == pytest.approx(0.0, abs=1e-6)
    # at a profile limit the loss is the quantile's, the other coefficient being free
    for limit in (fit.low[0], fit.high[0]):
        others = np.linspace(-8, 8, 16001) if abs(limit) > 5 else fit.coefficients[1] + np.linspace(-4, 4, 401)
        best = max(_penalised(np.array([limit, b]), *arguments) for b in others[:: max(1, others.size // 400)])
        assert fit.loglik - best == pytest.approx(3.841458820694124 / 2, abs=2e-3)


def test_few_events_per_parameter():
    """Below ten events per parameter Firth is recommended, with the numbers."""
    few = events_per_parameter(27, 3)
    assert (few.per_parameter, few.recommended) == (9.0, "firth")
    assert "27 events for 3 parameters: 9.0 each" in few.reason
    assert events_per_parameter(30, 3).recommended == "maximum likelihood"
    assert events_per_parameter(300, 3, non_events=12).recommended == "firth"
    assert events_per_parameter(5, 0).per_parameter is None
