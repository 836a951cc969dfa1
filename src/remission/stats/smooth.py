"""A smooth line through a scatter: local linear regression with a pointwise interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from remission.stats.arrays import (
    FloatArray,
    FrozenArrays,
    finite_numbers,
    require_level,
    require_same_length,
)

FEWEST = 5  # points below which a smooth line says nothing


@dataclass(frozen=True, eq=False)
class Smooth(FrozenArrays):
    """Values of the line at (m,) places with pointwise limits; empty where there are too few points."""

    at: FloatArray
    value: FloatArray
    low: FloatArray
    high: FloatArray


def smooth_line(
    x: npt.ArrayLike, y: npt.ArrayLike, *, span: float = 0.75, places: int = 25, confidence: float = 0.95
) -> Smooth:
    """Local linear regression with tricube weights over the nearest share of the points.

    Args: x, y: (n,) numbers.  span: share of the points that a line rests on, 0-1.  places: how many places, from
    the smallest to the largest x.  confidence: of the pointwise interval.
    Returns: see Smooth; empty with fewer than 5 points or where x does not vary.
    Conventions: the variance is that of the weighted fit with the residual variance of the whole curve; it is a
    guide for the eye, not a test.
    Raises: DataError if lengths differ or a value is missing.
    Source: Cleveland 1979, J Am Stat Assoc 74:829-836, without the robustness step.
    """
    require_level(confidence, "confidence")
    xs, ys = finite_numbers(x, "The place"), finite_numbers(y, "The value")
    require_same_length(x=xs.size, y=ys.size)
    nothing = np.empty(0)
    if xs.size < FEWEST or float(np.ptp(xs)) == 0:
        return Smooth(nothing, nothing.copy(), nothing.copy(), nothing.copy())
    near = max(int(np.ceil(span * xs.size)), FEWEST)
    at = np.linspace(float(xs.min()), float(xs.max()), places)

    rows = np.vstack([_weights(xs, place, near) for place in at])
    hat = np.vstack([_weights(xs, place, near) for place in xs])
    value = rows @ ys
    residual = ys - hat @ ys
    freedom = max(xs.size - float(np.trace(hat)), 1.0)
    spread = np.sqrt(float(residual @ residual) / freedom * (rows**2).sum(axis=1))
    width = float(ndtri(0.5 + confidence / 2)) * spread
    return Smooth(at, value, value - width, value + width)


def _weights(xs: FloatArray, place: float, near: int) -> FloatArray:
    """The linear combination of the y that is the height of the local line at one place."""
    distance = np.abs(xs - place)
    reach = float(np.partition(distance, near - 1)[near - 1])
    kernel = np.clip(1 - (distance / (reach * 1.000001 if reach else 1.0)) ** 3, 0, None) ** 3
    centre = float(kernel @ xs / kernel.sum())
    moved = xs - centre
    scatter = float(kernel @ moved**2)
    height: FloatArray = kernel / kernel.sum()
    if scatter > 0:
        height = height + kernel * moved * (place - centre) / scatter
    return height
