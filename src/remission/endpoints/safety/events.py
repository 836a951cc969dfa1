"""The adverse events of a cohort, each under its preferred name and with the row it was recorded in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from remission.cohort.table import Table
from remission.core.errors import DataError
from remission.endpoints.safety.terms import name_term

FATAL = 5


@dataclass(frozen=True)
class AdverseEvent:
    """One recorded event.

    Args: term: preferred name.  group: "" where the dictionary does not know the term.  grade: 0 to 5, None where not
    recorded; 0 is the absence of the event, written down.  start_day, end_day: days since the patient's origin.
    row: index of the record in the table adverse_events.
    Raises: DataError `unknown-grade`.
    """

    patient: str
    term: str
    grade: int | None = None
    group: str = ""
    start_day: int | None = None
    end_day: int | None = None
    cycle: int | None = None
    row: int | None = None

    def __post_init__(self) -> None:
        if self.grade is not None and not 0 <= self.grade <= FATAL:
            raise DataError(
                what="The grade of an adverse event is not one.",
                code="unknown-grade",
                where="" if self.row is None else f"record {self.row + 1} of the adverse events",
                expected="a whole number 0 to 5",
                todo="Correct the grade, or leave it empty.",
            )


def read_events(table: Table, patients: Iterable[str]) -> tuple[AdverseEvent, ...]:
    """The events of some patients from the cohort table adverse_events, in its order; rows without a term are none.

    A grade or cycle that is not a whole number is none.
    """
    wanted = set(patients)
    made = []
    for i, (patient, term) in enumerate(zip(table.columns["patient"], table.columns["term"], strict=True)):
        if term is None or str(patient) not in wanted:
            continue
        named = name_term(str(term))
        whole = {
            name: None if (v := table.columns[name][i]) is None or float(v) % 1 else int(v)
            for name in ("grade", "start_day", "end_day", "cycle")
        }
        made.append(AdverseEvent(str(patient), named.name, group=named.group, row=i, **whole))
    return tuple(made)
