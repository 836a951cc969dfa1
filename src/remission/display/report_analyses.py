"""One analysis in the report: its sentences, then its table, then its figures."""

from __future__ import annotations

from dataclasses import dataclass

from remission.analyses.baseline import variable_name
from remission.analyses.guard import NAIVE
from remission.analyses.spec import (
    AdverseEventsSpec,
    AnalysisSpec,
    BaselineSpec,
    FollowUpSpec,
    IncidenceSpec,
    LaterEventSpec,
    RatesSpec,
    RecordsSpec,
    RegressionSpec,
    SurvivalSpec,
)
from remission.display.figure_rows import rates_figure, survival_figure
from remission.display.figures.bars_data import RatesFigure
from remission.display.figures.diagnostics_data import DiagnosticsFigure
from remission.display.figures.flow_data import FlowFigure
from remission.display.figures.forest_data import ForestFigure
from remission.display.figures.incidence_data import IncidenceFigure
from remission.display.figures.landmark_grid_data import LandmarkGridFigure
from remission.display.figures.occupancy_data import OccupancyFigure
from remission.display.figures.survival_data import SurvivalFigure
from remission.display.grid import Block, FigureBlock
from remission.display.model_figures import (
    forest_figure,
    incidence_figure,
    landmark_figure,
    log_log_figure,
    occupancy_figure,
    residual_figure,
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
    tabulate_rates,
    tabulate_records,
    tabulate_survival,
)
from remission.display.words import Ids, is_naive, landmarks_of, lower_first, text, upper_first
from remission.results.row import slug
from remission.results.table import Results

# With fewer groups the table says as much as a picture.
FOREST_FROM = 2
# More rows behind one figure than a reader would look through.
IDS_LISTED_UP_TO = 400
NAIVE_STRIP = "Naive comparison: biased, the groups were known only after the start"


FigureData = (
    SurvivalFigure
    | FlowFigure
    | RatesFigure
    | IncidenceFigure
    | LandmarkGridFigure
    | OccupancyFigure
    | ForestFigure
    | DiagnosticsFigure
)


@dataclass(frozen=True)
class Drawing:
    """A figure to be drawn: its file stem and what it shows."""

    stem: str
    data: FigureData


def show_analysis(
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
    for name in spec.by if spec.log_log else ():
        title = f"{spec.title} by {lower_first(outline.groups[name].label)}: are the hazards proportional?"
        parallel = "log(-log S) against time on a log scale: parallel curves speak for proportional hazards."
        stem = f"figure_{slug(spec.id)}_{slug(name)}_loglog"
        made += _figure(drawings, stem, title, log_log_figure(results, spec, outline, name), parallel)
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
    made += _figure(
        drawings, f"figure_{slug(spec.id)}_forest", spec.title, data, words, _ids_of(results, spec.id, variables)
    )
    if spec.residuals:
        words = (
            "Scaled Schoenfeld residuals with a smooth line and its 95% band; dashed: the hazard ratio of the model."
        )
        title = f"{spec.title}: does the hazard ratio change over time?"
        made += _figure(drawings, f"figure_{slug(spec.id)}_residuals", title, residual_figure(results, spec), words)
    return made


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
