"""Made-up rows of a Cox model for benchmarks: whole days with many ties, whole or in two pieces per patient."""

from __future__ import annotations

import numpy as np

COVARIATES = 10


def rows(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days, events and covariates of n made-up patients, about half of whom die within 2000 days."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, COVARIATES))
    X[:, 0] = rng.random(n) < 0.3
    time_days = np.floor(rng.exponential(1000 * np.exp(-X @ np.linspace(-0.3, 0.3, COVARIATES)))) + 1
    censored = np.floor(rng.uniform(1, 2000, n))
    return np.minimum(time_days, censored).astype(int), time_days <= censored, X


def in_two_pieces(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Entry, exit, events, covariates: each patient's follow-up cut once, the first covariate changing there."""
    days, event, X = rows(n, 2)
    cut = np.maximum(days // 3, 0)
    later = X.copy()
    later[:, 0] = np.random.default_rng(3).random(n) < 0.4
    is_cut = cut > 0
    entry = np.concatenate([np.zeros(int(is_cut.sum()), dtype=int), cut])
    exits = np.concatenate([cut[is_cut], days])
    events = np.concatenate([np.zeros(int(is_cut.sum()), dtype=bool), event])
    return entry, exits, events, np.concatenate([X[is_cut], later])
