"""The axis of measured values: round marks on a plain or a logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

MOST_STEPS = 5
MOST_DECADES = 5
LEAST_TENFOLDS = 0.7  # of a logarithmic axis, so that two values are marked
FEW_TENFOLDS = 2.3  # 2 and 5 are marked too
AIR = 0.05  # of the span, kept free at each end
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class ValueAxis:
    """Ends and marks of an axis; labels: one for each tick."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    is_log: bool = False

    def share(self, value: float) -> float:
        """Where a value stands, 0 at the low and 1 at the high end; one beyond stands at the end."""
        low, high, at = (self.low, self.high, value)
        if self.is_log:
            at = log10(value) if value > 0 else log10(low)
            low, high = log10(low), log10(high)
        return min(max((at - low) / (high - low), 0.0), 1.0)


def linear_axis(values: Sequence[float], *, has_zero: bool = False) -> ValueAxis:
    """A plain axis that holds all values. has_zero: also 0; else 0 only where it is near the lowest value."""
    shown = [v for v in values if isfinite(v)] or [0.0, 1.0]
    low, high = min(shown), max(shown)
    if has_zero or 0 <= low <= 0.5 * high:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (0.0, 1.0) if low == 0 else (low - abs(low) / 2, low + abs(low) / 2)
    step = round_step((high - low) / MOST_STEPS)
    air = AIR * (high - low)
    at_zero = low == 0 and not any(v < 0 for v in shown)
    bottom, top = (0.0 if at_zero else low - air), high + air
    first, last = ceil(bottom / step - 1e-9), floor(top / step + 1e-9)
    ticks = tuple(k * step for k in range(first, last + 1))
    return ValueAxis(bottom, top, ticks, tuple(_plain(t) for t in ticks))


def log_axis(values: Sequence[float]) -> ValueAxis:
    """A logarithmic axis that holds all values above 0; over few tenfolds also 2 and 5 are marked."""
    shown = [v for v in values if isfinite(v) and v > 0] or [0.1, 1.0]
    low, high = log10(min(shown)), log10(max(shown))
    if high - low < LEAST_TENFOLDS:
        low, high = low - LEAST_TENFOLDS / 2, high + LEAST_TENFOLDS / 2
    air = AIR * (high - low)
    low, high = low - air, high + air
    if high - low < FEW_TENFOLDS:
        ticks = [m * 10.0**k for k in range(floor(low), ceil(high)) for m in (1, 2, 5) if low <= log10(m) + k <= high]
    else:
        decades = range(ceil(low), floor(high) + 1)
        ticks = [10.0**k for k in decades[:: max(1, ceil((len(decades) - 1) / MOST_DECADES))]]
    return ValueAxis(10.0**low, 10.0**high, tuple(ticks), tuple(_plain(t) for t in ticks), is_log=True)


def round_step(rough: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten that is not below a rough step."""
    power = 10.0 ** floor(log10(rough))
    return next((m * power for m in (1.0, 2.0, 2.5, 5.0) if m * power >= rough * (1 - 1e-9)), 10 * power)


def _plain(value: float) -> str:
    """0.001, 20, 150000, 10⁶; a minus sign where there is one."""
    if value and not 1e-4 <= abs(value) * (1 + 1e-9) < 1e6:
        power = floor(log10(abs(value)) + 1e-9)
        lead = value / 10.0**power
        shown = "" if abs(lead - 1) < 1e-9 else f"{lead:g}×"
        return f"{shown}10{str(power).translate(_SUPERSCRIPT)}".replace("-", "−")
    return f"{value:.6f}".rstrip("0").rstrip(".").replace("-", "−") if value else "0"
