"""What a waterfall plot shows: the change of each patient as a bar, computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_PANELS = 2
MOST_RESPONSES = 6


@dataclass(frozen=True)
class WaterfallBar:
    """One patient.

    Args: value: the change, in the unit of the panel.  response: its place among those of the figure, from 0.
    is_below_floor: the second measurement lies below what the assay can see: the true change is at least this.
    """

    value: float
    response: int = 0
    is_below_floor: bool = False


@dataclass(frozen=True)
class WaterfallPanel:
    """Bars from the greatest rise to the greatest fall.

    Args: y_label: with the unit, e.g. "Change of marrow blasts (percentage points)".  lines: values drawn across with
    their names, e.g. (-4.0, "-4 log").  limits: ends of the axis; a bar beyond is cut and its value said below.
    note: e.g. "28 of 33 patients; 5 without a second marrow".
    """

    bars: tuple[WaterfallBar, ...]
    y_label: str
    title: str = ""
    lines: tuple[tuple[float, str], ...] = ()
    limits: tuple[float, float] | None = None
    note: str = ""


@dataclass(frozen=True)
class WaterfallFigure:
    """One or two panels with one legend. floor_text: what a hatched bar means."""

    panels: tuple[WaterfallPanel, ...]
    responses: tuple[str, ...] = ("All patients",)
    floor_text: str = "Below the limit of detection: the true fall is at least this"
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.panels) <= MOST_PANELS:
            raise _faulty(f"between 1 and {MOST_PANELS} panels", f"{len(self.panels)} panels")
        if not 1 <= len(self.responses) <= MOST_RESPONSES:
            raise _faulty(f"between 1 and {MOST_RESPONSES} responses", f"{len(self.responses)} responses")
        for panel in self.panels:
            if not all(isfinite(v) for v in (*(b.value for b in panel.bars), *(v for v, _ in panel.lines))):
                raise _faulty("changes that are numbers", "a value that is none")
            if any(not 0 <= b.response < len(self.responses) for b in panel.bars):
                raise _faulty("responses that are named", "one without a name")
            if panel.limits is not None and not panel.limits[0] <= 0 <= panel.limits[1]:
                raise _faulty("ends of the axis around 0", "an axis without 0")
            if panel.limits is not None and panel.limits[0] == panel.limits[1]:
                raise _faulty("an axis with a length", "none")


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A waterfall plot", expected=expected, found=found)
