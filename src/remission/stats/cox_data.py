"""The rows of a Cox model, checked: days, events, covariates, strata, weights, clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    finite_numbers,
    require_same_length,
    truth_values,
    whole_numbers,
)

WHOLE, REAL = "copies", "real weights"


@dataclass(frozen=True, eq=False)
class CoxRows:
    """Checked input, in the caller's order: n rows, p covariates.

    exits, entries (-1 is from the start): (n,) days.  is_event: (n,) bool.  covariates: (n, p).  stratum: (n,)
    codes into strata.  weight: (n,) float > 0 or 0.  weights: "copies" or "real weights".  cluster: (n,) codes
    or None.  offset: (n,) added to the linear predictor.
    """

    exits: IntArray
    entries: IntArray
    is_event: BoolArray
    covariates: FloatArray
    names: tuple[str, ...]
    stratum: IntArray
    strata: tuple[str, ...]
    weight: FloatArray
    weights: str
    cluster: IntArray | None
    offset: FloatArray


def cox_rows(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    covariates: npt.ArrayLike,
    names: Sequence[str] | None,
    entry_days: npt.ArrayLike | None,
    stratum: npt.ArrayLike | None,
    weight: npt.ArrayLike | None,
    cluster: npt.ArrayLike | None,
    offset: npt.ArrayLike | None,
) -> CoxRows:
    """Check the input of a Cox model; nothing is repaired or dropped. Raises: DataError, as fit_cox says."""
    exits = whole_numbers(exit_days, "The last day of follow-up")
    events = truth_values(is_event, "The event")
    n = exits.size
    X = covariate_matrix(covariates, n)
    entries = (
        np.full(n, -1, dtype=np.int64) if entry_days is None else whole_numbers(entry_days, "The entry day", minimum=-1)
    )
    w, kind = row_weights(weight, n)
    shift = np.zeros(n) if offset is None else finite_numbers(offset, "The offset")
    stratum_code, strata = codes_of(stratum, n, "stratum")
    cluster_code = None if cluster is None else codes_of(cluster, n, "cluster")[0]
    require_same_length(
        exit_days=n,
        is_event=events.size,
        covariates=X.shape[0],
        entry_days=entries.size,
        weight=w.size,
        offset=shift.size,
        stratum=stratum_code.size,
        cluster=n if cluster_code is None else cluster_code.size,
    )
    if n_bad := int(np.count_nonzero(entries >= exits)):
        raise DataError(
            f"Follow-up ends on or before the day of entry for {n_bad} of {n} rows.",
            "exit-not-after-entry",
            expected="entry < exit",
            todo="A row is at risk only after entry; leave out rows without any day at risk and say so.",
        )
    return CoxRows(
        exits,
        entries,
        events,
        X,
        covariate_names(names, X.shape[1]),
        stratum_code,
        strata,
        w,
        kind,
        cluster_code,
        shift,
    )


def covariate_matrix(covariates: npt.ArrayLike, n: int) -> FloatArray:
    """(n, p) finite numbers; one covariate may be given as (n,). Raises: DataError if they are anything else."""
    array = np.asarray(covariates)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[1] == 0 or (array.size and array.dtype.kind not in "iufb"):
        raise DataError(
            "The covariates must be a table of numbers, one row per row of follow-up.",
            "not-numbers",
            expected="shape (n, p), numbers; a category as 0/1 columns, one fewer than its levels",
            found=f"shape {array.shape}, type {array.dtype}",
        )
    X = array.astype(np.float64, copy=False)
    if X.shape[0] == n and not np.isfinite(X.sum()) and (n_bad := int(np.count_nonzero(~np.isfinite(X).all(axis=1)))):
        raise DataError(
            f"A covariate is missing or infinite in {n_bad} of {n} rows.",
            "missing-values",
            expected="numbers only",
            todo="Leave out rows with a missing covariate and report how many there were.",
        )
    return X


def covariate_names(names: Sequence[str] | None, p: int) -> tuple[str, ...]:
    """The names given, or x1, x2, ... Raises: DataError if there are not p different ones."""
    labels = tuple(f"x{j + 1}" for j in range(p)) if names is None else tuple(str(name) for name in names)
    if len(labels) != p or len(set(labels)) < p:
        raise DataError(
            "Each covariate needs a name of its own.",
            "lengths-differ",
            expected=f"{p} different names",
            found=f"{len(set(labels))} different of {len(labels)}",
        )
    return labels


def row_weights(weight: npt.ArrayLike | None, n: int) -> tuple[FloatArray, str]:
    """The weights and what they mean: whole numbers are copies of a row, others are real weights."""
    if weight is None:
        return np.ones(n), WHOLE
    if np.asarray(weight).dtype.kind in "iu":
        return whole_numbers(weight, "The weight").astype(np.float64), WHOLE
    w = finite_numbers(weight, "The weight")
    if n_bad := int(np.count_nonzero(w <= 0)):
        raise DataError(
            f"The weight is not above 0 for {n_bad} of {w.size} rows.",
            "below-minimum",
            expected="whole numbers from 0 (copies of a row), or positive numbers",
        )
    return w, WHOLE if bool((w == np.rint(w)).all()) else REAL


def codes_of(values: npt.ArrayLike | None, n: int, name: str) -> tuple[IntArray, tuple[str, ...]]:
    """Position of each row's label among the sorted labels that occur. Raises: DataError if one is missing."""
    if values is None:
        return np.zeros(n, dtype=np.int64), ("all",)
    array = np.asarray(values)
    is_gap = array.dtype.kind == "f" and not np.isfinite(array).all()
    if array.ndim != 1 or is_gap or (array.dtype.kind == "O" and any(value is None for value in array)):
        raise DataError(
            f"The {name} must be one list of labels without gaps.",
            "missing-values",
            expected=f"a {name} for every row",
        )
    if array.dtype.kind == "O":
        array = array.astype(str)
    seen, code = np.unique(array, return_inverse=True)
    return code.astype(np.int64), tuple(str(label) for label in seen)
