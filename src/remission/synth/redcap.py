"""A ward as REDCap exports it: one data file with repeating instruments, and the data dictionary that explains it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from remission.cohort.schema import FieldSpec, load_schema
from remission.synth.sheets import SHEETS, Cell, Sheet
from remission.synth.ward import Ward

DATA, DICTIONARY = "synthetic_redcap_data.csv", "synthetic_redcap_dictionary.csv"
_DICTIONARY_HEADER = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip
_COMPLETE = 2  # REDCap's code of a form that was finished


def write_redcap(folder: Path, wards: Iterable[Ward], total: int) -> list[Path]:
    """Write both files. Patients and outcomes stand in the patient's own row, everything else in repeated rows."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_dictionary(folder / DICTIONARY)
    single = [s for s in SHEETS if not _is_many(s)]
    many = [s for s in SHEETS if _is_many(s)]
    names = [
        "record_id", "redcap_repeat_instrument", "redcap_repeat_instance",
        *(name for sheet in (*single, *many) for name in [*_names(sheet), f"{_form(sheet)}_complete"]),
    ]  # fmt: skip
    with (folder / DATA).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, names, restval="", lineterminator="\n")
        writer.writeheader()
        for ward in wards:
            writer.writerows(_rows(ward, total, single, many))
    return [folder / DATA, folder / DICTIONARY]


def _rows(ward: Ward, total: int, single: Sequence[Sheet], many: Sequence[Sheet]) -> Iterable[dict[str, object]]:
    """Each patient's own row, followed by the repeated ones of all forms."""
    by_patient: dict[str, list[dict[str, object]]] = {}
    for sheet in single:
        for patient, values in _records(sheet, ward, total):
            own = by_patient.setdefault(patient, [{"record_id": patient}])[0]
            own.update(values)
    for sheet in many:
        counts: dict[str, int] = {}
        for patient, values in _records(sheet, ward, total):
            counts[patient] = counts.get(patient, 0) + 1
            repeat = {"redcap_repeat_instrument": _form(sheet), "redcap_repeat_instance": counts[patient]}
            by_patient[patient].append({"record_id": patient, **repeat, **values})
    return (row for rows in by_patient.values() for row in rows)


def _records(sheet: Sheet, ward: Ward, total: int) -> Iterable[tuple[str, dict[str, object]]]:
    names = _names(sheet)
    codes = [_codes(sheet, name) for name in names]
    for patient, *cells in zip(*sheet.rows(ward, total), strict=True):
        values = {n: _value(c, book) for n, c, book in zip(names, cells, codes, strict=True)}
        yield str(patient), {**values, f"{_form(sheet)}_complete": _COMPLETE}


def _value(cell: Cell, codes: dict[str, int]) -> object:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return codes.get(cell, cell) if isinstance(cell, str) else "" if cell is None else cell


def _form(sheet: Sheet) -> str:
    return sheet.name.lower().replace(" ", "_")


def _names(sheet: Sheet) -> list[str]:
    """Variables: the field with its form in front, as a REDCap project has each name once."""
    return [f"{_form(sheet)}_{c.to.partition('.')[2]}" for c in sheet.columns[1:]]


def _is_many(sheet: Sheet) -> bool:
    return load_schema().tables[_table(sheet)].many


def _table(sheet: Sheet) -> str:
    return sheet.columns[0].to.partition(".")[0]


def _field(sheet: Sheet, variable: str) -> FieldSpec:
    return load_schema().field(_table(sheet), variable.removeprefix(f"{_form(sheet)}_"))


def _codes(sheet: Sheet, variable: str) -> dict[str, int]:
    """Radio buttons are stored by number, from 1 in the order of the schema; 1 and 0 for yes and no."""
    allowed = _field(sheet, variable).allowed
    return {"yes": 1, "no": 0} if allowed == ("yes", "no") else {code: i for i, code in enumerate(allowed, 1)}


def _write_dictionary(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(_DICTIONARY_HEADER)
        rest = [""] * 6
        writer.writerow(["record_id", "patients", "", "text", "Record ID", "", "", "", "", "", "", "", *rest])
        for sheet in SHEETS:
            for name, column in zip(_names(sheet), sheet.columns[1:], strict=True):
                spec = _field(sheet, name)
                kind, choices, check = _kind(spec, _codes(sheet, name))
                ends = ["" if x is None else f"{x:g}" for x in (spec.low, spec.high)] if check == "number" else ["", ""]
                note = "synthetic" if not spec.unit else f"synthetic; {spec.unit}"
                label = column.header
                writer.writerow([name, _form(sheet), "", kind, label, choices, note, check, *ends, "", "", *rest])


def _kind(spec: FieldSpec, codes: dict[str, int]) -> tuple[str, str, str]:
    """Type, choices and validation of a field as REDCap names them."""
    if spec.allowed == ("yes", "no"):
        return "yesno", "", ""
    if codes:
        return "radio", " | ".join(f"{number}, {code}" for code, number in codes.items()), ""
    if spec.type == "day":
        return "text", "", "date_ymd"
    # a value below the floor of its assay is written with "<", which a validated number cannot be
    is_plain = spec.type == "number" and not spec.comparator
    return "text", "", "number" if is_plain else ""
