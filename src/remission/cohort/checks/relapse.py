"""Rules on relapse: whether its columns agree with each other and with the response."""

from __future__ import annotations

from collections.abc import Iterator

from remission.cohort.checks.look import REMISSION, days, is_recorded, patients, texts
from remission.cohort.checks.rule import Doubt, rule
from remission.cohort.table import Cohort


def _responses(cohort: Cohort) -> dict[str, set[str]]:
    """All responses reported for each patient."""
    found: dict[str, set[str]] = {}
    reported = texts(cohort, "marrow", "response_reported")
    for index, patient in enumerate(patients(cohort, "marrow")):
        if reported[index]:
            found.setdefault(patient, set()).add(reported[index])
    return found


@rule(
    "relapse-without-remission",
    "warning",
    consequence="Remission duration is counted among remissions only, so this relapse would not count there.",
    todo="Check whether it was progression without a remission, or whether the remission is missing.",
)
def relapse_without_remission(cohort: Cohort) -> Iterator[Doubt]:
    """A patient relapsed, and no reported response is a CR, CRh or CRi."""
    responses = _responses(cohort)
    remission_day = days(cohort, "outcomes", "remission_day")
    relapse = texts(cohort, "outcomes", "relapse")
    for index, patient in enumerate(patients(cohort, "outcomes")):
        reported = responses.get(patient, set())
        is_without = bool(reported) and not reported & REMISSION and remission_day[index] is None
        if relapse[index] == "yes" and is_without:
            yield Doubt("A relapse is recorded without a remission", "outcomes", index, "relapse")


@rule(
    "relapse-missing",
    "warning",
    consequence="Whether the remission lasted is not known; the patient is not evaluable for relapse.",
    todo="Fill in yes or no.",
)
def relapse_missing(cohort: Cohort) -> Iterator[Doubt]:
    """A patient in remission has neither yes nor no for relapse."""
    responses = _responses(cohort)
    relapse, day = texts(cohort, "outcomes", "relapse"), days(cohort, "outcomes", "relapse_day")
    for index, patient in enumerate(patients(cohort, "outcomes")):
        is_open = not relapse[index] and day[index] is None
        if is_open and is_recorded(cohort, "outcomes", "relapse") and responses.get(patient, set()) & REMISSION:
            yield Doubt("Relapse is missing after a remission", "outcomes", index, "relapse")


@rule(
    "relapse-day-without-relapse",
    "warning",
    consequence="The two columns disagree on whether the patient relapsed.",
    todo="Correct the column of relapse, or remove the day.",
)
def relapse_day_without_relapse(cohort: Cohort) -> Iterator[Doubt]:
    """A day of relapse is given for a patient whose relapse is "no" or missing."""
    relapse, day = texts(cohort, "outcomes", "relapse"), days(cohort, "outcomes", "relapse_day")
    if is_recorded(cohort, "outcomes", "relapse"):
        for index in range(len(day)):
            if day[index] is not None and relapse[index] != "yes":
                phrase = "A day of relapse is given, but not that there was one,"
                yield Doubt(phrase, "outcomes", index, "relapse_day")


@rule(
    "relapse-without-day",
    "warning",
    consequence="The relapse has no time; relapse-free survival is not evaluable for the patient.",
    todo="Fill in the day of the relapse.",
)
def relapse_without_day(cohort: Cohort) -> Iterator[Doubt]:
    """A relapse has no day, in a study that records the days of relapses."""
    relapse, day = texts(cohort, "outcomes", "relapse"), days(cohort, "outcomes", "relapse_day")
    if is_recorded(cohort, "outcomes", "relapse_day"):
        for index in range(len(day)):
            if relapse[index] == "yes" and day[index] is None:
                yield Doubt("The relapse has no day", "outcomes", index, "relapse_day")


@rule(
    "death-by-relapse-without-relapse",
    "note",
    consequence="The death is counted as death without relapse, though the leukaemia is named as its cause.",
    todo="Check whether a relapse is missing, or whether the patient never was in remission.",
)
def death_by_relapse_without_relapse(cohort: Cohort) -> Iterator[Doubt]:
    """A patient in remission died of leukaemia, and relapse is "no"."""
    responses = _responses(cohort)
    cause, relapse = texts(cohort, "outcomes", "cause_of_death"), texts(cohort, "outcomes", "relapse")
    for index, patient in enumerate(patients(cohort, "outcomes")):
        is_leukaemia = any(word in cause[index].lower() for word in ("leuk", "relapse", "progress"))
        if is_leukaemia and relapse[index] == "no" and responses.get(patient, set()) & REMISSION:
            phrase = "The cause of death is the leukaemia, but no relapse is recorded"
            yield Doubt(phrase, "outcomes", index, "cause_of_death")
