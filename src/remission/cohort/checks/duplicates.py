"""Rules on what is written down twice."""

from __future__ import annotations

from collections.abc import Iterator

from remission.cohort.checks.look import texts, values
from remission.cohort.checks.rule import Doubt, rule
from remission.cohort.table import Cohort, Scalar
from remission.core.findings import Severity

# table, what a record of it is called, the field that says when, the field shown
_REPEATED = (
    ("adverse_events", "adverse event", "start_day", "term"),
    ("labs", "laboratory value", "day", "value"),
    ("marrow", "marrow", "day", "day"),
    ("infusions", "infusion", "start_day", "start_day"),
    ("therapies", "treatment", "start_day", "kind"),
)


@rule(
    "duplicate-record",
    "error",
    consequence="It would be counted twice.",
    todo="Delete one of the rows; if both are right, give the date or cycle that tells them apart.",
)
def duplicate_record(cohort: Cohort) -> Iterator[Doubt]:
    """Two records of a patient are the same in every field: with a date an error, without one a warning."""
    for table, word, when, shown in _REPEATED:
        for rows in _same_rows(cohort, table):
            if len({_place(cohort, table, row) for row in rows}) < 2:
                continue  # one row of a sheet that became several records by its mapping
            is_dated = values(cohort, table, when)[rows[0]] is not None
            severity: Severity = "error" if is_dated else "warning"
            phrase = f"The same {word} is recorded twice" + ("" if is_dated else ", without a date,")
            yield from (Doubt(phrase, table, row, shown, severity) for row in rows)


def _same_rows(cohort: Cohort, table: str) -> list[list[int]]:
    """Groups of rows of one table that agree in every column and say more than the patient and the visit."""
    t = cohort.tables[table]
    names = list(t.columns)
    groups: dict[tuple[Scalar, ...], list[int]] = {}
    for index, contents in enumerate(zip(*t.columns.values(), strict=True)):
        said = [n for n, v in zip(names, contents, strict=True) if v not in (None, "")]
        if len(set(said) - {"patient", "visit", "relation"}) > 0:
            groups.setdefault(contents, []).append(index)
    return [rows for rows in groups.values() if len(rows) > 1]


def _place(cohort: Cohort, table: str, index: int) -> tuple[int, int]:
    t = cohort.tables[table]
    return t.source[index], t.row[index]


@rule(
    "lab-conflict",
    "warning",
    consequence="Which of the two values belongs to the visit is not known.",
    todo="Remove one, or give the days on which they were taken.",
)
def lab_conflict(cohort: Cohort) -> Iterator[Doubt]:
    """One test of a patient has two different values on the same day."""
    columns = [values(cohort, "labs", name) for name in ("patient", "test", "day", "visit", "unit")]
    value = values(cohort, "labs", "value")
    groups: dict[tuple[Scalar, ...], list[int]] = {}
    for index, key in enumerate(zip(*columns, strict=True)):
        if value[index] is not None and (key[2] is not None or key[3] is not None):
            groups.setdefault(key, []).append(index)
    for rows in groups.values():
        if len({value[row] for row in rows}) > 1:
            phrase = "A test has two different values at one time"
            yield from (Doubt(phrase, "labs", row, "value") for row in rows)


@rule(
    "marrow-conflict",
    "warning",
    consequence="Which of the two marrows decides the response is not known.",
    todo="Remove one, or give the days on which they were taken.",
)
def marrow_conflict(cohort: Cohort) -> Iterator[Doubt]:
    """Two marrows of a patient on one day disagree in blasts, MRD or response."""
    names = ("blasts_percent", "mrd_percent", "response_reported")
    for name in names:
        value = values(cohort, "marrow", name)
        groups: dict[tuple[Scalar, Scalar, str], list[int]] = {}
        keys = zip(
            values(cohort, "marrow", "patient"),
            values(cohort, "marrow", "day"),
            texts(cohort, "marrow", "mrd_method"),
            strict=True,
        )
        for index, key in enumerate(keys):
            if value[index] is not None and key[1] is not None:
                groups.setdefault(key, []).append(index)
        for rows in groups.values():
            if len({value[row] for row in rows}) > 1:
                phrase = "Two marrows of one day disagree"
                yield from (Doubt(phrase, "marrow", row, name) for row in rows)
