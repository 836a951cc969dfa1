"""Every number that can be repeated in R is: of a study with every kind of analysis, and of calls of one table."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from remission.cli import main
from remission.emit_r.not_repeated import COPIED, DRAWN, PROGRAM, R_SAID, READING, UNKNOWN, reason_of
from remission.emit_r.r_text import quoted, whole_numbers

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")


def every_kind() -> ModuleType:
    spec = importlib.util.spec_from_file_location("every_kind", Path(__file__).with_name("every_kind.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def verified(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, object]:
    capsys.readouterr()
    code = main(["verify", str(path), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert code == 0, found["differences"][:5]
    return found


@needs_r
def test_a_study_is_repeated_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All kinds of analysis; what is left are copies of cells, counts of reading and counts of findings."""
    study = every_kind().write_study(tmp_path / "study")
    assert main(["study", str(study), "--emit-r"]) == 0
    found = verified(capsys, study / "out")
    assert found["compared"] > 7_000
    assert found["reasons"] == {COPIED: 90, READING: 4, PROGRAM: 3, DRAWN: 1}


CALLS = {
    "penalised": (
        "veteran.csv", "--time", "time", "--event", "status", "--group", "celltype", "--covariates",
        "trt,celltype,karno,diagtime,age,prior", "--firth",
    ),
    "penalised, cut at a later event": (
        "myeloid.csv", "--time", "futime", "--event", "death", "--switch", "txtime", "--covariates", "trt,sex",
        "--group", "trt", "--at", "365", "--firth",
    ),
    "separated, small": (
        "firth.csv", "--time", "days", "--event", "event", "--group", "exposed", "--covariates", "exposed", "--at", "1",
    ),
    "penalised, several causes": (
        "mgus2_cr.csv", "--time", "etime", "--cause", "event", "--covariates", "age,sex,hgb", "--unit", "months",
        "--strata", "male", "--firth",
    ),
}  # fmt: skip


@needs_r
@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_repeated_whole(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is left but what was read in the file."""
    table, *options = CALLS[name]
    outputs = ("--emit-r", str(tmp_path / "a.R"), "--save", str(tmp_path / "a.json"))
    assert main(["survival", str(DATA / table), *options, *outputs]) == 0
    assert verified(capsys, tmp_path / "a.json")["reasons"] == {READING: 2}


@needs_r
def test_late_entry_with_several_causes_is_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors of incidences and Gray's test, plain and stratified, which cmprsk does not have with late entry."""
    lines = (DATA / "heart_pieces.csv").read_text(encoding="utf-8").splitlines()
    died = lines[0].split(",").index("died")
    causes = [int(line.split(",")[died]) * (1 + (i % 3 == 0)) for i, line in enumerate(lines[1:])]
    made = [f"{lines[0]},cause", *(f"{line},{c}" for line, c in zip(lines[1:], causes, strict=True))]
    table = tmp_path / "pieces.csv"
    table.write_text("\n".join(made) + "\n", encoding="utf-8")
    call = ("--time", "stop", "--entry", "start", "--cause", "cause", "--group", "transplant", "--strata", "surgery")
    outputs = ("--emit-r", str(tmp_path / "a.R"), "--save", str(tmp_path / "a.json"))
    assert main(["survival", str(table), *call, "--covariates", "age", "--at", "60,730", *outputs]) == 0
    assert verified(capsys, tmp_path / "a.json")["reasons"] == {READING: 2}


def test_every_reason_is_documented() -> None:
    """The page gives each reason in the words of the program."""
    page = (ROOT / "docs" / "how-to" / "verify.md").read_text(encoding="utf-8")
    for reason in (COPIED, DRAWN, PROGRAM, READING, UNKNOWN):
        assert f"| {reason} |" in page
    assert f"| {R_SAID}" in page


def test_the_reason_of_an_id() -> None:
    """By the shape of the id, or by the method of a drawn test; what fits nothing says so."""
    assert reason_of("os.by_arm.logrank_permutation.p") == DRAWN
    assert reason_of("response.by_risk.rate@cr.p", "fisher-monte-carlo") == DRAWN
    assert reason_of("list.by_patient.p1.patients_age_years.value") == COPIED
    assert reason_of("survival.all.landmark_permutation@9d.p", "logrank-permutation-exact") == DRAWN
    assert reason_of("os.all.median.estimate") == UNKNOWN
    said = {"os.": "no", "os.all.": "singular"}
    assert reason_of("os.all.median.estimate", stopped=said) == f"{R_SAID}singular"
    assert reason_of("os.all.read.value", stopped=said) == COPIED
    assert reason_of("pfs.all.median.estimate", stopped=said) == UNKNOWN


def test_texts_as_r_reads_them() -> None:
    """Quotes, backslashes and letters outside ASCII survive every locale; whole numbers come in runs."""
    assert quoted('a"b\\c\n≥') == '"a\\"b\\\\c\\n\\U00002265"'
    assert whole_numbers([1, 2, 3, 7]) == "c(1:3, 7)"


def _emitted(folder: Path, text: str, *options: str) -> Path:
    (folder / "t.csv").write_text(text, encoding="utf-8")
    outputs = ("--emit-r", str(folder / "a.R"), "--save", str(folder / "a.json"))
    assert main(["survival", str(folder / "t.csv"), "--time", "t", *options, *outputs]) == 0
    return folder / "a.json"


@needs_r
def test_days_of_0_in_a_fine_gray_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R's own transplant data, with a death and censorings on day 0: crr is asked on the days after."""
    script = (
        "d <- survival::transplant; d$ev <- as.integer(d$event) - 1; "
        'write.csv(d[c("futime", "ev", "abo", "age")], "%s", row.names = FALSE, na = "")'
    )
    table = (tmp_path / "transplant.csv").as_posix()
    subprocess.run(["Rscript", "--vanilla", "-e", script % table], check=True, capture_output=True)
    saved = _emitted(
        tmp_path, Path(table).read_text(encoding="utf-8").replace('"futime"', '"t"'),
        "--cause", "ev", "--covariates", "abo", "--at", "100",
    )  # fmt: skip
    assert verified(capsys, saved)["reasons"] == {READING: 2}


DEGENERATE = {
    "everybody on one day": "t,e,g,x\n5,1,a,1\n5,1,b,2\n5,1,a,3\n5,1,b,4\n",
    "everybody on day 0": "t,e,g,x\n0,1,a,1\n0,1,b,2\n0,1,a,3\n0,1,b,5\n",
    "one row": "t,e,g,x\n5,1,a,1\n",
    "two rows, one event": "t,e,g,x\n5,1,a,1\n5,0,b,1\n",
    "a curve at 0 while others enter later": "t,e,g,x,s\n3,1,a,1,0\n4,1,b,2,0\n20,1,a,3,10\n25,0,a,1,10\n30,1,b,2,12\n",
}


@needs_r
@pytest.mark.parametrize("name", DEGENERATE)
def test_a_degenerate_table_is_repeated_whole(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What has no test or no estimate stops neither side."""
    entry = ("--entry", "s") if "enter later" in name else ()
    saved = _emitted(
        tmp_path, DEGENERATE[name], "--event", "e", "--group", "g", "--covariates", "x", "--at", "5", *entry
    )
    assert verified(capsys, saved)["reasons"] == {READING: 2}


@needs_r
def test_beside_a_tiny_landmark_is_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Firth's ratios and the exact permutation tests, by group and by the later event."""
    rows = "".join(f"{20 + 3 * i},{int(i < 4)},{'ab'[i > 3]},{'' if i < 5 else i}\n" for i in range(10))
    options = ("--event", "e", "--group", "g", "--switch", "s", "--landmark", "15")
    saved = _emitted(tmp_path, "t,e,g,s\n" + rows, *options)
    assert "survival.all.landmark_penalised@15d.ratio" in saved.read_text(encoding="utf-8")
    assert verified(capsys, saved)["reasons"] == {READING: 2}


@needs_r
def test_a_part_that_r_cannot_compute(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is listed in R's own words, and the rest is compared."""
    saved = _emitted(tmp_path, "t,e,g\n1,1,a\n2,1,b\n3,1,a\n4,0,b\n", "--event", "e", "--group", "g")
    script = tmp_path / "a.R"
    text = script.read_text(encoding="utf-8")
    assert text.count("\ngroup_tests(") == 1
    broken = "\nweighted <- function(...) stop('no such\\n test')\ngroup_tests("
    script.write_text(text.replace("\ngroup_tests(", broken), encoding="utf-8")
    found = verified(capsys, saved)
    assert found["reasons"] == {READING: 2, f"{R_SAID}no such test": 14}  # four tests of three numbers, two expected
    assert found["compared"] > 50


@needs_r
@pytest.mark.parametrize(
    ("line", "said", "advice"),
    [
        ("solve(matrix(0, 1, 1))", "exactly singular", "Run it by itself"),
        ("library(nowhere.to.be.found)", "no package called", "Install the packages"),
        ("invisible(readLines('nowhere.csv'))", "cannot open", "Put the table back"),
    ],
    ids=["computation", "package", "file"],
)  # fmt: skip
def test_a_script_that_stops(
    line: str, said: str, advice: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """R's own error line, and advice that fits it."""
    saved = _emitted(tmp_path, DEGENERATE["one row"], "--event", "e")
    script = tmp_path / "a.R"
    script.write_text(script.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", str(saved)]) == 2
    err = capsys.readouterr().err
    assert "Error in " in err
    assert said in err
    assert advice in err
    assert ("survival and cmprsk" in err) == (said == "no package called")
