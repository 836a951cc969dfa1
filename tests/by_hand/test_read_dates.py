"""Dates and durations, read by hand first: order of day and month by column, partial dates, serials, months, weeks."""

from __future__ import annotations

import datetime as dt

import pytest

from remission.cohort.dates import read_date_text
from remission.cohort.day_columns import read_days
from remission.cohort.places import Place
from remission.cohort.raw_column import RawColumn, Typed
from remission.cohort.schema import load_schema
from remission.cohort.source_spec import ColumnSpec

SCHEMA = load_schema()
TODAY = dt.date(2026, 1, 1)


def column(*texts: str, kind: str = "t", epoch_1904: bool = False, **settings: object) -> Typed:
    """Read texts as a column of days, from sheet row 2 on."""
    spec = ColumnSpec("X", "patients.diagnosis_day", **settings)  # type: ignore[arg-type]
    keys = [(t, kind) for t in texts]
    rows = list(range(2, 2 + len(texts)))
    field = SCHEMA.field("patients", "diagnosis_day")
    return read_days(RawColumn(Place("a.csv", column="X"), spec, field, rows, keys, SCHEMA, epoch_1904), today=TODAY)


def dates(typed: Typed) -> list[str | None]:
    """Date ordinals as ISO texts."""
    assert typed.is_date
    return [None if v is None else dt.date.fromordinal(int(v)).isoformat() for v in typed.values]  # type: ignore[arg-type]


def rules(typed: Typed) -> dict[str, str]:
    return {f.rule: f.row for f in typed.findings}


@pytest.mark.parametrize(
    "text",
    [
        "2023-01-31", "2023/1/31", "2023.01.31", "20230131", "2023年1月31日", "2023 年 01 月 31 日",
        "31.01.2023", "31/1/2023", "31-01-2023", "31. 1. 2023", "01/31/2023", "Jan 31 2023", "January 31, 2023",
        "31 Jan 2023", "31-Jan-2023", "31. Januar 2023", "31 janvier 2023", "31 de enero de 2023", "31st Jan. 2023",
        "2023-01-31 10:30", "2023-01-31T10:30:00", "31.01.2023 08:15 Uhr", "２０２３-０１-３１",
    ],
)  # fmt: skip
def test_every_way_to_write_a_day_is_that_day(text: str) -> None:
    read = column(text)
    assert dates(read) == ["2023-01-31"]
    assert set(rules(read)) <= {"time-of-day", "look-alike"}


def test_the_order_of_a_column_comes_from_its_unambiguous_cells() -> None:
    assert dates(column("03/04/2023", "31/04/2022", "31/01/2023"))[0] == "2023-04-03"
    assert dates(column("03/04/2023", "01/31/2023")) == ["2023-03-04", "2023-01-31"]


def test_a_column_of_ambiguous_dates_is_one_question_never_a_guess() -> None:
    read = column("03/04/2023", "05/06/2023", "07/07/2023")
    assert dates(read) == [None, None, "2023-07-07"]  # the seventh of July is the same either way
    (finding,) = read.findings
    assert (finding.rule, finding.severity, finding.row) == ("ambiguous-dates", "error", "2, 3")
    assert 'dates = "dmy"' in finding.todo
    assert dates(column("03/04/2023", "05/06/2023", dates="dmy")) == ["2023-04-03", "2023-06-05"]
    assert dates(column("03/04/2023", "05/06/2023", dates="mdy")) == ["2023-03-04", "2023-05-06"]


def test_two_orders_in_one_column_are_an_error_that_names_both() -> None:
    read = column("31/01/2023", "01/31/2023", "02/03/2023")
    assert dates(read) == ["2023-01-31", "2023-01-31", None]
    assert [(f.rule, f.row) for f in read.findings] == [("conflicting-dates", "2"), ("conflicting-dates", "3")]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("31.02.2023", "impossible-date"),
        ("2023-13-01", "impossible-date"),
        ("20231301", "impossible-date"),
        ("05.03.23", "two-digit-year"),
        ("5 Mar 23", "two-digit-year"),
        ("2023-05", "partial-date"),
        ("05/2023", "partial-date"),
        ("May 2023", "partial-date"),
        ("2023年5月", "partial-date"),
        ("2023", "partial-date"),
        ("01.01.1023", "date-out-of-range"),
        ("01.01.2033", "date-out-of-range"),
        ("soon", "mixed-dates"),
        ("12", "mixed-dates"),
    ],
)
def test_what_is_no_whole_day_is_an_error_with_its_row(text: str, rule: str) -> None:
    read = column("31.01.2023", text)
    assert dates(read) == ["2023-01-31", None]
    assert [(f.rule, f.row, f.severity) for f in read.findings] == [(rule, "3", "error")]


@pytest.mark.parametrize(
    ("rule", "month", "year"),
    [
        ("first", "2024-02-01", "2024-01-01"),
        ("middle", "2024-02-15", "2024-07-01"),
        ("last", "2024-02-29", "2024-12-31"),
    ],
)
def test_partial_dates_stand_for_the_day_study_toml_says_and_are_listed(rule: str, month: str, year: str) -> None:
    read = column("31.01.2023", "2024-02", "2024", partial_dates=rule)
    assert dates(read) == ["2023-01-31", month, year]
    assert [(f.rule, f.severity, f.row) for f in read.findings] == [("partial-date", "warning", "3, 4")]


def test_serial_numbers_of_a_spreadsheet_are_dates_in_either_epoch() -> None:
    read = column("44957", "44927")
    assert dates(read) == ["2023-01-31", "2023-01-01"]
    assert rules(read) == {"excel-serial": "2, 3"}
    assert dates(column("43495", kind="n", epoch_1904=True)) == ["2023-01-31"]
    # beside dates they are dates too
    assert dates(column("2023-01-31", "44927")) == ["2023-01-31", "2023-01-01"]


def test_durations_are_whole_days_rounded_half_up() -> None:
    assert column("19.3", "0.1", "12", unit="months").values == [587, 3, 365]
    assert column("2", "0,5", unit="weeks").values == [14, 4]
    assert column("15", "+15", "-3", "0").values == [15, 15, -3, 0]
    assert column("3 months", "2 weeks", "10 d", "1 Jahr", "5天").values == [91, 14, 10, 365, 5]


def test_a_date_among_durations_is_an_error_not_a_day() -> None:
    read = column("12", "2023-01-31", unit="months")
    assert read.values == [365, None]
    assert rules(read) == {"mixed-dates": "3"}


def test_a_column_of_years_alone_is_a_question() -> None:
    read = column("2019", "2021")
    assert read.values == [None, None]
    assert rules(read) == {"ambiguous-dates": "2, 3"}
    assert column("2019", "2021", unit="days").values == [2019, 2021]
    assert dates(column("2019", "2021", partial_dates="middle")) == ["2019-07-01", "2021-07-01"]


def test_a_duration_that_is_no_duration_is_an_error() -> None:
    assert rules(column("12", "long", ">36", "3 cycles", unit="months")) == {
        "not-a-number": "3",
        "unexpected-comparator": "4",
        "unknown-unit": "5",
    }


def test_workbook_dates_need_no_order() -> None:
    assert dates(column("2023-04-03", "2023-01-31T10:30", kind="d")) == ["2023-04-03", "2023-01-31"]


def test_words_that_merely_hold_digits_are_no_dates() -> None:
    for text in ("CR", "5/10", "10-4", "12.5", "P-2023-1", "v1.2.3.4", "1/2", "99999999"):
        assert read_date_text(text) is None, text


def test_no_message_holds_a_date() -> None:
    read = column("31.02.2023", "05.03.23", "2023-05", "31/01/2022", "01/31/2021", "44927", "1.1.1850")
    words = " ".join(f.what + f.consequence + f.todo for f in read.findings)
    assert not any(v in words for v in ("2021", "2022", "05.03", "44927", "1850", "31.02"))
