"""Regimens as data (regimens.toml): steps of any kind, by weight, body surface or flat, cycle by cycle."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from remission.core.errors import DataError
from remission.core.settings import load, nearest


@dataclass(frozen=True)
class Step:
    """Some days on one dose. dose: ug/day, or ug/m2/day; most_ug: what a dose by body surface may not exceed."""

    days: int
    dose: float
    most_days: int | None = None
    most_ug: float | None = None

    @property
    def longest(self) -> int:
        return self.days if self.most_days is None else self.most_days


@dataclass(frozen=True)
class CyclePlan:
    """The steps of cycles `first` to `last`, and the days without drug after each of them.

    Args: extension: days added to the last step where the marrow of `extension_day` shows no remission.
    """

    first: int
    last: int
    flat: tuple[Step, ...] = ()
    by_area: tuple[Step, ...] = ()
    break_days: int | None = None
    extension: int = 0
    extension_day: int | None = None


@dataclass(frozen=True)
class Regimen:
    """A regimen. flat_from_kg: from this weight on, itself included, the flat dose; None: only one kind of step."""

    label: str
    citation: str
    cycles: tuple[CyclePlan, ...]
    flat_from_kg: float | None = None


@dataclass(frozen=True)
class Regimens:
    """Everything in regimens.toml."""

    regimens: dict[str, Regimen]


@cache
def load_regimens() -> dict[str, Regimen]:
    """Read the packaged regimens.toml. Raises: DataError as `check_regimen`."""
    text = resources.files("remission.endpoints.exposure").joinpath("regimens.toml").read_text(encoding="utf-8")
    found = load(Regimens, tomllib.loads(text), where="regimens.toml").regimens
    return {name: check_regimen(regimen) for name, regimen in found.items()}


def find_regimen(name: str) -> Regimen:
    """A packaged regimen. Raises: DataError `unknown-regimen`."""
    known = load_regimens()
    if name not in known:
        near = nearest(name, known)
        raise DataError(
            what="This regimen is not known.",
            code="unknown-regimen",
            expected=f"one of {', '.join(known)}",
            todo=f"Did you mean `{near}`?" if near else "Choose one, or write its steps yourself.",
        )
    return known[name]


def check_regimen(regimen: Regimen) -> Regimen:
    """The regimen, if a plan can be made of it. Raises: DataError (`regimen-without-steps`, `regimen-steps`,
    `regimen-weight`, `regimen-cycles`)."""
    for plan in regimen.cycles:
        if not plan.flat and not plan.by_area:
            raise _wrong("regimen-without-steps", "A cycle of a regimen has no steps.", "`flat` or `by_area` steps")
        if bool(plan.flat and plan.by_area) != (regimen.flat_from_kg is not None):
            raise _wrong(
                "regimen-weight",
                "Which patients take the flat dose is not said.",
                "both kinds of steps and flat_from_kg",
            )
        steps = (*plan.flat, *plan.by_area)
        if any(s.days < 1 or s.longest < s.days or s.dose <= 0 for s in steps):
            raise _wrong("regimen-steps", "A step has no days or no dose.", "days and dose above 0, most_days >= days")
        if (plan.extension > 0) != (plan.extension_day is not None):
            raise _wrong("regimen-steps", "An extension needs its days and the day it is decided.", "both or neither")
    numbers = [n for plan in regimen.cycles for n in range(plan.first, plan.last + 1)]
    if not numbers or sorted(numbers) != list(range(1, len(numbers) + 1)):
        raise _wrong("regimen-cycles", "The cycles of a regimen do not follow each other.", "1, 2, 3 …, each once")
    return regimen


def plan_of(regimen: Regimen, cycle: int) -> CyclePlan | None:
    """The plan of a cycle, None beyond the last one."""
    return next((p for p in regimen.cycles if p.first <= cycle <= p.last), None)


def _wrong(code: str, what: str, expected: str) -> DataError:
    return DataError(what=what, code=code, expected=expected, todo="Correct the regimen.")
