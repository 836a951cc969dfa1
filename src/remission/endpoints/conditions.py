"""Conditions as a clinician writes them in study.toml, compiled to portable SQL.

A condition is a table such as `{ table = "marrow", visit = "before", blasts_percent = "> 50" }`: it holds for a patient
when at least one record of that table fulfils all of its fields. `exists = false` turns it round. A list of conditions
means all of them. `{ group = "response", level = "CR" }` asks for a level of a group.
A field's demand is a code ("CR"), a list of codes (any of them), a number, "recorded", "missing", or comparisons
("< 5", ">= 0.01", "5 .. 25" with both ends, "> 5 and <= 25").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from remission.cohort.schema import FieldSpec, Schema, load_schema
from remission.core.errors import ProtocolError
from remission.core.settings import nearest

# Columns the engine adds to the cohort tables; they can be asked for like any field.
ADDED: dict[str, dict[str, FieldSpec]] = {
    "marrow": {
        "sequence": FieldSpec(type="number", label="Order among the assessments after the start", timing="dated"),
    },
    "therapies": {"sequence": FieldSpec(type="number", label="Order among treatments of its kind", timing="dated")},
}
_NUMBER = r"(-?\d+(?:\.\d+)?(?:[eE]-?\d+)?)"
_COMPARISON = re.compile(rf"^(<=|>=|<|>|=)\s*{_NUMBER}$")
_RANGE = re.compile(rf"^{_NUMBER}\s*\.\.\s*{_NUMBER}$")


@dataclass(frozen=True)
class When:
    """One parsed condition: `table` with the SQL of its fields, or a group with levels.

    pinned_before: its records are those before the treatment, by `relation` or `visit`.
    """

    table: str
    sql: str
    fields: tuple[str, ...]
    exists: bool = True
    pinned_before: bool = False

    def holds(self, patient: str) -> str:
        """SQL that is true where the condition holds for the patient named by the expression `patient`."""
        test = f"exists (select 1 from {self.table} as t where t.patient = {patient} and {self.sql})"
        return test if self.exists else f"not {test}"


def literal(value: object) -> str:
    """A value as an SQL literal; quotes doubled."""
    if isinstance(value, bool):
        return "'yes'" if value else "'no'"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def parse_when(
    entry: object, *, where: str, groups: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> tuple[When, ...]:
    """Parse one condition or a list of them.

    Args: entry: from TOML.  where: place in study.toml for messages.  groups: groups that may be asked for, with the
    levels each can have.
    Raises: ProtocolError (`unknown-table`, `unknown-field`, `unknown-code`, `bad-condition`, `unknown-group`,
    `unknown-level`) naming the nearest name.
    """
    if isinstance(entry, list | tuple):
        return tuple(w for i, e in enumerate(entry) for w in parse_when(e, where=f"{where}[{i + 1}]", groups=groups))
    if not isinstance(entry, Mapping):
        raise ProtocolError(
            what="study.toml: a condition is not a table of fields.",
            code="bad-condition",
            where=where,
            expected='for example { table = "marrow", visit = "before", blasts_percent = "> 50" }',
            todo="Write the condition in that form.",
        )
    if not entry:
        return ()
    if "group" in entry:
        return (_group_when(entry, where=where, groups=groups),)
    if "table" not in entry:
        raise ProtocolError(
            what="study.toml: a condition does not say which table it is about.",
            code="bad-condition",
            where=where,
            expected=f"table = one of {', '.join(load_schema().tables)}; or group and level",
            todo='Write for example { table = "marrow", visit = "before", blasts_percent = "> 50" }.',
        )
    demands = {k: v for k, v in entry.items() if k not in ("table", "exists")}
    return (table_when(str(entry["table"]), demands, where=where, exists=_exists(entry, where)),)


def _exists(entry: Mapping[str, object], where: str) -> bool:
    wanted = entry.get("exists", True)
    if not isinstance(wanted, bool):
        raise ProtocolError(
            what="study.toml: `exists` is neither true nor false.",
            code="bad-condition",
            where=where,
            todo="Write exists = false, without quotation marks.",
        )
    return wanted


def table_when(table: str, demands: Mapping[str, object], *, where: str, exists: bool = True) -> When:
    """A condition over one cohort table from its fields' demands. Raises: ProtocolError as parse_when."""
    schema = load_schema()
    _known(table, schema.tables, what="table", code="unknown-table", where=where)
    known = fields_of(schema, table)
    parts = []
    for name, demand in demands.items():
        _known(name, known, what=f"field of the table {table}", code="unknown-field", where=where)
        parts.append(demand_sql(f"t.{name}", known[name], demand, where=f"{where} {name}"))
    before = demands.get("relation") == "before" or demands.get("visit") == "before"
    return When(table, " and ".join(parts) or "true", tuple(f"{table}.{n}" for n in demands), exists, before)


def fields_of(schema: Schema, table: str) -> dict[str, FieldSpec]:
    """The fields of a cohort table, the engine's own included."""
    return {**schema.tables[table].fields, **ADDED.get(table, {})}


def _group_when(entry: Mapping[str, object], *, where: str, groups: Mapping[str, Sequence[str]]) -> When:
    _known(str(entry["group"]), groups, what="group defined above this line", code="unknown-group", where=where)
    extra = [k for k in entry if k not in ("group", "level", "exists")]
    if extra or "level" not in entry:
        raise ProtocolError(
            what="study.toml: a condition on a group takes `group`, `level` and `exists` only.",
            code="bad-condition",
            where=where,
            todo='Write for example { group = "response", level = ["CR", "CRi"] }.',
        )
    levels = entry["level"]
    wanted = [str(v) for v in levels] if isinstance(levels, list | tuple) else [str(levels)]
    for level in wanted:
        _known(
            level,
            groups[str(entry["group"])],
            what=f"level of the group {entry['group']}",
            code="unknown-level",
            where=where,
        )
    sql = f"t.grouping = {literal(entry['group'])} and t.level in ({', '.join(literal(v) for v in wanted)})"
    return When("grouped", sql, (f"group.{entry['group']}",), _exists(entry, where))


def demand_sql(column: str, spec: FieldSpec, demand: object, *, where: str) -> str:
    """SQL for one field's demand; a value below an assay's floor ("<0.01") is compared as what it is."""
    if demand == "recorded":
        return f"{column} is not null"
    if demand == "missing":
        return f"{column} is null"
    if isinstance(demand, list | tuple):
        if not demand:
            raise _unreadable(where, "a list of at least one value")
        return "(" + " or ".join(demand_sql(column, spec, v, where=where) for v in demand) + ")"
    if spec.type in ("id", "code", "text"):
        return _code_sql(column, spec, demand, where=where)
    sign = f"{column}_sign" if spec.comparator else ""
    if isinstance(demand, bool):
        raise _unreadable(where, _NUMBER_FORMS)
    if isinstance(demand, int | float):
        return compare_sql(column, sign, "=", repr(demand))
    parts = []
    for piece in re.split(r"\s+and\s+", str(demand).strip().replace("≤", "<=").replace("≥", ">=")):
        both = _RANGE.match(piece)
        if both:
            parts += [compare_sql(column, sign, ">=", both[1]), compare_sql(column, sign, "<=", both[2])]
            continue
        one = _COMPARISON.match(piece)
        if not one:
            raise _unreadable(where, _NUMBER_FORMS)
        parts.append(compare_sql(column, sign, one[1], one[2]))
    return " and ".join(parts)


_NUMBER_FORMS = '"< 5", ">= 0.01", "5 .. 25", "> 5 and <= 25", "recorded" or "missing"'


def _unreadable(where: str, expected: str) -> ProtocolError:
    return ProtocolError(
        what="study.toml: a condition on a field cannot be read.",
        code="bad-condition",
        where=where,
        expected=expected,
        todo="Write it in one of these forms.",
    )


def _code_sql(column: str, spec: FieldSpec, demand: object, *, where: str) -> str:
    """Equality with one code; a code the field can never hold is a slip of the pen, not an empty group."""
    if isinstance(demand, Mapping):
        raise _unreadable(where, 'a code such as "CR", a list of codes, "recorded" or "missing"')
    code = ("yes" if demand else "no") if isinstance(demand, bool) else str(demand)
    if spec.allowed:
        _known(code, spec.allowed, what="code of this field", code="unknown-code", where=where)
    elif _COMPARISON.match(code):
        raise _unreadable(where, 'a code such as "CR": the field holds words, not numbers')
    return f"{column} = {literal(code)}"


def compare_sql(column: str, sign: str, operator: str, limit: str) -> str:
    """One comparison; with a sign column, "< v" and "> v" decide it only where they can, else the answer is NULL.

    "< 0.01" recorded at a floor of 0.01 is below 0.01; whether it is below 0.001 is unknown, so NULL, never false.
    """
    if not sign:
        return f"{column} {operator} {limit}"
    if operator == "=":
        return (
            f"(case when {column} is null then null"
            f" when {sign} = '<' then case when {column} <= {limit} then false end"
            f" when {sign} = '>' then case when {column} >= {limit} then false end"
            f" else {column} = {limit} end)"
        )
    # below: is the value < limit (or <= limit)?  above is its negation
    base = "<" if operator in ("<", ">=") else "<="
    below = (
        f"case when {column} is null then null"
        f" when {sign} = '<' then case when {column} <= {limit} then true end"
        f" when {sign} = '>' then case when {column} >= {limit} then false end"
        f" else {column} {base} {limit} end"
    )
    return f"({below})" if operator in ("<", "<=") else f"(not ({below}))"


def _known(name: str, known: Mapping[str, object] | Sequence[str], *, what: str, code: str, where: str) -> None:
    if name in known:
        return
    near = nearest(name, known)
    raise ProtocolError(
        what=f"study.toml: `{name}` is not a {what}.",
        code=code,
        where=where,
        expected=f"one of {', '.join(known)}" if known else "nothing is defined there yet",
        todo=f"Did you mean `{near}`?" if near else "Correct the name.",
    )
