"""Gray's test: are the cumulative incidences of a cause the same in k groups, others causes present?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from remission.core.errors import DataError
from remission.stats.aalen_johansen import require_cause
from remission.stats.arrays import FloatArray, FrozenArrays, IntArray, Status
from remission.stats.logrank import _quadratic
from remission.stats.riskset import RiskTable


@dataclass(frozen=True, eq=False)
class GrayTest(FrozenArrays):
    """Gray's test of one cause in G groups.

    chi2, df, p: None if undefined.  n: (G,) patients.  events, other_events: (G,) counts of this and of the
    other causes.  observed, expected: (G,) weighted sums.  variance: (G, G) of observed - expected.  reason:
    why undefined, or which groups could not take part.
    """

    cause: int
    rho: float
    chi2: float | None
    df: int | None
    p: float | None
    groups: tuple[str, ...]
    n: IntArray
    events: IntArray
    other_events: IntArray
    observed: FloatArray
    expected: FloatArray
    variance: FloatArray
    status: Status
    reason: str


def compare_incidence(risk: RiskTable, cause: int = 1, *, rho: float = 0.0) -> GrayTest:
    """Gray's k-sample test of the subdistribution of a cause, stratified if the risk table has strata.

    Args: risk: a risk table.  cause: 1 to C.  rho: weight (1 - F(t-))**rho, F pooled within the stratum.
    Returns: see GrayTest; undefined without events of the cause, with one group, or if groups cannot differ.
    Conventions: ties with the correction for events on one day; df is the number of groups with anybody at
    risk on a day with an event of the cause, less one.
    Raises: DataError if there is no such cause or rho is negative.
    Source: Gray 1988, Ann Stat 16:1141-1154.  Checked: tests/golden/test_cr_incidence.py (R cmprsk).
    """
    require_cause(cause, risk.events.shape[2])
    if not rho >= 0:
        raise DataError("rho must be 0 or more.", "below-minimum", found=f"{rho}")
    own = risk.events[:, :, cause - 1]
    other = risk.events.sum(axis=2) - own
    size = len(risk.groups)
    observed, expected, variance = np.zeros(size), np.zeros(size), np.zeros((size, size))
    for s in range(len(risk.strata)):
        parts = _stratum(risk.at_risk[:, s], own[:, s], other[:, s], rho)
        observed, expected, variance = observed + parts[0], expected + parts[1], variance + parts[2]
    chi2, df, reason = _quadratic(observed - expected, variance, expected > 0)
    left_out = [label for label, e in zip(risk.groups, expected, strict=True) if e <= 0]
    if not own.any():
        reason = "no events of this cause"
    elif size - len(left_out) < 2:
        reason = "only one group is at risk when events of this cause happen"
    elif df and left_out:
        reason = "not at risk on any day with an event of this cause: " + ", ".join(left_out)
    return GrayTest(
        cause,
        float(rho),
        chi2 if df else None,
        df or None,
        float(chdtrc(df, chi2)) if df else None,
        risk.groups,
        risk.n,
        own.sum(axis=(1, 2)),
        other.sum(axis=(1, 2)),
        observed,
        expected,
        variance,
        "ok" if df else "undefined",
        reason,
    )


def _stratum(
    at_risk: IntArray, own: IntArray, other: IntArray, rho: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted observed and expected events (G,) and the variance (G, G) of one stratum; arguments are (G, k)."""
    rows = own.any(axis=0) | other.any(axis=0)
    Y, d1, d2 = _floats(at_risk[:, rows]), _floats(own[:, rows]), _floats(other[:, rows])
    has = Y > 0
    S = np.cumprod(np.divide(Y - d1 - d2, Y, out=np.ones_like(Y), where=has), axis=1, dtype=np.float64)
    S_before = _before(S, 1.0)
    h = np.divide(Y, S_before, out=np.zeros_like(Y), where=has & (S_before > 0))
    # with late entry a group can fill again after its curve has reached 0: it cannot tell anything any more
    d1, d2 = np.where(h > 0, d1, 0.0), np.where(h > 0, d2, 0.0)
    F_group = np.cumsum(np.divide(d1, h, out=np.zeros_like(h), where=h > 0), axis=1, dtype=np.float64)
    R = h * (1 - _before(F_group, 0.0))  # at risk for the subdistribution
    d, h_all, R_all = d1.sum(axis=0), h.sum(axis=0), R.sum(axis=0)
    dF = np.divide(d, h_all, out=np.zeros_like(d), where=h_all > 0)
    F = np.cumsum(dF, dtype=np.float64)  # under the hypothesis
    F_before = _before(F[None], 0.0)[0]
    K = np.maximum(1 - F_before, 0.0) ** rho
    expected = (K * d * np.divide(R, R_all, out=np.zeros_like(R), where=R_all > 0)).sum(axis=1)
    return (K * d1).sum(axis=1), expected, _variance(Y, d1, d2, S, S_before, h, K, F, F_before, dF)


def _variance(
    Y: FloatArray,
    d1: FloatArray,
    d2: FloatArray,
    S: FloatArray,
    S_before: FloatArray,
    h: FloatArray,
    K: FloatArray,
    F: FloatArray,
    F_before: FloatArray,
    dF: FloatArray,
) -> FloatArray:
    """Sum over groups j of what one event in j adds to the scores of all groups, squared.

    With a_ij = K h_j (1{i=j} - h_i/h.) and C_ij(u) = sum over t > u of a_ij dF/(1 - F(t-)), an event of the
    cause in group j on day u adds {a_ij + C_ij (1 - (1 - F)/S_j)} / h_j to score i, another event
    -C_ij (1 - F) / (S_j h_j): the martingale representation of Gray 1988, section 3.
    """
    size, h_all = h.shape[0], h.sum(axis=0)
    share = np.divide(h, h_all, out=np.zeros_like(h), where=h_all > 0)
    a = K * h[None] * (np.eye(size)[:, :, None] - share[:, None])  # (i, j, k)
    hazard = np.divide(dF, 1 - F_before, out=np.zeros_like(dF), where=F_before < 1)
    steps = a * hazard
    later = np.cumsum(steps[:, :, ::-1], axis=2)[:, :, ::-1] - steps
    later = np.where(np.abs(later) < 1e-13 * np.abs(steps).sum(axis=2, keepdims=True), 0.0, later)
    ratio = np.divide(1 - F, S, out=np.zeros_like(S), where=S > 0)
    of_cause, of_other = a + later * (1 - ratio), later * ratio
    d = d1.sum(axis=0)
    per_h = np.divide(1.0, h, out=np.zeros_like(h), where=h > 0)
    v1 = per_h * dF * _tied(d, h_all * S_before)
    v2 = per_h**2 * d2 * _tied(d2, Y)
    total: FloatArray = np.einsum("ijk,ljk,jk->il", of_cause, of_cause, v1)
    total += np.einsum("ijk,ljk,jk->il", of_other, of_other, v2)
    return total


def _tied(d: FloatArray, at_risk: FloatArray) -> FloatArray:
    """1 - (d - 1)/(at risk - 1) on days with several events, else 1."""
    spare = at_risk - 1
    several = (d > 1) & (spare > 0)
    return np.where(several, 1 - (d - 1) / np.where(several, spare, 1.0), 1.0)


def _before(values: FloatArray, start: float) -> FloatArray:
    out = np.full_like(values, start)
    out[:, 1:] = values[:, :-1]
    return out


def _floats(counts: IntArray) -> FloatArray:
    return counts.astype(np.float64)
