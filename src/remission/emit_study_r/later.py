"""The lines of a script for what happens later: contrasts, curves by state, landmarks, state probabilities."""

from __future__ import annotations

from collections.abc import Iterator

from remission.analyses.later_event import switches_of
from remission.analyses.material import Material
from remission.analyses.spec import LaterEventSpec
from remission.emit_r.r_text import head_of, quoted, strings
from remission.emit_study_r.sheet import Sheet, number_text
from remission.emit_study_r.timed import months_lines, ticks_line, times_behind


def later_calls(material: Material, spec: LaterEventSpec, sheet: Sheet) -> Iterator[str]:
    """Everything of one analysis of kind later-event, state probabilities last: they may rest on other times."""
    times, head = times_behind(material, spec), head_of(spec.id)
    if times is None or f"{head}patients.N" not in material.results:
        return
    switch = material.endpoint(spec.switch, where=f"analysis {spec.id}")
    sheet.add_times(spec.id, times, [[number_text(d) for d in switches_of(switch, times).days.tolist()]])
    yield f"use({quoted(spec.id)})"
    yield 'switch_day <- numbers("x1")'
    yield 'conf_type <- "log-log"'
    yield f'out("{head}not_evaluable.n", not_evaluable)'
    yield f'count_rows("{head}patients", rep(TRUE, n))'
    yield from months_lines(spec.at_months)
    yield ticks_line(times)
    yield f"later_rows({quoted(head)})"
    if f"{head}mantel_byar.p" not in material.results:
        return
    heads = strings(head_of(spec.id, "state", state) for state in (spec.before, spec.after))
    yield f"state_curves({heads})"
    for day in spec.landmarks_days:
        if day < int(times.days.max()):
            yield f'landmark_rows({quoted(head)}, {day}, "logrank")'
    if spec.occupancy:
        yield from _occupancy(material, spec, sheet)


def _occupancy(material: Material, spec: LaterEventSpec, sheet: Sheet) -> Iterator[str]:
    times = times_behind(material, spec, spec.occupancy)
    if times is None:
        return
    name = f"{spec.id}: state probabilities"
    switch = material.endpoint(spec.switch, where=f"analysis {spec.id}")
    sheet.add_times(name, times, [[number_text(d) for d in switches_of(switch, times).days.tolist()]])
    yield f"use({quoted(name)})"
    yield 'switch_day <- numbers("x1")'
    yield ticks_line(times)
    labels = ["event", "competing"] if (times.cause == 2).any() else ["event"]
    yield f"occupancy_rows({quoted(head_of(spec.id))}, {strings(labels)})"
