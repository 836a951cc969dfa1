"""From the cells of a file to whole days, events, groups and covariates; every refusal says rows, never values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

import numpy as np
from numpy.typing import NDArray

from remission.cohort.layout import find_layout
from remission.cohort.ledger import Ledger, read_ledger
from remission.core.days import days_from
from remission.core.errors import DataError, FileError
from remission.core.findings import some_rows
from remission.core.settings import nearest
from remission.results.row import slug
from remission.table_survival.ask import Ask

MISSING = ("", "na", "n/a", "nan", "null", ".", "?")
EVENT_WORDS = ("1", "1.0", "yes", "y", "true", "dead", "died", "deceased", "event")
CENSORED_WORDS = ("0", "0.0", "no", "n", "false", "alive", "living", "censored")
MOST_LEVELS, MOST_CAUSES = 30, 9
LARGEST = 1e100  # squares of larger numbers overflow
_COMMA = re.compile(r"-?\d+,\d+")


@dataclass(frozen=True, eq=False)
class Labels:
    """A column of groups: names in order, and each row's position among them, -1 where it is missing."""

    column: str
    levels: tuple[str, ...]
    code: NDArray[np.int64]

    def only(self, keep: NDArray[np.bool_]) -> NDArray[np.int64]:
        return self.code[keep]


@dataclass(frozen=True, eq=False)
class Covariate:
    """A column of a model: a number, or indicators of each level against the first.

    Args: terms: "" for a number, else the levels beside the first.  matrix: (n, k), NaN missing.
    """

    column: str
    terms: tuple[str, ...]
    matrix: NDArray[np.float64]
    reference: str = ""


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

    days: last day.  cause: 0 censored, 1 .. n_causes.  entry: days, -1 from the start, or None.  switch: day of the
    later event, NaN never, or None.  event_code: the code that was named as the event.  n_read: rows of the file that
    hold data.  left_out: reason -> rows.  notes: what was understood and should be known.
    """

    ask: Ask
    days: NDArray[np.int64]
    cause: NDArray[np.int64]
    n_causes: int
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
    used: tuple[int, ...] = field(default=(), repr=False)

    @property
    def n(self) -> int:
        return self.days.size

    @property
    def is_event(self) -> NDArray[np.bool_]:
        happened: NDArray[np.bool_] = self.cause > 0
        return happened


def _ledger(ask: Ask) -> Ledger:
    try:
        return read_ledger(ask.file, sheet=ask.sheet)
    except FileError as error:
        if error.code != "several-sheets":
            raise
        todo = "Name one of them with --sheet."
        raise replace(error, what="The workbook has several sheets.", where=ask.file.name, todo=todo) from None


def read_table(ask: Ask) -> SurvivalTable:
    """Read a file and understand the columns that are asked for.

    Raises: FileError for the file and for unknown columns, DataError for cells that cannot be used.
    """
    ledger = _ledger(ask)
    asked = [c for c in (ask.time, ask.event.partition("=")[0], ask.group, *ask.covariates) if c]
    layout = find_layout(ledger, expected=asked)
    cells = _Cells(ledger, layout.headers, layout.data_rows)
    if not cells.rows:
        raise FileError(
            what="The table has no rows of data.", code="no-rows", where=cells.file,
            todo="Check that the first row holds the names of the columns and patients follow.",
        )  # fmt: skip
    column, code = _event_column(cells, ask)
    for name in (
        ask.time,
        column,
        ask.cause,
        ask.entry,
        ask.group,
        ask.strata,
        *ask.covariates,
        ask.cluster,
        ask.switch,
    ):
        if name:
            cells.texts(name)
    _check_roles(ask)
    days = _days(cells, ask.time, ask.unit)
    entry = _days(cells, ask.entry, ask.unit) if ask.entry else None
    if entry is not None:
        _check_entry(cells, ask.entry, entry, days)
    cause = _causes(cells, ask.cause) if ask.cause else _events(cells, column, code)
    switch = _days(cells, ask.switch, ask.unit) if ask.switch else None

    gaps = {f"no {ask.time}": np.isnan(days), f"no {column or ask.cause}": np.isnan(cause)}
    if entry is not None:
        gaps[f"no {ask.entry}"] = np.isnan(entry)
    known = np.ones(days.size, dtype=np.bool_)
    left_out = {}
    for reason, gap in gaps.items():
        if lost := int((gap & known).sum()):
            left_out[reason] = lost
        known &= ~gap
    if not (cause[known] > 0).any():
        raise DataError(
            "There are no events in the table." if known.any() else "No row has both a time and an event.",
            "no-events",
            where=f"{cells.file}, column {column or ask.cause}",
            found=f"{int(known.sum())} rows with a time, none with the event",
            todo=f"Name the code of the event: --event {column}=CODE." if column else "1, 2 ... are events, 0 is none.",
        )
    kept = tuple(r for r, k in zip(cells.rows, known.tolist(), strict=True) if k)
    cells = cells.only(kept)
    labels = {name: _labels(cells, name) for name in (ask.group, ask.strata) if name}
    covariates = tuple(_covariate(cells, name) for name in ask.covariates)
    _check_names(covariates, ask)
    skipped = Counter(kind for row, kind in layout.skip_rows.items() if row > layout.header_row and kind != "blank")
    notes = [f"{n} row{'s' if n > 1 else ''} not read: {kind}" for kind, n in sorted(skipped.items())]
    notes += [
        f"{c.column}: text, as {len(c.terms)} indicator{'s' if len(c.terms) != 1 else ''} against {c.reference}"
        for c in covariates
        if c.reference
    ]
    if (cause[known] > 0).all():
        notes.append("every row has the event: is nobody censored?")
    whole = days[known].astype(np.int64)
    starts = None if entry is None else entry[known].astype(np.int64)
    return SurvivalTable(
        ask=ask,
        days=whole,
        cause=cause[known].astype(np.int64),
        n_causes=int(np.nanmax(cause)) if ask.cause else 1,
        # under observation from day 0 is from the start
        entry=None if starts is None else np.where(starts == 0, -1, starts),
        switch=None if switch is None else switch[known],
        group=labels.get(ask.group),
        strata=labels.get(ask.strata),
        cluster=_labels(cells, ask.cluster, most=None) if ask.cluster else None,
        covariates=covariates,
        n_read=known.size,
        left_out=left_out,
        notes=tuple(notes),
        source=Source(
            layout.header_row, layout.headers, kept, ledger.delimiter, ledger.encoding, not ledger.is_workbook,
            cells.decimal_comma,
        ),
        event_code=code,
        event_column=column,
        used=kept,
    )  # fmt: skip


class _Cells:
    """The cells of a table by column name."""

    def __init__(self, ledger: Ledger, headers: Sequence[str], rows: Sequence[int]) -> None:
        self.file, self.ledger, self.headers, self.rows = ledger.file, ledger, tuple(headers), tuple(rows)
        self.decimal_comma = not ledger.is_workbook and ledger.delimiter not in ("", ",")

    def only(self, rows: Sequence[int]) -> _Cells:
        return _Cells(self.ledger, self.headers, rows)

    def texts(self, name: str) -> list[str]:
        """The cells of a column, trimmed; missing ones empty. Raises: FileError `unknown-column`."""
        if name not in self.headers:
            near = nearest(name, self.headers)
            raise FileError(
                what=f"The table has no column {name!r}.",
                code="unknown-column",
                where=self.file,
                expected=", ".join(self.headers[:20]) + (" ..." if len(self.headers) > 20 else ""),
                todo=f"Did you mean {near!r}?" if near else "Write the name as it stands in the first row.",
            )
        column = self.ledger.grid.columns[self.headers.index(name)]
        cut = (column[row - 1].strip() for row in self.rows)
        return ["" if text.lower() in MISSING else text for text in cut]

    def number(self, text: str) -> Decimal | None:
        """A cell as a number, None where it is none."""
        if self.decimal_comma and _COMMA.fullmatch(text):
            text = text.replace(",", ".")
        try:
            value = Decimal(text)
        except InvalidOperation:
            return None
        return value if value.is_finite() else None

    def error(self, what: str, code: str, name: str, bad: Sequence[int], expected: str, todo: str) -> DataError:
        """A refusal that names the rows (by their number in the file) but no value."""
        listed = some_rows(", ".join(str(self.rows[i]) for i in bad))
        return DataError(
            what, code, f"{self.file}, column {name}, row{'s' if len(bad) > 1 else ''} {listed}", expected,
            f"{len(bad)} of {len(self.rows)} rows", todo,
        )  # fmt: skip


def _days(cells: _Cells, name: str, unit: str) -> NDArray[np.float64]:
    """(n,) whole days, NaN missing."""
    texts = cells.texts(name)
    numbers = [cells.number(t) if t else None for t in texts]
    bad = [i for i, (t, v) in enumerate(zip(texts, numbers, strict=True)) if t and v is None]
    if bad:
        raise cells.error(
            f"{name} is not a number for {len(bad)} rows.", "time-not-a-number", name, bad,
            f"a number of {unit}, or nothing", "Correct the cells, or empty them: such rows are counted as left out.",
        )  # fmt: skip
    bad = [i for i, v in enumerate(numbers) if v is not None and v < 0]
    if bad:
        raise cells.error(
            f"{name} is below 0 for {len(bad)} rows.", "negative-time", name, bad, "0 or more",
            "Check the dates behind it: the end lies before the start.",
        )  # fmt: skip
    bad = [i for i, v in enumerate(numbers) if unit == "days" and v is not None and v != v.to_integral_value()]
    if bad:
        raise cells.error(
            f"{name} holds fractions, so it is not in days.", "time-not-whole", name, bad, "whole days",
            "Name the unit: --unit months (or weeks, years). Half days: double every time.",
        )  # fmt: skip
    return np.array([np.nan if v is None else days_from(v, unit) for v in numbers], dtype=np.float64)


def _check_entry(cells: _Cells, name: str, entry: NDArray[np.float64], days: NDArray[np.float64]) -> None:
    bad = np.flatnonzero(entry >= days).tolist()  # a comparison with NaN is False
    if bad:
        raise cells.error(
            f"Follow-up ends on or before the day of entry for {len(bad)} rows.", "entry-not-before-exit",
            name, bad, "entry < time",
            "Check both columns; somebody is at risk from the day after entry.",
        )  # fmt: skip


def _event_column(cells: _Cells, ask: Ask) -> tuple[str, str]:
    """The column and the code of the event: "status=2" is (status, 2), unless a column has that very name."""
    if not ask.event or ask.event in cells.headers or "=" not in ask.event:
        return ask.event, ""
    column, _, code = ask.event.rpartition("=")
    return column.strip(), code.strip()


def _events(cells: _Cells, name: str, code: str) -> NDArray[np.float64]:
    """(n,) 1 event, 0 censored, NaN missing."""
    texts = cells.texts(name)
    if code:
        if not any(_same(cells, t, code) for t in texts):
            raise DataError(
                "No row has the code that was named as the event.", "event-code-absent",
                where=f"{cells.file}, column {name}", found=f"{len(set(texts) - {''})} other codes",
                todo="Check the code; it is compared as it stands in the cell.",
            )  # fmt: skip
        return np.array([np.nan if not t else float(_same(cells, t, code)) for t in texts])
    lower = [t.lower() for t in texts]
    bad = [i for i, t in enumerate(lower) if t and t not in EVENT_WORDS and t not in CENSORED_WORDS]
    if bad:
        raise cells.error(
            f"{name} holds codes other than 0 and 1, and nothing says which of them is the event.", "event-codes",
            name, bad, "1/0, yes/no, TRUE/FALSE, dead/alive",
            f"Name the code of the event: --event {name}=CODE, for example --event {name}=2 where 1 is censored and 2"
            f" is dead; for several causes use --cause {name}.",
        )  # fmt: skip
    return np.array([np.nan if not t else float(t in EVENT_WORDS) for t in lower])


def _same(cells: _Cells, text: str, code: str) -> bool:
    """Whether a cell holds a code: the same text, or the same number (2 and 2.0)."""
    if text.lower() == code.lower():
        return True
    a, b = cells.number(text) if text else None, cells.number(code)
    return a is not None and a == b


def _causes(cells: _Cells, name: str) -> NDArray[np.float64]:
    texts = cells.texts(name)
    numbers = [cells.number(t) if t else None for t in texts]
    bad = [
        i
        for i, (t, v) in enumerate(zip(texts, numbers, strict=True))
        if t and (v is None or v != v.to_integral_value() or not 0 <= v <= MOST_CAUSES)
    ]
    if bad:
        raise cells.error(
            f"{name} is not a code of a cause for {len(bad)} rows.", "cause-codes", name, bad,
            f"0 for censored, 1, 2 ... for the causes (at most {MOST_CAUSES})", "Write the codes as whole numbers.",
        )  # fmt: skip
    return np.array([np.nan if v is None else float(v) for v in numbers])


def _labels(cells: _Cells, name: str, *, most: int | None = MOST_LEVELS) -> Labels:
    texts = cells.texts(name)
    levels = _sorted(cells, [t for t in dict.fromkeys(texts) if t])
    if most is not None and len(levels) > most:
        raise DataError(
            f"{name} has {len(levels)} different values: too many for groups.", "too-many-levels",
            where=f"{cells.file}, column {name}", expected=f"at most {most}",
            todo="Cut it into groups in the table, or use it as one of --covariates.",
        )  # fmt: skip
    if len({slug(level) for level in levels}) < len(levels) and most is not None:
        raise DataError(
            f"Two values of {name} differ only in signs or case, so that their results would have one address.",
            "levels-alike", where=f"{cells.file}, column {name}", todo="Rename one of them in the table.",
        )  # fmt: skip
    place = {level: i for i, level in enumerate(levels)}
    return Labels(name, tuple(levels), np.array([place.get(t, -1) for t in texts], dtype=np.int64))


def _sorted(cells: _Cells, values: list[str]) -> list[str]:
    """Numbers by size, else in the order of the alphabet."""
    numbers = [cells.number(v) for v in values]
    if all(v is not None for v in numbers):
        return [t for _, t in sorted(zip([float(v or 0) for v in numbers], values, strict=True))]
    return sorted(values)


def _covariate(cells: _Cells, name: str) -> Covariate:
    texts = cells.texts(name)
    numbers = [cells.number(t) if t else None for t in texts]
    bad = [i for i, (t, v) in enumerate(zip(texts, numbers, strict=True)) if t and v is None]
    filled = sum(bool(t) for t in texts)
    if not filled:
        raise DataError(
            f"{name} is empty.", "empty-column", where=f"{cells.file}, column {name}", todo="Leave it out of the model."
        )
    large = [i for i, v in enumerate(numbers) if v is not None and abs(v) > LARGEST]
    if not bad and large:
        raise cells.error(
            f"{name} is too large to compute with for {len(large)} rows.", "covariate-too-large", name, large,
            f"numbers up to {LARGEST:.0e}", "Change the unit, or correct the cells.",
        )  # fmt: skip
    if not bad:
        return Covariate(name, ("",), np.array([[np.nan if v is None else float(v)] for v in numbers]))
    if len(bad) * 2 < filled:
        raise cells.error(
            f"{name} is a column of numbers, but not for {len(bad)} rows.", "covariate-not-a-number", name, bad,
            "a number, or nothing", "Correct the cells, or empty them: such rows are counted as left out.",
        )  # fmt: skip
    labels = _labels(cells, name)
    if len(labels.levels) < 2:
        raise DataError(
            f"{name} is the same in every row.", "constant-covariate", where=f"{cells.file}, column {name}",
            todo="Leave it out of the model.",
        )  # fmt: skip
    matrix = (labels.code[:, None] == np.arange(1, len(labels.levels))).astype(np.float64)
    matrix[labels.code < 0] = np.nan
    return Covariate(name, labels.levels[1:], matrix, labels.levels[0])


def _check_roles(ask: Ask) -> None:
    """A column that is the time, the event or the stratum can be no covariate."""
    for option, name in (
        ("--time", ask.time),
        ("--event", ask.event.partition("=")[0]),
        ("--cause", ask.cause),
        ("--strata", ask.strata),
        ("--entry", ask.entry),
    ):
        if name and name in (*ask.covariates, ask.group if option != "--strata" else ""):
            raise DataError(
                f"{name} is both {option} and one of --group or --covariates.", "column-used-twice",
                todo="Name another column, or leave it out there.",
            )  # fmt: skip


def _check_names(covariates: tuple[Covariate, ...], ask: Ask) -> None:
    used = [slug(c.column) for c in covariates] + ([slug(ask.switch)] if ask.switch else [])
    if len(set(used)) < len(used):
        raise DataError(
            "Two columns of the model have names that differ only in signs or case, or one stands twice.",
            "columns-alike", todo="Rename one in the table; the later event is in the model by itself.",
        )  # fmt: skip
