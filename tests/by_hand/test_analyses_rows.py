"""Rows of each kind of analysis on eight patients, by hand; every table keeps the rules of the results."""

from __future__ import annotations

import contextlib

import pytest

from remission.analyses.guard import NAIVE, judge
from remission.analyses.material import Material
from remission.analyses.run import analyse
from remission.analyses.spec import (
    AdverseEventsSpec,
    AnalysisSpec,
    BaselineSpec,
    FollowUpSpec,
    ListingSpec,
    RatesSpec,
    RecordsSpec,
    SurvivalSpec,
)
from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.endpoints.database import open_database
from remission.endpoints.engine import derive_endpoints
from remission.endpoints.groups import Grouped, evaluate_groups
from remission.endpoints.populations import evaluate_populations
from remission.endpoints.spec import EndpointSpec, GroupSpec, PopulationSpec, ResponseSpec
from remission.results.check import check_results
from remission.results.table import Results

from .cohort_factory import make_cohort

WARD = make_cohort(
    patients="""
        patient  sex     age_years
        A-1      male    10
        A 1      female  20
        b        female  30
        c        male    40
        d        female  .
        e        male    60
        f        .       70
        g        female  80
    """,
    marrow="""
        patient  visit   day  blasts_percent  response_reported
        A-1      before  -1   60              .
        A-1      day 29  29   1               CR
        A 1      day 29  29   2               CRi
        b        day 29  30   1               CR
        c        day 29  25   40              no response
        d        day 29  28   50              no response
        e        day 29  29   3               CR
    """,
    therapies="""
        patient  kind   relation  start_day  donor
        A-1      HSCT   after     80         mother
        A-1      HSCT   after     180        father
        e        HSCT   after     90         .
        b        CAR-T  after     .          .
    """,
    adverse_events="""
        patient  term        grade
        A-1      CRS         1
        A-1      CRS         3
        A-1      crs         1
        b        CRS         .
        c        CRS         0
        d        any event   2
        e        Infection   4
    """,
    outcomes="""
        patient  status  death_day  last_contact_day  relapse  relapse_day
        A-1      alive   .          400               no       .
        A 1      dead    200        .                 yes      100
        b        alive   .          300               no       .
        c        dead    20         .                 no       .
        d        dead    60         .                 no       .
        e        dead    150        .                 no       .
        f        dead    10         .                 no       .
        g        .       .          .                 .        .
    """,
)
LEVELS = {
    "CR": {"response_reported": "CR"},
    "CRi": {"response_reported": "CRi"},
    "PR": {"response_reported": "PR"},
    "none": {"response_reported": "no response"},
}
GROUPS = {
    "sex": GroupSpec("Sex", of="patients.sex"),
    "response": GroupSpec("Response", preset="reported", where={"visit": "day 29"}, levels=LEVELS),
    "responded": GroupSpec("Responded", of="group.response", levels={"yes": ["CR", "CRi"], "no": "none"}),
    "car_t": GroupSpec("CAR-T", of="therapies.kind", levels={"CAR-T": "CAR-T"}),
    "late": GroupSpec("Late", preset="reported", where={"visit": "day 29"}, levels=LEVELS, known_by_day=500),
}


def material_of(cohort: Cohort) -> Material:
    with contextlib.closing(open_database(cohort)) as connection:
        groups = evaluate_groups(connection, cohort, GROUPS)
        populations = evaluate_populations(connection, cohort, {"all": PopulationSpec("All")}, groups, {})
        endpoints, _ = derive_endpoints(
            connection,
            cohort,
            {
                "os": EndpointSpec(preset="OS"),
                "dor": EndpointSpec(preset="DoR"),
                "rfs": EndpointSpec(preset="RFS"),
            },
            sources={},
            response=ResponseSpec("response", ("CR", "CRi")),
            groups=groups,
            populations=populations,
            excluded={},
        )
    return Material(cohort, groups, populations, endpoints)


def run(*specs: AnalysisSpec, cohort: Cohort = WARD) -> Results:
    material = material_of(cohort)
    analyse(material, specs, excluded={}, flow_split="sex")
    check_results(material.results)
    return material.results


def shown(results: Results, *ids: str) -> list[object]:
    """Value, text or status of each row."""
    found = []
    for i in ids:
        row = results[i]
        found.append(row.status if row.status != "ok" else row.text if row.value is None else row.value)
    return found


def test_baseline_with_tests() -> None:
    """Counts, median, missing values, columns and those in no column; Mann-Whitney of 10, 40, 60 against 20, 30, 80."""
    made = run(
        BaselineSpec(
            "t1", "baseline", "T", "all", ("patients.age_years", "group.sex", "group.response"), by="sex", tests=True
        )
    )
    assert shown(made, "t1.all.patients.N", "t1.by_sex.male.patients.N", "t1.by_sex.female.patients.N") == [8, 3, 4]
    assert shown(made, "t1.by_sex.patients.missing") == [1]
    assert shown(made, *(f"t1.all.age_years.{s}" for s in ("n", "missing", "median", "min", "max"))) == [
        7,
        1,
        40,
        10,
        80,
    ]
    assert shown(made, "t1.by_sex.female.age_years.median", "t1.by_sex.male.age_years.median") == [30, 40]
    assert shown(made, "t1.by_sex.age_years.p") == [1.0]
    assert shown(made, "t1.all.response@cr.n", "t1.all.response@pr.n", "t1.all.response.missing") == [3, 0, 2]
    assert made["t1.all.response@cr.estimate"].value == pytest.approx(3 / 6)


def test_rates_of_a_composite_over_both_denominators() -> None:
    """CR or CRi: 4 of 8 treated, 4 of 6 assessed; Clopper-Pearson of 4 of 8 is 0.157 to 0.843."""
    made = run(
        RatesSpec(
            "r",
            "rates",
            "T",
            "all",
            "response",
            rates={"CR or CRi": ("CR", "CRi")},
            by=("sex", "car_t"),
            denominator="both",
        )
    )
    rate, assessed = "r.all.response_rate@cr_or_cri", "r.all.response_rate_assessed@cr_or_cri"
    assert shown(made, f"{rate}.n", f"{rate}.N", f"{rate}.estimate") == [4, 8, 0.5]
    assert shown(made, f"{assessed}.n", f"{assessed}.N") == [4, 6]
    assert made[f"{rate}.low"].value == pytest.approx(0.1570128, abs=1e-7)
    assert made[f"{rate}.high"].value == pytest.approx(0.8429872, abs=1e-7)
    assert shown(made, "r.by_sex.response_rate.missing", "r.by_sex.male.response_rate@cr_or_cri.n") == [1, 2]
    assert shown(made, "r.by_car_t.response_rate@cr_or_cri.p", "r.by_car_t.response_rate.missing") == ["undefined", 7]
    assert made[f"{rate}.n"].members == made[f"{assessed}.n"].members


def test_survival_naive_and_from_the_landmark() -> None:
    """Known by day 30: c (20) and f (10) are gone by then; every row of the naive comparison says so."""
    made = run(SurvivalSpec("s", "survival", "T", "os", "all", by=("responded", "sex"), at_months=(3, 6)))
    assert shown(made, "s.all.os.N", "s.all.os.events", "s.all.os.censored", "s.all.not_evaluable.n") == [7, 5, 2, 1]
    assert made["s.all.survival@3mo.estimate"].value == pytest.approx(4 / 7)
    naive = [r for r in made.rows.values() if r.analysis == "s" and r.group == "responded"]
    assert naive
    assert all(r.note.endswith(NAIVE) for r in naive)
    assert not any(r.note.endswith(NAIVE) for r in made.rows.values() if r.group != "responded")
    at = "s_landmark_30d.by_responded"
    assert shown(made, f"{at}.landmark.setting", f"{at}.before_landmark.n", f"{at}.os.missing") == [30, 2, 0]
    assert shown(made, f"{at}.yes.os.N", f"{at}.no.os.N", f"{at}.no.os.events") == [4, 1, 1]
    assert made[f"{at}.yes.survival@6mo.estimate"].value == pytest.approx(3 / 4)
    assert made[f"{at}.before_landmark.n"].n == 7


def test_the_clock_of_the_landmark_is_the_clock_of_the_endpoint() -> None:
    """Relapse-free survival starts on day 29 at the earliest, the response is known by day 30: a landmark of 1 day."""
    made = run(SurvivalSpec("s", "survival", "T", "rfs", "all", by=("response",), at_months=(3,)))
    assert shown(made, "s_landmark_1d.by_response.landmark.setting", "s_landmark_1d.by_response.before_landmark.n") == [
        1,
        0,
    ]


def test_landmark_after_everybody_left() -> None:
    """Nobody is left to compare, and a row says so."""
    made = run(SurvivalSpec("s", "survival", "T", "os", "all", by=("late",)))
    at = "s_landmark_500d.by_late"
    assert shown(made, f"{at}.before_landmark.n", f"{at}.os.estimate") == [7, "failed"]
    assert made[f"{at}.os.estimate"].note == "nobody is under observation after the landmark"


def test_landmark_before_the_group_is_known() -> None:
    """Day 29 is before day 30, on which the last response became known."""
    with pytest.raises(ProtocolError) as raised:
        run(SurvivalSpec("s", "survival", "T", "os", "all", by=("response",), landmark_days=29))
    assert raised.value.code == "landmark-too-early"
    assert "day 30" in raised.value.expected


@pytest.mark.parametrize(
    ("is_baseline", "known", "first_start", "landmark", "naive", "day"),
    [
        (True, 0, 0, None, False, None),
        (True, 0, 28, 90, False, None),
        (True, 0, -100, None, True, 100),
        (False, 29, 0, None, True, 29),
        (False, 29, 0, 60, True, 60),
        (False, 29, 28, None, True, 1),
        (False, 29, 29, None, False, None),
        (False, 29, -10, None, True, 39),
        (False, None, 0, 60, True, None),
    ],
)
def test_guard(
    is_baseline: bool, known: int | None, first_start: int, landmark: int | None, naive: bool, day: int | None
) -> None:
    """A group is fair from the start only where it is known at everybody's start; days count from that start."""
    group = Grouped("g", "G", ("x",), {}, (), is_baseline, known, "", "")
    verdict = judge(group, landmark, analysis="s", first_start=first_start)
    assert (verdict.naive, verdict.landmark_days) == (naive, day)


@pytest.mark.parametrize("landmark", [None, 90])
def test_group_of_unknown_day_has_no_landmark(landmark: int | None) -> None:
    """Where nobody can say when the group was known, a landmark asked for would only look fair."""
    made = run(SurvivalSpec("s", "survival", "T", "os", "all", by=("car_t",), landmark_days=landmark))
    row = made["s.by_car_t.landmark.text"]
    assert (row.status, "known_by_day" in row.note) == ("failed", True)
    assert not any("landmark_" in r.analysis for r in made.rows.values())


def test_competing_events_are_not_shown_as_survival() -> None:
    """e died without relapse: Kaplan-Meier of the relapse would be biased, so nothing is drawn."""
    made = run(SurvivalSpec("s", "survival", "T", "dor", "all", by=("sex",)))
    rows = [r for r in made.rows.values() if r.analysis == "s"]
    assert [r.id for r in rows] == ["s.all.dor.estimate"]
    assert (rows[0].status, rows[0].n) == ("failed", 8)
    assert "cumulative incidence" in rows[0].note


def test_follow_up_counts_a_competing_event_as_no_end_of_follow_up() -> None:
    """Of the four with a response A-1 and b are still followed; A 1 relapsed, e died."""
    made = run(FollowUpSpec("f", "follow-up", "T", "dor", "all"), FollowUpSpec("g", "follow-up", "T", "os", "all"))
    assert shown(made, "f.all.event_free.N", "f.all.event_free.min", "f.all.event_free.max") == [2, 270, 371]
    assert shown(made, "g.all.event_free.N", "g.all.plain.N") == [2, 7]


def test_records_are_not_patients() -> None:
    """Three grafts of two patients; shares are of grafts."""
    made = run(
        RecordsSpec("k", "records", "T", "all", "therapies", "grafts", ("donor", "start_day"), where={"kind": "HSCT"})
    )
    assert shown(made, "k.all.patients.N", "k.all.records.N", "k.all.donor@mother.estimate") == [2, 3, 0.5]
    assert shown(made, "k.all.donor.missing", "k.all.start_day.median") == [1, 90]
    assert made["k.all.records.N"].unit == "grafts"


def test_adverse_events_by_worst_grade() -> None:
    """The same event twice is one patient and two events, also in small letters; grade 0 is none; no grade is any."""
    made = run(AdverseEventsSpec("a", "adverse-events", "T", "all"))
    assert shown(made, "a.all.crs@any.n", "a.all.crs@severe.n", "a.all.crs@records.events") == [2, 1, 4]
    assert shown(made, "a.all.any_event_2@any.n") == [1]
    assert shown(made, "a.all.any_event@any.n", "a.all.any_event@severe.n", "a.all.any_event@records.events") == [
        4,
        2,
        6,
    ]
    assert made["a.all.crs@any.n"].note == made["a.all.any_event@any.n"].note == "1 without a grade"
    assert shown(made, "a.all.infection@severe.estimate", "a.all.patients.N") == [0.125, 8]


def test_listing_keeps_ids_apart_that_read_alike() -> None:
    """A-1 and A 1 have addresses of their own; what is not recorded says why."""
    made = run(
        ListingSpec(
            "l", "listing", "T", "all", ("patients.age_years", "group.response", "endpoint.os", "outcomes.relapse")
        )
    )
    assert shown(made, "l.by_patient.a_1.patient.value", "l.by_patient.a_1_2.patient.value") == ["A-1", "A 1"]
    assert shown(made, "l.by_patient.a_1.patients_age_years.value", "l.by_patient.a_1_2.patients_age_years.value") == [
        10,
        20,
    ]
    assert shown(made, "l.by_patient.a_1_2.endpoint_os.value", "l.by_patient.g.endpoint_os.value") == [200, "undefined"]
    assert made["l.by_patient.g.endpoint_os.value"].note == "no day of event or last contact is recorded"
    assert made["l.by_patient.f.group_response.value"].note == "not recorded"
    short = run(ListingSpec("l", "listing", "T", "all", ("patients.sex",), up_to=7))
    assert short["l.all.listing.text"].status == "failed"


def test_flow_counts_everybody() -> None:
    """In the data 8, in the population 8, of whom one has no level of the split."""
    made = run()
    assert shown(made, "flow.all.recorded.n", "flow.all.population@all.n", "flow.by_sex.population@all.missing") == [
        8,
        8,
        1,
    ]


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (BaselineSpec("x", "baseline", "T", "all", ("marrow.day",), where={"marrow": {"visti": 1}}), "unknown-field"),
        (BaselineSpec("x", "baseline", "T", "all", ("marrow.day",), where={"marow": {"visit": "x"}}), "unknown-table"),
        (BaselineSpec("x", "baseline", "T", "all", ("marrow.day",), where={"marrow": {"day": "> 5"}}), "bad-condition"),
        (BaselineSpec("x", "baseline", "T", "all", ("patients.agee",)), "unknown-field"),
        (BaselineSpec("x", "baseline", "T", "all", ("patients.sex",), tests=True), "tests-without-group"),
        (BaselineSpec("x", "baseline", "T", "al", ("patients.sex",)), "unknown-population"),
        (RatesSpec("x", "rates", "T", "all", "response", rates={"a": ("CRR",)}), "unknown-level"),
        (RatesSpec("x", "rates", "T", "all", "respons"), "unknown-group"),
        (SurvivalSpec("x", "survival", "T", "pfs", "all"), "unknown-endpoint"),
        (RecordsSpec("x", "records", "T", "all", "grafts", "grafts", ()), "unknown-table"),
        (RecordsSpec("x", "records", "T", "all", "therapies", "grafts", (), {"sequence": 1}), "bad-condition"),
    ],
)
def test_misspelt_analyses(spec: AnalysisSpec, code: str) -> None:
    """An analysis never becomes empty because of a slip of the pen."""
    with pytest.raises(ProtocolError) as raised:
        run(spec)
    assert raised.value.code == code
