"""Cumulative hazards, restricted means and milestones against R survival (tests/golden/make_cr.R made cr.json).

Tolerance 1e-9 relative. Where R has no function of its own (ratio of restricted means, milestones, the binomial
variance), the formula is worked out in R from its estimates and standard errors.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats.milestones import compare_milestone
from remission.stats.nelson_aalen import estimate_hazards
from remission.stats.riskset import RiskTable
from remission.stats.rmst import compare_rmst

GOLDEN = json.loads((Path(__file__).parent / "cr.json").read_text(encoding="utf-8"))
CASES = GOLDEN["means"]
EXACT = {"rtol": 1e-9, "atol": 1e-12}


def risk_table(case: dict) -> RiskTable:
    columns = GOLDEN["data"][case["data"]]
    event = [int(value > 0) for value in columns[case["event"]]]
    return RiskTable.from_arrays(columns[case["time"]], event, group=columns[case["group"]])


@pytest.mark.parametrize("name", CASES)
def test_restricted_means(name):
    """Means, standard errors, difference, ratio, intervals and p are R's."""
    case = CASES[name]
    ours = compare_rmst(risk_table(case), tau_days=case["tau"])
    np.testing.assert_allclose([m.mean_days for m in ours.means], case["mean"], **EXACT)
    np.testing.assert_allclose([m.se for m in ours.means], case["se"], **EXACT)
    found = (ours.difference, ours.difference_se, ours.difference_low, ours.difference_high, ours.p_difference)
    names = ("difference", "difference_se", "low", "high", "p_difference")
    np.testing.assert_allclose(found, [case[key] for key in names], rtol=1e-8)
    found = (ours.ratio, ours.ratio_se_log, ours.ratio_low, ours.ratio_high, ours.p_ratio)
    names = ("ratio", "ratio_se_log", "ratio_low", "ratio_high", "p_ratio")
    np.testing.assert_allclose(found, [case[key] for key in names], rtol=1e-8)


def test_lung_as_published():
    """The numbers of a widely known example: 311.1178 (19.30) and 434.7052 (27.2) days of 730."""
    means = compare_rmst(risk_table(CASES["lung"]), tau_days=730).means
    assert means[0].mean_days == pytest.approx(311.1178, abs=5e-5)
    assert means[0].se == pytest.approx(19.30, abs=5e-3)
    assert means[1].mean_days == pytest.approx(434.7052, abs=5e-5)
    assert means[1].se == pytest.approx(27.2, abs=5e-2)


@pytest.mark.parametrize("name", CASES)
def test_hazards(name):
    """Nelson-Aalen estimate and both standard errors are R's on every row."""
    case = CASES[name]
    for curve, r in zip(estimate_hazards(risk_table(case)), case["hazards"], strict=True):
        np.testing.assert_array_equal(curve.days, r["days"])
        np.testing.assert_allclose(curve.hazard, r["hazard"], **EXACT)
        np.testing.assert_allclose(curve.se_poisson, r["se_poisson"], **EXACT)
        np.testing.assert_allclose(curve.se_binomial, r["se_binomial"], **EXACT)


@pytest.mark.parametrize(("scale", "word"), [("plain", "plain"), ("log-log", "loglog")])
@pytest.mark.parametrize("name", CASES)
def test_milestones(name, scale, word):
    """Difference of two survival probabilities, its limits, and the test are R's."""
    case = CASES[name]
    for r in case["milestones"]:
        ours = compare_milestone(risk_table(case), r["day"], scale=scale)
        found = (ours.difference, ours.se, ours.low, ours.high, ours.z, ours.p)
        keys = ("difference", "se", f"low_{word}", f"high_{word}", f"z_{word}", f"p_{word}")
        np.testing.assert_allclose(found, [r[key] for key in keys], rtol=1e-8, atol=1e-12)
