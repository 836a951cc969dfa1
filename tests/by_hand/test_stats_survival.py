"""Survival statistics of a few patients, solved by algebra; the patients are not in order of time."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log, sqrt

import numpy as np
import pytest

from remission.core.errors import DataError
from remission.stats import (
    RiskTable,
    at_risk_table,
    compare_pairs,
    compare_survival,
    compare_trend,
    estimate_curves,
    estimate_follow_up,
    permutation_logrank,
    proportion_interval,
    quantile_of_curve,
    reverse_curves,
    survival_at,
)

Z = 1.959963984540054

# day   2: 6 at risk, one event, one censored;  4: 4 at risk, censored;  6: 3 at risk, both;  9: 1 at risk, censored
SIX = RiskTable.from_arrays([6, 2, 4, 2, 9, 6], [1, 1, 0, 0, 0, 0])
# group A: 1 event, 3 event, 4 censored;  group B: 2 event, 3 censored, 5 event
TWO = RiskTable.from_arrays([3, 5, 1, 2, 4, 3], [1, 1, 1, 1, 0, 0], group=["A", "B", "A", "B", "A", "B"])


def curve_of(days, cause, **options):
    interval = options.pop("interval", "log-log")
    return estimate_curves(RiskTable.from_arrays(days, cause, **options), interval=interval)[0]


def test_curve_with_ties():
    """An event precedes a censoring on the same day: the censored patient is still at risk."""
    curve = estimate_curves(SIX)[0]
    assert curve.days.tolist() == [2, 4, 6, 9]
    assert curve.at_risk.tolist() == [6, 4, 3, 1]
    assert curve.events.tolist() == [1, 0, 1, 0]
    assert curve.censored.tolist() == [1, 1, 1, 1]
    assert curve.survival == pytest.approx([Fraction(5, 6), Fraction(5, 6), Fraction(5, 9), Fraction(5, 9)], rel=1e-15)
    greenwood = Fraction(1, 6 * 5) + Fraction(1, 3 * 2)
    assert greenwood == Fraction(1, 5)
    assert curve.se[2] == pytest.approx(5 / 9 * sqrt(1 / 5), rel=1e-15)
    assert (curve.n, curve.last_day, curve.flagged.any()) == (6, 9, False)


@pytest.mark.parametrize(
    ("interval", "low", "high"),
    [
        ("plain", 5 / 9 - Z * 5 / 9 * sqrt(0.2), 1.0),
        ("log", 5 / 9 * exp(-Z * sqrt(0.2)), 1.0),
        ("log-log", (5 / 9) ** exp(-Z * sqrt(0.2) / log(5 / 9)), (5 / 9) ** exp(Z * sqrt(0.2) / log(5 / 9))),
        ("logit", 1 / (1 + exp(-(log(5 / 4) - Z * sqrt(0.2) * 9 / 4))),
         1 / (1 + exp(-(log(5 / 4) + Z * sqrt(0.2) * 9 / 4)))),
        ("peto", 5 / 9 - Z * 5 / 9 * sqrt(4 / 9 / 2), 1.0),
    ],
)  # fmt: skip
def test_intervals(interval, low, high):
    """Each transformation, at survival 5/9 with a standard error of log survival of the root of 1/5."""
    curve = estimate_curves(SIX, interval=interval)[0]
    assert (curve.low[2], curve.high[2]) == pytest.approx((low, high), rel=1e-12)


def test_survival_at_chosen_days():
    """At risk on a day includes those leaving on it; nothing is carried beyond the last follow-up."""
    before, on, after, last, beyond = survival_at(estimate_curves(SIX)[0], [1, 6, 7, 9, 10])
    assert (before.survival, before.at_risk, before.flagged) == (1.0, 6, True)
    assert before.low == pytest.approx(0.025 ** (1 / 6), rel=1e-12)
    assert (on.survival, on.at_risk) == (pytest.approx(5 / 9), 3)
    assert (on.cumulative_events, on.cumulative_censored) == (2, 3)
    assert (after.survival, after.at_risk) == (pytest.approx(5 / 9), 1)
    assert last.status == "ok"
    assert (beyond.status, beyond.survival, beyond.low, beyond.at_risk) == ("undefined", None, None, 0)
    assert beyond.reason == "beyond the last follow-up"


def test_delayed_entry():
    """A patient is at risk from the day after entry: on day 3 the one entering on day 3 is not."""
    entry, last_day, cause = [0, 3, 5, 2, 6, -1], [5, 7, 8, 5, 7, 3], [1, 1, 0, 0, 1, 1]
    curve = curve_of(last_day, cause, entry_days=entry)
    assert curve.days.tolist() == [3, 5, 7, 8]
    assert curve.at_risk.tolist() == [3, 3, 3, 1]
    assert curve.survival == pytest.approx(
        [Fraction(2, 3), Fraction(4, 9), Fraction(4, 27), Fraction(4, 27)], rel=1e-15
    )
    assert [row.at_risk for row in survival_at(curve, [0, 1, 2, 3, 4, 6, 7])] == [1, 2, 2, 3, 3, 2, 3]


def test_exact_ends():
    """Survival 1: alpha/2 to the 1/r; survival 0 without censoring: Clopper-Pearson of none of five."""
    nobody = curve_of([10, 8, 12, 9], [0, 0, 0, 0])
    assert nobody.low == pytest.approx([0.025 ** (1 / r) for r in (4, 3, 2, 1)], rel=1e-12)
    assert nobody.high.tolist() == [1.0] * 4
    assert nobody.flagged.all()
    everybody = curve_of([5, 3, 1, 4, 2], [1] * 5)
    none_of_five = proportion_interval(0, 5)
    assert (everybody.low[-1], everybody.flagged[-1]) == (0.0, True)
    assert everybody.high[-1] == pytest.approx(none_of_five.high, rel=1e-12)
    late = survival_at(everybody, [400])[0]
    assert (late.status, late.survival, late.se, late.at_risk) == ("ok", 0.0, None, 0)


def test_beta_product_is_clopper_pearson_without_censoring():
    """Also with ties: 7 patients, of whom 5, 3, 2 and 0 are left."""
    curve = curve_of([4, 1, 2, 1, 6, 6, 2], [1] * 7, interval="beta-product")
    for low, high, left in zip(curve.low, curve.high, (5, 3, 2, 0), strict=True):
        exact = proportion_interval(left, 7)
        assert (low, high) == pytest.approx((exact.low, exact.high), rel=1e-10)


def test_no_event_limit_with_delayed_entry_uses_the_fewest_at_risk():
    """Two followed from the start, ten entering on day 5: the first days rest on two patients only."""
    curve = curve_of([3, 9] + [9] * 10, [0] * 12, entry_days=[-1, -1] + [5] * 10)
    on_2, on_4, on_9 = survival_at(curve, [2, 4, 9])
    assert (on_2.low, on_4.low) == pytest.approx((0.025 ** (1 / 2), 0.025), rel=1e-12)
    assert (on_9.at_risk, on_9.low) == (11, pytest.approx(0.025, rel=1e-12))


def test_median_on_a_plateau():
    """Survival exactly one half from day 2 to day 3: the median is the midpoint."""
    assert quantile_of_curve(curve_of([4, 1, 3, 2], [1, 1, 1, 1])).days == 2.5
    # a censoring inside the flat piece does not end it; the last flat piece ends with follow-up
    assert quantile_of_curve(curve_of([4, 1, 3, 2], [1, 1, 0, 1])).days == 3.0
    assert quantile_of_curve(curve_of([4, 1, 3, 2], [0, 1, 0, 1])).days == 3.0


@pytest.mark.parametrize("n", [24, 26])
def test_plateau_is_found_in_spite_of_rounding(n):
    """One half on paper, above or below it as a product of floats: the median is the midpoint for both."""
    half = n // 2
    curve = curve_of(list(range(1, n + 1)), [1] * half + [0, 0] + [1] * (half - 2))
    assert curve.survival[half - 1] != 0.5
    assert quantile_of_curve(curve).days == half + 1.5


def test_quantiles_not_reached():
    """None, and a reason, for a curve that stays above; the lower limit may exist nevertheless."""
    quantile = quantile_of_curve(estimate_curves(SIX)[0])
    assert (quantile.days, quantile.high, quantile.status, quantile.reason) == (None, None, "undefined", "not reached")
    assert quantile.low == 2.0  # the lower limit on day 2 is (5/6) ** 7.1 = 0.27
    assert quantile_of_curve(estimate_curves(SIX)[0], 0.4).days == 6.0
    with pytest.raises(DataError):
        quantile_of_curve(estimate_curves(SIX)[0], 1.0)


def test_at_risk_table():
    """Counts of both groups; the day itself counts for events, not yet for the number at risk."""
    table = at_risk_table(TWO, [0, 3, 4, 6])
    assert table.groups == ("A", "B")
    assert table.at_risk.tolist() == [[3, 2, 1, 0], [3, 2, 1, 0]]
    assert table.events.tolist() == [[0, 2, 2, 2], [0, 1, 1, 2]]
    assert table.censored.tolist() == [[0, 0, 1, 1], [0, 1, 1, 1]]


@pytest.mark.parametrize(
    ("options", "chi2"),
    [
        ({}, Fraction(3, 5) ** 2 / Fraction(37, 50)),
        ({"weights": "gehan"}, Fraction(9, 19)),
        ({"weights": "tarone-ware"}, (sqrt(6) / 2 - sqrt(5) * 2 / 5 + 1) ** 2 / 3.7),
        ({"weights": "fleming-harrington", "rho": 1.0}, Fraction(9, 19)),
        ({"weights": "fleming-harrington", "gamma": 1.0}, Fraction(9, 31)),
    ],
)
def test_log_rank_weights(options, chi2):
    """Observed less expected in A: 1/2, -2/5, 1/2; variances 1/4, 6/25, 1/4; weights by their definitions."""
    test = compare_survival(TWO, **options)
    assert (test.chi2, test.df) == (pytest.approx(float(chi2), rel=1e-12), 1)


def test_log_rank_parts():
    """Observed 2 of 7/5 expected in A, and 2 of 13/5 in B; a trend over two groups is the same test."""
    test = compare_survival(TWO)
    assert test.observed.tolist() == [2.0, 2.0]
    assert test.expected == pytest.approx([Fraction(7, 5), Fraction(13, 5)], rel=1e-14)
    assert test.variance[0] == pytest.approx([Fraction(37, 50), Fraction(-37, 50)], rel=1e-14)
    assert compare_trend(TWO).chi2 == pytest.approx(test.chi2, rel=1e-12)
    (pair,) = compare_pairs(TWO)
    assert (pair.group_a, pair.group_b, pair.p, pair.p_holm) == ("A", "B", test.p, test.p)


def test_log_rank_variance_of_a_tie():
    """Two events on one day among two and two: variance 2 * 2/3 * 1/4 = 1/3, not 1/2."""
    risk = RiskTable.from_arrays([2, 1, 1, 2], [0, 1, 1, 0], group=[0, 0, 1, 1])
    assert compare_survival(risk).variance[0, 0] == pytest.approx(1 / 3, rel=1e-14)


def test_stratified_log_rank_adds_the_strata():
    """Twice the same stratum: observed, expected and variance double, and so does the statistic."""
    days, cause, group = [3, 5, 1, 2, 4, 3], [1, 1, 1, 1, 0, 0], list("ABABAB")
    risk = RiskTable.from_arrays(days * 2, cause * 2, group=group * 2, stratum=["x"] * 6 + ["y"] * 6)
    assert compare_survival(risk).chi2 == pytest.approx(2 * 18 / 37, rel=1e-12)


def test_permutation_log_rank():
    """Scores 9/12, 5/12, -1/12, -13/12: two of the six pairs are as far from 0 as the first two."""
    test = permutation_logrank([2, 4, 1, 3], [1, 1, 1, 1], ["A", "B", "A", "B"])
    assert (test.method, test.arrangements, test.p) == ("exact", 6, pytest.approx(1 / 3, rel=1e-14))
    assert test.statistic == pytest.approx(Fraction(7, 6) ** 2 * (Fraction(1, 2) + Fraction(1, 2)), rel=1e-14)
    drawn = permutation_logrank([2, 4, 1, 3], [1, 1, 1, 1], list("ABAB"), method="monte-carlo", replicates=20_000)
    assert drawn.p_low < 1 / 3 < drawn.p_high
    assert drawn == permutation_logrank([2, 4, 1, 3], [1, 1, 1, 1], list("ABAB"), method="monte-carlo",
                                        replicates=20_000)  # fmt: skip


def test_reverse_curve_on_a_tied_day():
    """Day 2: of 6, one dies first, so 5 are at risk of ending follow-up and one does; then 1/4, 1/2, 1/1."""
    curve = reverse_curves(SIX)[0]
    assert curve.at_risk.tolist() == [5, 4, 2, 1]
    assert curve.survival == pytest.approx([Fraction(4, 5), Fraction(3, 5), Fraction(3, 10), 0], rel=1e-14)


def test_follow_up():
    """Median, naive median, range among those without the event, and completeness 60 of 80 days."""
    follow_up = estimate_follow_up([30, 10, 20], [0, 1, 0], potential_days=[30, 40, 40])
    assert follow_up.completeness == pytest.approx(0.75, rel=1e-15)
    assert (follow_up.n, follow_up.n_events, follow_up.everybody.median) == (3, 1, 20.0)
    assert (follow_up.without_event.minimum, follow_up.without_event.maximum) == (20.0, 30.0)
    assert follow_up.median_days == 25.0  # the reverse curve is one half from day 20 to day 30
    with pytest.raises(DataError) as caught:
        estimate_follow_up([30, 10], [0, 1], potential_days=[29, 40])
    assert caught.value.code == "follow-up-after-cut-off"


def test_risk_table_of_two_causes_and_weights():
    """Causes are kept apart, an empty group stays, a weight is a number of copies."""
    risk = RiskTable.from_arrays([3, 1, 3], [2, 1, 0], group=["b", "a", "b"], groups=["a", "b", "c"], weight=[1, 2, 3])
    assert risk.events.shape == (3, 1, 2, 2)
    assert risk.events[:, 0].tolist() == [[[2, 0], [0, 0]], [[0, 0], [0, 1]], [[0, 0], [0, 0]]]
    assert risk.censored[:, 0].tolist() == [[0, 0], [0, 3], [0, 0]]
    assert risk.at_risk[:, 0].tolist() == [[2, 0], [4, 4], [0, 0]]
    assert risk.n.tolist() == [2, 4, 0]
    assert risk.select(group="b").n.tolist() == [4]
    with pytest.raises(ValueError, match="read-only"):
        risk.days[0] = 9


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"exit_days": [1.5, 2.0], "cause": [0, 1]}, "not-whole-numbers"),
        ({"exit_days": np.array([1.0, np.nan]), "cause": [0, 1]}, "not-whole-numbers"),
        ({"exit_days": [-1, 2], "cause": [0, 1]}, "below-minimum"),
        ({"exit_days": [1, 2], "cause": [0]}, "lengths-differ"),
        ({"exit_days": [1, 2], "cause": [0, 3], "causes": 2}, "unknown-cause"),
        ({"exit_days": [1, 2], "cause": [0, 1], "entry_days": [0, 2]}, "exit-not-after-entry"),
        ({"exit_days": [1, 2], "cause": [0, 1], "group": ["a", "b"], "groups": ["a"]}, "unknown-label"),
        ({"exit_days": [1, 2], "cause": [0, 1], "group": [0, 2], "groups": ["a", "b"]}, "unknown-label"),
        ({"exit_days": [1, 2], "cause": [0, 1], "groups": ["a", "b"]}, "no-group-column"),
        ({"exit_days": [1, 2], "cause": [0, 1], "weight": [0.5, 1.0]}, "not-whole-numbers"),
        ({"exit_days": [[1, 2]], "cause": [0, 1]}, "wrong-shape"),
    ],
)
def test_refusals(arguments, code):
    """What is not a count of whole days is refused, and no message holds a value of a patient."""
    with pytest.raises(DataError) as caught:
        RiskTable.from_arrays(arguments.pop("exit_days"), arguments.pop("cause"), **arguments)
    assert caught.value.code == code


def test_options_that_do_not_exist():
    """An unknown interval, weight or method names those that exist."""
    for call in (
        lambda: estimate_curves(SIX, interval="loglog"),
        lambda: compare_survival(TWO, weights="wilcoxon"),
        lambda: permutation_logrank([1, 2], [1, 1], [0, 1], method="all"),
    ):
        with pytest.raises(DataError) as caught:
            call()
        assert caught.value.code == "unknown-option"
        assert "log-" in caught.value.expected or "exact" in caught.value.expected
    with pytest.raises(DataError):
        compare_survival(TWO, rho=1.0)
    with pytest.raises(DataError):
        estimate_curves(SIX, confidence=95)


def test_labels_of_every_kind():
    """Codes, truth values, strings and objects name groups; two equal labels are refused."""
    for group, labels in (
        ([1, 0], ("0", "1")),
        ([True, False], ("0", "1")),
        (np.array(["x", "ab"], dtype=object), ("ab", "x")),
    ):
        risk = RiskTable.from_arrays([4, 2], [True, False], group=group)
        assert risk.groups == labels
        assert risk.select(group=labels[1]).events.sum() == 1
    assert RiskTable.from_arrays([4, 2], [1, 0], groups=["treated"]).groups == ("treated",)
    with pytest.raises(DataError) as caught:
        RiskTable.from_arrays([4, 2], [1, 0], group=[0, 1], groups=["a", "a"])
    assert caught.value.code == "repeated-label"


def test_calls_that_make_no_sense():
    """Negative rho, a missing score, no replicates, an exact test out of reach, an event that is neither yes nor no."""
    for call, code in (
        (lambda: compare_survival(TWO, weights="fleming-harrington", rho=-1.0), "below-minimum"),
        (lambda: compare_trend(TWO, scores=[1.0]), "lengths-differ"),
        (lambda: permutation_logrank([1, 2], [1, 1], [0, 1], replicates=0), "below-minimum"),
        (lambda: permutation_logrank([1, 2], [1, 1], [0, 1], method="exact", exact_up_to=1), "too-many-arrangements"),
        (lambda: permutation_logrank([1, 2], [1, 2], [0, 1]), "not-yes-no"),
    ):
        with pytest.raises(DataError) as caught:
            call()
        assert caught.value.code == code


def test_permutation_of_three_groups_is_drawn():
    """Three groups have no short list of arrangements: drawn, with a seed; a clear difference has a small p."""
    days, group = list(range(1, 19)), [0] * 6 + [1] * 6 + [2] * 6
    test = permutation_logrank(days, [1] * 18, group, replicates=4999)
    assert (test.method, test.seed) == ("monte-carlo", 1)
    assert test.p == pytest.approx(1 / 5000, abs=2e-3)
