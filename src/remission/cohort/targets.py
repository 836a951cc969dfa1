"""What a column of study.toml becomes: "table.field", or "table@record.field" for several records of one row."""

from __future__ import annotations

from dataclasses import dataclass

from remission.cohort.schema import FieldSpec, Schema
from remission.core.errors import ProtocolError
from remission.core.settings import nearest


@dataclass(frozen=True)
class Target:
    """A field of a cohort table. `record` is the key of the record ("marrow@before"), "" where a row is one record."""

    table: str
    record: str
    name: str
    spec: FieldSpec


def read_target(to: str, schema: Schema, where: str) -> Target:
    """A target as study.toml writes it: "table.field" or "table@record.field". Raises: ProtocolError."""
    head, dot, name = to.rpartition(".")
    table = head.partition("@")[0]
    if not dot or table not in schema.tables:
        near = nearest(table, schema.tables)
        raise ProtocolError(
            what="study.toml: a column is mapped to a table that does not exist.",
            code="unknown-table",
            where=where,
            expected=f"table.field or table@record.field, with one of {', '.join(schema.tables)}",
            found=to,
            todo=f"Did you mean {near}?" if near else "Correct the target.",
        )
    fields = schema.tables[table].fields
    if name not in fields:
        near = nearest(name, fields)
        raise ProtocolError(
            what=f"study.toml: the table {table} has no field {name}.",
            code="unknown-field",
            where=where,
            expected=f"one of {', '.join(fields)}",
            todo=f"Did you mean {near}?" if near else "Correct the target.",
        )
    if "@" in head and not schema.tables[table].many:
        raise ProtocolError(
            what=f"study.toml: a patient has one row in {table}, so {head} cannot be a record of its own.",
            code="one-row-table",
            where=where,
            todo=f"Write {table}.{name}.",
        )
    return Target(table, head if "@" in head else "", name, fields[name])
