"""Landmark analyses: groups by what has happened until a day, survival from that day on, for one day or a grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import IntArray, Status, read_only, whole_numbers
from remission.stats.cox_fit import fit_cox
from remission.stats.episodes import Episodes, episodes_after, split_at
from remission.stats.kaplan_meier import Curve, estimate_curves
from remission.stats.logrank import LogRank, compare_survival
from remission.stats.riskset import RiskTable
from remission.stats.simon_makuch import STATES


@dataclass(frozen=True, eq=False)
class Landmark:
    """The comparison from one landmark; groups are "before" and "after", the state on that day.

    n: (2,) patients under observation without the event after the landmark.  events: (2,) after it.
    n_lost_events, n_lost_censored: patients with the event, or without further follow-up, by the landmark, in
    no group.  n_switch_later: patients of the first group who change state afterwards and stay in it.  curves:
    days counted from the landmark.  hazard_ratio, low, high, p_hazard_ratio: second against first group, None
    with hazard_reason where there is none.
    """

    day: int
    states: tuple[str, str]
    n: IntArray
    events: IntArray
    n_lost_events: int
    n_lost_censored: int
    n_switch_later: int
    curves: tuple[Curve, Curve]
    test: LogRank
    hazard_ratio: float | None
    low: float | None
    high: float | None
    p_hazard_ratio: float | None
    hazard_reason: str
    status: Status
    reason: str

    def __post_init__(self) -> None:
        read_only(self.n)
        read_only(self.events)


def landmark_at(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    switch_days: npt.ArrayLike,
    landmark: int,
    *,
    states: tuple[str, str] = STATES,
    interval: str = "log-log",
    confidence: float = 0.95,
    ties: str = "efron",
) -> Landmark:
    """Survival from a landmark day by whether something has happened until then.

    Args: exit_days: (n,) int >= 0.  is_event: (n,) bool.  switch_days: (n,) whole days, NaN or None for never.
    landmark: int >= 0.  states: labels.  interval, confidence: of the curves; ties: of the hazard ratio.
    Returns: see Landmark; undefined if a group is empty or no comparison can be made.
    Conventions: who has the event or leaves on the landmark or before is in no group and is counted; a switch
    on the landmark counts, a later one does not (docs/methods/landmark.md).
    Raises: DataError as split_at, or if the landmark is negative or an option unknown.
    Source: Anderson, Cain & Gelber 1983, J Clin Oncol 1:710-719.
    Checked: tests/golden/test_cr_later.py (R survival).
    """
    return _from(split_at(exit_days, is_event, switch_days), landmark, states, interval, confidence, ties)


def landmark_grid(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    switch_days: npt.ArrayLike,
    landmarks: npt.ArrayLike,
    *,
    states: tuple[str, str] = STATES,
    interval: str = "log-log",
    confidence: float = 0.95,
    ties: str = "efron",
) -> tuple[Landmark, ...]:
    """landmark_at over several landmarks: how far the answer depends on the day chosen.

    Args: as landmark_at; landmarks: (k,) int >= 0.  Returns: k landmarks, in the order asked for; they share
    patients, so their p-values are not k independent tests.
    Raises: DataError as landmark_at, or if there is no landmark.
    """
    days = whole_numbers(landmarks, "The landmark")
    if not days.size:
        raise DataError("No landmark is given.", "no-landmark", expected="one or more days")
    pieces = split_at(exit_days, is_event, switch_days)
    return tuple(_from(pieces, day, states, interval, confidence, ties) for day in days.tolist())


def _from(
    every: Episodes, landmark: int, states: tuple[str, str], interval: str, confidence: float, ties: str
) -> Landmark:
    kept = episodes_after(every, landmark)
    lost = ~np.isin(every.patient, kept.patient) & ~every.ends_with_switch
    first = np.unique(kept.patient, return_index=True)[1]
    last = np.flatnonzero(~kept.ends_with_switch)  # one piece each, in the same order of patients
    group = kept.has_switched[first].astype(np.int64)
    days, is_event = kept.exit_days[last] - landmark, kept.cause[last] > 0
    risk = RiskTable.from_arrays(days, is_event, group=group, groups=states)
    curves = estimate_curves(risk, interval=interval, confidence=confidence)
    test = compare_survival(risk)
    ratio, hazard_reason = _hazard_ratio(days, is_event, group, confidence, ties)
    empty = [label for label, n in zip(states, risk.n.tolist(), strict=True) if n == 0]
    reason = f"nobody in this group at the landmark: {', '.join(empty)}" if empty else test.reason
    return Landmark(
        landmark,
        states,
        risk.n.copy(),
        risk.events.sum(axis=(1, 2, 3)),
        int((lost & (every.cause > 0)).sum()),
        int((lost & (every.cause == 0)).sum()),
        int(kept.ends_with_switch.sum()),
        (curves[0], curves[1]),
        test,
        *ratio,
        hazard_reason,
        "undefined" if empty else test.status,
        reason,
    )


def _hazard_ratio(
    days: IntArray, is_event: npt.NDArray[np.bool_], group: IntArray, confidence: float, ties: str
) -> tuple[tuple[float | None, float | None, float | None, float | None], str]:
    fit = fit_cox(days, is_event, group.astype(np.float64)[:, None], confidence=confidence, ties=ties)
    values = [float(x[0]) for x in (fit.hazard_ratio, fit.hr_low, fit.hr_high, fit.p)]
    if fit.status != "ok" or not np.isfinite(values[0]):
        return (None, None, None, None), fit.reason or "no finite hazard ratio"
    return (values[0], values[1], values[2], values[3]), ""
