"""Write docs/validation.md: what is verified, against what, with which tolerance, read off the tests themselves.

python tools/make_validation.py
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "validation.md"
TOLERANCES = {"rel": "relative", "rtol": "relative", "rel_tol": "relative", "abs": "absolute", "atol": "absolute"}
APPROX_DEFAULT = "relative 1e-6"

HEAD = """\
# Validation

Made by `tools/make_validation.py` from the tests; do not edit, run `make docs`. Each line is a test that runs on every
change. A tolerance is the largest difference the test lets pass; "equal" means no difference at all.

No other program is needed to run them: what R printed is kept in files, in full precision, with its provenance.
"""
PARTS = {
    "golden": (
        "Against other software",
        "Public data sets and awkward small ones, computed elsewhere and kept with 15 to 17 significant digits.",
    ),
    "by_hand": (
        "Solved by hand",
        "A few patients, not in order, with ties and a missing value, whose answer can be checked on paper.",
    ),
}


CALIBRATION = """\
## Calibrated on made-up data

`tools/calibrate.py` draws data of which the truth is known: {replicates:,} data sets for each number of patients n
(seed {seed}), event times exponential with a median of 365 days, 40 % of patients censored, whole days. A test is
right if, with nothing to find, it rejects as often as it says; a 95 % interval if it holds the truth in 95 of 100. What
is drawn has an error of its own: 5 % stands for anything from {low:.1f} to {high:.1f} %. Permutation and Fisher's test
are exact, and may reject less often than allowed because few patients give few different p-values; the others are
approximations that get better with n.
"""


def validation_text(root: Path = ROOT) -> str:
    """The whole page."""
    lines = [HEAD]
    for folder, (title, about) in PARTS.items():
        lines += [f"## {title}", "", about, ""]
        for path in sorted((root / "tests" / folder).rglob("test_*.py")):
            lines += _file_lines(path, root)
    lines += _calibration_lines(root / "tools" / "calibration.json")
    return "\n".join(lines).rstrip() + "\n"


def _calibration_lines(path: Path) -> Iterator[str]:
    """Two tables: how often tests reject without an effect, and how often intervals hold the truth."""
    found = json.loads(path.read_text(encoding="utf-8"))
    error = 1.96 * (0.05 * 0.95 / found["replicates"]) ** 0.5
    yield CALIBRATION.format(
        replicates=found["replicates"], seed=found["seed"], low=100 * (0.05 - error), high=100 * (0.05 + error)
    )
    heads = {
        "tests": ("test, nothing to find", [f"p <= {level}" for level in ("0.01", "0.05", "0.1", "0.5")]),
        "intervals": ("95 % interval", ["holds the truth", "truth below", "truth above"]),
    }
    for part, (what, columns) in heads.items():
        yield "| " + " | ".join([what, "n", *columns, "undefined"]) + " |"
        yield "|" + "---|" * (len(columns) + 3)
        rows = [r for r in found["rows"] if r["part"] == part]
        for name in dict.fromkeys(r["what"] for r in rows):
            for row in (r for r in rows if r["what"] == name):
                keys = [k for k in row if k not in {"part", "what", "n", "undefined"}]
                cells = [name, str(row["n"]), *(f"{100 * row[k]:.1f} %" for k in keys), str(row["undefined"])]
                yield "| " + " | ".join(cells) + " |"
        yield ""


def _file_lines(path: Path, root: Path) -> Iterator[str]:
    """One test file: its first words, where its numbers come from, and a line for each test."""
    text = path.read_text(encoding="utf-8")
    module = ast.parse(text)
    tests = [f for f in module.body if isinstance(f, ast.FunctionDef) and f.name.startswith("test_")]
    if not tests:
        return
    yield f"### `{path.relative_to(root).as_posix()}`"
    yield ""
    yield _words(ast.get_docstring(module) or "")
    yield ""
    for made in _provenances(path, text):
        yield made
        yield ""
    named = _named_tolerances(module)
    yield "| what | tolerance |"
    yield "|---|---|"
    for test in tests:
        what = _words(ast.get_docstring(test) or test.name.removeprefix("test_").replace("_", " "))
        yield f"| {what.replace('|', chr(92) + '|')} | {_tolerance(test, named)} |"
    yield ""


def _provenances(path: Path, text: str) -> Iterator[str]:
    """What the json files beside a golden test say about where they come from."""
    for data in sorted(path.parent.glob("*.json")):
        if data.name not in text:
            continue
        content = json.loads(data.read_text(encoding="utf-8"))
        made = content.get("provenance") or content.get("_provenance") if isinstance(content, dict) else None
        if made:
            yield f"`{data.name}`: {made if isinstance(made, str) else '; '.join(str(v) for v in made.values())}"


def _words(docstring: str) -> str:
    return " ".join(docstring.split())


def _named_tolerances(module: ast.Module) -> dict[str, dict[str, str]]:
    """Module constants such as EXACT = {"rtol": 1e-9}, used as **EXACT."""
    found = {}
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and isinstance(node.targets[0], ast.Name):
            pairs = zip(node.value.keys, node.value.values, strict=True)
            entries = {
                k.value: ast.unparse(v) for k, v in pairs if isinstance(k, ast.Constant) and k.value in TOLERANCES
            }
            if entries:
                found[node.targets[0].id] = {str(k): v for k, v in entries.items()}
    return found


def _tolerance(test: ast.FunctionDef, named: dict[str, dict[str, str]]) -> str:
    """All tolerances a test uses, the widest reading of its assertions."""
    found: set[str] = set()
    for call in (n for n in ast.walk(test) if isinstance(n, ast.Call)):
        given = {k.arg: ast.unparse(k.value) for k in call.keywords if k.arg in TOLERANCES}
        for k in call.keywords:
            if k.arg is None and isinstance(k.value, ast.Name):
                given |= named.get(k.value.id, {})
        found |= {f"{TOLERANCES[name]} {value.replace('-0', '-')}" for name, value in given.items() if name}
        if not given and isinstance(call.func, ast.Attribute) and call.func.attr == "approx":
            found.add(APPROX_DEFAULT)
    return ", ".join(sorted(found, reverse=True)) or "equal"


if __name__ == "__main__":
    TARGET.write_text(validation_text(), encoding="utf-8")
