"""The synthetic ward, typed into the collection workbook as the program writes it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from remission.cohort.forms.collection_sheets import collection_sheets
from remission.template import write_template

from .ward import PATIENTS, make_events, make_truth, rows_of

Row = dict[str, object]


def ward_rows() -> dict[str, list[Row]]:
    """The ward by table and field, with true dates."""
    start_of = {row[0]: dt.date.fromisoformat(row[4]) for row in rows_of(PATIENTS)}
    rows: dict[str, list[Row]] = {"patients": [], "marrow": [], "therapies": [], "adverse_events": [], "outcomes": []}
    for t in make_truth():
        start = start_of[t.patient]

        def date(day: int | None, start: dt.date = start) -> dt.date | None:
            return None if day is None else start + dt.timedelta(days=day)

        rows["patients"].append(
            {
                "patient": t.patient, "sex": t.sex, "age_years": t.age, "wbc_10e9_l": t.wbc,
                "diagnosis_day": date(t.diagnosis_day), "first_infusion_day": start,
            }
        )  # fmt: skip
        rows["marrow"] += [
            {"patient": t.patient, "visit": "before", "day": date(-3), "blasts_percent": t.blasts_before,
             "mrd_percent": t.mrd_before},
            {"patient": t.patient, "visit": "day 15", "day": date(15), "blasts_percent": t.blasts_after,
             "mrd_percent": t.mrd_after if t.mrd_after.startswith("<") else float(t.mrd_after),
             "response_reported": t.response},
        ]  # fmt: skip
        kind = "none" if t.hsct_day is None else "HSCT"
        rows["therapies"].append(
            {"patient": t.patient, "kind": kind, "relation": "after", "start_day": date(t.hsct_day)}
        )
        dead = t.status == "dead"
        rows["outcomes"].append(
            {
                "patient": t.patient, "status": t.status, "last_contact_day": None if dead else date(t.last_day),
                "death_day": date(t.last_day) if dead else None, "relapse": t.relapse,
                "relapse_day": date(t.relapse_day),
            }
        )  # fmt: skip
    for patient, term, grade, first, last in make_events():
        start = start_of[patient]
        rows["adverse_events"].append(
            {"patient": patient, "term": term, "grade": grade,
             "start_day": start + dt.timedelta(days=first), "end_day": start + dt.timedelta(days=last)}
        )  # fmt: skip
    return rows


def fill_template(path: Path, rows: dict[str, list[Row]]) -> Path:
    """Write the collection workbook and type the rows into it, cell by cell."""
    write_template(path)
    book = openpyxl.load_workbook(path)
    for sheet in collection_sheets():
        ws = book[sheet.title]
        columns = {column.to.partition(".")[2]: col for col, column in enumerate(sheet.columns, 1)}
        for at, row in enumerate(rows.get(sheet.table, ()), 2):
            _type_row(ws, at, {columns[name]: value for name, value in row.items()})
    book.save(path)
    return path


def _type_row(ws: Worksheet, at: int, values: dict[int, object]) -> None:
    for col, value in values.items():
        if value is not None:
            ws.cell(at, col, value)
