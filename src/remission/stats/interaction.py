"""Does an effect differ between subgroups? Likelihood-ratio tests of the interaction, for proportions and hazards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.stats.arrays import FloatArray, Status, require_same_length, truth_values, whole_numbers
from remission.stats.cox_data import codes_of, covariate_matrix
from remission.stats.cox_fit import fit_cox
from remission.stats.cox_result import CoxFit
from remission.stats.logistic import fit_logistic
from remission.stats.logistic_model import LogisticFit
from remission.stats.nested import compare_nested

FEW = "the effect can be estimated in fewer than two subgroups"


@dataclass(frozen=True)
class InteractionTest:
    """Likelihood-ratio test that an effect is the same in all subgroups.

    test: "logistic interaction" (odds ratios) or "cox interaction" (hazard ratios).  statistic, df, p: None if
    undefined.  groups, subgroups: their labels.  n, n_events: of all subgroups.  reason: why undefined, or that an
    effect in a subgroup is infinite: then the statistic is a limit and the p approximate.
    """

    test: str
    statistic: float | None
    df: int | None
    p: float | None
    groups: tuple[str, ...]
    subgroups: tuple[str, ...]
    n: int
    n_events: int
    status: Status
    reason: str


def logistic_interaction(
    outcome: npt.ArrayLike,
    group: npt.ArrayLike,
    subgroup: npt.ArrayLike,
    *,
    covariates: npt.ArrayLike | None = None,
) -> InteractionTest:
    """Does the effect of a group on a yes-no outcome differ between subgroups, on the scale of the odds ratio?

    Args: outcome: (n,) bool.  group, subgroup: (n,) labels, two or more.  covariates: (n, p) to adjust for.
    Returns: see InteractionTest; undefined if the outcome does not vary or no product of the two does.
    Conventions: maximum likelihood (docs/methods/interaction.md). Of a small two-by-two table in each subgroup use
    zelen_test.
    Raises: DataError if lengths differ or a label or covariate is missing.
    Source: Cox & Snell 1989, 2.5.  Checked: tests/golden/test_models_compared.py (R anova of glm).
    """
    y = truth_values(outcome, "The outcome")
    main, product, labels = _design(y.size, group, subgroup, covariates)
    require_same_length(outcome=y.size, group=main.shape[0])
    size = (*labels, y.size, int(np.count_nonzero(y)))
    if not product.shape[1]:
        return InteractionTest("logistic interaction", None, None, None, *size, "undefined", _one(labels))
    if _informative(y, group, subgroup, ~y) < 2:
        return InteractionTest("logistic interaction", None, None, None, *size, "undefined", FEW)
    return _compared(
        "logistic interaction", fit_logistic(y, main), fit_logistic(y, np.column_stack([main, product])), size
    )


def cox_interaction(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    group: npt.ArrayLike,
    subgroup: npt.ArrayLike,
    *,
    entry_days: npt.ArrayLike | None = None,
    covariates: npt.ArrayLike | None = None,
) -> InteractionTest:
    """Does the hazard ratio of a group differ between subgroups?

    Args: exit_days: (n,) int >= 0.  is_event: (n,) bool.  group, subgroup: (n,) labels, two or more.  entry_days: as
    fit_cox.  covariates: (n, p) to adjust for.
    Returns: see InteractionTest; undefined without events or if no product of the two varies.
    Conventions: one baseline hazard for all, with the subgroup as a covariate; Efron's ties.
    Raises: DataError if lengths differ or a label or covariate is missing.
    Source: Cox 1972; Wilks 1938.  Checked: tests/golden/test_models_compared.py (R anova of coxph).
    """
    exits, events = whole_numbers(exit_days, "The last day of follow-up"), truth_values(is_event, "The event")
    main, product, labels = _design(exits.size, group, subgroup, covariates)
    require_same_length(exit_days=exits.size, is_event=events.size, group=main.shape[0])
    size = (*labels, exits.size, int(np.count_nonzero(events)))
    if not product.shape[1]:
        return InteractionTest("cox interaction", None, None, None, *size, "undefined", _one(labels))
    if events.any() and _informative(events, group, subgroup) < 2:
        return InteractionTest("cox interaction", None, None, None, *size, "undefined", FEW)
    smaller = fit_cox(exits, events, main, entry_days=entry_days)
    larger = fit_cox(exits, events, np.column_stack([main, product]), entry_days=entry_days)
    return _compared("cox interaction", smaller, larger, size)


def _design(
    n: int, group: npt.ArrayLike, subgroup: npt.ArrayLike, covariates: npt.ArrayLike | None
) -> tuple[FloatArray, FloatArray, tuple[tuple[str, ...], tuple[str, ...]]]:
    """(n, q) covariates and 0/1 columns of both, the columns of their products, and both lists of labels."""
    g, groups = codes_of(group, n, "group")
    s, subgroups = codes_of(subgroup, n, "subgroup")
    require_same_length(group=g.size, subgroup=s.size)
    G = (g[:, None] == np.arange(1, len(groups))).astype(np.float64)
    S = (s[:, None] == np.arange(1, len(subgroups))).astype(np.float64)
    product = (G[:, :, None] * S[:, None, :]).reshape(g.size, G.shape[1] * S.shape[1])
    others = np.zeros((g.size, 0)) if covariates is None else covariate_matrix(covariates, g.size)
    require_same_length(group=g.size, covariates=others.shape[0])
    return np.column_stack([G, S, others]), product, (groups, subgroups)


def _compared(
    test: str,
    smaller: CoxFit | LogisticFit,
    larger: CoxFit | LogisticFit,
    size: tuple[tuple[str, ...], tuple[str, ...], int, int],
) -> InteractionTest:
    if not np.isfinite(larger.loglik) or not np.isfinite(smaller.loglik):
        return InteractionTest(test, None, None, None, *size, "undefined", larger.reason or smaller.reason)
    found = compare_nested(smaller, larger)
    if found.statistic is None:
        reason = "no group is found in more than one subgroup, or no subgroup holds more than one"
        return InteractionTest(test, None, None, None, *size, "undefined", reason)
    reason = "an effect in a subgroup is infinite (nobody or everybody has the outcome there)"
    is_infinite = bool(smaller.diverging or larger.diverging)
    return InteractionTest(test, found.statistic, found.df, found.p, *size, "ok", reason if is_infinite else "")


def _informative(
    outcome: npt.NDArray[np.bool_],
    group: npt.ArrayLike,
    subgroup: npt.ArrayLike,
    opposite: npt.NDArray[np.bool_] | None = None,
) -> int:
    """Subgroups that hold two groups and the outcome (and its opposite): the others have no effect to compare."""
    g, s = np.asarray(group), np.asarray(subgroup)
    inside = [s == label for label in np.unique(s)]
    return sum(
        bool(outcome[i].any()) and (opposite is None or bool(opposite[i].any())) and np.unique(g[i]).size > 1
        for i in inside
    )


def _one(labels: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    return "fewer than two groups" if len(labels[0]) < 2 else "fewer than two subgroups"
