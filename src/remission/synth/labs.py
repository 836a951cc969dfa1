"""Laboratory values: lymphocyte subsets, immunoglobulins, cytokines with the floor of their assay."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from remission.synth.book import Book, Floats, LabTest
from remission.synth.course import NEVER, Course
from remission.synth.harm import Events
from remission.synth.patients import Baseline, Ints, Texts

_SPREADS_IN_A_RANGE = 5.0  # the range of some fifty lognormal values is about five standard deviations wide
_WITHIN = 0.8  # of the spread belongs to the patient, the rest to the sample


@dataclass(frozen=True)
class LabValues:
    """Rows of the laboratory sheet. patient, test: indices, the second into the tests of labs.toml.

    sign: "<" where the value is the floor of the assay and less was there.
    """

    patient: Ints
    day: Ints
    test: Ints
    value: Floats
    sign: Texts


def draw_labs(draw: np.random.Generator, patients: Baseline, course: Course, events: Events, book: Book) -> LabValues:
    """All laboratory values, in the order of patients, days and tests."""
    n = len(patients)
    measured = {name: draw.random(n) < panel.share for name, panel in book.labs.panels.items()}
    onset = _first_onset(n, events)
    parts = []
    for number, test in enumerate(book.labs.tests.values()):
        own = draw.normal(size=n)
        days = [np.full(n, day) for day in book.labs.panels[test.panel].days]
        if len(test.medians) > len(days):
            days.append(onset)
        for day, median in zip(days, test.medians, strict=True):
            is_taken = measured[test.panel] & (day < course.end_day)
            who = np.flatnonzero(is_taken)
            parts.append((who, day[who], np.full(len(who), number), *_values(draw, test, median, own[who])))
    columns = [np.concatenate(group) for group in zip(*parts, strict=True)]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    patient, day, test_number, value, is_below = (column[order] for column in columns)
    return LabValues(patient, day, test_number, value, np.where(is_below, "<", "").astype(object))


def _values(draw: np.random.Generator, test: LabTest, median: float, own: Floats) -> tuple[Floats, Floats]:
    spread = log(test.high / test.low) / _SPREADS_IN_A_RANGE
    noise = _WITHIN * own + (1 - _WITHIN**2) ** 0.5 * draw.normal(size=len(own))
    value = np.round(np.clip(median * np.exp(spread * noise), test.low, test.high), test.digits)
    floor = test.floor or 0.0
    return np.maximum(value, floor), np.asarray(value < floor, dtype=float)


def _first_onset(n: int, events: Events) -> Ints:
    """(n,) the first day of CRS or ICANS in the first cycle, NEVER without either."""
    onset = np.full(n, NEVER)
    is_either = np.isin(events.term, ["CRS", "ICANS"]) & (events.cycle == 1)
    np.minimum.at(onset, events.patient[is_either], events.start_day[is_either])
    return onset
