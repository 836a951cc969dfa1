"""Units a cell, a column or study.toml may name, and what one is in the unit of the field."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from remission.cohort.fold import fold_text
from remission.core.days import DAYS_PER

_TIME_WORDS = {
    "days": "d|day|days|天|日|tag|tage|tagen|jour|jours|j|día|días|dia|dias",
    "weeks": "w|wk|wks|week|weeks|周|星期|woche|wochen|semaine|semaines|sem|semana|semanas",
    "months": "m|mo|mos|mth|mths|month|months|月|个月|monat|monate|monaten|mois|mes|meses",
    "years": "y|yr|yrs|year|years|a|年|岁|周岁|jahr|jahre|jahren|an|ans|année|années|año|años",
}
_TIMES = {word: unit for unit, words in _TIME_WORDS.items() for word in words.split("|")}
_PERCENT = {
    "%": "1", "percent": "1", "per cent": "1", "prozent": "1", "fraction": "100", "proportion": "100", "ratio": "100",
    "‰": "0.1", "10^-2": "1", "10^-3": "0.1", "10^-4": "0.01", "10^-5": "0.001", "10^-6": "0.0001", "ppm": "0.0001",
}  # fmt: skip
_MASS_PER_VOLUME = {"g/l": "1", "g/dl": "10", "g/100ml": "10", "mg/ml": "1", "mg/l": "0.001", "mg/dl": "0.01"}
_CELLS_PER_VOLUME = {
    "10^9/l": "1", "g/l": "1", "gpt/l": "1", "10^3/ul": "1", "10^3/mm^3": "1", "10^3/mm3": "1", "k/ul": "1",
    "tsd/ul": "1", "1000/ul": "1", "/nl": "1", "1/nl": "1", "10^4/ul": "10", "10^6/ml": "1", "10^6/l": "0.001",
    "/ul": "0.001", "1/ul": "0.001", "cells/ul": "0.001", "/mm3": "0.001", "/mm^3": "0.001", "cells/mm3": "0.001",
}  # fmt: skip
_FACTORS: dict[str, dict[str, str]] = {
    "%": _PERCENT,
    "g/L": _MASS_PER_VOLUME,
    "10^9/L": _CELLS_PER_VOLUME,
    "kg": {"kg": "1", "g": "0.001", "lb": "0.45359237", "lbs": "0.45359237", "千克": "1", "公斤": "1", "斤": "0.5"},
    "cm": {"cm": "1", "m": "100", "mm": "0.1", "in": "2.54", "inch": "2.54", "厘米": "1"},
    "µg/day": {"ug/day": "1", "ug/d": "1", "mg/day": "1000", "mg/d": "1000", "ug/24h": "1", "ug": "1"},
}


def time_unit(text: str) -> str:
    """ "days", "weeks", "months", "years", or "" where the text is no unit of time."""
    return _TIMES.get(_plain(text), "")


@cache
def factor(unit: str, field_unit: str) -> Decimal | None:
    """By what a number in `unit` is multiplied to be in `field_unit`; None where the two cannot be converted."""
    plain = _plain(unit)
    if plain == _plain(field_unit):
        return Decimal(1)
    own_time, field_time = _TIMES.get(plain), _TIMES.get(_plain(field_unit.split(" ")[0]))
    if own_time and field_time:
        return DAYS_PER[own_time] / DAYS_PER[field_time]
    found = _FACTORS.get(field_unit, {}).get(plain)
    return Decimal(found) if found else None


def known_units(field_unit: str) -> str:
    """The units a field understands, for an error message."""
    if _TIMES.get(_plain(field_unit.split(" ")[0])):
        return ", ".join(DAYS_PER)
    return ", ".join(_FACTORS.get(field_unit, {})) or field_unit or "none"


def unit_in_header(header: str, field_unit: str) -> str:
    """A unit at the end of a header ("Hb (g/dL)", "Age, months") that the field could be converted from, or ""."""
    tail = fold_text(header)[0].rstrip(" )]")
    for mark in ("(", "[", ",", ":", "_"):
        head, found, candidate = tail.rpartition(mark)
        # one letter may be anything ("ALL: B"); one Chinese character is a unit (月, 周, 天)
        is_word = len(_plain(candidate)) > 1 or not candidate.strip().isascii()
        if found and head and is_word and factor(candidate, field_unit) is not None:
            return candidate.strip()
    return ""


@cache
def _plain(text: str) -> str:
    """A unit without case, spaces, brackets and its several ways to write micro and times."""
    plain = fold_text(text.strip().strip("()[]"))[0].casefold().strip("()[] ")
    plain = plain.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789") | {ord("µ"): "u", ord("μ"): "u"})
    plain = plain.replace("mcg", "ug").replace("**", "^").replace("×", "x").replace(" ", "")
    plain = plain.lstrip("x*") if plain[:1] in "x*" and plain[1:3] == "10" else plain
    if plain[:2] == "10" and len(plain) > 2 and plain[2] in "e-3456789" and not plain.startswith("1000"):
        plain = "10^" + plain[2:].lstrip("e")
    if plain[:2] == "1e":
        plain = "10^" + plain[2:]
    return plain
