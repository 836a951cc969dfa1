"""What can be asked of the time to an event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from remission.analyses.spec_patients import Plan


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
    before, after: what the two states are called.  landmarks_days: for the landmark grid.  adjust_for: covariates known
    at the start that stand beside the change in the time-dependent Cox model; where, per: of them, as in a regression.
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
    adjust_for: tuple[str, ...] = ()
    where: dict[str, dict[str, object]] = field(default_factory=dict)
    per: dict[str, float] = field(default_factory=dict)
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
