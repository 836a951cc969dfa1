"""What a grid of panels shows: values of the same patients at visits, or changes in groups, computed elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_PANELS = 12
MOST_COLUMNS = 6
MOST_TESTS = 4
MOST_GROUPS = 6


@dataclass(frozen=True)
class BoxSummary:
    """A box: median, quartiles, and where the whiskers end. All from result rows."""

    median: float
    q1: float
    q3: float
    low: float
    high: float


@dataclass(frozen=True)
class PanelTest:
    """A comparison of two columns, by their places from 0; text: e.g. "p = 0.012 (28 pairs)"."""

    first: int
    second: int
    text: str


@dataclass(frozen=True)
class PairedPanel:
    """One variable at two or more visits.

    Args: unit: below the title, e.g. "10⁹/L".  subjects: one row per patient, a value for each visit, None where it
    is missing; a line joins the visits that follow each other.  boxes: one per visit, None for none, or empty.
    counts: n per visit, as text.  floor: the lower limit of the assay, drawn as a line; values not above it are
    drawn open, on the line.  below: how many values lie below it at each visit, as text, or empty.
    """

    title: str
    visits: tuple[str, ...]
    subjects: tuple[tuple[float | None, ...], ...]
    boxes: tuple[BoxSummary | None, ...] = ()
    tests: tuple[PanelTest, ...] = ()
    counts: tuple[str, ...] = ()
    unit: str = ""
    is_log: bool = False
    floor: float | None = None
    below: tuple[str, ...] = ()
    below_title: str = "below"

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(v for row in self.subjects for v in row if v is not None)

    def __post_init__(self) -> None:
        _check_columns(self.visits, (self.boxes, self.counts, self.below), self.tests)
        if any(len(row) != len(self.visits) for row in self.subjects):
            raise _faulty("a value or None for each visit", "rows of different length")
        if self.floor is not None and not isfinite(self.floor):
            raise _faulty("a floor that is a number", "one that is none")
        if self.is_log and self.floor is not None and self.floor <= 0:
            raise _faulty("a floor above 0 on a logarithmic axis", "one that is not")
        _check_values(self.values, self.boxes, is_log=self.is_log, has_floor=self.floor is not None)


@dataclass(frozen=True)
class DeltaPanel:
    """The change of one variable in two or more groups. changes: one row of values per group; 0 is always shown."""

    title: str
    groups: tuple[str, ...]
    changes: tuple[tuple[float, ...], ...]
    boxes: tuple[BoxSummary | None, ...] = ()
    tests: tuple[PanelTest, ...] = ()
    counts: tuple[str, ...] = ()
    unit: str = ""

    def __post_init__(self) -> None:
        _check_columns(self.groups, (self.boxes, self.counts), self.tests)
        if len(self.changes) != len(self.groups):
            raise _faulty("changes for each group", "another number of them")
        _check_values(tuple(v for row in self.changes for v in row), self.boxes, is_log=False, has_floor=False)


@dataclass(frozen=True)
class TrendGroup:
    """Medians and quartiles of one group at the visits of a panel, None where nobody was measured; counts as text."""

    median: tuple[float | None, ...]
    q1: tuple[float | None, ...]
    q3: tuple[float | None, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True)
class TrendPanel:
    """The course of one variable; groups: one per group of the figure. floor: as in PairedPanel."""

    title: str
    visits: tuple[str, ...]
    groups: tuple[TrendGroup, ...]
    unit: str = ""
    is_log: bool = False
    floor: float | None = None

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(v for g in self.groups for row in (g.median, g.q1, g.q3) for v in row if v is not None)

    def __post_init__(self) -> None:
        _check_columns(self.visits, (), ())
        if not 1 <= len(self.groups) <= MOST_GROUPS:
            raise _faulty(f"between 1 and {MOST_GROUPS} groups", f"{len(self.groups)} groups")
        for g in self.groups:
            if any(len(row) != len(self.visits) for row in (g.median, g.q1, g.q3, g.counts)):
                raise _faulty("a value or None for each visit", "rows of different length")
            for low, middle, high in zip(g.q1, g.median, g.q3, strict=True):
                if (low is None) != (high is None) or (middle is None and low is not None):
                    raise _faulty("a median with both quartiles, or without", "something between")
                if middle is not None and low is not None and high is not None and not low <= middle <= high:
                    raise _faulty("a median between its quartiles", "one outside")
        if self.is_log and self.floor is not None and self.floor <= 0:
            raise _faulty("a floor above 0 on a logarithmic axis", "one that is not")
        _check_values(self.values, (), is_log=self.is_log, has_floor=self.floor is not None)


@dataclass(frozen=True)
class PanelsFigure:
    """One to twelve panels of paired measurements or of changes."""

    panels: tuple[PairedPanel | DeltaPanel, ...]
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""

    def __post_init__(self) -> None:
        _check_count(self.panels)


@dataclass(frozen=True)
class TrendsFigure:
    """One to twelve panels of medians over time; groups: their names, one may be empty where it is the only one."""

    panels: tuple[TrendPanel, ...]
    groups: tuple[str, ...] = ("",)
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""

    def __post_init__(self) -> None:
        _check_count(self.panels)
        if any(len(p.groups) != len(self.groups) for p in self.panels):
            raise _faulty("the same groups in each panel", "different ones")


def _check_count(panels: Sequence[object]) -> None:
    if not 1 <= len(panels) <= MOST_PANELS:
        raise _faulty(f"between 1 and {MOST_PANELS} panels", f"{len(panels)} panels")


def _check_columns(names: Sequence[str], lists: Sequence[Sequence[object]], tests: Sequence[PanelTest]) -> None:
    """Whatever belongs to columns is there for each of them."""
    if not 1 <= len(names) <= MOST_COLUMNS:
        raise _faulty(f"between 1 and {MOST_COLUMNS} columns", f"{len(names)} columns")
    if any(len(row) not in (0, len(names)) for row in lists):
        raise _faulty("one entry for each column, or none", "lists of different length")
    if len(tests) > MOST_TESTS or any(not 0 <= t.first < t.second < len(names) for t in tests):
        raise _faulty(f"at most {MOST_TESTS} tests of one column with a later one", "others")


def _check_values(
    values: Sequence[float], boxes: Sequence[BoxSummary | None], *, is_log: bool, has_floor: bool
) -> None:
    """All are numbers; on a logarithmic axis above 0, unless a floor stands in for them."""
    numbers = [*values, *(v for b in boxes if b for v in (b.low, b.q1, b.median, b.q3, b.high))]
    if not all(isfinite(v) for v in numbers):
        raise _faulty("values that are numbers", "one that is none")
    if is_log and not has_floor and any(v <= 0 for v in numbers):
        raise _faulty("values above 0 on a logarithmic axis, or a floor", "one that is not")
    if any(b and not b.low <= b.q1 <= b.median <= b.q3 <= b.high for b in boxes):
        raise _faulty("a box in ascending order", "one out of order")


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A grid of panels", expected=expected, found=found)
