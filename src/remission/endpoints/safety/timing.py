"""When an adverse event began, and how long it lasted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from remission.endpoints.safety.events import AdverseEvent


@dataclass(frozen=True)
class EventTime:
    """Onset and duration of one event.

    Args: onset_days: days from `from_day` to its beginning: 0 is the same day.  duration_days: days it was present,
    the first and the last both counted.  reason: why one is missing.  is_open: it has begun and no end is recorded.
    """

    patient: str
    term: str
    onset_days: int | None
    duration_days: int | None
    is_open: bool
    reason: str = ""
    row: int | None = None


def derive_event_time(event: AdverseEvent, *, from_day: int | None) -> EventTime:
    """Onset and duration of an event. from_day: of the infusion or cycle that onset is counted from."""
    start, end = event.start_day, event.end_day
    missing = [
        words
        for words, day in (("beginning", start), ("end", end), ("day that onset is counted from", from_day))
        if day is None
    ]
    is_turned = start is not None and end is not None and end < start
    reason = "ends before it begins" if is_turned else f"not recorded: {', '.join(missing)}" if missing else ""
    return EventTime(
        event.patient,
        event.term,
        onset_days=None if start is None or from_day is None else start - from_day,
        duration_days=None if start is None or end is None or is_turned else end - start + 1,
        is_open=start is not None and end is None,
        reason=reason,
        row=event.row,
    )


def derive_first_onsets(
    events: Iterable[AdverseEvent], from_days: dict[str, int | None], *, at_least: int = 1
) -> tuple[EventTime, ...]:
    """The first event of each patient and term from a grade on; one without a day is first only where none has a day.

    Args: from_days: patient -> day onset is counted from.  at_least: lowest grade; events without a grade count for 1.
    """
    first: dict[tuple[str, str], AdverseEvent] = {}
    for event in events:
        if (1 if event.grade is None else event.grade) < at_least:
            continue
        key = (event.patient, event.term)
        if key not in first or _later(first[key]) > _later(event):
            first[key] = event
    return tuple(derive_event_time(first[k], from_day=from_days.get(k[0])) for k in sorted(first))


def _later(event: AdverseEvent) -> tuple[bool, int]:
    return event.start_day is None, event.start_day or 0
