"""A synthetic ward: 24 invented patients in a workbook as messy as a real one.

SYNTHETIC. No patient of this workbook exists; names, numbers, telephone numbers and dates are made up. Every mess is
planted on purpose and listed as a `Trap` with the rule that must find it and the cell where it stands.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from .ward import EVENTS, MARROWS, PATIENTS, rows_of

SYNTHETIC = "Synthetic ward: invented patients for testing, nobody in this sheet exists"
FIRST_PATIENT_ROW = 6

Value = str | int | float | dt.date | None


@dataclass(frozen=True)
class Trap:
    """Something planted.

    Args: rule, severity: of the finding that must come of it.  sheet, cell: where; a whole row or column of cells is
    named by its first.  what: what was done to the sheet.
    """

    rule: str
    severity: str
    sheet: str
    cell: str
    what: str


def make_messy_workbook(path: Path, *, errors: bool = False) -> list[Trap]:
    """Write the workbook and return what was planted.

    Args: errors: also plant data errors, for which a study must stop; without them, a mapping settles everything.
    """
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    traps = [*_patients(first, errors=errors)]
    traps += _marrow(book.create_sheet("Marrow"), errors=errors)
    traps += _events(book.create_sheet("Adverse events"), errors=errors)
    book.save(path)
    return traps


# ---------------------------------------------------------------- sheet Patients

_TOP = [
    ("Pat. ID", 1), ("Personal data", 4), ("Sex", 1), ("Age", 1), ("Leukaemia", 3), ("Transplant", 1), ("Outcome", 5),
    ("Remarks", 1),
]  # fmt: skip
_SUB = [
    "", "Name", "Hospital no.", "Phone", "Date of birth", "", "", "Date of diagnosis", "First infusion", "WBC",
    "HSCT date", "Status", "Date of death", "Last contact", "Relapse", "Date of relapse", "",
]  # fmt: skip
_UNITS = ["", "", "", "", "dd.mm.yyyy", "m/f", "years", "dd.mm.yyyy", "dd.mm.yyyy", "10^9/L", "dd.mm.yyyy"]
_SURNAMES = ["Example", "Sample", "Invented", "Nobody", "Placeholder", "Fiction"]
_FIRST_NAMES = ["Anna", "Ben", "Clara", "David", "Emma", "Felix", "Greta", "Henry"]


def _patients(sheet: Worksheet, *, errors: bool) -> list[Trap]:
    sheet.title = "Patients"
    sheet["A1"] = SYNTHETIC
    sheet.merge_cells("A1:Q1")
    _merged_header(sheet)
    for column, unit in enumerate(_UNITS, 1):
        sheet.cell(5, column, unit or None)
    rows = rows_of(PATIENTS)
    for number, person in enumerate(rows):
        for column, value in enumerate(_wide_row(number, person), 1):
            sheet.cell(FIRST_PATIENT_ROW + number, column, value)
    after = FIRST_PATIENT_ROW + len(rows)
    sheet.cell(after, 1, "Mean")
    sheet.cell(after, 7, f"{sum(int(p[2]) for p in rows) / len(rows):.1f}")
    sheet.cell(after + 2, 1, "* Dates before 2021 were copied from paper charts and may be off by a day or two.")
    traps = [
        Trap("title-row", "note", "Patients", "A1", "a title above the header"),
        Trap("merged-header", "note", "Patients", "B3", "one upper header over four columns"),
        Trap("merged-header", "note", "Patients", "H3", "one upper header over three columns"),
        Trap("text-date", "note", "Patients", "H7", "a date as text beside true dates"),
        Trap("text-date", "note", "Patients", "I7", "the same of the first infusion"),
        Trap("skipped-row", "note", "Patients", "A5", "a row of units below the header"),
        Trap("skipped-row", "note", "Patients", f"A{after}", "a row of means"),
        Trap("skipped-row", "note", "Patients", f"A{after + 2}", "a footnote"),
        Trap("identifier", "note", "Patients", "B", "names"),
        Trap("identifier", "note", "Patients", "C", "hospital numbers"),
        Trap("identifier", "note", "Patients", "D", "telephone numbers"),
        Trap("identifier", "note", "Patients", "E", "dates of birth"),
    ]
    sheet.row_dimensions[17].hidden = True
    traps.append(Trap("hidden-row", "warning", "Patients", "A17", "a hidden row"))
    sheet["L9"].comment = Comment("ask the family doctor", "ward")
    traps.append(Trap("cell-comment", "note", "Patients", "L9", "a comment"))
    sheet["N20"].font = Font(strike=True)
    traps.append(Trap("struck-out", "warning", "Patients", "N20", "a date that is struck out"))
    sheet["L13"] = "аlive"
    traps.append(Trap("look-alike", "warning", "Patients", "L13", "a Cyrillic a in alive"))
    return traps + (_patient_errors(sheet) if errors else [])


def _merged_header(sheet: Worksheet) -> None:
    """Two rows: groups above, columns below; single columns are merged downwards."""
    column = 1
    for title, width in _TOP:
        sheet.cell(3, column, title)
        if width > 1:
            sheet.merge_cells(start_row=3, end_row=3, start_column=column, end_column=column + width - 1)
        elif not _SUB[column - 1]:
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
        column += width
    for column, title in enumerate(_SUB, 1):
        if title:
            sheet.cell(4, column, title)


def _wide_row(number: int, person: list[str]) -> list[Value]:
    """One patient as typed on the ward: true dates, dates as text, decimal commas."""
    start = dt.date.fromisoformat(person[4])
    born = start - dt.timedelta(days=round(int(person[2]) * 365.25) + 100)
    dead = person[9] == "dead"
    last = _day(person[10])
    return [
        person[0],
        f"{_SURNAMES[number % 6]}, {_FIRST_NAMES[number % 8]}",
        f"H-{90000 + number}",
        f"+00 555 01{number:02d} 00",
        _dotted(born),
        person[1],
        int(person[2]),
        _dotted(_day(person[3])) if number % 2 else _day(person[3]),
        _dotted(start) if number % 3 else start,
        person[5].replace(".", ","),
        _dotted(_day(person[6])),
        person[9],
        _dotted(last) if dead else None,
        None if dead else last,
        {"yes": "Y", "no": "N", ".": None}[person[7]],
        _day(person[8]) if number % 2 else _dotted(_day(person[8])),
        "came late to the first visit" if number == 4 else None,
    ]


def _day(text: str) -> dt.date | None:
    return None if text == "." else dt.date.fromisoformat(text)


def _dotted(day: dt.date | None) -> str | None:
    return day.strftime("%d.%m.%Y") if day else None


def _patient_errors(sheet: Worksheet) -> list[Trap]:
    sheet["M7"] = "20.04.2021"
    sheet["N21"] = dt.date(2023, 6, 30)
    return [
        Trap("event-before-origin", "error", "Patients", "M7", "a death before the first infusion"),
        Trap("contact-after-death", "error", "Patients", "N21", "a contact after death"),
    ]


# ---------------------------------------------------------------- sheet Marrow


def _marrow(sheet: Worksheet, *, errors: bool) -> list[Trap]:
    """Two rows a patient, before and on day 15."""
    sheet.append(["Patient", "Visit", "Date", "BM blasts %", "MRD", "Response"])
    starts = {p[0]: dt.date.fromisoformat(p[4]) for p in rows_of(PATIENTS)}
    for patient, before, mrd_before, after, mrd_after, response in rows_of(MARROWS):
        start = starts[patient]
        first, second = start - dt.timedelta(days=3), start + dt.timedelta(days=15)
        sheet.append([patient, "before", _dotted(first), float(before), float(mrd_before), None])
        mrd: Value = "<0.01%" if mrd_after == "<0.01" else float(mrd_after)
        sheet.append([patient, "d15", second, float(after), mrd, response])
    first_below = next(row for row in range(2, 60) if sheet.cell(row, 5).value == "<0.01%")
    traps = [
        Trap("blasts-exactly-5", "warning", "Marrow", "D9", "a marrow of exactly 5 % blasts"),
        Trap("below-limit", "note", "Marrow", f"E{first_below}", "residual disease below the limit of the assay"),
        Trap("text-date", "note", "Marrow", "C2", "a date as text beside true dates"),
    ]
    sheet["D2"], sheet["D2"].number_format = 0.52, "0%"
    sheet["E39"], sheet["E39"].number_format = 0.0005, "0.00%"
    traps.append(Trap("percent-format", "note", "Marrow", "D2", "a percentage by its format"))
    traps.append(Trap("percent-format", "note", "Marrow", "E39", "a percentage by its format"))
    sheet["F11"] = "СR"
    traps.append(Trap("look-alike", "warning", "Marrow", "F11", "a Cyrillic C in CR"))
    if errors:
        sheet["A14"] = "7"
        sheet["A15"] = "7"
        traps.append(Trap("id-spelling", "error", "Marrow", "A14", "7 here, 007 in the sheet of patients"))
    return traps


# ---------------------------------------------------------------- sheet Adverse events


def _events(sheet: Worksheet, *, errors: bool) -> list[Trap]:
    sheet.append(["Patient", "Adverse event", "Grade", "Onset", "End"])
    starts = {p[0]: dt.date.fromisoformat(p[4]) for p in rows_of(PATIENTS)}
    events = rows_of(EVENTS)
    for number, (patient, term, grade, first, last) in enumerate(events):
        onset, end = (starts[patient] + dt.timedelta(days=int(d)) for d in (first, last))
        sheet.append([patient, term, int(grade), onset if number % 2 else _dotted(onset), end])
    sheet["C4"] = "２"
    traps = [Trap("look-alike", "warning", "Adverse events", "C4", "a full-width 2")]
    if not errors:
        return traps
    sheet.append([cell.value for cell in sheet[5]])
    last_row = len(events) + 2
    return [
        *traps,
        Trap("duplicate-record", "error", "Adverse events", "B5", "an event that stands twice"),
        Trap("duplicate-record", "error", "Adverse events", f"B{last_row}", "the same event once more"),
    ]
