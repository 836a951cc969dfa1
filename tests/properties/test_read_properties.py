"""What must hold for any sheet: nothing vanishes unlisted, order does not matter, no date and no value gets out."""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.build import read_cohort
from remission.cohort.dates import read_date_text
from remission.cohort.fold import code_key, fold_text, header_key
from remission.cohort.ledger import column_letter
from remission.cohort.numbers import amount_of, read_number_text
from remission.cohort.source_spec import ColumnSpec, SourceSpec
from remission.cohort.table import Cohort
from remission.core.findings import Finding

HEADER = ["id", "start", "age", "sex", "blasts", "mrd", "state", "last"]
TARGETS = {
    "id": "patients.patient",
    "start": "patients.first_infusion_day",
    "age": "patients.age_years",
    "sex": "patients.sex",
    "blasts": "marrow@before.blasts_percent",
    "mrd": "marrow@before.mrd_percent",
    "state": "outcomes.status",
    "last": "outcomes.follow_up_day",
}
SPEC = SourceSpec(
    "a",
    "a.csv",
    columns=tuple(ColumnSpec(h, t, dates="dmy" if h in ("start", "last") else "") for h, t in TARGETS.items()),
    records={"marrow@before": {"visit": "before", "day": 0}},
)
TODAY = dt.date(2026, 1, 1)


def read(rows: list[list[str]], spec: SourceSpec = SPEC, delimiter: str = ",") -> tuple[Cohort, tuple[Finding, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "a.csv").open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle, delimiter=delimiter).writerows([HEADER, *rows])
        return read_cohort([spec], folder=Path(folder), today=TODAY)


days = st.dates(dt.date(2015, 1, 1), dt.date(2025, 1, 1))
written = st.one_of(days.map(lambda d: d.isoformat()), days.map(lambda d: d.strftime("%d.%m.%Y")))
percent = st.one_of(st.just("<0.01"), st.just("-"), st.floats(0, 100).map(lambda x: f"{x:.2f}"))
patient = st.tuples(
    written,
    st.integers(0, 99).map(str),
    st.sampled_from(["male", "FEMALE", ""]),
    percent,
    percent,
    st.sampled_from(["alive", "dead", "?"]),
    written,
)
wards = st.lists(patient, min_size=1, max_size=8).map(lambda rows: [[f"P{i}", *row] for i, row in enumerate(rows, 101)])
junk = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def records(cohort: Cohort) -> dict[str, list[tuple[Any, ...]]]:
    """Every table as rows, sorted by patient."""
    return {
        name: sorted(zip(*table.columns.values(), strict=True), key=lambda row: str(row))
        for name, table in cohort.tables.items()
    }


@settings(deadline=None, max_examples=60)
@given(wards)
def test_the_order_of_rows_changes_nothing_about_any_patient(ward: list[list[str]]) -> None:
    assert records(read(ward)[0]) == records(read(ward[::-1])[0])


@settings(deadline=None, max_examples=40)
@given(wards, st.sampled_from([";", "\t", "|"]))
def test_the_delimiter_changes_nothing(ward: list[list[str]], delimiter: str) -> None:
    assert records(read(ward)[0]) == records(read(ward, delimiter=delimiter)[0])


@settings(deadline=None, max_examples=60)
@given(wards)
def test_no_calendar_date_is_left_in_the_cohort_or_in_a_finding(ward: list[list[str]]) -> None:
    cohort, findings = read(ward)
    values = [str(v) for t in cohort.tables.values() for c in t.columns.values() for v in c]
    values += [f.what + f.consequence + f.todo for f in findings]
    assert not any(re.search(r"20[12]\d", v) for v in values if not re.fullmatch(r"-?\d+", v))
    assert cohort.tables["patients"].columns["first_infusion_day"] == [0] * len(ward)


@settings(deadline=None, max_examples=60)
@given(wards)
def test_the_difference_of_two_dates_is_the_day(ward: list[list[str]]) -> None:
    cohort, _ = read(ward)

    def day(text: str) -> dt.date:
        return dt.date.fromisoformat(text) if "-" in text else dt.datetime.strptime(text, "%d.%m.%Y").date()

    expected = [(day(row[7]) - day(row[1])).days for row in ward]
    assert cohort.tables["outcomes"].columns["follow_up_day"] == expected


@settings(deadline=None, max_examples=150)
@given(st.lists(st.lists(junk, min_size=8, max_size=8), min_size=1, max_size=6))
def test_any_text_is_read_or_listed_and_rows_in_are_rows_used_and_listed(rows: list[list[str]]) -> None:
    cohort, findings = read(rows)
    (info,) = cohort.sources
    first = 2
    filled = {i for i, row in enumerate(rows, first) if any(cell.strip() for cell in row)}
    used = set(cohort.tables["patients"].row)
    rules = ("row-not-a-patient", "missing-id", "duplicate-id")
    listed = {int(r) for f in findings if f.rule in rules for r in f.row.split(", ") if r.isdigit()}
    assert filled <= used | listed
    assert info.rows_read == len(filled)
    assert info.rows_used == len(used)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.text(st.sampled_from("0123456789.,<>%-/ eE+gL年月日abc"), max_size=9), min_size=1, max_size=8))
def test_no_cell_of_numbers_or_dates_can_stop_the_reading_or_leak(texts: list[str]) -> None:
    rows = [[f"P{i}", t, t, "male", t, t, "alive", t] for i, t in enumerate(texts, 101)]
    _, findings = read(rows)
    words = " ".join(f.what for f in findings)
    assert not any(t.strip() in words for t in texts if len(t.strip()) > 5)


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold_text(text)[0]
    assert fold_text(once) == (once, ())
    assert code_key(code_key(text)) == code_key(text)
    assert header_key(header_key(text)) == header_key(text)


@given(st.decimals(-99999, 99999, places=3, allow_nan=False))
def test_a_written_number_is_read_back(number: Any) -> None:
    read_back = read_number_text(f"{number:f}")
    assert read_back is not None
    assert amount_of(read_back, ".") == number


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_a_written_date_is_read_back_whatever_its_form(day: dt.date) -> None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%d %b %Y", "%B %d, %Y"):
        found = read_date_text(day.strftime(form))
        assert found is not None
        assert found.by_order == {"ymd": day}
    found = read_date_text(day.strftime("%d/%m/%Y"))
    assert found is not None
    assert found.by_order["dmy"] == day


def test_columns_are_lettered_as_a_spreadsheet_does() -> None:
    assert [column_letter(n) for n in (1, 26, 27, 52, 53, 702, 703, 16_384)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
        "XFD",
    ]
