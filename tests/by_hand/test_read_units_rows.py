"""Units below a header are recognised, patients whose codes read like units are not taken for them."""

import pytest

from remission.cohort.row_kinds import row_kind
from remission.cohort.units import unit_in_header

HEADER = ("id", "alive", "sex", "months")


@pytest.mark.parametrize("row", [["P1", "Y", "m", "CR"], ["P1", "Y", "", ""], ["A", "y", "m", "d"]])
def test_a_row_with_an_id_is_a_patient(row: list[str]) -> None:
    """Y, m and d are codes here."""
    assert row_kind(row, HEADER, is_first=True, ids_have_digits=False) == ""


@pytest.mark.parametrize("row", [["", "Y/N", "m/f", "months"], ["unit", "", "", "月"]])
def test_a_row_of_units_is_one(row: list[str]) -> None:
    """No id, or the word for unit in its place."""
    assert row_kind(row, HEADER, is_first=True, ids_have_digits=True) == "units"


def test_a_chinese_month_in_the_header_is_a_unit() -> None:
    """Months read as days would shorten every follow-up thirty times."""
    assert unit_in_header("随访时间(月)", "days") == "月"
    assert unit_in_header("Arm (B)", "days") == ""
