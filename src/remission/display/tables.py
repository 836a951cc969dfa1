"""Every table of the report as a Grid over result ids, one function per kind of analysis."""

from __future__ import annotations

from dataclasses import replace

from remission.analyses.baseline import variable_name
from remission.analyses.guard import NAIVE
from remission.analyses.listing import unique_levels
from remission.analyses.spec import AdverseEventsSpec, BaselineSpec, ListingSpec, RatesSpec, RecordsSpec, SurvivalSpec
from remission.display.grid import Cell, Grid, GridRow, cell
from remission.display.outline import Outline
from remission.display.words import Ids, is_naive, join, landmarks_of, lower_first, text, upper_first
from remission.results.methods import method
from remission.results.row import slug
from remission.results.table import Results

CI = "CI, confidence interval."


def tabulate_baseline(results: Results, spec: BaselineSpec, outline: Outline) -> Grid:
    """Table 1: a characteristic a block, all patients and the levels of the group side by side."""
    columns = [Ids(results, spec.id)]
    heads = [text("All")]
    if spec.by:
        for level in outline.groups[spec.by].levels:
            columns.append(Ids(results, spec.id, spec.by, level))
            heads.append(text(level))
    header = (
        (
            text("Characteristic"),
            *(join(h, cell("\nN = {n}", n=c.id("patients", "N"))) for h, c in zip(heads, columns, strict=True)),
        ),
    )
    if spec.tests:
        header = ((*header[0], text("p")),)
    rows: list[GridRow] = []
    for name in spec.variables:
        rows += _characteristic(results, spec, columns, name, outline)
    notes = [text("Shares are of the patients for whom the characteristic is known.")]
    if any(columns[0].row(variable_name(v), "median") for v in spec.variables):
        kind = next(r.method for r in results.rows.values() if r.analysis == spec.id and r.stat == "q1")
        notes.append(text(f"Medians and quartiles: {lower_first(method(kind).label)}."))
    notes += _floor_notes(columns[0], spec, outline)
    if spec.tests:
        notes.append(text(_tests_used(results, spec.id)))
    if spec.by and not outline.groups[spec.by].is_baseline:
        notes.append(
            text("The columns are known only after the start of treatment; they describe, they do not predict.")
        )
    return Grid(
        key=f"table_{slug(spec.id)}",
        title=spec.title,
        header=header,
        rows=tuple(rows),
        align="l" + "r" * (len(header[0]) - 1),
        footnotes=tuple(notes),
    )


def _characteristic(
    results: Results, spec: BaselineSpec, columns: list[Ids], name: str, outline: Outline
) -> list[GridRow]:
    label, unit = outline.labels[name]
    variable = variable_name(name)
    tail = (_p_cell(results, spec, variable),) if spec.tests else ()
    if columns[0].row(variable, "median") is not None:
        rows = [GridRow((text(f"{label}, {unit}" if unit else label), *(text("") for _ in columns), *tail))]
        middle = [
            cell("{m} ({a}–{b})", m=c.id(variable, "median"), a=c.id(variable, "q1"), b=c.id(variable, "q3"))
            for c in columns
        ]
        ends = [cell("{a}–{b}", a=c.id(variable, "min"), b=c.id(variable, "max")) for c in columns]
        blank = (text(""),) if spec.tests else ()
        rows.append(GridRow((text("median (Q1–Q3)"), *middle, *blank), indent=1))
        rows.append(GridRow((text("range"), *ends, *blank), indent=1))
    else:
        rows = [GridRow((text(label), *(text("") for _ in columns), *tail))]
        levels = [
            r.category
            for r in results.rows.values()
            if r.id.startswith(f"{slug(spec.id)}.all.{slug(variable)}@") and r.stat == "n"
        ]
        for level in levels:
            shares = [
                cell("{n} ({p})", n=c.id(variable, "n", level), p=c.id(variable, "estimate", level)) for c in columns
            ]
            rows.append(GridRow((text(level), *shares, *((text(""),) if spec.tests else ())), indent=1))
    if columns[0].value(variable, "missing"):
        unknown = [cell("{n}", n=c.id(variable, "missing")) for c in columns]
        rows.append(GridRow((text("not recorded"), *unknown, *((text(""),) if spec.tests else ())), indent=1))
    return rows


def _p_cell(results: Results, spec: BaselineSpec, variable: str) -> Cell:
    ids = Ids(results, spec.id, spec.by)
    return cell("{p}", p=ids.id(variable, "p")) if ids.row(variable, "p") else text("")


def _floor_notes(ids: Ids, spec: BaselineSpec, outline: Outline) -> list[Cell]:
    found = []
    for name in spec.variables:
        row = ids.row(f"{variable_name(name)}_beyond_limit", "n")
        if row is not None and row.value:
            found.append(
                cell(
                    outline.labels[name][0] + ": {k} of {n} values lie beyond the limit of the assay and enter at it.",
                    k=row.id,
                    n=ids.id(variable_name(name), "n"),
                )
            )
    return found


def _tests_used(results: Results, analysis: str) -> str:
    labels = dict.fromkeys(
        method(r.method).label
        for r in results.rows.values()
        if r.analysis == analysis and r.stat == "p" and r.method and r.status == "ok"
    )
    return "Tests: " + "; ".join(labels) + "." if labels else ""


def tabulate_rates(results: Results, spec: RatesSpec, outline: Outline, rates: tuple[str, ...]) -> Grid:
    """Rates with exact intervals: overall and by subgroup, a section for each rate and denominator."""
    rows: list[GridRow] = []
    for variable, words in rate_variables(spec, results):
        for rate in rates:
            if len(rates) > 1 or words:
                rows.append(GridRow((text(rate + words, strong=True, span=4),), kind="head"))
            overall = Ids(results, spec.id)
            rows.append(_rate_row(outline.populations[spec.population].label, overall, variable, rate, indent=0))
            for name in spec.by:
                group = outline.groups[name]
                split = Ids(results, spec.id, name)
                mark = " – naive, biased" if is_naive(results, spec.id, name) else ""
                rows.append(GridRow((text(group.label + mark, span=3), cell("{p}", p=split.id(variable, "p", rate)))))
                for level in group.levels:
                    rows.append(_rate_row(level, split.down(level), variable, rate, indent=1))
                if split.value(variable, "missing"):
                    rows.append(
                        GridRow(
                            (text(group.otherwise), cell("{n}", n=split.id(variable, "missing")), text(""), text("")),
                            indent=1,
                        )
                    )
    notes = [text(f"{CI} Intervals: {_interval_label(results, spec.id)}. {_tests_used(results, spec.id)}".strip())]
    if any(is_naive(results, spec.id, name) for name in spec.by):
        notes.append(text(f"{upper_first(NAIVE)}."))
    overall = Ids(results, spec.id)
    if overall.value(spec.of, "missing"):
        notes.append(
            cell(
                outline.groups[spec.of].label + ": not known for {k} of {n}.",
                k=overall.id(spec.of, "missing"),
                n=overall.id(spec.of, "N"),
            )
        )
    return Grid(
        key=f"table_{slug(spec.id)}",
        title=spec.title,
        header=((text(""), text("n / N"), text("% (95% CI)"), text("p")),),
        rows=tuple(rows),
        align="lrrr",
        footnotes=tuple(notes),
    )


def rate_variables(spec: RatesSpec, results: Results) -> tuple[tuple[str, str], ...]:
    """(variable, words after the rate) of each denominator; one where everybody was assessed and both are the same."""
    everybody, known = (f"{spec.of}_rate", ", of all"), (f"{spec.of}_rate_assessed", ", of those assessed")
    if spec.denominator == "both" and not Ids(results, spec.id).value(spec.of, "missing"):
        return ((everybody[0], ""),)
    return {"all": ((everybody[0], ""),), "assessed": (known,), "both": (everybody, known)}[spec.denominator]


def _rate_row(label: str, ids: Ids, variable: str, rate: str, *, indent: int) -> GridRow:
    total = ids.id(variable, "N", rate) if ids.row(variable, "N", rate) else ids.id(variable, "N")
    share = (
        cell(
            "{e} ({l}–{h})",
            e=ids.id(variable, "estimate", rate),
            l=ids.id(variable, "low", rate),
            h=ids.id(variable, "high", rate),
        )
        if ids.ok(variable, "estimate", rate)
        else cell("{e}", e=ids.id(variable, "estimate", rate))
    )
    return GridRow(
        (text(label), cell("{n} / {t}", n=ids.id(variable, "n", rate), t=total), share, text("")), indent=indent
    )


def _interval_label(results: Results, analysis: str) -> str:
    found = next((r.method for r in results.rows.values() if r.analysis == analysis and r.stat == "low"), "")
    return method(found).label if found else "none"


def tabulate_cross(results: Results, spec: RatesSpec, outline: Outline, rates: tuple[str, ...]) -> Grid:
    """A partition against one group: levels down, the group's levels across, a test per line."""
    name = spec.by[0]
    group = outline.groups[name]
    variable = rate_variables(spec, results)[0][0]
    columns = [Ids(results, spec.id)] + [Ids(results, spec.id, name, level) for level in group.levels]
    counts = [cell("\nN = {n}", n=columns[0].id(variable, "N", rates[0]))]
    counts += [cell("\nN = {n}", n=c.id(variable, "N")) for c in columns[1:]]
    heads = [text("All"), *(text(level) for level in group.levels)]
    header = (text(outline.groups[spec.of].label), *(join(h, c) for h, c in zip(heads, counts, strict=True)), text("p"))
    rows = []
    for rate in rates:
        shares = [cell("{n} ({p})", n=c.id(variable, "n", rate), p=c.id(variable, "estimate", rate)) for c in columns]
        rows.append(GridRow((text(rate), *shares, cell("{p}", p=Ids(results, spec.id, name).id(variable, "p", rate)))))
    notes = [text(f"Columns: {group.label}. {_tests_used(results, spec.id)} Each line is tested by itself.")]
    overall = Ids(results, spec.id)
    if overall.value(spec.of, "missing"):
        notes.append(cell("Not known for {k} of {n}.", k=overall.id(spec.of, "missing"), n=overall.id(spec.of, "N")))
    return Grid(
        f"table_{slug(spec.id)}", spec.title, (header,), tuple(rows), "l" + "r" * (len(header) - 1), tuple(notes)
    )


def tabulate_survival(results: Results, spec: SurvivalSpec, outline: Outline) -> Grid:
    """Counts, median and probabilities: all patients, then each comparison, the biased ones marked."""
    times = [f"{m:g}mo" for m in spec.at_months]
    header = (
        text(""),
        text("N"),
        text("Events"),
        text("Median, months\n(95% CI)"),
        *(text(f"At {m:g} months,\n% (95% CI)") for m in spec.at_months),
        *((text(f"Mean within {spec.rmst_months:g}\nmonths (95% CI)"),) if spec.rmst_months else ()),
        *((text("p"),) if spec.by else ()),
    )
    width = len(header)
    rows = [_survival_row("All", Ids(results, spec.id), spec, times)]
    notes = [text(f"{CI} NR, not reached; NE, not estimable. {_interval_label_km(results, spec.id)}")]
    for name in spec.by:
        group = outline.groups[name]
        naive = Ids(results, spec.id, name)
        marked = not group.is_baseline
        title = f"{group.label} – naive, biased" if marked else group.label
        rows.append(_comparison_head(title, naive, width))
        rows += [_survival_row(level, naive.down(level), spec, times, indent=1) for level in group.levels]
        for row in landmarks_of(results, spec.id, name):
            ids = Ids(results, row.analysis, name)
            day = cell("{d}", d=row.id)
            rows.append(_comparison_head(join(f"{group.label} – landmark, day ", day), ids, width))
            rows += [_survival_row(level, ids.down(level), spec, times, indent=1) for level in group.levels]
    choices = dict.fromkeys(
        r.text for r in results.rows.values() if r.variable == "median_choice" and r.analysis.startswith(spec.id)
    )
    notes += [text(f"{upper_first(str(words))} (NE).") for words in choices]
    if any(not outline.groups[n].is_baseline for n in spec.by):
        notes.append(
            text(
                upper_first(NAIVE)
                + ". The landmark keeps only those still under observation after it; time counts from the origin."
            )
        )
    permuted = [
        r for r in results.rows.values() if r.analysis.startswith(spec.id) and r.variable == "logrank_permutation"
    ]
    if permuted:
        notes.append(
            text(
                "p: log-rank test; in square brackets: "
                + " or ".join(dict.fromkeys(lower_first(method(r.method).label) for r in permuted))
                + ", because a group is small or has few events."
            )
        )
    elif len(rows) > 1:
        notes.append(text("p: log-rank test."))
    return Grid(
        f"table_{slug(spec.id)}",
        spec.title,
        (header,),
        tuple(rows),
        "l" + "r" * (width - 1),
        tuple(notes),
        landscape=len(times) > 2,
    )


def _comparison_head(title: str | Cell, ids: Ids, width: int) -> GridRow:
    """The line above a comparison's levels, with the p-value of its test at the end."""
    p = text("")
    if ids.row("logrank", "p"):
        p = cell("{p}", p=ids.id("logrank", "p"))
        if ids.row("logrank_permutation", "p"):
            p = join(p, cell(" [{p}]", p=ids.id("logrank_permutation", "p")))
    first = title if isinstance(title, Cell) else text(title)
    return GridRow((replace(first, span=width - 1), p))


def _survival_row(label: str, ids: Ids, spec: SurvivalSpec, times: list[str], *, indent: int = 0) -> GridRow:
    last = (text(""),) if spec.by else ()
    if ids.row(spec.endpoint, "N") is None or not ids.value(spec.endpoint, "N"):
        empty = cell("{n}", n=ids.id(spec.endpoint, "N")) if ids.row(spec.endpoint, "N") else text("")
        return GridRow(
            (text(label), empty, *(text("–") for _ in range(len(times) + 2 + bool(spec.rmst_months))), *last),
            indent=indent,
        )
    return GridRow(
        (
            text(label),
            cell("{n}", n=ids.id(spec.endpoint, "N")),
            cell("{n}", n=ids.id(spec.endpoint, "events")),
            _span(ids, "median", ""),
            *(_span(ids, "survival", t) for t in times),
            *_mean(ids, spec),
            *last,
        ),
        indent=indent,
    )


def _mean(ids: Ids, spec: SurvivalSpec) -> tuple[Cell, ...]:
    """The restricted mean where it is asked for; from a landmark there is none."""
    if spec.rmst_months is None:
        return ()
    category = f"{spec.rmst_months:g}mo"
    return (_span(ids, "rmst", category) if ids.row("rmst", "estimate", category) else text("–"),)


def _span(ids: Ids, variable: str, category: str) -> Cell:
    if not ids.ok(variable, "estimate", category) and not ids.ok(variable, "low", category):
        return cell("{e}", e=ids.id(variable, "estimate", category))
    return cell(
        "{e} ({l}–{h})",
        e=ids.id(variable, "estimate", category),
        l=ids.id(variable, "low", category),
        h=ids.id(variable, "high", category),
    )


def _interval_label_km(results: Results, analysis: str) -> str:
    keys = dict.fromkeys(
        r.method
        for r in results.rows.values()
        if r.analysis == analysis and r.variable in ("survival", "median") and r.stat == "low" and r.method
    )
    return "; ".join(method(k).label for k in keys) + "."


def tabulate_records(results: Results, spec: RecordsSpec, outline: Outline) -> Grid:
    """Records (grafts, infusions) with their own denominator."""
    ids = Ids(results, spec.id)
    rows: list[GridRow] = []
    for name in spec.variables:
        label, unit = outline.labels[f"{spec.table}.{name}"]
        if ids.row(name, "median") is not None:
            rows.append(GridRow((text(f"{label}, {unit}" if unit and unit not in label else label), text(""))))
            middle = cell("{m} ({a}–{b})", m=ids.id(name, "median"), a=ids.id(name, "q1"), b=ids.id(name, "q3"))
            rows.append(GridRow((text("median (Q1–Q3)"), middle), indent=1))
            rows.append(
                GridRow((text("range"), cell("{a}–{b}", a=ids.id(name, "min"), b=ids.id(name, "max"))), indent=1)
            )
            rows.append(
                GridRow((text("mean (SD)"), cell("{m} ({s})", m=ids.id(name, "mean"), s=ids.id(name, "sd"))), indent=1)
            )
            rows.append(GridRow((text("recorded"), cell("{n}", n=ids.id(name, "n"))), indent=1))
        else:
            rows.append(GridRow((text(label), text(""))))
            levels = [
                r.category
                for r in results.rows.values()
                if r.analysis == spec.id and r.variable == name and r.stat == "n" and r.category
            ]
            rows += [
                GridRow((text(v), cell("{n} ({p})", n=ids.id(name, "n", v), p=ids.id(name, "estimate", v))), indent=1)
                for v in levels
            ]
        if ids.value(name, "missing"):
            rows.append(GridRow((text("not recorded"), cell("{n}", n=ids.id(name, "missing"))), indent=1))
    header = (text(""), cell(f"{spec.unit[:1].upper() + spec.unit[1:]}\nN = {{n}}", n=ids.id("records", "N")))
    note = cell(
        f"{{n}} {spec.unit} of {{p}} patients; shares are of {spec.unit} with a record, not of "
        "patients. SD, standard deviation.",
        n=ids.id("records", "N"),
        p=ids.id("patients", "N"),
    )
    return Grid(f"table_{slug(spec.id)}", spec.title, (header,), tuple(rows), "lr", (note,))


def tabulate_adverse_events(results: Results, spec: AdverseEventsSpec, outline: Outline) -> Grid:
    """Adverse events, most frequent first: patients of any and of severe grade, events apart."""
    ids = Ids(results, spec.id)
    terms = [
        r.variable for r in results.rows.values() if r.analysis == spec.id and r.category == "any" and r.stat == "n"
    ]
    terms.sort(key=lambda t: (t != "any event", -(ids.value(t, "n", "any") or 0), t))
    rows = [
        GridRow(
            (
                text(t[:1].upper() + t[1:]),
                cell("{n} ({p})", n=ids.id(t, "n", "any"), p=ids.id(t, "estimate", "any")),
                cell("{n} ({p})", n=ids.id(t, "n", "severe"), p=ids.id(t, "estimate", "severe")),
                cell("{n}", n=ids.id(t, "events", "records")),
            )
        )
        for t in terms
    ]
    header = (
        text("Adverse event"),
        text("Any grade,\npatients (%)"),
        text(f"Grade ≥{spec.severe_from},\npatients (%)"),
        text("Events"),
    )
    note = cell(
        f"Worst grade per patient and term ({spec.grading}); shares are of {{n}} patients "
        f"({outline.populations[spec.population].label}). Events count records, not patients.",
        n=ids.id("patients", "N"),
    )
    return Grid(f"table_{slug(spec.id)}", spec.title, (header,), tuple(rows), "lrrr", (note,))


def tabulate_listing(results: Results, spec: ListingSpec, outline: Outline, patients: tuple[str, ...]) -> Grid:
    """One line per patient."""
    header = [text("Patient")]
    for name in spec.columns:
        label, unit = outline.labels[name]
        header.append(text(f"{label}, {unit}" if unit else label))
    rows = []
    for level in unique_levels(patients).values():
        ids = Ids(results, spec.id, "patient", level)
        rows.append(GridRow((_listed(ids, "patient"), *(_listed(ids, name) for name in spec.columns))))
    note = text("A dash: not recorded. Times are in months from the origin.")
    return Grid(
        f"table_{slug(spec.id)}", spec.title, (tuple(header),), tuple(rows), "l" * len(header), (note,), landscape=True
    )


def _listed(ids: Ids, variable: str) -> Cell:
    return cell("{v}", v=ids.id(variable, "value")) if ids.ok(variable, "value") else text("–")


def is_cross(spec: RatesSpec, rates: tuple[str, ...]) -> bool:
    """A partition with many levels against one group reads better as a cross table."""
    return len(spec.by) == 1 and len(rates) > 2
