"""Pointwise intervals of a survival probability: transformed Greenwood, and an exact kind for the ends."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv, expit, logit, ndtri

from remission.stats.arrays import BoolArray, FloatArray, IntArray

INTERVALS = ("log-log", "log", "plain", "logit", "arcsine-sqrt", "peto", "beta-product")


def transformed_band(
    survival: FloatArray, se_log: FloatArray, remaining: IntArray, *, interval: str, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limits where 0 < survival < 1.

    Args: survival, se_log: (m,) estimate and Greenwood's standard error of its logarithm.  remaining: (m,) at
    risk after the day's events, used by "peto" only.  interval: one of INTERVALS but "beta-product".
    Source: Kalbfleisch & Prentice 2002, 1.4 (log-log); Collett 2015, 2.2 (plain, log, logit); Borgan &
    Liestol 1990 (arcsine-square-root); Peto et al. 1977 (peto, with the number remaining, so that it is
    binomial without censoring).
    """
    z = float(ndtri(0.5 + confidence / 2))
    S, se = survival, survival * se_log
    if interval == "log-log":
        theta = z * se_log / np.log(S)  # negative: the log of a probability is
        return S ** np.exp(-theta), S ** np.exp(theta)
    if interval == "log":
        return S * np.exp(-z * se_log), np.minimum(1.0, S * np.exp(z * se_log))
    if interval == "logit":
        return expit(logit(S) - z * se_log / (1 - S)), expit(logit(S) + z * se_log / (1 - S))
    if interval == "arcsine-sqrt":
        angle, half = np.arcsin(np.sqrt(S)), 0.5 * z * se_log * np.sqrt(S / (1 - S))
        return np.sin(np.maximum(0.0, angle - half)) ** 2, np.sin(np.minimum(np.pi / 2, angle + half)) ** 2
    if interval == "peto":
        se = S * np.sqrt((1 - S) / remaining)
    return np.maximum(0.0, S - z * se), np.minimum(1.0, S + z * se)


def beta_product_band(
    at_risk: IntArray, events: IntArray, *, confidence: float, only: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Limits from products of beta variables; without censoring they are Clopper-Pearson's.

    Each day with d events among Y at risk multiplies in a Beta(Y - d + 1, d); the lower limit has one more
    factor, Beta(Y - d, 1). The product is taken as the beta with its mean and variance.
    Args: at_risk, events: (m,) of consecutive days, from the first; at_risk >= 1.  only: (m,) days whose limits
    are wanted, default all.
    Returns: lower and upper limits, (m,) each, or as many as are wanted.
    Source: Fay, Brittain & Proschan 2013, Biostatistics 14:723-736.
    """
    Y, d = at_risk.astype(np.float64), events.astype(np.float64)
    log_mean, log_spread = _log_moments(Y - d + 1, d)
    alpha = 1 - confidence
    sum_mean, sum_spread = np.cumsum(log_mean), np.cumsum(log_spread)
    if only is not None:
        Y, d, sum_mean, sum_spread = Y[only], d[only], sum_mean[only], sum_spread[only]
    high = _beta_quantile(sum_mean, sum_spread, 1 - alpha / 2)
    last_mean, last_spread = _log_moments(np.maximum(Y - d, 1), np.ones_like(Y))
    low = _beta_quantile(sum_mean + last_mean, sum_spread + last_spread, alpha / 2)
    return np.where(d < Y, low, 0.0), high


def _log_moments(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of Beta(a, b): log of the mean, and log of (mean of the square / square of the mean)."""
    return np.log(a) - np.log(a + b), np.log1p(b / (a * (a + b + 1)))


def _beta_quantile(log_mean: FloatArray, log_spread: FloatArray, level: float) -> FloatArray:
    mean, spread = np.exp(log_mean), np.expm1(log_spread)
    out = np.ones_like(mean)
    real = spread > 0  # no event yet: the product is the constant 1
    a = (1 - mean[real] * (1 + spread[real])) / spread[real]
    out[real] = betaincinv(a, a * (1 - mean[real]) / mean[real], level)
    return out


def no_event_lower(fewest: IntArray, *, confidence: float) -> FloatArray:
    """Lower limit of survival while nobody has had an event: alpha/2 to the power of 1/fewest.

    Exact, also with delayed entry: with never fewer than m at risk, the probability of no event so far is at
    most survival to the power of m. Without delayed entry, m is the number at risk on that day and this is
    Clopper-Pearson's limit for m of m.  Args: fewest: (m,) least number at risk on any day so far; 0 gives 0.
    """
    safe = np.maximum(fewest, 1).astype(np.float64)
    return np.where(fewest > 0, ((1 - confidence) / 2) ** (1 / safe), 0.0)


def fewest_at_risk(at_risk: IntArray) -> IntArray:
    """Least number at risk so far, from the first day anybody is."""
    seen = np.maximum.accumulate(at_risk) > 0 if at_risk.size else np.zeros(0, dtype=np.bool_)
    fewest = np.minimum.accumulate(np.where(seen, at_risk, np.iinfo(np.int64).max)) if at_risk.size else at_risk
    return np.where(seen, fewest, 0)


def is_inner(survival: FloatArray) -> BoolArray:
    """Whether a survival is strictly between 0 and 1, where the transformed intervals exist."""
    return (survival > 0) & (survival < 1)
