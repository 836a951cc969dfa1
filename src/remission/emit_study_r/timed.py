"""The lines of a script for curves, incidences and follow-up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from remission.analyses.follow_up import potential_days
from remission.analyses.guard import judge
from remission.analyses.material import Material
from remission.analyses.spec import FollowUpSpec, IncidenceSpec, LaterEventSpec, RegressionSpec, SurvivalSpec
from remission.analyses.survival import landmark_id
from remission.analyses.times import Times, times_of
from remission.core.days import days_from
from remission.core.ticks import nice_ticks
from remission.emit_r.r_text import head_of, quoted, strings, whole_numbers
from remission.emit_r.single import EXACT
from remission.emit_study_r.sheet import Sheet, levels_of, number_text
from remission.endpoints.groups import Grouped
from remission.results.row import slug

_INTERVALS = {"arcsine-sqrt": "arcsin"}
TimedSpec = SurvivalSpec | IncidenceSpec | FollowUpSpec | RegressionSpec | LaterEventSpec


def times_behind(material: Material, spec: TimedSpec, endpoint: str = "") -> Times | None:
    """The times an analysis rests on; None where its endpoint cannot be derived or nobody has a time."""
    where = f"analysis {spec.id}"
    found = material.endpoint(endpoint or spec.endpoint, where=where)
    times = times_of(found, material.population(spec.population, where=where).patients)
    return None if found.not_estimable or not times.patients else times


def months_lines(months: tuple[float, ...]) -> Iterator[str]:
    """The days at which probabilities are asked for, and their names in an id."""
    yield f"at_days <- {whole_numbers(days_from(str(m), 'months') for m in months)}"
    yield f"at_names <- {strings(slug(f'{m:g}mo') for m in months)}"


def ticks_line(times: Times, origin: int = 0) -> str:
    """The days at which numbers at risk stand under a figure."""
    return f"ticks <- {whole_numbers(nice_ticks(int(times.days.max()), origin_days=origin))}"


def survival_calls(material: Material, spec: SurvivalSpec, sheet: Sheet) -> Iterator[str]:
    """Curves of all and of the groups, their tests, and the landmark beside a naive comparison."""
    times, head = times_behind(material, spec), head_of(spec.id)
    if times is None or f"{head}{slug(spec.endpoint)}.N" not in material.results:
        return
    groups = [material.group(name, where=f"analysis {spec.id}") for name in spec.by]
    sheet.add_times(spec.id, times, [levels_of(g, times.patients) for g in groups])
    yield f"use({quoted(spec.id)})"
    yield f'out("{head}not_evaluable.n", not_evaluable)'
    yield from months_lines(spec.at_months)
    if spec.rmst_months is not None:
        yield f"tau <- {days_from(str(spec.rmst_months), 'months')}"
        yield f"tau_name <- {quoted(slug(f'{spec.rmst_months:g}mo'))}"
    yield f"conf_type <- {quoted(_INTERVALS.get(spec.interval, spec.interval))}"
    yield ticks_line(times)
    yield f"level_rows({quoted(head)}, rep(TRUE, n), counts = {quoted(slug(spec.endpoint))})"
    for i, group in enumerate(groups, 1):
        yield from _compared(material, spec, group, i, None)
        verdict = judge(group, spec.landmark_days, analysis=spec.id, first_start=int(times.starts.min()))
        if verdict.naive and verdict.landmark_days is not None:
            still = times.only(times.days > verdict.landmark_days)
            if still.patients:
                yield ticks_line(still, verdict.landmark_days)
                yield from _compared(material, spec, group, i, verdict.landmark_days)
                yield ticks_line(times)
    yield "tau <- numeric(0)"


def _compared(material: Material, spec: SurvivalSpec, group: Grouped, i: int, landmark: int | None) -> Iterator[str]:
    """Curves and tests of the levels of one group, perhaps from a landmark."""
    name, results = spec.id if landmark is None else landmark_id(spec.id, landmark), material.results
    head, counts = head_of(name, group.name), quoted(slug(spec.endpoint))
    yield f"g <- match(x$x{i}, {strings(group.levels)}, 0)"
    still = "" if landmark is None else f" & time > {landmark}"
    yield f"k <- g > 0{still}"
    yield f'out("{head}{slug(spec.endpoint)}.missing", sum(g == 0{still}))'
    if landmark is not None:
        yield f'out("{head}before_landmark.n", sum(time <= {landmark}))'
    yield "from <- " + ("NULL" if landmark is None else f"rep({landmark}, n)")
    start = "NULL" if landmark is None else f"{landmark}"
    heads = [head_of(name, group.name, level) for level in group.levels]
    for j, at in enumerate(heads, 1):
        yield f"level_rows({quoted(at)}, k & g == {j}, from, {start}, {counts})"
    if f"{head}logrank.p" in results and results[f"{head}logrank.p"].status == "ok":
        yield f"group_tests({quoted(head)}, k, g, {strings(heads)}, from)"
    permutation = f"{head}logrank_permutation.p"
    if permutation in results and results[permutation].method == EXACT:
        yield f'permutation_p("{head}logrank_permutation", k, g)'
    if len(group.levels) == 2 and landmark is None and spec.rmst_months is not None:
        yield f"rmst_contrast({quoted(head)}, k & g == 1, k & g == 2, tau_name)"


def incidence_calls(material: Material, spec: IncidenceSpec, sheet: Sheet) -> Iterator[str]:
    """Both incidences of all and of the groups, with Gray's test."""
    times, head = times_behind(material, spec), head_of(spec.id)
    if times is None:
        return
    groups = [material.group(name, where=f"analysis {spec.id}") for name in spec.by]
    sheet.add_times(spec.id, times, [levels_of(g, times.patients) for g in groups])
    yield f"use({quoted(spec.id)})"
    yield f'out("{head}not_evaluable.n", not_evaluable)'
    yield from months_lines(spec.at_months)
    yield ticks_line(times)
    yield from _incidence(head, "rep(TRUE, n)")
    for i, group in enumerate(groups, 1):
        yield f"g <- match(x$x{i}, {strings(group.levels)}, 0)"
        at = head_of(spec.id, group.name)
        yield f'out("{at}incidence.missing", sum(g == 0))'
        known = times.only(np.array([group.of.get(p) is not None for p in times.patients], dtype=np.bool_))
        if not known.patients:
            continue
        yield ticks_line(known)
        for j, level in enumerate(group.levels, 1):
            yield from _incidence(head_of(spec.id, group.name, level), f"g == {j}")
        yield f'gray_rows("{at}gray", g > 0, g)'
        yield ticks_line(times)


def _incidence(head: str, keep: str) -> Iterator[str]:
    yield f"incidence_counts({quoted(head)}, {keep})"
    yield f"incidence_rows({quoted(head)}, {keep})"


def follow_up_calls(material: Material, spec: FollowUpSpec, sheet: Sheet) -> Iterator[str]:
    """Reverse Kaplan-Meier, the plain summaries, completeness."""
    times, head = times_behind(material, spec), head_of(spec.id)
    if times is None:
        return
    potential = potential_days(material, times)
    sheet.add_times(spec.id, times, [] if potential is None else [[number_text(d) for d in potential.tolist()]])
    yield f"use({quoted(spec.id)})"
    yield "ended <- cause > 0"
    yield f'follow_up_rows("{head}reverse_km", ended)'
    for variable, who in (("plain", "rep(TRUE, n)"), ("event_free", "!ended")):
        yield f'out("{head}{variable}.N", sum({who}))'
        yield f'summaries("{head}{variable}", time, {who}, {spec.quartiles})'
    if potential is not None:
        yield f'out("{head}completeness.estimate", sum(time) / sum(ifelse(ended, time, numbers("x1"))))'
