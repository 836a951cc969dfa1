"""Cox models and logistic regressions of which little or nothing can be said, and input that cannot be used."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core.errors import DataError
from remission.stats import (
    baseline_hazard,
    check_proportional_hazards,
    concordance_of,
    fit_cox,
    fit_logistic,
    martingale_residuals,
    predict_survival,
    profile_intervals,
)

DAYS = np.array([4, 1, 7, 3, 9, 5, 2, 8])
EVENT = np.array([1, 1, 0, 1, 0, 1, 1, 1])
AGE = np.array([51.0, 62, 43, 70, 35, 44, 66, 58])
SEX = np.array([0, 1, 0, 1, 1, 0, 0, 1])


def refused(code: str, *arguments, **options) -> None:
    with pytest.raises(DataError) as error:
        fit_cox(*arguments, **options)
    assert error.value.code == code


def test_nobody_dies():
    """Without events nothing is estimated; the rows are still counted."""
    fit = fit_cox(DAYS, np.zeros(8, dtype=int), AGE, names=["age"])
    assert (fit.status, fit.reason, fit.n, fit.n_events) == ("undefined", "no events", 8, 0)
    assert np.isnan(fit.coefficients).all()
    assert fit.likelihood_ratio.p is None
    for ask in (martingale_residuals, concordance_of, baseline_hazard, check_proportional_hazards, profile_intervals):
        with pytest.raises(DataError):
            ask(fit)


def test_nobody_at_all():
    """No rows: undefined, not an error."""
    fit = fit_cox([], [], np.zeros((0, 2)))
    assert (fit.status, fit.n) == ("undefined", 0)


def test_one_patient():
    """One patient who dies is compared with nobody."""
    fit = fit_cox([5], [1], [[1.0]])
    assert (fit.status, fit.dropped) == ("undefined", ("x1",))


def test_everybody_dies_on_day_0():
    """All events on day 0: Efron has a score of 0 at 0, and rows without an entry are at risk on day 0."""
    fit = fit_cox(np.zeros(6, dtype=int), np.ones(6, dtype=int), [0, 1, 0, 1, 0, 1], ties="breslow")
    assert fit.coefficients[0] == pytest.approx(0.0, abs=1e-12)
    assert fit.n_events == 6
    with pytest.raises(DataError) as error:
        check_proportional_hazards(fit, transform="log")
    assert error.value.code == "below-minimum"
    assert check_proportional_hazards(fit).status == "undefined"  # one day leaves no trend
    assert concordance_of(fit).status == "undefined"


def test_constant_and_dependent_covariates():
    """A constant, and a sum of two others, have no information: named, without a value, the others as without them."""
    plain = fit_cox(DAYS, EVENT, np.c_[AGE, SEX])
    fit = fit_cox(DAYS, EVENT, np.c_[AGE, np.full(8, 0.1), SEX, 2 * AGE + SEX], names=["age", "const", "sex", "both"])
    assert fit.dropped == ("const", "both")
    assert fit.status == "ok"
    assert "const, both" in fit.reason
    np.testing.assert_allclose(fit.coefficients[[0, 2]], plain.coefficients, rtol=1e-9)
    assert np.isnan(fit.coefficients[[1, 3]]).all()
    assert fit.likelihood_ratio.df == 2
    assert check_proportional_hazards(fit).tests[1].p is None
    curve = predict_survival(fit, [[50.0, 0.1, 1.0, 101.0]], [4])
    other = predict_survival(plain, [[50.0, 1.0]], [4])
    np.testing.assert_allclose(curve.se, other.se, rtol=1e-9)


def test_covariate_constant_within_strata():
    """A covariate that varies only between strata tells nothing."""
    fit = fit_cox(DAYS, EVENT, np.c_[AGE, SEX * 3.0], stratum=SEX)
    assert fit.dropped == ("x2",)


def test_separation_leaves_the_other_coefficient():
    """A covariate that only those without an event have: it has no value, and the other that of the limit."""
    marker = np.array([0, 0, 1, 0, 1, 0, 0, 0])
    fit = fit_cox(DAYS, EVENT, np.c_[marker, AGE], names=["marker", "age"])
    assert fit.status == "undefined"
    assert fit.diverging == ("marker",)
    assert "marker (down)" in fit.reason
    assert np.isnan([fit.hazard_ratio[0], fit.hr_high[0], fit.se[0]]).all()
    # in the limit those with the marker are not at risk
    keep = marker == 0
    limit = fit_cox(DAYS[keep], EVENT[keep], AGE[keep])
    np.testing.assert_allclose(fit.coefficients[1], limit.coefficients[0], rtol=1e-5)
    np.testing.assert_allclose(fit.se[1], limit.se[0], rtol=1e-5)
    assert fit.likelihood_ratio.p is not None
    found = profile_intervals(fit)
    assert np.isnan(found.low[0])
    assert np.isfinite(found.high[0])
    penalised = fit_cox(DAYS, EVENT, np.c_[marker, AGE], firth=True)
    assert penalised.status == "ok"
    assert np.isfinite([penalised.low, penalised.high, penalised.p]).all()


def test_large_hazard_ratio_is_no_separation():
    """A strong but finite effect converges."""
    fit = fit_cox(np.arange(1, 41), np.ones(40, dtype=int), np.r_[np.ones(18), 0, 1, 0, 1, np.zeros(18)])
    assert fit.status == "ok"
    assert 10 < fit.hazard_ratio[0] < 1e5


def test_input_that_cannot_be_used():
    """Every misuse has its own code."""
    refused("lengths-differ", DAYS, EVENT[:7], AGE)
    refused("lengths-differ", DAYS, EVENT, AGE[:7])
    refused("lengths-differ", DAYS, EVENT, np.c_[AGE, SEX], names=["a"])
    refused("lengths-differ", DAYS, EVENT, np.c_[AGE, SEX], names=["a", "a"])
    refused("lengths-differ", DAYS, EVENT, AGE, stratum=[1, 2])
    refused("not-whole-numbers", DAYS / 30.4375, EVENT, AGE)
    refused("not-yes-no", DAYS, EVENT + 1, AGE)
    refused("exit-not-after-entry", DAYS, EVENT, AGE, entry_days=np.full(8, 1))
    refused("missing-values", DAYS, EVENT, np.where(AGE > 69, np.nan, AGE))
    refused("missing-values", DAYS, EVENT, AGE, stratum=[None, *"abcdefg"])
    refused("missing-values", DAYS, EVENT, AGE, offset=np.r_[np.inf, np.zeros(7)])
    refused("not-numbers", DAYS, EVENT, np.array(["a"] * 8))
    refused("below-minimum", DAYS, EVENT, AGE, weight=np.r_[-0.5, np.ones(7)])
    refused("unknown-option", DAYS, EVENT, AGE, ties="efrom")
    refused("not-between-0-and-1", DAYS, EVENT, AGE, confidence=95)
    refused("unused-option", DAYS, EVENT, AGE, ties="exact", firth=True)
    refused("unused-option", DAYS, EVENT, AGE, ties="exact", cluster=SEX)
    refused("unused-option", DAYS, EVENT, AGE, ties="exact", weight=np.full(8, 0.5))
    refused("unused-option", DAYS, EVENT, AGE, firth=True, weight=np.full(8, 0.5))
    n = 20_000
    refused("too-many-ties", np.ones(n, dtype=int), np.ones(n, dtype=int), np.arange(n) % 7, ties="exact")


def test_no_value_of_a_patient_in_a_message():
    """Messages count rows; they do not show them."""
    with pytest.raises(DataError) as error:
        fit_cox(DAYS, EVENT, np.where(AGE > 69, np.inf, AGE))
    assert "1 of 8" in str(error.value)
    assert "70" not in str(error.value)


def test_exact_fit_has_no_residuals():
    """Residuals and curves need Efron or Breslow, and say so; concordance does not."""
    fit = fit_cox(DAYS, EVENT, AGE, ties="exact")
    with pytest.raises(DataError) as error:
        martingale_residuals(fit)
    assert error.value.code == "no-estimates"
    assert concordance_of(fit).c is not None


def test_curve_needs_its_stratum_and_every_covariate():
    """A stratified model has no curve of its own; a curve needs as many covariates as the model."""
    fit = fit_cox(DAYS, EVENT, AGE, stratum=SEX)
    with pytest.raises(DataError):
        predict_survival(fit, [[50.0]], [3])
    with pytest.raises(DataError):
        predict_survival(fit, [[50.0, 1.0]], [3], stratum="0")
    found = predict_survival(fit, [[50.0]], [0, 3, 8], stratum="0")
    assert found.survival[0, 0] == 1
    assert np.isnan(found.survival[0, 2])


def test_extreme_offset_and_weights():
    """Weight 0 is no row; an offset of a thousand for all is none; tiny weights change the error only."""
    plain = fit_cox(DAYS, EVENT, AGE)
    zero = fit_cox(np.r_[DAYS, 3], np.r_[EVENT, 1], np.r_[AGE, 900.0], weight=np.r_[np.ones(8, dtype=int), 0])
    np.testing.assert_allclose(zero.coefficients, plain.coefficients, rtol=1e-10)
    light = fit_cox(DAYS, EVENT, AGE, weight=np.full(8, 1e-9), ties="breslow")
    assert (light.status, light.diverging) == ("ok", ())
    np.testing.assert_allclose(light.coefficients, fit_cox(DAYS, EVENT, AGE, ties="breslow").coefficients, rtol=1e-8)
    np.testing.assert_allclose(light.se, plain.se * 1e9**0.5, rtol=1e-8)
    high = fit_cox(DAYS, EVENT, AGE, offset=np.full(8, 1000.0))
    np.testing.assert_allclose(high.coefficients, plain.coefficients, rtol=1e-9)
    np.testing.assert_allclose(high.loglik, plain.loglik, rtol=1e-9)


def test_results_cannot_be_changed():
    """A fit is frozen, arrays too, and does not follow later changes of the input."""
    X = AGE.copy()[:, None]
    fit = fit_cox(DAYS, EVENT, X)
    with pytest.raises(ValueError, match="read-only"):
        fit.coefficients[0] = 1.0
    before = martingale_residuals(fit)
    X[:] = 0.0
    np.testing.assert_array_equal(martingale_residuals(fit), before)


def test_logistic_without_an_answer():
    """All outcomes alike, a constant covariate, separation: said, without numbers."""
    alike = fit_logistic(np.ones(8, dtype=int), AGE)
    assert (alike.status, alike.reason) == ("undefined", "all outcomes are alike")
    constant = fit_logistic(EVENT, np.full(8, 3.0))
    assert (constant.status, constant.reason) == ("undefined", "no covariate varies")
    split = fit_logistic(AGE > 50, np.c_[AGE, SEX], names=["age", "sex"])
    assert split.status == "undefined"
    assert "age" in split.diverging
    assert np.isnan(split.odds_ratio[1])
    penalised = fit_logistic(AGE > 50, np.c_[AGE, SEX], firth=True)
    assert penalised.status == "ok"
    with pytest.raises(DataError):
        fit_logistic(EVENT, AGE, weight=np.full(8, 0.5))


def test_one_cluster_gives_no_robust_error():
    """The scores of a single cluster add up to 0: what is left is rounding, and no error, p or test is made of it."""
    rng = np.random.default_rng(1)
    rows = (rng.integers(1, 30, 12), rng.random(12) < 0.7, rng.normal(size=(12, 2)))
    fit = fit_cox(*rows, cluster=[0] * 12)
    assert np.isnan(fit.robust_se).all()
    assert np.isnan(fit.p).all()
    assert fit.wald.p is None
    assert fit.robust_score.p is None
    assert "too few clusters" in fit.reason
    assert np.isfinite(fit.coefficients).all()
    assert np.isfinite(fit.se).all()


def test_few_clusters_are_named():
    """Two clusters give a number, and a warning that it is too small."""
    rng = np.random.default_rng(1)
    rows = (rng.integers(1, 30, 12), rng.random(12) < 0.7, rng.normal(size=(12, 1)))
    assert "only 2 clusters" in fit_cox(*rows, cluster=[0, 1] * 6).reason
    assert not fit_cox(*rows, cluster=range(12)).reason


def test_everybody_dies_on_one_day_by_the_exact_method() -> None:
    """There is one order of the deaths: the exact likelihood is flat, and no error is made of its rounding."""
    fit = fit_cox([5] * 20, [1] * 20, np.arange(20.0), ties="exact")
    assert fit.status == "undefined"
    assert np.isnan(fit.se).all()
    assert fit.score.p is None


@pytest.mark.parametrize("firth", [False, True])
def test_as_many_coefficients_as_events(firth: bool) -> None:
    """No maximum, nor a penalised one that could be found: said at once."""
    rng = np.random.default_rng(5)
    fit = fit_cox(rng.integers(1, 400, 40), rng.random(40) < 0.6, rng.normal(size=(40, 30)), firth=firth)
    assert fit.status == "undefined"
    assert "30 coefficients are asked of" in fit.reason
