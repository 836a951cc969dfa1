"""Rules on response, MRD and relapse."""

from __future__ import annotations

import pytest

from .checks_case import Case, assert_case

MARROW = """
patient  visit          blasts_percent  mrd_percent  response_reported
1        end of course  1               <0.01        CR
2        end of course  {}              {}           {}
"""
REPORTED = """
patient  visit          blasts_percent  mrd_percent  mrd_reported
1        end of course  1               <0.01        negative
2        end of course  {}              {}           {}
"""
RESPONSES = """
patient  response_reported
1        CR
2        {}
"""
RELAPSES = """
patient  relapse  relapse_day
1        yes      200
2        {}       {}
"""
CAUSES = "patient  relapse  cause_of_death\n1        no       {}"
PILE = "patient  mrd_percent\n" + "\n".join(f"{i}        {{0}}" for i in range(1, 6)) + "\n6        0.5"
LABS = "patient  test  value\n" + "\n".join(f"{i}        IL-6  {{0}}" for i in range(1, 6)) + "\n6        IL-6  88"

CASES = (
    Case(
        "response-contradicts-blasts",
        {"marrow": MARROW.format("5.5", "0.2", "CRi")},
        "marrow!E 3",
        "CRi is reported with more than 5 % marrow blasts (criterion: blasts) for 1 of 2 patients.",
        {"marrow": MARROW.format("5", "0.2", "CRi")},
    ),
    Case(
        "response-contradicts-blasts",
        {"marrow": MARROW.format("2", "<0.01", "no CR")},
        "marrow!E 3",
        "No CR is reported with fewer than 5 % marrow blasts and negative MRD (criteria: blasts, MRD) "
        "for 1 of 2 patients.",
        {"marrow": MARROW.format("2", "0.3", "no CR")},
    ),
    Case(
        "blasts-exactly-5",
        {"marrow": MARROW.format("5", "2.4", "no CR")},
        "marrow!C 3",
        "Marrow blasts are exactly 5 %, reported as no remission, for 1 of 2 patients.",
        {"marrow": MARROW.format("<5", "2.4", "no CR")},
    ),
    Case(
        "blasts-exactly-5",
        {"marrow": MARROW.format("5", "<0.01", "CR")},
        "marrow!C 3",
        "Marrow blasts are exactly 5 %, reported as a remission, for 1 of 2 patients.",
        {"marrow": MARROW.format("4.9", "<0.01", "CR")},
    ),
    Case(
        "blasts-exactly-5",
        {"marrow": MARROW.format("5", "2.4", ".")},
        "marrow!C 3",
        "Marrow blasts are exactly 5 % for 1 of 2 patients.",
        {"marrow": MARROW.format("5.1", "2.4", ".")},
    ),
    Case(
        "response-missing",
        {"marrow": RESPONSES.format(".")},
        "patients!A 3",
        "The response is missing for 1 of 2 patients.",
        {"marrow": RESPONSES.format("no response")},
    ),
    Case(
        "mrd-contradicts-blasts",
        {"marrow": MARROW.format("40", "<0.01", "no CR")},
        "marrow!D 3",
        "MRD is negative with more than 5 % marrow blasts for 1 of 2 patients.",
        {"marrow": MARROW.format("40", "35", "no CR")},
    ),
    Case(
        "mrd-contradicts-blasts",
        {"marrow": REPORTED.format("40", ".", "negative")},
        "marrow!E 3",
        "MRD is negative with more than 5 % marrow blasts for 1 of 2 patients.",
        {"marrow": REPORTED.format("4", ".", "negative")},
    ),
    Case(
        "mrd-far-from-blasts",
        {"marrow": MARROW.format("37", "86.1", "no CR")},
        "marrow!D 3",
        "MRD is far above the marrow blasts for 1 of 2 patients.",
        {"marrow": MARROW.format("37", "57", "no CR")},
    ),
    Case(
        "mrd-far-from-blasts",
        {"marrow": MARROW.format("3", "8.1", ".")},
        "marrow!D 3",
        "MRD is far above the marrow blasts for 1 of 2 patients.",
        {"marrow": MARROW.format("3", "4.9", ".")},
    ),
    Case(
        "mrd-far-from-blasts",
        {"marrow": MARROW.format("35", "0.16", ".")},
        "marrow!D 3",
        "MRD is far below the marrow blasts for 1 of 2 patients.",
        {"marrow": MARROW.format("35", "3.5", ".")},
    ),
    Case(
        "mrd-reported-contradicts-value",
        {"marrow": REPORTED.format("1", "0.2", "negative")},
        "marrow!E 3",
        "MRD is reported negative with a value above 0.01 % for 1 of 2 patients.",
        {"marrow": REPORTED.format("1", "0.01", "negative")},
    ),
    Case(
        "mrd-reported-contradicts-value",
        {"marrow": REPORTED.format("1", "<0.01", "positive")},
        "marrow!E 3",
        "MRD is reported positive with a value below detection for 1 of 2 patients.",
        {"marrow": REPORTED.format("1", "0.005", "positive")},
    ),
    Case(
        "mrd-at-floor",
        {"marrow": PILE.format("0.01")},
        "marrow!B 2, 3, 4, 5, 6",
        "MRD piles up at the smallest value of its column for 5 of 6 patients.",
        {"marrow": PILE.format("<0.01")},
    ),
    Case(
        "lab-at-floor",
        {"labs": LABS.format("1.5")},
        "labs!C 2, 3, 4, 5, 6",
        "Values of IL-6 pile up at the smallest one for 5 of 6 patients.",
        {"labs": LABS.format("<1.5")},
    ),
    Case(
        "relapse-without-remission",
        {"marrow": RESPONSES.format("no CR"), "outcomes": RELAPSES.format("yes", "90")},
        "outcomes!B 3",
        "A relapse is recorded without a remission for 1 of 2 patients.",
        {"marrow": RESPONSES.format("."), "outcomes": RELAPSES.format("yes", "90")},
    ),
    Case(
        "relapse-missing",
        {"marrow": RESPONSES.format("CRi"), "outcomes": RELAPSES.format(".", ".")},
        "outcomes!B 3",
        "Relapse is missing after a remission for 1 of 2 patients.",
        {"marrow": RESPONSES.format("no CR"), "outcomes": RELAPSES.format(".", ".")},
    ),
    Case(
        "relapse-day-without-relapse",
        {"outcomes": RELAPSES.format("no", "90")},
        "outcomes!C 3",
        "A day of relapse is given, but not that there was one, for 1 of 2 patients.",
        {"outcomes": RELAPSES.format("no", ".")},
    ),
    Case(
        "relapse-without-day",
        {"outcomes": RELAPSES.format("yes", ".")},
        "outcomes!C 3",
        "The relapse has no day for 1 of 2 patients.",
        {"outcomes": RELAPSES.format(".", ".")},
    ),
    Case(
        "death-by-relapse-without-relapse",
        {"marrow": RESPONSES.format("no CR"), "outcomes": CAUSES.format("leukaemia")},
        "outcomes!C 2",
        "The cause of death is the leukaemia, but no relapse is recorded for 1 of 2 patients.",
        {"marrow": RESPONSES.format("no CR"), "outcomes": CAUSES.format("infection")},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_fires_at_its_cell_and_is_silent_elsewhere(case: Case) -> None:
    """Response, blasts, MRD and relapse that contradict each other are found at their cell."""
    assert_case(case)
