"""The shells of the papers' tables and figures: same rows, columns and denominators, from study.toml alone.

The patients are made up; what is held here are headings, rows and denominators, not numbers.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from remission.analyses.spec import KINDS
from remission.study import StudyRun, run_study

ROOT = Path(__file__).parents[2]
PAPERS = (ROOT / "docs" / "papers.md").read_text(encoding="utf-8")

# what each paper tabulates and draws, as analyses beside those of the ward
SHELLS = """
[groups.age]
label = "Age"
of = "patients.age_years"
levels = { "≤18" = "<= 18", ">18" = "> 18" }

[populations.overt]
label = "Patients with overt disease"
from = "treated"
when = { table = "marrow", visit = "before", blasts_percent = ">= 5" }
excluded = "fewer than 5 % blasts"

[populations.icans]
label = "Patients with ICANS"
from = "treated"
when = { table = "adverse_events", term = "ICANS" }
excluded = "no ICANS"

[[analysis]]
id = "wang_1"
kind = "baseline"
title = "Wang 2025, Table 1"
population = "treated"
variables = ["group.sex", "group.age", "patients.age_years", "group.blasts", "group.ph", "patients.prior_hsct"]

[[analysis]]
id = "wang_2"
kind = "adverse-events"
title = "Wang 2025, Table 2"
population = "treated"
bands = ["1-2", ">=3", "any"]

[[analysis]]
id = "wang_3"
kind = "rates"
title = "Wang 2025, Table 3"
population = "overt"
of = "response"
rates = { "CR" = ["CR", "CRi"] }
by = ["sex", "age", "load", "ph"]

[[analysis]]
id = "xie_3"
kind = "adverse-events"
title = "Xie 2023, Table 3"
population = "treated"
bands = ["any", "3-4"]

[[analysis]]
id = "xie_4"
kind = "records"
title = "Xie 2023, Table 4"
population = "treated"
table = "therapies"
unit = "grafts"
where = { kind = "HSCT", relation = "after" }
variables = ["donor", "graft_source", "neutrophil_engraftment_days", "platelet_engraftment_days"]

[[analysis]]
id = "yin_3"
kind = "adverse-events"
title = "Yin 2024, Table 3"
population = "treated"
bands = ["any", ">=3"]

[[analysis]]
id = "shanghai_1"
kind = "baseline"
title = "shanghai2025, Table 1"
population = "treated"
variables = ["group.sex", "patients.age_years", "patients.wbc_10e9_l", "patients.genetic_risk"]
by = "load"
tests = true

[[analysis]]
id = "shanghai_3"
kind = "adverse-events"
title = "shanghai2025, Table 3"
population = "treated"
unit = "cycles"
bands = ["0", "1-2", "3-4"]
by = "load"
terms = ["CRS", "ICANS", "neutropenia", "thrombocytopenia"]

[[analysis]]
id = "shanghai_4"
kind = "listing"
title = "shanghai2025, Table 4"
population = "icans"
columns = ["patients.age_years", "group.response"]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StudyRun:
    folder = tmp_path_factory.mktemp("papers")
    for source in (ROOT / "studies" / "synthetic_ward").iterdir():
        if source.is_file():
            (folder / source.name).write_bytes(source.read_bytes())
    text = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(text + SHELLS, encoding="utf-8")
    made = run_study(folder, folder / "out")
    assert not made.stopped, made.findings
    return made


def table(run: StudyRun, name: str) -> list[list[str]]:
    with (run.out / "tables" / f"table_{name}.csv").open(encoding="utf-8-sig") as file:
        return [[cell.replace("\n", " ") for cell in line] for line in csv.reader(file)]


def heads(run: StudyRun, name: str) -> list[str]:
    return [line[0].strip() for line in table(run, name)]


def test_wang_2025(run: StudyRun) -> None:
    """Characteristics of all; grades 1-2, ≥3 and total; remission of those with overt disease only, by subgroup."""
    assert {"Sex", "Age", "Marrow blasts before treatment", "Philadelphia chromosome"} <= set(heads(run, "wang_1"))
    assert table(run, "wang_2")[0][1:4] == [
        "Grade 1–2, patients (%)",
        "Grade ≥3, patients (%)",
        "Any grade, patients (%)",
    ]
    assert {"Sex", "male", "female", "≤18", ">18", "<50 %", "≥50 %"} <= set(heads(run, "wang_3"))
    assert run.results is not None
    overt = [r for r in run.results.rows.values() if r.analysis == "wang_3" and r.stat == "N" and not r.group]
    everybody = run.results["wang_1.all.patients.N"].value
    assert 0 < (overt[0].value or 0) < (everybody or 0)


def test_xie_2023(run: StudyRun) -> None:
    """All events and grade 3-4 of all patients; grafts counted as grafts; immunoglobulins in pairs."""
    assert table(run, "xie_3")[0][1:3] == ["Any grade, patients (%)", "Grade 3–4, patients (%)"]
    assert any("Donor" in head for head in heads(run, "xie_4"))
    assert any("Grafts" in cell for line in table(run, "xie_4") for cell in line)
    assert table(run, "immunoglobulins_changes")[0][:4] == ["Against before", "Pairs", "Change (95% CI)", "p"]


def test_yin_2024(run: StudyRun) -> None:
    """Any grade and ≥3; the patients one by one; curves by response with their landmark."""
    assert table(run, "yin_3")[0][1:3] == ["Any grade, patients (%)", "Grade ≥3, patients (%)"]
    assert len(table(run, "patients")) == 61
    assert (run.out / "figures" / "figure_os_response.svg").exists()
    assert list((run.out / "figures").glob("figure_os_landmark_*_response.svg"))


def test_shanghai2025(run: StudyRun) -> None:
    """A p beside each characteristic; events per cycle by group with G0; the patients with ICANS only."""
    assert table(run, "shanghai_1")[0][-1] == "p"
    above, below = table(run, "shanghai_3")[:2]
    assert next(cell for cell in above if cell).startswith("<50 %")
    assert below[1:4] == ["Grade 0, cycles (%)", "Grade 1–2, cycles (%)", "Grade 3–4, cycles (%)"]
    assert heads(run, "shanghai_3")[2:] == ["Any event", "CRS", "ICANS", "Neutropenia", "Thrombocytopenia"]
    assert run.results is not None
    cycles = run.results["shanghai_3.all.cycles.N"]
    assert cycles.unit == "cycles"
    assert (cycles.value or 0) > 60
    with_icans = run.results.members[run.results["harm_bands.all.icans@any.n"].members]
    assert len(table(run, "shanghai_4")) - 1 == len(with_icans)


@pytest.mark.parametrize(
    "figure",
    [
        "figure_t_cells", "figure_t_cells_change", "figure_cytokines", "figure_mrd_fall", "figure_ways",
        "figure_harm_bands", "figure_harm_centre", "figure_survival_in_subgroups", "figure_response_in_subgroups",
        "figure_course_1",
    ],
)  # fmt: skip
def test_pictures(run: StudyRun, figure: str) -> None:
    """Every picture people look for is one line of study.toml."""
    for kind in ("svg", "png", "pdf"):
        assert (run.out / "figures" / f"{figure}.{kind}").stat().st_size > 2_000


def test_the_page_names_kinds_that_exist() -> None:
    """Each line of docs/papers.md asks for a kind of analysis there is."""
    named = set(re.findall(r'kind = "([a-z-]+)"', PAPERS))
    assert len(named) > 9
    assert named <= set(KINDS)
