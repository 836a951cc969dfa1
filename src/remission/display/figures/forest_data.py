"""What a forest figure shows: ratios with their intervals, one line per level of a variable, computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure
from remission.display.figures.log_scale import faulty_ratio

MOST_MODELS = 3


@dataclass(frozen=True)
class ForestRatio:
    """A ratio of one model. The texts are the `shown` of result rows, so that nothing is rounded twice.

    Args: estimate, low, high: above 0, None where the ratio cannot be given; low may be 0 and high infinite where
    the interval is open.  text: "0.61 (0.35-1.05)", or in words why there is none.  p: "0.072", may be empty.
    """

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    p: str = ""


@dataclass(frozen=True)
class ForestRow:
    """One line.

    Args: counts: events and patients, "12/33".  ratios: one per model of the figure, empty for none.
    kind: `head` names a variable, its ratios may carry the p of the variable as a whole; `reference` is the level
    the others are compared with.
    """

    label: str
    counts: str = ""
    ratios: tuple[ForestRatio, ...] = ()
    kind: Literal["head", "row", "reference"] = "row"


@dataclass(frozen=True)
class ForestFigure:
    """Hazard or odds ratios of one to three models on a log axis with a line at 1.

    Args: models: their names, e.g. ("Univariable", "Multivariable"); one may be empty where it is the only one.
    favours: what a ratio below and above 1 means, e.g. ("lower risk", "higher risk").
    """

    rows: tuple[ForestRow, ...]
    models: tuple[str, ...] = ("",)
    x_label: str = "Hazard ratio"
    counts_title: str = "Events/n"
    text_title: str = "HR (95% CI)"
    p_title: str = "p"
    reference_text: str = "reference"
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""
    favours: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        if not self.rows:
            raise _faulty("at least one line", "none")
        if not 1 <= len(self.models) <= MOST_MODELS:
            raise _faulty(f"between 1 and {MOST_MODELS} models", f"{len(self.models)} models")
        for row in self.rows:
            if len(row.ratios) not in (0, len(self.models)):
                raise _faulty("one ratio for each model, or none", "lists of different length")
            if row.kind != "row" and any(r.estimate is not None for r in row.ratios):
                raise _faulty("ratios beside the compared levels only", "one beside a heading or a reference")
            for ratio in row.ratios:
                if wrong := faulty_ratio(ratio.estimate, ratio.low, ratio.high):
                    raise _faulty(*wrong)


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A forest figure", expected=expected, found=found)
