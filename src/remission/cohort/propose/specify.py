"""How a column would be read as a field: unit, floor, codes; and what the user should look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from remission.cohort.dates import read_date_text
from remission.cohort.number_columns import read_numbers
from remission.cohort.numbers import read_number_text
from remission.cohort.propose.codes import CodeProposal, propose_codes, yes_or_no
from remission.cohort.propose.column import Column
from remission.cohort.propose.fit import raw_column, try_column
from remission.cohort.propose.proposal import ProposedColumn
from remission.cohort.propose.words import first_phrase, load_words, plain
from remission.cohort.schema import load_schema
from remission.cohort.source_spec import UNKNOWN_UNIT, ColumnSpec
from remission.cohort.units import factor, time_unit, unit_in_header

_PILE = 5  # so many equal smallest values of an assay may be its floor
_HIGHEST_FLOOR = 0.1  # percent: no assay of residual disease in use is less sensitive
_TIME_WORDS = (
    "day days week weeks month months year years tag tage tagen woche wochen monat monate monaten jahr jahre jahren "
    "jour jours semaine semaines mois année années día días dia dias semana semanas mes meses año años"
)
_UNIT_WORDS = frozenset(_TIME_WORDS.split())
_UNITS_IN_CHINESE = {"days": ("天数",), "weeks": ("周数",), "months": ("月数", "个月"), "years": ("年数",)}
_WHICH_UNIT = "QUESTION: days, weeks, months or years? Nothing says so; nothing is read until unit does"


def specify(column: Column, table: str, name: str, to: str, reason: str) -> ProposedColumn:
    """A column of study.toml for a field, as far as header and cells tell."""
    kind = load_schema().field(table, name).type
    spec = ColumnSpec(header=column.header, to=to)
    if kind == "code":
        return _coded(spec, reason, table, name, column)
    if kind == "day":
        return _dated(spec, reason, (table, name), column)
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


def _dated(spec: ColumnSpec, reason: str, name: tuple[str, str], column: Column) -> ProposedColumn:
    if column.is_dated or any(read_date_text(t) for t in column.texts if not t.isdigit()):
        return ProposedColumn(spec, reason)
    if try_column(column, *name, spec).is_date or _names_own_units(column):
        return ProposedColumn(spec, reason)
    if unit := duration_unit(column.header):
        return ProposedColumn(replace(spec, unit=unit), reason, doubts=(f"numbers of {unit}, as the header says",))
    if unit := time_unit(column.unit_row):
        return ProposedColumn(
            replace(spec, unit=unit), reason, doubts=(f"numbers of {unit}, as the row of units says",)
        )
    return ProposedColumn(replace(spec, unit=UNKNOWN_UNIT), reason, doubts=(_WHICH_UNIT,))


def duration_unit(header: str) -> str:
    """The one unit of time a header names: "OS (months)", "Months to relapse", "随访月数"; "" for none or several."""
    unit = unit_in_header(header, "days")
    if unit:
        return time_unit(unit)
    words = plain(header).split()
    found = {time_unit(word) for word in words if word in _UNIT_WORDS}
    found |= {time_unit(word) for word in words[-1:] if len(word) > 1 or not word.isascii()}
    found |= {unit for unit, ends in _UNITS_IN_CHINESE.items() if any(end in header for end in ends)}
    found -= {""}
    return found.pop() if len(found) == 1 else ""


def _names_own_units(column: Column) -> bool:
    """Whether every cell says itself what it counts ("18 months")."""
    numbers = [read_number_text(text) for text in column.texts]
    return bool(numbers) and all(n is not None and time_unit(n.unit) for n in numbers)


def _measured(spec: ColumnSpec, reason: str, table: str, name: str, column: Column) -> ProposedColumn:
    own = load_schema().field(table, name)
    doubts: list[str] = []
    unit = unit_in_header(column.header, own.unit) if own.unit else ""
    if unit and factor(unit, own.unit) != 1:
        spec = replace(spec, unit=unit)
        doubts.append(f"converted from {unit}, as the header says, to {own.unit}")
    elif own.unit == "days" and not unit and not _names_own_units(column):
        known = duration_unit(column.header) or time_unit(column.unit_row)
        spec = replace(spec, unit=known or UNKNOWN_UNIT)
        doubts.append(f"numbers of {known}, as the sheet says" if known else _WHICH_UNIT)
    if name == "mrd_percent" and (found := pile(column, spec)):
        floor, count = found
        spec = replace(spec, floor=floor)
        doubts.append(
            f"QUESTION: is {floor:g} % the limit of the assay? {count} cells are exactly this, the smallest value, "
            "and are read as below it; without floor they are measured values"
        )
    return ProposedColumn(spec, reason, doubts=tuple(doubts))


def pile(column: Column, spec: ColumnSpec, least: int = _PILE) -> tuple[float, int] | None:
    """The smallest residual disease of a column and its count, where it may be the limit of the assay.

    It is so where no cell says "<" or zero, where no assay reads much deeper, and where it piles up.
    """
    typed = read_numbers(raw_column(column, "marrow", "mrd_percent", spec))
    counts = Counter(value for value in typed.values if isinstance(value, int | float))
    smallest = float(min(counts, default=0.0))
    if any(typed.signs or ()) or not 0 < smallest <= _HIGHEST_FLOOR or counts[smallest] < least:
        return None
    return smallest, counts[smallest]
