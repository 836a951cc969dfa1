"""What a report needs to know of a study besides its results: names, definitions, plan. No patient, no value."""

from __future__ import annotations

from dataclasses import dataclass

from remission.analyses.spec import AnalysisSpec
from remission.core.findings import Finding
from remission.endpoints.spec import EndpointSpec


@dataclass(frozen=True)
class GroupWords:
    """A group in words. definition: level -> how it is defined.  known: "at the start", "by day 29" or "later"."""

    label: str
    levels: tuple[str, ...]
    definition: dict[str, str]
    is_baseline: bool
    known_by_day: int | None
    reason: str
    otherwise: str
    about: str
    citation: str


@dataclass(frozen=True)
class PopulationWords:
    """A population in words: its parent, what to call those left out, and how it is defined."""

    label: str
    parent: str
    excluded: str
    scope: str
    definition: str
    is_baseline: bool = True


@dataclass(frozen=True)
class SourceWords:
    """A sheet that was read."""

    name: str
    file: str
    sheet: str
    sha256: str


@dataclass(frozen=True)
class Outline:
    """The study as a reader meets it.

    Args: labels: "table.field" -> (label, unit).  not_estimable: endpoint -> reason.  excluded: patients left out by
    hand, reason by id.  findings: as in findings.csv.
    """

    name: str
    title: str
    about: str
    citation: str
    data: str
    design: str
    kind: str
    limits: tuple[str, ...]
    origin: str
    sources: tuple[SourceWords, ...]
    groups: dict[str, GroupWords]
    populations: dict[str, PopulationWords]
    endpoints: dict[str, EndpointSpec]
    not_estimable: dict[str, str]
    analyses: tuple[AnalysisSpec, ...]
    labels: dict[str, tuple[str, str]]
    findings: tuple[Finding, ...]
    excluded: dict[str, str]
    version: str
    cutoff: str = ""
    flow_split: str = ""
