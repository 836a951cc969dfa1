"""Plant mistakes in synthetic wards and look whether the program tells of each, where it is, and of nothing else.

python tools/traps.py [--seeds 200] [--patients 60] [--studies 10] [--workers 2]; about five minutes.
Prints a table: for each trap in how many wards it was planted, in how many a finding of its rule names its cell. A
cell that is an error and holds no trap is listed below it. Some of the wards are run as studies as well: those whose
mistakes lose nothing must give the analysis of the clean ward. Exit code 1 where anything is missed.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from remission.core.findings import Finding
from remission.protocol import read_protocol
from remission.study import read_and_check, run_study
from remission.synth import Asked, write_ward
from remission.synth.traps import TRAPS

# rows of results that say what was read and found, not what came out
_OF_THE_READING = ("data.", "findings.")


@dataclass(frozen=True)
class Judged:
    """One messy ward. planted, told: names of traps; missed: places no finding names; extra: errors elsewhere."""

    planted: frozenset[str]
    told: frozenset[str]
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    skipped: tuple[str, ...] = ()


def judge(folder: Path) -> Judged:
    """Hold traps.csv against the findings of the same folder."""
    with (folder / "traps.csv").open(encoding="utf-8", newline="") as handle:
        traps = list(csv.DictReader(handle))
    findings = read_and_check(read_protocol(folder))[1]
    missed = [t for t in traps if t["rule"] and not any(_names(f, t) for f in findings)]
    planted = frozenset(t["trap"] for t in traps)
    untold = {t["trap"] for t in missed}
    return Judged(
        planted=planted,
        told=planted - untold,
        missed=tuple(f"{t['trap']}: {t['sheet']}, {t['column']}{t['row']} [{t['rule']}]" for t in missed),
        extra=tuple(extra_errors(findings, traps)),
    )


def _names(finding: Finding, trap: dict[str, str]) -> bool:
    """Whether a finding is of the trap's rule and names its cell."""
    return (
        finding.rule == trap["rule"]
        and finding.sheet == trap["sheet"]
        and (not trap["row"] or trap["row"] in finding.row.split(", "))
        and (not trap["column"] or finding.column == trap["column"])
    )


def extra_errors(findings: tuple[Finding, ...], traps: list[dict[str, str]]) -> list[str]:
    """Cells that are an error and hold no trap of that rule."""
    found = []
    for f in findings:
        for row in f.row.split(", ") if f.severity == "error" else ():
            cell = Finding(f.severity, f.rule, f.file, f.sheet, row, f.column)
            if not any(_names(cell, trap) for trap in traps):
                found.append(f"{f.sheet}, {f.column}{row} [{f.rule}]")
    return found


def analysis(folder: Path) -> list[str]:
    """The rows of results.csv that are about the patients."""
    run = run_study(folder, folder.parent / f"{folder.name}-out")
    if run.stopped:
        return [f"stopped by {f.rule}" for f in run.findings if f.severity == "error"]
    text = (run.out / "results.csv").read_text(encoding="utf-8-sig")
    return [line for line in text.splitlines() if not line.startswith(_OF_THE_READING)]


def one_ward(seed: int, patients: int) -> Judged:
    """A ward with every trap that finds a place in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "messy"
        made = write_ward(folder, Asked(patients=patients, seed=seed, messy=True))
        found = judge(folder)
        return Judged(found.planted, found.told, found.missed, found.extra, made.skipped)


def one_study(seed: int, patients: int) -> bool:
    """Whether the traps that lose nothing leave the analysis as it was."""
    with tempfile.TemporaryDirectory() as name:
        clean, messy = Path(name) / "clean", Path(name) / "messy"
        write_ward(clean, Asked(patients=patients, seed=seed))
        write_ward(messy, Asked(patients=patients, seed=seed, traps=("reading",)))
        return analysis(clean) == analysis(messy)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--patients", type=int, default=60)
    parser.add_argument("--studies", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.workers) as pool:
        wards = list(pool.map(partial(one_ward, patients=options.patients), range(1, options.seeds + 1)))
        same = list(pool.map(partial(one_study, patients=options.patients), range(1, options.studies + 1)))
    planted = Counter(name for ward in wards for name in ward.planted)
    told = Counter(name for ward in wards for name in ward.told)
    print(f"{'trap':30}{'kind':9}{'rule':34}{'planted':>8}{'told':>7}")
    for trap in TRAPS:
        if not trap.is_alone:
            print(f"{trap.name:30}{trap.kind:9}{trap.rule or '(read)':34}{planted[trap.name]:8}{told[trap.name]:7}")
    wrong = [f"seed {seed}: {what}" for seed, ward in enumerate(wards, 1) for what in (*ward.missed, *ward.extra)]
    print(f"\n{sum(map(len, (w.planted for w in wards))):,} traps in {len(wards)} wards of {options.patients} patients")
    print(f"missed, or an error without a trap: {len(wrong)}", *wrong[:40], sep="\n  ")
    print(f"same analysis as the clean ward after traps that lose nothing: {sum(same)} of {len(same)}")
    return 1 if wrong or not all(same) else 0


if __name__ == "__main__":
    sys.exit(main())
