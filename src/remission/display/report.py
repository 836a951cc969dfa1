"""The report in reading order: summary, methods, results, what cannot be said, findings, provenance."""

from __future__ import annotations

from dataclasses import dataclass

from remission.analyses.baseline import variable_name
from remission.analyses.guard import NAIVE, SELECTED
from remission.analyses.spec import (
    AdverseEventsSpec,
    AnalysisSpec,
    BaselineSpec,
    FollowUpSpec,
    IncidenceSpec,
    LaterEventSpec,
    ListingSpec,
    RatesSpec,
    RecordsSpec,
    RegressionSpec,
    SurvivalSpec,
)
from remission.display.figure_rows import flow_figure, rates_figure, survival_figure
from remission.display.figures.bars_data import RatesFigure
from remission.display.figures.flow_data import FlowFigure
from remission.display.figures.forest_data import ForestFigure
from remission.display.figures.incidence_data import IncidenceFigure
from remission.display.figures.landmark_grid_data import LandmarkGridFigure
from remission.display.figures.occupancy_data import OccupancyFigure
from remission.display.figures.survival_data import SurvivalFigure
from remission.display.grid import Block, Document, FigureBlock, Grid, GridRow, Heading, Paragraph, cell
from remission.display.methods_text import write_methods
from remission.display.model_figures import (
    forest_figure,
    incidence_figure,
    landmark_figure,
    occupancy_figure,
    state_figure,
)
from remission.display.model_sentences import say_incidence, say_later_event, say_regression
from remission.display.model_tables import (
    tabulate_incidence,
    tabulate_later_event,
    tabulate_regression,
    tabulate_states,
)
from remission.display.outline import Outline
from remission.display.sentences import (
    say_adverse_events,
    say_baseline,
    say_flow,
    say_follow_up,
    say_rates,
    say_records,
    say_survival,
)
from remission.display.tables import (
    is_cross,
    rate_variables,
    tabulate_adverse_events,
    tabulate_baseline,
    tabulate_cross,
    tabulate_listing,
    tabulate_rates,
    tabulate_records,
    tabulate_survival,
)
from remission.display.words import Ids, interval, is_naive, join, landmarks_of, lower_first, text, upper_first
from remission.results.row import slug
from remission.results.table import Results

# With fewer groups the table says as much as a picture.
FOREST_FROM = 2
# More rows behind one figure than a reader would look through.
IDS_LISTED_UP_TO = 400
NAIVE_STRIP = "Naive comparison: biased, the groups were known only after the start"


FigureData = (
    SurvivalFigure | FlowFigure | RatesFigure | IncidenceFigure | LandmarkGridFigure | OccupancyFigure | ForestFigure
)


@dataclass(frozen=True)
class Drawing:
    """A figure to be drawn: its file stem and what it shows."""

    stem: str
    data: FigureData


def compose_report(
    results: Results, outline: Outline, *, rates: dict[str, tuple[str, ...]], listed: dict[str, tuple[str, ...]]
) -> tuple[Document, tuple[Drawing, ...]]:
    """The whole report and the figures it shows.

    Args: rates: analysis -> names of its rates, in order.  listed: listing -> its patients.
    """
    drawings: list[Drawing] = []
    blocks: list[Block] = [Heading("Summary", 1), *_summary(results, outline, rates)]
    blocks += write_methods(results, outline)
    blocks += [Heading("Results", 1), Heading("Patient flow", 2), *say_flow(results, outline)]
    blocks.append(_flow(results, outline, drawings))
    for spec in outline.analyses:
        if isinstance(spec, ListingSpec):
            continue
        blocks.append(Heading(spec.title, 2))
        blocks += _analysis(results, spec, outline, rates.get(spec.id, ()), drawings)
        if spec.note:
            blocks.append(Paragraph(text(spec.note), kind="note"))
    blocks += _not_estimable(results, outline)
    for spec in outline.analyses:
        if isinstance(spec, ListingSpec):
            blocks += [Heading(spec.title, 1), *_listing(results, spec, outline, listed.get(spec.id, ()))]
    blocks += _findings(results, outline)
    blocks += _provenance(results, outline)
    label = {"published": "Published patient tables, redone", "synthetic": "SYNTHETIC PATIENTS", "real": "Study report"}
    return Document(outline.title, label[outline.kind], tuple(blocks)), tuple(drawings)


def _analysis(
    results: Results, spec: AnalysisSpec, outline: Outline, rates: tuple[str, ...], drawings: list[Drawing]
) -> list[Block]:
    """Sentences, then the table, then the figures of one analysis."""
    if isinstance(spec, BaselineSpec):
        return [*say_baseline(results, spec, outline), tabulate_baseline(results, spec, outline)]
    if isinstance(spec, RatesSpec):
        table = tabulate_cross if is_cross(spec, rates) else tabulate_rates
        made: list[Block] = [*say_rates(results, spec, outline, rates), table(results, spec, outline, rates)]
        if len(spec.by) >= FOREST_FROM and not is_cross(spec, rates):
            made.append(_forest(results, spec, outline, rates[0], drawings))
        return made
    if isinstance(spec, FollowUpSpec):
        return list(say_follow_up(results, spec))
    if isinstance(spec, IncidenceSpec):
        return _incidence(results, spec, outline, drawings)
    if isinstance(spec, RegressionSpec):
        return _regression(results, spec, outline, drawings)
    if isinstance(spec, LaterEventSpec):
        return _later_event(results, spec, outline, drawings)
    if isinstance(spec, RecordsSpec):
        return [*say_records(results, spec, outline), tabulate_records(results, spec, outline)]
    if isinstance(spec, AdverseEventsSpec):
        return [*say_adverse_events(results, spec), tabulate_adverse_events(results, spec, outline)]
    if isinstance(spec, SurvivalSpec):
        made = list(say_survival(results, spec, outline))
        if Ids(results, spec.id).row(spec.endpoint, "N") is None:
            return made
        return [*made, tabulate_survival(results, spec, outline), *_curves(results, spec, outline, drawings)]
    return []


def _curves(results: Results, spec: SurvivalSpec, outline: Outline, drawings: list[Drawing]) -> list[Block]:
    """The curve of all, then each comparison, a biased one marked in the picture and followed by its landmark."""
    wanted = [(spec.id, "", "", f"{spec.title}: all patients")]
    for name in spec.by:
        group = outline.groups[name]
        mark = "" if group.is_baseline else NAIVE_STRIP
        wanted.append(
            (spec.id, name, mark, f"{spec.title} by {lower_first(group.label)}{' (naive, biased)' if mark else ''}")
        )
        for row in landmarks_of(results, spec.id, name):
            wanted.append((row.analysis, name, "", f"{spec.title} by {lower_first(group.label)}, from the landmark"))
    made: list[Block] = []
    for analysis, name, mark, title in wanted:
        found = survival_figure(results, spec, outline, analysis=analysis, group=name, warning=mark)
        if found is None:
            continue
        data, ids = found
        stem = "_".join(["figure", slug(analysis), *([slug(name)] if name else [])])
        drawings.append(Drawing(stem, data))
        words = text(
            "Kaplan-Meier estimate with 95% confidence band; ticks: censored patients; below: number "
            "at risk (cumulative events)."
        )
        made.append(FigureBlock(stem, title, stem, f"Kaplan-Meier curves, {title}", (words,), ids))
    return made


def _figure(
    drawings: list[Drawing], stem: str, title: str, data: FigureData | None, words: str, ids: tuple[str, ...] = ()
) -> list[Block]:
    """A figure block where there is something to draw."""
    if data is None:
        return []
    drawings.append(Drawing(stem, data))
    return [FigureBlock(stem, title, stem, title, (text(words),) if words else (), ids)]


def _ids_of(results: Results, analysis: str, variables: tuple[str, ...]) -> tuple[str, ...]:
    """The rows of some variables of an analysis, where they are few enough to stand behind a figure."""
    found = tuple(r.id for r in results.rows.values() if r.analysis == analysis and r.variable in variables)
    return found if len(found) <= IDS_LISTED_UP_TO else ()


def _incidence(results: Results, spec: IncidenceSpec, outline: Outline, drawings: list[Drawing]) -> list[Block]:
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
        made += _figure(drawings, stem, title, data, words, _ids_of(results, spec.id, ("incidence", "gray", "at_risk")))
    return made


def _regression(results: Results, spec: RegressionSpec, outline: Outline, drawings: list[Drawing]) -> list[Block]:
    made: list[Block] = list(say_regression(results, spec, outline))
    failed = Ids(results, spec.id).row("model", "N")
    if failed is not None and failed.status == "failed":
        return made
    made.append(tabulate_regression(results, spec, outline))
    variables = tuple(variable_name(c) for c in spec.covariates)
    words = "Hazard ratios with 95% intervals on a log axis."
    data = forest_figure(results, spec, outline)
    return made + _figure(
        drawings, f"figure_{slug(spec.id)}_forest", spec.title, data, words, _ids_of(results, spec.id, variables)
    )


def _later_event(results: Results, spec: LaterEventSpec, outline: Outline, drawings: list[Drawing]) -> list[Block]:
    made: list[Block] = list(say_later_event(results, spec))
    ids = Ids(results, spec.id)
    if not ids.ok("time_dependent", "ratio"):
        return made
    made += [tabulate_later_event(results, spec), tabulate_states(results, spec)]
    stem = f"figure_{slug(spec.id)}"
    curves = "Simon-Makuch curves with 95% bands; below: number at risk in each state (cumulative events)."
    grid = "Hazard ratio from each landmark with its 95% interval; bands: the naive and the time-dependent estimate."
    areas = "State probabilities by the Aalen-Johansen method; they add up to 100% at every time."
    variables: tuple[str, ...] = ("survival", "mantel_byar", "at_risk")
    data = state_figure(results, spec, outline)
    made += _figure(
        drawings,
        f"{stem}_states",
        f"{spec.title}: by current state",
        data,
        curves,
        _ids_of(results, spec.id, variables),
    )
    variables = ("landmark", "landmark_before", "landmark_after", "naive", "time_dependent")
    points = landmark_figure(results, spec)
    made += _figure(
        drawings,
        f"{stem}_landmarks",
        f"{spec.title}: over the landmark",
        points,
        grid,
        _ids_of(results, spec.id, variables),
    )
    shares = occupancy_figure(results, spec, outline) if spec.occupancy else None
    made += _figure(
        drawings,
        f"{stem}_occupancy",
        f"{spec.title}: where the patients are",
        shares,
        areas,
        _ids_of(results, spec.id, ("occupancy",)),
    )
    return made


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
