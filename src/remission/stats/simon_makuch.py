"""Survival curves by current state (Simon & Makuch): a patient leaves the first curve when the state changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.stats.arrays import FrozenArrays, IntArray, whole_numbers
from remission.stats.at_risk import at_risk_table
from remission.stats.episodes import Episodes, episodes_after, split_at
from remission.stats.kaplan_meier import Curve, estimate_curves
from remission.stats.riskset import RiskTable

STATES = ("before", "after")


@dataclass(frozen=True, eq=False)
class SimonMakuch:
    """Curves by current state.

    curves: of the state before and the state after the switch, days counted from the origin; in the first,
    `censored` includes those who switch.  n: patients.  n_switched: patients at risk in the state after.
    n_lost_events, n_lost_censored: patients with the event, or without further follow-up, by the landmark.
    risk: the risk table of the pieces.  episodes: the pieces.
    """

    states: tuple[str, str]
    landmark: int | None
    n: int
    n_switched: int
    n_lost_events: int
    n_lost_censored: int
    curves: tuple[Curve, Curve]
    risk: RiskTable
    episodes: Episodes


@dataclass(frozen=True, eq=False)
class StateAtRisk(FrozenArrays):
    """Two states by k days. at_risk: (2, k) before the day's events, nobody counted in both.  events, censored:
    (2, k) cumulative, day included, censored without those who switch.  switched: (k,) cumulative; on the day
    itself they are still at risk in the first state."""

    states: tuple[str, str]
    days: IntArray
    at_risk: IntArray
    events: IntArray
    censored: IntArray
    switched: IntArray


def estimate(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    switch_days: npt.ArrayLike,
    *,
    entry_days: npt.ArrayLike | None = None,
    landmark: int | None = None,
    states: tuple[str, str] = STATES,
    interval: str = "log-log",
    confidence: float = 0.95,
) -> SimonMakuch:
    """Survival by current state, from the origin or from a landmark.

    Args: exit_days: (n,) int >= 0.  is_event: (n,) bool.  switch_days: (n,) whole days, NaN or None for never.
    entry_days: (n,) int, delayed entry.  landmark: int >= 0, both curves then start at 1 on that day.
    states: labels.  interval, confidence: as estimate_curves.
    Returns: see SimonMakuch; use survival_at on its curves.
    Conventions: clock from the origin; on the day of the switch still in the state before; a switch on the last
    day does not count.  The curve of the state after starts with few patients: look at the numbers at risk.
    Raises: DataError as split_at and estimate_curves, and if the landmark is negative.
    Source: Simon & Makuch 1984, Stat Med 3:35-44.  Checked: tests/golden/test_cr_later.py (R survival).
    """
    every = split_at(exit_days, is_event, switch_days, entry_days=entry_days)
    kept = every if landmark is None else episodes_after(every, landmark)
    lost = ~np.isin(every.patient, kept.patient) & ~every.ends_with_switch
    risk = risk_by_state(kept, states=states)
    curves = estimate_curves(risk, interval=interval, confidence=confidence)
    return SimonMakuch(
        states,
        landmark,
        kept.n,
        kept.n_switched,
        int((lost & (every.cause > 0)).sum()),
        int((lost & (every.cause == 0)).sum()),
        (curves[0], curves[1]),
        risk,
        kept,
    )


def risk_by_state(
    episodes: Episodes,
    *,
    states: tuple[str, str] = STATES,
    stratum: npt.ArrayLike | None = None,
) -> RiskTable:
    """The risk table of the pieces of follow-up, one group per state.

    Args: episodes: from split_at.  stratum: (n,) codes or labels of the patients.
    Raises: DataError if there is not one stratum per patient.
    """
    return RiskTable.from_arrays(
        episodes.exit_days,
        episodes.cause,
        entry_days=episodes.entry_days,
        group=episodes.has_switched.astype(np.int64),
        groups=states,
        stratum=None if stratum is None else np.asarray(stratum)[episodes.patient],
    )


def at_risk_by_state(curves: SimonMakuch, at_days: npt.ArrayLike) -> StateAtRisk:
    """Numbers at risk in each state, with cumulative events, censorings and switches.

    Args: curves: from estimate.  at_days: (k,) int >= 0.
    Returns: see StateAtRisk; the two states together are the patients under observation on the day.
    Raises: DataError if a day is negative or not whole.
    """
    asked = whole_numbers(at_days, "The day asked for")
    table = at_risk_table(curves.risk, asked)
    days = np.sort(curves.episodes.exit_days[curves.episodes.ends_with_switch])
    switched = np.searchsorted(days, asked, side="right").astype(np.int64)
    censored = table.censored - np.stack([switched, np.zeros_like(switched)])
    return StateAtRisk(curves.states, asked, table.at_risk.copy(), table.events.copy(), censored, switched)
