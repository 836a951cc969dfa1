"""How a column would be read as a field: unit, floor, codes; and what the user should look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from remission.cohort.dates import read_date_text
from remission.cohort.numbers import read_number_text
from remission.cohort.propose.codes import CodeProposal, propose_codes, yes_or_no
from remission.cohort.propose.column import Column
from remission.cohort.propose.proposal import ProposedColumn
from remission.cohort.propose.words import first_phrase, load_words, plain
from remission.cohort.schema import load_schema
from remission.cohort.source_spec import ColumnSpec
from remission.cohort.units import factor, time_unit, unit_in_header

_PILE = 5  # so many equal smallest values of an assay are its floor


def specify(column: Column, table: str, name: str, to: str, reason: str) -> ProposedColumn:
    """A column of study.toml for a field, as far as header and cells tell."""
    kind = load_schema().field(table, name).type
    spec = ColumnSpec(header=column.header, to=to)
    if kind == "code":
        return _coded(spec, reason, table, name, column)
    if kind == "day":
        return _dated(spec, reason, column)
    if kind == "number":
        return _measured(spec, reason, table, name, column)
    return ProposedColumn(spec, reason)


def _coded(spec: ColumnSpec, reason: str, table: str, name: str, column: Column) -> ProposedColumn:
    kind = treatment_in(column.header)
    if (table, name) == ("therapies", "kind") and kind and is_yes_no(column):
        found = _done_or_not(column, kind)
    elif (table, name) == ("adverse_events", "term") and is_yes_no(column):
        found = _done_or_not(column, event_in(column.header))
    else:
        found = propose_codes(table, name, column)
    doubts = (found.note,) if found.note else ()
    values, missing = dict(found.values), found.missing
    return ProposedColumn(replace(spec, values=values, missing=missing), reason, found.unknown, doubts)


def is_yes_no(column: Column) -> bool:
    """Whether every cell is a yes or a no."""
    return bool(column.texts) and all(yes_or_no(t) for t in column.texts)


def treatment_in(header: str) -> str:
    """The treatment a header names ("HSCT after blinatumomab"), blinatumomab itself aside, or ""."""
    kinds = load_words().codes["therapies.kind"]
    usual = [k for k in kinds if k not in ("blinatumomab", "none", "other", "chemotherapy")]
    return next((k for k in usual if first_phrase(header, (k, *kinds[k]))), "")


def event_in(header: str) -> str:
    """The adverse event a header names, or ""."""
    events = load_words().events
    return next((e for e in events if first_phrase(header, (e, *events[e]))), "")


def _done_or_not(column: Column, what: str) -> CodeProposal:
    """A yes/no column of one treatment or event: yes is a record of it, no is none."""
    yes = {t: what for t in column.codes if yes_or_no(t) == "yes"}
    no = tuple(t for t in column.codes if yes_or_no(t) == "no")
    return CodeProposal(dict(yes), no, note=f"yes makes a record of {what}, no makes none")


def _dated(spec: ColumnSpec, reason: str, column: Column) -> ProposedColumn:
    if column.is_dated or any(read_date_text(t) for t in column.texts if not t.isdigit()):
        return ProposedColumn(spec, reason)
    unit = unit_in_header(column.header, "days") or _last_word_unit(column.header)
    if not unit:
        doubt = "numbers, and the header names no unit: they are read as days"
        return ProposedColumn(spec, reason, doubts=(doubt,))
    unit = time_unit(unit)
    return ProposedColumn(replace(spec, unit=unit), reason, doubts=(f"numbers of {unit}, as the header says",))


def _last_word_unit(header: str) -> str:
    last = plain(header).rpartition(" ")[2]
    return time_unit(last) if len(last) > 1 or not last.isascii() else ""


def _measured(spec: ColumnSpec, reason: str, table: str, name: str, column: Column) -> ProposedColumn:
    own = load_schema().field(table, name)
    doubts: list[str] = []
    unit = unit_in_header(column.header, own.unit) if own.unit else ""
    if unit and factor(unit, own.unit) != 1:
        spec = replace(spec, unit=unit)
        doubts.append(f"converted from {unit}, as the header says, to {own.unit}")
    if own.comparator and (found := pile(column)):
        floor, count = found
        spec = replace(spec, floor=floor)
        doubts.append(f"{count} cells are exactly the smallest value: it looks like the floor of the assay")
    return ProposedColumn(spec, reason, doubts=tuple(doubts))


def pile(column: Column, least: int = _PILE) -> tuple[float, int] | None:
    """The smallest value of a column and its count, where it piles up above zero without a "<"."""
    numbers = [n for t in column.texts if (n := read_number_text(t)) and not n.comparator and not n.unit.strip("% ")]
    if any(n.digits.count(".") > 1 or not set(n.digits) <= set("0123456789.") for n in numbers):
        return None  # the decimal mark is not settled yet
    counts = Counter(float(n.digits) * 10.0**n.exponent for n in numbers)
    smallest = min(counts, default=0.0)
    if smallest <= 0 or counts[smallest] < least:
        return None
    return smallest, counts[smallest]
