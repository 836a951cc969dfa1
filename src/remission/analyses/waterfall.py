"""The change of a measure in every patient as rows."""

from __future__ import annotations

import math

from remission.analyses.counts import Place
from remission.analyses.listing import unique_levels
from remission.analyses.material import Material
from remission.analyses.repeated import Measurement, fields_behind, name_of, series_of
from remission.analyses.spec_dynamics import DynamicsSpec
from remission.analyses.spec_pictures import WaterfallSpec
from remission.core.errors import ProtocolError


def analyse_waterfall(material: Material, spec: WaterfallSpec) -> None:
    """Rows of one [[analysis]] of kind waterfall.

    By patient: `change.value` with a note where the second value lies below the floor, so that the fall is at least
    so much; `colour.text`. Patients without both values, or whose change cannot be computed, are counted.
    """
    where = f"analysis {spec.id}"
    population = material.population(spec.population, where=where)
    _check(spec, where)
    asked = DynamicsSpec(spec.id, "dynamics", spec.title, spec.population, (spec.measure,), spec.visits, pick=spec.pick)
    series = series_of(material, asked, spec.measure)
    at = Place(material.results, spec.id, spec.population)
    at.count("patients", "N", population.patients, of=None)
    for variable in ("patients", "change"):
        material.trace(spec.id, variable, fields_behind(spec.measure))
    if series.fault:
        at.put("patients", "n", None, why=series.fault, failed=True)
        return
    first, second = (series.of[v] for v in tuple(spec.visits)[:2])
    changes = {p: _change(first.get(p), second.get(p), spec.scale) for p in population.patients}
    drawn = [p for p, c in changes.items() if c is not None]
    at.count("patients", "n", drawn, of=len(population.patients))
    at.put("patients", "missing", len(population.patients) - len(drawn), n=len(population.patients))
    at.put("measure", "text", name_of(material, spec.measure, spec.label))
    names = unique_levels(population.patients)
    unit = {"difference": "percentage points" if series.unit == "%" else series.unit, "percent": "%", "log10": "log10"}
    for patient in drawn:
        here = Place(at.results, at.analysis, at.population, "patient", names[patient])
        note = "at least so much: the second value lies below the floor" if second[patient].is_below else ""
        here.put("change", "value", changes[patient], unit=unit[spec.scale], note=note, members=(patient,))
        if spec.by:
            group = material.group(spec.by, where=where)
            here.put("colour", "text", group.of.get(patient) or group.otherwise)


def _check(spec: WaterfallSpec, where: str) -> None:
    try:
        [float(v) for v in spec.lines]
    except ValueError:
        wrong = "lines stand at numbers"
    else:
        wrong = "" if len(spec.visits) == 2 else "a change is between two visits"
    if wrong:
        raise ProtocolError(
            what=f"study.toml: the waterfall cannot be drawn: {wrong}.",
            code="bad-waterfall",
            where=where,
            expected='two visits; lines = { "-1" = "tenfold fall" }',
            todo="Correct the analysis.",
        )


def _change(first: Measurement | None, second: Measurement | None, scale: str) -> float | None:
    """None where a value is missing, the first lies below the floor, or 0 cannot be divided or logged."""
    if first is None or second is None or first.is_below:
        return None
    if scale == "difference":
        return second.value - first.value
    if first.value <= 0 or (scale == "log10" and second.value <= 0):
        return None
    return 100 * (second.value / first.value - 1) if scale == "percent" else math.log10(second.value / first.value)
