"""The collection workbook: written, filled in with the synthetic ward, read back, and studied without a mapping."""

from __future__ import annotations

import tomllib
from pathlib import Path

import openpyxl
import pytest

from remission.checking import check_path
from remission.cli import main
from remission.cohort.forms.collection import collection_sources, is_collection
from remission.cohort.forms.collection_sheets import CODE_BOOK, collection_sheets, collection_words
from remission.cohort.propose.heading import match_header
from remission.cohort.row_choice import EXAMPLE_ID
from remission.cohort.schema import load_schema
from remission.cohort.source_spec import SourceSpec
from remission.core.errors import FileError
from remission.template import write_template

from .filled_template import fill_template, ward_rows
from .reading import read_study
from .ward import make_events, make_truth

STUDY = '[study]\nname = "w"\ntitle = "w"\n[[source]]\nname = "Ward"\nfile = "ward.xlsx"\n'


def test_it_reads_back_without_a_mapping(tmp_path: Path) -> None:
    """Every value typed into the form is in the cohort, in days, and nothing about it is an error."""
    fill_template(tmp_path / "ward.xlsx", ward_rows())
    cohort, findings = read_study(STUDY, tmp_path)
    truth = make_truth()
    assert cohort.patients == [t.patient for t in truth]
    patients, outcomes, marrow = (cohort.tables[name].columns for name in ("patients", "outcomes", "marrow"))
    assert patients["sex"] == [t.sex for t in truth]
    assert patients["age_years"] == [t.age for t in truth]
    assert patients["wbc_10e9_l"] == [t.wbc for t in truth]
    assert patients["diagnosis_day"] == [t.diagnosis_day for t in truth]
    assert patients["first_infusion_day"] == [0] * len(truth)
    assert outcomes["relapse_day"] == [t.relapse_day for t in truth]
    assert outcomes["death_day"] == [t.last_day if t.status == "dead" else None for t in truth]
    assert outcomes["last_contact_day"] == [None if t.status == "dead" else t.last_day for t in truth]
    assert marrow["blasts_percent"][1::2] == [t.blasts_after for t in truth]
    assert [s for s in marrow["mrd_percent_sign"][1::2] if s] == ["<" for t in truth if t.mrd_after.startswith("<")]
    assert len(cohort.tables["adverse_events"]) == len(make_events())
    assert [f for f in findings if f.severity == "error"] == []
    assert str(cohort.address("outcomes", 0, "status")) == "sheet Outcomes, cell B2"


def test_new_makes_a_study_that_runs_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`remission new` on a filled form, then `remission study`: no line is changed by hand."""
    file = fill_template(tmp_path / "ward.xlsx", ward_rows())
    assert main(["new", str(tmp_path / "study"), str(file)]) == 0
    text = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["source"] == [{"name": "ward", "file": "ward.xlsx"}]
    # no map of codes says which the form uses: every remission counts, not CR alone
    assert tomllib.loads(text)["response"]["responders"] == ["CR", "CRh", "CRi"]
    assert main(["study", str(tmp_path / "study")]) == 0
    rows = (tmp_path / "study" / "out" / "results.csv").read_text(encoding="utf-8-sig")
    for analysis in ("baseline.", "response.", "os.", "rfs.", "ae.", "next."):
        assert f"\n{analysis}" in rows, analysis
    assert "QUESTION" not in capsys.readouterr().out


def test_every_field_has_a_column_with_a_header_of_its_own() -> None:
    """No field of the schema is forgotten but those left out with a reason and those that tell who somebody is."""
    words = collection_words()
    for sheet in collection_sheets():
        headers = [column.header for column in sheet.columns]
        assert len({h.casefold() for h in headers}) == len(headers)
        fields = load_schema().tables[sheet.table].fields
        missing = {f"{sheet.table}.{f}" for f in fields} - {c.to for c in sheet.columns}
        named = {f"{sheet.table}.{f}" for f, spec in fields.items() if spec.about == "identifier"}
        assert missing - named <= set(words.left_out)
        assert all(words.left_out[m] for m in missing - named)


def test_every_header_is_known_to_the_reader_of_any_sheet() -> None:
    """A sheet saved on its own, as text, is proposed like any other: each header means its own field of that table."""
    for sheet in collection_sheets():
        for column in sheet.columns[1:]:
            found = [match.target for match in match_header(column.header) if match.table == sheet.table]
            assert found[0] == column.to


def test_the_words_are_about_fields_that_exist() -> None:
    """Definitions, examples and lists name fields of the schema, and examples are codes of theirs."""
    words, known = collection_words(), {}
    for table, spec in load_schema().tables.items():
        known |= {f"{table}.{name}": fld for name, fld in spec.fields.items()}
    empty = {f"{t}.{f}" for t, names in words.empty_means_no.items() for f in names}
    named = {*words.left_out, *words.about, *words.example, *words.offered, *words.not_offered, *empty}
    assert named <= set(known)
    for to, value in words.example.items():
        assert not known[to].allowed or value in known[to].allowed


def test_lists_hold_the_codes_of_the_schema(tmp_path: Path) -> None:
    """Each closed code has a drop-down with exactly its codes, each date a format, each header its meaning."""
    book = openpyxl.load_workbook(write_template(tmp_path / "c.xlsx"))
    for sheet in collection_sheets():
        ws = book[sheet.title]
        rules = {str(r.sqref).partition("2:")[0]: r for r in ws.data_validations.dataValidation}
        assert "COUNTIF('Patients'!$A$2" in rules["A"].formula1
        for cell, column in zip(ws[1], sheet.columns, strict=True):
            assert cell.value == column.header
            assert column.about in cell.comment.text
            if column.spec.type == "day":
                assert ws.column_dimensions[cell.column_letter].number_format == "yyyy-mm-dd"
            if column.codes:
                name, _, span = rules[cell.column_letter].formula1.partition("!")
                listed = tuple(c.value for (c,) in book[name.strip("'")][span.replace("$", "")]) if ":" in span else ()
                listed = listed or (book[name.strip("'")][span.replace("$", "")].value,)
                assert listed == column.codes
                assert bool(rules[cell.column_letter].showErrorMessage) == column.is_closed
        assert ws.max_row == 1
    assert book[CODE_BOOK].max_row == 2 + sum(len(sheet.columns) for sheet in collection_sheets())


def test_the_invented_patient_cannot_get_into_a_study(tmp_path: Path) -> None:
    """The sheet Example is not read; its rows copied to the sheets of patients are left out, each with a finding."""
    rows = ward_rows()
    for table in ("patients", "marrow", "outcomes"):
        example = {
            to.partition(".")[2]: value
            for to, value in collection_words().example.items()
            if to.startswith(f"{table}.")
        }
        rows[table].insert(0, {"patient": EXAMPLE_ID if table != "marrow" else " example ", **example})
    fill_template(tmp_path / "ward.xlsx", rows)
    cohort, findings = read_study(STUDY, tmp_path)
    assert cohort.patients == [t.patient for t in make_truth()]
    assert not any(EXAMPLE_ID in str(p).upper() for t in cohort.tables.values() for p in t.columns["patient"])
    found = {(f.sheet, f.row, f.severity) for f in findings if f.rule == "example-row"}
    assert found == {(s, "2", "warning") for s in ("Patients", "Marrow assessments", "Outcomes")}
    assert [f for f in findings if f.severity == "error"] == []


def test_the_invented_patient_is_left_out_of_any_sheet(tmp_path: Path) -> None:
    """Also where a sheet is mapped by hand."""
    (tmp_path / "w.csv").write_text("id,age\nEXAMPLE,34\n1,50\n2,60\n", encoding="utf-8")
    text = (
        '[[source]]\nname = "w"\nfile = "w.csv"\n[[source.column]]\nheader = "id"\nto = "patients.patient"\n'
        '[[source.column]]\nheader = "age"\nto = "patients.age_years"\n'
    )
    cohort, findings = read_study(text, tmp_path)
    assert cohort.tables["patients"].columns["age_years"] == [50, 60]
    assert [f.row for f in findings if f.rule == "example-row"] == ["2"]


def test_columns_nobody_filled_are_not_recorded(tmp_path: Path) -> None:
    """An empty column is no measurement; an empty date of relapse says that there was none."""
    rows = ward_rows()
    for row in rows["outcomes"]:
        row["relapse"], row["relapse_day"] = "no", None
    fill_template(tmp_path / "ward.xlsx", rows)
    cohort, findings = read_study(STUDY, tmp_path)
    assert ("patients", "height_cm") not in cohort.recorded
    assert ("outcomes", "relapse_day") in cohort.recorded
    assert [f for f in findings if f.rule in ("unmapped-column", "cell-comment")] == []


def test_a_column_of_ones_own_is_told_and_not_read(tmp_path: Path) -> None:
    """A header that the form does not know is a note at its column."""
    file = fill_template(tmp_path / "ward.xlsx", ward_rows())
    book = openpyxl.load_workbook(file)
    ws = book["Patients"]
    col = ws.max_column + 1
    ws.cell(1, col, "Favourite colour")
    ws.cell(2, col, "green")
    book.save(file)
    _, findings = read_study(STUDY, tmp_path)
    assert [f.column for f in findings if f.rule == "unmapped-column"] == [ws.cell(1, col).column_letter]


def test_an_empty_form_says_so(tmp_path: Path) -> None:
    """Nobody filled in is one error, not an empty study."""
    write_template(tmp_path / "ward.xlsx")
    assert is_collection(tmp_path / "ward.xlsx")
    with pytest.raises(FileError) as caught:
        collection_sources(SourceSpec("w", "ward.xlsx"), tmp_path)
    assert caught.value.code == "empty-collection"


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there stays as it is; another ending is refused."""
    (tmp_path / "a.xlsx").write_bytes(b"mine")
    assert main(["template", str(tmp_path / "a.xlsx")]) == 2
    assert (tmp_path / "a.xlsx").read_bytes() == b"mine"
    assert main(["template", str(tmp_path / "a.csv")]) == 2
    assert main(["template", str(tmp_path / "b.xlsx")]) == 0
    assert "[file-exists]" in capsys.readouterr().err


def test_a_filled_form_can_be_checked_alone(tmp_path: Path) -> None:
    """`remission check ward.xlsx` needs no study.toml."""
    file = fill_template(tmp_path / "ward.xlsx", ward_rows())
    assert [f for f in check_path(file) if f.severity == "error"] == []
