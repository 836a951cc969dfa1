"""Writing and reading the results loses nothing; printing is monotone."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.core.errors import FileError
from remission.results.files import (
    guard,
    read_results,
    read_results_csv,
    read_results_parquet,
    unguard,
    write_results,
    write_results_csv,
    write_results_parquet,
)
from remission.results.formats import show
from remission.results.row import ROW_FIELDS, Row
from remission.results.table import CellRef, Results

TROUBLE = st.sampled_from(["", "'", "''", "=1+1", "+x", "-x", "@x", "\r", "\n", "\r\n", '"', ",", "\t=", "﻿", "−"])
WORDS = st.one_of(TROUBLE, st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.builds(
    Row,
    **dict.fromkeys(set(ROW_FIELDS) - {"value", "text", "status", "n"}, WORDS),
    value=st.none() | NUMBERS,
    text=st.none() | WORDS,
    status=st.sampled_from(["ok", "undefined", "failed"]),
    n=st.none() | st.integers(0, 2**62),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for all examples: each overwrites the files of the one before."""
    return tmp_path_factory.mktemp("results")


@given(rows=st.lists(ROWS, max_size=5))
def test_csv_keeps_every_row(folder, rows):
    """What is read from results.csv is what was written, bit by bit, None apart from empty words."""
    write_results_csv(rows, folder / "results.csv")
    assert repr(read_results_csv(folder / "results.csv")) == repr(tuple(rows))


@given(rows=st.lists(ROWS, max_size=5))
@settings(max_examples=30, deadline=None)
def test_parquet_keeps_every_row(folder, rows):
    """What is read from results.parquet is what was written."""
    write_results_parquet(rows, folder / "results.parquet")
    assert repr(read_results_parquet(folder / "results.parquet")) == repr(tuple(rows))


CELLS = st.builds(
    CellRef,
    patient=WORDS,
    field=WORDS,
    file=WORDS,
    sheet=WORDS,
    row=st.integers(0, 10**6),
    column=WORDS,
    value=WORDS,
)


@given(
    patients=st.lists(st.text("abc01", min_size=1), unique=True, max_size=4),
    lineage=st.dictionaries(st.tuples(WORDS, WORDS), st.lists(st.text("xy", min_size=1)).map(tuple), max_size=3),
    cells=st.lists(CELLS, max_size=4),
)
@settings(max_examples=30, deadline=None)
def test_folder_keeps_members_cells_and_lineage(folder, patients, lineage, cells):
    """A whole results folder is read back as it was, empty sets included."""
    results = Results(lineage=lineage)
    results.add("who", "age", "N", len(patients), population="all", members=patients)
    results.add("who", "age", "n", 0, population="all", members=[])
    results.conditions["abc"] = "=age >= 18"
    for ref in cells:
        kept = results.cells.setdefault(ref.field, {})
        kept[ref.patient] = (*kept.get(ref.patient, ()), ref)
    write_results(results, folder)
    assert read_results(folder) == results


def test_same_input_same_bytes(tmp_path):
    """Two runs write the same bytes into every file."""
    results = Results()
    results.add("who", "age", "median", 44.5, population="all", unit="years", members=["b", "a"])
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_results(results, tmp_path / name)
    for file in ("results.csv", "results.parquet", "members.csv", "cells.csv", "lineage.csv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@given(WORDS)
def test_no_cell_starts_a_formula(text):
    """A guarded cell is never a formula, and the guard comes off again."""
    assert not guard(text).startswith(("=", "+", "-", "@"))
    assert unguard(guard(text)) == text


def test_folder_without_results_is_refused(tmp_path):
    """A wrong folder is named, and so is a file with other columns."""
    with pytest.raises(FileError) as caught:
        read_results(tmp_path)
    assert caught.value.code == "no-results"
    (tmp_path / "results.csv").write_text("id,value\n")
    with pytest.raises(FileError) as caught:
        read_results(tmp_path)
    assert caught.value.code == "results-columns"


def _number(shown: str) -> Decimal:
    return Decimal(shown.strip("<>%").replace(",", "").replace("−", "-"))


@given(st.floats(0, 1), st.floats(0, 1))
def test_greater_p_never_prints_smaller(one, two):
    """Printing keeps the order of p-values."""
    low, high = sorted((one, two))
    assert _number(show("p", low)) <= _number(show("p", high))


@given(st.floats(0, 1))
def test_p_prints_on_its_side_of_five_percent(p):
    """A p-value below 0.05 prints below it; one at or above does not."""
    if not 0.05 - 1e-12 < p < 0.05:
        assert (_number(show("p", p)) < Decimal("0.05")) == (p < 0.05)


@given(n=st.integers(0, 400), more=st.integers(0, 400))
def test_percentage_of_counts_is_rounded_half_up(n, more):
    """A percentage is the exact quotient rounded half-up by integer arithmetic."""
    total = n + more
    if total == 0:
        return
    tenths = (2000 * n + total) // (2 * total)
    expected = f"{tenths // 10}.{tenths % 10}%"
    expected = {0: "0%", total: "100%"}.get(n, expected)
    if n not in (0, total):
        expected = {"0.0%": "<0.1%", "100.0%": ">99.9%"}.get(expected, expected)
    assert show("estimate", n / total, unit="proportion") == expected


@given(st.integers(-4000, 40000))
def test_months_are_days_rounded_once(days):
    """Days print as months by exact arithmetic: days / 30.4375 = 16 days / 487."""
    tenths = (2 * 160 * abs(days) + 487) // (2 * 487)
    expected = f"{tenths // 10}.{tenths % 10}"
    if tenths and days < 0:
        expected = "−" + expected
    shown = show("estimate", float(days), unit="days").replace(",", "")
    assert shown == ("<0.1" if days > 0 and not tenths else expected)
