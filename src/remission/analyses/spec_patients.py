"""What can be asked of the patients and their records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Plan = Literal["planned", "data-driven"]


@dataclass(frozen=True)
class BaselineSpec:
    """Characteristics of a population: counts with shares, medians with quartiles and range.

    Args: variables: "table.field" or "group.name", in order.  by: a group whose levels become columns.
    where: which records of a dated table, by its name ({marrow = {visit = "before"}}).
    """

    id: str
    kind: Literal["baseline"]
    title: str
    population: str
    variables: tuple[str, ...]
    by: str = ""
    tests: bool = False
    where: dict[str, dict[str, object]] = field(default_factory=dict)
    quartiles: int = 2
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class RatesSpec:
    """Rates of a group's levels with exact intervals, overall and in subgroups with a test.

    Args: of: the group.  rates: name -> levels that count ({"CR or CRi" = ["CR", "CRi"]}); empty: every level.
    by: groups that make the subgroups.  denominator: all of the population, those whose level is known, or both.
    """

    id: str
    kind: Literal["rates"]
    title: str
    population: str
    of: str
    rates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    denominator: Literal["all", "assessed", "both"] = "all"
    interval: Literal["clopper-pearson", "wilson", "mid-p", "jeffreys"] = "clopper-pearson"
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class RecordsSpec:
    """Records of one table described as records, not as patients (grafts, infusions): counts, medians.

    Args: unit: what one record is, in the plural ("grafts").  where: which records.  variables: fields of the table.
    """

    id: str
    kind: Literal["records"]
    title: str
    population: str
    table: str
    unit: str
    variables: tuple[str, ...]
    where: dict[str, object] = field(default_factory=dict)
    quartiles: int = 2
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class ListingSpec:
    """One line per patient with chosen fields and groups, for small cohorts.

    Args: columns: "table.field", "group.name" or "endpoint.name"; with where as in baseline.
    up_to: the largest cohort that is listed.
    """

    id: str
    kind: Literal["listing"]
    title: str
    population: str
    columns: tuple[str, ...]
    where: dict[str, dict[str, object]] = field(default_factory=dict)
    up_to: int = 100
    plan: Plan = "planned"
    note: str = ""
