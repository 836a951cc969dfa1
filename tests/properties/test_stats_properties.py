"""What must hold for any patients: order, copies, splitting, pooling, labels, enclosure, brute force."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations, product
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from remission.stats import (
    RiskTable,
    at_risk_table,
    chi_square,
    compare_survival,
    estimate_curves,
    fisher_exact,
    kruskal_wallis,
    mann_whitney,
    permutation_logrank,
    proportion_interval,
    quantile,
    quantile_of_curve,
    reverse_curves,
    survival_at,
)
from remission.stats.bands import INTERVALS

patients = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 2), st.sampled_from("abc"), st.sampled_from("xy"), st.integers(1, 4)),
    min_size=1,
    max_size=25,
)
GROUPS, STRATA = ("a", "b", "c"), ("x", "y")


def table(rows, **options) -> RiskTable:
    days, cause, group, stratum, _ = zip(*rows, strict=True)
    return RiskTable.from_arrays(
        days, cause, group=group, groups=GROUPS, stratum=stratum, strata=STRATA, causes=2, **options
    )


def same(a: RiskTable, b: RiskTable) -> bool:
    """Whether two tables hold the same counts on every day."""
    days = np.union1d(a.days, b.days)
    return bool((a.started == b.started).all()) and all(
        (on_days(a, name, days) == on_days(b, name, days)).all() for name in ("events", "censored", "entered")
    )


def on_days(risk: RiskTable, name: str, days: np.ndarray) -> np.ndarray:
    counts = getattr(risk, name)
    full = np.zeros((*counts.shape[:-1], days.size), dtype=np.int64)
    full[..., np.searchsorted(days, risk.days)] = counts
    return full


@given(patients, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows, random):
    """Shuffled rows give the same table."""
    shuffled = rows.copy()
    random.shuffle(shuffled)
    assert same(table(rows), table(shuffled))


@given(patients)
def test_a_copied_row_is_a_weight(rows):
    """Each row repeated is the row with that weight."""
    copies = [row for row in rows for _ in range(row[4])]
    assert same(table(copies), table(rows, weight=[row[4] for row in rows]))


@given(patients, patients)
def test_adding_tables_is_pooling(first, second):
    """Tables of two hospitals added are the table of all patients."""
    assert same(table(first) + table(second), table(first + second))
    plain = [
        RiskTable.from_arrays([r[0] for r in rows], [r[1] for r in rows], group=[r[2] for r in rows])
        for rows in (first, second)
    ]
    pooled, at_once = plain[0] + plain[1], table(first + second)
    for label in pooled.groups:  # labels are matched although each table knows only its own
        assert (pooled.select(group=label).events.sum(axis=(1, 3)) ==
                at_once.select(group=label).events.sum(axis=(1, 3))[:, : pooled.events.shape[2]]).all()  # fmt: skip


@given(patients, st.integers(0, 11))
def test_splitting_follow_up_changes_nothing(rows, cut):
    """Follow-up up to a day and from it on, as two rows, gives the same curve and log-rank test."""
    pieces = []
    for day, cause, group, stratum, _ in rows:
        if day > cut:
            pieces += [(-1, cut, 0, group, stratum), (cut, day, cause, group, stratum)]
        else:
            pieces.append((-1, day, cause, group, stratum))
    entry, days, cause, group, stratum = zip(*pieces, strict=True)
    split = RiskTable.from_arrays(days, cause, entry_days=entry, group=group, groups=GROUPS, stratum=stratum,
                                  strata=STRATA, causes=2)  # fmt: skip
    whole = table(rows)
    for a, b in zip(estimate_curves(whole), estimate_curves(split), strict=True):
        events = a.events > 0
        assert (b.days[b.events > 0] == a.days[events]).all()
        assert (b.survival[b.events > 0] == a.survival[events]).all()
        np.testing.assert_array_equal(b.se[b.events > 0], a.se[events])
    tests = compare_survival(whole), compare_survival(split)
    assert tests[0].df == tests[1].df
    assert tests[0].df is None or tests[0].chi2 == pytest.approx(tests[1].chi2, rel=1e-9, abs=1e-12)
    np.testing.assert_array_equal(at_risk_table(whole, range(14)).at_risk, at_risk_table(split, range(14)).at_risk)


@given(patients)
def test_at_risk_by_counting(rows):
    """At risk on a day are those whose last day is that day or later."""
    counted = [[sum(r[2] == g and r[0] >= day for r in rows) for day in range(14)] for g in GROUPS]
    assert at_risk_table(table(rows), range(14)).at_risk.tolist() == counted


@given(patients)
def test_curve_is_the_empirical_share_without_censoring(rows):
    """Without censoring survival is the share still without the event, and reverse survival stays 1."""
    risk = RiskTable.from_arrays([r[0] for r in rows], [1] * len(rows))
    curve = estimate_curves(risk)[0]
    shares = [sum(r[0] > day for r in rows) / len(rows) for day in curve.days]
    np.testing.assert_allclose(curve.survival, shares, rtol=1e-12, atol=1e-15)
    assert (reverse_curves(risk)[0].survival == 1).all()


@pytest.mark.parametrize("interval", INTERVALS)
@given(rows=patients)
def test_intervals_enclose_the_estimate(rows, interval):
    """0 <= low <= survival <= high <= 1, also at the ends, and survival never rises."""
    for curve in estimate_curves(table(rows), interval=interval):
        assert (np.diff(curve.survival) <= 0).all()
        # the moment fit of the beta product may end a little inside a very skew product
        slack = 0.02 if interval == "beta-product" else 1e-12
        assert (curve.low >= 0).all()
        assert (curve.low <= curve.survival + slack).all()
        assert (curve.survival <= curve.high + slack).all()
        assert (curve.high <= 1).all()
        for row in survival_at(curve, range(14)):
            assert (row.status == "ok") == (row.survival is not None)


@given(patients, st.sampled_from([0.25, 0.5, 0.75]))
def test_quantile_lies_in_its_interval(rows, p):
    """The lower limit is at most the quantile, which is at most the upper; not reached is the latest."""
    for curve in estimate_curves(table(rows)):
        answer = quantile_of_curve(curve, p)
        low, days, high = (np.inf if v is None else v for v in (answer.low, answer.days, answer.high))
        assert low <= days <= high


@given(patients)
def test_log_rank_does_not_know_the_order_of_groups(rows):
    """Any order of the groups gives the same statistic and degrees of freedom."""
    tests = [compare_survival(table(rows).select(group=order)) for order in permutations(GROUPS)]
    assert len({test.df for test in tests}) == 1
    if tests[0].chi2 is not None:
        np.testing.assert_allclose([test.chi2 for test in tests], tests[0].chi2, rtol=1e-8, atol=1e-10)
    assert tests[0].observed.sum() == pytest.approx(tests[0].expected.sum())


@given(patients, st.sampled_from([7, 30]))
def test_log_rank_knows_only_the_order_of_days(rows, factor):
    """Stretching time changes nothing."""
    stretched = [(factor * r[0] + 3, *r[1:]) for r in rows]
    assert compare_survival(table(rows)).chi2 == compare_survival(table(stretched)).chi2


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.booleans()), min_size=2, max_size=9))
def test_permutation_log_rank_by_brute_force(rows):
    """The share of relabellings whose |observed - expected| is as large, from the log-rank test itself."""
    days, events, group = (list(column) for column in zip(*rows, strict=True))
    n_a = sum(group)
    assume(0 < n_a < len(rows) and any(events))
    ours = permutation_logrank(days, events, group)
    assume(ours.status == "ok")

    def distance(members) -> float:
        code = [int(i in members) for i in range(len(rows))]
        test = compare_survival(RiskTable.from_arrays(days, events, group=code))
        return abs(float(test.observed[1] - test.expected[1]))

    observed = distance({i for i, g in enumerate(group) if g})
    every = [distance(set(chosen)) for chosen in combinations(range(len(rows)), n_a)]
    assert ours.p == pytest.approx(np.mean([d >= observed - 1e-9 for d in every]), rel=1e-12)


@given(st.integers(0, 60), st.integers(1, 60),
       st.sampled_from(["clopper-pearson", "wilson", "mid-p", "jeffreys", "agresti-coull"]))  # fmt: skip
def test_proportion_interval_contains_the_estimate(n, total, method):
    """And the exact interval contains the mid-P interval."""
    assume(n <= total)
    ours, exact = proportion_interval(n, total, method=method), proportion_interval(n, total)
    assert 0 <= ours.low <= ours.estimate <= ours.high <= 1
    if method == "mid-p":
        assert exact.low <= ours.low + 1e-12
        assert ours.high <= exact.high + 1e-12


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=3))
def test_fisher_by_brute_force(table_):
    """The sum over every table with the same margins, enumerated row by row."""
    counts = np.array(table_)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    assume((rows > 0).sum() > 1 and (columns > 0).sum() > 1)
    weights = every_weight(counts)
    observed = 1 / prod(factorial(int(x)) for x in counts.ravel())
    p = sum(w for w in weights if w <= observed * (1 + 1e-7)) / sum(weights)
    assert fisher_exact(counts).p == pytest.approx(p, rel=1e-9)
    assert fisher_exact(counts.T).p == pytest.approx(p, rel=1e-9)
    assert chi_square(counts).p == pytest.approx(chi_square(counts.T).p, rel=1e-9)


def every_weight(counts: np.ndarray) -> list[float]:
    """Weights of all tables with the margins of `counts`, filled row by row."""
    found = Counter({(tuple(counts.sum(axis=0).tolist()), ()): 1})
    for total in counts.sum(axis=1).tolist():
        step: Counter = Counter()
        for (left, cells), ways in found.items():
            for row in product(*(range(c + 1) for c in left)):
                if sum(row) == total:
                    step[tuple(c - x for c, x in zip(left, row, strict=True)), cells + row] += ways
        found = step
    return [1 / prod(factorial(x) for x in cells) for _, cells in found]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=6), st.lists(st.integers(0, 6), min_size=1, max_size=6))
def test_mann_whitney_by_brute_force(x, y):
    """U by counting pairs; the exact p, ties or not, by all rearrangements; symmetric in the samples."""
    test = mann_whitney(x, y, method="exact")
    assume(test.status == "ok")

    def u(a, b) -> float:
        return sum((i > j) + 0.5 * (i == j) for i in a for j in b)

    every, middle = x + y, len(x) * len(y) / 2
    sums = []
    for chosen in combinations(range(len(every)), len(x)):
        rest = [v for i, v in enumerate(every) if i not in chosen]
        sums.append(abs(u([every[i] for i in chosen], rest) - middle))
    assert test.statistic == u(x, y)
    assert test.p == pytest.approx(np.mean(np.array(sums) >= abs(u(x, y) - middle) - 1e-9), rel=1e-12)
    assert mann_whitney(y, x, method="exact").p == pytest.approx(test.p, rel=1e-12)
    normal = mann_whitney(x, y, method="normal")
    assert normal.p == pytest.approx(mann_whitney(y, x, method="normal").p, rel=1e-12)
    assert kruskal_wallis([x, y]).p == pytest.approx(kruskal_wallis([y, x]).p, rel=1e-9)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=20), st.floats(0, 1), st.integers(1, 9))
def test_quantiles_stay_inside_the_values(values, p, kind):
    """Between the least and the greatest value, and rising with p."""
    ours, more = quantile(values, p, kind=kind), quantile(values, min(1.0, p + 0.05), kind=kind)
    assert min(values) <= ours <= more + 1e-9
    assert ours <= max(values)
