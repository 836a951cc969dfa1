"""Where a finding points: file, sheet, rows and column as the user sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from remission.core.findings import Finding, Severity

_PLAIN = 60


@dataclass(frozen=True)
class Place:
    """A sheet, or one column of it (`column` a letter in a workbook, the header in a text file)."""

    file: str
    sheet: str = ""
    column: str = ""
    header: str = ""

    def finding(
        self,
        severity: Severity,
        rule: str,
        what: str,
        *,
        rows: Iterable[int] = (),
        consequence: str = "",
        todo: str = "",
        patients: str = "",
    ) -> Finding:
        """A finding about this place."""
        return Finding(
            severity, rule, self.file, self.sheet, rows_text(rows), self.column, what, consequence, todo, patients
        )

    @property
    def words(self) -> str:
        """The place in one phrase, for the sentence of a finding or an error."""
        place = self.file + (f", sheet {self.sheet}" if self.sheet else "")
        return place + (f", column {self.column}" if self.column else "")


def rows_text(rows: Iterable[int]) -> str:
    """Rows as "9, 17, 22"; where there are very many, neighbours are joined as "2-40" so that none is left out."""
    ordered = sorted(set(rows))
    if len(ordered) <= _PLAIN:
        return ", ".join(map(str, ordered))
    runs: list[list[int]] = []
    for row in ordered:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def count_of(number: int, noun: str, plural: str = "") -> str:
    """ "1 row", "3 rows"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
