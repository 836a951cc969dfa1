"""Exposure and adverse events of four patients, cycle by cycle, written out beside the records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from remission.analyses.spec import AdverseEventsSpec, ExposureSpec
from remission.core.errors import DataError, ProtocolError
from remission.endpoints.spec import GroupSpec

from .cohort_factory import make_cohort
from .study_of import rows_of

WARD = make_cohort(
    patients="""
        patient  sex     weight_kg  height_cm
        a        male    70         175
        b        female  60         160
        c        male    45         .
        d        female  .          .
        e        male    80         180
    """,
    infusions="""
        patient  cycle  start_day  end_day  dose_ug_per_day  stop_reason
        a        1      0          6        9                step
        a        1      7          27       28               completed
        a        2      42         69       28               completed
        b        1      0          6        9                step
        b        1      7          9        28               CRS
        b        1      14         20       9                CRS
        c        1      0          6        9                step
        c        1      7          27       28               completed
        d        1      0          .        28               .
    """,
    adverse_events="""
        patient  term         grade  start_day  cycle
        a        CRS          1      1          1
        a        CRS          3      43         .
        a        neutropenia  4      5          1
        b        CRS          2      9          .
        b        fever        .      2          1
        c        CRS          0      1          1
        c        发热          1      3          1
        e        headache     2      1          .
    """,
)
EXPOSURE = ExposureSpec("x", "exposure", "X", "all", regimen="label", short_below_days=10)
HARM = AdverseEventsSpec("h", "adverse-events", "H", "all", bands=("any", "1-2", ">=3"))


def test_days_dose_and_cycles() -> None:
    """a: 28 + 28 days, 7*9 + 21*28 + 28*28 µg; b: 17 days; c: 28 days; d has no end, so nothing is summed for d."""
    made = rows_of(WARD, EXPOSURE)
    assert made["x.all.patients.n"].value == 4
    assert made["x.all.cycles.N"].value == 5
    assert [made[f"x.all.days_on_drug.{s}"].value for s in ("n", "min", "median", "max")] == [3, 17, 28, 56]
    dose_a = 7 * 9 + 21 * 28 + 28 * 28
    assert made["x.all.dose.max"].value == dose_a
    assert made["x.all.dose.min"].value == 7 * 9 + 3 * 28 + 7 * 9
    assert made["x.all.cycles_started@2.n"].value == 1
    assert made["x.all.unknown@not_recorded_end_of_an_infusion.n"].value == 1


def test_pauses_reductions_and_early_stops() -> None:
    """b pauses on days 10 to 13, goes back to 9 µg and stops on day 20 of 28; the plan of d is not known."""
    made = rows_of(WARD, EXPOSURE)
    assert (made["x.all.paused@yes.n"].value, made["x.all.reduced@yes.n"].value) == (1, 1)
    assert made["x.all.pause_days.median"].value == 4
    assert (made["x.all.stopped_early@yes.n"].value, made["x.all.stopped_early@yes.n"].n) == (1, 4)
    assert made["x.all.stop_reason@crs.n"].value == 1
    assert made["x.all.dose_intensity.max"].value == pytest.approx(100)
    assert made["x.all.short_course@yes.n"].value == 1
    assert rows_of(WARD, replace(EXPOSURE, pauses_from_days=5))["x.all.paused@yes.n"].value == 0


def test_vials_and_cost() -> None:
    """A bag a day, a vial a bag: 56, 17 and 28 vials; d's cannot be told, so there is no total cost."""
    made = rows_of(WARD, replace(EXPOSURE, price=2000.0, currency="EUR"))
    assert [made[f"x.all.vials.{s}"].value for s in ("min", "max")] == [17, 56]
    assert made["x.all.cost.value"].status == "undefined"


def test_an_infusion_that_ends_before_it_starts_is_an_error() -> None:
    """Nothing is computed around it."""
    ward = make_cohort(
        infusions="""
            patient  cycle  start_day  end_day
            a        1      9          3
        """
    )
    with pytest.raises(DataError) as error:
        rows_of(ward, replace(EXPOSURE, regimen=""))
    assert error.value.code == "infusion-ends-before-start"


def test_worst_grade_of_each_patient() -> None:
    """CRS: a with grade 3, b with 2; c's grade 0 is none. Fever in two languages is one term; b's has no grade."""
    made = rows_of(WARD, HARM)
    assert [made[f"h.all.crs@{b}.n"].value for b in ("any", "1_2", "ge3")] == [2, 1, 1]
    assert (made["h.all.fever@any.n"].value, made["h.all.fever@1_2.n"].value) == (2, 1)
    assert made["h.all.fever@1_2.missing"].value == 1
    assert made["h.all.crs@records.events"].value == 3
    assert made["h.all.fever@recorded.text"].text == "发热"
    assert made["h.all.any_event@any.n"].value == 4


def test_cycles_are_cycles() -> None:
    """Five cycles; a's second CRS began after the second infusion; b's after the first; e has no infusion."""
    made = rows_of(WARD, replace(HARM, unit="cycles", bands=("0", "any")))
    assert made["h.all.cycles.N"].value == 5
    assert made["h.all.crs@any.n"].value == 3
    assert made["h.all.crs@any.n"].unit == "cycles"
    assert made["h.all.crs@0.n"].value == 2
    assert made["h.all.without_cycle.events"].value == 1


def test_rates_per_days_on_drug() -> None:
    """CRS: three events in 56 + 17 + 28 days; d and e have no known days and are left out."""
    made = rows_of(WARD, replace(HARM, rates=True))
    row = made["h.all.crs@rate.estimate"]
    assert row.value == pytest.approx(100 * 3 / (56 + 17 + 28))
    assert "2 patients" in row.note


def test_groups_are_columns_with_a_test() -> None:
    """CRS: one of three men, one of two women; Fisher's test of it has p = 1."""
    made = rows_of(WARD, replace(HARM, by="sex"), groups={"sex": GroupSpec("Sex", of="patients.sex")})
    assert made["h.by_sex.male.crs@any.n"].value == 1
    assert made["h.by_sex.male.patients.N"].value == 3
    assert made["h.by_sex.crs@any.p"].value == pytest.approx(1)
    assert made["h.by_sex.crs@any.p"].method == "fisher2"


LABS = make_cohort(
    patients="""
        patient  sex
        a        male
        b        female
        c        male
    """,
    labs="""
        patient  day  test       value  unit
        a        -1   platelets  20     10^9/L
        a        8    platelets  49     10^9/L
        a        9    platelets  50     10^9/L
        b        8    platelets  24.9   10^9/L
        c        8    platelets  80     10^9/L
        c        8    ALT        121    U/L
    """,
    adverse_events="""
        patient  term              grade  start_day
        c        thrombocytopenia  2      5
    """,
)


def test_laboratory_values_are_graded() -> None:
    """Platelets of 49 are grade 3, of 24.9 grade 4, before treatment nothing; 121 U/L are 3.03 times the limit of 40.

    80 is below the lower limit of 150: grade 1; without that limit it may be no event.
    """
    spec = replace(
        HARM, labs="only", normal={"platelets": {"unit": "10^9/L", "lower": 150}, "ALT": {"unit": "U/L", "upper": 40}}
    )
    made = rows_of(LABS, spec)
    names = {r.variable for r in made.rows.values() if r.analysis == "h" and r.stat == "events"}
    platelets = next(n for n in names if "hrombocytopenia" in n or "latelet" in n).lower().replace(" ", "_")
    assert [made[f"h.all.{platelets}@{b}.n"].value for b in ("any", "1_2", "ge3")] == [3, 1, 2]
    assert made["h.all.laboratory.N"].value == 5
    bare = rows_of(LABS, replace(HARM, labs="only"))
    assert bare[f"h.all.{platelets}@any.n"].value == 2
    assert sum(r.value or 0 for r in bare.rows.values() if r.variable == "laboratory_not_graded") >= 1


def test_recorded_and_graded_events_are_one_patient() -> None:
    """c's recorded grade 2 and measured grade 1 are one patient with grade 2."""
    limits = {"platelets": {"unit": "10^9/L", "lower": 150}}
    made = rows_of(LABS, replace(HARM, labs="also", normal=limits))
    assert made["h.all.thrombocytopenia@any.n"].value == 3
    assert made["h.all.thrombocytopenia@1_2.n"].value == 1


def test_limits_that_cannot_be_read_are_refused() -> None:
    """A test CTCAE does not know, or limits without a unit."""
    for normal in ({"shoe size": {"unit": "cm", "upper": 40}}, {"ALT": {"upper": 40}}):
        with pytest.raises(ProtocolError):
            rows_of(LABS, replace(HARM, labs="only", normal=normal))


def test_an_empty_sheet_is_no_absence_of_harm() -> None:
    """Nothing recorded is not "0 of 3 patients"."""
    nothing = make_cohort(patients="patient\na\nb\nc", adverse_events="patient  term  grade  start_day")
    row = rows_of(nothing, replace(HARM, bands=()))["h.all.any_event@any.n"]
    assert row.value is None
    assert row.note == "no adverse events are recorded"


def test_an_event_in_a_cycle_without_infusions_is_counted_apart() -> None:
    """a's event of cycle 2, of which no infusion is recorded."""
    ward = make_cohort(
        patients="patient\na\nb",
        infusions="""
            patient  cycle  start_day  end_day
            a        1      0          28
            b        1      0          28
        """,
        adverse_events="""
            patient  term  grade  start_day  cycle
            a        CRS   2      40         2
            b        CRS   1      3          1
        """,
    )
    made = rows_of(ward, replace(HARM, unit="cycles", bands=()))
    assert made["h.all.cycle_not_given.events"].value == 1
    assert made["h.all.crs@records.events"].value == 1
