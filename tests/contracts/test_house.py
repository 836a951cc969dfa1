"""The house keeps its own rules: floors, what may be imported, one version, a README in every room, clean files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import remission

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "remission"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "__pycache__" not in p.parts)
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = next(c["layers"] for c in SETTINGS["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
FLOOR = {room.strip(): floor for floor, rooms in enumerate(reversed(LAYERS)) for room in rooms.split("|")}
ROOMS = sorted(p.parent for p in PACKAGE.glob("*/__init__.py"))

# what the program may use from outside; everything else is a decision to be written down in docs/decisions
ALLOWED = {
    "docx", "duckdb", "jinja2", "lxml", "markupsafe", "matplotlib", "numpy", "openpyxl", "python_calamine", "rich",
    "scipy", "threadpoolctl",
}  # fmt: skip
NETWORK = {"http", "socket", "ssl", "ftplib", "smtplib", "urllib.request", "webbrowser", "xmlrpc", "asyncio"}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Every module a file imports, wherever in the file, as an absolute name."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            # `from a import b` may name a module b or something inside a
            found += [f"{node.module}.{a.name}" for a in node.names]
    return tuple(found)


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_every_part_of_the_house_has_a_floor() -> None:
    """A new room or file at the top is placed in pyproject.toml before anything else."""
    parts = {p.stem for p in PACKAGE.glob("*.py") if p.stem != "__init__"} | {p.name for p in ROOMS}
    assert parts == set(FLOOR)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down_only(path: Path) -> None:
    """A module imports its own room and the floors below; rooms on one floor do not know each other."""
    own = room_of(name_of(path))
    if not own:
        return
    for module in imports_of(path):
        if module.split(".")[0] != "remission" or module == "remission.__version__":
            continue
        other = room_of(module)
        assert other == own or FLOOR[other] < FLOOR[own], f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_from_outside_but_what_was_decided(path: Path) -> None:
    """No data frames, no ready-made survival statistics, no network."""
    for module in imports_of(path):
        top = module.split(".")[0]
        assert top in ALLOWED | {"remission"} or top in sys.stdlib_module_names, module
        assert not {top, ".".join(module.split(".")[:2])} & NETWORK, module


@pytest.mark.parametrize("path", [m for m in MODULES if m.parent.name == "stats"], ids=name_of)
def test_statistics_are_written_here(path: Path) -> None:
    """stats/ uses numpy and special functions; a ready-made test or estimate would bring its own conventions."""
    for module in imports_of(path):
        top = module.split(".")[0]
        assert top != "scipy" or module.startswith("scipy.special."), module
        assert top in {"numpy", "scipy", "remission", "threadpoolctl"} or top in sys.stdlib_module_names, module


def test_a_broken_floor_would_be_seen() -> None:
    """The rule above can fail: statistics stand below the displays, and beside the cohort."""
    assert FLOOR["stats"] < FLOOR["display"] < FLOOR["report"] < FLOOR["study"] < FLOOR["cli"]
    assert FLOOR["stats"] == FLOOR["cohort"] == FLOOR["results"] > FLOOR["core"]


@pytest.mark.parametrize("room", ROOMS, ids=lambda r: r.name)
def test_every_room_says_what_it_is_for(room: Path) -> None:
    """A short README: purpose, what may enter, what may leave."""
    text = (room / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {room.name}\n")
    assert re.search(r"(?i)\benters?\b", text)
    assert re.search(r"(?i)\bleaves?\b", text)
    assert len(text.splitlines()) <= 40


def test_one_version() -> None:
    """The version stands in one place and everything else asks there."""
    assert "version" not in SETTINGS["project"]
    assert SETTINGS["tool"]["hatch"]["version"]["path"] == "src/remission/__init__.py"
    stated = re.compile(rf"""["']{re.escape(remission.__version__)}["']""")
    assert [name_of(m) for m in MODULES if stated.search(m.read_text(encoding="utf-8"))] == ["remission"]


def test_changelog_knows_the_version() -> None:
    """Every version has an entry, and each entry says whether numbers changed."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert entries[0].startswith(remission.__version__)
    for entry in entries:
        assert "### Numbers changed" in entry or "Results unchanged" in entry


# ---------------------------------------------------------------- what a file may not hold

SKIPPED = {".git", ".venv", "out", "dist", "build", "htmlcov", "remission-demo", "__pycache__", "node_modules"}
TEXT = {".py", ".md", ".toml", ".sql", ".html", ".css", ".js", ".csv", ".json", ".txt", ".R", ".lock", ".svg", ""}
# written in two halves, so that this file does not hold what it looks for
PATHS = [
    a + b for a, b in (("/ho", "me/"), ("/ro", "ot/"), ("/Us", "ers/"), ("/wo", "rk/"), ("/op", "t/"), ("C:", "\\\\"))
]
WORDS = [a + b for a, b in (("helper ses", "sion"), ("sub", "agent"), ("lan", "guage model"), ("chat", "bot"))]


def tracked_files() -> list[Path]:
    """What is under version control, or, where there is none, everything that could be."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = [ROOT / name for name in done.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = list(_walk(ROOT))
    return [p for p in found if p.is_file() and p.suffix in TEXT]


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in SKIPPED or path.name.endswith("cache") or path.name == ".hypothesis":
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """Absolute paths of somebody's computer, and talk about how the work was done, stay out of the tree."""
    place = re.compile("|".join(rf"(?<![\w.:/<]){re.escape(p)}\w" for p in PATHS))
    words = re.compile("|".join(map(re.escape, WORDS)), re.IGNORECASE)
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {m[0]}" for r in (place, words) for m in r.finditer(text)]
    assert not found


def test_no_large_file() -> None:
    """Nothing above half a megabyte is kept, but test data in full precision."""
    assert [
        str(p.relative_to(ROOT)) for p in tracked_files() if p.stat().st_size > 500_000 and "golden" not in p.parts
    ] == []
