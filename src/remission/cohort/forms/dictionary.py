"""The data dictionary of a REDCap project: every variable with its form, type, choices and limits."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from remission.cohort.ledger import read_ledger
from remission.core.errors import FileError

# heading of the exported file, and name in what the API gives
_HEADINGS = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "type": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": ("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
    "validation": ("Text Validation Type OR Show Slider Number", "text_validation_type_or_show_slider_number"),
    "low": ("Text Validation Min", "text_validation_min"),
    "high": ("Text Validation Max", "text_validation_max"),
    "identifier": ("Identifier?", "identifier"),
}
_NEEDED = ("name", "form", "type", "label", "choices")
_YES_NO = {"yesno": {"1": "yes", "0": "no"}, "truefalse": {"1": "yes", "0": "no"}}
CHOOSING = ("radio", "dropdown", "yesno", "truefalse")


@dataclass(frozen=True)
class Variable:
    """One variable. choices: code -> label.  low, high: the range its validation allows, as written ("" for none)."""

    name: str
    form: str
    type: str
    label: str
    choices: Mapping[str, str]
    validation: str = ""
    low: str = ""
    high: str = ""
    is_identifier: bool = False


@dataclass(frozen=True)
class Dictionary:
    """All variables by name, in order; the first one names the record."""

    variables: Mapping[str, Variable]

    @property
    def record_id(self) -> str:
        return next(iter(self.variables))

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(v.form for v in self.variables.values()))


def read_dictionary(path: Path) -> Dictionary:
    """Read the data dictionary, as downloaded from the project or given by the API.

    Raises: FileError `no-dictionary` where the file is another table, and those of reading a text file.
    """
    ledger = read_ledger(path, delimiter="")
    heads = {" ".join(column[0].split()).casefold(): column[1:] for column in ledger.grid.columns}
    columns = {
        part: heads[name.casefold()] for part, names in _HEADINGS.items() for name in names if name.casefold() in heads
    }
    if missing := [part for part in _NEEDED if part not in columns]:
        raise FileError(
            what=f"{path.name} is not the data dictionary of a REDCap project.",
            code="no-dictionary",
            where=path.name,
            expected="columns " + ", ".join(_HEADINGS[part][0] for part in missing),
            todo="Download the data dictionary of the project (CSV) and name that file.",
        )
    blank = [""] * (ledger.n_rows - 1)
    rows = zip(*(columns.get(part, blank) for part in _HEADINGS), strict=True)
    found = [_variable(dict(zip(_HEADINGS, row, strict=True))) for row in rows if row[0].strip()]
    if not found:
        raise FileError(
            what=f"{path.name} holds no variable.", code="no-dictionary", where=path.name,
            todo="Download the data dictionary again.",
        )  # fmt: skip
    return Dictionary({variable.name: variable for variable in found})


def _variable(cells: Mapping[str, str]) -> Variable:
    kind = cells["type"].strip().casefold()
    choices = _YES_NO.get(kind) or (read_choices(cells["choices"]) if kind in (*CHOOSING, "checkbox") else {})
    return Variable(
        name=cells["name"].strip(),
        form=cells["form"].strip(),
        type=kind,
        label=plain_label(cells["label"]) or cells["name"].strip(),
        choices=choices,
        validation=cells["validation"].strip().casefold(),
        low=cells["low"].strip(),
        high=cells["high"].strip(),
        is_identifier=cells["identifier"].strip().casefold() in ("y", "yes"),
    )


def read_choices(text: str) -> dict[str, str]:
    """ "1, Male | 2, Female" -> {"1": "Male", "2": "Female"}; a label may hold commas."""
    pairs = (part.partition(",") for part in text.split("|") if part.strip())
    return {code.strip(): plain_label(label) or code.strip() for code, _, label in pairs}


def plain_label(text: str) -> str:
    """A label without the HTML that a form may be dressed in."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
