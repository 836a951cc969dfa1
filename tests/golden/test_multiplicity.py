"""Adjusted p-values against R's p.adjust (tests/golden/make_multiplicity.R made multiplicity.json)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats import benjamini_hochberg, holm

R = json.loads((Path(__file__).parent / "multiplicity.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", R["cases"], ids=lambda c: f"{len(c['p'])} tests")
def test_adjusted(case):
    """Holm and Benjamini-Hochberg, with ties and with one test only."""
    np.testing.assert_allclose(holm(case["p"]), case["holm"], rtol=1e-12)
    np.testing.assert_allclose(benjamini_hochberg(case["p"]), case["bh"], rtol=1e-12)
