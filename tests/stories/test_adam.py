"""`remission study --adam`: four data sets that keep the rules and say what the study says."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from remission.cli import main

from ..by_hand.dataset_json_rules import broken_rules
from .filled_template import fill_template, ward_rows
from .ward import make_events, make_truth

NAMES = ("adsl", "adtte", "adrs", "adae")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic ward as a study, run with --adam."""
    folder = tmp_path_factory.mktemp("adam")
    file = fill_template(folder / "ward.xlsx", ward_rows())
    assert main(["new", str(folder / "study"), str(file)]) == 0
    assert main(["study", str(folder / "study"), "--adam"]) == 0
    return folder / "study" / "out"


def rows_of(out: Path, name: str) -> list[dict[str, Any]]:
    document = json.loads((out / "adam" / f"{name}.json").read_text(encoding="utf-8"))
    names = [column["name"] for column in document["columns"]]
    return [dict(zip(names, row, strict=True)) for row in document["rows"]]


@pytest.mark.parametrize("name", NAMES)
def test_each_keeps_the_rules_of_the_format(out: Path, name: str) -> None:
    """Required and known keys only, typed cells, unique keys, short names and labels."""
    document = json.loads((out / "adam" / f"{name}.json").read_text(encoding="utf-8"))
    assert broken_rules(document) == []
    assert document["name"] == name.upper()


def test_subjects_are_the_patients(out: Path) -> None:
    """One row each, with what was typed in."""
    found = rows_of(out, "adsl")
    truth = make_truth()
    assert [r["SUBJID"] for r in found] == [t.patient for t in truth]
    assert [r["SEX"] for r in found] == [{"male": "M", "female": "F"}[t.sex] for t in truth]
    assert [r["AGE"] for r in found] == [t.age for t in truth]
    assert [r["DTHFL"] for r in found] == [{"dead": "Y", "alive": "N"}[t.status] for t in truth]
    assert [r["DTHDY"] for r in found] == [t.last_day + 1 if t.status == "dead" else None for t in truth]
    assert {r["POP01FL"] for r in found} == {"Y"}
    assert "HEIGHTBL" not in found[0]


def test_times_are_those_of_the_endpoints(out: Path) -> None:
    """Every line of endpoints.csv is a row, with its days, its status and its reason."""
    with (out / "endpoints.csv").open(encoding="utf-8-sig", newline="") as handle:
        lines = list(csv.DictReader(handle))
    found = rows_of(out, "adtte")
    censoring = {"event": 0, "censored": 1, "competing": 2}
    expected = sorted(
        (f"ward-{line['patient']}", line["because"], int(line["days"]) if line["days"] else None,
         censoring.get(line["status"]), int(line["row"]) if line["row"] else None)
        for line in lines
    )  # fmt: skip
    assert sorted((r["USUBJID"], r["EVNTDESC"], r["AVAL"], r["CNSR"], r["SRCROW"]) for r in found) == expected
    survival = [r for r in found if r["PARAMCD"] == "OS"]
    assert [r["AVAL"] for r in survival] == [t.last_day for t in make_truth()]
    assert all(r["ADY"] == r["AVAL"] + 1 for r in survival)
    assert {r["ANL01FL"] for r in found if r["AVAL"] is None} <= {"N"}
    assert {"OS", "RFS", "EFS"} <= {r["PARAMCD"] for r in found}
    for row in survival:
        assert row["SRCROW"] in {c["row"] for c in json.loads(row["CANDIDAT"])}


def test_responses_are_recorded_and_derived(out: Path) -> None:
    """The marrow as typed in, with its sign; the response of every patient as the study derives it."""
    found, truth = rows_of(out, "adrs"), make_truth()
    after = [r for r in found if r["PARAMCD"] == "MRD" and r["AVISIT"] == "day 15"]
    assert [r["AVALC"] for r in after] == [t.mrd_after for t in truth]
    assert {r["ADY"] for r in after} == {16}
    reported = [r["AVALC"] for r in found if r["PARAMCD"] == "OVRLRESP"]
    assert reported == [t.response for t in truth]
    derived = [r for r in found if r["PARAM"] == "Response" and r["PARAMTYP"] == "DERIVED"]
    assert [r["AVALC"] for r in derived] == reported


def test_adverse_events_are_all_there(out: Path) -> None:
    """One row each, with grade and days counted from 1."""
    found = rows_of(out, "adae")
    assert [(r["USUBJID"], r["AETERM"], r["ATOXGRN"], r["ASTDY"], r["AENDY"], r["TRTEMFL"]) for r in found] == [
        (f"ward-{p}", term, grade, a + 1, b + 1, "Y") for p, term, grade, a, b in make_events()
    ]
    assert {r["AETERM"]: r["AEDECOD"] for r in found}["neutropenia"] == "Neutropenia"


def test_subjects_of_every_data_set_are_in_adsl(out: Path) -> None:
    """Nobody stands in another data set alone."""
    known = {r["USUBJID"] for r in rows_of(out, "adsl")}
    for name in NAMES[1:]:
        assert {r["USUBJID"] for r in rows_of(out, name)} <= known


def test_they_are_written_on_request_only(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --adam there is no file of them, and run.json names them where they are."""
    files = json.loads((out / "run.json").read_text(encoding="utf-8"))["files"]
    assert {f"adam/{name}.json" for name in NAMES} <= set(files)
    assert main(["study", str(out.parent)]) == 0
    assert list((out / "adam").glob("*.json")) == [] if (out / "adam").exists() else True
    assert main(["study", str(out.parent), "--adam", "--emit-r"]) == 0
    assert (out / "analysis.R").is_file()
    assert (out / "adam" / "adsl.json").is_file()
