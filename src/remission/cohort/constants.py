"""Constants of a record, from [source.records] of study.toml, for what no column of the sheet says."""

from __future__ import annotations

from remission.cohort.schema import Schema
from remission.cohort.source_spec import SourceSpec
from remission.cohort.targets import Target, read_target
from remission.core.errors import ProtocolError


def read_constants(
    source: SourceSpec, filled: set[tuple[str, str]], schema: Schema
) -> dict[tuple[str, str], dict[str, str | int | float]]:
    """Constants of study.toml by (table, record).

    Args: filled: (table, record) pairs that some column fills; another record is refused where it looks misspelt.
    Raises: ProtocolError.
    """
    constants = {}
    for key, values in source.records.items():
        where = f"source {source.name}, records {key}"
        targets = [read_target(f"{key}.{name}", schema, where) for name in values]
        place = (key.partition("@")[0], key if "@" in key else "")
        if place not in filled and (bare := _bare_record(place[0], filled, source)):
            raise ProtocolError(
                what=f"study.toml: no column fills the record {key}.",
                code="unfilled-record",
                where=where,
                todo=f"Did you mean {bare}? Else map a column to {key}, if only the id ({key}.patient).",
            )
        for target in targets:
            _check_constant(target, values[target.name], where)
        if place in filled:
            constants[place] = {t.name: _constant(t, values[t.name]) for t in targets}
    return constants


def _bare_record(table: str, filled: set[tuple[str, str]], source: SourceSpec) -> str:
    """A record of the table that columns fill and no constants describe: probably the one that was meant."""
    keys = [record or name for name, record in sorted(filled) if name == table]
    return next((key for key in keys if key not in source.records), "")


def _constant(target: Target, value: str | int | float) -> str | int | float:
    return float(value) if target.spec.type == "number" and not target.spec.whole else value


def _check_constant(target: Target, value: str | int | float, where: str) -> None:
    kind = target.spec.type
    if kind == "number":
        good = isinstance(value, int | float)
    elif kind == "day":
        good = isinstance(value, int)
    else:
        good = isinstance(value, str) and (not target.spec.allowed or value in target.spec.allowed)
    if not good or target.name == "patient":
        raise ProtocolError(
            what=f"study.toml: the constant for {target.table}.{target.name} does not fit the field.",
            code="wrong-constant",
            where=where,
            expected=", ".join(target.spec.allowed) or {"number": "a number", "day": "whole days"}.get(kind, "text"),
        )
