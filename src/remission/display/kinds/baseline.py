"""Table 1: what the patients were like before treatment."""

from __future__ import annotations

from remission.analyses.baseline import variable_name
from remission.analyses.spec import BaselineSpec
from remission.display.drawing import Page
from remission.display.grid import Block, Cell, Grid, GridRow, Paragraph, cell
from remission.display.outline import Outline
from remission.display.words import Ids, join, join_list, lower_first, text
from remission.results.methods import method
from remission.results.row import slug
from remission.results.table import Results

MOST_LEVELS_IN_A_SENTENCE = 3


def show_baseline(page: Page, spec: BaselineSpec) -> list[Block]:
    """Sentences, then Table 1."""
    return [
        *say_baseline(page.results, spec, page.outline),
        tabulate_baseline(page.results, spec, page.outline),
    ]


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


def say_baseline(results: Results, spec: BaselineSpec, outline: Outline) -> list[Paragraph]:
    """The numbers with their quartiles, the groups with their shares."""
    ids = Ids(results, spec.id)
    pieces: list[str | Cell] = []
    for name in spec.variables:
        label, unit = outline.labels[name]
        variable = variable_name(name)
        if ids.ok(variable, "median"):
            pieces.append(
                cell(
                    f"{' ' if pieces else ''}{label}: median {{m}}{' ' + unit if unit else ''} "
                    f"(quartiles {{a}} to {{b}}, range {{c}} to {{d}}).",
                    m=ids.id(variable, "median"),
                    a=ids.id(variable, "q1"),
                    b=ids.id(variable, "q3"),
                    c=ids.id(variable, "min"),
                    d=ids.id(variable, "max"),
                )
            )
        elif ids.row(variable, "missing") is not None:
            levels = [
                r.category
                for r in results.rows.values()
                if r.id.startswith(f"{ids.id(variable, 'n', '')[: -len('.n')]}@") and r.stat == "n"
            ]
            if len(levels) > MOST_LEVELS_IN_A_SENTENCE:
                continue  # the table holds them
            shares = [
                cell(f"{v} in {{n}} ({{p}})", n=ids.id(variable, "n", v), p=ids.id(variable, "estimate", v))
                for v in levels
            ]
            pieces.append(join(" " if pieces else "", f"{label}: ", join_list(shares), "."))
    return [Paragraph(join(*pieces))]
