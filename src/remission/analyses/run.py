"""All analyses of a study, in the order of study.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from remission.analyses.adverse_events import analyse_adverse_events
from remission.analyses.baseline import analyse_baseline
from remission.analyses.flow import analyse_flow
from remission.analyses.follow_up import analyse_follow_up
from remission.analyses.listing import analyse_listing
from remission.analyses.material import Material
from remission.analyses.rates import analyse_rates
from remission.analyses.records import analyse_records
from remission.analyses.spec import (
    AdverseEventsSpec,
    AnalysisSpec,
    BaselineSpec,
    FollowUpSpec,
    ListingSpec,
    RatesSpec,
    RecordsSpec,
    SurvivalSpec,
)
from remission.analyses.survival import analyse_survival


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
        if isinstance(spec, BaselineSpec):
            analyse_baseline(material, spec)
        elif isinstance(spec, RatesSpec):
            analyse_rates(material, spec)
        elif isinstance(spec, SurvivalSpec):
            analyse_survival(material, spec)
        elif isinstance(spec, FollowUpSpec):
            analyse_follow_up(material, spec)
        elif isinstance(spec, RecordsSpec):
            analyse_records(material, spec)
        elif isinstance(spec, AdverseEventsSpec):
            analyse_adverse_events(material, spec)
        elif isinstance(spec, ListingSpec):
            analyse_listing(material, spec)
