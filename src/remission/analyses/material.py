"""What the analyses work on: the cohort with its groups, populations and endpoints, asked by field and patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from remission.cohort.schema import FieldSpec, load_schema
from remission.cohort.table import Cohort, Scalar, Table
from remission.core.errors import ProtocolError
from remission.core.settings import nearest
from remission.endpoints.conditions import fields_of, table_when
from remission.endpoints.engine import Endpoint
from remission.endpoints.groups import Grouped
from remission.endpoints.populations import Population
from remission.results.table import CellRef, Results

T = TypeVar("T")

# Cells are kept for cohorts that a person can look through; for larger ones members.csv and cells of the ledger serve.
CELLS_KEPT_UP_TO = 2_000


@dataclass
class Material:
    """The evaluated study and the results table being filled."""

    cohort: Cohort
    groups: dict[str, Grouped]
    populations: dict[str, Population]
    endpoints: dict[str, Endpoint]
    results: Results = field(default_factory=Results)
    _index: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def population(self, name: str, *, where: str) -> Population:
        return _pick(name, self.populations, "population", where)

    def group(self, name: str, *, where: str) -> Grouped:
        return _pick(name, self.groups, "group", where)

    def endpoint(self, name: str, *, where: str) -> Endpoint:
        return _pick(name, self.endpoints, "endpoint", where)

    def field_spec(self, name: str, *, where: str) -> FieldSpec:
        """The schema's words on "table.field". Raises: ProtocolError `unknown-field`."""
        table, _, field_name = name.partition(".")
        schema = load_schema()
        known = {f"{t}.{f}" for t in schema.tables for f in fields_of(schema, t)}
        if name not in known:
            _pick(name, dict.fromkeys(known), "field", where)
        return fields_of(schema, table)[field_name]

    def is_recorded(self, name: str) -> bool:
        return tuple(name.split(".")) in self.cohort.recorded

    def rows_of(self, table: str, patient: str) -> list[int]:
        """Positions in a cohort table of the records of one patient."""
        if table not in self._index:
            places: dict[str, list[int]] = {}
            for i, p in enumerate(self.cohort.tables[table].columns["patient"]):
                places.setdefault(str(p), []).append(i)
            self._index[table] = places
        return self._index[table].get(patient, [])

    def records(self, table: str, patients: Iterable[str], where: Mapping[str, object]) -> list[int]:
        """Positions of the records of some patients that have the plain codes or numbers of `where`."""
        t = self.cohort.tables[table]
        return [i for p in patients for i in self.rows_of(table, p) if matches(t, i, where)]

    def value(self, name: str, patient: str, where: Mapping[str, object]) -> tuple[Scalar, str]:
        """The first recorded value of a field for a patient, and its sign ("<", ">" or "")."""
        table, _, field_name = name.partition(".")
        i = self.place_of(name, patient, where)
        if i is None:
            return None, ""
        t = self.cohort.tables[table]
        signs = t.columns.get(f"{field_name}_sign")
        return t.columns[field_name][i], str(signs[i] or "") if signs else ""

    def place_of(self, name: str, patient: str, where: Mapping[str, object]) -> int | None:
        """Position of the record that `value` takes."""
        table, _, field_name = name.partition(".")
        column = self.cohort.tables[table].columns.get(field_name)
        if column is None:
            return None
        places = self.rows_of(table, patient)
        return next((i for i in places if column[i] is not None and matches(self.cohort.tables[table], i, where)), None)

    def trace(self, analysis: str, variable: str, fields: Iterable[str]) -> None:
        """Remember the fields behind a variable, and their cells where the cohort is small enough."""
        names = tuple(dict.fromkeys(f for name in fields for f in self._recorded_fields(name)))
        self.results.trace(analysis, variable, names)
        if len(self.cohort.patients) <= CELLS_KEPT_UP_TO:
            for name in names:
                if name not in self.results.cells:
                    self.results.keep_cells(name, self._cells(name))

    def _recorded_fields(self, name: str) -> tuple[str, ...]:
        """The recorded fields behind "table.field", "group.name" or "endpoint.name"."""
        kind, _, rest = name.partition(".")
        if kind == "group":
            group = self.group(rest, where="a group that an analysis names")
            return tuple(f for n in group.fields for f in self._recorded_fields(n))
        if kind == "endpoint":
            return self.endpoint(rest, where="an endpoint that an analysis names").fields
        return (name,) if self.is_recorded(name) else ()

    def _cells(self, name: str) -> dict[str, tuple[CellRef, ...]]:
        table, _, field_name = name.partition(".")
        t = self.cohort.tables[table]
        spec = self.field_spec(name, where="")
        made: dict[str, list[CellRef]] = {}
        for i, patient in enumerate(t.columns["patient"]):
            place = self.cohort.address(table, i, field_name)
            if place is None or field_name not in t.columns:
                continue
            words = as_words(t, i, field_name, spec)
            label = spec.label + (
                f" ({t.columns['visit'][i]})" if t.columns.get("visit") and t.columns["visit"][i] else ""
            )
            made.setdefault(str(patient), []).append(
                CellRef(str(patient), label, place.file, place.sheet, place.row, place.column, words)
            )
        return {p: tuple(c) for p, c in made.items()}


def check_where(where_of: Mapping[str, Mapping[str, object]], *, where: str) -> None:
    """Hold `where` of an analysis against the schema: table -> field -> plain value, list of them, or recorded/missing.

    Raises: ProtocolError (`unknown-table`, `unknown-field`, `unknown-code`, `bad-condition`).
    """
    schema = load_schema()
    for table, demands in where_of.items():
        table_when(table, demands, where=where)
        for name, demand in demands.items():
            plain = demand if isinstance(demand, list | tuple) else [demand]
            number = name in schema.tables[table].fields and schema.field(table, name).type in ("number", "day")
            words = any(isinstance(d, str) and d not in ("recorded", "missing") for d in plain)
            if name not in schema.tables[table].fields or (number and words):
                raise ProtocolError(
                    what=f"study.toml: records cannot be chosen by `{name}` in this way.",
                    code="bad-condition",
                    where=f"{where} where",
                    expected='a recorded field with a plain value, a list of them, "recorded" or "missing"',
                    todo="Make a group of it, or write the value as recorded.",
                )


def matches(table: Table, index: int, where: Mapping[str, object]) -> bool:
    """Does a record have these plain values? A list means any of them; "recorded" and "missing" any or no value."""
    for name, wanted in where.items():
        found = table.columns[name][index] if name in table.columns else None
        if wanted in ("recorded", "missing"):
            if (found is None) != (wanted == "missing"):
                return False
        elif isinstance(wanted, list | tuple):
            if found not in wanted:
                return False
        elif found != wanted:
            return False
    return True


def as_words(table: Table, index: int, field_name: str, spec: FieldSpec) -> str:
    """A value as it was understood: with its sign, unit or "day"."""
    value = table.columns[field_name][index]
    if value is None:
        return "not recorded"
    if spec.type == "day":
        return f"day {value}"
    if spec.type == "number":
        signs = table.columns.get(f"{field_name}_sign")
        sign = str(signs[index] or "") if signs else ""
        return f"{sign}{value:g}" + (f" {spec.unit}" if spec.unit else "")
    return str(value)


def _pick(name: str, known: Mapping[str, T], what: str, where: str) -> T:
    if name in known:
        return known[name]
    near = nearest(name, known)
    raise ProtocolError(
        what=f"study.toml: the {what} `{name}` is not defined.",
        code=f"unknown-{what}",
        where=where,
        todo=f"Did you mean `{near}`?" if near else f"Define it, or choose one of {', '.join(sorted(known)[:12])}.",
    )
