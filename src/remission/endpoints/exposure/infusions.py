"""Infusion records of a cohort, and the days on drug they make."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from remission.cohort.table import Table
from remission.core.errors import DataError

LastDay = Literal["on drug", "stopped"]


@dataclass(frozen=True)
class Infusion:
    """One record: some days on one dose.

    Args: start_day, end_day: days since the patient's origin.  dose_ug_per_day: None where not recorded.  stop_reason:
    as written, "" where nothing is.  row: index of the record in the table infusions.
    Raises: DataError (`infusion-ends-before-start`, `impossible-dose`).
    """

    patient: str
    cycle: int | None
    start_day: int | None
    end_day: int | None
    dose_ug_per_day: float | None = None
    stop_reason: str = ""
    row: int | None = None

    def __post_init__(self) -> None:
        if self.start_day is not None and self.end_day is not None and self.end_day < self.start_day:
            raise DataError(
                what="An infusion ends before it starts.",
                code="infusion-ends-before-start",
                where=self._where,
                todo="Correct the days, or leave the one that is not known empty.",
            )
        dose = self.dose_ug_per_day
        if dose is not None and not (math.isfinite(dose) and dose >= 0):
            raise DataError(
                what="A dose is negative or not a number.",
                code="impossible-dose",
                where=self._where,
                expected="ug/day, 0 or more",
                todo="Correct the dose, or leave it empty.",
            )

    @property
    def _where(self) -> str:
        return "" if self.row is None else f"record {self.row + 1} of the infusions"


@dataclass(frozen=True)
class DrugDay:
    """One day on drug: its dose (None where not recorded), the record that says so and why that record ended."""

    day: int
    dose_ug: float | None
    row: int | None
    stop_reason: str = ""


@dataclass(frozen=True)
class DrugDays:
    """The days on drug of some records, in order; reason: why they cannot be told (then there are none).

    dose_reason: why the dose of a day is not known, where the days are.
    """

    days: tuple[DrugDay, ...]
    reason: str = ""
    dose_reason: str = ""


def read_infusions(table: Table, patients: Iterable[str]) -> tuple[Infusion, ...]:
    """The records of some patients from the cohort table infusions, in its order."""
    wanted = set(patients)
    made = []
    for i, patient in enumerate(table.columns["patient"]):
        if str(patient) not in wanted:
            continue
        value = {name: column[i] for name, column in table.columns.items()}
        start, end, cycle = (None if value[n] is None else int(value[n]) for n in ("start_day", "end_day", "cycle"))  # type: ignore[arg-type]
        dose = value["dose_ug_per_day"]
        reason = "" if value["stop_reason"] is None else str(value["stop_reason"])
        made.append(Infusion(str(patient), cycle, start, end, None if dose is None else float(dose), reason, i))
    return tuple(made)


def derive_drug_days(records: Iterable[Infusion], *, last_day: LastDay = "on drug") -> DrugDays:
    """The days on drug of some records of one patient.

    Args: last_day: `on drug` counts the day of the end (day 0 to day 27 are 28 days); `stopped` does not (0 to 28 are).
    Conventions: a day that ends one record and starts the next counts once, with the dose of the next. A dose of 0 is
    a pause, not a day on drug. Records that share more than that one day leave the dose of those days unknown where
    they say different doses.
    """
    ordered = sorted(records, key=lambda r: (r.start_day or 0, r.end_day or 0, r.row or 0))
    missing = [n for n, is_missing in (("start", any(r.start_day is None for r in ordered)),
               ("end", any(r.end_day is None for r in ordered))) if is_missing]  # fmt: skip
    if missing:
        return DrugDays((), reason=f"not recorded: {' and '.join(missing)} of an infusion")
    made: dict[int, DrugDay] = {}
    ends: dict[int, int] = {}
    clashes = False
    for record in ordered:
        start, end = record.start_day or 0, record.end_day or 0
        for day in range(start, end + (last_day == "on drug")):
            dose, before = record.dose_ug_per_day, made.get(day)
            is_handover = day == start and ends.get(day) == day
            if before is not None and not is_handover and before.dose_ug != dose:
                dose, clashes = None, True
            made[day], ends[day] = DrugDay(day, dose, record.row, record.stop_reason), end
    days = tuple(made[d] for d in sorted(made) if made[d].dose_ug != 0)
    reason = "two records say different doses for a day" if clashes else ""
    if not reason and any(d.dose_ug is None for d in days):
        reason = "not recorded: dose of an infusion"
    return DrugDays(days, dose_reason=reason)
