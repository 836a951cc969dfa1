"""What can be asked of risk factors: odds of a response, cut-points, effects in subgroups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from remission.analyses.spec_patients import Plan

Missing = Literal["complete", "impute"]


@dataclass(frozen=True)
class OddsSpec:
    """Odds ratios of a response, one covariate at a time and together.

    Args: of: the group; levels: those that count.  covariates, where, per: as in a regression.  firth: penalised
    likelihood always, never, or where there are fewer than ten of the rarer outcome a parameter.  missing: complete
    cases, or multiple imputation of the model of all covariates beside them, with so many copies.  adjust: the
    p-values of the univariable models.
    """

    id: str
    kind: Literal["odds"]
    title: str
    population: str
    of: str
    levels: tuple[str, ...]
    covariates: tuple[str, ...]
    where: dict[str, dict[str, object]] = field(default_factory=dict)
    per: dict[str, float] = field(default_factory=dict)
    firth: Literal["auto", "always", "never"] = "auto"
    missing: Missing = "complete"
    copies: int = 20
    adjust: Literal["none", "holm", "benjamini-hochberg"] = "none"
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class CutPointSpec:
    """The cut-point of a number that separates best, only with the p-value that counts the search for it.

    Args: marker: "table.field"; where: which of its records.  endpoint: a survival, or of and levels: a response.
    shares: of patients at or below the first and the last cut-point tried.
    """

    id: str
    kind: Literal["cut-point"]
    title: str
    population: str
    marker: str
    endpoint: str = ""
    of: str = ""
    levels: tuple[str, ...] = ()
    where: dict[str, dict[str, object]] = field(default_factory=dict)
    shares: tuple[float, float] = (0.1, 0.9)
    plan: Plan = "data-driven"
    note: str = ""


@dataclass(frozen=True)
class SubgroupsSpec:
    """One contrast in subgroups: a difference of response or a hazard ratio, with a test of interaction each.

    Args: contrast: a group of which two levels are compared, the first against the second.  by: groups that make the
    subgroups.  endpoint: a survival (hazard ratio), or of and levels: a response (difference of proportions).
    """

    id: str
    kind: Literal["subgroups"]
    title: str
    population: str
    contrast: str
    by: tuple[str, ...]
    endpoint: str = ""
    of: str = ""
    levels: tuple[str, ...] = ()
    plan: Plan = "planned"
    note: str = ""
