"""Whether a column could be a field: the reader itself is asked, cell by cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from remission.cohort.code_columns import read_codes
from remission.cohort.day_columns import read_days
from remission.cohort.number_columns import read_numbers
from remission.cohort.propose.column import Column
from remission.cohort.raw_column import RawColumn
from remission.cohort.schema import load_schema
from remission.cohort.source_spec import UNKNOWN_UNIT, ColumnSpec


@dataclass(frozen=True)
class Fit:
    """Args: share: of the filled cells that could be read.  rules: errors the reader has.  is_date: calendar days."""

    share: float
    rules: frozenset[str] = frozenset()
    is_date: bool = False


def raw_column(column: Column, table: str, name: str, spec: ColumnSpec) -> RawColumn:
    """The column as the reader takes it; a unit that is still a question is left out."""
    schema = load_schema()
    asked = replace(spec, unit="") if spec.unit == UNKNOWN_UNIT else spec
    return RawColumn(column.place, asked, schema.field(table, name), column.rows, column.keys, schema)


def try_column(column: Column, table: str, name: str, spec: ColumnSpec) -> Fit:
    """Read a column as a field under a proposed specification and see what comes out."""
    field = load_schema().field(table, name)
    if field.type in ("text", "id"):
        return Fit(1.0 if column.texts else 0.0)
    raw = raw_column(column, table, name, spec)
    if field.type == "number":
        typed = read_numbers(raw)
    elif field.type == "day":
        typed = read_days(raw, today=dt.date.today())
    else:
        typed = read_codes(raw)
    errors = frozenset(f.rule for f in typed.findings if f.severity == "error")
    filled = [not raw.is_missing(" ".join(text.split())) for text, _ in column.keys]
    read = sum(value is not None for value, is_filled in zip(typed.values, filled, strict=True) if is_filled)
    return Fit(read / sum(filled) if any(filled) else 0.0, errors, typed.is_date)
