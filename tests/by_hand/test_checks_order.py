"""Rules on the order of days."""

from __future__ import annotations

import pytest

from .checks_case import Case, assert_case

INFUSIONS = """
patient  cycle  start_day  end_day
1        1      0          14
1        2      {}         56
2        1      0          {}
"""
STARTS = "patient  first_infusion_day\n1        0\n2        {}"
GRAFTS = "patient  kind  relation  start_day\n1        HSCT  {}        {}"

CASES = (
    Case(
        "date-order",
        {"patients": "patient  diagnosis_day  first_infusion_day\n1        3              0\n2        -90  0"},
        "patients!C 2",
        "The first infusion is before the diagnosis for 1 of 2 patients.",
        {"patients": "patient  diagnosis_day  first_infusion_day\n1        0              0\n2        -90  0"},
        "warning",
    ),
    Case(
        "date-order",
        {"infusions": INFUSIONS.format(28, -1)},
        "infusions!D 4",
        "An infusion ends before it starts for 1 of 2 patients.",
        {"infusions": INFUSIONS.format(28, 0)},
        "error",
    ),
    Case(
        "date-order",
        {"adverse_events": "patient  term  start_day  end_day\n1        CRS   5          2"},
        "adverse_events!D 2",
        "An adverse event ends before it starts for 1 of 1 patients.",
        {"adverse_events": "patient  term  start_day  end_day\n1        CRS   5          5"},
    ),
    Case(
        "date-order",
        {"outcomes": "patient  remission_day  relapse_day\n1        30             20"},
        "outcomes!C 2",
        "The relapse is before the first complete remission for 1 of 1 patients.",
        {"outcomes": "patient  remission_day  relapse_day\n1        30             200"},
    ),
    Case(
        "date-order",
        {
            "patients": "patient  diagnosis_day  first_infusion_day\n1        0              200",
            "outcomes": "patient  last_contact_day\n1        90",
        },
        "outcomes!B 2",
        "Last contact is before the first infusion for 1 of 1 patients.",
        {
            "patients": "patient  first_infusion_day\n1        0",
            "outcomes": "patient  last_contact_day\n1        -3",  # told by event-before-origin
        },
        "error",
    ),
    *(
        Case(
            "event-before-origin",
            {"outcomes": f"patient  {name}\n1        -3\n2        5\n3        -1"},
            "outcomes!B 2, 4",
            f"{phrase} for 2 of 3 patients.",
            {"outcomes": f"patient  {name}\n1        0\n2        5\n3        ."},
        )
        for name, phrase in (
            ("death_day", "Death is before day 0"),
            ("relapse_day", "The relapse is before day 0"),
            ("last_contact_day", "Last contact is before day 0"),
            ("follow_up_day", "Follow-up ends before day 0"),
        )
    ),
    Case(
        "event-before-origin",
        {"therapies": GRAFTS.format("after", -20)},
        "therapies!D 2",
        "A treatment given after blinatumomab is dated before day 0 for 1 of 1 patients.",
        {"therapies": GRAFTS.format("before", -20)},
    ),
    Case(
        "treatment-before-dated-after",
        {"therapies": GRAFTS.format("before", 40)},
        "therapies!D 2",
        "A treatment given before blinatumomab is dated after day 0 for 1 of 1 patients.",
        {"therapies": GRAFTS.format("after", 40)},
    ),
    Case(
        "engraftment-before-graft",
        {"therapies": "patient  kind  neutrophil_engraftment_days\nT:1      HSCT  -12\nT:2      HSCT  14"},
        "therapies!C 2",
        "Neutrophil engraftment is before the graft for 1 of 2 numbered entries.",
        {"therapies": "patient  kind  neutrophil_engraftment_days\nT:1      HSCT  12\nT:2      HSCT  14"},
        scopes=("T",),
    ),
    Case(
        "status-after-cutoff",
        {
            "patients": "patient  cutoff_day\n1        365\n2        400",
            "outcomes": "patient  death_day\n1        370\n2        380",
        },
        "outcomes!B 2",
        "Death is after the data cut-off for 1 of 2 patients.",
        {
            "patients": "patient  cutoff_day\n1        370\n2        .",
            "outcomes": "patient  death_day\n1        370\n2        380",
        },
    ),
    Case(
        "infusion-overlap",
        {"infusions": INFUSIONS.format(10, 14)},
        "infusions!C 3",
        "An infusion starts before the previous one has ended for 1 of 2 patients.",
        {"infusions": INFUSIONS.format(14, 14)},
    ),
    Case(
        "infusion-too-long",
        {"infusions": INFUSIONS.format(28, 43)},
        "infusions!D 4",
        "An infusion lasts more than 42 days for 1 of 2 patients.",
        {"infusions": INFUSIONS.format(28, 42)},
    ),
    Case(
        "first-infusion-differs",
        {"patients": STARTS.format(1), "infusions": INFUSIONS.format(28, 14)},
        "patients!B 3",
        "The first infusion is not the earliest start of an infusion for 1 of 2 patients.",
        {"patients": STARTS.format(0), "infusions": INFUSIONS.format(28, 14)},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_fires_at_its_cell_and_is_silent_elsewhere(case: Case) -> None:
    """Days in a wrong order are found at the later day, days in order or on one day are not."""
    assert_case(case)
