"""A large synthetic ward has the rates the papers print: every line of targets.toml is counted again in the draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from remission.stats import RiskTable, estimate_curves, survival_at
from remission.synth.book import LabTest, Rate, SurvivalTarget, load_book
from remission.synth.course import NEVER
from remission.synth.patients import STRATA
from remission.synth.ward import Ward, draw_wards

BOOK = load_book()
PATIENTS = 60_000
ERRORS = 4.0  # standard errors: of some hundred comparisons with a fixed seed none may be further off
DAYS_A_MONTH = 30.4375
Mask = npt.NDArray[np.bool_]


@cache
def wards() -> tuple[Ward, ...]:
    return tuple(draw_wards(PATIENTS, seed=20250101, centres=2))


@dataclass(frozen=True)
class Count:
    """Who has it, among whom: one value for each patient of a chunk."""

    has: Mask
    among: Mask


def in_setting(ward: Ward, setting: str) -> Mask:
    return np.asarray(ward.patients.setting == BOOK.settings.index(setting))


def has_marked(ward: Ward, rows: npt.NDArray[np.int64]) -> Mask:
    found = np.zeros(len(ward), bool)
    found[rows] = True
    return found


def baseline(ward: Ward, name: str) -> Mask:
    p, first = ward.patients, ward.infusions.cycle == 1
    plain: dict[str, Mask] = {
        "male": p.is_male,
        "ph_positive": p.is_ph_positive,
        "extramedullary": p.has_extramedullary,
        "cns": p.has_cns,
        "prior_hsct": p.has_prior_hsct,
        "prior_cart": p.has_prior_cart,
        "poor_risk": np.asarray(p.genetic_risk == "poor"),
        "interrupted": has_marked(ward, ward.infusions.patient[first & (ward.infusions.stop_reason == "interrupted")]),
        "reduced": has_marked(ward, ward.infusions.patient[first & (ward.infusions.stop_reason == "dose reduced")]),
        "further_cycles": has_marked(ward, ward.infusions.patient[ward.infusions.cycle == 2]),
    }
    return plain[name]


def first_marrow(ward: Ward, responses: tuple[str, ...]) -> Mask:
    m = ward.marrows
    return has_marked(ward, m.patient[(m.visit == "after cycle 1") & np.isin(m.response_reported, responses)])


def count(ward: Ward, measure: str) -> Count:
    """A measure of targets.toml, counted in the rows that are written wherever there are such rows."""
    p, everybody = ward.patients, np.ones(len(ward), bool)
    head, _, rest = measure.partition(".")
    before = ward.marrows.visit == "before"
    blasts = ward.marrows.blasts_percent[before]
    remission = first_marrow(ward, ("CR", "CRi"))
    m = ward.marrows
    negative = has_marked(ward, m.patient[(m.visit == "after cycle 1") & (m.mrd_reported == "negative")])
    if head == "stratum":
        return Count(p.stratum == STRATA.index(rest), everybody)
    if head == "status":
        return Count(p.status == rest, ~np.isin(p.status, ["MRD positive", "MRD negative"]))
    if head == "response":
        return Count(remission, p.stratum == STRATA.index(rest))
    if head == "negative":
        return Count(negative, remission & (p.stratum == STRATA.index(rest)))
    if head == "next":
        kind, _, who = rest.rpartition(".")
        # patients whose chemotherapy had been delayed go on with it: the papers on further treatment had none of them
        among = (remission if who == "CR" else ~remission) & (p.status != "MRD negative")
        return Count(ward.course.next_kind == kind, among)
    if measure == "blasts_high":
        return Count(blasts >= 50, blasts >= 5)
    if measure == "incomplete":
        return Count(first_marrow(ward, ("CRi",)), remission)
    if measure == "long_course":
        first = ward.cycles[0]
        length = first.end_day - first.start_day + 1 - first.pause_days
        return Count(length > 14, ~first.is_stopped)
    return Count(baseline(ward, measure), everybody)


def share(setting: str, measure: str) -> tuple[float, int]:
    has = n = 0
    for ward in wards():
        found = count(ward, measure)
        among = found.among & in_setting(ward, setting)
        has, n = has + int((found.has & among).sum()), n + int(among.sum())
    return has / n, n


RATES = [(s, rate) for s in BOOK.settings for rate in BOOK.targets.rates[s]]


@pytest.mark.parametrize(("setting", "rate"), RATES, ids=lambda x: x.measure if isinstance(x, Rate) else str(x))
def test_rates_are_those_of_the_papers(setting: str, rate: Rate) -> None:
    """Every published count, in its own setting, within chance (and within what targets.toml gives a reason for)."""
    found, n = share(setting, rate.measure)
    error = (max(rate.share * (1 - rate.share), 1e-9) / n) ** 0.5
    assert found == pytest.approx(rate.share, abs=ERRORS * error + rate.slack)


def test_a_slack_has_a_reason() -> None:
    assert all(rate.why for _, rate in RATES if rate.slack)
    assert not [rate.measure for _, rate in RATES if rate.why and not rate.slack]


SURVIVAL = [(s, t) for s in BOOK.settings for t in BOOK.targets.survival[s]]


def time_and_event(ward: Ward, target: SurvivalTarget) -> tuple[npt.NDArray[np.int64], Mask, Mask]:
    """Days, events and who is asked, as the endpoint counts them."""
    c, remission = ward.course, ward.response.is_remission
    failure = np.where(remission, NEVER, BOOK.model.first_marrow_day)
    first = np.minimum(c.relapse_day, failure) if target.measure == "PFS" else c.relapse_day
    event = c.death_day if target.measure == "OS" else np.minimum(first, c.death_day)
    who = remission if target.who == "responders" else np.ones(len(ward), bool)
    return np.minimum(event, c.end_day), event <= c.end_day, who


@pytest.mark.parametrize(
    ("setting", "target"), SURVIVAL, ids=lambda x: x.measure if isinstance(x, SurvivalTarget) else str(x)
)
def test_survival_is_that_of_the_papers(setting: str, target: SurvivalTarget) -> None:
    """Kaplan-Meier of the drawn patients at the month the paper names."""
    parts = [(*time_and_event(w, target), in_setting(w, setting)) for w in wards()]
    days, events = (np.concatenate([p[k][p[2] & p[3]] for p in parts]) for k in (0, 1))
    curve = estimate_curves(RiskTable.from_arrays(days, events.astype(int)))[0]
    at = survival_at(curve, [round(target.at_months * DAYS_A_MONTH)])[0]
    assert at.se is not None
    assert at.survival == pytest.approx(target.probability, abs=ERRORS * at.se + 0.003)


HARM = [(s, h.term) for s in BOOK.settings for h in BOOK.targets.harm[s].events]


@pytest.mark.parametrize(("setting", "term"), HARM)
def test_adverse_events_are_those_of_the_papers(setting: str, term: str) -> None:
    """Any grade and grade 3 or more, of patients or of cycles as the paper counts."""
    harm = BOOK.targets.harm[setting]
    rate = next(h for h in harm.events if h.term == term)
    n = events = severe = 0
    for ward in wards():
        here = in_setting(ward, setting)
        cycles = ward.cycles if harm.unit == "cycle" else ward.cycles[:1]
        n += sum(int((c.is_given & here).sum()) for c in cycles)
        mine = here[ward.events.patient] & (ward.events.term == term)
        events, severe = events + int(mine.sum()), severe + int((mine & (ward.events.grade >= 3)).sum())
    of = rate.n or harm.n
    for found, printed in ((events / n, rate.any / of), (severe / n, rate.severe / of)):
        assert found == pytest.approx(printed, abs=ERRORS * (max(printed * (1 - printed), 1e-9) / n) ** 0.5)


LABS = [(name, at) for name, test in BOOK.labs.tests.items() if test.printed for at in range(len(test.medians))]


@pytest.mark.parametrize(("name", "at"), LABS)
def test_laboratory_medians_are_the_printed_ones(name: str, at: int) -> None:
    """The median of each test on each of its days; one under the floor of the assay is hidden by it."""
    test: LabTest = BOOK.labs.tests[name]
    number = list(BOOK.labs.tests).index(name)
    days = BOOK.labs.panels[test.panel].days
    values = []
    for ward in wards():
        v = ward.labs
        is_day = v.day == days[at] if at < len(days) else ~np.isin(v.day, days)
        values.append(v.value[(v.test == number) & is_day])
    median = float(np.median(np.concatenate(values)))
    assert median == pytest.approx(max(test.medians[at], test.floor or 0.0), rel=0.04)


@pytest.mark.parametrize("setting", BOOK.settings)
def test_ages_have_the_printed_median_and_range(setting: str) -> None:
    printed = BOOK.targets.settings[setting]
    ages = np.concatenate([w.patients.age_years[in_setting(w, setting)] for w in wards()])
    assert np.median(ages) == pytest.approx(printed.age_median_years, rel=0.03)
    assert printed.age_low_years <= ages.min() <= ages.max() <= printed.age_high_years


def test_transplantation_changes_nothing() -> None:
    """Among responders free of relapse on day 185, who was transplanted before that lives no longer: the model's truth.

    Within one setting, as settings differ in both.
    """
    for setting in ("wang2025", "xie2023"):
        deaths = {True: [0, 0], False: [0, 0]}
        for ward in wards():
            c = ward.course
            here = in_setting(ward, setting) & ward.response.is_remission & (np.minimum(c.relapse_day, c.end_day) > 185)
            grafted = c.next_kind == "HSCT"
            early = np.minimum(c.relapse_day, c.death_day) <= 365
            watched = early | (c.end_day > 365)
            for key in (True, False):
                who = here & watched & (grafted == key)
                deaths[key][0] += int((who & early).sum())
                deaths[key][1] += int(who.sum())
        (a, n), (b, m) = deaths[True], deaths[False]
        pooled = (a + b) / (n + m)
        assert abs(a / n - b / m) < ERRORS * (pooled * (1 - pooled) * (1 / n + 1 / m)) ** 0.5


ASKED: dict[str, Callable[[Ward], bool]] = {
    "no infusion ends before it starts": lambda w: bool((w.infusions.end_day >= w.infusions.start_day).all()),
    "no infusion after the end of observation": lambda w: bool(
        (w.infusions.end_day <= w.course.end_day[w.infusions.patient]).all()
    ),
    "no marrow after it": lambda w: bool((w.marrows.day <= w.course.end_day[w.marrows.patient]).all()),
    "no adverse event after it": lambda w: bool((w.events.start_day <= w.course.end_day[w.events.patient]).all()),
    "no relapse without remission": lambda w: bool(w.response.is_remission[w.course.relapse_day < NEVER].all()),
    "blasts and MRD are percentages": lambda w: bool(
        (w.marrows.blasts_percent <= 100).all() and (w.marrows.mrd_percent <= 100).all()
    ),
    "no marrow on the threshold of 5 %": lambda w: bool((w.marrows.blasts_percent != 5).all()),
    "a next treatment comes before a relapse": lambda w: bool(
        (w.course.next_day[w.course.next_kind != ""] < w.course.relapse_day[w.course.next_kind != ""]).all()
    ),
}


@pytest.mark.parametrize("what", ASKED)
def test_days_are_in_order(what: str) -> None:
    assert all(ASKED[what](ward) for ward in wards())
