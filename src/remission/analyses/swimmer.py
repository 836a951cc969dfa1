"""Every patient's course as rows: length, infusions, marks; what cannot be drawn is counted."""

from __future__ import annotations

from remission.analyses.counts import Place
from remission.analyses.listing import unique_levels
from remission.analyses.material import Material
from remission.analyses.spec_pictures import MARKS, SwimmerSpec
from remission.core.errors import ProtocolError

DAYS = "days-as-days"
_AFTER = {"HSCT": "hsct", "CAR-T": "car-t"}


def analyse_swimmer(material: Material, spec: SwimmerSpec) -> None:
    """Rows of one [[analysis]] of kind swimmer.

    By patient: `observed.value` (last day since the origin), `state.text`, `infusion@K_first.value`, `_last`,
    `mark@K_KIND.value` and `block.text`. Marks after the end of observation are not drawn, and are counted.
    """
    where = f"analysis {spec.id}"
    population, endpoint = (
        material.population(spec.population, where=where),
        material.endpoint(spec.endpoint, where=where),
    )
    _check(material, spec, where)
    at = Place(material.results, spec.id, spec.population)
    at.count("patients", "N", population.patients, of=None)
    material.trace(spec.id, "patients", ("patients.patient",))
    for variable, fields in (("observed", endpoint.fields), ("infusion", ("infusions.start_day", "infusions.end_day"))):
        material.trace(spec.id, variable, fields)
    if len(population.patients) > spec.up_to:
        why = f"more than {spec.up_to} bars cannot be told apart"
        at.put("patients", "n", None, why=why, failed=True)
        return
    known = [p for p in population.patients if (r := endpoint.rows.get(p)) is not None and r.days is not None]
    at.count("patients", "n", known, of=len(population.patients))
    names, beyond = unique_levels(population.patients), 0
    for patient in known:
        row = endpoint.rows[patient]
        last = (row.start or 0) + (row.days or 0)
        here = Place(at.results, at.analysis, at.population, "patient", names[patient])
        here.put("observed", "value", last, unit=DAYS, members=(patient,))
        here.put("state", "text", "event" if row.status == "event" else "ongoing")
        if spec.by:
            group = material.group(spec.by, where=where)
            here.put("block", "text", group.of.get(patient) or group.otherwise)
        for k, (first, end) in enumerate(_infusions(material, patient, last)):
            here.put("infusion", "value", first, category=f"{k:02d}_first", unit=DAYS)
            here.put("infusion", "value", end, category=f"{k:02d}_last", unit=DAYS)
        marks = _marks(material, spec, patient)
        for k, (day, kind) in enumerate(sorted(m for m in marks if 0 <= m[0] <= last)):
            here.put("mark", "value", day, category=f"{k:02d}_{kind}", unit=DAYS)
        beyond += sum(not 0 <= day <= last for day, _ in marks)
    at.put("beyond", "n", beyond, unit="records")


def _check(material: Material, spec: SwimmerSpec, where: str) -> None:
    for mark, entry in spec.marks.items():
        if mark not in MARKS or set(entry) != {"group", "level"}:
            raise ProtocolError(
                what="study.toml: a mark of a swimmer plot cannot be read.",
                code="bad-mark",
                where=f"{where} marks",
                expected=f'{", ".join(MARKS)} = {{ group = "response", level = "CR" }}',
                todo="Write it in that form.",
            )
        if entry["level"] not in material.group(entry["group"], where=where).levels:
            raise ProtocolError(
                what=f"study.toml: the group `{entry['group']}` has no level `{entry['level']}`.",
                code="unknown-level",
                where=f"{where} marks",
                todo=f"Choose one of {', '.join(material.group(entry['group'], where=where).levels)}.",
            )


def _infusions(material: Material, patient: str, last: int) -> list[tuple[int, int]]:
    """First and last day of each infusion within the observation; one without an end lasts a day."""
    table = material.cohort.tables["infusions"]
    found = []
    for i in material.rows_of("infusions", patient):
        first, end = table.columns["start_day"][i], table.columns["end_day"][i]
        if isinstance(first, int) and first <= last:
            found.append((max(first, 0), min(end if isinstance(end, int) and end >= first else first, last)))
    return sorted(found)


def _marks(material: Material, spec: SwimmerSpec, patient: str) -> list[tuple[int, str]]:
    """Days and kinds of what happened, as far as the day is known."""
    found: list[tuple[int, str]] = []
    for mark, entry in spec.marks.items():
        group = material.groups[entry["group"]]
        day = group.first_day.get(patient)
        if group.of.get(patient) == entry["level"] and day is not None:
            found.append((day, mark))
    therapies = material.cohort.tables["therapies"].columns
    for i in material.rows_of("therapies", patient):
        kind, start = str(therapies["kind"][i]), therapies["start_day"][i]
        if kind in _AFTER and therapies["relation"][i] == "after" and isinstance(start, int):
            found.append((start, _AFTER[kind]))
    outcomes = material.cohort.tables["outcomes"].columns
    for i in material.rows_of("outcomes", patient):
        for mark, state, denied in (("relapse", "relapse", "no"), ("death", "status", "alive")):
            when = outcomes[f"{mark}_day"][i]
            if outcomes[state][i] != denied and isinstance(when, int):
                found.append((when, mark))
    return found
