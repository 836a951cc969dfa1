"""Tests of left-censored values: between groups, and before against after in the same patients."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr

from remission.core.errors import DataError
from remission.stats.arrays import (
    BoolArray,
    FloatArray,
    FrozenArrays,
    IntArray,
    Status,
    numbers,
    require_known,
    require_same_length,
    truth_values,
)
from remission.stats.cox_data import codes_of
from remission.stats.left_censored import Flipped, censored_scores, flip
from remission.stats.logrank import LogRank, compare_survival
from remission.stats.permutation import PermutationTest, permute_scores
from remission.stats.signed_rank import NO_DIFFERENCE

# the test of flipped values and its name among the weighted log-rank tests
TESTS = {
    "peto-prentice": ("fleming-harrington", 1.0),
    "gehan": ("gehan", 0.0),
    "tarone-ware": ("tarone-ware", 0.0),
    "log-rank": ("log-rank", 0.0),
}
NEVER_MEET = "at every known value only one group is at or below it, or all who are have that value"
PAIRED_TESTS = ("prentice-wilcoxon", "akritas")
METHODS = ("auto", "exact", "asymptotic")
EXACT_UP_TO = 20  # pairs that differ: all 2**20 signs


@dataclass(frozen=True, eq=False)
class LeftCensoredTest(FrozenArrays):
    """A test between G groups of left-censored values.

    n, n_below: (G,) values, and those below a floor.  missing: values not there.  n_floors: distinct floors.  test:
    its name.  chi2, df, p: None if undefined.
    """

    test: str
    chi2: float | None
    df: int | None
    p: float | None
    groups: tuple[str, ...]
    n: IntArray
    n_below: IntArray
    missing: int
    n_floors: int
    status: Status
    reason: str


@dataclass(frozen=True)
class LeftCensoredPairs:
    """A test of paired left-censored values, two-sided.

    statistic: Z of the Prentice-Wilcoxon test, t of Akritas' (df: n_pairs - 1); above 0 if values rise.  n_pairs:
    complete pairs, n_incomplete: the others.  n_equal: pairs whose order is not known or that are equal.  n_below:
    values below a floor among the complete pairs, before and after; n_cut: values that count as below, because the
    other of the pair is below a higher floor.  method: "exact" or "asymptotic".
    """

    test: str
    statistic: float | None
    df: int | None
    p: float | None
    n_pairs: int
    n_incomplete: int
    n_equal: int
    n_below: tuple[int, int]
    n_cut: int
    method: str
    status: Status
    reason: str


def compare_left_censored(
    values: npt.ArrayLike, is_below: npt.ArrayLike, group: npt.ArrayLike, *, test: str = "peto-prentice"
) -> LeftCensoredTest:
    """Generalised Wilcoxon test between groups of values of which some are below a floor.

    Args: values: (n,) numbers, NaN for missing; where is_below, the floor itself.  is_below: (n,) bool.  group: (n,)
    labels.  test: "peto-prentice", "gehan", "tarone-ware" or "log-rank", of the flipped values.
    Returns: see LeftCensoredTest; undefined with one group, or if nothing is above a floor.
    Conventions: hypergeometric variance, as of the log-rank tests (docs/methods/left-censored.md).
    Assumes that floors have to do with the assay and not with the group.
    Raises: DataError if lengths differ, a label or the floor of a value below it is missing, or the test is unknown.
    Source: Peto & Peto 1972; Prentice 1978; Gehan 1965; Tarone & Ware 1977; Helsel 2012, ch. 9.
    Checked: tests/golden/test_left_censored.py (R survdiff).
    """
    require_known(test, tuple(TESTS), "test")
    flipped, is_there = flip(values, is_below)
    label, groups = codes_of(group, is_there.size, "group")
    require_same_length(values=is_there.size, group=label.size)
    code = label[is_there]
    weights, rho = TESTS[test]
    n = np.bincount(code, minlength=len(groups)).astype(np.int64)
    n_below = np.bincount(code[~flipped.is_known], minlength=len(groups)).astype(np.int64)
    floors = np.unique(flipped.place[~flipped.is_known]).size
    size = (groups, n, n_below, int(np.count_nonzero(~is_there)), floors)
    if reason := _why(n, flipped):
        return LeftCensoredTest(test, None, None, None, *size, "undefined", reason)
    found = compare_survival(flipped.risk_table(code, groups), weights=weights, rho=rho)
    return LeftCensoredTest(test, found.chi2, found.df, found.p, *size, found.status, _in_words(found))


def permutation_left_censored(
    values: npt.ArrayLike,
    is_below: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    method: str = "auto",
    replicates: int = 99_999,
    seed: int = 1,
    exact_up_to: int = 200_000,
) -> PermutationTest:
    """Prentice-Wilcoxon test between groups whose p comes from exchanging the group labels, for small groups.

    Args: values, is_below, group: as compare_left_censored.  method, replicates, seed, exact_up_to: as
    permutation_logrank.
    Returns: see PermutationTest; undefined with one group, or if nothing is above a floor or all are equal.
    Conventions: without floors it is the exact Mann-Whitney test, with ties. Assumes, as every permutation test of
    censored values, that floors have nothing to do with the group.
    Raises: DataError as compare_left_censored, or if exact is asked for and out of reach.
    Source: Prentice 1978; Phipson & Smyth 2010.  Checked: tests/properties/test_paired.py (Mann-Whitney).
    """
    flipped, is_there = flip(values, is_below)
    label, groups = codes_of(group, is_there.size, "group")
    require_same_length(values=is_there.size, group=label.size)
    code = np.unique(label[is_there], return_inverse=True)[1].astype(np.int64)
    reason = _why(np.bincount(code, minlength=len(groups)).astype(np.int64), flipped)
    scores = censored_scores(flipped) if code.size else np.zeros(0)
    if not reason and not float(np.ptp(scores)) > 1e-12:
        reason = "all values are equal"
    if reason:
        return PermutationTest(None, None, "exact", 0, None, None, None, "undefined", reason)
    return permute_scores(
        scores - scores.mean(), code, method=method, replicates=replicates, seed=seed, exact_up_to=exact_up_to
    )


def _in_words(found: LogRank) -> str:
    """What the log-rank test of the flipped values says of days at risk, said of values."""
    if found.status != "ok":
        return NEVER_MEET
    left_out = [label for label, expected in zip(found.groups, found.expected, strict=True) if expected <= 0]
    if left_out:
        return "left out, every value there being below a floor above all that is known: " + ", ".join(left_out)
    return "some groups cannot be compared with each other" if found.reason else ""


def _why(n: IntArray, flipped: Flipped) -> str:
    if np.count_nonzero(n) < 2:
        return "fewer than two groups hold values"
    return "" if flipped.is_known.any() else "every value is below a floor"


def compare_left_censored_pairs(
    before: npt.ArrayLike,
    before_is_below: npt.ArrayLike,
    after: npt.ArrayLike,
    after_is_below: npt.ArrayLike,
    *,
    test: str = "prentice-wilcoxon",
    method: str = "auto",
) -> LeftCensoredPairs:
    """Paired generalised Wilcoxon test of values of which some are below a floor.

    Args: before, after: (n,) numbers, NaN for missing; where below, the floor itself.  before_is_below,
    after_is_below: (n,) bool.  test: "prentice-wilcoxon", against the normal distribution, or "akritas", a t test.
    method: "auto" takes all signs of the differences in score ("exact") if at most 20 pairs differ.
    Returns: see LeftCensoredPairs; undefined if no pair differs.
    Conventions: within a pair a value below the higher of two floors counts as below it, so that both are equally
    censored; every value has a score from all values of both times together (docs/methods/left-censored.md).
    Raises: DataError if lengths differ, the floor of a value below it is missing, or an option is unknown.
    Source: O'Brien & Fleming 1987, Biometrics 43:169; Akritas 1992, Stat Probab Lett 13:209.
    Checked: tests/golden/test_left_censored.py (the scores from R survfit).
    """
    require_known(test, PAIRED_TESTS, "test")
    require_known(method, METHODS, "method")
    a, b = numbers(before, "The measurement before"), numbers(after, "The measurement after")
    a_below, b_below = truth_values(before_is_below, "Below the floor"), truth_values(after_is_below, "Below the floor")
    require_same_length(before=a.size, before_is_below=a_below.size, after=b.size, after_is_below=b_below.size)
    for values, below in ((a, a_below), (b, b_below)):
        flip(values, below)  # its checks
    known = ~(np.isnan(a) | np.isnan(b))
    a, b, a_below, b_below = a[known], b[known], a_below[known], b_below[known]
    pair_values, pair_below, n_cut = _equally_censored(a, b, a_below, b_below)
    n = a.size
    size = (n, known.size - n)
    n_below = (int(np.count_nonzero(a_below)), int(np.count_nonzero(b_below)))
    scores = censored_scores(flip(pair_values, pair_below)[0], akritas=test == "akritas") if n else np.zeros(0)
    d = scores[n:] - scores[:n]
    differs = np.abs(d) > 1e-12
    n_equal = n - int(np.count_nonzero(differs))
    used = ("exact" if n - n_equal <= EXACT_UP_TO else "asymptotic") if method == "auto" else method
    if used == "exact" and n - n_equal > EXACT_UP_TO:
        raise DataError(
            "Too many pairs for all signs.", "too-many-arrangements", expected=f"at most {EXACT_UP_TO} that differ"
        )
    empty = LeftCensoredPairs(test, None, None, None, *size, n_equal, n_below, n_cut, used, "undefined", "")
    if n == n_equal:
        return replace(empty, reason=NO_DIFFERENCE if n else "no complete pair")
    return _tested(empty, d, d[differs])


def _tested(empty: LeftCensoredPairs, d: FloatArray, different: FloatArray) -> LeftCensoredPairs:
    """The result with its statistic and p, from the differences in score."""
    df = None
    if empty.test == "akritas":
        df = d.size - 1
        spread = float(np.std(d, ddof=1)) / float(np.sqrt(d.size)) if df else 0.0
        if spread <= 1e-12 * float(np.abs(d).max()):
            return replace(empty, reason="the differences in score do not vary")
        statistic = float(d.mean()) / spread
        p = 2 * float(stdtr(df, -abs(statistic)))
    else:
        statistic = float(d.sum()) / float(np.sqrt((d**2).sum()))
        p = 2 * float(ndtr(-abs(statistic)))
    if empty.method == "exact":
        p = _all_signs_p(different)
    return replace(empty, statistic=statistic, df=df, p=min(1.0, p), status="ok")


def _equally_censored(
    a: FloatArray, b: FloatArray, a_below: BoolArray, b_below: BoolArray
) -> tuple[FloatArray, BoolArray, int]:
    """All values before, then all after, with the higher floor of a pair for both; and how many values that cuts."""
    floor = np.maximum(np.where(a_below, a, -np.inf), np.where(b_below, b, -np.inf))
    values, below = np.concatenate([a, b]), np.concatenate([a_below, b_below])
    both = np.tile(floor, 2)
    cut = values < both
    return np.where(below | cut, np.maximum(values, both), values), below | cut, int(np.count_nonzero(cut & ~below))


def _all_signs_p(d: FloatArray) -> float:
    """Share of all signs of the differences whose sum is as far from 0 as the observed one."""
    sums = np.zeros(1)
    for value in np.abs(d):
        sums = np.concatenate([sums - value, sums + value])
    return float(np.mean(np.abs(sums) >= abs(float(d.sum())) - 1e-9))
