"""The lines of a script for Cox models: the model of all covariates, Firth's beside it, each covariate by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remission.emit_r.r_text import head_of, quoted, strings, truth
from remission.results.row import address, slug
from remission.results.table import Results
from remission.table_survival import SurvivalTable
from remission.table_survival.columns import Labels
from remission.table_survival.curves import ANALYSIS

HEAD = head_of(ANALYSIS)


def names_of(table: SurvivalTable) -> str:
    """(variable, category) of every coefficient as a matrix of two columns; the later event first."""
    variables, categories = [], []
    if table.switch is not None:
        variables.append(slug(table.ask.switch))
        categories.append("")
    for c in table.covariates:
        for term in c.terms:
            variables.append(slug(c.column))
            categories.append(f"@{slug(term)}" if term else "")
    return f"cbind({strings(variables)}, {strings(categories)})"


def model_calls(results: Results, table: SurvivalTable, prefix: str = "cox", event: str = "event") -> Iterator[str]:
    """The model of all covariates under `<prefix>_...`, with Firth's where it stands beside it."""
    if not table.covariates:
        return
    terms = [slug(c.column) for c in table.covariates]
    if table.switch is not None:
        terms = [slug(table.ask.switch), *terms]
    yield from _rows_of(table, "known", "covariates", event)
    for name, firth in ((prefix, table.ask.firth), *((("firth", True),) if prefix == "cox" else ())):
        if address(ANALYSIS, variable=f"{name}_model", stat="N") not in results:
            continue
        at, names = f"{HEAD}{name}_", names_of(table)
        yield f'model_counts("{at}model", "{at}events_per_parameter", y, nrow({names}))'
        yield f'out("{at}model_left_out.n", sum(!known))'
        if not _has(results, f"{name}_lr", "df"):
            continue
        given = f'"{at}", "{at}", y, columns, {names}, {strings([*terms, "global"])}, of'
        if firth:
            yield f"firth_rows({given})"
        else:
            yield f"cox_rows({given}, by, {truth(_has(results, f'{name}_wald', 'p'))})"


def single_model_calls(table: SurvivalTable, prefix: str, event: str) -> Iterator[str]:
    """Each covariate by itself under `<prefix>_COVARIATE`; nothing where there is only one."""
    singles: list[tuple[str, SurvivalTable, str]] = []
    if table.switch is not None:
        singles.append((table.ask.switch, replace(table, covariates=()), "0"))
    for i, c in enumerate(table.covariates, 1):
        singles.append((c.column, replace(table, covariates=(c,), switch=None), f"{i}"))
    if len(singles) < 2:
        return
    for column, one, place in singles:
        keep = "placed" if place == "0" else f"placed & !is.na(covariates[[{place}]])"
        yield f"k <- {keep}"
        yield from _rows_of(one, "k", f"covariates[{place}]", event)
        at = f"{HEAD}{prefix}_{slug(column)}"
        yield f"out({quoted(at + '.N')}, sum(k))"
        yield f"out({quoted(at + '.events')}, sum(({event})[k]))"
        head = quoted(f"{HEAD}{prefix}_")
        if table.ask.firth:
            fit = "firth_fit(y, columns, of)"
            yield f"if (sum(y[, ncol(y)])) firth_coefficients({head}, {names_of(one)}, {fit})"
        else:
            yield f"if (sum(y[, ncol(y)])) single_rows({head}, y, columns, {names_of(one)}, of, by)"


def group_ratio_calls(table: SurvivalTable, group: Labels, head: str, beside: bool) -> Iterator[str]:
    """Hazard ratios of the levels of a group against the first, of the rows in k. beside: Firth's too."""
    yield "i <- k & placed"
    categories = strings(f"@{slug(level)}" for level in group.levels)
    yield f'names_ <- cbind("hazard_ratio", {categories}[sort(unique(g[k]))[-1]])'
    yield "y <- surv(i, from = from)"
    yield "columns <- list(g = factor(g[i], sort(unique(g[k]))))"
    if table.ask.firth:
        yield f"firth_coefficients({head}, names_, firth_fit(y, columns, stratum[i]))"
    else:
        yield f"single_rows({head}, y, columns, names_, stratum[i], cluster[i])"
    if beside:
        yield 'names_[, 1] <- "hazard_ratio_penalised"'
        yield f"firth_coefficients({head}, names_, firth_fit(y, columns, stratum[i]))"


def _rows_of(table: SurvivalTable, keep: str, columns: str, event: str) -> Iterator[str]:
    """Sets y, columns, of (stratum) and by (cluster) for a model of some rows, cut at the later event if any."""
    picked = keep
    if table.switch is not None:
        yield f"p <- pieces_of({keep})"
        yield f"columns <- cbind(after = p$after, {columns}[p$who, , drop = FALSE])"
        yield "y <- Surv(p$from, p$at, p$ev)"
        picked = "p$who"
    else:
        yield f"columns <- {columns}[{keep}, , drop = FALSE]"
        yield f"y <- surv({keep}, {event})"
    yield f"of <- if (is.null(stratum)) NULL else stratum[{picked}]"
    yield f"by <- if (is.null(cluster)) NULL else cluster[{picked}]"


def _has(results: Results, variable: str, stat: str) -> bool:
    row_id = address(ANALYSIS, variable=variable, stat=stat)
    return row_id in results and results[row_id].value is not None
