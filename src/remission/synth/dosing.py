"""Cycles of blinatumomab: steps of the dose, pauses, reductions and stops, as the rows of an infusion sheet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from remission.synth.book import Book, Floats
from remission.synth.course import NEVER
from remission.synth.patients import Baseline, Flags, Ints, Texts
from remission.synth.response import Response, share_in_remission

FLAT_FROM_KG = 45.0  # a body of 45 kg gets micrograms a day, a lighter one micrograms a square metre and day
_STEP_DAYS = 7
_SHORT_DAYS, _LONG_DAYS, _BREAK_DAYS = 14, 28, 14
_LONGEST_PAUSE_DAYS = 3
_THIRD_OF_SECOND = 2 / 7  # of the patients with a second cycle (Wang 2025, Table 1)


@dataclass(frozen=True)
class Cycle:
    """One cycle of n patients; days from the first infusion, `is_given` says who had it.

    pause_day: first day without infusion, NEVER where there was none.  reduced_day: first day of half the dose.
    """

    number: int
    is_given: Flags
    start_day: Ints
    end_day: Ints
    pause_day: Ints
    pause_days: Ints
    reduced_day: Ints
    is_stopped: Flags


@dataclass(frozen=True)
class Infusions:
    """Rows of the infusion sheet. patient: index."""

    patient: Ints
    cycle: Ints
    start_day: Ints
    end_day: Ints
    dose_ug_per_day: Floats
    stop_reason: Texts


def draw_first_cycle(draw: np.random.Generator, patients: Baseline, response: Response, book: Book) -> Cycle:
    """Two weeks, or four where the paper gave four or the first marrow showed no remission yet."""
    n, s = len(patients), patients.setting
    is_long = draw.random(n) < book.rate("long_course")[s]
    publishes = np.array([book.has(name, "long_course") for name in book.settings])[s]
    length = np.where(is_long | (~publishes & ~response.is_remission), _LONG_DAYS, _SHORT_DAYS)
    return _cycle(draw, 1, np.ones(n, bool), np.zeros(n, np.int64), length, patients, book)


def end_with_event(cycle: Cycle, until: Ints) -> Cycle:
    """The cycle of those who relapse or die during it ends the day before. Args: until: (n,) that day."""
    is_cut = until <= cycle.end_day
    return replace(
        cycle,
        end_day=np.where(is_cut, until - 1, cycle.end_day),
        is_stopped=cycle.is_stopped | (cycle.is_given & is_cut),
    )


def draw_planned_cycles(draw: np.random.Generator, patients: Baseline, response: Response, book: Book) -> Ints:
    """(n,) how many cycles are meant to be given: one to three, and more than one only in remission."""
    n = len(patients)
    share = book.rate("further_cycles") / share_in_remission(book)
    second = response.is_remission & (draw.random(n) < share[patients.setting])
    third = second & (draw.random(n) < _THIRD_OF_SECOND)
    return np.asarray(1 + second.astype(np.int64) + third)


def last_planned_day(first: Cycle, planned: Ints) -> Ints:
    """(n,) by when the planned cycles are over, pauses included; the next treatment is counted from there."""
    return np.asarray(first.end_day + (planned - 1) * (_BREAK_DAYS + _SHORT_DAYS + _LONGEST_PAUSE_DAYS))


def draw_further_cycles(
    draw: np.random.Generator, patients: Baseline, first: Cycle, planned: Ints, until: Ints, book: Book
) -> list[Cycle]:
    """All cycles, the further ones of those who come to them. Args: until: (n,) first day that forbids one."""
    cycles = [first]
    for number in (2, 3):
        start = cycles[-1].end_day + 1 + _BREAK_DAYS
        length = np.full(len(patients), _SHORT_DAYS)
        can = cycles[-1].is_given & (planned >= number) & (start + length + _LONGEST_PAUSE_DAYS < until)
        cycles.append(_cycle(draw, number, can, start, length, patients, book))
    return cycles


def _cycle(
    draw: np.random.Generator, number: int, is_given: Flags, start: Ints, length: Ints, patients: Baseline, book: Book
) -> Cycle:
    n, s = len(patients), patients.setting
    has_pause = is_given & (draw.random(n) < book.rate("interrupted")[s])
    is_reduced = is_given & ~has_pause & (draw.random(n) < book.rate("reduced")[s])
    is_stopped = is_given & ~has_pause & ~is_reduced & (length > _SHORT_DAYS) & (draw.random(n) < 0.05)
    pause = start + draw.integers(_STEP_DAYS + 1, 12, n)
    pause_days = np.where(has_pause, draw.integers(1, _LONGEST_PAUSE_DAYS + 1, n), 0)
    length = np.where(is_stopped, _SHORT_DAYS, length)
    return Cycle(
        number=number,
        is_given=is_given,
        start_day=start,
        end_day=start + length - 1 + pause_days,
        pause_day=np.where(has_pause, pause, NEVER),
        pause_days=pause_days,
        reduced_day=np.where(is_reduced, start + 10, NEVER),
        is_stopped=is_stopped,
    )


def infusion_rows(patients: Baseline, cycles: list[Cycle]) -> Infusions:
    """One row for every stretch of one dose, in the order of patients, cycles and days."""
    low, full = doses(patients)
    parts = [_segments(cycle, low, full) for cycle in cycles]
    columns = [np.concatenate(group) for group in zip(*parts, strict=True)]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    patient, cycle, start, end, dose, reason = (column[order] for column in columns)
    return Infusions(patient, cycle, start, end, dose, reason)


def doses(patients: Baseline) -> tuple[Floats, Floats]:
    """Micrograms a day in the first week and after it."""
    surface = patients.body_surface_m2
    is_flat = patients.weight_kg >= FLAT_FROM_KG
    return (
        np.where(is_flat, 9.0, np.round(5.0 * surface, 1)),
        np.where(is_flat, 28.0, np.round(15.0 * surface, 1)),
    )


def _segments(cycle: Cycle, low: Floats, full: Floats) -> tuple[Ints | Floats | Texts, ...]:
    """The stretches of one cycle: the low step of the first, the full dose up to a pause or reduction, the rest."""
    has_step = cycle.number == 1
    step_end = cycle.start_day + (_STEP_DAYS - 1 if has_step else -1)
    second = step_end + 1
    has_pause, is_reduced = cycle.pause_day < NEVER, cycle.reduced_day < NEVER
    breaks = np.where(has_pause, cycle.pause_day, np.where(is_reduced, cycle.reduced_day, NEVER))
    third = np.where(has_pause, breaks + cycle.pause_days, breaks)
    last = np.where(cycle.is_stopped, "stopped early", "completed")
    why = np.where(has_pause, "interrupted", "dose reduced")
    cut = breaks < NEVER
    n = len(low)
    rows = [
        (cycle.is_given & cut, third, cycle.end_day, np.where(is_reduced, np.round(full / 2, 1), full), last),
        (cycle.is_given, second, np.where(cut, breaks - 1, cycle.end_day), full, np.where(cut, why, last)),
    ]
    if has_step:
        rows.append((cycle.is_given, cycle.start_day, step_end, low, np.full(n, "dose step")))
    found = [
        (np.flatnonzero(w), np.full(int(w.sum()), cycle.number), a[w], b[w], dose[w], reason[w].astype(object))
        for who, a, b, dose, reason in rows
        for w in [who & (a <= b)]
    ]
    return tuple(np.concatenate(group) for group in zip(*found, strict=True))
