"""Restricted mean survival time of every curve, and the difference and ratio of two groups."""

from __future__ import annotations

from remission.analyses.counts import Place
from remission.analyses.spec import SurvivalSpec
from remission.core.days import days_from
from remission.stats.kaplan_meier import estimate_curves
from remission.stats.riskset import RiskTable
from remission.stats.rmst import compare_rmst, restricted_mean


def write_rmst(place: Place, spec: SurvivalSpec, risk: RiskTable, members: dict[str, tuple[str, ...]]) -> None:
    """Rows `rmst@<m>mo` of every level, `rmst_difference` and `rmst_ratio` (second against first) for two groups.

    Where follow-up of a curve ends before the chosen month the row is undefined and says so: nothing is extended.
    """
    if spec.rmst_months is None:
        return
    tau = days_from(str(spec.rmst_months), "months")
    category = f"{spec.rmst_months:g}mo"
    for curve, (level, patients) in zip(estimate_curves(risk, interval=spec.interval), members.items(), strict=True):
        found = restricted_mean(curve, tau)
        at = Place(place.results, place.analysis, place.population, place.group, level, place.note)
        listed = place.results.keep_members(patients)
        for stat, value in (("estimate", found.mean_days), ("low", found.low), ("high", found.high), ("se", found.se)):
            at.put(
                "rmst", stat, value, category=category, unit="days", method="rmst", why=found.reason, n=found.n,
                members_hash=listed,
            )  # fmt: skip
    if len(members) != 2:
        return
    both = compare_rmst(risk, tau_days=tau)
    n = sum(map(len, members.values()))
    listed = place.results.keep_members(p for patients in members.values() for p in patients)
    triple = (("estimate", both.difference), ("low", both.difference_low), ("high", both.difference_high))
    for stat, value in (*triple, ("se", both.difference_se)):
        place.put(
            "rmst_difference", stat, value, category=category, unit="days", method="rmst", why=both.reason, n=n,
            members_hash=listed,
        )  # fmt: skip
    place.put(
        "rmst_difference", "p", both.p_difference, category=category, method="rmst", why=both.reason, n=n,
        members_hash=listed,
    )  # fmt: skip
    for stat, value in (("ratio", both.ratio), ("low", both.ratio_low), ("high", both.ratio_high)):
        place.put(
            "rmst_ratio", stat, value, category=category, unit="ratio", method="rmst", why=both.reason, n=n,
            members_hash=listed,
        )  # fmt: skip
