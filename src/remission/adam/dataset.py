"""A data set as Dataset-JSON v1.1: named, typed and labelled columns, then rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from remission import __version__

Cell = str | int | float | None
DataType = Literal["string", "integer", "float"]

VERSION = "1.1.0"
LONGEST_NAME, LONGEST_LABEL = 8, 40  # of a variable, in data sets that are submitted


@dataclass(frozen=True)
class Variable:
    """One column. key: its place among the columns that tell rows apart, 0 for none."""

    name: str
    label: str
    type: DataType
    key: int = 0


@dataclass(frozen=True)
class Dataset:
    """One data set. rows: each as long as `variables`; None where nothing is recorded."""

    name: str
    label: str
    variables: tuple[Variable, ...]
    rows: tuple[tuple[Cell, ...], ...]


def make_dataset(name: str, label: str, variables: Sequence[Variable], rows: Iterable[Sequence[Cell]]) -> Dataset:
    """A data set; a column of numbers is one of integers where all of them are whole.

    Raises: ValueError where a row is too short.
    """
    cells = tuple(tuple(row) for row in rows)
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(variables)
    typed = [_typed(variable, column) for variable, column in zip(variables, columns, strict=True)]
    whole = [v.type == "integer" for v in typed]
    return Dataset(name, label, tuple(typed), tuple(tuple(map(_as_typed, row, whole)) for row in cells))


def _typed(variable: Variable, column: Sequence[Cell]) -> Variable:
    if variable.type != "float" or any(isinstance(c, float) and not c.is_integer() for c in column):
        return variable
    return Variable(variable.name, variable.label, "integer", variable.key)


def _as_typed(value: Cell, whole: bool) -> Cell:
    return int(value) if whole and isinstance(value, float) else value


def as_dataset_json(dataset: Dataset, *, study: str, made: dt.datetime) -> dict[str, object]:
    """The document of one data set.

    Args: study: identifier of the study.  made: when the file is written, with its time zone.
    """
    return {
        "datasetJSONCreationDateTime": made.isoformat(timespec="seconds"),
        "datasetJSONVersion": VERSION,
        "fileOID": f"{study}.{dataset.name}",
        "sourceSystem": {"name": "remission", "version": __version__},
        "studyOID": study,
        "itemGroupOID": f"IG.{dataset.name}",
        "isReferenceData": False,
        "records": len(dataset.rows),
        "name": dataset.name,
        "label": dataset.label,
        "columns": [_column(dataset, i, variable) for i, variable in enumerate(dataset.variables)],
        "rows": [list(row) for row in dataset.rows],
    }


def _column(dataset: Dataset, index: int, variable: Variable) -> dict[str, object]:
    made: dict[str, object] = {
        "itemOID": f"IT.{dataset.name}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        "dataType": variable.type,
    }
    if variable.type == "string":
        made["length"] = max([1, *(len(str(row[index])) for row in dataset.rows if row[index] is not None)])
    if variable.key:
        made["keySequence"] = variable.key
    return made


def short_label(text: str) -> str:
    """A label of at most 40 characters."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_LABEL else plain[: LONGEST_LABEL - 1].rstrip() + "…"


def study_day(day: Cell) -> int | None:
    """The day as ADaM counts: the first infusion is day 1, the day before it is -1, there is no day 0."""
    if not isinstance(day, int):
        return None
    return day + 1 if day >= 0 else day
