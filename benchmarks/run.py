"""How long the program takes, and how much memory: python benchmarks/run.py [--patients 20000] [--quick]

Every line is a fresh process. Wall time depends on what else the machine does; CPU time (user and system) less so.
Exit code 1 where a target is missed, but only with --strict, because machines differ.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from synthetic import write_study

ROOT = Path(__file__).resolve().parents[1]
FIRST = ROOT / "studies" / "xie2023"
MEGABYTE = 1 << 20 if sys.platform == "darwin" else 1 << 10  # ru_maxrss is in bytes on macOS, in kilobytes elsewhere


@dataclass(frozen=True)
class Measured:
    """One process: seconds of wall and CPU time, the peak of resident memory in MB."""

    wall: float
    cpu: float
    peak: float


def measure(*arguments: str) -> Measured:
    """Run `remission ...` in a process of its own."""
    command = [sys.executable, "-m", "remission", *arguments]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)}: exit code {process.returncode}")
    return Measured(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / MEGABYTE)


def best(runs: list[Measured]) -> Measured:
    """The fastest run: what the program needs when nothing is in its way."""
    return min(runs, key=lambda m: m.wall)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=20_000)
    parser.add_argument("--quick", action="store_true", help="without the large study")
    parser.add_argument("--strict", action="store_true", help="exit code 1 where a target is missed")
    options = parser.parse_args()
    missed = 0
    print(f"{'what':34}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}   target")

    def line(what: str, m: Measured, *, wall: float, peak: float | None = None) -> None:
        nonlocal missed
        held = m.wall < wall and (peak is None or m.peak < peak)
        missed += not held
        target = f"< {wall:g} s" + (f", < {peak:g} MB" if peak else "")
        print(f"{what:34}{m.wall:8.2f}{m.cpu:8.2f}{m.peak:9.0f}   {target}  {'ok' if held else 'MISSED'}", flush=True)

    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        line("remission --help", best([measure("--help") for _ in range(3)]), wall=0.3)
        outs = [place / "first", place / "second", place / "third"]
        line(
            "xie2023, both reports",
            best([measure("study", str(FIRST), "--out", str(o)) for o in outs]),
            wall=4,
            peak=400,
        )
        same = len({(o / "results.csv").read_bytes() for o in outs}) == 1
        missed += not same
        print(f"{'the same input three times':34}{'':25}   results.csv byte-identical  {'ok' if same else 'MISSED'}")
        line("xie2023, check only", best([measure("check", str(FIRST)) for _ in range(2)]), wall=2)
        if not options.quick:
            study = write_study(place / "large", options.patients)
            line(f"{options.patients:,} synthetic patients", measure("study", str(study)), wall=30)
    return 1 if missed and options.strict else 0


if __name__ == "__main__":
    sys.exit(main())
