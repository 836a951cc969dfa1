"""The rules of Dataset-JSON v1.1 (CDISC: dataset.yaml, dataset.schema.json), and of ADaM names, written as checks."""

from __future__ import annotations

import re
from typing import Any

_WHEN = re.compile(
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
    r"([+-]([01]\d|2[0-3]):[0-5]\d|Z)?$"
)
_REQUIRED = {"datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID", "records", "name", "label", "columns"}
_ALLOWED = _REQUIRED | {
    "fileOID", "dbLastModifiedDateTime", "originator", "sourceSystem", "studyOID", "metaDataVersionOID", "metaDataRef",
    "isReferenceData", "rows",
}  # fmt: skip
_COLUMN_REQUIRED = {"itemOID", "name", "label", "dataType"}
_COLUMN_ALLOWED = _COLUMN_REQUIRED | {"targetDataType", "length", "displayFormat", "keySequence"}
_TYPES = {
    "string": str, "integer": int, "float": float | int, "double": float | int, "boolean": bool, "decimal": str,
    "datetime": str, "date": str, "time": str, "URI": str,
}  # fmt: skip


def broken_rules(document: dict[str, Any]) -> list[str]:
    """What is wrong with a document, in words; empty where nothing is."""
    wrong = [f"no {key}" for key in _REQUIRED - set(document)] + [f"unknown {key}" for key in set(document) - _ALLOWED]
    if wrong:
        return wrong
    if not _WHEN.match(document["datasetJSONCreationDateTime"]):
        wrong.append("creation time")
    if not re.match(r"^1\.1(\.(0|[1-9]\d*))?$", document["datasetJSONVersion"]):
        wrong.append("version")
    if "sourceSystem" in document and set(document["sourceSystem"]) != {"name", "version"}:
        wrong.append("source system")
    if document["records"] != len(document["rows"]):
        wrong.append("number of records")
    columns = document["columns"]
    wrong += [text for column in columns for text in _broken_column(column)]
    for part in ("itemOID", "name"):
        if len({column[part] for column in columns}) < len(columns):
            wrong.append(f"{part} twice")
    wrong += [text for row in document["rows"] for text in _broken_row(row, columns)]
    return wrong + _broken_keys(document)


def _broken_column(column: dict[str, Any]) -> list[str]:
    wrong = [f"column without {key}" for key in _COLUMN_REQUIRED - set(column)]
    wrong += [f"column with {key}" for key in set(column) - _COLUMN_ALLOWED]
    if wrong:
        return wrong
    name = column["name"]
    if column["dataType"] not in _TYPES:
        wrong.append(f"{name}: type")
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,7}", name):
        wrong.append(f"{name}: name")
    if not 0 < len(column["label"]) <= 40:
        wrong.append(f"{name}: label")
    for part in ("length", "keySequence"):
        if part in column and not (isinstance(column[part], int) and column[part] >= 1):
            wrong.append(f"{name}: {part}")
    return wrong


def _broken_row(row: list[Any], columns: list[dict[str, Any]]) -> list[str]:
    if len(row) != len(columns):
        return ["length of a row"]
    wrong = []
    for value, column in zip(row, columns, strict=True):
        kind = column["dataType"]
        if value is None:
            continue
        if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
            wrong.append(f"{column['name']}: {type(value).__name__} in a column of {kind}")
        if kind == "string" and len(value) > column.get("length", len(value)):
            wrong.append(f"{column['name']}: longer than its length")
    return wrong


def _broken_keys(document: dict[str, Any]) -> list[str]:
    keys = sorted((c["keySequence"], i) for i, c in enumerate(document["columns"]) if "keySequence" in c)
    if [k for k, _ in keys] != list(range(1, len(keys) + 1)):
        return ["order of keys"]
    found = [tuple(row[i] for _, i in keys) for row in document["rows"]]
    wrong = ["rows with the same keys"] if keys and len(set(found)) < len(found) else []
    return wrong + (["empty key"] if any(None in key for key in found) else [])
