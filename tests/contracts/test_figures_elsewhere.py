"""Figures drawn by a second process are the same files; a process that fails leaves its share to the first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from remission.display.figures import elsewhere
from remission.display.figures.draw import draw
from remission.display.figures.flow_data import FlowFigure, FlowStep
from remission.display.figures.style import save_figure

FIGURES = [(f"figure_{k}", FlowFigure((FlowStep(f"Patients of ward {k}", 10 + k),))) for k in range(6)]


def files(folder: Path) -> dict[str, bytes]:
    """Name -> content of everything in a folder."""
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_the_other_process_draws_the_same_files(tmp_path: Path) -> None:
    """What the block does not claim, from the last on, byte for byte as in one process."""
    here, there = tmp_path / "here", tmp_path / "there"
    there.mkdir()
    with elsewhere.second_process(9) as process, elsewhere.drawn_elsewhere(there, FIGURES, process) as claim:
        assert [claim(0), claim(1)] == [True, True]
        assert not claim(0)
    for stem, data in FIGURES[2:]:
        save_figure(draw(data), here, stem)
    assert files(there) == files(here)


def test_few_figures_stay_here(tmp_path: Path) -> None:
    """Starting a second Python for four figures would cost more than it saves."""
    with elsewhere.second_process(4) as process:
        assert process is None
    with (
        elsewhere.second_process(9) as process,
        elsewhere.drawn_elsewhere(tmp_path, FIGURES[:4], process) as claim,
    ):
        assert all(claim(k) for k in range(4))


def test_a_study_that_stops_leaves_no_process() -> None:
    """What was started for figures that never came is gone with the block."""
    with elsewhere.second_process(9) as process:
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None


@pytest.mark.parametrize("command", [["-c", "import sys; sys.exit(3)"], ["-c", "import sys; sys.stdin.close()"]])
def test_a_process_that_fails_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """It may die before or while it is told what to draw; the caller then finds nothing and draws itself."""
    real = subprocess.Popen

    def broken(_: list[str], **options: Any) -> subprocess.Popen[bytes]:
        return real([sys.executable, *command], **options)

    monkeypatch.setattr(elsewhere.subprocess, "Popen", broken)
    with elsewhere.second_process(9) as process, elsewhere.drawn_elsewhere(tmp_path, FIGURES, process) as claim:
        assert claim(0)
    assert files(tmp_path) == {}


def test_a_program_that_cannot_start_another_draws_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen application has no Python of its own to start."""
    monkeypatch.setattr(elsewhere.sys, "executable", "")
    with elsewhere.second_process(9) as process, elsewhere.drawn_elsewhere(tmp_path, FIGURES, process) as claim:
        assert all(claim(k) for k in range(6))
