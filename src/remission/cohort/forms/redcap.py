"""A REDCap export, taken apart by its data dictionary: one sheet for the records, one for each repeating instrument.

Every cell keeps its row and its variable, so that a finding points into the export itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from remission.cohort.fold import header_key
from remission.cohort.forms.dictionary import Dictionary, Variable, read_dictionary
from remission.cohort.forms.redcap_values import Cells, read_cells
from remission.cohort.ledger import Ledger, read_ledger
from remission.cohort.places import Place, count_of
from remission.core.errors import FileError, ProtocolError
from remission.core.findings import Finding
from remission.core.settings import nearest

EVENT, INSTRUMENT, INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
_ADMINISTRATION = (INSTRUMENT, INSTANCE, "redcap_survey_identifier", "redcap_data_access_group")


@dataclass(frozen=True)
class Export:
    """The export as it stands. names: the variable of each column, "" where none.  of_row: the sheet of each row."""

    ledger: Ledger
    dictionary: Dictionary
    headers: tuple[str, ...]
    of_row: tuple[str, ...]

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """The record sheet or the events, then the repeating instruments, in order of appearance."""
        found = dict.fromkeys(self.of_row)
        return tuple(sorted(found, key=lambda name: name in self.dictionary.forms))

    def column(self, name: str) -> list[str]:
        """The cells of a column below the header; blank where the export has none of that name."""
        if name not in self.headers:
            return [""] * (self.ledger.n_rows - 1)
        return self.ledger.grid.columns[self.headers.index(name)][1:]


def read_export(path: Path, dictionary: Path, *, encoding: str = "", delimiter: str = "") -> Export:
    """Read an export and its dictionary.

    Raises: FileError `redcap-labels` where the columns are not named by variables, and those of reading.
    """
    known = read_dictionary(dictionary)
    ledger = read_ledger(path, encoding=encoding, delimiter=delimiter)
    headers = tuple(column[0].strip() for column in ledger.grid.columns)
    if known.record_id not in headers:
        raise FileError(
            what=f"{path.name} has no column {known.record_id}, which names the record in the data dictionary.",
            code="redcap-labels",
            where=path.name,
            expected="an export whose columns are named by variables (raw data)",
            todo="Export the data again as CSV (raw data), or name the dictionary that belongs to it.",
        )
    export = Export(ledger, known, headers, ())
    return replace(export, of_row=tuple(_sheet_of_rows(export)))


def _sheet_of_rows(export: Export) -> Iterator[str]:
    """The sheet each row below the header belongs to: an instrument, else an event where there are several, else ""."""
    instruments = {header_key(form): form for form in export.dictionary.forms}
    events = export.column(EVENT)
    several = len({event for event in events if event.strip()}) > 1
    for instrument, event in zip(export.column(INSTRUMENT), events, strict=True):
        if instrument.strip():
            yield instruments.get(header_key(instrument), instrument.strip())
        else:
            yield event.strip() if several else ""


def redcap_sheet(export: Export, sheet: str, keep: Mapping[str, str]) -> Ledger:
    """One sheet of an export, with labels for codes and yes, no or nothing for boxes.

    Args: sheet: "" for the records, else a repeating instrument or an event.  keep: identifiers carried on, with the
    reason.
    Raises: ProtocolError `no-sheet`.
    """
    if sheet not in export.sheets:
        near = nearest(sheet, export.sheets)
        file = export.ledger.file
        raise ProtocolError(
            what=f"study.toml: {file} has no instrument or event {sheet or 'outside its events'}.",
            code="no-sheet",
            where=file,
            expected="one of " + ", ".join(name or "no sheet at all" for name in export.sheets),
            todo=f"Did you mean {near}?" if near else "Correct sheet in study.toml.",
        )
    return _sheet_of(export, sheet, keep)


def _sheet_of(export: Export, sheet: str, keep: Mapping[str, str]) -> Ledger:
    """One sheet of an export that was read; the rows of the others are blank in it."""
    rows = [row for row, name in enumerate(export.of_row, 2) if name == sheet]
    place = Place(export.ledger.file)
    findings: list[Finding] = [*export.ledger.findings]
    columns: list[list[str]] = []
    aside = [h for h in export.headers if h in _ADMINISTRATION or _is_of_a_form(h, export.dictionary)]
    if aside:
        findings.append(_set_aside(place, aside))
    for header in export.headers:
        variable = variable_of(header, export.dictionary)
        if header in aside or not _belongs(export, header, variable, sheet, rows):
            continue
        if variable and variable.is_identifier:
            reason = keep.get(header, "").strip()
            is_id = header == export.dictionary.record_id
            findings.append(_identifier(place, header, is_id=is_id, reason=reason))
            if not is_id and not reason:
                continue
        cells = Cells(place, header, variable, rows, ["", *export.column(header)], _complete(export, variable))
        texts, found = read_cells(cells)
        findings += found
        columns.append([header, *texts[1:]])
    grid = replace(
        export.ledger.grid,
        columns=columns,
        types=["t" * export.ledger.n_rows] * len(columns),
        findings=tuple(findings),
        elsewhere=frozenset(range(2, export.ledger.n_rows + 1)) - set(rows),
    )
    return Ledger(export.ledger.file, export.ledger.sha256, grid)


def variable_of(header: str, dictionary: Dictionary) -> Variable | None:
    """The variable a column of the export holds; of a box "stem___code" that of the stem."""
    return dictionary.variables.get(header) or dictionary.variables.get(header.partition("___")[0])


def _belongs(export: Export, header: str, variable: Variable | None, sheet: str, rows: list[int]) -> bool:
    """Whether a column is one of this sheet: its form's, or filled in its rows."""
    if header == export.dictionary.record_id:
        return True
    cells = export.column(header)
    filled = any(cells[row - 2].strip() for row in rows)
    if header == EVENT or variable is None or variable.form in export.sheets or "" not in export.sheets:
        own = variable is not None and variable.form == sheet
        # an unticked box is written as 0 in the rows of other forms too
        is_box = variable is not None and variable.type == "checkbox" and variable.form in export.sheets
        return own or (filled and not is_box)
    return sheet == ""


def _is_of_a_form(header: str, dictionary: Dictionary) -> bool:
    """Whether a column says when a form was filled in, or how far."""
    stem, _, ending = header.rpartition("_")
    return ending in ("complete", "timestamp") and stem in dictionary.forms


def _complete(export: Export, variable: Variable | None) -> list[str] | None:
    """Row by row how far the form of a variable was filled in; None where the export does not say."""
    name = f"{variable.form}_complete" if variable else ""
    return ["", *export.column(name)] if name in export.headers else None


def _set_aside(place: Place, headers: list[str]) -> Finding:
    return place.finding(
        "note",
        "redcap-administration",
        f"{count_of(len(headers), 'column tells', 'columns tell')} how the project is kept: {', '.join(headers)}.",
        consequence="They say which row belongs where and which form is complete, and are not read as data.",
        todo="Nothing.",
    )


def _identifier(place: Place, header: str, *, is_id: bool, reason: str) -> Finding:
    at = replace(place, column=header, header=header)
    if is_id:
        return at.finding(
            "warning",
            "identifier-as-id",
            "The data dictionary marks the record's own number as an identifier.",
            consequence="It names the patients everywhere in this study.",
            todo="If it is a hospital's number, replace it by a study number.",
        )
    return at.finding(
        "warning" if reason else "note",
        "redcap-identifier",
        "The data dictionary marks this variable as an identifier.",
        consequence="It is carried on, as [privacy] says." if reason else "It is not read.",
        todo="Nothing." if reason else "Nothing; better, export the data without identifiers.",
    )
