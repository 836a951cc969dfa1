"""Rules on single numbers."""

from __future__ import annotations

import pytest

from .checks_case import Case, assert_case

AGES = """
patient  age_years
1        9
2        {}
3        66
"""
GRADES = """
patient  term   grade
1        CRS    2
2        ICANS  {}
"""
BLASTS = """
patient  visit   blasts_percent
1        before  0.9
2        before  0.5
3        before  0.4
4        before  0.8
5        before  0.35
6        before  {}
"""

CASES = (
    Case(
        "impossible-age",
        {"patients": AGES.format(154)},
        "patients!B 3",
        "Age is not between 0 and 110 years for 1 of 3 patients.",
        {"patients": AGES.format(0)},
    ),
    Case(
        "impossible-blasts",
        {"marrow": "patient  blasts_percent\n1        101\n2        -1\n3        50"},
        "marrow!B 2, 3",
        "Marrow blasts are not between 0 and 100 % for 2 of 3 patients.",
        {"marrow": "patient  blasts_percent\n1        100\n2        0\n3        ."},
    ),
    Case(
        "impossible-mrd",
        {"marrow": "patient  mrd_percent\n1        400\n2        <0.01"},
        "marrow!B 2",
        "MRD is not between 0 and 100 % for 1 of 2 patients.",
        {"marrow": "patient  mrd_percent\n1        40\n2        <0.01"},
    ),
    Case(
        "grade-out-of-range",
        {"adverse_events": GRADES.format(6)},
        "adverse_events!C 3",
        "The grade of an adverse event is not 0 to 5 for 1 of 2 patients.",
        {"adverse_events": GRADES.format(5)},
    ),
    Case(
        "out-of-range",
        {"patients": "patient  wbc_10e9_l\n1        12000\n2        4.2"},
        "patients!B 2",
        "White cell count is outside 0 to 2000 10^9/L for 1 of 2 patients.",
        {"patients": "patient  wbc_10e9_l\n1        300\n2        4.2"},
    ),
    Case(
        "not-whole",
        {"adverse_events": GRADES.format(2.5)},
        "adverse_events!C 3",
        "Grade is not a whole number for 1 of 2 patients.",
        {"adverse_events": GRADES.format(2)},
    ),
    Case(
        "percent-looks-like-fraction",
        {"marrow": BLASTS.format(1)},
        "marrow!C 2, 3, 4, 5, 6",
        "Marrow blasts before treatment look like fractions, not percentages, for 5 of 6 patients.",
        {"marrow": BLASTS.format(49)},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_fires_at_its_cell_and_is_silent_elsewhere(case: Case) -> None:
    """An impossible or unlikely number is found at its cell, a possible one is not."""
    assert_case(case)
