"""Layouts drawn as small sheets: titles, merged headers, units, means, remarks, blank rows, the header once more."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.cohort.layout import Layout, find_layout
from remission.cohort.ledger import Grid, Ledger
from remission.cohort.row_kinds import looks_numeric, row_kind


def sheet(drawing: str, merged: tuple[tuple[int, int, int, int], ...] = ()) -> Ledger:
    """A ledger from rows of cells parted by |."""
    rows = [[cell.strip() for cell in line.strip().split("|")] for line in drawing.strip().splitlines()]
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return Ledger("a.csv", "", Grid(columns, ["t" * len(rows)] * width, merged=merged, reader="text"))


def layout(drawing: str, **settings: object) -> Layout:
    return find_layout(sheet(drawing), **settings)  # type: ignore[arg-type]


def test_a_plain_table_has_one_header_row_and_nothing_to_skip() -> None:
    found = layout(
        """
        id | age | sex
        1  | 40  | M
        2  | 50  | F
        """
    )
    assert (found.header_row, found.header_rows, found.headers) == (1, 1, ("id", "age", "sex"))
    assert (found.skip_rows, found.first_data_row, found.last_data_row) == ({}, 2, 3)


def test_titles_units_blanks_means_and_footnotes_are_named() -> None:
    found = layout(
        """
        Table 1. Patients of our centre | | |
         | | |
        id     | age   | Hb    | sex
               | years | g/L   | M/F
        1      | 40    | 120   | M
        2      | 50    | 110   | F
         | | |
        id     | age   | Hb    | sex
        3      | 60    | 100   | F
        Mean (SD) | 50 (10) | 110 |
        合计   | 3     |       |
        * one patient was lost to follow-up | | |
        Source: ward records | | |
        """
    )
    assert found.header_row == 3
    assert found.skip_rows == {
        1: "title",
        2: "blank",
        4: "units",
        7: "blank",
        8: "repeated header",
        10: "mean/total",
        11: "mean/total",
        12: "remark",
        13: "remark",
    }
    assert (found.first_data_row, found.last_data_row) == (5, 9)


def test_two_header_rows_are_joined_where_the_lower_one_fills_the_gaps() -> None:
    found = layout(
        """
        id | Before |     | After  |
           | Blasts | MRD | Blasts | MRD
        1  | 50     | 40  | 1      | 0.01
        2  | 60     | 30  | 2      | 0.02
        """
    )
    assert found.header_rows == 2
    assert found.headers == ("id", "Before: Blasts", "Before: MRD", "After: Blasts", "After: MRD")
    assert found.first_data_row == 3


def test_merged_cells_join_two_header_rows() -> None:
    drawing = """
        id | Before |     | CR
           | Blasts | MRD |
        1  | 50     | 40  | Y
        """
    found = find_layout(sheet(drawing, merged=((1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 2, 4))))
    assert (found.header_rows, found.headers) == (2, ("id", "Before: Blasts", "Before: MRD", "CR"))


def test_headers_of_study_toml_decide_between_candidates_for_the_header() -> None:
    drawing = """
        Ward     | Centre | Year
        North    | Basel  | twenty
        Patient  | Sex    | State
        P1       | M      | alive
        """
    assert layout(drawing).header_row == 1
    assert layout(drawing, expected=["Patient", "Sex", "State"]).header_row == 3
    assert layout(drawing, header_row=3).headers == ("Patient", "Sex", "State")


def test_equal_headers_are_numbered_and_empty_ones_named_by_their_column() -> None:
    found = layout(
        """
        id | MRD | MRD | | note
        1  | 40  | 0.1 | 7 | a
        2  | 50  | 0.1 | 7 | b
        """,
        header_rows=1,
    )
    assert found.headers == ("id", "MRD", "MRD (2)", "(column D)", "note")
    assert (found.duplicates, found.unnamed) == (("MRD",), (4,))


@pytest.mark.parametrize(
    "lead",
    [
        "Mean",
        "MEDIAN",
        "Total",
        "Total (n=33)",
        "Mean ± SD",
        "Median [range]",
        "合计",
        "平均",
        "中位数",
        "Summe",
        "Gesamt",
        "Mittelwert",
        "Moyenne",
        "Médiane",
        "Promedio",
        "Media",
    ],
)
def test_means_and_totals_are_known_in_five_languages(lead: str) -> None:
    assert row_kind([lead, "50", "10"], ["id", "age", "x"], is_first=False, ids_have_digits=True) == "mean/total"


@pytest.mark.parametrize("lead", ["M1", "Total body 3", "P-Mean-1", "Maxim", "Sumi", "7"])
def test_a_patient_whose_id_resembles_a_mean_stays_a_patient(lead: str) -> None:
    assert row_kind([lead, "50", "10"], ["id", "age", "x"], is_first=False, ids_have_digits=True) == ""


def test_a_patient_of_whom_nothing_is_recorded_is_not_a_remark() -> None:
    assert row_kind(["31", "", ""], ["id", "age", "x"], is_first=False, ids_have_digits=True) == ""
    assert row_kind(["Responders", "", ""], ["id", "age", "x"], is_first=False, ids_have_digits=True) == "remark"
    assert row_kind(["Anna", "", ""], ["id", "age", "x"], is_first=False, ids_have_digits=False) == ""


def test_coded_values_below_the_header_are_not_units() -> None:
    assert row_kind(["1", "M", "d"], ["id", "sex", "x"], is_first=True, ids_have_digits=True) == ""
    assert row_kind(["", "岁", "10^9/L"], ["id", "age", "x"], is_first=True, ids_have_digits=True) == "units"


@pytest.mark.parametrize("text", ["40", "<0.01", "0.5%", "12,5", "2023-01-05", "5.2 10^9/L", "-3", "５"])
def test_numbers_are_told_from_words(text: str) -> None:
    assert looks_numeric(text)
    assert not looks_numeric("MRD %")
    assert not looks_numeric("CR")


@pytest.mark.parametrize(
    "study", sorted((Path(__file__).parents[2] / "studies").glob("*/*_table*.csv")), ids=lambda p: p.stem
)
def test_published_tables_have_one_header_row_and_only_patients(study: Path) -> None:
    from remission.cohort.ledger import read_ledger

    found = find_layout(read_ledger(study))
    assert (found.header_row, found.header_rows, found.skip_rows) == (1, 1, {})
