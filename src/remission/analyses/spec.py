"""The analyses a study can ask for, one dataclass per kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from remission.core.errors import ProtocolError
from remission.core.settings import load, nearest

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
class SurvivalSpec:
    """An endpoint by Kaplan-Meier: curve, median, probabilities at chosen months, comparisons by group.

    Args: at_months: probabilities there.  by: groups to compare.  landmark_days: for groups known only after the
    origin; must not be before the group's known_by_day (default: that day).  rmst_months: restricted mean up to there.
    median_at_risk: a median read where fewer patients are at risk is not given.  log_log: draw log(-log S) by group.
    """

    id: str
    kind: Literal["survival"]
    title: str
    endpoint: str
    population: str
    at_months: tuple[float, ...] = (6, 12)
    by: tuple[str, ...] = ()
    landmark_days: int | None = None
    interval: Literal["log-log", "log", "plain", "logit", "arcsine-sqrt"] = "log-log"
    rmst_months: float | None = None
    median_at_risk: int = 5
    log_log: bool = False
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class IncidenceSpec:
    """Cumulative incidence of an endpoint's event and of its competing events, always both, with Gray's test by group.

    Args: endpoint: one with competing events.  at_months: incidences there.  by: groups to compare.
    event_label, competing_label: what the two causes are called ("relapse", "death without relapse").
    """

    id: str
    kind: Literal["incidence"]
    title: str
    endpoint: str
    population: str
    event_label: str
    competing_label: str
    at_months: tuple[float, ...] = (12, 24)
    by: tuple[str, ...] = ()
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class RegressionSpec:
    """Hazard ratios of covariates, one at a time and together.

    Args: covariates: "group.name" (levels against the first) or a number "table.field"; with where as in baseline.
    per: units of a number's hazard ratio ({"patients.age_years" = 10}).  model: the Cox model of the endpoint's event,
    of one cause of a competing endpoint, or of the subdistribution (Fine and Gray).  strata: a group.
    firth: penalised likelihood always, never, or where there are fewer than ten events a parameter.
    residuals: draw the scaled Schoenfeld residuals of the last model.
    """

    id: str
    kind: Literal["regression"]
    title: str
    endpoint: str
    population: str
    covariates: tuple[str, ...]
    where: dict[str, dict[str, object]] = field(default_factory=dict)
    per: dict[str, float] = field(default_factory=dict)
    model: Literal["cox", "fine-gray"] = "cox"
    ties: Literal["efron", "breslow", "exact"] = "efron"
    strata: str = ""
    firth: Literal["auto", "always", "never"] = "auto"
    residuals: bool = False
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class LaterEventSpec:
    """What happens later (transplantation, CAR-T, response) and survival; the naive contrast only beside the others.

    Args: endpoint: the survival.  switch: another endpoint, whose event is the change of state ("time to HSCT").
    before, after: what the two states are called.  landmarks_days: for the landmark grid.
    occupancy: an endpoint with competing events gives the state probabilities before and after the change as well.
    """

    id: str
    kind: Literal["later-event"]
    title: str
    endpoint: str
    switch: str
    population: str
    before: str
    after: str
    at_months: tuple[float, ...] = (6, 12, 24)
    landmarks_days: tuple[int, ...] = (30, 60, 90, 120, 180)
    occupancy: str = ""
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class FollowUpSpec:
    """How long the patients were followed: reverse Kaplan-Meier, the plain median, range of survivors."""

    id: str
    kind: Literal["follow-up"]
    title: str
    endpoint: str
    population: str
    quartiles: int = 2
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
class AdverseEventsSpec:
    """Adverse events: patients with any grade and with severe grades (worst grade each); events are counted apart."""

    id: str
    kind: Literal["adverse-events"]
    title: str
    population: str
    severe_from: int = 3
    grading: str = "CTCAE v5.0"
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


AnalysisSpec = (
    BaselineSpec
    | RatesSpec
    | SurvivalSpec
    | IncidenceSpec
    | RegressionSpec
    | LaterEventSpec
    | FollowUpSpec
    | RecordsSpec
    | AdverseEventsSpec
    | ListingSpec
)
KINDS: dict[str, type[AnalysisSpec]] = {
    "baseline": BaselineSpec,
    "rates": RatesSpec,
    "survival": SurvivalSpec,
    "incidence": IncidenceSpec,
    "regression": RegressionSpec,
    "later-event": LaterEventSpec,
    "follow-up": FollowUpSpec,
    "records": RecordsSpec,
    "adverse-events": AdverseEventsSpec,
    "listing": ListingSpec,
}


def load_analysis(entry: object, *, nth: int) -> AnalysisSpec:
    """One [[analysis]] of study.toml by its kind. Raises: ProtocolError (`unknown-kind`, and those of load)."""
    kind = str(entry.get("kind", "")) if isinstance(entry, Mapping) else ""
    name = str(entry.get("id", "")) if isinstance(entry, Mapping) else ""
    where = f"[[analysis]] number {nth}" + (f" ({name})" if name else "")
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        raise ProtocolError(
            what="study.toml: an analysis has no known kind.",
            code="unknown-kind",
            where=where,
            expected=f"kind = one of {', '.join(KINDS)}",
            todo=f"Did you mean `{near}`?" if near else "Add the kind.",
        )
    spec = load(KINDS[kind], entry, where=where)
    _check_numbers(spec, where)
    return spec


def _check_numbers(spec: AnalysisSpec, where: str) -> None:
    """Raise ProtocolError where a list names something twice or a number makes no sense."""
    for name, value in ((f.name, getattr(spec, f.name)) for f in fields(spec)):
        wrong = ""
        if isinstance(value, tuple) and len(set(value)) < len(value):
            wrong = "names something twice"
        elif name in ("at_months", "landmarks_days") and any(v <= 0 for v in value):
            wrong = "holds a time that is not after the start"
        elif name in ("rmst_months", "landmark_days") and value is not None and value <= 0:
            wrong = "is not after the start"
        elif name == "quartiles" and value not in range(1, 10):
            wrong = "is not one of the nine definitions (1 to 9)"
        if wrong:
            raise ProtocolError(
                what=f"study.toml: `{name}` {wrong}.", code="bad-number", where=where, todo="Correct the value."
            )
