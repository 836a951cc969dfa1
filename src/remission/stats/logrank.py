"""Log-rank test of k groups on the risk table: plain, stratified, weighted, for trend, pairwise."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, FrozenArrays, IntArray, Status, finite_numbers, require_known
from remission.stats.multiplicity import holm
from remission.stats.riskset import RiskTable

CANNOT_DIFFER = "on every day with an event only one group is at risk, or everybody at risk has it"
WEIGHTS = ("log-rank", "fleming-harrington", "gehan", "tarone-ware")


@dataclass(frozen=True, eq=False)
class LogRank(FrozenArrays):
    """A log-rank test of G groups.

    chi2, df, p: None if undefined.  n: (G,) patients.  events: (G,) counts.  observed, expected: (G,)
    weighted sums.  variance: (G, G) of observed - expected.  weights: which test, as printed.  reason: why
    undefined, or which groups could not take part.
    """

    chi2: float | None
    df: int | None
    p: float | None
    groups: tuple[str, ...]
    n: IntArray
    events: IntArray
    observed: FloatArray
    expected: FloatArray
    variance: FloatArray
    weights: str
    status: Status
    reason: str


@dataclass(frozen=True)
class PairTest:
    """Log-rank test of two groups out of several; p_holm is adjusted for all pairs."""

    group_a: str
    group_b: str
    chi2: float | None
    p: float | None
    p_holm: float | None
    status: Status
    reason: str


def compare_survival(risk: RiskTable, *, weights: str = "log-rank", rho: float = 0.0, gamma: float = 0.0) -> LogRank:
    """Log-rank test between the groups of a risk table, stratified if it has strata.

    Args: risk: a risk table; any cause is the event, delayed entry is allowed.  weights: "log-rank" (1),
    "fleming-harrington" (S(t-)**rho * (1-S(t-))**gamma), "gehan" (number at risk), "tarone-ware" (its root).
    Returns: see LogRank; undefined without events, with one group, or if the groups cannot differ.
    Conventions: S is pooled over groups within a stratum; hypergeometric variance; df is the number of groups
    with anybody at risk on an event day, less one.
    Raises: DataError if the weights are unknown, or rho or gamma is given with other weights.
    Source: Mantel 1966; Peto & Peto 1972; Harrington & Fleming 1982; Tarone & Ware 1977; Gehan 1965.
    Checked: tests/golden/test_stats_survival.py (R survdiff).
    """
    require_known(weights, WEIGHTS, "weights")
    if (rho, gamma) != (0.0, 0.0) and weights != "fleming-harrington":
        raise DataError(
            "rho and gamma belong to the Fleming-Harrington weights.",
            "unused-option",
            expected='weights="fleming-harrington"',
            found=weights,
        )
    if not (rho >= 0 and gamma >= 0):
        raise DataError("rho and gamma must be 0 or more.", "below-minimum", found=f"{rho}, {gamma}")
    observed, expected, variance = _score(risk, weights, rho, gamma)
    events = risk.events.sum(axis=(1, 2, 3))
    name = f"{weights} ({rho:g}, {gamma:g})" if weights == "fleming-harrington" else weights

    chi2, df, reason = _quadratic(observed - expected, variance, expected > 0)
    left_out = [label for label, e in zip(risk.groups, expected, strict=True) if e <= 0]
    if not events.sum():
        reason = "no events"
    elif len(risk.groups) - len(left_out) < 2:
        reason = "only one group is at risk when events happen"
    elif df and left_out:
        reason = "not at risk on any day with an event: " + ", ".join(left_out)
    p = float(chdtrc(df, chi2)) if df else None
    return LogRank(
        chi2 if df else None,
        df or None,
        p,
        risk.groups,
        risk.n,
        events,
        observed,
        expected,
        variance,
        name,
        "ok" if df else "undefined",
        reason,
    )


def compare_trend(risk: RiskTable, *, scores: npt.ArrayLike | None = None) -> LogRank:
    """Log-rank test for trend over ordered groups, one degree of freedom.

    Args: risk: a risk table, groups in their order.  scores: (G,) numbers, by default 0, 1, 2, ...
    Returns: see LogRank; undefined without events or without differing scores among those at risk.
    Raises: DataError if there is not one score per group.
    Source: Tarone 1975, Biometrika 62:679-682.
    """
    values = finite_numbers(np.arange(len(risk.groups)) if scores is None else scores, "The scores")
    if values.size != len(risk.groups):
        raise DataError(
            "There must be one score per group.",
            "lengths-differ",
            expected=f"{len(risk.groups)}",
            found=f"{values.size}",
        )
    observed, expected, variance = _score(risk, "log-rank", 0.0, 0.0)
    spread = float(values @ variance @ values)
    is_ok = spread > 1e-12 * float(values @ values) * max(1.0, float(variance.max(initial=0.0)))
    chi2 = float(values @ (observed - expected)) ** 2 / spread if is_ok else None
    reason = "" if is_ok else ("no events" if not risk.events.any() else "no two groups with different scores")
    return LogRank(
        chi2,
        1 if is_ok else None,
        None if chi2 is None else float(chdtrc(1, chi2)),
        risk.groups,
        risk.n,
        risk.events.sum(axis=(1, 2, 3)),
        observed,
        expected,
        variance,
        "log-rank for trend",
        "ok" if is_ok else "undefined",
        reason,
    )


def compare_pairs(
    risk: RiskTable, *, weights: str = "log-rank", rho: float = 0.0, gamma: float = 0.0
) -> tuple[PairTest, ...]:
    """Log-rank test of every pair of groups, with Holm's adjustment for their number.

    Args: as compare_survival.  Returns: one PairTest per pair, in the order of the groups; an undefined pair
    is not counted among the tests.
    Source: Holm 1979, Scand J Stat 6:65-70.
    """
    pairs = list(combinations(risk.groups, 2))
    tests = [compare_survival(risk.select(group=pair), weights=weights, rho=rho, gamma=gamma) for pair in pairs]
    adjusted = holm([test.p for test in tests])
    return tuple(
        PairTest(a, b, test.chi2, test.p, p_holm, test.status, test.reason)
        for (a, b), test, p_holm in zip(pairs, tests, adjusted, strict=True)
    )


def _score(risk: RiskTable, weights: str, rho: float, gamma: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted observed and expected events (G,), variance (G, G) of their difference, summed over strata."""
    Y = risk.at_risk.astype(np.float64)
    D = risk.any_event.astype(np.float64)
    y, d = Y.sum(axis=0), D.sum(axis=0)
    w = _weights(y, d, weights, rho, gamma)
    share = np.divide(Y, y, out=np.zeros_like(Y), where=y > 0)
    observed = (w * D).sum(axis=(1, 2))
    expected = (w * d * share).sum(axis=(1, 2))
    finite = np.divide(y - d, y - 1, out=np.zeros_like(y), where=y > 1)  # a single patient at risk adds no variance
    v = w**2 * d * finite
    flat = share.reshape(share.shape[0], -1)
    variance = np.diag(flat @ v.ravel()) - (flat * v.ravel()) @ flat.T
    return observed, expected, variance


def _weights(y: FloatArray, d: FloatArray, weights: str, rho: float, gamma: float) -> FloatArray:
    """(S, k) weight of each day, for y at risk and d events in all groups together."""
    if weights == "gehan":
        return y
    if weights == "tarone-ware":
        return np.sqrt(y)
    if (rho, gamma) == (0.0, 0.0):
        return np.ones_like(y)
    survival = np.cumprod(np.divide(y - d, y, out=np.ones_like(y), where=y > 0), axis=1)
    before = np.ones_like(survival)
    before[:, 1:] = survival[:, :-1]
    return before**rho * (1 - before) ** gamma


def _quadratic(u: FloatArray, V: FloatArray, takes_part: npt.NDArray[np.bool_]) -> tuple[float, int, str]:
    """u' V^- u and the rank of V among the groups that take part, and what to say if some never meet."""
    m = int(takes_part.sum())
    if m < 2:
        return 0.0, 0, ""
    values, vectors = np.linalg.eigh(V[np.ix_(takes_part, takes_part)])
    real = values > 1e-10 * max(float(values[-1]), 1e-300)
    if not float(values[-1]) > 0 or not real.any():
        return 0.0, 0, CANNOT_DIFFER
    along = vectors[:, real].T @ u[takes_part]
    reason = "" if int(real.sum()) == m - 1 else "some groups are never at risk together"
    return float((along**2 / values[real]).sum()), int(real.sum()), reason
