"""By which day is it known that a condition holds? Unknown counts as after the start, so that no bias slips through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import duckdb

from remission.cohort.schema import load_schema
from remission.core.errors import ProtocolError
from remission.endpoints.conditions import When, fields_of

AT_START = "0"
NEVER = "cast(null as integer)"

# The field of a dated table that says when its record was made.
RECORD_DAY = {
    "marrow": "day",
    "labs": "day",
    "therapies": "start_day",
    "adverse_events": "start_day",
    "infusions": "start_day",
}
# Fields that are known later than the day of their record: on the day of another field, or on no recorded day ("").
KNOWN_LATER = {
    "infusions.end_day": "end_day",
    "infusions.stop_reason": "end_day",
    "adverse_events.end_day": "end_day",
    "adverse_events.grade": "end_day",
    "therapies.neutrophil_engraftment_days": "",
    "therapies.platelet_engraftment_days": "",
    "therapies.outcome": "",
}


class HasTiming(Protocol):
    """A group that was evaluated."""

    @property
    def is_baseline(self) -> bool: ...
    @property
    def known_by_day(self) -> int | None: ...


def origin_is_before_treatment(connection: duckdb.DuckDBPyConnection) -> bool:
    """Does anyone's treatment start after the origin? Then "before treatment" is no longer "before the origin"."""
    sql = "select count(case when first_infusion_day > 0 then 1 end) from patients"
    (found,) = connection.execute(sql).fetchall()[0]
    return bool(found)


def known_day_sql(when: When, above: Mapping[str, HasTiming], *, origin_is_early: bool) -> str:
    """SQL for the day by which the condition is known to hold for the patient e.patient; NULL where nobody can say.

    A patient's own fields are known at the start, but for days after it. A dated record is known on its day, or at the
    start where it is pinned to before the treatment and has no day that contradicts. That a record is absent is known
    on no day, unless it is one from before the treatment. Outcomes are known on no day.
    """
    if when.table == "grouped":
        group = above[when.fields[0].removeprefix("group.")]
        if group.is_baseline:
            return AT_START
        return NEVER if group.known_by_day is None else str(group.known_by_day)
    if rests_on_outcome(when):
        return NEVER
    if when.table == "patients":
        return _day_of_patient_sql(when)
    pinned = when.pinned_before and not origin_is_early
    if not when.exists:
        return AT_START if pinned else NEVER
    day = _day_of_record_sql(when)
    return f"coalesce({day}, 0)" if pinned and day != NEVER else AT_START if pinned else day


def record_day_sql(when: When) -> str:
    """SQL for the earliest day of the records that fulfil the condition."""
    day = "day" if when.table == "grouped" else RECORD_DAY[when.table]
    return f"(select min(t.{day}) from {when.table} as t where t.patient = e.patient and {when.sql})"


def rests_on_outcome(when: When) -> bool:
    """Is a field of the condition an outcome?"""
    if when.table == "outcomes":
        return True
    if when.table == "grouped":
        return False
    fields = fields_of(load_schema(), when.table)
    return any(fields[name.partition(".")[2]].timing == "outcome" for name in when.fields)


def check_declared(name: str, declared: int | None, whens: Iterable[When], days: Iterable[int | None]) -> None:
    """Hold a declared known_by_day against the data.

    Raises: ProtocolError (`known-by-day-too-early`, `outcome-at-start`).
    """
    if declared is None:
        return
    late = sum(d is not None and d > max(declared, 0) for d in days)
    if late:
        raise ProtocolError(
            what=f"study.toml: the group `{name}` was known later than its known_by_day for {late} patients.",
            code="known-by-day-too-early",
            where=f"[groups.{name}] known_by_day",
            expected="a day on or after the last record (or group) that decides a level",
            todo="Choose a later day, or leave it out: it is then taken from the records where all have a day.",
        )
    if declared <= 0 and any(rests_on_outcome(w) for w in whens):
        raise ProtocolError(
            what=f"study.toml: the group `{name}` is made of outcomes, which are not known at the start.",
            code="outcome-at-start",
            where=f"[groups.{name}] known_by_day",
            expected="a day after day 0, or none",
            todo="Remove known_by_day; comparisons by this group are then marked as biased.",
        )


def _day_of_patient_sql(when: When) -> str:
    """Days of the patient's own row are known when they come; everything else in it at the start."""
    fields = fields_of(load_schema(), "patients")
    days = [n for name in when.fields if fields[n := name.partition(".")[2]].type == "day"]
    if not days:
        return AT_START
    if not when.exists:
        return NEVER
    latest = _latest([f"t.{d}" for d in days])
    return f"(select max({latest}) from patients as t where t.patient = e.patient and {when.sql})"


def _day_of_record_sql(when: When) -> str:
    """The earliest day on which a record that fulfils the condition was complete as far as it is asked about."""
    later = {KNOWN_LATER[name] for name in when.fields if name in KNOWN_LATER}
    if "" in later:
        return NEVER
    days = [f"t.{d}" for d in sorted({RECORD_DAY[when.table], *later})]
    return f"(select min({_latest(days)}) from {when.table} as t where t.patient = e.patient and {when.sql})"


def _latest(days: list[str]) -> str:
    """The latest of one or two days, NULL where one of them is."""
    latest = days[0]
    for day in days[1:]:
        latest = f"case when {latest} >= {day} then {latest} when {day} > {latest} then {day} end"
    return latest
