"""Does a test fail for each of the mistakes other programs were found to make?

Puts one mistake at a time into a copy of the source, runs the statistical tests on it, and prints which mistakes live.

    .venv/bin/python tools/mutants.py        (about a minute; nothing in the repository is changed)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SURVIVAL = ("tests/by_hand/test_stats_survival.py", "tests/golden/test_stats_survival.py")
INCIDENCE = ("tests/by_hand/test_cr_algebra.py", "tests/golden/test_cr_incidence.py")
LATER = ("tests/by_hand/test_cr_algebra.py", "tests/golden/test_cr_later.py")
COX = ("tests/by_hand/test_cox_by_hand.py", "tests/golden/test_cox_r.py")


@dataclass(frozen=True)
class Mutant:
    """One mistake: in a file below src/remission, `right` becomes `wrong`; one of the tests has to fail."""

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "entry counts on its own day (entry <= t)",
        "stats/riskset.py",
        "np.cumsum(change[:, :, :-1], axis=2, out=at_risk[:, :, 1:])",
        "np.cumsum(change[:, :, :-1], axis=2, out=at_risk[:, :, 1:]); at_risk += self.entered",
        SURVIVAL,
    ),
    Mutant(
        "at risk after the day's events instead of before",
        "stats/riskset.py",
        "at_risk[:, :, 1:] += self.started[:, :, None]\n",
        "at_risk[:, :, 1:] += self.started[:, :, None]\n        at_risk -= self.left\n",
        SURVIVAL,
    ),
    Mutant(
        "the standard error of log survival for that of survival",
        "stats/kaplan_meier.py",
        "se = survival * se_log",
        "se = se_log.copy()",
        SURVIVAL,
    ),
    Mutant(
        "tied times are jittered: the second cause of a day comes after the first",
        "stats/aalen_johansen.py",
        "F = np.cumsum(before * d / Y, axis=1)",
        "F = np.cumsum(before * d * np.stack([1 - (d[:c].sum(axis=0) / Y) for c in range(d.shape[0])]) / Y, axis=1)",
        INCIDENCE,
    ),
    Mutant(
        "numbers at risk go on beyond the last follow-up",
        "stats/kaplan_meier.py",
        "return int(curve.axis_at_risk[place]) if place < curve.axis_days.size else 0",
        "return int(curve.axis_at_risk[min(place, curve.axis_days.size - 1)])",
        SURVIVAL,
    ),
    Mutant(
        "survival is carried beyond the last follow-up",
        "stats/kaplan_meier.py",
        "if day > curve.last_day and curve.survival[-1] > 0:",
        "if False:",
        SURVIVAL,
    ),
    Mutant(
        "the proportional-hazards test of before 2020: the average information for that of each day",
        "stats/proportional_hazards.py",
        "first, second = (weighted_information(design, moments, by_cell**k) for k in (1, 2))",
        "first, second = (fit.state.information * float(design.deaths @ by_cell**k) / design.deaths.sum()"
        " for k in (1, 2))",
        COX,
    ),
    Mutant(
        "Gray's p of the other cause",
        "stats/gray.py",
        "own = risk.events[:, :, cause - 1]",
        "own = risk.events[:, :, -cause]",
        INCIDENCE,
    ),
    Mutant(
        "incidence as one less the Kaplan-Meier of the cause alone",
        "stats/aalen_johansen.py",
        "F = np.cumsum(before * d / Y, axis=1)",
        "F = 1 - np.cumprod(1 - d / Y, axis=1)",
        INCIDENCE,
    ),
    Mutant(
        "a switcher is counted twice: follow-up before the switch goes on to the end",
        "stats/episodes.py",
        "np.concatenate([np.where(inside, cut, exits), exits[inside]]),",
        "np.concatenate([exits, exits[inside]]),",
        LATER,
    ),
    Mutant(
        "the event of a switcher is counted in both states",
        "stats/episodes.py",
        "np.concatenate([np.where(inside, 0, cause), cause[inside]]),",
        "np.concatenate([cause, cause[inside]]),",
        LATER,
    ),
    Mutant(
        "the code of the event inverted",
        "stats/riskset.py",
        'why = why.view(np.int8) if why.dtype.kind == "b"',
        'why = (~why).view(np.int8) if why.dtype.kind == "b"',
        SURVIVAL,
    ),
)


def is_killed(mutant: Mutant) -> bool:
    """Whether a test fails with this mistake in the source. Raises: SystemExit if the source has changed since."""
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        path = source / "remission" / mutant.file
        text = path.read_text(encoding="utf-8")
        if text.count(mutant.right) < 1:
            sys.exit(f"{mutant.file} no longer holds the line of: {mutant.name}")
        path.write_text(text.replace(mutant.right, mutant.wrong), encoding="utf-8")
        tests = [str(ROOT / t) for t in mutant.tests]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
            env={**os.environ, "PYTHONPATH": str(source)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            sys.exit(f"The tests could not run with: {mutant.name}\n{done.stdout[-2000:]}")
        return done.returncode == 1


def main() -> int:
    """Print one line per mistake. Returns: 1 if one of them lives."""
    every = tuple(dict.fromkeys(t for m in MUTANTS for t in m.tests))
    if is_killed(Mutant("nothing is changed", MUTANTS[0].file, MUTANTS[0].right, MUTANTS[0].right, every)):
        sys.exit("The tests fail without any mistake in the source.")
    with ThreadPoolExecutor(2) as pool:
        killed = list(pool.map(is_killed, MUTANTS))
    for mutant, dead in zip(MUTANTS, killed, strict=True):
        print(f"{'killed' if dead else 'LIVES '}  {mutant.name}")
    return 0 if all(killed) else 1


if __name__ == "__main__":
    raise SystemExit(main())
