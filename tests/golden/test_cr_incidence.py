"""Cumulative incidence and Gray's test against R survival and cmprsk (tests/golden/make_cr.R made cr.json).

Tolerance 1e-9 relative for estimates, intervals and statistics: they agree to about 1e-13; what is left is the order
of the sums.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats.aalen_johansen import INCIDENCE_INTERVALS, estimate_incidence, incidence_at
from remission.stats.gray import compare_incidence
from remission.stats.riskset import RiskTable

GOLDEN = json.loads((Path(__file__).parent / "cr.json").read_text(encoding="utf-8"))
CASES = GOLDEN["competing"]
EXACT = {"rtol": 1e-9, "atol": 1e-12}


def risk_table(case: dict, *, stratified: bool = False) -> RiskTable:
    columns = GOLDEN["data"][case["data"]]
    return RiskTable.from_arrays(
        columns[case["time"]],
        columns["event"],
        group=columns[case["group"]],
        stratum=columns[case["stratum"]] if stratified else None,
    )


@pytest.mark.parametrize("name", CASES)
def test_incidence(name):
    """Incidence of every cause, event-free survival and both standard errors are R's at every day asked for."""
    case = CASES[name]
    for variance in ("aalen", "infinitesimal-jackknife"):
        for curve in estimate_incidence(risk_table(case), variance=variance):
            r = case["incidence"][curve.group]
            for c, expected in enumerate(r["estimate"]):
                rows = incidence_at(curve, r["days"], cause=c + 1)
                np.testing.assert_allclose([row.incidence for row in rows], expected, **EXACT)
                np.testing.assert_array_equal([row.at_risk for row in rows], r["at_risk"])
                errors = np.array([row.se for row in rows])
                golden = np.sqrt(r["aalen_var"][c]) if variance == "aalen" else r["jackknife_se"][c]
                np.testing.assert_allclose(errors, golden, rtol=1e-9, atol=1e-11)
            place = np.searchsorted(curve.days, r["days"], side="right") - 1
            free = np.where(place < 0, 1.0, curve.event_free.survival[place])
            np.testing.assert_allclose(free, r["survival"], **EXACT)


@pytest.mark.parametrize("interval", INCIDENCE_INTERVALS)
@pytest.mark.parametrize("name", CASES)
def test_intervals(name, interval):
    """The limits of the incidence are R's wherever it is between 0 and 1."""
    case, compared = CASES[name], 0
    for curve in estimate_incidence(risk_table(case), variance="infinitesimal-jackknife", interval=interval):
        r = case["incidence"][curve.group]
        for c in range(len(r["estimate"])):
            rows = incidence_at(curve, r["days"], cause=c + 1)
            for i, row in enumerate(rows):
                if not row.flagged:
                    low, high = (r["ci"][interval][end][c][i] for end in ("low", "high"))
                    np.testing.assert_allclose((row.low, row.high), (low, high), rtol=1e-9, atol=1e-11)
                    compared += 1
    assert compared >= 10


@pytest.mark.parametrize("rho", ["0", "1", "0.5"])
@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_gray(name, stratified, rho):
    """Statistic, degrees of freedom and p of every cause are R's: two to four groups, ties, strata, weights."""
    case = CASES[name]
    r = case["gray_stratified" if stratified else "gray"][rho]
    risk = risk_table(case, stratified=stratified)
    for cause, stat, df, p in zip(r["cause"], r["stat"], r["df"], r["p"], strict=True):
        ours = compare_incidence(risk, cause, rho=float(rho))
        assert ours.df == df
        np.testing.assert_allclose((ours.chi2, ours.p), (stat, p), rtol=1e-8)


def test_mgus2_as_published():
    """The numbers of a widely known example: progression and death by sex."""
    risk = risk_table(CASES["mgus2_sex"])
    assert compare_incidence(risk, 1).chi2 == pytest.approx(1.19450782508, abs=5e-11)
    assert compare_incidence(risk, 2).chi2 == pytest.approx(11.65125901213, abs=5e-11)
