"""The corners of competing and later events: nobody, one patient, one cause, empty groups. A reason, never a crash."""

from __future__ import annotations

import numpy as np
import pytest

from remission.stats.aalen_johansen import INCIDENCE_INTERVALS, VARIANCES, estimate_incidence, incidence_at
from remission.stats.episodes import illness_death_rows
from remission.stats.fine_gray import expand_rows, fit_fine_gray
from remission.stats.gray import compare_incidence
from remission.stats.kaplan_meier import estimate_curves
from remission.stats.landmarks import landmark_at, landmark_grid
from remission.stats.mantel_byar import compare_by_switch
from remission.stats.milestones import MILESTONE_SCALES, compare_milestone
from remission.stats.nelson_aalen import HAZARD_INTERVALS, HAZARD_VARIANCES, estimate_hazards, hazard_at
from remission.stats.occupancy import estimate_occupancy, occupancy_at
from remission.stats.riskset import RiskTable
from remission.stats.rmst import compare_rmst, restricted_mean
from remission.stats.simon_makuch import at_risk_by_state, estimate

AB = ("A", "B")
# days, cause, group, day of a switch
TABLES = {
    "nobody": ([], [], [], []),
    "one patient, censored": ([5], [0], [0], [2]),
    "one patient, event": ([5], [1], [0], [None]),
    "one patient, other event": ([5], [2], [0], [0]),
    "one patient, day 0": ([0], [1], [0], [0]),
    "nobody has an event": ([3, 9, 4], [0, 0, 0], [0, 1, 0], [1, None, 4]),
    "nobody has the first cause": ([3, 9, 4, 7], [2, 2, 0, 2], [0, 1, 0, 1], [None, None, None, None]),
    "everybody has the first cause": ([3, 9, 4, 7], [1, 1, 1, 1], [0, 1, 0, 1], [0, 0, 0, 0]),
    "all on day 0": ([0, 0, 0, 0], [1, 2, 1, 0], [0, 0, 1, 1], [0, 0, None, 3]),
    "all on one day": ([7, 7, 7], [1, 1, 2], [0, 1, 1], [7, 6, None]),
    "all censored on day 0": ([0, 0], [0, 0], [0, 1], [0, None]),
    "a group without events": ([3, 9, 4, 6], [1, 2, 0, 0], [0, 0, 1, 1], [None, 3, 3, 6]),
    "an empty group": ([3, 9, 4], [1, 2, 1], [0, 0, 0], [2, 2, 2]),
    "groups that never meet": ([1, 2, 3, 9], [1, 2, 0, 0], [0, 0, 0, 1], [None, 1, None, 8]),
}


def risk_of(name: str) -> RiskTable:
    days, cause, group, _ = TABLES[name]
    return RiskTable.from_arrays(days, cause, group=group, groups=AB, causes=2)


def later_of(name: str):
    days, cause, _, switch = TABLES[name]
    return days, cause, switch


@pytest.mark.parametrize("interval", INCIDENCE_INTERVALS)
@pytest.mark.parametrize("variance", VARIANCES)
@pytest.mark.parametrize("name", TABLES)
def test_incidences(name, variance, interval):
    """Every incidence has a status; limits stay in 0-1 and hold the estimate; the sum is 1."""
    for curve in estimate_incidence(risk_of(name), variance=variance, interval=interval):
        assert curve.closure < 1e-12
        assert ((curve.low >= 0) & (curve.high <= 1) & (curve.low <= curve.high)).all()
        assert ((curve.low <= curve.incidence) & (curve.incidence <= curve.high)).all()
        assert np.isfinite(curve.se).all()
        for cause in (1, 2):
            for row in incidence_at(curve, [0, 3, 7, 50], cause=cause):
                assert (row.status == "ok") == (row.reason == "") == (row.incidence is not None)


@pytest.mark.parametrize("name", TABLES)
def test_incidence_beyond_follow_up(name):
    """Nothing is carried on beyond the last follow-up unless nobody is left to have an event."""
    for curve in estimate_incidence(risk_of(name)):
        row = incidence_at(curve, [1000])[0]
        is_settled = curve.n > 0 and curve.event_free.survival[-1] == 0
        assert (row.status == "ok") == is_settled


@pytest.mark.parametrize("name", TABLES)
def test_comparisons(name):
    """Gray's test, restricted means and milestones give a number or a reason."""
    risk = risk_of(name)
    for cause in (1, 2):
        test = compare_incidence(risk, cause)
        assert (test.status == "ok") == (test.p is not None)
        assert test.status == "ok" or test.reason
        assert test.p is None or 0 <= test.p <= 1
    if not risk.events[:, :, 0].any():
        assert compare_incidence(risk, 1).reason == "no events of this cause"
    for options in ({}, {"tau_days": 4}, {"tau_days": 400}, {"tau_days": 400, "when_beyond": "reduce"}):
        means = compare_rmst(risk, **options)
        assert (means.status == "ok") == (means.p_ratio is not None)
        assert means.status == "ok" or means.reason
    for curve in estimate_curves(risk):
        mean = restricted_mean(curve, 3)
        assert (mean.status == "ok") == (mean.mean_days is not None)
        assert mean.mean_days is None or 0 <= mean.low <= mean.mean_days <= mean.high <= 3
    for scale in MILESTONE_SCALES:
        for day in (0, 3, 7):
            found = compare_milestone(risk, day, scale=scale)
            assert (found.status == "ok") == (found.difference is not None)
            assert found.p is not None or found.reason
            if found.difference is not None:
                assert -1 <= found.low <= found.difference <= found.high <= 1


@pytest.mark.parametrize("interval", HAZARD_INTERVALS)
@pytest.mark.parametrize("variance", HAZARD_VARIANCES)
@pytest.mark.parametrize("name", TABLES)
def test_hazards(name, variance, interval):
    """Every hazard has a status and limits that hold it."""
    for cause in (None, 1, 2):
        for curve in estimate_hazards(risk_of(name), cause=cause, variance=variance, interval=interval):
            assert ((curve.low >= 0) & (curve.low <= curve.hazard) & (curve.hazard <= curve.high)).all()
            for row in hazard_at(curve, [0, 3, 7, 50]):
                assert (row.status == "ok") == (row.reason == "") == (row.hazard is not None)


@pytest.mark.parametrize("landmark", [0, 3, 20])
@pytest.mark.parametrize("name", TABLES)
def test_later_events(name, landmark):
    """Curves by state, Mantel-Byar and landmarks count everybody and give a number or a reason."""
    days, cause, switch = later_of(name)
    test = compare_by_switch(days, cause, switch)
    assert test.n == len(days)
    assert test.test.status == "ok" or test.test.reason
    for start in (None, landmark):
        ours = estimate(days, cause, switch, landmark=start)
        assert ours.n + ours.n_lost_events + ours.n_lost_censored == len(days)
        assert at_risk_by_state(ours, [landmark]).at_risk.sum() == sum(
            d > landmark or (start is None and d == landmark) for d in days
        )
    found = landmark_at(days, cause, switch, landmark)
    assert int(found.n.sum()) + found.n_lost_events + found.n_lost_censored == len(days)
    assert found.status == "ok" or found.reason
    assert (found.hazard_ratio is None) == bool(found.hazard_reason)
    assert [x.day for x in landmark_grid(days, cause, switch, [20, landmark])] == [20, landmark]


@pytest.mark.parametrize("name", TABLES)
def test_states(name):
    """Occupied states add up to 1 wherever anybody is."""
    ours = estimate_occupancy(illness_death_rows(*later_of(name), endings=("relapse", "dead")))
    assert ours.closure < 1e-12
    assert np.isfinite(ours.se).all()
    for row in occupancy_at(ours, [0, 3, 9, 50]):
        assert (row.status == "ok") == (row.reason == "") == (row.probability is not None)


@pytest.mark.parametrize("name", TABLES)
def test_regression(name):
    """Fine and Gray's model gives finite numbers or says why not; expanding follow-up never fails."""
    days, cause, group, _ = TABLES[name]
    for c in (1, 2):
        fit = fit_fine_gray(days, cause, np.array(group, dtype=float)[:, None], cause=c)
        assert (fit.status == "ok") == bool(np.isfinite(fit.coef).all() and np.isfinite(fit.se).all())
        assert (fit.status == "ok") == (fit.reason == "")
        rows = expand_rows(days, cause, cause=c)
        assert (rows.entry_days < rows.exit_days).all()
        assert ((rows.weight > 0) & (rows.weight <= 1)).all()


def test_separated_groups():
    """A group in which nobody has the cause makes no finite hazard ratio, and collinear columns are named."""
    days, cause, z = [1, 2, 3, 4, 5, 6], [1, 1, 0, 0, 0, 2], np.array([1.0, 1, 1, 0, 0, 0])
    assert "no finite maximum" in fit_fine_gray(days, cause, z).reason
    assert "collinear" in fit_fine_gray(days, cause, np.column_stack([z, 2 * z])).reason
    assert "same for all" in fit_fine_gray(days, cause, np.ones(6)).reason


def test_late_entry():
    """With delayed entry a day before anybody is there is undefined, and the risk set may empty and fill again."""
    risk = RiskTable.from_arrays([4, 9, 8], [1, 2, 0], entry_days=[2, 5, 5], group=[0, 0, 1], groups=AB, causes=2)
    curve = estimate_incidence(risk)[0]
    assert incidence_at(curve, [1])[0].reason == "nobody is under observation yet"
    assert curve.closure < 1e-12
    assert compare_incidence(risk, 1).status == "undefined"
    assert restricted_mean(estimate_curves(risk)[0], 5).reason == "nobody is under observation from the start"
