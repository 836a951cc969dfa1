"""Repeated measurements: a table of values, a table of changes, and panels of both."""

from __future__ import annotations

from remission.analyses.dynamics import UNKNOWN_CHANGE
from remission.analyses.listing import unique_levels
from remission.analyses.spec import DynamicsSpec
from remission.display.drawing import Page, figure_blocks, ids_of
from remission.display.figures.panels_data import (
    MOST_PANELS,
    BoxSummary,
    DeltaPanel,
    PairedPanel,
    PanelsFigure,
    PanelTest,
)
from remission.display.grid import Block, Cell, Grid, GridRow, Paragraph, cell
from remission.display.outline import Outline
from remission.display.words import CI, Ids, between, join, lower_first, text
from remission.results.methods import method
from remission.results.row import slug
from remission.results.table import Results


def show_dynamics(page: Page, spec: DynamicsSpec) -> list[Block]:
    """What was used, the tables, the panels."""
    results, outline = page.results, page.outline
    ids = Ids(results, spec.id)
    usable = [m for m in spec.measures if ids.row(m, "text") is not None]
    made: list[Block] = list(_say(results, spec))
    if not usable:
        return made
    made += [_values(results, spec, usable), _changes(results, spec, outline, usable)]
    parts = [usable[i : i + MOST_PANELS] for i in range(0, len(usable), MOST_PANELS)]
    for nth, some in enumerate(parts, 1):
        tail = f" ({nth} of {len(parts)})" if len(parts) > 1 else ""
        stem = f"figure_{slug(spec.id)}" + (f"_{nth}" if len(parts) > 1 else "")
        words = (
            "Lines join the values of a patient; boxes: median and quartiles, whiskers to the extremes. Below: n, and"
        )
        words += " how many lie under the floor of the assay (<)."
        data = _paired(results, spec, some)
        made += figure_blocks(
            page.drawings, stem, spec.title + tail, data, words, ids_of(results, spec.id, tuple(some))
        )
        if spec.by:
            by = lower_first(outline.groups[spec.by].label)
            words = f"Change from {spec.reference} to {spec.later[-1]}; boxes as above."
            changes = _deltas(results, spec, outline, some)
            title = f"{spec.title}, change by {by}{tail}"
            made += figure_blocks(page.drawings, f"{stem}_change", title, changes, words)
    return made


def _say(results: Results, spec: DynamicsSpec) -> list[Paragraph]:
    """Measures that cannot be analysed, and what was taken of several values."""
    ids, made = Ids(results, spec.id), []
    for measure in spec.measures:
        failed, said = ids.row(measure, "median", spec.reference), ids.row(measure, "text")
        if said is None and failed is not None:
            made.append(Paragraph(text(f"{_called(ids, measure)} was not analysed: {failed.note}."), kind="warning"))
        elif said is not None and said.shown != "one value a patient and visit":
            made.append(Paragraph(cell(f"{_called(ids, measure)}: {{s}}.", s=said.id), kind="note"))
    return made


def _called(ids: Ids, measure: str) -> str:
    row = ids.row(f"{measure}_name", "text")
    return measure if row is None else row.shown


def _named(results: Results, spec: DynamicsSpec, measure: str) -> str:
    ids = Ids(results, spec.id)
    row = ids.row(measure, "median", spec.reference)
    return f"{_called(ids, measure)}, {row.unit}" if row is not None and row.unit else _called(ids, measure)


def _values(results: Results, spec: DynamicsSpec, measures: list[str]) -> Grid:
    """Median and quartiles at every visit, with n."""
    ids, rows, floors = Ids(results, spec.id), [], False
    for measure in measures:
        cells = [text(_named(results, spec, measure))]
        for visit in spec.visits:
            pieces: list[str | Cell] = [cell("{m}", m=_place(ids, measure, "median", visit))]
            if ids.ok(measure, "q3", visit):
                q1, q3 = (_place(ids, measure, s, visit) for s in ("q1", "q3"))
                pieces.append(cell(" ({a}–{b})", a=q1, b=q3))
            pieces.append(cell("\nn = {n}", n=ids.id(measure, "n", visit)))
            if ids.row(f"{measure}_below", "n", visit) is not None:
                floors = True
                pieces.append(cell(", {k} below", k=ids.id(f"{measure}_below", "n", visit)))
            cells.append(join(*pieces))
        rows.append(GridRow(tuple(cells)))
    notes = [text("Median (first to third quartile).")]
    if floors:
        notes.append(text("Below: under the floor of the assay; such values are censored, not replaced by a number."))
    header = ((text("Measure"), *(text(v) for v in spec.visits)),)
    return Grid(f"table_{slug(spec.id)}", spec.title, header, tuple(rows), "l" + "r" * len(spec.visits), tuple(notes))


def _place(ids: Ids, measure: str, stat: str, visit: str) -> str:
    """The row of a quantile, or the one that says which floor it lies below."""
    below = ids.row(f"{measure}_{stat}", "text", visit)
    return ids.id(measure, stat, visit) if below is None else below.id


def _changes(results: Results, spec: DynamicsSpec, outline: Outline, measures: list[str]) -> Grid:
    """Every later visit against the first, and the groups' changes beside it."""
    ids, rows = Ids(results, spec.id), []
    levels = outline.groups[spec.by].levels if spec.by else ()
    adjusted = spec.adjust != "none"
    for measure in measures:
        variable = f"{measure}_change"
        if len(spec.later) > 1:
            width = 4 + adjusted + (len(levels) + 2 + adjusted if levels else 0)
            rows.append(
                GridRow((text(_named(results, spec, measure)), *(text("") for _ in range(width - 1))), kind="head")
            )
        for visit in spec.later:
            label = visit if len(spec.later) > 1 else _named(results, spec, measure)
            cells = [text(label), cell("{n}", n=ids.id(variable, "N", visit)), _change(ids, variable, visit)]
            cells.append(cell("{p}", p=ids.id(variable, "p", visit)))
            if adjusted:
                cells.append(cell("{p}", p=ids.id(f"{measure}_adjusted", "p", visit)))
            if levels:
                of_group = Ids(results, spec.id, spec.by)
                for level in levels:
                    one = Ids(results, spec.id, spec.by, level)
                    cells.append(
                        cell("{m}\nn = {n}", m=one.id(variable, "median", visit), n=one.id(variable, "n", visit))
                    )
                known = of_group.row(variable, "estimate", visit) is not None
                cells.append(_change(of_group, variable, visit) if known else text("–"))
                cells.append(cell("{p}", p=of_group.id(variable, "p", visit)))
                if adjusted:
                    cells.append(cell("{p}", p=of_group.id(f"{measure}_adjusted", "p", visit)))
            rows.append(GridRow(tuple(cells), indent=1 if len(spec.later) > 1 else 0))
    head = ["Pairs", "Change (95% CI)", "p", *(["adjusted p"] if adjusted else [])]
    if levels:
        head += [*levels, "Difference (95% CI)", "p", *(["adjusted p"] if adjusted else [])]
    header = ((text("Against " + spec.reference), *(text(h) for h in head)),)
    here = [r for r in results.rows.values() if r.analysis == spec.id and r.stat in ("p", "estimate") and r.method]
    methods = "; ".join(method(k).label for k in dict.fromkeys(r.method for r in here))
    notes = [text(f"{CI} {methods}."), text("Pairs: patients measured at both visits; the others take no part.")]
    if levels:
        notes.append(text(f"By {lower_first(outline.groups[spec.by].label)}: median change of each group."))
    if any(r.analysis == spec.id and r.note == UNKNOWN_CHANGE for r in results.rows.values()):
        words = "–, NE: with a value below the floor of the assay a change is not known; only the test takes it in."
        notes.append(text(words))
    return Grid(
        f"table_{slug(spec.id)}_changes",
        f"{spec.title}: changes",
        header,
        tuple(rows),
        "l" + "r" * len(head),
        tuple(notes),
        landscape=len(head) > 6,
    )


def _change(ids: Ids, variable: str, visit: str) -> Cell:
    row = ids.row(variable, "estimate", visit)
    return between(ids, variable, visit) if row is not None and row.status == "ok" else text("–")


def _paired(results: Results, spec: DynamicsSpec, measures: list[str]) -> PanelsFigure | None:
    """Every patient's values, boxes, and the p of each later visit."""
    panels = []
    for measure in measures:
        values: dict[str, dict[str, float]] = {}
        floors = []
        for row in results.rows.values():
            if row.analysis == spec.id and row.group == "patient" and row.variable == measure and row.stat == "value":
                values.setdefault(row.level, {})[row.category] = float(row.value or 0)
                floors += [float(row.value or 0)] if row.note else []
        if not values:
            continue
        ids, visits = Ids(results, spec.id), tuple(spec.visits)
        below = [ids.value(f"{measure}_below", "n", v) for v in visits]
        smallest = min(v for by_visit in values.values() for v in by_visit.values())
        panels.append(
            PairedPanel(
                title=_called(ids, measure),
                visits=visits,
                subjects=tuple(tuple(by_visit.get(v) for v in visits) for by_visit in values.values()),
                boxes=tuple(_box(ids, measure, v) for v in visits),
                tests=tuple(_test(ids, spec, measure, k) for k in range(1, len(visits))),
                counts=tuple(_shown(ids, measure, "n", v) for v in visits),
                unit=_unit(ids, measure, spec.reference),
                is_log=spec.is_log and smallest > 0,
                floor=max(floors) if len(set(floors)) == 1 else None,
                below=tuple(f"{int(b or 0)}" for b in below) if floors else (),
                below_title="<",
            )
        )
    return PanelsFigure(tuple(panels)) if panels else None


def _deltas(results: Results, spec: DynamicsSpec, outline: Outline, measures: list[str]) -> PanelsFigure | None:
    """The change to the last visit in each group, patient by patient."""
    panels, visit = [], spec.later[-1]
    levels = outline.groups[spec.by].levels
    everybody = Ids(results, spec.id).row("patients", "N")
    names = unique_levels(results.members.get(everybody.members, ()) if everybody else ())
    for measure in measures:
        variable = f"{measure}_change"
        of_group = Ids(results, spec.id, spec.by)
        if not of_group.ok(variable, "p", visit):
            continue
        changes = []
        for level in levels:
            row = Ids(results, spec.id, spec.by, level).row(variable, "n", visit)
            members = results.members.get(row.members, ()) if row is not None else ()
            changes.append(tuple(_difference(results, spec, measure, visit, names[p]) for p in members))
        ids = Ids(results, spec.id)
        p = of_group.row(variable, "p", visit)
        tests = (PanelTest(0, len(levels) - 1, f"p {_p_words(p.shown if p else '')}"),)
        panels.append(
            DeltaPanel(
                title=_called(ids, measure),
                groups=levels,
                changes=tuple(changes),
                boxes=tuple(
                    _delta_box(Ids(results, spec.id, spec.by, v), variable, visit, c)
                    for v, c in zip(levels, changes, strict=True)
                ),
                tests=tests,
                counts=tuple(str(len(c)) for c in changes),
                unit=_unit(ids, measure, spec.reference),
            )
        )
    return PanelsFigure(tuple(panels)) if panels else None


def _difference(results: Results, spec: DynamicsSpec, measure: str, visit: str, patient: str) -> float:
    one = Ids(results, spec.id, "patient", patient)
    return float(one.value(measure, "value", visit) or 0) - float(one.value(measure, "value", spec.reference) or 0)


def _delta_box(ids: Ids, variable: str, visit: str, changes: tuple[float, ...]) -> BoxSummary | None:
    if not changes or not ids.ok(variable, "median", visit):
        return None
    middle, q1, q3 = (float(ids.value(variable, s, visit) or 0) for s in ("median", "q1", "q3"))
    return BoxSummary(middle, q1, q3, min(changes), max(changes))


def _box(ids: Ids, measure: str, visit: str) -> BoxSummary | None:
    if any(ids.value(measure, s, visit) is None for s in ("median", "q1", "q3", "min", "max")):
        return None
    middle, q1, q3, low, high = (float(ids.value(measure, s, visit) or 0) for s in ("median", "q1", "q3", "min", "max"))
    return BoxSummary(middle, q1, q3, low, high)


def _test(ids: Ids, spec: DynamicsSpec, measure: str, k: int) -> PanelTest:
    visit = tuple(spec.visits)[k]
    pairs = _shown(ids, f"{measure}_change", "N", visit)
    variable = f"{measure}_change" if spec.adjust == "none" else f"{measure}_adjusted"
    p = ids.row(variable, "p", visit)
    words = _p_words(p.shown) if p is not None and p.status == "ok" else "not tested"
    return PanelTest(0, k, f"{'p ' if words[0] in '=<' else ''}{words} ({pairs} pairs)")


def _p_words(shown: str) -> str:
    return shown.replace("<", "< ") if shown.startswith("<") else f"= {shown}"


def _shown(ids: Ids, variable: str, stat: str, visit: str) -> str:
    row = ids.row(variable, stat, visit)
    return "" if row is None else row.shown


def _unit(ids: Ids, measure: str, visit: str) -> str:
    row = ids.row(measure, "median", visit)
    return "" if row is None else row.unit
