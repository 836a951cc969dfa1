"""Adverse events by worst grade."""

from __future__ import annotations

from remission.analyses.spec import AdverseEventsSpec
from remission.display.drawing import Page
from remission.display.grid import Block, Grid, GridRow, Paragraph, cell
from remission.display.outline import Outline
from remission.display.words import Ids, text
from remission.results.row import slug
from remission.results.table import Results


def show_adverse_events(page: Page, spec: AdverseEventsSpec) -> list[Block]:
    """Sentences, then the table."""
    return [*say_adverse_events(page.results, spec), tabulate_adverse_events(page.results, spec, page.outline)]


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


def say_adverse_events(results: Results, spec: AdverseEventsSpec) -> list[Paragraph]:
    """Patients with any and with a severe event, and the number of events."""
    ids = Ids(results, spec.id)
    return [
        Paragraph(
            cell(
                f"{{a}} of {{n}} patients ({{p}}) had an adverse event and {{s}} ({{q}}) one of grade "
                f"{spec.severe_from} or higher;"
                " {e} events were recorded.",
                a=ids.id("any event", "n", "any"),
                n=ids.id("patients", "N"),
                p=ids.id("any event", "estimate", "any"),
                s=ids.id("any event", "n", "severe"),
                q=ids.id("any event", "estimate", "severe"),
                e=ids.id("any event", "events", "records"),
            )
        )
    ]
