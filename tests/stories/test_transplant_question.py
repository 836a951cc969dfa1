"""The transplant question on public data: naive, time-dependent and from landmarks, against R, and told in words."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from remission.report.readback import read_back
from remission.results.check import find_faults
from remission.results.table import Results
from remission.study import StudyRun, run_study

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "myeloid_study.txt"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StudyRun:
    """The study, run once."""
    return run_study(ROOT / "studies" / "myeloid", tmp_path_factory.mktemp("out") / "myeloid")


@pytest.fixture(scope="module")
def results(run: StudyRun) -> Results:
    """Its rows."""
    assert run.results is not None
    return run.results


@pytest.mark.parametrize("line", GOLDEN.read_text().splitlines())
def test_numbers_equal_those_of_r(results: Results, line: str) -> None:
    """Estimates to 1e-8, standard errors, tests and p-values to 1e-7 (cmprsk stops its search 1e-8 before the end)."""
    row_id, value = line.split()
    found = results[row_id].value
    tolerance = 1e-8 if row_id.endswith(("ratio", "estimate", "low", "high")) else 1e-7
    assert math.isclose(found if found is not None else math.nan, float(value), rel_tol=tolerance), row_id


def test_the_naive_answer_is_marked_and_points_the_other_way(results: Results) -> None:
    """0.75 against 1.80: the direction turns, and every naive row says that it is biased."""
    assert results["transplant.all.naive.ratio"].shown == "0.75"
    assert results["transplant.all.time_dependent.ratio"].shown == "1.80"
    naive = [r for r in results.rows.values() if r.analysis == "transplant" and r.variable.startswith("naive")]
    assert naive
    assert all("naive, biased" in r.note for r in naive)


def test_nobody_is_at_risk_in_two_states(results: Results) -> None:
    """On every day the two states hold no more patients than are under observation."""
    whole = {
        r.category: r.value for r in results.rows.values() if r.id.startswith("os.all.at_risk@") and r.stat == "at_risk"
    }
    for day, total in whole.items():
        states = [
            results[f"transplant.by_state.{state}.at_risk@{day}.at_risk"].value or 0
            for state in ("not_yet_transplanted", "transplanted")
        ]
        assert total is not None
        assert sum(states) <= total


def test_relapse_death_and_neither_add_up_to_one(results: Results) -> None:
    """CIR + NRM + RFS = 1 at every time printed."""
    sums = [r.value for r in results.rows.values() if r.variable == "closure"]
    assert len(sums) == 9
    assert all(math.isclose(s or 0, 1, rel_tol=1e-12) for s in sums)


def test_state_probabilities_add_up_to_one(results: Results) -> None:
    """On every day of the picture."""
    days: dict[str, float] = {}
    for row in results.rows.values():
        if row.variable == "occupancy_curve":
            day = row.category.rpartition("_")[2]
            days[day] = days.get(day, 0.0) + (row.value or 0)
    assert len(days) > 100
    assert all(math.isclose(total, 1, rel_tol=1e-9) for total in days.values())


def test_a_later_event_is_refused_as_a_covariate(results: Results) -> None:
    """Transplantation may not stand in a model from the start; the row names what to ask for instead."""
    row = results["hazards.all.hsct.ratio"]
    assert (row.status, row.value) == ("failed", None)
    assert "later-event" in row.note


def test_the_report_tells_it_so_that_a_clinician_understands(run: StudyRun) -> None:
    """Which way the bias goes, how large it is, and what is left."""
    html = (run.out / "report.html").read_text(encoding="utf-8")
    for words in ("Naive and biased", "opposite directions", "guarantee-time bias", "confounded", "from a landmark"):
        assert words in html


def test_the_rows_hold_together_and_word_prints_only_rows(run: StudyRun, results: Results) -> None:
    """The structural checks, and every number of the docx read back."""
    assert find_faults(results) == []
    fixed = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "src/remission/display").glob("*.py"))]
    fixed += [(ROOT / "src/remission" / f).read_text() for f in ("results/methods.toml", "endpoints/library.toml")]
    fixed += [(ROOT / "src/remission/analyses/guard.py").read_text(), (ROOT / "src/remission/__init__.py").read_text()]
    assert read_back(run.out / "report.docx", results, [*fixed, run.protocol.text]) == []
