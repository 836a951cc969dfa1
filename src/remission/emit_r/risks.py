"""The lines of a script for several causes: incidences, Gray's test, both models of every cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from remission.emit_r.models import HEAD, model_calls, names_of, single_model_calls
from remission.emit_r.r_text import head_of, quoted
from remission.results.row import address, slug
from remission.results.table import Results
from remission.table_survival import SurvivalTable
from remission.table_survival.columns import Covariate
from remission.table_survival.curves import ANALYSIS


def risk_calls(results: Results, table: SurvivalTable) -> Iterator[str]:
    """Everybody, the groups with Gray's test, then the models of each cause."""
    yield from _level(HEAD, "rep(TRUE, n)")
    group = table.group
    if group is not None:
        at = head_of(ANALYSIS, group.column)
        yield f"out({quoted(at + 'rows.missing')}, sum(is.na(group)))"
        yield "g <- ifelse(is.na(group), 0, group)"
        for i, level in enumerate(group.levels, 1):
            yield from _level(head_of(ANALYSIS, group.column, level), f"g == {i}")
        yield f"gray_rows({quoted(at + 'gray')}, g > 0, g)"
        if table.strata is not None:
            yield f"gray_rows({quoted(at + 'gray_stratified')}, g > 0, g, stratum)"
    if not table.covariates:
        return
    for cause in table.causes:
        yield from model_calls(results, table, f"cox{cause}", f"cause == {cause}")
        yield from single_model_calls(table, f"univariable{cause}", f"cause == {cause}")
        yield from _fine_gray(results, table, cause)


def _level(head: str, keep: str) -> Iterator[str]:
    yield f"incidence_counts({quoted(head)}, {keep})"
    yield f"incidence_rows({quoted(head)}, {keep})"


def _fine_gray(results: Results, table: SurvivalTable, cause: int) -> Iterator[str]:
    """The model of all covariates and those of each; crr does not leave out what has no coefficient."""
    every = list(enumerate(table.covariates, 1))
    wanted: list[tuple[str, Sequence[tuple[int, Covariate]]]] = [(f"fine_gray{cause}", every)]
    wanted += [(f"univariable_fine_gray{cause}", [one]) for one in every]
    for prefix, used in wanted:
        terms = [(c, term) for _, c in used for term in c.terms]
        places = ", ".join(f"{i}" for i, _ in used)
        yield f"k <- rowSums(is.na(covariates[c({places})])) == 0"
        for c in [c for _, c in used] if prefix.startswith("univariable") else []:
            counted = f"{HEAD}{prefix}_{slug(c.column)}"
            yield f'out("{counted}.N", sum(k))'
            yield f'out("{counted}.events", sum(cause[k] == {cause}))'
        ids = [address(ANALYSIS, variable=f"{prefix}_{c.column}", category=t, stat="ratio") for c, t in terms]
        if not ids or not all(i in results and results[i].value is not None for i in ids):
            continue
        names = names_of(replace(table, covariates=tuple(c for _, c in used), switch=None))
        at = quoted(f"{HEAD}{prefix}_")
        yield f"fine_gray_rows({at}, k, {cause}, covariates[k, c({places}), drop = FALSE], {names})"
