"""Kaplan-Meier curves, and log(-log S), from rows."""

from __future__ import annotations

from remission.analyses.curves import NOT_GIVEN
from remission.analyses.spec import SurvivalSpec
from remission.display.drawing import series_of
from remission.display.figures.diagnostics_data import DiagnosticsFigure, LogLogGroup, LogLogPlot
from remission.display.figures.survival_data import SurvivalFigure, SurvivalGroup
from remission.display.outline import Outline
from remission.display.words import Ids, from_what
from remission.results.row import Row
from remission.results.table import Results

POINTS_LISTED_UP_TO = 400


def survival_figure(
    results: Results, spec: SurvivalSpec, outline: Outline, *, analysis: str, group: str = "", warning: str = ""
) -> tuple[SurvivalFigure, tuple[str, ...]] | None:
    """The figure of one analysis (or its landmark) with the ids it is drawn from; None where there are no curves."""
    words = outline.groups[group] if group else None
    levels = words.levels if words else ("",)
    curves = [(level, _points(results, analysis, group, level)) for level in levels]
    curves = [(level, points) for level, points in curves if points]
    if not curves or len(curves) > 6:
        return None
    landmark = results.rows.get(Ids(results, analysis, group).id("landmark", "setting"))
    origin = int(landmark.value or 0) if landmark is not None else 0
    ticks = sorted(
        {d for level, _ in curves for d in _at_risk(results, analysis, group, level)}
        | ({origin} if not origin else set())
    )
    groups, ids = [], []
    for level, points in curves:
        made, used = _group(results, analysis, group, level, points, ticks)
        groups.append(made)
        ids += used
    figure = SurvivalFigure(
        groups=tuple(groups),
        x_label=f"Months from {from_what(outline.origin)}",
        y_label=f"{outline.endpoints[spec.endpoint].label} (%)",
        ticks_days=tuple(ticks),
        annotation=_annotation(results, analysis, group),
        warning=warning,
        origin_days=origin,
        origin_label=f"landmark, day {origin}" if origin else "",
    )
    return figure, tuple(dict.fromkeys(ids))


def _points(results: Results, analysis: str, group: str, level: str) -> dict[int, dict[str, Row]]:
    """Day -> stat -> row of one curve."""
    head = Ids(results, analysis, group, level).id("curve", "x").rpartition("curve")[0] + "curve@"
    found: dict[int, dict[str, Row]] = {}
    for row in results.rows.values():
        if row.variable == "curve" and row.id.startswith(head):
            found.setdefault(int(row.category.removesuffix("d")), {})[row.stat] = row
    return dict(sorted(found.items()))


def _at_risk(results: Results, analysis: str, group: str, level: str) -> dict[int, tuple[Row, Row]]:
    ids = Ids(results, analysis, group, level)
    head = ids.id("at_risk", "x").rpartition("at_risk")[0] + "at_risk@"
    return {
        int(r.category.removesuffix("d")): (r, results[ids.id("at_risk", "events", r.category)])
        for r in results.rows.values()
        if r.variable == "at_risk" and r.stat == "at_risk" and r.id.startswith(head)
    }


def _group(
    results: Results, analysis: str, group: str, level: str, points: dict[int, dict[str, Row]], ticks: list[int]
) -> tuple[SurvivalGroup, list[str]]:
    days = list(points)
    survival = [float(points[d]["estimate"].value or 0) for d in days]
    low = [points[d]["low"].value for d in days]
    high = [points[d]["high"].value for d in days]
    left = [(d, s) for d, s in zip(days, survival, strict=True) if (points[d]["censored"].value or 0) > 0]
    table = _at_risk(results, analysis, group, level)
    ids = Ids(results, analysis, group, level)
    made = SurvivalGroup(
        label=level,
        days=tuple(days),
        survival=tuple(survival),
        last_day=days[-1],
        low=tuple(low),
        high=tuple(high),
        censor_days=tuple(d for d, _ in left),
        censor_survival=tuple(s for _, s in left),
        at_risk=tuple(int(table[d][0].value or 0) if d in table else None for d in ticks),
        events=tuple(int(table[d][1].value or 0) if d in table else None for d in ticks),
        note=_median_note(ids),
    )
    # a curve of thousands of steps is in results.csv; in a document its rows would outweigh everything else
    used = [row.id for stats in points.values() for row in stats.values()] if len(points) <= POINTS_LISTED_UP_TO else []
    used += [row.id for pair in table.values() for row in pair]
    used += [ids.id("median", s) for s in ("estimate", "low", "high") if ids.row("median", s)]
    return made, used


def _median_note(ids: Ids) -> str:
    """ "median 14.2 months (8.1–NR)" or "median not reached"."""
    middle = ids.row("median", "estimate")
    if middle is None:
        return ""
    low, high = ids.row("median", "low"), ids.row("median", "high")
    if middle.status != "ok":
        return "median not given" if middle.note.startswith(NOT_GIVEN) else "median not reached"
    return f"median {middle.shown} months ({low.shown if low else 'NR'}–{high.shown if high else 'NR'})"


def _annotation(results: Results, analysis: str, group: str) -> tuple[str, ...]:
    """The log-rank test, and the permutation test beside it."""
    if not group:
        return ()
    ids = Ids(results, analysis, group)
    lines = []
    for variable, words in (("logrank", "log-rank"), ("logrank_permutation", "")):
        row = ids.row(variable, "p")
        if row is not None and row.status == "ok":
            name = words or "permutation log-rank"
            lines.append(f"{name} p {row.shown}" if row.shown[:1] in "<>" else f"{name} p = {row.shown}")
    return tuple(lines)


def log_log_figure(results: Results, spec: SurvivalSpec, outline: Outline, group: str) -> DiagnosticsFigure | None:
    """The curves of a group's levels as log(-log S)."""
    groups = []
    for level in outline.groups[group].levels:
        points = series_of(results, Ids(results, spec.id, group, level), "curve")
        days = sorted((int(c.removesuffix("d")), float(s["estimate"].value or 0)) for c, s in points.items())
        if days:
            groups.append(LogLogGroup(level, tuple(d for d, _ in days), tuple(v for _, v in days)))
    return DiagnosticsFigure(LogLogPlot(tuple(groups))) if 2 <= len(groups) <= 6 else None
