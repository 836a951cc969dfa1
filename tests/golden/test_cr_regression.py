"""Fine and Gray's model against cmprsk (tests/golden/make_cr.R made cr.json).

Tolerance 1e-9 for coefficients, 1e-8 for the covariance. R is given sixty steps more after it has converged.
Times are a day later for R: on day 0 it takes the censoring curve after the day instead of before it.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats.cox_fit import fit_cox
from remission.stats.fine_gray import FineGray, expand_rows, fit_cause_specific, fit_fine_gray, predict_incidence

GOLDEN = json.loads((Path(__file__).parent / "cr.json").read_text(encoding="utf-8"))
CASES = [(name, r["cause"]) for name, case in GOLDEN["competing"].items() for r in case["fine_gray"]]


def data_of(name: str) -> tuple[list[int], list[int], np.ndarray]:
    case = GOLDEN["competing"][name]
    columns = GOLDEN["data"][case["data"]]
    return columns[case["time"]], columns["event"], np.column_stack([columns[z] for z in case["z"]])


def fit(name: str, cause: int) -> tuple[FineGray, dict]:
    r = GOLDEN["competing"][name]["fine_gray"][cause - 1]
    assert r["cause"] == cause
    assert r["converged"]
    return fit_fine_gray(*data_of(name), cause=cause), r


@pytest.mark.parametrize(("name", "cause"), CASES)
def test_coefficients(name, cause):
    """Coefficients, likelihoods, robust covariance and information are R's, with heavy ties and three causes too."""
    ours, r = fit(name, cause)
    # with myeloid R's search stops where its likelihood no longer changes in double precision, 7e-9 from the maximum
    np.testing.assert_allclose(
        ours.coef, np.atleast_1d(r["coef"]), rtol=1e-9, atol=1e-8 if name == "myeloid" else 1e-10
    )
    np.testing.assert_allclose((ours.log_likelihood, ours.log_likelihood_null), (r["loglik"], r["null"]), rtol=1e-9)
    np.testing.assert_allclose(ours.covariance, np.reshape(r["var"], ours.covariance.shape), rtol=1e-8)
    np.testing.assert_allclose(ours.information, np.reshape(r["invinf"], ours.covariance.shape), rtol=1e-8)


@pytest.mark.parametrize(("name", "cause"), CASES)
def test_prediction(name, cause):
    """The incidence predicted at the means of the covariates is R's."""
    ours, r = fit(name, cause)
    means = data_of(name)[2].mean(axis=0)[None]
    np.testing.assert_allclose(predict_incidence(ours, means, r["at"])[0], r["cif_at_means"], rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize(("name", "cause"), CASES)
def test_expanded_rows(name, cause):
    """A weighted Cox model of the expanded follow-up gives the same coefficients."""
    time, event, z = data_of(name)
    rows = expand_rows(time, event, cause=cause)
    cox = fit_cox(
        rows.exit_days,
        rows.is_event,
        z[rows.patient],
        entry_days=rows.entry_days,
        weight=rows.weight,
        cluster=rows.patient,
        ties="breslow",
    )
    ours = fit_fine_gray(time, event, z, cause=cause)
    np.testing.assert_allclose(cox.coefficients, ours.coef, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(cox.robust_se, ours.se, rtol=0.25)  # Lin and Wei's: without the part of the censoring


def test_mgus2_as_published():
    """The numbers of a widely known example: male and age, progression to a plasma cell malignancy."""
    ours, _ = fit("mgus2_sex", 1)
    np.testing.assert_allclose(ours.coef, [-0.0173381534947, -0.2600382378841], atol=5e-10)
    np.testing.assert_allclose(ours.se, [0.00573710323, 0.18568103479], atol=5e-11)


def test_cause_specific():
    """The cause-specific model is the Cox model in which other events end observation."""
    time, event, z = data_of("mgus2_sex")
    direct = fit_cox(time, [e == 2 for e in event], z)
    np.testing.assert_array_equal(fit_cause_specific(time, event, z, cause=2).coefficients, direct.coefficients)
