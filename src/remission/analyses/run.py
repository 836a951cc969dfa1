"""All analyses of a study, in the order of study.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from remission.analyses.adverse_events import analyse_adverse_events
from remission.analyses.alluvial import analyse_alluvial
from remission.analyses.baseline import analyse_baseline
from remission.analyses.cut_point import analyse_cut_point
from remission.analyses.dynamics import analyse_dynamics
from remission.analyses.exposure import analyse_exposure
from remission.analyses.flow import analyse_flow
from remission.analyses.follow_up import analyse_follow_up
from remission.analyses.incidence import analyse_incidence
from remission.analyses.later_event import analyse_later_event
from remission.analyses.listing import analyse_listing
from remission.analyses.material import Material
from remission.analyses.odds import analyse_odds
from remission.analyses.rates import analyse_rates
from remission.analyses.records import analyse_records
from remission.analyses.regression import analyse_regression
from remission.analyses.spec import (
    AdverseEventsSpec,
    AlluvialSpec,
    AnalysisSpec,
    BaselineSpec,
    CutPointSpec,
    DynamicsSpec,
    ExposureSpec,
    FollowUpSpec,
    IncidenceSpec,
    LaterEventSpec,
    ListingSpec,
    OddsSpec,
    RatesSpec,
    RecordsSpec,
    RegressionSpec,
    SubgroupsSpec,
    SurvivalSpec,
    SwimmerSpec,
    WaterfallSpec,
)
from remission.analyses.subgroups import analyse_subgroups
from remission.analyses.survival import analyse_survival
from remission.analyses.swimmer import analyse_swimmer
from remission.analyses.waterfall import analyse_waterfall

_ANALYSE: dict[type, Callable[[Material, Any], None]] = {
    BaselineSpec: analyse_baseline,
    RatesSpec: analyse_rates,
    SurvivalSpec: analyse_survival,
    IncidenceSpec: analyse_incidence,
    RegressionSpec: analyse_regression,
    LaterEventSpec: analyse_later_event,
    FollowUpSpec: analyse_follow_up,
    RecordsSpec: analyse_records,
    AdverseEventsSpec: analyse_adverse_events,
    ListingSpec: analyse_listing,
    DynamicsSpec: analyse_dynamics,
    SwimmerSpec: analyse_swimmer,
    WaterfallSpec: analyse_waterfall,
    AlluvialSpec: analyse_alluvial,
    ExposureSpec: analyse_exposure,
    OddsSpec: analyse_odds,
    CutPointSpec: analyse_cut_point,
    SubgroupsSpec: analyse_subgroups,
}


def analyse(
    material: Material,
    specs: Iterable[AnalysisSpec],
    *,
    excluded: dict[str, str],
    flow_split: str = "",
    step: Callable[[str], None] = lambda _: None,
) -> None:
    """Fill the results table. step: told the title of each analysis before it runs (a progress bar)."""
    analyse_flow(material, excluded, flow_split)
    for spec in specs:
        step(spec.title)
        analyse_one(material, spec)


def analyse_one(material: Material, spec: AnalysisSpec) -> None:
    """The rows of one analysis, by its kind."""
    _ANALYSE[type(spec)](material, spec)
