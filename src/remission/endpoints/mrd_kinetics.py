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
    records = _Records(marrow)
    values, signs = list(_column(marrow, FIELD)), list(_column(marrow, f"{FIELD}_sign", ""))
    cells, moved, made = dict(marrow.cells), dict(marrow.moved), False
    before = records.before()
    for i, patient in enumerate(marrow.columns["patient"]):
        start, value, sign = before.get(str(patient)), records.mrd[i], records.sign[i]
        if start is None or values[i] is not None or value is None or records.is_before(i):
            continue
        if value <= 0 or sign == ">":
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


class _Records:
    """The columns of the marrow that are looked at, record by record."""

    def __init__(self, marrow: Table) -> None:
        self.patient = [str(p) for p in marrow.columns["patient"]]
        self.mrd = [None if v is None else float(v) for v in _column(marrow, "mrd_percent")]
        self.sign = [str(s or "") for s in _column(marrow, "mrd_percent_sign", "")]
        self.day = [None if d is None else float(d) for d in _column(marrow, "day")]
        self.visit = _column(marrow, "visit")

    def is_before(self, i: int) -> bool:
        """Whether a record is from before the treatment."""
        day = self.day[i]
        return self.visit[i] == "before" or (day is not None and day <= 0)

    def before(self) -> dict[str, float]:
        """Patient -> the last exact value before treatment; records without a day come before those with one."""
        found: dict[str, tuple[float, float]] = {}
        for i, patient in enumerate(self.patient):
            value, day = self.mrd[i], self.day[i]
            if value is None or value <= 0 or self.sign[i] or not self.is_before(i):
                continue
            when = -math.inf if day is None else day
            if patient not in found or when >= found[patient][0]:
                found[patient] = (when, value)
        return {patient: value for patient, (_, value) in found.items()}


def _column(marrow: Table, name: str, missing: Scalar = None) -> list[Scalar]:
    return marrow.columns.get(name) or [missing] * len(marrow)
