"""What can be asked for as a picture of the patients, one by one or on their way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from remission.analyses.spec_patients import Plan

MARKS = ("cr", "cri", "mrd-negative")


@dataclass(frozen=True)
class SwimmerSpec:
    """One bar per patient: infusions, response, transplantation, CAR-T, relapse, death, still observed.

    Args: endpoint: whose time is the length of a bar (overall survival).  marks: "cr", "cri" or "mrd-negative" -> the
    level of a group that it stands for ({group = "response", level = "CR"}), drawn on the day it became known.
    by: a group whose levels are blocks of bars.  up_to: the largest population that is drawn.
    """

    id: str
    kind: Literal["swimmer"]
    title: str
    endpoint: str
    population: str
    marks: dict[str, dict[str, str]] = field(default_factory=dict)
    by: str = ""
    up_to: int = 100
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class WaterfallSpec:
    """The change of a measure in every patient, from the greatest rise to the greatest fall.

    Args: measure: a laboratory test as recorded or a number of the marrow.  visits: two, as in dynamics.  scale: in the
    unit of the measure ("difference"), in per cent of the first value, or as log10 of the ratio.  by: a group that
    gives the bars their colours.  lines: values drawn across with their names ("-4" = "4 logs").
    """

    id: str
    kind: Literal["waterfall"]
    title: str
    population: str
    measure: str
    visits: dict[str, str]
    scale: Literal["difference", "percent", "log10"] = "difference"
    pick: Literal["first", "last"] = "first"
    by: str = ""
    lines: dict[str, str] = field(default_factory=dict)
    label: str = ""
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class AlluvialSpec:
    """How patients move through two to four groups: status before, response, next treatment, outcome.

    Args: groups: in order.  colour_by: the group that gives the ribbons their colours, by default the first.
    """

    id: str
    kind: Literal["alluvial"]
    title: str
    population: str
    groups: tuple[str, ...]
    colour_by: str = ""
    plan: Plan = "planned"
    note: str = ""
