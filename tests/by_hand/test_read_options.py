"""Options of a source that cannot hold stop the study with a sentence; notes say what was read how."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from remission.cohort.build import read_cohort
from remission.cohort.identifiers import names_in_ids
from remission.cohort.source_spec import ColumnSpec, SourceSpec
from remission.core.errors import ProtocolError
from remission.core.findings import Finding

TEXT = "Patient,MRD\nP1,0.5\nP2,2\n"
ID = ColumnSpec("Patient", "patients.patient")
DAY = ColumnSpec("Day of it", "outcomes.death_day")


def read(folder: Path, **options: Any) -> tuple[Finding, ...]:
    options.setdefault("columns", (ID,))
    return read_cohort([SourceSpec("Ward", "ward.csv", **options)], folder=folder)[1]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"header_row": 99}, "header-row"),
        ({"header_row": 3}, "header-row"),
        ({"header_row": 0}, "header-row"),
        ({"header_row": -1}, "header-row"),
        ({"header_rows": 0}, "header-rows"),
        ({"header_rows": -2}, "header-rows"),
        ({"header_rows": 3}, "header-rows"),
        ({"header_row": 2, "header_rows": 2}, "header-row"),
        ({"sheet": "Blina"}, "no-sheets"),
        ({"columns": (ID, ColumnSpec("MRD", "marrow.mrd_percent", floor=-0.1))}, "negative-floor"),
        ({"columns": (ID, ColumnSpec("MRD", "outcomes.death_day", unit="?"))}, "unit-unknown"),
    ],
)
def test_an_option_that_cannot_hold_is_an_error(tmp_path: Path, options: dict[str, Any], code: str) -> None:
    """Each says what is wrong and what would do."""
    (tmp_path / "ward.csv").write_text(TEXT, encoding="utf-8")
    with pytest.raises(ProtocolError) as caught:
        read(tmp_path, **options)
    assert caught.value.code == code
    assert caught.value.todo
    assert "Ward" in caught.value.where


def test_options_that_hold_are_taken(tmp_path: Path) -> None:
    """The first row, one row deep; an empty delimiter is found."""
    (tmp_path / "ward.csv").write_text(TEXT, encoding="utf-8")
    found = read(tmp_path, header_row=1, header_rows=1, delimiter="")
    assert [f for f in found if f.severity == "error"] == []


ROWS: list[list[Any]] = [
    ["A list of nobody"],
    ["Patient", "After", "", "Death"],
    ["", "MRD %", "Blasts %", ""],
    ["P1", "<0.01", "3", dt.date(2021, 3, 14)],
    ["P2", "0.5", "40", "15.03.2021"],
    ["P3", "≤0.01", "2", dt.date(2021, 3, 16)],
    ["P4", "2", "70", dt.date(2021, 3, 17)],
]
COLUMNS = (
    ID,
    ColumnSpec("After: MRD %", "marrow.mrd_percent"),
    ColumnSpec("After: Blasts %", "marrow.blasts_percent"),
    ColumnSpec("Death", "patients.first_infusion_day"),
)
NOTES = {
    "title-row": ("1", ""),
    "merged-header": ("2", "B"),
    "below-limit": ("4, 6", "B"),
    "text-date": ("5", "D"),
}


def notes(folder: Path, file: str) -> dict[str, tuple[str, str, str]]:
    source = SourceSpec("Ward", file, columns=COLUMNS, header_row=2, header_rows=2)
    found = read_cohort([source], folder=folder)[1]
    return {f.rule: (f.severity, f.row, f.column) for f in found if f.rule in NOTES}


def test_titles_merged_headers_signs_and_dates_as_text_are_noted_in_a_workbook(tmp_path: Path) -> None:
    """Each with its rows and column."""
    book = Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
    book.worksheets[0].merge_cells("B2:C2")
    book.save(tmp_path / "ward.xlsx")
    assert notes(tmp_path, "ward.xlsx") == {rule: ("note", *where) for rule, where in NOTES.items()}


def test_titles_merged_headers_signs_and_mixed_dates_are_noted_in_a_text_file(tmp_path: Path) -> None:
    """The same sheet as text: its dates are written in two ways."""
    lines = [";".join([str(cell) for cell in row] + [""] * (4 - len(row))) for row in ROWS]
    (tmp_path / "ward.csv").write_text("\n".join(lines), encoding="utf-8")
    headers = {"": "", "B": "After: MRD %", "D": "Death"}
    expected = {rule: ("note", row, headers[column]) for rule, (row, column) in NOTES.items()}
    expected["merged-header"] = ("note", "2", "After: MRD %")
    assert notes(tmp_path, "ward.csv") == expected


@pytest.mark.parametrize(
    ("texts", "is_name"),
    [
        (["Anna Müller", "Müller, A.", "van der Berg, Jan"], True),
        (["王小明", "李四", "欧阳小娜"], True),
        (["P1", "P2", "P3"], False),
        (["AB", "CD", "EF"], False),
        (["Patient 1", "Patient 12", "Patient 31"], False),
        (["1", "2", "Anna Müller"], False),
    ],
)
def test_names_among_ids_are_recognised(texts: list[str], is_name: bool) -> None:
    """Words and Chinese characters without numbers, in most of the cells."""
    assert names_in_ids(texts) == is_name
