"""A model on data whose gaps were filled several times, pooled by Rubin's rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.analyses.covariates import Covariate
from remission.stats.imputation import impute_chained
from remission.stats.rubin import pool_estimates

SEED = 20_261_120
Fit = Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]


def impute_covariates(
    covariates: Sequence[Covariate], outcome: NDArray[np.float64], *, copies: int
) -> tuple[NDArray[np.float64], ...]:
    """Completed matrices of the covariates, (n, k) each; outcome: (n, q) columns that help to fill the gaps.

    A group is filled as one category and turned into columns again, so that a patient has one level.
    """
    columns = [_codes(c) for c in covariates]
    kinds = ["category" if c.reference else "number" for c in covariates]
    table = np.column_stack([*columns, outcome])
    kinds += ["category" if set(np.unique(v)) <= {0.0, 1.0} else "number" for v in outcome.T]
    made = impute_chained(table, kinds, m=copies, seed=SEED)
    return tuple(np.hstack([_columns(c, copy[:, j]) for j, c in enumerate(covariates)]) for copy in made.completed)


def write_imputed(
    place: Place,
    covariates: Sequence[Covariate],
    copies: Sequence[NDArray[np.float64]],
    fit: Fit,
    *,
    n: int,
    events: int,
) -> None:
    """Ratio, interval and p of each term over the copies, and how much of their uncertainty is the gaps'."""
    place.put("model", "N", n)
    place.put("model", "events", events, n=n)
    place.put("model_copies", "setting", len(copies))
    terms = [(c, t) for c in covariates for t in c.terms]
    fits = [fit(X) for X in copies]
    for k, (covariate, term) in enumerate(terms):
        pooled = pool_estimates([b[k] for b, _ in fits], [s[k] for _, s in fits])
        for stat, value in (("ratio", pooled.estimate), ("low", pooled.low), ("high", pooled.high), ("p", pooled.p)):
            known = None if value is None or not np.isfinite(value) else float(value if stat == "p" else np.exp(value))
            place.put(
                covariate.variable, stat, known, category=term, unit="" if stat == "p" else "ratio", method="rubin",
                note=covariate.unit, why=pooled.reason or "not estimable in every copy", n=n,
            )  # fmt: skip
        place.put(
            f"{covariate.variable}_missing_information", "estimate", pooled.missing_information, category=term,
            unit="proportion", method="rubin", why=pooled.reason or "not estimable", n=n,
        )  # fmt: skip
    for c in covariates:
        if c.reference:
            place.put(c.variable, "text", "reference", category=c.reference)


def _codes(covariate: Covariate) -> NDArray[np.float64]:
    """(n,) a number, or the place of the level, 0 for the reference; NaN where missing."""
    if not covariate.reference:
        return np.asarray(covariate.matrix[:, 0], dtype=np.float64)
    known = ~np.isnan(covariate.matrix).any(axis=1)
    codes = np.where(known, (covariate.matrix * (1 + np.arange(covariate.matrix.shape[1]))).sum(axis=1), np.nan)
    return np.asarray(codes, dtype=np.float64)


def _columns(covariate: Covariate, codes: NDArray[np.float64]) -> NDArray[np.float64]:
    if not covariate.reference:
        return codes[:, None]
    return np.asarray(codes[:, None] == 1 + np.arange(covariate.matrix.shape[1]), dtype=np.float64)
