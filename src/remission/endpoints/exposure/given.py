"""What was given in each cycle: days on drug, interruptions, reductions, the stop, the dose; and summed per patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from remission.core.errors import DataError
from remission.endpoints.exposure.infusions import DrugDay, Infusion, LastDay, derive_drug_days


@dataclass(frozen=True)
class Interruption:
    """Days without drug inside a cycle. counts: long enough to count by the study; reason: as recorded, or ""."""

    first_day: int
    last_day: int
    days: int
    counts: bool
    reason: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Reduction:
    """From `day` on a lower dose than on the day on drug before. reason: of the end of the higher dose, or ""."""

    day: int
    from_ug: float
    to_ug: float
    reason: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class GivenCycle:
    """What was given in one cycle.

    Args: cycle: None where not recorded.  days_on_drug, first_day, last_day: None where they cannot be told (`reason`).
    dose_ug: cumulative, None where it cannot be told (`dose_reason`).  daily: the days on drug.  stop_reason: of the
    last record.  is_completed: as many days on drug as planned; None without a plan.  rows: of all its records.
    """

    patient: str
    cycle: int | None
    days_on_drug: int | None
    first_day: int | None
    last_day: int | None
    dose_ug: float | None
    daily: tuple[DrugDay, ...]
    interruptions: tuple[Interruption, ...]
    reductions: tuple[Reduction, ...]
    stop_reason: str
    is_completed: bool | None
    reason: str
    dose_reason: str
    rows: tuple[int, ...]

    @property
    def is_stopped_early(self) -> bool | None:
        """Fewer days on drug than planned; the reason, where one is recorded, is `stop_reason`."""
        return None if self.is_completed is None else not self.is_completed


@dataclass(frozen=True)
class PatientExposure:
    """All cycles of a patient. A sum is None where one of its cycles cannot be computed; reason says which."""

    patient: str
    cycles_started: int | None
    cycles_completed: int | None
    days_on_drug: int | None
    dose_ug: float | None
    reason: str
    rows: tuple[int, ...]


def number_cycles(records: Iterable[Infusion], *, new_cycle_after_days: int) -> tuple[Infusion, ...]:
    """Cycles of patients for whom none is recorded: a new one begins after more than so many days without drug.

    Patients with a recorded cycle, or a record without days, stay as they are.
    Raises: DataError `negative-days`.
    """
    if new_cycle_after_days < 0:
        raise DataError(what="A number of days is negative.", code="negative-days", expected="0 or more")
    given = tuple(records)
    left = {r.patient for r in given if r.cycle is not None or r.start_day is None or r.end_day is None}
    numbers: dict[int, int] = {}
    last: dict[str, tuple[int, int]] = {}
    for place, record in sorted(enumerate(given), key=lambda pair: (pair[1].start_day or 0, pair[1].end_day or 0)):
        if record.patient in left or record.start_day is None or record.end_day is None:
            continue
        cycle, end = last.get(record.patient, (0, 0))
        is_new = cycle == 0 or record.start_day - end - 1 > new_cycle_after_days
        numbers[place] = cycle + is_new
        last[record.patient] = (cycle + is_new, record.end_day if is_new else max(end, record.end_day))
    return tuple(replace(r, cycle=numbers[i]) if i in numbers else r for i, r in enumerate(given))


def derive_given_cycles(
    records: Iterable[Infusion],
    *,
    planned_days: Mapping[tuple[str, int], int | None] | None = None,
    counts_from_days: int = 1,
    last_day: LastDay = "on drug",
) -> tuple[GivenCycle, ...]:
    """What was given per patient and cycle, sorted.

    Args: planned_days: (patient, cycle) -> planned days on drug.  counts_from_days: an interruption of at least so many
    days counts (a study may allow pauses of 1-3 days: 4).  last_day: as `derive_drug_days`.
    Raises: DataError `negative-days`.
    Checked: tests/by_hand/test_given.py.
    """
    if counts_from_days < 1:
        raise DataError(what="An interruption has no length.", code="negative-days", expected="1 day or more")
    found: dict[tuple[str, int | None], list[Infusion]] = {}
    for record in records:
        found.setdefault((record.patient, record.cycle), []).append(record)
    plans = planned_days or {}
    made = []
    for patient, cycle in sorted(found, key=lambda k: (k[0], k[1] is None, k[1] or 0)):
        plan = None if cycle is None else plans.get((patient, cycle))
        made.append(_cycle(patient, cycle, found[patient, cycle], plan, counts_from_days, last_day))
    return tuple(made)


def derive_patient_exposure(cycles: Iterable[GivenCycle]) -> tuple[PatientExposure, ...]:
    """Sums per patient. A cycle is started with its first day on drug."""
    found: dict[str, list[GivenCycle]] = {}
    for cycle in cycles:
        found.setdefault(cycle.patient, []).append(cycle)
    return tuple(_sum(patient, found[patient]) for patient in sorted(found))


def _cycle(
    patient: str, cycle: int | None, records: list[Infusion], plan: int | None, counts_from: int, last_day: LastDay
) -> GivenCycle:
    drug = derive_drug_days(records, last_day=last_day)
    days = drug.days
    last = max(records, key=lambda r: (r.end_day is not None, r.end_day or 0, r.start_day or 0))
    is_known = not drug.reason
    starts = [r.start_day for r in records if r.start_day is not None]
    # a cycle whose end is not recorded has begun all the same
    begun = days[0].day if days else min(starts) if drug.reason and len(starts) == len(records) else None
    dose = None
    if is_known and not drug.dose_reason:
        dose = sum(d.dose_ug for d in days if d.dose_ug is not None)
    return GivenCycle(
        patient=patient,
        cycle=cycle,
        days_on_drug=len(days) if is_known else None,
        first_day=begun,
        last_day=days[-1].day if days else None,
        dose_ug=dose,
        daily=days,
        interruptions=_interruptions(days, counts_from),
        reductions=_reductions(days),
        stop_reason=last.stop_reason,
        is_completed=None if plan is None or not is_known else len(days) >= plan,
        reason=drug.reason,
        dose_reason=drug.reason or drug.dose_reason,
        rows=tuple(sorted(r.row for r in records if r.row is not None)),
    )


def _interruptions(days: tuple[DrugDay, ...], counts_from: int) -> tuple[Interruption, ...]:
    made = []
    for before, after in pairwise(days):
        length = after.day - before.day - 1
        if length > 0:
            first, last, counts = before.day + 1, after.day - 1, length >= counts_from
            made.append(Interruption(first, last, length, counts, before.stop_reason, _rows(before, after)))
    return tuple(made)


def _reductions(days: tuple[DrugDay, ...]) -> tuple[Reduction, ...]:
    made = []
    for before, after in pairwise(days):
        if before.dose_ug is not None and after.dose_ug is not None and after.dose_ug < before.dose_ug:
            rows = _rows(before, after)
            made.append(Reduction(after.day, before.dose_ug, after.dose_ug, before.stop_reason, rows))
    return tuple(made)


def _rows(before: DrugDay, after: DrugDay) -> tuple[int, ...]:
    return tuple(dict.fromkeys(r for r in (before.row, after.row) if r is not None))


def _sum(patient: str, cycles: list[GivenCycle]) -> PatientExposure:
    has_numbers = all(c.cycle is not None for c in cycles)
    is_begun = [None if c.reason and c.first_day is None else c.first_day is not None for c in cycles]
    reasons = [c.reason or c.dose_reason for c in cycles] + ([] if has_numbers else ["not recorded: cycle"])
    completed = [c.is_completed for c in cycles]
    days, doses = [c.days_on_drug for c in cycles], [c.dose_ug for c in cycles]
    return PatientExposure(
        patient=patient,
        cycles_started=sum(map(bool, is_begun)) if has_numbers and None not in is_begun else None,
        cycles_completed=sum(map(bool, completed)) if has_numbers and None not in completed else None,
        days_on_drug=None if None in days else sum(d for d in days if d is not None),
        dose_ug=None if None in doses else sum(d for d in doses if d is not None),
        reason="; ".join(dict.fromkeys(r for r in reasons if r)),
        rows=tuple(sorted(r for c in cycles for r in c.rows)),
    )
