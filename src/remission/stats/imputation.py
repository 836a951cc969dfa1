"""Multiple imputation by chained equations: every gap is drawn from the other columns, m times, with a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import BoolArray, FloatArray, FrozenArrays, IntArray, Status
from remission.stats.cox_data import covariate_names
from remission.stats.imputation_draws import draw_category, draw_number

KINDS = ("number", "category")


@dataclass(frozen=True, eq=False)
class ImputedData(FrozenArrays):
    """m completed copies of a table with n rows and p columns.

    completed: (m, n, p).  n_missing: (p,).  methods: p words: "complete", "predictive mean matching", "logistic",
    "multinomial" or "the only level".  trace: (m, iterations, p) mean of the imputed values after each iteration
    (NaN for a complete column): lines of the m chains that mix and do not drift have converged.  Undefined, without
    copies, if a column has no value at all.
    """

    names: tuple[str, ...]
    completed: FloatArray
    n_missing: IntArray
    methods: tuple[str, ...]
    trace: FloatArray
    m: int
    iterations: int
    donors: int
    seed: int
    status: Status
    reason: str


def impute_chained(
    columns: npt.ArrayLike,
    kinds: Sequence[str],
    *,
    names: Sequence[str] | None = None,
    m: int = 20,
    iterations: int = 10,
    donors: int = 5,
    seed: int = 1,
) -> ImputedData:
    """Fill the gaps of a table m times by chained equations.

    Args: columns: (n, p) numbers, NaN for missing; a category as whole-numbered codes.  kinds: p of "number"
    (predictive mean matching: a value that another patient has) and "category" (logistic draws, of more than two
    levels multinomial ones).  names: p.  m: copies.  iterations: rounds through the columns.  donors: patients with
    the nearest prediction among whom one is drawn.  seed: copy k depends on the seed and k only.
    Returns: see ImputedData; the same numbers every time.
    Conventions: columns with the fewest gaps first; the outcome belongs among the columns, for survival as the event
    and the Nelson-Aalen hazard at the last day; rows are never dropped (docs/methods/multiple-imputation.md).
    Assumes missing at random: whether a value is missing depends on the other columns, not on itself.
    Raises: DataError if the shapes do not agree, a kind is unknown, a category is not coded in whole numbers, or m,
    iterations or donors is below 1.
    Source: van Buuren & Groothuis-Oudshoorn 2011, J Stat Softw 45(3); White, Royston & Wood 2011, Stat Med 30:377.
    Checked: tests/properties/test_missing_data.py.
    """
    table, types = _checked(columns, kinds)
    labels = covariate_names(names, table.shape[1])
    for value, what in ((m, "imputations"), (iterations, "iterations"), (donors, "donors")):
        if value < 1:
            raise DataError(f"At least one of the {what} is needed.", "below-minimum", found=f"{value}")
    is_gap = np.isnan(table)
    n_missing = is_gap.sum(axis=0).astype(np.int64)
    methods = tuple(_method(table[:, j], kind) for j, kind in enumerate(types))
    options = (m, iterations, donors, seed)
    if empty := [label for label, gaps in zip(labels, is_gap.T, strict=True) if gaps.all()]:
        nothing = np.zeros((0, *table.shape))
        reason = "no value at all in: " + ", ".join(empty)
        return ImputedData(labels, nothing, n_missing, methods, nothing[:, :0], *options, "undefined", reason)
    chains = [
        _chain(table, is_gap, methods, types, iterations, donors, np.random.default_rng([seed, k])) for k in range(m)
    ]
    completed, trace = (np.stack(parts) for parts in zip(*chains, strict=True))
    reason = "" if n_missing.any() else "nothing is missing: all copies are the table itself"
    return ImputedData(labels, completed, n_missing, methods, trace, *options, "ok", reason)


def _checked(columns: npt.ArrayLike, kinds: Sequence[str]) -> tuple[FloatArray, tuple[str, ...]]:
    array = np.asarray(columns)
    types = tuple(kinds)
    if array.ndim != 2 or array.dtype.kind not in "iufb" or array.shape[1] != len(types) or not len(types):
        raise DataError(
            "The columns must be a table of numbers with a kind for each.",
            "wrong-shape",
            expected="shape (n, p) and p kinds",
            found=f"shape {array.shape}, type {array.dtype}, {len(types)} kinds",
        )
    if unknown := set(types) - set(KINDS):
        raise DataError(f"Unknown kind of column {min(unknown)!r}.", "unknown-option", expected=", ".join(KINDS))
    table = array.astype(np.float64)
    if np.isinf(table).any():
        raise DataError("A value is infinite.", "not-numbers", expected="finite numbers, NaN for missing")
    codes = table[:, [kind == "category" for kind in types]]
    if bool((codes[~np.isnan(codes)] % 1 != 0).any()):
        raise DataError("A category is not coded in whole numbers.", "not-whole-numbers", expected="codes 0, 1, 2, ...")
    return table, types


def _method(column: FloatArray, kind: str) -> str:
    known = column[~np.isnan(column)]
    if known.size == column.size:
        return "complete"
    if kind == "number":
        return "predictive mean matching"
    return {0: "complete", 1: "the only level", 2: "logistic"}.get(np.unique(known).size, "multinomial")


def _chain(
    table: FloatArray,
    is_gap: BoolArray,
    methods: tuple[str, ...],
    kinds: tuple[str, ...],
    iterations: int,
    donors: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """One completed table, and the means of its imputed values after each iteration."""
    filled = table.copy()
    gaps = is_gap.sum(axis=0)
    order = [int(j) for j in np.argsort(gaps, kind="stable") if gaps[j]]
    for j in order:  # the start: values that other patients have
        filled[is_gap[:, j], j] = rng.choice(table[~is_gap[:, j], j], size=int(gaps[j]))
    trace = np.full((iterations, table.shape[1]), np.nan)
    for step in range(iterations):
        for j in order:
            missing = is_gap[:, j]
            others = _predictors(filled, kinds, j)
            known = table[~missing, j]
            if methods[j] == "predictive mean matching":
                drawn = draw_number(known, others[~missing], others[missing], donors, rng)
            else:
                drawn = draw_category(known, others[~missing], others[missing], rng)
            filled[missing, j] = drawn
            trace[step, j] = drawn.mean()
    return filled, trace


def _predictors(filled: FloatArray, kinds: tuple[str, ...], target: int) -> FloatArray:
    """(n, q) an intercept and the other columns, standardised; a category as a column per level but the first."""
    columns = [np.ones(filled.shape[0])]
    for j, kind in enumerate(kinds):
        if j == target:
            continue
        levels = np.unique(filled[:, j])[1:] if kind == "category" else None
        raw = [filled[:, j]] if levels is None else [(filled[:, j] == level).astype(np.float64) for level in levels]
        for column in raw:
            spread = float(column.std())
            if spread > 1e-12 * max(1.0, float(np.abs(column).max())):
                columns.append((column - column.mean()) / spread)
    return np.column_stack(columns)
