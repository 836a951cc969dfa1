"""The rows of a Cox model, checked and brought into the order in which one pass can sum them.

A cell is one day with an event in one stratum; cells are ordered by stratum, then day. Each row is at risk on a
run of cells of its stratum: those with entry < day <= exit. Rows at risk on no cell leave the working order, and
nothing else: they keep their place in residuals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    finite_numbers,
    read_only,
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


@dataclass(frozen=True, eq=False)
class CoxDesign:
    """The working order: m rows sorted by last cell, events first; K cells; p columns centred and scaled.

    row: (m,) place of each working row among the caller's.  Z: (p, m).  first, last: (m,) cells between which a
    row is at risk, both counted.  is_event, weight, offset: (m,).  late: (m,) at risk only from a later cell
    than the first of its stratum.  starts, cells_of: segments of equal (last cell, event) and their index
    2 * cell + (not event).  cell_day, cell_stratum: (K,).  bounds: (S + 1,) cells of each stratum.  deaths:
    (K,) events counted with copies.  mean_weight: (K,) weight of one of them.  tied: cells with two or more;
    slot_cell, slot_part: their events one by one, l/d for l = 0..d-1; slot_starts.  centre, scale: (p,).  offset_centre: taken off the offset.
    """

    row: IntArray
    Z: FloatArray
    first: IntArray
    last: IntArray
    is_event: BoolArray
    weight: FloatArray
    offset: FloatArray
    late: BoolArray | None
    starts: IntArray
    segments: IntArray
    cell_day: IntArray
    cell_stratum: IntArray
    bounds: IntArray
    deaths: IntArray
    mean_weight: FloatArray
    tied: IntArray
    slot_cell: IntArray
    slot_part: FloatArray
    slot_starts: IntArray
    centre: FloatArray
    scale: FloatArray
    offset_centre: float

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                read_only(value)

    @property
    def n_cells(self) -> int:
        """How many days with an event there are, summed over strata."""
        return int(self.cell_day.size)


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


def cox_design(rows: CoxRows) -> CoxDesign:
    """Sort the rows into the working order; O(n log n) once, the covariates copied once."""
    cell_stratum, cell_day, before_exit, before_entry = _cells(rows)
    last, first = before_exit - 1, before_entry
    bounds = np.searchsorted(cell_stratum, np.arange(len(rows.strata) + 1))
    used = np.flatnonzero((first <= last) & (rows.weight > 0))
    key = 2 * last[used] + ~rows.is_event[used]
    small = key.astype(np.uint16) if 2 * cell_day.size < 1 << 16 else key  # radix sort for two bytes
    place = np.argsort(small, kind="stable")
    row, key = used[place], key[place]
    first, last, is_event, weight = first[row], last[row], rows.is_event[row], rows.weight[row]
    cut = np.flatnonzero(np.diff(key, prepend=-1))
    late = first > bounds[cell_stratum[last]] if row.size else np.zeros(0, dtype=np.bool_)
    event_weight = np.bincount(last[is_event], weights=weight[is_event], minlength=cell_day.size)
    deaths = np.rint(event_weight) if rows.weights == WHOLE else np.bincount(last[is_event], minlength=cell_day.size)
    deaths = deaths.astype(np.int64)
    tied = np.flatnonzero(deaths > 1)
    d = deaths[tied]
    slot_starts = np.concatenate([[0], np.cumsum(d)[:-1]]).astype(np.int64) if d.size else np.zeros(0, dtype=np.int64)
    part = (np.arange(int(d.sum())) - np.repeat(slot_starts, d)) / np.repeat(d, d)
    Z, centre, scale = _standardised(rows.covariates, row, weight)
    shift = rows.offset[row]
    middle = float(shift.mean()) if shift.size else 0.0
    return CoxDesign(
        row,
        Z,
        first,
        last,
        is_event,
        weight,
        shift - middle,
        late if late.any() else None,
        cut,
        key[cut],
        cell_day,
        cell_stratum,
        bounds,
        deaths,
        np.divide(event_weight, deaths, out=np.ones(deaths.size), where=deaths > 0),
        tied,
        np.repeat(np.arange(tied.size), d),
        part,
        slot_starts,
        centre,
        scale,
        middle,
    )


def _cells(rows: CoxRows) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Stratum and day of each cell; how many cells lie at or before each row's exit, and at or before its entry."""
    span = int(rows.exits.max(initial=0)) + 2  # entry -1 is day 0 of the key
    counted = rows.is_event & (rows.weight > 0)
    key = rows.stratum * span + rows.exits + 1
    size = span * len(rows.strata)
    if size <= 4 * rows.exits.size + 1_000_000:
        occurs = np.bincount(key[counted], minlength=size) > 0
        upto = np.cumsum(occurs)
        seen = np.flatnonzero(occurs)
        return seen // span, seen % span - 1, upto[key], upto[rows.stratum * span + rows.entries + 1]
    seen = np.unique(key[counted])
    before_entry = np.searchsorted(seen, rows.stratum * span + rows.entries + 1, side="right")
    return seen // span, seen % span - 1, np.searchsorted(seen, key, side="right"), before_entry


def _standardised(X: FloatArray, row: IntArray, weight: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(p, m) columns with mean 0 and standard deviation 1; a constant column becomes 0 with scale 0."""
    p, m = X.shape[1], row.size
    Z, centre, scale = np.empty((p, m)), np.zeros(p), np.zeros(p)
    total = weight.sum()
    for j in range(p):
        z = Z[j]
        np.take(X[:, j], row, out=z)
        if not m:
            continue
        largest = float(np.abs(z).max())
        centre[j] = z @ weight / total
        z -= centre[j]
        spread = float(np.sqrt((z * z) @ weight / total))
        # the deviations of a constant are the rounding of its mean
        scale[j] = spread if spread > 1e-13 * largest else 0.0
        z *= 1 / scale[j] if scale[j] else 0.0
    return Z, centre, scale
