"""How rules see a cohort: one column at a time, missing values as None, never a guess."""

from __future__ import annotations

from collections import defaultdict

from remission.cohort.table import Cohort, Scalar

REMISSION = frozenset({"CR", "CRh", "CRi"})
NO_REMISSION = frozenset({"PR", "no CR", "no response", "progression"})
TIMES = ("death_day", "follow_up_day", "last_contact_day")  # fields of outcomes that say how long


def values(cohort: Cohort, table: str, name: str) -> list[Scalar]:
    """One column as it stands; all missing where the table does not have it."""
    t = cohort.tables[table]
    return t.columns.get(name) or [None] * len(t)


def numbers(cohort: Cohort, table: str, name: str) -> list[float | None]:
    """One column of numbers; text and missing are None."""
    return [float(v) if isinstance(v, int | float) else None for v in values(cohort, table, name)]


def days(cohort: Cohort, table: str, name: str) -> list[int | None]:
    """One column of days since day 0."""
    return [int(v) if isinstance(v, int | float) else None for v in values(cohort, table, name)]


def texts(cohort: Cohort, table: str, name: str) -> list[str]:
    """One column of codes or text; missing is ""."""
    return ["" if v is None else str(v) for v in values(cohort, table, name)]


def patients(cohort: Cohort, table: str) -> list[str]:
    """The patient of each row."""
    return texts(cohort, table, "patient")


def is_recorded(cohort: Cohort, table: str, *names: str) -> bool:
    """Whether some sheet has a column for one of the fields, filled or not."""
    return any((table, name) in cohort.recorded for name in names)


def rows_by_patient(cohort: Cohort, table: str) -> dict[str, list[int]]:
    """Row indices of each patient, in order."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, patient in enumerate(patients(cohort, table)):
        found[patient].append(index)
    return dict(found)


def is_below(value: float, sign: str, limit: float) -> bool:
    """Whether a value is surely under a limit ("<5" is under 5, ">1" is not)."""
    return sign != ">" and (value < limit or (sign == "<" and value <= limit))


def is_above(value: float, sign: str, limit: float) -> bool:
    """Whether a value is surely over a limit."""
    return sign != "<" and (value > limit or (sign == ">" and value >= limit))


def death_day(cohort: Cohort) -> dict[str, int]:
    """Day of death of each patient who has one: its own, or the end of follow-up of one who is dead."""
    found: dict[str, int] = {}
    own, follow_up = days(cohort, "outcomes", "death_day"), days(cohort, "outcomes", "follow_up_day")
    states = texts(cohort, "outcomes", "status")
    for index, patient in enumerate(patients(cohort, "outcomes")):
        day = own[index] if own[index] is not None else follow_up[index] if states[index] == "dead" else None
        if day is not None:
            found[patient] = day
    return found


def states(cohort: Cohort) -> list[tuple[str, str]]:
    """Patient and state at the last follow-up ("" where missing) of each row of outcomes."""
    return list(zip(patients(cohort, "outcomes"), texts(cohort, "outcomes", "status"), strict=True))


def without_outcome(cohort: Cohort) -> list[int]:
    """Rows of the patients who have no row of outcomes at all."""
    has_row = set(patients(cohort, "outcomes"))
    return [i for i, patient in enumerate(patients(cohort, "patients")) if patient not in has_row]


def last_days(cohort: Cohort, name: str) -> list[int | None]:
    """A column of `TIMES`. A follow-up that also stands as death or last contact is told only under that name."""
    column = days(cohort, "outcomes", name)
    if name != "follow_up_day":
        return column
    death, contact = days(cohort, "outcomes", "death_day"), days(cohort, "outcomes", "last_contact_day")
    return [None if d is not None and d in (death[i], contact[i]) else d for i, d in enumerate(column)]


def shown(cohort: Cohort, table: str, index: int, *names: str) -> str:
    """The first of some fields that stands in a cell of the sheet, to point at; else the first of them."""
    return next((n for n in names if cohort.address(table, index, n) is not None), names[0])
