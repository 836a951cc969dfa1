"""Last days: death and last contact from the follow-up and the state, and the day of data cut-off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from remission.cohort.places import Place, count_of
from remission.cohort.records import TableBuilder
from remission.cohort.table import Address, SourceInfo
from remission.core.findings import Finding

_BY_STATUS = {"dead": "death_day", "alive": "last_contact_day"}


def fill_last_days(
    outcomes: TableBuilder, infos: Sequence[SourceInfo], recorded: set[tuple[str, str]]
) -> list[Finding]:
    """Follow-up means the day of death of the dead and of the last contact of the living; each is filled where empty.

    A value of a column of its own stays. Patients with a follow-up and no state get neither, and are listed.
    """
    if ("outcomes", "follow_up_day") not in recorded or ("outcomes", "status") not in recorded:
        return []
    columns = outcomes.columns
    without: dict[tuple[str, str, str, str], list[int]] = {}
    for at, days in enumerate(columns["follow_up_day"]):
        if days is None:
            continue
        cell = _cell(outcomes, infos, at)
        name = _BY_STATUS.get(str(columns["status"][at]))
        if name is None:
            without.setdefault((cell.file, cell.sheet, cell.column, cell.header), []).append(cell.row)
        elif columns[name][at] is None:
            columns[name][at] = days
            outcomes.moved[at, name] = cell
    recorded.update(("outcomes", name) for name in _BY_STATUS.values())
    return [
        Place(*place).finding(
            "warning",
            "follow-up-without-status",
            f"{count_of(len(rows), 'patient has', 'patients have')} a follow-up but no state at its end.",
            rows=rows,
            consequence="Neither a death nor a last contact is known for them.",
            todo="Fill in whether they are alive or dead.",
        )
        for place, rows in without.items()
    ]


def _cell(outcomes: TableBuilder, infos: Sequence[SourceInfo], at: int) -> Address:
    """The cell of a follow-up."""
    if (moved := outcomes.moved.get((at, "follow_up_day"))) is not None:
        return moved
    index = outcomes.source[at]
    column, header = outcomes.cells.get((index, outcomes.record[at], "follow_up_day"), ("", ""))
    return Address(infos[index].file, infos[index].sheet, outcomes.row[at], column, header)


def fill_cutoff(
    patients: TableBuilder, cutoff: dt.date | None, origins: Mapping[str, int], recorded: set[tuple[str, str]]
) -> None:
    """The day of data cut-off of every patient whose origin date is known and who has none of his own."""
    if cutoff is None or not origins:
        return
    days = patients.columns["cutoff_day"]
    for at, patient in enumerate(patients.columns["patient"]):
        start = origins.get(str(patient))
        if start is not None and days[at] is None:
            days[at] = cutoff.toordinal() - start
    recorded.add(("patients", "cutoff_day"))
