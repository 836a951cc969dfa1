"""Fine-Gray models of a table as rows: all covariates together, and each by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.analyses.counts import Place
from remission.stats import FineGray, fit_fine_gray
from remission.table_survival.columns import Covariate
from remission.table_survival.models import terms_of
from remission.table_survival.table import SurvivalTable
from remission.table_survival.univariable import ALONE


def write_fine_gray(at: Place, table: SurvivalTable, cause: int) -> None:
    """The model of one cause, with the univariable ones beside it where there are several covariates."""
    if len(table.covariates) > 1:
        for c in table.covariates:
            complete = ~np.isnan(c.matrix).any(axis=1)
            name, n = f"univariable_fine_gray{cause}_{c.column}", int(complete.sum())
            at.put(name, "N", n, n=table.n)
            at.put(name, "events", int((table.cause[complete] == cause).sum()), n=n)
            _write(at, f"univariable_fine_gray{cause}", table, (c,), cause, note=ALONE)
    prefix = f"fine_gray{cause}"
    fit, n = _write(at, prefix, table, table.covariates, cause)
    if fit is None:
        return
    for c in table.covariates:
        if c.reference:
            at.put(f"{prefix}_{c.column}", "text", "reference", category=c.reference)
    for category, value in (("null", fit.log_likelihood_null), ("model", fit.log_likelihood)):
        at.put(
            f"{prefix}_loglik", "estimate", value if np.isfinite(value) else None, category=category,
            method="fine-gray", why=fit.reason or "not defined", n=n,
        )  # fmt: skip


def _write(
    at: Place, prefix: str, table: SurvivalTable, covariates: Sequence[Covariate], cause: int, *, note: str = ""
) -> tuple[FineGray | None, int]:
    """One model of some covariates, of the rows that have them. Returns: it, None without one, and its n."""
    X = np.hstack([c.matrix for c in covariates])
    complete = ~np.isnan(X).any(axis=1)
    n, terms = int(complete.sum()), terms_of(covariates)
    why = "not with --entry" if table.entry is not None else "not with --strata" if table.strata is not None else ""
    if why or not n:
        words = f"Fine-Gray regression: {why or 'no row has every covariate'}"
        for column, term in terms:
            at.put(
                f"{prefix}_{column}", "ratio", None, category=term, unit="ratio", method="fine-gray", why=words,
                failed=True, n=n,
            )  # fmt: skip
        return None, n
    fit = fit_fine_gray(table.days[complete], table.cause[complete], X[complete], cause=cause)
    for k, (column, term) in enumerate(terms):
        _write_coefficient(at, f"{prefix}_{column}", term, fit, k, n, note)
    return fit, n


def _write_coefficient(at: Place, variable: str, term: str, fit: FineGray, k: int, n: int, note: str) -> None:
    why = fit.reason or "not estimable"
    rows = [("", "ratio", fit.hazard_ratio), ("", "low", fit.low), ("", "high", fit.high), ("", "p", fit.p)]
    rows += [("_log", "estimate", fit.coef), ("_log", "se", fit.se), ("_log", "statistic", fit.z)]
    for suffix, stat, values in rows:
        value = float(values[k])
        unit = "" if stat in ("p", "statistic") else "log subdistribution hazard ratio" if suffix else "ratio"
        at.put(
            variable + suffix, stat, value if np.isfinite(value) else None, category=term, unit=unit,
            method="fine-gray", why=why, note=note, n=n,
        )  # fmt: skip
