"""How long patients were followed: reverse Kaplan-Meier, the naive median beside it, range, completeness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import (
    IntArray,
    Status,
    require_known,
    require_level,
    require_same_length,
    truth_values,
    whole_numbers,
)
from remission.stats.bands import INTERVALS
from remission.stats.kaplan_meier import Curve, curve_from_counts, quantile_of_curve
from remission.stats.riskset import RiskTable
from remission.stats.summaries import Summary, summarise


@dataclass(frozen=True)
class FollowUp:
    """Follow-up of n patients, in days.

    median_days, low, high: reverse Kaplan-Meier with its interval; None is not reached.  everybody: last days
    of all patients (its median is the naive one).  without_event: last days of those not having had the
    event. completeness: observed over potential follow-up, 0-1; None without a cut-off.
    """

    n: int
    n_events: int
    median_days: float | None
    low: float | None
    high: float | None
    everybody: Summary
    without_event: Summary
    completeness: float | None
    status: Status
    reason: str


def estimate_follow_up(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    *,
    potential_days: npt.ArrayLike | None = None,
    interval: str = "log-log",
    confidence: float = 0.95,
    quartile_kind: int = 2,
) -> FollowUp:
    """Median follow-up by reverse Kaplan-Meier, with what is needed to judge it.

    Args: exit_days: (n,) int >= 0, event or last contact.  is_event: (n,) bool, the event (death, for
    follow-up of survival).  potential_days: (n,) int, days from each patient's origin to the data cut-off.
    quartile_kind: quantile type 1-9.
    Returns: see FollowUp; undefined if nobody, or the reverse curve does not fall to one half.
    Conventions: end of follow-up is the event and the event censors it; on a tied day events still come
    first, so a patient who dies on a day is no longer at risk of ending follow-up on it.
    Raises: DataError if lengths differ, a value is out of range, or a cut-off is before the last day.
    Source: Schemper & Smith 1996; completeness: Clark, Altman & De Stavola 2002.
    """
    exits, has_event = (
        whole_numbers(exit_days, "The last day of follow-up"),
        truth_values(is_event, "The event"),
    )
    require_same_length(exit_days=exits.size, is_event=has_event.size)
    require_known(interval, INTERVALS, "interval")
    require_level(confidence, "confidence")
    curve = reverse_curves(RiskTable.from_arrays(exits, has_event), interval=interval, confidence=confidence)[0]
    median = quantile_of_curve(curve, 0.5)
    return FollowUp(
        exits.size,
        int(has_event.sum()),
        median.days,
        median.low,
        median.high,
        summarise(exits, kind=quartile_kind),
        summarise(exits[~has_event], kind=quartile_kind),
        None if potential_days is None else _completeness(exits, has_event, potential_days),
        median.status,
        median.reason,
    )


def reverse_curves(risk: RiskTable, *, interval: str = "log-log", confidence: float = 0.95) -> tuple[Curve, ...]:
    """Kaplan-Meier curve of remaining under follow-up: the censorings of a risk table are its events.

    Args: as estimate_curves.  Returns: one Curve per group; its `events` are ends of follow-up, its
    `censored` are events of any cause, and at risk on a day are those left after its events.  Conventions: on
    a tied day the events leave the risk set before follow-up ends.
    """
    require_known(interval, INTERVALS, "interval")
    require_level(confidence, "confidence")
    (at_risk, had_event, ended), n = risk.of_groups, risk.n
    return tuple(
        curve_from_counts(
            label,
            risk.days,
            at_risk[g] - had_event[g],
            ended[g],
            had_event[g],
            n=int(n[g]),
            interval=interval,
            confidence=confidence,
        )
        for g, label in enumerate(risk.groups)
    )


def _completeness(exits: IntArray, has_event: npt.NDArray[np.bool_], potential: npt.ArrayLike) -> float | None:
    possible = whole_numbers(potential, "The day of the data cut-off")
    require_same_length(exit_days=exits.size, potential_days=possible.size)
    n_bad = int(np.count_nonzero(exits > possible))
    if n_bad:
        raise DataError(
            f"Follow-up goes beyond the data cut-off for {n_bad} of {exits.size} patients.",
            "follow-up-after-cut-off",
            expected="last day <= cut-off",
            todo="Close observation at the cut-off before computing follow-up.",
        )
    total = int(np.where(has_event, exits, possible).sum())
    return int(exits.sum()) / total if total else None
