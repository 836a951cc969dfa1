"""Rules on life and death: whether the columns that tell of a death agree."""

from __future__ import annotations

from collections.abc import Iterator

from remission.cohort.checks.look import (
    TIMES,
    days,
    death_day,
    is_recorded,
    numbers,
    patients,
    shown,
    states,
    texts,
    without_outcome,
)
from remission.cohort.checks.rule import Doubt, rule
from remission.cohort.table import Cohort

_NO_CAUSE = frozenset({"", "alive", "none", "no", "not applicable"})


@rule(
    "no-times-recorded",
    "note",
    consequence="No time to this event can be estimated; how many had it is counted only.",
    todo="Map a column with the date of death or the length of follow-up if there is one.",
)
def no_times_recorded(cohort: Cohort) -> Iterator[Doubt]:
    """Deaths or relapses are recorded, but no sheet says when."""
    if is_recorded(cohort, "outcomes", "status") and not is_recorded(cohort, "outcomes", *TIMES):
        yield Doubt("Who died is recorded, but no column says when or how long anyone was followed")
    if is_recorded(cohort, "outcomes", "relapse") and not is_recorded(cohort, "outcomes", "relapse_day"):
        yield Doubt("Who relapsed is recorded, but no column says when")


@rule(
    "death-without-date",
    "warning",
    consequence="The patient has an event without a time and is not evaluable for survival.",
    todo="Fill in the date of death; if the column of last follow-up holds it, map that to follow_up_day.",
)
def death_without_date(cohort: Cohort) -> Iterator[Doubt]:
    """A patient is dead and has no day of death, in a study that records times."""
    if not is_recorded(cohort, "outcomes", *TIMES):
        return  # told once by no-times-recorded
    dated = death_day(cohort)
    for index, (patient, state) in enumerate(states(cohort)):
        if state == "dead" and patient not in dated:
            name = shown(cohort, "outcomes", index, "death_day", "follow_up_day", "status")
            yield Doubt("The patient is dead without a day of death", "outcomes", index, name)


@rule(
    "alive-with-death-date",
    "error",
    consequence="Whether the patient died cannot be told; survival would be wrong either way.",
    todo="Correct the state or remove the date of death.",
)
def alive_with_death_date(cohort: Cohort) -> Iterator[Doubt]:
    """A patient is alive and has a day of death."""
    day = days(cohort, "outcomes", "death_day")
    for index, (_, state) in enumerate(states(cohort)):
        if state == "alive" and day[index] is not None:
            yield Doubt("The patient is alive but has a day of death", "outcomes", index, "death_day")


@rule(
    "alive-with-cause-of-death",
    "warning",
    consequence="The patient counts as alive; the cause is not used.",
    todo="Correct the state, or map the text of the cause column that means alive.",
)
def alive_with_cause_of_death(cohort: Cohort) -> Iterator[Doubt]:
    """A patient is alive and has a cause of death."""
    cause = texts(cohort, "outcomes", "cause_of_death")
    for index, (_, state) in enumerate(states(cohort)):
        if state == "alive" and cause[index].lower() not in _NO_CAUSE:
            yield Doubt("The patient is alive but has a cause of death", "outcomes", index, "cause_of_death")


@rule(
    "dead-without-status",
    "warning",
    consequence="The death is seen only in another column and may not be counted.",
    todo="Fill in the state at the last follow-up.",
)
def dead_without_status(cohort: Cohort) -> Iterator[Doubt]:
    """A patient has a day or cause of death, or a grade 5 event, but no state at the last follow-up."""
    if not is_recorded(cohort, "outcomes", "status"):
        return
    day, cause = days(cohort, "outcomes", "death_day"), texts(cohort, "outcomes", "cause_of_death")
    for index, (_, state) in enumerate(states(cohort)):
        is_dead = day[index] is not None or cause[index].lower() not in _NO_CAUSE
        if not state and is_dead:
            phrase = "The state at the last follow-up is missing although a death is recorded"
            yield Doubt(phrase, "outcomes", index, "status")


@rule(
    "grade-5-but-alive",
    "warning",
    consequence="A fatal adverse event and a living patient contradict each other.",
    todo="Correct the grade or the state.",
)
def grade_5_but_alive(cohort: Cohort) -> Iterator[Doubt]:
    """An adverse event of grade 5 belongs to a patient who is alive."""
    state = dict(states(cohort))
    grades = numbers(cohort, "adverse_events", "grade")
    for index, patient in enumerate(patients(cohort, "adverse_events")):
        if grades[index] == 5 and state.get(patient) == "alive":
            phrase = "An adverse event of grade 5 belongs to a patient who is alive"
            yield Doubt(phrase, "adverse_events", index, "grade")


@rule(
    "unknown-status",
    "warning",
    consequence="The patient is not evaluable for survival.",
    todo="Fill in the state at the last follow-up (alive or dead).",
)
def unknown_status(cohort: Cohort) -> Iterator[Doubt]:
    """The state at the last follow-up is missing, and nothing else tells of a death."""
    if not is_recorded(cohort, "outcomes", "status"):
        return
    phrase = "The state at the last follow-up is missing"
    day, cause = days(cohort, "outcomes", "death_day"), texts(cohort, "outcomes", "cause_of_death")
    for index, (_, state) in enumerate(states(cohort)):
        if not state and day[index] is None and cause[index].lower() in _NO_CAUSE:
            yield Doubt(phrase, "outcomes", index, "status")
    yield from (Doubt(phrase, "patients", index, "patient") for index in without_outcome(cohort))
