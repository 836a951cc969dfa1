"""Hazard ratios, one at a time and together."""

from __future__ import annotations

from remission.analyses.baseline import variable_name
from remission.analyses.odds import IMPUTED
from remission.analyses.regression import MULTI, UNI
from remission.analyses.spec import OddsSpec, RegressionSpec
from remission.display.drawing import Page, figure_blocks, ids_of, over_time, series_of
from remission.display.figures.diagnostics_data import DiagnosticsFigure, ResidualPlot
from remission.display.figures.forest_data import ForestFigure, ForestRatio, ForestRow
from remission.display.grid import Block, Cell, Grid, GridRow, Paragraph, cell
from remission.display.outline import Outline
from remission.display.words import CI, Ids, between, join, join_list, lower_first, p_value, text
from remission.results.methods import method
from remission.results.row import slug
from remission.results.table import Results


def tabulate_regression(results: Results, spec: RegressionSpec | OddsSpec, outline: Outline) -> Grid:
    """Uni- and multivariable hazard ratios side by side, with events and patients of every level."""
    uni, multi = Ids(results, spec.id, "model", UNI), Ids(results, spec.id, "model", MULTI)
    imputed = Ids(results, spec.id, "model", IMPUTED)
    both = multi.row("model", "N") is not None
    named = [("Univariable", uni)] + ([("Multivariable", multi)] if both else [])
    named += [("Multivariable, imputed", imputed)] if imputed.row("model", "N") is not None else []
    short, models = _measure(spec)[0], tuple(ids for _, ids in named)
    header = [text(""), text("Events / n" if isinstance(spec, RegressionSpec) else "Response / n")]
    header += [text(words) for _ in models for words in (f"{short} (95% CI)", "p")]
    top = (text("", span=2), *(text(words, span=2) for words, _ in named))
    rows: list[GridRow] = []
    for name in spec.covariates:
        variable = variable_name(name)
        label = outline.labels[name][0]
        refused = Ids(results, spec.id).row(variable, "ratio")
        if refused is not None:
            rows.append(GridRow((text(label), text(f"not in the model: {refused.note}", span=len(header) - 1))))
            continue
        levels = uni.categories(f"{variable}_level", "N")
        if not levels:
            row = uni.row(variable, "ratio")
            words = f"{label}, {row.note}" if row is not None and row.note and row.status == "ok" else label
            counts = cell("{e} / {n}", e=uni.id(f"{variable}_model", "events"), n=uni.id(f"{variable}_model", "N"))
            rows.append(GridRow((text(words), counts, *(c for m in models for c in _ratio(m, variable, "")))))
            continue
        rows.append(GridRow((text(label, span=len(header)),)))
        for level in levels:
            counts = cell(
                "{e} / {n}", e=uni.id(f"{variable}_level", "events", level), n=uni.id(f"{variable}_level", "N", level)
            )
            rows.append(
                GridRow((text(level), counts, *(c for m in models for c in _ratio(m, variable, level))), indent=1)
            )
    lines = (top, tuple(header)) if both else (tuple(header),)
    return Grid(
        f"table_{slug(spec.id)}",
        spec.title,
        lines,
        tuple(rows),
        "l" + "r" * (len(header) - 1),
        _model_notes(results, spec, multi, both),
        landscape=len(models) > 2,
    )


def _measure(spec: RegressionSpec | OddsSpec) -> tuple[str, str]:
    """Short and in words."""
    return ("HR", "hazard ratio") if isinstance(spec, RegressionSpec) else ("OR", "odds ratio")


def _ratio(ids: Ids, variable: str, level: str) -> tuple[Cell, Cell]:
    reference = ids.row(variable, "text", level)
    if reference is not None:
        return cell("{r}", r=reference.id), text("")
    if ids.row(variable, "ratio", level) is None:
        return text("–"), text("")
    p = cell("{p}", p=ids.id(variable, "p", level)) if ids.row(variable, "p", level) else text("")
    return between(ids, variable, level, middle="ratio"), p


def _model_notes(results: Results, spec: RegressionSpec | OddsSpec, multi: Ids, both: bool) -> tuple[Cell, ...]:
    """Methods, automatic choices, concordance and proportional hazards under the table."""
    here = [r for r in results.rows.values() if r.analysis == spec.id]
    keys = dict.fromkeys(r.method for r in here if r.stat == "ratio" and r.method)
    short, words = _measure(spec)
    notes = [text(f"{CI} {short}, {words}. {'; '.join(method(k).label for k in keys)}.")]
    choices = dict.fromkeys(r.id for r in here if r.variable.endswith("_choice"))
    notes += [
        cell(f"{results[i].variable.removesuffix('_model_choice').removesuffix('_choice')}: {{c}}.", c=i)
        for i in choices
    ]
    for row in (r for r in here if r.variable.endswith("_limit") and r.stat == "n"):
        words = "{k} values lie beyond a limit of the assay; the limit stands for them."
        notes.append(cell(f"{row.variable.removesuffix('_limit')}: {words}", k=row.id))
    if both:
        if multi.ok("model_concordance", "estimate"):
            notes.append(join("Multivariable model: Harrell's C ", between(multi, "model_concordance"), "."))
        overall = multi.row("model_ph", "p", "GLOBAL")
        if overall is not None and overall.status == "ok":
            notes.append(cell("Proportional hazards, global test: p {p}.", p=overall.id))
        missing = multi.row("model_missing", "n")
        if missing is not None and missing.value:
            notes.append(cell("{k} patients lack a covariate and are not in the multivariable model.", k=missing.id))
    return tuple(notes)


def say_regression(results: Results, spec: RegressionSpec | OddsSpec, outline: Outline) -> list[Paragraph]:
    """The multivariable model in words; what was refused, and why."""
    multi, uni = Ids(results, spec.id, "model", MULTI), Ids(results, spec.id, "model", UNI)
    failed = Ids(results, spec.id).row("model", "N")
    if failed is not None and failed.status == "failed":
        return [Paragraph(text(f"{spec.title}: not estimable from these data: {failed.note}."), kind="warning")]
    ids = multi if multi.row("model", "N") is not None else uni
    made: list[Paragraph] = []
    said: list[Cell] = []
    for name in spec.covariates:
        variable = variable_name(name)
        label = outline.labels[name][0]
        refused = Ids(results, spec.id).row(variable, "ratio")
        if refused is not None:
            made.append(Paragraph(text(f"{label} is not in the model: {refused.note}."), kind="warning"))
            continue
        terms = ids.categories(variable, "ratio") or [""]
        for term in terms:
            if not ids.ok(variable, "ratio", term):
                continue
            what = f"{lower_first(label)}{', ' + term if term else ''} "
            said.append(
                join(
                    what,
                    between(ids, variable, term, middle="ratio"),
                    ", ",
                    p_value(results, ids.id(variable, "p", term)),
                )
            )
    if said:
        model = "Multivariable" if ids is multi else "Univariable"
        made.insert(0, Paragraph(join(f"{model} {_measure(spec)[1]}s: ", join_list(said, "; ", "; "), ".")))
    return made


def forest_figure(results: Results, spec: RegressionSpec, outline: Outline) -> ForestFigure | None:
    """Hazard ratios of all covariates, uni- and multivariable."""
    uni, multi = Ids(results, spec.id, "model", UNI), Ids(results, spec.id, "model", MULTI)
    models = [uni] + ([multi] if multi.row("model", "N") is not None else [])
    rows: list[ForestRow] = []
    for name in spec.covariates:
        variable = variable_name(name)
        if Ids(results, spec.id).row(variable, "ratio") is not None:
            continue
        label = outline.labels[name][0]
        levels = uni.categories(f"{variable}_level", "N")
        if levels:
            rows.append(ForestRow(label, kind="head"))
        for level in levels or [""]:
            at = f"{variable}_level" if levels else f"{variable}_model"
            events, n = uni.row(at, "events", level), uni.row(at, "N", level)
            counts = f"{events.shown}/{n.shown}" if events is not None and n is not None else ""
            is_reference = uni.row(variable, "text", level) is not None
            ratios = () if is_reference else tuple(_forest_ratio(m, variable, level) for m in models)
            rows.append(ForestRow(level or label, counts, ratios, "reference" if is_reference else "row"))
    if not any(r.estimate is not None for row in rows for r in row.ratios):
        return None
    names = ("Univariable", "Multivariable") if len(models) == 2 else ("",)
    return ForestFigure(tuple(rows), names, favours=("fewer events", "more events"))


def _forest_ratio(ids: Ids, variable: str, level: str) -> ForestRatio:
    ratio = ids.row(variable, "ratio", level)
    if ratio is None or ratio.status != "ok":
        return ForestRatio(text=ratio.shown if ratio is not None else "–")
    low, high, p = (ids.row(variable, s, level) for s in ("low", "high", "p"))
    shown = [r.shown if r is not None else "NE" for r in (low, high)]
    return ForestRatio(
        ratio.value,
        low.value if low is not None else None,
        high.value if high is not None else None,
        f"{ratio.shown} ({shown[0]}–{shown[1]})",
        p.shown if p is not None and p.status == "ok" else "",
    )


def residual_figure(results: Results, spec: RegressionSpec) -> DiagnosticsFigure | None:
    """Scaled Schoenfeld residuals of each column of the last model over time."""
    for model in (MULTI, UNI):
        ids = Ids(results, spec.id, "model", model)
        points, smooth = series_of(results, ids, "schoenfeld"), series_of(results, ids, "schoenfeld_smooth")
        if not points:
            continue
        plots = []
        for label in dict.fromkeys(c.rpartition("_")[0].rpartition("_")[0] for c in points):
            days, values = over_time(points, label, "estimate")
            at, line = over_time(smooth, label, "estimate")
            plots.append(
                ResidualPlot(
                    days=tuple(days),
                    at=tuple(map(float, days)),
                    residuals=tuple(values),
                    smooth_at=tuple(map(float, at)),
                    smooth=tuple(line),
                    smooth_low=tuple(over_time(smooth, label, "low")[1]),
                    smooth_high=tuple(over_time(smooth, label, "high")[1]),
                    title=label,
                    x_label="Months",
                )
            )
        return DiagnosticsFigure(residuals=tuple(plots))
    return None


def show_regression(page: Page, spec: RegressionSpec) -> list[Block]:
    """Sentences, then tables, then figures."""
    results, outline, drawings = page.results, page.outline, page.drawings
    made: list[Block] = list(say_regression(results, spec, outline))
    failed = Ids(results, spec.id).row("model", "N")
    if failed is not None and failed.status == "failed":
        return made
    made.append(tabulate_regression(results, spec, outline))
    variables = tuple(variable_name(c) for c in spec.covariates)
    words = "Hazard ratios with 95% intervals on a log axis."
    data = forest_figure(results, spec, outline)
    made += figure_blocks(
        drawings, f"figure_{slug(spec.id)}_forest", spec.title, data, words, ids_of(results, spec.id, variables)
    )
    if spec.residuals:
        words = (
            "Scaled Schoenfeld residuals with a smooth line and its 95% band; dashed: the hazard ratio of the model."
        )
        title = f"{spec.title}: does the hazard ratio change over time?"
        made += figure_blocks(
            drawings, f"figure_{slug(spec.id)}_residuals", title, residual_figure(results, spec), words
        )
    return made
