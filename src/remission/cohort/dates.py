"""What a cell says when it says a date. Day and month may stand in either order; the column decides which."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from remission.cohort.fold import fold_text

Order = Literal["dmy", "mdy", "ymd"]
Trouble = Literal["", "partial", "two-digit-year", "impossible"]

_MONTH_WORDS = (
    "jan january januar jänner janv janvier ene enero",
    "feb february februar févr fév février febrero",
    "mar march mär mrz märz mars marzo",
    "apr april avr avril abr abril",
    "may mai mayo",
    "jun june juni juin junio",
    "jul july juli juil juillet julio",
    "aug august août aout ago agosto",
    "sep sept september septembre septiembre",
    "oct october okt oktober octobre octubre",
    "nov november novembre noviembre",
    "dec december dez dezember déc décembre dic diciembre",
)
_MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}

_TIME = re.compile(r"(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:am|pm|uhr|Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_YMD = re.compile(r"^(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})$")
_CHINESE = re.compile(r"^(\d{4})\s*年\s*(?:(\d{1,2})\s*月)?\s*(?:(\d{1,2})\s*[日号])?$")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
_NUMERIC = re.compile(r"^(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})(?:\.|st|nd|rd|th)?[\s-]*(?:de\s+)?([^\W\d_]+)\.?[\s,-]*(?:de\s+)?(\d{4}|\d{2})$")
_MONTH_FIRST = re.compile(r"^([^\W\d_]+)\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?[\s,-]+(\d{4}|\d{2})$")
_MONTH_YEAR = re.compile(r"^([^\W\d_]+)\.?[\s,-]*(?:de\s+)?(\d{4})$")
_YEAR_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_NUMERIC_MONTH_YEAR = re.compile(r"^(\d{1,2})[-/.](\d{4})$")
_YEAR = re.compile(r"^(?:19|20)\d{2}$")
# for blanking dates in free text: any of the full forms, inside other words
DATE_IN_TEXT = re.compile(
    r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2}"
    r"|\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?)?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|\d{{1,2}}[.\s-]*(?:{'|'.join(_MONTHS)})\.?[\s,-]*(?:19|20)\d{{2}}"
    rf"|(?:{'|'.join(_MONTHS)})\.?\s*\d{{1,2}}(?:st|nd|rd|th)?[\s,]+(?:19|20)\d{{2}})(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DateText:
    """A date as printed: the day under each order it can be read in, or why it is none.

    Args: by_order: order -> day; an order whose day does not exist is absent. A date that needs no order has "ymd".
    year, month: of a partial date (month 0 where only the year is known).
    """

    by_order: dict[Order, dt.date] = field(default_factory=dict)
    trouble: Trouble = ""
    year: int = 0
    month: int = 0
    has_time: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the order of day and month changes the day."""
        return len(set(self.by_order.values())) > 1


@lru_cache(maxsize=65536)
def read_date_text(text: str) -> DateText | None:
    """Take a text apart as a date, or None where it is not written as one. A bare year is a partial date."""
    plain = fold_text(text.strip())[0].strip()
    found = _TIME.search(plain)
    if found:
        plain = plain[: found.start()].strip()
    date = _complete(plain) or _partial(plain)
    if date is None or not found:
        return date
    return DateText(date.by_order, date.trouble, date.year, date.month, True)


def _complete(text: str) -> DateText | None:
    if m := _YMD.match(text):
        return _fixed(int(m[1]), int(m[3]), int(m[4]))
    if (m := _CHINESE.match(text)) and m[3] and m[2]:
        return _fixed(int(m[1]), int(m[2]), int(m[3]))
    if m := _COMPACT.match(text):
        return _fixed(int(m[1]), int(m[2]), int(m[3]))
    if m := _NUMERIC.match(text):
        if len(m[4]) == 2:
            return DateText(trouble="two-digit-year")
        first, second, year = int(m[1]), int(m[3]), int(m[4])
        orders: dict[Order, dt.date] = {}
        if day := _day(year, second, first):
            orders["dmy"] = day
        if day := _day(year, first, second):
            orders["mdy"] = day
        return DateText(orders, "" if orders else "impossible")
    if (m := _DAY_FIRST.match(text)) and (month := _MONTHS.get(m[2].lower())):
        return _fixed(int(m[3]), month, int(m[1])) if len(m[3]) == 4 else DateText(trouble="two-digit-year")
    if (m := _MONTH_FIRST.match(text)) and (month := _MONTHS.get(m[1].lower())):
        return _fixed(int(m[3]), month, int(m[2])) if len(m[3]) == 4 else DateText(trouble="two-digit-year")
    return None


def _partial(text: str) -> DateText | None:
    year = month = 0
    if m := _CHINESE.match(text):
        year, month = int(m[1]), int(m[2] or 0)
    elif m := _YEAR_MONTH.match(text):
        year, month = int(m[1]), int(m[2])
    elif m := _NUMERIC_MONTH_YEAR.match(text):
        year, month = int(m[2]), int(m[1])
    elif (m := _MONTH_YEAR.match(text)) and m[1].lower() in _MONTHS:
        year, month = int(m[2]), _MONTHS[m[1].lower()]
    elif _YEAR.match(text):
        year = int(text)
    if not year:
        return None
    return DateText(trouble="partial" if month <= 12 else "impossible", year=year, month=month)


def _fixed(year: int, month: int, day: int) -> DateText:
    found = _day(year, month, day)
    return DateText({"ymd": found}) if found else DateText(trouble="impossible")


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def impute(year: int, month: int, rule: str) -> dt.date:
    """The day a partial date stands for under the rule `first`, `middle` or `last` of its month or year."""
    if rule == "first":
        return dt.date(year, month or 1, 1)
    if rule == "middle":
        return dt.date(year, month, 15) if month else dt.date(year, 7, 1)
    month = month or 12
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def from_serial(serial: float, *, epoch_1904: bool) -> dt.date:
    """The day of an Excel serial number."""
    start = dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 30)
    return start + dt.timedelta(days=int(serial))
