"""What must hold of planned and given doses for any patient and any records."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from remission.endpoints.exposure.given import derive_given_cycles, derive_patient_exposure
from remission.endpoints.exposure.infusions import Infusion
from remission.endpoints.exposure.intensity import derive_dose_intensity
from remission.endpoints.exposure.planned import derive_planned_cycle
from remission.endpoints.exposure.regimen import find_regimen, load_regimens
from remission.endpoints.exposure.vials import Bag, VialRule, derive_vials

many = settings(max_examples=60, deadline=None)
records = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 9), st.sampled_from([5.0, 9.0, 15.0, 28.0])), min_size=1, max_size=6
)


def infusions(parts: list[tuple[int, int, float]], shift: int = 0) -> list[Infusion]:
    """Records one after the other: days without drug before each, its length, its dose."""
    made, day = [], shift
    for place, (gap, length, dose) in enumerate(parts):
        day += gap
        made.append(Infusion("a", 1, day, day + length - 1, dose, row=place))
        day += length
    return made


@many
@given(st.sampled_from(sorted(load_regimens())), st.floats(3, 150), st.floats(50, 200), st.booleans())
def test_no_plan_exceeds_its_caps(name: str, weight: float, height: float, in_remission: bool) -> None:
    """By body surface or flat, no day is above 28 ug; the longest plan is at least the shortest."""
    plans = [
        derive_planned_cycle(
            find_regimen(name), 1, weight_kg=weight, height_cm=height, length=length, in_remission=in_remission
        )
        for length in ("shortest", "longest")
    ]
    for plan in plans:
        assert all(0 < s.dose_ug_per_day <= 28 for s in plan.steps)
        assert (plan.basis == "flat") == (plan.body_m2 is None)
    assert plans[0].days is not None
    assert plans[1].days is not None
    assert plans[0].days <= plans[1].days


@many
@given(records, st.randoms(use_true_random=False), st.integers(-50, 50))
def test_order_and_origin_do_not_matter(parts: list[tuple[int, int, float]], random: object, shift: int) -> None:
    """Shuffled records and another origin give the same days, dose and pauses."""
    (plain,) = derive_given_cycles(infusions(parts))
    moved = infusions(parts, shift)
    random.shuffle(moved)  # type: ignore[attr-defined]
    (again,) = derive_given_cycles(moved)
    assert (plain.days_on_drug, plain.dose_ug) == (again.days_on_drug, again.dose_ug)
    assert [p.days for p in plain.interruptions] == [p.days for p in again.interruptions]
    assert [(r.from_ug, r.to_ug) for r in plain.reductions] == [(r.from_ug, r.to_ug) for r in again.reductions]


@many
@given(records)
def test_days_and_pauses_fill_the_cycle(parts: list[tuple[int, int, float]]) -> None:
    """Days on drug and days of pauses are the days from the first to the last; the dose is the sum of its records."""
    (made,) = derive_given_cycles(infusions(parts))
    assert made.days_on_drug is not None
    assert made.first_day is not None
    assert made.last_day is not None
    assert made.days_on_drug + sum(p.days for p in made.interruptions) == made.last_day - made.first_day + 1
    assert made.dose_ug == sum(length * dose for _, length, dose in parts)
    (patient,) = derive_patient_exposure([made])
    assert (patient.days_on_drug, patient.dose_ug, patient.rows) == (made.days_on_drug, made.dose_ug, made.rows)


@many
@given(records, st.integers(1, 8))
def test_splitting_a_record_changes_nothing(parts: list[tuple[int, int, float]], at: int) -> None:
    """One record or two of the same dose that follow each other: the same days, dose and vials."""
    whole = infusions(parts)
    first = whole[0]
    assert first.start_day is not None
    assert first.end_day is not None
    middle = min(first.start_day + at, first.end_day)
    if middle == first.start_day:
        return
    split = [replace(first, end_day=middle - 1), replace(first, start_day=middle), *whole[1:]]
    (a,), (b,) = derive_given_cycles(whole), derive_given_cycles(split)
    assert (a.days_on_drug, a.dose_ug) == (b.days_on_drug, b.dose_ug)
    assert [p.days for p in a.interruptions] == [p.days for p in b.interruptions]
    rule = VialRule((Bag(96), Bag(24)))
    assert derive_vials(a, rule).vials == derive_vials(b, rule).vials


@many
@given(records, st.sets(st.sampled_from([24, 48, 72, 96, 168]), min_size=1))
def test_vials_hold_at_least_the_dose(parts: list[tuple[int, int, float]], hours: set[int]) -> None:
    """What is bought is never less than what is given, and the bags cover every day."""
    (made,) = derive_given_cycles(infusions(parts))
    use = derive_vials(made, VialRule(tuple(Bag(h) for h in hours), price=Decimal(2)))
    assert use.vials is not None
    assert made.dose_ug is not None
    assert made.days_on_drug is not None
    assert use.vials * 35 >= made.dose_ug
    assert sum(h // 24 * n for h, n in use.bags) >= made.days_on_drug
    assert use.cost == 2 * use.vials


@many
@given(records)
def test_intensity_never_exceeds_the_relative_dose(parts: list[tuple[int, int, float]]) -> None:
    """Pauses lower the intensity, never the dose; both are 1 where the plan was kept."""
    (made,) = derive_given_cycles(infusions(parts))
    plan = derive_planned_cycle(find_regimen("fixed"), 1, weight_kg=None, height_cm=None)
    found = derive_dose_intensity(made, plan)
    assert found.relative_dose is not None
    assert found.relative_dose_intensity is not None
    assert 0 < found.relative_dose_intensity <= found.relative_dose
    (kept,) = derive_given_cycles(infusions([(0, 7, 9.0), (0, 21, 28.0)]))
    assert derive_dose_intensity(kept, plan).relative_dose_intensity == 1.0
