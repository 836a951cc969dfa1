"""`remission verify`: run the R script of a saved result, where R is, and hold every number against it."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from remission.core.errors import FileError, RemissionError
from remission.emit_r import FORMAT, SCRIPT, TIMES, reason_of
from remission.results.files import read_results

Step = Callable[[str], None]
RELATIVE, ABSOLUTE = 1e-8, 1e-10
LISTED = 20
KINDS_LISTED = 12
STOPPED = "! "
"""How a script begins a line that says why a part could not be computed."""


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
    """What was compared, and the numbers that R did not print: reason -> ids."""

    compared: tuple[Difference, ...]
    reasons: Mapping[str, tuple[str, ...]]

    @property
    def wrong(self) -> tuple[Difference, ...]:
        return tuple(d for d in self.compared if not d.agrees)

    @property
    def agrees(self) -> bool:
        return bool(self.compared) and not self.wrong

    @property
    def not_repeated(self) -> tuple[str, ...]:
        return tuple(row_id for ids in self.reasons.values() for row_id in ids)

    def as_dict(self) -> dict[str, object]:
        return {
            "agrees": self.agrees,
            "compared": len(self.compared),
            "differences": [{"id": d.id, "ours": d.ours, "r": d.theirs, "tolerance": d.tolerance} for d in self.wrong],
            "not_repeated": list(self.not_repeated),
            "reasons": {reason: len(ids) for reason, ids in self.reasons.items()},
        }

    def as_text(self) -> str:
        """Counts; the numbers that differ, or the largest difference; why some were not repeated, and which."""
        equal, missing = len(self.compared) - len(self.wrong), len(self.not_repeated)
        lines = [f"{equal} repeated and equal, {len(self.wrong)} differ, {missing} not repeated."]
        lines += self._table()
        for reason, ids in self.reasons.items():
            lines.append(f"Not repeated, {reason} ({len(ids)}): {_kinds(ids)}.")
        return "\n".join(line for line in lines if line)

    def _table(self) -> list[str]:
        shown = self.wrong or tuple(sorted(self.compared, key=_excess, reverse=True)[:5])
        if not shown:
            return []
        width = max(len(d.id) for d in shown[:LISTED])
        lines = ["" if self.wrong else "The largest differences, all within the tolerance:"]
        lines.append(f"  {'id'.ljust(width)}  {'remission':>22}  {'R':>22}  {'relative':>9}  allowed")
        lines += [
            f"  {d.id.ljust(width)}  {d.ours:>22.15g}  {d.theirs:>22.15g}  {d.relative:>9.1e}  {d.tolerance:.0e}"
            for d in shown[:LISTED]
        ]
        if len(shown) > LISTED:
            lines.append(f"  and {len(shown) - LISTED} more")
        return lines


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
    """Run the script that belongs to a saved result, or to the output of a study, and compare.

    Raises: FileError (`not-saved-results`, `no-script`), RemissionError (`no-rscript`, `script-failed`,
    `nothing-to-compare`).
    """
    if path.is_dir():
        rows = read_results(path).rows.values()
        script = path / SCRIPT
        ours = {r.id: (r.value, r.method) for r in rows if r.value is not None and r.stat != "setting"}
        again = f"Run the study with --emit-r; {TIMES}, which the script reads, holds patients' times and values."
    else:
        saved = _read(path)
        script = path.parent / str(saved.get("script") or "")
        ours = _numbers_of(saved)
        again = "Save both in one call: remission survival FILE ... --emit-r out.R --save out.json."
    if not script.is_file():
        raise FileError(what="There is no R script of these results.", code="no-script", where=path.name, todo=again)
    program = _rscript()
    step("R is computing")
    methods = {row_id: method for row_id, (_, method) in ours.items()}
    theirs, stopped = _run(program, script)
    return compare({row_id: value for row_id, (value, _) in ours.items()}, theirs, methods, stopped)


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
    if not isinstance(saved, dict) or saved.get("format") != FORMAT:
        raise FileError(
            what="This is not a saved result.",
            code="not-saved-results",
            where=path.name,
            todo="Name the file that `remission survival ... --save` wrote.",
        )
    return saved


def _numbers_of(saved: Mapping[str, object]) -> dict[str, tuple[float, str]]:
    """id -> (value, method) of every number that was computed from the data."""
    rows = saved.get("results")
    found = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row.get("value"), int | float) and row.get("stat") != "setting":
            found[str(row["id"])] = (float(row["value"]), str(row.get("method") or ""))
    return found


def _run(program: str, script: Path) -> tuple[dict[str, float], dict[str, str]]:
    """id -> value as the script prints them; what ids begin with -> R's words, where it could not compute them."""
    done = subprocess.run(  # noqa: S603  (the user's own script, named by the user)
        [program, "--vanilla", str(script.resolve())], capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "LANGUAGE": "en"},
    )  # fmt: skip
    if done.returncode:
        raise _script_failed(done.stderr, script)
    found, stopped = {}, {}
    for line in done.stdout.splitlines():
        if line.startswith(STOPPED):
            begins, _, words = line.removeprefix(STOPPED).partition(" ")
            stopped[begins] = words
            continue
        row_id, _, value = line.rpartition(" ")
        try:
            found[row_id] = float(value)
        except ValueError:
            continue
    return found, stopped


def _script_failed(printed: str, script: Path) -> RemissionError:
    """What R said, from its own word Error on; the advice fits what it says."""
    words = " ".join(printed[max(printed.rfind("Error"), 0) :].replace("Execution halted", "").split())
    todo = "Run it by itself to see where it stops: Rscript, then the name of the script."
    if "there is no package called" in words:
        todo = "Install the packages that the script uses: survival and cmprsk."
    elif "cannot open" in words:
        todo = "Put the table back where it was when the script was written."
    return RemissionError(
        what="The R script stopped before its end.", code="script-failed", where=script.name, found=words[:300],
        todo=todo,
    )  # fmt: skip


def compare(
    ours: Mapping[str, float],
    theirs: Mapping[str, float],
    methods: Mapping[str, str] | None = None,
    stopped: Mapping[str, str] | None = None,
) -> Verified:
    """Every number that both have, at one tolerance; and the ids only we have, by the reason.

    Args: ours, theirs: id -> value.  methods: id -> method of the row, where a reason depends on it.
    stopped: what ids begin with -> what R said where it could not compute them.
    Raises: RemissionError (`nothing-to-compare`).
    """
    compared = []
    reasons: dict[str, list[str]] = {}
    for row_id, value in ours.items():
        if row_id not in theirs:
            reasons.setdefault(reason_of(row_id, (methods or {}).get(row_id, ""), stopped), []).append(row_id)
            continue
        agrees = math.isclose(value, theirs[row_id], rel_tol=RELATIVE, abs_tol=ABSOLUTE)
        compared.append(Difference(row_id, value, theirs[row_id], RELATIVE, agrees))
    if not compared:
        raise RemissionError(
            what="R printed none of these numbers, so nothing was compared.",
            code="nothing-to-compare",
            todo="Was the script written in the same call as the results?",
        )
    return Verified(tuple(compared), {reason: tuple(ids) for reason, ids in reasons.items()})
