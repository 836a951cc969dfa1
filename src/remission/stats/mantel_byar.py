"""Mantel-Byar test: does the hazard differ after something that happens later, each day's groups as they then are?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy.typing as npt

from remission.stats.episodes import split_at
from remission.stats.logrank import LogRank, compare_survival
from remission.stats.simon_makuch import STATES, risk_by_state


@dataclass(frozen=True, eq=False)
class MantelByar:
    """A log-rank test with groups by current state. n: patients.  n_switched: those at risk in the state after.

    test: its `events`, `observed` and `expected` are by state; its `n` counts pieces of follow-up, so that a
    patient who switches is one of each.
    """

    n: int
    n_switched: int
    test: LogRank


def compare_by_switch(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    switch_days: npt.ArrayLike,
    *,
    entry_days: npt.ArrayLike | None = None,
    stratum: npt.ArrayLike | None = None,
    states: tuple[str, str] = STATES,
    weights: str = "log-rank",
    rho: float = 0.0,
    gamma: float = 0.0,
) -> MantelByar:
    """Mantel-Byar test of the hazard before and after a later event such as transplantation.

    Args: exit_days: (n,) int >= 0.  is_event: (n,) bool, any cause.  switch_days: (n,) whole days, NaN or None
    for never.  entry_days: (n,) int, delayed entry.  stratum: (n,).  weights, rho, gamma: as compare_survival.
    Returns: see MantelByar; undefined without events or if the states are never at risk together.
    Conventions: on the day of the switch still in the state before (docs/methods/mantel-byar.md).
    Raises: DataError as split_at and compare_survival.
    Source: Mantel & Byar 1974, J Am Stat Assoc 69:81-86.  Checked: tests/golden/test_cr_later.py (the score
    test of R's coxph with exact ties).
    """
    episodes = split_at(exit_days, is_event, switch_days, entry_days=entry_days)
    risk = risk_by_state(episodes, states=states, stratum=stratum)
    return MantelByar(episodes.n, episodes.n_switched, compare_survival(risk, weights=weights, rho=rho, gamma=gamma))
