"""Finds the rows of one call by their parts, prints their numbers, and says why one is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from remission.analyses.curves import NOT_GIVEN
from remission.core.days import days_in
from remission.results.row import Row, address
from remission.results.table import Results
from remission.table_survival.ask import Ask
from remission.table_survival.curves import ANALYSIS

NONE, NOT_REACHED = "-", "NR"
Wanted = tuple[str, str, str]
"""What a number is called, its variable and its category."""


@dataclass(frozen=True)
class Look:
    """The rows of one place. analysis, group, level: as in their ids."""

    results: Results
    ask: Ask
    analysis: str = ANALYSIS
    group: str = ""
    level: str = ""

    def row(self, variable: str, stat: str, category: str = "") -> Row | None:
        row_id = address(
            self.analysis, group=self.group, level=self.level, variable=variable, category=category, stat=stat
        )
        return self.results.rows.get(row_id)

    def down(self, level: str) -> Look:
        return replace(self, level=level)

    def value(self, variable: str, stat: str, category: str = "") -> float | None:
        row = self.row(variable, stat, category)
        return None if row is None else row.value

    def note(self, variable: str, stat: str, category: str = "") -> str:
        """The note of a row, without what every row of a preset says."""
        row = self.row(variable, stat, category)
        return "" if row is None else self.said(row)

    def said(self, row: Row) -> str:
        preset = f"preset {self.ask.preset}" if self.ask.preset else ""
        return "; ".join(t for t in row.note.split("; ") if t and t != preset)

    def count(self, variable: str, stat: str, category: str = "") -> str:
        value = self.value(variable, stat, category)
        return "" if value is None else f"{value:.0f}"

    def p(self, variable: str, category: str = "") -> str:
        value = self.value(variable, "p", category)
        return NONE if value is None else "<0.0001" if value < 0.0001 else f"{value:.4f}"

    def number(self, variable: str, stat: str, category: str = "", *, digits: int = 4) -> str:
        return shown(self.value(variable, stat, category), digits)

    def amount(self, variable: str, stat: str, category: str = "", *, digits: int = 2) -> str:
        """A number of days in the unit of the table."""
        return shown(self._in_unit(self.value(variable, stat, category)), digits)

    def time(self, variable: str, stat: str, category: str = "") -> str:
        """A point in time: whole days, or one decimal; NR where it is not reached."""
        row = self.row(variable, stat, category)
        if row is None:
            return ""
        if row.value is None:
            return NOT_REACHED if self.is_not_reached(row) else NONE
        digits = 0 if self.ask.unit == "days" and row.value == int(row.value) else 1
        return f"{days_in(row.value, self.ask.unit):.{digits}f}"

    @staticmethod
    def is_not_reached(row: Row) -> bool:
        """Whether a time has no value because the curve does not come down to it."""
        return row.value is None and not row.note.startswith(NOT_GIVEN)

    def times(self, variable: str, category: str = "") -> str:
        """An interval of points in time."""
        ends = [self.time(variable, stat, category) for stat in ("low", "high")]
        return ends[0] if ends[0] == ends[1] and ends[0] in (NONE, NOT_REACHED, "") else "-".join(ends)

    def range(self, variable: str, category: str = "", *, digits: int = 4, is_time: bool = False) -> str:
        low, high = (self.value(variable, stat, category) for stat in ("low", "high"))
        if is_time:
            low, high = self._in_unit(low), self._in_unit(high)
        if low is None and high is None:
            return NONE if self.row(variable, "low", category) is not None else ""
        ends = ["no limit" if v is None else shown(v, digits) for v in (low, high)]
        return (" to " if any(e[0] in "<>-" for e in ends) else "-").join(ends)

    def _in_unit(self, days: float | None) -> float | None:
        return None if days is None else days_in(days, self.ask.unit)


def shown(value: float | None, digits: int) -> str:
    """A number with so many decimals: never 0.0000 for what is not 0, no row of digits for what has no limit."""
    if value is None or not isfinite(value):
        return NONE
    if value == 0:
        return "0"
    if abs(value) >= 1e6:
        return f"{value:.2e}"
    smallest = 10.0**-digits
    if abs(value) < smallest / 2:
        return f"<{smallest:.{digits}f}" if value > 0 else f">-{smallest:.{digits}f}"
    return f"{value:.{digits}f}"


def reasons(places: Sequence[tuple[str, Look]], wanted: Iterable[Wanted]) -> str:
    """Footnotes: why a number of some places is missing, those with the same reason together."""
    found: dict[tuple[str, str], list[str]] = {}
    for words, variable, category in wanted:
        for name, look in places:
            for why in _whys(look, variable, category):
                found.setdefault((words, why), []).append(name)
    return "".join(
        f"\n  {words}{' of ' + ', '.join(names) if len(places) > 1 else ''}: {why}"
        for (words, why), names in found.items()
    )


def remarks(places: Sequence[tuple[str, Look]], wanted: Iterable[Wanted]) -> str:
    """Footnotes: what is said about numbers that are there."""
    found: dict[tuple[str, str], list[str]] = {}
    for words, variable, category in wanted:
        for name, look in places:
            row = look.row(variable, "estimate", category)
            if row is not None and row.value is not None and (said := look.said(row)):
                found.setdefault((name, said), []).append(words)
    return "".join(
        f"\n  {', '.join(words)}{f' of {name}' if len(places) > 1 else ''}: {said}"
        for (name, said), words in found.items()
    )


def _whys(look: Look, variable: str, category: str) -> list[str]:
    """Each reason once, for the estimate or else for its limits."""
    main = [look.row(variable, stat, category) for stat in ("estimate", "ratio")]
    ends = [look.row(variable, stat, category) for stat in ("low", "high")]
    rows = [r for r in main if r is not None and r.value is None] or [r for r in ends if r is not None]
    said = [look.said(r) for r in rows if r.value is None]
    return list(dict.fromkeys(s for s in said if s != "not reached"))


def lines_of(title: str, header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Columns set flush: the first to the left, the others to the right."""
    rows = [list(header), *(list(line) for line in lines)]
    if len(rows) == 1:
        return ""
    width = [max(len(r[i]) for r in rows) for i in range(len(header))]
    set_flush = [
        "  ".join(c.ljust(width[i]) if i == 0 else c.rjust(width[i]) for i, c in enumerate(row)).rstrip()
        for row in rows
    ]
    return "\n".join([title, *("  " + line for line in set_flush)])
