"""From rows to the figures of competing risks, hazard ratios and what happens later."""

from __future__ import annotations

from remission.analyses.baseline import variable_name
from remission.analyses.regression import MULTI, UNI
from remission.analyses.spec import IncidenceSpec, LaterEventSpec, RegressionSpec, SurvivalSpec
from remission.display.figures.diagnostics_data import DiagnosticsFigure, LogLogGroup, LogLogPlot, ResidualPlot
from remission.display.figures.forest_data import ForestFigure, ForestRatio, ForestRow
from remission.display.figures.incidence_data import IncidenceCurve, IncidenceFigure, IncidenceGroup, nice_maximum
from remission.display.figures.landmark_grid_data import LandmarkGridFigure, LandmarkPoint, ReferenceEstimate
from remission.display.figures.occupancy_data import OccupancyFigure, StateShare
from remission.display.figures.survival_data import CHANGES_CURVE, SurvivalFigure, SurvivalGroup
from remission.display.outline import Outline
from remission.display.words import Ids, from_what
from remission.results.row import Row
from remission.results.table import Results


def _series(results: Results, ids: Ids, variable: str) -> dict[str, dict[str, Row]]:
    """Category -> stat -> row of one variable, in the order of the rows."""
    head = ids.id(variable, "x").rpartition(variable)[0] + f"{variable}@"
    found: dict[str, dict[str, Row]] = {}
    for row in results.rows.values():
        if row.variable == variable and row.id.startswith(head):
            found.setdefault(row.category, {})[row.stat] = row
    return found


def _p(row: Row | None, words: str) -> tuple[str, ...]:
    if row is None or row.status != "ok":
        return ()
    return (f"{words} p {row.shown}" if row.shown[:1] in "<>" else f"{words} p = {row.shown}",)


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
        points = _series(results, ids, "incidence_curve")
        if not points:
            continue
        at_risk = {
            int(c.removesuffix("d")): int(s["at_risk"].value or 0)
            for c, s in _series(results, ids, "at_risk").items()
            if "at_risk" in s
        }
        ticks = sorted({*ticks, *at_risk})
        groups.append((level, points, at_risk))
    made = tuple(_incidence_group(level, points, at_risk, causes, ticks) for level, points, at_risk in groups)
    if not made or len(made) > 4:
        return None
    split = Ids(results, spec.id, group)
    tests = (
        tuple(line for cause, label in causes for line in _p(split.row("gray", "p", cause), f"{label}:"))
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


def state_figure(results: Results, spec: LaterEventSpec, outline: Outline) -> SurvivalFigure | None:
    """Simon-Makuch curves of the two states."""
    series = []
    ticks: set[int] = set()
    for state in (spec.before, spec.after):
        ids = Ids(results, spec.id, "state", state)
        points = {int(c.removesuffix("d")): s for c, s in _series(results, ids, "curve").items()}
        table = {int(c.removesuffix("d")): s for c, s in _series(results, ids, "at_risk").items()}
        ticks |= set(table)
        series.append((state, dict(sorted(points.items())), table))
    if any(not points for _, points, _ in series):
        return None
    marks = tuple(sorted(ticks))
    groups = []
    for state, points, table in series:
        days = list(points)
        survival = [float(points[d]["estimate"].value or 0) for d in days]
        groups.append(
            SurvivalGroup(
                label=state,
                days=tuple(days),
                survival=tuple(survival),
                last_day=days[-1],
                low=tuple(points[d]["low"].value for d in days),
                high=tuple(points[d]["high"].value for d in days),
                at_risk=tuple(int(table[t]["at_risk"].value or 0) for t in marks),
                events=tuple(int(table[t]["events"].value or 0) for t in marks),
                first_day=0 if state == spec.before else days[0],
            )
        )
    ids = Ids(results, spec.id)
    return SurvivalFigure(
        tuple(groups),
        x_label=f"Months from {from_what(outline.origin)}",
        y_label=f"{outline.endpoints[spec.endpoint].label} (%)",
        ticks_days=marks,
        annotation=_p(ids.row("mantel_byar", "p"), "Mantel-Byar"),
        subtitle=CHANGES_CURVE,
    )


def landmark_figure(results: Results, spec: LaterEventSpec) -> LandmarkGridFigure | None:
    """The hazard ratio over the landmark, with the naive and the time-dependent one across."""
    ids = Ids(results, spec.id)
    points = []
    for category, stats in _series(results, ids, "landmark").items():
        counts = [ids.value(f"landmark_{s}", "N", category) for s in ("before", "after")]
        ok = stats["ratio"].status == "ok"
        points.append(
            LandmarkPoint(
                int(category.removesuffix("d")),
                stats["ratio"].value,
                stats["low"].value if ok else None,
                stats["high"].value if ok else None,
                tuple(None if c is None else int(c) for c in counts),
                "" if ok else stats["ratio"].note,
            )
        )
    if not points:
        return None
    references = []
    for variable, label in (("naive", "naive, biased"), ("time_dependent", "time-dependent")):
        if ids.ok(variable, "ratio"):
            ratio, low, high = (ids.row(variable, s) for s in ("ratio", "low", "high"))
            assert ratio is not None and low is not None and high is not None and ratio.value is not None  # noqa: S101, PT018
            words = f"HR {ratio.shown} ({low.shown}–{high.shown})"
            references.append(ReferenceEstimate(label, ratio.value, low.value, high.value, words))
    return LandmarkGridFigure(
        tuple(points),
        (spec.before, spec.after),
        tuple(references),
        favours=(f"fewer events when {spec.after}", f"more events when {spec.after}"),
    )


def occupancy_figure(results: Results, spec: LaterEventSpec, outline: Outline) -> OccupancyFigure | None:
    """Where the patients are over time."""
    ids = Ids(results, spec.id)
    series = _series(results, ids, "occupancy_curve")
    if not series:
        return None
    days = sorted({int(c.rpartition("_")[2].removesuffix("d")) for c in series})
    states = tuple(dict.fromkeys(c.rpartition("_")[0] for c in series))
    endpoint = outline.endpoints[spec.occupancy]
    names = {
        "before": f"alive, {spec.before}",
        "after": f"alive, {spec.after}",
        "event": "dead" if endpoint.short == "OS" else f"event of {endpoint.short}",
        "competing": "competing event",
    }
    shares = {s: [float(series[f"{s}_{d}d"]["estimate"].value or 0) for d in days] for s in states}
    start = {s: float(s == "before") for s in states}
    first = [] if days[0] == 0 else [0]
    counts = {
        int(c.removesuffix("d")): int(s["at_risk"].value or 0)
        for c, s in _series(results, ids, "occupancy_at_risk").items()
    }
    return OccupancyFigure(
        tuple(StateShare(names.get(s, s), tuple(([start[s]] if first else []) + shares[s])) for s in states),
        tuple(first + days),
        days[-1],
        ticks_days=tuple(sorted(counts)),
        under_observation=tuple(counts[t] for t in sorted(counts)),
        x_label=f"Months from {from_what(outline.origin)}",
    )


def forest_figure(results: Results, spec: RegressionSpec, outline: Outline) -> ForestFigure | None:
    """Hazard ratios of all covariates, uni- and multivariable."""
    uni, multi = Ids(results, spec.id, "model", UNI), Ids(results, spec.id, "model", MULTI)
    models = [uni] + ([multi] if multi.row("model", "N") is not None else [])
    rows: list[ForestRow] = []
    for name in spec.covariates:
        variable = variable_name(name)
        if Ids(results, spec.id).row(variable, "ratio") is not None:
            continue
        label = outline.labels[name][0]
        levels = uni.categories(f"{variable}_level", "N")
        if levels:
            rows.append(ForestRow(label, kind="head"))
        for level in levels or [""]:
            at = f"{variable}_level" if levels else f"{variable}_model"
            events, n = uni.row(at, "events", level), uni.row(at, "N", level)
            counts = f"{events.shown}/{n.shown}" if events is not None and n is not None else ""
            is_reference = uni.row(variable, "text", level) is not None
            ratios = () if is_reference else tuple(_forest_ratio(m, variable, level) for m in models)
            rows.append(ForestRow(level or label, counts, ratios, "reference" if is_reference else "row"))
    if not any(r.estimate is not None for row in rows for r in row.ratios):
        return None
    names = ("Univariable", "Multivariable") if len(models) == 2 else ("",)
    return ForestFigure(tuple(rows), names, favours=("fewer events", "more events"))


def _forest_ratio(ids: Ids, variable: str, level: str) -> ForestRatio:
    ratio = ids.row(variable, "ratio", level)
    if ratio is None or ratio.status != "ok":
        return ForestRatio(text=ratio.shown if ratio is not None else "–")
    low, high, p = (ids.row(variable, s, level) for s in ("low", "high", "p"))
    shown = [r.shown if r is not None else "NE" for r in (low, high)]
    return ForestRatio(
        ratio.value,
        low.value if low is not None else None,
        high.value if high is not None else None,
        f"{ratio.shown} ({shown[0]}–{shown[1]})",
        p.shown if p is not None and p.status == "ok" else "",
    )


def residual_figure(results: Results, spec: RegressionSpec) -> DiagnosticsFigure | None:
    """Scaled Schoenfeld residuals of each column of the last model over time."""
    for model in (MULTI, UNI):
        ids = Ids(results, spec.id, "model", model)
        points, smooth = _series(results, ids, "schoenfeld"), _series(results, ids, "schoenfeld_smooth")
        if not points:
            continue
        plots = []
        for label in dict.fromkeys(c.rpartition("_")[0].rpartition("_")[0] for c in points):
            days, values = _over_time(points, label, "estimate")
            at, line = _over_time(smooth, label, "estimate")
            plots.append(
                ResidualPlot(
                    days=tuple(days),
                    at=tuple(map(float, days)),
                    residuals=tuple(values),
                    smooth_at=tuple(map(float, at)),
                    smooth=tuple(line),
                    smooth_low=tuple(_over_time(smooth, label, "low")[1]),
                    smooth_high=tuple(_over_time(smooth, label, "high")[1]),
                    title=label,
                    x_label="Months",
                )
            )
        return DiagnosticsFigure(residuals=tuple(plots))
    return None


def _over_time(series: dict[str, dict[str, Row]], label: str, stat: str) -> tuple[list[int], list[float]]:
    """Days and values of one column, in the order of the rows."""
    mine = [(c, s) for c, s in series.items() if c.rpartition("_")[0].rpartition("_")[0] == label]
    days = [int(c.rpartition("_")[2].removesuffix("d")) for c, _ in mine]
    return days, [float(s[stat].value or 0) for _, s in mine]


def log_log_figure(results: Results, spec: SurvivalSpec, outline: Outline, group: str) -> DiagnosticsFigure | None:
    """The curves of a group's levels as log(-log S)."""
    groups = []
    for level in outline.groups[group].levels:
        points = _series(results, Ids(results, spec.id, group, level), "curve")
        days = sorted((int(c.removesuffix("d")), float(s["estimate"].value or 0)) for c, s in points.items())
        if days:
            groups.append(LogLogGroup(level, tuple(d for d, _ in days), tuple(v for _, v in days)))
    return DiagnosticsFigure(LogLogPlot(tuple(groups))) if 2 <= len(groups) <= 6 else None
