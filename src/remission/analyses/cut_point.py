"""The cut-point of a number that separates best, with the p-value that counts the search."""

from __future__ import annotations

import numpy as np

from remission.analyses.counts import Place
from remission.analyses.guard import MEASURED_LATE, is_measured_late
from remission.analyses.material import Material
from remission.analyses.spec_factors import CutPointSpec
from remission.analyses.times import times_of
from remission.core.errors import ProtocolError
from remission.stats.cut_points import CutPoint, cut_point_for_outcome, cut_point_for_survival


def analyse_cut_point(material: Material, spec: CutPointSpec) -> None:
    """Rows of one [[analysis]] of kind cut-point: `cut.value`, `cut.p` (adjusted), `below.n`, `above.n`.

    The p-value of the two groups so found, as if the cut-point had been known, is not computed.
    """
    where = f"analysis {spec.id}"
    population = material.population(spec.population, where=where)
    field = material.field_spec(spec.marker, where=where)
    if field.type != "number" or bool(spec.endpoint) == bool(spec.of):
        raise ProtocolError(
            what="study.toml: a cut-point is of a number, for an endpoint or for a response.",
            code="bad-cut-point",
            where=where,
            expected='marker = "table.field" of a number; endpoint, or of and levels',
            todo="Correct the analysis.",
        )
    at = Place(material.results, spec.id, spec.population)
    times = times_of(material.endpoint(spec.endpoint, where=where), population.patients) if spec.endpoint else None
    table = spec.marker.partition(".")[0]
    value = {p: material.value(spec.marker, p, spec.where.get(table, {})) for p in population.patients}
    first_start = int(times.starts.min()) if times is not None and times.patients else 0
    if is_measured_late(material, spec.marker, population.patients, spec.where.get(table, {}), first_start=first_start):
        at.put("patients", "N", None, why=MEASURED_LATE, failed=True)
        at.put("cut", "value", None, why=MEASURED_LATE, failed=True)
        return
    marked = {p: float(v) for p, (v, sign) in value.items() if v is not None and not sign}
    if times is not None:
        keep = np.array([p in marked for p in times.patients], dtype=np.bool_)
        here = times.only(keep)
        patients, markers = here.patients, [marked[p] for p in here.patients]
        found = cut_point_for_survival(markers, here.days, here.cause == 1, shares=spec.shares)
    else:
        response = material.group(spec.of, where=where)
        patients = tuple(p for p in population.patients if p in marked and response.of.get(p) is not None)
        markers = [marked[p] for p in patients]
        found = cut_point_for_outcome(markers, [response.of[p] in spec.levels for p in patients], shares=spec.shares)
    _write(at, found, patients, markers, field.unit)
    at.put("signed", "n", sum(bool(sign) for _, sign in value.values()), n=len(population.patients))
    at.put("patients", "missing", len(population.patients) - len(patients), n=len(population.patients))
    for variable in ("patients", "cut", "below", "above"):
        material.trace(spec.id, variable, (spec.marker,))


def _write(at: Place, found: CutPoint, patients: tuple[str, ...], markers: list[float], unit: str) -> None:
    at.count("patients", "N", patients, of=None)
    n, why = len(patients), found.reason or "not defined"
    at.put("cut", "value", found.cut, unit=unit, method="cut-point", why=why, n=n)
    at.put("cut", "p", found.p, method="cut-point", why=why, n=n)
    at.put("cut", "statistic", found.statistic, method="cut-point", why=why, n=n)
    at.put("direction", "text", found.direction or None, why=why)
    at.put("tried", "n", len(found.cuts), n=n)
    if found.cut is not None:
        low = [p for p, m in zip(patients, markers, strict=True) if m <= found.cut]
        at.count("below", "n", low, of=n)
        at.count("above", "n", [p for p in patients if p not in set(low)], of=n)
