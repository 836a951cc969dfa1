"""Adverse events: sentence, table by bands of grades, and a picture of two groups or of the grades."""

from __future__ import annotations

from itertools import pairwise

from remission.analyses.adverse_events import ANY
from remission.analyses.spec import AdverseEventsSpec
from remission.display.drawing import Page, figure_blocks
from remission.display.figures.butterfly_data import MOST_ROWS, ButterflyFigure, ButterflyRow
from remission.display.figures.heat_map_data import HeatCell, HeatMapFigure
from remission.display.grid import Block, Cell, Grid, GridRow, Paragraph, cell
from remission.display.outline import Outline
from remission.display.words import Ids, join, join_list, lower_first, text, upper_first
from remission.endpoints.safety.bands import parse_band
from remission.results.row import slug
from remission.results.table import Results


def show_adverse_events(page: Page, spec: AdverseEventsSpec) -> list[Block]:
    """Sentences, then the table, then the picture."""
    results, outline = page.results, page.outline
    ids = Ids(results, spec.id)
    cycles = ids.row("cycles", "N")
    if spec.unit == "cycles" and (cycles is None or cycles.status != "ok"):
        why = cycles.note if cycles is not None else "nothing is recorded"
        return [Paragraph(text(f"Not counted by cycle: {why}."), kind="warning")]
    first = ids.row(ANY, "n", "any")
    if first is not None and first.status != "ok":
        return [Paragraph(text(f"Not counted: {first.note}."), kind="warning")]
    made: list[Block] = [*_say(results, spec), _table(results, spec, outline)]
    bands = _bands(spec)
    if spec.by and len(outline.groups[spec.by].levels) == 2:
        words = f"{'Cycles' if spec.unit == 'cycles' else 'Patients'} by the worst grade of each term."
        data = _butterfly(results, spec, outline)
        made += figure_blocks(page.drawings, f"figure_{slug(spec.id)}", spec.title, data, words)
    elif len(bands) > 2 and not spec.by:
        words = f"Share of {_unit(spec)} in each band of grades, by the worst grade of each term."
        made += figure_blocks(page.drawings, f"figure_{slug(spec.id)}", spec.title, _heat_map(results, spec), words)
    return made


def _unit(spec: AdverseEventsSpec) -> str:
    return "cycles" if spec.unit == "cycles" else "patients"


def _bands(spec: AdverseEventsSpec) -> tuple[tuple[str, str], ...]:
    """Category and heading of each band."""
    if spec.bands:
        return tuple(
            (b, "Any grade" if b == "any" else f"Grade {b.replace('>=', '≥').replace('-', '–')}") for b in spec.bands
        )
    return ("any", "Any grade"), ("severe", f"Grade ≥{spec.severe_from}")


def _grade(band: str) -> str:
    return f"Grade {band.replace('>=', '≥').replace('-', '–')}"


def _terms(results: Results, spec: AdverseEventsSpec) -> list[str]:
    """Any event first, then as asked for, or the most frequent first."""
    ids = Ids(results, spec.id)
    here = [
        r for r in results.rows.values() if r.analysis == spec.id and r.stat == "events" and r.category == "records"
    ]
    terms = list(dict.fromkeys(r.variable for r in here if not r.group))
    if spec.terms:
        return terms
    return sorted(terms, key=lambda t: (t != ANY, -(ids.value(t, "events", "records") or 0), t))


def _columns(results: Results, spec: AdverseEventsSpec, outline: Outline) -> list[tuple[str, Ids]]:
    columns = [("", Ids(results, spec.id))]
    if spec.by:
        columns = [(level, Ids(results, spec.id, spec.by, level)) for level in outline.groups[spec.by].levels]
    return columns


def _table(results: Results, spec: AdverseEventsSpec, outline: Outline) -> Grid:
    ids, bands, columns = Ids(results, spec.id), _bands(spec), _columns(results, spec, outline)
    tests = Ids(results, spec.id, spec.by) if spec.by else None
    rows = []
    for term in _terms(results, spec):
        cells = [text(upper_first(term))]
        for _, column in columns:
            for category, _ in bands:
                cells.append(
                    cell("{n} ({p})", n=column.id(term, "n", category), p=column.id(term, "estimate", category))
                )
        if tests is not None:
            cells += [cell("{p}", p=tests.id(term, "p", category)) for category, _ in bands]
        if spec.rates:
            cells.append(cell("{r}", r=ids.id(term, "estimate", "rate")))
        cells.append(cell("{n}", n=ids.id(term, "events", "records")))
        rows.append(GridRow(tuple(cells)))
    return Grid(
        f"table_{slug(spec.id)}",
        spec.title,
        _header(results, spec, outline),
        tuple(rows),
        "l" + "r" * (len(rows[0].cells) - 1) if rows else "l" + "r" * (len(columns) * len(bands) + 1),
        tuple(_notes(results, spec, outline)),
        landscape=len(columns) * len(bands) > 4,
    )


def _header(results: Results, spec: AdverseEventsSpec, outline: Outline) -> tuple[tuple[Cell, ...], ...]:
    bands, columns, unit = _bands(spec), _columns(results, spec, outline), _unit(spec)
    below = [text("Adverse event")]
    for _ in columns:
        below += [text(f"{words},\n{unit} (%)") for _, words in bands]
    if spec.by:
        below += [text(f"p, {words.lower()}") for _, words in bands]
    below += ([text("Per 100\npatient-days")] if spec.rates else []) + [text("Events")]
    if not spec.by:
        return (tuple(below),)
    variable = "cycles" if spec.unit == "cycles" else "patients"
    above = [text("")]
    for level, column in columns:
        above.append(cell(f"{level}\nN = {{n}}", n=column.id(variable, "N"), span=len(bands)))
    above += [text("") for _ in range(len(below) - 1 - len(columns) * len(bands))]
    return tuple(above), tuple(below)


def _notes(results: Results, spec: AdverseEventsSpec, outline: Outline) -> list[Cell]:
    ids, unit = Ids(results, spec.id), _unit(spec)
    total = ids.id("cycles" if spec.unit == "cycles" else "patients", "N")
    whose = outline.populations[spec.population].label
    notes = [
        cell(
            f"Worst grade per {unit.removesuffix('s')} and term ({spec.grading}); shares are of {{n}} {unit} "
            f"({whose}). Events count records, not {unit}.",
            n=total,
        )
    ]
    if spec.unit == "cycles" and ids.value("cycle_not_given", "events"):
        words = "{k} events are recorded in a cycle of which no infusion is recorded; they are in no count."
        notes.append(cell(words, k=ids.id("cycle_not_given", "events")))
    if spec.unit == "cycles" and ids.value("without_cycle", "events"):
        notes.append(cell("{k} events could not be placed in a cycle.", k=ids.id("without_cycle", "events")))
    if spec.unit == "cycles" and spec.by:
        notes.append(text("The tests take cycles as independent, which those of one patient are not."))
    if spec.rates:
        notes.append(text("Rates: events per 100 patient-days on drug, of patients whose days on drug are known."))
    here = [r for r in results.rows.values() if r.analysis == spec.id and not r.group]
    renamed = [r for r in here if r.category == "recorded" and r.stat == "text"]
    if renamed:
        pieces = [cell(f"{r.variable}: {{words}}", words=r.id) for r in renamed]
        notes.append(join("Recorded otherwise: ", join_list(pieces, "; ", "; "), "."))
    values = ids.row("laboratory", "N")
    if values is not None:
        notes.append(cell(f"{{n}} laboratory values were graded by CTCAE {spec.ctcae}.", n=values.id))
        for row in (r for r in here if r.variable == "laboratory_not_graded"):
            notes.append(cell(f"{row.category}: {{k}} values, which may be no event.", k=row.id))
    gaps = [r for r in here if r.stat == "missing" and r.variable == ANY]
    notes += [
        cell(f"Grade not recorded, so that the band {r.category} is not known: {{k}} {unit}.", k=r.id) for r in gaps
    ]
    return notes


def _say(results: Results, spec: AdverseEventsSpec) -> list[Paragraph]:
    """Patients or cycles with any and with a severe event, and the number of events."""
    ids, unit = Ids(results, spec.id), _unit(spec)
    # grade 0 is no event, and no sentence says that somebody had it
    bands = tuple(b for b in _bands(spec) if b[0] != "0") or (("any", "Any grade"),)
    (first, words), (last, last_words) = bands[0], bands[-1]
    if len(bands) < 2:
        last, last_words = first, words
    return [
        Paragraph(
            cell(
                f"{{a}} of {{n}} {unit} ({{p}}) had an adverse event of {lower_first(words)} and {{s}} ({{q}}) one of "
                f"{lower_first(last_words)}; {{e}} events were recorded.",
                a=ids.id(ANY, "n", first),
                n=ids.id("cycles" if spec.unit == "cycles" else "patients", "N"),
                p=ids.id(ANY, "estimate", first),
                s=ids.id(ANY, "n", last),
                q=ids.id(ANY, "estimate", last),
                e=ids.id(ANY, "events", "records"),
            )
        )
    ]


def _heat_map(results: Results, spec: AdverseEventsSpec) -> HeatMapFigure | None:
    ids, bands = Ids(results, spec.id), _bands(spec)
    terms = [t for t in _terms(results, spec) if t != ANY][:MOST_ROWS]
    if not terms:
        return None
    cells = tuple(
        tuple(
            HeatCell(
                ids.value(t, "estimate", category),
                f"{ids.row(t, 'n', category).shown} ({ids.row(t, 'estimate', category).shown})",  # type: ignore[union-attr]
            )
            for category, _ in bands
        )
        for t in terms
    )
    label = f"{_unit(spec).capitalize()} (%)"
    return HeatMapFigure(tuple(upper_first(t) for t in terms), tuple(w for _, w in bands), cells, scale_label=label)


def _butterfly(results: Results, spec: AdverseEventsSpec, outline: Outline) -> ButterflyFigure | None:
    """Two groups back to back; bands that overlap (any, and severe) are drawn as what is below and what is severe."""
    columns, apart = _columns(results, spec, outline), _apart(spec)
    terms = [t for t in _terms(results, spec) if t != ANY][:MOST_ROWS]
    if not terms or apart is None:
        return None
    tests = Ids(results, spec.id, spec.by)
    rows = []
    for term in terms:
        sides, words = [], []
        for _, column in columns:
            sides.append(tuple(_between(column, term, band) for band in apart))
            n, total = column.row(term, "n", "any"), column.row(term, "estimate", "any")
            words.append(f"{n.shown} ({total.shown})" if n and total else "")
        p = tests.row(term, "p", "any")
        rows.append(ButterflyRow(upper_first(term), sides[0], sides[1], words[0], words[1], p.shown if p else ""))
    names = []
    for level, column in columns:
        total = column.row("cycles" if spec.unit == "cycles" else "patients", "N")
        names.append(f"{level} ({total.shown if total else ''} {_unit(spec)})")
    labels = tuple(label for label, _, _ in apart)
    return ButterflyFigure(
        tuple(rows),
        (names[0], names[1]),
        labels,
        x_label=f"{_unit(spec).capitalize()} (%)",
        p_title="p, any grade",
    )


def _apart(spec: AdverseEventsSpec) -> tuple[tuple[str, str, str], ...] | None:
    """Label, band, and the band inside it to be taken off; None where the bands cannot be drawn apart."""
    if not spec.bands:
        return ((f"Grade 1–{spec.severe_from - 1}", "any", "severe"), (f"Grade ≥{spec.severe_from}", "severe", ""))
    plain = [b for b in spec.bands if b not in ("any", "0")]
    ranges = sorted((b.low, b.high) for b in (parse_band(p) for p in plain))
    overlap = any(high >= low for (_, high), (low, _) in pairwise(ranges))
    if not plain or overlap or any("-" not in b and not b.startswith(">=") and not b.isdigit() for b in plain):
        return None
    return tuple((_grade(b), b, "") for b in plain)


def _between(ids: Ids, term: str, band: tuple[str, str, str]) -> float:
    _, outer, inner = band
    whole = float(ids.value(term, "estimate", outer) or 0)
    return max(0.0, whole - float(ids.value(term, "estimate", inner) or 0)) if inner else whole
