"""The worst grade of each patient, or each cycle, and term; and how many fall into a band of grades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from remission.core.errors import DataError
from remission.endpoints.safety.bands import GradeBand
from remission.endpoints.safety.events import FATAL, AdverseEvent

ANY_TERM = ""


@dataclass(frozen=True, order=True)
class Unit:
    """What is counted: a patient, or one cycle of a patient."""

    patient: str
    cycle: int | None = None


@dataclass(frozen=True)
class WorstGrade:
    """The worst grade of a unit and term.

    Args: grade: None where no record of it has a grade.  ungraded: records without a grade, which could be worse than
    `grade`.  rows: all records it rests on, in order.
    """

    unit: Unit
    term: str
    grade: int | None
    ungraded: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class BandCount:
    """How many units have a term in a band of grades.

    Args: n, of: units in the band, and evaluable units.  units: those counted.  unknown: evaluable units whose event
    has no grade and may belong to the band or not; they count in `of` and not in `n`.  events: records in the band,
    which are not units.  rows: the records behind `units`.
    """

    term: str
    band: str
    n: int
    of: int
    units: tuple[Unit, ...]
    unknown: tuple[Unit, ...]
    events: int
    rows: tuple[int, ...]


def derive_worst_grades(events: Iterable[AdverseEvent], *, by_cycle: bool = False) -> tuple[WorstGrade, ...]:
    """The worst recorded grade per patient (or per patient and cycle) and term, sorted by unit and term.

    An event without a cycle has none to be counted in: `events_without_cycle` names them.
    """
    found: dict[tuple[Unit, str], list[AdverseEvent]] = {}
    for event in events:
        if by_cycle and event.cycle is None:
            continue
        unit = Unit(event.patient, event.cycle if by_cycle else None)
        found.setdefault((unit, event.term), []).append(event)
    return tuple(_worst(unit, term, found[unit, term]) for unit, term in sorted(found, key=_order))


def derive_any_term(worst: Iterable[WorstGrade]) -> tuple[WorstGrade, ...]:
    """The worst grade of each unit over all its terms (the row "any adverse event"); its term is "".

    A grade 0 is the absence of one term and says nothing about another: it stays only where it is all there is.
    """
    found: dict[Unit, list[WorstGrade]] = {}
    for one in worst:
        found.setdefault(one.unit, []).append(one)
    made = []
    for unit in sorted(found, key=lambda u: (u.patient, u.cycle or 0)):
        grades = [w.grade for w in found[unit] if w.grade is not None]
        ungraded = sum(w.ungraded for w in found[unit])
        rows = tuple(sorted(r for w in found[unit] for r in w.rows))
        made.append(WorstGrade(unit, ANY_TERM, _max(grades, ungraded), ungraded, rows))
    return tuple(made)


def events_without_cycle(events: Iterable[AdverseEvent]) -> tuple[AdverseEvent, ...]:
    """The events that a table by cycle leaves out, because no cycle is recorded."""
    return tuple(e for e in events if e.cycle is None)


def place_in_cycles(
    events: Iterable[AdverseEvent], starts: Mapping[str, Mapping[int, int]]
) -> tuple[AdverseEvent, ...]:
    """Events without a cycle get the last one that had begun on the day they began; a recorded cycle stays.

    Args: starts: patient -> cycle -> day of its start.  Events before the first cycle, or without a day, stay without.
    """
    made = []
    for event in events:
        begun = [c for c, day in starts.get(event.patient, {}).items() if _began(event, day)]
        made.append(event if event.cycle is not None or not begun else _with_cycle(event, starts, begun))
    return tuple(made)


def count_band(
    term: str, band: GradeBand, worst: Iterable[WorstGrade], evaluable: Iterable[Unit], events: Iterable[AdverseEvent]
) -> BandCount:
    """How many of the evaluable units have `term` in `band`, and how many records are in it.

    A unit without any record of the term has grade 0. Records of units that are not evaluable are not counted.
    Raises: DataError `unit-twice` where a unit is listed twice.
    """
    units = tuple(evaluable)
    if len(set(units)) != len(units):
        raise DataError(what="A patient or cycle is listed twice as evaluable.", code="unit-twice")
    own = {w.unit: w for w in worst if w.term == term}
    answers = {u: _holds(band, own.get(u)) for u in units}
    inside = tuple(u for u in units if answers[u])
    by_cycle = any(u.cycle is not None for u in units)
    known = set(units)
    records = [
        e
        for e in events
        if term in (ANY_TERM, e.term)
        and e.grade != 0
        and Unit(e.patient, e.cycle if by_cycle else None) in known
        and band.holds(e.grade)
    ]
    return BandCount(
        term=term,
        band=band.label,
        n=len(inside),
        of=len(units),
        units=inside,
        unknown=tuple(u for u in units if answers[u] is None),
        events=len(records),
        rows=tuple(sorted(r for u in inside if u in own for r in own[u].rows)),
    )


def _holds(band: GradeBand, worst: WorstGrade | None) -> bool | None:
    """Is a unit in the band? A record without a grade may lift it out of a band with an upper end, or into any."""
    if worst is None:
        return band.holds(0)
    if worst.ungraded == 0 or band.takes_ungraded:
        return band.holds(worst.grade)
    least = max(worst.grade or 0, 1)  # a record without a grade is an event all the same
    if band.low <= least and band.high >= FATAL:
        return True
    return False if least > band.high else None


def _worst(unit: Unit, term: str, events: list[AdverseEvent]) -> WorstGrade:
    grades = [e.grade for e in events if e.grade is not None]
    ungraded = len(events) - len(grades)
    return WorstGrade(unit, term, _max(grades, ungraded), ungraded, tuple(e.row for e in events if e.row is not None))


def _max(grades: list[int], ungraded: int) -> int | None:
    """A grade 0 beside a record without a grade is no grade: the other record is an event."""
    worst = max(grades, default=None)
    return None if worst == 0 and ungraded else worst


def _order(key: tuple[Unit, str]) -> tuple[str, int, str]:
    return key[0].patient, key[0].cycle or 0, key[1]


def _began(event: AdverseEvent, day: int) -> bool:
    return event.start_day is not None and day <= event.start_day


def _with_cycle(event: AdverseEvent, starts: Mapping[str, Mapping[int, int]], begun: list[int]) -> AdverseEvent:
    of = starts[event.patient]
    return replace(event, cycle=max(begun, key=lambda cycle: (of[cycle], cycle)))
