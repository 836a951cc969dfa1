"""How long the patients were followed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.analyses.material import Material
from remission.analyses.spec import FollowUpSpec
from remission.analyses.times import Times, times_of
from remission.stats import estimate_follow_up


def analyse_follow_up(material: Material, spec: FollowUpSpec) -> None:
    """Rows of one [[analysis]] of kind follow-up: reverse Kaplan-Meier, plain median, range of the event-free."""
    where = f"analysis {spec.id}"
    endpoint = material.endpoint(spec.endpoint, where=where)
    population = material.population(spec.population, where=where)
    at = Place(material.results, spec.id, spec.population)
    times = times_of(endpoint, population.patients)
    for variable in ("reverse_km", "plain", "event_free", "completeness"):
        material.trace(spec.id, variable, (f"endpoint.{spec.endpoint}",))
    if endpoint.not_estimable or not times.patients:
        why = endpoint.not_estimable or "no patient has a time"
        at.put(
            "reverse_km",
            "estimate",
            None,
            why=why,
            failed=True,
            n=len(population.patients),
            members=population.patients,
        )
        return
    # a competing event ends the observation of an endpoint, but not because the follow-up ended
    event = times.cause > 0
    found = estimate_follow_up(
        times.days, event, potential_days=potential_days(material, times), quartile_kind=spec.quartiles
    )
    listed = material.results.keep_members(times.patients)
    alive = material.results.keep_members(p for p, e in zip(times.patients, event, strict=True) if not e)
    for stat, value in (("estimate", found.median_days), ("low", found.low), ("high", found.high)):
        why = found.reason or "not reached"
        at.put("reverse_km", stat, value, unit="days", method="reverse-km", why=why, n=found.n, members_hash=listed)
    for variable, summary, who in (("plain", found.everybody, listed), ("event_free", found.without_event, alive)):
        at.put(variable, "N", summary.n, members_hash=who)
        for stat, value in (
            ("median", summary.median),
            ("q1", summary.q1),
            ("q3", summary.q3),
            ("min", summary.minimum),
            ("max", summary.maximum),
        ):
            at.put(
                variable,
                stat,
                value,
                unit="days",
                method="naive-median",
                why=summary.reason or "nobody",
                n=summary.n,
                members_hash=who,
            )
    if found.completeness is not None:
        at.put(
            "completeness",
            "estimate",
            found.completeness,
            unit="proportion",
            method="followup-completeness",
            n=found.n,
            members_hash=listed,
        )


def potential_days(material: Material, times: Times) -> NDArray[np.int64] | None:
    """Days from each start to the data cut-off, where every patient has one; never shorter than what was observed."""
    cutoff = [material.value("patients.cutoff_day", p, {})[0] for p in times.patients]
    if not times.patients or any(c is None for c in cutoff):
        return None
    until = np.array([int(float(c or 0)) for c in cutoff], dtype=np.int64) - times.starts
    longest: NDArray[np.int64] = np.maximum(until, times.days)
    return longest
