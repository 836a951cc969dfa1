"""What happens later and survival: figures."""

from __future__ import annotations

from remission.analyses.spec import LaterEventSpec
from remission.display.drawing import p_words, series_of
from remission.display.figures.landmark_grid_data import LandmarkGridFigure, LandmarkPoint, ReferenceEstimate
from remission.display.figures.occupancy_data import OccupancyFigure, StateShare
from remission.display.figures.survival_data import CHANGES_CURVE, SurvivalFigure, SurvivalGroup
from remission.display.outline import Outline
from remission.display.words import Ids, from_what
from remission.endpoints.spec import EndpointSpec
from remission.results.table import Results


def state_figure(results: Results, spec: LaterEventSpec, outline: Outline) -> SurvivalFigure | None:
    """Simon-Makuch curves of the two states."""
    series = []
    ticks: set[int] = set()
    for state in (spec.before, spec.after):
        ids = Ids(results, spec.id, "state", state)
        points = {int(c.removesuffix("d")): s for c, s in series_of(results, ids, "curve").items()}
        table = {int(c.removesuffix("d")): s for c, s in series_of(results, ids, "at_risk").items()}
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
        annotation=p_words(ids.row("mantel_byar", "p"), "Mantel-Byar"),
        subtitle=CHANGES_CURVE,
    )


def landmark_figure(results: Results, spec: LaterEventSpec) -> LandmarkGridFigure | None:
    """The hazard ratio over the landmark, with the naive and the time-dependent one across."""
    ids = Ids(results, spec.id)
    points = []
    for category, stats in series_of(results, ids, "landmark").items():
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


def _states(spec: LaterEventSpec, endpoint: EndpointSpec) -> dict[str, str]:
    """What the states are called, by the events that end them ("relapse", "death without relapse")."""
    ends = " or ".join(name.replace("_", " ") for name in endpoint.events)
    others = " or ".join(name.replace("_", " ") for name in endpoint.competing)
    if endpoint.short == "OS" or (not others and ends == "death"):
        return {
            "before": f"alive, {spec.before}",
            "after": f"alive, {spec.after}",
            "event": "dead",
            "competing": others,
        }
    alive = f"alive without {ends}"
    return {
        "before": f"{alive}, {spec.before}",
        "after": f"{alive}, {spec.after}",
        "event": ends,
        "competing": f"{others} without {ends}",
    }


def occupancy_figure(results: Results, spec: LaterEventSpec, outline: Outline) -> OccupancyFigure | None:
    """Where the patients are over time."""
    ids = Ids(results, spec.id)
    series = series_of(results, ids, "occupancy_curve")
    if not series:
        return None
    days = sorted({int(c.rpartition("_")[2].removesuffix("d")) for c in series})
    states = tuple(dict.fromkeys(c.rpartition("_")[0] for c in series))
    endpoint = outline.endpoints[spec.occupancy]
    names = _states(spec, endpoint)
    shares = {s: [float(series[f"{s}_{d}d"]["estimate"].value or 0) for d in days] for s in states}
    start = {s: float(s == "before") for s in states}
    first = [] if days[0] == 0 else [0]
    counts = {
        int(c.removesuffix("d")): int(s["at_risk"].value or 0)
        for c, s in series_of(results, ids, "occupancy_at_risk").items()
    }
    return OccupancyFigure(
        tuple(StateShare(names.get(s, s), tuple(([start[s]] if first else []) + shares[s])) for s in states),
        tuple(first + days),
        days[-1],
        ticks_days=tuple(sorted(counts)),
        under_observation=tuple(counts[t] for t in sorted(counts)),
        x_label=f"Months from {from_what(outline.origin)}",
    )
