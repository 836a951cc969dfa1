"""`remission verify`: run the R script of a saved result, where R is, and hold every number against it."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from remission.core.errors import FileError, RemissionError

Step = Callable[[str], None]
RELATIVE, ABSOLUTE = 1e-8, 1e-10
# R maximises Firth's penalised likelihood by differences, and its profile by search
LOOSE, LOOSE_ABSOLUTE = 1e-5, 1e-5
PENALISED = "cox-firth"
LISTED = 20
KINDS_LISTED = 30


@dataclass(frozen=True)
class Difference:
    """One number on both sides. agrees: within the tolerance of its kind."""

    id: str
    ours: float
    theirs: float
    tolerance: float
    agrees: bool

    @property
    def relative(self) -> float:
        return abs(self.ours - self.theirs) / max(abs(self.theirs), 1e-300)


@dataclass(frozen=True)
class Verified:
    """What was compared, and the ids of numbers that R did not print."""

    compared: tuple[Difference, ...]
    not_repeated: tuple[str, ...]

    @property
    def wrong(self) -> tuple[Difference, ...]:
        return tuple(d for d in self.compared if not d.agrees)

    @property
    def agrees(self) -> bool:
        return bool(self.compared) and not self.wrong

    def as_dict(self) -> dict[str, object]:
        return {
            "agrees": self.agrees,
            "compared": len(self.compared),
            "differences": [{"id": d.id, "ours": d.ours, "r": d.theirs, "tolerance": d.tolerance} for d in self.wrong],
            "not_repeated": list(self.not_repeated),
        }

    def as_text(self) -> str:
        """The numbers that differ, or the largest difference; then what R did not repeat."""
        lines = [f"{len(self.compared)} numbers compared with R, {len(self.wrong)} differ."]
        shown = self.wrong or tuple(sorted(self.compared, key=_excess, reverse=True)[:5])
        if shown:
            width = max(len(d.id) for d in shown[:LISTED])
            lines.append("" if self.wrong else "The largest differences, all within the tolerance:")
            lines.append(f"  {'id'.ljust(width)}  {'remission':>22}  {'R':>22}  {'relative':>9}  allowed")
            lines += [
                f"  {d.id.ljust(width)}  {d.ours:>22.15g}  {d.theirs:>22.15g}  {d.relative:>9.1e}  {d.tolerance:.0e}"
                for d in shown[:LISTED]
            ]
        if len(shown) > LISTED:
            lines.append(f"  and {len(shown) - LISTED} more")
        if self.not_repeated:
            lines.append(
                f"{len(self.not_repeated)} numbers are not repeated by the script: {_kinds(self.not_repeated)}."
            )
        return "\n".join(line for line in lines if line)


def _excess(d: Difference) -> float:
    return abs(d.ours - d.theirs) / (d.tolerance * max(abs(d.theirs), 1e-300) + ABSOLUTE)


def _kinds(ids: tuple[str, ...]) -> str:
    """Which variables the ids are of, and how many of each."""
    found: dict[str, int] = {}
    for row_id in ids:
        parts = row_id.split(".")
        name = f"{parts[-2].partition('@')[0]}.{parts[-1]}"
        found[name] = found.get(name, 0) + 1
    listed = [f"{name} ({n})" for name, n in found.items()]
    return ", ".join(listed[:KINDS_LISTED]) + (
        f" and {len(listed) - KINDS_LISTED} kinds more" * (len(listed) > KINDS_LISTED)
    )


def verify_results(path: Path, *, step: Step = lambda _: None) -> Verified:
    """Run the script that belongs to a saved result and compare.

    Raises: FileError (`not-saved-results`, `no-script`), RemissionError (`no-rscript`, `script-failed`).
    """
    if path.is_dir():
        return _verify_study(path, step)
    saved = _read(path)
    script = path.parent / str(saved.get("script") or "")
    if not saved.get("script") or not script.is_file():
        raise FileError(
            what="There is no R script beside these results.",
            code="no-script",
            where=path.name,
            todo="Save both in one call: remission survival FILE ... --emit-r out.R --save out.json.",
        )
    step("R is computing")
    theirs = _run(_rscript(), script)
    ours, penalised = _numbers_of(saved)
    return compare(ours, theirs, loose=penalised)


def _verify_study(folder: Path, step: Step) -> Verified:
    """The survival, incidence and regression rows of a study that was run with --emit-r."""
    from remission.results.files import read_results

    rows = read_results(folder).rows
    script = folder / "analysis.R"
    if not script.is_file():
        raise FileError(
            what="There is no R script in this folder.",
            code="no-script",
            where=folder.name,
            todo="Run the study with --emit-r; analysis_times.csv, which it reads, holds patients' times.",
        )
    step("R is computing")
    theirs = _run(_rscript(), script)
    analyses = {row_id.partition(".")[0] for row_id in theirs}
    ours = {
        row.id: row.value
        for row in rows.values()
        if row.value is not None and row.stat != "setting" and row.id.partition(".")[0] in analyses
    }
    return compare(ours, theirs, loose=frozenset(r.id for r in rows.values() if r.method == PENALISED))


def _rscript() -> str:
    program = shutil.which("Rscript")
    if program is None:
        raise RemissionError(
            what="R is not installed here (no Rscript), so nothing was compared.",
            code="no-rscript",
            todo="Install R with the packages survival and cmprsk, or run the script elsewhere.",
        )
    return program


def _read(path: Path) -> dict[str, object]:
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError):
        saved = None
    if not isinstance(saved, dict) or not str(saved.get("format", "")).startswith("remission survival"):
        raise FileError(
            what="This is not a saved result.",
            code="not-saved-results",
            where=path.name,
            todo="Name the file that `remission survival ... --save` wrote.",
        )
    return saved


def _numbers_of(saved: dict[str, object]) -> tuple[dict[str, float], frozenset[str]]:
    """id -> value of every number that was computed from the data; and the ids of penalised models."""
    rows = saved.get("results")
    found: dict[str, float] = {}
    penalised = set()
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row.get("value"), int | float) and row.get("stat") != "setting":
            found[str(row["id"])] = float(row["value"])
            if row.get("method") == PENALISED:
                penalised.add(str(row["id"]))
    return found, frozenset(penalised)


def _run(program: str, script: Path) -> dict[str, float]:
    """id -> value as the script prints them."""
    done = subprocess.run(  # noqa: S603  (the user's own script, named by the user)
        [program, "--vanilla", str(script.resolve())], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    if done.returncode:
        raise RemissionError(
            what="The R script stopped before its end.",
            code="script-failed",
            where=script.name,
            found=" ".join(done.stderr.split())[-300:],
            todo="Are the packages survival and cmprsk installed, and is the table where it was?",
        )
    found = {}
    for line in done.stdout.splitlines():
        row_id, _, value = line.rpartition(" ")
        try:
            found[row_id] = float(value)
        except ValueError:
            continue
    return found


def compare(ours: dict[str, float], theirs: dict[str, float], *, loose: frozenset[str] = frozenset()) -> Verified:
    """Every number that both have, at the tolerance of its kind; and the ids only we have.

    Raises: RemissionError (`nothing-to-compare`).
    """
    compared = []
    for row_id, value in ours.items():
        if row_id not in theirs:
            continue
        tolerance, absolute = (LOOSE, LOOSE_ABSOLUTE) if row_id in loose else (RELATIVE, ABSOLUTE)
        agrees = math.isclose(value, theirs[row_id], rel_tol=tolerance, abs_tol=absolute)
        compared.append(Difference(row_id, value, theirs[row_id], tolerance, agrees))
    if not compared:
        raise RemissionError(
            what="R printed none of these numbers, so nothing was compared.",
            code="nothing-to-compare",
            todo="The script repeats curves, tests and models; are there any?",
        )
    return Verified(tuple(compared), tuple(i for i in ours if i not in theirs))
