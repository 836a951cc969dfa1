"""Files that cannot be read end in one clear error with a code; files that are merely odd are read."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from remission.cohort import read_workbook, sheet_marks
from remission.cohort.build import read_cohort
from remission.cohort.ledger import Ledger, list_sheets, read_ledger
from remission.cohort.source_spec import ColumnSpec, SourceSpec
from remission.core.errors import FileError, ProtocolError

TABLE = "id,age\n1,10\n2,20\n"


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def workbook(path: Path, *rows: list[object], title: str = "Blina") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def refused(path: Path, code: str, **settings: str) -> str:
    with pytest.raises(FileError) as caught:
        read_ledger(path, **settings)
    assert caught.value.code == code, str(caught.value)
    assert caught.value.what
    assert str(path.parent) not in str(caught.value)
    return str(caught.value)


def rows(ledger: Ledger) -> list[tuple[str, ...]]:
    return list(zip(*ledger.grid.columns, strict=True))


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "empty-file"),
        ("a.csv", b"\xef\xbb\xbf\r\n \n", "empty-file"),
        ("a.csv", b",,,\n , , ,\n", "empty-file"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "wrong-kind"),
        ("a.csv", b"%PDF-1.7", "wrong-kind"),
        ("a.csv", b"id,age\x00\x01\x02\n", "not-text"),
        ("a.csv", b"id,age\n1,\x07\n", "not-text"),
        ("a.csv", zipped("[Content_Types].xml", "xl/workbook.xml"), "wrong-kind"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "wrong-kind"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password-protected"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "wrong-kind"),
        ("a.xlsx", b"id,age\n1,2\n", "wrong-kind"),
        ("a.xlsx", b"PK\x03\x04 cut off", "broken-workbook"),
        ("a.xlsx", zipped("word/document.xml", "[Content_Types].xml"), "wrong-kind"),
        ("a.xlsx", zipped("letter.txt"), "wrong-kind"),
        ("a.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "broken-workbook"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "wrong-kind"),
        ("a.xls", b"id\tage\n1\t2\n", "wrong-kind"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "broken-workbook"),
        ("a.ods", zipped("[Content_Types].xml", "xl/workbook.xml"), "wrong-kind"),
        ("a.sav", b"$FL2", "unknown-kind"),
        ("a", b"id,age\n", "unknown-kind"),
        ("a.csv", b'id,age\n1,"2\n3,4\n', "broken-quotes"),
    ],
)
def test_what_is_no_table_is_refused_with_a_code(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    refused(write(tmp_path, name, data), code)


def test_an_absent_file_names_the_nearest_one(tmp_path: Path) -> None:
    write(tmp_path, "patients.csv", TABLE)
    assert "Did you mean patients.csv?" in refused(tmp_path / "patient.csv", "no-file")
    refused(tmp_path / "none" / "a.csv", "no-file")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    refused(tmp_path, "not-a-file")


# ---------------------------------------------------------------- encodings and delimiters


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("id,诊断\n1,白血病\n", "utf-8", "utf-8"),
        ("id,诊断\n1,白血病\n", "utf-8-sig", "utf-8-sig"),
        ("id,诊断\n1,白血病\n", "utf-16", "utf-16"),
        ("id,诊断\n1,急性淋巴细胞白血病\n", "gb18030", "gb18030"),
        ("id,Befund\n1,für Größe\n", "cp1252", "cp1252"),
        ("id,Größe\n1,170\n", "cp1252", "cp1252"),
        ("id,性别\n1,男\n2,女\n", "gb18030", "gb18030"),
        ("id,état\n1,décédé à\n", "latin-1", "cp1252"),
    ],
)
def test_the_encoding_is_found_by_a_stated_rule_and_reported(
    tmp_path: Path, text: str, encoding: str, found: str
) -> None:
    ledger = read_ledger(write(tmp_path, "a.csv", text.encode(encoding)))
    assert ledger.encoding == found
    assert rows(ledger) == [tuple(line.split(",")) for line in text.splitlines()]
    note = next(f for f in ledger.findings if f.rule == "encoding")
    assert (note.severity, found in note.what) == ("note", True)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("id,état\n".encode("cp1252"), "utf-8"),
        ("id,état\n".encode(), "cp1252"),
        ("id,诊断\n".encode(), "gb18030"),
        (b"id,age\n1,2\n12", "utf-16-le"),
    ],
)
def test_a_wrong_encoding_is_an_error_and_never_a_replacement_character(
    tmp_path: Path, data: bytes, encoding: str
) -> None:
    refused(write(tmp_path, "a.csv", data), "wrong-encoding", encoding=encoding)


def test_an_encoding_nobody_knows_or_nobody_can_tell_is_an_error(tmp_path: Path) -> None:
    refused(write(tmp_path, "a.csv", TABLE), "unknown-encoding", encoding="utf-99")
    # Cyrillic in cp1251: neither paired as Chinese nor alone as accents
    refused(write(tmp_path, "b.csv", "ид,диагноз\n1,лейкоз да\n2,нет\n".encode("cp1251")), "unknown-encoding")


@pytest.mark.parametrize(("char", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
def test_the_delimiter_is_found_and_reported(tmp_path: Path, char: str, name: str) -> None:
    ledger = read_ledger(write(tmp_path, "a.csv", TABLE.replace(",", char)))
    assert ledger.delimiter == char
    assert any(name in f.what for f in ledger.findings)


def test_decimal_commas_do_not_make_a_comma_the_delimiter(tmp_path: Path) -> None:
    assert read_ledger(write(tmp_path, "a.csv", "id;a;b\n1;2,5;3,5\n2;4,5;1,5\n")).delimiter == ";"


def test_excels_separator_line_is_no_row(tmp_path: Path) -> None:
    assert rows(read_ledger(write(tmp_path, "a.csv", "sep=;\r\nid;age\r\n1;10\r\n"))) == [("id", "age"), ("1", "10")]


def test_blank_rows_and_quoted_line_breaks_keep_the_rows_a_user_sees(tmp_path: Path) -> None:
    ledger = read_ledger(write(tmp_path, "a.csv", 'id,note\r\n\r\n1,"two\r\nlines"\r\n2,x\r\n\r\n'))
    assert (ledger.n_rows, ledger.text(3, 1), ledger.text(4, 1)) == (4, "1", "2")


def test_ragged_rows_are_named(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "a.csv", "id,a,b\n1,2,3\n2,3\n3,4,5,6\n4,5,6\n"), "ragged-rows")
    assert "rows 3, 4" in message


def test_titles_and_footnotes_may_be_short(tmp_path: Path) -> None:
    ledger = read_ledger(write(tmp_path, "a.csv", "Our table\n\nid,a,b\n1,2,3\nfootnote\n"))
    assert (ledger.n_rows, ledger.n_cols) == (5, 3)


def test_a_wide_sheet_is_read_and_an_impossible_one_is_not(tmp_path: Path) -> None:
    wide = ",".join(f"c{i}" for i in range(300))
    assert read_ledger(write(tmp_path, "a.csv", f"{wide}\n{wide}\n")).n_cols == 300
    huge = ",".join("c" * 20_000)
    refused(write(tmp_path, "b.csv", f"{huge}\n{huge}\n"), "too-many-columns")


def test_one_column_and_a_header_without_patients_are_read(tmp_path: Path) -> None:
    assert rows(read_ledger(write(tmp_path, "a.csv", "id\n1\n2\n"))) == [("id",), ("1",), ("2",)]
    write(tmp_path, "b.csv", "id,age\n")
    spec = SourceSpec("b", "b.csv", columns=(ColumnSpec("id", "patients.patient"),))
    cohort, _ = read_cohort([spec], folder=tmp_path)
    assert (cohort.patients, cohort.sources[0].rows_read) == ([], 0)


def test_a_sheet_without_any_header_of_study_toml_says_which_row_was_taken_for_it(tmp_path: Path) -> None:
    write(tmp_path, "b.csv", "alpha,beta\n1,2\n")
    spec = SourceSpec("b", "b.csv", columns=(ColumnSpec("id", "patients.patient"),))
    with pytest.raises(ProtocolError, match="header in row 1"):
        read_cohort([spec], folder=tmp_path)


# ---------------------------------------------------------------- workbooks


def test_several_sheets_must_be_told_apart_and_empty_ones_do_not_count(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["id", "age"])  # type: ignore[union-attr]
    book.create_sheet("Empty")
    book.save(tmp_path / "a.xlsx")
    assert read_ledger(tmp_path / "a.xlsx").sheet == "Sheet"
    book.create_sheet("Marrow").append(["id", "blasts"])
    book.save(tmp_path / "a.xlsx")
    assert list_sheets(tmp_path / "a.xlsx") == ["Sheet", "Empty", "Marrow"]
    assert "Sheet, Marrow" in refused(tmp_path / "a.xlsx", "several-sheets")
    assert "Did you mean Marrow?" in refused(tmp_path / "a.xlsx", "no-sheet", sheet="marow")
    assert read_ledger(tmp_path / "a.xlsx", sheet="Marrow").text(1, 2) == "blasts"
    assert "the sheet Empty" in refused(tmp_path / "a.xlsx", "empty-file", sheet="Empty")


def test_a_text_file_has_one_sheet_without_a_name(tmp_path: Path) -> None:
    assert list_sheets(write(tmp_path, "a.csv", TABLE)) == [""]


def messy(path: Path) -> Path:
    """One sheet with everything a cell can carry beside its value."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Blina"
    for row in (["id", "share", "seen"], [7, 0.05, dt.date(2023, 1, 5)], [8, 0.5, None], [None] * 3, [9, 5, None]):
        sheet.append(row)
    sheet["A2"].number_format = "000"
    sheet["B2"].number_format = "0.0%"
    sheet["B3"].number_format = '0.0" %"'
    sheet["B3"].comment = Comment("a private remark", "ward")
    sheet["B5"].font = Font(strike=True)
    sheet["C3"] = "=C2+1"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.merge_cells("A7:B7")
    sheet["A7"] = "footnote"
    book.save(path)
    return path


@pytest.mark.parametrize("large", [False, True])
def test_both_readers_of_a_workbook_see_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    if large:
        monkeypatch.setattr(read_workbook, "LARGE_SHEET_BYTES", 0)
    ledger = read_ledger(messy(tmp_path / "a.xlsx"))
    grid = ledger.grid
    assert grid.reader == ("calamine" if large else "openpyxl")
    assert grid.columns[0] == ["id", "7", "8", "", "9", "", "footnote"]
    assert grid.types == ["tnn n t", "t%n n  ", "td     "]
    assert ledger.text(2, 3) == "2023-01-05"
    assert (grid.hidden_rows, grid.hidden_columns, grid.struck) == ({3}, {3}, {(5, 2)})
    assert (grid.merged, grid.formulas, set(grid.comments)) == (((7, 1, 7, 2),), {(3, 3)}, {(3, 2)})
    cell = ledger.cell(3, 2, "share")
    assert (cell.raw_text, cell.excel_type, cell.comment, cell.hidden) == ("0.5", "number", "a private remark", True)
    assert ledger.cell(2, 1).number_format == "000"
    assert {f.rule: (f.severity, f.row, f.column) for f in ledger.findings} == {
        "formula-without-value": ("error", "3", "C")
    }


def test_findings_of_a_workbook_name_sheet_row_and_letter_and_no_comment(tmp_path: Path) -> None:
    messy(tmp_path / "a.xlsx")
    columns = (ColumnSpec("id", "patients.patient"), ColumnSpec("share", "marrow.blasts_percent"))
    spec = SourceSpec("a", "a.xlsx", columns=columns, ignore=("seen",), skip_rows=(7,))
    cohort, findings = read_cohort([spec], folder=tmp_path)
    assert cohort.patients == ["007", "8", "9"]
    assert cohort.tables["marrow"].columns["blasts_percent"] == [5.0, 0.5, 5.0]
    assert str(cohort.address("marrow", 0, "blasts_percent")) == "sheet Blina, cell B2"
    found = {f.rule: (f.severity, f.sheet, f.row, f.column) for f in findings}
    assert found["percent-format"] == ("note", "Blina", "2", "B")
    assert found["hidden-row"] == ("warning", "Blina", "3", "")
    assert found["hidden-column"] == ("warning", "Blina", "", "C")
    assert found["struck-out"] == ("warning", "Blina", "5", "B")
    assert found["cell-comment"] == ("note", "Blina", "3", "B")
    assert found["blank-row"] == ("note", "Blina", "4, 6", "")
    assert not any("private" in str(f) for f in findings)


def test_hidden_rows_and_struck_out_cells_can_be_left_out(tmp_path: Path) -> None:
    messy(tmp_path / "a.xlsx")
    columns = (ColumnSpec("id", "patients.patient"), ColumnSpec("share", "marrow.blasts_percent"))
    spec = SourceSpec("a", "a.xlsx", columns=columns, ignore=("seen",), skip_rows=(7,), hidden="skip")
    cohort, _ = read_cohort([spec], folder=tmp_path)
    assert cohort.patients == ["007", "9"]
    assert cohort.tables["marrow"].columns["blasts_percent"] == [5.0]
    assert (cohort.sources[0].rows_read, cohort.sources[0].rows_used) == (4, 2)


@pytest.mark.parametrize("large", [False, True])
def test_the_1904_epoch_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row in (["id", "start", "last"], [1, dt.date(2023, 1, 5), 43474]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    if large:
        monkeypatch.setattr(read_workbook, "LARGE_SHEET_BYTES", 0)
    targets = {"id": "patients.patient", "start": "patients.first_infusion_day", "last": "outcomes.last_contact_day"}
    columns = tuple(ColumnSpec(header, to) for header, to in targets.items())
    cohort, findings = read_cohort([SourceSpec("a", "a.xlsx", columns=columns)], folder=tmp_path)
    assert cohort.tables["outcomes"].columns["last_contact_day"] == [5]
    assert "1904" in next(f.consequence for f in findings if f.rule == "excel-serial")


def test_a_calculated_formula_is_read_and_listed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["id", "age"], [1, "=10+10"])
    buffer = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = re.sub(rb"(<f>10\+10</f>)<v\s*/>|(<f>10\+10</f>)<v></v>", rb"<f>10+10</f><v>20</v>", data)
            new.writestr(name, data)
    ledger = read_ledger(path)
    assert ledger.text(2, 2) == "20"
    assert [(f.rule, f.severity, f.row, f.column) for f in ledger.findings] == [("formula", "note", "2", "B")]


def test_a_hidden_sheet_is_read_with_a_warning(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["x"])  # type: ignore[union-attr]
    book.create_sheet("Marrow").append(["id", "blasts"])
    book["Marrow"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [f.rule for f in read_ledger(tmp_path / "a.xlsx", sheet="Marrow").findings] == ["hidden-sheet"]


def test_an_open_document_sheet_is_read_for_its_values_and_says_so(tmp_path: Path) -> None:
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Blina"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>age</text:p></table:table-cell></table:table-row>'
        '<table:table-row><table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p>'
        '</table:table-cell><table:table-cell office:value-type="float" office:value="10.5"><text:p>10.5</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    ledger = read_ledger(tmp_path / "a.ods")
    assert (rows(ledger), ledger.sheet) == ([("id", "age"), ("1", "10.5")], "Blina")
    assert [f.rule for f in ledger.findings] == ["limited-reader"]
    assert list_sheets(tmp_path / "a.ods") == ["Blina"]


def test_an_old_workbook_is_read_for_its_values(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Blina")
    for r, row in enumerate([["id", "age"], ["P1", 10], [], ["P2", 20.5]]):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.save(str(tmp_path / "a.xls"))
    ledger = read_ledger(tmp_path / "a.xls")
    assert rows(ledger) == [("id", "age"), ("P1", "10"), ("", ""), ("P2", "20.5")]


def test_an_excel_value_turned_into_a_date_stops_the_study(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", ["id", "hla"], [1, "5/10"], [2, dt.datetime(2023, 10, 5)])
    columns = (ColumnSpec("id", "therapies.patient"), ColumnSpec("hla", "therapies.hla_match"))
    main = SourceSpec("p", "a.xlsx", columns=(ColumnSpec("id", "patients.patient"),), ignore=("hla",))
    cohort, findings = read_cohort([main, SourceSpec("t", "a.xlsx", columns=columns)], folder=tmp_path)
    assert cohort.tables["therapies"].columns["hla_match"] == ["5/10"]
    assert [(f.row, f.column) for f in findings if f.rule == "date-instead-of-value"] == [("3", "B")]


def test_the_scan_of_a_long_sheet_loses_nothing_at_the_seams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "share"])
    for number in range(200):
        sheet.append([number, 0.05])
        sheet.cell(number + 2, 2).number_format = "0%"
        if number % 3 == 0:
            sheet.row_dimensions[number + 2].hidden = True
            sheet.merge_cells(start_row=number + 2, end_row=number + 2, start_column=5, end_column=6)
    book.save(tmp_path / "a.xlsx")
    monkeypatch.setattr(read_workbook, "LARGE_SHEET_BYTES", 0)
    monkeypatch.setattr(sheet_marks, "_BLOCK", 97)
    grid = read_ledger(tmp_path / "a.xlsx").grid
    assert grid.types[1] == "t" + "%" * 200
    assert grid.hidden_rows == set(range(2, 202, 3))
    assert len(grid.merged) == 67
