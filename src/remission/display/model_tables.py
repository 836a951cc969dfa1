"""Tables of what needs a model: competing risks at times, hazard ratios, and what happens later."""

from __future__ import annotations

from remission.analyses.baseline import variable_name
from remission.analyses.regression import MULTI, UNI
from remission.analyses.spec import IncidenceSpec, LaterEventSpec, RegressionSpec
from remission.display.grid import Cell, Grid, GridRow, cell
from remission.display.outline import Outline
from remission.display.words import Ids, is_naive, join, text
from remission.results.methods import method
from remission.results.row import slug
from remission.results.table import Results

CI = "CI, confidence interval."


def between(ids: Ids, variable: str, category: str = "", *, middle: str = "estimate") -> Cell:
    """ "1.80 (1.41–2.31)", or what the row shows where there is no number."""
    if not ids.ok(variable, middle, category):
        return cell("{e}", e=ids.id(variable, middle, category))
    if not (ids.row(variable, "low", category) and ids.row(variable, "high", category)):
        return cell("{e}", e=ids.id(variable, middle, category))
    return cell(
        "{e} ({l}–{h})",
        e=ids.id(variable, middle, category),
        l=ids.id(variable, "low", category),
        h=ids.id(variable, "high", category),
    )


def tabulate_incidence(results: Results, spec: IncidenceSpec, outline: Outline) -> Grid:
    """Both causes and the event-free survival at the chosen months; a test per cause where groups are compared."""
    header = (text(""), text("N"), text("Events"), *(text(f"At {m:g} months,\n% (95% CI)") for m in spec.at_months))
    width = len(header) + bool(spec.by)
    header = (*header, *((text("p"),) if spec.by else ()))
    causes = (("event", spec.event_label), ("competing", spec.competing_label))
    rows = _cause_rows("All", Ids(results, spec.id), spec, causes, width)
    for name in spec.by:
        group = outline.groups[name]
        split = Ids(results, spec.id, name)
        mark = " – naive, biased" if is_naive(results, spec.id, name) else ""
        for cause, label in causes:
            p = split.row("gray", "p", cause)
            head = text(f"{group.label}{mark}: {label}", span=width - 1)
            rows.append(GridRow((head, cell("{p}", p=p.id) if p else text(""))))
            rows += [_one_cause(level, split.down(level), spec, cause, width) for level in group.levels]
    notes = [
        text(f"{CI} Cumulative incidence by the Aalen-Johansen method; one minus Kaplan-Meier would overstate it."),
        text("The two incidences and the event-free survival add up to one at every time (rows closure)."),
    ]
    if spec.by:
        notes.append(text("p: Gray's test of each cause."))
    return Grid(f"table_{slug(spec.id)}", spec.title, (header,), tuple(rows), "l" + "r" * (width - 1), tuple(notes))


def _cause_rows(
    label: str, ids: Ids, spec: IncidenceSpec, causes: tuple[tuple[str, str], ...], width: int
) -> list[GridRow]:
    rows = [GridRow((text(label, span=width),))]
    rows += [_one_cause(words, ids, spec, cause, width) for cause, words in causes]
    free = [cell("{e}", e=ids.id("event_free", "estimate", f"{m:g}mo")) for m in spec.at_months]
    tail = [text("")] * (width - 3 - len(free))
    n = cell("{n}", n=ids.id("patients", "N"))
    rows.append(GridRow((text("neither"), n, cell("{n}", n=ids.id("patients", "censored")), *free, *tail), indent=1))
    return rows


def _one_cause(label: str, ids: Ids, spec: IncidenceSpec, cause: str, width: int) -> GridRow:
    if not ids.value("patients", "N"):
        return GridRow((text(label), *(text("–") for _ in range(width - 1))), indent=1)
    values = [between(ids, "incidence", f"{cause}_{m:g}mo") for m in spec.at_months]
    tail = [text("")] * (width - 3 - len(values))
    counts = (cell("{n}", n=ids.id("patients", "N")), cell("{n}", n=ids.id("patients", "events", cause)))
    return GridRow((text(label), *counts, *values, *tail), indent=1)


def tabulate_regression(results: Results, spec: RegressionSpec, outline: Outline) -> Grid:
    """Uni- and multivariable hazard ratios side by side, with events and patients of every level."""
    uni, multi = Ids(results, spec.id, "model", UNI), Ids(results, spec.id, "model", MULTI)
    both = multi.row("model", "N") is not None
    header = [text(""), text("Events / n"), text("HR (95% CI)"), text("p")]
    if both:
        top = (text("", span=2), text("Univariable", span=2), text("Multivariable", span=2))
        header += [text("HR (95% CI)"), text("p")]
    rows: list[GridRow] = []
    models = (uni, multi) if both else (uni,)
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
    )


def _ratio(ids: Ids, variable: str, level: str) -> tuple[Cell, Cell]:
    reference = ids.row(variable, "text", level)
    if reference is not None:
        return cell("{r}", r=reference.id), text("")
    if ids.row(variable, "ratio", level) is None:
        return text("–"), text("")
    p = cell("{p}", p=ids.id(variable, "p", level)) if ids.row(variable, "p", level) else text("")
    return between(ids, variable, level, middle="ratio"), p


def _model_notes(results: Results, spec: RegressionSpec, multi: Ids, both: bool) -> tuple[Cell, ...]:
    """Methods, automatic choices, concordance and proportional hazards under the table."""
    here = [r for r in results.rows.values() if r.analysis == spec.id]
    keys = dict.fromkeys(r.method for r in here if r.stat == "ratio" and r.method)
    notes = [text(f"{CI} HR, hazard ratio. {'; '.join(method(k).label for k in keys)}.")]
    choices = dict.fromkeys(r.id for r in here if r.variable.endswith("_choice"))
    notes += [
        cell(f"{results[i].variable.removesuffix('_model_choice').removesuffix('_choice')}: {{c}}.", c=i)
        for i in choices
    ]
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


def tabulate_later_event(results: Results, spec: LaterEventSpec) -> Grid:
    """The same question asked in every way: naive (biased), at its own day, from each landmark."""
    ids = Ids(results, spec.id)
    header = (text("How the groups are made"), text("Patients"), text("HR (95% CI)"), text("p"))
    n = cell("{k} / {n}", k=ids.id("switched", "n"), n=ids.id("patients", "N"))
    rows = [
        GridRow(
            (
                text("ever against never – naive, biased"),
                n,
                between(ids, "naive", middle="ratio"),
                cell("{p}", p=ids.id("naive", "p")),
            )
        ),
        GridRow(
            (
                text("changing on the day itself (time-dependent)", strong=True),
                n,
                between(ids, "time_dependent", middle="ratio"),
                cell("{p}", p=ids.id("time_dependent", "p")),
            )
        ),
        GridRow((text("Mantel-Byar test"), text(""), text(""), cell("{p}", p=ids.id("mantel_byar", "p")))),
    ]
    days = ids.categories("landmark", "ratio")
    if days:
        rows.append(GridRow((text("from a landmark, by what had happened by then", span=4),)))
    for day in days:
        counts = cell("{a} / {b}", a=ids.id("landmark_after", "N", day), b=ids.id("landmark_before", "N", day))
        p = cell("{p}", p=ids.id("landmark", "p", day))
        rows.append(
            GridRow(
                (text(f"day {day.removesuffix('d')}"), counts, between(ids, "landmark", day, middle="ratio"), p),
                indent=1,
            )
        )
    notes = (
        text(
            f"{CI} HR, hazard ratio of {spec.after} against {spec.before}. Patients: {spec.after} / "
            f"all; at a landmark {spec.after} / {spec.before}."
        ),
        text(
            "The landmarks share patients: their p-values are not independent of each other. p: Wald "
            "tests; at landmarks log-rank."
        ),
    )
    return Grid(f"table_{slug(spec.id)}", spec.title, (header,), tuple(rows), "lrrr", notes)


def tabulate_states(results: Results, spec: LaterEventSpec) -> Grid:
    """Simon-Makuch survival of the two states at the chosen months."""
    header = (text(""), *(text(f"At {m:g} months,\n% (95% CI)") for m in spec.at_months))
    rows = []
    for state in (spec.before, spec.after):
        ids = Ids(results, spec.id, "state", state)
        if ids.row("survival", "estimate", f"{spec.at_months[0]:g}mo") is None:
            continue
        rows.append(GridRow((text(state), *(between(ids, "survival", f"{m:g}mo") for m in spec.at_months))))
    notes = (
        text(
            f"{CI} Simon-Makuch curves: a patient leaves the first curve and enters the second on the "
            "day of the change, and is at risk in one of them at a time."
        ),
    )
    return Grid(
        f"table_{slug(spec.id)}_states",
        f"{spec.title}: survival by current state",
        (header,),
        tuple(rows),
        "l" + "r" * len(spec.at_months),
        notes,
    )
