"""Marrows of each patient: before, on the day of the first assessment, after each further cycle, at a relapse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.synth.book import Book, Floats
from remission.synth.course import NEVER, Course
from remission.synth.dosing import Cycle
from remission.synth.patients import Baseline, Flags, Ints, Texts, draw_residual
from remission.synth.response import Response

FLOOR_PERCENT = 0.01  # of flow cytometry; a negative marrow is reported as this value
_BEFORE, _RELAPSE = "before", "relapse"


@dataclass(frozen=True)
class Marrows:
    """Rows of the marrow sheet. patient: index; mrd_percent is FLOOR_PERCENT where nothing was detected."""

    patient: Ints
    visit: Texts
    day: Ints
    blasts_percent: Floats
    mrd_percent: Floats
    mrd_reported: Texts
    response_reported: Texts
    hb_g_l: Floats
    anc_10e9_l: Floats
    platelets_10e9_l: Floats


def draw_marrows(
    draw: np.random.Generator, patients: Baseline, response: Response, course: Course, cycles: list[Cycle], book: Book
) -> Marrows:
    """All marrows, in the order of patients and days."""
    everybody = np.ones(len(patients), bool)
    parts = [_before(draw, patients)]
    parts.append(_assessed(draw, patients, response, everybody, np.full(len(patients), book.model.first_marrow_day), 1))
    for cycle in cycles[1:]:
        day = cycle.end_day + draw.integers(2, 8, len(patients))
        who = cycle.is_given & (day < np.minimum(course.relapse_day, course.end_day)) & response.is_remission
        parts.append(_assessed(draw, patients, response, who, day, cycle.number))
    parts.append(_relapse(draw, course))
    columns = [np.concatenate(group) for group in zip(*parts, strict=True)]
    order = np.lexsort((columns[2], columns[0]))
    return Marrows(*(column[order] for column in columns))


_Part = tuple[Ints | Floats | Texts, ...]


def _part(
    patient: Ints, visit: str, day: Ints, blasts: Floats, mrd: Floats, response: Texts, counts: tuple[Floats, ...]
) -> _Part:
    reported = np.where(mrd <= FLOOR_PERCENT, "negative", "positive").astype(object)
    visits = np.full(len(patient), visit, dtype=object)
    return (patient, visits, day, blasts, np.maximum(mrd, FLOOR_PERCENT), reported, response, *counts)


def _before(draw: np.random.Generator, patients: Baseline) -> _Part:
    n = len(patients)
    counts = _counts(draw, np.zeros(n, bool), np.zeros(n, bool))
    nothing = np.full(n, "", dtype=object)
    day = -draw.integers(0, 6, n)
    return _part(np.arange(n), _BEFORE, day, patients.blasts_percent, patients.mrd_percent, nothing, counts)


def _assessed(
    draw: np.random.Generator, patients: Baseline, response: Response, who: Flags, day: Ints, number: int
) -> _Part:
    """A marrow after a cycle: in remission few blasts, else about what there was before."""
    i = np.flatnonzero(who)
    n = len(i)
    remission, negative = response.is_remission[i], response.is_mrd_negative[i]
    before, was_overt = patients.blasts_percent[i], patients.blasts_percent[i] >= 5.0
    few = np.round(draw.uniform(0.0, 4.0, n) * 2) / 2
    many = np.clip(np.round(before * draw.uniform(0.6, 1.2, n)), 6.0, 97.0)
    blasts = np.where(~remission & was_overt, many, few)
    residual = draw_residual(draw, n, median=0.2, spread=1.2)
    near = np.clip(np.round(blasts * draw.uniform(0.6, 1.1, n), 1), 0.5, 99.0)
    mrd = np.where(negative, 0.0, np.where(blasts >= 5.0, near, residual))
    incomplete = response.is_incomplete[i]
    text = np.where(remission, np.where(incomplete, "CRi", "CR"), "no response").astype(object)
    counts = _counts(draw, remission, incomplete)
    return _part(i, f"after cycle {number}", day[i], blasts, mrd, text, counts)


def _relapse(draw: np.random.Generator, course: Course) -> _Part:
    i = np.flatnonzero(course.relapse_day < NEVER)
    n = len(i)
    blasts = np.round(draw.uniform(12.0, 95.0, n))
    mrd = np.clip(np.round(blasts * draw.uniform(0.6, 1.1, n), 1), 0.5, 99.0)
    counts = _counts(draw, np.zeros(n, bool), np.zeros(n, bool))
    return _part(i, _RELAPSE, course.relapse_day[i], blasts, mrd, np.full(n, "", dtype=object), counts)


def _counts(draw: np.random.Generator, remission: Flags, incomplete: Flags) -> tuple[Floats, Floats, Floats]:
    """Haemoglobin, neutrophils, platelets: recovered in a complete remission, one of the last two not in a CRi."""
    n = len(remission)
    low_anc, low_plt = draw.uniform(0.1, 0.9, n), draw.uniform(12.0, 95.0, n)
    good_anc, good_plt = draw.uniform(1.1, 4.8, n), draw.uniform(102.0, 320.0, n)
    is_anc_low = draw.random(n) < 0.5
    has_recovered = remission & ~incomplete
    any_anc, any_plt = draw.uniform(0.2, 3.5, n), draw.uniform(15.0, 220.0, n)
    anc = np.where(has_recovered, good_anc, np.where(incomplete, np.where(is_anc_low, low_anc, good_anc), any_anc))
    plt = np.where(has_recovered, good_plt, np.where(incomplete, np.where(is_anc_low, good_plt, low_plt), any_plt))
    hb = np.where(remission, draw.uniform(92.0, 140.0, n), draw.uniform(62.0, 118.0, n))
    return np.asarray(np.round(hb), float), np.asarray(np.round(anc, 1), float), np.asarray(np.round(plt), float)
