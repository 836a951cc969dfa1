"""What changed between two runs: which numbers, and because of which patients."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from remission.results.files import read_results
from remission.results.row import Row
from remission.results.table import Results

# What a reader would call the number itself; `members` is looked at beside it.
_SAID = ("value", "text", "unit", "shown", "method", "status", "note", "n", "population")
PATIENTS_PRINTED = 12


@dataclass(frozen=True)
class Moved:
    """A result that is in both runs and differs.

    Args: entered, left: patients behind the new number only, and behind the old one only.
    is_listed: False where a set is too large to list, so that `entered` and `left` are not known.
    """

    old: Row
    new: Row
    entered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    is_listed: bool = True

    @property
    def is_seen(self) -> bool:
        """Another number, another status, or the same number of other patients; not a smaller denominator alone."""
        swapped = self.old.members != self.new.members and self.old.n == self.new.n
        before, after = ((r.shown, r.status, r.text) for r in (self.old, self.new))
        return before != after or swapped

    def what(self) -> tuple[str, ...]:
        """Names of the fields that differ; `members` when the patients do."""
        said = tuple(f for f in _SAID if getattr(self.old, f) != getattr(self.new, f))
        return said + (("members",) if self.old.members != self.new.members else ())


@dataclass(frozen=True)
class Diff:
    """Two results tables held against each other, in the order of the newer one."""

    appeared: tuple[Row, ...]
    vanished: tuple[Row, ...]
    moved: tuple[Moved, ...]

    def __bool__(self) -> bool:
        return bool(self.appeared or self.vanished or self.moved)

    def as_text(self) -> str:
        """A plain table for a terminal or a changelog."""
        if not self:
            return "Results unchanged.\n"
        seen = [m for m in self.moved if m.is_seen]
        lines = [_header(self)]
        if len(seen) < len(self.moved):
            lines.append(
                f"{len(self.moved) - len(seen)} more print the same from other patients, denominators or methods."
            )
        lines += _columns(
            [("moved", m.old.id, m.old.shown, m.new.shown, _because(m)) for m in seen]
            + [("appeared", r.id, "", r.shown, "") for r in self.appeared]
            + [("vanished", r.id, r.shown, "", "") for r in self.vanished]
        )
        return "\n".join(lines) + "\n"

    def as_dict(self) -> dict[str, list[dict[str, str]]]:
        """The same for machines: ids with what was and is printed, and why."""
        return {
            "moved": [
                {"id": m.old.id, "before": m.old.shown, "after": m.new.shown, "because": _because(m)}
                for m in self.moved
            ],
            "appeared": [{"id": r.id, "after": r.shown} for r in self.appeared],
            "vanished": [{"id": r.id, "before": r.shown} for r in self.vanished],
        }


def diff_results(old: Results | Path, new: Results | Path) -> Diff:
    """What appeared, vanished and moved from one run to another.

    Args: old, new: results, or output folders that hold results.csv.
    Raises: FileError if a folder holds no results.
    """
    before = read_results(old) if isinstance(old, Path) else old
    after = read_results(new) if isinstance(new, Path) else new
    moved = []
    for row_id, row in after.rows.items():
        if row_id in before.rows and before.rows[row_id] != row:
            found = _compare(before, after, before.rows[row_id], row)
            if found.what():
                moved.append(found)
    return Diff(
        appeared=tuple(row for row_id, row in after.rows.items() if row_id not in before.rows),
        vanished=tuple(row for row_id, row in before.rows.items() if row_id not in after.rows),
        moved=tuple(moved),
    )


def _compare(before: Results, after: Results, old: Row, new: Row) -> Moved:
    if old.members == new.members:
        return Moved(old, new)
    first, second = _patients(before, old.members), _patients(after, new.members)
    if first is None or second is None:
        return Moved(old, new, is_listed=False)
    return Moved(old, new, entered=tuple(sorted(second - first)), left=tuple(sorted(first - second)))


def _patients(results: Results, name: str) -> set[str] | None:
    if not name:
        return set()
    listed = results.members.get(name)
    return None if listed is None else set(listed)


def _because(moved: Moved) -> str:
    parts = []
    if moved.entered:
        parts.append("in: " + _some(moved.entered))
    if moved.left:
        parts.append("out: " + _some(moved.left))
    if not moved.is_listed:
        parts.append("patients changed (too many to list)")
    if moved.old.shown == moved.new.shown:
        parts.append("differs in " + ", ".join(moved.what()))
    return "; ".join(parts) or "same patients"


def _some(patients: tuple[str, ...]) -> str:
    more = len(patients) - PATIENTS_PRINTED
    return ", ".join(patients[:PATIENTS_PRINTED]) + (f" and {more} more" if more > 0 else "")


def _header(diff: Diff) -> str:
    return f"{sum(m.is_seen for m in diff.moved)} moved, {len(diff.appeared)} appeared, {len(diff.vanished)} vanished."


def _columns(lines: list[tuple[str, str, str, str, str]]) -> list[str]:
    table = [("change", "result", "old", "new", "because of"), *lines]
    widths = [max(len(line[k]) for line in table) for k in range(4)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(line[:4], widths, strict=True)), line[4]]).rstrip()
        for line in table
    ]
