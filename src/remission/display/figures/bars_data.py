"""What a figure of rates shows: one line per subgroup, with a proportion and its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure


@dataclass(frozen=True)
class RateRow:
    """One line. The texts are the `shown` of result rows, so that nothing is rounded twice.

    Args: estimate, low, high: 0-1, None where the rate cannot be given.  counts: "18/26".
    text: "69.2 (48.2-85.7)", or why there is none.  kind: `head` a section line; `total` all patients.
    """

    label: str
    counts: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    kind: Literal["head", "row", "total"] = "row"


@dataclass(frozen=True)
class RatesFigure:
    """Response rates by subgroup. reference: a rate drawn as a line through all, None for none."""

    rows: tuple[RateRow, ...]
    x_label: str = "Response rate (%)"
    counts_title: str = "n/N"
    text_title: str = "% (95% CI)"
    reference: float | None = None
    title: str = ""
    annotation: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            values = (row.estimate, row.low, row.high)
            if any(v is not None and not 0 <= v <= 1 for v in values):
                raise _faulty("a proportion between 0 and 1", "a value outside")
            if (row.low is None) != (row.high is None):
                raise _faulty("both ends of an interval, or none", "one end")
        if not self.rows:
            raise _faulty("at least one line", "none")


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A figure of rates", expected=expected, found=found)
