"""The built wheel, not the source tree: it carries everything the program reads, and the demo runs from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from remission import __version__

ROOT = Path(__file__).resolve().parents[2]
DEMO = ("study.toml", "xie2023_table2.csv", "xie2023_table4.csv")
# what the wheel is made of; a copy is built, so that nothing is written into the tree
PARTS = ("src", "pyproject.toml", "README.md", "LICENSE", ".gitignore")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree in which an earlier run of the demo's study lies about."""
    tree = tmp_path_factory.mktemp("tree")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / part, tree / part)
    study = tree / "studies" / "xie2023"
    (study / "out").mkdir(parents=True)
    (study / "out" / "results.csv").write_text("left over", encoding="utf-8")
    for name in DEMO:
        shutil.copyfile(ROOT / "studies" / "xie2023" / name, study / name)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tree / "dist")],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return next((tree / "dist").glob("*.whl"))


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    """Code, schema, SQL, templates: whatever stands in src/remission is in it, the demo, and nothing else."""
    package = ROOT / "src" / "remission"
    expected = {
        f"remission/{p.relative_to(package).as_posix()}"
        for p in package.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    expected |= {f"remission/demo_study/{name}" for name in DEMO}
    with zipfile.ZipFile(wheel) as archive:
        held = {n for n in archive.namelist() if ".dist-info/" not in n}
    assert held == expected


def test_wheel_says_its_version_licence_and_command(wheel: Path) -> None:
    """Metadata come from one place: the version is that of the package."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(n for n in names if n.endswith("METADATA"))).decode()
        commands = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    assert f"\nVersion: {__version__}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert any(n.endswith("licenses/LICENSE") for n in names)
    assert "remission = remission.cli:main" in commands


def test_demo_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    """Unpacked outside the tree, the wheel copies its own study out and reports it."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    place = tmp_path / "desk"
    place.mkdir()
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "remission", "demo"],
        cwd=place, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Report:" in done.stdout
    written = place / "remission-demo"
    assert {p.name for p in written.iterdir()} == {*DEMO, "out"}
    assert (written / "out" / "report.html").stat().st_size > 50_000
    assert (written / "out" / "report.docx").is_file()


def test_every_dependency_is_pinned_with_its_hash() -> None:
    """The locks name one version of everything, with hashes, and no place to fetch it from."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for name in ("requirements.lock", "requirements-test.lock", "requirements-lint.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert all("==" in pin and pin.endswith("\\") for pin in pins), name
        assert "://" not in text
        assert "--index" not in text
        pinned = {pin.partition("==")[0] for pin in pins}
        assert {w.partition(">")[0] for w in wanted} <= pinned


def test_locks_agree() -> None:
    """A test or a type checker never runs beside another version than the user's."""
    pins = [
        {line.split(" ")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line[:1].isalnum()}
        for name in ("requirements.lock", "requirements-test.lock", "requirements-lint.lock")
    ]
    assert pins[0] < pins[1] < pins[2]
