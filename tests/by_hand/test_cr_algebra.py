"""Competing risks and later events of a few patients, solved by algebra; the patients are not in order of time."""

from __future__ import annotations

from fractions import Fraction as Fr
from math import exp, log, sqrt

import numpy as np
import pytest

from remission.core.errors import DataError
from remission.stats.aalen_johansen import estimate_incidence, incidence_at
from remission.stats.episodes import illness_death_rows, split_at, state_rows
from remission.stats.fine_gray import expand_rows, fit_fine_gray
from remission.stats.gray import compare_incidence
from remission.stats.kaplan_meier import estimate_curves, survival_at
from remission.stats.landmarks import landmark_at
from remission.stats.mantel_byar import compare_by_switch
from remission.stats.milestones import compare_milestone
from remission.stats.nelson_aalen import estimate_hazards, hazard_at
from remission.stats.occupancy import estimate_occupancy, occupancy_at
from remission.stats.riskset import RiskTable
from remission.stats.rmst import compare_rmst, restricted_mean
from remission.stats.simon_makuch import at_risk_by_state, estimate

Z = 1.959963984540054

# day 2: 7 at risk, one event of cause 1;  4: 6 at risk, one of cause 1, one of cause 2, one censored;  6: 3 at risk,
# one of cause 2, one censored;  9: 1 at risk, censored
SEVEN = RiskTable.from_arrays([6, 2, 4, 4, 9, 6, 4], [2, 1, 0, 2, 0, 0, 1])


def test_incidence_of_two_causes():
    """Each cause grows by the event-free survival before the day times its share of those at risk before it."""
    curve = estimate_incidence(SEVEN)[0]
    assert curve.days.tolist() == [2, 4, 6, 9]
    assert curve.at_risk.tolist() == [7, 6, 3, 1]
    first = [Fr(1, 7), Fr(1, 7) + Fr(6, 7) * Fr(1, 6)] + [Fr(2, 7)] * 2
    second = [Fr(0), Fr(6, 7) * Fr(1, 6)] + [Fr(1, 7) + Fr(4, 7) * Fr(1, 3)] * 2
    np.testing.assert_allclose(curve.incidence, [[float(x) for x in row] for row in (first, second)], rtol=1e-15)
    np.testing.assert_allclose(curve.event_free.survival, [6 / 7, 4 / 7, 8 / 21, 8 / 21], rtol=1e-15)
    assert all(
        a + b + c == 1 for a, b, c in zip(first, second, (Fr(6, 7), Fr(4, 7), Fr(8, 21), Fr(8, 21)), strict=True)
    )
    assert curve.closure < 1e-15


def test_variance_of_an_incidence():
    """Aalen's variance on day 4: three single events, each weighed by what it still changes by then."""
    # day 2, S(2) = 6/7, F1 goes on from 1/7 to 2/7; day 4, S(4) = 4/7, nothing follows
    expected = Fr(1, 49) * (1 - Fr(1, 7) / Fr(6, 7)) ** 2 + Fr(1, 49) * 1 + Fr(1, 49) * 0
    at = incidence_at(estimate_incidence(SEVEN)[0], [4])[0]
    assert at.se == pytest.approx(sqrt(expected), rel=1e-14)
    F, se = 2 / 7, sqrt(expected)
    half = Z * se / (F * log(F))
    assert (at.low, at.high) == pytest.approx((F ** exp(-half), F ** exp(half)), rel=1e-12)


def test_jackknife_without_censoring_is_binomial():
    """With everybody followed to an event the standard error is that of a proportion."""
    risk = RiskTable.from_arrays([5, 3, 8, 3, 1, 9], [1, 2, 1, 1, 2, 1])
    curve = estimate_incidence(risk, variance="infinitesimal-jackknife")[0]
    for c in range(2):
        np.testing.assert_allclose(curve.se[c], np.sqrt(curve.incidence[c] * (1 - curve.incidence[c]) / 6), atol=1e-15)


def test_incidence_at_days():
    """Before the first event 0 with an exact upper limit; beyond follow-up undefined; at risk before the day."""
    early, on, late = incidence_at(estimate_incidence(SEVEN)[0], [1, 6, 10], cause=2)
    assert (early.incidence, early.low, early.at_risk, early.flagged) == (0.0, 0.0, 7, True)
    assert early.high == pytest.approx(1 - 0.025 ** (1 / 7), rel=1e-14)
    assert (on.at_risk, on.cumulative_events, on.cumulative_other, on.cumulative_censored) == (3, 2, 2, 2)
    assert (late.incidence, late.status, late.reason) == (None, "undefined", "beyond the last follow-up")


def test_the_causes_are_not_exchanged():
    """Inverting the codes inverts the curves, and the event-free survival stays."""
    swapped = RiskTable.from_arrays([6, 2, 4, 4, 9, 6, 4], [1, 2, 0, 1, 0, 0, 2])
    np.testing.assert_array_equal(
        estimate_incidence(swapped)[0].incidence[::-1], estimate_incidence(SEVEN)[0].incidence
    )


def test_gray_of_four_patients():
    """Two groups of two: the score is 1/2, and only the first event of the cause can tell the groups apart."""
    # group a: day 1 cause 1, day 3 censored;  group b: day 2 cause 2, day 4 cause 1
    risk = RiskTable.from_arrays([1, 3, 2, 4], [1, 0, 2, 1], group=["a", "a", "b", "b"])
    test = compare_incidence(risk, 1)
    # day 1: R = 2, 2; expected in a 1/2.  Day 4: nobody left in a; expected in a 0
    assert test.observed.tolist() == [1, 1]
    np.testing.assert_allclose(test.expected, [0.5, 1.5], rtol=1e-15)
    # day 1: h = 2, 2; a = (1, -1) for an event in a, (-1, 1) in b; dF = 1/4; nothing later, as a alone has h = 0 then
    variance = 2 * 1.0 * (1 / 2) * (1 / 4)
    assert test.variance[0, 0] == pytest.approx(variance, rel=1e-14)
    assert test.chi2 == pytest.approx(0.25 / variance, rel=1e-13)


def test_hazards():
    """Sums of d/Y; the two variances; one cause at a time adds up to any cause."""
    every = estimate_hazards(SEVEN)[0]
    np.testing.assert_allclose(every.hazard, [1 / 7, 1 / 7 + 1 / 3, 1 / 7 + 2 / 3, 1 / 7 + 2 / 3], rtol=1e-15)
    assert every.se_poisson[1] == pytest.approx(sqrt(Fr(1, 49) + Fr(2, 36)), rel=1e-14)
    assert every.se_binomial[1] == pytest.approx(sqrt(Fr(6, 343) + Fr(8, 216)), rel=1e-14)
    parts = [estimate_hazards(SEVEN, cause=c)[0].hazard for c in (1, 2)]
    np.testing.assert_allclose(parts[0] + parts[1], every.hazard, rtol=1e-15)
    before, on, beyond = hazard_at(every, [1, 2, 10])
    assert (before.hazard, before.flagged) == (0.0, True)
    assert before.high == pytest.approx(-log(0.025) / 7, rel=1e-14)
    half = exp(Z * (1 / 7) / (1 / 7))
    assert (on.low, on.high) == pytest.approx((1 / 7 / half, half / 7), rel=1e-12)
    assert beyond.reason == "beyond the last follow-up"


def test_restricted_mean():
    """The area under the steps to day 8, and the error from the area still to come at each event."""
    # S: 6/7 from day 2, 4/7 from 4, 8/21 from 6 (any cause)
    mean = restricted_mean(estimate_curves(SEVEN)[0], 8)
    area = 2 + Fr(6, 7) * 2 + Fr(4, 7) * 2 + Fr(8, 21) * 2
    to_come = (area - 2, area - 2 - Fr(12, 7), Fr(16, 21))
    variance = to_come[0] ** 2 * Fr(1, 7 * 6) + to_come[1] ** 2 * Fr(2, 6 * 4) + to_come[2] ** 2 * Fr(1, 3 * 2)
    assert mean.mean_days == pytest.approx(float(area), rel=1e-14)
    assert mean.se == pytest.approx(sqrt(variance), rel=1e-13)


def test_restricted_means_need_follow_up_of_both():
    """A tau beyond the shorter follow-up is refused with its reason, or reduced on request."""
    risk = RiskTable.from_arrays([3, 5, 9, 4, 8, 20], [1, 0, 0, 1, 1, 0], group=["a"] * 3 + ["b"] * 3)
    refused = compare_rmst(risk, tau_days=12)
    assert (refused.status, refused.reason, refused.difference) == (
        "undefined",
        "a: tau is beyond the last follow-up",
        None,
    )
    reduced = compare_rmst(risk, tau_days=12, when_beyond="reduce")
    assert (reduced.status, reduced.tau_days, reduced.reason) == ("ok", 9.0, "tau reduced to the last follow-up")
    assert compare_rmst(risk).tau_days == 9.0


def test_milestone():
    """The difference at day 6, and its limits from the plain ones of both groups."""
    risk = RiskTable.from_arrays([2, 5, 7, 9, 3, 8, 9, 9], [1, 1, 0, 0, 1, 0, 0, 0], group=["a"] * 4 + ["b"] * 4)
    ours = compare_milestone(risk, 6, scale="plain")
    se = sqrt(0.5 * 0.5 / 4 + 0.75 * 0.25 / 4)
    assert (ours.difference, ours.se) == pytest.approx((0.25, se), rel=1e-14)
    assert (ours.low, ours.high) == pytest.approx((0.25 - Z * se, 0.25 + Z * se), rel=1e-12)
    assert compare_milestone(risk, 6).z > 0  # the second group does better on either scale
    assert compare_milestone(risk, 10).reason == "a: beyond the last follow-up; b: beyond the last follow-up"
    assert compare_milestone(risk, 1).p is None


# five patients: switch never, on day 0, on day 4, on the day of exit, after it
FIVE = ([9, 6, 10, 5, 3], [1, 1, 0, 1, 0], [None, 0, 4, 5, 8])


def test_split():
    """A switch on day 0 is from the start, on the last day or later it does not count, else it cuts."""
    pieces = split_at(*FIVE)
    found = zip(pieces.patient, pieces.entry_days, pieces.exit_days, pieces.cause, pieces.has_switched, strict=True)
    assert [tuple(int(x) for x in row) for row in found] == [
        (0, -1, 9, 1, 0),
        (1, -1, 6, 1, 1),
        (2, -1, 4, 0, 0),
        (2, 4, 10, 0, 1),
        (3, -1, 5, 1, 0),
        (4, -1, 3, 0, 0),
    ]
    assert (pieces.n, pieces.n_switched) == (5, 2)
    assert pieces.ends_with_switch.tolist() == [False, False, True, False, False, False]


def test_curves_by_state():
    """Day 4 is still spent in the state before; the two states never hold a patient twice."""
    ours = estimate(*FIVE)
    table = at_risk_by_state(ours, [0, 3, 4, 5, 6, 10])
    assert table.at_risk.tolist() == [[4, 4, 3, 2, 1, 0], [1, 1, 1, 2, 2, 1]]
    assert table.events.tolist() == [[0, 0, 0, 1, 1, 2], [0, 0, 0, 0, 1, 1]]
    assert table.censored.tolist() == [[0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1]]
    assert table.switched.tolist() == [0, 0, 1, 1, 1, 1]
    assert [row.survival for row in survival_at(ours.curves[0], [5])] == [0.5]
    assert [row.survival for row in survival_at(ours.curves[1], [6])] == [0.5]


def test_mantel_byar_of_five():
    """Expected in the state after: 2 of 4 on day 5, 2 of 3 on day 6, 1 of 2 on day 9."""
    test = compare_by_switch(*FIVE)
    assert (test.n, test.n_switched) == (5, 2)
    assert test.test.observed.tolist() == [2, 1]
    assert test.test.expected[1] == pytest.approx(Fr(2, 4) + Fr(2, 3) + Fr(1, 2), rel=1e-15)
    variance = Fr(1, 4) + Fr(2, 9) + Fr(1, 4)
    assert test.test.chi2 == pytest.approx(float((1 - Fr(5, 3)) ** 2 / variance), rel=1e-13)


def test_landmark_of_five():
    """On day 4: one lost; the patient switched on the day itself is after, the one switching later before."""
    ours = landmark_at(*FIVE, 4)
    assert ours.n.tolist() == [2, 2]
    assert (ours.n_lost_events, ours.n_lost_censored, ours.n_switch_later) == (0, 1, 0)
    assert ours.curves[0].days.tolist() == [1, 5]
    assert ours.test.expected[1] == pytest.approx(Fr(1, 2) + Fr(2, 3) + Fr(1, 2), rel=1e-15)
    assert (landmark_at(*FIVE, 3).n_switch_later, landmark_at(*FIVE, 5).n_lost_events) == (1, 1)


def test_occupied_states():
    """Alive before, alive after, relapsed, dead: products of the day's matrices, in fractions."""
    days, cause, switch = [3, 5, 8, 8, 6], [1, 2, 0, 1, 0], [None, 2, 4, None, None]
    rows = illness_death_rows(days, cause, switch, endings=("relapse", "dead"))
    ours = estimate_occupancy(rows)
    # day 2: 5 before, 1 to after.  3: 4 before, 1 relapses.  4: 3 before, 1 to after.  5: 2 after, 1 dies.  8: 1 before
    # relapses
    before = [Fr(4, 5), Fr(3, 5), Fr(2, 5), Fr(2, 5), Fr(2, 5), Fr(0)]
    after = [Fr(1, 5), Fr(1, 5), Fr(2, 5), Fr(1, 5), Fr(1, 5), Fr(1, 5)]
    relapse = [Fr(0), Fr(1, 5), Fr(1, 5), Fr(1, 5), Fr(1, 5), Fr(3, 5)]
    dead = [1 - a - b - c for a, b, c in zip(before, after, relapse, strict=True)]
    expected = [[float(x) for x in row] for row in (before, after, relapse, dead)]
    assert ours.days.tolist() == [2, 3, 4, 5, 6, 8]
    np.testing.assert_allclose(ours.probability, expected, atol=1e-15)
    # nobody censored before day 6: a proportion of five
    p = np.array(expected)[:, :4]
    np.testing.assert_allclose(ours.se[:, :4], np.sqrt(p * (1 - p) / 5), atol=1e-15)
    assert [row.probability for row in occupancy_at(ours, [1])] == [1, 0, 0, 0]
    assert occupancy_at(ours, [9])[0].reason == "beyond the last follow-up"


def test_start_in_two_states():
    """Where patients start in several states, the shares at the start are uncertain unless they are given."""
    rows = state_rows([1, 2, 3, 4], [0] * 4, [5, 6, 7, 8], list("aaab"), ["", "c", "", "c"], states=list("abc"))
    assert estimate_occupancy(rows).se[1, 0] == pytest.approx(sqrt(0.75 * 0.25 / 4), rel=1e-14)
    assert estimate_occupancy(rows, start="given").se[1, 0] == 0


def test_expanded_follow_up():
    """After another event a patient stays at risk, with the probability of not having been censored since."""
    # day 2 other event; day 3 one of four censored; day 4 the cause; day 5 one of two censored; day 6 the cause
    rows = expand_rows([2, 3, 4, 5, 6], [2, 0, 1, 0, 1])
    assert rows.patient.tolist() == [0, 0, 0, 1, 2, 3, 4]
    assert rows.entry_days.tolist() == [-1, 2, 4, -1, -1, -1, -1]
    assert rows.exit_days.tolist() == [2, 4, 6, 3, 4, 5, 6]
    np.testing.assert_allclose(rows.weight, [1, 3 / 4, 3 / 8, 1, 1, 1, 1], rtol=1e-15)
    assert rows.is_event.tolist() == [False, False, False, False, True, False, True]


def test_fine_gray_of_two_by_two():
    """One covariate, one day with an event of each group: the maximum solves a quadratic."""
    # a (z = 1): day 1 cause, day 3 other;  b (z = 0): day 2 cause, day 4 cause.  No censoring: all stay to the end
    ours = fit_fine_gray([1, 3, 2, 4], [1, 2, 1, 1], [1, 1, 0, 0])
    # day 1: 2r + 2; day 2: r + 2; day 4: r + 1 (the other event still at risk)
    r = float(np.exp(ours.coef[0]))
    assert 1 - 2 * r / (2 * r + 2) - r / (r + 2) - r / (r + 1) == pytest.approx(0, abs=1e-12)


def test_refusals():
    """What cannot be asked is refused with a code."""
    late = RiskTable.from_arrays([5, 6], [1, 2], entry_days=[1, -1])
    for code, call in {
        "delayed-entry": lambda: estimate_incidence(late, variance="infinitesimal-jackknife"),
        "unknown-cause": lambda: compare_incidence(SEVEN, 3),
        "below-minimum": lambda: compare_incidence(SEVEN, 1, rho=-1),
        "not-two-groups": lambda: compare_rmst(SEVEN),
        "at-risk-twice": lambda: state_rows([1, 1], [0, 3], [5, 8], "ab", ["b", ""], states="ab"),
        "state-from-nowhere": lambda: state_rows([1, 1], [0, 5], [5, 8], "ab", ["", ""], states="ab"),
        "not-whole-numbers": lambda: split_at([5], [1], [2.5]),
        "missing-values": lambda: fit_fine_gray([5, 6], [1, 0], [1.0, np.nan]),
        "unknown-option": lambda: estimate_incidence(SEVEN, interval="logit"),
    }.items():
        with pytest.raises(DataError) as caught:
            call()
        assert caught.value.code == code
