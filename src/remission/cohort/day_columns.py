"""A column of days: durations since the origin or calendar dates, decided for the whole column, never cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from remission.cohort.dates import DateText, Order, from_serial, impute, read_date_text
from remission.cohort.number_columns import Amount, mapped_text, read_amounts
from remission.cohort.places import count_of
from remission.cohort.raw_column import Key, RawColumn, Typed, Value, fold_findings
from remission.cohort.units import time_unit
from remission.core.days import days_from
from remission.core.findings import Finding, Severity

# Days 20,000 to 80,000 of a spreadsheet are the years 1954 to 2119; nobody is followed that many days
_SERIALS = range(20_000, 80_000)
_YEARS = range(1950, 2051)


def read_days(raw: RawColumn, *, today: dt.date) -> Typed:
    """A column of a `day` field: days (durations) or date ordinals (`Typed.is_date`)."""
    bad, findings = raw.error_cells()
    keys = [
        k for k in raw.distinct if k not in bad and (mapped_text(raw, k[0]) is not None or not raw.is_missing(k[0]))
    ]
    texts = {k: (mapped_text(raw, k[0]) or k[0]).strip() for k in keys}
    serials = [k for k in keys if _is_serial(texts[k])]
    plain = [k for k in keys if _is_plain_number(texts[k])]
    dated = [k for k in keys if k not in set(plain) and read_date_text(texts[k]) is not None]
    years = [k for k in plain if texts[k].isdigit() and len(texts[k]) == 4 and int(texts[k]) in _YEARS]
    all_serials = bool(serials) and len(serials) == len(plain)
    if raw.spec.unit or not (dated or all_serials or (years and raw.spec.partial_dates)):
        values, more = _durations(raw, keys, dated, years)
        findings += more
        return Typed([values.get(key) for key in raw.keys], findings=findings)
    column = _DateColumn(raw, texts, today)
    used = {*dated, *serials, *(years if dated or raw.spec.partial_dates else [])}
    column.read(dated=[k for k in keys if k in used and k not in set(serials)], serials=serials)
    column.hit("mixed", [k for k in keys if k not in used])
    findings += column.findings()
    findings += fold_findings(raw.place, raw.texts(column.days), only_letters=True)
    dates: dict[Key, Value] = {key: day.toordinal() for key, day in column.days.items()}
    return Typed([dates.get(key) for key in raw.keys], is_date=True, findings=findings)


def _is_plain_number(text: str) -> bool:
    plain = text.lstrip("+-")
    return plain.replace(".", "", 1).replace(",", "", 1).isdigit() and not _is_compact_date(plain)


def _is_compact_date(text: str) -> bool:
    return len(text) == 8 and text.isdigit() and read_date_text(text) is not None


def _is_serial(text: str) -> bool:
    head = text.partition(".")[0]
    return head.isdigit() and len(head) == 5 and int(head) in _SERIALS


# ---------------------------------------------------------------- durations


def _durations(
    raw: RawColumn, keys: list[Key], dated: list[Key], years: list[Key]
) -> tuple[dict[Key, Value], list[Finding]]:
    """Amounts of time to days; a date among them, or a column that may be years, is not read."""
    findings: list[Finding] = []
    unread = set(dated)
    if dated:
        rows = raw.rows_with(dated)
        findings.append(
            raw.place.finding(
                "error",
                "mixed-dates",
                f"{count_of(len(rows), 'cell is a date', 'cells are dates')} in a column of durations.",
                rows=rows,
                consequence="Their days are not known.",
                todo="Remove unit from this column if it holds dates, or correct the cells.",
            )
        )
    elif years and len(years) == len(keys) and len(raw.rows_with(years)) > 1 and not raw.spec.unit:
        unread |= set(years)
        findings.append(
            raw.place.finding(
                "error",
                "ambiguous-dates",
                "Every value of this column may be a year or a number of days.",
                rows=raw.rows_with(years),
                consequence="The days are not known.",
                todo='Say unit = "days", or partial_dates = "middle" if they are years.',
            )
        )
    amounts, more = read_amounts(raw, [k for k in keys if k not in unread])
    values, also = _in_days(raw, amounts)
    return values, [*findings, *more, *also]


def _in_days(raw: RawColumn, amounts: dict[Key, Amount]) -> tuple[dict[Key, Value], list[Finding]]:
    """Amounts in their own unit or the column's to whole days."""
    values: dict[Key, Value] = {}
    strange: list[Key] = []
    compared: list[Key] = []
    for key, amount in amounts.items():
        unit = time_unit(amount.text.unit) if amount.text.unit else time_unit(raw.spec.unit or "days")
        if amount.text.comparator:
            compared.append(key)
        elif not unit or amount.is_percent_format:
            strange.append(key)
        else:
            values[key] = days_from(amount.value, unit)
    findings: list[Finding] = []
    if rows := raw.rows_with(strange):
        findings.append(
            raw.place.finding(
                "error",
                "unknown-unit",
                f"{count_of(len(rows), 'cell carries', 'cells carry')} something that is no unit of time.",
                rows=rows,
                consequence="The days are not known.",
                todo="Correct the cells: days, weeks, months or years.",
            )
        )
    if rows := raw.rows_with(compared):
        findings.append(
            raw.place.finding(
                "error",
                "unexpected-comparator",
                f"{count_of(len(rows), 'cell carries', 'cells carry')} < or >, which a day cannot hold.",
                rows=rows,
                consequence="The days are not known.",
                todo="Give the day itself, or leave the cell empty.",
            )
        )
    return values, findings


# ---------------------------------------------------------------- dates

_WORDS: dict[str, tuple[Severity, str, str, str, str]] = {
    "mixed": (
        "error",
        "mixed-dates",
        "{hold} no date, in a column of dates.",
        "Their days are not known.",
        "Correct the cells, or say under missing of this column what their text means.",
    ),
    "impossible": (
        "error",
        "impossible-date",
        "{hold} a day that does not exist.",
        "Their days are not known.",
        "Correct the cells, or the order in dates of this column.",
    ),
    "two-digit-year": (
        "error",
        "two-digit-year",
        "{hold} a year of two digits.",
        "The century is not known.",
        "Write the year with four digits.",
    ),
    "partial": (
        "error",
        "partial-date",
        "{hold} a date without its day.",
        "Their days are not known.",
        'Complete the dates, or say partial_dates = "first", "middle" or "last" for this column.',
    ),
    "imputed": (
        "warning",
        "partial-date",
        "{hold} a date without its day; the {rule} day of the month or year is taken.",
        "Times from these dates are uncertain by weeks or months.",
        "Complete the dates where they are known.",
    ),
    "range": (
        "error",
        "date-out-of-range",
        "{hold} a date before 1900 or more than a year in the future.",
        "Their days are not known.",
        "Correct the cells.",
    ),
    "time": ("note", "time-of-day", "{hold} a time of day.", "It is left out: time is counted in days.", "None."),
    "serial": (
        "warning",
        "excel-serial",
        "{hold} a date as the running number of a spreadsheet program.",
        "They are read as dates ({epoch} date system).",
        "Check one of them against the record; better, format the column as dates.",
    ),
    "ambiguous": (
        "error",
        "ambiguous-dates",
        "No date of this column says whether the day or the month comes first.",
        "The days are not known: a guess could be months off.",
        'Say dates = "dmy" or dates = "mdy" for this column.',
    ),
    "conflicting-dmy": (
        "error",
        "conflicting-dates",
        "Some dates of this column have the day first, others the month: these have the day first.",
        "None of the dates that can be read both ways is known.",
        "Write the dates of this column in one way, best as 2023-01-31.",
    ),
    "conflicting-mdy": (
        "error",
        "conflicting-dates",
        "Some dates of this column have the day first, others the month: these have the month first.",
        "None of the dates that can be read both ways is known.",
        "Write the dates of this column in one way, best as 2023-01-31.",
    ),
}


@dataclass
class _DateColumn:
    """Reads the dates of one column and collects what is wrong with them."""

    raw: RawColumn
    texts: dict[Key, str]
    today: dt.date
    days: dict[Key, dt.date] = field(default_factory=dict)
    hits: dict[str, list[Key]] = field(default_factory=dict)

    def hit(self, rule: str, keys: Iterable[Key]) -> None:
        if found := list(keys):
            self.hits.setdefault(rule, []).extend(found)

    def read(self, *, dated: list[Key], serials: list[Key]) -> None:
        parsed: dict[Key, DateText] = {}
        for key in dated:
            date = read_date_text(self.texts[key])
            if date is not None:
                parsed[key] = date
        order = self._order(parsed)
        for key, date in parsed.items():
            if date.trouble == "partial" and self.raw.spec.partial_dates:
                self.hit("imputed", [key])
                self._keep(key, impute(date.year, date.month, self.raw.spec.partial_dates))
            elif date.trouble:
                self.hit(date.trouble, [key])
            else:
                self._keep_ordered(key, date, order)
            if date.has_time:
                self.hit("time", [key])
        for key in serials:
            self._keep(key, from_serial(float(self.texts[key]), epoch_1904=self.raw.epoch_1904))
        self.hit("serial", serials)

    def _order(self, parsed: dict[Key, DateText]) -> Order | None:
        """Day or month first, from the dates that can be read only one way; None where nothing decides."""
        declared = self.raw.spec.dates
        if declared:
            return declared
        sure: dict[str, list[Key]] = {"dmy": [], "mdy": []}
        for key, date in parsed.items():
            if len(date.by_order) == 1 and (order := next(iter(date.by_order))) != "ymd":
                sure[order].append(key)
        if sure["dmy"] and sure["mdy"]:
            self.hit("conflicting-dmy", sure["dmy"])
            self.hit("conflicting-mdy", sure["mdy"])
            return None
        if not sure["dmy"] and not sure["mdy"]:
            self.hit("ambiguous", [key for key, date in parsed.items() if date.is_open])
            return None
        return "dmy" if sure["dmy"] else "mdy"

    def _keep_ordered(self, key: Key, date: DateText, order: Order | None) -> None:
        choices = set(date.by_order.values())
        if "ymd" in date.by_order or (order is None and len(choices) == 1):
            self._keep(key, choices.pop())
        elif order in date.by_order:
            self._keep(key, date.by_order[order])
        elif order is not None:
            self.hit("impossible", [key])

    def _keep(self, key: Key, day: dt.date) -> None:
        if dt.date(1900, 1, 1) <= day <= self.today + dt.timedelta(days=366):
            self.days[key] = day
        else:
            self.hit("range", [key])

    def findings(self) -> Iterator[Finding]:
        epoch = "1904" if self.raw.epoch_1904 else "1900"
        for rule, keys in self.hits.items():
            severity, name, what, consequence, todo = _WORDS[rule]
            rows = self.raw.rows_with(keys)
            yield self.raw.place.finding(
                severity,
                name,
                what.format(hold=count_of(len(rows), "cell holds", "cells hold"), rule=self.raw.spec.partial_dates),
                rows=rows,
                consequence=consequence.format(epoch=epoch),
                todo=todo,
            )
