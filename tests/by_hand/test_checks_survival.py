"""Rules on life, death and follow-up."""

from __future__ import annotations

import pytest

from remission.cohort.checks import check_cohort

from .checks_case import Case, assert_case
from .cohort_factory import make_cohort

DEATHS = """
patient  status  death_day  last_contact_day
1        dead    {}         100
2        alive   {}         {}
"""
CAUSES = """
patient  status  cause_of_death
1        dead    infection
2        alive   {}
"""
STATES = """
patient  status  death_day
1        dead    90
2        {}      {}
"""

CASES = (
    Case(
        "no-times-recorded",
        {"outcomes": "patient  status\n1        dead"},
        "",
        "Who died is recorded, but no column says when or how long anyone was followed.",
        {"outcomes": "patient  status  follow_up_day\n1        dead    ."},
    ),
    Case(
        "no-times-recorded",
        {"outcomes": "patient  relapse\n1        yes"},
        "",
        "Who relapsed is recorded, but no column says when.",
        {"outcomes": "patient  relapse  relapse_day\n1        yes      ."},
    ),
    Case(
        "death-without-date",
        {"outcomes": DEATHS.format(".", ".", "200")},
        "outcomes!C 2",
        "The patient is dead without a day of death for 1 of 2 patients.",
        {"outcomes": DEATHS.format("100", ".", "200")},
    ),
    Case(
        "death-without-date",
        {"outcomes": "patient  status  last_contact_day\n1        dead    90"},
        "outcomes!B 2",
        "The patient is dead without a day of death for 1 of 1 patients.",
        {"outcomes": "patient  status  follow_up_day\n1        dead    90"},
    ),
    Case(
        "alive-with-death-date",
        {"outcomes": DEATHS.format("100", "150", "150")},
        "outcomes!C 3",
        "The patient is alive but has a day of death for 1 of 2 patients.",
        {"outcomes": DEATHS.format("100", ".", "150")},
    ),
    Case(
        "alive-with-cause-of-death",
        {"outcomes": CAUSES.format("leukaemia")},
        "outcomes!C 3",
        "The patient is alive but has a cause of death for 1 of 2 patients.",
        {"outcomes": CAUSES.format("alive")},
    ),
    Case(
        "dead-without-status",
        {"outcomes": STATES.format(".", 120)},
        "outcomes!B 3",
        "The state at the last follow-up is missing although a death is recorded for 1 of 2 patients.",
        {"outcomes": STATES.format(".", ".")},
    ),
    Case(
        "unknown-status",
        {"outcomes": STATES.format(".", ".")},
        "outcomes!B 3",
        "The state at the last follow-up is missing for 1 of 2 patients.",
        {"outcomes": STATES.format("alive", ".")},
    ),
    Case(
        "unknown-status",
        {"patients": "patient\n1\n2\n3", "outcomes": STATES.format("alive", ".")},
        "patients!A 4",
        "The state at the last follow-up is missing for 1 of 3 patients.",
        {"patients": "patient\n1\n2\n3", "outcomes": "patient  relapse\n1        yes"},
    ),
    Case(
        "grade-5-but-alive",
        {
            "adverse_events": "patient  term    grade\n2        sepsis  5",
            "outcomes": STATES.format("alive", "."),
        },
        "adverse_events!C 2",
        "An adverse event of grade 5 belongs to a patient who is alive for 1 of 2 patients.",
        {"adverse_events": "patient  term    grade\n1        sepsis  5", "outcomes": STATES.format("alive", ".")},
    ),
    Case(
        "missing-follow-up",
        {"outcomes": DEATHS.format("100", ".", ".")},
        "outcomes!D 3",
        "Follow-up is missing for 1 of 2 patients.",
        {"outcomes": STATES.format("alive", ".").replace("death_day", "cause_of_death")},
    ),
    Case(
        "missing-follow-up",
        {"patients": "patient\n1\n2", "outcomes": "patient  follow_up_day\n1        50"},
        "patients!A 3",
        "Follow-up is missing for 1 of 2 patients.",
        {"patients": "patient\n1", "outcomes": "patient  follow_up_day\n1        50"},
    ),
    Case(
        "follow-up-zero",
        {"outcomes": "patient  status  follow_up_day\n1        alive   0\n2        alive   1"},
        "outcomes!C 2",
        "Follow-up ends on day 0 for 1 of 2 patients.",
        {"outcomes": "patient  status  follow_up_day\n1        alive   .\n2        alive   1"},
    ),
    Case(
        "follow-up-too-long",
        {"outcomes": "patient  status  follow_up_day\n1        alive   36500\n2        alive   7305"},
        "outcomes!C 2",
        "Follow-up lasts more than 20 years for 1 of 2 patients.",
        {"outcomes": "patient  status  follow_up_day\n1        alive   7305\n2        alive   365"},
    ),
    Case(
        "contact-after-death",
        {"outcomes": DEATHS.format("90", ".", "150")},
        "outcomes!D 2",
        "Last contact is after death for 1 of 2 patients.",
        {"outcomes": DEATHS.format("100", ".", "150")},
    ),
    Case(
        "event-after-death",
        {
            "outcomes": STATES.format("alive", "."),
            "therapies": "patient  kind  start_day\n1        HSCT  91\n2        HSCT  91",
        },
        "therapies!C 2",
        "A treatment starts after death for 1 of 2 patients.",
        {
            "outcomes": STATES.format("alive", "."),
            "therapies": "patient  kind  start_day\n1        HSCT  90\n2        HSCT  91",
        },
        "error",
    ),
    Case(
        "event-after-death",
        {"outcomes": STATES.format("alive", "."), "marrow": "patient  day  blasts_percent\n1        100  3"},
        "marrow!B 2",
        "A marrow is dated after death for 1 of 2 patients.",
        # a planned day from study.toml is no date
        {"outcomes": STATES.format("alive", "."), "marrow": "patient  [day]  blasts_percent\n1        100  3"},
        "warning",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_fires_at_its_cell_and_is_silent_elsewhere(case: Case) -> None:
    """Columns that disagree on life and death are found at the doubtful cell; agreeing ones are not."""
    assert_case(case)


def test_one_cell_is_told_once() -> None:
    """A follow-up that also stands as the day of death is one doubt, not two."""
    table = "patient  status  follow_up_day  [death_day]\n1        dead    -3             -3"
    found = [f for f in check_cohort(make_cohort(outcomes=table)) if f.severity == "error"]
    assert [(f.rule, f.what) for f in found] == [("event-before-origin", "Death is before day 0 for 1 of 1 patients.")]


def test_a_missing_follow_up_is_shown_where_it_would_stand() -> None:
    """The finding points to the column of the follow-up, not to the name of the patient."""
    header = "patient  status  follow_up_day  [death_day]  [last_contact_day]"
    table = f"{header}\n1        alive   .              .            ."
    found = [f for f in check_cohort(make_cohort(outcomes=table)) if f.rule == "missing-follow-up"]
    assert [(f.column, f.row) for f in found] == [("C", "2")]
