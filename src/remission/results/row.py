"""One number, one row, one address."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Literal

Status = Literal["ok", "undefined", "failed"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the results table; every field is a scalar, so CSV and Parquet keep it without loss.

    Args: id: stable address, `<analysis>.<all | by_<group>.<level>>.<variable>[@<category>].<stat>`.
    value, text: exactly one is set when status is ok; neither otherwise (`note` then says why).
    unit: of `value` ("" for counts and pure numbers, "proportion" for 0-1, "days", "years", "%", ...).
    shown: the rounded text every document prints.  method: key of results/methods.toml.
    n: the denominator: how many patients (or records, see unit of the analysis) the row is about.
    members: hash of the patients behind the row ("" where it is about none), see Members.
    """

    id: str
    analysis: str
    population: str
    group: str
    level: str
    variable: str
    category: str
    stat: str
    value: float | None
    text: str | None
    unit: str
    shown: str
    method: str
    status: Status
    note: str
    n: int | None
    members: str


ROW_FIELDS = tuple(f.name for f in fields(Row))


_SIGNS = (("≤", "le"), ("<=", "le"), ("≥", "ge"), (">=", "ge"), ("<", "lt"), (">", "gt"), ("+", "_and_"), ("%", "pct"))


@lru_cache(maxsize=16_384)
def slug(text: str) -> str:
    """A label as part of an address: lower case ASCII letters, digits, `_`; comparison signs spelled out.

    `>50` -> `gt50`, `<=10` -> `le10`, `MRD-negative` -> `mrd_negative`, `CAR-T` -> `car_t`. Letters of another script
    leave nothing behind, so a hash of the label keeps the address stable and different from its neighbours'.
    """
    for sign, word in _SIGNS:
        text = text.replace(sign, word)
    # accents go, dashes and other signs of other alphabets part words as a blank does
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = "".join(c if c.isascii() or c.isalnum() else "_" for c in bare)
    kept = re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode("ascii").lower()).strip("_")
    if kept and all(c.isascii() or not c.isalnum() for c in plain):
        return kept
    return "_".join(p for p in (kept, "x" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:6]) if p)


def address(analysis: str, *, group: str = "", level: str = "", variable: str, category: str = "", stat: str) -> str:
    """The id of a row from its parts; `group` and `level` empty mean all patients of the analysis."""
    middle = f"by_{slug(group)}" + (f".{slug(level)}" if level else "") if group else "all"
    what = slug(variable) + (f"@{slug(category)}" if category else "")
    return f"{slug(analysis)}.{middle}.{what}.{stat}"


def members_hash(patients: Iterable[str]) -> str:
    """The name of a set of patients: the same set has the same name in every run."""
    return hashlib.sha256("\n".join(sorted(patients)).encode("utf-8")).hexdigest()[:12]
