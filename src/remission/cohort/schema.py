"""The cohort schema as data: tables, fields, types, units, ranges, allowed values, labels, aliases (schema.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

from remission.core.settings import load

FieldType = Literal["id", "text", "code", "number", "day"]
Timing = Literal["baseline", "dated", "outcome"]


@dataclass(frozen=True)
class FieldSpec:
    """One field of a cohort table.

    Args: type: `id` text that names a patient; `text` free; `code` one of `allowed` (open when `allowed` is empty);
    `number` a measurement in `unit`, which may carry a comparator ("<0.01") when `comparator`; `day` integer days since
    the patient's origin, from a date or a duration.  timing: when the value is known: `baseline` at the origin,
    `dated` on the day of its record, `outcome` after the origin.  aliases: headers it is known by, any language.
    """

    type: FieldType
    label: str
    timing: Timing = "baseline"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    whole: bool = False
    comparator: bool = False
    allowed: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class TableSpec:
    """One cohort table: its key, whether a patient may have several rows, its fields in order."""

    label: str
    many: bool
    fields: dict[str, FieldSpec]
    about: str = ""


@dataclass(frozen=True)
class Schema:
    """All cohort tables, and what codes and missing values are written as."""

    tables: dict[str, TableSpec]
    missing: tuple[str, ...]
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def field(self, table: str, name: str) -> FieldSpec:
        """The field `table.name`. Raises: KeyError."""
        return self.tables[table].fields[name]


@cache
def load_schema() -> Schema:
    """Read the packaged schema.toml."""
    text = resources.files("remission.cohort").joinpath("schema.toml").read_text(encoding="utf-8")
    return load(Schema, tomllib.loads(text), where="schema.toml")
