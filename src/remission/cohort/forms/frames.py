"""A table from Python as a sheet: pandas, polars, Arrow, or a dict of lists. None of them is imported here."""

from __future__ import annotations

import datetime as dt
import decimal
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from remission.cohort.ledger import Grid, Ledger
from remission.cohort.workbook_cells import text_and_kind
from remission.core.errors import DataError

_PLAIN = (str, bool, int, float, dt.date, decimal.Decimal)


def frame_ledger(name: str, frame: object) -> Ledger:
    """The cells of a frame. Row 1 is the header, so the first row of the frame is row 2.

    Args: name: what study.toml calls it.  frame: a mapping of columns, or anything with columns that can be listed
    (pandas, polars, Arrow).
    Raises: DataError `not-a-frame`, `duplicate-column`, `ragged-frame`, `empty-frame`, `unknown-value`.
    """
    columns = _columns_of(name, frame)
    lengths = {len(values) for _, values in columns}
    if len(lengths) > 1:
        raise DataError(
            what=f"The columns of {name} differ in length.", code="ragged-frame", where=name,
            expected="one length", found=", ".join(map(str, sorted(lengths))),
        )  # fmt: skip
    if not columns or lengths == {0}:
        raise DataError(what=f"The frame {name} holds no row.", code="empty-frame", where=name)
    cells = [[_cell(value, f"{name}, column {header}") for value in values] for header, values in columns]
    texts = [[header, *(text for text, _ in column)] for (header, _), column in zip(columns, cells, strict=True)]
    types = ["t" + "".join(kind for _, kind in column) for column in cells]
    digest = hashlib.sha256(json.dumps([texts, types], ensure_ascii=False).encode("utf-8")).hexdigest()
    return Ledger(name, digest, Grid(columns=texts, types=types, reader="frame"))


def _columns_of(name: str, frame: Any) -> list[tuple[str, Sequence[object]]]:
    """Header and values of every column; Arrow tables list them at once, the others column by column."""
    if hasattr(frame, "to_pydict"):
        frame = frame.to_pydict()
    if isinstance(frame, Mapping):
        found: list[tuple[str, Sequence[object]]] = [(str(h), list(_listed(v, name))) for h, v in frame.items()]
    elif hasattr(frame, "columns") and hasattr(frame, "__getitem__"):
        headers = list(frame.columns)
        _check_headers(name, map(str, headers))
        found = [(str(header), list(_listed(frame[header], name))) for header in headers]
    else:
        raise _not_a_frame(name, frame)
    _check_headers(name, (header for header, _ in found))
    return found


def _listed(values: Any, name: str) -> Iterable[object]:
    """The plain values of a column."""
    for method in ("to_list", "tolist", "to_pylist"):
        if hasattr(values, method):
            return list(getattr(values, method)())
    if isinstance(values, Sequence) and not isinstance(values, str | bytes):
        return values
    raise _not_a_frame(name, values)


def _not_a_frame(name: str, found: object) -> DataError:
    return DataError(
        what=f"{name} cannot be read as a table.",
        code="not-a-frame",
        where=name,
        expected="a pandas or polars DataFrame, an Arrow table, or a dict of lists",
        found=type(found).__name__,
        todo="Turn it into a dict of lists: one list for each column.",
    )


def _check_headers(name: str, headers: Iterable[str]) -> None:
    seen: set[str] = set()
    for header in headers:
        if header in seen:
            raise DataError(
                what=f"Two columns of {name} have the same name.", code="duplicate-column",
                where=f"{name}, column {header}", todo="Rename one of them.",
            )  # fmt: skip
        seen.add(header)


def _cell(value: Any, where: str) -> tuple[str, str]:
    """The text of a value and its one-letter type, as a workbook has them; what is missing is blank."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return "", " "
    if not isinstance(value, _PLAIN) and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, decimal.Decimal):
        value = float(value)
    if isinstance(value, float) and value != value:
        return "", " "
    if not isinstance(value, _PLAIN):
        raise DataError(
            what="A column holds values that are neither text, numbers nor dates.",
            code="unknown-value",
            where=where,
            expected="text, numbers, dates, True, False or nothing",
            found=type(value).__name__,
            todo="Turn durations into days, and lists into a row for each entry.",
        )
    return text_and_kind(value)
