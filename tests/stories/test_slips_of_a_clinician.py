"""Slips a clinician makes in study.toml, each said clearly; and what a run may never do to a user's folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from remission.cli import main
from remission.core.errors import ProtocolError
from remission.study import StudyRun, run_study

STUDY = Path(__file__).parents[2] / "studies" / "xie2023"
Change = Callable[[str], str]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Path]:
    """A copy of the study with one text of study.toml replaced."""

    def make(old: str, new: str) -> Path:
        folder = tmp_path / "study"
        if not folder.exists():
            shutil.copytree(STUDY, folder, ignore=shutil.ignore_patterns("out"))
        path = folder / "study.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return make


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ('where = { visit = "end of course" }', 'where = { visit = "end of curse" }', "unknown-code", "end of course"),
        ('scope = "HSCT"\n\n[response]', 'scope = "HSTC"\n\n[response]', "unknown-scope", "HSCT"),
        ('by = ["blasts", "overt", "fusion", "prior"]', 'by = ["blast"]', "unknown-group", "blasts"),
        ("at_months = [6, 12]", "at_months = [6, 12, 6]", "bad-number", "twice"),
        ("at_months = [6, 12]", "at_months = [-6, 12]", "bad-number", "not after the start"),
        (
            'population = "treated"\nof = "response"',
            'population = "treatd"\nof = "response"',
            "unknown-population",
            "treated",
        ),
    ],
)
def test_a_slip_is_named_with_what_was_meant(
    changed: Callable[[str, str], Path], old: str, new: str, code: str, says: str
) -> None:
    """Nothing is analysed with a filter that keeps nobody, and nothing ends in a traceback."""
    with pytest.raises(ProtocolError) as caught:
        run_study(changed(old, new))
    assert caught.value.code == code
    assert says in str(caught.value)


def test_braces_in_a_title_are_only_braces(changed: Callable[[str, str], Path]) -> None:
    """A user's words are never a pattern."""
    folder = changed('title = "Overall survival"', 'title = "Overall {survival} {n}"')
    run = run_study(changed('label = "Children given blinatumomab"', 'label = "Children {given} it"'))
    html = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "Overall {survival} {n}" in html
    assert "Children {given} it" in html
    assert not run.stopped


def test_a_gap_between_levels_is_a_finding(changed: Callable[[str, str], Path]) -> None:
    """Three children have between 10 and 25 per cent of blasts: they are not `not recorded` without a word."""
    assert rules(run_study(changed('"5–25 %" = "5 .. 25"', '"5–25 %" = "5 .. 10"')))["level-gap"].startswith("3 of 33")


def rules(run: StudyRun) -> dict[str, str]:
    """Rule -> what its finding says."""
    return {f.rule: f.what for f in run.findings}


def test_the_flow_tells_unknown_from_no(changed: Callable[[str, str], Path]) -> None:
    """A child whose response is not recorded is not a child without response."""
    folder = changed(
        'values = { "Y" = "CR", "N" = "no CR" }', 'values = { "Y" = "CR", "N" = "no CR" }\nmissing = ["."]'
    )
    table = folder / "xie2023_table2.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(
        text.replace("2,Chemotherapy,78,40.5,-,1,0.15,-,Y", "2,Chemotherapy,78,40.5,-,1,0.15,-,."), encoding="utf-8"
    )
    run = run_study(folder)
    assert run.results is not None
    dropped = "flow.all.dropped{}@responders.n"
    assert run.results[dropped.format("")].value == 8
    assert run.results[dropped.format("_unknown")].value == 1
    flow = (run.out / "figures" / "figure_flow.svg").read_text(encoding="utf-8")
    assert "Not known" in flow


def test_a_patient_left_out_by_hand_stands_in_the_findings(changed: Callable[[str, str], Path]) -> None:
    """With the reason, and in no analysis."""
    run = run_study(
        changed("[groups.response]\n", '[exclude.patients]\n"7" = "withdrew consent"\n\n[groups.response]\n')
    )
    assert rules(run)["left-out-by-hand"] == "A patient was left out by hand: withdrew consent."
    assert run.results is not None
    assert run.results["flow.all.population@treated.n"].value == 32


def test_files_of_the_user_stay(changed: Callable[[str, str], Path], tmp_path: Path) -> None:
    """A run replaces what an earlier run wrote and touches nothing else, also when the data stop it."""
    folder, out = changed("", ""), tmp_path / "results"
    for name in ("figures/slides.pptx", "tables/mine.csv", "notes.txt"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("precious")
    assert main(["study", str(folder), "--out", str(out)]) == 0
    before = {p.name for p in (out / "figures").iterdir()}
    table = folder / "xie2023_table2.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("\n2,Chemotherapy", "\n1,Chemotherapy", 1), encoding="utf-8"
    )
    assert main(["study", str(folder), "--out", str(out)]) == 1
    assert len(before) > 3
    left = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert left == {"figures/slides.pptx", "tables/mine.csv", "notes.txt", "findings.csv"}


def test_undated_deaths_are_said_to_flatter_the_estimate(changed: Callable[[str, str], Path]) -> None:
    """Deaths without a day leave the estimate, and the report says what that does."""
    folder = changed(
        'header = "Follow-up time (months)"\nto = "outcomes.follow_up_day"',
        'header = "Follow-up time (months)"\nto = "outcomes.follow_up_day"\nmissing = ["7.3"]',
    )
    run = run_study(folder)
    html = (run.out / "report.html").read_text(encoding="utf-8")
    assert "which is therefore too good" in html
    assert run.results is not None
    assert run.results["os.all.not_evaluable.n"].value == 1


def test_the_forest_bears_the_naive_mark(tmp_path: Path) -> None:
    """Counts of deaths and relapses by what came later are marked in the picture too."""
    run = run_study(STUDY.parent / "yin2024", tmp_path / "out")
    svg = (run.out / "figures" / "figure_deaths_subgroups.svg").read_text(encoding="utf-8")
    assert "naive, biased" in svg
