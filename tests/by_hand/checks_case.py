"""A case of a rule: a cohort in which it fires, where it must point to, and a cohort in which it is silent."""

from __future__ import annotations

from dataclasses import dataclass, field

from remission.cohort.checks import check_cohort
from remission.core.findings import Finding

from .cohort_factory import make_cohort


@dataclass(frozen=True)
class Case:
    """Args: rule: its name.  fires, silent: tables for make_cohort.  at: "sheet!column rows", "" for the whole study.

    what: the sentence expected.  severity: where it is not the rule's own.
    """

    rule: str
    fires: dict[str, str]
    at: str
    what: str
    silent: dict[str, str]
    severity: str = ""
    scopes: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


def findings_of(case: Case, tables: dict[str, str]) -> list[Finding]:
    """What the rule of the case says about some tables."""
    return [f for f in check_cohort(make_cohort(scopes=case.scopes, **tables)) if f.rule == case.rule]


def place_of(finding: Finding) -> str:
    """ "outcomes!B 2, 4" """
    return f"{finding.sheet}!{finding.column} {finding.row}" if finding.sheet else ""


def assert_case(case: Case) -> None:
    """The rule fires once, there, in these words; and is silent in the other cohort."""
    found = findings_of(case, case.fires)
    assert [(place_of(f), f.what) for f in found] == [(case.at, case.what)]
    assert not case.severity or found[0].severity == case.severity
    assert findings_of(case, case.silent) == []
