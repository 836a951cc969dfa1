"""The patient listing: every cell of it a row, so that even a listed value has an address."""

from __future__ import annotations

from remission.analyses.counts import Place
from remission.analyses.material import Material, check_where
from remission.analyses.spec import ListingSpec
from remission.results.row import slug


def analyse_listing(material: Material, spec: ListingSpec) -> None:
    """Rows of one [[analysis]] of kind listing; no patients, or more than `up_to`, get one row that says so."""
    where = f"analysis {spec.id}"
    population = material.population(spec.population, where=where)
    check_where(spec.where, where=where)
    results = material.results
    if not 0 < len(population.patients) <= spec.up_to:
        why = f"not listed: more than {spec.up_to} patients" if population.patients else "not listed: there are none"
        Place(results, spec.id, spec.population).put(
            "listing", "text", None, why=why, failed=True, n=len(population.patients)
        )
        return
    for patient, level in unique_levels(population.patients).items():
        at = Place(results, spec.id, spec.population, "patient", level)
        at.put("patient", "value", patient, n=1, members=(patient,))
        for name in spec.columns:
            value, unit, note = _cell(material, spec, name, patient, where)
            at.put(name, "value", value, unit=unit, note=note, why=note, n=1, members=(patient,))
    for name in spec.columns:
        material.trace(spec.id, name, (name,))


def unique_levels(patients: tuple[str, ...]) -> dict[str, str]:
    """Patient -> the name that stands in its address; numbered where two ids would read alike."""
    taken: set[str] = set()
    made = {}
    for patient in patients:
        name, nth = patient, 1
        while slug(name) in taken:
            nth += 1
            name = f"{patient} ({nth})"
        taken.add(slug(name))
        made[patient] = name
    return made


def _cell(
    material: Material, spec: ListingSpec, name: str, patient: str, where: str
) -> tuple[float | str | None, str, str]:
    """One value to list with its unit, or None with the reason."""
    kind, _, rest = name.partition(".")
    if kind == "group":
        group = material.group(rest, where=where)
        return group.of.get(patient), "", "" if group.of.get(patient) is not None else group.otherwise
    if kind == "endpoint":
        row = material.endpoint(rest, where=where).rows.get(patient)
        if row is None:
            return None, "days", "not in the numbering of the patients"
        return (None if row.days is None else float(row.days)), "days", row.because
    field = material.field_spec(name, where=where)
    value, sign = material.value(name, patient, spec.where.get(kind, {}))
    if value is None:
        return None, "", "not recorded"
    if sign:
        return f"{sign}{value:g}", field.unit, ""
    return (value if isinstance(value, str) else float(value)), field.unit if field.type == "number" else "", ""
