"""Look-alike letters, codes, free text and identifiers, each on a handful of cells."""

from __future__ import annotations

import pytest

from remission.cohort.code_columns import CodeBook, read_codes, read_texts
from remission.cohort.fold import code_key, fold_text, header_key
from remission.cohort.identifiers import identifier_by_content, identifier_by_header
from remission.cohort.places import Place, rows_text
from remission.cohort.raw_column import RawColumn, Typed
from remission.cohort.schema import load_schema
from remission.cohort.source_spec import ColumnSpec

SCHEMA = load_schema()


def raw(field: str, *texts: str, **settings: object) -> RawColumn:
    table, name = field.split(".")
    spec = ColumnSpec("X", field, **settings)  # type: ignore[arg-type]
    rows = list(range(2, 2 + len(texts)))
    place = Place("a.csv", column="X")
    return RawColumn(place, spec, SCHEMA.field(table, name), rows, [(t, "t") for t in texts], SCHEMA)


def rules(typed: Typed) -> dict[str, str]:
    return {f.rule: f.row for f in typed.findings}


@pytest.mark.parametrize(
    ("text", "folded", "kinds"),
    [
        ("N", "N", ""),
        ("Ν", "N", "letter"),  # Greek Nu
        ("СВ", "CB", "letter letter"),  # Cyrillic Es and Ve
        ("ＣＲ", "CR", "letter letter"),  # full width
        ("allo‐HSCT", "allo-HSCT", "hyphen"),  # U+2010
        ("no\u00a0response", "no response", "space"),
        ("C\u200bR", "CR", "space"),  # zero width
        ("β2-microglobulin", "β2-microglobulin", ""),
        ("Нет", "Нет", ""),  # a Russian word stays one
        ("年龄（岁）", "年龄(岁)", ""),  # ordinary Chinese typography
        ("Größe", "Größe", ""),
    ],
)
def test_look_alikes_are_folded_and_real_letters_are_not(text: str, folded: str, kinds: str) -> None:
    out, folds = fold_text(text)
    assert out == folded
    assert [f.kind for f in folds] == kinds.split()


def test_headers_match_without_case_spaces_and_punctuation_but_keep_percent_signs() -> None:
    assert header_key("MRD\u00a0%") == header_key("mrd%")
    assert header_key("Follow‑up time (months)") == header_key("Follow-up time, months")
    assert header_key("Blasts %") != header_key("Blasts")


def test_codes_match_exactly_then_folded_then_without_spaces() -> None:
    book = CodeBook({"allo- HSCT": "HSCT", "Y": "yes", "cr": "lower", "CR": "upper"}, ["male", "female"], {})
    assert book.meaning("allo‐HSCT") == "HSCT"
    assert book.meaning("y") == "yes"
    assert (book.meaning("cr"), book.meaning("CR"), book.meaning("Cr")) == ("lower", "upper", None)
    assert book.meaning("FEMALE") == "female"
    assert book.meaning("divers") is None


def test_one_finding_for_each_character_lists_all_its_rows() -> None:
    read = read_codes(raw("marrow.response_reported", "Y", "Ν", "Y", "Ν", "N", values={"Y": "CR", "N": "no CR"}))
    assert read.values == ["CR", "no CR", "CR", "no CR", "no CR"]
    (finding,) = read.findings
    assert (finding.rule, finding.severity, finding.row) == ("look-alike", "warning", "3, 5")
    assert "U+039D" in finding.what


def test_a_look_alike_in_study_toml_itself_matches_too() -> None:
    assert read_codes(raw("marrow.response_reported", "N", values={"Ν": "no CR"})).values == ["no CR"]


def test_an_unknown_code_is_an_error_with_its_row_and_never_its_text() -> None:
    read = read_codes(raw("patients.sex", "M", "secret", "F", "divers", values={"M": "male", "F": "female"}))
    assert read.values == ["male", None, "female", None]
    (finding,) = read.findings
    assert (finding.rule, finding.severity, finding.row) == ("unknown-code", "error", "3, 5")
    assert "secret" not in str(finding)


def test_a_hyphen_is_missing_unless_study_toml_gives_it_a_meaning() -> None:
    assert read_codes(raw("patients.fusion_gene", "-", "BCR-ABL")).values == [None, "BCR-ABL"]
    given = {"-": "none detected", "BCR-ABL": "BCR-ABL"}
    assert read_codes(raw("patients.fusion_gene", "-", "BCR-ABL", "–", values=given)).values == [
        "none detected",
        "BCR-ABL",
        "none detected",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Y", "yes"),
        ("ja", "yes"),
        ("是", "yes"),
        ("1", "yes"),
        ("TRUE", "yes"),
        ("Nein", "no"),
        ("否", "no"),
        ("0", "no"),
    ],
)
def test_yes_and_no_are_known_in_any_language(text: str, code: str) -> None:
    assert read_codes(raw("patients.ph_positive", text)).values == [code]


def test_a_doubtful_yes_is_not_a_yes() -> None:
    assert rules(read_codes(raw("patients.ph_positive", "N?", "Y"))) == {"unknown-code": "2"}


def test_free_text_is_never_folded_but_loses_calendar_dates() -> None:
    read = read_texts(raw("therapies.conditioning", "Flu + ΒU", "from 2023-05-03 on", "Bu 3.2 mg/kg, 5/10", "-"))
    assert read.values == ["Flu + ΒU", "from [date] on", "Bu 3.2 mg/kg, 5/10", None]
    assert rules(read) == {"date-in-text": "3"}


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Patient name", "a name"),
        ("姓名", "a name"),
        ("Nachname", "a name"),
        ("住院号", "a record number"),
        ("MRN", "a record number"),
        ("Tel.", "a telephone number"),
        ("E-Mail", "an e-mail address"),
        ("家庭住址", "an address"),
        ("身份证号", "a national or insurance number"),
        ("Geburtsdatum", "a date of birth"),
        ("Baseline: DOB", "a date of birth"),
        ("Name (family, first)", "a name"),
        ("Gene name", ""),
        ("Patient", ""),
        ("Number", ""),
        ("Age", ""),
    ],
)
def test_headers_that_tell_who_somebody_is(header: str, kind: str) -> None:
    assert identifier_by_header(header) == kind


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        ("13812345678 13912345679 13612345670", "a telephone number"),
        ("+49 30 1234567", "a telephone number"),
        ("x@example.org", "an e-mail address"),
        ("11010519491231002X", "a national or insurance number"),
        ("王小明 李娜 张伟国", "a name"),
        ("Chemotherapy HSCT CAR-T", ""),
        ("5/10 10/10 8/10", ""),
        ("12500 8400 900", ""),
        ("2023-01-05 2023-02-06", ""),
        ("男 女 男", ""),
    ],
)
def test_contents_that_tell_who_somebody_is(texts: str, kind: str) -> None:
    assert identifier_by_content(texts.split(" ") if "+" not in texts else [texts]) == kind


def test_rows_are_listed_one_by_one_and_in_runs_only_where_there_are_very_many() -> None:
    assert rows_text([30, 9, 17]) == "9, 17, 30"
    assert rows_text([*range(2, 100), 200]) == "2-99, 200"


def test_keys_of_codes_ignore_case_and_runs_of_spaces() -> None:
    assert code_key("  Primary   Refractory ") == code_key("primary refractory")
