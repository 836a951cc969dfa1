"""Calcium corrected for albumin by hand, and the grade it then has."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.endpoints.safety.calcium import correct_calcium
from remission.endpoints.safety.lab_grades import grade_lab_value
from remission.endpoints.safety.lab_values import LabValue

from .aligned import aligned


@pytest.mark.parametrize(
    "row",
    aligned("""
    total  unit    albumin  corrected  low  why
    2.0    mmol/L  40       2.0        1    normal albumin
    1.9    mmol/L  20       2.3        0    low albumin: no hypocalcaemia
    2.0    mmol/L  41       1.98       2    albumin above 40
    1.85   mmol/L  32.5     2.0        1    exactly on the bound
    7.6    mg/dL   30       8.4        1    0.8 mg/dL for 10 g/L
    7.2    mg/dL   30       8.0        1    exactly on the bound
    """),
    ids=lambda r: r["why"] + r["unit"],
)
def test_corrected_calcium(row: dict[str, str]) -> None:
    """A bound of CTCAE is met exactly, not by a rounding of binary numbers."""
    found = correct_calcium(float(row["total"]), row["unit"], albumin_g_l=float(row["albumin"]))  # type: ignore[arg-type]
    assert found == float(row["corrected"])
    lln = 2.1 if row["unit"] == "mmol/L" else 8.5
    grade = grade_lab_value(LabValue("calcium_corrected", found, row["unit"], lln=lln, uln=99))[0]
    assert grade.grade == int(row["low"])


def test_wrong_input() -> None:
    """Another unit, a negative albumin, no number."""
    with pytest.raises(DataError) as unit:
        correct_calcium(2.0, "g/L", albumin_g_l=40)  # type: ignore[arg-type]
    assert unit.value.code == "unknown-unit"
    for total, albumin in ((-2.0, 40.0), (2.0, -1.0), (float("nan"), 40.0)):
        with pytest.raises(DataError) as value:
            correct_calcium(total, "mmol/L", albumin_g_l=albumin)
        assert value.value.code == "negative-lab-value"
