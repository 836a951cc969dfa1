"""Cumulative incidence of an event and of what competes with it."""

from __future__ import annotations

from remission.analyses.spec import IncidenceSpec
from remission.display.drawing import NAIVE_STRIP, Page, figure_blocks, ids_of, p_words, series_of
from remission.display.figures.incidence_data import IncidenceCurve, IncidenceFigure, IncidenceGroup, nice_maximum
from remission.display.grid import Block, Cell, Grid, GridRow, Paragraph, cell
from remission.display.outline import Outline
from remission.display.words import CI, Ids, between, from_what, is_naive, join, join_list, lower_first, p_value, text
from remission.results.row import Row, slug
from remission.results.table import Results


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


def say_incidence(results: Results, spec: IncidenceSpec, outline: Outline) -> list[Paragraph]:
    """Both incidences at the chosen months, then Gray's tests."""
    ids = Ids(results, spec.id)
    failed = ids.row("incidence", "estimate")
    if failed is not None and failed.status == "failed":
        return [Paragraph(text(f"{spec.title}: not estimable from these data: {failed.note}."), kind="warning")]
    causes = (("event", spec.event_label), ("competing", spec.competing_label))
    counts = [cell(f"{{e}} had {words}", e=ids.id("patients", "events", cause)) for cause, words in causes]
    pieces: list[str | Cell] = [cell("Of {n} patients, ", n=ids.id("patients", "N")), join_list(counts), " first."]
    for months in spec.at_months:
        values = [join(f"{words} ", between(ids, "incidence", f"{cause}_{months:g}mo")) for cause, words in causes]
        pieces += [f" Cumulative incidence at {months:g} months: ", join_list(values), "."]
    made = [Paragraph(join(*pieces))]
    for name in spec.by:
        split = Ids(results, spec.id, name)
        tests = [
            join(f"{words} ", p_value(results, split.id("gray", "p", cause)))
            for cause, words in causes
            if split.row("gray", "p", cause)
        ]
        head = f"By {lower_first(outline.groups[name].label)}, Gray's test: "
        if tests:
            naive = is_naive(results, spec.id, name)
            lead = "Naive and biased, as the groups were not known at the start. " if naive else ""
            made.append(Paragraph(join(lead, head, join_list(tests), "."), kind="warning" if naive else "body"))
    return made


def incidence_figure(
    results: Results, spec: IncidenceSpec, outline: Outline, group: str = "", warning: str = ""
) -> IncidenceFigure | None:
    """Both causes of all patients, or of each level of a group."""
    words = outline.groups[group] if group else None
    causes = (("event", spec.event_label), ("competing", spec.competing_label))
    groups = []
    ticks: list[int] = []
    for level in words.levels if words else ("",):
        ids = Ids(results, spec.id, group, level)
        points = series_of(results, ids, "incidence_curve")
        if not points:
            continue
        at_risk = {
            int(c.removesuffix("d")): int(s["at_risk"].value or 0)
            for c, s in series_of(results, ids, "at_risk").items()
            if "at_risk" in s
        }
        ticks = sorted({*ticks, *at_risk})
        groups.append((level, points, at_risk))
    made = tuple(_incidence_group(level, points, at_risk, causes, ticks) for level, points, at_risk in groups)
    if not made or len(made) > 4:
        return None
    split = Ids(results, spec.id, group)
    tests = (
        tuple(line for cause, label in causes for line in p_words(split.row("gray", "p", cause), f"{label}:"))
        if group
        else ()
    )
    from_origin = outline.endpoints[spec.endpoint].start == "origin"
    return IncidenceFigure(
        made,
        x_label=f"Months from {from_what(outline.origin) if from_origin else 'the start of the endpoint'}",
        ticks_days=tuple(ticks),
        annotation=tests,
        warning=warning,
        y_max=nice_maximum(made),
    )


def _incidence_group(
    level: str,
    points: dict[str, dict[str, Row]],
    at_risk: dict[int, int],
    causes: tuple[tuple[str, str], ...],
    ticks: list[int],
) -> IncidenceGroup:
    curves = []
    last = 0
    for cause, label in causes:
        mine = sorted(
            (int(c.rpartition("_")[2].removesuffix("d")), s) for c, s in points.items() if c.startswith(f"{cause}_")
        )
        last = max(last, mine[-1][0])
        curves.append(
            IncidenceCurve(
                label,
                tuple(d for d, _ in mine),
                tuple(float(s["estimate"].value or 0) for _, s in mine),
                tuple(s["low"].value for _, s in mine),
                tuple(s["high"].value for _, s in mine),
            )
        )
    return IncidenceGroup(level, tuple(curves), last, tuple(at_risk.get(t, 0) for t in ticks))


def show_incidence(page: Page, spec: IncidenceSpec) -> list[Block]:
    """Sentences, then tables, then figures."""
    results, outline, drawings = page.results, page.outline, page.drawings
    made: list[Block] = list(say_incidence(results, spec, outline))
    if Ids(results, spec.id).row("patients", "N") is None:
        return made
    made.append(tabulate_incidence(results, spec, outline))
    words = "Aalen-Johansen estimates with 95% confidence bands; below: number at risk."
    for name in ("", *spec.by):
        mark = NAIVE_STRIP if name and not outline.groups[name].is_baseline else ""
        title = f"{spec.title}{' by ' + lower_first(outline.groups[name].label) if name else ''}"
        stem = f"figure_{slug(spec.id)}{'_' + slug(name) if name else ''}"
        data = incidence_figure(results, spec, outline, name, mark)
        made += figure_blocks(
            drawings, stem, title, data, words, ids_of(results, spec.id, ("incidence", "gray", "at_risk"))
        )
    return made
