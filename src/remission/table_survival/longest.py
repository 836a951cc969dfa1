"""How long a time can be: beyond it lies a date or an identifier that was taken for a time."""

from __future__ import annotations

from decimal import Decimal

from remission.core.days import DAYS_PER

LONGEST_DAYS = 100_000  # 273 years


def is_too_long(amount: Decimal, unit: str) -> bool:
    """Whether an amount of days, weeks, months or years is more than LONGEST_DAYS."""
    return amount > LONGEST_DAYS / DAYS_PER[unit]


def longest_words(unit: str) -> str:
    """The limit in a unit, in words."""
    days = f"{LONGEST_DAYS:,} days"
    return f"at most {days}" + ("" if unit == "days" else f", which are {LONGEST_DAYS / DAYS_PER[unit]:,.0f} {unit}")
