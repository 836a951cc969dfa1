"""A REDCap export with its data dictionary: proposed, read, checked; every cell still at its row and variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.cli import main
from remission.cohort.forms.dictionary import plain_label, read_choices, read_dictionary
from remission.cohort.forms.proposal import propose_file
from remission.cohort.forms.redcap import read_export, redcap_sheet
from remission.core.errors import RemissionError

from .reading import read_study, targets
from .redcap_project import DICTIONARY, EXPORT, write_project

SOURCE = '[[source]]\nname = "records"\nfile = "data.csv"\ndictionary = "dictionary.csv"\n'
COLUMNS = """
[[source.column]]
header = "record_id"
to = "patients.patient"
[[source.column]]
header = "gender"
to = "patients.sex"
values = { "Male" = "male", "Female" = "female" }
[[source.column]]
header = "age"
to = "patients.age_years"
[[source.column]]
header = "site___1"
to = "patients.cns"
[[source.column]]
header = "site____1"
to = "patients.extramedullary"
[[source.column]]
header = "ph"
to = "patients.ph_positive"
[[source.column]]
header = "blina_start"
to = "patients.first_infusion_day"
"""
EVENTS = """
[[source]]
name = "events"
file = "data.csv"
dictionary = "dictionary.csv"
sheet = "adverse_event"
[[source.column]]
header = "record_id"
to = "adverse_events.patient"
[[source.column]]
header = "ae_term"
to = "adverse_events.term"
[[source.column]]
header = "ae_grade"
to = "adverse_events.grade"
[[source.column]]
header = "ae_onset"
to = "adverse_events.start_day"
"""


def test_new_proposes_a_study_that_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Labels of the form say what a variable is; study.toml names the variables, and runs."""
    data, words = write_project(tmp_path)
    assert main(["new", str(tmp_path / "s"), str(data), "--dictionary", str(words)]) == 0
    text = (tmp_path / "s" / "study.toml").read_text(encoding="utf-8")
    found = targets(text)
    assert found["gender"] == ["patients.sex"]
    assert found["age"] == ["patients.age_years"]
    assert found["blina_start"] == ["patients.first_infusion_day"]
    assert found["site___1"] == ["patients.cns"]
    assert found["vital"] == ["outcomes.status"]
    assert found["ae_term"] == ["adverse_events.term"]
    assert found["ae_grade"] == ["adverse_events.grade"]
    assert 'sheet = "adverse_event"' in text
    assert "Abel" not in text
    assert main(["study", str(tmp_path / "s")]) == 0
    assert "\nae." in (tmp_path / "s" / "out" / "results.csv").read_text(encoding="utf-8-sig")
    assert "Abel" not in capsys.readouterr().out


def test_every_value_is_at_its_row_and_variable(tmp_path: Path) -> None:
    """Records and repeats are read from one file, and know where they stand in it."""
    write_project(tmp_path)
    cohort, findings = read_study(SOURCE + COLUMNS + EVENTS, tmp_path)
    patients, events = cohort.tables["patients"], cohort.tables["adverse_events"]
    assert patients.columns["patient"] == ["1", "2", "3", "4"]
    assert patients.columns["sex"] == ["female", "male", "male", "female"]
    assert events.columns["patient"] == ["2", "3"]
    assert events.columns["grade"] == [2, 3]
    assert events.columns["start_day"] == [2, 9]
    assert str(cohort.address("patients", 2, "age_years")) == "data.csv, row 5, column age"
    assert str(cohort.address("adverse_events", 1, "grade")) == "data.csv, row 6, column ae_grade"
    assert [s.rows_read for s in cohort.sources] == [4, 2]
    assert [f for f in findings if f.severity == "error"] == []
    assert [f for f in findings if f.rule == "blank-row"] == []


def test_an_unticked_box_says_no_only_on_a_complete_form(tmp_path: Path) -> None:
    """Record 2 is incomplete: its unticked boxes are not recorded; those of the others are no."""
    write_project(tmp_path)
    cohort, findings = read_study(SOURCE + COLUMNS, tmp_path)
    assert cohort.tables["patients"].columns["cns"] == ["yes", None, "no", "no"]
    assert cohort.tables["patients"].columns["extramedullary"] == ["no", None, "yes", "no"]
    told = {(f.column, f.row, f.severity) for f in findings if f.rule == "unticked-box"}
    assert told == {("site___1", "3", "warning"), ("site____1", "3", "warning")}


def test_a_ticked_box_counts_on_any_form(tmp_path: Path) -> None:
    """Somebody ticked it, whether or not the form was finished; without a status no unticked box says no."""
    rows = [line.split(",") for line in EXPORT.splitlines()]
    drop = rows[0].index("baseline_complete")
    rows = [row[:drop] + row[drop + 1 :] for row in rows]
    write_project(tmp_path, export="\n".join(map(",".join, rows)) + "\n")
    cohort, findings = read_study(SOURCE + COLUMNS, tmp_path)
    assert cohort.tables["patients"].columns["cns"] == ["yes", None, None, None]
    assert {f.row for f in findings if f.rule == "unticked-box"} == {"3, 5, 7", "2, 3, 7"}


def test_flagged_identifiers_are_dropped_and_told(tmp_path: Path) -> None:
    """What the dictionary marks is not there to be mapped; with a reason in [privacy] it is."""
    data, words = write_project(tmp_path)
    assert "surname" not in [c[0] for c in redcap_sheet(read_export(data, words), "", {}).grid.columns]
    _, findings = read_study(SOURCE + COLUMNS, tmp_path)
    assert [(f.column, f.severity) for f in findings if f.rule == "redcap-identifier"] == [("surname", "note")]
    kept = redcap_sheet(read_export(data, words), "", {"surname": "invented names"})
    assert "surname" in [c[0] for c in kept.grid.columns]
    marked = DICTIONARY.replace("record_id,baseline,,text,Record ID,,,,,,", "record_id,baseline,,text,Record ID,,,,,,y")
    write_project(tmp_path, dictionary=marked)
    _, findings = read_study(SOURCE + COLUMNS, tmp_path)
    assert [f.column for f in findings if f.rule == "identifier-as-id"] == ["record_id"]


def test_values_outside_the_projects_own_range_are_told(tmp_path: Path) -> None:
    """The dictionary allows ages from 18 to 90 and dates from 2015."""
    write_project(tmp_path, export=EXPORT.replace("2021-09-05", "2014-09-05"))
    cohort, findings = read_study(SOURCE + COLUMNS, tmp_path)
    assert cohort.tables["patients"].columns["age_years"][2] == 95
    assert {(f.column, f.row) for f in findings if f.rule == "redcap-range"} == {("age", "5"), ("blina_start", "7")}


def test_a_code_that_is_no_choice_is_an_error(tmp_path: Path) -> None:
    """An export read with the dictionary of another day is not guessed at."""
    write_project(tmp_path, export=EXPORT.replace("Abel,34,2", "Abel,34,7"))
    _, findings = read_study(SOURCE + COLUMNS, tmp_path)
    found = {(f.rule, f.column, f.row) for f in findings if f.severity == "error"}
    assert ("redcap-unknown-choice", "gender", "2") in found
    assert not any("7" in f.what for f in findings if f.rule == "redcap-unknown-choice")


def test_labels_instead_of_codes_are_read_too(tmp_path: Path) -> None:
    """An export of labels under the names of variables has Checked and Complete in its cells."""
    text = EXPORT.replace(
        "Abel,34,2,0,2021-06-07,1,0,2,0", "Abel,34,Female,No,2021-06-07,Checked,Unchecked,Complete,Alive"
    )
    write_project(tmp_path, export=text)
    cohort, findings = read_study(SOURCE + COLUMNS, tmp_path)
    first = {name: values[0] for name, values in cohort.tables["patients"].columns.items()}
    assert (first["sex"], first["ph_positive"], first["cns"], first["extramedullary"]) == ("female", "no", "yes", "no")
    assert [f for f in findings if f.severity == "error"] == []


def test_events_of_a_longitudinal_project_are_sheets(tmp_path: Path) -> None:
    """With several events each is a sheet of its own, with the columns somebody filled there."""
    export = (
        "record_id,redcap_event_name,age,gender,vital,last_seen,follow_up_complete\n"
        "1,baseline_arm_1,34,2,,,\n1,end_arm_1,,,0,2023-01-10,2\n2,baseline_arm_1,50,1,,,\n2,end_arm_1,,,0,2023-02-10,2\n"
    )
    data, words = write_project(tmp_path, export=export)
    first = redcap_sheet(read_export(data, words), "baseline_arm_1", {})
    last = redcap_sheet(read_export(data, words), "end_arm_1", {})
    assert [c[0] for c in first.grid.columns] == ["record_id", "redcap_event_name", "age", "gender"]
    assert [c[0] for c in last.grid.columns] == ["record_id", "redcap_event_name", "vital", "last_seen"]
    assert list(last.grid.columns[0]) == ["record_id", "", "1", "", "2"]
    assert {s.sheet for s in propose_file(data, dictionary=words).sources} == {"baseline_arm_1", "end_arm_1"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: (d / "dictionary.csv").write_text("a,b\n1,2\n", encoding="utf-8"), "no-dictionary"),
        (lambda d: (d / "dictionary.csv").unlink(), "no-file"),
        (lambda d: (d / "data.csv").write_text(EXPORT.replace("record_id", "ID"), encoding="utf-8"), "redcap-labels"),
        (lambda d: (d / "dictionary.csv").write_text(DICTIONARY[:300].partition("\n")[0] + "\n"), "no-dictionary"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_block(tmp_path: Path, change: object, code: str) -> None:
    """Another table, a file that is not there, headers of labels, no variables: an error with its code."""
    write_project(tmp_path)
    change(tmp_path)  # type: ignore[operator]
    with pytest.raises(RemissionError) as caught:
        read_study(SOURCE + COLUMNS, tmp_path)
    assert caught.value.code == code
    assert (
        main(["new", str(tmp_path / "s"), str(tmp_path / "data.csv"), "--dictionary", str(tmp_path / "dictionary.csv")])
        == 2
    )


def test_a_sheet_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    """A misspelt instrument."""
    data, words = write_project(tmp_path)
    with pytest.raises(RemissionError) as caught:
        redcap_sheet(read_export(data, words), "adverse_events", {})
    assert (caught.value.code, caught.value.todo) == ("no-sheet", "Did you mean adverse_event?")


def test_words_of_the_dictionary(tmp_path: Path) -> None:
    """Choices with commas in their labels, labels in HTML, headings as the API gives them."""
    assert read_choices("1, CR, or CRi | 2,PR|3") == {"1": "CR, or CRi", "2": "PR", "3": "3"}
    assert plain_label("<b>Age</b>&nbsp;(years) ") == "Age (years)"
    head = "field_name,form_name,section_header,field_type,field_label,select_choices_or_calculations\n"
    (tmp_path / "d.csv").write_text(head + 'id,f,,text,ID,\nsex,f,,radio,Sex,"1, Male | 2, Female"\n', encoding="utf-8")
    found = read_dictionary(tmp_path / "d.csv")
    assert found.record_id == "id"
    assert found.variables["sex"].choices == {"1": "Male", "2": "Female"}
