"""Vials and cost of what was given: bags that hold some days, filled from whole vials."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from remission.core.errors import DataError
from remission.endpoints.exposure.given import GivenCycle

HOURS_A_DAY = 24


@dataclass(frozen=True)
class Bag:
    """An infusion bag. hours: 24, 48, 72, 96 or 168. overfill: what is prepared / what is infused, 1 or more."""

    hours: int
    overfill: float = 1.0


@dataclass(frozen=True)
class VialRule:
    """How a pharmacy prepares bags. vial_ug: content of a vial; bags: the sizes it uses; price: of a vial, or None.

    Each bag is filled from vials of its own: what is left in one is thrown away.
    """

    bags: tuple[Bag, ...] = (Bag(24),)
    vial_ug: float = 35.0
    price: Decimal | None = None

    def __post_init__(self) -> None:
        hours = [b.hours for b in self.bags]
        is_wrong = (
            not hours
            or len(set(hours)) != len(hours)
            or any(h < HOURS_A_DAY or h % HOURS_A_DAY for h in hours)
            or any(not (math.isfinite(b.overfill) and b.overfill >= 1) for b in self.bags)
            or not (math.isfinite(self.vial_ug) and self.vial_ug > 0)
            or (self.price is not None and not (self.price.is_finite() and self.price >= 0))
        )
        if is_wrong:
            raise DataError(
                what="The rule for vials cannot be used.",
                code="impossible-vial-rule",
                expected="bags of whole days, each once, overfill from 1, a vial above 0 ug, a price from 0",
                todo="Correct the bags, the content of a vial or the price.",
            )


@dataclass(frozen=True)
class VialUse:
    """Vials of one cycle. bags: (hours, how many); cost: None without a price; reason: why nothing is computed."""

    patient: str
    cycle: int | None
    vials: int | None
    bags: tuple[tuple[int, int], ...]
    cost: Decimal | None
    reason: str
    rows: tuple[int, ...]


def vials_of_bag(bag: Bag, dose_ug_per_day: float, vial_ug: float) -> int:
    """Whole vials for one bag at a daily dose.

    Decimal arithmetic: a bag of exactly 35 ug is one vial. Checked: tests/by_hand/test_vials.py.
    """
    exact = [Decimal(repr(float(x))) for x in (dose_ug_per_day, bag.overfill, vial_ug)]
    return math.ceil(exact[0] * bag.hours / HOURS_A_DAY * exact[1] / exact[2])


def derive_vials(given: GivenCycle, rule: VialRule) -> VialUse:
    """Vials and cost of a cycle.

    Conventions: every run of days in a row on one dose is covered by the largest bags that fit into it, then by
    smaller ones; what the smallest bag holds beyond the last day is thrown away.
    """
    if given.dose_reason or given.dose_ug is None:
        return VialUse(given.patient, given.cycle, None, (), None, given.dose_reason, given.rows)
    vials, used = 0, dict.fromkeys(sorted((b.hours for b in rule.bags), reverse=True), 0)
    for days, dose in _runs(given):
        for bag in _bags_for(days, rule.bags):
            used[bag.hours] += 1
            vials += vials_of_bag(bag, dose, rule.vial_ug)
    cost = None if rule.price is None else rule.price * vials
    bags = tuple((hours, n) for hours, n in used.items() if n)
    return VialUse(given.patient, given.cycle, vials, bags, cost, "", given.rows)


def _runs(given: GivenCycle) -> list[tuple[int, float]]:
    """(days, dose) of each run of days in a row on one dose."""
    # the day minus its place is the same for days in a row
    places = ((d.day - place, d.dose_ug or 0.0) for place, d in enumerate(given.daily))
    return [(len(list(run)), dose) for (_, dose), run in groupby(places)]


def _bags_for(days: int, bags: Iterable[Bag]) -> list[Bag]:
    """Bags for some days: the largest that fit, the smallest for a rest that none fits."""
    ordered = sorted(bags, key=lambda b: b.hours, reverse=True)
    chosen, left = [], days
    while left > 0:
        bag = next((b for b in ordered if b.hours <= left * HOURS_A_DAY), ordered[-1])
        chosen.append(bag)
        left -= bag.hours // HOURS_A_DAY
    return chosen
