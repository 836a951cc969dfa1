"""From result rows to what a figure shows: the points of a curve are rows like every other number."""

from __future__ import annotations

from typing import Literal

from remission.analyses.curves import NOT_GIVEN
from remission.analyses.spec import RatesSpec, SurvivalSpec
from remission.display.figures.bars_data import RateRow, RatesFigure
from remission.display.figures.flow_data import FlowBranch, FlowFigure, FlowPart, FlowStep
from remission.display.figures.survival_data import SurvivalFigure, SurvivalGroup
from remission.display.outline import Outline
from remission.display.words import Ids, from_what, is_naive, upper_first
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


def flow_figure(results: Results, outline: Outline) -> tuple[FlowFigure, tuple[str, ...]]:
    """The flow of the patients: everybody recorded, left out by hand, the chain of populations, then their split."""
    ids = Ids(results, "flow")
    used = [ids.id("recorded", "n"), ids.id("excluded", "n")]
    steps = [
        FlowStep(
            "Patients in the data",
            _count(results, used[0]),
            left=_count(results, used[1]),
            left_label="Left out by hand",
            reasons=tuple(FlowPart(reason, n) for reason, n in _reasons(outline).items()),
        )
    ]
    chain = _chain(outline)
    for i, name in enumerate(chain):
        row_id = ids.id("population", "n", name)
        used.append(row_id)
        following = chain[i + 1] if i + 1 < len(chain) else ""
        left, label = None, "Left out"
        if following:
            drop = ids.id("dropped", "n", following)
            used.append(drop)
            left, label = _count(results, drop), outline.populations[following].excluded
        unknown_id = ids.id("dropped_unknown", "n", following) if following else ""
        unknown = _count(results, unknown_id) if unknown_id else 0
        reasons = (
            (FlowPart(upper_first(label), (left or 0) - unknown), FlowPart("Not known", unknown)) if unknown else ()
        )
        if unknown:
            used.append(unknown_id)
            label = "Left out"
        n = _count(results, row_id)
        steps.append(
            FlowStep(outline.populations[name].label, n, left=left, left_label=upper_first(label), reasons=reasons)
        )
    first = chain[0] if chain else ""
    if first and not _joined(results, first):
        gone = ids.id("dropped", "n", first)
        used.append(gone)
        steps.insert(
            1,
            FlowStep(
                "After exclusions",
                steps[0].n - (steps[0].left or 0),
                left=_count(results, gone),
                left_label=outline.populations[first].excluded,
            ),
        )
    branches, more = _branches(results, outline, chain)
    return FlowFigure(tuple(steps), branches), tuple(used + more)


def _joined(results: Results, first: str) -> bool:
    """Does the first population hold everybody that was not left out by hand? Then it needs no box of its own."""
    return _count(results, Ids(results, "flow").id("dropped", "n", first)) == 0


def _reasons(outline: Outline) -> dict[str, int]:
    found: dict[str, int] = {}
    for reason in outline.excluded.values():
        found[reason] = found.get(reason, 0) + 1
    return found


def _chain(outline: Outline) -> list[str]:
    """The longest line of populations, each narrowed from the one before, from the patients' own numbering."""
    best: list[str] = []
    for name, words in outline.populations.items():
        if words.scope:
            continue
        line, here = [name], words
        while here.parent:
            line.insert(0, here.parent)
            here = outline.populations[here.parent]
        if len(line) > len(best):
            best = line
    return best


def _branches(results: Results, outline: Outline, chain: list[str]) -> tuple[tuple[FlowBranch, ...], list[str]]:
    """The last population by the group that [flow] names."""
    if not chain or not outline.flow_split:
        return (), []
    group = outline.groups[outline.flow_split]
    split = Ids(results, "flow", outline.flow_split)
    rows = [(level, results[split.down(level).id("population", "n", chain[-1])]) for level in group.levels]
    rows.append((group.otherwise, results[split.id("population", "missing", chain[-1])]))
    parts = [FlowBranch(level, int(r.value or 0)) for level, r in rows if r.stat == "n" or r.value]
    return tuple(parts), [r.id for _, r in rows]


def _count(results: Results, row_id: str) -> int:
    return int(results[row_id].value or 0)


def rates_figure(
    results: Results, spec: RatesSpec, outline: Outline, variable: str, rate: str
) -> tuple[RatesFigure, tuple[str, ...]]:
    """One rate in all its subgroups, with the line of the whole population."""
    overall = Ids(results, spec.id)
    used: list[str] = []

    def line(label: str, ids: Ids, total: str, kind: Literal["row", "total"]) -> RateRow:
        rows = {stat: results[ids.id(variable, stat, rate)] for stat in ("n", "estimate", "low", "high")}
        used.extend([r.id for r in rows.values()] + [total])
        known = rows["estimate"].status == "ok"
        return RateRow(
            label,
            f"{rows['n'].shown}/{results[total].shown}",
            rows["estimate"].value,
            rows["low"].value,
            rows["high"].value,
            f"{rows['estimate'].shown} ({rows['low'].shown}–{rows['high'].shown})" if known else rows["estimate"].shown,
            kind,
        )

    population = outline.populations[spec.population].label
    rows = [line(population, overall, overall.id(variable, "N", rate), "total")]
    for name in spec.by:
        mark = " – naive, biased" if is_naive(results, spec.id, name) else ""
        rows.append(RateRow(outline.groups[name].label + mark, kind="head"))
        for level in outline.groups[name].levels:
            ids = Ids(results, spec.id, name, level)
            rows.append(line(level, ids, ids.id(variable, "N"), "row"))
    figure = RatesFigure(tuple(rows), x_label=f"{rate} (%)", reference=rows[0].estimate)
    return figure, tuple(used)
