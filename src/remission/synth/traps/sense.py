"""Cells that contradict each other, records given twice, and what is missing."""

from __future__ import annotations

from collections.abc import Callable

from remission.synth.mess import Box, Line, Mess, Row, Spot, Value
from remission.synth.traps.trap import Trap, change, has

_FIRST = "after cycle 1"


def _are(**fields: str | None) -> Callable[[Row], bool]:
    """All these fields of the row are so; None asks for an empty cell."""
    return lambda row: all(row[name] == value for name, value in fields.items())


def _again(sheet: str, field: str, where: Callable[[Row], bool], **changes: Value) -> Callable[[Mess], list[Spot]]:
    """The same record once more, below the first, with some cells changed. field: the cells to point at."""

    def plant(mess: Mess) -> list[Spot]:
        row = mess.pick(sheet, where)
        again = Line([Box(box.value, is_touched=True) for box in row.line.boxes], patient=row.line.patient)
        row.pages.lines.insert(row.pages.lines.index(row.line) + 1, again)
        for name, value in changes.items():
            again.boxes[row.pages.index(name)].value = value
        mess.spot(row, field)
        at = row.pages.index(field)
        return [Spot(row.pages, row.line, at), Spot(row.pages, again, at)]

    return plant


def _no_response(mess: Mess) -> list[Spot]:
    """No marrow of a patient has a response."""
    row = mess.pick("Patients", lambda r: r.of("Outcomes")["relapse"] != "yes")
    for marrow in row.all_of("Marrow"):
        marrow.box("response_reported").value = None
    return [Spot(row.pages, row.line, 0)]


def _relapse_without_remission(mess: Mess) -> list[Spot]:
    """A patient without remission has a relapse."""
    row = mess.pick("Outcomes", lambda r: r["remission_day"] is None and r["relapse"] is None)
    row.box("relapse").value = "yes"
    row.box("relapse_day").value = row["last_contact_day"]
    return [mess.spot(row, "relapse")]


def _is_overt_failure(row: Row) -> bool:
    return row["visit"] == _FIRST and row["response_reported"] == "no response" and row.number("blasts_percent") > 5


SENSE = (
    Trap(
        "dead-without-date",
        "doubt",
        "death-without-date",
        "A dead patient has no date of death.",
        change("Outcomes", "death_day", lambda _: {"death_day": None, "last_contact_day": None}, has("death_day")),
        order=2,
    ),
    Trap(
        "dead-without-status",
        "doubt",
        "dead-without-status",
        "A death has a date and no state.",
        change("Outcomes", "status", lambda _: None, has("death_day")),
        order=2,
    ),
    Trap(
        "no-status",
        "doubt",
        "unknown-status",
        "The state at the last follow-up is missing.",
        change("Outcomes", "status", lambda _: None, _are(status="alive")),
    ),
    Trap(
        "alive-with-cause",
        "doubt",
        "alive-with-cause-of-death",
        "A living patient has a cause of death.",
        change("Outcomes", "cause_of_death", lambda _: "infection", _are(status="alive")),
    ),
    Trap(
        "fatal-event-alive",
        "doubt",
        "grade-5-but-alive",
        "A living patient had a fatal adverse event.",
        change("Adverse events", "grade", lambda _: 5, lambda r: r.of("Outcomes")["status"] == "alive"),
    ),
    Trap(
        "no-follow-up",
        "doubt",
        "missing-follow-up",
        "A living patient has no date of last contact.",
        change("Outcomes", "last_contact_day", lambda _: None, _are(status="alive")),
    ),
    Trap(
        "follow-up-zero",
        "doubt",
        "follow-up-zero",
        "Follow-up ends on the day it begins.",
        change("Outcomes", "last_contact_day", lambda r: r.of("Patients")["first_infusion_day"], _are(status="alive")),
    ),
    Trap(
        "relapse-without-remission",
        "doubt",
        "relapse-without-remission",
        "A relapse follows no remission.",
        _relapse_without_remission,
        order=2,
    ),
    Trap(
        "relapse-missing",
        "doubt",
        "relapse-missing",
        "Relapse is neither yes nor no after a remission.",
        change("Outcomes", "relapse", lambda _: None, _are(relapse="no")),
    ),
    Trap(
        "relapse-day-alone",
        "doubt",
        "relapse-day-without-relapse",
        "Relapse is no, and has a date.",
        change("Outcomes", "relapse_day", lambda r: r["last_contact_day"], _are(relapse="no")),
    ),
    Trap(
        "relapse-without-day",
        "doubt",
        "relapse-without-day",
        "A relapse has no date.",
        change("Outcomes", "relapse_day", lambda _: None, has("relapse_day")),
        order=1,
    ),
    Trap(
        "death-of-unseen-relapse",
        "doubt",
        "death-by-relapse-without-relapse",
        "A patient in remission died of leukaemia without a relapse.",
        change(
            "Outcomes",
            "cause_of_death",
            lambda _: "leukaemia",
            lambda r: r["relapse"] == "no" and r["status"] == "dead",
        ),
        order=1,
    ),
    Trap(
        "remission-with-blasts",
        "doubt",
        "response-contradicts-blasts",
        "A remission is reported with 60 % blasts.",
        change(
            "Marrow",
            "response_reported",
            lambda _: {"blasts_percent": 60, "mrd_percent": 55, "mrd_reported": "positive"},
            lambda r: r["visit"] == _FIRST and r["response_reported"] in ("CR", "CRi"),
        ),
    ),
    Trap(
        "negative-with-blasts",
        "doubt",
        "mrd-contradicts-blasts",
        "Residual disease is negative among blasts.",
        change(
            "Marrow", "mrd_reported", lambda _: {"mrd_percent": 0.01, "mrd_reported": "negative"}, _is_overt_failure
        ),
        order=2,
    ),
    Trap(
        "mrd-far-from-blasts",
        "doubt",
        "mrd-far-from-blasts",
        "Residual disease is far above the blasts.",
        change(
            "Marrow",
            "mrd_percent",
            lambda r: r.number("blasts_percent") + 40,
            lambda r: r["visit"] == "before" and 6 <= r.number("blasts_percent") <= 50,
        ),
    ),
    Trap(
        "mrd-read-otherwise",
        "doubt",
        "mrd-reported-contradicts-value",
        "Residual disease is negative with a high value.",
        change(
            "Marrow",
            "mrd_reported",
            lambda _: "negative",
            lambda r: r["visit"] == "before" and r["mrd_reported"] == "positive" and r.number("blasts_percent") < 5,
        ),
        order=4,
    ),
    Trap("no-response-recorded", "doubt", "response-missing", "No marrow of a patient has a response.", _no_response),
    Trap(
        "ph-against-gene",
        "doubt",
        "ph-contradicts-fusion-gene",
        "Ph is yes, and the fusion gene is another.",
        change("Patients", "ph_positive", lambda _: "yes", _are(fusion_gene="ETV6-RUNX1")),
        order=3,
    ),
    Trap(
        "donor-of-no-graft",
        "doubt",
        "engraftment-without-graft",
        "A treatment that is no graft has a donor.",
        change(
            "Therapies",
            "donor",
            lambda _: "unrelated",
            lambda r: r["kind"] == "chemotherapy" and r["relation"] == "after",
        ),
    ),
    Trap(
        "event-twice",
        "stop",
        "duplicate-record",
        "An adverse event is entered twice.",
        _again("Adverse events", "term", has("start_day")),
    ),
    Trap(
        "two-lab-values",
        "doubt",
        "lab-conflict",
        "A test has two values on one day.",
        _again("Laboratory", "value", lambda r: r["test"] == "IgG", value=3.33),
    ),
    Trap(
        "two-marrows",
        "doubt",
        "marrow-conflict",
        "Two marrows of one day disagree.",
        _again(
            "Marrow",
            "blasts_percent",
            lambda r: r["visit"] == "before" and r.number("blasts_percent") > 6,
            blasts_percent=30.5,
        ),
    ),
)
