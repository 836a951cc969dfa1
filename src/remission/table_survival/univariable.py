"""One Cox model per covariate as rows, beside the model of all of them: each of the rows that have that covariate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.stats import fit_cox
from remission.table_survival.models import method_of, model_data, write_coefficient
from remission.table_survival.table import SurvivalTable

ALONE = "univariable: no other covariate"


def write_univariable(
    table: SurvivalTable, at: Place, prefix: str, is_event: NDArray[np.bool_], method: str = ""
) -> None:
    """`<prefix>_COVARIATE`: n, events and the coefficients of its own model; nothing where there is only one covariate.

    Args: is_event: (n,) of the cause that is modelled.  method: of the rows, default that of the Cox model.
    Strata, clusters and the way with ties are those of the model of all.
    """
    singles = list(_singles(table))
    if len(singles) < 2:
        return
    for column, one in singles:
        data = model_data(one, is_event)
        n, events = table.n - data.n_missing, int(data.is_event.sum())
        lost = f"without {column}, stratum or cluster: {data.n_missing}" if data.n_missing else ""
        at.put(f"{prefix}_{column}", "N", n, n=table.n, note=lost)
        at.put(f"{prefix}_{column}", "events", events, n=n)
        if not n or not events:
            at.put(f"{prefix}_{column}", "p", None, why="no events" if n else "no row has the covariate", n=n)
            continue
        fit = fit_cox(
            data.days, data.is_event, data.X, names=data.names, entry_days=data.entry, stratum=data.stratum,
            cluster=data.cluster, ties=table.ask.ties_used, firth=table.ask.firth,
        )  # fmt: skip
        note = "; ".join(t for t in (ALONE, data.notes.get(column, ""), fit.reason) if t)
        for k, (_, term) in enumerate(data.places):
            write_coefficient(at, f"{prefix}_{column}", term, fit, k, method=method or method_of(table), note=note, n=n)


def _singles(table: SurvivalTable) -> Iterator[tuple[str, SurvivalTable]]:
    """Each column of the model with the table as if it were the only one; the later event first, as in the model."""
    if table.switch is not None:
        yield table.ask.switch, replace(table, covariates=())
    for c in table.covariates:
        yield c.column, replace(table, covariates=(c,), switch=None)
