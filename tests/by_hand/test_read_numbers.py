"""Numbers as hospitals write them, read by hand first: comparators, decimal marks, powers of ten, units."""

from __future__ import annotations

from decimal import Decimal

import pytest

from remission.cohort.number_columns import read_numbers
from remission.cohort.numbers import decide_decimal, read_number_text
from remission.cohort.places import Place
from remission.cohort.raw_column import RawColumn, Typed
from remission.cohort.schema import load_schema
from remission.cohort.source_spec import ColumnSpec
from remission.cohort.units import factor

SCHEMA = load_schema()


def column(field: str, *texts: str, kind: str = "t", **settings: object) -> Typed:
    """Read texts as the column of a field, from sheet row 2 on."""
    table, name = field.split(".")
    spec = ColumnSpec("X", field, **settings)  # type: ignore[arg-type]
    rows = list(range(2, 2 + len(texts)))
    place = Place("a.csv", column="X", header="X")
    return read_numbers(RawColumn(place, spec, SCHEMA.field(table, name), rows, [(t, kind) for t in texts], SCHEMA))


def rules(typed: Typed) -> dict[str, str]:
    """rule -> rows."""
    return {f.rule: f.row for f in typed.findings}


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("12", "", "12", ""),
        ("-3", "", "-3", ""),
        ("\u22123", "", "-3", ""),
        ("+15", "", "15", ""),
        ("0.01 %", "", "0.01", "%"),
        ("<0.01%", "<", "0.01", "%"),
        ("≤ 0.01", "≤", "0.01", ""),
        ("< 10^-4", "<", "0.0001", ""),
        ("10⁻⁴", "", "0.0001", ""),
        ("1e-4", "", "0.0001", ""),
        ("5.2×10^-3", "", "0.0052", ""),
        ("5 x 10-3", "", "0.005", ""),
        ("5.2 x10^9/L", "", "5.2", "x10^9/L"),
        ("5.2*10⁹/L", "", "5.2", "*10^9/L"),
        ("12 g/dL", "", "12", "g/dL"),
        ("3 months", "", "3", "months"),
        ("低于 0.01", "<", "0.01", ""),
        ("unter 0.01", "<", "0.01", ""),
        ("12 500", "", "12500", ""),
        ("12'500", "", "12500", ""),
        ("１２", "", "12", ""),
        (".5", "", "0.5", ""),
    ],
)
def test_a_number_is_comparator_amount_and_unit(text: str, comparator: str, value: str, unit: str) -> None:
    from remission.cohort.numbers import amount_of

    number = read_number_text(text)
    assert number is not None
    assert (number.comparator, amount_of(number, "."), number.unit) == (comparator, Decimal(value), unit)


@pytest.mark.parametrize("text", ["", "abc", "N.A.", "CR", "--", "~5", "1e400", "1" * 30, "<"])
def test_what_is_no_number_is_not_forced_into_one(text: str) -> None:
    assert read_number_text(text) is None


def test_ten_minus_four_is_a_power_only_where_the_laboratory_writes_powers() -> None:
    assert read_number_text("10-4", bare_power=True).exponent == -4  # type: ignore[union-attr]
    assert read_number_text("10-4").unit == "-4"  # type: ignore[union-attr]
    # a range is no number: its second half is no unit
    assert column("patients.wbc_10e9_l", "10-4").values == [None]


@pytest.mark.parametrize(
    ("texts", "mark", "against", "open_"),
    [
        ("12.5 3", ".", "", ""),
        ("12,5 3", ",", "", ""),
        ("0,125 3", ",", "", ""),  # a leading zero cannot be parted as thousands
        ("1234,500", ",", "", ""),  # nor can four digits
        ("1.234,5", ",", "", ""),
        ("1,234.5 12,500", ".", "", ""),  # the comma is known to part thousands
        ("1,234,567 12,500", ".", "", ""),
        ("12,5 12.500", ",", "12.500", ""),
        ("12.5 12,500", ".", "12,500", ""),
        ("12.5 12,5", "", "12.5 12,5", ""),
        ("12.500 8.400", "", "", "12.500 8.400"),
        ("12.500 8.4", ".", "", ""),
        ("1.2.3", "", "1.2.3", ""),
    ],
)
def test_one_decimal_mark_for_a_column_never_a_guess(texts: str, mark: str, against: str, open_: str) -> None:
    decision = decide_decimal(texts.split())
    assert decision.mark == mark
    assert decision.against == set(against.split())
    assert decision.open == set(open_.split())


def test_twelve_point_five_hundred_beside_twelve_comma_five_is_an_error_with_its_row() -> None:
    read = column("patients.wbc_10e9_l", "12,5", "12.500", "7")
    assert read.values == [12.5, None, 7.0]
    assert rules(read) == {"decimal-mark": "3"}


def test_a_column_that_cannot_tell_asks_one_question_and_the_answer_settles_it() -> None:
    asked = column("patients.wbc_10e9_l", "12,500", "8,400", "9")
    assert asked.values == [None, None, 9.0]
    assert rules(asked) == {"decimal-mark": "2, 3"}
    assert column("patients.wbc_10e9_l", "12,500", "8,400", "9", decimal=".").values == [12500.0, 8400.0, 9.0]
    assert column("patients.wbc_10e9_l", "12,500", "8,400", "9", decimal=",").values == [12.5, 8.4, 9.0]


def test_a_number_cell_of_a_workbook_has_no_decimal_mark_to_decide() -> None:
    assert column("patients.wbc_10e9_l", "12.345", "1e-05", kind="n").values == [12.345, 1e-05]


@pytest.mark.parametrize(
    ("text", "settings", "percent", "sign"),
    [
        ("0.01", {}, 0.01, ""),
        ("<0.01%", {}, 0.01, "<"),
        ("0.0001", {"unit": "fraction"}, 0.01, ""),
        ("1e-4", {}, 0.01, ""),
        ("<10^-4", {}, 0.01, "<"),
        ("<10-4", {}, 0.01, "<"),
        ("1", {"unit": "10^-4"}, 0.01, ""),
        ("0.01 %", {"unit": "fraction"}, 0.01, ""),  # the cell knows better than the column
        ("1e-4", {"unit": "%"}, 0.0001, ""),
    ],
)
def test_residual_disease_is_one_unit_inside(text: str, settings: dict[str, str], percent: float, sign: str) -> None:
    read = column("marrow.mrd_percent", text, **settings)
    assert read.values == [percent]
    assert read.signs == [sign]


def test_a_power_of_ten_without_percent_sign_is_read_as_a_fraction_and_said() -> None:
    assert rules(column("marrow.mrd_percent", "5", "1e-4")) == {"scientific-notation": "3"}


def test_a_percent_formatted_cell_is_read_as_it_is_shown() -> None:
    read = column("marrow.blasts_percent", "0.05", "0.8", kind="%")
    assert read.values == [5.0, 80.0]
    assert rules(read) == {"percent-format": "2, 3"}


def test_percentages_that_must_be_fractions_are_doubted() -> None:
    read = column("marrow.mrd_percent", "0.00001", "0.0001", "0.00005", "2")
    assert rules(read) == {"unit-doubtful": "2, 3, 4"}
    assert rules(column("marrow.mrd_percent", "0.01", "0.01", "0.15", "94")) == {}


def test_known_units_are_converted_and_listed_unknown_ones_stop() -> None:
    read = column("marrow.hb_g_l", "120", "12 g/dL", "9,5 g/dl", "12 bananas")
    assert read.values == [120.0, 120.0, 95.0, None]
    assert {(f.rule, f.row) for f in read.findings} == {
        ("unit-converted", "3"),
        ("unit-converted", "4"),
        ("unknown-unit", "5"),
    }
    assert column("patients.wbc_10e9_l", "12500", unit="/µL").values == [12.5]
    assert column("patients.age_years", "6", unit="months").values == [0.5]


@pytest.mark.parametrize(
    ("unit", "field_unit", "expected"),
    [
        ("x10^9/L", "10^9/L", "1"),
        ("×10⁹/L", "10^9/L", "1"),
        ("10e9/L", "10^9/L", "1"),
        ("K/μL", "10^9/L", "1"),
        ("(g/dL)", "g/L", "10"),
        ("mcg/day", "µg/day", "1"),
        ("ppm", "%", "0.0001"),
        ("mmol/L", "g/L", None),
        ("kg", "%", None),
    ],
)
def test_units_are_known_by_any_of_their_names(unit: str, field_unit: str, expected: str | None) -> None:
    assert factor(unit, field_unit) == (Decimal(expected) if expected else None)


def test_the_floor_of_the_assay_is_below_detection_and_counted() -> None:
    read = column("marrow.mrd_percent", "0.01", "0.02", "0.01", "<0.01", "0.010", floor=0.01)
    assert read.signs == ["<", "", "<", "<", "<"]
    (finding,) = read.findings
    assert (finding.rule, finding.severity, finding.row) == ("assay-floor", "note", "2, 4, 6")
    assert finding.what.startswith("3 cells")


def test_a_field_that_holds_no_comparator_refuses_one() -> None:
    read = column("patients.age_years", "<1", "40")
    assert read.values == [None, 40.0]
    assert rules(read) == {"unexpected-comparator": "2"}


def test_missing_marks_are_missing_and_anything_else_is_an_error() -> None:
    read = column("patients.age_years", "-", "NA", "未查", "", "k.A.", "forty", missing=("k.A.",))
    assert read.values == [None] * 6
    assert rules(read) == {"not-a-number": "7"}


def test_a_word_that_study_toml_explains_is_a_number() -> None:
    read = column("marrow.mrd_percent", "undetectable", "0.5", values={"Undetectable": "<0.01"})
    assert (read.values, read.signs) == ([0.01, 0.5], ["<", ""])


def test_errors_and_dates_of_a_spreadsheet_are_not_numbers() -> None:
    assert rules(column("patients.age_years", "#N/A", "40", "#####")) == {"cell-error": "2, 4"}
    assert rules(column("patients.age_years", "2023-10-05", kind="d")) == {"date-instead-of-value": "2"}


def test_whole_numbers_stay_whole() -> None:
    assert column("patients.prior_lines", "2", "3.0", "2.5").values == [2, 3, 2.5]
    assert all(type(v) is int for v in column("patients.prior_lines", "2", "3.0").values)


def test_no_message_holds_a_value() -> None:
    read = column("marrow.mrd_percent", "7.77 bananas", "forty-seven", "12.500", "12,5", "8.8e-4")
    for finding in read.findings:
        words = finding.what + finding.consequence + finding.todo
        assert not any(v in words for v in ("7.77", "bananas", "forty", "12.5", "12,5", "8.8"))
