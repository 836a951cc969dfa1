"""Pictures of the patients: swimmer plot, waterfall, alluvial figure."""

from __future__ import annotations

from remission.analyses.alluvial import ARROW
from remission.analyses.spec import AlluvialSpec, SwimmerSpec, WaterfallSpec
from remission.display.drawing import Page, figure_blocks
from remission.display.figures.alluvial_data import AlluvialCategory, AlluvialColumn, AlluvialFigure, AlluvialPath
from remission.display.figures.swimmer_data import (
    EventKind,
    SwimmerEvent,
    SwimmerFigure,
    SwimmerPatient,
    SwimmerSegment,
    swimmer_pages,
)
from remission.display.figures.waterfall_data import WaterfallBar, WaterfallFigure, WaterfallPanel
from remission.display.grid import Block, Paragraph, cell
from remission.display.words import Ids, lower_first, text
from remission.results.row import Row, slug
from remission.results.table import Results

KINDS: tuple[EventKind, ...] = ("cr", "cri", "mrd-negative", "hsct", "car-t", "relapse", "death")


def show_swimmer(page: Page, spec: SwimmerSpec) -> list[Block]:
    """The bars, and who is not among them."""
    ids, made = Ids(page.results, spec.id), list[Block]()
    drawn = ids.row("patients", "n")
    if drawn is None or drawn.status != "ok" or not drawn.value:
        why = drawn.note if drawn is not None and drawn.note else "nobody has a time"
        return [Paragraph(text(f"Not drawn: {why}."), kind="note")]
    made.append(Paragraph(cell("{n} of {t} patients are shown.", n=drawn.id, t=ids.id("patients", "N"))))
    if ids.value("beyond", "n"):
        made.append(
            Paragraph(cell("{k} days outside the observation are not drawn.", k=ids.id("beyond", "n")), kind="note")
        )
    blocks = page.outline.groups[spec.by] if spec.by else None
    patients = _by_patient(page.results, spec.id)
    used = {str(r["block"].text) for r in patients.values() if "block" in r}
    groups = tuple(v for v in (*blocks.levels, blocks.otherwise) if v in used) if blocks else ()
    figure = SwimmerFigure(
        patients=tuple(_bar(name, rows, groups) for name, rows in patients.items()),
        treatments=("Blinatumomab",) if any("infusion@00_first" in r for r in patients.values()) else (),
        groups=groups,
    )
    pages = swimmer_pages(figure)
    words = "One bar per patient from day 0 to the last day of observation; arrow: still observed."
    for k, data in enumerate(pages, 1):
        tail = f" ({k} of {len(pages)})" if len(pages) > 1 else ""
        stem = f"figure_{slug(spec.id)}" + (f"_{k}" if len(pages) > 1 else "")
        made += figure_blocks(page.drawings, stem, spec.title + tail, data, words)
    return list(made)


def _bar(name: str, rows: dict[str, Row], groups: tuple[str, ...]) -> SwimmerPatient:
    segments, events = [], []
    for key, row in rows.items():
        if key.startswith("infusion@") and key.endswith("_first"):
            end = rows[key.removesuffix("_first") + "_last"]
            segments.append(SwimmerSegment(0, int(row.value or 0), int(end.value or 0)))
        elif key.startswith("mark@"):
            kind = next(k for k in KINDS if key.partition("_")[2] == k)
            events.append(SwimmerEvent(kind, int(row.value or 0)))
    return SwimmerPatient(
        label=name,
        last_day=int(rows["observed"].value or 0),
        segments=tuple(segments),
        events=tuple(events),
        is_ongoing=rows["state"].text == "ongoing",
        group=groups.index(str(rows["block"].text)) if groups else 0,
    )


def show_waterfall(page: Page, spec: WaterfallSpec) -> list[Block]:
    """The bars, and who is not among them."""
    ids = Ids(page.results, spec.id)
    drawn = ids.row("patients", "n")
    if drawn is None or drawn.status != "ok" or not drawn.value:
        why = drawn.note if drawn is not None and drawn.note else "nobody was measured twice"
        return [Paragraph(text(f"Not drawn: {why}."), kind="note")]
    patients = _by_patient(page.results, spec.id)
    group = page.outline.groups[spec.by] if spec.by else None
    used = {str(r["colour"].text) for r in patients.values() if "colour" in r}
    responses = tuple(v for v in (*group.levels, group.otherwise) if v in used) if group else ("All patients",)
    bars = tuple(
        WaterfallBar(
            float(r["change"].value or 0),
            responses.index(str(r["colour"].text)) if group else 0,
            bool(r["change"].note),
        )
        for r in patients.values()
    )
    before, after = tuple(spec.visits)[:2]
    called = ids.row("measure", "text")
    what = called.shown if called is not None else spec.measure
    unit = next(iter(patients.values()))["change"].unit
    panel = WaterfallPanel(
        bars,
        f"Change of {lower_first(what)} ({unit})",
        lines=tuple((float(v), words) for v, words in spec.lines.items()),
    )
    said = Paragraph(
        cell(
            "The change of {n} of {t} patients is known; of {m} it is not: not measured at both visits, or below the "
            "floor of the assay at the first.",
            n=drawn.id,
            t=ids.id("patients", "N"),
            m=ids.id("patients", "missing"),
        )
    )
    words = f"From {before} to {after}; one bar per patient."
    figure = WaterfallFigure((panel,), responses)
    return [said, *figure_blocks(page.drawings, f"figure_{slug(spec.id)}", spec.title, figure, words)]


def show_alluvial(page: Page, spec: AlluvialSpec) -> list[Block]:
    """The ribbons; the numbers stand in the figure."""
    ids, columns = Ids(page.results, spec.id), []
    for name in spec.groups:
        found = [
            r for r in page.results.rows.values() if r.analysis == spec.id and r.variable == name and r.stat == "n"
        ]
        categories = tuple(
            AlluvialCategory(r.category, int(r.value or 0), f"{r.shown} ({_share(ids, name, r.category)})")
            for r in found
            if r.value
        )
        columns.append(AlluvialColumn(page.outline.groups[name].label, categories))
    paths = []
    for row in page.results.rows.values():
        if row.analysis == spec.id and row.variable == "path":
            way = row.category.split(ARROW)
            places = tuple(
                [c.label for c in column.categories].index(v) for column, v in zip(columns, way, strict=True)
            )
            paths.append(AlluvialPath(places, int(row.value or 0)))
    if not paths:
        return [Paragraph(text("Not drawn: there is nobody in the population."), kind="note")]
    figure = AlluvialFigure(
        tuple(columns), tuple(paths), colour_by=spec.groups.index(spec.colour_by) if spec.colour_by else 0
    )
    words = "Ribbons: patients with the same ways; their height is their number."
    return figure_blocks(page.drawings, f"figure_{slug(spec.id)}", spec.title, figure, words)


def _share(ids: Ids, name: str, level: str) -> str:
    row = ids.row(name, "estimate", level)
    return "" if row is None else row.shown


def _by_patient(results: Results, analysis: str) -> dict[str, dict[str, Row]]:
    """Patient -> variable or variable@category -> row."""
    found: dict[str, dict[str, Row]] = {}
    for row in results.rows.values():
        if row.analysis == analysis and row.group == "patient":
            key = f"{row.variable}@{row.category}" if row.category else row.variable
            found.setdefault(row.level, {})[key] = row
    return found
