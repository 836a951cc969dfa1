"""The illness-death model: from the first marrow to relapse, the next treatment, death or the end of observation.

Responders relapse or die in remission, both at constant rates; after a relapse, and without remission, death has rates
of its own. The rates are solved for, so that the survival printed in each paper comes out. The next treatment changes
none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.core.errors import DataError
from remission.synth.book import Book, Floats
from remission.synth.patients import Baseline, Flags, Ints, Texts
from remission.synth.response import Response, share_in_remission

NEVER = 10**6  # a day nobody reaches
DAYS_A_MONTH = 30.4375
NEXT = ("HSCT", "CAR-T", "blinatumomab", "chemotherapy")
_OFF_COURSE_DAYS = 1  # from the last infusion to the clock of the next treatment


@dataclass(frozen=True)
class Hazards:
    """Rates a month after the first marrow, one for each setting."""

    relapse: Floats
    death_in_remission: Floats
    death_after_relapse: Floats
    death_without_remission: Floats


@dataclass(frozen=True)
class Course:
    """n patients from the first marrow on; days from the first infusion, NEVER for what was not observed.

    next_kind: "" where no further treatment was given.  end_day: death, or the last contact.
    """

    relapse_day: Ints
    death_day: Ints
    end_day: Ints
    next_kind: Texts
    next_day: Ints
    salvage_kind: Texts
    salvage_day: Ints
    cause_of_death: Texts

    @property
    def is_dead(self) -> Flags:
        return np.asarray(self.death_day < NEVER)


def solve_hazards(book: Book) -> Hazards:
    """The rates by which each setting has the survival its paper prints.

    Raises: DataError `no-solution` where the printed probabilities contradict each other under model.toml.
    """
    return Hazards(*np.array([_solve(book, name, at) for at, name in enumerate(book.settings)]).T)


def _solve(book: Book, name: str, at: int) -> tuple[float, float, float, float]:
    after = book.model.after[name]
    remission = share_in_remission(book)[at]
    by_measure = {t.measure: t for t in book.targets.survival[name]}
    free = by_measure.get("RFS") or by_measure["PFS"]
    overall = by_measure["OS"]
    start = book.model.first_marrow_day / DAYS_A_MONTH
    event_free = free.probability / (remission if free.who == "all" else 1.0)
    if not 0 < event_free < 1:
        raise _no_solution(name, free.measure)
    leave = -np.log(event_free) / (free.at_months - start)
    dies = after.death_in_remission_share * leave
    relapses, later = leave - dies, after.death_after_relapse_per_month
    t = overall.at_months - start
    alive = np.exp(-leave * t) + relapses / (leave - later) * (np.exp(-later * t) - np.exp(-leave * t))
    others = (overall.probability - remission * alive) / (1 - remission)
    if not 0 < others < 1:
        raise _no_solution(name, "OS")
    return float(relapses), float(dies), later, float(-np.log(others) / t)


def _no_solution(name: str, measure: str) -> DataError:
    return DataError(
        what=f"The synthetic ward cannot have the printed {measure} of {name}.",
        code="no-solution",
        expected="a probability that leaves some, not all, of the patients without remission alive",
        todo="Change death_in_remission_share or death_after_relapse_per_month of model.toml.",
    )


def draw_course(
    draw: np.random.Generator, patients: Baseline, response: Response, course_end: Ints, book: Book
) -> Course:
    """What happens to each patient, cut at the end of observation.

    Args: course_end: (n,) last planned day of blinatumomab, from which the next treatment is counted.
    """
    hazards, s, n = solve_hazards(book), patients.setting, len(patients)
    first = book.model.first_marrow_day
    relapse = first + _wait(draw, hazards.relapse[s])
    in_remission = first + _wait(draw, hazards.death_in_remission[s])
    has_relapse = response.is_remission & (relapse < in_remission)
    after = relapse + _wait(draw, hazards.death_after_relapse[s])
    without = first + _wait(draw, hazards.death_without_remission[s])
    death = np.where(response.is_remission, np.where(has_relapse, after, in_remission), without)
    end = _end_of_observation(draw, patients, book)
    is_infected = draw.random(n) < 0.6
    cause = np.where(response.is_remission & ~has_relapse, np.where(is_infected, "infection", "GVHD"), "leukaemia")
    relapse = np.where(has_relapse & (relapse <= end), relapse, NEVER)
    is_dead = death <= end
    end = np.where(is_dead, death, end)
    kind, day = _next(draw, patients, response, course_end, np.minimum(relapse, end), book)
    salvage, salvage_day = _salvage(draw, relapse, end)
    cause = np.where(is_dead, np.where((cause == "GVHD") & (kind != "HSCT"), "infection", cause), "")
    return Course(
        relapse_day=relapse,
        death_day=np.where(is_dead, death, NEVER),
        end_day=end,
        next_kind=kind,
        next_day=day,
        salvage_kind=salvage,
        salvage_day=salvage_day,
        cause_of_death=cause.astype(object),
    )


def _wait(draw: np.random.Generator, per_month: Floats) -> Ints:
    """Whole days, at least one, of an exponential waiting time."""
    months = draw.exponential(1.0, len(per_month)) / per_month
    return np.asarray(np.maximum(1, np.ceil(np.minimum(months * DAYS_A_MONTH, NEVER / 4))), np.int64)


def _end_of_observation(draw: np.random.Generator, patients: Baseline, book: Book) -> Ints:
    """The last visit before the cut-off, or earlier for the few who are lost; never before the first marrow."""
    n = len(patients)
    to_cutoff = (np.datetime64(book.model.cutoff, "D") - patients.start_date).astype(np.int64)
    last_visit = to_cutoff - draw.integers(0, book.model.longest_since_visit_days + 1, n)
    lost = np.ceil(draw.exponential(365.25 / book.model.lost_per_year, n)).astype(np.int64)
    return np.asarray(np.maximum(np.minimum(last_visit, lost), 2 * book.model.first_marrow_day))


def _next(
    draw: np.random.Generator, patients: Baseline, response: Response, course_end: Ints, until: Ints, book: Book
) -> tuple[Texts, Ints]:
    """The next treatment: drawn by remission, then given to those who come to its day without an event."""
    n, s = len(patients), patients.setting
    delays = np.array([_delays(draw, n, book, kind) for kind in NEXT])
    below = np.cumsum(_shares_next(book, s, response, course_end), axis=0)
    index = (draw.random(n) >= below).sum(axis=0)
    is_protocol = patients.status == "MRD negative"  # these go on with the chemotherapy that had been delayed
    index = np.where(is_protocol, NEXT.index("chemotherapy"), index)
    padded = np.vstack([delays, np.full(n, NEVER)])
    day = course_end + _OFF_COURSE_DAYS + padded[index, np.arange(n)]
    is_given = day < until
    kind = np.array([*NEXT, ""], dtype=object)[index]
    return np.where(is_given, kind, "").astype(object), np.where(is_given, day, NEVER)


def _shares_next(book: Book, setting: Ints, response: Response, course_end: Ints) -> Floats:
    """(kinds, n): the probability to draw each treatment so that the printed share comes to receive it.

    What a paper prints keeps its share; what it does not print shares what is left.
    """
    answer = np.where(response.is_remission, "CR", "no CR")
    printed, others = np.zeros((2, len(NEXT), len(setting)))
    for at, kind in enumerate(NEXT):
        reach = _comes_to(book, kind, setting, response, course_end)
        for said in ("CR", "no CR"):
            measure = f"next.{kind}.{said}"
            is_printed = np.array([book.has(name, measure) for name in book.settings])[setting]
            share = np.where(answer == said, book.rate(measure)[setting] / reach, 0.0)
            printed[at] += np.where(is_printed, share, 0.0)
            others[at] += np.where(is_printed, 0.0, share)
    left = np.maximum(0.0, 1.0 - printed.sum(axis=0))
    others *= np.minimum(1.0, left / np.maximum(others.sum(axis=0), 1e-12))
    return np.asarray(printed / np.maximum(1.0, printed.sum(axis=0)) + others)


def _comes_to(book: Book, kind: str, setting: Ints, response: Response, course_end: Ints) -> Floats:
    """(n,) the probability to have no event before the usual day of a treatment."""
    hazards = solve_hazards(book)
    in_remission = hazards.relapse + hazards.death_in_remission
    rate = np.where(response.is_remission, in_remission[setting], hazards.death_without_remission[setting])
    days = course_end + _OFF_COURSE_DAYS + book.model.days_to_next[kind].median - book.model.first_marrow_day
    return np.asarray(np.exp(-rate * np.maximum(0.0, days) / DAYS_A_MONTH))


def _delays(draw: np.random.Generator, n: int, book: Book, kind: str) -> Ints:
    delay = book.model.days_to_next[kind]
    days = np.round(draw.lognormal(np.log(delay.median), delay.spread, n)).astype(np.int64)
    return np.clip(days, int(delay.low), int(delay.high))


def _salvage(draw: np.random.Generator, relapse: Ints, end: Ints) -> tuple[Texts, Ints]:
    """Some weeks after a relapse, for those who live to it: never one of NEXT, so that the next one stays plain."""
    n = len(relapse)
    day = relapse + draw.integers(7, 40, n)
    kind = np.where(draw.random(n) < 0.6, "inotuzumab", "supportive")
    is_given = (relapse < NEVER) & (day < end)
    return np.where(is_given, kind, "").astype(object), np.where(is_given, day, NEVER)
