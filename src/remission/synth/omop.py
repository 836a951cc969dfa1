"""A ward as tables of the OMOP common data model (version 5.4), one CSV file a table.

Concepts of a vocabulary that is not shipped are 0, the model's own sign for "no matching concept"; what was meant
stands in the column of the source value. Sexes have their standard concepts.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from remission.synth.course import NEVER
from remission.synth.sheets import dates, ids
from remission.synth.ward import Ward

_MALE, _FEMALE, _NONE = 8507, 8532, 0
Rows = Iterator[Sequence[object]]


def write_omop(folder: Path, wards: Iterable[Ward], total: int) -> list[Path]:
    """Write person, observation_period, condition, drug, procedure, measurement and death."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"synthetic_{name}.csv" for name in _TABLES]
    with ExitStack() as stack:
        writers = []
        for path, (header, _) in zip(paths, _TABLES.values(), strict=True):
            handle = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers.append(csv.writer(handle, lineterminator="\n"))
            writers[-1].writerow(header)
        counts = dict.fromkeys(_TABLES, 0)
        for ward in wards:
            for writer, (name, (header, rows)) in zip(writers, _TABLES.items(), strict=True):
                for row in rows(ward, total):
                    counts[name] += 1
                    # the key of a table is its running number; death has none
                    own = [counts[name]] if header[0].endswith("_id") and header[0] != "person_id" else []
                    writer.writerow([*own, *row])
    return paths


def _persons(ward: Ward) -> list[int]:
    return list(range(ward.first, ward.first + len(ward)))


def _person(ward: Ward, total: int) -> Rows:
    p = ward.patients
    everybody = np.arange(len(ward))
    start = p.start_date.astype("datetime64[D]").tolist()
    for person, source, is_male, age, day in zip(
        _persons(ward), ids(ward, everybody, total), p.is_male.tolist(), p.age_years.tolist(), start, strict=True
    ):
        sex = _MALE if is_male else _FEMALE
        yield person, sex, day.year - int(age), _NONE, _NONE, source, "male" if is_male else "female"


def _periods(ward: Ward, _total: int) -> Rows:
    everybody = np.arange(len(ward))
    first = dates(ward, everybody, ward.patients.diagnosis_day)
    last = dates(ward, everybody, ward.course.end_day)
    for person, start, end in zip(_persons(ward), first, last, strict=True):
        yield person, start, end, _NONE


def _conditions(ward: Ward, _total: int) -> Rows:
    """The diagnosis, relapses and adverse events."""
    everybody = np.arange(len(ward))
    for person, day in zip(_persons(ward), dates(ward, everybody, ward.patients.diagnosis_day), strict=True):
        yield person, _NONE, day, "", _NONE, "B-cell acute lymphoblastic leukaemia"
    for person, day in zip(_persons(ward), dates(ward, everybody, ward.course.relapse_day), strict=True):
        if day:
            yield person, _NONE, day, "", _NONE, "relapse of B-cell acute lymphoblastic leukaemia"
    e = ward.events
    start, end = dates(ward, e.patient, e.start_day), dates(ward, e.patient, e.end_day)
    for i, first, last, term, grade in zip(e.patient.tolist(), start, end, e.term, e.grade.tolist(), strict=True):
        yield ward.first + i, _NONE, first, last, _NONE, f"{term}, grade {grade}"


def _drugs(ward: Ward, _total: int) -> Rows:
    i = ward.infusions
    start, end = dates(ward, i.patient, i.start_day), dates(ward, i.patient, i.end_day)
    lengths = (i.end_day - i.start_day + 1).tolist()
    for n, first, last, dose, days in zip(
        i.patient.tolist(), start, end, i.dose_ug_per_day.tolist(), lengths, strict=True
    ):
        yield ward.first + n, _NONE, first, last, _NONE, days, f"{dose * days:g}", "blinatumomab", "ug"


def _procedures(ward: Ward, _total: int) -> Rows:
    everybody = np.arange(len(ward))
    for kinds, days in (
        (ward.course.next_kind, ward.course.next_day),
        (ward.course.salvage_kind, ward.course.salvage_day),
    ):
        for person, kind, day in zip(_persons(ward), kinds, dates(ward, everybody, days), strict=True):
            if kind in ("HSCT", "CAR-T"):
                yield person, _NONE, day, _NONE, kind


def _measurements(ward: Ward, _total: int) -> Rows:
    m = ward.marrows
    taken = dates(ward, m.patient, m.day)
    for n, day, blasts, mrd, said in zip(
        m.patient.tolist(), taken, m.blasts_percent.tolist(), m.mrd_percent.tolist(), m.mrd_reported, strict=True
    ):
        yield ward.first + n, _NONE, day, _NONE, "=", f"{blasts:g}", "marrow blasts", "%"
        yield ward.first + n, _NONE, day, _NONE, "<" if said == "negative" else "=", f"{mrd:g}", "marrow MRD", "%"
    v, tests = ward.labs, list(ward.book.labs.tests.items())
    days = dates(ward, v.patient, v.day)
    for n, day, which, value, sign in zip(
        v.patient.tolist(), days, v.test.tolist(), v.value.tolist(), v.sign, strict=True
    ):
        name, test = tests[which]
        yield ward.first + n, _NONE, day, _NONE, sign or "=", f"{value:g}", name, test.unit


def _deaths(ward: Ward, _total: int) -> Rows:
    everybody = np.arange(len(ward))
    days = dates(ward, everybody, np.where(ward.course.is_dead, ward.course.death_day, NEVER))
    for person, day, cause in zip(_persons(ward), days, ward.course.cause_of_death, strict=True):
        if day:
            yield person, day, _NONE, _NONE, cause


_TABLES: dict[str, tuple[Sequence[str], Callable[[Ward, int], Rows]]] = {
    "person": (
        ("person_id", "gender_concept_id", "year_of_birth", "race_concept_id", "ethnicity_concept_id",
         "person_source_value", "gender_source_value"), _person),
    "observation_period": (
        ("observation_period_id", "person_id", "observation_period_start_date", "observation_period_end_date",
         "period_type_concept_id"), _periods),
    "condition_occurrence": (
        ("condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date", "condition_end_date",
         "condition_type_concept_id", "condition_source_value"), _conditions),
    "drug_exposure": (
        ("drug_exposure_id", "person_id", "drug_concept_id", "drug_exposure_start_date", "drug_exposure_end_date",
         "drug_type_concept_id", "days_supply", "quantity", "drug_source_value", "dose_unit_source_value"), _drugs),
    "procedure_occurrence": (
        ("procedure_occurrence_id", "person_id", "procedure_concept_id", "procedure_date",
         "procedure_type_concept_id", "procedure_source_value"), _procedures),
    "measurement": (
        ("measurement_id", "person_id", "measurement_concept_id", "measurement_date", "measurement_type_concept_id",
         "operator_source_value", "value_as_number", "measurement_source_value", "unit_source_value"), _measurements),
    "death": (
        ("person_id", "death_date", "death_type_concept_id", "cause_concept_id", "cause_source_value"), _deaths),
}  # fmt: skip
