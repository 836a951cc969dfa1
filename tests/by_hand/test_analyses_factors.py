"""Odds of a response, cut-points and subgroups: rows against the statistics they come from."""

from __future__ import annotations

import numpy as np
import pytest

from remission.analyses.spec import CutPointSpec, OddsSpec, RegressionSpec, SubgroupsSpec
from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.endpoints.spec import EndpointSpec, GroupSpec
from remission.stats import cut_point_for_outcome, fit_cox, fit_logistic

from .cohort_factory import make_cohort
from .study_of import rows_of

N = 60
RNG = np.random.default_rng(11)
AGE = RNG.integers(2, 70, N)
SEX = RNG.choice(["male", "female"], N)
RISK = RNG.choice(["standard", "poor"], N)
CR = RNG.random(N) < 1 / (1 + np.exp(-(1.5 - 0.03 * AGE)))
DAYS = RNG.integers(20, 900, N)
DEAD = RNG.random(N) < 0.6
GAP = RNG.random(N) < 0.15


def ward() -> Cohort:
    """Sixty made-up patients; every seventh age or so is missing."""
    patients = ["patient  sex  age_years  genetic_risk"]
    marrow, outcomes = ["patient  visit  day  response_reported"], ["patient  status  death_day  last_contact_day"]
    for i in range(N):
        patients.append(f"p{i}  {SEX[i]}  {'.' if GAP[i] else AGE[i]}  {RISK[i]}")
        marrow.append(f"p{i}  after  15  {'CR' if CR[i] else 'no CR'}")
        state = f"dead  {DAYS[i]}  ." if DEAD[i] else f"alive  .  {DAYS[i]}"
        outcomes.append(f"p{i}  {state}")
    return make_cohort(patients="\n".join(patients), marrow="\n".join(marrow), outcomes="\n".join(outcomes))


WARD = ward()
GROUPS = {
    "response": GroupSpec("Response", of="marrow.response_reported", where={"visit": "after"}),
    "sex": GroupSpec("Sex", of="patients.sex", levels={"male": "male", "female": "female"}),
    "risk": GroupSpec("Risk", of="patients.genetic_risk", levels={"standard": "standard", "poor": "poor"}),
}
ENDPOINTS = {"os": EndpointSpec(preset="OS")}


def odds(**options: object) -> OddsSpec:
    given: dict[str, object] = {"covariates": ("group.sex", "group.risk", "patients.age_years"), **options}
    return OddsSpec("o", "odds", "O", "all", "response", ("CR",), **given)  # type: ignore[arg-type]


def test_odds_are_those_of_the_fit() -> None:
    """Complete cases in the model of all; female against male."""
    made = rows_of(WARD, odds(firth="never"), groups=GROUPS)
    X = np.column_stack([SEX == "female", RISK == "poor", AGE]).astype(float)[~GAP]
    fit = fit_logistic(CR[~GAP], X)
    for k, address in enumerate(("sex@female", "risk@poor", "age_years"), start=1):
        head = f"o.by_model.multivariable.{address}"
        assert made[f"{head}.ratio"].value == pytest.approx(fit.odds_ratio[k], rel=1e-10)
        assert made[f"{head}.low"].value == pytest.approx(fit.or_low[k], rel=1e-10)
        assert made[f"{head}.p"].value == pytest.approx(fit.p[k], rel=1e-10)
    assert made["o.by_model.multivariable.model.N"].value == int((~GAP).sum())
    assert made["o.by_model.univariable.sex_level@female.events"].value == int(CR[SEX == "female"].sum())


def test_few_responses_choose_firth_and_say_so() -> None:
    """Fewer than ten of the rarer outcome for each of three coefficients."""
    made = rows_of(WARD, odds(), groups=GROUPS)
    rarer = min(CR[~GAP].sum(), (~CR[~GAP]).sum())
    assert rarer < 30
    assert made["o.by_model.multivariable.model_choice.text"].text.startswith("penalised likelihood (Firth)")
    assert made["o.by_model.multivariable.sex@female.ratio"].method == "logistic-firth"


def test_imputation_uses_everybody() -> None:
    """The imputed model has all sixty; what nobody lacks loses little information."""
    made = rows_of(WARD, odds(missing="impute", firth="never", copies=10), groups=GROUPS)
    head = "o.by_model.imputed"
    assert made[f"{head}.model.N"].value == N
    assert made[f"{head}.age_years_missing_information.estimate"].value > 0.02
    assert made[f"{head}.sex_missing_information@female.estimate"].value < 0.2
    again = rows_of(WARD, odds(missing="impute", firth="never", copies=10), groups=GROUPS)
    assert made[f"{head}.age_years.ratio"].value == again[f"{head}.age_years.ratio"].value


def test_a_covariate_from_after_the_start_is_refused() -> None:
    """A response cannot be predicted by itself."""
    made = rows_of(WARD, odds(covariates=("group.sex", "group.response")), groups=GROUPS)
    assert made["o.all.response.ratio"].status == "failed"


def test_the_cut_point_has_only_the_adjusted_p() -> None:
    """It is that of the search, and the two sides add up."""
    spec = CutPointSpec("c", "cut-point", "C", "all", "patients.age_years", of="response", levels=("CR",))
    made = rows_of(WARD, spec, groups=GROUPS)
    found = cut_point_for_outcome(AGE[~GAP], CR[~GAP])
    assert made["c.all.cut.value"].value == found.cut
    assert made["c.all.cut.p"].value == found.p
    assert (made["c.all.below.n"].value or 0) + (made["c.all.above.n"].value or 0) == int((~GAP).sum())
    assert made["c.all.patients.missing"].value == int(GAP.sum())
    assert [r.stat for r in made.rows.values() if r.analysis == "c"].count("p") == 1


def test_subgroups_are_the_effects_in_them() -> None:
    """The hazard ratio of men is that of a model of men; the interaction is one for each group."""
    spec = SubgroupsSpec("s", "subgroups", "S", "all", "risk", ("sex",), endpoint="os")
    made = rows_of(WARD, spec, groups=GROUPS, endpoints=ENDPOINTS)
    men = SEX == "male"
    fit = fit_cox(DAYS[men], DEAD[men], (RISK[men] == "standard").astype(float))
    assert made["s.all.sex@male.ratio"].value == pytest.approx(fit.hazard_ratio[0], rel=1e-9)
    assert made["s.all.sex_first@male.N"].value == int((RISK[men] == "standard").sum())
    assert 0 <= (made["s.all.sex_interaction.p"].value or -1) <= 1


def test_differences_of_response_in_subgroups() -> None:
    """First level less second, in points."""
    spec = SubgroupsSpec("s", "subgroups", "S", "all", "risk", ("sex",), of="response", levels=("CR",))
    made = rows_of(WARD, spec, groups=GROUPS)
    women = SEX == "female"
    standard, poor = (CR[women & (level == RISK)].mean() for level in ("standard", "poor"))
    assert made["s.all.sex@female.estimate"].value == pytest.approx(standard - poor)


def test_slips_are_refused() -> None:
    """A level that is none, a cut-point of a word, a contrast of a group that is unknown until later."""
    wrong = (
        OddsSpec("o", "odds", "O", "all", "response", ("CRi",), ("group.sex",)),
        CutPointSpec("c", "cut-point", "C", "all", "patients.sex", of="response", levels=("CR",)),
        CutPointSpec("c", "cut-point", "C", "all", "patients.age_years"),
        SubgroupsSpec("s", "subgroups", "S", "all", "risk", ("sex",)),
    )
    for spec in wrong:
        with pytest.raises(ProtocolError):
            rows_of(WARD, spec, groups=GROUPS)
    late = SubgroupsSpec("s", "subgroups", "S", "all", "response", ("sex",), endpoint="os")
    assert rows_of(WARD, late, groups=GROUPS, endpoints=ENDPOINTS)["s.all.effect.ratio"].status == "failed"


MEASURED = make_cohort(
    patients="\n".join(["patient  sex", *(f"p{i}  {'male' if i % 2 else 'female'}" for i in range(12))]),
    marrow="\n".join(
        [
            "patient  visit  day  response_reported  mrd_percent",
            *(f"p{i}  before  0  .  {'<0.01' if i == 3 else i}" for i in range(11)),
            *(f"p{i}  after  28  {'CR' if i % 3 else 'no CR'}  {i / 2}" for i in range(12)),
        ]
    ),
    outcomes="\n".join(
        [
            "patient  status  death_day  last_contact_day",
            *(f"p{i}  dead  {100 + 7 * i}  ." if i % 2 else f"p{i}  alive  .  {300 + i}" for i in range(12)),
        ]
    ),
)


@pytest.mark.parametrize("where", [{}, {"marrow": {"visit": "after"}}])
def test_a_number_measured_after_the_start_predicts_nothing(where: dict[str, dict[str, object]]) -> None:
    """p11 has no value from before: the one of day 28 does not stand in for it, in no kind of model."""
    asked = odds(covariates=("marrow.mrd_percent",), where=where)
    row = rows_of(MEASURED, asked, groups=GROUPS)["o.all.mrd_percent.ratio"]
    assert row.value is None
    assert "after the start" in row.note
    model = RegressionSpec("r", "regression", "R", "os", "all", ("marrow.mrd_percent",), where=where)
    row = rows_of(MEASURED, model, groups=GROUPS, endpoints=ENDPOINTS)["r.all.mrd_percent.ratio"]
    assert row.value is None
    cut = CutPointSpec("c", "cut-point", "C", "all", "marrow.mrd_percent", endpoint="os", where=where)
    assert rows_of(MEASURED, cut, groups=GROUPS, endpoints=ENDPOINTS)["c.all.cut.value"].value is None


def test_a_limit_of_the_assay_in_a_model_is_said() -> None:
    """Eleven values before treatment, one of them below the floor: counted in the model, left out of the cut-point."""
    where = {"marrow": {"visit": "before"}}
    made = rows_of(MEASURED, odds(covariates=("marrow.mrd_percent",), where=where), groups=GROUPS)
    assert made["o.by_model.univariable.mrd_percent_model.N"].value == 11
    assert made["o.all.mrd_percent_limit.n"].value == 1
    cut = CutPointSpec("c", "cut-point", "C", "all", "marrow.mrd_percent", endpoint="os", where=where)
    made = rows_of(MEASURED, cut, groups=GROUPS, endpoints=ENDPOINTS)
    assert made["c.all.patients.N"].value == 10
    assert made["c.all.signed.n"].value == 1


def test_a_ratio_per_nothing_is_refused() -> None:
    with pytest.raises(ProtocolError):
        rows_of(WARD, odds(per={"patients.age_years": 0.0}), groups=GROUPS)


def test_imputation_without_two_outcomes_stops_nothing() -> None:
    """Everybody responds: no model, with the reason, and no imputed column."""
    everybody = GroupSpec("R", of="marrow.response_reported", where={"visit": "after"}, levels={"yes": ["CR", "no CR"]})
    asked = OddsSpec("o", "odds", "O", "all", "r", ("yes",), ("group.sex", "patients.age_years"), missing="impute")
    made = rows_of(WARD, asked, groups={**GROUPS, "r": everybody})
    assert made["o.by_model.multivariable.age_years.ratio"].value is None
    assert not [r for r in made.rows.values() if r.level == "imputed"]
