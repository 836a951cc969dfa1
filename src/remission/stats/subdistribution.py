"""The weighted partial likelihood of a subdistribution: its value, its maximum, and each patient's influence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.stats.arrays import BoolArray, FloatArray, FrozenArrays, IntArray

STEPS, HALVINGS = 60, 30
NO_MAXIMUM = "the likelihood has no finite maximum: a covariate separates those with the event from the others"
FARTHEST = 20.0  # coefficient times the covariate's standard deviation: beyond it the estimate runs to infinity


@dataclass(frozen=True, eq=False)
class Patients(FrozenArrays):
    """What the likelihood needs of n patients and k days.

    days: (k,) distinct last days.  place: (n,) of each patient's last day among them.  is_own, is_other,
    is_censored: (n,) how follow-up ended.  Z: (n, p) covariates.  stays: (k,) G(t-), probability of not being
    censored before the day.  share: (n,) 1/G(exit-) of those with another event, else 0.  at_risk: (k,).  ends:
    (k,) hazard of censoring.  events: (k,) of the cause.
    """

    days: IntArray
    place: IntArray
    is_own: BoolArray
    is_other: BoolArray
    is_censored: BoolArray
    Z: FloatArray
    stays: FloatArray
    share: FloatArray
    at_risk: FloatArray
    ends: FloatArray
    events: FloatArray


def patients(exits: IntArray, codes: IntArray, Z: FloatArray, cause: int) -> Patients:
    """Sort out who ends how, and estimate remaining uncensored: events and censorings of a day are both at risk."""
    days, place = np.unique(exits, return_inverse=True)
    is_own, is_censored = codes == cause, codes == 0
    is_other = ~is_own & ~is_censored
    k = days.size
    at_risk = np.cumsum(np.bincount(place, minlength=k)[::-1])[::-1].astype(np.float64)
    ends = np.bincount(place, weights=is_censored, minlength=k) / at_risk
    stays = np.concatenate([np.ones(1), np.cumprod(1 - ends)])[:k]
    share = np.divide(is_other, stays[place], out=np.zeros(exits.size), where=is_other)
    events = np.bincount(place, weights=is_own, minlength=k).astype(np.float64)
    return Patients(days, place, is_own, is_other, is_censored, Z, stays, share, at_risk, ends, events)


def likelihood(who: Patients, beta: FloatArray) -> tuple[float, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Log likelihood, score (p,), negative second derivative (p, p), and per day S0 (k,) and the mean of Z (k, p).

    On each day the sum over those at risk is 1 for whoever is under observation, plus G(t-)/G(exit-) for those
    who had another event before.
    """
    eta = who.Z @ beta
    r = np.exp(eta)
    ZZ = who.Z[:, :, None] * who.Z[:, None, :]
    S0 = _at_risk_sum(who, r)
    mean = _at_risk_sum(who, r[:, None] * who.Z) / S0[:, None]
    square = _at_risk_sum(who, r[:, None, None] * ZZ) / S0[:, None, None]
    own, at = who.is_own, who.place[who.is_own]
    value = float((eta[own] - np.log(S0[at])).sum())
    score = (who.Z[own] - mean[at]).sum(axis=0)
    curvature = ((square - mean[:, :, None] * mean[:, None, :]) * who.events[:, None, None]).sum(axis=0)
    return value, score, curvature, S0, mean


def _at_risk_sum(who: Patients, values: FloatArray) -> FloatArray:
    """Per day: sum of values over patients still followed, plus the weighted sum over those with another event."""
    shape = (who.days.size, *values.shape[1:])
    followed, gone = np.zeros(shape), np.zeros(shape)
    np.add.at(followed, who.place, values)
    share = who.share[who.is_other].reshape(-1, *(1,) * (values.ndim - 1))
    np.add.at(gone, who.place[who.is_other], share * values[who.is_other])
    stays = who.stays.reshape(-1, *(1,) * (values.ndim - 1))
    total: FloatArray = np.cumsum(followed[::-1], axis=0)[::-1] + stays * (np.cumsum(gone, axis=0) - gone)
    return total


def maximum(who: Patients) -> tuple[FloatArray, str]:
    """The coefficients by Newton's method with halved steps, or the reason why there are none."""
    size = who.Z.shape[1]
    beta, spread = np.zeros(size), who.Z.std(axis=0)
    if not size:
        return beta, "no covariates"
    if (spread == 0).any():
        return beta, "a covariate is the same for all patients"
    value, score, curvature, _, _ = likelihood(who, beta)
    for _ in range(STEPS):
        scaled = curvature / np.outer(spread, spread)
        values = np.linalg.eigvalsh(scaled)
        if not values[0] > 1e-10 * max(float(values[-1]), 1e-300):
            return beta, NO_MAXIMUM if beta.any() else "the covariates are collinear among those at risk"
        step = np.linalg.solve(scaled, score / spread) / spread
        for _ in range(HALVINGS):
            trial = likelihood(who, beta + step)
            if trial[0] >= value - 1e-12 * abs(value):
                break
            step = step / 2
        beta, (value, score, curvature, _, _) = beta + step, trial
        if float(np.abs(beta * spread).max()) > FARTHEST:
            return beta, NO_MAXIMUM
        if float(np.abs(step * spread).max()) < 1e-12:
            return beta, ""
    return beta, "the likelihood has no finite maximum, or it was not found"


def influence(who: Patients, beta: FloatArray, S0: FloatArray, mean: FloatArray) -> FloatArray:
    """Each patient's part (n, p) in the score, that through the estimated censoring included.

    The two parts are eta = sum of (Z - mean) w dM of the cause, and psi = sum of q/Y dM of censoring, where
    q(u) collects what patients with another event before u contribute on u and later.
    """
    r = np.exp(who.Z @ beta)
    dL = who.events / S0
    to_here = np.cumsum(dL), np.cumsum(mean * dL[:, None], axis=0)
    weighted = who.stays * dL
    on_or_after = np.cumsum(weighted[::-1])[::-1], np.cumsum((mean * weighted[:, None])[::-1], axis=0)[::-1]
    after = on_or_after[0] - weighted, on_or_after[1] - mean * weighted[:, None]
    at, own = who.place, who.is_own[:, None]
    eta = np.where(own, who.Z - mean[at], 0.0)
    eta -= r[:, None] * (who.Z * to_here[0][at, None] - to_here[1][at])
    eta -= (r * who.share)[:, None] * (who.Z * after[0][at, None] - after[1][at])
    gone = np.zeros(who.days.size), np.zeros(mean.shape)
    np.add.at(gone[0], at, r * who.share)
    np.add.at(gone[1], at, (r * who.share)[:, None] * who.Z)
    before = np.cumsum(gone[0]) - gone[0], np.cumsum(gone[1], axis=0) - gone[1]
    q = (before[1] * on_or_after[0][:, None] - before[0][:, None] * on_or_after[1]) / who.at_risk[:, None]
    psi = np.where(who.is_censored[:, None], q[at], 0.0) - np.cumsum(q * who.ends[:, None], axis=0)[at]
    total: FloatArray = eta + psi
    return total
