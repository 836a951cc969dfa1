"""One analysis in the report, by its kind: its sentences, then its tables, then its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
    OddsSpec,
    RatesSpec,
    RecordsSpec,
    RegressionSpec,
    SubgroupsSpec,
    SurvivalSpec,
    SwimmerSpec,
    WaterfallSpec,
)
from remission.display.drawing import Page
from remission.display.grid import Block
from remission.display.kinds.adverse_events import show_adverse_events
from remission.display.kinds.baseline import show_baseline
from remission.display.kinds.dynamics import show_dynamics
from remission.display.kinds.exposure import show_exposure
from remission.display.kinds.factors import show_cut_point, show_odds, show_subgroups
from remission.display.kinds.follow_up import show_follow_up
from remission.display.kinds.incidence import show_incidence
from remission.display.kinds.later_event import show_later_event
from remission.display.kinds.pictures import show_alluvial, show_swimmer, show_waterfall
from remission.display.kinds.rates import show_rates
from remission.display.kinds.records import show_records
from remission.display.kinds.regression import show_regression
from remission.display.kinds.survival import show_survival

_SHOW: dict[type, Callable[[Page, Any], list[Block]]] = {
    BaselineSpec: show_baseline,
    RatesSpec: show_rates,
    SurvivalSpec: show_survival,
    IncidenceSpec: show_incidence,
    RegressionSpec: show_regression,
    LaterEventSpec: show_later_event,
    FollowUpSpec: show_follow_up,
    RecordsSpec: show_records,
    AdverseEventsSpec: show_adverse_events,
    DynamicsSpec: show_dynamics,
    SwimmerSpec: show_swimmer,
    WaterfallSpec: show_waterfall,
    AlluvialSpec: show_alluvial,
    ExposureSpec: show_exposure,
    OddsSpec: show_odds,
    CutPointSpec: show_cut_point,
    SubgroupsSpec: show_subgroups,
}


def show_analysis(page: Page, spec: AnalysisSpec) -> list[Block]:
    """Sentences, then tables, then figures of one analysis; a listing stands at the end of the report instead."""
    show = _SHOW.get(type(spec))
    return [] if show is None else show(page, spec)
