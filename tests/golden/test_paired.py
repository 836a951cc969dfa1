"""Paired tests, shifts and McNemar against R (tests/golden/make_paired.R made paired.json)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats import mcnemar_test, median_difference, pseudo_median, sign_test, wilcoxon_signed_rank

R = json.loads((Path(__file__).parent / "paired.json").read_text(encoding="utf-8"))
EXACT = {"rtol": 1e-9, "atol": 1e-15}
ROOT = {"rtol": 1e-8, "atol": 1e-10}  # R finds the limits by a search for a root


@pytest.mark.parametrize("name", R["signed_rank"])
def test_signed_rank(name):
    """V and the normal p with both corrections; the exact p where R has one, and by counting all signs with ties."""
    case = R["signed_rank"][name]
    normal = wilcoxon_signed_rank(case["d"], method="normal")
    np.testing.assert_allclose((normal.statistic, normal.p), (case["V"], case["normal_p"]), **EXACT)
    auto, untied = wilcoxon_signed_rank(case["d"]), wilcoxon_signed_rank(case["d"], method="untied")
    assert auto.method == ("normal" if len(case["d"]) > 50 else "exact")
    if "counted_p" in case:
        np.testing.assert_allclose(auto.p, case["counted_p"], **EXACT)
    if "exact_p" in case:
        exact = wilcoxon_signed_rank(case["d"], method="exact")
        np.testing.assert_allclose(exact.p, case["exact_p"], rtol=1e-9)
    is_exact = "exact_p" in case and len(case["d"]) <= 50
    np.testing.assert_allclose(untied.p, case["exact_p" if is_exact else "normal_p"], **EXACT)


@pytest.mark.parametrize("name", R["signed_rank"])
def test_sign_test(name):
    """The number of positive differences and the binomial p."""
    case = R["signed_rank"][name]
    test = sign_test(case["d"])
    assert test.statistic == case["sign_S"]
    np.testing.assert_allclose(test.p, case["sign_p"], **EXACT)


@pytest.mark.parametrize("name", R["signed_rank"])
def test_pseudo_median(name):
    """Estimate and exact interval with its achieved confidence; the normal interval, without zeros as R has it."""
    case = R["signed_rank"][name]
    if "estimate" in case:
        ours = pseudo_median(case["d"], method="exact")
        np.testing.assert_allclose(ours.estimate, case["estimate"], rtol=1e-12)
        if case["achieved"] == 0.95:  # R: as asked for; less where so few pairs allow no such interval
            np.testing.assert_allclose((ours.low, ours.high), (case["low"], case["high"]), rtol=1e-12)
            narrow = pseudo_median(case["d"], method="exact", confidence=0.9)
            np.testing.assert_allclose((narrow.low, narrow.high), (case["low90"], case["high90"]), rtol=1e-12)
        else:
            assert (ours.low, ours.high) == (None, None)
    if name != "few":  # R gives the extremes where the normal test can reject nothing
        normal = pseudo_median(case["d"], method="normal", drop_zeros=True)
        np.testing.assert_allclose((normal.low, normal.high), (case["normal_low"], case["normal_high"]), **ROOT)


@pytest.mark.parametrize("name", R["two_samples"])
def test_median_difference(name):
    """Estimate and exact interval of two samples, and the normal interval."""
    case = R["two_samples"][name]
    if "estimate" in case:
        ours = median_difference(case["x"], case["y"], method="exact")
        np.testing.assert_allclose(
            (ours.estimate, ours.low, ours.high), (case["estimate"], case["low"], case["high"]), rtol=1e-12
        )
    normal = median_difference(case["x"], case["y"], method="normal")
    np.testing.assert_allclose((normal.low, normal.high), (case["normal_low"], case["normal_high"]), **ROOT)


@pytest.mark.parametrize("case", R["mcnemar"], ids=lambda c: str(c["counts"]))
def test_mcnemar(case):
    """Exact, mid-P, both chi-square tests, and the interval of the odds ratio."""
    both, lost, gained, neither = case["counts"]
    before = [1] * (both + lost) + [0] * (gained + neither)
    after = [1] * both + [0] * lost + [1] * gained + [0] * neither
    exact = mcnemar_test(before, after)
    assert (exact.both, exact.only_before, exact.only_after, exact.neither) == tuple(case["counts"])
    np.testing.assert_allclose(exact.p, case["exact_p"], **EXACT)
    np.testing.assert_allclose(mcnemar_test(before, after, method="mid-p").p, case["mid_p"], **EXACT)
    plain, corrected = (mcnemar_test(before, after, method=m) for m in ("chi-square", "chi-square-corrected"))
    np.testing.assert_allclose((plain.statistic, plain.p), (case["chi2"], case["p"]), **EXACT)
    np.testing.assert_allclose((corrected.statistic, corrected.p), (case["corrected"], case["corrected_p"]), **EXACT)
    np.testing.assert_allclose(exact.low, case["low"], **EXACT)
    assert (exact.high is None) == (case["high"] is None)
    if case["high"] is not None:
        np.testing.assert_allclose(exact.high, case["high"], **EXACT)
