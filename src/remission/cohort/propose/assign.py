"""Columns of one sheet to targets: the surest first, each column and each target once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from remission.cohort.propose.column import Column
from remission.cohort.propose.fit import Fit, try_column
from remission.cohort.propose.heading import match_header
from remission.cohort.propose.place import Place, long_places, moments_after, wide_places
from remission.cohort.propose.proposal import Constant, Left, ProposedColumn
from remission.cohort.propose.role import Role, identifier_of
from remission.cohort.propose.specify import pile, specify
from remission.cohort.schema import load_schema
from remission.cohort.source_spec import UNKNOWN_UNIT

_LEAST_FIT = 0.6
_BARE_DAY = 0.7
_KNOWN = 0.9  # a header this sure gets its field even where codes have to be explained by the user


@dataclass
class Assignment:
    """What became of the columns of a sheet, by column index."""

    placed: dict[int, list[ProposedColumn]] = field(default_factory=dict)
    left: dict[int, Left] = field(default_factory=dict)
    records: dict[str, dict[str, Constant]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    score: float
    index: int
    place: Place
    proposed: ProposedColumn
    fit: Fit


def assign_columns(columns: list[Column], role: Role) -> Assignment:
    """Give every column but the id a target or a reason why not."""
    result = Assignment()
    rest: list[int] = []
    for index, column in enumerate(columns):
        if index == role.id_column:
            continue
        if reason := _left_on_purpose(column):
            result.left[index] = Left(column.header, reason, is_open=False)
        else:
            rest.append(index)
    candidates = [c for index in rest for c in _candidates(columns[index], index, role, columns)]
    taken: dict[str, str] = {}
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.index, c.place.to)):
        if candidate.index in result.placed or candidate.place.to in taken:
            continue
        taken[candidate.place.to] = columns[candidate.index].header
        result.placed[candidate.index] = [candidate.proposed]
        _add_constants(result, candidate.place)
    for index in rest:
        if index not in result.placed:
            reason = _why_not(columns[index], [c for c in candidates if c.index == index], role, taken)
            result.left[index] = Left(columns[index].header, reason, is_open=True)
    _share_floor(columns, result)
    _drop_measured_constants(result)
    return result


def _left_on_purpose(column: Column) -> str:
    if column.is_empty:
        return "empty"
    if kind := identifier_of(column):
        return f"looks like {kind}: not needed, and not carried on"
    return ""


def _candidates(column: Column, index: int, role: Role, columns: list[Column]) -> Iterator[_Candidate]:
    for place in _places(column, role, columns):
        field = load_schema().field(place.table, place.name)
        if field.type == "code" and not field.allowed and column.tells:
            continue  # an open code would carry the texts as they stand into the tables of the report
        proposed = specify(column, place.table, place.name, place.to, place.reason)
        fit = try_column(column, place.table, place.name, proposed.spec)
        is_code = field.type == "code"
        is_known = place.score >= _KNOWN and is_code and column.is_coded
        fixable = fit.rules <= {"ambiguous-dates", "decimal-mark"} and bool(fit.rules)
        if fit.share >= _LEAST_FIT or is_known or fixable:
            score = place.score * (0.5 + 0.5 * fit.share) * _doubt_of_kind(column, place, proposed)
            yield _Candidate(score, index, place, proposed, fit)


def _doubt_of_kind(column: Column, place: Place, proposed: ProposedColumn) -> float:
    """A day is seldom a bare number without a unit of time."""
    is_day = load_schema().field(place.table, place.name).type == "day"
    is_bare = proposed.spec.unit in ("", UNKNOWN_UNIT)
    return _BARE_DAY if is_day and not column.is_dated and is_bare else 1.0


def _places(column: Column, role: Role, columns: list[Column]) -> Iterable[Place]:
    if role.table:
        return long_places(column, role.table)
    return wide_places(column, has_several=moments_after(columns) > 1)


def _add_constants(result: Assignment, place: Place) -> None:
    """What is true of the record; a header that names the day of a visit knows more than one that does not."""
    constants = result.records.setdefault(place.head, {}) if place.constants else {}
    for name, value in place.constants.items():
        if name not in constants or "day" in place.constants:
            constants[name] = value


def _drop_measured_constants(result: Assignment) -> None:
    """A constant gives way to a column that holds the value itself."""
    for proposed in (p for group in result.placed.values() for p in group):
        head, _, name = proposed.spec.to.rpartition(".")
        result.records.get(head, {}).pop(name, None)
    for head in [head for head, constants in result.records.items() if not constants]:
        del result.records[head]


def _share_floor(columns: list[Column], result: Assignment) -> None:
    """An assay has one floor: a column of the same field with a smaller pile at the same value gets it, too."""
    floors: dict[str, float] = {}
    for group in result.placed.values():
        for proposed in group:
            if proposed.spec.floor is not None:
                floors[proposed.spec.to.rpartition(".")[2]] = proposed.spec.floor
    for index, group in result.placed.items():
        spec = group[0].spec
        name = spec.to.rpartition(".")[2]
        floor = floors.get(name)
        if floor is None or spec.floor is not None:
            continue
        found = pile(columns[index], spec, least=1)
        if found and found[0] == floor:
            doubt = f"QUESTION: is {floor:g} % the limit of the assay here, too? It is the smallest value"
            group[0] = replace(group[0], spec=replace(spec, floor=floor), doubts=(*group[0].doubts, doubt))


def _why_not(column: Column, candidates: list[_Candidate], role: Role, taken: dict[str, str]) -> str:
    """Why a column could not be placed, in one sentence without its values."""
    for candidate in candidates:
        if candidate.place.to in taken:
            return f"{candidate.place.to} is already filled by {taken[candidate.place.to]}"
    if column.tells:
        return "free text with dates, numbers or sentences: it may say who a patient is"
    matches = match_header(column.header)
    if role.table:
        elsewhere = next((m for m in matches if m.table in ("patients", "outcomes") and m.score >= _KNOWN), None)
        if elsewhere:
            return f"would be {elsewhere.target}, which belongs in the sheet of one row a patient"
    if matches and matches[0].score >= _KNOWN:
        return f"the header suggests {matches[0].target}, but the cells are {column.content}"
    if column.content == "free text":
        return "free text under an unknown header"
    return f"the header is not known; the cells are {column.content}"
