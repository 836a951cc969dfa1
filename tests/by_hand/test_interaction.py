"""Interactions and exact homogeneity on tables that can be counted."""

from __future__ import annotations

from itertools import product
from math import comb, log

import pytest

from remission.core.errors import DataError
from remission.stats import compare_nested, cox_interaction, fit_cox, fit_logistic, logistic_interaction, zelen_test


def rows_of(tables) -> tuple[list[int], list[int], list[int]]:
    """Outcome, group and subgroup of every patient of tables (subgroup, group, (yes, no))."""
    rows = [
        (1 - k, g, s)
        for s, table in enumerate(tables)
        for g, cells in enumerate(table)
        for k, n in enumerate(cells)
        for _ in range(n)
    ]
    outcome, group, subgroup = zip(*rows, strict=True)
    return list(outcome), list(group), list(subgroup)


def test_logistic_interaction_of_mirrored_tables():
    """15 and 5 of 20 against 5 and 15: the model without interaction has a half everywhere, the other the shares.

    Twice the gain is 2 * (60 log(3/4) + 20 log(1/4) + 80 log 2).
    """
    tables = [[[15, 5], [5, 15]], [[5, 15], [15, 5]]]
    ours = logistic_interaction(*rows_of(tables))
    assert ours.statistic == pytest.approx(2 * (60 * log(0.75) + 20 * log(0.25) + 80 * log(2)), rel=1e-10)
    assert (ours.df, ours.n, ours.n_events, ours.groups) == (1, 80, 40, ("0", "1"))


def test_an_infinite_effect_is_said():
    """Nobody has the outcome in one cell: the likelihood has a limit, and the reason says so."""
    ours = logistic_interaction(*rows_of([[[0, 10], [5, 5]], [[4, 6], [5, 5]]]))
    assert ours.status == "ok"
    assert 0 < ours.p < 1
    assert "infinite" in ours.reason


def test_zelen_by_hand():
    """Two tables of one patient per row and column: (1, 0), (0, 1) against (0, 1), (1, 0).

    First cells that add up to 1 are (1, 0) and (0, 1), each as probable: p = 1. With all in one direction the total
    2 leaves one way only: p = 1 as well.
    """
    assert zelen_test([[[1, 0], [0, 1]], [[0, 1], [1, 0]]]).p == 1.0
    assert zelen_test([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]).p == 1.0


def test_zelen_by_enumeration():
    """3, 1, 1, 3 against 0, 4, 3, 1 and 2, 2, 2, 3, over all tables with the same margins and total."""
    tables = [[[3, 1], [1, 3]], [[0, 4], [3, 1]], [[2, 2], [2, 3]]]

    def chance(a: int, table) -> int:
        (w, x), (y, z) = table
        return comb(w + x, a) * comb(y + z, w + y - a) if 0 <= w + y - a <= y + z and 0 <= a <= w + x else 0

    all_cells = [
        (cells, [chance(a, t) for a, t in zip(cells, tables, strict=True)]) for cells in product(range(5), repeat=3)
    ]
    weights = [w[0] * w[1] * w[2] for cells, w in all_cells if sum(cells) == 5]
    own = chance(3, tables[0]) * chance(0, tables[1]) * chance(2, tables[2])
    assert zelen_test(tables).p == pytest.approx(sum(w for w in weights if w <= own) / sum(weights), rel=1e-12)


def test_undefined():
    """One subgroup, no events, no group in two subgroups: a reason instead of a number."""
    assert logistic_interaction([1, 0, 1], [0, 1, 0], [0, 0, 0]).reason == "fewer than two subgroups"
    assert cox_interaction([3, 4, 5], [1, 0, 1], [0, 0, 0], [0, 1, 0]).reason == "fewer than two groups"
    assert cox_interaction([3, 4, 5, 6], [0, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 1]).reason == "no events"
    assert logistic_interaction([1, 0, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1]).status == "undefined"
    assert zelen_test([[[1, 2], [3, 4]]]).status == "undefined"
    assert zelen_test([[[1, 2], [3, 4]], [[0, 0], [3, 4]]]).reason.startswith("fewer than two tables can vary; 1")
    big = [[[1000, 1000], [1000, 1000]]] * 3
    assert zelen_test(big).status == "failed"


def test_refusals():
    """Other rows, penalties and clusters cannot be compared; tables are of whole counts."""
    days, event, x = [3, 5, 2, 8, 9, 4], [1, 0, 1, 1, 0, 1], [0.0, 1, 0, 1, 1, 0.5]
    two = [[a, b] for a, b in zip(x, [1, 0, 0, 1, 0, 1], strict=True)]
    plain = fit_cox(days, event, x)
    for larger in (
        fit_cox(days[:5], event[:5], two[:5]),
        fit_cox(days, event, two, firth=True),
        fit_cox(days, event, two, cluster=[1, 1, 2, 2, 3, 3]),
        fit_cox(days, event, two, ties="breslow"),
        fit_logistic(event, two),
    ):
        with pytest.raises(DataError):
            compare_nested(plain, larger)
    assert compare_nested(plain, plain).statistic is None
    for tables in ([[1, 2], [3, 4]], [[[1.5, 2], [3, 4]]], [[[-1, 2], [3, 4]]]):
        with pytest.raises(DataError):
            zelen_test(tables)


def test_an_effect_in_one_subgroup_cannot_be_compared():
    """Nobody dies in the second subgroup, or everybody responds there: it has no effect to differ from the first's."""
    group, subgroup = [0, 1, 0, 1, 0, 1, 0, 1], [0, 0, 0, 0, 1, 1, 1, 1]
    died = cox_interaction([3, 4, 5, 6, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0, 0, 0], group, subgroup)
    answered = logistic_interaction([1, 0, 0, 1, 1, 1, 1, 1], group, subgroup)
    assert died.p is answered.p is None
    assert "fewer than two subgroups" in died.reason
    assert died.reason == answered.reason
