"""The cohort inside DuckDB: typed columns, integer days, nothing fetched, nothing written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from remission.cohort.schema import load_schema
from remission.cohort.table import Cohort, Scalar, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What the derivations may do, held by a test: no timestamps, no ordered aggregates, no NaN, no medians, full ordering.
FORBIDDEN_SQL = re.compile(
    r"\b(timestamp|date_diff|datediff|median|quantile|first|last|list|array_agg|arg_min|arg_max|nan|now|random|filter)\s*\(",
    re.IGNORECASE,
)
_SQL_TYPE = {"id": "varchar", "text": "varchar", "code": "varchar", "number": "double", "day": "integer"}


def open_database(cohort: Cohort, *, memory_limit: str = "2GB") -> duckdb.DuckDBPyConnection:
    """An in-memory database with one table per cohort table, then closed to files, network and settings.

    Each table has its fields, `<field>_sign` where a field may carry "<" or ">", and `row_index` (0-based position in
    Table). `therapies` also has `sequence`: 1, 2, ... among a patient's treatments of one kind and relation; `marrow`
    too, among a patient's assessments after day 0.
    """
    connection = duckdb.connect(":memory:")
    for setting in (
        "set autoinstall_known_extensions = false",
        "set autoload_known_extensions = false",
        f"set memory_limit = '{memory_limit}'",
        "set temp_directory = ''",  # nothing of a patient is ever spilled to a disk
        "set threads = 2",
        "set preserve_insertion_order = false",
    ):
        connection.execute(setting)
    for name, table in cohort.tables.items():
        _load(connection, name, table)
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _load(connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
    """Create one table and fill it from numpy columns."""
    spec = load_schema().tables[name]
    columns: dict[str, Any] = {"row_index": np.arange(len(table), dtype=np.int64)}
    casts = ["cast(row_index as integer) as row_index"]
    for field_name, field in spec.fields.items():
        values = table.columns.get(field_name, [None] * len(table))
        columns[field_name] = _column(values, field.type)
        casts.append(f"cast({field_name} as {_SQL_TYPE[field.type]}) as {field_name}")
        if field.comparator:
            sign = f"{field_name}_sign"
            signs = table.columns.get(sign) or [""] * len(table)
            columns[sign] = _column(signs, "code")
            casts.append(f"cast({sign} as varchar) as {sign}")
    if name == "marrow":
        casts.append(
            "case when day > 0 then cast(row_number() over (partition by patient, case when day > 0 then 1 else 0 end"
            " order by day nulls last, row_index nulls last) as integer) end as sequence"
        )
    if name == "therapies":
        casts.append(
            "cast(row_number() over (partition by patient, kind, relation"
            " order by start_day nulls last, row_index nulls last) as integer) as sequence"
        )
    connection.register("incoming", columns)
    connection.execute(f"create table {name} as select {', '.join(casts)} from incoming")
    connection.unregister("incoming")


def _column(values: list[Scalar], kind: str) -> NDArray[Any]:
    """A column as numpy understands it; missing numbers are masked, never NaN."""
    if kind in ("number", "day"):
        mask = np.array([v is None for v in values], dtype=bool)
        filled = np.array([0 if v is None else v for v in values], dtype=np.float64 if kind == "number" else np.int64)
        return np.ma.masked_array(filled, mask=mask)
    made = np.empty(len(values), dtype=object)
    made[:] = [None if v is None else str(v) for v in values]
    return made


def fill(
    connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, list[Any]], types: dict[str, str]
) -> None:
    """Create a small table of the engine's own from lists. types: column -> integer | double | varchar."""
    arrays = {
        c: _column(values, {"varchar": "code", "integer": "day", "double": "number"}[types[c]])
        for c, values in columns.items()
    }
    casts = ", ".join(f"cast({c} as {types[c]}) as {c}" for c in columns)
    connection.register("incoming", arrays)
    connection.execute(f"create or replace table {name} as select {casts} from incoming")
    connection.unregister("incoming")
