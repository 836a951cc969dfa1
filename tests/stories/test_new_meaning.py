"""A proposal goes by what the columns mean: never by their order, never by a guess, never by who a patient is."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from remission.checking import check_path, new_study
from remission.cli import main
from remission.cohort.propose import propose_study
from remission.core.errors import FileError, ProtocolError, RemissionError

from .reading import read_study, targets

COLUMNS = {
    "ID": [f"P{i}" for i in range(1, 9)],
    "Date of marrow after": [f"2021-02-{i:02d}" for i in range(11, 19)],
    "First infusion": [f"2021-01-{i:02d}" for i in range(11, 19)],
    "Response": ["CR", "NR", "CR", "CRi", "NR", "CR", "CR", "NR"],
    "MRD after (%)": ["0.001", "5", "0.002", "0.02", "12", "0.3", "0.004", "30"],
    "MRD before (%)": ["3", "50", "20", "12", "80", "30", "44", "31"],
    "Blasts before (%)": ["40", "80", "12", "16", "20", "60", "28", "90"],
    "Blasts after (%)": ["1", "60", "0", "1", "40", "0", "1", "70"],
    "Status": ["alive", "dead", "alive", "alive", "dead", "alive", "alive", "dead"],
    "OS (months)": ["11", "2.5", "13", "14", "3.1", "16", "17", "4"],
}
ORDERS = (
    list(COLUMNS),
    list(reversed(COLUMNS)),
    [
        "ID",
        "Response",
        "MRD after (%)",
        "Blasts before (%)",
        "Blasts after (%)",
        "First infusion",
        "Status",
        "OS (months)",
    ],
    ["ID", "Blasts before (%)", "MRD before (%)", "First infusion", "Blasts after (%)", "MRD after (%)", "Response"],
    [
        "ID",
        "Date of marrow after",
        "First infusion",
        "Blasts before (%)",
        "Response",
        "MRD after (%)",
        "MRD before (%)",
    ],
)


def write(folder: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows([headers, *rows])
    path = folder / "ward.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def columns(folder: Path, table: dict[str, list[str]]) -> Path:
    return write(folder, list(table), zip(*table.values(), strict=True))


def study_of(folder: Path, path: Path) -> tuple[dict[str, Any], list[str]]:
    """What `remission new` writes, and what it prints."""
    written, notes = new_study(folder / "study", path)
    return tomllib.loads(written.read_text(encoding="utf-8")), notes


# ---------------------------------------------------------------- visits


@pytest.mark.parametrize("order", ORDERS, ids=range(len(ORDERS)))
def test_visits_are_chosen_by_meaning_whatever_the_order_of_columns(tmp_path: Path, order: list[str]) -> None:
    """The response is that after treatment, the baseline that before, wherever the columns stand."""
    study, _ = study_of(tmp_path, columns(tmp_path, {h: COLUMNS[h] for h in order}))
    groups = study["groups"]
    assert groups["response"]["where"] == groups["mrd"]["where"] == {"visit": "after the course"}
    assert groups["blasts"]["where"] == {"visit": "before"}
    baseline = next(a for a in study["analysis"] if a["id"] == "baseline")
    assert baseline["where"] == {"marrow": {"visit": "before"}}


def test_the_response_of_several_days_is_that_of_the_latest(tmp_path: Path) -> None:
    """Day 29 stands left of day 15: the residual disease grouped is that of day 29."""
    table = {k: COLUMNS[k] for k in ("ID", "Status", "OS (months)")}
    table |= {"MRD D29 (%)": COLUMNS["MRD after (%)"], "MRD D15 (%)": COLUMNS["MRD before (%)"]}
    study, _ = study_of(tmp_path, columns(tmp_path, table))
    assert study["groups"]["mrd"]["where"] == {"visit": "day 29"}


def test_no_baseline_is_made_of_marrows_after_treatment(tmp_path: Path) -> None:
    """Where blasts were counted only after treatment, nothing is called blasts before treatment."""
    table = {k: COLUMNS[k] for k in ("ID", "Blasts after (%)", "Response", "Status", "OS (months)")}
    study, _ = study_of(tmp_path, columns(tmp_path, table))
    assert "blasts" not in study["groups"]
    assert not any("marrow.blasts_percent" in a.get("variables", []) for a in study["analysis"])


def test_residual_disease_known_only_before_is_no_response(tmp_path: Path) -> None:
    """It is a group of its own name and no rate of negative patients after treatment."""
    table = {k: COLUMNS[k] for k in ("ID", "MRD before (%)", "Response", "Status", "OS (months)")}
    study, _ = study_of(tmp_path, columns(tmp_path, table))
    assert study["groups"]["mrd_before"]["where"] == {"visit": "before"}
    assert "mrd" not in {*study["groups"], *(a["id"] for a in study["analysis"])}


@pytest.mark.parametrize("first", ["d15", "screening"])
def test_visits_of_a_long_sheet_are_chosen_by_meaning(tmp_path: Path, first: str) -> None:
    """Screening, day 15 and day 29 in any order of rows: the response is that of the visit where it is filled in."""
    visits = [first, *(v for v in ("d29", "screening", "d15") if v != first)]
    cells = {"screening": ("60", ""), "d15": ("8", "CRi"), "d29": ("1", "")}
    rows = [[f"P{p}", f"2021-0{p}-11", v, *cells[v]] for p in range(1, 6) for v in visits]
    study, _ = study_of(tmp_path, write(tmp_path, ["Patient", "Date", "Visit", "BM blasts %", "Response"], rows))
    assert study["groups"]["response"]["where"] == {"visit": "d15"}
    assert study["groups"]["blasts"]["where"] == {"visit": "before"}


def test_a_long_sheet_without_visits_goes_by_its_days(tmp_path: Path) -> None:
    """A date alone tells before from after: up to day 0 is the baseline, later marrows are the response."""
    start = dt.date(2021, 1, 10)
    patients: list[list[Any]] = [["Patient", "First infusion", "Age"]]
    marrow: list[list[Any]] = [["Date", "Patient", "BM blasts %", "MRD (%)", "Response"]]
    for i in range(1, 9):
        patients.append([f"P{i}", start, 30 + i])
        marrow.append([start - dt.timedelta(3), f"P{i}", 40 + i, 10 + i, None])
        marrow.append([start + dt.timedelta(15), f"P{i}", i, 0.02 * i, "CR" if i % 2 else "NR"])
    study, _ = study_of(tmp_path, workbook(tmp_path / "ward.xlsx", {"Patients": patients, "Marrow": marrow}))
    groups = study["groups"]
    assert groups["response"]["where"] == groups["mrd"]["where"] == {"day": "> 0"}
    assert groups["blasts"]["where"] == {"day": "<= 0"}
    assert main(["study", str(tmp_path / "study"), "--out", str(tmp_path / "out")]) == 0
    found = (tmp_path / "out" / "tables" / "table_response.csv").read_text(encoding="utf-8")
    assert "5–50 %,4 / 8," in found  # all eight had 41 to 48 % before, and half of them responded


# ---------------------------------------------------------------- limits of assays, units


def floors(folder: Path, name: str, cells: list[str]) -> tuple[Any, list[str]]:
    table = {"ID": [f"P{i}" for i in range(1, len(cells) + 1)], name: cells}
    study, notes = study_of(folder, columns(folder, table))
    return study["source"][0]["column"][1].get("floor"), notes


@pytest.mark.parametrize(
    ("name", "cells", "floor"),
    [
        ("MRD after (%)", ["0.01"] * 6 + ["5", "2.2"], 0.01),
        ("MRD after (fraction)", ["0.0001"] * 6 + ["0.05", "0.02"], 0.01),
        ("MRD after (%)", ["1.5"] * 6 + ["5", "22"], None),  # no assay is so coarse
        ("MRD after (%)", ["0.01"] * 6 + ["<0.01", "2.2"], None),  # the limit is written already
        ("MRD after (%)", ["0.01"] * 6 + ["0", "2.2"], None),
        ("Blasts before (%)", ["5"] * 6 + ["15", "22"], None),
        ("Blasts before (%)", ["0.01"] * 6 + ["15", "22"], None),
    ],
)
def test_only_a_likely_limit_of_an_assay_is_proposed_as_floor(
    tmp_path: Path, name: str, cells: list[str], floor: float | None
) -> None:
    """A floor stands for residual disease alone, in the unit of the field, and asks the user."""
    found, notes = floors(tmp_path, name, cells)
    assert found == floor
    assert any("QUESTION: is 0.01 % the limit of the assay?" in note for note in notes) == (floor is not None)


@pytest.mark.parametrize("cells", [["1.5", "2.5", "12.5"], ["30", "60", "90"], ["400", "900", "1200"]])
def test_a_duration_without_a_unit_is_asked_for_and_not_read(tmp_path: Path, cells: list[str]) -> None:
    """Days read as months would be thirty times too long: nothing runs before the user says which."""
    path = columns(tmp_path, {"ID": ["1", "2", "3"], "Status": ["alive", "dead", "alive"], "Follow-up": cells})
    study, notes = study_of(tmp_path, path)
    assert study["source"][0]["column"][2]["unit"] == "?"
    assert any("QUESTION: days, weeks, months or years?" in note for note in notes)
    assert "QUESTION: days, weeks" in (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    for target in (tmp_path / "study", path):
        with pytest.raises(ProtocolError) as caught:
            check_path(target)
        assert caught.value.code == "unit-unknown"
        assert "Follow-up" in caught.value.what


@pytest.mark.parametrize(
    ("header", "unit", "below", "days"),
    [
        ("Follow-up (months)", "months", "", 365),
        ("Follow-up in months since start", "months", "", 365),
        ("OS_months", "months", "", 365),
        ("随访月数", "months", "", 365),
        ("生存天数", "days", "", 12),
        ("Überleben (Monate)", "months", "", 365),
        ("Follow-up", "months", "months", 365),
        ("Follow-up", "days", "(days)", 12),
    ],
)
def test_a_unit_in_the_header_or_below_it_is_enough(
    tmp_path: Path, header: str, unit: str, below: str, days: int
) -> None:
    """A word of the header or of the row of units decides, in five languages."""
    rows = [["P1", "alive", "12"], ["P2", "dead", "3"], ["P3", "alive", "5"]]
    path = write(tmp_path, ["ID", "Status", header], [["", "a/d", below], *rows] if below else rows)
    text = propose_study(path).to_toml()
    assert tomllib.loads(text)["source"][0]["column"][2]["unit"] == unit
    cohort, findings = read_study(text, tmp_path)
    assert cohort.tables["outcomes"].columns["follow_up_day"][0] == days
    assert [f.rule for f in findings if f.severity == "error"] == []


def test_durations_that_carry_their_units_need_none(tmp_path: Path) -> None:
    """ "12 months" in every cell is no question."""
    path = columns(tmp_path, {"ID": ["1", "2"], "Status": ["alive", "dead"], "Follow-up": ["12 months", "90 days"]})
    study, _ = study_of(tmp_path, path)
    assert "unit" not in study["source"][0]["column"][2]


# ---------------------------------------------------------------- who a patient is


NAMES = {
    "two words": ["Anna Müller", "Hans Schmidt", "Petra Weber", "Uwe van Klein", "Ina Groß"],
    "last, first": ["Müller, Anna", "Schmidt, Hans", "Weber, Petra", "Klein, Uwe", "O'Brien, Ina"],
    "surnames": ["Müller", "Schmidt", "Weber", "Klein", "Groß"],
    "small letters": ["anna müller", "hans schmidt", "petra weber", "uwe klein", "ina groß"],
    "Chinese": ["王小明", "明李", "娟张", "三赵", "六钱"],
}
OTHERS = {
    "numbers": ["1", "2", "3", "4", "5"],
    "codes": ["P01", "P02", "P03", "P04", "P05"],
    "words and numbers": ["Patient 1", "Patient 2", "Patient 3", "Patient 4", "Patient 5"],
    "word and number": ["Pat1", "Pat2", "Pat3", "Pat4", "Pat5"],
}


@pytest.mark.parametrize("header", ["Patient", "患者", "Name"])
@pytest.mark.parametrize("kind", NAMES)
def test_names_as_ids_are_placed_with_a_warning_and_a_question(tmp_path: Path, header: str, kind: str) -> None:
    """Nobody's name goes into a report unseen: the proposal asks, and the reader warns."""
    table = {
        header: NAMES[kind],
        "Age": ["34", "40", "51", "60", "29"],
        "Status": ["alive", "dead", "alive", "dead", "alive"],
    }
    study, notes = study_of(tmp_path, columns(tmp_path, table))
    assert study["source"][0]["column"][0]["to"] == "patients.patient"
    assert any("QUESTION: are these the names of people?" in note for note in notes)
    text = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert not any(name in text for name in NAMES[kind])
    found = [f for f in check_path(tmp_path / "study") if f.rule == "identifier"]
    assert [(f.severity, f.column) for f in found] == [("warning", header)]


@pytest.mark.parametrize("kind", OTHERS)
def test_study_numbers_are_no_names(tmp_path: Path, kind: str) -> None:
    """A number among the ids, or a word before it, is no question."""
    path = columns(tmp_path, {"Patient": OTHERS[kind], "Age": ["34", "40", "51", "60", "29"]})
    _, notes = study_of(tmp_path, path)
    assert not any("QUESTION" in note for note in notes)
    assert not [f for f in check_path(path) if f.rule == "identifier"]


def test_a_study_number_is_preferred_to_names(tmp_path: Path) -> None:
    """Where both stand in the sheet, the names are left out."""
    path = columns(
        tmp_path, {"Patient": NAMES["two words"], "Study ID": OTHERS["codes"], "Age": ["3", "4", "5", "6", "7"]}
    )
    study, _ = study_of(tmp_path, path)
    assert targets(propose_study(path).to_toml())["Study ID"] == ["patients.patient"]
    assert study["source"][0]["ignore"] == ["Patient"]


STORIES = [
    "CAR-T; tel 0171 5550001",
    "Herr Schmidt referred 3.4.2021",
    "came late. Wanted to wait",
    "moved to ward 12 with the twin brother",
]


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("header", ["Prior treatment", "Cause of death", "Response", "Status"])
def test_a_cell_that_tells_a_story_never_stands_in_study_toml(tmp_path: Path, header: str, story: str) -> None:
    """However often it is repeated, it is free text: counted, never listed as a code or in a question."""
    common = {"Response": "CR", "Status": "alive"}.get(header, "chemo")
    table = {"ID": [str(i) for i in range(1, 13)], "Age": ["30"] * 12, header: [common, common, common, story] * 3}
    study, _ = study_of(tmp_path, columns(tmp_path, table))
    text = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert not any(part in text for part in (story, "5550001", "Schmidt", "3.4.2021", "Wanted", "twin"))
    if header == "Cause of death":
        assert study["source"][0]["ignore"] == [header]
        assert "could not place: free text" in text


# ---------------------------------------------------------------- sheets as wards have them


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_empty_sheets_are_passed_over_with_a_note(tmp_path: Path) -> None:
    """The Sheet2 and Sheet3 of a spreadsheet program do not keep anybody from reading Sheet1."""
    rows = [["ID", "Age", "Status"], ["P1", 34, "alive"], ["P2", 40, "dead"], ["P3", 51, "alive"]]
    path = workbook(tmp_path / "ward.xlsx", {"Sheet1": rows, "Sheet2": [], "Sheet3": []})
    study, notes = study_of(tmp_path, path)
    assert [s["sheet"] for s in study["source"]] == ["Sheet1"]
    assert [n for n in notes if "empty" in n] == [f"Sheet{i}: the sheet is empty and was passed over" for i in (2, 3)]
    found = [(f.severity, f.sheet) for f in check_path(path) if f.rule == "empty-sheet"]
    assert found == [("note", "Sheet2"), ("note", "Sheet3")]


def test_a_workbook_of_empty_sheets_is_an_error(tmp_path: Path) -> None:
    """There is nothing to propose."""
    with pytest.raises(FileError) as caught:
        propose_study(workbook(tmp_path / "ward.xlsx", {"Sheet1": [], "Sheet2": []}))
    assert caught.value.code == "no-table"


def test_one_repeated_id_is_a_mistake_and_not_a_long_sheet(tmp_path: Path) -> None:
    """Seven rows, one id twice: it stays a sheet of patients, and the check names the id's rows."""
    headers = ["ID", "Age", "Sex", "Baseline blasts (%)", "Response", "Relapse", "Status", "OS (months)"]
    rows = [[str(i), str(20 + i), "M", str(10 + i), "CR", "no", "alive", f"{i}.5"] for i in (1, 2, 3, 4, 5, 6, 3)]
    path = write(tmp_path, headers, rows)
    found = targets(propose_study(path).to_toml())
    assert found["ID"] == ["patients.patient"]
    assert found["Status"] == ["outcomes.status"]
    assert ("duplicate-id", "4, 8") in [(f.rule, f.row) for f in check_path(path) if f.severity == "error"]


NO_IDS = {
    "two words": (["foo", "bar"], [["x", "y"]]),
    "measurements": (["foo", "Age", "Status"], [["12", "34", "alive"], ["7", "40", "dead"], ["31", "20", "alive"]]),
    "decimals": (["foo", "Age", "Status"], [["1.2", "34", "alive"], ["7.5", "40", "dead"]]),
    "age first": (["Age", "Sex", "Response"], [["34", "F", "CR"], ["40", "M", "NR"], ["51", "F", "CR"]]),
    "ages that rise": (["Age at start of it", "Sex"], [["34", "F"], ["35", "M"], ["36", "F"]]),
    "repeated": (["x0", "x1", "x2"], [["0", "0", "0"], ["1", "1", "1"], ["2", "2", "2"], ["0", "0", "0"]]),
    "gaps": (["foo", "Sex"], [["1", "F"], ["2", "M"], ["3", "F"], ["", "M"], ["5", "M"]]),
}


@pytest.mark.parametrize("case", NO_IDS)
def test_no_column_is_taken_for_ids_that_may_be_something_else(tmp_path: Path, case: str) -> None:
    """Nothing numbers the patients, so nothing is proposed."""
    headers, rows = NO_IDS[case]
    with pytest.raises(RemissionError) as caught:
        propose_study(write(tmp_path, headers, rows))
    assert caught.value.code == "no-table"


@pytest.mark.parametrize(
    "ids", [["1", "2", "3"], ["P-01", "P-02", "P-07"], ["007", "012", "130"], ["2021/3", "2021/9", "2022/1"]]
)
def test_an_unknown_header_over_numbers_of_patients_is_a_question(tmp_path: Path, ids: list[str]) -> None:
    """They are used, and the user is asked whether that is right."""
    study, notes = study_of(tmp_path, columns(tmp_path, {"foo": ids, "Age": ["34", "40", "51"]}))
    assert study["source"][0]["column"][0]["to"] == "patients.patient"
    assert any("is it the patients' id?" in note for note in notes)


def test_hundreds_of_unknown_columns_are_told_in_one_line(tmp_path: Path) -> None:
    """The list of them is in study.toml."""
    headers = ["ID", "Age", *(f"var_{i}" for i in range(300))]
    rows = [[f"P{p}", str(30 + p), *(str(p * i % 7) for i in range(300))] for p in range(1, 9)]
    study, notes = study_of(tmp_path, write(tmp_path, headers, rows))
    assert len(notes) <= 3
    assert any("300 columns with unknown headers left out, listed in study.toml" in note for note in notes)
    assert len(study["source"][0]["ignore"]) == 300


def test_a_folder_as_file_is_named_as_it_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "." has no name of its own."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError) as caught:
        propose_study(Path())
    assert caught.value.what == ". is a folder, not a file."


def test_a_sheet_of_a_text_file_cannot_be_named(tmp_path: Path) -> None:
    """A .csv has none: saying so beats reading something else."""
    path = columns(tmp_path, {"ID": ["1", "2"], "Age": ["34", "40"]})
    with pytest.raises(FileError) as caught:
        propose_study(path, sheet="Blina")
    assert caught.value.code == "no-sheets"
