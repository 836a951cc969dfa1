"""Regression, incidence and later events on twelve patients: choices said, refusals said, counts that add up."""

from __future__ import annotations

import contextlib
import math

import numpy as np
import pytest

from remission.analyses.material import Material
from remission.analyses.run import analyse
from remission.analyses.spec import AnalysisSpec, IncidenceSpec, LaterEventSpec, RegressionSpec
from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.endpoints.database import open_database
from remission.endpoints.engine import derive_endpoints
from remission.endpoints.groups import evaluate_groups
from remission.endpoints.populations import evaluate_populations
from remission.endpoints.spec import EndpointSpec, GroupSpec, PopulationSpec
from remission.results.check import check_results
from remission.results.table import Results
from remission.stats import fit_by_switch, fit_cox

from .cohort_factory import make_cohort

WARD = make_cohort(
    patients="""
        patient  sex     age_years  genetic_risk
        a        male    10         poor
        b        female  20         poor
        c        male    30         standard
        d        female  40         standard
        e        male    50         poor
        f        female  60         standard
        g        male    .          poor
        h        female  15         standard
        i        male    25         poor
        j        female  35         standard
        k        male    45         .
        l        female  55         poor
    """,
    therapies="""
        patient  kind  relation  start_day
        b        HSCT  after     40
        d        HSCT  after     60
        f        HSCT  after     90
        h        HSCT  after     300
        j        HSCT  after     50
    """,
    outcomes="""
        patient  status  death_day  last_contact_day  relapse  relapse_day
        a        dead    30         .                 no       .
        b        alive   .          400               yes      200
        c        dead    100        .                 yes      80
        d        dead    210        .                 no       .
        e        dead    50         .                 no       .
        f        alive   .          500               no       .
        g        dead    70         .                 yes      60
        h        alive   .          300               no       .
        i        dead    20         .                 no       .
        j        dead    350        .                 yes      150
        k        alive   .          450               no       .
        l        alive   .          380               yes      120
    """,
)
GROUPS = {
    "risk": GroupSpec("Risk", of="patients.genetic_risk", levels={"standard": "standard", "poor": "poor"}),
    "sex": GroupSpec("Sex", of="patients.sex"),
    "hsct": GroupSpec("HSCT", levels={"yes": {"table": "therapies", "kind": "HSCT", "relation": "after"}}),
}
ENDPOINTS = {
    "os": EndpointSpec(preset="OS"),
    "causes": EndpointSpec(
        label="Relapse", start="origin", events=("relapse",), competing=("death",), censor=("last_contact",)
    ),
    "hsct": EndpointSpec(label="HSCT", start="origin", events=("hsct",), censor=("last_contact", "death")),
}


def run(*specs: AnalysisSpec, cohort: Cohort = WARD) -> Results:
    """The rows of some analyses, checked."""
    with contextlib.closing(open_database(cohort)) as connection:
        groups = evaluate_groups(connection, cohort, GROUPS)
        populations = evaluate_populations(connection, cohort, {"all": PopulationSpec("All")}, groups, {})
        endpoints, _ = derive_endpoints(
            connection,
            cohort,
            ENDPOINTS,
            sources={},
            response=None,
            groups=groups,
            populations=populations,
            excluded={},
        )
    material = Material(cohort, groups, populations, endpoints)
    analyse(material, specs, excluded={})
    check_results(material.results)
    return material.results


def regression(**options: object) -> RegressionSpec:
    """A regression of OS with some options."""
    given: dict[str, object] = {"covariates": ("group.risk", "patients.age_years"), **options}
    return RegressionSpec("cox", "regression", "Cox", "os", "all", **given)  # type: ignore[arg-type]


def test_few_events_choose_firth_and_say_so() -> None:
    """Seven deaths and two parameters: penalised likelihood, as a row and a footnote."""
    made = run(regression())
    choice = made["cox.by_model.multivariable.model_choice.text"]
    assert "Firth" in str(choice.text)
    assert "3.0 events per parameter" in str(choice.text)
    assert made["cox.by_model.multivariable.risk@poor.ratio"].method == "cox-firth"


def test_the_rows_are_those_of_the_fit() -> None:
    """Complete cases only: g lacks an age, k a risk; ratio, limits and p of the fit itself."""
    made = run(regression(firth="never"))
    days = np.array([30, 400, 100, 210, 50, 500, 300, 20, 350, 380])
    dead = np.array([1, 0, 1, 1, 1, 0, 0, 1, 1, 0], dtype=bool)
    X = np.column_stack(([1, 1, 0, 0, 1, 0, 0, 1, 0, 1], [10, 20, 30, 40, 50, 60, 15, 25, 35, 55]))
    fit = fit_cox(days, dead, X)
    head = "cox.by_model.multivariable."
    for name, k in (("risk@poor", 0), ("age_years", 1)):
        for stat, values in (("ratio", fit.hazard_ratio), ("low", fit.hr_low), ("high", fit.hr_high), ("p", fit.p)):
            assert math.isclose(made[f"{head}{name}.{stat}"].value or 0, values[k], rel_tol=1e-12)
    assert made[f"{head}model.N"].value == 10
    assert made[f"{head}model.events"].value == 6
    assert made[f"{head}model_missing.n"].value == 2
    assert made.members[made[f"{head}model_missing.n"].members] == ("g", "k")
    assert made[f"{head}risk@standard.text"].text == "reference"
    assert made["cox.by_model.univariable.risk_level@poor.N"].value == 6


def test_a_ratio_per_ten_years_is_the_tenth_power() -> None:
    """Units change the number and nothing else."""
    one, ten = run(regression()), run(regression(per={"patients.age_years": 10.0}))
    row_id = "cox.by_model.univariable.age_years.ratio"
    assert math.isclose((one[row_id].value or 0) ** 10, ten[row_id].value or 0, rel_tol=1e-6)
    assert ten[row_id].note == "per 10 years"


def test_a_later_event_is_refused() -> None:
    """Transplantation is no covariate from the start."""
    row = run(regression(covariates=("group.risk", "group.hsct")))["cox.all.hsct.ratio"]
    assert (row.status, row.value) == ("failed", None)
    assert "later-event" in row.note


def test_strata_of_the_same_group_take_its_effect_away() -> None:
    """Stratified by sex, the ratio of risk is that of the stratified fit."""
    made = run(regression(covariates=("group.risk",), strata="sex", firth="never"))
    days = np.array([30, 400, 100, 210, 50, 500, 70, 300, 20, 350, 380])
    dead = np.array([1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0], dtype=bool)
    risk = np.array([1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1])[:, None]
    sex = list("mfmfmfmfmff")
    fit = fit_cox(days, dead, risk, stratum=sex)
    assert math.isclose(
        made["cox.by_model.univariable.risk@poor.ratio"].value or 0, float(fit.hazard_ratio[0]), rel_tol=1e-12
    )


def test_both_causes_and_neither_are_counted() -> None:
    """Five relapse first, four die first, three neither; they and the event-free survival make one."""
    spec = IncidenceSpec("cr", "incidence", "CR", "causes", "all", "relapse", "death", at_months=(3, 6), by=("sex",))
    made = run(spec)
    assert made["cr.all.patients@event.events"].value == 5
    assert made["cr.all.patients@competing.events"].value == 4
    assert made["cr.all.patients.censored"].value == 3
    # by day 91 a, e, i have died and c, g relapsed, nobody has left: no censoring, plain shares
    assert math.isclose(made["cr.all.incidence@competing_3mo.estimate"].value or 0, 3 / 12)
    assert math.isclose(made["cr.all.incidence@event_3mo.estimate"].value or 0, 2 / 12)
    assert math.isclose(made["cr.all.closure@3mo.estimate"].value or 0, 1)
    assert {made[f"cr.by_sex.gray@{c}.p"].status for c in ("event", "competing")} == {"ok"}


def later(**options: object) -> Results:
    """Transplantation and survival."""
    return run(
        LaterEventSpec(
            "tx",
            "later-event",
            "HSCT",
            "os",
            "hsct",
            "all",
            "before",
            "after",
            landmarks_days=(45, 95),
            **options,  # type: ignore[arg-type]
        )
    )


def test_who_changes_on_the_last_day_has_not_changed() -> None:
    """h is transplanted on the day of the last contact: no time after it, so four have switched."""
    made = later()
    assert made["tx.all.switched.n"].value == 4
    assert made.members[made["tx.all.switched.n"].members] == ("b", "d", "f", "j")


def test_the_naive_rows_are_marked_and_the_others_not() -> None:
    """The guard's note stands on every naive row."""
    rows = later().rows.values()
    assert all("naive, biased" in r.note for r in rows if r.variable.startswith("naive"))
    assert not any(
        "naive, biased" in r.note for r in rows if r.variable.startswith(("time_dependent", "mantel", "landmark"))
    )


def test_landmarks_count_who_was_lost() -> None:
    """Before day 45 a and i have died; b has changed by then, d, f, h and j later."""
    made = later()
    assert made["tx.all.landmark_lost@45d.n"].value == 2
    assert made["tx.all.landmark_after@45d.N"].value == 1
    assert made["tx.all.landmark_before@45d.N"].value == 9


@pytest.mark.parametrize("occupancy", ["os", "causes"])
def test_states_add_up_to_one(occupancy: str) -> None:
    """On every day, with one ending or two."""
    days: dict[str, float] = {}
    for row in later(occupancy=occupancy).rows.values():
        if row.variable == "occupancy_curve":
            day = row.category.rpartition("_")[2]
            days[day] = days.get(day, 0.0) + (row.value or 0)
    assert days
    assert all(math.isclose(total, 1, rel_tol=1e-12) for total in days.values())


def test_exact_ties_do_not_stop_a_study() -> None:
    """Where the test of proportional hazards does not exist it says so."""
    rows = run(regression(ties="exact", firth="never", residuals=True)).rows.values()
    tests = [r for r in rows if r.variable.endswith("_ph")]
    assert tests
    assert all(r.status == "undefined" and "exact method" in r.note for r in tests)


def test_residuals_of_strata_come_in_the_order_of_days() -> None:
    """They are computed stratum by stratum and drawn over time."""
    rows = run(regression(strata="sex", firth="never", residuals=True)).rows.values()
    of_age = [r.category for r in rows if r.variable == "schoenfeld" and "age" in r.category.lower()]
    days = [int(category.rpartition("_")[2].removesuffix("d")) for category in of_age]
    assert len(days) > 3
    assert days == sorted(days)


def test_a_later_event_beside_covariates_is_the_time_dependent_model() -> None:
    """The adjusted ratio is that of the pieces of follow-up with the covariate beside the change."""
    made = later(adjust_for=("group.sex",))
    days = np.array([30, 400, 100, 210, 50, 500, 70, 300, 20, 350, 450, 380])
    dead = np.array([1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0, 0], dtype=bool)
    changed = np.array([np.nan, 40, np.nan, 60, np.nan, 90, np.nan, 300, np.nan, 50, np.nan, np.nan])
    sex = np.array([0.0, 1] * 6)
    fit = fit_by_switch(days, dead, changed, sex, firth=True)  # seven deaths, two coefficients
    assert "Firth" in (made["tx.all.adjusted_choice.text"].text or "")
    assert math.isclose(made["tx.all.adjusted.ratio"].value or 0, float(fit.hazard_ratio[0]), rel_tol=1e-9)
    assert math.isclose(made["tx.all.adjusted_sex@female.ratio"].value or 0, float(fit.hazard_ratio[1]), rel_tol=1e-9)


def test_what_is_known_later_adjusts_nothing() -> None:
    """A covariate from after the start is refused."""
    with pytest.raises(ProtocolError) as error:
        later(adjust_for=("group.hsct",))
    assert error.value.code == "post-baseline"


def test_a_small_landmark_has_its_exact_test_beside_it() -> None:
    """On day 45 ten are there, one of them changed: Firth's ratio and the permutation test stand beside."""
    made = later()
    days = np.array([400, 100, 210, 50, 500, 70, 300, 350, 450, 380]) - 45
    dead = np.array([0, 1, 1, 1, 0, 1, 0, 1, 0, 0], dtype=bool)
    changed = np.array([1.0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    fit = fit_cox(days, dead, changed, firth=True)
    found = made["tx.all.landmark_penalised@45d.ratio"].value or 0
    assert math.isclose(found, float(fit.hazard_ratio[0]), rel_tol=1e-9)
    assert made["tx.all.landmark_permutation@45d.p"].method == "logrank-permutation-exact"
