"""Engraftment from daily counts after a graft; a day that a hospital recorded is taken as given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Literal

from remission.core.errors import DataError

Status = Literal["derived", "taken as given", "not reached", "never below", "not derivable"]


@dataclass(frozen=True)
class CountOnDay:
    """A blood count. day: since the graft; count: x 10^9/L, None where not recorded; row: of the record."""

    day: int
    count: float | None
    row: int | None = None


@dataclass(frozen=True)
class EngraftmentRule:
    """threshold: x 10^9/L, reached exactly is reached. days: recorded days in a row. after_nadir: only after a count
    below the threshold, because before it the counts are the patient's own from before the conditioning worked."""

    lineage: str
    threshold: float
    days: int
    untransfused: bool
    after_nadir: bool = True


NEUTROPHILS = EngraftmentRule("neutrophils", 0.5, 3, untransfused=False)
PLATELETS = EngraftmentRule("platelets", 20.0, 7, untransfused=True)


@dataclass(frozen=True)
class Engraftment:
    """The day of engraftment of one lineage.

    Args: day: days after the graft, None where there is none.  used_days, rows: the counts it rests on.  gaps: calendar
    days between them on which no count is recorded, as (first, last).  reason: why there is no day.
    """

    lineage: str
    status: Status
    day: int | None
    used_days: tuple[int, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    reason: str = ""
    rows: tuple[int, ...] = ()


def derive_engraftment(
    rule: EngraftmentRule,
    counts: Iterable[CountOnDay],
    *,
    given_day: int | None = None,
    given_row: int | None = None,
    transfusion_days: Iterable[int] | None = None,
) -> Engraftment:
    """First of `rule.days` recorded days in a row at or above the threshold, after the counts had fallen below it.

    Args: counts: in any order; days before the graft are left out; of several counts on a day the lowest counts.
    given_day: recorded by the hospital: taken as it is.  transfusion_days: days of platelet transfusions, empty where
    there were none, None where they are not recorded (the platelets are then not derivable).
    Conventions: days without a count between two that are used do not break the row; they are named in `gaps`.
    Raises: DataError `negative-count`.
    Source: the definitions of Xie 2023.  Checked: tests/by_hand/test_engraftment.py.
    """
    if given_day is not None:
        rows = () if given_row is None else (given_row,)
        return Engraftment(rule.lineage, "taken as given", given_day, (given_day,), rows=rows)
    if rule.untransfused and transfusion_days is None:
        return Engraftment(rule.lineage, "not derivable", None, reason="transfusions are not recorded")
    lowest = _lowest_of_days(counts)
    if not lowest:
        return Engraftment(rule.lineage, "not derivable", None, reason="no count after the graft is recorded")
    transfused = set(transfusion_days or ())
    nadir = next((d for d, c in lowest.items() if (c.count or 0.0) < rule.threshold), None)
    if rule.after_nadir and nadir is None:
        return Engraftment(rule.lineage, "never below", None, reason="no recorded count was below the threshold")
    after = (
        list(lowest.values()) if nadir is None or not rule.after_nadir else [c for d, c in lowest.items() if d > nadir]
    )
    run = _first_run(rule, after, transfused)
    if run is None:
        reason = f"no {rule.days} recorded days in a row at or above the threshold"
        return Engraftment(rule.lineage, "not reached", None, reason=reason, rows=_rows(lowest.values()))
    days = tuple(c.day for c in run)
    gaps = tuple((a + 1, b - 1) for a, b in pairwise(days) if b - a > 1)
    return Engraftment(rule.lineage, "derived", days[0], days, gaps, rows=_rows(run))


def _lowest_of_days(counts: Iterable[CountOnDay]) -> dict[int, CountOnDay]:
    """Day -> its lowest recorded count, from the day of the graft on, in order."""
    lowest: dict[int, CountOnDay] = {}
    for one in counts:
        if one.count is not None and not (isfinite(one.count) and one.count >= 0):
            raise DataError(what="A blood count is not one.", code="negative-count", expected="a number from 0")
        if one.count is None or one.day < 0:
            continue
        if one.day not in lowest or one.count < (lowest[one.day].count or 0.0):
            lowest[one.day] = one
    return dict(sorted(lowest.items()))


def _first_run(rule: EngraftmentRule, counts: list[CountOnDay], transfused: set[int]) -> list[CountOnDay] | None:
    """The first counts in a row that fulfil the rule; a transfusion on any day from the first to the last breaks it."""
    for start in range(len(counts) - rule.days + 1):
        run = counts[start : start + rule.days]
        span = range(run[0].day, run[-1].day + 1)
        if all((c.count or 0.0) >= rule.threshold for c in run) and not transfused & set(span):
            return run
    return None


def _rows(counts: Iterable[CountOnDay]) -> tuple[int, ...]:
    return tuple(c.row for c in counts if c.row is not None)
