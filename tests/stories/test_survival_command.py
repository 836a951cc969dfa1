"""A statistician tries the command on a table of their own: what is read, refused, printed, drawn, repeated in R."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from remission.cli import main
from remission.core.errors import RemissionError
from remission.results.check import check_results
from remission.results.row import ROW_FIELDS
from remission.table_survival import Ask, analyse_table, read_table
from remission.verify import compare

from .survival_calls import DATA, LUNG, call, refuse, rows_of

STUDIES = Path(__file__).resolve().parents[2] / "studies"
TOY = """\
id,months,state,arm,size
1,2,dead,A,1.5
2,4,alive,B,
3,6,dead,B,2.5
4,,dead,A,3
5,9,alive,A,3
"""


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    path = tmp_path / "toy.csv"
    path.write_text(TOY, encoding="utf-8")
    return path


# ---------------------------------------------------------------- what is printed


def test_first_try(capsys: pytest.CaptureFixture[str]) -> None:
    """Medians, log-rank with observed and expected, Cox table, proportional hazards: on one screen."""
    code, out, err = call(capsys, *LUNG, "--group", "sex", "--covariates", "age,sex", "--at", "365", "--rmst", "730")
    assert (code, err) == (0, "")
    for words in (
        "270",
        "210-306",
        "10.3267",
        "91.582",
        "0.3361",
        "311.12",
        "concordance",
        "GLOBAL",
        "228 rows of 228",
    ):
        assert words in out
    assert max(map(len, out.splitlines())) <= 120


def test_competing_risks_on_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """Both causes always."""
    table = DATA / "mgus2_cr.csv"
    line = ("survival", table, "--time", "etime", "--cause", "event", "--unit", "months", "--group", "sex")
    code, out, _ = call(capsys, *line, "--covariates", "age", "--at", "60,120")
    assert code == 0
    for words in ("cause 1", "cause 2", "Gray's test", "Fine-Gray regression, cause 2", "11.65"):
        assert words in out
    assert " 60 " in out


def test_later_event_on_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """The naive contrast is marked as biased, with the size of the bias in words."""
    line = ("survival", DATA / "myeloid.csv", "--time", "futime", "--event", "death", "--switch", "txtime")
    code, out, _ = call(capsys, *line, "--landmark", "120", "--at", "365")
    assert code == 0
    for words in ("naive, BIASED", "0.7501", "1.8021", "2.40 times too low", "Mantel-Byar", "landmark at day 120"):
        assert words in out


def test_json_has_every_field(capsys: pytest.CaptureFixture[str]) -> None:
    """Rows of the results table, nothing left out, in full precision."""
    rows = rows_of(capsys, *LUNG, "--group", "sex")
    assert all(tuple(row) == ROW_FIELDS for row in rows.values())
    assert rows["by_sex.logrank.statistic"]["value"] == pytest.approx(10.326741954885632, rel=1e-12)
    assert rows["by_sex.logrank.statistic"]["shown"] == "10.33"


@pytest.mark.parametrize(
    "ask",
    [
        Ask(DATA / "lung.csv", "time", "status=2", group="sex", covariates=("age", "ph.ecog"), strata="inst"),
        Ask(DATA / "veteran.csv", "time", "status", group="celltype", covariates=("celltype", "age"), cluster="karno"),
        Ask(DATA / "myeloid.csv", "futime", "death", switch="txtime", covariates=("trt",), group="trt"),
        Ask(DATA / "mgus2_cr.csv", "etime", cause="event", group="sex", covariates=("sex",), strata="male"),
        Ask(DATA / "heart_pieces.csv", "stop", "died", entry="start", group="transplant", covariates=("age",)),
        Ask(DATA / "lung.csv", "time", "status=2", group="sex", preset="Prism"),
    ],
    ids=["plain", "clusters", "later event", "competing", "late entry", "preset"],
)
def test_rows_keep_the_rules_of_the_table(ask: Ask) -> None:
    """Ids, statistics, methods and limits hold what docs/how-to/results-table.md says."""
    check_results(analyse_table(read_table(ask)))


# ---------------------------------------------------------------- what is read


def test_words_units_and_gaps(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """dead/alive, months, a row without a time, a covariate with a gap: counted and said."""
    rows = rows_of(
        capsys, "survival", toy, "--time", "months", "--event", "state", "--unit", "months", "--group", "arm",
        "--covariates", "size", "--at", "3", "--median-at-risk", "0",
    )  # fmt: skip
    assert rows["all.rows.N"]["value"] == 4
    assert rows["all.rows.events"]["value"] == 2
    assert (rows["all.left_out.n"]["value"], rows["all.left_out.n"]["note"]) == (1, "no months (1)")
    assert rows["all.cox_model_left_out.n"]["value"] == 1
    assert rows["all.survival@91d.estimate"]["value"] == 0.75
    assert rows["all.median.estimate"]["value"] == 183
    assert rows["all.median.estimate"]["shown"] == "6.0"


@pytest.mark.parametrize("ending", ["tsv", "xlsx", "semicolon"])
def test_any_table(ending: str, toy: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The same table with tabs, in a workbook, or as a European csv gives the same numbers."""
    cells = [line.split(",") for line in TOY.splitlines()]
    if ending == "xlsx":
        book = openpyxl.Workbook()
        for i, line in enumerate(cells):
            book.active.append([(float(c) if c and i and c.replace(".", "").isdigit() else c or None) for c in line])
        path = tmp_path / "toy.xlsx"
        book.save(path)
    elif ending == "tsv":
        path = tmp_path / "toy.tsv"
        path.write_text(TOY.replace(",", "\t"), encoding="utf-8")
    else:
        path = tmp_path / "other.csv"
        path.write_text(TOY.replace(",", ";").replace(".", ","), encoding="utf-8")
    line = ("--time", "months", "--event", "state", "--covariates", "size", "--group", "arm")
    ours, theirs = (rows_of(capsys, "survival", p, *line) for p in (path, toy))
    assert {i: r["value"] for i, r in ours.items()} == {i: r["value"] for i, r in theirs.items()}


def test_text_becomes_indicators(capsys: pytest.CaptureFixture[str]) -> None:
    """Against the first level in sorted order, which is named."""
    line = ("survival", DATA / "veteran.csv", "--time", "time", "--event", "status", "--covariates", "celltype")
    rows = rows_of(capsys, *line)
    assert rows["all.cox_celltype@adeno.text"]["text"] == "reference"
    assert {i for i in rows if i.startswith("all.cox_celltype@") and i.endswith("ratio")} == {
        f"all.cox_celltype@{level}.ratio" for level in ("large", "smallcell", "squamous")
    }
    assert "text, as 3 indicators against adeno" in rows["all.note@1.text"]["text"]


# ---------------------------------------------------------------- what is refused

TABLES = {
    "words": "time,event\nlong,1\n3,0\n",
    "negative": "time,event\n-4,1\n3,0\n",
    "fractions": "time,event\n1.5,1\n3,0\n",
    "codes": "time,event\n1,1\n3,2\n",
    "nobody": "time,event\n1,0\n3,0\n",
    "entry": "time,event,entry\n5,1,5\n7,0,2\n",
    "mixed": "time,event,x\n1,1,3\n2,0,4\n3,1,many\n4,1,5\n",
    "same": "time,event,x\n1,1,a\n2,0,a\n",
    "empty": "time,event,x\n1,1,\n2,0,\n",
    "causes": "time,event\n1,1.5\n2,0\n",
    "alike": "time,event,x\n1,1,>1\n2,0,gt1\n",
}
ROWS = ("--time", "time", "--event", "event")


@pytest.mark.parametrize(
    ("code", "table", "more"),
    [
        ("time-not-a-number", "words", ROWS),
        ("negative-time", "negative", ROWS),
        ("time-not-whole", "fractions", ROWS),
        ("event-codes", "codes", ROWS),
        ("no-events", "nobody", ROWS),
        ("event-code-absent", "nobody", ("--time", "time", "--event", "event=7")),
        ("entry-not-before-exit", "entry", (*ROWS, "--entry", "entry")),
        ("covariate-not-a-number", "mixed", (*ROWS, "--covariates", "x")),
        ("constant-covariate", "same", (*ROWS, "--covariates", "x")),
        ("empty-column", "empty", (*ROWS, "--covariates", "x")),
        ("cause-codes", "causes", ("--time", "time", "--cause", "event")),
        ("levels-alike", "alike", (*ROWS, "--group", "x")),
        ("column-used-twice", "same", (*ROWS, "--covariates", "time")),
        ("unknown-column", "same", (*ROWS, "--group", "tiem")),
    ],
)
def test_a_table_that_cannot_be_used(
    code: str, table: str, more: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, what is wrong, where, what to do; rows are named, values never."""
    path = tmp_path / "table.csv"
    path.write_text(TABLES[table], encoding="utf-8")
    err = refuse(capsys, code, "survival", path, *more)
    assert "What to do:" in err
    for value in ("long", "-4", "1.5", "many"):
        assert value not in err


def test_the_event_of_r_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 1/2, as R codes it, is not guessed: the message says how to say it."""
    err = refuse(capsys, "event-codes", "survival", DATA / "lung.csv", "--time", "time", "--event", "status")
    assert "--event status=2" in err


def test_a_misspelt_column(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest name is proposed."""
    err = refuse(capsys, "unknown-column", *LUNG, "--group", "sexx")
    assert "Did you mean 'sex'?" in err


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("options-clash", ("--time", "time")),
        ("options-clash", ("--time", "time", "--event", "status=2", "--cause", "sex")),
        ("options-clash", ("--time", "time", "--event", "status=2", "--landmark", "30")),
        ("options-clash", ("--time", "time", "--event", "status=2", "--firth")),
        ("options-clash", ("--time", "time", "--cause", "status", "--switch", "age")),
        ("options-clash", ("--time", "time", "--event", "status=2", "--rmst", "0")),
        (
            "options-clash",
            ("--time", "time", "--event", "status=2", "--covariates", "age", "--firth", "--ties", "exact"),
        ),
        ("bad-call", ("--time", "time", "--event", "status=2", "--at", "one")),
        ("bad-call", ("--time", "time", "--event", "status=2", "--rmst", "1,2")),
        ("bad-call", ("--time", "time", "--event", "status=2", "--preset", "Excel")),
        ("bad-call", ("--time", "time", "--event", "status=2", "--ties", "both")),
        ("bad-call", ("--event", "status=2")),
        ("figure-kind", ("--time", "time", "--event", "status=2", "--figure", "curves.doc")),
        ("cannot-write", ("--time", "time", "--event", "status=2", "--figure", "nowhere/curves.svg")),
        ("cannot-write", ("--time", "time", "--event", "status=2", "--save", "nowhere/out.json")),
    ],
)
def test_a_call_that_contradicts_itself(
    code: str,
    more: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Refused before anything is computed."""
    monkeypatch.chdir(tmp_path)
    refuse(capsys, code, "survival", DATA / "lung.csv", *more)


# ---------------------------------------------------------------- what is drawn


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_figure(kind: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One file of the kind that was asked for, and nothing else."""
    path = tmp_path / f"curves.{kind}"
    code, out, _ = call(capsys, *LUNG, "--group", "sex", "--figure", path)
    assert code == 0
    assert f"Wrote {path}" in out
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_size > 5_000


@pytest.mark.parametrize(
    "line",
    [
        ("mgus2_cr.csv", "--time", "etime", "--cause", "event", "--group", "sex", "--unit", "months"),
        ("myeloid.csv", "--time", "futime", "--event", "death", "--switch", "txtime"),
    ],
    ids=["competing risks", "later event"],
)
def test_other_figures(line: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Incidences of both causes; curves by current state."""
    path = tmp_path / "out.svg"
    assert call(capsys, "survival", DATA / line[0], *line[1:], "--figure", path)[0] == 0
    text = path.read_text(encoding="utf-8")
    assert "cause 2" in text or "after" in text


# ---------------------------------------------------------------- repeated in R

CALLS = {
    "groups": (
        "lung.csv", "--time", "time", "--event", "status=2", "--group", "sex", "--covariates", "age,sex,wt.loss",
        "--strata", "ph.ecog", "--at", "180,365", "--rmst", "730",
    ),
    "clusters": (
        "veteran.csv", "--time", "time", "--event", "status", "--group", "celltype", "--covariates", "age,celltype",
        "--cluster", "karno", "--landmark", "60", "--at", "90",
    ),
    "later event": (
        "myeloid.csv", "--time", "futime", "--event", "death", "--switch", "txtime", "--covariates", "trt,sex", "--at",
        "365", "--landmark", "120", "--ties", "breslow",
    ),
    "competing risks": (
        "mgus2_cr.csv", "--time", "etime", "--cause", "event", "--group", "sex", "--covariates", "age,sex", "--unit",
        "months", "--at", "60,120",
    ),
    "late entry": (
        "heart_pieces.csv", "--time", "stop", "--entry", "start", "--event", "died", "--group", "transplant",
        "--covariates", "age,surgery", "--cluster", "id", "--at", "60,730", "--rmst", "1460",
    ),
    "firth": ("firth.csv", "--time", "days", "--event", "event", "--covariates", "exposed", "--firth"),
    "preset": (
        "lung.csv", "--time", "time", "--event", "status=2", "--group", "sex", "--preset", "Prism", "--at", "365",
    ),
}  # fmt: skip


def save(capsys: pytest.CaptureFixture[str], line: tuple[str, ...], folder: Path) -> Path:
    script, saved = folder / "out.R", folder / "out.json"
    code, _, err = call(capsys, "survival", DATA / line[0], *line[1:], "--emit-r", script, "--save", saved)
    assert (code, err) == (0, "")
    return saved


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("name", CALLS)
def test_r_repeats_the_numbers(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The script that is written gives the same numbers to 1e-8, Firth's to 1e-5; what it does not repeat is named."""
    saved = save(capsys, CALLS[name], tmp_path)
    code, out, _ = call(capsys, "verify", saved, "--json")
    found = json.loads(out)
    assert code == 0, found["differences"][:5]
    assert found["agrees"]
    assert found["compared"] > 50
    assert len(found["not_repeated"]) < 40


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_a_changed_number_is_found(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One digit in the saved rows: exit code 1, and the id in the table."""
    saved = save(capsys, CALLS["preset"], tmp_path)
    content = json.loads(saved.read_text(encoding="utf-8"))
    row = next(r for r in content["results"] if r["id"] == "survival.by_sex.logrank.statistic")
    row["value"] += 1e-6
    saved.write_text(json.dumps(content), encoding="utf-8")
    code, out, _ = call(capsys, "verify", saved)
    assert code == 1
    assert "1 differ" in out
    assert "survival.by_sex.logrank.statistic" in out


@pytest.mark.parametrize("name", CALLS)
def test_the_script_is_complete(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Without R too: the script names the table beside it and holds no patient's time."""
    save(capsys, CALLS[name], tmp_path)
    text = (tmp_path / "out.R").read_text(encoding="utf-8")
    assert "library(survival)" in text
    assert CALLS[name][0] in text


def test_verify_without_r(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where R is not installed nothing is pretended: exit code 2."""
    saved = save(capsys, CALLS["preset"], tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    refuse(capsys, "no-rscript", "verify", saved)


def test_verify_needs_what_was_saved(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Another file, or rows without a script."""
    refuse(capsys, "not-saved-results", "verify", tmp_path / "nothing.json")
    other = tmp_path / "other.json"
    other.write_text("[]", encoding="utf-8")
    refuse(capsys, "not-saved-results", "verify", other)
    saved = tmp_path / "rows.json"
    assert call(capsys, *LUNG, "--save", saved)[0] == 0
    refuse(capsys, "no-script", "verify", saved)


def test_a_workbook_has_no_script(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """R reads no workbook by itself."""
    book = openpyxl.Workbook()
    for line in (["time", "event"], [1, 1], [2, 0]):
        book.active.append(line)
    path = tmp_path / "table.xlsx"
    book.save(path)
    refuse(capsys, "script-needs-text", "survival", path, *ROWS, "--emit-r", tmp_path / "out.R")


def test_what_agrees() -> None:
    """1e-8 relative; a number R does not print is listed, not counted."""
    ours = {"a": 1.0, "b": 1.0, "c": 2.0}
    found = compare(ours, {"a": 1 + 1e-7, "b": 1 + 1e-9})
    assert [d.id for d in found.wrong] == ["a"]
    assert found.not_repeated == ("c",)
    assert not found.agrees
    with pytest.raises(RemissionError) as error:
        compare({"a": 1.0}, {})
    assert error.value.code == "nothing-to-compare"


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_leaves_out_a_constant_beside_firth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A covariate without information has no coefficient on either side, and the script runs to its end."""
    table = tmp_path / "const.csv"
    lines = ["t,e,x,y", *(f"{i + 1},{i % 2},3,{(i * 7) % 5}" for i in range(20))]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    script, saved = tmp_path / "a.R", tmp_path / "a.json"
    outputs = ("--emit-r", script, "--save", saved)
    assert call(capsys, "survival", table, "--time", "t", "--event", "e", "--covariates", "x,y", *outputs)[0] == 0
    code, out, _ = call(capsys, "verify", saved, "--json")
    assert code == 0, out
    assert json.loads(out)["compared"] > 100


# ---------------------------------------------------------------- what must not happen


@pytest.mark.parametrize(
    "outputs",
    [
        ("--save", "lung.csv"),
        ("--emit-r", "lung.csv"),
        ("--save", "link.csv"),
        ("--save", "one", "--emit-r", "one"),
    ],
)
def test_the_table_is_never_written_over(
    outputs: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file named twice is refused before anything is written, also through a link."""
    table = tmp_path / "lung.csv"
    shutil.copyfile(DATA / "lung.csv", table)
    (tmp_path / "link.csv").symlink_to(table)
    names = [o if o.startswith("-") else str(tmp_path / o) for o in outputs]
    refuse(capsys, "out-is-in", "survival", table, "--time", "time", "--event", "status=2", *names)
    assert table.read_bytes() == (DATA / "lung.csv").read_bytes()
    assert not (tmp_path / "one").exists()


def test_no_joint_test_on_fewer_clusters_than_coefficients(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three clusters leave a robust variance of rank 2 at most: no Wald test of three coefficients, never p = 1."""
    rng = np.random.default_rng(7)
    lines = ["t,e,c,x,y,z"]
    for i in range(60):
        x, y, z = rng.normal(size=3)
        lines.append(f"{rng.integers(1, 400)},{int(rng.random() < 0.7)},{i % 3},{x:.4f},{y:.4f},{z:.4f}")
    table = tmp_path / "c.csv"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    call_ = ("survival", table, "--time", "t", "--event", "e", "--covariates", "x,y,z", "--cluster", "c", "--json")
    code, out, _ = call(capsys, *call_)
    rows = {r["id"]: r for r in json.loads(out)["results"]}
    assert code == 0
    assert rows["survival.all.cox_wald.p"]["value"] is None
    assert rows["survival.all.cox_lr.p"]["value"] is not None


def test_a_covariate_of_astronomical_numbers_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their squares overflow; the message names the rows and not the numbers."""
    table = tmp_path / "huge.csv"
    table.write_text("t,e,x\n12,1,1e308\n49,0,1\n30,1,2\n", encoding="utf-8")
    text = refuse(capsys, "covariate-too-large", "survival", table, "--time", "t", "--event", "e", "--covariates", "x")
    assert "e+308" not in text


def test_a_mean_up_to_a_time_is_of_one_event(capsys: pytest.CaptureFixture[str]) -> None:
    """--rmst with --cause is refused, not passed over."""
    table = DATA / "mgus2_cr.csv"
    refuse(capsys, "options-clash", "survival", table, "--time", "etime", "--cause", "event", "--rmst", "60")


def test_a_workbook_of_several_sheets_asks_for_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is no study.toml here: the answer is --sheet."""
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("second")):
        sheet.append(["t", "e"])
        sheet.append([5, 1])
        sheet.append([7, 0])
    book.save(tmp_path / "two.xlsx")
    text = refuse(capsys, "several-sheets", "survival", tmp_path / "two.xlsx", "--time", "t", "--event", "e")
    assert "--sheet" in text
    assert "study.toml" not in text


# ---------------------------------------------------------------- a study in R


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a study that was run with --emit-r."""
    out = tmp_path_factory.mktemp("study") / "out"
    assert main(["study", str(STUDIES / "xie2023"), "--out", str(out), "--emit-r"]) == 0
    return out


def test_the_script_of_a_study(study: Path) -> None:
    """The times are beside it, without names or ids of patients."""
    header = (study / "analysis_times.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.startswith("analysis,days,cause,x1")
    assert "library(survival)" in (study / "analysis.R").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_repeats_a_study(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Curves, medians and log-rank tests of the study, to 1e-8."""
    code, out, _ = call(capsys, "verify", study, "--json")
    found = json.loads(out)
    assert code == 0, found["differences"][:5]
    assert found["compared"] > 500


def test_times_of_patients_do_not_outlive_the_run_that_asked_for_them(
    study: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A later run without --emit-r takes the script and the times away, because they no longer fit."""
    out = tmp_path / "out"
    shutil.copytree(study, out)
    assert call(capsys, "study", STUDIES / "xie2023", "--out", out)[0] == 0
    assert (out / "report.html").is_file()
    assert not (out / "analysis_times.csv").exists()
    assert not (out / "analysis.R").exists()


def test_a_study_without_a_script(study: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Patients' times are written only when asked for; the message says how."""
    shutil.copyfile(study / "results.csv", tmp_path / "results.csv")
    assert "--emit-r" in refuse(capsys, "no-script", "verify", tmp_path)
