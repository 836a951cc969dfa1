"""What the plots of proportional hazards show: curves and residuals computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_GROUPS = 6


@dataclass(frozen=True)
class LogLogGroup:
    """A survival curve to be shown as log(-log S) against log time.

    Args: days, survival: after each step, days ascending. Where S is 1 or 0, and on day 0, there is nothing to show.
    """

    label: str
    days: tuple[int, ...]
    survival: tuple[float, ...]


@dataclass(frozen=True)
class LogLogPlot:
    """Curves that run parallel where hazards are proportional."""

    groups: tuple[LogLogGroup, ...]
    title: str = ""
    x_label: str = "Months (log scale)"
    y_label: str = "log(−log S)"
    x_unit: str = "months"
    annotation: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.groups) <= MOST_GROUPS:
            raise _faulty(f"between 1 and {MOST_GROUPS} groups", f"{len(self.groups)} groups")
        for g in self.groups:
            if len(g.days) != len(g.survival):
                raise _faulty("one survival for each day", "lists of different length")
            if any(a > b for a, b in pairwise(g.days)):
                raise _faulty("days in ascending order", "days out of order")
            if any(not 0 <= s <= 1 for s in g.survival):
                raise _faulty("survival between 0 and 1", "a value outside")


@dataclass(frozen=True)
class ResidualPlot:
    """Scaled Schoenfeld residuals of one covariate over transformed time.

    Args: days: of the events, ascending.  at: the same on the transformed time axis (e.g. 1 - Kaplan-Meier), ascending.
    residuals: scaled, with the coefficient added, so that they scatter about beta(t).
    smooth_at, smooth, smooth_low, smooth_high: the smooth curve with its interval on the same axis; empty for none.
    coefficient: the log ratio of the model, a dashed line.  note: the test, e.g. "p = 0.031".
    """

    days: tuple[int, ...]
    at: tuple[float, ...]
    residuals: tuple[float, ...]
    smooth_at: tuple[float, ...] = ()
    smooth: tuple[float, ...] = ()
    smooth_low: tuple[float, ...] = ()
    smooth_high: tuple[float, ...] = ()
    coefficient: float | None = None
    title: str = ""
    x_label: str = "Months (transformed time)"
    y_label: str = "Log hazard ratio over time"
    x_unit: str = "months"
    note: str = ""

    def __post_init__(self) -> None:
        if not len(self.days) == len(self.at) == len(self.residuals):
            raise _faulty("a time and a residual for each event", "lists of different length")
        if len(self.smooth) != len(self.smooth_at):
            raise _faulty("a smooth value for each time", "lists of different length")
        if any(len(band) not in (0, len(self.smooth_at)) for band in (self.smooth_low, self.smooth_high)):
            raise _faulty("an interval for each time, or none", "lists of different length")
        if len(self.smooth_low) != len(self.smooth_high):
            raise _faulty("both ends of an interval, or none", "one end")
        for times in (self.days, self.at, self.smooth_at):
            if any(a > b for a, b in pairwise(times)):
                raise _faulty("times in ascending order", "times out of order")


@dataclass(frozen=True)
class DiagnosticsFigure:
    """Small plots side by side: curves as log(-log S), then residuals, one plot per covariate."""

    log_log: LogLogPlot | None = None
    residuals: tuple[ResidualPlot, ...] = ()
    title: str = ""
    warning: str = ""

    def __post_init__(self) -> None:
        if self.log_log is None and not self.residuals:
            raise _faulty("at least one plot", "none")


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A figure of proportional hazards", expected=expected, found=found)
