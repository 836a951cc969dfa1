"""What stands beside an asymptotic number where few are behind it: a permutation test, Firth's model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.analyses.survival import PERMUTATION_SEED, PERMUTED_UP_TO, SMALL_GROUP
from remission.stats import CoxFit, events_per_parameter, permutation_logrank
from remission.stats.arrays import IntArray

FEWEST_EVENTS = 10


def write_permutation(
    at: Place,
    days: IntArray,
    is_event: NDArray[np.bool_],
    levels: IntArray,
    *,
    variable: str = "logrank_permutation",
    category: str = "",
) -> None:
    """Beside the asymptotic log-rank test where a group has few rows or events; everybody enters on one day.

    Args: days, is_event, levels: (n,) last day, event, position of the group.
    """
    sizes = np.bincount(levels)
    events = np.bincount(levels, weights=is_event)[sizes > 0]
    n = int(days.size)
    if (sizes > 0).sum() < 2 or n > PERMUTED_UP_TO:
        return
    if min(int(sizes[sizes > 0].min()), int(events.min())) >= SMALL_GROUP:
        return
    exact = permutation_logrank(days, is_event, levels, seed=PERMUTATION_SEED)
    method = "logrank-permutation-exact" if exact.method == "exact" else "logrank-permutation-mc"
    at.put(variable, "p", exact.p, category=category, method=method, why=exact.reason, n=n)


def is_sparse(fit: CoxFit, events: int) -> bool:
    """Whether Firth's model stands beside a plain one: few events per coefficient, or no maximum."""
    few = events_per_parameter(events, len(fit.names))
    return (few.per_parameter or 0) < FEWEST_EVENTS or bool(fit.diverging)


def few_words(fit: CoxFit, events: int) -> str:
    """Why, for the note of its rows."""
    return events_per_parameter(events, len(fit.names)).reason
