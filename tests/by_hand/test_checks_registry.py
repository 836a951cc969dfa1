"""Every rule has a case, a name of its own, and words that a clinician can act on and that hold no value."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from remission.cohort.checks import RULES, check_cohort
from remission.core.findings import Finding

from . import (
    test_checks_order,
    test_checks_ranges,
    test_checks_records,
    test_checks_response,
    test_checks_survival,
)
from .checks_case import Case, findings_of
from .cohort_factory import make_cohort

CASES = (
    *test_checks_ranges.CASES,
    *test_checks_order.CASES,
    *test_checks_survival.CASES,
    *test_checks_response.CASES,
    *test_checks_records.CASES,
)
SNAPSHOT = Path(__file__).parents[1] / "snapshots" / "checks.txt"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "checks.md"


def test_every_rule_has_a_case() -> None:
    """A rule without a case, or a case without a rule, fails here."""
    assert {case.rule for case in CASES} == {one.name for one in RULES}


def test_names_are_unique_and_kebab_case() -> None:
    """A rule's name is what findings.csv is filtered by, so it is one of a kind."""
    names = [one.name for one in RULES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


def test_every_rule_says_what_it_does_and_what_to_do() -> None:
    """No rule leaves the reader without a consequence and a next step."""
    for one in RULES:
        assert all(text.endswith(".") for text in (one.about, one.consequence, one.todo)), one.name


def test_messages_are_as_reviewed() -> None:
    """The words of every finding; REMISSION_SNAPSHOTS=write renews the file."""
    text = "\n".join(_told(f) for case in CASES for f in findings_of(case, case.fires)) + "\n"
    if os.environ.get("REMISSION_SNAPSHOTS") == "write":
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8")


def _told(finding: Finding) -> str:
    where = f"{finding.sheet} column {finding.column} row {finding.row}" if finding.sheet else "the study"
    return f"{finding.severity} [{finding.rule}] {where}\n  {finding.what}\n  {finding.consequence}\n  {finding.todo}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_message_holds_no_value_of_a_patient(case: Case) -> None:
    """The numbers of the doubtful cells stay in the sheet: only counts, limits and addresses are told."""
    for finding in findings_of(case, case.fires):
        cells = {v for table in case.fires.values() for line in table.splitlines()[1:] for v in line.split()}
        telling = {v for v in cells if len(v.strip("-")) >= 3 and re.fullmatch(r"-?[0-9.]+", v)}
        words = set(re.findall(r"-?[0-9.]*[0-9]", finding.what))
        assert not telling & words


def test_an_empty_study_has_one_finding() -> None:
    """Without patients there is one error, and no rule stumbles over empty tables."""
    assert [f.rule for f in check_cohort(make_cohort())] == ["no-patients"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_order_of_rows_does_not_matter(case: Case) -> None:
    """A sheet sorted the other way has the same doubts about the same columns."""
    turned = {name: _turned(text) for name, text in case.fires.items()}
    assert _without_rows(case, turned) == _without_rows(case, case.fires)


def _turned(text: str) -> str:
    header, *lines = text.strip().splitlines()
    return "\n".join([header, *reversed(lines)])


def _without_rows(case: Case, tables: dict[str, str]) -> list[tuple[str, str, str, str, int]]:
    found = check_cohort(make_cohort(scopes=case.scopes, **tables))
    return [(f.rule, f.sheet, f.column, f.what, f.row.count(",")) for f in found]


def test_the_page_of_checks_lists_every_rule_as_it_is() -> None:
    """docs/how-to/checks.md says of each rule its name, severity and meaning, and names no other."""
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (\w+) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert rows == [(one.name, one.severity, one.about) for one in RULES]
