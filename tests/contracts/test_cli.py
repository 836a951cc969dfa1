"""The command line from outside: what it prints, which exit code it gives, and that it never leaves half a result."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from remission import __version__
from remission.cli import build_parser, main

COMMANDS = ("demo", "study", "check", "new", "diff", "survival", "verify")
ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "studies" / "xie2023"
CODE = re.compile(r"^\[[a-z0-9-]+\]$", re.MULTILINE)
NOISE = bytes((i * 37 + 11) % 256 for i in range(3000))

WARD = """\
[study]
name = "ward"
title = "A ward's sheet"

[[source]]
name = "Ward"
file = "{file}"

[[source.column]]
header = "Patient"
to = "patients.patient"

[[source.column]]
header = "Age"
to = "patients.age_years"
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the first study, without an earlier run."""
    folder = tmp_path / "study"
    folder.mkdir()
    for name in ("study.toml", "xie2023_table2.csv", "xie2023_table4.csv"):
        shutil.copyfile(STUDY / name, folder / name)
    return folder


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of one command run in this process."""
    code = main([str(a) for a in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def refuse(capsys: pytest.CaptureFixture[str], code: str, *arguments: object) -> str:
    """Run a call that must be refused: exit code 2, one block on stderr that ends in its code. Returns: the block."""
    exit_code, out, err = call(capsys, *arguments)
    assert exit_code == 2
    assert out == ""
    assert CODE.findall(err) == [f"[{code}]"], err
    assert "Traceback" not in err
    return err


def everything_in(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


# ---------------------------------------------------------------- the shell's side


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`python -m remission ...` as a process of its own, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "remission", *arguments],
        cwd=cwd, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_help_names_every_command(tmp_path: Path) -> None:
    """--help explains itself: commands, examples, exit codes."""
    done = run("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    for word in (*COMMANDS, "examples:", "exit codes:"):
        assert word in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command explains each of its arguments."""
    with pytest.raises(SystemExit) as stop:
        build_parser().parse_args([command, "--help"])
    assert stop.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 5


def test_version_is_that_of_the_package(tmp_path: Path) -> None:
    """One version, printed alone."""
    done = run("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"remission {__version__}\n", "")


def test_no_command_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Called alone, the program says what it can do."""
    code, out, err = call(capsys)
    assert (code, err) == (0, "")
    assert out.startswith("usage: remission")


def test_a_refusal_from_the_shell(tmp_path: Path) -> None:
    """As a process: exit code 2, nothing on stdout, no traceback, no colour codes in a pipe."""
    done = run("study", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.endswith("[not-a-folder]\n")
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert not everything_in(tmp_path)


def test_help_is_not_slowed_by_what_it_does_not_need(tmp_path: Path) -> None:
    """--help loads neither numbers nor figures."""
    loaded = "import sys, remission.cli as c; c.build_parser().format_help(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "matplotlib", "duckdb", "docx", "openpyxl"} & set(done.stdout.split())


# ---------------------------------------------------------------- wrong calls


@pytest.mark.parametrize(
    "arguments",
    [
        ["studdy", "x"],
        ["study"],
        ["new", "x"],
        ["diff", "x"],
        ["study", "x", "--ot", "y"],
        ["check", "x", "y"],
        ["--x"],
    ],
    ids=" ".join,
)
def test_a_call_that_cannot_be_understood(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt command, a missing or a surplus argument."""
    assert "--help" in refuse(capsys, "bad-call", *arguments)


@pytest.mark.parametrize(
    ("code", "command"),
    [
        ("not-a-folder", ["study", "{tmp}/nowhere"]),
        ("not-a-folder", ["study", "{tmp}/file.csv"]),
        ("no-study", ["study", "{tmp}/folder"]),
        ("no-study", ["check", "{tmp}/folder"]),
        ("no-file", ["check", "{tmp}/nowhere"]),
        ("no-file", ["new", "{tmp}/made", "{tmp}/nowhere.csv"]),
        ("not-a-file", ["new", "{tmp}/made", "{tmp}/folder"]),
        ("no-results", ["diff", "{tmp}/folder", "{tmp}/folder"]),
        ("no-results", ["diff", "{tmp}/nowhere", "{tmp}/folder"]),
        ("target-in-use", ["demo", "{tmp}/file.csv"]),
    ],
)
def test_a_path_of_the_wrong_kind(
    code: str, command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing there, a file for a folder, a folder for a file: said so, and nothing is made."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.csv").write_text("Patient,Age\nP1,3\n", encoding="utf-8")
    before = everything_in(tmp_path)
    refuse(capsys, code, *(c.format(tmp=tmp_path) for c in command))
    assert everything_in(tmp_path) == before


# ---------------------------------------------------------------- files that are not tables

FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("ward.csv", b"", "empty-file"),
    "only blanks": ("ward.csv", b"\n \n,,\n", "empty-file"),
    "binary": ("ward.csv", NOISE, "not-text"),
    "damaged workbook": ("ward.xlsx", NOISE, "broken-workbook"),
    "unknown kind": ("ward.sav", NOISE, "unknown-kind"),
}


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("command", ["check", "new", "study"])
def test_a_file_that_is_no_table(case: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same refusal whether the file is checked, proposed or studied; no folder is left behind."""
    name, content, code = FILES[case]
    folder = tmp_path / "ward"
    folder.mkdir()
    (folder / name).write_bytes(content)
    (folder / "study.toml").write_text(WARD.format(file=name), encoding="utf-8")
    before = everything_in(tmp_path)
    arguments = {"check": [folder / name], "new": [tmp_path / "made", folder / name], "study": [folder]}[command]
    exit_code, out, err = call(capsys, command, *arguments)
    assert (exit_code, out) == (2, "")
    assert CODE.findall(err) == [f"[{code}]"], err
    assert everything_in(tmp_path) == before


def test_three_hundred_columns_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wide export is no error: what is not understood is listed, and a study.toml is proposed."""
    header = ",".join(["Patient", *(f"field {i}" for i in range(299))])
    rows = [",".join([f"P{r}", *(str(r * i % 7) for i in range(299))]) for r in range(5)]
    (tmp_path / "wide.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    code, out, err = call(capsys, "new", tmp_path / "made", tmp_path / "wide.csv")
    assert (code, err) == (0, "")
    assert "299 left out" in out
    assert call(capsys, "check", tmp_path / "made")[0] == 0


def test_another_encoding_is_detected_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sheet saved by an older program is read, and the findings name the encoding that was assumed."""
    (tmp_path / "alt.csv").write_bytes("Patient,Größe (cm)\nP1,170\nP2,181\n".encode("cp1252"))
    code, out, _ = call(capsys, "check", tmp_path / "alt.csv")
    assert code == 0
    assert "cp1252" in out


# ---------------------------------------------------------------- a study.toml that is wrong


def edit(study: Path, change: Callable[[str], str], name: str = "study.toml") -> None:
    path = study / name
    text = path.read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


READ_AS = 'file = "xie2023_table2.csv"\n'
WRONG: dict[str, tuple[str, Callable[[str], str]]] = {
    "unknown key": ("unknown-key", lambda t: t.replace("\nabout = ", "\nabuot = ", 1)),
    "unreadable": ("bad-toml", lambda t: t + "\nx = ["),
    "emptied": ("missing-key", lambda _: ""),
    "unknown kind": ("unknown-kind", lambda t: t.replace('kind = "baseline"', 'kind = "basline"')),
    "wrong type": ("wrong-type", lambda t: t.replace('name = "xie2023"', "name = 3")),
    "wrong choice": ("unknown-choice", lambda t: t.replace('kind = "published"', 'kind = "invented"')),
    "no id column": ("no-id-column", lambda t: t.replace('to = "patients.patient"', 'to = "patients.name"', 1)),
    "no such table": ("unknown-table", lambda t: t.replace('to = "outcomes.status"', 'to = "outcome.status"')),
    "no such field": ("unknown-field", lambda t: t.replace('to = "outcomes.status"', 'to = "outcomes.state"')),
    "no such column": ("unknown-header", lambda t: t.replace('header = "Live"', 'header = "Alive"')),
    "no such file": ("no-file", lambda t: t.replace(READ_AS, 'file = "table2.csv"\n')),
    "wrong encoding": ("wrong-encoding", lambda t: t.replace(READ_AS, READ_AS + 'encoding = "utf-16"\n')),
    "no encoding": ("unknown-encoding", lambda t: t.replace(READ_AS, READ_AS + 'encoding = "utf-99"\n')),
    "unknown preset": ("unknown-preset", lambda t: t.replace('preset = "OS"', 'preset = "0S"')),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("command", ["study", "check"])
def test_a_wrong_protocol_is_refused(case: str, command: str, study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is wrong in study.toml stops the run before anything is written."""
    code, change = WRONG[case]
    edit(study, change)
    before = everything_in(study)
    exit_code, out, err = call(capsys, command, study)
    assert (exit_code, out) == (2, "")
    assert CODE.findall(err) == [f"[{code}]"], err
    assert everything_in(study) == before


def test_an_unknown_key_names_the_nearest(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen is answered with the word that was meant."""
    edit(study, WRONG["unknown key"][1])
    assert "Did you mean `about`?" in refuse(capsys, "unknown-key", "study", study)


def test_a_protocol_that_is_not_text(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A study.toml saved as something else."""
    (study / "study.toml").write_bytes(NOISE)
    refuse(capsys, "wrong-encoding", "study", study)


def test_a_study_inside_out(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Results are never written over a file."""
    text = (study / "study.toml").read_bytes()
    refuse(capsys, "out-is-a-file", "study", study, "--out", study / "study.toml")
    refuse(capsys, "cannot-write", "study", study, "--out", study / "study.toml" / "out")
    assert (study / "study.toml").read_bytes() == text


# ---------------------------------------------------------------- workbooks


def workbook(path: Path, *, age: object) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Patient", "Age"], ["P1", 30], ["P2", age]):
        sheet.append(row)
    book.save(path)
    return path


def test_formula_cells_stop_the_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A formula that was never calculated has no value: the study stops and says in which cell."""
    folder = tmp_path / "ward"
    folder.mkdir()
    workbook(folder / "ward.xlsx", age="=B2+1")
    (folder / "study.toml").write_text(WARD.format(file="ward.xlsx"), encoding="utf-8")
    code, out, err = call(capsys, "check", folder)
    assert code in (1, 2)
    assert "formula" in (out + err).lower()
    assert "Traceback" not in err


def test_json_is_json_and_names_no_patient(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--json prints one document for machines, without study ids."""
    path = workbook(tmp_path / "ward.xlsx", age=300)
    _, out, _ = call(capsys, "check", path, "--json")
    assert set(json.loads(out)) == {"findings"}
    assert "P2" not in out


# ---------------------------------------------------------------- what is written


def test_findings_of_severity_error_stop_with_code_1(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Doubtful data are exit code 1: findings.csv is there, an earlier report is not."""
    assert call(capsys, "study", study)[0] == 0
    assert (study / "out" / "report.html").is_file()
    edit(study, lambda t: t.replace("\n2,", "\n1,", 1), "xie2023_table2.csv")
    code, out, err = call(capsys, "study", study)
    assert (code, err) == (1, "")
    assert "findings.csv" in out
    assert (study / "out" / "findings.csv").is_file()
    assert not (study / "out" / "report.html").exists()
    assert not (study / "out" / "results.csv").exists()


def test_the_demo_runs_twice_and_prints_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`remission demo` names the report; called again it writes the same results."""
    code, out, err = call(capsys, "demo", tmp_path / "demo")
    assert (code, err) == (0, "")
    named = re.search(r"Report: +(.+)", out)
    assert named is not None
    assert Path(named[1]).is_file()
    first = (tmp_path / "demo" / "out" / "results.csv").read_bytes()
    assert call(capsys, "demo", tmp_path / "demo")[0] == 0
    assert (tmp_path / "demo" / "out" / "results.csv").read_bytes() == first


def test_new_never_overwrites_a_study(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A study.toml somebody has reviewed is not replaced by a proposal."""
    text = (study / "study.toml").read_bytes()
    refuse(capsys, "study-exists", "new", study, study / "xie2023_table2.csv")
    assert (study / "study.toml").read_bytes() == text
