"""Tests, proportions, quantiles and follow-up against R (tests/golden/make_stats.R made stats_tests.json)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats import (
    RiskTable,
    chi_square,
    compare_survival,
    compare_trend,
    estimate_curves,
    estimate_follow_up,
    fisher_exact,
    holm,
    kruskal_wallis,
    mann_whitney,
    proportion_interval,
    quantile,
    reverse_curves,
    survival_at,
    wilcoxon_signed_rank,
)

R = json.loads((Path(__file__).parent / "stats_tests.json").read_text(encoding="utf-8"))
EXACT = {"rtol": 1e-9, "atol": 1e-15}


@pytest.mark.parametrize("case", R["fisher"], ids=lambda c: str(c["table"]))
def test_fisher(case):
    """Two-sided exact p, from 2 x 2 to 4 x 4."""
    table = np.array(case["table"])
    test = fisher_exact(table, cost_limit=3_000_000)
    assert test.test == "fisher"
    assert test.p == pytest.approx(case["p"], rel=1e-9)


@pytest.mark.parametrize("case", R["chi_square"], ids=lambda c: str(c["table"]))
def test_chi_square(case):
    """Pearson's statistic, and Yates' for 2 x 2."""
    test = chi_square(case["table"])
    np.testing.assert_allclose((test.statistic, test.p), (case["statistic"], case["p"]), **EXACT)
    assert test.df == case["df"]
    if "yates" in case:
        corrected = chi_square(case["table"], yates=True)
        np.testing.assert_allclose((corrected.statistic, corrected.p), (case["yates"], case["yates_p"]), **EXACT)


@pytest.mark.parametrize("case", R["wilcox"])
def test_mann_whitney(case):
    """U, the normal p with both corrections, and the exact p where R has one."""
    normal = mann_whitney(case["x"], case["y"], method="normal")
    np.testing.assert_allclose((normal.statistic, normal.p), (case["W"], case["normal_p"]), **EXACT)
    assert normal.has_ties == ("exact_p" not in case)
    if "exact_p" in case:
        assert mann_whitney(case["x"], case["y"], method="exact").p == pytest.approx(case["exact_p"], rel=1e-9)


@pytest.mark.parametrize("case", R["signed_rank"])
def test_signed_rank(case):
    """V, the normal p, and the exact p where R has one."""
    normal = wilcoxon_signed_rank(case["d"], method="normal")
    np.testing.assert_allclose((normal.statistic, normal.p), (case["V"], case["normal_p"]), **EXACT)
    if "exact_p" in case:
        auto = wilcoxon_signed_rank(case["d"])
        assert auto.method == "exact"
        assert auto.p == pytest.approx(case["exact_p"], rel=1e-9)


@pytest.mark.parametrize("case", R["kruskal"])
def test_kruskal_wallis(case):
    """H with tie correction."""
    test = kruskal_wallis(case["samples"])
    np.testing.assert_allclose((test.statistic, test.p), (case["H"], case["p"]), **EXACT)
    assert test.df == case["df"]


@pytest.mark.parametrize("case", R["binom"], ids=lambda c: f"{c['n']} of {c['total']}")
def test_proportion_intervals(case):
    """Clopper-Pearson, Wilson and (inside the ends) Jeffreys."""
    n, total = case["n"], case["total"]
    exact, wilson = proportion_interval(n, total), proportion_interval(n, total, method="wilson")
    np.testing.assert_allclose((exact.low, exact.high), (case["low"], case["high"]), **EXACT)
    np.testing.assert_allclose((wilson.low, wilson.high), (case["wilson_low"], case["wilson_high"]),
                               rtol=1e-9, atol=1e-12)  # fmt: skip
    narrow = proportion_interval(n, total, confidence=0.9)
    np.testing.assert_allclose((narrow.low, narrow.high), (case["low90"], case["high90"]), **EXACT)
    jeffreys = proportion_interval(n, total, method="jeffreys")
    if n > 0:
        assert jeffreys.low == pytest.approx(case["jeffreys_low"], rel=1e-9)
    if n < total:
        assert jeffreys.high == pytest.approx(case["jeffreys_high"], rel=1e-9)


@pytest.mark.parametrize("kind", range(1, 10))
def test_quantile_types(kind):
    """All nine types of R's quantile()."""
    for case in R["quantiles"]:
        values = np.atleast_1d(case["values"][0]).astype(float)
        ours = [quantile(values, p, kind=kind) for p in case["probs"]]
        np.testing.assert_allclose(ours, case["types"][kind - 1], rtol=1e-12)


@pytest.mark.parametrize("name", R["reverse"])
def test_reverse_kaplan_meier(name):
    """The curve of follow-up, its median and interval; events leave before follow-up ends on a day."""
    case = R["reverse"][name]
    curve = reverse_curves(RiskTable.from_arrays(case["exit_days"], case["is_event"]))[0]
    ends = curve.events > 0
    np.testing.assert_array_equal(curve.days[ends], case["days"])
    np.testing.assert_array_equal(curve.at_risk[ends], case["at_risk"])
    np.testing.assert_allclose(curve.survival[ends], case["surv"], **EXACT)
    inner = ends & ~curve.flagged
    np.testing.assert_allclose(curve.low[inner], np.array(case["lower"], float)[~curve.flagged[ends]], **EXACT)
    np.testing.assert_allclose(curve.high[inner], np.array(case["upper"], float)[~curve.flagged[ends]], **EXACT)
    ours = estimate_follow_up(case["exit_days"], case["is_event"])
    # R was given doubled days, half a day apart: its midpoint of a flat piece may be half a day off
    for value, expected in ((ours.median_days, case["median"]), (ours.low, case["low"]), (ours.high, case["high"])):
        assert (value is None) == (expected is None)
        assert value is None or abs(value - expected) <= 0.5


def test_lung_follow_up():
    """The known reverse Kaplan-Meier median of the lung data: 588 (511-821)."""
    case = R["reverse"]["lung"]
    ours = estimate_follow_up(case["exit_days"], case["is_event"])
    assert (ours.median_days, ours.low, ours.high) == (588, 511, 821)


@pytest.mark.parametrize("name", R["trend"])
def test_trend(name):
    """The trend test is the score test of a Cox model with the exact treatment of ties."""
    case = R["trend"][name]
    risk = RiskTable.from_arrays(case["time"], case["status"], group=case["group"])
    test = compare_trend(risk, scores=[float(label) for label in risk.groups])
    np.testing.assert_allclose((test.chi2, test.p), (case["chi2"], case["p"]), rtol=1e-8)
    assert compare_trend(risk).chi2 == pytest.approx(test.chi2, rel=1e-12)  # scores 0, 1, .. are as good


def test_delayed_entry():
    """With delayed entry: survival at chosen days, and the log-rank statistic as a Cox score test."""
    case = R["delayed_entry"]
    arrays = {"entry_days": case["entry"], "group": case["group"]}
    risk = RiskTable.from_arrays(case["exit"], case["status"], **arrays)
    # entry 0 in R is after day 0, as here
    assert compare_survival(risk).chi2 == pytest.approx(case["logrank"], rel=1e-9)
    pooled = RiskTable.from_arrays(case["exit"], case["status"], entry_days=case["entry"])
    rows = survival_at(estimate_curves(pooled)[0], case["days"])
    assert [row.at_risk for row in rows] == case["at_risk"]
    ours = [(row.survival, row.se, row.low, row.high) for row in rows]
    np.testing.assert_allclose(np.array(ours).T, [case[k] for k in ("surv", "se", "lower", "upper")], **EXACT)


def test_holm():
    """Holm's adjustment; a test that could not be done is not counted."""
    np.testing.assert_allclose(holm(R["holm"]["p"]), R["holm"]["adjusted"], rtol=1e-12)
    assert holm([0.01, None, 0.04]) == [0.02, None, 0.04]
