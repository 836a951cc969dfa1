"""A later event of a table as rows: the naive contrast, marked, beside the methods that are right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.analyses.guard import NAIVE
from remission.results.table import Results
from remission.stats import (
    CoxFit,
    Curve,
    SurvivalAt,
    compare_by_switch,
    estimate_by_state,
    fit_cox,
    landmark_at,
    split_at,
    survival_at,
)
from remission.stats.at_risk import at_risk_table
from remission.table_survival.curves import place_of, ticks_of, write_points
from remission.table_survival.models import single_fit, write_coefficient
from remission.table_survival.small import few_words, is_sparse, write_permutation
from remission.table_survival.table import SurvivalTable

STATES = ("before", "after")


def without_words(table: SurvivalTable) -> str:
    """What the models of --covariates and --group follow and the contrasts of the later event do not."""
    left = [f"the strata of {table.strata.column}"] if table.strata is not None else []
    left += [f"the clusters of {table.cluster.column}"] if table.cluster is not None else []
    left += ["Firth's penalty"] if table.ask.firth else []
    return f"without {' and '.join(left)}" if left else ""


def write_later_event(results: Results, table: SurvivalTable) -> None:
    """Counts, both contrasts with the size of the bias, Mantel-Byar, Simon-Makuch curves, the landmark."""
    if table.switch is None:
        return
    at = place_of(results, table)
    pieces = split_at(table.days, table.is_event, table.switch, entry_days=table.entry)
    ever = np.zeros(table.n, dtype=np.bool_)
    ever[pieces.patient[pieces.has_switched]] = True
    n = table.n
    recorded = int((~np.isnan(table.switch)).sum())
    late = recorded - int(ever.sum())
    words = f"{late} more changed on the last day of follow-up or later, which does not count" if late else ""
    at.put("switched", "n", int(ever.sum()), n=n, note=words)
    if not ever.any() or ever.all():
        why = f"{'everybody' if ever.all() else 'nobody'} changed state under observation"
        why += f", {late} on the last day of follow-up or later" if late else ""
        at.put("time_dependent", "ratio", None, unit="ratio", why=why, n=n)
        return
    plain = without_words(table)
    naive, right = single_fit(table, pieces, ever)
    write_coefficient(
        at, "naive", "", naive, 0, method="naive-post-baseline", note="; ".join(filter(None, (NAIVE, plain))), n=n
    )
    write_coefficient(at, "time_dependent", "", right, 0, method="cox-time-dependent", note=plain, n=n)
    if naive.status == right.status == "ok":
        factor = float(np.exp(right.coefficients[0] - naive.coefficients[0]))
        times, side = (factor, "low") if factor > 1 else (1 / factor, "high")
        words = f"the naive hazard ratio is {times:.2f} times too {side}"
        if f"{times:.2f}" == "1.00":
            words = "the naive hazard ratio is the same"
        note = "; ".join(filter(None, (words, plain)))
        at.put("bias", "ratio", factor, unit="ratio", method="cox-time-dependent", n=n, note=note)
    test = compare_by_switch(table.days, table.is_event, table.switch, entry_days=table.entry).test
    for stat, value in (("statistic", test.chi2), ("df", test.df), ("p", test.p)):
        at.put("mantel_byar", stat, value, method="mantel-byar", why=test.reason, note=plain, n=n)
    _write_curves(results, table, table.switch)
    if table.ask.landmark_day is not None:
        _write_landmark(at, table, table.ask.landmark_day)


def _write_curves(results: Results, table: SurvivalTable, switch: NDArray[np.float64]) -> None:
    """Simon-Makuch curves of all, and of every level of the group."""
    everybody = np.ones(table.n, dtype=np.bool_)
    _write_states(results, table, switch, everybody, "state", {s: s for s in STATES})
    if table.group is not None:
        for i, level in enumerate(table.group.levels):
            names = {s: state_level(level, s) for s in STATES}
            _write_states(results, table, switch, table.group.code == i, state_group(table.group.column), names)


def state_group(column: str) -> str:
    """The group of rows by a column and by state."""
    return f"{column} and state"


def state_level(level: str, state: str) -> str:
    return f"{level} {state}"


def _write_states(
    results: Results,
    table: SurvivalTable,
    switch: NDArray[np.float64],
    keep: NDArray[np.bool_],
    group: str,
    names: Mapping[str, str],
) -> None:
    """Both curves of some rows. names: what a state is called as a level of the group."""
    found = estimate_by_state(
        table.days[keep], table.is_event[keep], switch[keep], states=STATES,
        entry_days=None if table.entry is None else table.entry[keep], interval=table.ask.choices.interval,
    )  # fmt: skip
    ticks, days = ticks_of(table), table.ask.at_days
    counts = at_risk_table(found.risk, np.array(ticks, dtype=np.int64))
    for g, (state, curve) in enumerate(zip(STATES, found.curves, strict=True)):
        here = place_of(results, table, group=group, level=names[state])
        if not curve.n:
            continue
        for day, point in zip(days, survival_at(curve, np.array(days, dtype=np.int64)), strict=True):
            _write_point(here, curve, day, point)
        pieces = found.episodes
        moved = pieces.exit_days[pieces.ends_with_switch] if g == 0 else None
        write_points(here, curve, "simon-makuch", moved=moved)
        for j, day in enumerate(ticks):
            here.put("at_risk", "at_risk", int(counts.at_risk[g, j]), category=f"{day}d", method="simon-makuch")
            here.put("at_risk", "events", int(counts.events[g, j]), category=f"{day}d", method="simon-makuch")


def _write_point(here: Place, curve: Curve, day: int, point: SurvivalAt) -> None:
    for stat, value in (("estimate", point.survival), ("se", point.se), ("low", point.low), ("high", point.high)):
        here.put(
            "survival", stat, value, category=f"{day}d", unit="proportion", method="simon-makuch",
            why=point.reason or "not defined at a survival of 0",
            note=point.reason if stat == "estimate" else "", n=curve.n,
        )  # fmt: skip
    here.put("survival", "at_risk", point.at_risk, category=f"{day}d", n=curve.n)


def _write_landmark(at: Place, table: SurvivalTable, day: int) -> None:
    """Those still under observation after the day, by what had happened until then."""
    category = f"{day}d"
    found = landmark_at(table.days, table.is_event, table.switch, day, states=STATES, ties=table.ask.ties_used)  # type: ignore[arg-type]
    n = int(found.n.sum())
    for stat, value in (
        ("ratio", found.hazard_ratio),
        ("low", found.low),
        ("high", found.high),
        ("p", found.p_hazard_ratio),
    ):
        at.put(
            "landmark", stat, value, category=category, unit="" if stat == "p" else "ratio", method="landmark",
            why=found.hazard_reason or found.reason or "not estimable", n=n,
        )  # fmt: skip
    for stat, value in (("statistic", found.test.chi2), ("df", found.test.df), ("p", found.test.p)):
        at.put("landmark_logrank", stat, value, category=category, method="logrank", why=found.test.reason, n=n)
    _write_beside_landmark(at, table, day, category)
    for state, size, events in zip(STATES, found.n.tolist(), found.events.tolist(), strict=True):
        at.put(f"landmark_{state}", "N", size, category=category)
        at.put(f"landmark_{state}", "events", events, category=category, n=size)
        at.put(f"landmark_{state}", "censored", size - events, category=category, n=size)
    lost = found.n_lost_events + found.n_lost_censored
    at.put("landmark_lost", "n", lost, category=category, n=table.n, note="event or end of follow-up by the landmark")


def _write_beside_landmark(at: Place, table: SurvivalTable, day: int, category: str) -> None:
    """The permutation test and Firth's ratio where few are behind the landmark."""
    assert table.switch is not None  # noqa: S101  (asked for with --switch only)
    keep = table.days > day
    days, is_event, after = table.days[keep], table.is_event[keep], table.switch[keep] <= day
    if not is_event.any() or not after.any() or after.all():
        return
    write_permutation(at, days, is_event, after.astype(np.int64), variable="landmark_permutation", category=category)

    def fitted(firth: bool) -> CoxFit:
        X = after[:, None].astype(np.float64)
        return fit_cox(days, is_event, X, names=["after"], ties=table.ask.ties_used, firth=firth)

    events = int(is_event.sum())
    if table.ask.ties_used != "exact" and is_sparse(plain := fitted(firth=False), events):
        note, n = few_words(plain, events), int(days.size)
        write_coefficient(at, "landmark_penalised", category, fitted(firth=True), 0, method="cox-firth", note=note, n=n)
