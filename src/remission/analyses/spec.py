"""The analyses a study can ask for, one dataclass per kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from remission.analyses.spec_dynamics import WINDOW, DynamicsSpec
from remission.analyses.spec_factors import CutPointSpec, OddsSpec, SubgroupsSpec
from remission.analyses.spec_patients import (
    BaselineSpec,
    ListingSpec,
    RatesSpec,
    RecordsSpec,
)
from remission.analyses.spec_pictures import AlluvialSpec, SwimmerSpec, WaterfallSpec
from remission.analyses.spec_time import (
    FollowUpSpec,
    IncidenceSpec,
    LaterEventSpec,
    RegressionSpec,
    SurvivalSpec,
)
from remission.analyses.spec_treatment import AdverseEventsSpec, ExposureSpec
from remission.core.errors import ProtocolError
from remission.core.settings import load, nearest

__all__ = [
    "KINDS",
    "AdverseEventsSpec",
    "AlluvialSpec",
    "AnalysisSpec",
    "BaselineSpec",
    "CutPointSpec",
    "DynamicsSpec",
    "ExposureSpec",
    "FollowUpSpec",
    "IncidenceSpec",
    "LaterEventSpec",
    "ListingSpec",
    "OddsSpec",
    "RatesSpec",
    "RecordsSpec",
    "RegressionSpec",
    "SubgroupsSpec",
    "SurvivalSpec",
    "SwimmerSpec",
    "WaterfallSpec",
    "load_analysis",
]

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
    | DynamicsSpec
    | SwimmerSpec
    | WaterfallSpec
    | AlluvialSpec
    | ExposureSpec
    | OddsSpec
    | CutPointSpec
    | SubgroupsSpec
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
    "dynamics": DynamicsSpec,
    "swimmer": SwimmerSpec,
    "waterfall": WaterfallSpec,
    "alluvial": AlluvialSpec,
    "exposure": ExposureSpec,
    "odds": OddsSpec,
    "cut-point": CutPointSpec,
    "subgroups": SubgroupsSpec,
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
        elif name == "visits" and len(value) < 2:
            wrong = "names one visit, where two are compared"
        elif name == "visits" and any((w := WINDOW.match(v)) and int(w[1]) > int(w[2]) for v in value.values()):
            wrong = "holds a window that ends before it begins"
        if wrong:
            raise ProtocolError(
                what=f"study.toml: `{name}` {wrong}.", code="bad-number", where=where, todo="Correct the value."
            )
