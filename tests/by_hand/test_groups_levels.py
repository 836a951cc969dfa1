"""Levels of groups, the day by which they are known, populations and scopes, patient by patient."""

from __future__ import annotations

import contextlib

import pytest

from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.endpoints.database import open_database
from remission.endpoints.groups import Grouped, evaluate_groups
from remission.endpoints.populations import Population, evaluate_populations
from remission.endpoints.spec import GroupSpec, PopulationSpec

from .cohort_factory import make_cohort


def evaluate(cohort: Cohort, **specs: GroupSpec) -> dict[str, Grouped]:
    with contextlib.closing(open_database(cohort)) as connection:
        return evaluate_groups(connection, cohort, specs)


def levels(group: Grouped) -> str:
    return " ".join(f"{p}:{level or '.'}" for p, level in group.of.items())


WARD = make_cohort(
    patients="""
        patient  sex     age_years  diagnosis_day
        a        male    10         -90
        b        female  20         -400
        c        .       30         -30
        d        female  .          -10
    """,
    marrow="""
        patient  visit   day  blasts_percent  response_reported
        a        before  -3   60              .
        b        before  .    20              .
        c        before  -1   3               .
        a        day 29  29   1               CR
        b        day 29  31   0               CR
        c        day 29  28   8               no response
    """,
    therapies="""
        patient  kind   relation  start_day
        a        HSCT   after     80
        b        HSCT   after     75
        b        CAR-T  after     40
        c        CAR-T  before    -100
        d        none   after     .
    """,
    infusions="""
        patient  cycle  start_day  end_day
        a        1      0          28
        b        1      0          28
        c        1      0          9
        d        1      0          28
    """,
    outcomes="""
        patient  status  relapse
        a        alive   no
        b        dead    yes
        c        dead    no
        d        alive   no
    """,
)
VISIT = {"visit": "day 29"}


def test_the_first_level_that_fits_wins() -> None:
    """Overlapping levels are decided by their order; nobody fits twice; the rest have no level."""
    made = evaluate(
        WARD,
        load=GroupSpec(
            "Load", of="marrow.blasts_percent", where={"visit": "before"}, levels={"high": "> 50", "some": "> 5"}
        ),
        turned=GroupSpec(
            "Load", of="marrow.blasts_percent", where={"visit": "before"}, levels={"some": "> 5", "high": "> 50"}
        ),
        rest=GroupSpec("Rest", levels={"man": {"table": "patients", "sex": "male"}, "rest": {}}),
        sex=GroupSpec("Sex", of="patients.sex", otherwise="not asked"),
    )
    assert levels(made["load"]) == "a:high b:some c:. d:."
    assert levels(made["turned"]) == "a:some b:some c:. d:."
    assert levels(made["rest"]) == "a:man b:rest c:rest d:rest"
    assert levels(made["sex"]) == "a:male b:female c:. d:female"
    assert (made["sex"].levels, made["sex"].otherwise) == (("male", "female"), "not asked")
    assert made["sex"].members(None, ("a", "c")) == ("c",)


NEXT = GroupSpec(
    "Next",
    levels={k: {"table": "therapies", "kind": k, "relation": "after"} for k in ("HSCT", "CAR-T", "none")},
)


@pytest.mark.parametrize(
    ("what", "spec", "timing"),
    [
        ("a patient's own field", GroupSpec("g", of="patients.sex"), (True, 0)),
        (
            "a patient's own day before the origin",
            GroupSpec("g", of="patients.diagnosis_day", levels={"x": "< -20"}),
            (True, 0),
        ),
        (
            "marrow before, one without a day",
            GroupSpec("g", of="marrow.blasts_percent", where={"visit": "before"}, levels={"x": "recorded"}),
            (True, 0),
        ),
        (
            "no marrow before",
            GroupSpec("g", levels={"x": {"table": "marrow", "visit": "before", "exists": False}}),
            (True, 0),
        ),
        ("marrow after", GroupSpec("g", preset="reported", where=VISIT), (False, 31)),
        (
            "marrow of any visit, before and after",
            GroupSpec("g", of="marrow.blasts_percent", levels={"low": "< 2", "x": "recorded"}),
            (False, 31),
        ),
        (
            "marrow of any visit, one without a day",
            GroupSpec("g", of="marrow.blasts_percent", levels={"x": "> 10"}),
            (False, None),
        ),
        ("any record of a dated table", GroupSpec("g", levels={"x": {"table": "therapies"}}), (False, None)),
        (
            "the id of a dated table",
            GroupSpec("g", levels={"x": {"table": "marrow", "visit": "day 29", "patient": "recorded"}}),
            (False, 31),
        ),
        ("therapy before", GroupSpec("g", levels={"x": {"table": "therapies", "relation": "before"}}), (True, 0)),
        (
            "no therapy before",
            GroupSpec("g", levels={"x": {"table": "therapies", "relation": "before", "exists": False}}),
            (True, 0),
        ),
        ("therapy after, one without a day", NEXT, (False, None)),
        (
            "transplantation after",
            GroupSpec("g", levels={"x": {"table": "therapies", "kind": "HSCT", "relation": "after"}}),
            (False, 80),
        ),
        (
            "no transplantation after",
            GroupSpec("g", levels={"x": {"table": "therapies", "kind": "HSCT", "exists": False}}),
            (False, None),
        ),
        (
            "transplantation and none",
            GroupSpec(
                "g",
                levels={
                    "y": {"table": "therapies", "kind": "HSCT"},
                    "n": {"table": "therapies", "kind": "HSCT", "exists": False},
                },
            ),
            (False, None),
        ),
        (
            "a record and the absence of one",
            GroupSpec(
                "g",
                levels={
                    "x": [
                        {"table": "marrow", "visit": "before"},
                        {"table": "therapies", "kind": "HSCT", "exists": False},
                    ]
                },
            ),
            (False, None),
        ),
        (
            "the rest after a dated level",
            GroupSpec("g", levels={"x": {"table": "therapies", "kind": "HSCT"}, "rest": {}}),
            (False, 80),
        ),
        ("an outcome", GroupSpec("g", of="outcomes.relapse"), (False, None)),
        (
            "an outcome beside a marrow before",
            GroupSpec(
                "g",
                levels={
                    "x": [
                        {"table": "marrow", "visit": "before", "day": "recorded"},
                        {"table": "outcomes", "status": "dead"},
                    ]
                },
            ),
            (False, None),
        ),
        (
            "completed cycle: known at its end, not its start",
            GroupSpec("g", of="infusions.end_day", levels={"short": "< 28", "full": ">= 28"}),
            (False, 28),
        ),
        ("cycle begun on day 0", GroupSpec("g", of="infusions.cycle", levels={"1": 1}), (True, 0)),
        (
            "two records, known with the later",
            GroupSpec("g", levels={"x": [{"table": "marrow", **VISIT}, {"table": "therapies", "kind": "HSCT"}]}),
            (False, 80),
        ),
        ("nobody", GroupSpec("g", of="marrow.blasts_percent", where=VISIT, levels={"x": "> 99"}), (False, None)),
        ("declared later", GroupSpec("g", preset="reported", where=VISIT, known_by_day=35), (False, 35)),
        ("declared, days unknown", GroupSpec("g", levels=NEXT.levels, known_by_day=90), (False, 90)),
        (
            "declared after the start although a patient's own",
            GroupSpec("g", of="patients.sex", known_by_day=10),
            (False, 10),
        ),
        (
            "declared to be known at the start",
            GroupSpec("g", of="therapies.kind", where={"kind": "none"}, known_by_day=0),
            (True, 0),
        ),
    ],
)
def test_when_a_group_is_known(what: str, spec: GroupSpec, timing: tuple[bool, int | None]) -> None:
    """Baseline only where every level is known at the start; otherwise the last day, where everybody has one."""
    made = evaluate(WARD, g=spec)["g"]
    assert (made.is_baseline, made.known_by_day) == timing, what


def test_marrow_called_before_but_dated_after_the_start() -> None:
    """The recorded day counts more than the name of the visit."""
    cohort = make_cohort(
        marrow="""
            patient  visit   day  blasts_percent
            a        before  -3   60
            b        before  6    10
        """
    )
    made = evaluate(
        cohort, g=GroupSpec("g", of="marrow.blasts_percent", where={"visit": "before"}, levels={"x": "> 5"})
    )
    assert (made["g"].is_baseline, made["g"].known_by_day) == (False, 6)


def test_before_the_treatment_is_not_before_an_origin_at_diagnosis() -> None:
    """Where the clock starts at diagnosis, what was found before the treatment is found after the start."""
    cohort = make_cohort(
        patients="""
            patient  first_infusion_day  sex
            a        200                 male
            b        90                  female
        """,
        marrow="""
            patient  visit   day  blasts_percent
            a        before  190  60
            b        before  .    10
        """,
    )
    made = evaluate(
        cohort,
        load=GroupSpec("g", of="marrow.blasts_percent", where={"visit": "before"}, levels={"x": "> 50", "y": "<= 50"}),
        high=GroupSpec("g", of="marrow.blasts_percent", where={"visit": "before"}, levels={"x": "> 50"}),
        wait=GroupSpec("g", of="patients.first_infusion_day", levels={"long": "> 100", "short": "<= 100"}),
        sex=GroupSpec("g", of="patients.sex"),
    )
    assert {n: (g.is_baseline, g.known_by_day) for n, g in made.items()} == {
        "load": (False, None),
        "high": (False, 190),
        "wait": (False, 200),
        "sex": (True, 0),
    }


def test_a_group_of_a_group_inherits_when_it_is_known() -> None:
    """Also the day that study.toml declares; and the day of each patient's record."""
    made = evaluate(
        WARD,
        sex=GroupSpec("g", of="patients.sex"),
        woman=GroupSpec("g", of="group.sex", levels={"yes": "female"}),
        response=GroupSpec("g", preset="reported", where=VISIT),
        responded=GroupSpec("g", of="group.response", levels={"yes": ["CR", "CRi"], "no": "no response"}),
        unknown=GroupSpec("g", levels=NEXT.levels),
        grafted=GroupSpec(
            "g",
            levels={
                "yes": {"group": "unknown", "level": "HSCT"},
                "no": {"group": "unknown", "level": "HSCT", "exists": False},
            },
        ),
        declared=GroupSpec("g", levels=NEXT.levels, known_by_day=90),
        below=GroupSpec("g", of="group.declared", levels={"yes": "HSCT"}),
    )
    assert {n: (g.is_baseline, g.known_by_day) for n, g in made.items()} == {
        "sex": (True, 0),
        "woman": (True, 0),
        "response": (False, 31),
        "responded": (False, 31),
        "unknown": (False, None),
        "grafted": (False, None),
        "declared": (False, 90),
        "below": (False, 90),
    }
    assert levels(made["responded"]) == "a:yes b:yes c:no d:."
    assert levels(made["grafted"]) == "a:yes b:yes c:no d:no"
    assert made["responded"].first_day == {"a": 29, "b": 31, "c": 28}


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (GroupSpec("g", preset="reported", where=VISIT, known_by_day=29), "known-by-day-too-early"),
        (GroupSpec("g", of="group.response", levels={"x": "CR"}, known_by_day=20), "known-by-day-too-early"),
        (GroupSpec("g", of="outcomes.relapse", known_by_day=0), "outcome-at-start"),
        (GroupSpec("g", preset="reportd"), "unknown-preset"),
        (GroupSpec("g", preset="reported", levels={"CR": "CR"}), "bad-condition"),
        (GroupSpec("g", of="patients.gender"), "unknown-field"),
        (GroupSpec("g", of="group.respons", levels={"x": "CR"}), "unknown-group"),
        (GroupSpec("g", of="group.response"), "group-without-levels"),
        (GroupSpec("g", of="group.response", levels={"x": "CRR"}), "unknown-level"),
        (GroupSpec("g"), "group-without-levels"),
        (GroupSpec("g", of="marrow.day", where={"visti": "before"}), "unknown-field"),
    ],
)
def test_groups_that_cannot_be(spec: GroupSpec, code: str) -> None:
    """A declared day that the data contradict is as wrong as a name that does not exist."""
    with pytest.raises(ProtocolError) as raised:
        evaluate(WARD, response=GroupSpec("r", preset="reported", where=VISIT), g=spec)
    assert raised.value.code == code


def test_a_level_that_nobody_has_may_still_be_asked_for() -> None:
    """Nobody relapsed is a result, not a misspelling."""
    cohort = make_cohort(
        outcomes="""
            patient  relapse
            a        no
        """
    )
    made = evaluate(
        cohort,
        relapse=GroupSpec("g", of="outcomes.relapse"),
        back=GroupSpec("g", of="group.relapse", levels={"relapsed": "yes"}),
    )
    assert (made["relapse"].levels, made["relapse"].codes) == (("no",), ("yes", "no"))
    assert levels(made["back"]) == "a:."


def test_prescribing_information_does_not_call_missing_counts_a_failure() -> None:
    """At most 5 % blasts: CR, CRh or not recovered by the counts; without them nothing is said."""
    cohort = make_cohort(
        marrow="""
            patient  blasts_percent  anc_10e9_l  platelets_10e9_l
            a        5               1.1         101
            b        5               0.6         60
            c        5               0.4         60
            d        5               .           .
            e        5.1             2           200
            f        .               2           200
        """
    )
    made = evaluate(cohort, label=GroupSpec("g", preset="label"), eln=GroupSpec("g", preset="eln2024"))
    assert made["label"].of == {
        "a": "CR",
        "b": "CRh",
        "c": "blasts cleared, counts not recovered",
        "d": None,
        "e": "no response",
        "f": None,
    }
    assert made["eln"].of["a"] == "no response"


def test_mrd_is_negative_only_below_the_threshold() -> None:
    """A floor above 0.01 % cannot say negative; exactly 0.01 % is positive."""
    cohort = make_cohort(
        marrow="""
            patient  mrd_percent  mrd_reported
            a        <0.01        negative
            b        0.01         positive
            c        <0.1         negative
            d        0.002        .
            e        .            .
        """
    )
    made = evaluate(cohort, mrd=GroupSpec("g", preset="mrd"), said=GroupSpec("g", preset="mrd-reported"))
    assert levels(made["mrd"]) == "a:MRD-negative b:MRD-positive c:. d:MRD-negative e:."
    assert levels(made["said"]) == "a:MRD-negative b:MRD-positive c:MRD-negative d:. e:."


def test_populations_narrow_and_say_whom_they_drop() -> None:
    """The excluded by hand are in none; a scope has its own people."""
    cohort = make_cohort(
        scopes=("HSCT",),
        patients="""
            patient  sex
            a        male
            b        female
            c        female
        """,
        therapies="""
            patient  kind
            HSCT:1   HSCT
            HSCT:2   HSCT
            HSCT:2   HSCT
        """,
    )
    with contextlib.closing(open_database(cohort)) as connection:
        groups = evaluate_groups(
            connection,
            cohort,
            {
                "sex": GroupSpec("Sex", of="patients.sex"),
                "nth": GroupSpec("n", of="therapies.sequence", levels={"2": 2}),
            },
        )
        specs = {
            "all": PopulationSpec("All"),
            "women": PopulationSpec("Women", parent="all", when={"group": "sex", "level": "female"}),
            "grafted": PopulationSpec("Grafted", scope="HSCT"),
            "twice": PopulationSpec("Twice", parent="grafted", when={"group": "nth", "level": "2"}),
        }
        made = evaluate_populations(connection, cohort, specs, groups, {"c": "withdrew"})
        with pytest.raises(ProtocolError) as raised:
            evaluate_populations(connection, cohort, {"x": PopulationSpec("X", parent="al")}, groups, {})
    assert raised.value.code == "unknown-population"

    def told(population: Population) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        return population.patients, population.dropped, population.scope

    assert {n: told(p) for n, p in made.items()} == {
        "all": (("a", "b"), (), ""),
        "women": (("b",), ("a",), ""),
        "grafted": (("HSCT:1", "HSCT:2"), (), "HSCT"),
        "twice": (("HSCT:2",), ("HSCT:1",), "HSCT"),
    }
