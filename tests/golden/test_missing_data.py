"""Rubin's rules against the published formulas in R (tests/golden/make_missing_data.R made missing_data.json)."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path

import numpy as np
import pytest

from remission.stats import pool_estimates, pool_tests

R = json.loads((Path(__file__).parent / "missing_data.json").read_text(encoding="utf-8"))
EXACT = {"rtol": 1e-9, "atol": 1e-15}


@pytest.mark.parametrize("case", R["pooled"], ids=lambda c: f"{len(c['estimates'])} imputations")
def test_pooled(case):
    """Estimate, error, Barnard-Rubin degrees of freedom, missing information, interval and p."""
    complete = inf if case["complete"] is None else case["complete"]
    ours = pool_estimates(case["estimates"], case["errors"], df_complete=complete)
    np.testing.assert_allclose(
        (ours.estimate, ours.se, ours.df, ours.missing_information, ours.p, ours.low, ours.high),
        [case[key] for key in ("estimate", "se", "df", "fmi", "p", "low", "high")],
        **EXACT,
    )


@pytest.mark.parametrize("case", R["joint"], ids=lambda c: f"{len(c['Q'])} imputations of {len(c['Q'][0])}")
def test_joint(case):
    """The joint test D1, with few and many denominator degrees of freedom."""
    ours = pool_tests(case["Q"], case["U"])
    np.testing.assert_allclose(
        (ours.statistic, ours.df_denominator, ours.relative_increase, ours.p),
        [case[key] for key in ("F", "df", "r", "p")],
        **EXACT,
    )
