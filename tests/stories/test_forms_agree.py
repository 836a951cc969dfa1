"""One synthetic ward as a workbook, as a REDCap project and as OMOP tables: every patient survives the same time."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from remission.cli import main


def survival_of(study: Path) -> list[tuple[str, str]]:
    """Status and days of every patient, in the order of the file; ids differ between the forms."""
    assert main(["study", str(study)]) == 0
    with (study / "out" / "endpoints.csv").open(encoding="utf-8-sig", newline="") as handle:
        return sorted((line["status"], line["days"]) for line in csv.DictReader(handle) if line["endpoint"] == "os")


def test_three_forms_of_one_ward_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The files are written by another part of the program than the one that reads them."""
    ward = tmp_path / "ward"
    assert main(["synth", str(ward), "--patients", "40", "--seed", "5", "--redcap", "--omop"]) == 0
    (data,), (words,) = (list((ward / "redcap").glob(f"*{part}.csv")) for part in ("data", "dictionary"))
    assert main(["new", str(tmp_path / "redcap"), str(data), "--dictionary", str(words)]) == 0
    assert main(["new", str(tmp_path / "omop"), str(ward / "omop")]) == 0
    expected = survival_of(ward)
    assert len(expected) == 40
    assert survival_of(tmp_path / "redcap") == expected
    assert survival_of(tmp_path / "omop") == expected
    assert "Traceback" not in capsys.readouterr().err
