"""How a number is printed: rounded once, half-up, here and nowhere else.

The rules, with an example of each, are in docs/how-to/results-table.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from remission.core.days import DAYS_PER
from remission.core.errors import ResultsError
from remission.results.vocabulary import Kind, Stat, stat_of

if TYPE_CHECKING:
    from remission.results.row import Status

NOT_REACHED, NOT_ESTIMABLE, FAILED = "NR", "NE", "–"
TIME_UNITS = ("days", "days-as-days")

# 1 - 0.9125 is 0.08750000000000002 in a computer: noise behind the 12th digit must not decide a rounding.
_TWELVE_DIGITS = Context(prec=12, rounding=ROUND_HALF_UP)
_ROOM = Context(prec=60, rounding=ROUND_HALF_UP)
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def show(stat: str, value: float | str | None, *, unit: str = "", status: Status = "ok") -> str:
    """The text every document prints for a result.

    Args: value: a number, or words for the statistics `text`, `value` and `setting`; only looked at when the
    status is ok.  unit: one of vocabulary.UNITS changes the format, every other unit is a plain measurement.
    Returns: "78.8%", "10.4", "<0.001"; "NR" for a time not reached, "NE" for a number that cannot be
    estimated, "–" where the computation failed.
    Raises: ResultsError (code `unknown-stat`, `empty-result`, `wrong-kind`, `not-finite`, `count-not-whole`,
    `p-out-of-range`).
    """
    known = stat_of(stat)
    if status == "undefined":
        return NOT_REACHED if unit in TIME_UNITS else NOT_ESTIMABLE
    if status == "failed":
        return FAILED
    if value is None:
        raise ResultsError(what=f"A result of kind `{stat}` has no value and no reason.", code="empty-result")
    if isinstance(value, str) != (known.kind == "text") and not (known.kind == "recorded"):
        raise ResultsError(
            what=f"A result of kind `{stat}` has the wrong kind of value.",
            code="wrong-kind",
            expected="words" if known.kind == "text" else "a number",
        )
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        raise ResultsError(
            what=f"A result of kind `{stat}` is infinite or not a number.",
            code="not-finite",
            todo="Give it the status `undefined` or `failed`, with the reason as its note.",
        )
    return _minus(_number(known, _TWELVE_DIGITS.create_decimal(repr(float(value))), unit))


def _number(stat: Stat, x: Decimal, unit: str) -> str:
    if stat.kind in ("count", "p", "statistic", "df"):
        return _BY_KIND[stat.kind](x)
    if unit == "proportion":
        return _percent(x, sign=stat.kind not in ("bound", "spread"))
    if unit == "proportion-difference":
        return _fixed(x * 100, 1)
    if unit == "days":
        return _months(x)
    if unit == "days-as-days":
        return _whole_or(x, 1) if stat.kind != "spread" else _fixed(x, 1)
    if unit == "ratio" or stat.kind == "ratio":
        return _ratio(x)
    return _BY_KIND[stat.kind](x)


def _fixed(x: Decimal, places: int) -> str:
    """Half-up to a number of decimals; a comma in the thousands from 10,000 on."""
    rounded = x.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_ROOM)
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,f}" if abs(rounded) >= 10_000 else f"{rounded:f}"


def _minus(text: str) -> str:
    return "−" + text[1:] if text.startswith("-") else text


def _is_whole(x: Decimal) -> bool:
    return x == x.to_integral_value()


def _whole_or(x: Decimal, places: int) -> str:
    return _fixed(x, 0 if _is_whole(x) else places)


def _significant(x: Decimal, digits: int) -> str:
    """A number below 1 with a number of significant digits; powers of ten below 0.0001."""
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).plus(x)
    if abs(rounded) < Decimal("0.0001"):
        mantissa = rounded.scaleb(-rounded.adjusted())
        return f"{_strip(f'{mantissa:f}')}×10{str(rounded.adjusted()).translate(_SUPERSCRIPT)}"
    return _fixed(rounded, digits - 1 - rounded.adjusted())


def _strip(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(x: Decimal, *, sign: bool) -> str:
    """A proportion as a percentage; only an exact 0 or 1 prints as 0 or 100 (a limit as 0.0 or 100.0)."""
    mark = "%" if sign else ""
    if x in (0, 1):
        return f"{int(x) * 100}{mark}"
    shown = _fixed(x * 100, 1)
    if sign and shown == "100.0" and x < 1:
        return ">99.9%"
    if sign and shown == "0.0" and x > 0:
        return "<0.1%"
    return shown + mark


def _months(days: Decimal) -> str:
    """Days in months with one decimal; some days, yet less than half a tenth of a month, are `<0.1`."""
    shown = _fixed(_ROOM.divide(days, DAYS_PER["months"]), 1)
    return "<0.1" if shown == "0.0" and days > 0 else shown


def _ratio(x: Decimal) -> str:
    """Two decimals, fewer for large ratios, more where two would move it to the other side of 1 or to 0."""
    if abs(x) >= 10:
        return _fixed(x, 0 if abs(x) >= 100 else 1)
    if x != 0 and abs(x) < Decimal("0.01"):
        return _significant(x, 1)
    for places in (2, 3, 4):
        shown = _fixed(x, places)
        if x == 1 or Decimal(shown) != 1:
            return shown
    return "<1.0001" if x > 1 else ">0.9999"


def _p(x: Decimal) -> str:
    """Three decimals below 0.1, two above; never 0, 1 only if it is 1, never on the wrong side of 0.05."""
    if not 0 <= x <= 1:
        raise ResultsError(what="A p-value lies outside 0 to 1.", code="p-out-of-range")
    if x < Decimal("0.001"):
        return "<0.001"
    if x < Decimal("0.05"):
        return next(s for s in (_fixed(x, k) for k in range(3, 15)) if Decimal(s) < Decimal("0.05"))
    if x < Decimal("0.0995"):
        return _fixed(x, 3)
    return ">0.99" if Decimal("0.995") <= x < 1 else _fixed(x, 2)


def _count(x: Decimal) -> str:
    if not _is_whole(x) or x < 0:
        raise ResultsError(
            what="A count is not a whole number of patients or records.",
            code="count-not-whole",
            todo="Keep weighted numbers as `estimate`.",
        )
    return _fixed(x, 0)


def _statistic(x: Decimal) -> str:
    return "<0.01" if 0 < x < Decimal("0.005") else _fixed(x, 2)


def _df(x: Decimal) -> str:
    return _whole_or(x, 1)


def _measure(x: Decimal) -> str:
    """A computed measurement: one decimal, or three significant digits below 1."""
    return _significant(x, 3) if 0 < abs(x) < 1 else _fixed(x, 0 if abs(x) >= 10_000 else 1)


def _order(x: Decimal) -> str:
    """A measurement that somebody has, or lies halfway between two: whole numbers stay whole."""
    return _fixed(x, 0) if _is_whole(x) else _strip(_measure(x)) if abs(x) < 1 else _measure(x)


def _recorded(x: Decimal) -> str:
    """A single value of a listing: as recorded, up to two decimals."""
    return _order(x) if abs(x) < 1 or _is_whole(x) else _strip(_fixed(x, 2))


_BY_KIND: dict[Kind, Callable[[Decimal], str]] = {
    "count": _count,
    "estimate": _measure,
    "bound": _measure,
    "spread": _measure,
    "order": _order,
    "recorded": _recorded,
    "statistic": _statistic,
    "df": _df,
    "p": _p,
}
