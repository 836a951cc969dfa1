"""The report in reading order: summary, methods, results, what cannot be said, findings, provenance."""

from __future__ import annotations

from remission.analyses.guard import SELECTED
from remission.analyses.spec import (
    FollowUpSpec,
    ListingSpec,
    RatesSpec,
    SurvivalSpec,
)
from remission.display.abbreviations import say_abbreviations
from remission.display.checklist import write_checklist
from remission.display.drawing import Drawing, Page
from remission.display.grid import Block, Document, FigureBlock, Grid, GridRow, Heading, Paragraph, cell
from remission.display.kinds.flow import flow_figure, say_flow
from remission.display.kinds.listing import tabulate_listing
from remission.display.kinds.rates import rate_variables
from remission.display.methods_text import write_methods
from remission.display.outline import Outline
from remission.display.report_analyses import show_analysis
from remission.display.words import Ids, interval, join, lower_first, text
from remission.results.table import Results


def compose_report(
    results: Results, outline: Outline, *, rates: dict[str, tuple[str, ...]], listed: dict[str, tuple[str, ...]]
) -> tuple[Document, tuple[Drawing, ...]]:
    """The whole report and the figures it shows.

    Args: rates: analysis -> names of its rates, in order.  listed: listing -> its patients.
    """
    page = Page(results, outline, rates)
    blocks: list[Block] = [Heading("Summary", 1), *_summary(results, outline, rates)]
    blocks += write_methods(results, outline)
    blocks += [Heading("Results", 1), Heading("Patient flow", 2), *say_flow(results, outline)]
    blocks.append(_flow(results, outline, page.drawings))
    for spec in outline.analyses:
        if isinstance(spec, ListingSpec):
            continue
        blocks.append(Heading(spec.title, 2))
        blocks += show_analysis(page, spec)
        if spec.note:
            blocks.append(Paragraph(text(spec.note), kind="note"))
    blocks += _not_estimable(results, outline)
    for spec in outline.analyses:
        if isinstance(spec, ListingSpec):
            blocks += [Heading(spec.title, 1), *_listing(results, spec, outline, listed.get(spec.id, ()))]
    blocks += _findings(results, outline)
    blocks += _provenance(results, outline)
    blocks += say_abbreviations(blocks, results)
    blocks += write_checklist(blocks, outline)
    label = {"published": "Published patient tables, redone", "synthetic": "SYNTHETIC PATIENTS", "real": "Study report"}
    return Document(outline.title, label[outline.kind], tuple(blocks)), tuple(page.drawings)


def _flow(results: Results, outline: Outline, drawings: list[Drawing]) -> FigureBlock:
    data, ids = flow_figure(results, outline)
    drawings.append(Drawing("figure_flow", data))
    return FigureBlock("figure_flow", "Patient flow", "figure_flow", "Flow of the patients through the study", (), ids)


def _summary(results: Results, outline: Outline, rates: dict[str, tuple[str, ...]]) -> list[Block]:
    """The answers first: who, response, survival, follow-up."""
    made: list[Block] = []
    flow = Ids(results, "flow")
    first = next((n for n, w in outline.populations.items() if not w.parent and not w.scope), "")
    if first:
        made.append(
            Paragraph(
                cell(f"{outline.populations[first].label}: {{n}}.", n=flow.id("population", "n", first)), kind="bullet"
            )
        )
    for spec in outline.analyses:
        ids = Ids(results, spec.id)
        if isinstance(spec, RatesSpec) and rates.get(spec.id):
            rate, variable = rates[spec.id][0], rate_variables(spec, results)[0][0]
            if len(rates[spec.id]) <= 3:
                made.append(
                    Paragraph(
                        join(
                            f"{spec.title} – {lower_first(rate)}: ",
                            cell("{n} of {t}, ", n=ids.id(variable, "n", rate), t=ids.id(variable, "N", rate)),
                            interval(ids, variable, rate),
                            ".",
                        ),
                        kind="bullet",
                    )
                )
        elif isinstance(spec, SurvivalSpec):
            made.append(_survival_line(spec, ids, outline))
        elif isinstance(spec, FollowUpSpec) and ids.ok("reverse_km", "estimate"):
            made.append(
                Paragraph(
                    join("Median follow-up (reverse Kaplan-Meier): ", interval(ids, "reverse_km", unit="months"), "."),
                    kind="bullet",
                )
            )
    serious = [f for f in outline.findings if f.severity != "note"]
    found = Ids(results, "findings")
    made.append(
        Paragraph(
            cell(
                "Doubts about the data: {w} warnings and {k} notes, listed below."
                if serious
                else "Doubts about the data: {w} warnings, {k} notes.",
                w=found.id("warning", "n"),
                k=found.id("note", "n"),
            ),
            kind="bullet",
        )
    )
    return made


def _survival_line(spec: SurvivalSpec, ids: Ids, outline: Outline) -> Paragraph:
    endpoint = outline.endpoints[spec.endpoint]
    counted, failed = ids.row(spec.endpoint, "N"), ids.row(spec.endpoint, "estimate")
    if counted is None:
        why = failed.note if failed is not None else "no times"
        return Paragraph(text(f"{spec.title}: not estimable from these data ({why})."), kind="bullet")
    pieces = [cell(f"{spec.title}: events {{e}} of {{n}}", e=ids.id(spec.endpoint, "events"), n=counted.id)]
    for months in spec.at_months:
        at = f"{months:g}mo"
        if ids.ok("survival", "estimate", at):
            pieces.append(join(f"; {endpoint.short} at {months:g} months ", interval(ids, "survival", at)))
    if ids.value("not_evaluable", "n"):
        pieces.append(cell("; not evaluable: {k}", k=ids.id("not_evaluable", "n")))
    if SELECTED in counted.note:
        pieces.append(text("; in a population formed after the start"))
    return Paragraph(join(*pieces, "."), kind="bullet")


def _not_estimable(results: Results, outline: Outline) -> list[Block]:
    """Everything that was asked for and cannot be said, with the reason: nothing is left out in silence."""
    failed = [r for r in results.rows.values() if r.status == "failed"]
    if not failed:
        return []
    titles = {spec.id: spec.title for spec in outline.analyses}
    rows = tuple(
        GridRow(
            (
                text(
                    titles.get(r.analysis)
                    or f"{titles.get(r.analysis.rpartition('_landmark_')[0], r.analysis)}, from the landmark"
                    + (f", by {lower_first(outline.groups[r.group].label)}" if r.group in outline.groups else "")
                ),
                text(r.note),
            )
        )
        for r in failed
    )
    header = (text("Analysis"), text("Reason"))
    return [
        Heading("Not estimable", 1),
        Paragraph(text("Asked for in study.toml and not estimable from these data:")),
        Grid("table_not_estimable", "What could not be estimated, and why", (header,), rows, "ll"),
    ]


def _listing(results: Results, spec: ListingSpec, outline: Outline, patients: tuple[str, ...]) -> list[Block]:
    row = Ids(results, spec.id).row("listing", "text")
    if row is not None and row.status == "failed":
        return [Paragraph(text(f"The patients are {row.note}; every number's patients are in members.csv."))]
    return [tabulate_listing(results, spec, outline, patients)]


def _findings(results: Results, outline: Outline) -> list[Block]:
    """What was read how, and what is doubtful, with its place."""
    if not outline.findings:
        return [Heading("Findings", 1), Paragraph(text("No doubt about the data was found."))]
    ids = Ids(results, "findings")
    rows = tuple(
        GridRow(
            (
                text(f.severity),
                text(f.rule),
                cell("{p}", p=ids.id("place", "text", number(i))),
                cell("{w}", w=ids.id("what", "text", number(i))),
                cell("{c}", c=ids.id("consequence", "text", number(i))) if f.consequence else text(""),
            )
        )
        for i, f in enumerate(outline.findings)
    )
    header = (text("Severity"), text("Rule"), text("Place"), text("What"), text("Consequence"))
    return [
        Heading("Findings", 1),
        Paragraph(text("Nothing was repaired or dropped silently. The full list with what to do is in findings.csv.")),
        Grid("table_findings", "Findings about the data", (header,), rows, "lllll", landscape=True),
    ]


def number(i: int) -> str:
    """The running number of a finding in its address."""
    return f"{i + 1:03d}"


def _provenance(results: Results, outline: Outline) -> list[Block]:
    ids = Ids(results, "data")
    rows = tuple(
        GridRow((text(s.name), text(s.file), text(s.sheet or "–"), cell("{h}", h=ids.id("sha256", "text", s.name))))
        for s in outline.sources
    )
    return [
        Heading("Provenance", 1),
        Paragraph(
            text(
                "Every number of this report is a row of results.csv; its patients are in members.csv "
                "and its cells in cells.csv."
                " In the html report a click on a number shows them."
            )
        ),
        Grid(
            "table_provenance",
            "Files that were read",
            ((text("Name"), text("File"), text("Sheet"), text("SHA-256")),),
            rows,
            "llll",
        ),
    ]
