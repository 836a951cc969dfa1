"""The risk table: on each day, how many are under observation and how many leave it, and why.

Every time-to-event statistic is computed from this table and none from patients, so that tables of several
hospitals can be added without their patients ever being put together. A patient is at risk on day t if
entry < t <= exit; events precede censorings on a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import FrozenArrays, IntArray, require_same_length, whole_numbers

FROM_THE_START = -1
_PLAIN = tuple(np.dtype(kind) for kind in ("int64", "int32", "int16", "int8", "uint32", "uint16", "uint8"))
_BLOCK = 1 << 17  # rows counted at a time: their places stay in the processor's cache


@dataclass(frozen=True, eq=False)
class RiskTable(FrozenArrays):
    """Counts per group, stratum and day; G groups, S strata, C causes, k days.

    groups, strata: labels.  days: (k,) sorted, unique, days since origin on which somebody enters or leaves.
    started: (G, S) rows under observation from before day 0.  entered: (G, S, k) rows that enter at the end
    of the day, first at risk on the day after.  events: (G, S, C, k) per cause.  censored: (G, S, k).
    """

    groups: tuple[str, ...]
    strata: tuple[str, ...]
    days: IntArray
    started: IntArray
    entered: IntArray
    events: IntArray
    censored: IntArray

    @classmethod
    def from_arrays(
        cls,
        exit_days: npt.ArrayLike,
        cause: npt.ArrayLike,
        *,
        entry_days: npt.ArrayLike | None = None,
        group: npt.ArrayLike | None = None,
        groups: Sequence[str] | None = None,
        stratum: npt.ArrayLike | None = None,
        strata: Sequence[str] | None = None,
        weight: npt.ArrayLike | None = None,
        causes: int | None = None,
    ) -> RiskTable:
        """Count rows (one per patient, or one per piece of a patient's follow-up) into a risk table.

        Args: exit_days: (n,) int >= 0, days since origin.  cause: (n,) int, 0 censored, 1.. the cause of the
        event; True/False is understood.  entry_days: (n,) int >= -1, delayed entry, at risk from the day
        after; -1 is from the start, day 0 included.  group, stratum: (n,) codes 0.. or labels; groups,
        strata: all labels in their order, so that an empty group stays.  weight: (n,) int, copies of a row.
        causes: number of causes, if more than seen.
        Returns: the table; days are all entry and exit days.
        Raises: DataError if lengths differ, a value is not whole or out of range, or exit is not after entry.
        """
        exits = np.asarray(exit_days)
        if not _is_plain(exits) or entry_days is not None or weight is not None:
            exits = whole_numbers(exits, "The last day of follow-up")
        why = np.asarray(cause)
        why = why.view(np.int8) if why.dtype.kind == "b" and why.ndim == 1 else whole_numbers(why, "The cause")
        n = exits.size
        entries = None if entry_days is None else whole_numbers(entry_days, "The entry day", minimum=-1)
        copies = None if weight is None else whole_numbers(weight, "The weight")
        group_code, group_labels = _codes(group, groups, n, "group")
        stratum_code, stratum_labels = _codes(stratum, strata, n, "stratum")
        require_same_length(
            exit_days=n,
            cause=why.size,
            entry_days=n if entries is None else entries.size,
            weight=n if copies is None else copies.size,
        )
        n_causes = _number_of_causes(why, causes)
        shape = (len(group_labels), len(stratum_labels))
        if entries is None and copies is None:
            parts = [(why, 1)]
            if shape[1] > 1:
                parts.append((stratum_code, n_causes + 1))
            if shape[0] > 1:
                parts.append((group_code, shape[1] * (n_causes + 1)))
            if (found := _count_by_day(exits, parts, (*shape, n_causes + 1))) is not None:
                days, left = found
                entered = np.zeros((*shape, days.size), dtype=np.int64)
                return cls(
                    group_labels, stratum_labels, days, left.sum(axis=(2, 3)), entered, left[:, :, 1:], left[:, :, 0]
                )
            exits = whole_numbers(exits, "The last day of follow-up")
        _require_exit_after_entry(exits, entries)
        cell = group_code.astype(np.int64) * shape[1] + stratum_code
        days, exit_at, entry_at = _day_axis(exits, entries)
        left = _count((cell * (n_causes + 1) + why) * days.size + exit_at, copies, (*shape, n_causes + 1, days.size))
        late = np.zeros(n, dtype=np.bool_) if entries is None else entries > FROM_THE_START
        started = _count(cell[~late], None if copies is None else copies[~late], shape)
        entered = _count(
            (cell * days.size + entry_at)[late], None if copies is None else copies[late], (*shape, days.size)
        )
        return cls(group_labels, stratum_labels, days, started, entered, left[:, :, 1:].copy(), left[:, :, 0].copy())

    @cached_property
    def left(self) -> IntArray:
        """(G, S, k) rows that leave observation on each day, for whatever reason."""
        total: IntArray = self.any_event + self.censored
        return total

    @property
    def any_event(self) -> IntArray:
        """(G, S, k) events on each day, of whatever cause."""
        return _summed(self.events, 2)

    @property
    def of_groups(self) -> tuple[IntArray, IntArray, IntArray]:
        """At risk, with an event of any cause, censored: (G, k) each, strata taken together."""
        return _summed(self.at_risk, 1), _summed(self.any_event, 1), _summed(self.censored, 1)

    @cached_property
    def at_risk(self) -> IntArray:
        """(G, S, k) rows at risk on each day, before anything happens on it: entry < t <= exit."""
        at_risk = np.empty_like(self.left)
        at_risk[:, :, :1] = self.started[:, :, None]
        change = self.entered - self.left if self.has_delayed_entry else -self.left
        np.cumsum(change[:, :, :-1], axis=2, out=at_risk[:, :, 1:])
        at_risk[:, :, 1:] += self.started[:, :, None]
        return at_risk

    @property
    def n(self) -> IntArray:
        """(G,) rows in each group."""
        total: IntArray = self.started.sum(axis=1) + self.entered.sum(axis=(1, 2))
        return total

    @property
    def has_delayed_entry(self) -> bool:
        """Whether anybody came under observation after the start."""
        return bool(self.entered.any())

    def select(
        self, *, group: str | Sequence[str] | None = None, stratum: str | Sequence[str] | None = None
    ) -> RiskTable:
        """The same table for some groups or strata, in the order asked for.

        Raises: DataError if a label is unknown.
        """
        g = _positions(self.groups, group, "group")
        s = _positions(self.strata, stratum, "stratum")
        return replace(
            self,
            groups=tuple(self.groups[i] for i in g.tolist()),
            strata=tuple(self.strata[i] for i in s.tolist()),
            started=self.started[np.ix_(g, s)],
            entered=self.entered[np.ix_(g, s)],
            events=self.events[np.ix_(g, s)],
            censored=self.censored[np.ix_(g, s)],
        )

    def __add__(self, other: RiskTable) -> RiskTable:
        """Pool two risk tables: the result is that of all rows counted at once, matched by label and day."""
        groups = tuple(dict.fromkeys(self.groups + other.groups))
        strata = tuple(dict.fromkeys(self.strata + other.strata))
        days = np.union1d(self.days, other.days)
        n_causes = max(self.events.shape[2], other.events.shape[2])
        shape = (len(groups), len(strata))
        pooled = RiskTable(
            groups,
            strata,
            days,
            np.zeros(shape, dtype=np.int64),
            np.zeros((*shape, days.size), dtype=np.int64),
            np.zeros((*shape, n_causes, days.size), dtype=np.int64),
            np.zeros((*shape, days.size), dtype=np.int64),
        )
        started, entered = pooled.started.copy(), pooled.entered.copy()
        events, censored = pooled.events.copy(), pooled.censored.copy()
        for table in (self, other):
            g = _positions(groups, table.groups, "group")
            s = _positions(strata, table.strata, "stratum")
            d = np.searchsorted(days, table.days)
            started[np.ix_(g, s)] += table.started
            entered[np.ix_(g, s, d)] += table.entered
            censored[np.ix_(g, s, d)] += table.censored
            events[np.ix_(g, s, np.arange(table.events.shape[2]), d)] += table.events
        return replace(pooled, started=started, entered=entered, events=events, censored=censored)


def _summed(counts: IntArray, axis: int) -> IntArray:
    """The counts added up along an axis; as they stand where there is nothing to add."""
    if counts.shape[axis] == 1:
        return counts.reshape(counts.shape[:axis] + counts.shape[axis + 1 :])
    total: IntArray = counts.sum(axis=axis)
    return total


def _codes(
    values: npt.ArrayLike | None, labels: Sequence[str] | None, n: int, name: str
) -> tuple[IntArray, tuple[str, ...]]:
    """Positions of each row's label, and the labels: as given, else the sorted values that occur."""
    if values is None:
        if labels is not None and len(labels) != 1:
            raise DataError(
                f"Labels are given, but no {name} for the rows.",
                "no-group-column",
                expected=f"one {name} per row",
            )
        return np.zeros(n, dtype=np.int64), ("all",) if labels is None else (str(labels[0]),)
    array = np.asarray(values)
    require_same_length(**{"exit_days": n, name: array.size})
    names = None if labels is None else tuple(str(label) for label in labels)
    if names is not None and len(set(names)) < len(names):
        raise DataError(f"Two labels of the {name} are the same.", "repeated-label", expected="distinct labels")
    if array.dtype.kind == "O" and all(isinstance(value, str) for value in array):
        array = array.astype(str)
    if array.dtype.kind == "U":
        seen, code = np.unique(array, return_inverse=True)
        found = tuple(str(label) for label in seen)
        if names is None:
            return code.astype(np.int64), found
        return _positions(names, found, name)[code], names
    if array.dtype.kind == "b":
        array = array.view(np.int8)
    code = array if _is_plain(array) and not int(array.min()) < 0 else whole_numbers(array, f"The {name}")
    largest = int(code.max()) if code.size else -1
    if names is None:
        if 0 <= largest <= 4 * n:
            occurs = np.bincount(code) > 0
            seen = np.flatnonzero(occurs)
            return code if occurs.all() else (np.cumsum(occurs) - 1)[code], tuple(str(label) for label in seen)
        seen, code = np.unique(code, return_inverse=True)
        return code.astype(np.int64), tuple(str(label) for label in seen)
    if largest >= len(names):
        raise DataError(f"A {name} code has no label.", "unknown-label", expected=f"codes 0 to {len(names) - 1}")
    return code, names


def _positions(labels: tuple[str, ...], wanted: str | Sequence[str] | None, name: str) -> IntArray:
    if wanted is None:
        return np.arange(len(labels), dtype=np.int64)
    asked = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    place = {label: i for i, label in enumerate(labels)}
    if unknown := [label for label in asked if label not in place]:
        raise DataError(
            f"{len(unknown)} labels of the {name} are unknown.",
            "unknown-label",
            expected=", ".join(labels),
            todo=f"Name every {name} once.",
        )
    return np.asarray([place[label] for label in asked], dtype=np.int64)


def _require_exit_after_entry(exits: IntArray, entries: IntArray | None) -> None:
    if entries is None:
        return
    n_bad = int(np.count_nonzero(entries >= exits))
    if n_bad:
        raise DataError(
            f"Follow-up ends on or before the day of entry for {n_bad} of {exits.size} rows.",
            "exit-not-after-entry",
            expected="entry < exit",
            todo="A patient is at risk only after entry; leave out rows without any day at risk and say so.",
        )


def _number_of_causes(cause: IntArray, causes: int | None) -> int:
    seen = int(cause.max()) if cause.size else 0
    if causes is not None and causes < max(seen, 1):
        raise DataError(
            "A cause is above the number of causes.",
            "unknown-cause",
            expected=f"0 to {causes}",
            found=f"up to {seen}",
        )
    return max(seen, 1) if causes is None else causes


def _is_plain(array: npt.NDArray[Any]) -> bool:
    """Whether whole numbers can be used where they stand, without a copy as int64."""
    return array.ndim == 1 and array.size > 0 and array.dtype in _PLAIN


def _count_by_day(
    days: npt.NDArray[Any], parts: Sequence[tuple[npt.NDArray[Any], int]], shape: tuple[int, ...]
) -> tuple[IntArray, IntArray] | None:
    """Rows on each day that occurs, (k,), in each cell of the shape, (*shape, k), without sorting or copying them.

    Args: parts: (n,) codes and what one step of them is worth in the number of the cell; the first is worth 1.
    Returns: None where this does not go: no rows, a negative day, or days too far apart for a calendar.
    """
    width, n = int(np.prod(shape)), days.size
    if not n:
        return None
    most = (16 * n + 1_000_000) // width  # days for which a calendar of all cells is kept
    # a first guess of the calendar: a block of rows must be larger than it, or clearing it costs more than counting
    size = max(int(days[:: 1 + n // 1024].max()), 0) + 1
    if 2 * size * width > _BLOCK:
        size = max(int(days.max()), 0) + 1
    if size > most:
        return None
    block = max(_BLOCK, 2 * size * width)
    small: type[np.signedinteger[Any]] = np.int8 if width < 1 << 7 else np.int16 if width < 1 << 15 else np.int64
    counts = np.zeros((width, size), dtype=np.int64)
    place = np.empty(min(block, n), dtype=np.int64)
    for lo in range(0, n, block):
        some = days[lo : lo + block]
        last = int(some.view(f"u{some.itemsize}").max())  # a negative day becomes a very late one
        if last >= most:
            return None
        if last >= size:
            counts = np.pad(counts, ((0, 0), (0, last + 1 - size)))
            size = last + 1
        cell: npt.NDArray[Any] = parts[0][0][lo : lo + block].astype(small, copy=False)
        for codes, worth in parts[1:]:
            part: npt.NDArray[Any] = codes[lo : lo + block].astype(small, copy=False)
            cell = cell + part * small(worth)
        at = place[: some.size]
        np.multiply(cell, np.int64(size), out=at)
        at += some
        found = np.bincount(at, minlength=counts.size).reshape(counts.shape)
        counts = found if n <= block else counts + found
    occurs = counts.any(axis=0) if width < 3 else counts.sum(axis=0) > 0
    seen = np.flatnonzero(occurs)
    if seen.size < size:
        counts = np.take(counts, seen, axis=1)
    return seen, counts.reshape(*shape, seen.size)


def _day_axis(exits: IntArray, entries: IntArray | None) -> tuple[IntArray, IntArray, IntArray]:
    """The days on which anybody enters or leaves, and each row's place among them."""
    last = int(exits.max()) if exits.size else -1
    if last > 10_000_000:  # far beyond any follow-up in days: sort rather than allocate the whole calendar
        days = np.unique(exits if entries is None else np.concatenate([exits, entries[entries >= 0]]))
        return (
            days,
            np.searchsorted(days, exits),
            np.searchsorted(days, exits if entries is None else entries),
        )
    occurs = np.bincount(exits, minlength=last + 1) > 0
    if entries is not None:
        occurs |= np.bincount(entries[entries >= 0], minlength=last + 1) > 0
    place = np.cumsum(occurs, dtype=np.int64) - 1
    return np.flatnonzero(occurs).astype(np.int64), place[exits], place[exits if entries is None else entries]


def _count(index: IntArray, copies: IntArray | None, shape: tuple[int, ...]) -> IntArray:
    size = int(np.prod(shape))
    if copies is None:
        return np.bincount(index, minlength=size).reshape(shape).astype(np.int64)
    # float64 sums of whole numbers are exact below 2**53, far above any number of patients
    return np.rint(np.bincount(index, weights=copies, minlength=size)).astype(np.int64).reshape(shape)
