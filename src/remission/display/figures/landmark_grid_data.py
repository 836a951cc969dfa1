"""What a figure of landmarks shows: an estimate with its interval for each landmark day, computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure
from remission.display.figures.log_scale import faulty_ratio

MOST_REFERENCES = 3


@dataclass(frozen=True)
class LandmarkPoint:
    """The comparison of the groups formed on one day.

    Args: estimate, low, high: a ratio with its interval, above 0; all None where it cannot be given;
    low may be 0 and high infinite where the interval is open.
    numbers: patients in each group on that day, in the order of group_labels; None leaves the place empty.
    note: in words, why there is no estimate ("no events").
    """

    day: int
    estimate: float | None
    low: float | None = None
    high: float | None = None
    numbers: tuple[int | None, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class ReferenceEstimate:
    """An estimate from all patients, drawn across the figure: the naive, or the time-dependent one.

    Args: text: what the legend says after the label, e.g. "HR 0.61 (0.35-1.05)".
    """

    label: str
    estimate: float
    low: float | None = None
    high: float | None = None
    text: str = ""


@dataclass(frozen=True)
class LandmarkGridFigure:
    """A ratio over the landmark day, on a log axis with a line at 1.

    Args: points: days ascending; each is a tick of the axis.  group_labels: rows of patient numbers below.
    references: at most three.  favours: what a ratio below and above 1 means, e.g. ("favours HSCT", "favours none").
    """

    points: tuple[LandmarkPoint, ...]
    group_labels: tuple[str, ...] = ()
    references: tuple[ReferenceEstimate, ...] = ()
    x_label: str = "Landmark (months)"
    y_label: str = "Hazard ratio (95% CI)"
    x_unit: str = "months"
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""
    favours: tuple[str, str] = ("", "")
    numbers_title: str = "Patients alive and under observation"

    def __post_init__(self) -> None:
        if not self.points:
            raise _faulty("at least one landmark", "none")
        if any(a.day >= b.day for a, b in pairwise(self.points)) or self.points[0].day < 0:
            raise _faulty("landmark days in ascending order", "days out of order")
        if len(self.references) > MOST_REFERENCES:
            raise _faulty(f"at most {MOST_REFERENCES} references", f"{len(self.references)} references")
        for point in self.points:
            if len(point.numbers) != len(self.group_labels):
                raise _faulty("the number of patients of each group", "lists of different length")
        ratios = [(p.estimate, p.low, p.high) for p in self.points]
        for ratio in (*ratios, *((r.estimate, r.low, r.high) for r in self.references)):
            if wrong := faulty_ratio(*ratio):
                raise _faulty(*wrong)


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A figure of landmarks", expected=expected, found=found)
