"""What a patient flow shows: populations one after the other, who left in between, and the split at the end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from remission.core.errors import ResultsError


@dataclass(frozen=True)
class FlowPart:
    """A number of patients under a name: a reason for leaving, or a part of a branch."""

    label: str
    n: int


@dataclass(frozen=True)
class FlowStep:
    """A population, and those of it who do not go on to the next one.

    Args: left: how many leave after this step, None for no side box (0 is shown as n = 0).
    reasons: why; they need not add up where a patient has several.
    unit: what is counted, "cycles", printed after each number; empty for patients. Where it changes from one
    population to the next, as from patients to their cycles, the numbers need not follow from each other.
    """

    label: str
    n: int
    left: int | None = None
    left_label: str = "Excluded"
    reasons: tuple[FlowPart, ...] = ()
    unit: str = ""

    @property
    def remain(self) -> int:
        return self.n - (self.left or 0)


@dataclass(frozen=True)
class FlowBranch:
    """A part of the last population, with what became of it; counted in the unit of that population."""

    label: str
    n: int
    parts: tuple[FlowPart, ...] = ()


@dataclass(frozen=True)
class FlowFigure:
    """A flow of patients.

    Raises: ResultsError (`flow-does-not-add-up`) where patients are lost or gained between two boxes.
    """

    steps: tuple[FlowStep, ...]
    branches: tuple[FlowBranch, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        if not self.steps:
            raise _faulty("at least one population", "none")
        for here, following in pairwise(self.steps):
            if here.unit == following.unit and here.remain != following.n:
                raise _faulty(
                    "each population to be the one before without those who left",
                    f"{here.n} - {here.left or 0} is not {following.n}",
                )
        if any(s.left is None and s.reasons for s in self.steps):
            raise _faulty("a number of those who left beside the reasons", "reasons alone")
        remain = self.steps[-1].remain
        if self.branches and sum(b.n for b in self.branches) != remain:
            raise _faulty(f"branches that add up to {remain}", str(sum(b.n for b in self.branches)))


def _faulty(expected: str, found: str) -> ResultsError:
    return ResultsError(
        what="The numbers of a patient flow do not add up.",
        code="flow-does-not-add-up",
        expected=expected,
        found=found,
        todo="This is a fault of the program; please report it with the study file.",
    )
