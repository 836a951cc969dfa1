"""The results table while it is being filled, and the members and lineage that go with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from remission.core.errors import ResultsError
from remission.results.formats import show
from remission.results.row import Row, Status, address, members_hash

# Above this many patients a set is stored as the condition that makes it, not patient by patient.
MEMBERS_LISTED_UP_TO = 5_000


@dataclass(frozen=True)
class CellRef:
    """A cell behind a number, as a document shows it: where it stands and how it was understood."""

    patient: str
    field: str
    file: str
    sheet: str
    row: int
    column: str
    value: str


@dataclass
class Results:
    """All rows of a study, by id in the order they were made.

    `members`: hash -> patients.  `conditions`: hash -> words (sets too large to list).
    `lineage`: (analysis, variable) -> names of the fields behind it.  `cells`: field name -> the cells, by patient.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    lineage: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    cells: dict[str, dict[str, tuple[CellRef, ...]]] = field(default_factory=dict)

    def __getitem__(self, row_id: str) -> Row:
        try:
            return self.rows[row_id]
        except KeyError:
            raise ResultsError(
                what=f"A document asks for the result `{row_id}`, which does not exist.",
                code="unknown-result",
                todo="This is a fault of the program; please report it with the study file.",
            ) from None

    def __contains__(self, row_id: str) -> bool:
        return row_id in self.rows

    def add(
        self,
        analysis: str,
        variable: str,
        stat: str,
        value: float | str | None,
        *,
        population: str,
        group: str = "",
        level: str = "",
        category: str = "",
        unit: str = "",
        method: str = "",
        status: Status = "ok",
        note: str = "",
        n: int | None = None,
        members: Iterable[str] | None = None,
        members_hash: str = "",
        condition: str = "",
    ) -> str:
        """Add one row and return its id.

        Args: value: a number, or text for a statistic in words; None with status undefined or failed and a note.
        members: the patients behind the number, or members_hash: the name of a set already kept.
        condition: the same in words, stored instead of a very large set.
        Raises: ResultsError (code `duplicate-result`, `empty-result`).
        """
        row_id = address(analysis, group=group, level=level, variable=variable, category=category, stat=stat)
        if row_id in self.rows:
            raise ResultsError(
                what=f"The result `{row_id}` would be written twice.",
                code="duplicate-result",
                todo="Two levels or variables of this analysis have names that look alike; rename one in study.toml.",
            )
        if value is None and (status == "ok" or not note):
            raise ResultsError(what=f"The result `{row_id}` has neither a value nor a reason.", code="empty-result")
        number = None if value is None or isinstance(value, str) else float(value)
        self.rows[row_id] = Row(
            id=row_id,
            analysis=analysis,
            population=population,
            group=group,
            level=level,
            variable=variable,
            category=category,
            stat=stat,
            value=number,
            text=value if isinstance(value, str) else None,
            unit=unit,
            shown=show(
                stat,
                number if number is not None else value if isinstance(value, str) else None,
                unit=unit,
                status=status,
            ),
            method=method,
            status=status,
            note=note,
            n=n,
            members=self.keep_members(members, condition) if members is not None else members_hash,
        )
        return row_id

    def keep_members(self, patients: Iterable[str], condition: str = "") -> str:
        """Store a set of patients and return its hash."""
        listed = tuple(sorted(set(patients)))
        name = members_hash(listed)
        if len(listed) > MEMBERS_LISTED_UP_TO:
            self.conditions.setdefault(name, condition or f"{len(listed)} patients")
        else:
            self.members.setdefault(name, listed)
        return name

    def trace(self, analysis: str, variable: str, fields_behind: Iterable[str]) -> None:
        """Say which recorded fields a variable of an analysis rests on."""
        self.lineage[(analysis, variable)] = tuple(fields_behind)

    def keep_cells(self, name: str, cells: Mapping[str, tuple[CellRef, ...]]) -> None:
        """Store the cells behind a field, patient by patient."""
        self.cells.setdefault(name, dict(cells))
