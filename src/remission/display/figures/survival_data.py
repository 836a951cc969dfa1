"""What a survival figure shows: curves, intervals, censorings and numbers at risk, all computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_GROUPS = 6
MOST_BANDS = 4
CHANGES_CURVE = "Patients move from one curve to the other on the day of transplantation."


@dataclass(frozen=True)
class SurvivalGroup:
    """One curve. Days are counted on the axis of the figure (from its day 0, also after a landmark).

    Args: label: name of the group, may be empty where there is only one.
    days, survival: after each step, days ascending; before the first the survival is `start`.
    low, high: interval at each step, None where undefined; both empty for no band.
    censor_days, censor_survival: where a patient left observation alive (a mark on the curve).
    at_risk, events: at each tick of the figure; None leaves the place empty (before a landmark, or before anybody
    has entered). Numbers at risk may rise where patients enter later.
    last_day: end of follow-up of the group: nothing is drawn beyond it.
    note: what the legend says after the label, e.g. "median 14.2 months (8.1-not reached)".
    first_day: when the first patient enters: the curve begins there, or at the origin of the figure if that is later.
    start: where the curve begins, 1 for a state that everybody enters alive.
    """

    label: str
    days: tuple[int, ...]
    survival: tuple[float, ...]
    last_day: int
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    censor_days: tuple[int, ...] = ()
    censor_survival: tuple[float, ...] = ()
    at_risk: tuple[int | None, ...] = ()
    events: tuple[int | None, ...] = ()
    note: str = ""
    first_day: int = 0
    start: float = 1.0


@dataclass(frozen=True)
class SurvivalFigure:
    """A Kaplan-Meier figure of one to six groups.

    Args: ticks_days: where the axis is marked and the numbers at risk stand (see nice_ticks); None: chosen here,
    then without numbers at risk.  x_unit: of the tick labels.  annotation: lines in the plot, such as the log-rank
    test.  warning: printed as a strip across the figure.  origin_days: where the curves begin: 0, or a landmark.
    origin_label: what the landmark is called; empty for its time.
    subtitle: below the title, e.g. CHANGES_CURVE where patients move from one curve to the other.
    """

    groups: tuple[SurvivalGroup, ...]
    x_label: str = "Months"
    y_label: str = "Probability of survival (%)"
    x_unit: str = "months"
    ticks_days: tuple[int, ...] | None = None
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""
    origin_days: int = 0
    origin_label: str = ""
    subtitle: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.groups) <= MOST_GROUPS:
            raise _faulty(f"between 1 and {MOST_GROUPS} groups", f"{len(self.groups)} groups")
        ticks = len(self.ticks_days or ())
        for g in self.groups:
            _check_group(g, ticks)

    @property
    def last_day(self) -> int:
        return max(g.last_day for g in self.groups)

    @property
    def has_bands(self) -> bool:
        """Whether intervals are drawn: of five or six groups they would hide each other."""
        return len(self.groups) <= MOST_BANDS and any(g.low for g in self.groups)

    @property
    def has_table(self) -> bool:
        return any(g.at_risk for g in self.groups)


def _check_group(g: SurvivalGroup, ticks: int) -> None:
    """Every list of a group is as long as what it belongs to."""
    if len(g.survival) != len(g.days) or len(g.censor_survival) != len(g.censor_days):
        raise _faulty("one survival for each day", "lists of different length")
    if any(len(band) not in (0, len(g.days)) for band in (g.low, g.high)) or len(g.low) != len(g.high):
        raise _faulty("an interval for each day, or none", "lists of different length")
    if any(len(numbers) not in (0, ticks) for numbers in (g.at_risk, g.events)):
        raise _faulty(f"numbers at risk at {ticks} ticks", "lists of different length")
    if any(a > b for a, b in pairwise(g.days)):
        raise _faulty("days in ascending order", "days out of order")
    if any(s < 0 or s > 1 for s in (*g.survival, *g.censor_survival, g.start)):
        raise _faulty("survival between 0 and 1", "a value outside")


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A survival figure", expected=expected, found=found)
