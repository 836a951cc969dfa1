"""The table of an endpoint by Kaplan-Meier."""

from __future__ import annotations

from dataclasses import replace

from remission.analyses.guard import NAIVE
from remission.analyses.spec import SurvivalSpec
from remission.display.grid import Cell, Grid, GridRow, cell
from remission.display.outline import Outline
from remission.display.words import CI, Ids, join, landmarks_of, lower_first, text, upper_first
from remission.results.methods import method
from remission.results.row import slug
from remission.results.table import Results


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
    notes = [text(f"{CI} NR, not reached; NE, not estimable. {_interval_label(results, spec.id)}")]
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


def _interval_label(results: Results, analysis: str) -> str:
    keys = dict.fromkeys(
        r.method
        for r in results.rows.values()
        if r.analysis == analysis and r.variable in ("survival", "median") and r.stat == "low" and r.method
    )
    return "; ".join(method(k).label for k in keys) + "."
