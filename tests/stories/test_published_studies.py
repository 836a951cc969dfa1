"""Two published studies, redone from their own printed tables: from the sheet to the report and back."""

from __future__ import annotations

import json
import math
import re
import shutil
from pathlib import Path

import pytest

from remission.cli import main
from remission.core.findings import Finding
from remission.endpoints import library as endpoint_library
from remission.report.readback import read_back
from remission.results import methods as methods_module
from remission.results.check import find_faults
from remission.results.diff import diff_results
from remission.results.files import read_results, read_results_csv, read_results_parquet
from remission.results.table import Results
from remission.study import StudyRun, run_study

ROOT = Path(__file__).parents[2]
STUDIES = ROOT / "studies"
GOLDEN = ROOT / "tests" / "golden" / "published_studies.txt"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StudyRun]:
    """Both studies, run once."""
    out = tmp_path_factory.mktemp("out")
    return {name: run_study(STUDIES / name, out / name) for name in ("xie2023", "yin2024")}


def rows(run: StudyRun) -> Results:
    """The results of a study that was not stopped."""
    assert run.results is not None
    return run.results


def shown(run: StudyRun, row_id: str) -> str:
    """What the documents print."""
    return rows(run)[row_id].shown


def finding(run: StudyRun, rule: str, file: str, column: str) -> Finding:
    """The one finding of a rule in a column."""
    found = [f for f in run.findings if (f.rule, f.file, f.column) == (rule, file, column)]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("line", GOLDEN.read_text().splitlines())
def test_numbers_equal_those_of_r(runs: dict[str, StudyRun], line: str) -> None:
    """Every number R was asked for is ours to nine digits; the p-values of a chi-square tail to the same."""
    study, row_id, value = line.split()
    assert math.isclose(rows(runs[study])[row_id].value or math.nan, float(value), rel_tol=1e-9)


def test_xie2023_says_what_its_table_says(runs: dict[str, StudyRun]) -> None:
    """33 children, 26 in remission, 4 deaths; the survival probabilities, the tests and both medians of follow-up."""
    expected = {
        "flow.all.recorded.n": "33",
        "response.all.response_rate@cr.n": "26",
        "response.all.response_rate@cr.estimate": "78.8%",
        "response.all.response_rate@cr.low": "61.1",
        "response.all.response_rate@cr.high": "91.0",
        "os.all.os.events": "4",
        "os.all.survival@6mo.estimate": "100%",
        "os.all.survival@12mo.estimate": "86.5%",
        "os.by_response.logrank.statistic": "5.83",
        "os.by_response.logrank.p": "0.016",
        "os_landmark_29d.by_response.logrank.p": "0.016",
        "os_landmark_29d.by_response.before_landmark.n": "0",
        "os_hsct.by_hsct.logrank.p": "0.38",
        "follow_up.all.plain.median": "10.4",
        "follow_up.all.reverse_km.estimate": "11.3",
        "next.by_response.cr.next_treatment_rate@hsct.n": "15",
        "grafts.all.records.N": "16",
        "grafts.all.patients.N": "15",
        "engraftment_first.all.neutrophils_rate@engrafted.n": "14",
        "engraftment.all.any_graft_rate@engrafted.n": "15",
    }
    assert {row_id: shown(runs["xie2023"], row_id) for row_id in expected} == expected


def test_yin2024_says_what_its_tables_say(runs: dict[str, StudyRun]) -> None:
    """16 CR, 9 CRi, 5 none; 12 MRD-negative; further treatment and relapse of the responders."""
    expected = {
        "response.all.response@cr.n": "16",
        "response.all.response@cri.n": "9",
        "response.all.response@no_response.n": "5",
        "mrd.all.mrd_rate@mrd_negative.n": "12",
        "mrd.all.mrd_rate@mrd_negative.estimate": "40.0%",
        "next.by_responded.responder.next_treatment_rate@transplantation.n": "8",
        "next.by_responded.responder.next_treatment_rate@none.n": "3",
        "relapse.all.relapsed_rate@relapse.n": "5",
        "deaths.all.vital_rate@alive.n": "24",
    }
    assert {row_id: shown(runs["yin2024"], row_id) for row_id in expected} == expected


def test_no_survival_is_invented(runs: dict[str, StudyRun]) -> None:
    """Without a published time there is one failed row a survival analysis, with the reason, and no estimate."""
    for row_id in ("os.all.os.estimate", "pfs.all.pfs.estimate"):
        row = rows(runs["yin2024"])[row_id]
        assert (row.status, row.value) == ("failed", None)
        assert "not recorded" in row.note
    assert not [r for r in rows(runs["yin2024"]).rows.values() if r.variable in ("survival", "median", "curve")]
    dfs = rows(runs["xie2023"])["dfs.all.dfs.estimate"]
    assert dfs.status == "failed"
    assert "relapse is not recorded" in dfs.note


def test_naive_comparisons_are_marked_wherever_they_stand(runs: dict[str, StudyRun]) -> None:
    """Every row of survival or death by a later group says so; the landmark's rows and baseline groups do not."""
    for run, analyses in ((runs["xie2023"], {"os", "os_hsct", "deaths"}), (runs["yin2024"], {"deaths", "relapse"})):
        marked = {r.analysis for r in rows(run).rows.values() if "naive, biased" in r.note}
        assert marked == analyses
    for row in rows(runs["xie2023"]).rows.values():
        if row.analysis == "os" and row.group == "response" and row.status == "ok":
            assert "naive, biased" in row.note, row.id
    html = (runs["xie2023"].out / "report.html").read_text(encoding="utf-8")
    assert "naive and biased" in html
    assert "landmark on day" in html


def test_findings_name_every_fold_with_table_row_and_column(runs: dict[str, StudyRun]) -> None:
    """Greek and Cyrillic letters, marks, floors, the second graft and the exotic hyphens each at their cells."""
    xie, yin = runs["xie2023"], runs["yin2024"]
    t2, t4 = "xie2023_table2.csv", "xie2023_table4.csv"
    assert finding(xie, "look-alike", t2, "CR").row == "9, 17, 22, 24, 30"
    cyrillic = [f for f in xie.findings if f.rule == "look-alike" and f.file == t4]
    assert {(f.column, f.row) for f in cyrillic} == {("Donor type", "5, 8, 9, 10")}
    assert finding(xie, "marked-id", t2, "Case").row == "12, 15, 19, 25, 28, 32, 34"
    assert finding(xie, "continued-row", t4, "Number").row == "6"
    assert finding(xie, "assay-floor", t2, "After blinatumomab: MRD %").what.startswith("25 cells")
    assert finding(xie, "blasts-exactly-5", t2, "After blinatumomab: Primitive cells%").row == "9"
    assert finding(yin, "look-alike", "yin2024_table2.csv", "Response to blina").row == "7, 10, 12, 25, 27"
    assert not [f for run in runs.values() for f in run.findings if f.severity == "error"]


def test_results_survive_their_files_without_loss(runs: dict[str, StudyRun]) -> None:
    """CSV and Parquet give back the very rows; the structural checks hold for what was read."""
    for run in runs.values():
        made = tuple(rows(run).rows.values())
        assert read_results_csv(run.out / "results.csv") == made
        assert read_results_parquet(run.out / "results.parquet") == made
        assert find_faults(read_results(run.out)) == []


def test_every_number_of_the_docx_is_a_result_row(runs: dict[str, StudyRun]) -> None:
    """Read back from Word: a number is the shown text of a row, or stands in study.toml or our fixed words."""
    fixed = [
        *(p.read_text(encoding="utf-8") for p in sorted((ROOT / "src/remission/display").rglob("*.py"))),
        (Path(methods_module.__file__).parent / "methods.toml").read_text(encoding="utf-8"),
        (Path(endpoint_library.__file__).parent / "library.toml").read_text(encoding="utf-8"),
        __import__("remission").__version__,
    ]
    for run in runs.values():
        known = [*fixed, run.protocol.text]
        assert read_back(run.out / "report.docx", rows(run), known) == []


def test_html_is_one_file_that_asks_nobody(runs: dict[str, StudyRun]) -> None:
    """No address to load from, all figures inside, every result id it shows in its data."""
    for run in runs.values():
        html = (run.out / "report.html").read_text(encoding="utf-8")
        assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", html)
        assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", html)
        ids = set(re.findall(r'<button[^>]*data-id="([^"]+)"', html))
        assert ids
        assert ids <= set(rows(run).rows)


def test_every_patient_has_a_row_for_every_endpoint(runs: dict[str, StudyRun]) -> None:
    """endpoints.csv: 33 children by two endpoints, each with its reason; nobody disappears."""
    lines = (runs["xie2023"].out / "endpoints.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 * 33
    assert all(line.split(",")[4] for line in lines[1:])


def test_a_number_leads_back_to_its_cells(runs: dict[str, StudyRun]) -> None:
    """The four deaths: who they are, and the cells that say so."""
    results = rows(runs["xie2023"])
    row = results["os.all.os.events"]
    assert results.members[row.members] == ("20", "21", "23", "4")
    fields = results.lineage[("os", "os")]
    assert "outcomes.status" in fields
    cells = {p: results.cells["outcomes.status"][p] for p in results.members[row.members]}
    assert {(p, c[0].row, c[0].column) for p, c in cells.items()} == {
        ("4", 5, "Live"),
        ("20", 21, "Live"),
        ("21", 22, "Live"),
        ("23", 24, "Live"),
    }


def test_same_input_gives_the_same_bytes(runs: dict[str, StudyRun], tmp_path: Path) -> None:
    """results.csv, members, findings, run.json, both reports and all figures are the same in a second run."""
    again = run_study(STUDIES / "xie2023", tmp_path / "again")
    first = runs["xie2023"].out
    for path in sorted(p for p in first.rglob("*") if p.is_file()):
        assert path.read_bytes() == (again.out / path.relative_to(first)).read_bytes(), path.name


def test_one_changed_cell_moves_the_numbers_that_rest_on_it(runs: dict[str, StudyRun], tmp_path: Path) -> None:
    """Case 23 alive instead of dead: the difference of two runs names the numbers and the patient."""
    folder = tmp_path / "xie2023"
    shutil.copytree(STUDIES / "xie2023", folder, ignore=shutil.ignore_patterns("out"))
    table = folder / "xie2023_table2.csv"
    text = table.read_text(encoding="utf-8")
    line = next(row for row in text.splitlines() if row.startswith("23,"))
    table.write_text(text.replace(line, line.replace(",-,N,7.3", ",-,Y,7.3")), encoding="utf-8")
    changed = run_study(folder, tmp_path / "out")
    diff = diff_results(runs["xie2023"].out, changed.out)
    moved = {m.old.id: m for m in diff.moved}
    assert moved["os.all.os.events"].left == ("23",)
    assert "response.all.response_rate@cr.estimate" not in moved
    assert "os.all.os.events" in diff.as_text()


def test_the_command_line_prints_rows_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--json: findings and rows, nothing else on standard output."""
    assert main(["study", str(STUDIES / "yin2024"), "--out", str(tmp_path / "out"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["stopped"] is False
    assert {"id", "value", "method"} <= set(answer["results"][0])
    assert main(["check", str(STUDIES / "yin2024"), "--json"]) == 0
    assert "patients" not in json.loads(capsys.readouterr().out)["findings"][0]
