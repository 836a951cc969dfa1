"""From the laboratory table of a cohort to graded values, and from these to adverse events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from remission.cohort.table import Table
from remission.cohort.units import factor
from remission.endpoints.safety.ctcae import find_test
from remission.endpoints.safety.events import AdverseEvent
from remission.endpoints.safety.lab_grades import MissingBaseline, grade_lab_value
from remission.endpoints.safety.lab_values import LabValue
from remission.endpoints.safety.terms import name_term


@dataclass(frozen=True)
class NormalRange:
    """The limits of normal of a hospital's laboratory for one test, and the unit they are in."""

    unit: str
    lln: float | None = None
    uln: float | None = None


@dataclass(frozen=True)
class DatedLab:
    """A value of a patient on a day; day: since the origin, None where not recorded."""

    patient: str
    day: int | None
    lab: LabValue


@dataclass(frozen=True)
class LabEvents:
    """Adverse events that laboratory values show.

    Args: events: one for each graded value and term, grade 0 among them: the patient was evaluated. A value that is an
    event in any case but has no one grade is an event without a grade.  undecided: (row, term, reason) of values that
    may be no event at all; they are not among the events.
    """

    events: tuple[AdverseEvent, ...]
    undecided: tuple[tuple[int | None, str, str], ...]


def read_lab_values(
    table: Table, patients: Iterable[str], *, ranges: Mapping[str, NormalRange], baseline_by_day: int = 0
) -> tuple[DatedLab, ...]:
    """The graded tests of some patients from the cohort table labs, in its order, each with its baseline.

    Args: ranges: test as in ctcae.toml -> limits of normal; without one, or in a unit that cannot be converted, a
    value has no limits.  baseline_by_day: the baseline is the last exact value of the test, in the same unit, on or
    before that day.
    Returns: tests that are not in ctcae.toml are left out. A value on or before the baseline day has no baseline.
    """
    wanted = set(patients)
    column = table.columns
    signs = column.get("value_sign", [""] * len(table))
    made = []
    for i, (patient, name) in enumerate(zip(column["patient"], column["test"], strict=True)):
        test = None if name is None else find_test(str(name))
        if test is None or str(patient) not in wanted:
            continue
        value, day, unit = column["value"][i], column["day"][i], column["unit"][i]
        lab = LabValue(
            test,
            None if value is None else float(value),
            "" if unit is None else str(unit),
            str(signs[i] or ""),  # type: ignore[arg-type]
            row=i,
        )
        made.append(DatedLab(str(patient), None if day is None else int(day), _in_range(lab, ranges.get(test))))
    return _with_baselines(made, baseline_by_day)


def derive_lab_events(
    values: Iterable[DatedLab], *, version: str = "", missing_baseline: MissingBaseline = "not gradable"
) -> LabEvents:
    """Grade dated values and make adverse events of them, under the names of terms.toml.

    Raises: DataError `unknown-ctcae-version`.
    """
    events: list[AdverseEvent] = []
    undecided: list[tuple[int | None, str, str]] = []
    for one in values:
        for grade in grade_lab_value(one.lab, version=version, missing_baseline=missing_baseline):
            named = name_term(grade.term)
            if grade.grade is None and grade.at_least == 0:
                undecided.append((grade.row, named.name, grade.reason))
                continue
            events.append(
                AdverseEvent(
                    one.patient, named.name, grade.grade, named.group, start_day=one.day, end_day=one.day, row=grade.row
                )
            )
    return LabEvents(tuple(events), tuple(undecided))


def _in_range(lab: LabValue, normal: NormalRange | None) -> LabValue:
    """The value in the unit of the limits, with them; as it is where its unit cannot be converted."""
    by = None if normal is None else factor(lab.unit, normal.unit)
    if normal is None or by is None:
        return lab
    value = None if lab.value is None else float(Decimal(repr(lab.value)) * by)
    return replace(lab, value=value, unit=normal.unit, lln=normal.lln, uln=normal.uln)


def _with_baselines(values: list[DatedLab], by_day: int) -> tuple[DatedLab, ...]:
    """Each later value with the last exact one of its series on or before the day."""
    last: dict[tuple[str, str, str], DatedLab] = {}
    for one in values:
        if one.day is None or one.day > by_day or one.lab.value is None or one.lab.sign:
            continue
        key = _series(one)
        if key not in last or (last[key].day or 0) <= one.day:
            last[key] = one
    return tuple(_with_baseline(one, last.get(_series(one)), by_day) for one in values)


def _with_baseline(one: DatedLab, before: DatedLab | None, by_day: int) -> DatedLab:
    is_later = one.day is not None and one.day > by_day
    if before is None or not is_later:
        return one
    return replace(one, lab=replace(one.lab, baseline=before.lab.value))


def _series(one: DatedLab) -> tuple[str, str, str]:
    """Values that can be set against each other."""
    return one.patient, one.lab.test, one.lab.unit
