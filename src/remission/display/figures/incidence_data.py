"""What a figure of cumulative incidence shows: one curve per group and cause, all computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_GROUPS = 4
MOST_CAUSES = 4
MOST_BANDS = 4
MAXIMA = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)  # where an axis that begins at 0 may end

ROUNDING = 1e-9  # sums of products differ in their last digit


@dataclass(frozen=True)
class IncidenceCurve:
    """The cumulative incidence of one cause in one group.

    Args: cause: its name, the same words in every group.
    days, incidence: after each step, days ascending; before the first the incidence is 0.
    low, high: interval at each step, None where undefined; both empty for no band.
    note: what the legend says after the name, e.g. "21% (9-36) at 12 months".
    """

    cause: str
    days: tuple[int, ...]
    incidence: tuple[float, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class IncidenceGroup:
    """The curves of one group, one per cause, in the same order in every group.

    Args: label: may be empty where there is only one group.  last_day: end of follow-up: nothing is drawn beyond it.
    at_risk: at each tick of the figure; None leaves the place empty (before a landmark).
    """

    label: str
    curves: tuple[IncidenceCurve, ...]
    last_day: int
    at_risk: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class IncidenceFigure:
    """Cumulative incidence: one group with its causes, or two to four groups with the same causes.

    Args: ticks_days: where the axis is marked and the numbers at risk stand (see nice_ticks); None: chosen here,
    then without numbers at risk.  annotation: lines beside the legend, such as Gray's test of each cause.
    y_max: where the vertical axis ends (see nice_maximum); below 1 the figure says so.
    has_bands: whether intervals are drawn; of five and more curves they never are: they would hide each other.
    """

    groups: tuple[IncidenceGroup, ...]
    x_label: str = "Months"
    y_label: str = "Cumulative incidence (%)"
    x_unit: str = "months"
    ticks_days: tuple[int, ...] | None = None
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""
    origin_days: int = 0
    origin_label: str = ""
    y_max: float = 1.0
    has_bands: bool = True

    def __post_init__(self) -> None:
        if not 1 <= len(self.groups) <= MOST_GROUPS:
            raise _faulty(f"between 1 and {MOST_GROUPS} groups", f"{len(self.groups)} groups")
        causes = self.causes
        if not 1 <= len(causes) <= MOST_CAUSES:
            raise _faulty(f"between 1 and {MOST_CAUSES} causes", f"{len(causes)} causes")
        if not 0 < self.y_max <= 1:
            raise _faulty("an axis that ends above 0 and not above 1", "another end")
        ticks = len(self.ticks_days or ())
        for group in self.groups:
            if tuple(c.cause for c in group.curves) != causes:
                raise _faulty("the same causes in every group", "different causes")
            if len(group.at_risk) not in (0, ticks):
                raise _faulty(f"numbers at risk at {ticks} ticks", "lists of different length")
            for curve in group.curves:
                _check_curve(curve, self.y_max)

    @property
    def causes(self) -> tuple[str, ...]:
        return tuple(c.cause for c in self.groups[0].curves)

    @property
    def last_day(self) -> int:
        return max(g.last_day for g in self.groups)


def nice_maximum(groups: tuple[IncidenceGroup, ...]) -> float:
    """The lowest round end of a vertical axis that cuts no curve and no interval."""
    curves = [c for g in groups for c in g.curves]
    highest = max((v for c in curves for v in (*c.incidence, *c.high) if v is not None), default=0.0)
    return min(m for m in MAXIMA if m >= min(highest, 1.0))


def _check_curve(curve: IncidenceCurve, y_max: float) -> None:
    """Every list of a curve is as long as its days, and the curve fits the axis."""
    if len(curve.incidence) != len(curve.days):
        raise _faulty("one incidence for each day", "lists of different length")
    if any(len(band) not in (0, len(curve.days)) for band in (curve.low, curve.high)):
        raise _faulty("an interval for each day, or none", "lists of different length")
    if len(curve.low) != len(curve.high):
        raise _faulty("both ends of an interval, or none", "one end")
    if any(a > b for a, b in pairwise(curve.days)):
        raise _faulty("days in ascending order", "days out of order")
    if any(not 0 <= v <= 1 for v in (*curve.incidence, *curve.low, *curve.high) if v is not None):
        raise _faulty("incidences between 0 and 1", "a value outside")
    if any(a > b + ROUNDING for a, b in pairwise(curve.incidence)):
        raise _faulty("incidences that never fall", "one that falls")
    if max(curve.incidence, default=0.0) > y_max:
        raise _faulty("an axis that ends above every curve", "a curve beyond it")


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A figure of cumulative incidence", expected=expected, found=found)
