"""Days in the wrong order: before the start, after death, an end before its beginning."""

from __future__ import annotations

import datetime as dt

from remission.synth.book import load_book
from remission.synth.mess import Mess, NoPlaceError, Row, Spot
from remission.synth.traps.trap import Trap, change, has


def _later(row: Row, field: str, days: int) -> dt.date:
    return row.date(field) + dt.timedelta(days=days)


def _start(row: Row) -> dt.date:
    return row.of("Patients").date("first_infusion_day")


def _is_dead(row: Row) -> bool:
    return row["death_day"] is not None


def _died_early(row: Row) -> bool:
    """Long enough before the cut-off for something to be dated after death."""
    return _is_dead(row) and row.date("death_day") < _after_cutoff() - dt.timedelta(days=150)


def _relapsed_and_died(row: Row) -> bool:
    return _died_early(row) and row["relapse_day"] is not None


def _is_alive(row: Row) -> bool:
    return row["status"] == "alive"


def _after_cutoff() -> dt.date:
    return dt.date.fromisoformat(load_book().model.cutoff) + dt.timedelta(days=32)


def _first_infusion_later(mess: Mess) -> list[Spot]:
    row = mess.pick("Patients", has("first_infusion_day"))
    row.box("first_infusion_day").value = _later(row, "first_infusion_day", 2)
    return [mess.spot(row, "first_infusion_day")]


def _overlap(mess: Mess) -> list[Spot]:
    """A stretch starts a day before the one before it has ended."""

    def follows(row: Row) -> bool:
        rows = row.all_of("Infusions")
        at = next(i for i, r in enumerate(rows) if r.line is row.line)
        return at > 0 and rows[at - 1].date("end_day") > rows[at - 1].date("start_day") + dt.timedelta(days=3)

    row = mess.pick("Infusions", follows)
    before = row.all_of("Infusions")
    at = next(i for i, r in enumerate(before) if r.line is row.line)
    row.box("start_day").value = _later(before[at - 1], "end_day", -2)
    return [mess.spot(row, "start_day")]


def _treated_after_death(mess: Mess) -> list[Spot]:
    """The next treatment is dated after death."""
    for row in mess.rows("Therapies"):
        outcome = row.of("Outcomes")
        if row.line.patient in mess.taken or row["relation"] != "after" or not _died_early(outcome):
            continue
        mess.taken.add(row.line.patient)
        row.box("start_day").value = _later(outcome, "death_day", 20)
        return [mess.spot(row, "start_day")]
    raise NoPlaceError


DAYS = (
    Trap(
        "relapse-after-death",
        "stop",
        "event-after-death",
        "A relapse is dated after death.",
        change("Outcomes", "relapse_day", lambda r: _later(r, "death_day", 12), _relapsed_and_died),
        order=1,
    ),
    Trap(
        "treatment-after-death",
        "stop",
        "event-after-death",
        "A treatment is dated after death.",
        _treated_after_death,
        order=1,
    ),
    Trap(
        "contact-after-death",
        "stop",
        "contact-after-death",
        "The last contact is after death.",
        change("Outcomes", "last_contact_day", lambda r: _later(r, "death_day", 30), _died_early),
        order=2,
    ),
    Trap(
        "relapse-before-start",
        "stop",
        "event-before-origin",
        "A relapse is dated before the first infusion.",
        change(
            "Outcomes",
            "relapse_day",
            lambda r: _start(r) - dt.timedelta(days=9),
            lambda r: r["relapse_day"] is not None and r["death_day"] is None,
        ),
        order=2,
    ),
    Trap(
        "contact-before-start",
        "stop",
        "event-before-origin",
        "The last contact is before the first infusion.",
        change("Outcomes", "last_contact_day", lambda r: _start(r) - dt.timedelta(days=40), _is_alive),
    ),
    Trap(
        "alive-with-death-date",
        "stop",
        "alive-with-death-date",
        "A living patient has a date of death.",
        change("Outcomes", "death_day", lambda r: r["last_contact_day"], _is_alive),
    ),
    Trap(
        "infusion-ends-before-start",
        "stop",
        "date-order",
        "An infusion ends before it starts.",
        change("Infusions", "end_day", lambda r: _later(r, "start_day", -3), has("end_day")),
    ),
    Trap(
        "event-ends-before-start",
        "doubt",
        "date-order",
        "An adverse event ends before it starts.",
        change("Adverse events", "end_day", lambda r: _later(r, "start_day", -2), has("end_day")),
    ),
    Trap(
        "relapse-before-remission",
        "doubt",
        "date-order",
        "A relapse is dated before the first remission.",
        change(
            "Outcomes",
            "relapse_day",
            lambda r: _later(r, "remission_day", -5),
            lambda r: r["relapse_day"] is not None and r["remission_day"] is not None,
        ),
        order=2,
    ),
    Trap(
        "diagnosis-after-start",
        "doubt",
        "date-order",
        "The diagnosis is after the first infusion.",
        change("Patients", "first_infusion_day", lambda r: {"diagnosis_day": _later(r, "first_infusion_day", 30)}),
    ),
    Trap(
        "contact-after-cutoff",
        "doubt",
        "status-after-cutoff",
        "The last contact is after the data cut-off.",
        change("Outcomes", "last_contact_day", lambda _: _after_cutoff(), _is_alive),
    ),
    Trap(
        "first-infusion-differs",
        "doubt",
        "first-infusion-differs",
        "Two sheets disagree on the first infusion.",
        _first_infusion_later,
    ),
    Trap(
        "infusions-overlap", "doubt", "infusion-overlap", "An infusion starts before the last one has ended.", _overlap
    ),
    Trap(
        "infusion-too-long",
        "doubt",
        "infusion-too-long",
        "An infusion lasts longer than any cycle.",
        change(
            "Infusions",
            "end_day",
            lambda r: _later(r, "start_day", 60),
            lambda r: r.all_of("Infusions")[-1].line is r.line and _lives_long(r),
        ),
    ),
    Trap(
        "graft-before-graft",
        "doubt",
        "engraftment-before-graft",
        "Neutrophils engraft before the graft.",
        change("Therapies", "neutrophil_engraftment_days", lambda _: -11, has("neutrophil_engraftment_days")),
    ),
    Trap(
        "earlier-treatment-later",
        "doubt",
        "treatment-before-dated-after",
        "A treatment before blinatumomab is dated after its start.",
        change(
            "Therapies", "start_day", lambda r: _start(r) + dt.timedelta(days=10), lambda r: r["relation"] == "before"
        ),
    ),
    Trap(
        "marrow-after-death",
        "doubt",
        "event-after-death",
        "A marrow is dated after death.",
        change(
            "Marrow",
            "day",
            lambda r: _later(r.of("Outcomes"), "death_day", 5),
            lambda r: r["visit"] == "after cycle 1" and _died_early(r.of("Outcomes")),
        ),
        order=1,
    ),
)


def _lives_long(row: Row) -> bool:
    outcome = row.of("Outcomes")
    return outcome["death_day"] is None and outcome["relapse_day"] is None
