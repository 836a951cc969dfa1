"""Repeated measurements, one value per patient and visit."""

from __future__ import annotations

from dataclasses import dataclass

from remission.analyses.material import Material
from remission.analyses.spec_dynamics import WINDOW, DynamicsSpec
from remission.cohort.table import Table
from remission.core.errors import ProtocolError
from remission.core.settings import nearest


@dataclass(frozen=True)
class Measurement:
    """A value; is_below: it lies below the assay's floor, which `value` then is."""

    value: float
    is_below: bool


@dataclass(frozen=True)
class Series:
    """One measure. of: visit -> patient -> measurement.  unit: "" if none is recorded.  left_out: values that could
    not be used, in words ("" if none).  several: patients with more than one value within a visit.  fault: why the
    measure cannot be analysed, "" if it can."""

    measure: str
    unit: str
    of: dict[str, dict[str, Measurement]]
    several: int
    above: int
    fault: str

    @property
    def has_floor(self) -> bool:
        """Whether any value lies below a floor."""
        return any(m.is_below for by_patient in self.of.values() for m in by_patient.values())


def series_of(material: Material, spec: DynamicsSpec, measure: str) -> Series:
    """The values of a measure at the visits of the analysis.

    Raises: ProtocolError `unknown-measure` where nothing of that name is recorded.
    """
    where = f"analysis {spec.id}"
    population = material.population(spec.population, where=where)
    table_name, field_name, demands = _place(material, spec, measure)
    table = material.cohort.tables[table_name]
    signs = table.columns.get(f"{field_name}_sign") or [""] * len(table)
    units = {str(u) for i, u in enumerate(table.columns.get("unit", [])) if u is not None and _is(table, i, demands)}
    found: dict[str, dict[str, Measurement]] = {}
    several = above = 0
    for visit, wanted in spec.visits.items():
        found[visit] = {}
        for patient in population.patients:
            here = [
                i
                for i in material.rows_of(table_name, patient)
                if _is(table, i, demands) and table.columns[field_name][i] is not None and _at(table, i, wanted)
            ]
            above += sum(signs[i] == ">" for i in here)
            here = [i for i in here if signs[i] != ">"]
            several += len(here) > 1
            if here:
                days = table.columns.get("day") or [None] * len(table)
                here.sort(key=lambda i, days=days: (days[i] is None, days[i] or 0, i))  # type: ignore[misc]
                chosen = here[0] if spec.pick == "first" else here[-1]
                value = table.columns[field_name][chosen]
                found[visit][patient] = Measurement(float(value or 0), signs[chosen] == "<")
    fault = f"recorded in more than one unit: {', '.join(sorted(units))}" if len(units) > 1 else ""
    unit = (
        next(iter(units), "")
        if table_name == "labs"
        else material.field_spec(f"{table_name}.{field_name}", where=where).unit
    )
    return Series(measure, unit, found, several, above, fault)


def name_of(material: Material, measure: str, given: str = "") -> str:
    """What a measure is called: as given, as the schema says, or as recorded."""
    if given or not measure.startswith("marrow."):
        return given or measure
    return material.field_spec(measure, where="").label


def fields_behind(measure: str) -> tuple[str, ...]:
    """The recorded fields a measure rests on."""
    return (measure,) if measure.startswith("marrow.") else ("labs.value",)


def _place(material: Material, spec: DynamicsSpec, measure: str) -> tuple[str, str, dict[str, str]]:
    """Table, field and demands on its records."""
    where = f"analysis {spec.id}"
    if measure.startswith("marrow."):
        if material.field_spec(measure, where=where).type != "number":
            raise _unknown(measure, where, "a measure of the marrow is not a number")
        return "marrow", measure.partition(".")[2], {}
    tests = {str(t) for t in material.cohort.tables["labs"].columns.get("test", []) if t is not None}
    if measure not in tests:
        near = nearest(measure, tests)
        todo = f"Did you mean `{near}`?" if near else f"Recorded are: {', '.join(sorted(tests)[:12]) or 'none'}."
        raise ProtocolError(
            what=f"study.toml: no laboratory value is called `{measure}`.",
            code="unknown-measure",
            where=where,
            todo=todo,
        )
    return "labs", "value", {"test": measure}


def _unknown(measure: str, where: str, why: str) -> ProtocolError:
    return ProtocolError(
        what=f"study.toml: `{measure}` cannot be followed: {why}.",
        code="unknown-measure",
        where=where,
        todo="Name a laboratory test as recorded, or a number of the marrow.",
    )


def _is(table: Table, index: int, demands: dict[str, str]) -> bool:
    columns = table.columns
    return all(columns[name][index] == wanted for name, wanted in demands.items())


def _at(table: Table, index: int, wanted: str) -> bool:
    columns = table.columns
    window = WINDOW.match(wanted)
    if window:
        day = columns["day"][index] if "day" in columns else None
        return isinstance(day, int) and int(window[1]) <= day <= int(window[2])
    return "visit" in columns and columns["visit"][index] == wanted
