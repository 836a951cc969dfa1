"""A whole synthetic ward, drawn in chunks: the same patients whatever is done with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from remission.core.errors import DataError
from remission.synth.book import Book, load_book
from remission.synth.course import Course, draw_course
from remission.synth.dosing import (
    Cycle,
    Infusions,
    draw_first_cycle,
    draw_further_cycles,
    draw_planned_cycles,
    end_with_event,
    infusion_rows,
    last_planned_day,
)
from remission.synth.harm import Events, draw_events
from remission.synth.labs import LabValues, draw_labs
from remission.synth.marrow import Marrows, draw_marrows
from remission.synth.patients import Baseline, draw_patients
from remission.synth.response import Response, draw_response

FEWEST, MOST = 20, 1_000_000
CHUNK = 20_000  # patients drawn together; a change of it changes every ward of more patients


@dataclass(frozen=True)
class Ward:
    """Some patients of a ward with everything that is recorded of them. first: number of the first patient, from 1."""

    book: Book
    first: int
    centres: int
    patients: Baseline
    response: Response
    course: Course
    cycles: list[Cycle]
    infusions: Infusions
    marrows: Marrows
    events: Events
    labs: LabValues

    def __len__(self) -> int:
        return len(self.patients)


def draw_wards(patients: int, *, seed: int = 1, centres: int = 1) -> Iterator[Ward]:
    """The ward in chunks of at most CHUNK patients. The same call gives the same patients under one release of numpy.

    Raises: DataError `bad-size`, `bad-centres`, `bad-seed`.
    """
    if not FEWEST <= patients <= MOST:
        raise DataError(
            what="A synthetic ward cannot have so many patients.",
            code="bad-size",
            expected=f"{FEWEST} to {MOST:,} patients",
            found=f"{patients:,}",
            todo="Choose another number: --patients 60.",
        )
    if not 1 <= centres <= 50:
        raise DataError(
            what="A synthetic ward cannot have so many centres.", code="bad-centres", expected="1 to 50 centres",
            found=str(centres), todo="Choose another number: --centres 2.",
        )  # fmt: skip
    if seed < 0:
        raise DataError(
            what="The seed is negative.", code="bad-seed", expected="a whole number from 0", found=str(seed),
            todo="Choose another seed: --seed 1.",
        )  # fmt: skip
    return _chunks(patients, seed, centres)


def _chunks(patients: int, seed: int, centres: int) -> Iterator[Ward]:
    book = load_book()
    for number, first in enumerate(range(0, patients, CHUNK)):
        draw = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
        yield _draw(draw, min(CHUNK, patients - first), first + 1, centres, book)


def _draw(draw: np.random.Generator, n: int, first: int, centres: int, book: Book) -> Ward:
    """Baseline, response, course, and what is recorded on the way, in this order."""
    patients = draw_patients(draw, n, book, centres=centres)
    response = draw_response(draw, patients, book)
    first_cycle = draw_first_cycle(draw, patients, response, book)
    planned = draw_planned_cycles(draw, patients, response, book)
    course = draw_course(draw, patients, response, last_planned_day(first_cycle, planned), book)
    event = np.minimum(course.relapse_day, course.end_day)
    cycles = draw_further_cycles(draw, patients, end_with_event(first_cycle, event), planned, event, book)
    events = draw_events(draw, patients, course, cycles, book)
    return Ward(
        book=book,
        first=first,
        centres=centres,
        patients=patients,
        response=response,
        course=course,
        cycles=cycles,
        infusions=infusion_rows(patients, cycles),
        marrows=draw_marrows(draw, patients, response, course, cycles, book),
        events=events,
        labs=draw_labs(draw, patients, course, events, book),
    )
