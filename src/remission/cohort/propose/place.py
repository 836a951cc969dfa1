"""Which field and which record of it a column of a sheet may become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from remission.cohort.propose.column import Column
from remission.cohort.propose.heading import Heading, Match, match_header, read_heading
from remission.cohort.propose.proposal import Constant
from remission.cohort.propose.specify import event_in, is_yes_no, treatment_in
from remission.cohort.schema import load_schema

GRAFT_FIELDS = frozenset(
    {
        "interval_days", "donor", "hla_match", "graft_source", "conditioning", "neutrophil_engraftment_days",
        "platelet_engraftment_days", "outcome",
    }
)  # fmt: skip
# what is measured once more after treatment; the rest of the marrow fields are taken at both times
_AFTER_ONLY = frozenset({"response_reported", "mrd_reported", "gene_result"})
_IN_WORDS = 0.85
_NOT_FIRST = 0.93  # by which a second choice of record is worth less


@dataclass(frozen=True)
class Place:
    """A target a column may get: table, field, record key, constants of the record, how surely and why."""

    table: str
    name: str
    record: str
    score: float
    reason: str
    constants: dict[str, Constant] = field(default_factory=dict)

    @property
    def head(self) -> str:
        return self.record or self.table

    @property
    def to(self) -> str:
        return f"{self.head}.{self.name}"


def long_places(column: Column, table: str) -> Iterator[Place]:
    """Targets in a sheet of many rows a patient: the fields of its one table."""
    for match in with_words_for_numbers(match_header(column.header)):
        if match.table == table and match.name != "patient":
            yield Place(table, match.name, "", match.score, match.reason)


def wide_places(column: Column, *, has_several: bool) -> Iterator[Place]:
    """Targets in a sheet of one row a patient; what happens more than once gets a record of its own.

    Args: has_several: marrows were taken at several moments after treatment, to be told apart by their day.
    """
    heading = read_heading(column.header)
    for match in [*with_words_for_numbers(match_header(column.header)), *_event_matches(column)]:
        if match.name == "patient":
            continue
        if match.table in ("patients", "outcomes"):
            yield from _one_row(match, heading)
        elif match.table == "marrow":
            yield from _marrow(match, heading, has_several=has_several)
        elif match.table == "therapies":
            yield from _therapy(match, heading, column)
        elif match.table == "infusions":
            number = heading.cycle or 1
            yield _with(match, f"infusions@cycle{number}", {"cycle": number})
        elif match.table == "adverse_events" and (event := event_in(column.header)):
            yield _with(match, f"adverse_events@{_slug(event)}", {"term": event} if match.name != "term" else {})


def with_words_for_numbers(matches: Iterable[Match]) -> Iterator[Match]:
    """A header of residual disease may stand over values or over "negative" and "positive": the cells decide."""
    found = list(matches)
    yield from found
    names = {m.name for m in found}
    for match in found:
        if match.name == "mrd_percent" and "mrd_reported" not in names:
            yield replace(match, name="mrd_reported", score=match.score * _IN_WORDS)


def _with(match: Match, record: str, constants: dict[str, Constant], factor: float = 1.0) -> Place:
    return Place(match.table, match.name, record, match.score * factor, match.reason, constants)


def _one_row(match: Match, heading: Heading) -> Iterator[Place]:
    timing = load_schema().field(match.table, match.name).timing
    if timing == "baseline" and heading.moment == "after":
        if match.name == "fusion_gene":
            yield Place("marrow", "gene_result", "marrow@after", match.score, match.reason, _moment("after", None))
        if match.score < 1:
            return  # what is seen after treatment is no baseline
    yield Place(match.table, match.name, "", match.score, match.reason)


def _marrow(match: Match, heading: Heading, *, has_several: bool) -> Iterator[Place]:
    if match.name in ("visit", "day") and not heading.moment:
        return
    moment = heading.moment or ("after" if match.name in _AFTER_ONLY else "before")
    record = "marrow@before" if moment == "before" else _after_record(heading.day, has_several=has_several)
    yield _with(match, record, _moment(moment, heading.day))
    if not heading.moment and match.name not in _AFTER_ONLY:
        yield _with(match, "marrow@after", _moment("after", None), _NOT_FIRST)


def moments_after(columns: Iterable[Column]) -> int:
    """How many moments after treatment the marrow columns of a sheet name: each day is one, "after" is one."""
    found: set[int | None] = set()
    for column in columns:
        heading = read_heading(column.header)
        best = next(iter(match_header(column.header)), None)
        if best and best.table == "marrow" and heading.moment == "after" and best.name not in _AFTER_ONLY:
            found.add(heading.day)
    return len(found)


def _after_record(day: int | None, *, has_several: bool) -> str:
    return f"marrow@day{day}" if day and has_several else "marrow@after"


def _moment(moment: str, day: int | None) -> dict[str, Constant]:
    if moment == "before":
        return {"visit": "before", "day": 0}
    return {"visit": f"day {day}", "day": day} if day else {"visit": "after the course"}


def _therapy(match: Match, heading: Heading, column: Column) -> Iterator[Place]:
    relation = heading.moment or "after"
    kind = "HSCT" if match.name in GRAFT_FIELDS else treatment_in(column.header)
    is_single = bool(kind) and (match.name != "kind" or is_yes_no(column))
    if is_single:
        prefix = "prior_" if relation == "before" else ""
        constants: dict[str, Constant] = {"relation": relation}
        if match.name != "kind":
            constants = {"kind": kind, "relation": relation}
        yield _with(match, f"therapies@{prefix}{_slug(kind)}", constants)
    elif match.name in ("kind", "start_day"):
        yield _with(match, f"therapies@{relation}", {"relation": relation})


def _event_matches(column: Column) -> Iterator[Match]:
    """A column headed by an adverse event alone ("CRS"): its grade, or whether it occurred."""
    event = event_in(column.header)
    if not event:
        return
    reason = f"the header names the adverse event {event}"
    if is_yes_no(column) and not set(column.texts) <= {"0", "1"}:
        yield Match("adverse_events", "term", 0.85, reason)
    elif column.texts and set(column.texts) <= {"0", "1", "2", "3", "4", "5"}:
        yield Match("adverse_events", "grade", 0.85, reason)


def _slug(word: str) -> str:
    return "".join(char for char in word.lower() if char.isalnum())
