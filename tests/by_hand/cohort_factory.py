"""Cohorts from small aligned tables, as a clinician would write them on paper.

Columns are set apart by two or more spaces; "." is missing; "<0.01" is a value below detection; a field in brackets,
"[day]", is a constant of study.toml and has no cell. The header of a table is row 1 of a sheet of the same name.
"""

from __future__ import annotations

import re

from remission.cohort.schema import load_schema
from remission.cohort.table import Cohort, Scalar, SourceInfo, Table

FILE = "ward.xlsx"


def make_cohort(*, scopes: tuple[str, ...] = (), **tables: str) -> Cohort:
    """A cohort of the given tables; patients not listed in a table of their own come from the other tables."""
    names = list(load_schema().tables)
    sources = tuple(SourceInfo(name, FILE, name, 0, 0, "") for name in names)
    made = {name: _make_table(name, names.index(name), tables.get(name, "patient")) for name in names}
    if "patients" not in tables:
        ids = [i for i in _ids(made) if i.split(":")[0] not in scopes]
        made["patients"] = _make_table("patients", names.index("patients"), "\n".join(["patient", *ids]))
    recorded = frozenset((name, fld) for name, t in made.items() for _, _, fld in t.cells)
    return Cohort(made, sources, recorded, dict.fromkeys(scopes, 0))


def _ids(made: dict[str, Table]) -> list[str]:
    return sorted({str(p) for t in made.values() for p in t.columns["patient"]})


def _make_table(name: str, source: int, text: str) -> Table:
    header, *lines = [re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines()]
    assert all(len(line) == len(header) for line in lines), (name, header, lines)
    columns: dict[str, list[Scalar]] = {f: [None] * len(lines) for f in load_schema().tables[name].fields}
    cells: dict[tuple[int, str, str], tuple[str, str]] = {}
    for place, heading in enumerate(header):
        fld = heading.strip("[]")
        parsed = [_parse(name, fld, line[place]) for line in lines]
        columns[fld] = [value for value, _ in parsed]
        if load_schema().field(name, fld).comparator:
            columns[f"{fld}_sign"] = [sign for _, sign in parsed]
        if heading == fld:
            cells[(source, "", fld)] = (chr(ord("A") + place), fld)
    rows = list(range(2, len(lines) + 2))
    return Table(name, columns, [source] * len(lines), rows, [""] * len(lines), cells)


def _parse(table: str, fld: str, text: str) -> tuple[Scalar, str]:
    kind = load_schema().field(table, fld).type
    if text == ".":
        return None, ""
    if kind == "day":
        return int(text), ""
    if kind != "number":
        return text, ""
    sign = text[0] if text[0] in "<>" else ""
    return float(text.removeprefix(sign)), sign
