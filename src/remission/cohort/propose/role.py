"""What a sheet is: one row a patient, or many rows of one kind of record; and which column names the patient."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from remission.cohort.identifiers import identifier_by_content, identifier_by_header, names_in_ids
from remission.cohort.propose.column import Column
from remission.cohort.propose.heading import match_header, read_heading
from remission.cohort.schema import load_schema

_ONE_ROW = ("patients", "outcomes")
_MARK = re.compile(r"[*†‡§#]+$")
_LETTERS_AND_DIGITS = re.compile(r"[A-Za-z]{1,8}[-_ .]?\d+|\d+[-_/]\d+|0\d+|[A-Za-z]{1,8}[-_ ]?\d+[-_/]\d+")
_FEW_REPEATED = 0.25  # of the ids: in a sheet of one row a patient these are mistakes

FIRST_COLUMN = "the first column; its header is not known"


@dataclass(frozen=True)
class Role:
    """Args: id_column: index of the column that names the patient, -1 if none.  table: "" where a row is a patient,

    else the table the rows are records of.  reason, id_reason: for the comments.  mark: a sign that some ids carry.
    identifier: what the ids tell about who a patient is ("a name"), or "".
    """

    id_column: int
    id_reason: str
    table: str = ""
    reason: str = "one row a patient"
    mark: str = ""
    identifier: str = ""

    @property
    def is_identifier(self) -> bool:
        return bool(self.identifier)


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
    index, reason, identifier = _find_id(columns)
    if index < 0:
        return Role(-1, "no column names the patient")
    ids = Counter(_MARK.sub("", text) for text in columns[index].texts)
    marks = {m.group() for text in columns[index].texts if (m := _MARK.search(text))}
    mark = marks.pop() if len(marks) == 1 else ""
    repeated = sum(count > 1 for count in ids.values()) / max(1, len(ids))
    table, why = _table_of_records(columns, index, repeated=repeated)
    return Role(index, reason, table, why or "one row a patient", mark, identifier)


def _find_id(columns: list[Column]) -> tuple[int, str, str]:
    """Index of the id column, why, and what it tells about who a patient is; numbers of a study come first."""
    named: list[tuple[bool, float, int, str, str]] = []
    identifying: dict[str, list[int]] = {}
    for index, column in enumerate(columns):
        by_header = identifier_by_header(column.header)
        kind = identifier_of(column)
        if kind and column.texts:
            identifying.setdefault(kind, []).append(index)
        if by_header or column.is_dated or len(column.texts) * 2 < len(column.keys):
            continue
        best = next((m for m in match_header(column.header) if m.name == "patient"), None)
        if best and best.score >= 0.9 and column.texts:
            kind = kind or ("a name" if names_in_ids(column.texts) else "")
            named.append((bool(kind), -best.score, index, best.reason, kind))
    if named and not min(named)[0]:
        _, _, index, reason, _ = min(named)
        return index, reason, ""
    if numbers := identifying.get("a record number"):
        return numbers[0], "the only number that names a patient", "a record number"
    if named:
        _, _, index, reason, kind = min(named)
        return index, reason, kind
    for index in identifying.get("a name", ()):
        if columns[index].is_unique:
            return index, "the only column that names a patient", "a name"
    first = columns[0] if columns else None
    if first and first.texts and not first.is_dated and not identifier_of(first) and _may_be_ids(first):
        return 0, FIRST_COLUMN, ""
    return -1, "", ""


def _may_be_ids(column: Column) -> bool:
    """A column under an unknown header whose entries number the patients: 1, 2, 3 or P-01, each once."""
    if any(m.name != "patient" for m in match_header(column.header)):
        return False
    texts = [_MARK.sub("", t).strip() for t in column.texts]
    if len(set(texts)) < len(texts) or len(texts) < len(column.keys):
        return False
    if all(t.isascii() and t.isdigit() for t in texts):
        numbers = [int(t) for t in texts]
        if len(set(map(len, texts))) == 1 and any(t.startswith("0") for t in texts) and len(texts[0]) > 1:
            return True  # 007: no measurement is written so
        rises = all(a < b for a, b in pairwise(numbers))
        return rises and len(numbers) > 1 and numbers[-1] - numbers[0] < 3 * len(numbers)
    return sum(bool(_LETTERS_AND_DIGITS.fullmatch(t)) for t in texts) * 10 >= len(texts) * 9


def _table_of_records(columns: list[Column], id_column: int, *, repeated: float) -> tuple[str, str]:
    """The table a long sheet holds, with the reason; "" for a sheet of one row a patient.

    Args: repeated: how many of the ids stand in more than one row (0-1). Few of them among columns that a patient has
    once are mistakes, which the check then names.
    """
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
    is_repeated = repeated > 0 and not (repeated <= _FEW_REPEATED and single >= 2)
    if is_repeated and len(scores) >= 2:
        return table, f"patients stand in several rows, and the columns are those of {label}"
    if not single and not moments and len(scores) >= 2:
        return table, f"all known columns are those of {label}"
    return "", ""
