"""Two spellings of one id are folded to one key; two ids never are."""

import pytest

from remission.cohort.patient_ids import spelling_key


@pytest.mark.parametrize("same", [("7", "007"), ("7", "7.0"), ("p-07", "P-7"), ("A 1", "A1")])
def test_spellings_of_one_id(same: tuple[str, str]) -> None:
    """Zeros in front of a number, a decimal zero and case are spelling."""
    assert spelling_key(same[0]) == spelling_key(same[1])


def test_zeros_inside_a_number_count() -> None:
    """1001 is not 11, 100 is not 10 is not 1: no two of the first thousand numbers share a key."""
    assert len({spelling_key(str(i)) for i in range(1, 2001)}) == 2000
