"""What a sheet is: one row a patient, or many rows of one kind of record; and which column names the patient."""

from __future__ import annotations

import re
from dataclasses import dataclass

from remission.cohort.identifiers import identifier_by_content, identifier_by_header
from remission.cohort.propose.column import Column
from remission.cohort.propose.heading import match_header, read_heading
from remission.cohort.schema import load_schema

_ONE_ROW = ("patients", "outcomes")
_MARK = re.compile(r"[*†‡§#]+$")


FIRST_COLUMN = "the first column; its header is not known"


@dataclass(frozen=True)
class Role:
    """Args: id_column: index of the column that names the patient, -1 if none.  table: "" where a row is a patient,

    else the table the rows are records of.  reason, id_reason: for the comments.  mark: a sign that some ids carry.
    """

    id_column: int
    id_reason: str
    table: str = ""
    reason: str = "one row a patient"
    mark: str = ""
    is_identifier: bool = False


def identifier_of(column: Column) -> str:
    """What a column tells about who a patient is ("a name"), by its header, its field or its cells; or ""."""
    known = identifier_by_header(column.header)
    if not known:
        best = match_header(column.header)[:1]
        spec = load_schema().tables["patients"].fields
        if best and best[0].score >= 0.9 and best[0].table == "patients":
            known = f"a {spec[best[0].name].label.lower()}" if spec[best[0].name].about == "identifier" else ""
    if known or column.is_coded or column.is_dated:
        return known
    return identifier_by_content(column.texts)


def find_role(columns: list[Column]) -> Role:
    """Find the id column, then tell a wide sheet from a long one."""
    index, reason, is_identifier = _find_id(columns)
    if index < 0:
        return Role(-1, "no column names the patient")
    ids = [_MARK.sub("", text) for text in columns[index].texts]
    marks = {m.group() for text in columns[index].texts if (m := _MARK.search(text))}
    mark = marks.pop() if len(marks) == 1 else ""
    table, why = _table_of_records(columns, index, is_repeated=len(set(ids)) < len(ids))
    return Role(index, reason, table, why or "one row a patient", mark, is_identifier)


def _find_id(columns: list[Column]) -> tuple[int, str, bool]:
    """Index of the id column, why, and whether it is a hospital's number rather than a study's."""
    named: list[tuple[float, int, str]] = []
    numbers: list[int] = []
    for index, column in enumerate(columns):
        kind = identifier_of(column)
        if kind == "a record number" and column.texts:
            numbers.append(index)
        if kind or column.is_dated or len(column.texts) * 2 < len(column.keys):
            continue
        best = next((m for m in match_header(column.header) if m.name == "patient"), None)
        if best and best.score >= 0.9:
            named.append((-best.score, index, best.reason))
    if named:
        _, index, reason = min(named)
        return index, reason, False
    if numbers:
        return numbers[0], "the only number that names a patient", True
    first = columns[0] if columns else None
    if first and first.texts and not first.is_dated and not identifier_of(first) and _may_be_ids(first):
        return 0, FIRST_COLUMN, False
    return -1, "", False


def _may_be_ids(column: Column) -> bool:
    """A column under an unknown header whose entries could number patients: no measurement, each once."""
    known = any(m.score >= 0.9 for m in match_header(column.header))
    has_decimals = any(re.fullmatch(r"\d+[.,]\d+", t.strip()) for t in column.texts)
    return not known and not has_decimals


def _table_of_records(columns: list[Column], id_column: int, *, is_repeated: bool) -> tuple[str, str]:
    """The table a long sheet holds, with the reason; "" for a sheet of one row a patient."""
    votes: dict[str, dict[int, float]] = {}
    single, moments = 0, 0
    for index, column in enumerate(columns):
        if index == id_column or identifier_of(column) or column.is_empty:
            continue
        matches = match_header(column.header)
        single += bool(matches) and matches[0].table in _ONE_ROW
        heading = read_heading(column.header)
        moments += bool(matches) and bool(heading.moment or heading.cycle)
        for match in matches:
            if load_schema().tables[match.table].many and match.name != "patient":
                scores = votes.setdefault(match.table, {})
                scores[index] = max(scores.get(index, 0.0), match.score)
    if not votes:
        return "", ""
    table, scores = max(votes.items(), key=lambda item: (sum(item[1].values()), item[0]))
    label = load_schema().tables[table].label.lower()
    if is_repeated and len(scores) >= 2:
        return table, f"patients stand in several rows, and the columns are those of {label}"
    if not single and not moments and len(scores) >= 2:
        return table, f"all known columns are those of {label}"
    return "", ""
