"""Records of one table, as records."""

from __future__ import annotations

from remission.analyses.spec import RecordsSpec
from remission.display.drawing import Page
from remission.display.grid import Block, Cell, Grid, GridRow, Paragraph, cell
from remission.display.outline import Outline
from remission.display.words import Ids, join, text
from remission.results.row import slug
from remission.results.table import Results


def show_records(page: Page, spec: RecordsSpec) -> list[Block]:
    """Sentences, then the table."""
    return [*say_records(page.results, spec, page.outline), tabulate_records(page.results, spec, page.outline)]


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


def say_records(results: Results, spec: RecordsSpec, outline: Outline) -> list[Paragraph]:
    """Records and patients kept apart; the medians of the numbers."""
    ids = Ids(results, spec.id)
    pieces: list[str | Cell] = [
        cell(f"{{n}} {spec.unit} in {{p}} patients.", n=ids.id("records", "N"), p=ids.id("patients", "N"))
    ]
    for name in spec.variables:
        if ids.ok(name, "median"):
            label, unit = outline.labels[f"{spec.table}.{name}"]
            pieces.append(
                cell(
                    f" {label}{' (' + unit + ')' if unit and unit not in label else ''}: median {{m}} "
                    f"(quartiles {{a}} to {{b}}), recorded for {{k}} of {{n}} {spec.unit}.",
                    m=ids.id(name, "median"),
                    a=ids.id(name, "q1"),
                    b=ids.id(name, "q3"),
                    k=ids.id(name, "n"),
                    n=ids.id("records", "N"),
                )
            )
    return [Paragraph(join(*pieces))]
