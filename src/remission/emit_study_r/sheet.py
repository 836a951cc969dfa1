"""The table a script of a study reads: one block of lines per analysis, columns shared by all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from remission.analyses.times import Times
from remission.endpoints.groups import Grouped
from remission.results.files import guard, write_csv


@dataclass
class Sheet:
    """Lines of analysis_times.csv. A line is one patient, or one record where an analysis is about records."""

    lines: list[tuple[str, ...]] = field(default_factory=list)
    width: int = 0

    def add_times(self, name: str, times: Times, columns: Sequence[Sequence[str]]) -> None:
        """Those with a time, with days and cause (0 censored, 1 event, 2 competing); then the others, without.

        Args: columns: texts of those with a time, each as long as they are.
        """
        self.width = max(self.width, len(columns))
        for i, (day, cause) in enumerate(zip(times.days.tolist(), times.cause.tolist(), strict=True)):
            self.lines.append((name, str(day), str(cause), *(c[i] for c in columns)))
        self.lines += [(name, "", "")] * len(times.not_evaluable)

    def add(self, name: str, columns: Sequence[Sequence[str]]) -> None:
        """Lines without times. Args: columns: texts, all of one length."""
        self.width = max(self.width, len(columns))
        self.lines += [(name, "", "", *line) for line in zip(*columns, strict=True)]

    def write(self, path: Path) -> None:
        header = ("analysis", "days", "cause", *(f"x{i + 1}" for i in range(self.width)))
        full = (line + ("",) * (len(header) - len(line)) for line in self.lines)
        write_csv(path, header, [tuple(map(guard, line)) for line in full])


def levels_of(group: Grouped, patients: Iterable[str]) -> list[str]:
    """The level of each patient, "" where it is not known."""
    return [group.of.get(p) or "" for p in patients]


def number_text(value: float | None) -> str:
    """A number with all its digits, "" where it is missing."""
    return "" if value is None or value != value else repr(float(value))
