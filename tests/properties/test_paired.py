"""What must hold of paired tests, shifts and adjusted p for any numbers."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.stats import (
    benjamini_hochberg,
    compare_left_censored,
    compare_left_censored_pairs,
    holm,
    mann_whitney,
    mcnemar_test,
    median_difference,
    permutation_left_censored,
    pseudo_median,
    sign_test,
    summarise_left_censored,
    wilcoxon_signed_rank,
)
from remission.stats.ranks import mid_ranks
from remission.stats.summaries import quantile

whole = st.integers(-9, 9)


@given(st.lists(whole, min_size=1, max_size=9).filter(any))
@settings(deadline=None, max_examples=60)
def test_signed_rank_by_brute_force(d):
    """The exact p is the share of all signs that are as extreme; turning all differences round changes nothing."""
    test = wilcoxon_signed_rank(d)
    sizes = [abs(x) for x in d if x]
    ranks = mid_ranks(np.array(sizes, dtype=float))[0]
    middle = ranks.sum() / 2
    sums = [sum(r for r, s in zip(ranks, signs, strict=True) if s) for signs in product((0, 1), repeat=len(sizes))]
    assert test.p == pytest.approx(np.mean([abs(s - middle) >= abs(test.statistic - middle) - 1e-9 for s in sums]))
    assert wilcoxon_signed_rank([-x for x in d]).p == test.p
    assert sign_test([-x for x in d]).p == sign_test(d).p
    assert wilcoxon_signed_rank([*d, float("nan")]).n_incomplete == 1


@given(st.lists(st.integers(-1000, 1000), min_size=6, max_size=14, unique_by=abs), st.sampled_from([0.9, 0.95]))
@settings(deadline=None, max_examples=50)
def test_interval_and_test_agree(d, confidence):
    """A shift is outside the exact interval if and only if the exact test of the shifted differences rejects it."""
    shift = pseudo_median(d, confidence=confidence)
    if shift.low is None:
        assert 2.0 ** (1 - len(d)) > 1 - confidence
        return
    # thirds are never Walsh averages of whole numbers
    for at in (shift.low - 1 / 3, shift.low + 1 / 3, shift.high - 1 / 3, shift.high + 1 / 3):
        p = wilcoxon_signed_rank(np.array(d) - at, method="exact").p
        if len({abs(x - at) for x in d}) == len(d):  # a shift may tie two of them
            assert (p > 1 - confidence + 1e-12) == (shift.low <= at <= shift.high)
    assert shift.achieved >= confidence - 1e-12
    assert pseudo_median([x + 5 for x in d], confidence=confidence).low == shift.low + 5


@given(st.lists(whole, min_size=3, max_size=9), st.lists(whole, min_size=3, max_size=9), st.booleans())
@settings(deadline=None, max_examples=50)
def test_two_samples(x, y, is_exact):
    """Samples exchanged turn the shift round; shifted ones move it; its interval encloses it."""
    method = "exact" if is_exact else "normal"
    shift, back = median_difference(x, y, method=method), median_difference(y, x, method=method)
    assert shift.estimate == -back.estimate
    assert (shift.low is None) == (back.low is None)
    if shift.low is not None:
        assert (shift.low, shift.high) == (-back.high, -back.low)
        assert shift.low <= shift.estimate <= shift.high
        assert median_difference([v + 4 for v in x], y, method=method).low == shift.low + 4


@given(st.lists(st.tuples(st.sampled_from([0, 1, None]), st.sampled_from([0, 1, None])), min_size=1, max_size=20))
def test_mcnemar_is_the_sign_test(rows):
    """McNemar's exact p is the sign test of the changes; incomplete pairs are counted."""
    before, after = (np.array([np.nan if v is None else v for v in column]) for column in zip(*rows, strict=True))
    test, sign = mcnemar_test(before, after), sign_test(after - before)
    assert (test.p, test.n_pairs, test.n_incomplete) == (sign.p, sign.n_pairs, sign.n_incomplete)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_p(p):
    """p <= Benjamini-Hochberg <= Holm <= Bonferroni, in the same order as p."""
    h, b = holm(p), benjamini_hochberg(p)
    for raw, step_down, step_up in zip(p, h, b, strict=True):
        assert raw <= step_up * (1 + 1e-12)
        assert step_up <= step_down * (1 + 1e-12)
        assert step_down <= min(1.0, raw * len(p)) * (1 + 1e-12)
    order = np.argsort(p)
    assert (np.diff(np.array(h)[order]) >= 0).all()
    assert (np.diff(np.array(b)[order]) >= 0).all()


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=40))
def test_no_floor_no_difference(rows):
    """Without a floor: quartiles of type 2, and Gehan's numerator is Mann-Whitney's."""
    values, group = [v for v, _ in rows], [g for _, g in rows]
    ours = summarise_left_censored(values, [0] * len(values))
    for found in (ours.q1, ours.median, ours.q3):
        assert found.value == quantile(values, found.p)
    test = compare_left_censored(values, [0] * len(values), group, test="gehan")
    a, b = ([v for v, g in rows if g == side] for side in (True, False))
    if test.status == "ok" and a and b:
        U = mann_whitney(a, b).statistic
        # flipped ranks: the rank sum less its mean, without the tie correction of the variance
        assert (test.p == pytest.approx(1.0)) == (abs(U - len(a) * len(b) / 2) < 1e-9)


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.integers(1, 9), st.booleans()), min_size=1, max_size=12))
@settings(deadline=None, max_examples=60)
def test_pairs_turned_round(rows):
    """Before and after exchanged: the same p, the other sign; any rising scale gives the same numbers."""
    a, a_below, b, b_below = (list(column) for column in zip(*rows, strict=True))
    for test in ("prentice-wilcoxon", "akritas"):
        there = compare_left_censored_pairs(a, a_below, b, b_below, test=test)
        back = compare_left_censored_pairs(b, b_below, a, a_below, test=test)
        scaled = compare_left_censored_pairs(np.exp(a), a_below, np.exp(b), b_below, test=test)
        assert there.status == back.status == scaled.status
        if there.status == "ok":
            assert there.p == pytest.approx(back.p, rel=1e-9) == pytest.approx(scaled.p, rel=1e-9)
            assert there.statistic == pytest.approx(-back.statistic, rel=1e-9)
            assert 0 <= there.p <= 1


@given(
    st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.sampled_from("ab")), min_size=2, max_size=30),
    st.floats(0.1, 5),
)
def test_only_the_order_counts(rows, factor):
    """Another unit of the assay moves the summary with it and leaves the tests alone; the order of rows is nothing."""
    v, below, group = (list(column) for column in zip(*rows, strict=True))
    first, other = summarise_left_censored(v, below), summarise_left_censored(np.array(v) * factor, below)
    assert (first.median.value is None) == (other.median.value is None)
    if first.median.value is not None:
        assert other.median.value == pytest.approx(first.median.value * factor)
    turned = compare_left_censored(v[::-1], below[::-1], group[::-1])
    here = compare_left_censored(np.array(v) * factor, below, group)
    assert here.chi2 == (None if turned.chi2 is None else pytest.approx(turned.chi2, rel=1e-9, abs=1e-12))


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=14))
@settings(deadline=None, max_examples=60)
def test_permutation_without_floors_is_mann_whitney(rows):
    """The exact permutation p of values above any floor is the exact Mann-Whitney p, with ties."""
    a, b = ([v for v, g in rows if g == side] for side in (True, False))
    ours = permutation_left_censored([v for v, _ in rows], [0] * len(rows), [g for _, g in rows])
    test = mann_whitney(a, b, method="exact")
    assert (ours.p is None) == (test.p is None)
    assert ours.p is None or ours.p == pytest.approx(test.p, rel=1e-9)
