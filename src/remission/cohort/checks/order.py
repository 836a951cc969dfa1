"""Rules on the order of days: what must come before what, and what cannot lie before day 0."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from remission.cohort.checks.look import days, last_days, patients, rows_by_patient, texts
from remission.cohort.checks.rule import Doubt, rule
from remission.cohort.table import Cohort
from remission.core.findings import Severity

_LONGEST_INFUSION_DAYS = 42  # six weeks: a cycle is at most 28 days, and pauses are short

# table, earlier, later, the doubt in words
_ORDER: tuple[tuple[str, str, str, str, Severity], ...] = (
    (
        "patients",
        "diagnosis_day",
        "first_infusion_day",
        "The first infusion is before the diagnosis",
        "warning",
    ),
    ("infusions", "start_day", "end_day", "An infusion ends before it starts", "error"),
    ("adverse_events", "start_day", "end_day", "An adverse event ends before it starts", "warning"),
    (
        "outcomes",
        "remission_day",
        "relapse_day",
        "The relapse is before the first complete remission",
        "warning",
    ),
)


@rule(
    "date-order",
    "warning",
    consequence="Intervals between the two days would be negative.",
    todo="Correct the dates, or list the patients under [exclude] in study.toml with a reason.",
)
def date_order(cohort: Cohort) -> Iterator[Doubt]:
    """Two days are out of order: diagnosis, first infusion, last contact; start, end; remission, relapse."""
    for table, earlier, later, phrase, severity in _ORDER:
        first, second = days(cohort, table, earlier), days(cohort, table, later)
        for index, (a, b) in enumerate(zip(first, second, strict=True)):
            if a is not None and b is not None and b < a:
                yield Doubt(phrase, table, index, later, severity)
    started = dict(zip(patients(cohort, "patients"), days(cohort, "patients", "first_infusion_day"), strict=True))
    contact = days(cohort, "outcomes", "last_contact_day")
    for index, patient in enumerate(patients(cohort, "outcomes")):
        start, last = started.get(patient), contact[index]
        # a contact before day 0 is told by event-before-origin
        if start is not None and last is not None and 0 <= last < start:
            phrase = "Last contact is before the first infusion"
            yield Doubt(phrase, "outcomes", index, "last_contact_day", "error")


_AFTER_DAY_0 = (
    ("death_day", "Death is before day 0"),
    ("relapse_day", "The relapse is before day 0"),
    ("last_contact_day", "Last contact is before day 0"),
    ("follow_up_day", "Follow-up ends before day 0"),
)


@rule(
    "event-before-origin",
    "error",
    consequence="The time to the event would be negative; the patient's endpoint becomes an error row.",
    todo="Correct the dates, check [origin] in study.toml, or list the patients under [exclude].",
)
def event_before_origin(cohort: Cohort) -> Iterator[Doubt]:
    """A death, relapse, last contact or later treatment lies before day 0."""
    for name, phrase in _AFTER_DAY_0:
        for index, day in enumerate(last_days(cohort, name)):
            if day is not None and day < 0:
                yield Doubt(phrase, "outcomes", index, name)
    relation = texts(cohort, "therapies", "relation")
    for index, day in enumerate(days(cohort, "therapies", "start_day")):
        if day is not None and day < 0 and relation[index] == "after":
            phrase = "A treatment given after blinatumomab is dated before day 0"
            yield Doubt(phrase, "therapies", index, "start_day")


@rule(
    "treatment-before-dated-after",
    "warning",
    consequence="The treatment counts as one before blinatumomab, though its date says otherwise.",
    todo="Correct the date, or the relation (before, during, after) in the sheet or in study.toml.",
)
def treatment_before_dated_after(cohort: Cohort) -> Iterator[Doubt]:
    """A treatment given before blinatumomab is dated after day 0."""
    relation = texts(cohort, "therapies", "relation")
    for index, day in enumerate(days(cohort, "therapies", "start_day")):
        if day is not None and day > 0 and relation[index] == "before":
            phrase = "A treatment given before blinatumomab is dated after day 0"
            yield Doubt(phrase, "therapies", index, "start_day")


@rule(
    "engraftment-before-graft",
    "warning",
    consequence="The time to engraftment would be negative.",
    todo="Engraftment is counted in days after the graft; correct the value or map the column to a date.",
)
def engraftment_before_graft(cohort: Cohort) -> Iterator[Doubt]:
    """Neutrophils or platelets engraft before the graft."""
    for name, label in (
        ("neutrophil_engraftment_days", "Neutrophil"),
        ("platelet_engraftment_days", "Platelet"),
    ):
        for index, day in enumerate(days(cohort, "therapies", name)):
            if day is not None and day < 0:
                yield Doubt(f"{label} engraftment is before the graft", "therapies", index, name)


@rule(
    "status-after-cutoff",
    "warning",
    consequence="What happened after the data cut-off would count for these patients only.",
    todo="Move the cut-off in study.toml, or end the follow-up of everybody there.",
)
def status_after_cutoff(cohort: Cohort) -> Iterator[Doubt]:
    """A death, relapse or contact lies after the data cut-off."""
    cutoff = dict(zip(patients(cohort, "patients"), days(cohort, "patients", "cutoff_day"), strict=True))
    for name, phrase in (
        ("death_day", "Death is after the data cut-off"),
        ("relapse_day", "The relapse is after the data cut-off"),
        ("last_contact_day", "Last contact is after the data cut-off"),
        ("follow_up_day", "Follow-up ends after the data cut-off"),
    ):
        column = last_days(cohort, name)
        for index, patient in enumerate(patients(cohort, "outcomes")):
            day, limit = column[index], cutoff.get(patient)
            if day is not None and limit is not None and day > limit:
                yield Doubt(phrase, "outcomes", index, name)


@rule(
    "infusion-overlap",
    "warning",
    consequence="Days on treatment and cumulative dose would count some days twice.",
    todo="Correct the start or end of the infusion, or join the two rows.",
)
def infusion_overlap(cohort: Cohort) -> Iterator[Doubt]:
    """An infusion starts before the one before it has ended."""
    start, end = days(cohort, "infusions", "start_day"), days(cohort, "infusions", "end_day")
    for rows in rows_by_patient(cohort, "infusions").values():
        dated = sorted((s, index) for index in rows if (s := start[index]) is not None)
        for (first_day, first), (next_day, following) in pairwise(dated):
            last = end[first]
            # the same start twice is told by duplicate-record
            if last is not None and first_day < next_day < last:
                phrase = "An infusion starts before the previous one has ended"
                yield Doubt(phrase, "infusions", following, "start_day")


@rule(
    "infusion-too-long",
    "note",
    consequence="Days on treatment may count a break between two cycles.",
    todo="Check whether the row holds one cycle; give every cycle its own row.",
)
def infusion_too_long(cohort: Cohort) -> Iterator[Doubt]:
    """An infusion lasts more than 42 days."""
    start, end = days(cohort, "infusions", "start_day"), days(cohort, "infusions", "end_day")
    for index, (first, last) in enumerate(zip(start, end, strict=True)):
        if first is not None and last is not None and last - first > _LONGEST_INFUSION_DAYS:
            phrase = f"An infusion lasts more than {_LONGEST_INFUSION_DAYS} days"
            yield Doubt(phrase, "infusions", index, "end_day")


@rule(
    "first-infusion-differs",
    "warning",
    consequence="Day 0 and the exposure are taken from two dates that do not agree.",
    todo="Correct the first infusion in one of the two sheets.",
)
def first_infusion_differs(cohort: Cohort) -> Iterator[Doubt]:
    """The first infusion of the patient sheet is not the earliest start of the infusion sheet."""
    start = days(cohort, "infusions", "start_day")
    by_patient = rows_by_patient(cohort, "infusions")
    said = days(cohort, "patients", "first_infusion_day")
    for index, patient in enumerate(patients(cohort, "patients")):
        dated = [s for row in by_patient.get(patient, []) if (s := start[row]) is not None]
        if dated and said[index] is not None and min(dated) != said[index]:
            phrase = "The first infusion is not the earliest start of an infusion"
            yield Doubt(phrase, "patients", index, "first_infusion_day")
