"""Where the time axis is marked: whole days that stand for round months or years."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from remission.core.days import DAYS_PER, days_from, days_in

_STEPS: dict[str, tuple[str, ...]] = {
    "days": ("1", "2", "5", "7", "14", "28", "30", "60", "90", "180", "365"),
    "weeks": ("1", "2", "4", "8", "13", "26", "52", "104"),
    "months": ("1", "3", "6", "12", "24", "36", "60", "120"),
    "years": ("0.5", "1", "2", "5", "10", "20"),
}
MOST_INTERVALS = 8  # more do not leave room for the numbers at risk in one column of a page
NEAR = 0.45  # of a step: a round tick this close to a landmark would collide with it


def nice_ticks(last_day: int, unit: str = "months", *, origin_days: int = 0) -> tuple[int, ...]:
    """Days at which an axis that ends at `last_day` is marked and the numbers at risk are given.

    Args: last_day: the longest follow-up, >= 0.  unit: days, weeks, months or years.  origin_days: the landmark at
    which the curves begin, 0 for none; it is marked too, and round ticks too near to it are left out.
    Returns: day 0 and whole multiples of a round step (0, 3, 6, 9 ... months), none later than last_day except that
    there are always two; each the whole day nearest to the multiple (half-up).
    """
    for amount in _STEPS[unit]:
        step = Decimal(amount)
        count = _whole_steps(last_day, step, unit)
        if count <= MOST_INTERVALS:
            break
    else:
        step *= -(-count // MOST_INTERVALS)
        count = _whole_steps(last_day, step, unit)
    ticks = [days_from(step * k, unit) for k in range(max(count, 1) + 1)]
    if origin_days:
        near = NEAR * float(DAYS_PER[unit] * step)
        ticks = sorted([origin_days, *(t for t in ticks if abs(t - origin_days) > near)])
    return tuple(ticks)


def axis_marks(ticks: Sequence[int], origin_days: int = 0, *, apart_days: float) -> list[int]:
    """The ticks and, where there is room for them, day 0 and the landmark, which may have no numbers at risk.

    Args: apart_days: what two labels need to stand beside each other.
    """
    marks = sorted(ticks)
    for day in (origin_days, 0):
        if all(abs(day - m) >= apart_days for m in marks):
            marks = sorted([*marks, day])
    return marks


def _whole_steps(last_day: int, step: Decimal, unit: str) -> int:
    """How many whole steps fit, counted by the days they are rounded to."""
    count = int(Decimal(last_day) / (DAYS_PER[unit] * step))
    return count + 1 if days_from(step * (count + 1), unit) <= last_day else count


def tick_label(day: int, unit: str = "months") -> str:
    """The round amount a tick stands for: 91 days are 3 months."""
    rough = days_in(day, unit)
    quarter = Decimal(round(rough * 4)) / 4
    shown = quarter if days_from(quarter, unit) == day else Decimal(f"{rough:.1f}")
    return f"{shown.normalize():f}"
