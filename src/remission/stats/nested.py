"""Likelihood-ratio test of a model against a smaller one fitted to the same rows."""

from __future__ import annotations

import numpy as np

from remission.core.errors import DataError
from remission.stats.cox_data import REAL
from remission.stats.cox_result import NO_TEST, CoxFit, ModelTest, model_test
from remission.stats.logistic_model import LogisticFit


def compare_nested(smaller: CoxFit | LogisticFit, larger: CoxFit | LogisticFit) -> ModelTest:
    """Likelihood-ratio test of the terms that the larger model has and the smaller one lacks.

    Args: smaller, larger: two Cox or two logistic fits of the same rows; that the smaller model is part of the
    larger one (by its names, or as a line is of a spline) is for the caller to know.
    Returns: twice the gain in log likelihood against chi-square, with the difference in estimated coefficients as
    degrees of freedom; without a test if the larger model has no coefficient more or nothing was estimated.
    Raises: DataError if the fits are of different kinds, rows or options, if one is penalised (the penalties of two
    models differ, so that their likelihoods cannot be compared), or has clusters or real weights.
    Source: Wilks 1938.  Checked: tests/golden/test_models_compared.py (R logLik of coxph and glm).
    """
    if type(smaller) is not type(larger) or not _same_rows(smaller, larger):
        raise DataError(
            "The two models are not of the same rows.",
            "not-nested",
            expected=f"{smaller.n:g} rows, {smaller.n_events:g} events",
            found=f"{larger.n:g} rows, {larger.n_events:g} events",
            todo="Leave out rows with a missing covariate of the larger model from both.",
        )
    if smaller.firth or larger.firth:
        raise DataError("Penalised models cannot be compared.", "unused-option", expected="firth=False")
    if _has_dependent_rows(smaller) or _has_dependent_rows(larger):
        raise DataError(
            "Models with clusters or real weights have no likelihood to compare.",
            "unused-option",
            expected="independent rows, weights that are copies",
            todo="Use the Wald test of the robust variance.",
        )
    if _likelihood(smaller) != _likelihood(larger):
        raise DataError("The two models have other ties or strata.", "not-nested", expected="the same options in both")
    df = _estimated(larger) - _estimated(smaller)
    return model_test(2 * (larger.loglik - smaller.loglik), df) if df > 0 else NO_TEST


def _same_rows(smaller: CoxFit | LogisticFit, larger: CoxFit | LogisticFit) -> bool:
    if isinstance(smaller, CoxFit) and isinstance(larger, CoxFit):
        a, b = smaller.state.rows, larger.state.rows
        pairs = ((a.exits, b.exits), (a.entries, b.entries), (a.is_event, b.is_event), (a.weight, b.weight))
        return all(np.array_equal(x, y) for x, y in pairs)
    if isinstance(smaller, LogisticFit) and isinstance(larger, LogisticFit):
        c, d = smaller.state.model, larger.state.model
        return np.array_equal(c.outcome, d.outcome) and np.array_equal(c.weight, d.weight)
    return False


def _has_dependent_rows(fit: CoxFit | LogisticFit) -> bool:
    return isinstance(fit, CoxFit) and (fit.state.rows.cluster is not None or fit.weights == REAL)


def _likelihood(fit: CoxFit | LogisticFit) -> tuple[object, ...]:
    """What makes one partial likelihood another."""
    return (fit.ties, fit.strata) if isinstance(fit, CoxFit) else ()


def _estimated(fit: CoxFit | LogisticFit) -> int:
    """How many coefficients have information of their own."""
    return len(fit.names) - len(fit.dropped)
