"""Every number that can be repeated in R is: of a study with every kind of analysis, and of calls of one table."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from remission.cli import main
from remission.emit_r.not_repeated import COPIED, DRAWN, PROGRAM, READING, UNKNOWN, reason_of
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
    assert found["reasons"] == {COPIED: 90, READING: 4, PROGRAM: 3}


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


def test_the_reason_of_an_id() -> None:
    """By the shape of the id, or by the method of a drawn test; what fits nothing says so."""
    assert reason_of("os.by_arm.logrank_permutation.p") == DRAWN
    assert reason_of("response.by_risk.rate@cr.p", "fisher-monte-carlo") == DRAWN
    assert reason_of("list.by_patient.p1.patients_age_years.value") == COPIED
    assert reason_of("os.all.median.estimate") == UNKNOWN


def test_texts_as_r_reads_them() -> None:
    """Quotes, backslashes and letters outside ASCII survive every locale; whole numbers come in runs."""
    assert quoted('a"b\\c\n≥') == '"a\\"b\\\\c\\n\\U00002265"'
    assert whole_numbers([1, 2, 3, 7]) == "c(1:3, 7)"
