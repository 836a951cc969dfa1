"""What a cell says when it says a number: comparator, amount, power of ten, unit; and the decimal mark of a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from remission.cohort.fold import fold_text

Mark = Literal["", ".", ","]

_COMPARATORS = {
    "<": "<", "≤": "≤", "<=": "≤", "=<": "≤", "⩽": "≤", ">": ">", "≥": "≥", ">=": "≥", "=>": "≥", "⩾": "≥",
    "less than": "<", "below": "<", "under": "<", "more than": ">", "above": ">", "over": ">", "greater than": ">",
    "低于": "<", "小于": "<", "高于": ">", "大于": ">", "unter": "<", "kleiner": "<", "über": ">", "größer": ">",
    "moins de": "<", "plus de": ">", "menos de": "<", "más de": ">",
}  # fmt: skip
_COMPARATOR = re.compile(
    "^(" + "|".join(map(re.escape, sorted(_COMPARATORS, key=len, reverse=True))) + r")\s*", re.IGNORECASE
)
_AMOUNT = re.compile(r"^([+-]?)\s*((?:\d+(?:[.,'’]\d+| \d{3}(?!\d))*)|[.,]\d+)(.*)$", re.DOTALL)
_EXPONENT = re.compile(r"^[eE]([+-]?\d{1,3})(?![\d.,])(.*)$", re.DOTALL)
_TIMES_POWER = re.compile(
    r"^\s*[x×*·]\s*10\s*(?:\^|\*\*|[eE])?\s*\(?([+-]?\d{1,2})\)?(?!\s*/)(?![\d.,])(.*)$", re.DOTALL
)
_POWER = re.compile(r"^10\s*(?:\^|\*\*)\s*\(?([+-]?\d{1,2})\)?(?!\s*/)(?![\d.,])(.*)$", re.DOTALL)
_SUPERSCRIPT = re.compile("[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
# beyond these it is no measurement: a barcode, a record number, a slip of the keyboard
_LARGEST_EXPONENT = 18
_MOST_DIGITS = 20
_BARE_POWER = re.compile(r"^10-([1-9])(\s*%?)$")


@dataclass(frozen=True)
class NumberText:
    """A number as printed. `digits` may still hold marks whose meaning the column decides."""

    comparator: str
    minus: bool
    digits: str
    exponent: int
    is_power: bool
    unit: str


@dataclass(frozen=True)
class Evidence:
    """What the digits say about the decimal mark: `mark` is it (certain) or may be it; `grouping` parts thousands."""

    mark: Mark
    is_certain: bool
    grouping: str = ""
    is_broken: bool = False


@lru_cache(maxsize=65536)
def read_number_text(text: str, *, bare_power: bool = False) -> NumberText | None:
    """Take a text apart, or None where it is not a number.

    Args: bare_power: read "10-4" as a power of ten, as laboratories write residual disease.
    """
    rest = fold_text(text.strip())[0].strip()
    rest = _SUPERSCRIPT.sub(lambda m: "^" + m.group().translate(_SUPERSCRIPTS), rest)
    comparator = ""
    if found := _COMPARATOR.match(rest):
        comparator, rest = _COMPARATORS[found.group(1).lower()], rest[found.end() :]
    power = _POWER.match(rest) or (bare_power and _BARE_POWER.match(rest))
    if power:
        exponent = int(power.group(1)) if power.re is _POWER else -int(power.group(1))
        return NumberText(comparator, False, "1", exponent, True, power.group(2).strip())
    amount = _AMOUNT.match(rest)
    if not amount:
        return None
    sign, digits, rest = amount.groups()
    exponent, is_power = 0, False
    if found := _EXPONENT.match(rest) or _TIMES_POWER.match(rest):
        exponent, rest, is_power = int(found.group(1)), found.group(2), True
    if abs(exponent) > _LARGEST_EXPONENT or len(digits) > _MOST_DIGITS:
        return None
    return NumberText(comparator, sign == "-", digits, exponent, is_power, rest.strip())


def decimal_evidence(digits: str) -> Evidence:
    """What one printed number says about its marks.

    "12,5" and "0,125" can only be decimals, "1.234.567" only thousands, "1.234,5" says both; "12,500" may be either.
    """
    body = re.sub(r"['’ ]", "", digits)
    dots, commas = body.count("."), body.count(",")
    if not dots and not commas:
        return Evidence("", True)
    if dots and commas:
        mark: Mark = "." if body.rfind(".") > body.rfind(",") else ","
        other = "," if mark == "." else "."
        whole, _, tail = body.rpartition(mark)
        return Evidence(mark, True, other, is_broken=mark in whole or not _is_grouped(whole, other) or not tail)
    own: Mark = "." if dots else ","
    opposite: Mark = "," if dots else "."
    if dots + commas > 1:
        return Evidence(opposite, True, own, is_broken=not _is_grouped(body, own))
    head, _, tail = body.partition(own)
    is_open = len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0") and body == digits
    return Evidence(own, not is_open)


def _is_grouped(text: str, mark: str) -> bool:
    head, *groups = text.split(mark)
    return 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)


@dataclass(frozen=True)
class DecimalDecision:
    """The decimal mark of a column, what parts thousands, and the numbers that do not fit or leave it open."""

    mark: Mark
    against: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


def decide_decimal(digits: Iterable[str], declared: Mark = "") -> DecimalDecision:
    """One decimal mark for a column, from the numbers that can only be read one way.

    Args: digits: the printed numbers of the column.  declared: what study.toml says.
    Returns: `against`: numbers that contradict the mark; `open`: numbers that nothing decides.
    """
    found: Mapping[str, Evidence] = {d: decimal_evidence(d) for d in digits}
    broken = {d for d, e in found.items() if e.is_broken}
    certain = {e.mark for e in found.values() if e.is_certain and e.mark and not e.is_broken}
    grouping = {e.grouping for e in found.values() if e.grouping and not e.is_broken}
    undecided = {d: e.mark for d, e in found.items() if not e.is_certain}
    if declared:
        against = {d for d, e in found.items() if e.is_certain and e.mark not in ("", declared)}
        return DecimalDecision(declared, frozenset(against | broken))
    if len(certain) > 1:
        return DecimalDecision("", frozenset(d for d, e in found.items() if e.mark))
    if not certain:
        return DecimalDecision("", frozenset(broken), frozenset(undecided))
    mark = certain.pop()
    against = {d for d, own in undecided.items() if own != mark and own not in grouping}
    return DecimalDecision(mark, frozenset(against | broken))


def amount_of(number: NumberText, mark: Mark) -> Decimal:
    """The amount, once the decimal mark is known."""
    body = re.sub(r"['’ ]", "", number.digits)
    body = body.replace("," if mark == "." else ".", "").replace(",", ".") if mark else body
    value = Decimal(body or "0").scaleb(number.exponent)
    return -value if number.minus else value
