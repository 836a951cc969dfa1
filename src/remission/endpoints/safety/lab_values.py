"""A laboratory value as recorded, and comparisons that may answer "cannot be told"."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from remission.cohort.units import factor
from remission.core.errors import DataError
from remission.endpoints.safety.ctcae import Bound, Direction

Sign = Literal["", "<", ">"]


@dataclass(frozen=True)
class LabValue:
    """One result, its limits and its circumstances; None is "not recorded", never "no".

    Args: test: name as in ctcae.toml (`find_test`).  value, lln, uln, baseline: in `unit`.  sign: "<" or ">" where the
    laboratory gave a limit of detection.  symptomatic: signs or symptoms of this abnormality.  anticoagulated: on
    anticoagulation.  row: index of the record in its cohort table.
    Raises: DataError (`negative-lab-value`, `unknown-sign`).
    """

    test: str
    value: float | None
    unit: str = ""
    sign: Sign = ""
    lln: float | None = None
    uln: float | None = None
    baseline: float | None = None
    symptomatic: bool | None = None
    anticoagulated: bool | None = None
    row: int | None = None

    def __post_init__(self) -> None:
        numbers = (self.value, self.lln, self.uln, self.baseline)
        if any(n is not None and (not math.isfinite(n) or n < 0) for n in numbers):
            raise DataError(
                what="A laboratory value, its limit or its baseline is negative or not a number.",
                code="negative-lab-value",
                where="" if self.row is None else f"record {self.row + 1} of the laboratory values",
                expected="a number from 0, or nothing",
                todo="Correct the value, or leave the cell empty.",
            )
        if self.sign not in ("", "<", ">"):
            raise DataError(
                what="The sign of a laboratory value is not known.",
                code="unknown-sign",
                expected='"", "<" or ">"',
                todo="Write the sign and the number apart.",
            )


def in_unit(lab: LabValue, units: tuple[str, ...]) -> LabValue | None:
    """The value, its limits and its baseline in one of `units`; None where its own unit cannot be converted."""
    if not units:
        return lab
    by = next((f for u in units if lab.unit and (f := factor(lab.unit, u)) is not None), None)
    if by is None:
        return None

    def scaled(number: float | None) -> float | None:
        return None if number is None else float(Decimal(repr(float(number))) * by)

    return replace(
        lab,
        unit=units[0],
        value=scaled(lab.value),
        lln=scaled(lab.lln),
        uln=scaled(lab.uln),
        baseline=scaled(lab.baseline),
    )


def is_beyond(lab: LabValue, bound: Bound | None, direction: Direction) -> bool | None:
    """Is the value beyond a bound, below it for `low` and above it for `high`? None where it cannot be told.

    Decimal arithmetic: 3 x 40.1 is 120.3, so that a value on a bound is on it.
    """
    if bound is None:
        return False
    scale = {"": 1.0, "LLN": lab.lln, "ULN": lab.uln, "baseline": lab.baseline}[bound.of]
    if lab.value is None or scale is None:
        return None
    at, value, sign = bound.number * Decimal(repr(float(scale))), Decimal(repr(float(lab.value))), lab.sign
    if direction == "low":  # below is above with everything turned round
        at, value, sign = -at, -value, {"<": ">", ">": "<"}.get(sign, "")  # type: ignore[assignment]
    if sign == ">":
        found: bool | None = True if value >= at else None
    elif sign == "<":
        found = False if value <= at else None
    else:
        found = value > at or (bound.includes and value == at)
    return None if found and bound.is_unclear else found
