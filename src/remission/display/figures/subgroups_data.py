"""What a forest of subgroups shows: the effect in each subgroup between the numbers of the two groups compared."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure
from remission.display.figures.log_scale import faulty_ratio


@dataclass(frozen=True)
class SubgroupRow:
    """One line. The texts are the `shown` of result rows, so that nothing is rounded twice.

    Args: left, right: of the two groups, "12/33".  estimate, low, high: a ratio, or a difference in the unit of the
    axis; None where there is none.  text: "0.61 (0.35-1.05)", or in words why there is none.
    p_interaction: of a variable, beside its head.  kind: `head` names a variable; `total` is everybody.
    """

    label: str
    left: str = ""
    right: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    p_interaction: str = ""
    kind: Literal["head", "row", "total"] = "row"


@dataclass(frozen=True)
class SubgroupsFigure:
    """Effects by subgroup on a plain axis around 0 (`difference`) or a logarithmic one around 1 (`ratio`).

    Args: groups: the two compared, above their numbers.  favours: what lies left and right of no effect.
    """

    rows: tuple[SubgroupRow, ...]
    groups: tuple[str, str]
    scale: Literal["ratio", "difference"] = "ratio"
    x_label: str = "Hazard ratio"
    counts_title: str = "n/N"
    text_title: str = "HR (95% CI)"
    p_title: str = "p for interaction"
    favours: tuple[str, str] = ("", "")
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""

    def __post_init__(self) -> None:
        if not self.rows:
            raise _faulty("at least one line", "none")
        if len(self.groups) != 2:
            raise _faulty("two groups", f"{len(self.groups)} groups")
        for row in self.rows:
            if row.kind == "head" and row.estimate is not None:
                raise _faulty("effects beside subgroups only", "one beside a heading")
            check = faulty_ratio if self.scale == "ratio" else _faulty_difference
            if wrong := check(row.estimate, row.low, row.high):
                raise _faulty(*wrong)


def _faulty_difference(estimate: float | None, low: float | None, high: float | None) -> tuple[str, str] | None:
    """What was expected and found where a difference and its interval contradict each other."""
    if (low is None) != (high is None):
        return "both ends of an interval, or none", "one end"
    if estimate is None:
        return None if low is None else ("an estimate within each interval", "an interval alone")
    if not all(isfinite(v) for v in (estimate, low or 0.0, high or 0.0)):
        return "differences that are numbers", "one that is none"
    if low is not None and high is not None and not low <= estimate <= high:
        return "an estimate within its interval", "one outside"
    return None


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A forest of subgroups", expected=expected, found=found)
