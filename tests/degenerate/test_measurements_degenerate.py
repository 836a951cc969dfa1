"""Measurements in the corners: nobody, all equal, all below a floor, all missing. A reason, never a crash."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from remission.stats import (
    compare_left_censored,
    compare_left_censored_pairs,
    cox_interaction,
    cut_point_for_number,
    cut_point_for_outcome,
    cut_point_for_survival,
    impute_chained,
    logistic_interaction,
    mcnemar_test,
    median_difference,
    paired_differences,
    permutation_left_censored,
    pseudo_median,
    sign_test,
    spline_basis,
    summarise_left_censored,
    wilcoxon_signed_rank,
    zelen_test,
)


def answers(seed: int) -> Iterator[object]:
    """Every statistic of a sample of 0 to 8 patients with few distinct values, some missing, some below a floor."""
    rng = np.random.default_rng(seed)
    n, levels = int(rng.integers(0, 9)), int(rng.integers(1, 4))
    unit = float(rng.choice([1, 1e-12, 1e9, 0.1]))
    x, y = rng.integers(0, levels, n) * unit, rng.integers(0, levels, n) * unit
    a, b = (np.where(rng.random(n) < 0.2, np.nan, v) for v in (x, y))
    a_below, b_below = ((rng.random(n) < rng.random()) & ~np.isnan(v) for v in (a, b))
    group, other, event = rng.integers(0, levels, n), rng.integers(0, levels, n), rng.random(n) < 0.6
    days, d = rng.integers(0, 5, n), paired_differences(a, b)
    yes = [np.where(np.isnan(v), np.nan, 1.0 * (v > 0)) for v in (a, b)]
    yield sign_test(d)
    for method in ("auto", "exact", "normal"):
        yield wilcoxon_signed_rank(d, method=method)
        yield pseudo_median(d, method=method)
        yield median_difference(x, y[: n // 2], method=method)
    for method in ("exact", "mid-p", "chi-square", "chi-square-corrected"):
        yield mcnemar_test(*yes, method=method)
    yield summarise_left_censored(a, a_below)
    yield permutation_left_censored(a, a_below, group, replicates=20)
    for test in ("peto-prentice", "gehan", "tarone-ware", "log-rank"):
        yield compare_left_censored(a, a_below, group, test=test)
    for test in ("prentice-wilcoxon", "akritas"):
        for method in ("exact", "asymptotic"):
            yield compare_left_censored_pairs(a, a_below, b, b_below, test=test, method=method)
    yield cut_point_for_survival(x, days, event, replicates=9)
    yield cut_point_for_outcome(x, event, replicates=9)
    yield cut_point_for_number(x, y, replicates=9)
    yield spline_basis(x, knots=int(rng.integers(3, 8)))
    yield zelen_test(rng.integers(0, 3, (levels, 2, 2)))
    yield logistic_interaction(event, group, other)
    yield cox_interaction(days, event, group, other)
    table = np.column_stack([a, b, yes[0], np.where(rng.random(n) < 0.3, np.nan, group)])
    yield impute_chained(table, ("number", "number", "category", "category"), m=2, iterations=2)


@pytest.mark.parametrize("part", range(8))
def test_a_number_or_a_reason(part):
    """Of 400 small samples each statistic is there, with a p of 0 to 1, or says why it is not."""
    for seed in range(50 * part, 50 * part + 50):
        for answer in answers(seed):
            assert answer.status == "ok" or answer.reason
            if hasattr(answer, "p"):
                assert (answer.p is not None) == (answer.status == "ok")
                assert answer.p is None or 0 <= answer.p <= 1


@pytest.mark.parametrize("part", range(4))
def test_a_quantile_is_a_value_or_below_a_floor(part):
    """Never both, never neither, and in their order."""
    for seed in range(100 * part, 100 * part + 100):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(1, 12))
        ours = summarise_left_censored(rng.integers(1, 6, n), rng.random(n) < rng.random())
        found = [ours.q1, ours.median, ours.q3]
        assert all((q.value is None) != (q.below is None) for q in found)
        values = [q.value for q in found if q.value is not None]
        assert values == sorted(values)
        assert [q.value is None for q in found] == sorted([q.value is None for q in found], reverse=True)
