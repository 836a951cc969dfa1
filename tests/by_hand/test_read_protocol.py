"""What study.toml may say about a sheet, and what it may not: one small sheet for each rule."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from remission.cohort import read_workbook
from remission.cohort.build import read_cohort
from remission.cohort.ledger import read_ledger
from remission.cohort.source_spec import ColumnSpec, OriginSpec, PrivacySpec, SourceSpec
from remission.cohort.table import Cohort
from remission.core.errors import FileError, ProtocolError
from remission.core.findings import Finding

ID = ColumnSpec("id", "patients.patient")


def read(folder: Path, text: str, *columns: ColumnSpec, **settings: Any) -> tuple[Cohort, dict[str, Finding]]:
    (folder / "a.csv").write_text(text, encoding="utf-8")
    options = {k: settings.pop(k) for k in ("origin", "privacy") if k in settings}
    spec = SourceSpec("a", "a.csv", columns=(ID, *columns), **settings)
    cohort, findings = read_cohort([spec], folder=folder, **options)
    return cohort, {f.rule: f for f in reversed(findings) if f.rule not in ("encoding", "delimiter")}


def sheet(path: Path, *rows: list[Any]) -> Any:
    book = Workbook()
    active = book.active
    assert active is not None
    for row in rows:
        active.append(row)
    return book


def refused(code: str, folder: Path, text: str, *columns: ColumnSpec, **settings: Any) -> str:
    with pytest.raises(ProtocolError) as caught:
        read(folder, text, *columns, **settings)
    assert caught.value.code == code
    return str(caught.value)


def test_a_header_that_fits_two_columns_must_be_written_as_printed(tmp_path: Path) -> None:
    text = "id,MRD,M.R.D.\n1,2,3\n"
    refused("unclear-header", tmp_path, text, ColumnSpec("mrd", "marrow.mrd_percent"))
    cohort, _ = read(tmp_path, text, ColumnSpec("M.R.D.", "marrow.mrd_percent"))
    assert cohort.tables["marrow"].columns["mrd_percent"] == [3.0]


def test_equal_headers_are_an_error_until_each_is_mapped_or_ignored(tmp_path: Path) -> None:
    text = "id,MRD,MRD\n1,2,3\n"
    one = ColumnSpec("MRD", "marrow@before.mrd_percent")
    _, findings = read(tmp_path, text, one)
    assert findings["duplicate-header"].severity == "error"
    cohort, findings = read(tmp_path, text, one, ColumnSpec("MRD (2)", "marrow@after.mrd_percent"))
    assert findings["duplicate-header"].severity == "note"
    assert cohort.tables["marrow"].columns["mrd_percent"] == [2.0, 3.0]


def test_headers_match_over_look_alikes_and_report_them(tmp_path: Path) -> None:
    _, findings = read(tmp_path, "id,МRD‑x\n1,2\n", ColumnSpec("MRD-x", "marrow.mrd_percent"))
    assert (findings["look-alike"].row, findings["look-alike"].severity) == ("1", "warning")


def test_a_file_without_a_header_shows_nothing_of_its_first_patient(tmp_path: Path) -> None:
    message = refused("no-header", tmp_path, "P1,Miller\nP2,Smith\n")
    assert "Miller" not in message


def test_two_columns_cannot_both_name_the_patient(tmp_path: Path) -> None:
    refused("two-id-columns", tmp_path, "id,no\n1,2\n", ColumnSpec("no", "marrow.patient"))


def test_one_row_tables_take_one_code_a_text(tmp_path: Path) -> None:
    column = ColumnSpec("s", "patients.prior_treatment", values={"A+B": ("A", "B")})
    refused("one-row-table", tmp_path, "id,s\n1,A+B\n", column)


def test_a_mark_sets_only_a_field_of_yes_and_no(tmp_path: Path) -> None:
    column = ColumnSpec("s", "patients.age_years", marks={"*": "patients.weight_kg"})
    refused("wrong-mark", tmp_path, "id,s\n1,40*\n", column)


def test_a_record_nobody_fills_is_noted_where_all_others_are_described(tmp_path: Path) -> None:
    records = {"marrow@after": {"day": 15}, "marrow@late": {"day": 90}}
    column = ColumnSpec("b", "marrow@after.blasts_percent")
    cohort, findings = read(tmp_path, "id,b\n1,2\n", column, records=records)
    assert findings["unused-record"].severity == "note"
    assert cohort.tables["marrow"].columns["day"] == [15]


def test_two_lists_of_different_length_in_one_row_are_an_error(tmp_path: Path) -> None:
    columns = (
        ColumnSpec("k", "therapies.kind", values={"two": ("HSCT", "CAR-T"), "one": "HSCT"}),
        ColumnSpec("d", "therapies.donor", values={"two": ("a", "b"), "three": ("a", "b", "c")}),
    )
    cohort, findings = read(tmp_path, "id,k,d\n1,two,two\n2,two,three\n", *columns)
    therapies = cohort.tables["therapies"].columns
    assert (therapies["kind"], therapies["donor"]) == (["HSCT", "CAR-T"], ["a", "b"])
    assert (findings["several-codes"].severity, findings["several-codes"].row) == ("error", "3")


def test_a_row_with_an_id_and_no_record_is_noted(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("id,b\n1,2\n1,-\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("id,age\n1,40\n", encoding="utf-8")
    columns = (ColumnSpec("id", "marrow.patient"), ColumnSpec("b", "marrow.blasts_percent"))
    sources = [SourceSpec("a", "a.csv", columns=(ID,), ignore=("age",)), SourceSpec("m", "m.csv", columns=columns)]
    cohort, findings = read_cohort(sources, folder=tmp_path)
    assert [(f.severity, f.row) for f in findings if f.rule == "empty-row"] == [("note", "3")]
    assert (cohort.sources[1].rows_read, cohort.sources[1].rows_used) == (2, 1)


def test_constants_fill_tables_of_one_row_a_patient_too(tmp_path: Path) -> None:
    cohort, _ = read(
        tmp_path, "id,age\n1,40\n", ColumnSpec("age", "patients.age_years"), records={"patients": {"centre": "A"}}
    )
    assert cohort.tables["patients"].columns["centre"] == ["A"]
    assert cohort.address("patients", 0, "centre") is None
    assert ("patients", "centre") in cohort.recorded


def test_a_constant_that_a_second_sheet_contradicts_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,age\n1,40\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,site\n1,B\n", encoding="utf-8")
    columns = (ID, ColumnSpec("age", "patients.age_years"))
    one = SourceSpec("a", "a.csv", columns=columns, records={"patients": {"centre": "A"}})
    two = SourceSpec("b", "b.csv", columns=(ID, ColumnSpec("site", "patients.centre")))
    _, findings = read_cohort([one, two], folder=tmp_path)
    assert [(f.file, f.row) for f in findings if f.rule == "conflicting-values"] == [("b.csv", "2")]


# ---------------------------------------------------------------- origin and cut-off

START = ColumnSpec("start", "patients.first_infusion_day")


@pytest.mark.parametrize(
    ("origin", "code"),
    [(OriginSpec(field="age_years"), "unknown-field"), (OriginSpec(cutoff="31.01.2023"), "bad-date")],
)
def test_an_origin_that_cannot_be_is_refused(tmp_path: Path, origin: OriginSpec, code: str) -> None:
    refused(code, tmp_path, "id,start\n1,2022-01-01\n", START, origin=origin)


def test_a_cut_off_without_dates_is_noted(tmp_path: Path) -> None:
    column = ColumnSpec("fu", "outcomes.follow_up_day")
    cohort, findings = read(tmp_path, "id,fu\n1,100\n", column, origin=OriginSpec(cutoff="2023-01-31"))
    assert findings["cutoff-unused"].severity == "note"
    assert ("patients", "cutoff_day") not in cohort.recorded


def test_dates_without_any_origin_say_what_to_map(tmp_path: Path) -> None:
    _, findings = read(tmp_path, "id,d\n1,2022-01-01\n", ColumnSpec("d", "outcomes.relapse_day"))
    assert "Map the column" in findings["no-origin"].todo


def test_dates_of_a_sheet_of_its_own_numbering_cannot_be_turned_into_days(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,start\n1,2022-01-01\n", encoding="utf-8")
    (tmp_path / "g.csv").write_text("no,day\n1,2022-03-01\n", encoding="utf-8")
    columns = (ColumnSpec("no", "therapies.patient"), ColumnSpec("day", "therapies.start_day"))
    sources = [SourceSpec("a", "a.csv", columns=(ID, START)), SourceSpec("g", "g.csv", scope="G", columns=columns)]
    cohort, findings = read_cohort(sources, folder=tmp_path)
    assert next(f.todo for f in findings if f.rule == "no-origin").startswith("A sheet of its own numbering")
    assert len(cohort.tables["therapies"]) == 0


def test_a_partial_origin_is_used_as_study_toml_says_and_listed(tmp_path: Path) -> None:
    start = ColumnSpec("start", "patients.first_infusion_day", partial_dates="first")
    cohort, findings = read(
        tmp_path, "id,start,d\n1,2022-01,2022-01-11\n", start, ColumnSpec("d", "outcomes.relapse_day")
    )
    assert cohort.tables["outcomes"].columns["relapse_day"] == [10]
    assert findings["partial-date"].severity == "warning"


# ---------------------------------------------------------------- privacy


def test_keep_needs_a_column_and_a_reason(tmp_path: Path) -> None:
    text = "id,Name\n1,x\n"
    name = ColumnSpec("Name", "patients.name")
    refused("unknown-header", tmp_path, text, name, privacy=PrivacySpec({"Names": "why"}))
    refused("no-reason", tmp_path, text, name, privacy=PrivacySpec({"Name": " "}))


def test_an_id_column_that_is_a_name_or_a_record_number_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("MRN,age\n90001,40\n", encoding="utf-8")
    columns = (ColumnSpec("MRN", "patients.patient"), ColumnSpec("age", "patients.age_years"))
    cohort, findings = read_cohort([SourceSpec("a", "a.csv", columns=columns)], folder=tmp_path)
    assert [(f.severity, f.column) for f in findings if f.rule == "identifier"] == [("warning", "MRN")]
    assert cohort.patients == ["90001"]
    cohort, findings = read(
        tmp_path, "id,age\n王小明,40\n李娜,41\n张伟国,42\n", ColumnSpec("age", "patients.age_years")
    )
    assert findings["identifier"].column == "id"


def test_an_ignored_identifier_is_only_noted(tmp_path: Path) -> None:
    _, findings = read(tmp_path, "id,Name\n1,x\n", ignore=("Name",))
    assert findings["identifier"].severity == "note"


def test_dates_in_an_open_code_are_blanked(tmp_path: Path) -> None:
    cohort, findings = read(tmp_path, "id,g\n1,B2 (2022-01-03)\n", ColumnSpec("g", "patients.genetic_risk"))
    assert cohort.tables["patients"].columns["genetic_risk"] == ["B2 ([date])"]
    assert findings["date-in-text"].row == "2"


# ---------------------------------------------------------------- workbooks


def test_ids_that_a_spreadsheet_turned_into_dates_or_errors_stop_the_study(tmp_path: Path) -> None:
    book = sheet(tmp_path, ["id", "age"], ["1-5", 40], [dt.date(2023, 5, 1), 41], ["#N/A", 42])
    book.save(tmp_path / "a.xlsx")
    spec = SourceSpec("a", "a.xlsx", columns=(ID, ColumnSpec("age", "patients.age_years")))
    cohort, findings = read_cohort([spec], folder=tmp_path)
    assert cohort.patients == ["1-5"]
    errors = {f.rule: f.row for f in findings if f.severity == "error"}
    assert errors == {"date-instead-of-value": "3", "cell-error": "4", "missing-id": "3, 4"}


def test_a_struck_out_row_is_left_out_where_study_toml_says_so(tmp_path: Path) -> None:
    book = sheet(tmp_path, ["id", "age"], [1, 40], [2, 41], [3, 42])
    for cell in ("A3", "B3", "B4"):
        book.active[cell].font = Font(strike=True)
    book.save(tmp_path / "a.xlsx")
    columns = (ID, ColumnSpec("age", "patients.age_years"))
    cohort, findings = read_cohort([SourceSpec("a", "a.xlsx", columns=columns, hidden="skip")], folder=tmp_path)
    assert (cohort.patients, cohort.tables["patients"].columns["age_years"]) == (["1", "3"], [40.0, None])
    assert [(f.column, f.row) for f in findings if f.rule == "struck-out"] == [("A", "3"), ("B", "3, 4")]
    cohort, _ = read_cohort([SourceSpec("a", "a.xlsx", columns=columns)], folder=tmp_path)
    assert cohort.tables["patients"].columns["age_years"] == [40.0, 41.0, 42.0]


def test_cells_merged_over_patients_are_warned_of(tmp_path: Path) -> None:
    book = sheet(tmp_path, ["id", "age"], [1, 40], [2, None], [3, 42])
    book.active.merge_cells("B2:B3")
    book.save(tmp_path / "a.xlsx")
    spec = SourceSpec("a", "a.xlsx", columns=(ID, ColumnSpec("age", "patients.age_years")))
    cohort, findings = read_cohort([spec], folder=tmp_path)
    assert cohort.tables["patients"].columns["age_years"] == [40.0, None, 42.0]
    assert [(f.severity, f.row, f.column) for f in findings if f.rule == "merged-cells"] == [("warning", "2", "B")]


@pytest.mark.parametrize("large", [False, True])
def test_true_and_one_are_not_taken_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    book = sheet(
        tmp_path, ["id", "x", "t"], [1, True, dt.datetime(2023, 1, 5, 10, 30)], [2, 1, dt.time(8, 15)], [3, 1.5, None]
    )
    book.save(tmp_path / "a.xlsx")
    if large:
        monkeypatch.setattr(read_workbook, "LARGE_SHEET_BYTES", 0)
    grid = read_ledger(tmp_path / "a.xlsx").grid
    assert grid.columns[1:] == [["x", "TRUE", "1", "1.5"], ["t", "2023-01-05T10:30", "08:15:00", ""]]
    assert grid.types == ["tnnn", "tbnn", "tdt "]


def test_an_empty_workbook_and_a_wrong_delimiter_are_refused(tmp_path: Path) -> None:
    sheet(tmp_path).save(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_text("id,age\n1,2\n", encoding="utf-8")
    for name, settings, code in (("a.xlsx", {}, "empty-file"), ("a.csv", {"delimiter": "::"}, "unknown-delimiter")):
        with pytest.raises(FileError) as caught:
            read_ledger(tmp_path / name, **settings)
        assert caught.value.code == code


def test_one_patient_stands_in_row_two_of_a_sheet_with_one_row_of_data(tmp_path: Path) -> None:
    cohort, findings = read(tmp_path, "id\n1\n")
    assert cohort.patients == ["1"]
    assert findings == {}
