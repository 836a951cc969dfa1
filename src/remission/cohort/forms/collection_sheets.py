"""The sheets and columns of the collection workbook, made from the schema: what it asks for, in which words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from remission.cohort.propose.words import load_words
from remission.cohort.schema import FieldSpec, load_schema
from remission.core.settings import load

MARK = "remission collection workbook"  # first cell of the code book: by it a workbook is recognised
CODE_BOOK = "Code book"


@dataclass(frozen=True)
class CollectionWords:
    """collection.toml. Keys are "table.field"; `empty_means_no`: table -> its date fields."""

    left_out: dict[str, str]
    empty_means_no: dict[str, tuple[str, ...]]
    not_offered: dict[str, tuple[str, ...]]
    offered: dict[str, tuple[str, ...]]
    about: dict[str, str]
    example: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CollectionColumn:
    """One column: its field, its header, the codes a drop-down offers, and whether only these are codes."""

    to: str
    header: str
    spec: FieldSpec
    about: str
    codes: tuple[str, ...]
    is_closed: bool
    example: str


@dataclass(frozen=True)
class CollectionSheet:
    """One sheet: one table of the cohort."""

    table: str
    title: str
    columns: tuple[CollectionColumn, ...]


@cache
def collection_words() -> CollectionWords:
    """Read the packaged collection.toml."""
    text = resources.files("remission.cohort.forms").joinpath("collection.toml").read_text(encoding="utf-8")
    return load(CollectionWords, tomllib.loads(text), where="collection.toml")


@cache
def collection_sheets() -> tuple[CollectionSheet, ...]:
    """All sheets, in the order of the schema; what tells who a patient is has no column."""
    left_out = collection_words().left_out
    return tuple(
        CollectionSheet(
            table,
            spec.label,
            tuple(
                _column(table, name, fld)
                for name, fld in spec.fields.items()
                if fld.about != "identifier" and f"{table}.{name}" not in left_out
            ),
        )
        for table, spec in load_schema().tables.items()
    )


def _column(table: str, name: str, spec: FieldSpec) -> CollectionColumn:
    words, to = collection_words(), f"{table}.{name}"
    known = [c for c in load_words().codes.get(to, {}) if c not in words.not_offered.get(to, ())]
    return CollectionColumn(
        to=to,
        header=header_of(spec),
        spec=spec,
        about=words.about.get("patients.patient" if name == "patient" else to) or spec.about or spec.label,
        codes=spec.allowed or tuple(dict.fromkeys([*known, *words.offered.get(to, ())])),
        is_closed=bool(spec.allowed),
        example=words.example.get(to, ""),
    )


def header_of(spec: FieldSpec) -> str:
    """The label with its unit, as the reader of sheets knows it."""
    if spec.type == "day":
        return f"{spec.label} (date)"
    return f"{spec.label} ({spec.unit})" if spec.unit else spec.label
