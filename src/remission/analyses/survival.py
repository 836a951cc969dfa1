"""An endpoint by Kaplan-Meier, its comparison between groups, and the landmark the guard sets beside a naive one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.analyses.counts import Place
from remission.analyses.curves import write_curves
from remission.analyses.guard import NAIVE, SELECTED, judge
from remission.analyses.material import Material
from remission.analyses.rmst import write_rmst
from remission.analyses.spec import SurvivalSpec
from remission.analyses.times import Times, times_of
from remission.endpoints.groups import Grouped
from remission.stats import RiskTable, compare_survival, permutation_logrank

# Below either, the asymptotic log-rank test can be far off its level; the exact or Monte Carlo one stands beside it.
SMALL_GROUP = 10
PERMUTED_UP_TO = 5_000
PERMUTATION_SEED = 20_240_501


def landmark_id(analysis: str, day: int) -> str:
    """The analysis name under which a landmark's rows stand."""
    return f"{analysis}_landmark_{day}d"


def analyse_survival(material: Material, spec: SurvivalSpec) -> None:
    """Rows of one [[analysis]] of kind survival.

    Where the endpoint cannot be derived, one row `failed` says why, and nothing is invented. A group known only after
    the origin gives its comparison twice: naive (every row noted as biased), and from a landmark as an analysis of its
    own, `<id>_landmark_<day>d`.
    """
    where = f"analysis {spec.id}"
    endpoint = material.endpoint(spec.endpoint, where=where)
    population = material.population(spec.population, where=where)
    groups = {name: material.group(name, where=where) for name in spec.by}
    times = times_of(endpoint, population.patients)
    first_start = int(times.starts.min()) if times.patients else 0
    verdicts = {
        name: judge(g, spec.landmark_days, analysis=spec.id, first_start=first_start) for name, g in groups.items()
    }
    # RFS starts at the response: being a responder is then known at the start of the clock
    late = not population.is_baseline and first_start <= 0 and endpoint.spec.start == "origin"
    at = Place(material.results, spec.id, spec.population, note=SELECTED if late else "")
    _trace(material, spec.id, spec.endpoint, None)
    why = endpoint.not_estimable or _why_not(times)
    if why:
        Place(material.results, spec.id, spec.population).put(
            spec.endpoint,
            "estimate",
            None,
            why=why,
            failed=True,
            n=len(population.patients),
            members=population.patients,
        )
        return
    total = len(times.patients) + len(times.not_evaluable)
    at.count("not_evaluable", "n", times.not_evaluable, of=total, note=times.reasons)
    event = (times.cause == 1).astype(np.int64)
    whole = RiskTable.from_arrays(times.days, event, causes=1)
    write_curves(at, spec, whole, times, {"": times.patients})
    write_rmst(at, spec, whole, {"": times.patients})
    for name, group in groups.items():
        verdict = verdicts[name]
        _compare(
            material,
            spec,
            Place(material.results, spec.id, spec.population, name, note=NAIVE if verdict.naive else ""),
            times,
            group,
        )
        if verdict.naive and verdict.landmark_days is None:
            Place(material.results, spec.id, spec.population, name).put(
                "landmark", "text", None, why=verdict.reason, failed=True, n=len(times.patients)
            )
        elif verdict.naive and verdict.landmark_days is not None:
            _landmark(material, spec, times, group, verdict.landmark_days, verdict.reason)


def _why_not(times: Times) -> str:
    """Why Kaplan-Meier may not be used on these times, or ""."""
    if not times.patients:
        return "no patient of the population has a time"
    competing = int((times.cause == 2).sum())
    if competing:
        # one minus Kaplan-Meier with competing events as censorings overstates how often the event happens
        return f"{competing} competing events: a cumulative incidence is needed, Kaplan-Meier would be biased"
    return ""


def _landmark(material: Material, spec: SurvivalSpec, times: Times, group: Grouped, day: int, reason: str) -> None:
    """The same comparison among those still under observation after the landmark day, time counted from the origin."""
    name = landmark_id(spec.id, day)
    still = times.days > day
    kept = times.only(still)
    place = Place(material.results, name, spec.population, group.name)
    place.put("landmark", "setting", day, unit="days-as-days", note=reason, method="landmark")
    place.count(
        "before_landmark",
        "n",
        times.only(~still).patients,
        of=len(times.patients),
        note="event or end of follow-up by the landmark",
    )
    if not kept.patients:
        place.put(
            spec.endpoint, "estimate", None, why="nobody is under observation after the landmark", failed=True, n=0
        )
        return
    _compare(material, spec, place, kept, group, entry=day)
    material.trace(name, "before_landmark", (f"endpoint.{spec.endpoint}",))


def _compare(
    material: Material, spec: SurvivalSpec, place: Place, times: Times, group: Grouped, *, entry: int | None = None
) -> None:
    """Curves and log-rank test of a group's levels; patients without a level are counted, not compared."""
    known = np.array([group.of.get(p) is not None for p in times.patients], dtype=bool)
    place.count(spec.endpoint, "missing", times.only(~known).patients, of=len(times.patients))
    here = times.only(known)
    _trace(material, place.analysis, spec.endpoint, group)
    if not here.patients:
        place.put(spec.endpoint, "estimate", None, why="nobody has a known level of the group", failed=True, n=0)
        return
    levels = np.array([group.levels.index(str(group.of[p])) for p in here.patients], dtype=np.int64)
    risk = RiskTable.from_arrays(
        here.days,
        (here.cause == 1).astype(np.int64),
        group=levels,
        groups=group.levels,
        entry_days=None if entry is None else np.full(len(here.days), entry),
        causes=1,
    )
    members = {level: group.members(level, here.patients) for level in group.levels}
    write_curves(place, spec, risk, here, members, entry=entry)
    if entry is None:  # a mean from day 0 has no meaning where observation begins at a landmark
        write_rmst(place, spec, risk, members)
    _log_rank(place, risk, here, levels)


def _log_rank(place: Place, risk: RiskTable, times: Times, levels: NDArray[np.int64]) -> None:
    """The asymptotic test, observed and expected events, and a permutation test beside it where a group is small."""
    test = compare_survival(risk)
    n = len(times.patients)
    listed = place.results.keep_members(times.patients)
    for stat, value in (("statistic", test.chi2), ("df", test.df), ("p", test.p)):
        place.put("logrank", stat, value, method="logrank", why=test.reason, n=n, members_hash=listed)
    for level, expected, size in zip(risk.groups, test.expected.tolist(), test.n.tolist(), strict=True):
        at = Place(place.results, place.analysis, place.population, place.group, level, place.note)
        at.put("expected", "estimate", expected, unit="events", method="logrank", n=size)
    sizes = np.bincount(levels, minlength=len(risk.groups))
    events = np.bincount(levels, weights=times.cause == 1, minlength=len(risk.groups))[sizes > 0]
    if test.p is None or n > PERMUTED_UP_TO or min(sizes[sizes > 0].min(), events.min()) >= SMALL_GROUP:
        return
    exact = permutation_logrank(times.days, times.cause == 1, levels, seed=PERMUTATION_SEED)
    method = "logrank-permutation-exact" if exact.method == "exact" else "logrank-permutation-mc"
    place.put("logrank_permutation", "p", exact.p, method=method, why=exact.reason, n=n, members_hash=listed)


def _trace(material: Material, analysis: str, endpoint: str, group: Grouped | None) -> None:
    """Every variable of a survival analysis rests on the endpoint, and on the group where it is split."""
    fields = [f"endpoint.{endpoint}"] + ([f"group.{group.name}"] if group else [])
    before = material.results.lineage.get((analysis, endpoint), ())
    derived = (
        "rmst",
        "rmst_difference",
        "rmst_ratio",
        "median",
        "survival",
        "at_risk",
        "curve",
        "expected",
        "logrank",
        "logrank_permutation",
        "not_evaluable",
    )
    for variable in (endpoint, *derived):
        material.trace(analysis, variable, [*before, *fields])
