"""The cells of one REDCap variable: labels for codes, yes or no for boxes, and values outside the allowed range."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from remission.cohort.fold import code_key
from remission.cohort.forms.dictionary import CHOOSING, Variable
from remission.cohort.places import Place, count_of
from remission.core.findings import Finding

_TICKED = {"1": "yes", "checked": "yes", "0": "no", "unchecked": "no"}
_COMPLETE = ("2", "complete")


@dataclass(frozen=True)
class Cells:
    """One column of an export. texts: by row, the header at 0.  rows: 1-based, those of this sheet.

    complete: row by row how far its form was filled in; None where the export does not say.
    """

    place: Place
    header: str
    variable: Variable | None
    rows: Sequence[int]
    texts: Sequence[str]
    complete: Sequence[str] | None

    @property
    def at(self) -> Place:
        return replace(self.place, column=self.header, header=self.header)


def read_cells(cells: Cells) -> tuple[list[str], list[Finding]]:
    """The texts of the column as they are read, blank outside the sheet, and what is doubtful about them."""
    variable = cells.variable
    if variable is None:
        return _placed(cells, cells.texts), []
    if variable.type == "checkbox":
        return _read_boxes(cells)
    if variable.type in CHOOSING:
        return _read_choices(cells, variable)
    return _placed(cells, cells.texts), list(_outside(cells, variable))


def _placed(cells: Cells, texts: Sequence[str]) -> list[str]:
    made = [""] * len(texts)
    for row in cells.rows:
        made[row - 1] = texts[row - 1]
    return made


def _read_choices(cells: Cells, variable: Variable) -> tuple[list[str], list[Finding]]:
    labels = {label.casefold(): label for label in variable.choices.values()}
    made, unknown = list(cells.texts), []
    for row in cells.rows:
        text = cells.texts[row - 1].strip()
        found = variable.choices.get(text) or labels.get(text.casefold())
        made[row - 1] = found or text
        if text and not found:
            unknown.append(row)
    if not unknown:
        return _placed(cells, made), []
    return _placed(cells, made), [
        cells.at.finding(
            "error",
            "redcap-unknown-choice",
            f"{count_of(len(unknown), 'cell holds', 'cells hold')} a code that is none of the choices.",
            rows=unknown,
            consequence="It stays as it is written.",
            todo="Use the data dictionary that belongs to this export, or correct the cells.",
        )
    ]


def _read_boxes(cells: Cells) -> tuple[list[str], list[Finding]]:
    """A ticked box says yes. An unticked one says no only where its form is complete: else nobody may have looked."""
    made, open_ = list(cells.texts), []
    for row in cells.rows:
        said = _TICKED.get(code_key(cells.texts[row - 1]), cells.texts[row - 1].strip())
        done = cells.complete is not None and cells.complete[row - 1].strip().casefold() in _COMPLETE
        if said == "no" and not done:
            open_.append(row)
            said = ""
        made[row - 1] = said
    if not open_:
        return _placed(cells, made), []
    return _placed(cells, made), [
        cells.at.finding(
            "warning",
            "unticked-box",
            f"{count_of(len(open_), 'box is', 'boxes are')} unticked on forms that are not marked as complete.",
            rows=open_,
            consequence='They count as not recorded, not as "no".',
            todo="Mark the forms as complete where somebody looked."
            if cells.complete is not None
            else "Export the status of the forms too.",
        )
    ]


def _outside(cells: Cells, variable: Variable) -> Iterator[Finding]:
    """Values outside the range the project itself allows."""
    low, high = _amount(variable.low), _amount(variable.high)
    rows = []
    for row in cells.rows:
        value = _amount(cells.texts[row - 1])
        if value is None:
            continue
        if (low is not None and _is_less(value, low)) or (high is not None and _is_less(high, value)):
            rows.append(row)
    if rows:
        yield cells.at.finding(
            "warning",
            "redcap-range",
            f"{count_of(len(rows), 'value is', 'values are')} outside the range that the data dictionary allows.",
            rows=rows,
            consequence="They are read as they stand.",
            todo="Compare them with the record.",
        )


def _is_less(a: float | dt.date, b: float | dt.date) -> bool:
    """Whether a is below b; a date and a number cannot be compared."""
    if isinstance(a, dt.date) and isinstance(b, dt.date):
        return a < b
    return isinstance(a, float) and isinstance(b, float) and a < b


def _amount(text: str) -> float | dt.date | None:
    """A number or an ISO date, as exports write them; None for anything else."""
    plain = text.strip()
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        pass
    try:
        return dt.date.fromisoformat(plain[:10])
    except ValueError:
        return None
