"""Points of one column set beside each other where they would hide each other."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt


def swarm(heights: Sequence[float], size: float, width: float) -> list[float]:
    """How far each point moves sideways, in points; the same heights always give the same places.

    Args: heights: of the points, in points.  size: of a point.  width: the most it may move to either side; where
    that is not enough, points lie upon each other.
    """
    placed: list[tuple[float, float]] = []
    found = [0.0] * len(heights)
    for k in sorted(range(len(heights)), key=lambda i: (heights[i], i)):
        near = [(x, y) for x, y in placed[-60:] if heights[k] - y < size]
        tried = [0.0]
        for x, y in near:
            reach = sqrt(size**2 - (heights[k] - y) ** 2)
            tried += [x + reach, x - reach]
        free = [
            t for t in tried
            if abs(t) <= width and all((t - x) ** 2 + (heights[k] - y) ** 2 >= size**2 - 1e-9 for x, y in near)
        ]  # fmt: skip
        # the nearest free place, to the right where two are as near; none left: spread over the width in turn
        found[k] = min(free, key=lambda t: (round(abs(t), 6), -t), default=width * ((k * 0.618034) % 1 * 2 - 1))
        placed.append((found[k], heights[k]))
    return found
