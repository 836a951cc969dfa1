"""The days at which numbers at risk are counted: round months, so that figure and table speak of the same days."""

from __future__ import annotations

from remission.core.days import days_from

STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 36, 60, 120)
MOST_TICKS = 8


def tick_days(last_day: int) -> tuple[int, ...]:
    """Days of the ticks from 0 to the last follow-up, at the smallest round step that gives at most eight.

    Args: last_day: last day of follow-up, >= 0.
    """
    for step in STEPS_MONTHS:
        ticks = tuple(days_from(m, "months") for m in range(0, 12_000, step) if days_from(m, "months") <= last_day)
        if len(ticks) <= MOST_TICKS:
            return ticks
    return ticks
