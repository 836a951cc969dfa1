"""What a click on a number shows: the rows, methods, patients and cells a document uses, as data inside the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from remission.results.methods import method
from remission.results.row import Row
from remission.results.table import CellRef, Results
from remission.results.vocabulary import UNITS, stat_of

# Above this many patients the page would be too heavy: it points to members.csv and cells.csv instead.
PATIENTS_EMBEDDED_UP_TO = 2_000


def make_payload(results: Results, ids: Iterable[str], *, patients_listed: bool = True) -> dict[str, Any]:
    """The data behind the numbers of a document; patients, files and sheets are named once and then by position.

    Args: ids: what the document uses.  patients_listed: False leaves out patients and cells (a page to pass on).
    Returns: rows, methods, patients, members, places, cells, and `listed`: "yes", "no" or "files".
    """
    rows = {row_id: results[row_id] for row_id in dict.fromkeys(ids)}
    sets = {r.members: results.members[r.members] for r in rows.values() if r.members in results.members}
    everybody = sorted({patient for patients in sets.values() for patient in patients}, key=natural)
    listed = "no" if not patients_listed else "yes" if len(everybody) <= PATIENTS_EMBEDDED_UP_TO else "files"
    payload: dict[str, Any] = {
        "listed": listed,
        "rows": {row_id: _row(row, results) for row_id, row in rows.items()},
        "methods": {key: _method(key) for key in dict.fromkeys(r.method for r in rows.values()) if key},
        "sizes": {name: len(patients) for name, patients in sets.items()},
        "conditions": {
            r.members: results.conditions[r.members] for r in rows.values() if r.members in results.conditions
        },
    }
    if listed == "yes":
        position = {patient: k for k, patient in enumerate(everybody)}
        payload["patients"] = everybody
        payload["members"] = {name: sorted(position[p] for p in patients) for name, patients in sets.items()}
        fields = dict.fromkeys(f for r in rows.values() for f in results.lineage.get((r.analysis, r.variable), ()))
        payload |= _cells(results, fields, position)
    return payload


def natural(patient: str) -> list[tuple[int, int, str]]:
    """The order a reader expects of ids: 4, 20, 21, and not 20, 21, 4."""
    return [(0, int(t), "") if t.isdecimal() else (1, 0, t) for t in re.split(r"(\d+)", patient) if t]


def embed(payload: dict[str, Any]) -> str:
    """JSON that can stand inside a script element: no `<`, `>` or `&` is left in it."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, code in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(sign, code)
    return text


def _row(row: Row, results: Results) -> dict[str, Any]:
    of = [row.variable, row.category]
    kept = {
        "shown": row.shown,
        "what": stat_of(row.stat).label,
        "of": ": ".join(part for part in of if part),
        "analysis": row.analysis,
        "population": row.population,
        "group": ": ".join(part for part in (row.group, row.level) if part),
        "value": row.text if row.value is None else repr(row.value).removesuffix(".0"),
        "unit": UNITS.get(row.unit, row.unit) if row.unit else "",
        "n": row.n,
        "method": row.method,
        "status": "" if row.status == "ok" else row.status,
        "note": row.note,
        "members": row.members,
        "fields": list(results.lineage.get((row.analysis, row.variable), ())),
    }
    return {name: value for name, value in kept.items() if value not in ("", None, [])}


def _method(key: str) -> dict[str, str]:
    known = method(key)
    return {"label": known.label, "sentence": known.sentence, "reference": known.reference}


def _cells(results: Results, fields: Iterable[str], position: dict[str, int]) -> dict[str, Any]:
    places: dict[tuple[str, str], int] = {}

    def short(ref: CellRef) -> list[Any]:
        return [places.setdefault((ref.file, ref.sheet), len(places)), ref.row, ref.column, ref.value, ref.field]

    cells = {
        name: {position[p]: [short(ref) for ref in refs] for p, refs in results.cells[name].items() if p in position}
        for name in fields
        if name in results.cells
    }
    return {"cells": cells, "places": [list(place) for place in places]}
