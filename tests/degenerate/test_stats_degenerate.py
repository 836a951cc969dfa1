"""The corners: one patient, nobody dies, everybody dies on day 0, empty groups. A reason, never a crash."""

from __future__ import annotations

import numpy as np
import pytest

from remission.stats import (
    RiskTable,
    at_risk_table,
    compare_pairs,
    compare_survival,
    compare_trend,
    estimate_curves,
    estimate_follow_up,
    permutation_logrank,
    quantile_of_curve,
    survival_at,
)
from remission.stats.bands import INTERVALS
from remission.stats.logrank import CANNOT_DIFFER

AB = ("A", "B")
TABLES = {
    "nobody": ([], [], []),
    "one patient, censored": ([5], [0], [0]),
    "one patient, event": ([5], [1], [0]),
    "one patient, day 0": ([0], [1], [0]),
    "nobody has the event": ([3, 9, 4], [0, 0, 0], [0, 1, 0]),
    "all die on day 0": ([0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]),
    "all die on one day": ([7, 7, 7], [1, 1, 1], [0, 1, 1]),
    "all censored on day 0": ([0, 0], [0, 0], [0, 1]),
    "a group without events": ([3, 9, 4, 6], [1, 1, 0, 0], [0, 0, 1, 1]),
    "an empty group": ([3, 9, 4], [1, 0, 1], [0, 0, 0]),
    "groups that never meet": ([1, 2, 3, 9], [1, 1, 0, 0], [0, 0, 0, 1]),
}


def risk_of(name: str) -> RiskTable:
    days, cause, group = TABLES[name]
    return RiskTable.from_arrays(days, cause, group=group, groups=AB)


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("name", TABLES)
def test_curves(name, interval):
    """Every curve, quantile and survival has a status; limits stay in 0-1; without a number there is a reason."""
    risk = risk_of(name)
    for curve in estimate_curves(risk, interval=interval):
        assert not np.isnan(curve.survival).any()
        assert ((curve.low >= 0) & (curve.high <= 1) & (curve.low <= curve.high)).all()
        for answer in (*survival_at(curve, [0, 3, 7, 50]), quantile_of_curve(curve)):
            assert (answer.status == "ok") == (answer.reason == "")
        assert (curve.last_day is None) == (curve.n == 0)
    assert at_risk_table(risk, [0, 3, 50]).at_risk[:, 0].tolist() == risk.n.tolist()


@pytest.mark.parametrize("name", TABLES)
def test_comparisons(name):
    """Log-rank, trend, pairs, permutation and follow-up give a number or a reason."""
    risk = risk_of(name)
    for test in (compare_survival(risk), compare_survival(risk, weights="gehan"), compare_trend(risk),
                 *compare_pairs(risk), permutation_logrank(*TABLES[name])):  # fmt: skip
        assert (test.status == "ok") == (test.p is not None)
        assert test.p is not None or test.reason
        assert test.p is None or 0 <= test.p <= 1
    follow_up = estimate_follow_up(*TABLES[name][:2], potential_days=[9] * len(TABLES[name][0]))
    assert (follow_up.median_days is not None) == (follow_up.status == "ok")


def test_reasons():
    """The reason says what is the matter."""
    assert compare_survival(risk_of("nobody has the event")).reason == "no events"
    assert compare_survival(risk_of("an empty group")).reason == "only one group is at risk when events happen"
    assert compare_survival(risk_of("all die on day 0")).reason == CANNOT_DIFFER
    empty = estimate_curves(risk_of("an empty group"))[1]
    assert quantile_of_curve(empty).reason == "no patients in this group"
    assert survival_at(empty, [3])[0].reason == "no patients in this group"


def test_all_die_on_day_0():
    """Survival at day 0 is 0, flagged, with the limit of none of two; the median is day 0."""
    curve = estimate_curves(risk_of("all die on day 0"))[0]
    assert (curve.days.tolist(), curve.at_risk.tolist(), curve.survival.tolist()) == ([0], [2], [0.0])
    row = survival_at(curve, [0])[0]
    assert (row.survival, row.se, row.flagged) == (0.0, None, True)
    assert row.high == pytest.approx(1 - 0.025 ** (1 / 2), rel=1e-12)
    assert quantile_of_curve(curve).days == 0.0


def test_a_group_without_events_takes_part():
    """Nobody in B has the event, but B is at risk: the test exists and B's expected events are above 0."""
    test = compare_survival(risk_of("a group without events"))
    assert (test.status, test.df) == ("ok", 1)
    assert test.observed[1] == 0 < test.expected[1]


def test_groups_never_at_risk_together():
    """A ends before B begins: no comparison, and the reason says so."""
    risk = RiskTable.from_arrays([1, 3, 8, 9], [1, 1, 1, 0], entry_days=[-1, -1, 5, 5], group=[0, 0, 1, 1])
    test = compare_survival(risk)
    assert (test.status, test.reason) == ("undefined", CANNOT_DIFFER)


def test_three_groups_in_two_worlds():
    """Three groups of which one never meets the others: one degree of freedom fewer, and it is said."""
    risk = RiskTable.from_arrays(
        [2, 3, 2, 4, 8, 9], [1, 0, 1, 0, 1, 0], entry_days=[-1] * 4 + [5, 5], group=list("aabbcc")
    )
    test = compare_survival(risk)
    assert (test.df, test.reason) == (1, "some groups are never at risk together")


def test_nobody_under_observation_yet():
    """Before the first entry there is no survival to give."""
    curve = estimate_curves(RiskTable.from_arrays([9, 12], [1, 0], entry_days=[4, 6]))[0]
    early, later = survival_at(curve, [3, 5])
    assert (early.status, early.reason) == ("undefined", "nobody is under observation yet")
    assert (later.status, later.at_risk, later.low) == ("ok", 1, pytest.approx(0.025))


def test_survival_that_reached_0_by_a_small_risk_set():
    """With delayed entry an early risk set of one can end the curve: later patients do not raise it."""
    curve = estimate_curves(RiskTable.from_arrays([2, 9, 9], [1, 1, 0], entry_days=[-1, 4, 4]))[0]
    assert curve.survival.tolist() == [0.0, 0.0]
    assert curve.flagged.all()


def test_a_calendar_far_beyond_any_follow_up():
    """Days of the order of 1e12 are sorted rather than allocated."""
    days = np.array([10**12, 5, 10**12, 7])
    far = RiskTable.from_arrays(days, [1, 1, 0, 0], entry_days=[6, -1, -1, 3])
    assert far.days.tolist() == [3, 5, 6, 7, 10**12]
    assert far.at_risk[0, 0].tolist() == [2, 3, 2, 3, 2]
