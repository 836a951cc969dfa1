"""Does the hazard differ after something that happens later? Groups of each day as they then are: test and model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.cox_fit import fit_cox
from remission.stats.cox_result import CoxFit
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


def fit_by_switch(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    switch_days: npt.ArrayLike,
    covariates: npt.ArrayLike | None = None,
    *,
    name: str = "after",
    names: Sequence[str] | None = None,
    entry_days: npt.ArrayLike | None = None,
    stratum: npt.ArrayLike | None = None,
    ties: str = "efron",
    confidence: float = 0.95,
    firth: bool = False,
) -> CoxFit:
    """Cox model with the later event as a time-dependent covariate, 0 before and 1 after, first of the names.

    Args: as compare_by_switch; covariates: (n, p) known at the start.  name, names: labels.  ties, firth: as fit_cox.
    Returns: a CoxFit of the pieces of follow-up; each patient is at risk once a day, so its ordinary standard
    error holds; n counts pieces.
    Raises: DataError as split_at and fit_cox, or if there is not one row of covariates per patient.
    Source: Cox 1972; Crowley & Hu 1977, J Am Stat Assoc 72:27.  Checked: tests/golden/test_cr_later.py (R).
    """
    pieces = split_at(exit_days, is_event, switch_days, entry_days=entry_days)
    table = np.zeros((pieces.n, 0)) if covariates is None else np.asarray(covariates)
    table = table[:, None] if table.ndim == 1 else table
    groups = None if stratum is None else np.asarray(stratum)
    if table.shape[0] != pieces.n or (groups is not None and groups.size != pieces.n):
        raise DataError("There must be one row of covariates per patient.", "lengths-differ", expected=f"{pieces.n}")
    labels = [f"x{i + 1}" for i in range(table.shape[1])] if names is None else list(names)
    return fit_cox(
        pieces.exit_days,
        pieces.cause > 0,
        np.column_stack([pieces.has_switched.astype(np.float64), table[pieces.patient]]),
        names=[name, *labels],
        entry_days=pieces.entry_days,
        stratum=None if groups is None else groups[pieces.patient],
        ties=ties,
        confidence=confidence,
        firth=firth,
    )
