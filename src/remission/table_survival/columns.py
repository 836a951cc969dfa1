"""What a column means: whole days, events, causes, groups, covariates; every refusal says rows, never values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.days import days_from
from remission.core.errors import DataError, RemissionError
from remission.results.row import slug
from remission.table_survival.ask import Ask
from remission.table_survival.cells import Cells
from remission.table_survival.longest import is_too_long, longest_words

EVENT_WORDS = ("1", "1.0", "yes", "y", "true", "dead", "died", "deceased", "event")
CENSORED_WORDS = ("0", "0.0", "no", "n", "false", "alive", "living", "censored")
MOST_LEVELS, MOST_CAUSES = 30, 9
LARGEST = 1e100  # squares of larger numbers overflow


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


def read_days(cells: Cells, name: str, unit: str) -> NDArray[np.float64]:
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
    bad = [i for i, v in enumerate(numbers) if v is not None and is_too_long(v, unit)]
    if bad:
        raise cells.error(
            f"{name} is longer than anybody lives for {len(bad)} rows.", "time-too-long", name, bad,
            longest_words(unit), "Is it a date or a number of a patient? Check the cells and --unit.",
        )  # fmt: skip
    return np.array([np.nan if v is None else days_from(v, unit) for v in numbers], dtype=np.float64)


def check_entry(cells: Cells, name: str, entry: NDArray[np.float64], days: NDArray[np.float64]) -> None:
    bad = np.flatnonzero(entry >= days).tolist()  # a comparison with NaN is False
    if bad:
        raise cells.error(
            f"Follow-up ends on or before the day of entry for {len(bad)} rows.", "entry-not-before-exit",
            name, bad, "entry < time",
            "Check both columns; somebody is at risk from the day after entry.",
        )  # fmt: skip


def event_column_of(cells: Cells, ask: Ask) -> tuple[str, str]:
    """The column and the code of the event: "status=2" is (status, 2), unless a column has that very name.

    Raises: RemissionError `bad-call` where the column or the code is empty.
    """
    if not ask.event or ask.event in cells.headers or "=" not in ask.event:
        return ask.event, ""
    column, code = (part.strip() for part in ask.event.rsplit("=", 1))
    if not column or not code:
        raise RemissionError(
            what=f"--event names no {'code after' if column else 'column before'} the sign =.", code="bad-call",
            expected="--event COLUMN=CODE, for example --event status=2",
            todo="Write the code of the event, or leave the sign out where the column holds 1/0 or dead/alive.",
        )  # fmt: skip
    return column, code


def read_events(cells: Cells, name: str, code: str) -> NDArray[np.float64]:
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


def _same(cells: Cells, text: str, code: str) -> bool:
    """Whether a cell holds a code: the same text, or the same number (2 and 2.0)."""
    if text.lower() == code.lower():
        return True
    a, b = cells.number(text) if text else None, cells.number(code)
    return a is not None and a == b


def read_causes(cells: Cells, name: str) -> NDArray[np.float64]:
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


def read_labels(cells: Cells, name: str, *, most: int | None = MOST_LEVELS, as_covariate: bool = False) -> Labels:
    """A column of groups. most: None for any number of levels, whose names are then no part of an address."""
    texts = cells.texts(name)
    levels = _sorted(cells, [t for t in dict.fromkeys(texts) if t])
    if most is not None and len(levels) > most:
        raise DataError(
            f"{name} has {len(levels)} different {'texts' if as_covariate else 'values'}: too many for"
            f" {'indicators in a model' if as_covariate else 'groups'}.",
            "too-many-levels", where=f"{cells.file}, column {name}", expected=f"at most {most}",
            todo="Join values in the table"
            + (
                ", or write numbers if it measures something."
                if as_covariate
                else ", or cut it into groups; if it measures something, use it as one of --covariates."
            ),
        )  # fmt: skip
    _refuse_one_number_twice(cells, name, texts, levels)
    if len({slug(level) for level in levels}) < len(levels) and most is not None:
        raise DataError(
            f"Two values of {name} differ only in signs or case, so that their results would have one address.",
            "levels-alike", where=f"{cells.file}, column {name}", todo="Rename one of them in the table.",
        )  # fmt: skip
    place = {level: i for i, level in enumerate(levels)}
    return Labels(name, tuple(levels), np.array([place.get(t, -1) for t in texts], dtype=np.int64))


def _refuse_one_number_twice(cells: Cells, name: str, texts: list[str], levels: list[str]) -> None:
    """1 and 1.0 would be two groups, silently; which of them was meant is for the table to say."""
    first: dict[object, str] = {}
    other = {t for t in levels if (v := cells.number(t)) is not None and first.setdefault(v, t) != t}
    if not other:
        return
    kept = {first[cells.number(t)] for t in other}
    several = [i for i, t in enumerate(texts) if t in other or t in kept]
    fewest = min(([i for i in several if texts[i] in part] for part in (other, kept)), key=len)
    raise cells.error(
        f"{name} holds one number written in two ways, such as 1 and 1.0: these would be two groups.",
        "levels-one-number", name, fewest, "every number written in one way",
        "Write these rows like the others.",
    )  # fmt: skip


def _sorted(cells: Cells, values: list[str]) -> list[str]:
    """Numbers by size, else in the order of the alphabet."""
    numbers = [cells.number(v) for v in values]
    if all(v is not None for v in numbers):
        return [t for _, t in sorted(zip([float(v or 0) for v in numbers], values, strict=True))]
    return sorted(values)


def read_covariate(cells: Cells, name: str) -> Covariate:
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
    labels = read_labels(cells, name, as_covariate=True)
    if len(labels.levels) < 2:
        raise DataError(
            f"{name} is the same in every row.", "constant-covariate", where=f"{cells.file}, column {name}",
            todo="Leave it out of the model.",
        )  # fmt: skip
    matrix = (labels.code[:, None] == np.arange(1, len(labels.levels))).astype(np.float64)
    matrix[labels.code < 0] = np.nan
    return Covariate(name, labels.levels[1:], matrix, labels.levels[0])
