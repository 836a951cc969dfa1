"""Follow-up cut where something happens later: before it a patient counts in one state, after it in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.core.errors import DataError
from remission.stats.arrays import (
    BoolArray,
    FrozenArrays,
    IntArray,
    numbers,
    require_same_length,
    whole_numbers,
)
from remission.stats.riskset import FROM_THE_START

CENSORED = -1  # leads nowhere: observation ends, or goes on in the same state


@dataclass(frozen=True, eq=False)
class Episodes(FrozenArrays):
    """Pieces of follow-up, (r,) rows in the order of the patients, r >= n; at risk is entry < t <= exit.

    patient: position among the n patients.  entry_days: -1 is from the start.  cause: 0 unless the piece ends
    with the event.  has_switched: the state during the piece.  ends_with_switch: the piece ends because the
    patient changes state, not because observation does.  n: patients.
    """

    patient: IntArray
    entry_days: IntArray
    exit_days: IntArray
    cause: IntArray
    has_switched: BoolArray
    ends_with_switch: BoolArray
    n: int

    @property
    def n_switched(self) -> int:
        """Patients with any time at risk after the switch."""
        return int(self.has_switched.sum())


def split_at(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    switch_days: npt.ArrayLike,
    *,
    entry_days: npt.ArrayLike | None = None,
) -> Episodes:
    """Cut each patient's follow-up at the day of a later event such as transplantation or response.

    Args: exit_days: (n,) int >= 0, days since origin.  is_event: (n,) bool, or int causes with 0 censored.
    switch_days: (n,) whole days >= 0, NaN or None for never.  entry_days: (n,) int >= -1, delayed entry.
    Returns: one or two rows per patient, who is at risk once on each day.
    Conventions: on the day of the switch a patient is still in the state before, in the new one from the day
    after; a switch at day 0 (or on or before the entry) is from the start; a switch on the last day or later
    does not count (docs/methods/simon-makuch.md).
    Raises: DataError if lengths differ, a value is not whole or negative, or exit is not after entry.
    """
    exits = whole_numbers(exit_days, "The last day of follow-up")
    events = np.asarray(is_event)
    cause = whole_numbers(events.astype(np.int64) if events.dtype.kind == "b" else events, "The event")
    switch = _switch_days(switch_days)
    entries = (
        np.full(exits.size, FROM_THE_START, dtype=np.int64)
        if entry_days is None
        else whole_numbers(entry_days, "The entry day", minimum=FROM_THE_START)
    )
    require_same_length(exit_days=exits.size, is_event=cause.size, switch_days=switch.size, entry_days=entries.size)
    n_bad = int(np.count_nonzero(entries >= exits))
    if n_bad:
        raise DataError(
            f"Follow-up ends on or before the day of entry for {n_bad} of {exits.size} rows.",
            "exit-not-after-entry",
            expected="entry < exit",
        )
    counts = switch < exits
    from_start = counts & (switch <= np.maximum(entries, 0))
    inside = counts & ~from_start
    cut = np.where(inside, switch, 0).astype(np.int64)
    patient = np.arange(exits.size, dtype=np.int64)
    return _in_order(
        np.concatenate([patient, patient[inside]]),
        np.concatenate([entries, cut[inside]]),
        np.concatenate([np.where(inside, cut, exits), exits[inside]]),
        np.concatenate([np.where(inside, 0, cause), cause[inside]]),
        np.concatenate([from_start, np.ones(int(inside.sum()), dtype=np.bool_)]),
        np.concatenate([inside, np.zeros(int(inside.sum()), dtype=np.bool_)]),
        exits.size,
    )


def _in_order(
    patient: IntArray,
    entry: IntArray,
    exit_: IntArray,
    cause: IntArray,
    switched: BoolArray,
    ends: BoolArray,
    n: int,
) -> Episodes:
    order = np.argsort(patient, kind="stable")
    return Episodes(patient[order], entry[order], exit_[order], cause[order], switched[order], ends[order], n)


def _switch_days(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Days of a switch as numbers, infinity for never."""
    array = np.asarray(values)
    if array.dtype.kind == "O" and all(v is None or isinstance(v, int | float | np.number) for v in array.ravel()):
        array = array.astype(np.float64)
    days = numbers(array, "The day of the switch")
    never = np.isnan(days)
    n_bad = int(np.count_nonzero((days[~never] < 0) | (days[~never] != np.floor(days[~never]))))
    if n_bad or np.isinf(days).any():
        raise DataError(
            f"The day of the switch is negative or not a whole number for {n_bad} of {days.size} rows.",
            "not-whole-numbers",
            expected="whole days >= 0, nothing for never",
        )
    return np.where(never, np.inf, days)


def episodes_after(episodes: Episodes, landmark: int) -> Episodes:
    """The pieces of those still under observation without the event after a landmark day.

    Args: episodes: from split_at.  landmark: int >= 0.
    Returns: the pieces with follow-up after the landmark; everybody under observation at it enters with it.
    Raises: DataError if the landmark is negative or not whole.
    """
    day = int(whole_numbers([landmark], "The landmark")[0])
    keep = episodes.exit_days > day
    entry = episodes.entry_days[keep]
    # nobody kept can have an event on the landmark itself, so entering just before it changes no estimate
    return Episodes(
        episodes.patient[keep],
        np.where(entry <= day, day - 1, entry),
        episodes.exit_days[keep],
        episodes.cause[keep],
        episodes.has_switched[keep],
        episodes.ends_with_switch[keep],
        int(np.unique(episodes.patient[keep]).size),
    )


@dataclass(frozen=True, eq=False)
class StateRows(FrozenArrays):
    """Pieces of follow-up of a multi-state model, ordered by patient and day; at risk is entry < t <= exit.

    states: K labels.  patient: (r,) position among the n patients.  from_state: (r,) position of the state
    during the piece.  to_state: (r,) position of the state it leads to, or CENSORED.
    """

    states: tuple[str, ...]
    patient: IntArray
    entry_days: IntArray
    exit_days: IntArray
    from_state: IntArray
    to_state: IntArray
    n: int


def state_rows(
    patient: npt.ArrayLike,
    entry_days: npt.ArrayLike,
    exit_days: npt.ArrayLike,
    from_state: Sequence[str],
    to_state: Sequence[str | None],
    *,
    states: Sequence[str],
) -> StateRows:
    """Rows of a multi-state model, checked: nobody in two places at once, no state entered from nowhere.

    Args: patient: (r,) any labels.  entry_days: (r,) int >= -1.  exit_days: (r,) int.  from_state: (r,) labels.
    to_state: (r,) labels, None or "" where observation ends or goes on in the same state.  states: K labels.
    Raises: DataError if lengths differ, a label is unknown, exit is not after entry, pieces of a patient
    overlap, a piece leads to its own state, or a patient's next piece is in another state than the last led to.
    """
    entry = whole_numbers(entry_days, "The entry day", minimum=FROM_THE_START)
    exit_ = whole_numbers(exit_days, "The last day of the piece")
    who = np.unique(np.asarray(patient), return_inverse=True)[1].astype(np.int64)
    require_same_length(
        patient=who.size,
        entry_days=entry.size,
        exit_days=exit_.size,
        from_state=len(from_state),
        to_state=len(to_state),
    )
    place = {label: i for i, label in enumerate(states)}
    if len(place) < len(states) or "" in place:
        raise DataError("Two states have the same label, or one has none.", "repeated-label")
    n_unknown = sum(s not in place for s in from_state) + sum(bool(s) and s not in place for s in to_state)
    if n_unknown:
        raise DataError(f"{n_unknown} labels are not among the states.", "unknown-label", expected=", ".join(states))
    here = np.asarray([place[s] for s in from_state], dtype=np.int64)
    there = np.asarray([place[s] if s else CENSORED for s in to_state], dtype=np.int64)
    order = np.lexsort((entry, who))
    who, entry, exit_, here, there = (x[order] for x in (who, entry, exit_, here, there))
    same = who[1:] == who[:-1]
    expected = np.where(there[:-1] == CENSORED, here[:-1], there[:-1])
    _refuse(entry >= exit_, "end on or before their first day", "exit-not-after-entry", "entry < exit")
    _refuse(same & (entry[1:] < exit_[:-1]), "overlap the one before", "at-risk-twice", "entry >= the exit before")
    _refuse(here == there, "lead to their own state", "no-transition", "nothing where the state stays")
    _refuse(same & (here[1:] != expected), "start in another state", "state-from-nowhere", "the state arrived at")
    return StateRows(tuple(states), who, entry, exit_, here, there, int(who.max()) + 1 if who.size else 0)


def _refuse(is_bad: BoolArray, what: str, code: str, expected: str) -> None:
    if n_bad := int(np.count_nonzero(is_bad)):
        raise DataError(f"{n_bad} pieces of follow-up {what}.", code, expected=expected)


def illness_death_rows(
    exit_days: npt.ArrayLike,
    cause: npt.ArrayLike,
    switch_days: npt.ArrayLike,
    *,
    states: tuple[str, str] = ("before", "after"),
    endings: Sequence[str] = ("event",),
) -> StateRows:
    """Patients in remission before or after a later event (such as transplantation) until one of some endings.

    Args: exit_days: (n,) int >= 0.  cause: (n,) int, 0 censored, 1.. the ending, or bool.  switch_days: (n,)
    whole days, NaN or None for never.  states: labels before and after.  endings: labels of causes 1, 2, ...
    Returns: rows with the states before, after and every ending; days and switches as in split_at.
    Raises: DataError as split_at, or if a cause has no label.
    """
    pieces = split_at(exit_days, cause, switch_days)
    if pieces.cause.size and int(pieces.cause.max()) > len(endings):
        raise DataError("A cause has no label.", "unknown-cause", expected=f"0 to {len(endings)}")
    labels = ("", *endings)
    return state_rows(
        pieces.patient,
        pieces.entry_days,
        pieces.exit_days,
        [states[int(s)] for s in pieces.has_switched],
        [
            states[1] if ends else labels[c]
            for ends, c in zip(pieces.ends_with_switch, pieces.cause.tolist(), strict=True)
        ],
        states=(*states, *endings),
    )
