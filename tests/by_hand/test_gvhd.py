"""Acute GVHD by the 1994 consensus from every stage of every organ, and how grades are written."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.endpoints.safety.gvhd import grade_acute_gvhd, parse_acute_grade, parse_chronic_grade

from .aligned import aligned, whole


@pytest.mark.parametrize(
    "row",
    aligned("""
    skin  liver  gut  grade  organs       reason
    0     0      0    0      .            .
    1     0      0    1      skin         .
    2     0      0    1      skin         .
    3     0      0    2      skin         .
    4     0      0    4      skin         .
    0     1      0    2      liver        .
    0     2      0    3      liver        .
    0     3      0    3      liver        .
    0     4      0    4      liver        .
    0     0      1    2      gut          .
    0     0      2    3      gut          .
    0     0      4    3      gut          .
    2     1      1    2      liver, gut   .
    4     .      .    4      skin         .
    3     0      .    .      .            not recorded: gut
    0     4      .    4      liver        .
    0     .      4    .      .            not recorded: liver
    .     .      .    .      .            not recorded: skin, liver, gut
    """),
    ids=lambda r: " ".join(r.values()),
)
def test_acute_grade_from_stages(row: dict[str, str]) -> None:
    """The worst organ decides; one that is not recorded only matters where it could be worse."""
    made = grade_acute_gvhd(skin=whole(row["skin"]), liver=whole(row["liver"]), gut=whole(row["gut"]), row=2)
    assert (made.grade, ", ".join(made.organs), made.reason) == (whole(row["grade"]), row["organs"], row["reason"])
    assert made.row == 2


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("II", 2),
        ("grade 3", 3),
        ("Ⅳ度", 4),
        ("Ⅱ", 2),
        ("aGVHD grade I", 1),
        ("none", 0),
        ("No", 0),
        ("否", 0),
        ("无", 0),
        ("III", 3),
        ("1", 1),
        ("4", 4),
        ("II-IV", None),
        ("", None),
    ],
)
def test_acute_grades_as_written(text: str, grade: int | None) -> None:
    """Roman, Arabic, with the word or without; a range is no grade."""
    assert parse_acute_grade(text) == grade


@pytest.mark.parametrize(
    ("text", "grade"), [("Mild", "mild"), ("重度", "severe"), ("none", "none"), ("limited", None), ("extensive", None)]
)
def test_chronic_grades_as_written(text: str, grade: str | None) -> None:
    """Limited and extensive are another system and not translated."""
    assert parse_chronic_grade(text) == grade


def test_a_stage_that_is_none() -> None:
    """Stages are 0 to 4."""
    with pytest.raises(DataError) as error:
        grade_acute_gvhd(skin=5, liver=0, gut=0)
    assert error.value.code == "stage-out-of-range"
