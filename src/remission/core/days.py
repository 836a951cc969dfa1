"""Integer days, and the only place where a day becomes a week, a month or a year."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DAYS_PER: dict[str, Decimal] = {
    "days": Decimal(1),
    "weeks": Decimal(7),
    "months": Decimal("30.4375"),
    "years": Decimal("365.25"),
}


def days_from(amount: Decimal | int | str, unit: str) -> int:
    """Whole days in an amount of days, weeks, months or years, rounded half-up.

    A month is 30.4375 days and a year 365.25, so 0.1 month is 3 days: an order of recorded times is kept.
    Raises: KeyError if the unit is unknown.
    """
    return int((Decimal(amount) * DAYS_PER[unit]).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def days_in(days: float, unit: str) -> float:
    """An amount of days in a larger unit, for display only: never divide before ranking."""
    return float(Decimal(repr(float(days))) / DAYS_PER[unit])
