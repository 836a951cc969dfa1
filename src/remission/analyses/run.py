"""All analyses of a study, in the order of study.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from remission.analyses.adverse_events import analyse_adverse_events
from remission.analyses.baseline import analyse_baseline
from remission.analyses.flow import analyse_flow
from remission.analyses.follow_up import analyse_follow_up
from remission.analyses.incidence import analyse_incidence
from remission.analyses.later_event import analyse_later_event
from remission.analyses.listing import analyse_listing
from remission.analyses.material import Material
from remission.analyses.rates import analyse_rates
from remission.analyses.records import analyse_records
from remission.analyses.regression import analyse_regression
from remission.analyses.spec import (
    AdverseEventsSpec,
    AnalysisSpec,
    BaselineSpec,
    FollowUpSpec,
    IncidenceSpec,
    LaterEventSpec,
    ListingSpec,
    RatesSpec,
    RecordsSpec,
    RegressionSpec,
    SurvivalSpec,
)
from remission.analyses.survival import analyse_survival

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
