"""A graded reaction (CRS, ICANS), and the rule that two grading systems are never put into one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from remission.core.errors import DataError

System = Literal["CRS, ASTCT 2019", "CRS, Lee 2014", "ICANS, ASTCT 2019", "ICANS, ASTCT 2019 (CAPD)"]
Part = TypeVar("Part", bound=str)
DEATH, WORST = 5, 4


@dataclass(frozen=True)
class ReactionGrade:
    """The grade of one reaction by one system.

    Args: grade: 0 (no reaction) to 5 (death), None where it cannot be told.  at_least, at_most: between which grades it
    lies in any case.  decided_by: the parts that have the grade.  reason: why there is no grade.  row: of the record.
    """

    system: System
    grade: int | None
    at_least: int
    at_most: int
    decided_by: tuple[str, ...] = ()
    reason: str = ""
    row: int | None = None


def grade_of_parts(
    system: System, parts: dict[str, tuple[int, int]], *, is_fatal: bool, row: int | None
) -> ReactionGrade:
    """The worst of the parts, each with the lowest and the highest grade that what is recorded allows."""
    if is_fatal:
        return ReactionGrade(system, DEATH, DEATH, DEATH, ("death",), row=row)
    low = max((low for low, _ in parts.values()), default=0)
    high = max((high for _, high in parts.values()), default=0)
    if low < high:
        missing = [name for name, (a, b) in parts.items() if a < b and b > low]
        return ReactionGrade(system, None, low, high, reason=f"not recorded: {', '.join(missing)}", row=row)
    decided = tuple(name for name, (a, _) in parts.items() if a == low and low > 0)
    return ReactionGrade(system, low, low, high, decided, row=row)


def grade_of_level(level: str | None, grades: dict[str, int], *, part: str) -> tuple[int, int]:
    """The grade of a recorded level as (lowest, highest); all grades are possible where none is recorded.

    Raises: DataError `unknown-level`.
    """
    if level is None:
        return min(grades.values()), max(grades.values())
    if level not in grades:
        raise DataError(
            what=f"A level of `{part}` is not known.",
            code="unknown-level",
            expected=f"one of {', '.join(grades)}, or nothing where it is not recorded",
        )
    return grades[level], grades[level]


def check_one_system(grades: Iterable[ReactionGrade]) -> str:
    """The one system all grades are by ("" of none): ASTCT and Lee grades mean different things.

    ICANS by ICE score and by CAPD are one system for two ages. Raises: DataError `mixed-grading-systems`.
    """
    systems = sorted({g.system.removesuffix(" (CAPD)") for g in grades})
    if len(systems) > 1:
        raise DataError(
            what="Reactions graded by different systems are put into one table.",
            code="mixed-grading-systems",
            expected="one of them",
            found=" and ".join(systems),
            todo="Grade all patients by one system, or make one table for each.",
        )
    return systems[0] if systems else ""
