"""A synthetic ward in a messy workbook: proposed, reviewed, read and checked; every planted trap is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from remission.cli import main
from remission.cohort.propose import propose_study
from remission.cohort.table import Cohort
from remission.core.findings import Finding

from .messy_workbook import SYNTHETIC, Trap, make_messy_workbook
from .reading import read_study
from .ward import make_events, make_truth

REVIEWED = (Path(__file__).parent / "messy_study.toml").read_text(encoding="utf-8")
CELL = re.compile(r"([A-Z]+)(\d*)")


def is_at(finding: Finding, trap: Trap) -> bool:
    """Whether a finding is of the trap's rule, severity and cell (a finding about whole rows has no column)."""
    column, row = CELL.fullmatch(trap.cell).groups()  # type: ignore[union-attr]
    same = (finding.rule, finding.severity, finding.sheet) == (trap.rule, trap.severity, trap.sheet)
    in_column = finding.column in ("", column)
    return same and in_column and (not row or row in finding.row.split(", "))


@pytest.mark.parametrize("errors", [False, True])
def test_every_trap_is_found_at_its_cell_and_nothing_else_is_an_error(tmp_path: Path, errors: bool) -> None:
    """What was planted is told where it stands; the only errors are the planted ones."""
    traps = make_messy_workbook(tmp_path / "ward.xlsx", errors=errors)
    _, findings = read_study(REVIEWED, tmp_path)
    assert [trap for trap in traps if not any(is_at(f, trap) for f in findings)] == []
    planted = [trap for trap in traps if trap.severity == "error"]
    stray = [f for f in findings if f.severity == "error" and not any(is_at(f, trap) for trap in planted)]
    assert stray == []
    assert bool(planted) == errors


def test_the_ward_is_read_as_it_really_is(tmp_path: Path) -> None:
    """Through mixed dates, decimal commas, percentages and look-alikes every value comes out right."""
    make_messy_workbook(tmp_path / "ward.xlsx")
    cohort, _ = read_study(REVIEWED, tmp_path)
    assert_truth(cohort)


def test_the_proposal_reads_the_ward_without_a_change(tmp_path: Path) -> None:
    """Where the mapping is clear, the proposal needs no correction: no error, and the same ward."""
    make_messy_workbook(tmp_path / "ward.xlsx")
    text = propose_study(tmp_path / "ward.xlsx").to_toml()
    cohort, findings = read_study(text, tmp_path)
    assert [f for f in findings if f.severity == "error"] == []
    assert_truth(cohort)


def test_the_proposal_holds_nothing_that_tells_who_a_patient_is(tmp_path: Path) -> None:
    """Names, hospital numbers, telephones, birth dates and remarks stay in the workbook."""
    make_messy_workbook(tmp_path / "ward.xlsx", errors=True)
    text = propose_study(tmp_path / "ward.xlsx").to_toml()
    sheet = load_workbook(tmp_path / "ward.xlsx")["Patients"]
    for row in range(6, 30):
        for column in ("B", "C", "D", "E", "Q"):
            value = sheet[f"{column}{row}"].value
            assert value is None or str(value) not in text


def test_the_workbook_says_that_nobody_in_it_exists(tmp_path: Path) -> None:
    """The first cell is a label nobody can miss."""
    make_messy_workbook(tmp_path / "ward.xlsx")
    assert load_workbook(tmp_path / "ward.xlsx")["Patients"]["A1"].value == SYNTHETIC


def assert_truth(cohort: Cohort) -> None:
    """The cohort is the ward before it was typed into a workbook."""
    truth = make_truth()
    patients, outcomes = cohort.tables["patients"].columns, cohort.tables["outcomes"].columns
    assert patients["patient"] == [t.patient for t in truth]
    assert patients["sex"] == [t.sex for t in truth]
    assert patients["age_years"] == [t.age for t in truth]
    assert patients["diagnosis_day"] == [t.diagnosis_day for t in truth]
    assert patients["first_infusion_day"] == [0] * len(truth)
    assert patients["wbc_10e9_l"] == [t.wbc for t in truth]
    assert outcomes["status"] == [t.status for t in truth]
    assert outcomes["relapse"] == [t.relapse for t in truth]
    assert outcomes["relapse_day"] == [t.relapse_day for t in truth]
    assert outcomes["death_day"] == [t.last_day if t.status == "dead" else None for t in truth]
    assert outcomes["last_contact_day"] == [t.last_day if t.status == "alive" else None for t in truth]
    assert cohort.tables["therapies"].columns["start_day"] == [t.hsct_day for t in truth if t.hsct_day is not None]
    marrow = cohort.tables["marrow"].columns
    assert marrow["blasts_percent"] == [b for t in truth for b in (t.blasts_before, t.blasts_after)]
    assert marrow["mrd_percent"] == [m for t in truth for m in (t.mrd_before, float(t.mrd_after.removeprefix("<")))]
    assert marrow["mrd_percent_sign"] == [s for t in truth for s in ("", "<" if t.mrd_after[0] == "<" else "")]
    assert marrow["response_reported"] == [r for t in truth for r in (None, t.response)]
    assert marrow["day"] == [d for _ in truth for d in (-3, 15)]
    events = cohort.tables["adverse_events"].columns
    read = list(zip(*(events[n] for n in ("patient", "term", "grade", "start_day", "end_day")), strict=True))
    assert read == make_events()


@pytest.mark.parametrize(("errors", "code"), [(False, 0), (True, 1)])
def test_a_study_runs_to_its_end_or_stops_for_the_errors(tmp_path: Path, errors: bool, code: int) -> None:
    """From the workbook to the report without a line changed; with errors in the data it stops with exit code 1."""
    make_messy_workbook(tmp_path / "ward.xlsx", errors=errors)
    folder, out = tmp_path / "study", tmp_path / "out"
    assert main(["new", str(folder), str(tmp_path / "ward.xlsx")]) == 0
    assert main(["study", str(folder), "--out", str(out)]) == code
    assert (out / "report.html").is_file() == (code == 0)
    assert (out / "findings.csv").is_file()
