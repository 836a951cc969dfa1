"""Vials of every bag at the flat doses, bags for every number of days, cost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from remission.core.errors import DataError
from remission.endpoints.exposure.vials import Bag, VialRule, derive_vials, vials_of_bag

from .aligned import aligned
from .test_intensity import given


@pytest.mark.parametrize(
    "row",
    aligned("""
    ug    hours  overfill  vials  why
    9     24     1         1      9 ug
    9     48     1         1      18 ug
    9     72     1         1      27 ug
    9     96     1         2      36 ug
    9     168    1         2      63 ug
    28    24     1         1      28 ug
    28    48     1         2      56 ug
    28    72     1         3      84 ug
    28    96     1         4      112 ug
    28    168    1         6      196 ug
    35    24     1         1      exactly one vial
    35.1  24     1         2      a little more
    17.5  48     1         1      exactly one vial in two days
    28    24     1.25      1      exactly 35 ug with the overfill
    28    24     1.26      2      35.28 ug
    0.7   1200   1         1      exactly 35 ug, in spite of the binary 0.7
    """),
    ids=lambda r: f"{r['ug']} ug/d {r['hours']} h: {r['why']}",
)
def test_vials_of_a_bag(row: dict[str, str]) -> None:
    """Whole vials of 35 ug."""
    bag = Bag(int(row["hours"]), float(row["overfill"]))
    assert vials_of_bag(bag, float(row["ug"]), 35.0) == int(row["vials"])


@pytest.mark.parametrize(
    "row",
    aligned("""
    records               bags       vials  used            why
    0-6@9 7-27@28         24         28     24:28           a bag a day
    0-6@9 7-27@28         96         28     96:8            2 x 2 and 6 x 4: rests of 3 days and of 1 take a whole bag
    0-6@9 7-27@28         96,24      26     96:6 24:4       2 + 3 x 1 and 5 x 4 + 1
    0-6@9 7-27@28         168        20     168:4           2 and 3 x 6
    0-6@9 7-27@28         72,24      24     72:9 24:1       1 + 1 + 1 and 7 x 3
    0-2@28 5-6@28         48,24      5      48:2 24:1       2 + 1 and 2: a pause begins a new bag
    0-0@28                96         4      96:1            one day out of a bag of four
    0-6@9 7-27@28         96,48,24   25     96:6 48:1 24:2  2 + 1 + 1 and 5 x 4 + 1
    """),
    ids=lambda r: f"{r['records']} {r['bags']}",
)
def test_bags_of_a_cycle(row: dict[str, str]) -> None:
    """The largest bags that fit, then smaller ones; a rest takes the smallest whole."""
    made = derive_vials(given(row["records"]), VialRule(tuple(Bag(int(h)) for h in row["bags"].split(","))))
    assert " ".join(f"{hours}:{n}" for hours, n in made.bags) == row["used"]
    assert made.vials == int(row["vials"])


def test_cost_is_price_times_vials() -> None:
    """In decimal money; none without a price."""
    rule = VialRule((Bag(24),), price=Decimal("3012.45"))
    assert derive_vials(given("0-27@28"), rule).cost == Decimal("84348.60")
    assert derive_vials(given("0-27@28"), VialRule()).cost is None
    assert derive_vials(given("0-27@28"), VialRule(price=Decimal(0))).cost == 0


def test_a_missing_dose_leaves_vials_unknown() -> None:
    """The reason is that of the dose; the rows stay."""
    made = derive_vials(given("0-6@? 7-9@28"), VialRule())
    assert (made.vials, made.cost, made.reason, made.rows) == (None, None, "not recorded: dose of an infusion", (0, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"bags": ()},
        {"bags": (Bag(12),)},
        {"bags": (Bag(36),)},
        {"bags": (Bag(24), Bag(24))},
        {"bags": (Bag(24, 0.9),)},
        {"vial_ug": 0},
        {"vial_ug": float("nan")},
        {"price": Decimal(-1)},
        {"price": Decimal("NaN")},
    ],
)
def test_a_rule_that_cannot_be_used(wrong: dict[str, object]) -> None:
    """No bags, half days, twice the same, less than is infused, no vial, a negative price."""
    with pytest.raises(DataError) as error:
        VialRule(**wrong)  # type: ignore[arg-type]
    assert error.value.code == "impossible-vial-rule"
