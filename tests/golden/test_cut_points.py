"""Maximally selected statistics against R (tests/golden/make_cut_points.R made cut_points.json)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats import cut_point_for_number, cut_point_for_outcome, cut_point_for_survival

R = json.loads((Path(__file__).parent / "cut_points.json").read_text(encoding="utf-8"))
EXACT = {"rtol": 1e-9, "atol": 1e-12}


def agrees(ours, case) -> None:
    """Every cut-point tried with its statistic, the chosen one, and Lausen and Schumacher's p."""
    np.testing.assert_array_equal(ours.cuts, case["cuts"])
    np.testing.assert_allclose(ours.statistics, case["z"], **EXACT)
    assert ours.cut == case["cut"]
    np.testing.assert_allclose((ours.statistic, ours.p_approximate), (case["M"], case["p"]), **EXACT)


@pytest.mark.parametrize("case", R["survival"], ids=lambda c: f"{len(c['marker'])} patients")
def test_survival(case):
    """Log-rank scores are the martingale residuals of a Cox model without covariates."""
    agrees(cut_point_for_survival(case["marker"], case["time"], case["status"], replicates=9), case)


def test_outcome():
    """Pearson's chi-square at every cut-point, times (n - 1) / n."""
    case = R["outcome"]
    agrees(cut_point_for_outcome(case["marker"], case["outcome"], replicates=9), case)


def test_number():
    """The Wilcoxon test with tie correction at every cut-point."""
    case = R["number"]
    agrees(cut_point_for_number(case["marker"], case["values"], replicates=9), case)


def test_permutation_is_near_the_approximation():
    """On 137 patients the two adjusted p agree where it matters."""
    case = R["survival"][1]
    ours = cut_point_for_survival(case["marker"], case["time"], case["status"])
    assert ours.p <= 0.001
    assert ours.p_approximate <= 0.001
