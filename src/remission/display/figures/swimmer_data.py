"""What a swimmer plot shows: one bar per patient with treatments, responses and what came afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from remission.core.errors import ResultsError
from remission.display.figures.faults import faulty_figure

MOST_PATIENTS = 100  # more bars than this cannot be told apart on a page
MOST_TREATMENTS = 7
MOST_GROUPS = 6

EventKind = Literal["cr", "cri", "mrd-negative", "hsct", "car-t", "relapse", "death"]
EVENT_NAMES: dict[EventKind, str] = {
    "cr": "CR",
    "cri": "CRi",
    "mrd-negative": "MRD-negative",
    "hsct": "HSCT",
    "car-t": "CAR-T",
    "relapse": "Relapse",
    "death": "Death",
}


@dataclass(frozen=True)
class SwimmerSegment:
    """A treatment from its first to its last day; treatment: its place among those of the figure, from 0."""

    treatment: int
    first_day: int
    last_day: int


@dataclass(frozen=True)
class SwimmerEvent:
    """Something that happened on a day."""

    kind: EventKind
    day: int


@dataclass(frozen=True)
class SwimmerPatient:
    """One bar, from day 0 to the last day of observation.

    Args: is_ongoing: still observed: the bar ends in an arrow.  group: its place among those of the figure.
    """

    label: str
    last_day: int
    segments: tuple[SwimmerSegment, ...] = ()
    events: tuple[SwimmerEvent, ...] = ()
    is_ongoing: bool = False
    group: int = 0


@dataclass(frozen=True)
class SwimmerFigure:
    """Bars of patients, days counted from the first infusion.

    Args: treatments: names of the segments.  groups: names of the blocks of bars, empty for one block without a name.
    order: `length`, the longest bar first within its group, or `given`.  end_day: where the axis ends at least, so
    that several pages have the same axis.  event_names: for the legend, where they differ from EVENT_NAMES.
    """

    patients: tuple[SwimmerPatient, ...]
    treatments: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    order: Literal["length", "given"] = "length"
    x_unit: Literal["days", "weeks", "months", "years"] = "months"
    x_label: str = "Months since the first infusion"
    end_day: int = 0
    event_names: tuple[tuple[EventKind, str], ...] = ()
    title: str = ""
    annotation: tuple[str, ...] = ()
    warning: str = ""

    def __post_init__(self) -> None:
        if not self.patients:
            raise _faulty("at least one patient", "none")
        if len(self.treatments) > MOST_TREATMENTS or len(self.groups) > MOST_GROUPS:
            found = f"{len(self.treatments)} and {len(self.groups)}"
            raise _faulty(f"at most {MOST_TREATMENTS} treatments and {MOST_GROUPS} groups", found)
        for patient in self.patients:
            _check_patient(patient, len(self.treatments), len(self.groups))

    @property
    def last_day(self) -> int:
        return max(self.end_day, *(p.last_day for p in self.patients))

    def name_of(self, kind: EventKind) -> str:
        return dict(self.event_names).get(kind, EVENT_NAMES[kind])

    def in_order(self) -> tuple[SwimmerPatient, ...]:
        """The bars from top to bottom: by group, and within a group as chosen."""
        by_length = self.order == "length"
        return tuple(sorted(self.patients, key=lambda p: (p.group, -p.last_day if by_length else 0)))


def swimmer_pages(data: SwimmerFigure, *, most: int = 50) -> tuple[SwimmerFigure, ...]:
    """The same bars on several figures with one axis, as even as possible. most: bars on a page."""
    bars = data.in_order()
    count = -(-len(bars) // most)
    if count == 1:
        return (data,)
    cuts = [round(k * len(bars) / count) for k in range(count + 1)]
    return tuple(
        replace(
            data,
            patients=bars[cuts[k] : cuts[k + 1]],
            order="given",
            end_day=data.last_day,
            title=f"{data.title} ({k + 1} of {count})".strip(),
        )
        for k in range(count)
    )


def check_is_legible(data: SwimmerFigure) -> None:
    """Raises: ResultsError (`too-many-bars`) where the bars of one figure could not be told apart."""
    if len(data.patients) > MOST_PATIENTS:
        raise ResultsError(
            what="A swimmer plot has more patients than can be told apart on a page.",
            code="too-many-bars",
            expected=f"at most {MOST_PATIENTS} patients",
            found=f"{len(data.patients)} patients",
            todo="Show a group of them, or spread them over several pages.",
        )


def _check_patient(patient: SwimmerPatient, treatments: int, groups: int) -> None:
    """Everything lies within the observation, and nobody goes on after death."""
    if not 0 <= patient.group < max(groups, 1):
        raise _faulty("patients of the named groups", "one of another group")
    days = [patient.last_day, *(e.day for e in patient.events)]
    days += [d for s in patient.segments for d in (s.first_day, s.last_day)]
    if min(days) < 0 or max(days) > patient.last_day:
        raise _faulty("days from 0 to the end of observation", "a day outside")
    _check_segments(patient.segments, treatments)
    deaths = [e.day for e in patient.events if e.kind == "death"]
    if deaths and (deaths != [patient.last_day] or patient.is_ongoing):
        raise _faulty("a death that ends the observation", "observation after it")


def _check_segments(segments: Sequence[SwimmerSegment], treatments: int) -> None:
    end = -1
    for segment in segments:
        if not 0 <= segment.treatment < treatments:
            raise _faulty("treatments that are named", "one without a name")
        if segment.first_day > segment.last_day or segment.first_day < end:
            raise _faulty("treatments one after the other", "days out of order")
        end = segment.last_day


def _faulty(expected: str, found: str) -> ResultsError:
    return faulty_figure("A swimmer plot", expected=expected, found=found)
