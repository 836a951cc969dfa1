"""Which rows of a sheet hold patients, and a finding for every row that is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from remission.cohort.layout import Layout
from remission.cohort.ledger import Ledger
from remission.cohort.places import Place, count_of
from remission.cohort.source_spec import SourceSpec
from remission.core.errors import ProtocolError
from remission.core.findings import Finding

_STOPPED = ("units", "mean/total", "remark", "repeated header")
_WHAT = {
    "units": "looks like a row of units",
    "mean/total": "looks like a mean, median or total",
    "remark": "looks like a remark",
    "repeated header": "repeats the header",
}


# the id of an invented patient: a row that begins with it is never read as one of the study
EXAMPLE_ID = "EXAMPLE"


def is_example(text: str) -> bool:
    """Whether an id is that of the invented patient of a collection workbook."""
    return text.strip().upper() == EXAMPLE_ID


@dataclass(frozen=True)
class RowChoice:
    """Rows that are read, how many rows hold anything below the header, and what was left out and why."""

    rows: list[int]
    filled: int
    findings: tuple[Finding, ...]


def choose_rows(source: SourceSpec, ledger: Ledger, layout: Layout, id_column: int) -> RowChoice:
    """The rows of patients of a sheet.

    Args: id_column: the 1-based column of ids; with hidden = "skip" a row whose id is struck out is left out.
    Raises: ProtocolError where skip_rows names a row the sheet does not have.
    """
    place = Place(source.file, ledger.sheet)
    outside = [row for row in source.skip_rows if not 1 <= row <= ledger.n_rows]
    if outside:
        raise ProtocolError(
            what="study.toml: skip_rows names a row that the sheet does not have.",
            code="unknown-row",
            where=f"source {source.name} ({place.words})",
            expected=f"rows 1 to {ledger.n_rows}",
            found=", ".join(map(str, outside)),
        )
    confirmed = set(source.skip_rows)
    first = layout.header_row + layout.header_rows
    hidden = {row for row in ledger.grid.hidden_rows if row >= first and layout.skip_rows.get(row) != "blank"}
    struck = {row for row, col in ledger.grid.struck if col == id_column}
    skipped_hidden = hidden | struck if source.hidden == "skip" else set()
    examples = [row for row in layout.data_rows if is_example(ledger.text(row, id_column)) and row not in confirmed]
    left = {*confirmed, *skipped_hidden, *examples}
    rows = [row for row in layout.data_rows if row not in left]
    blank = [row for row, kind in layout.skip_rows.items() if kind == "blank" and row >= first]
    filled = ledger.n_rows - first + 1 - len(blank)
    findings = [
        *_row_findings(source, layout, place, first, ledger.grid.elsewhere),
        *_example_findings(place, examples),
        *_hidden_findings(source, place, hidden),
    ]
    return RowChoice(rows, filled, tuple(findings))


def _example_findings(place: Place, rows: list[int]) -> Iterator[Finding]:
    if rows:
        yield place.finding(
            "warning",
            "example-row",
            f"{count_of(len(rows), 'row is', 'rows are')} of the invented patient {EXAMPLE_ID}.",
            rows=rows,
            consequence="Nothing of it is read.",
            todo="Delete the row.",
        )


def _row_findings(
    source: SourceSpec, layout: Layout, place: Place, first: int, elsewhere: Collection[int]
) -> Iterator[Finding]:
    confirmed = set(source.skip_rows)
    titles = [row for row, kind in layout.skip_rows.items() if kind == "title" and row not in confirmed]
    if titles:
        is_open = source.header_row is None
        yield place.finding(
            "note",
            "title-row",
            f"{count_of(len(titles), 'row above the header is', 'rows above the header are')} read as a title.",
            rows=titles,
            consequence=f"Row {layout.header_row} is {'taken for ' if is_open else ''}the header"
            + ("." if is_open else ", as study.toml says."),
            todo=f"Nothing, if that is right; header_row = {layout.header_row} says so for good."
            if is_open
            else "Nothing.",
        )
    for kind in _STOPPED:
        for row in (r for r, k in layout.skip_rows.items() if k == kind and r not in confirmed):
            yield place.finding(
                "error",
                "row-not-a-patient",
                f"The row {_WHAT[kind]}, and study.toml does not say what it is.",
                rows=[row],
                consequence="It is not read.",
                todo=f"Add {row} to skip_rows of this source, or give the row an id if it is a patient.",
            )
    blank = [row for row, kind in layout.skip_rows.items() if kind == "blank" and row >= first and row not in elsewhere]
    if blank:
        yield place.finding(
            "note", "blank-row", f"{count_of(len(blank), 'row is', 'rows are')} blank.", rows=blank, consequence="None."
        )
    listed = sorted(row for row in confirmed if row >= first)
    patients = [row for row in listed if row not in layout.skip_rows]
    others = [row for row in listed if layout.skip_rows.get(row, "blank") != "blank"]
    if others:
        yield place.finding(
            "note",
            "skipped-row",
            f"{count_of(len(others), 'row is', 'rows are')} left out, as skip_rows says.",
            rows=others,
            consequence="They are not read.",
            todo="Nothing.",
        )
    if patients:
        yield place.finding(
            "warning",
            "skipped-row",
            f"{count_of(len(patients), 'row')} in skip_rows may be patients.",
            rows=patients,
            consequence="They are not read, and not counted anywhere.",
            todo="Take them out of skip_rows; to leave patients out of the study, use [exclude], with a reason.",
        )


def _hidden_findings(source: SourceSpec, place: Place, hidden: set[int]) -> Iterator[Finding]:
    skip = source.hidden == "skip"
    if rows := sorted(hidden):
        yield place.finding(
            "warning",
            "hidden-row",
            f"{count_of(len(rows), 'row of the sheet is', 'rows of the sheet are')} hidden.",
            rows=rows,
            consequence="They are not read." if skip else "They are read like the others.",
            todo='Show them in the sheet, or say hidden = "skip" for this source.' if not skip else "Nothing.",
        )


def column_findings(source: SourceSpec, ledger: Ledger, places: dict[int, Place], layout: Layout) -> Iterator[Finding]:
    """Hidden columns, struck-out cells, comments and merged cells of a workbook; never what a comment says."""
    grid = ledger.grid
    wanted = set(layout.data_rows)
    for col in sorted(grid.hidden_columns):
        if col <= ledger.n_cols:
            yield places[col].finding(
                "warning",
                "hidden-column",
                "The column is hidden in the workbook.",
                consequence="It is read like the others if it is mapped.",
                todo="Show it in the sheet.",
            )
    struck = _by_column(cell for cell in grid.struck if cell[0] in wanted)
    for col, where in struck.items():
        skip = source.hidden == "skip"
        yield places[col].finding(
            "warning",
            "struck-out",
            f"{count_of(len(where), 'cell is', 'cells are')} struck out.",
            rows=where,
            consequence="They count as not recorded." if skip else "They are read as recorded.",
            todo='Empty these cells if they are wrong, or say hidden = "skip" for this source.'
            if not skip
            else "Nothing.",
        )
    for col, where in _by_column(cell for cell in grid.comments if cell[1] <= ledger.n_cols).items():
        yield places[col].finding(
            "note",
            "cell-comment",
            f"{count_of(len(where), 'cell carries', 'cells carry')} a comment.",
            rows=where,
            consequence="Comments are not read.",
            todo="Look whether a comment changes what the cell says.",
        )
    below = [m for m in grid.merged if m[2] > m[0] and m[2] in wanted and m[0] in wanted and m[1] <= ledger.n_cols]
    for col, where in _by_column((m[0], m[1]) for m in below).items():
        yield places[col].finding(
            "warning",
            "merged-cells",
            f"{count_of(len(where), 'cell is', 'cells are')} merged over several rows.",
            rows=where,
            consequence="Only the first of these rows holds the value.",
            todo="Unmerge the cells and fill in every row.",
        )


def _by_column(cells: Iterator[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row, col in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        found.setdefault(col, []).append(row)
    return found
