"""Repeated measurements of eight patients, with windows, a floor, a missing visit and two groups."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from remission.analyses.material import Material
from remission.analyses.run import analyse
from remission.analyses.spec import DynamicsSpec, load_analysis
from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.endpoints.database import open_database
from remission.endpoints.groups import evaluate_groups
from remission.endpoints.populations import evaluate_populations
from remission.endpoints.spec import GroupSpec, PopulationSpec
from remission.results.check import check_results
from remission.results.table import Results

from .cohort_factory import make_cohort

PATIENTS = """
    patient  arm
    a        x
    b        x
    c        x
    d        x
    e        y
    f        y
    g        y
    h        y
"""
LABS = """
    patient  day  test  value  unit
    a        -1   CD3   10     /uL
    a        14   CD3   13     /uL
    b        0    CD3   20     /uL
    b        15   CD3   21     /uL
    b        16   CD3   99     /uL
    c        0    CD3   30     /uL
    c        14   CD3   25     /uL
    d        0    CD3   40     /uL
    e        0    CD3   10     /uL
    e        14   CD3   20     /uL
    f        0    CD3   20     /uL
    f        14   CD3   32     /uL
    g        0    CD3   30     /uL
    g        14   CD3   38     /uL
    h        14   CD3   50     /uL
    a        0    IL6   9      pg/mL
    a        14   IL6   <3     pg/mL
    b        0    IL6   8      pg/mL
    b        14   IL6   <3     pg/mL
    c        0    IL6   <3     pg/mL
    c        14   IL6   <3     pg/mL
    d        0    IL6   7      pg/mL
    d        14   IL6   5      pg/mL
    a        0    ALT   10     U/L
    b        0    ALT   0.2    ukat/L
"""
SPEC = DynamicsSpec(
    "cells",
    "dynamics",
    "Cells",
    "all",
    ("CD3",),
    {"before": "-7 .. 0", "day 15": "12 .. 18"},
    by="arm",
)


def run(spec: DynamicsSpec, cohort: Cohort | None = None) -> Results:
    ward = cohort or make_cohort(patients=PATIENTS, labs=LABS)
    with contextlib.closing(open_database(ward)) as connection:
        groups = evaluate_groups(connection, ward, {"arm": GroupSpec("Arm", of="patients.arm")})
        populations = evaluate_populations(connection, ward, {"all": PopulationSpec("All")}, groups, {})
    material = Material(ward, groups, populations, {})
    analyse(material, (spec,), excluded={})
    check_results(material.results)
    return material.results


def test_pairs_are_those_measured_twice() -> None:
    """Seven before, seven after, six pairs; d lacks the second visit and h the first; b's first value of two counts."""
    made = run(SPEC)
    assert [made[f"cells.all.cd3@{v}.n"].value for v in ("before", "day_15")] == [7, 7]
    assert made["cells.all.cd3_change@day_15.N"].value == 6
    assert made["cells.all.cd3_change@day_15.missing"].value == 2
    assert "1 times more than one value" in made["cells.all.cd3.text"].shown
    assert run(replace(SPEC, pick="last"))["cells.by_patient.b.cd3@day_15.value"].value == 99


def test_the_change_by_hand() -> None:
    """Differences 3, 1, -5, 10, 12, 8 with ranks 2, 1, 3, 5, 6, 4: V = 18.

    The negative ranks add up to 3; so do, or less, none, 1, 2, 3 and 1 + 2: 5 of the 64 sets, so that p = 10/64.
    """
    made = run(SPEC)
    assert made["cells.all.cd3_change@day_15.statistic"].value == 18
    assert made["cells.all.cd3_change@day_15.p"].value == pytest.approx(10 / 64)
    # the 21 Walsh averages in order: -5 -2 -1 1 1.5 2 2.5 3 3.5 4.5 5.5 5.5 6.5 6.5 7.5 8 9 10 10 11 12
    assert made["cells.all.cd3_change@day_15.estimate"].value == pytest.approx(5.5)


def test_groups_by_hand() -> None:
    """Changes 3, 1, -5 of x and 10, 12, 8 of y do not overlap: 2 of the 20 arrangements are so far out."""
    made = run(SPEC)
    assert made["cells.by_arm.x.cd3_change@day_15.median"].value == 1
    assert made["cells.by_arm.y.cd3_change@day_15.median"].value == 10
    assert made["cells.by_arm.cd3_change@day_15.p"].value == pytest.approx(0.1)
    # the nine differences y - x: 5 7 7 9 9 11 13 15 17
    assert made["cells.by_arm.cd3_change@day_15.estimate"].value == pytest.approx(9)


def test_below_the_floor_nothing_is_subtracted() -> None:
    """The test is the one for censored pairs; medians below the floor say so; groups are not compared."""
    made = run(replace(SPEC, measures=("IL6",)))
    assert made["cells.all.il6@day_15.median"].status == "undefined"
    assert made["cells.all.il6_median@day_15.text"].text == "<3"
    assert made["cells.all.il6_below@day_15.n"].value == 3
    assert made["cells.all.il6_change@day_15.estimate"].status == "undefined"
    assert made["cells.all.il6_change@day_15.p"].method == "paired-left-censored"
    assert made["cells.by_arm.il6_change@day_15.p"].status == "undefined"


def test_two_units_are_not_one_measure() -> None:
    """U/L and µkat/L under one name: nothing is computed, and it is said."""
    made = run(replace(SPEC, measures=("ALT",)))
    row = made["cells.all.alt@before.median"]
    assert row.status == "failed"
    assert "more than one unit" in row.note


def test_adjustment_is_over_the_measures() -> None:
    """Holm: the smaller of two p-values is doubled."""
    made = run(replace(SPEC, measures=("CD3", "IL6"), adjust="holm", by=""))
    p = {m: made[f"cells.all.{m}_change@day_15.p"].value or 0 for m in ("cd3", "il6")}
    small, large = sorted(p, key=lambda m: p[m])
    assert made[f"cells.all.{small}_adjusted@day_15.p"].value == pytest.approx(min(1, 2 * p[small]))
    assert made[f"cells.all.{large}_adjusted@day_15.p"].value == pytest.approx(min(1, max(2 * p[small], p[large])))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"measures": ["CD33"]}, "unknown-measure"),
        ({"measures": ["marrow.mrd_method"]}, "unknown-measure"),
        ({"visits": {"before": "before"}}, "bad-number"),
        ({"visits": {"before": "before", "after": "9 .. 3"}}, "bad-number"),
    ],
)
def test_slips_are_refused(change: dict[str, object], code: str) -> None:
    """An unknown test, a word of the marrow, a single visit, a window turned round."""
    entry = {
        "id": "c", "kind": "dynamics", "title": "C", "population": "all", "measures": ["CD3"],
        "visits": {"before": "-7 .. 0", "after": "12 .. 18"}, **change,
    }  # fmt: skip
    with pytest.raises(ProtocolError) as error:
        run(load_analysis(entry, nth=1))  # type: ignore[arg-type]
    assert error.value.code == code


def test_a_median_of_the_measurable_pairs_alone_is_not_given() -> None:
    """IL-6 of x: <3 twice among four pairs; the median of the other changes would leave those two out."""
    made = run(replace(SPEC, measures=("IL6",)))
    row = made["cells.by_arm.x.il6_change@day_15.median"]
    assert row.value is None
    assert "floor" in row.note
    assert made["cells.by_arm.x.il6_change@day_15.n"].value == 4
