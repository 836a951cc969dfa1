"""Calls of `remission survival` as tests make them: what is printed, the rows, a refusal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from remission.cli import main

DATA = Path(__file__).resolve().parents[1] / "data"
LUNG = ("survival", DATA / "lung.csv", "--time", "time", "--event", "status=2")
MYELOID = ("survival", DATA / "myeloid.csv", "--time", "futime", "--event", "death", "--switch", "txtime")
Capture = pytest.CaptureFixture[str]


def call(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    """Exit code, what was printed, what went to standard error."""
    code = main([str(a) for a in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def printed(capsys: Capture, *arguments: object) -> str:
    """What a call that succeeds prints."""
    code, out, err = call(capsys, *arguments)
    assert (code, err) == (0, "")
    return out


def rows_of(capsys: Capture, *arguments: object) -> dict[str, dict[str, Any]]:
    """The rows by id, without `survival.` in front."""
    found = json.loads(printed(capsys, *arguments, "--json"))["results"]
    return {row["id"].removeprefix("survival."): row for row in found}


def refuse(capsys: Capture, code: str, *arguments: object) -> str:
    """The message of a call that is refused under a code, without a traceback."""
    exit_code, out, err = call(capsys, *arguments)
    assert (exit_code, out) == (2, ""), err
    assert err.rstrip().endswith(f"[{code}]"), err
    assert "Traceback" not in err
    return err


def table_of(folder: Path, text: str) -> Path:
    """A table as a file."""
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path
