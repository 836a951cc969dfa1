"""Ids: twice, missing, spelled in two ways, of nobody; and what tells who a patient is."""

from __future__ import annotations

import datetime as dt

from remission.synth.mess import Box, Line, Mess, Row, Spot
from remission.synth.traps.trap import Trap, change


def _twice(mess: Mess) -> list[Spot]:
    """The row of a patient stands in the sheet of patients twice."""
    row = mess.pick("Patients", lambda _: True)
    again = _copy(row)
    row.pages.lines.append(again)
    return [mess.spot(row, "patient"), Spot(row.pages, again, 0)]


def _copy(row: Row) -> Line:
    return Line([Box(box.value, is_touched=True) for box in row.line.boxes], patient=row.line.patient)


def _without_zeros(text: str) -> str:
    head, _, number = text.partition("-")
    return f"{head}-{int(number)}"


def _continued(mess: Mess) -> list[Spot]:
    """Further rows of a patient leave the id blank, as one does in a list; study.toml says that they continue."""
    pages = mess.pages["Infusions"]
    pages.blank_id = "continues"
    row = mess.pick("Infusions", lambda r: _is_second(r), takes=False)
    row.box("patient").value = None
    return [mess.spot(row, "patient")]


def _is_second(row: Row) -> bool:
    lines = row.pages.lines
    at = lines.index(row.line)
    before = lines[at - 1] if at else None
    return before is not None and before.is_record and before.patient == row.line.patient


def _identifiers(mess: Mess) -> list[Spot]:
    """Names, telephone numbers and record numbers stand beside the data."""
    pages = mess.pages["Patients"]
    count = sum(line.is_record for line in pages.lines)
    # names of nobody, numbers that are not given out to telephones
    columns = {
        "Patient name": [f"Synthetic, Person {chr(65 + i % 26)}" for i in range(count)],
        "Phone": [f"+49 30 23125 {i:03d}" for i in range(count)],
        "MRN": [f"SYN{900000 + 7 * i}" for i in range(count)],
    }
    return [Spot(pages, None, pages.add_column(header, values)) for header, values in columns.items()]


def _no_outcome(mess: Mess) -> list[Spot]:
    """A patient is missing among the outcomes."""
    row = mess.pick("Outcomes", lambda _: True)
    patient = row.of("Patients")
    row.pages.lines.remove(row.line)
    return [Spot(patient.pages, patient.line, 0)]


def _no_origin(mess: Mess) -> list[Spot]:
    """Without the first infusion no date of the patient can become a day: each of them is told."""
    row = mess.pick("Patients", lambda _: True)
    row.box("first_infusion_day").value = None
    mess.spot(row, "first_infusion_day")
    spots = []
    for sheet, pages in mess.pages.items():
        for own in row.all_of(sheet):
            dated = [at for at, box in enumerate(own.line.boxes) if isinstance(box.value, dt.date)]
            for at in dated:
                own.line.boxes[at].is_touched = True
                spots.append(Spot(pages, own.line, at))
    return spots


PEOPLE = (
    Trap("patient-twice", "stop", "duplicate-id", "A patient stands in two rows of the list.", _twice),
    Trap("missing-id", "stop", "missing-id", "A row has no id.", change("Adverse events", "patient", lambda _: None)),
    Trap(
        "id-without-zeros",
        "stop",
        "id-spelling",
        "An id has lost its zeros.",
        change(
            "Therapies",
            "patient",
            lambda r: _without_zeros(str(r["patient"])),
            lambda r: _without_zeros(str(r["patient"])) != r["patient"],
        ),
    ),
    Trap(
        "id-in-small-letters",
        "stop",
        "id-spelling",
        "An id is in small letters.",
        change("Laboratory", "patient", lambda r: str(r["patient"]).lower()),
    ),
    Trap(
        "unknown-patient",
        "stop",
        "unknown-patient",
        "A record belongs to nobody in the list.",
        change("Marrow", "patient", lambda _: "SYN-X1"),
    ),
    Trap("no-origin", "stop", "no-origin", "The date of the first infusion is missing.", _no_origin, order=1),
    Trap("no-outcome", "doubt", "unknown-status", "A patient is missing among the outcomes.", _no_outcome),
    Trap(
        "blank-id-continues", "reading", "continued-row", "A row without an id continues the patient above.", _continued
    ),
    Trap("identifiers", "reading", "identifier", "Columns tell who a patient is.", _identifiers),
)
