"""What study.toml says about response, groups, populations and endpoints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

HsctPolicy = Literal["ignore", "censor", "competing"]


@dataclass(frozen=True)
class GroupSpec:
    """A partition of the patients: ordered levels, the first that fits wins, the rest are `otherwise`.

    Args: of: "table.field" or "group.name" the levels' demands are about; without it every level is a condition.
    where: which records of that table ({visit = "before"}).  levels: name -> demand (with `of`) or condition; empty
    with `of` means the codes as recorded.  preset: a cited list of levels from the library instead.
    known_by_day: the day by which every patient's level is known, where it is not a baseline one; needed for a
    landmark.  reason: of that day, printed.  planned: was the partition fixed before the data were seen?
    """

    label: str
    of: str = ""
    where: dict[str, object] = field(default_factory=dict)
    levels: dict[str, object] = field(default_factory=dict)
    preset: str = ""
    otherwise: str = "not recorded"
    known_by_day: int | None = None
    reason: str = ""
    about: str = ""


@dataclass(frozen=True)
class PopulationSpec:
    """A set of patients, narrowed from another by conditions.

    Args: from: the population it is part of.  when: conditions.  scope: for records of a sheet with its own numbering.
    excluded: what to call those left out, in the flow diagram.
    """

    label: str
    parent: str = field(default="", metadata={"key": "from"})
    when: object = field(default_factory=dict)
    scope: str = ""
    excluded: str = ""


@dataclass(frozen=True)
class ResponseSpec:
    """Which group is the response and which of its levels count as responding (used by EFS, PFS, DoR, RFS)."""

    group: str
    responders: tuple[str, ...]
    visit: str = ""


@dataclass(frozen=True)
class EventSource:
    """One place an event, a censoring or the end of observation is read from.

    Args: label: in words.  table, when: the records it is about.  day: the field that holds its day, or a number of
    days.  needs: fields that must be recorded in the study for this source to say anything.  is_last: nothing can
    follow it (death), so that an undated one does not hide an earlier event.  may_precede: it can come before a start
    other than the origin without a contradiction (a transplantation before the response); then the patient is not
    evaluable, not an error.
    """

    label: str
    table: str
    day: str | int
    when: dict[str, object] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    is_last: bool = False
    may_precede: bool = False


@dataclass(frozen=True)
class EndpointSpec:
    """An endpoint as data; a preset fills what is not given.

    Args: population: who it is about.  start: "origin" or the name of a source.  events, competing, censor, end: names
    of sources in the order that decides ties on one day.  hsct: transplantation after the origin ignored, censoring
    or a competing event.  window_days: last day of the response window, for `failure_at_window`.  favourable: the
    event is good news (time to response).
    """

    label: str = ""
    short: str = ""
    preset: str = ""
    about: str = ""
    citation: str = ""
    population: str = ""
    start: str = ""
    events: tuple[str, ...] = ()
    competing: tuple[str, ...] = ()
    censor: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    hsct: HsctPolicy = "ignore"
    window_days: int | None = None
    favourable: bool = False
