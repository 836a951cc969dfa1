"""Left-censored values against R's survfit and survdiff on the flipped scale, and against published examples.

tests/golden/make_left_censored.R made left_censored.json.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats import compare_left_censored, compare_left_censored_pairs, summarise_left_censored

R = json.loads((Path(__file__).parent / "left_censored.json").read_text(encoding="utf-8"))
EXACT = {"rtol": 1e-9, "atol": 1e-15}


@pytest.mark.parametrize("case", R["groups"], ids=lambda c: f"{len(c['value'])} values")
def test_between_groups(case):
    """Peto-Prentice is survdiff with rho = 1, log-rank with rho = 0."""
    arrays = np.array(case["value"]), np.array(case["below"]), case["group"]
    np.testing.assert_allclose(compare_left_censored(*arrays).chi2, case["peto_prentice"], **EXACT)
    np.testing.assert_allclose(compare_left_censored(*arrays, test="log-rank").chi2, case["log_rank"], **EXACT)


@pytest.mark.parametrize("case", R["groups"], ids=lambda c: f"{len(c['value'])} values")
def test_quartiles(case):
    """Quartiles of the flipped Kaplan-Meier curve; where R has none the value is below a floor."""
    ours = summarise_left_censored(case["value"], case["below"])
    for found, expected in zip((ours.q1, ours.median, ours.q3), case["quartiles"], strict=True):
        if expected is None:
            assert found.value is None
            assert found.below is not None
        else:
            np.testing.assert_allclose(found.value, expected, rtol=1e-12)  # R adds and takes away 1000


@pytest.mark.parametrize("case", R["pairs"], ids=lambda c: f"{len(c['before'])} pairs")
def test_pairs(case):
    """The paired Prentice-Wilcoxon Z and Akritas' t from scores of R's survfit."""
    arrays = case["before"], case["before_below"], case["after"], case["after_below"]
    ours = compare_left_censored_pairs(*arrays, method="asymptotic")
    np.testing.assert_allclose((ours.statistic, ours.p), (case["Z"], case["p"]), **EXACT)
    akritas = compare_left_censored_pairs(*arrays, test="akritas", method="asymptotic")
    np.testing.assert_allclose((akritas.statistic, akritas.p), (case["t"], case["t_p"]), **EXACT)


def test_published_arsenic():
    """Helsel's arsenic of Oahu streams, 13 of 24 below one of three floors: quartiles 0.5, 0.7 and 0.9 in his table."""
    values = [0.5, 0.5, 0.5, 0.6, 0.7, 0.7, 0.9, 0.9, 1, 1, 1, 1, 1.5, 1.7, *[2] * 8, 2.8, 3.2]
    below = [*[0] * 6, 1, 0, 1, 1, 1, 1, 0, 0, *[1] * 8, 0, 0]
    ours = summarise_left_censored(values, below)
    assert (ours.n, ours.n_below, ours.floors.tolist()) == (24, 13, [0.9, 1.0, 2.0])
    assert (ours.q1.value, ours.median.value, ours.q3.value) == (0.5, 0.7, 0.9)


def test_published_tetrachloroethylene():
    """The Tarone-Ware example of the EPA's Unified Guidance 2009, 16.3: Z = 1.85 between two sets of wells."""
    values = [4, 1.5, 2, 8.7, 5.1, 5, 6.4, 10.9, 7, 14.3, 1.9, 10.0, 6.8, 5]
    below = [1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    ours = compare_left_censored(values, below, ["background"] * 6 + ["compliance"] * 8, test="tarone-ware")
    assert ours.chi2**0.5 == pytest.approx(1.85, abs=0.005)
    assert (ours.n.tolist(), ours.n_below.tolist(), ours.n_floors) == ([6, 8], [3, 1], 3)
