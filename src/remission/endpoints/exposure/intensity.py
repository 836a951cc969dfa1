"""Given against planned: relative dose and relative dose intensity; short course or not."""

from __future__ import annotations

from dataclasses import dataclass

from remission.core.errors import DataError
from remission.endpoints.exposure.given import GivenCycle
from remission.endpoints.exposure.planned import PlannedCycle


@dataclass(frozen=True)
class DoseIntensity:
    """One cycle, given against planned.

    Args: relative_dose: given dose / planned dose.  relative_dose_intensity: given dose per day / planned dose per day;
    the days of what was given are those from its first to its last day on drug, pauses included, and at least the
    planned ones: a pause and an early stop both lower it.  reason: why there are none.
    """

    patient: str
    cycle: int | None
    relative_dose: float | None
    relative_dose_intensity: float | None
    reason: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class ShortCourse:
    """A study's definition of a short course: fewer than `fewer_than_days` days on the full dose.

    full_ug_per_day: the full dose; None takes the highest planned one.  rounding_ug: how far below it a dose may be
    and still be full, because a pharmacy rounds.  Yin 2024: fewer than 10 days, steps up not counted.
    """

    fewer_than_days: int
    full_ug_per_day: float | None = None
    rounding_ug: float = 0.5


@dataclass(frozen=True)
class CourseLength:
    """Days on the full dose, and whether that is a short course. reason: why it cannot be told."""

    patient: str
    cycle: int | None
    full_dose_days: int | None
    is_short: bool | None
    reason: str
    rows: tuple[int, ...]


def derive_dose_intensity(given: GivenCycle, planned: PlannedCycle) -> DoseIntensity:
    """Relative dose and relative dose intensity of a cycle.

    Source: Hryniuk & Bush, J Clin Oncol 1984;2:1281 (dose intensity).  Checked: tests/by_hand/test_intensity.py.
    Raises: DataError `cycles-differ`.
    """
    _check_same(given, planned)
    reason = given.dose_reason or planned.reason
    if reason or given.dose_ug is None or planned.dose_ug is None or planned.days is None:
        return DoseIntensity(given.patient, given.cycle, None, None, reason, given.rows)
    span = 0 if given.first_day is None or given.last_day is None else given.last_day - given.first_day + 1
    relative = given.dose_ug / planned.dose_ug
    return DoseIntensity(
        given.patient, given.cycle, relative, relative * (planned.days / max(span, planned.days)), "", given.rows
    )


def derive_course_length(given: GivenCycle, rule: ShortCourse, planned: PlannedCycle | None = None) -> CourseLength:
    """Was the cycle a short course by the study's definition? Days on at least the full dose are counted.

    Raises: DataError (`negative-days`, `cycles-differ`).
    """
    if rule.fewer_than_days < 1:
        raise DataError(what="The length of a short course is not one.", code="negative-days", expected="1 or more")
    if planned is not None:
        _check_same(given, planned)
    full = rule.full_ug_per_day
    reason = given.reason or given.dose_reason
    if full is None:
        full = None if planned is None else planned.full_dose_ug_per_day
        if full is None:
            reason = reason or (planned.reason if planned else "") or "the full dose is not known"
    if reason or full is None:
        return CourseLength(given.patient, given.cycle, None, None, reason, given.rows)
    days = sum(d.dose_ug is not None and d.dose_ug >= full - rule.rounding_ug for d in given.daily)
    return CourseLength(given.patient, given.cycle, days, days < rule.fewer_than_days, "", given.rows)


def _check_same(given: GivenCycle, planned: PlannedCycle) -> None:
    if given.cycle is not None and given.cycle != planned.cycle:
        raise DataError(what="What was given in one cycle is compared with the plan of another.", code="cycles-differ")
