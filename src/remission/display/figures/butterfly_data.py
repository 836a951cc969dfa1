"""What a butterfly of adverse events shows: how often each occurred in two groups, by grade, counted elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_GRADES = 5
MOST_ROWS = 40


@dataclass(frozen=True)
class ButterflyRow:
    """One term. left, right: proportion 0-1 with each band of grades, in the order of the figure's grades.

    left_text, right_text: of any grade, "12/33 (36.4%)", from result rows.  p: may be empty.
    """

    label: str
    left: tuple[float, ...]
    right: tuple[float, ...]
    left_text: str = ""
    right_text: str = ""
    p: str = ""


@dataclass(frozen=True)
class ButterflyFigure:
    """Two groups back to back. groups: with their numbers, e.g. "R/R (74 cycles)".  grades: from mild to fatal."""

    rows: tuple[ButterflyRow, ...]
    groups: tuple[str, str]
    grades: tuple[str, ...]
    x_label: str = "Patients (%)"
    p_title: str = "p"
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.rows) <= MOST_ROWS:
            raise _faulty(f"between 1 and {MOST_ROWS} terms", f"{len(self.rows)} terms")
        if len(self.groups) != 2:
            raise _faulty("two groups", f"{len(self.groups)} groups")
        if not 1 <= len(self.grades) <= MOST_GRADES:
            raise _faulty(f"between 1 and {MOST_GRADES} bands of grades", f"{len(self.grades)} bands")
        for side in (side for row in self.rows for side in (row.left, row.right)):
            if len(side) != len(self.grades):
                raise _faulty("a proportion for each band of grades", "lists of different length")
            if any(not 0 <= p <= 1 for p in side) or sum(side) > 1 + 1e-9:
                raise _faulty("proportions that add up to 1 at most", "others")


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A butterfly of adverse events", expected=expected, found=found)
