"""What a heat map shows: a share in each cell of a table, with its number printed, computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_COLUMNS = 12
MOST_ROWS = 50


@dataclass(frozen=True)
class HeatCell:
    """share: 0-1, None where nobody could be counted.  text: what is printed, "12 (36%)" or "-"."""

    share: float | None
    text: str


@dataclass(frozen=True)
class HeatMapFigure:
    """Rows such as terms, columns such as bands of grades or cycles.

    Args: column_notes: below the names of the columns, e.g. their denominators "74 cycles".
    spans: groups of neighbouring columns, each a name and how many columns; empty, or adding up to all columns.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[HeatCell, ...], ...]
    column_notes: tuple[str, ...] = ()
    spans: tuple[tuple[str, int], ...] = ()
    scale_label: str = "Patients (%)"
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.rows) <= MOST_ROWS or not 1 <= len(self.columns) <= MOST_COLUMNS:
            found = f"{len(self.rows)} and {len(self.columns)}"
            raise _faulty(f"up to {MOST_ROWS} rows and {MOST_COLUMNS} columns", found)
        if len(self.cells) != len(self.rows) or any(len(row) != len(self.columns) for row in self.cells):
            raise _faulty("a cell for each row and column", "another number")
        if len(self.column_notes) not in (0, len(self.columns)):
            raise _faulty("a note for each column, or none", "another number")
        if self.spans and (sum(n for _, n in self.spans) != len(self.columns) or any(n < 1 for _, n in self.spans)):
            raise _faulty("groups that add up to the columns", "others")
        if any(c.share is not None and not 0 <= c.share <= 1 for row in self.cells for c in row):
            raise _faulty("shares between 0 and 1", "a value outside")


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A heat map", expected=expected, found=found)
