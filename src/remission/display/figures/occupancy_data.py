"""What a figure of states shows: for every day the probability of being in each state, computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_STATES = 7
ROUNDING = 1e-6


@dataclass(frozen=True)
class StateShare:
    """One state, and the probability of being in it from each day of the figure on."""

    label: str
    probability: tuple[float, ...]


@dataclass(frozen=True)
class OccupancyFigure:
    """Stacked areas that add up to 100 %.

    Args: states: from the bottom to the top of the plot.
    days: on which a probability changes, ascending; the first is the origin of the axis.
    last_day: end of follow-up: nothing is drawn beyond it.
    ticks_days: where the axis is marked and the numbers stand (see nice_ticks); None: chosen here, without numbers.
    under_observation: at each tick; None leaves the place empty.
    """

    states: tuple[StateShare, ...]
    days: tuple[int, ...]
    last_day: int
    ticks_days: tuple[int, ...] | None = None
    under_observation: tuple[int | None, ...] = ()
    x_label: str = "Months"
    y_label: str = "Probability of being in a state (%)"
    x_unit: str = "months"
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""

    def __post_init__(self) -> None:
        if not 2 <= len(self.states) <= MOST_STATES:
            raise _faulty(f"between 2 and {MOST_STATES} states", f"{len(self.states)} states")
        if not self.days or any(a >= b for a, b in pairwise(self.days)):
            raise _faulty("days in ascending order", "days out of order, or none")
        if self.last_day < self.days[0]:
            raise _faulty("a last day not before the first", "an earlier one")
        if any(len(s.probability) != len(self.days) for s in self.states):
            raise _faulty("one probability for each day", "lists of different length")
        if len(self.under_observation) not in (0, len(self.ticks_days or ())):
            raise _faulty("one number for each tick", "lists of different length")
        if any(not -ROUNDING <= p <= 1 + ROUNDING for s in self.states for p in s.probability):
            raise _faulty("probabilities between 0 and 1", "a value outside")
        if any(abs(sum(day) - 1) > ROUNDING for day in zip(*(s.probability for s in self.states), strict=True)):
            raise _faulty("probabilities that add up to 1 on every day", "another sum")


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A figure of states", expected=expected, found=found)
