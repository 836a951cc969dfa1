"""How far MRD fell: the log10 of the last value before treatment over each later one."""

from __future__ import annotations

import math
from dataclasses import replace

from remission.cohort.table import Cohort, Scalar, Table

FIELD = "mrd_log_reduction"


def with_log_reduction(cohort: Cohort) -> Cohort:
    """The cohort with `marrow.mrd_log_reduction` wherever it can be computed and is not recorded.

    Before treatment is a visit "before" or a day up to 0; the last such value counts, and must be a number above 0. A
    later value below detection, "<0.01", gives a reduction of at least so much: ">3.2". A value of 0 is not a
    measurement and gives none. The cell behind a reduction is that of the later MRD.
    """
    marrow = cohort.tables["marrow"]
    if ("marrow", "mrd_percent") not in cohort.recorded:
        return cohort
    values, signs = _column(marrow, FIELD), _column(marrow, f"{FIELD}_sign", "")
    cells, moved, made = dict(marrow.cells), dict(marrow.moved), False
    before = _before(marrow)
    for i, patient in enumerate(marrow.columns["patient"]):
        start = before.get(str(patient))
        if start is None or values[i] is not None or _is_before(marrow, i):
            continue
        value, sign = _mrd(marrow, i)
        if value is None or value <= 0 or sign == ">":
            continue
        values[i], signs[i], made = math.log10(start / value), ">" if sign == "<" else "", True
        place = (marrow.source[i], marrow.record[i])
        if (i, "mrd_percent") in marrow.moved:
            moved[i, FIELD] = marrow.moved[i, "mrd_percent"]
        elif (*place, "mrd_percent") in marrow.cells:
            cells.setdefault((*place, FIELD), marrow.cells[*place, "mrd_percent"])
    if not made:
        return cohort
    columns = {**marrow.columns, FIELD: values, f"{FIELD}_sign": signs}
    tables = {**cohort.tables, "marrow": replace(marrow, columns=columns, cells=cells, moved=moved)}
    return replace(cohort, tables=tables, recorded=cohort.recorded | {("marrow", FIELD)})


def _before(marrow: Table) -> dict[str, float]:
    """Patient -> the last exact value before treatment; records without a day come before those with one."""
    found: dict[str, tuple[float, float]] = {}
    for i, patient in enumerate(marrow.columns["patient"]):
        value, sign = _mrd(marrow, i)
        if value is None or value <= 0 or sign or not _is_before(marrow, i):
            continue
        day = _day(marrow, i)
        when = -math.inf if day is None else day
        if str(patient) not in found or when >= found[str(patient)][0]:
            found[str(patient)] = (when, value)
    return {patient: value for patient, (_, value) in found.items()}


def _is_before(marrow: Table, i: int) -> bool:
    day = _day(marrow, i)
    return _column(marrow, "visit")[i] == "before" or (day is not None and day <= 0)


def _day(marrow: Table, i: int) -> float | None:
    day = _column(marrow, "day")[i]
    return None if day is None else float(day)


def _mrd(marrow: Table, i: int) -> tuple[float | None, str]:
    value = _column(marrow, "mrd_percent")[i]
    return (None if value is None else float(value)), str(_column(marrow, "mrd_percent_sign", "")[i] or "")


def _column(marrow: Table, name: str, missing: Scalar = None) -> list[Scalar]:
    found = marrow.columns.get(name)
    return list(found) if found else [missing] * len(marrow)
