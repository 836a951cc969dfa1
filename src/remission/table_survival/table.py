"""A table of patients as `survival` uses it: who takes part, with which times, events, groups and covariates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from remission.cohort.layout import Layout, find_layout
from remission.cohort.ledger import Ledger, read_ledger
from remission.core.errors import DataError, FileError
from remission.results.row import slug
from remission.table_survival.ask import Ask
from remission.table_survival.cells import Cells
from remission.table_survival.columns import (
    Covariate,
    Labels,
    check_entry,
    event_column_of,
    read_causes,
    read_covariate,
    read_days,
    read_events,
    read_labels,
)
from remission.table_survival.effect import check_levels, clash
from remission.table_survival.near_file import no_file_todo


@dataclass(frozen=True)
class Source:
    """Where the rows stand in the file, for a script that reads it again."""

    header_row: int
    headers: tuple[str, ...]
    rows: tuple[int, ...]
    delimiter: str
    encoding: str
    is_text: bool
    decimal_comma: bool


@dataclass(frozen=True, eq=False)
class SurvivalTable:
    """The rows of a table with a time and an event, n of them.

    days: last day.  cause: 0 censored, else its code.  causes: the codes that occur, ascending.  entry: days, -1 from
    the start, or None.  switch: day of the later event, NaN never, or None.  event_code: the code that was named as the
    event.  n_read: rows of the file that hold data.  left_out: reason -> rows.  notes: what was understood and should
    be known.
    """

    ask: Ask
    days: NDArray[np.int64]
    cause: NDArray[np.int64]
    causes: tuple[int, ...]
    entry: NDArray[np.int64] | None
    switch: NDArray[np.float64] | None
    group: Labels | None
    strata: Labels | None
    cluster: Labels | None
    covariates: tuple[Covariate, ...]
    n_read: int
    left_out: dict[str, int]
    notes: tuple[str, ...]
    source: Source
    event_code: str = ""
    event_column: str = ""

    @property
    def n(self) -> int:
        return self.days.size

    @property
    def n_causes(self) -> int:
        """The largest code of a cause; smaller ones need not occur."""
        return self.causes[-1]

    @property
    def is_event(self) -> NDArray[np.bool_]:
        happened: NDArray[np.bool_] = self.cause > 0
        return happened


def read_table(ask: Ask) -> SurvivalTable:
    """Read a file and understand the columns that are asked for.

    Raises: FileError for the file and for unknown columns, DataError for cells that cannot be used.
    """
    ledger = _ledger(ask)
    asked = [c for c in (ask.time, ask.event.rpartition("=")[0] or ask.event, ask.group, *ask.covariates) if c]
    layout = find_layout(ledger, expected=asked)
    cells = Cells(ledger, layout.headers, layout.data_rows)
    if not cells.rows:
        raise FileError(
            what="The table has no rows of data.", code="no-rows", where=cells.file,
            todo="Check that the first row holds the names of the columns and patients follow.",
        )  # fmt: skip
    column, code = event_column_of(cells, ask)
    given = (ask.time, column, ask.cause, ask.entry, ask.group, ask.strata, *ask.covariates, ask.cluster, ask.switch)
    cells.require(name for name in given if name)
    cells.require_once((name for name in given if name), layout.duplicates)
    _check_roles(ask, column)
    days = read_days(cells, ask.time, ask.unit)
    entry = read_days(cells, ask.entry, ask.unit) if ask.entry else None
    if entry is not None:
        check_entry(cells, ask.entry, entry, days)
    cause = read_causes(cells, ask.cause) if ask.cause else read_events(cells, column, code)
    switch = read_days(cells, ask.switch, ask.unit) if ask.switch else None
    known, left_out = _known_rows({ask.time: days, column or ask.cause: cause, ask.entry: entry})
    _require_events(cells, column, ask.cause, cause[known])
    kept = tuple(r for r, k in zip(cells.rows, known.tolist(), strict=True) if k)
    cells = cells.only(kept)
    group = read_labels(cells, ask.group) if ask.group else None
    check_levels(ask, len(group.levels) if group else 0)
    covariates = tuple(read_covariate(cells, name) for name in ask.covariates)
    _check_names(covariates, ask)
    whole = days[known].astype(np.int64)
    starts = None if entry is None else entry[known].astype(np.int64)
    return SurvivalTable(
        ask=ask,
        days=whole,
        cause=cause[known].astype(np.int64),
        causes=tuple(np.unique(cause[known & (cause > 0)]).astype(np.int64).tolist()),
        # under observation from day 0 is from the start
        entry=None if starts is None else np.where(starts == 0, -1, starts),
        switch=None if switch is None else switch[known],
        group=group,
        # strata have no rows of their own: matched sets and litters are as many as they are
        strata=read_labels(cells, ask.strata, most=None) if ask.strata else None,
        cluster=read_labels(cells, ask.cluster, most=None) if ask.cluster else None,
        covariates=covariates,
        n_read=known.size,
        left_out=left_out,
        notes=tuple(_notes(layout, covariates, cause[known])),
        source=Source(
            layout.header_row, layout.headers, kept, ledger.delimiter, ledger.encoding, not ledger.is_workbook,
            cells.decimal_comma,
        ),
        event_code=code,
        event_column=column,
    )  # fmt: skip


def _known_rows(columns: Mapping[str, NDArray[np.float64] | None]) -> tuple[NDArray[np.bool_], dict[str, int]]:
    """Which rows have all that places them in time, and why the others have not, each counted by its first gap."""
    gaps = {f"no {name}": np.isnan(values) for name, values in columns.items() if values is not None}
    known = ~np.zeros_like(next(iter(gaps.values())))
    left_out = {}
    for reason, gap in gaps.items():
        if lost := int((gap & known).sum()):
            left_out[reason] = lost
        known &= ~gap
    return known, left_out


def _require_events(cells: Cells, column: str, cause_column: str, cause: NDArray[np.float64]) -> None:
    if (cause > 0).any():
        return
    here = f"{cells.file}, column {column or cause_column}"
    if not cause.size:
        raise DataError(
            "No row has both a time and an event.", "no-events", where=here,
            found=f"{len(cells.rows)} rows with a gap in one of them", todo="Check that the right columns are named.",
        )  # fmt: skip
    raise DataError(
        "Every row is censored: without an event the curve stays at 1, and there is nothing to test or to model.",
        "no-events",
        where=here,
        found=f"{cause.size} rows with a time, none with the event",
        todo=(
            f"If another code is the event, name it: --event {column}=CODE. If nobody had it, say so in words, with the"
            " number of patients and their follow-up."
            if column
            else "1, 2 ... are the codes of causes, 0 is censored: check the column."
        ),
    )


def _notes(layout: Layout, covariates: tuple[Covariate, ...], cause: NDArray[np.float64]) -> Iterator[str]:
    """What was understood and should be known."""
    skipped = Counter(kind for row, kind in layout.skip_rows.items() if row > layout.header_row and kind != "blank")
    for kind, n in sorted(skipped.items()):
        yield f"{n} row{'s' if n > 1 else ''} not read: {kind}"
    for c in covariates:
        if c.reference:
            n = len(c.terms)
            yield f"{c.column}: text, as {n} indicator{'s' if n != 1 else ''} against {c.reference}"
    if (cause > 0).all():
        yield "every row has the event: is nobody censored?"


def _ledger(ask: Ask) -> Ledger:
    try:
        ledger = read_ledger(ask.file, sheet=ask.sheet)
    except FileError as error:
        if error.code == "no-file":
            raise replace(error, todo=no_file_todo(ask.file)) from None
        if error.code != "several-sheets":
            raise
        todo = "Name one of them with --sheet."
        raise replace(error, what="The workbook has several sheets.", where=ask.file.name, todo=todo) from None
    if ask.sheet and not ledger.is_workbook:
        raise clash("--sheet has no effect: a text table has no sheets.", "--sheet with .xlsx, .xls or .ods")
    return ledger


def _check_roles(ask: Ask, event_column: str) -> None:
    """A column has one meaning: the time, the event or the stratum can be no group and no covariate."""
    used = (*ask.covariates, ask.group, ask.switch)
    for option, name in (
        ("--time", ask.time),
        ("--event", event_column),
        ("--cause", ask.cause),
        ("--strata", ask.strata),
        ("--entry", ask.entry),
    ):
        if name and name in used:
            raise DataError(
                f"{name} is both {option} and one of --group, --covariates or --switch.", "column-used-twice",
                todo="Name another column, or leave it out there.",
            )  # fmt: skip
    _check_times(ask, event_column)


def _check_times(ask: Ask, event_column: str) -> None:
    """The end of follow-up, the event and the entry are three columns."""
    named = [(o, n) for o, n in (("--time", ask.time), ("--event", event_column), ("--cause", ask.cause)) if n]
    named += [("--entry", ask.entry)] if ask.entry else []
    for i, (option, name) in enumerate(named):
        for before, other in named[:i]:
            if name == other:
                raise DataError(
                    f"{name} is both {before} and {option}.", "column-used-twice",
                    todo="Name another column for one of them.",
                )  # fmt: skip


def _check_names(covariates: tuple[Covariate, ...], ask: Ask) -> None:
    used = [slug(c.column) for c in covariates] + ([slug(ask.switch)] if ask.switch else [])
    if len(set(used)) < len(used):
        raise DataError(
            "Two columns of the model have names that differ only in signs or case, or one stands twice.",
            "columns-alike", todo="Rename one in the table; the later event is in the model by itself.",
        )  # fmt: skip
