"""Two cells that fill one field of one patient differently: one error for each pair of columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from remission.cohort.places import Place, count_of, rows_text
from remission.core.findings import Finding


@dataclass
class Conflicts:
    """Differences by (label of the field, first column, second column): rows of the first and of the second."""

    found: dict[tuple[str, Place, Place], tuple[list[int], list[int]]] = field(default_factory=dict)

    def add(self, label: str, first: Place, first_row: int, second: Place, row: int) -> None:
        first_rows, rows = self.found.setdefault((label, first, second), ([], []))
        first_rows.append(first_row)
        rows.append(row)

    def findings(self) -> Iterator[Finding]:
        for (label, first, second), (first_rows, rows) in self.found.items():
            yield second.finding(
                "error",
                "conflicting-values",
                f"{label} differs for {count_of(len(rows), 'patient')}"
                f" from {first.words}, row {rows_text(first_rows)}.",
                rows=rows,
                consequence="The value read first is kept.",
                todo="Correct one of the two, or map only one of the columns.",
            )
