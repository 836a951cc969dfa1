"""The patient tables of two papers, as if nobody had described them: the proposal comes out as the mapping by hand."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from remission.cohort.fold import tight_key
from remission.cohort.propose import propose_study

from .reading import read_study, targets

STUDIES = Path(__file__).parents[2] / "studies"
SNAPSHOTS = Path(__file__).parents[1] / "snapshots"
TABLES = ("xie2023/xie2023_table2", "xie2023/xie2023_table4", "yin2024/yin2024_table1", "yin2024/yin2024_table2")

UNITS_ASKED = {"xie2023/xie2023_table4": 1}  # "HSCT time" names no unit


def by_hand(table: str) -> dict[str, Any]:
    """The hand-written source of a printed table."""
    study = tomllib.loads((STUDIES / table).parent.joinpath("study.toml").read_text(encoding="utf-8"))
    return next(s for s in study["source"] if s["file"] == f"{Path(table).name}.csv")


def proposed(table: str) -> str:
    return propose_study(STUDIES / f"{table}.csv").to_toml()


def mapping(source: dict[str, Any]) -> set[tuple[str, str]]:
    return {(column["header"], column["to"]) for column in source["column"]}


def meanings(source: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Target -> code as printed -> meaning, spaces and case aside."""
    return {c["to"]: {tight_key(k): v for k, v in c["values"].items()} for c in source["column"] if "values" in c}


@pytest.mark.parametrize("table", ["xie2023/xie2023_table2", "yin2024/yin2024_table1", "yin2024/yin2024_table2"])
def test_columns_and_codes_are_those_of_the_mapping_by_hand(table: str) -> None:
    """Every column gets the field a person gave it, and every code the same meaning."""
    source = tomllib.loads(proposed(table))["source"][0]
    assert mapping(source) == mapping(by_hand(table))
    assert meanings(source) == meanings(by_hand(table))
    assert "ignore" not in source


def test_floors_units_and_marks_of_xie_are_seen() -> None:
    """0.01 piles up, the follow-up is in months, and the starred ids are those with a fusion gene."""
    source = tomllib.loads(proposed("xie2023/xie2023_table2"))["source"][0]
    columns = {c["to"]: c for c in source["column"]}
    assert [columns[f"marrow@{moment}.mrd_percent"]["floor"] for moment in ("before", "after")] == [0.01, 0.01]
    assert columns["outcomes.follow_up_day"]["unit"] == "months"
    assert columns["patients.patient"]["marks"] == {"*": "patients.fusion_gene_positive"}
    assert source["records"]["marrow@before"] == {"visit": "before", "day": 0}


def test_a_list_of_grafts_alone_is_read_and_asks_for_the_patients() -> None:
    """Table 4 of Xie lists grafts: without a sheet of patients its own numbers are taken, and that is said."""
    text = proposed("xie2023/xie2023_table4")
    source = tomllib.loads(text)["source"][0]
    expected = {
        (h, "patients.patient" if h == "Number" else to) for h, to in mapping(by_hand("xie2023/xie2023_table4"))
    }
    assert mapping(source) == expected
    assert source["blank_id"] == "continues"
    assert "QUESTION: no sheet lists the patients" in text


@pytest.mark.parametrize("table", TABLES)
def test_the_proposal_is_read_without_a_change(table: str) -> None:
    """A printed table has no error when it is read as proposed, once a unit that nothing names is filled in."""
    text = proposed(table)
    assert text.count('unit = "?"') == UNITS_ASKED.get(table, 0)
    text = text.replace('unit = "?"', 'unit = "days"')
    cohort, findings = read_study(text, (STUDIES / table).parent)
    assert cohort.patients
    assert [f for f in findings if f.severity == "error"] == []
    assert all(targets(text).values())


@pytest.mark.parametrize("table", TABLES)
def test_the_wording_is_as_reviewed(table: str) -> None:
    """The whole proposal as a user sees it; REMISSION_SNAPSHOTS=write renews the file."""
    text, kept = proposed(table), SNAPSHOTS / f"proposal_{Path(table).name}.toml"
    if os.environ.get("REMISSION_SNAPSHOTS") == "write":
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


def test_the_marrow_of_exactly_5_percent_is_found() -> None:
    """One child of Xie's Table 2 had exactly 5 % blasts after treatment, reported as no remission."""
    _, findings = read_study(proposed("xie2023/xie2023_table2"), STUDIES / "xie2023")
    found = {(f.row, f.column, f.what) for f in findings if f.rule == "blasts-exactly-5"}
    said = "Marrow blasts are exactly 5 %, reported as no remission, for 1 of 33 patients."
    assert ("9", "After blinatumomab: Primitive cells%", said) in found
