"""Rates of a response with exact intervals, overall and in subgroups."""

from __future__ import annotations

from typing import Literal

from remission.analyses.guard import NAIVE
from remission.analyses.spec import RatesSpec
from remission.display.drawing import Drawing, Page
from remission.display.figures.bars_data import RateRow, RatesFigure
from remission.display.grid import Block, Cell, FigureBlock, Grid, GridRow, Paragraph, cell
from remission.display.kinds.baseline import _tests_used
from remission.display.outline import Outline
from remission.display.words import (
    CI,
    Ids,
    interval,
    is_naive,
    join,
    join_list,
    lower_first,
    p_value,
    text,
    upper_first,
)
from remission.results.methods import method
from remission.results.row import slug
from remission.results.table import Results

# With fewer groups the table says as much as a picture.
FOREST_FROM = 2


def show_rates(page: Page, spec: RatesSpec) -> list[Block]:
    """Sentences, then the table, then a forest of the subgroups."""
    results, outline, rates = page.results, page.outline, page.rates.get(spec.id, ())
    table = tabulate_cross if is_cross(spec, rates) else tabulate_rates
    made: list[Block] = [*say_rates(results, spec, outline, rates), table(results, spec, outline, rates)]
    if len(spec.by) >= FOREST_FROM and not is_cross(spec, rates):
        made.append(_forest(results, spec, outline, rates[0], page.drawings))
    return made


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


def is_cross(spec: RatesSpec, rates: tuple[str, ...]) -> bool:
    """A partition with many levels against one group reads better as a cross table."""
    return len(spec.by) == 1 and len(rates) > 2


def say_rates(results: Results, spec: RatesSpec, outline: Outline, rates: tuple[str, ...]) -> list[Paragraph]:
    """Each rate overall with its interval, then the comparisons of the subgroups."""
    overall = Ids(results, spec.id)
    pieces: list[str | Cell] = []
    for variable, words in rate_variables(spec, results):
        for rate in rates:
            pieces.append(" " if pieces else "")
            pieces.append(
                cell(
                    f"{upper_first(rate)}{words}: {{n}} of {{t}}, ",
                    n=overall.id(variable, "n", rate),
                    t=overall.id(variable, "N", rate),
                )
            )
            pieces += [interval(overall, variable, rate), "."]
    if overall.value(spec.of, "missing"):
        pieces.append(cell(" Not known for {k} of {n}.", k=overall.id(spec.of, "missing"), n=overall.id(spec.of, "N")))
    variable = rate_variables(spec, results)[0][0]
    naive: list[Paragraph] = []
    if not is_cross(spec, rates):  # the cross table holds them; a sentence of many levels would not be read
        for name in spec.by:
            split = _say_split(results, spec, outline, name, variable, rates[0])
            if is_naive(results, spec.id, name):
                naive.append(
                    Paragraph(
                        join("Naive and biased, as the groups were not known at the start. ", split), kind="warning"
                    )
                )
            else:
                pieces += [" ", split]
    return [Paragraph(join(*pieces)), *naive]


def _say_split(results: Results, spec: RatesSpec, outline: Outline, name: str, variable: str, rate: str) -> Cell:
    """One rate in the levels of one group, with the test."""
    split = Ids(results, spec.id, name)
    group = outline.groups[name]
    shares = [
        cell(
            f"{level}: {{n}} of {{t}} ({{p}})",
            n=split.down(level).id(variable, "n", rate),
            t=split.down(level).id(variable, "N"),
            p=split.down(level).id(variable, "estimate", rate),
        )
        for level in group.levels
    ]
    test = results[split.id(variable, "p", rate)]
    head = f"{upper_first(rate)} by {lower_first(group.label)} – "
    if test.status != "ok":
        return join(head, join_list(shares, "; ", "; "), f"; no test: {test.note}.")
    return join(
        head, join_list(shares, "; ", "; "), "; ", p_value(results, test.id), f" ({method(test.method).label})."
    )


def rates_figure(
    results: Results, spec: RatesSpec, outline: Outline, variable: str, rate: str
) -> tuple[RatesFigure, tuple[str, ...]]:
    """One rate in all its subgroups, with the line of the whole population."""
    overall = Ids(results, spec.id)
    used: list[str] = []

    def line(label: str, ids: Ids, total: str, kind: Literal["row", "total"]) -> RateRow:
        rows = {stat: results[ids.id(variable, stat, rate)] for stat in ("n", "estimate", "low", "high")}
        used.extend([r.id for r in rows.values()] + [total])
        known = rows["estimate"].status == "ok"
        return RateRow(
            label,
            f"{rows['n'].shown}/{results[total].shown}",
            rows["estimate"].value,
            rows["low"].value,
            rows["high"].value,
            f"{rows['estimate'].shown} ({rows['low'].shown}–{rows['high'].shown})" if known else rows["estimate"].shown,
            kind,
        )

    population = outline.populations[spec.population].label
    rows = [line(population, overall, overall.id(variable, "N", rate), "total")]
    for name in spec.by:
        mark = " – naive, biased" if is_naive(results, spec.id, name) else ""
        rows.append(RateRow(outline.groups[name].label + mark, kind="head"))
        for level in outline.groups[name].levels:
            ids = Ids(results, spec.id, name, level)
            rows.append(line(level, ids, ids.id(variable, "N"), "row"))
    figure = RatesFigure(tuple(rows), x_label=f"{rate} (%)", reference=rows[0].estimate)
    return figure, tuple(used)


def _forest(results: Results, spec: RatesSpec, outline: Outline, rate: str, drawings: list[Drawing]) -> FigureBlock:
    """The first rate in its subgroups, as dots with their intervals."""
    data, ids = rates_figure(results, spec, outline, rate_variables(spec, results)[0][0], rate)
    stem = f"figure_{slug(spec.id)}_subgroups"
    drawings.append(Drawing(stem, data))
    naive = any(is_naive(results, spec.id, name) for name in spec.by)
    mind = f" {upper_first(NAIVE)}." if naive else ""
    words = text(
        f"Squares: rates; lines: their 95% intervals; grey line: the whole population. Subgroups overlap.{mind}"
    )
    return FigureBlock(stem, f"{spec.title}: {rate} by subgroup", stem, f"{rate} in subgroups", (words,), ids)
