"""What an alluvial figure shows: how patients move through columns of categories, counted elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_COLUMNS = 4
MOST_CATEGORIES = 10
MOST_COLOURS = 6


@dataclass(frozen=True)
class AlluvialCategory:
    """A category of a column; n: patients in it.  text: "12 (40.0%)", the `shown` of result rows."""

    label: str
    n: int
    text: str = ""


@dataclass(frozen=True)
class AlluvialColumn:
    """A column, its categories from top to bottom."""

    title: str
    categories: tuple[AlluvialCategory, ...]


@dataclass(frozen=True)
class AlluvialPath:
    """Patients who have the same category in each column: the places of these categories from 0, and how many."""

    categories: tuple[int, ...]
    n: int


@dataclass(frozen=True)
class AlluvialFigure:
    """Two to four columns joined by ribbons.

    Args: paths: everybody, by the way taken.  colour_by: the column whose categories give the ribbons their colours.
    """

    columns: tuple[AlluvialColumn, ...]
    paths: tuple[AlluvialPath, ...]
    colour_by: int = 0
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""

    def __post_init__(self) -> None:
        if not 2 <= len(self.columns) <= MOST_COLUMNS:
            raise _faulty(f"between 2 and {MOST_COLUMNS} columns", f"{len(self.columns)} columns")
        if any(not 1 <= len(c.categories) <= MOST_CATEGORIES for c in self.columns):
            raise _faulty(f"between 1 and {MOST_CATEGORIES} categories in a column", "another number")
        if not 0 <= self.colour_by < len(self.columns):
            raise _faulty("colours by one of the columns", "by another")
        if len(self.columns[self.colour_by].categories) > MOST_COLOURS:
            raise _faulty(f"at most {MOST_COLOURS} categories that give colours", "more")
        for path in self.paths:
            if len(path.categories) != len(self.columns) or path.n < 0:
                raise _faulty("paths with a category in each column", "one without")
        self._check_sums()

    def _check_sums(self) -> None:
        """Nobody is lost on the way from one column to the next."""
        for k, column in enumerate(self.columns):
            counts = [0] * len(column.categories)
            for path in self.paths:
                if not 0 <= path.categories[k] < len(counts):
                    raise _faulty("paths through the named categories", "one through another")
                counts[path.categories[k]] += path.n
            if counts != [c.n for c in column.categories]:
                raise _faulty("paths that add up to the categories", "a category with another number")

    @property
    def total(self) -> int:
        return sum(path.n for path in self.paths)


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("An alluvial figure", expected=expected, found=found)
