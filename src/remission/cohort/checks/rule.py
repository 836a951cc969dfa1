"""What a rule is, and how the doubts it raises become findings with an address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from remission.cohort.table import Address, Cohort
from remission.core.findings import Finding, Severity


@dataclass(frozen=True)
class Doubt:
    """One place a rule looks askance at.

    Args: phrase: the doubt in the user's words without a value ("Death is before day 0"); the count of
    patients is added when doubts of one column are put together.  table, index, field: the value; no table
    means the whole study.  severity: where one doubt of a rule weighs more or less than the rule.
    """

    phrase: str
    table: str = ""
    index: int = -1
    field: str = ""
    severity: Severity | None = None


Look = Callable[[Cohort], Iterable[Doubt]]


@dataclass(frozen=True)
class Rule:
    """A named question to the data: how serious a hit is, what it does to the study, what the user can do."""

    name: str
    severity: Severity
    about: str
    consequence: str
    todo: str
    look: Look


def rule(name: str, severity: Severity, *, consequence: str, todo: str) -> Callable[[Look], Rule]:
    """Turn a function from a cohort to its doubts into a rule; its docstring is what the rule says."""

    def make(look: Look) -> Rule:
        return Rule(name, severity, " ".join((look.__doc__ or "").split()), consequence, todo, look)

    return make


@dataclass(frozen=True)
class _Column:
    """Doubts that are told as one finding: the same words about the same column of the same sheet."""

    severity: Severity
    phrase: str
    table: str
    file: str
    sheet: str
    column: str


def apply_rule(one: Rule, cohort: Cohort) -> tuple[Finding, ...]:
    """All findings of one rule: several rows of one column are one finding."""
    groups: dict[_Column, list[tuple[int, str]]] = {}
    for doubt in one.look(cohort):
        address = _address(cohort, doubt)
        place = address or Address("", "", 0, "")
        key = _Column(doubt.severity or one.severity, doubt.phrase, doubt.table, place.file, place.sheet, place.column)
        groups.setdefault(key, []).append((place.row, _patient(cohort, doubt)))
    return tuple(_finding(one, cohort, key, hits) for key, hits in groups.items())


def _address(cohort: Cohort, doubt: Doubt) -> Address | None:
    """The cell of the doubt; where its field is no column of a sheet, the cell that names the patient."""
    if not doubt.table:
        return None
    here = cohort.address(doubt.table, doubt.index, doubt.field)
    return here or cohort.address(doubt.table, doubt.index, "patient")


def _patient(cohort: Cohort, doubt: Doubt) -> str:
    if not doubt.table:
        return ""
    return str(cohort.tables[doubt.table].columns["patient"][doubt.index])


def _finding(one: Rule, cohort: Cohort, key: _Column, hits: list[tuple[int, str]]) -> Finding:
    rows = sorted({row for row, _ in hits if row > 0})
    ids = sorted({patient for _, patient in hits if patient})
    what = f"{key.phrase} {_of_how_many(cohort, key.table, ids)}." if key.table else f"{key.phrase}."
    return Finding(
        severity=key.severity,
        rule=one.name,
        file=key.file,
        sheet=key.sheet,
        row=", ".join(map(str, rows)),
        column=key.column,
        what=what,
        consequence=one.consequence,
        todo=one.todo,
        patients="" if rows else ", ".join(ids),
    )


def _of_how_many(cohort: Cohort, table: str, ids: list[str]) -> str:
    """ "for 3 of 214 patients"; in a sheet with its own numbering, of the patients of that sheet."""
    known = set(cohort.patients)
    if all(i in known for i in ids):
        return f"for {len(ids)} of {len(known)} patients"
    everyone = {str(p) for p in cohort.tables[table].columns["patient"]}
    return f"for {len(ids)} of {len(everyone)} numbered entries"
