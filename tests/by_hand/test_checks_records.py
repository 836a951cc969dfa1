"""Rules on records written twice and on the cohort as a whole."""

from __future__ import annotations

import pytest

from .checks_case import Case, assert_case

EVENTS = """
patient  term  grade  start_day
1        CRS   2      3
2        CRS   1      4
1        CRS   2      {}
"""
UNDATED = """
patient  term  grade
1        CRS   2
2        CRS   1
1        CRS   {}
"""
LABS = """
patient  test  value  day
1        IgG   7.1    0
1        IgG   {}     {}
"""
MARROWS = """
patient  day  blasts_percent  mrd_percent
1        15   2               0.5
1        {}   {}              0.5
"""
GENES = "patient  ph_positive  fusion_gene\n1        {}           {}"

CASES = (
    Case(
        "duplicate-record",
        {"adverse_events": EVENTS.format(3)},
        "adverse_events!B 2, 4",
        "The same adverse event is recorded twice for 1 of 2 patients.",
        {"adverse_events": EVENTS.format(30)},
        "error",
    ),
    Case(
        "duplicate-record",
        {"adverse_events": UNDATED.format(2)},
        "adverse_events!B 2, 4",
        "The same adverse event is recorded twice, without a date, for 1 of 2 patients.",
        {"adverse_events": UNDATED.format(3)},
        "warning",
    ),
    Case(
        "duplicate-record",
        {"labs": LABS.format("7.1", "0")},
        "labs!C 2, 3",
        "The same laboratory value is recorded twice for 1 of 1 patients.",
        {"labs": LABS.format("7.1", "28")},
        "error",
    ),
    Case(
        "lab-conflict",
        {"labs": LABS.format("5", "0")},
        "labs!C 2, 3",
        "A test has two different values at one time for 1 of 1 patients.",
        {"labs": LABS.format("5", "28")},
    ),
    Case(
        "marrow-conflict",
        {"marrow": MARROWS.format(15, 40)},
        "marrow!C 2, 3",
        "Two marrows of one day disagree for 1 of 1 patients.",
        {"marrow": MARROWS.format(29, 40)},
    ),
    Case(
        "no-patients",
        {"patients": "patient"},
        "",
        "No patient was read from any sheet.",
        {"patients": "patient\n1"},
    ),
    Case(
        "unlinked-record",
        {"patients": "patient\n1", "adverse_events": "patient  term\n1        CRS\n9        CRS"},
        "adverse_events!A 3",
        "A record belongs to no listed patient for 1 of 2 numbered entries.",
        {"patients": "patient\n1", "adverse_events": "patient  term\n1        CRS\nT:9      CRS"},
        scopes=("T",),
    ),
    Case(
        "ph-contradicts-fusion-gene",
        {"patients": GENES.format("no", "BCR-ABL")},
        "patients!B 2",
        "Philadelphia chromosome and fusion gene disagree for 1 of 1 patients.",
        {"patients": GENES.format("no", "none detected")},
    ),
    Case(
        "engraftment-without-graft",
        {"therapies": "patient  kind   donor\n1        CAR-T  father"},
        "therapies!C 2",
        "Details of a graft are given for another treatment for 1 of 1 patients.",
        {"therapies": "patient  kind  donor\n1        HSCT  father"},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_fires_at_its_cell_and_is_silent_elsewhere(case: Case) -> None:
    """A record written twice is found in all its rows; records that differ are not."""
    assert_case(case)
