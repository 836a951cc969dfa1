"""A log axis for ratios: where it ends, where it is marked, and what may stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, log

LEAST, MOST = 0.02, 50.0  # the axis never goes further; an interval that does ends in an arrow
ROUND = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)


def faulty_ratio(estimate: float | None, low: float | None, high: float | None) -> tuple[str, str] | None:
    """What was expected and found where a ratio and its interval contradict each other; None where they do not."""
    if (low is None) != (high is None):
        return "both ends of an interval, or none", "one end"
    if estimate is None:
        return None if low is None else ("an estimate within each interval", "an interval alone")
    if not 0 < estimate < inf:
        return "ratios above 0", "a value outside"
    if low is not None and high is not None and not 0 <= low <= estimate <= high:
        return "an estimate within its interval", "one outside"
    return None


def log_limits(estimates: Sequence[float], ends: Sequence[float]) -> tuple[float, float]:
    """Round ends of an axis that holds 1, all estimates within reason, and what intervals need of it.

    Args: estimates, ends: of intervals; 0 and infinite ends are left to arrows.
    """
    values = [1.0, *estimates, *(e for e in ends if 0 < e < inf)]
    low = max((r for r in ROUND if r <= min(values)), default=LEAST)
    high = min((r for r in ROUND if r >= max(values)), default=MOST)
    return min(low, 0.5), max(high, 2.0)


def log_ticks(low: float, high: float, *, length: float, apart: float) -> list[float]:
    """Round ratios between two ends that stand at least `apart` points from each other; 1 is always one of them."""
    thinner = ((0.02, 0.1, 0.5, 1.0, 2.0, 10.0, 50.0), (0.05, 0.2, 1.0, 5.0, 20.0), (0.1, 1.0, 10.0), (1.0,))
    for kept in (ROUND, *thinner):
        ticks = [t for t in kept if low <= t <= high]
        per_unit = length / log(high / low)
        if all((log(b) - log(a)) * per_unit >= apart for a, b in pairwise(ticks)):
            break
    return ticks


@dataclass(frozen=True)
class LogAxis:
    """Ratios between two ends as shares of the axis."""

    low: float
    high: float

    def share(self, ratio: float) -> float:
        """Where a ratio stands, 0 at the low and 1 at the high end; one beyond stands at the end."""
        if ratio <= self.low:
            return 0.0
        return 1.0 if ratio >= self.high else log(ratio / self.low) / log(self.high / self.low)

    def is_beyond(self, ratio: float) -> bool:
        return not self.low <= ratio <= self.high


def ratio_label(value: float) -> str:
    """0.05, 0.5, 1, 20."""
    return f"{value:g}"
