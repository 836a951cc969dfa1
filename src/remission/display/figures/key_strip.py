"""A legend as a strip of samples and names that runs on over as many lines as it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from remission.display.figures.legend import SAMPLE, SAMPLE_GAP
from remission.display.figures.lettering import widest, wrap_evenly
from remission.display.figures.page import Page
from remission.display.figures.risk_table import EDGE
from remission.display.figures.style import LEADING, SMALL

LINE = SMALL * LEADING
APART = 13.0  # from a name to the next sample
LEAD = 2.0  # between the lines of the strip

Sample = Callable[[Page, float, float], None]  # draws at x (left) and y (middle), in points, SAMPLE wide


@dataclass(frozen=True)
class Strip:
    """Where each name stands, in points from the top left corner of the strip, and how high all is."""

    places: tuple[tuple[float, float, tuple[str, ...]], ...]
    height: float


def plan_strip(labels: Sequence[str], width: float) -> Strip:
    """Names from left to right, on the next line where one does not fit. width: of the figure in points."""
    places: list[tuple[float, float, tuple[str, ...]]] = []
    x, y, deep = EDGE, 0.0, 0
    for label in labels:
        lines = wrap_evenly(label, width - 2 * EDGE - SAMPLE - SAMPLE_GAP)
        needed = SAMPLE + SAMPLE_GAP + widest(lines)
        if x > EDGE and x + needed > width - EDGE:
            x, y, deep = EDGE, y + deep * LINE + LEAD, 0
        places.append((x, y, lines))
        deep = max(deep, len(lines), 1)
        x += needed + APART
    return Strip(tuple(places), y + deep * LINE if places else 0.0)


def draw_strip(page: Page, strip: Strip, samples: Sequence[Sample], top: float) -> None:
    """The samples with their names; top: of the strip in points from the top of the page."""
    for (x, y, lines), sample in zip(strip.places, samples, strict=True):
        sample(page, x, top + y + LINE / 2)
        page.lines(x + SAMPLE + SAMPLE_GAP, top + y, lines)
