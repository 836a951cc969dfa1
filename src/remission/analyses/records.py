"""Records described as records: grafts, infusions. A share of records is never worded as a share of patients."""

from __future__ import annotations

from remission.analyses.counts import Place
from remission.analyses.material import Material, check_where
from remission.analyses.spec import RecordsSpec


def analyse_records(material: Material, spec: RecordsSpec) -> None:
    """Rows of one [[analysis]] of kind records: patients, records, and each field over the records."""
    where = f"analysis {spec.id}"
    check_where({spec.table: spec.where}, where=where)
    population = material.population(spec.population, where=where)
    table = material.cohort.tables[spec.table]
    places = material.records(spec.table, population.patients, spec.where)
    owners = [str(table.columns["patient"][i]) for i in places]
    at = Place(material.results, spec.id, spec.population)
    at.count("patients", "N", tuple(dict.fromkeys(owners)), of=len(population.patients))
    at.put("records", "N", len(places), unit=spec.unit, members=owners)
    for variable in ("patients", "records"):
        material.trace(spec.id, variable, (f"{spec.table}.patient",))
    for name in spec.variables:
        field = material.field_spec(f"{spec.table}.{name}", where=where)
        material.trace(spec.id, name, (f"{spec.table}.{name}",))
        column = table.columns.get(name, [None] * len(table))
        known = [(column[i], o) for i, o in zip(places, owners, strict=True) if column[i] is not None]
        if field.type in ("number", "day"):
            at.summary(
                name,
                [float(v or 0) for v, _ in known],
                [o for _, o in known],
                len(places),
                unit="days-as-days" if field.unit.startswith("days") else field.unit,
                quartiles=spec.quartiles,
            )
            continue
        levels = field.allowed or tuple(sorted({str(v) for v, _ in known}))
        for level in levels:
            _share_of_records(at, name, level, [o for v, o in known if str(v) == level], len(known), spec.unit)
        at.put(name, "missing", len(places) - len(known), unit=spec.unit, n=len(places))
        at.put(name, "N", len(places), unit=spec.unit)


def _share_of_records(at: Place, variable: str, category: str, owners: list[str], total: int, unit: str) -> None:
    listed = at.results.keep_members(owners)
    at.put(variable, "n", len(owners), category=category, unit=unit, n=total, members_hash=listed)
    share = len(owners) / total if total else None
    at.put(
        variable,
        "estimate",
        share,
        category=category,
        unit="proportion",
        why="no records",
        n=total,
        members_hash=listed,
    )
