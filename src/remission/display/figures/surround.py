"""What stands around the body of a figure: title and warning above it, notes below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remission.display.figures.lettering import wrap
from remission.display.figures.page import Page
from remission.display.figures.plot_layout import PAD
from remission.display.figures.plot_parts import draw_head
from remission.display.figures.risk_table import EDGE
from remission.display.figures.style import GREY, LEADING, NORMAL, SMALL

LINE = SMALL * LEADING


@dataclass(frozen=True)
class Surround:
    """Wrapped lines around a body; width: of the figure in points."""

    width: float
    title: tuple[str, ...]
    warning: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def top(self) -> float:
        """Where the body begins, in points from the top."""
        head = PAD + len(self.title) * NORMAL * LEADING + (PAD if self.title else 0)
        return head + (len(self.warning) * LINE + 3 * PAD if self.warning else 0)

    def page(self, body_end: float) -> Page:
        """A page with everything but the body. body_end: where it ends, in points from the top."""
        has_notes = PAD if self.notes else 0
        page = Page(self.width, body_end + has_notes + len(self.notes) * LINE + PAD)
        draw_head(page, self.title, self.warning)
        page.lines(EDGE, body_end + has_notes, self.notes, colour=GREY)
        return page


def plan_surround(width: float, *, title: str, warning: str, notes: Sequence[str]) -> Surround:
    """Wrap the texts to a width in points; empty notes are left out."""
    full = width - 2 * EDGE
    return Surround(
        width,
        wrap(title, full, NORMAL, True),
        wrap(warning, full - 2 * PAD, SMALL, True),
        tuple(line for note in notes if note for line in wrap(note, full)),
    )
