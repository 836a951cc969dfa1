"""Exposure-adjusted rates: events per 100 patient-days on drug."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from remission.core.errors import DataError
from remission.endpoints.safety.bands import GradeBand
from remission.endpoints.safety.events import AdverseEvent

PER_DAYS = 100


@dataclass(frozen=True)
class EventRate:
    """Events of a term in a band, and the days at risk they arose in.

    Args: events: records, each counted.  days: patient-days at risk, summed.  per_100_days: events per 100 of them,
    None without any.  patients: those that count.  left_out: patients without days at risk, whose events and days are
    both left out.  ungraded: events without a grade that may belong to the band; not counted.  reason: why there is no
    rate.  rows: the records counted.
    """

    term: str
    band: str
    events: int
    days: int
    per_100_days: float | None
    patients: tuple[str, ...]
    left_out: tuple[str, ...]
    ungraded: int
    reason: str
    rows: tuple[int, ...]


def derive_event_rate(
    term: str, band: GradeBand, events: Iterable[AdverseEvent], days_at_risk: Mapping[str, int | None]
) -> EventRate:
    """Events per 100 patient-days at risk.

    Args: term: preferred name, "" for all.  days_at_risk: patient -> days on drug, None where they cannot be computed.
    Conventions: every record is an event, also a second one of a patient; grade 0 is none.
    Raises: DataError `negative-days`.
    """
    if any(d is not None and d < 0 for d in days_at_risk.values()):
        raise DataError(what="Days at risk are negative.", code="negative-days", expected="0 days or more")
    at_risk = {p: d for p, d in days_at_risk.items() if d is not None}
    counted, ungraded = [], 0
    for event in events:
        if term not in ("", event.term) or event.patient not in at_risk or event.grade == 0:
            continue
        answer = band.holds(event.grade)
        ungraded += answer is None
        if answer:
            counted.append(event)
    days = sum(at_risk.values())
    return EventRate(
        term=term,
        band=band.label,
        events=len(counted),
        days=days,
        per_100_days=PER_DAYS * len(counted) / days if days else None,
        patients=tuple(at_risk),
        left_out=tuple(p for p, d in days_at_risk.items() if d is None),
        ungraded=ungraded,
        reason="" if days else "no days at risk",
        rows=tuple(e.row for e in counted if e.row is not None),
    )
