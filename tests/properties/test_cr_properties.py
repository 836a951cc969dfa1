"""What must hold for any patients with competing or later events: order, copies, pooling, sums, special cases."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from remission.stats.aalen_johansen import estimate_incidence
from remission.stats.at_risk import at_risk_table
from remission.stats.cox_fit import fit_cox
from remission.stats.episodes import illness_death_rows, split_at, state_rows
from remission.stats.fine_gray import fit_fine_gray
from remission.stats.gray import compare_incidence
from remission.stats.kaplan_meier import estimate_curves
from remission.stats.landmarks import landmark_at
from remission.stats.logrank import compare_survival
from remission.stats.mantel_byar import compare_by_switch
from remission.stats.milestones import compare_milestone
from remission.stats.nelson_aalen import estimate_hazards
from remission.stats.occupancy import estimate_occupancy
from remission.stats.riskset import RiskTable
from remission.stats.rmst import compare_rmst, restricted_mean
from remission.stats.simon_makuch import at_risk_by_state, estimate

# days, cause, group, stratum, copies, day of a switch
patients = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.integers(0, 3),
        st.sampled_from("abc"),
        st.sampled_from("xy"),
        st.integers(1, 3),
        st.none() | st.integers(0, 14),
    ),
    min_size=1,
    max_size=25,
)
GROUPS, STRATA = ("a", "b", "c"), ("x", "y")
unhurried = settings(deadline=None, max_examples=60)  # a busy machine is no counter-example


def table(rows, **options) -> RiskTable:
    days, cause, group, stratum, *_ = zip(*rows, strict=True)
    return RiskTable.from_arrays(
        days, cause, group=group, groups=GROUPS, stratum=stratum, strata=STRATA, causes=3, **options
    )


def later(rows) -> tuple[list[int], list[int], list[int | None]]:
    days, cause, _, _, _, switch = (list(x) for x in zip(*rows, strict=True))
    return days, cause, switch


def everything(risk: RiskTable) -> list[np.ndarray]:
    """All numbers that come from a risk table."""
    found: list[np.ndarray] = []
    for curve in (*estimate_incidence(risk), *estimate_incidence(risk, variance="infinitesimal-jackknife")):
        found += [curve.days, curve.at_risk, curve.events, curve.incidence, curve.se, curve.low, curve.high]
    for hazard in estimate_hazards(risk, cause=2):
        found += [hazard.hazard, hazard.se_poisson, hazard.se_binomial, hazard.low, hazard.high]
    for cause in (1, 2, 3):
        test = compare_incidence(risk, cause, rho=0.5)
        found += [test.observed, test.expected, test.variance, np.array(np.nan if test.chi2 is None else test.chi2)]
    return found


def same(first: RiskTable, second: RiskTable) -> None:
    for a, b in zip(everything(first), everything(second), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@unhurried
@given(patients, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows, random):
    """Shuffled patients give the same incidences, hazards, tests and curves by state."""
    shuffled = rows.copy()
    random.shuffle(shuffled)
    same(table(rows), table(shuffled))
    a, b = (compare_by_switch(*later(x)).test for x in (rows, shuffled))
    np.testing.assert_array_equal(a.expected, b.expected)
    probability = [estimate_occupancy(illness_death_rows(*later(x), endings="123")) for x in (rows, shuffled)]
    np.testing.assert_allclose(probability[0].se, probability[1].se, atol=1e-12)


@unhurried
@given(patients)
def test_a_copied_row_is_a_weight(rows):
    """Each patient repeated is the patient with that weight."""
    copies = [row for row in rows for _ in range(row[4])]
    same(table(copies), table(rows, weight=[row[4] for row in rows]))


@unhurried
@given(patients, patients)
def test_adding_tables_is_pooling(first, second):
    """Tables of two hospitals added give the numbers of all patients."""
    same(table(first) + table(second), table(first + second))


@unhurried
@given(patients)
def test_incidences_and_survival_add_up(rows):
    """On every day the incidences of all causes and the event-free survival are 1; incidences never fall."""
    for curve in estimate_incidence(table(rows)):
        assert curve.closure < 1e-12
        assert (np.diff(curve.incidence, axis=1) >= -1e-15).all()
        assert ((curve.low <= curve.incidence + 1e-12) & (curve.incidence <= curve.high + 1e-12)).all()


@unhurried
@given(patients)
def test_one_cause_is_one_minus_survival(rows):
    """With a single cause the incidence is exactly 1 - Kaplan-Meier, and the two cannot disagree in a digit."""
    days, cause, group, *_ = zip(*rows, strict=True)
    risk = RiskTable.from_arrays(days, np.array(cause) > 0, group=group)
    for curve, km in zip(estimate_incidence(risk), estimate_curves(risk), strict=True):
        np.testing.assert_array_equal(curve.incidence[0], 1 - km.survival)


@unhurried
@given(patients)
def test_gray_with_one_cause_has_the_score_of_the_log_rank_test(rows):
    """Without competing events observed and expected are those of the log-rank test."""
    days, cause, group, stratum, *_ = zip(*rows, strict=True)
    risk = RiskTable.from_arrays(days, np.array(cause) > 0, group=group, groups=GROUPS, stratum=stratum)
    gray, logrank = compare_incidence(risk), compare_survival(risk)
    np.testing.assert_allclose(gray.observed, logrank.observed, atol=1e-12)
    np.testing.assert_allclose(gray.expected, logrank.expected, atol=1e-12)


def test_gray_with_one_cause_is_close_to_the_log_rank_test():
    """With many patients and one cause the two statistics agree, the Fleming-Harrington weights too."""
    rng = np.random.default_rng(7)
    days, group = rng.integers(1, 4000, 3000), rng.integers(0, 3, 3000)
    risk = RiskTable.from_arrays(days, rng.random(3000) < 0.6, group=group)
    for rho in (0.0, 1.0):
        logrank = compare_survival(risk, weights="fleming-harrington", rho=rho)
        assert compare_incidence(risk, rho=rho).chi2 == pytest.approx(logrank.chi2, rel=0.05)


@unhurried
@given(patients)
def test_the_unit_of_time_does_not_matter(rows):
    """Days counted in another whole unit give the same estimates and tests; restricted means are in the unit."""
    days, cause, switch = later(rows)
    weeks = [(7 * row[0], *row[1:]) for row in rows]
    for a, b in zip(everything(table(rows))[1:], everything(table(weeks))[1:], strict=True):
        if a.dtype.kind == "f":
            np.testing.assert_array_equal(a, b)
    slow = ([7 * d for d in days], cause, [None if s is None else 7 * s for s in switch])
    np.testing.assert_array_equal(
        compare_by_switch(days, cause, switch).test.expected, compare_by_switch(*slow).test.expected
    )
    assume(max(days) > 0)
    means = [restricted_mean(estimate_curves(RiskTable.from_arrays(d, cause))[0], max(d)) for d in (days, slow[0])]
    assert means[1].mean_days == pytest.approx(7 * means[0].mean_days, rel=1e-12)


@unhurried
@given(patients)
def test_a_restricted_mean_is_the_sum_of_daily_survival(rows):
    """The area under the steps is the survival at day 0, 1, 2, ... added up."""
    days, cause, *_ = zip(*rows, strict=True)
    tau = max(days)
    assume(tau > 0)
    curve = estimate_curves(RiskTable.from_arrays(days, cause))[0]
    daily = [1.0 if day < curve.days[0] else curve.survival[curve.days <= day][-1] for day in range(tau)]
    assert restricted_mean(curve, tau).mean_days == pytest.approx(sum(daily), rel=1e-12)


@unhurried
@given(patients)
def test_two_groups_exchanged(rows):
    """The second against the first is minus the first against the second."""
    risk = table(rows)
    one, other = risk.select(group=("a", "b")), risk.select(group=("b", "a"))
    for scale in ("plain", "log-log"):
        a, b = compare_milestone(one, 4, scale=scale), compare_milestone(other, 4, scale=scale)
        assert (a.status, a.p) == (b.status, b.p)
        if a.status == "ok":
            np.testing.assert_allclose((a.difference, a.low, a.high), (-b.difference, -b.high, -b.low), atol=1e-12)
    a, b = compare_rmst(one), compare_rmst(other)
    assert a.status == b.status
    if a.status == "ok":
        assert (a.difference, a.p_difference) == pytest.approx((-b.difference, b.p_difference))
        assert a.ratio == pytest.approx(1 / b.ratio)


@unhurried
@given(patients)
def test_a_patient_is_at_risk_once_a_day(rows):
    """Day by day the two states hold exactly the patients under observation, and every event once."""
    days, cause, switch = later(rows)
    pieces = split_at(days, cause, switch)
    seen: Counter[tuple[int, int]] = Counter()
    for who, entry, exit_ in zip(pieces.patient, pieces.entry_days, pieces.exit_days, strict=True):
        for day in range(int(entry) + 1, int(exit_) + 1):
            seen[int(who), day] += 1
    assert seen == Counter({(who, day): 1 for who, last in enumerate(days) for day in range(last + 1)})
    assert sorted(pieces.cause[pieces.cause > 0].tolist()) == sorted(c for c in cause if c)
    state_at_end = [s is not None and s < d for s, d in zip(switch, days, strict=True)]
    last = ~pieces.ends_with_switch
    assert pieces.has_switched[last].tolist() == state_at_end
    grid = np.arange(14)
    counts = at_risk_by_state(estimate(days, cause, switch), grid)
    whole = at_risk_table(RiskTable.from_arrays(days, cause), grid)
    np.testing.assert_array_equal(counts.at_risk.sum(axis=0), whole.at_risk[0])
    np.testing.assert_array_equal(counts.events.sum(axis=0), whole.events[0])
    np.testing.assert_array_equal(counts.censored.sum(axis=0), whole.censored[0])


@unhurried
@given(patients, st.booleans())
def test_if_nobody_changes_state_the_curve_is_the_ordinary_one(rows, from_the_start):
    """Never switched, or all from day 0: one curve is Kaplan-Meier's and the other is empty."""
    days, cause, _ = later([(row[0] + 1, *row[1:]) for row in rows])
    ours = estimate(days, cause, [0 if from_the_start else None] * len(days))
    full, empty = ours.curves[::-1] if from_the_start else ours.curves
    ordinary = estimate_curves(RiskTable.from_arrays(days, cause))[0]
    for name in ("days", "at_risk", "survival", "low", "high"):
        np.testing.assert_array_equal(getattr(full, name), getattr(ordinary, name))
    assert empty.n == 0
    assert compare_by_switch(days, cause, [None] * len(days)).test.status == "undefined"


@unhurried
@given(patients)
def test_groups_known_at_the_start_make_all_comparisons_the_log_rank_test(rows):
    """If switches happen on day 0 only, Mantel-Byar and the landmark on day 0 are the log-rank test."""
    days, cause, switch = later([(row[0] + 1, *row[1:]) for row in rows])
    early = [None if s is None else 0 for s in switch]
    plain = compare_survival(
        RiskTable.from_arrays(days, np.array(cause) > 0, group=[int(s is not None) for s in early], groups="ab")
    )
    for test in (compare_by_switch(days, cause, early).test, landmark_at(days, cause, early, 0).test):
        np.testing.assert_allclose(test.observed, plain.observed)
        np.testing.assert_allclose(test.expected, plain.expected, atol=1e-12)


@unhurried
@given(patients)
def test_occupied_states_of_competing_risks_are_the_incidences(rows):
    """A model with one state to leave: probabilities and jackknife errors are those of the incidences."""
    days, cause, *_ = zip(*rows, strict=True)
    states = ["free", "1", "2", "3"]
    ends = [states[c] if c else "" for c in cause]
    n = len(days)
    ours = estimate_occupancy(state_rows(range(n), [-1] * n, days, ["free"] * n, ends, states=states))
    curve = estimate_incidence(RiskTable.from_arrays(days, cause, causes=3), variance="infinitesimal-jackknife")[0]
    np.testing.assert_allclose(ours.probability[1:], curve.incidence, atol=1e-12)
    np.testing.assert_allclose(ours.se[1:], curve.se, atol=1e-9)
    assert ours.closure < 1e-12


@unhurried
@given(patients, st.lists(st.integers(-1, 6), min_size=25, max_size=25))
def test_incidence_with_late_entry(rows, entries):
    """The risk table and the rows of a multi-state model agree on who is at risk when patients come late."""
    entry = [-1 if i == 0 else min(e, row[0] - 1) for i, (row, e) in enumerate(zip(rows, entries, strict=False))]
    days, cause, *_ = zip(*rows, strict=True)
    states = ["free", "1", "2", "3"]
    ends = [states[c] if c else "" for c in cause]
    ours = estimate_occupancy(state_rows(range(len(days)), entry, days, ["free"] * len(days), ends, states=states))
    curve = estimate_incidence(RiskTable.from_arrays(days, cause, entry_days=entry, causes=3))[0]
    np.testing.assert_allclose(ours.probability[1:], curve.incidence, atol=1e-12)
    np.testing.assert_array_equal(ours.at_risk[0], curve.at_risk)
    assert curve.closure < 1e-12


@unhurried
@given(patients)
def test_occupied_states_with_a_switch_add_up(rows):
    """Whatever happens later, the day's probabilities add up to 1, and the endings need not know of the switch."""
    ours = estimate_occupancy(illness_death_rows(*later(rows), endings="123"))
    assert ours.closure < 1e-12
    assert ((ours.probability >= 0) & (ours.probability <= 1)).all()
    assert (np.diff(ours.probability[2:], axis=1) >= -1e-12).all()


@unhurried
@given(patients)
def test_survival_is_below_the_exponential_of_the_hazard(rows):
    """exp(-H) is at least S, and the hazards of the causes add up to that of any."""
    risk = table(rows)
    parts = [estimate_hazards(risk, cause=c) for c in (1, 2, 3)]
    for g, (every, km) in enumerate(zip(estimate_hazards(risk), estimate_curves(risk), strict=True)):
        assert (np.exp(-every.hazard) >= km.survival - 1e-12).all()
        np.testing.assert_allclose(sum(part[g].hazard for part in parts), every.hazard, atol=1e-12)


def cohort(seed: int, *, competing: bool = True) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n = 80
    causes = rng.integers(0, 3 if competing else 2, n)
    return rng.integers(1, 30, n), causes, np.column_stack([rng.normal(size=n), rng.integers(0, 2, n)])


@pytest.mark.parametrize("seed", range(5))
def test_fine_gray_without_competing_events_is_cox(seed):
    """With one cause the subdistribution is the ordinary model with Breslow ties; scale and order do not matter."""
    days, cause, z = cohort(seed, competing=False)
    ours, cox = fit_fine_gray(days, cause, z), fit_cox(days, cause == 1, z, ties="breslow")
    np.testing.assert_allclose(ours.coef, cox.coefficients, rtol=1e-8)
    assert ours.log_likelihood == pytest.approx(cox.loglik)
    days, cause, z = cohort(seed)
    ours, order = fit_fine_gray(days, cause, z), np.random.default_rng(seed).permutation(days.size)
    scaled = fit_fine_gray(7 * days[order], cause[order], z[order] * [10, 1] + [1000, 5])
    np.testing.assert_allclose(scaled.coef * [10, 1], ours.coef, rtol=1e-8)
    np.testing.assert_allclose(scaled.se * [10, 1], ours.se, rtol=1e-8)
    twice = fit_fine_gray(np.tile(days, 2), np.tile(cause, 2), np.tile(z, (2, 1)))
    np.testing.assert_allclose(twice.coef, ours.coef, rtol=1e-8)
    np.testing.assert_allclose(twice.se * np.sqrt(2), ours.se, rtol=1e-8)
