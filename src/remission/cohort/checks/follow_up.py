"""Rules on follow-up: that there is some, that it is plausible, and that it ends with life."""

from __future__ import annotations

from collections.abc import Iterator

from remission.cohort.checks.look import (
    TIMES,
    days,
    death_day,
    is_recorded,
    last_days,
    patients,
    shown,
    states,
    without_outcome,
)
from remission.cohort.checks.rule import Doubt, rule
from remission.cohort.table import Cohort
from remission.core.findings import Severity

_LONGEST_FOLLOW_UP_DAYS = 7305  # 20 years: more is nearly always a wrong unit or a wrong century


@rule(
    "missing-follow-up",
    "warning",
    consequence="The patient contributes no time and is not evaluable for survival.",
    todo="Fill in the date of last contact or the length of follow-up.",
)
def missing_follow_up(cohort: Cohort) -> Iterator[Doubt]:
    """A patient has no length of follow-up, in a study that records it."""
    recorded = [name for name in TIMES if is_recorded(cohort, "outcomes", name)]
    if not recorded:
        return
    phrase = "Follow-up is missing"
    columns = [days(cohort, "outcomes", name) for name in recorded]
    for index, (_, state) in enumerate(states(cohort)):
        # a death without a day is told by death-without-date
        if state != "dead" and all(column[index] is None for column in columns):
            yield Doubt(phrase, "outcomes", index, shown(cohort, "outcomes", index, *reversed(recorded)))
    if not is_recorded(cohort, "outcomes", "status"):
        yield from (Doubt(phrase, "patients", index, "patient") for index in without_outcome(cohort))


@rule(
    "follow-up-zero",
    "warning",
    consequence="The patient is at risk for no time at all.",
    todo="Check the date of last contact; a patient seen only on day 0 is right as it stands.",
)
def follow_up_zero(cohort: Cohort) -> Iterator[Doubt]:
    """Follow-up ends on day 0."""
    for name in TIMES:
        for index, day in enumerate(last_days(cohort, name)):
            if day == 0:
                yield Doubt("Follow-up ends on day 0", "outcomes", index, name)


@rule(
    "follow-up-too-long",
    "warning",
    consequence="One such value stretches every survival curve.",
    todo='Check the date, or the unit of the column in study.toml (unit = "months").',
)
def follow_up_too_long(cohort: Cohort) -> Iterator[Doubt]:
    """Follow-up lasts more than 20 years."""
    for name in TIMES:
        for index, day in enumerate(last_days(cohort, name)):
            if day is not None and day > _LONGEST_FOLLOW_UP_DAYS:
                yield Doubt("Follow-up lasts more than 20 years", "outcomes", index, name)


@rule(
    "contact-after-death",
    "error",
    consequence="The patient would be at risk after death; one of the two dates is wrong.",
    todo="Correct the date of death or of last contact.",
)
def contact_after_death(cohort: Cohort) -> Iterator[Doubt]:
    """Last contact lies after the day of death."""
    dead = death_day(cohort)
    for name in ("last_contact_day", "follow_up_day"):
        column = last_days(cohort, name)
        for index, patient in enumerate(patients(cohort, "outcomes")):
            day, death = column[index], dead.get(patient)
            if day is not None and death is not None and day > death:
                yield Doubt("Last contact is after death", "outcomes", index, name)


_AFTER_DEATH: tuple[tuple[str, str, str, Severity], ...] = (
    ("outcomes", "relapse_day", "The relapse is after death", "error"),
    ("outcomes", "remission_day", "The first complete remission is after death", "error"),
    ("infusions", "start_day", "An infusion starts after death", "error"),
    ("therapies", "start_day", "A treatment starts after death", "error"),
    ("marrow", "day", "A marrow is dated after death", "warning"),
    ("labs", "day", "A laboratory value is dated after death", "warning"),
    ("adverse_events", "start_day", "An adverse event starts after death", "warning"),
)


@rule(
    "event-after-death",
    "error",
    consequence="Of two dates one is wrong, so the time to relapse or death is not known.",
    todo="Correct the date of death or of the event.",
)
def event_after_death(cohort: Cohort) -> Iterator[Doubt]:
    """A relapse, marrow, infusion, treatment, laboratory value or adverse event is dated after death."""
    dead = death_day(cohort)
    for table, name, phrase, severity in _AFTER_DEATH:
        column = days(cohort, table, name)
        for index, patient in enumerate(patients(cohort, table)):
            day, death = column[index], dead.get(patient)
            if day is None or death is None or day <= death:
                continue
            # a planned day that study.toml gives to every row of a visit is no date
            if cohort.address(table, index, name) is not None:
                yield Doubt(phrase, table, index, name, severity)
