"""How many are at risk, have had the event and are censored at chosen days: the table under a figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.stats.arrays import FrozenArrays, IntArray, whole_numbers
from remission.stats.riskset import RiskTable


@dataclass(frozen=True, eq=False)
class AtRisk(FrozenArrays):
    """G groups by k days. at_risk: before the day's events.  events, censored: cumulative, day included."""

    groups: tuple[str, ...]
    days: IntArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray


def at_risk_table(risk: RiskTable, at_days: npt.ArrayLike) -> AtRisk:
    """Numbers at risk and cumulative events and censorings of each group at chosen days.

    Args: risk: a risk table.  at_days: (k,) int >= 0, in any order.
    Returns: (G, k) counts; any cause is an event, strata are taken together.
    Conventions: at risk is entry < day <= exit, so a patient with an event on the very day is both at risk
    and among the cumulative events, as the survival at that day includes the event.
    Raises: DataError if a day is negative or not whole.
    """
    asked = whole_numbers(at_days, "The day asked for")
    done = np.searchsorted(risk.days, asked, side="right")
    at_risk, events, censored = risk.of_groups
    return AtRisk(
        risk.groups,
        asked,
        _value_before(at_risk, np.searchsorted(risk.days, asked), after_last=0),
        _total_until(events, done),
        _total_until(censored, done),
    )


def _value_before(counts: IntArray, place: IntArray, *, after_last: int) -> IntArray:
    beyond = np.full((counts.shape[0], 1), after_last, dtype=np.int64)
    return np.concatenate([counts, beyond], axis=1)[:, place]


def _total_until(counts: IntArray, place: IntArray) -> IntArray:
    nothing = np.zeros((counts.shape[0], 1), dtype=np.int64)
    return np.concatenate([nothing, np.cumsum(counts, axis=1)], axis=1)[:, place]
