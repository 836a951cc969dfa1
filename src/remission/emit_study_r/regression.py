"""The lines of a script for models: Cox, Firth, Fine-Gray, each covariate by itself and all together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remission.analyses.covariates import Covariate, covariate_of
from remission.analyses.material import Material
from remission.analyses.regression import MULTI, UNI, refused_because, strata_of
from remission.analyses.spec import RegressionSpec
from remission.analyses.times import Times
from remission.emit_r.r_text import head_of, quoted, strings, truth
from remission.emit_study_r.sheet import Sheet, number_text
from remission.emit_study_r.timed import times_behind
from remission.results.row import Row, slug
from remission.results.table import Results

Placed = tuple[str, Covariate]
"""A covariate with the column of the sheet it stands in."""


def regression_calls(material: Material, spec: RegressionSpec, sheet: Sheet) -> Iterator[str]:
    """Every model of the analysis on the patients who have its covariates."""
    times, where = times_behind(material, spec), f"analysis {spec.id}"
    if times is None:
        return
    first = int(times.starts.min())
    allowed = [c for c in spec.covariates if not refused_because(material, spec, c, first, times.patients)]
    used = [(f"x{i}", covariate_of(material, spec, name, times.patients, where)) for i, name in enumerate(allowed, 1)]
    columns = [texts_of(c, times) for _, c in used]
    strata = strata_of(material, spec, times, where)
    if strata is not None:
        columns.append([s or "not known" for s in strata])
    sheet.add_times(spec.id, times, columns)
    yield f"use({quoted(spec.id)})"
    yield f"ties <- {quoted(spec.ties)}"
    yield f"stratum <- {'NULL' if strata is None else f'x$x{len(columns)}'}"
    for one in used:
        yield from _model(material.results, spec, [one], UNI)
    if len(used) > 1:
        yield from _model(material.results, spec, used, MULTI)
    yield 'ties <- "efron"'


def texts_of(covariate: Covariate, times: Times) -> list[str]:
    """A covariate of all patients as it stands in the sheet: a level, or a number."""
    found = [""] * len(times.patients)
    if not covariate.reference:
        return [number_text(v) for v in covariate.matrix[:, 0].tolist()] if covariate.terms else found
    for level, positions in covariate.levels.items():
        for i in positions:
            found[i] = level
    return found


def _model(results: Results, spec: RegressionSpec, covariates: Sequence[Placed], model: str) -> Iterator[str]:
    head = head_of(spec.id, "model", model)
    suffix = slug(f"{covariates[0][1].variable}_model") if model == UNI else "model"
    varying = [(x, c) for x, c in covariates if c.terms]
    terms = [(c, t) for _, c in varying for t in c.terms]
    yield f"columns <- data.frame({', '.join(_column(x, c) for x, c in varying) or 'row.names = seq_len(n)'})"
    yield "k <- rowSums(is.na(columns)) == 0" if varying else "k <- rep(FALSE, n)"
    yield "y <- surv(k)"
    rate = f"{head}{suffix}_events_per_parameter" if spec.model == "cox" else ""
    yield f"model_counts({quoted(head + suffix)}, {quoted(rate)}, y, {len(terms)})"
    yield f'out("{head}{suffix}_missing.n", sum(!k))'
    for x, c in covariates:
        if c.reference:
            names = strings(slug(level) for level in c.levels)
            yield f"level_counts({quoted(head + slug(c.variable))}, x${x}, k, {strings(c.levels)}, {names})"
    ids = [f"{head}{slug(c.variable)}{'@' + slug(t) if t else ''}.ratio" for c, t in terms]
    known = [results[i] for i in ids if i in results]
    if known and known[0].method:
        yield from _fitted(results, spec, head, suffix, varying, all(r.value is not None for r in known))


def _column(place: str, covariate: Covariate) -> str:
    if not covariate.reference:
        return f'{place} = numbers("{place}")'
    return f'{place} = factors("{place}", {strings((covariate.reference, *covariate.terms))})'


def _fitted(
    results: Results, spec: RegressionSpec, head: str, suffix: str, covariates: Sequence[Placed], is_whole: bool
) -> Iterator[str]:
    """The model itself. is_whole: every coefficient has a value."""
    terms = [(c, t) for _, c in covariates for t in c.terms]
    categories = strings("@" + slug(t) if t else "" for _, t in terms)
    names = f"cbind({strings(slug(c.variable) for c, _ in terms)}, {categories})"
    yield "fitted <- columns[k, , drop = FALSE]"
    if spec.model == "fine-gray":
        if is_whole:  # crr does not leave out what has no coefficient
            yield f"fine_gray_rows({quoted(head)}, k, 1, fitted, {names})"
        return
    tested = strings([*(slug(c.variable) for _, c in covariates), "global"])
    given = f"{quoted(head)}, {quoted(f'{head}{suffix}_')}, y, fitted, {names}, {tested}, stratum[k]"
    if any(r.method == "cox-firth" for r in _rows(results, f"{head}{suffix}_lr.")):
        yield f"firth_rows({given})"
        return
    has_checks = any(r.value is not None for r in _rows(results, f"{head}{suffix}_concordance."))
    yield f"cox_rows({given}, whole = {truth(has_checks)})"
    if _rows(results, f"{head}schoenfeld@"):
        labels = strings(slug(f"{c.variable}{': ' + t if t else ''}") for c, t in terms)
        yield f"residual_rows({quoted(head)}, y, fitted, {labels}, stratum[k])"


def _rows(results: Results, start: str) -> list[Row]:
    return [row for row_id, row in results.rows.items() if row_id.startswith(start)]
