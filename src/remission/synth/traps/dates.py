"""Dates written otherwise, in part, impossibly or in two ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from remission.synth.mess import Mess, NoPlaceError, Row, Spot, Value
from remission.synth.traps.trap import Trap, change, has

_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SURE = 13  # from this day of the month on nothing can be taken for a month


def _rewrite(sheet: str, field: str, new: Callable[[dt.date], Value]) -> Callable[[Mess], list[Spot]]:
    """The same day, written otherwise."""
    return change(sheet, field, lambda r: new(r.date(field)), has(field), takes=False)


def _spoil(
    sheet: str, field: str, new: Callable[[dt.date], Value], where: Callable[[Row], bool] | None = None
) -> Callable[[Mess], list[Spot]]:
    """The day is lost, and nothing else hangs on it."""
    return change(sheet, field, lambda r: new(r.date(field)), where or has(field), takes=False)


def _day_first(mess: Mess) -> list[Spot]:
    def is_sure(row: Row) -> bool:
        return row["day"] is not None and row.date("day").day >= _SURE

    return change("Marrow", "day", lambda r: f"{r.date('day'):%d.%m.%Y}", is_sure, takes=False)(mess)


def _count_from_1904(mess: Mess) -> list[Spot]:
    mess.is_1904 = True
    return [Spot(mess.pages["Patients"], None)]


def _serial(row: Row) -> int:
    """The running number of the date in the workbook it stands in."""
    return (row.date("day") - (_EPOCH_1904 if row.mess.is_1904 else _EPOCH)).days


def _two_orders(mess: Mess) -> list[Spot]:
    """One date with the day first and one with the month first."""

    def is_sure(row: Row) -> bool:
        return row["day"] is not None and row.date("day").day >= _SURE

    first = change("Laboratory", "day", lambda r: f"{r.date('day'):%d/%m/%Y}", is_sure, takes=False)(mess)
    return [*first, *change("Laboratory", "day", lambda r: f"{r.date('day'):%m/%d/%Y}", is_sure, takes=False)(mess)]


def _undecided(mess: Mess) -> list[Spot]:
    """Dates that may be read both ways, and none that decides."""

    def is_open(row: Row) -> bool:
        date = row["end_day"]
        return isinstance(date, dt.date) and date.day < _SURE and date.day != date.month

    plant = change("Adverse events", "end_day", lambda r: f"{r.date('end_day'):%d/%m/%Y}", is_open, takes=False)
    spots = plant(mess)
    for _ in range(2):
        try:
            spots += plant(mess)
        except NoPlaceError:
            break
    return spots


DATES = (
    Trap("day-first", "reading", "text-date", "A date stands as text with the day first.", _day_first),
    Trap(
        "chinese-date",
        "reading",
        "text-date",
        "A date is written in Chinese.",
        _rewrite("Therapies", "start_day", lambda d: f"{d.year}\u5e74{d.month}\u6708{d.day}\u65e5"),
    ),
    Trap(
        "month-in-letters",
        "reading",
        "text-date",
        "A date is text with its month in letters.",
        _rewrite("Infusions", "end_day", lambda d: f"{d.day} {_MONTHS[d.month - 1]} {d.year}"),
    ),
    Trap(
        "serial-date",
        "reading",
        "excel-serial",
        "A date shows as the running number of a spreadsheet program.",
        change("Laboratory", "day", _serial, has("day"), takes=False),
    ),
    Trap(
        "epoch-1904",
        "reading",
        "",
        "The workbook counts its dates from 1904, as old Macintosh files do.",
        _count_from_1904,
        order=0,
    ),
    Trap(
        "time-of-day",
        "reading",
        "time-of-day",
        "A date has a time of day.",
        _rewrite("Adverse events", "start_day", lambda d: dt.datetime(d.year, d.month, d.day, 10, 30)),
    ),
    Trap(
        "impossible-date",
        "stop",
        "impossible-date",
        "A day does not exist.",
        change("Infusions", "end_day", lambda r: f"31.02.{r.date('end_day').year}", has("end_day")),
    ),
    Trap(
        "two-digit-year",
        "stop",
        "two-digit-year",
        "A year has two digits.",
        _spoil("Adverse events", "start_day", lambda d: f"{d:%d.%m.%y}"),
    ),
    Trap(
        "partial-date",
        "stop",
        "partial-date",
        "A date lacks its day.",
        _spoil("Patients", "diagnosis_day", lambda d: f"{d:%Y-%m}"),
    ),
    Trap(
        "date-out-of-range",
        "stop",
        "date-out-of-range",
        "A year is a century too late.",
        _spoil("Marrow", "day", lambda d: d.replace(year=d.year + 180, day=min(d.day, 28))),
    ),
    Trap(
        "no-date",
        "stop",
        "mixed-dates",
        "A cell of a column of dates holds none.",
        _spoil("Outcomes", "remission_day", lambda _: "after the second course"),
    ),
    Trap("two-orders", "stop", "conflicting-dates", "Some dates have the day first, others the month.", _two_orders),
    Trap(
        "undecided-order",
        "stop",
        "ambiguous-dates",
        "Dates may be read with the day or with the month first.",
        _undecided,
    ),
)
