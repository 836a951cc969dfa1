"""What a computation may be given: whole numbers, lengths that agree, levels strictly between 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

Status = Literal["ok", "undefined", "failed"]


def whole_numbers(values: npt.ArrayLike, name: str, *, minimum: int = 0) -> IntArray:
    """A vector of whole numbers; fractions, missing values and truth values are refused, never rounded.

    Args: values: (n,) int.  name: what they are, for the message.  minimum: the least allowed value.
    Raises: DataError if they are not a vector of whole numbers, or one is below `minimum`.
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise DataError(
            f"{name} must be one list of numbers.",
            "wrong-shape",
            expected="shape (n,)",
            found=f"shape {array.shape}",
        )
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.dtype.kind not in "iu":
        raise DataError(
            f"{name} must be whole numbers without gaps.",
            "not-whole-numbers",
            expected="integers",
            found=f"values of type {array.dtype}",
            todo="Count whole days; dividing by a month or a year before ranking makes and breaks ties.",
        )
    n_low = int(np.count_nonzero(array < minimum))
    if n_low:
        raise DataError(
            f"{name} is below {minimum} for {n_low} of {array.size} rows.",
            "below-minimum",
            expected=f"at least {minimum}",
            found=f"{n_low} of {array.size} below",
        )
    return array.astype(np.int64)


def finite_numbers(values: npt.ArrayLike, name: str) -> FloatArray:
    """A vector of numbers without missing or infinite values.

    Raises: DataError if they are not a vector of numbers or a value is missing or infinite.
    """
    array = numbers(values, name)
    n_bad = int(np.count_nonzero(~np.isfinite(array)))
    if n_bad:
        raise DataError(
            f"{name} holds {n_bad} missing or infinite values of {array.size}.",
            "missing-values",
            expected="numbers only",
            todo="Leave out missing values before the test and report how many there were.",
        )
    return array


def numbers(values: npt.ArrayLike, name: str) -> FloatArray:
    """A vector of numbers in which NaN means missing. Raises: DataError if they are anything else."""
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iuf"):
        raise DataError(
            f"{name} must be one list of numbers.",
            "not-numbers",
            expected="shape (n,), numbers",
            found=f"shape {array.shape}, type {array.dtype}",
        )
    return array.astype(np.float64)


def truth_values(values: npt.ArrayLike, name: str) -> BoolArray:
    """A vector of yes or no; 0 and 1 are understood. Raises: DataError if a value is anything else."""
    array = np.asarray(values)
    if array.ndim == 1 and array.size == 0:
        return np.zeros(0, dtype=np.bool_)
    is_truth = array.dtype.kind == "b" or (array.dtype.kind in "iu" and bool(np.isin(array, (0, 1)).all()))
    if array.ndim != 1 or not is_truth:
        raise DataError(
            f"{name} must be yes or no for every row.",
            "not-yes-no",
            expected="True/False or 1/0",
            found=f"shape {array.shape}, type {array.dtype}",
        )
    return array.astype(np.bool_)


def require_same_length(**lengths: int) -> None:
    """Raises: DataError if the named columns do not all have the same number of rows."""
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {size}" for name, size in lengths.items())
        raise DataError(
            "The columns have different numbers of rows.",
            "lengths-differ",
            expected="one value per row in each",
            found=found,
        )


def require_level(value: float, name: str) -> float:
    """A number strictly between 0 and 1, such as a confidence. Raises: DataError if it is not."""
    if not 0.0 < value < 1.0:
        raise DataError(
            f"{name} must lie between 0 and 1.", "not-between-0-and-1", expected="e.g. 0.95", found=f"{value}"
        )
    return float(value)


def require_known(value: str, known: tuple[str, ...], name: str) -> str:
    """One of the known words. Raises: DataError that lists them if it is not."""
    if value not in known:
        raise DataError(f"Unknown {name} {value!r}.", "unknown-option", expected=", ".join(known), found=repr(value))
    return value


def read_only(array: npt.NDArray[np.generic]) -> None:
    """Make an array of a frozen result unchangeable in place."""
    array.setflags(write=False)


@dataclass(frozen=True, eq=False)
class FrozenArrays:
    """A result whose arrays cannot be changed in place: the base of the frozen results of this room."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                read_only(value)
