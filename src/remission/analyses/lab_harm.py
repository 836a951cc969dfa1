"""Adverse events that laboratory values show, for a table of harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from remission.analyses.counts import Place
from remission.analyses.material import Material
from remission.analyses.spec_treatment import AdverseEventsSpec
from remission.core.errors import ProtocolError
from remission.endpoints.safety.ctcae import find_test
from remission.endpoints.safety.events import AdverseEvent
from remission.endpoints.safety.lab_events import NormalRange, derive_lab_events, read_lab_values


def lab_events(material: Material, spec: AdverseEventsSpec, patients: tuple[str, ...], at: Place) -> list[AdverseEvent]:
    """Graded values from after day 0; those that cannot be graded are counted by their reason.

    Raises: ProtocolError where the limits of normal cannot be read, DataError for an unknown version of CTCAE.
    """
    values = read_lab_values(material.cohort.tables["labs"], patients, ranges=_ranges(spec))
    later = [v for v in values if v.day is not None and v.day > 0]
    found = derive_lab_events(later, version=spec.ctcae)
    at.put("laboratory", "N", len(later), unit="values")
    reasons = [f"{term}: {reason}" for _, term, reason in found.undecided]
    for reason in sorted(set(reasons)):
        at.put("laboratory_not_graded", "n", reasons.count(reason), category=reason, unit="values", n=len(later))
    # the row of an event is one of the labs, not of the adverse events
    return [replace(event, row=None) for event in found.events]


def _ranges(spec: AdverseEventsSpec) -> dict[str, NormalRange]:
    made = {}
    for name, limits in spec.normal.items():
        test = find_test(name)
        is_read = isinstance(limits, Mapping) and "unit" in limits and set(limits) <= {"unit", "lower", "upper"}
        if test is None or not is_read:
            raise ProtocolError(
                what=f"study.toml: the limits of normal of `{name}` cannot be read.",
                code="bad-limits",
                where=f"analysis {spec.id} normal",
                expected='"ALT" = { unit = "U/L", upper = 40 }, of a test that CTCAE grades',
                todo="Write them in that form.",
            )
        numbers = {k: float(str(limits[k])) for k in ("lower", "upper") if k in limits}
        made[test] = NormalRange(str(limits["unit"]), numbers.get("lower"), numbers.get("upper"))
    return made
