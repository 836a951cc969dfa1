"""What tools/calibrate.py found is of the present script and statistics, and within what may be expected."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
FOUND = json.loads((TOOLS / "calibration.json").read_text(encoding="utf-8"))
ROWS = FOUND["rows"]
# four standard errors of a drawn 5 %
ERROR = 4 * (0.05 * 0.95 / FOUND["replicates"]) ** 0.5


def calibrate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("calibrate", TOOLS / "calibrate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["calibrate"] = module
    spec.loader.exec_module(module)
    return module


def shares(part: str, words: str, key: str) -> dict[int, float]:
    """A share for each number of patients, of the rows whose name begins with the words."""
    found = {r["n"]: r[key] for r in ROWS if r["part"] == part and r["what"].startswith(words)}
    assert sorted(found) == [20, 40, 100]
    return found


def test_the_numbers_are_of_this_script() -> None:
    """After a change of the script it is run again."""
    assert FOUND["script"] == calibrate().script_hash()
    assert FOUND["replicates"] >= 2000


def test_the_numbers_are_of_these_statistics() -> None:
    """The first data set of each kind, drawn again, gives the same p-values and the same answers."""
    script = calibrate()
    for first in FOUND["first"]:
        again = script.replicate(first["part"], first["n"], 0)
        assert again.keys() == first["answers"].keys()
        for name, value in first["answers"].items():
            assert again[name] == (None if value is None else pytest.approx(value, rel=1e-7)), name


@pytest.mark.parametrize("words", ["log-rank by permutation, two", "log-rank by permutation, n/4", "Fisher"])
def test_exact_tests_keep_their_level(words: str) -> None:
    """With nothing to find an exact test rejects at most as often as it says, at any number of patients."""
    for level in (0.01, 0.05, 0.1):
        assert max(shares("tests", words, f"rejected at {level:g}").values()) <= level + 1.4 * ERROR


@pytest.mark.parametrize(
    "words", ["log-rank, two", "log-rank, n/4", "Gray", "Cox, Wald", "Cox, likelihood", "Cox with Firth", "chi-square"]
)
def test_approximate_tests_come_near_their_level(words: str) -> None:
    """At 100 patients within 2 points of 5 %, at 20 within 4; half of all p-values below 0.5."""
    at = shares("tests", words, "rejected at 0.05")
    assert abs(at[100] - 0.05) <= 0.02
    assert abs(at[20] - 0.05) <= 0.04
    assert abs(shares("tests", words, "rejected at 0.5")[100] - 0.5) <= 0.06


@pytest.mark.parametrize("words", ["Kaplan-Meier log-log", "median survival", "proportion clopper", "hazard ratio 2"])
def test_intervals_hold_the_truth(words: str) -> None:
    """At 100 patients 93 to 98 of 100 intervals hold the truth, at 20 at least 91; Clopper-Pearson never under 95."""
    rows = [r for r in ROWS if r["part"] == "intervals" and r["what"].startswith(words)]
    assert rows
    for row in rows:
        least = {20: 0.91, 40: 0.92, 100: 0.93}[row["n"]] if "clopper" not in row["what"] else 0.95
        assert least - ERROR <= row["covered"] <= 0.99
