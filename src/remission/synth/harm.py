"""Adverse events: each at the rate of its paper, by patient or by cycle as the paper counts them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.synth.book import Book, HarmRate
from remission.synth.course import Course
from remission.synth.dosing import Cycle
from remission.synth.patients import Baseline, Ints, Texts


@dataclass(frozen=True)
class Events:
    """Rows of the sheet of adverse events. patient: index."""

    patient: Ints
    cycle: Ints
    term: Texts
    grade: Ints
    start_day: Ints
    end_day: Ints


def draw_events(
    draw: np.random.Generator, patients: Baseline, course: Course, cycles: list[Cycle], book: Book
) -> Events:
    """All adverse events, in the order of patients and days."""
    parts = []
    for at, name in enumerate(book.settings):
        harm = book.targets.harm[name]
        counted = cycles if harm.unit == "cycle" else cycles[:1]
        for cycle in counted:
            who = np.flatnonzero(cycle.is_given & (patients.setting == at))
            parts += [_one(draw, rate, harm.n, who, cycle, course, book) for rate in harm.events]
    columns = [np.concatenate(group) for group in zip(*parts, strict=True)]
    order = np.lexsort((columns[4], columns[0]))
    patient, cycle_number, term, grade, start, end = (column[order] for column in columns)
    return Events(patient, cycle_number, term, grade, start, end)


def _one(
    draw: np.random.Generator, rate: HarmRate, n: int, who: Ints, cycle: Cycle, course: Course, book: Book
) -> tuple[Ints | Texts, ...]:
    """One kind of event in one cycle: who has it, how bad, from when to when."""
    of = rate.n or n
    u = draw.random(len(who))
    has = u < rate.any / of
    is_severe = u < rate.severe / of
    mild, bad = draw.integers(1, 3, len(who)), np.where(draw.random(len(who)) < 0.8, 3, 4)
    timing = book.model.timing
    earliest, latest, mean = timing.get(rate.term, timing["default"])
    start = cycle.start_day[who] + draw.integers(earliest, latest + 1, len(who))
    end = np.minimum(start + draw.geometric(1 / mean, len(who)), course.end_day[who])
    grade = np.where(is_severe, bad, mild)
    term = np.full(len(who), rate.term, dtype=object)
    number = np.full(len(who), cycle.number)
    return tuple(column[has] for column in (who, number, term, grade, start, end))
