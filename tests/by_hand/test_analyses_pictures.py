"""Swimmer plot, waterfall and alluvial figure of six patients: what is drawn, what is counted instead."""

from __future__ import annotations

import contextlib
import math

import pytest

from remission.analyses.material import Material
from remission.analyses.run import analyse
from remission.analyses.spec import AlluvialSpec, AnalysisSpec, SwimmerSpec, WaterfallSpec
from remission.core.errors import ProtocolError
from remission.endpoints.database import open_database
from remission.endpoints.engine import derive_endpoints
from remission.endpoints.groups import evaluate_groups
from remission.endpoints.populations import evaluate_populations
from remission.endpoints.spec import EndpointSpec, GroupSpec, PopulationSpec
from remission.results.check import check_results
from remission.results.table import Results

from .cohort_factory import make_cohort

WARD = make_cohort(
    patients="""
        patient  sex
        a        male
        b        female
        c        male
        d        female
        e        male
        f        .
    """,
    infusions="""
        patient  cycle  start_day  end_day
        a        1      0          28
        a        2      42         70
        b        1      0          .
        c        1      0          28
    """,
    marrow="""
        patient  visit   day  mrd_percent  response_reported
        a        before  0    10           .
        a        after   29   <0.01        CR
        b        before  0    1            .
        b        after   29   0.1          no CR
        c        before  0    1            .
        c        after   29   2            no CR
        d        before  0    <0.01        .
        d        after   29   0.1          CR
        e        before  0    5            .
    """,
    therapies="""
        patient  kind   relation  start_day
        a        HSCT   after     90
        b        CAR-T  after     200
        c        HSCT   before    20
    """,
    outcomes="""
        patient  status  death_day  last_contact_day  relapse  relapse_day
        a        alive   .          300               yes      250
        b        dead    100        .                 no       .
        c        alive   .          50                no       .
        d        alive   .          20                no       .
        e        dead    .          .                 no       .
        f        alive   .          10                no       .
    """,
)
VISITS = {"before": "before", "after": "after"}


def run(spec: AnalysisSpec) -> Results:
    specs = {
        "response": GroupSpec("Response", of="marrow.response_reported", where={"visit": "after"}),
        "sex": GroupSpec("Sex", of="patients.sex"),
    }
    with contextlib.closing(open_database(WARD)) as connection:
        groups = evaluate_groups(connection, WARD, specs)
        populations = evaluate_populations(connection, WARD, {"all": PopulationSpec("All")}, groups, {})
        endpoints, _ = derive_endpoints(
            connection, WARD, {"os": EndpointSpec(preset="OS")}, sources={}, response=None, groups=groups,
            populations=populations, excluded={},
        )  # fmt: skip
    material = Material(WARD, groups, populations, endpoints)
    analyse(material, (spec,), excluded={})
    check_results(material.results)
    return material.results


def of_patient(made: Results, patient: str) -> dict[str, float | str | None]:
    """Variable@category -> value or text."""
    rows = [r for r in made.rows.values() if r.group == "patient" and r.level == patient]
    return {f"{r.variable}@{r.category}".rstrip("@"): r.text if r.value is None else r.value for r in rows}


def test_a_course_is_what_was_recorded() -> None:
    """Two infusions, remission on day 29, graft, relapse, still observed on day 300."""
    made = run(SwimmerSpec("c", "swimmer", "C", "os", "all", {"cr": {"group": "response", "level": "CR"}}, by="sex"))
    assert of_patient(made, "a") == {
        "observed": 300, "state": "ongoing", "block": "male",
        "infusion@00_first": 0, "infusion@00_last": 28, "infusion@01_first": 42, "infusion@01_last": 70,
        "mark@00_cr": 29, "mark@01_hsct": 90, "mark@02_relapse": 250,
    }  # fmt: skip
    b = of_patient(made, "b")
    assert (b["state"], b["infusion@00_last"], b["mark@00_death"]) == ("event", 0, 100)


def test_who_cannot_be_drawn_is_counted() -> None:
    """An undated death has no bar; a CAR-T after the death and a remission after the last contact have no mark."""
    made = run(SwimmerSpec("c", "swimmer", "C", "os", "all", {"cr": {"group": "response", "level": "CR"}}))
    assert (made["c.all.patients.N"].value, made["c.all.patients.n"].value) == (6, 5)
    assert made["c.all.beyond.n"].value == 2
    assert not of_patient(made, "e")


def test_a_graft_before_treatment_is_no_mark() -> None:
    """It belongs to the history."""
    made = run(SwimmerSpec("c", "swimmer", "C", "os", "all"))
    assert not [key for key in of_patient(made, "c") if key.startswith("mark")]


def test_too_many_bars_are_refused() -> None:
    """And it is said."""
    row = run(SwimmerSpec("c", "swimmer", "C", "os", "all", up_to=3))["c.all.patients.n"]
    assert row.status == "failed"


def test_a_fall_below_the_floor_is_at_least_so_much() -> None:
    """a: 10 to below 0.01, at least 3 logs; d starts below the floor and e has no second value."""
    made = run(WaterfallSpec("w", "waterfall", "W", "all", "marrow.mrd_percent", VISITS, scale="log10"))
    assert made["w.by_patient.a.change.value"].value == pytest.approx(-3)
    assert "at least" in made["w.by_patient.a.change.value"].note
    assert made["w.by_patient.c.change.value"].value == pytest.approx(math.log10(2))
    assert (made["w.all.patients.n"].value, made["w.all.patients.missing"].value) == (3, 3)


@pytest.mark.parametrize(("scale", "b"), [("difference", -0.9), ("percent", -90), ("log10", -1)])
def test_the_scales(scale: str, b: float) -> None:
    """1 % to 0.1 %: 0.9 points, 90 per cent, one log."""
    spec = WaterfallSpec("w", "waterfall", "W", "all", "marrow.mrd_percent", VISITS, scale=scale)  # type: ignore[arg-type]
    assert run(spec)["w.by_patient.b.change.value"].value == pytest.approx(b)


def test_nobody_is_lost_on_the_way() -> None:
    """Those without a level have a way of their own."""
    made = run(AlluvialSpec("a", "alluvial", "A", "all", ("sex", "response")))
    ways = {r.category: r.value for r in made.rows.values() if r.variable == "path"}
    assert ways == {
        "male → CR": 1, "female → no CR": 1, "male → no CR": 1, "female → CR": 1, "male → not recorded": 1,
        "not recorded → not recorded": 1,
    }  # fmt: skip
    assert made["a.all.sex@male.n"].value == 3


def test_slips_are_refused() -> None:
    """A mark that is none, a level that is none, one group alone, a line at no number, a third visit."""
    for spec in (
        SwimmerSpec("c", "swimmer", "C", "os", "all", {"CR": {"group": "response", "level": "CR"}}),
        SwimmerSpec("c", "swimmer", "C", "os", "all", {"cr": {"group": "response", "level": "cr"}}),
        AlluvialSpec("a", "alluvial", "A", "all", ("sex",)),
        WaterfallSpec("w", "waterfall", "W", "all", "marrow.mrd_percent", VISITS, lines={"x": "tenfold"}),
        WaterfallSpec("w", "waterfall", "W", "all", "marrow.mrd_percent", {**VISITS, "third": "40 .. 50"}),
    ):
        with pytest.raises(ProtocolError):
            run(spec)
