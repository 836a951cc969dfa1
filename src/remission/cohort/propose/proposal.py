"""What a proposal consists of: sheets, columns with a target and a reason, and what could not be placed."""

from __future__ import annotations

from dataclasses import dataclass, field

from remission.cohort.source_spec import ColumnSpec

Constant = str | int


@dataclass(frozen=True)
class ProposedColumn:
    """One [[source.column]]: the specification, why it was proposed, and what the user should look at.

    Args: unknown: codes seen that nobody could explain.  doubts: sentences for the comment.
    filled_at: in a sheet of many marrows a patient, the visits whose rows fill the column.
    """

    spec: ColumnSpec
    reason: str
    unknown: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    filled_at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """A column that is not proposed for use, and why. An identifier and an empty column are left on purpose."""

    header: str
    reason: str
    is_open: bool


@dataclass(frozen=True)
class ProposedSource:
    """One sheet.

    Args: skip_rows: row -> why it holds no patient.  doubtful_rows: the same, but they carry an id.
    table: what the rows are records of, "" where each is a patient.  blank_id: rows without an id continue the one
    above.  about: what the sheet was taken for.  dictionary: the data dictionary of a REDCap export.
    """

    name: str
    file: str
    sheet: str
    header_row: int
    header_rows: int
    skip_rows: dict[int, str]
    columns: tuple[ProposedColumn, ...]
    left: tuple[Left, ...]
    records: dict[str, dict[str, Constant]] = field(default_factory=dict)
    doubtful_rows: dict[int, str] = field(default_factory=dict)
    table: str = ""
    blank_id: bool = False
    about: str = ""
    has_one_row_a_patient: bool = False
    has_dates: bool = False
    dictionary: str = ""


@dataclass(frozen=True)
class Proposal:
    """A study.toml to review.

    Args: empty: sheets that hold nothing and were passed over.  whole_file: a file of a known form, which is one
    [[source]] without columns; what its sheets record is in `sources` all the same.
    """

    name: str
    sources: tuple[ProposedSource, ...]
    questions: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    whole_file: str = ""

    def to_toml(self) -> str:
        """The complete, commented study.toml."""
        from remission.cohort.propose.write import write_proposal

        return write_proposal(self)
