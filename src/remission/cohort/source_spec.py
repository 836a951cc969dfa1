"""How study.toml says where the data stand and what each column means ([study.origin], [[source]])."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

UNKNOWN_UNIT = "?"  # written by `remission new` where nothing says whether 12 is days or months


@dataclass(frozen=True)
class ColumnSpec:
    """One column of a sheet and the field it becomes; the same header may be mapped twice, to two fields.

    Args: header: as printed, after look-alike letters are folded (merged headers joined by ": ").
    to: "table.field" or "table@record.field" (several records of one table in one row, e.g. marrow@before).
    values: raw text -> code, or -> list of codes (several records from one cell); a text that is not in the map, not a
    code of the schema and not a missing mark is an error (`unknown-code`).
    unit: of the numbers in the column where it is not the field's own ("months", "fraction", "10^-4"); "?" stands for
    a unit that only the user knows, and nothing is read until it is replaced.
    missing: further texts that mean "not recorded" in this column.
    marks: trailing marks of an id or a value, e.g. "*" -> "patients.fusion_gene_positive": stripped, and set to "yes"
    where present and "no" where absent.
    floor: the assay's floor: a value equal to it is read as "< floor" and listed (`assay-floor`).
    decimal: "." or ","; dates: order of day, month, year in ambiguous dates. Both only where the column cannot tell.
    partial_dates: what a date without a day means; by default it is an error.
    """

    header: str
    to: str
    values: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    unit: str = ""
    missing: tuple[str, ...] = ()
    marks: dict[str, str] = field(default_factory=dict)
    floor: float | None = None
    decimal: Literal["", ".", ","] = ""
    dates: Literal["", "dmy", "mdy", "ymd"] = ""
    partial_dates: Literal["", "first", "middle", "last"] = ""


@dataclass(frozen=True)
class SourceSpec:
    """One sheet of one file.

    Args: name: what findings and the report call it ("Table 2").  file: relative to the study's folder.
    sheet: of a workbook (default: the only one).  header_row: 1-based first row of the header (default: found).
    header_rows: how many rows the header takes (default: found).  skip_rows: rows that hold no patient (units, means,
    totals, remarks), each confirmed here; a row that looks like one and is not listed is a finding.
    hidden: what to do with hidden rows and struck-out cells: they are read and listed unless "skip".
    scope: a name where this sheet numbers its rows on its own and cannot be linked to the patients.
    blank_id: "continues" where a blank id means another record of the patient above.
    records: constants of a record, e.g. {"marrow@before" = {visit = "before", day = 0}}.
    ignore: headers that are deliberately not used.
    dictionary: the data dictionary of a REDCap export, beside its data; `sheet` is then a repeating instrument or an
    event.
    """

    name: str
    file: str
    sheet: str = ""
    header_row: int | None = None
    header_rows: int | None = None
    skip_rows: tuple[int, ...] = ()
    hidden: Literal["read", "skip"] = "read"
    scope: str = ""
    blank_id: Literal["error", "continues"] = "error"
    encoding: str = ""
    delimiter: str = ""
    records: dict[str, dict[str, str | int | float]] = field(default_factory=dict)
    columns: tuple[ColumnSpec, ...] = field(default=(), metadata={"key": "column"})
    ignore: tuple[str, ...] = ()
    dictionary: str = ""


@dataclass(frozen=True)
class OriginSpec:
    """Day 0 of a patient: in words for the Methods, and the date field it is read from where the data hold dates.

    Args: field: a `patients` field of type day whose dates are each patient's origin (default first_infusion_day).
    cutoff: date of data cut-off, as an ISO date; becomes patients.cutoff_day where dates are known.
    """

    what: str = "first day of the first blinatumomab infusion"
    field: str = "first_infusion_day"
    cutoff: str = ""


@dataclass(frozen=True)
class PrivacySpec:
    """Columns that look like identifiers and are carried on all the same, each with the reason why."""

    keep: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ExcludeSpec:
    """Patients left out by hand, each with the reason: study id -> reason. They stay in the flow diagram."""

    patients: dict[str, str] = field(default_factory=dict)
