"""What happens later and survival: the change of state at its own day, and the naive contrast beside it, marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.analyses.covariates import covariate_of
from remission.analyses.guard import NAIVE
from remission.analyses.material import Material
from remission.analyses.regression import EVENTS_PER_PARAMETER, refused_because
from remission.analyses.spec import LaterEventSpec, RegressionSpec
from remission.analyses.survival import PERMUTATION_SEED, PERMUTED_UP_TO, SMALL_GROUP
from remission.analyses.times import Times, times_of
from remission.core.days import days_from
from remission.core.errors import ProtocolError
from remission.core.ticks import nice_ticks
from remission.endpoints.engine import Endpoint
from remission.stats.arrays import IntArray
from remission.stats.cox_fit import fit_cox
from remission.stats.cox_result import CoxFit
from remission.stats.episodes import illness_death_rows
from remission.stats.kaplan_meier import Curve, survival_at
from remission.stats.landmarks import landmark_grid
from remission.stats.mantel_byar import compare_by_switch, fit_by_switch
from remission.stats.occupancy import estimate_occupancy, occupancy_at
from remission.stats.permutation import permutation_logrank
from remission.stats.simon_makuch import SimonMakuch, at_risk_by_state
from remission.stats.simon_makuch import estimate as estimate_simon_makuch


@dataclass(frozen=True)
class Switches:
    """The day of the change of state of each evaluable patient, NaN where it did not happen under observation."""

    days: NDArray[np.float64]
    happened: NDArray[np.bool_]


def analyse_later_event(material: Material, spec: LaterEventSpec) -> None:
    """Rows of one [[analysis]] of kind later-event.

    `naive`: hazard ratio of ever against never, every row marked as biased.  `time_dependent`: the Cox model in which
    a patient changes group on the day of the event.  `mantel_byar`: its log-rank test.  `by_state.<state>`:
    Simon-Makuch curves.  `landmark@<day>d`: the contrast from each landmark.  `occupancy`: state probabilities.
    """
    where = f"analysis {spec.id}"
    endpoint = material.endpoint(spec.endpoint, where=where)
    switch = material.endpoint(spec.switch, where=where)
    population = material.population(spec.population, where=where)
    times = times_of(endpoint, population.patients)
    at = Place(material.results, spec.id, spec.population)
    _trace(material, spec)
    why = endpoint.not_estimable or switch.not_estimable or ("" if times.patients else "no patient has a time")
    if not why and (times.cause == 2).any():
        why = "the endpoint has competing events; name the survival endpoint itself"
    if why:
        n = len(population.patients)
        at.put("time_dependent", "ratio", None, unit="ratio", why=why, failed=True, n=n, members=population.patients)
        return
    switches = switches_of(switch, times)
    event = times.cause == 1
    switched = [p for p, s in zip(times.patients, switches.happened, strict=True) if s]
    total = len(times.patients) + len(times.not_evaluable)
    at.count("not_evaluable", "n", times.not_evaluable, of=total, note=times.reasons)
    at.count("patients", "N", times.patients, of=None)
    dead = [p for p, e in zip(times.patients, event, strict=True) if e]
    at.count("patients", "events", dead, of=len(times.patients))
    at.count(
        "patients", "censored", [p for p, e in zip(times.patients, event, strict=True) if not e], of=len(times.patients)
    )
    at.count("switched", "n", switched, of=len(times.patients))
    if not switched or len(switched) == len(times.patients):
        why = f"{'nobody' if not switched else 'everybody'} changed state"
        at.put("time_dependent", "ratio", None, unit="ratio", why=why, n=len(times.patients))
        return
    _contrasts(at, times, switches, event)
    if spec.adjust_for:
        _adjusted(material, at, spec, times, switches, event)
    _curves(at, spec, times, switches, event)
    _landmarks(at, spec, times, switches, event)
    if spec.occupancy:
        _occupancy(material, spec, at, switch, where)


def switches_of(switch: Endpoint, times: Times) -> Switches:
    """Days from the start of the survival endpoint to the change of state, where it was seen."""
    days = np.full(len(times.patients), np.nan)
    for i, patient in enumerate(times.patients):
        row = switch.rows.get(patient)
        if row is not None and row.status == "event" and row.days is not None:
            days[i] = row.days + (row.start or 0) - int(times.starts[i])
    # a change on the last day of observation or later was never followed by any time in the new state
    happened = days < times.days
    return Switches(np.where(happened, np.maximum(days, 0), np.nan), happened)


def _contrasts(at: Place, times: Times, switches: Switches, event: NDArray[np.bool_]) -> None:
    listed, n = at.results.keep_members(times.patients), len(times.patients)
    naive = fit_cox(times.days, event, switches.happened[:, None].astype(float), names=["ever"])
    _write_ratio(at, "naive", naive, "naive-post-baseline", listed, n, note=NAIVE)
    right = fit_by_switch(times.days, event, switches.days)
    _write_ratio(at, "time_dependent", right, "cox-time-dependent", listed, n)
    if event.sum() < EVENTS_PER_PARAMETER:
        penalised = fit_by_switch(times.days, event, switches.days, firth=True)
        _write_ratio(at, "penalised", penalised, "cox-firth", listed, n)
    if naive.status == right.status == "ok":
        factor = float(np.exp(right.coefficients[0] - naive.coefficients[0]))
        at.put("bias", "ratio", factor, unit="ratio", method="cox-time-dependent", n=n, members_hash=listed)
    test = compare_by_switch(times.days, event, switches.days).test
    for stat, value in (("statistic", test.chi2), ("df", test.df), ("p", test.p)):
        at.put("mantel_byar", stat, value, method="mantel-byar", why=test.reason, n=n, members_hash=listed)


def model_of(spec: LaterEventSpec) -> RegressionSpec:
    """The covariates of the adjusted model as those of a regression."""
    return RegressionSpec(
        spec.id, "regression", "", spec.endpoint, spec.population, spec.adjust_for, where=spec.where, per=spec.per
    )


def _adjusted(
    material: Material, at: Place, spec: LaterEventSpec, times: Times, switches: Switches, event: NDArray[np.bool_]
) -> None:
    """The time-dependent ratio beside covariates known at the start, of those who have them all."""
    where = f"analysis {spec.id}"
    model = model_of(spec)
    for name in spec.adjust_for:
        if refused_because(material, model, name, int(times.starts.min()), times.patients):
            raise ProtocolError(
                what=f"study.toml: `{name}` is known only after the start and cannot adjust a model from there.",
                code="post-baseline",
                where=f"{where} adjust_for",
                todo="Leave it out, or ask for an analysis of its own of kind later-event.",
            )
    covariates = [covariate_of(material, model, name, times.patients, where) for name in spec.adjust_for]
    X = np.hstack([c.matrix for c in covariates])
    complete = np.asarray(~np.isnan(X).any(axis=1))
    here, n_terms = times.only(complete), X.shape[1] + 1
    listed, n = at.results.keep_members(here.patients), len(here.patients)
    at.put("adjusted_model", "N", n, members_hash=listed)
    at.put("adjusted_model", "events", int(event[complete].sum()), n=n)
    at.put("adjusted_model", "missing", len(times.patients) - n, n=len(times.patients))
    at.put("adjusted_events_per_parameter", "estimate", float(event[complete].sum() / n_terms), n=n)
    names = [f"{c.variable} {t}".strip() for c in covariates for t in c.terms]
    firth = event[complete].sum() / n_terms < EVENTS_PER_PARAMETER
    if firth:
        words = f"penalised likelihood (Firth): fewer than {EVENTS_PER_PARAMETER} events per parameter"
        at.put("adjusted_choice", "text", words, method="cox-firth")
    fit = fit_by_switch(here.days, event[complete], switches.days[complete], X[complete], names=names, firth=firth)
    _write_ratio(at, "adjusted", fit, "cox-time-dependent", listed, n)
    for k, (covariate, term) in enumerate(((c, t) for c in covariates for t in c.terms), start=1):
        for stat, value in (
            ("ratio", fit.hazard_ratio[k]), ("low", fit.hr_low[k]), ("high", fit.hr_high[k]), ("p", fit.p[k]),
        ):  # fmt: skip
            known = float(value) if np.isfinite(value) else None
            at.put(
                f"adjusted_{covariate.variable}", stat, known, category=term, unit="" if stat == "p" else "ratio",
                method="cox-time-dependent", note=covariate.unit, why=fit.reason or "not estimable", n=n,
                members_hash=listed,
            )  # fmt: skip


def _write_ratio(at: Place, variable: str, fit: CoxFit, method: str, listed: str, n: int, *, note: str = "") -> None:
    for stat, value in (("ratio", fit.hazard_ratio), ("low", fit.hr_low), ("high", fit.hr_high), ("p", fit.p)):
        number = float(value[0])
        at.put(
            variable, stat, number if np.isfinite(number) else None, unit="" if stat == "p" else "ratio", method=method,
            note=note, why=fit.reason or "not estimable", n=n, members_hash=listed,
        )  # fmt: skip
    for stat, value in (("estimate", fit.coefficients), ("se", fit.se)):
        number = float(value[0])
        at.put(
            f"{variable}_log", stat, number if np.isfinite(number) else None, unit="log hazard ratio", method=method,
            note=note, why=fit.reason or "not estimable", n=n, members_hash=listed,
        )  # fmt: skip


def _curves(at: Place, spec: LaterEventSpec, times: Times, switches: Switches, event: NDArray[np.bool_]) -> None:
    """Simon-Makuch curves of the two states, with numbers at risk that hold nobody twice."""
    found = estimate_simon_makuch(times.days, event, switches.days, states=(spec.before, spec.after))
    ticks = nice_ticks(int(times.days.max()))
    counts = at_risk_by_state(found, np.array(ticks))
    for k, (state, curve) in enumerate(zip(found.states, found.curves, strict=True)):
        here = Place(at.results, at.analysis, at.population, "state", state)
        if curve.n == 0:
            continue
        moves = found.episodes.exit_days[found.episodes.ends_with_switch] if k == 0 else np.zeros(0, dtype=np.int64)
        _write_state(here, spec, curve, found, moves)
        for j, day in enumerate(ticks):
            for stat in ("at_risk", "events", "censored"):
                here.put("at_risk", stat, int(getattr(counts, stat)[k, j]), category=f"{day}d", method="simon-makuch")


def _write_state(here: Place, spec: LaterEventSpec, curve: Curve, found: SimonMakuch, moves: IntArray) -> None:
    """One state. moves: days on which a patient leaves it for the other: at risk no longer, and not censored."""
    moved = np.sort(moves)
    censored = curve.censored - np.searchsorted(moved, curve.days, "right") + np.searchsorted(moved, curve.days)
    days = np.array([days_from(str(m), "months") for m in spec.at_months])
    for months, point in zip(spec.at_months, survival_at(curve, days), strict=True):
        for stat, value in (("estimate", point.survival), ("low", point.low), ("high", point.high), ("se", point.se)):
            here.put(
                "survival", stat, value, category=f"{months:g}mo", unit="proportion", method="simon-makuch",
                why=point.reason, n=found.n,
            )  # fmt: skip
        here.put("survival", "at_risk", point.at_risk, category=f"{months:g}mo", n=found.n)
    for j, day in enumerate(curve.days.tolist()):
        for stat, values in (("estimate", curve.survival), ("low", curve.low), ("high", curve.high)):
            value = float(values[j])
            here.put(
                "curve", stat, None if np.isnan(value) else value, category=f"{day}d", unit="proportion",
                method="simon-makuch", why="no interval", n=found.n,
            )  # fmt: skip
        here.put("curve", "events", int(curve.events[j]), category=f"{day}d", n=found.n)
        here.put("curve", "censored", int(censored[j]), category=f"{day}d", n=found.n)


def _landmarks(at: Place, spec: LaterEventSpec, times: Times, switches: Switches, event: NDArray[np.bool_]) -> None:
    days = [d for d in spec.landmarks_days if d < int(times.days.max())]
    if not days:
        return
    for found in landmark_grid(times.days, event, switches.days, days, states=(spec.before, spec.after)):
        category = f"{found.day}d"
        for stat, value in (("ratio", found.hazard_ratio), ("low", found.low), ("high", found.high)):
            at.put(
                "landmark", stat, value, category=category, unit="ratio", method="landmark",
                why=found.hazard_reason or found.reason or "not estimable", n=int(found.n.sum()),
            )  # fmt: skip
        at.put(
            "landmark",
            "p",
            found.test.p,
            category=category,
            method="logrank",
            why=found.test.reason,
            n=int(found.n.sum()),
        )
        for state, name in enumerate(("before", "after")):
            at.put(f"landmark_{name}", "N", int(found.n[state]), category=category, unit="patients at the landmark")
            at.put(f"landmark_{name}", "events", int(found.events[state]), category=category, unit="events")
        few = min(int(found.n.min()), int(found.events.min()))
        if found.n.min() > 0 and few < SMALL_GROUP and found.n.sum() <= PERMUTED_UP_TO:
            _small_landmark(at, times, switches, event, found.day)
        lost = int(found.n_lost_events + found.n_lost_censored)
        at.put("landmark_lost", "n", lost, category=category, unit="patients", n=len(times.patients))


def _small_landmark(at: Place, times: Times, switches: Switches, event: NDArray[np.bool_], day: int) -> None:
    """Beside the ratio and the test of a landmark with few events or a small group: Firth's, and by permutation."""
    there = times.days > day
    group = np.asarray(switches.days[there] <= day, dtype=np.int64)  # a change that never came is not a number
    days, happened, category = times.days[there] - day, event[there], f"{day}d"
    fit = fit_cox(days, happened, group.astype(float), firth=True)
    for stat, value in (("ratio", fit.hazard_ratio), ("low", fit.hr_low), ("high", fit.hr_high), ("p", fit.p)):
        known = float(value[0]) if np.isfinite(value[0]) else None
        at.put(
            "landmark_penalised", stat, known, category=category, unit="" if stat == "p" else "ratio",
            method="cox-firth", why=fit.reason or "not estimable", n=int(there.sum()),
        )  # fmt: skip
    test = permutation_logrank(days, happened, group, seed=PERMUTATION_SEED)
    method = "logrank-permutation-exact" if test.method == "exact" else "logrank-permutation-mc"
    at.put("landmark_permutation", "p", test.p, category=category, method=method, why=test.reason, n=int(there.sum()))


def _occupancy(material: Material, spec: LaterEventSpec, at: Place, switch: Endpoint, where: str) -> None:
    """Probability of each state at the chosen months, and at every day for the picture."""
    endpoint = material.endpoint(spec.occupancy, where=where)
    times = times_of(endpoint, material.population(spec.population, where=where).patients)
    if endpoint.not_estimable or not times.patients:
        why = endpoint.not_estimable or "no patient has a time"
        at.put("occupancy", "estimate", None, why=why, failed=True, n=len(times.patients))
        return
    switches = switches_of(switch, times)
    labels = ["event", "competing"] if (times.cause == 2).any() else ["event"]
    rows = illness_death_rows(times.days, times.cause, switches.days, states=("before", "after"), endings=labels)
    curve = estimate_occupancy(rows)
    days = np.array([days_from(str(m), "months") for m in spec.at_months])
    months = {int(d): f"{m:g}mo" for d, m in zip(days, spec.at_months, strict=True)}
    listed = at.results.keep_members(times.patients)
    for point in occupancy_at(curve, days):
        values = (("estimate", point.probability), ("low", point.low), ("high", point.high), ("se", point.se))
        for stat, value in values:
            at.put(
                "occupancy", stat, value, category=f"{point.state}_{months[point.day]}", unit="proportion",
                method="aalen-johansen", why=point.reason or "no interval", n=curve.n, members_hash=listed,
            )  # fmt: skip
    for j, day in enumerate(curve.days.tolist()):
        for k, state in enumerate(curve.states):
            value = float(curve.probability[k, j])
            at.put(
                "occupancy_curve", "estimate", value, category=f"{state}_{day}d", unit="proportion",
                method="aalen-johansen", n=curve.n,
            )  # fmt: skip
    ticks = nice_ticks(int(times.days.max()))
    for day in ticks:
        at.put("occupancy_at_risk", "at_risk", int((times.days >= day).sum()), category=f"{day}d", n=curve.n)


def _trace(material: Material, spec: LaterEventSpec) -> None:
    fields = [f"endpoint.{spec.endpoint}", f"endpoint.{spec.switch}"]
    for variable in (
        "patients", "switched", "naive", "naive_log", "time_dependent", "time_dependent_log", "bias", "mantel_byar",
        "survival",
        "curve", "at_risk", "landmark", "landmark_before", "landmark_after", "landmark_lost", "not_evaluable",
    ):  # fmt: skip
        material.trace(spec.id, variable, fields)
    if spec.occupancy:
        for variable in ("occupancy", "occupancy_curve", "occupancy_at_risk"):
            material.trace(spec.id, variable, [f"endpoint.{spec.occupancy}", f"endpoint.{spec.switch}"])
