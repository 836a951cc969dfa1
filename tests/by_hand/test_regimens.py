"""What each regimen plans, at every weight, length and decision that changes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from remission.core.errors import DataError
from remission.endpoints.exposure.body_surface import body_surface_m2
from remission.endpoints.exposure.planned import PlannedCycle, derive_planned_cycle
from remission.endpoints.exposure.regimen import CyclePlan, Regimen, Step, check_regimen, find_regimen, load_regimens

from .aligned import aligned, number, whole, yes

# 40 kg and 90 cm are exactly 1 m2; steps are days x ug/day
PLANS = aligned("""
    regimen        cycle  kg     cm    remission  length    steps                break  ug
    fixed          1      .      .     .          shortest  7x9 21x28            14     651
    fixed          2      .      .     .          shortest  28x28                14     784
    label          1      45.0   170   .          shortest  7x9 21x28            14     651
    label          1      45.0   .     .          shortest  7x9 21x28            14     651
    label          1      70     .     .          longest   7x9 21x28            14     651
    label          1      40     90    .          shortest  7x5 21x15            14     350
    label          2      40     90    .          shortest  28x15                14     420
    label          6      40     90    .          shortest  28x15                56     420
    label          9      80     180   .          shortest  28x28                56     784
    label          1      44.9   280   .          shortest  7x9 21x28            14     651
    consolidation  1      60     170   .          shortest  28x28                14     784
    consolidation  4      40     90    .          shortest  28x15                14     420
    wang2025       1      45.0   .     .          shortest  7x9 7x28             .      259
    wang2025       1      45.0   .     .          longest   7x9 21x28            .      651
    wang2025       6      40     90    .          shortest  7x5 7x15             .      140
    wang2025       1      40     90    .          longest   7x5 14x15            .      245
    xie2023        1      40     90    yes        shortest  2x5 2x10 10x15       .      180
    xie2023        1      40     90    no         shortest  2x5 2x10 24x15       .      390
    xie2023        1      80     180   yes        shortest  2x9 2x20 10x28       .      338
    yin2024        1      .      .     .          shortest  3x9 6x28             .      195
    yin2024        3      .      .     .          longest   3x9 10x28            .      307
    shanghai2025   1      40     90    .          shortest  7x5 7x15             14     140
    shanghai2025   1      40     90    .          longest   7x5 21x15            14     350
    shanghai2025   2      40     90    .          shortest  14x15                14     210
    shanghai2025   2      40     90    .          longest   28x15                14     420
""")


def plan(row: dict[str, str]) -> PlannedCycle:
    return derive_planned_cycle(
        find_regimen(row["regimen"]),
        int(row["cycle"]),
        weight_kg=number(row["kg"]),
        height_cm=number(row["cm"]),
        length=row["length"],  # type: ignore[arg-type]
        in_remission=yes(row["remission"]),
    )


@pytest.mark.parametrize("row", PLANS, ids=lambda r: " ".join(r.values()))
def test_plans_of_the_papers(row: dict[str, str]) -> None:
    """Exactly 45.0 kg is flat; a dose by body surface never exceeds the flat one; no remission on day 15 goes to 28."""
    made = plan(row)
    assert " ".join(f"{s.days}x{s.dose_ug_per_day:g}" for s in made.steps) == row["steps"]
    assert (made.break_days, made.reason) == (whole(row["break"]), "")
    assert made.dose_ug == pytest.approx(float(row["ug"]), abs=1e-9)
    assert made.days == sum(int(s.split("x")[0]) for s in row["steps"].split())
    assert made.full_dose_ug_per_day == max(float(s.split("x")[1]) for s in row["steps"].split())


@pytest.mark.parametrize(
    "row",
    aligned("""
    regimen   cycle  kg    cm   remission  length    basis         reason
    label     1      .     170  .          shortest  .             not recorded: weight
    label     1      44.9  .    .          shortest  body surface  not recorded: height
    label     10     60    170  .          shortest  .             the regimen has no such cycle
    xie2023   1      .     .    .          shortest  body surface  not recorded: weight, height, remission on day 15
    xie2023   1      40    90   .          shortest  body surface  not recorded: remission on day 15
    xie2023   2      40    90   yes        shortest  .             the regimen has no such cycle
    """),
    ids=lambda r: " ".join(r.values()),
)
def test_what_cannot_be_planned_says_why(row: dict[str, str]) -> None:
    """No weight is guessed, no height, no response."""
    made = plan(row)
    assert (made.steps, made.days, made.dose_ug, made.full_dose_ug_per_day) == ((), None, None, None)
    assert (made.basis, made.reason) == (row["basis"], row["reason"])


@pytest.mark.parametrize(
    ("kg", "basis"), [(44.9, "body surface"), (44.999, "body surface"), (45.0, "flat"), (45.1, "flat")]
)
def test_the_45_kg_rule(kg: float, basis: str) -> None:
    """The limit itself belongs to the flat dose, as Wang 2025 prints it."""
    assert derive_planned_cycle(find_regimen("wang2025"), 1, weight_kg=kg, height_cm=150).basis == basis


def test_body_surface_by_mosteller() -> None:
    """40 kg and 90 cm are exactly 1 m2; 70 kg and 175 cm are the root of 3.402777."""
    assert body_surface_m2(40, 90) == 1.0
    assert body_surface_m2(70, 175) == pytest.approx(1.8446619684315546, rel=1e-15)
    for weight, height in ((0, 100), (-3, 100), (30, 0), (float("nan"), 100)):
        with pytest.raises(DataError) as error:
            body_surface_m2(weight, height)
        assert error.value.code == "impossible-body"


def test_steps_of_any_kind() -> None:
    """A regimen of the study's own: three steps, an extension of a week decided on day 11."""
    regimen = check_regimen(
        Regimen(
            "own", "", (CyclePlan(1, 1, flat=(Step(2, 5), Step(3, 15), Step(6, 28)), extension=7, extension_day=11),)
        )
    )
    short = derive_planned_cycle(regimen, 1, weight_kg=None, height_cm=None, in_remission=True)
    long = derive_planned_cycle(regimen, 1, weight_kg=None, height_cm=None, in_remission=False)
    assert (short.days, long.days, short.is_extended, long.is_extended) == (11, 18, False, True)


STEP = (Step(7, 9),)


@pytest.mark.parametrize(
    ("regimen", "code"),
    [
        (Regimen("r", "", (CyclePlan(1, 1),)), "regimen-without-steps"),
        (Regimen("r", "", (CyclePlan(1, 1, STEP, STEP),)), "regimen-weight"),
        (Regimen("r", "", (CyclePlan(1, 1, STEP),), flat_from_kg=45), "regimen-weight"),
        (Regimen("r", "", (CyclePlan(1, 1, (Step(0, 9),)),)), "regimen-steps"),
        (Regimen("r", "", (CyclePlan(1, 1, (Step(7, 9, most_days=6),)),)), "regimen-steps"),
        (Regimen("r", "", (CyclePlan(1, 1, (Step(7, 0),)),)), "regimen-steps"),
        (Regimen("r", "", (CyclePlan(1, 1, STEP, extension=7),)), "regimen-steps"),
        (Regimen("r", "", (CyclePlan(2, 3, STEP),)), "regimen-cycles"),
        (Regimen("r", "", (CyclePlan(1, 2, STEP), CyclePlan(2, 3, STEP))), "regimen-cycles"),
        (Regimen("r", "", ()), "regimen-cycles"),
    ],
)
def test_a_regimen_no_plan_can_be_made_of(regimen: Regimen, code: str) -> None:
    """Each mistake has its own code."""
    with pytest.raises(DataError) as error:
        check_regimen(regimen)
    assert error.value.code == code


def test_every_packaged_regimen_has_a_case() -> None:
    """A new regimen comes with its row above, and with a citation."""
    assert set(load_regimens()) == {row["regimen"] for row in PLANS}
    assert all(r.citation and r.label for r in load_regimens().values())


def test_wrong_questions() -> None:
    """An unknown regimen, a cycle 0, an unknown length."""
    with pytest.raises(DataError) as unknown:
        find_regimen("wang2024")
    assert (unknown.value.code, "wang2025" in unknown.value.todo) == ("unknown-regimen", True)
    for change, code in (
        ({"cycle": "0"}, "impossible-cycle"),
        ({"length": "middle"}, "unknown-length"),
        ({"kg": "-1"}, "impossible-body"),
    ):
        with pytest.raises(DataError) as error:
            plan({**PLANS[2], **change})
        assert error.value.code == code


def test_the_dose_cap_is_a_property_of_the_step() -> None:
    """Without it a dose by body surface has no upper end."""
    regimen = find_regimen("xie2023")
    cycles = tuple(replace(c, by_area=tuple(replace(s, most_ug=None) for s in c.by_area)) for c in regimen.cycles)
    made = derive_planned_cycle(replace(regimen, cycles=cycles), 1, weight_kg=80, height_cm=180, in_remission=True)
    assert [s.dose_ug_per_day for s in made.steps] == [10.0, 20.0, 30.0]
