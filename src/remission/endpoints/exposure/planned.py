"""What a regimen plans for one patient and cycle: days and doses, or why that cannot be computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remission.core.errors import DataError
from remission.endpoints.exposure.body_surface import body_surface_m2
from remission.endpoints.exposure.regimen import CyclePlan, Regimen, Step, plan_of

Length = Literal["shortest", "longest"]
Basis = Literal["flat", "body surface", ""]


@dataclass(frozen=True)
class PlannedDose:
    """Some days on one dose, in ug/day."""

    days: int
    dose_ug_per_day: float


@dataclass(frozen=True)
class PlannedCycle:
    """One planned cycle.

    Args: basis: flat dose or by body surface.  length: which end of the planned range.  steps: in order; empty where
    they cannot be computed (`reason`).  break_days: without drug after the cycle, None where the regimen does not say.
    body_m2: None where it was not needed.  is_extended: None where nothing is to be decided.
    """

    cycle: int
    basis: Basis
    length: Length
    steps: tuple[PlannedDose, ...]
    break_days: int | None = None
    body_m2: float | None = None
    is_extended: bool | None = None
    reason: str = ""

    @property
    def days(self) -> int | None:
        """Planned days on drug."""
        return sum(s.days for s in self.steps) if self.steps else None

    @property
    def dose_ug(self) -> float | None:
        """Planned cumulative dose in ug."""
        return sum(s.days * s.dose_ug_per_day for s in self.steps) if self.steps else None

    @property
    def full_dose_ug_per_day(self) -> float | None:
        """The highest planned daily dose."""
        return max((s.dose_ug_per_day for s in self.steps), default=None)


def derive_planned_cycle(
    regimen: Regimen,
    cycle: int,
    *,
    weight_kg: float | None,
    height_cm: float | None,
    length: Length = "shortest",
    in_remission: bool | None = None,
) -> PlannedCycle:
    """The planned doses of a cycle.

    Args: weight_kg, height_cm: None where not recorded.  length: end of the planned range where a paper gives one.
    in_remission: on the day an extension is decided; not asked where the regimen has none.
    Conventions: exactly `flat_from_kg` is the flat dose; a dose by body surface never exceeds its `most_ug`. A flat
    regimen needs no weight. Nothing is guessed: without what it needs, the plan is empty and says why.
    Raises: DataError (`impossible-cycle`, `impossible-body`, `unknown-length`).
    Checked: tests/by_hand/test_regimens.py.
    """
    _check(cycle, length)
    plan = plan_of(regimen, cycle)
    if plan is None:
        return PlannedCycle(cycle, "", length, (), reason="the regimen has no such cycle")
    basis, missing = _basis(regimen, plan, weight_kg)
    if basis == "body surface":
        missing = [n for n, v in (("weight", weight_kg), ("height", height_cm)) if v is None]
    if plan.extension and in_remission is None:
        missing.append(f"remission on day {plan.extension_day}")
    if missing:
        return PlannedCycle(cycle, basis, length, (), plan.break_days, reason=f"not recorded: {', '.join(missing)}")
    area = None
    if basis == "body surface" and weight_kg is not None and height_cm is not None:
        area = body_surface_m2(weight_kg, height_cm)
    is_extended = None if not plan.extension else not in_remission
    steps = _steps(plan.flat if area is None else plan.by_area, length, plan.extension if is_extended else 0)
    doses = tuple(PlannedDose(days, _dose(step, area)) for days, step in steps)
    return PlannedCycle(cycle, basis, length, doses, plan.break_days, area, is_extended)


def _check(cycle: int, length: str) -> None:
    if cycle < 1:
        raise DataError(what="A cycle has no number from 1.", code="impossible-cycle", expected="1, 2, 3 …")
    if length not in ("shortest", "longest"):
        raise DataError(
            what="The planned length is not known.", code="unknown-length", expected="`shortest` or `longest`"
        )


def _basis(regimen: Regimen, plan: CyclePlan, weight_kg: float | None) -> tuple[Basis, list[str]]:
    """Flat or by body surface, and what is missing to know."""
    if not plan.by_area:
        return "flat", []
    if not plan.flat or regimen.flat_from_kg is None:
        return "body surface", []
    if weight_kg is None:
        return "", ["weight"]
    if not weight_kg > 0:
        body_surface_m2(weight_kg, 1.0)  # says what is wrong with it
    return ("flat" if weight_kg >= regimen.flat_from_kg else "body surface"), []


def _steps(steps: tuple[Step, ...], length: Length, extension: int) -> list[tuple[int, Step]]:
    days = [s.days if length == "shortest" else s.longest for s in steps]
    days[-1] += extension
    return list(zip(days, steps, strict=True))


def _dose(step: Step, area_m2: float | None) -> float:
    if area_m2 is None:
        return step.dose
    by_area = step.dose * area_m2
    return by_area if step.most_ug is None else min(by_area, step.most_ug)
