"""Given against planned: relative dose, dose intensity, short course."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.endpoints.exposure.given import GivenCycle, derive_given_cycles
from remission.endpoints.exposure.infusions import Infusion
from remission.endpoints.exposure.intensity import ShortCourse, derive_course_length, derive_dose_intensity
from remission.endpoints.exposure.planned import PlannedCycle, derive_planned_cycle
from remission.endpoints.exposure.regimen import find_regimen

from .aligned import aligned, number, whole

# planned: 9 ug for 7 days, 28 for 21: 651 ug in 28 days
FIXED = derive_planned_cycle(find_regimen("fixed"), 1, weight_kg=None, height_cm=None)


def given(text: str, cycle: int = 1) -> GivenCycle:
    """ "0-6@9 7-27@28": days and ug/day; "?" is a dose that is not recorded."""
    records = []
    for place, part in enumerate(text.split()):
        days, dose = part.split("@")
        start, end = days.split("-")
        records.append(Infusion("a", cycle, int(start), int(end), None if dose == "?" else float(dose), row=place))
    return derive_given_cycles(records)[0]


@pytest.mark.parametrize(
    "row",
    aligned("""
    records                    relative             intensity            why
    0-6@9 7-27@28              1                    1                    as planned
    0-6@9 7-13@28              0.39784946236559140  0.39784946236559140  an early stop counts as dose lost
    0-6@9 7-9@28 14-31@28      1                    0.875                a pause of 4 days: 28 days of dose in 32
    50-56@9 57-59@28 64-81@28  1                    0.875                the same from day 50 on
    0-6@9 7-27@14              0.54838709677419350  0.54838709677419350  half the dose in weeks 2 to 4
    0-6@9 7-9@28 10-27@14      0.61290322580645160  0.61290322580645160  Wang 2025: 14 ug from day 11 on, 399 of 651 ug
    0-27@28                    1.2043010752688172   1.2043010752688172   more than planned
    0-6@9 7-13@?               .                    .                    a dose is not recorded
    """),
    ids=lambda r: r["why"],
)
def test_dose_intensity(row: dict[str, str]) -> None:
    """651 ug in 28 days are planned; 259, 651, 357, 399 and 784 were given."""
    made = derive_dose_intensity(given(row["records"]), FIXED)
    for found, expected in ((made.relative_dose, row["relative"]), (made.relative_dose_intensity, row["intensity"])):
        assert found == (None if not expected else pytest.approx(number(expected), rel=1e-14))
    assert bool(made.reason) == (not row["relative"])
    assert made.rows == given(row["records"]).rows


def test_without_a_plan_there_is_no_intensity() -> None:
    """The reason is that of the plan."""
    plan = derive_planned_cycle(find_regimen("label"), 1, weight_kg=None, height_cm=None)
    made = derive_dose_intensity(given("0-6@9"), plan)
    assert (made.relative_dose, made.reason) == (None, "not recorded: weight")


@pytest.mark.parametrize(
    "row",
    aligned("""
    records          fewer  full  days  short  why
    0-2@9 3-11@28    10     28    9     yes    nine days on the full dose
    0-2@9 3-12@28    10     28    10    no     ten are not fewer than ten
    0-2@9 3-12@28    14     28    10    yes    another study's definition
    0-2@9 3-12@27.6  10     28    10    no     rounded by the pharmacy
    0-2@9 3-12@27    10     28    0     yes    below the full dose
    0-27@9           10     28    0     yes    the full dose never reached
    0-2@9 3-12@28    10     .     10    no     the highest planned dose
    0-2@? 3-12@28    10     28    .     ?      a dose is not recorded
    """),
    ids=lambda r: r["why"],
)
def test_short_course(row: dict[str, str]) -> None:
    """Yin 2024: full dose for fewer than 10 days, steps up not counted."""
    made = derive_course_length(given(row["records"]), ShortCourse(int(row["fewer"]), number(row["full"])), FIXED)
    assert made.full_dose_days == whole(row["days"])
    assert made.is_short is {"yes": True, "no": False, "?": None}[row["short"]]


def test_a_short_course_needs_a_full_dose() -> None:
    """Without a plan and without a dose it cannot be told."""
    assert derive_course_length(given("0-9@28"), ShortCourse(10)).reason == "the full dose is not known"
    empty = PlannedCycle(1, "", "shortest", (), reason="not recorded: weight")
    assert derive_course_length(given("0-9@28"), ShortCourse(10), empty).reason == "not recorded: weight"


def test_cycles_are_not_mixed() -> None:
    """Cycle 2 is not held against the plan of cycle 1; a definition of 0 days is none."""
    for call in (
        lambda: derive_dose_intensity(given("0-6@9", cycle=2), FIXED),
        lambda: derive_course_length(given("0-6@9", cycle=2), ShortCourse(10), FIXED),
    ):
        with pytest.raises(DataError) as error:
            call()
        assert error.value.code == "cycles-differ"
    with pytest.raises(DataError) as days:
        derive_course_length(given("0-6@9"), ShortCourse(0), FIXED)
    assert days.value.code == "negative-days"
