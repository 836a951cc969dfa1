"""A synthetic ward: 24 invented patients in a workbook as messy as a real one.

SYNTHETIC. No patient of this workbook exists; names, numbers, telephone numbers and dates are made up. Every mess is
planted on purpose and listed as a `Trap` with the rule that must find it and the cell where it stands.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

SYNTHETIC = "Synthetic ward: invented patients for testing, nobody in this sheet exists"
FIRST_PATIENT_ROW = 6

# id, sex, age, diagnosis, first infusion, white cells, transplant, relapse, relapse date, state, last contact or death
_WARD = """
001  M  53  2020-09-03  2021-04-05  1.5   2021-06-19  yes  2022-03-08  dead   2022-09-08
002  F  6   2020-07-11  2021-04-25  2.7   .           .    .           dead   2021-10-25
003  F  23  2020-12-10  2021-05-24  9.9   .           no   .           alive  2024-04-01
004  M  28  2019-05-07  2021-06-20  9.7   .           .    .           dead   2021-09-10
005  F  67  2020-12-19  2021-07-22  21.4  .           yes  2022-01-05  alive  2024-04-30
006  F  36  2021-04-10  2021-08-10  4.0   2021-10-21  no   .           alive  2024-03-17
007  F  53  2020-06-01  2021-09-11  2.0   .           no   .           alive  2024-05-27
008  M  15  2020-12-21  2021-10-13  3.6   2022-01-19  no   .           alive  2024-05-18
009  M  15  2020-10-25  2021-11-15  4.2   2022-02-19  yes  2022-04-18  alive  2024-04-26
010  M  42  2021-06-10  2021-11-29  1.5   2022-03-02  yes  2022-08-05  alive  2024-05-17
011  M  12  2020-07-05  2022-01-01  6.6   .           yes  2022-05-12  dead   2022-11-03
012  F  4   2021-07-02  2022-01-28  11.7  .           .    .           alive  2024-04-12
013  M  23  2020-04-04  2022-02-20  60.3  2022-05-11  no   .           alive  2024-03-25
014  F  47  2020-10-22  2022-03-23  6.8   .           no   .           alive  2024-03-11
015  F  23  2021-01-09  2022-04-11  24.0  2022-06-05  no   .           alive  2024-03-22
016  F  15  2022-02-10  2022-05-09  13.7  2022-07-09  yes  2022-10-28  dead   2023-01-11
017  M  23  2021-09-28  2022-06-14  4.0   .           .    .           dead   2023-01-29
018  M  58  2021-01-26  2022-07-09  8.3   .           .    .           dead   2022-09-23
019  M  12  2020-09-15  2022-08-09  4.0   2022-10-28  yes  2023-01-26  dead   2023-07-28
020  F  9   2020-05-05  2022-08-21  9.3   2022-11-07  no   .           alive  2024-06-23
021  F  15  2021-04-23  2022-09-23  2.3   .           no   .           alive  2024-03-20
022  M  31  2022-04-02  2022-10-25  26.8  2023-02-12  no   .           alive  2024-04-23
023  M  42  2021-09-17  2022-11-16  8.7   2023-01-29  no   .           alive  2024-03-14
024  M  31  2022-01-12  2022-12-09  17.3  .           no   .           alive  2024-05-08
"""

# id, blasts and MRD before, blasts and MRD on day 15, response
_MARROW = """
001  52  40.3  2   <0.01  CR
002  78  66.0  47  45.2   NR
003  70  68.0  2   <0.01  CR
004  52  47.5  5   4.1    NR
005  3   2.5   3   <0.01  CR
006  90  74.2  2   <0.01  CR
007  78  77.0  1   0.3    CR
008  35  31.7  4   <0.01  CR
009  3   2.5   2   <0.01  CR
010  78  71.4  1   <0.01  CR
011  18  14.8  3   <0.01  CR
012  52  50.4  47  45.1   NR
013  35  28.9  2   <0.01  CR
014  70  69.6  2   <0.01  CR
015  90  92.8  4   <0.01  CR
016  3   2.8   2   <0.01  CR
017  35  27.7  47  43.5   NR
018  12  11.0  38  39.2   NR
019  78  57.5  4   0.05   CR
020  44  43.2  2   <0.01  CR
021  18  13.1  2   <0.01  CR
022  70  69.4  3   <0.01  CR
023  12  11.0  2   <0.01  CR
024  2   2.0   2   <0.01  CR
"""

# id, event, grade, first and last day after the first infusion
_EVENTS = """
001  CRS               1  1   3
001  neutropenia       3  8   20
002  CRS               2  2   5
002  infection         3  11  24
003  CRS               1  1   2
004  ICANS             2  4   6
004  neutropenia       4  6   30
006  CRS               1  2   4
007  thrombocytopenia  2  7   15
009  infection         3  9   21
010  CRS               2  1   4
011  ICANS             1  3   4
012  neutropenia       4  5   29
015  CRS               1  1   2
016  infection         2  12  18
018  CRS               3  2   7
018  neutropenia       4  6   28
020  ALT increased     2  5   16
022  CRS               1  2   3
024  headache          1  1   2
"""


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


@dataclass(frozen=True)
class Truth:
    """One invented patient as he really is, for comparison with what was read. Days count from the first infusion."""

    patient: str
    sex: str
    age: int
    diagnosis_day: int
    wbc: float
    hsct_day: int | None
    relapse: str | None
    relapse_day: int | None
    status: str
    last_day: int
    blasts_before: float
    mrd_before: float
    blasts_after: float
    mrd_after: str
    response: str


def rows_of(text: str) -> list[list[str]]:
    """Cells of an aligned table."""
    return [re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines()]


def make_truth() -> list[Truth]:
    """The ward before anybody typed it into a workbook."""
    found = []
    for person, marrow in zip(rows_of(_WARD), rows_of(_MARROW), strict=True):
        start = dt.date.fromisoformat(person[4])

        def day(text: str, start: dt.date = start) -> int | None:
            return None if text == "." else (dt.date.fromisoformat(text) - start).days

        found.append(
            Truth(
                patient=person[0],
                sex={"M": "male", "F": "female"}[person[1]],
                age=int(person[2]),
                diagnosis_day=day(person[3]) or 0,
                wbc=float(person[5]),
                hsct_day=day(person[6]),
                relapse=None if person[7] == "." else person[7],
                relapse_day=day(person[8]),
                status=person[9],
                last_day=day(person[10]) or 0,
                blasts_before=float(marrow[1]),
                mrd_before=float(marrow[2]),
                blasts_after=float(marrow[3]),
                mrd_after=marrow[4],
                response={"CR": "CR", "NR": "no response"}[marrow[5]],
            )
        )
    return found


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
    rows = rows_of(_WARD)
    for number, person in enumerate(rows):
        for column, value in enumerate(_wide_row(number, person), 1):
            sheet.cell(FIRST_PATIENT_ROW + number, column, value)
    after = FIRST_PATIENT_ROW + len(rows)
    sheet.cell(after, 1, "Mean")
    sheet.cell(after, 7, f"{sum(int(p[2]) for p in rows) / len(rows):.1f}")
    sheet.cell(after + 2, 1, "* Dates before 2021 were copied from paper charts and may be off by a day or two.")
    traps = [
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
    starts = {p[0]: dt.date.fromisoformat(p[4]) for p in rows_of(_WARD)}
    for patient, before, mrd_before, after, mrd_after, response in rows_of(_MARROW):
        start = starts[patient]
        first, second = start - dt.timedelta(days=3), start + dt.timedelta(days=15)
        sheet.append([patient, "before", _dotted(first), float(before), float(mrd_before), None])
        mrd: Value = "<0.01%" if mrd_after == "<0.01" else float(mrd_after)
        sheet.append([patient, "d15", second, float(after), mrd, response])
    traps = [Trap("blasts-exactly-5", "warning", "Marrow", "D9", "a marrow of exactly 5 % blasts")]
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
    starts = {p[0]: dt.date.fromisoformat(p[4]) for p in rows_of(_WARD)}
    events = rows_of(_EVENTS)
    for number, (patient, term, grade, first, last) in enumerate(events):
        onset, end = (starts[patient] + dt.timedelta(days=int(d)) for d in (first, last))
        sheet.append([patient, term, int(grade), onset if number % 2 else _dotted(onset), end])
    sheet["C4"] = "２"
    if not errors:
        return []
    sheet.append([cell.value for cell in sheet[5]])
    last_row = len(events) + 2
    return [
        Trap("duplicate-record", "error", "Adverse events", "B5", "an event that stands twice"),
        Trap("duplicate-record", "error", "Adverse events", f"B{last_row}", "the same event once more"),
    ]


def make_events() -> list[tuple[str, str, int, int, int]]:
    """Patient, event, grade, first and last day of every adverse event, as they really were."""
    return [(p, term, int(grade), int(a), int(b)) for p, term, grade, a, b in rows_of(_EVENTS)]
