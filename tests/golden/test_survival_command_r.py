"""`remission survival` against R, through the command line.

tests/golden/survival_command.json holds the numbers of R 4.2.2, survival 3.5-3 and cmprsk 2.2-11 on the tables in
tests/data. Estimates to 1e-9 relative, standard errors, statistics and p to 1e-8; Firth's published limits to 1e-5.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from remission.cli import main

DATA = Path(__file__).resolve().parents[1] / "data"
R = json.loads((Path(__file__).parent / "survival_command.json").read_text(encoding="utf-8"))
LUNG = (DATA / "lung.csv", "--time", "time", "--event", "status=2")
ESTIMATE, ERROR = 1e-9, 1e-8


@pytest.fixture
def rows(capsys: pytest.CaptureFixture[str]) -> Any:
    """Calls the command with --json; returns id -> value, without `survival.` in front."""

    def call(*arguments: object) -> dict[str, float]:
        assert main(["survival", *map(str, arguments), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)["results"]
        return {row["id"].removeprefix("survival."): row["value"] for row in found}

    return call


def near(value: float, expected: float, tolerance: float = ESTIMATE) -> None:
    assert value == pytest.approx(expected, rel=tolerance, abs=1e-14)


def same_model(found: dict[str, float], r: dict[str, Any], prefix: str, terms: list[str]) -> None:
    """Coefficients, errors, limits, tests, concordance and proportional hazards of one model."""
    for k, term in enumerate(terms):
        variable, _, category = term.partition("@")
        at = f"@{category}" if category else ""
        head = f"all.{prefix}_{variable}"
        near(found[f"{head}_log{at}.estimate"], r["coef"][k])
        near(found[f"{head}_log{at}.se"], r["se"][k], ERROR)
        near(found[f"{head}{at}.ratio"], r["hr"][k])
        near(found[f"{head}{at}.low"], r["hr_lower"][k], ERROR)
        near(found[f"{head}{at}.high"], r["hr_upper"][k], ERROR)
        near(found[f"{head}_log{at}.statistic"], r["z"][k], ERROR)
        near(found[f"{head}{at}.p"], r["p"][k], ERROR)
    for test in ("lr", "wald", "score"):
        near(found[f"all.{prefix}_{test}.statistic"], r[test]["stat"], ERROR)
        near(found[f"all.{prefix}_{test}.p"], r[test]["p"], ERROR)
    near(found[f"all.{prefix}_loglik@null.estimate"], r["loglik_null"])
    near(found[f"all.{prefix}_loglik@model.estimate"], r["loglik"])
    assert found[f"all.{prefix}_model.N"] == r["n"]
    assert found[f"all.{prefix}_model.events"] == r["nevent"]
    if "C" in r:
        near(found[f"all.{prefix}_concordance.estimate"], r["C"]["C"])
        near(found[f"all.{prefix}_concordance.se"], r["C"]["se"], ERROR)
    if "zph" in r:
        for name, chisq, p in zip(r["zph"]["rows"], r["zph"]["chisq"], r["zph"]["p"], strict=True):
            category = name.lower().replace(".", "_")
            near(found[f"all.{prefix}_ph@{category}.statistic"], chisq, ERROR)
            near(found[f"all.{prefix}_ph@{category}.p"], p, ERROR)


@pytest.mark.parametrize(("preset", "interval"), [("", "log-log"), ("R", "log"), ("SPSS", "plain")])
def test_curves_by_sex(rows: Any, preset: str, interval: str) -> None:
    """Survival, errors, limits, numbers at risk, medians and quartiles with their limits, in three intervals."""
    r = R["lung"]
    days = r["at_times"]["sex=1"]["time"]
    extra = ("--preset", preset) if preset else ()
    found = rows(*LUNG, "--group", "sex", "--at", ",".join(map(str, days)), *extra)
    for sex in ("1", "2"):
        at, head = r["at_times"][f"sex={sex}"], f"by_sex.{sex}"
        for k, day in enumerate(days):
            name = f"{head}.survival@{day}d"
            near(found[f"{name}.estimate"], at["surv"][k])
            near(found[f"{name}.se"], at["se_surv"][k], ERROR)
            near(found[f"{name}.low"], at["ci"][interval]["lower"][k], ERROR)
            near(found[f"{name}.high"], at["ci"][interval]["upper"][k], ERROR)
            assert found[f"{name}.at_risk"] == at["n_risk"][k]
        q = r["quantiles"][interval]
        for k, variable in enumerate(("quartile1", "median", "quartile3")):
            assert found[f"{head}.{variable}.estimate"] == q["quantile"][f"sex={sex}"][k]
            assert found[f"{head}.{variable}.low"] == q["lower"][f"sex={sex}"][k]
            assert found[f"{head}.{variable}.high"] == q["upper"][f"sex={sex}"][k]


def test_medians_as_in_the_conventions(rows: Any) -> None:
    """270 (210-306) and 426 (345-524) days; follow-up 588 (511-821)."""
    found = rows(*LUNG, "--group", "sex")
    stats = ("estimate", "low", "high")
    assert [found[f"by_sex.1.median.{s}"] for s in stats] == [270, 210, 306]
    assert [found[f"by_sex.2.median.{s}"] for s in stats] == [426, 345, 524]
    assert [found[f"all.follow_up.{s}"] for s in stats] == [588, 511, 821]


def test_tests_of_groups(rows: Any) -> None:
    """Log-rank with observed and expected events, Peto-Peto, within strata."""
    found = rows(*LUNG, "--group", "sex", "--strata", "ph.ecog")
    r = R["lung"]["logrank"]
    near(found["by_sex.logrank.statistic"], r["rho0"]["chisq"], ERROR)
    near(found["by_sex.logrank.statistic"], 10.3267419549, 1e-10)
    near(found["by_sex.logrank.p"], r["rho0"]["p"], ERROR)
    near(found["by_sex.peto_peto.statistic"], r["rho1"]["chisq"], ERROR)
    near(found["by_sex.logrank_stratified.statistic"], R["lung"]["logrank_stratified"]["chisq"], ERROR)
    for k, sex in enumerate(("1", "2")):
        near(found[f"by_sex.{sex}.expected.estimate"], r["rho0"]["exp"][k])
        assert found[f"by_sex.{sex}.rows.events"] == r["rho0"]["obs"][k]


def test_four_groups(rows: Any) -> None:
    """Four cell types: three degrees of freedom."""
    found = rows(DATA / "veteran.csv", "--time", "time", "--event", "status", "--group", "celltype")
    r = R["veteran"]["logrank"]
    near(found["by_celltype.logrank.statistic"], r["chisq"], ERROR)
    near(found["by_celltype.logrank.p"], r["p"], ERROR)
    assert found["by_celltype.logrank.df"] == 3


@pytest.mark.parametrize("ties", ["efron", "breslow", "exact"])
def test_cox(rows: Any, ties: str) -> None:
    """Three covariates, three ways with ties; one row lacks ph.ecog."""
    found = rows(*LUNG, "--covariates", "age,sex,ph.ecog", "--ties", ties)
    same_model(found, R["lung"]["cox"][ties], "cox", ["age", "sex", "ph_ecog"])
    assert found["all.cox_model_left_out.n"] == 1


def test_cox_within_strata(rows: Any) -> None:
    """Strata of performance status; rows without weight loss or status are left out."""
    found = rows(*LUNG, "--covariates", "age,sex,wt.loss", "--strata", "ph.ecog")
    same_model(found, R["lung"]["cox_stratified"], "cox", ["age", "sex", "wt_loss"])


def test_late_entry_and_clusters(rows: Any) -> None:
    """Heart transplants as pieces of follow-up: the model, its robust errors by patient, curves by current state."""
    found = rows(
        DATA / "heart_pieces.csv", "--time", "stop", "--entry", "start", "--event", "died", "--group", "transplant",
        "--covariates", "age,year,surgery,transplant", "--at", "60,180,730,1460", "--rmst", "1460",
    )  # fmt: skip
    r = R["heart"]["cox"]
    same_model(found, r, "cox", ["age", "year", "surgery", "transplant"])
    for state in ("0", "1"):
        at = R["heart"]["at_times"][f"transplant={state}"]
        for day in (30, 90, 365, 730):
            k = at["time"].index(day)
            near(found[f"by_transplant.{state}.survival@{2 * day}d.estimate"], at["surv"][k])
            near(found[f"by_transplant.{state}.survival@{2 * day}d.se"], at["se_surv"][k], ERROR)
    robust = rows(
        DATA / "heart_pieces.csv", "--time", "stop", "--entry", "start", "--event", "died", "--covariates",
        "age,year,surgery,transplant", "--cluster", "id",
    )  # fmt: skip
    for k, name in enumerate(("age", "year", "surgery", "transplant")):
        near(robust[f"all.cox_{name}_log_robust.se"], r["robust"]["robust_se"][k], ERROR)
    near(robust["all.cox_robust_score.statistic"], r["robust"]["robust_score"], ERROR)


def test_later_event_on_the_heart_data(rows: Any) -> None:
    """The sign must not flip, and nobody is in two states: published numbers of a widely known example."""
    found = rows(
        DATA / "heart_patients.csv", "--time", "half_days", "--event", "died", "--switch", "transplant", "--covariates",
        "age,surgery", "--at", "60,200,730,1460",
    )  # fmt: skip
    for name, expected in (("transplant", 0.0160956053), ("age", 0.0305363149), ("surgery", -0.7733276453)):
        assert found[f"all.cox_{name}_log.estimate"] == pytest.approx(expected, abs=5e-11)
    after = [0.7354214, 0.4678754, 0.3210952, 0.2859754]
    for day, expected in zip((60, 200, 730, 1460), after, strict=True):
        assert found[f"by_state.after.survival@{day}d.estimate"] == pytest.approx(expected, abs=5e-8)
    assert round(found["all.naive.ratio"], 2) == 0.27
    assert round(found["all.time_dependent.ratio"], 2) == 1.14


def test_later_event_on_the_myeloid_data(rows: Any) -> None:
    """Transplant in 646 patients: naive 0.7501 (0.6014-0.9357), time-dependent 1.8021 (1.4068-2.3083)."""
    found = rows(DATA / "myeloid.csv", "--time", "futime", "--event", "death", "--switch", "txtime", "--group", "trt")
    stats = ("ratio", "low", "high")
    assert [round(found[f"all.naive.{s}"], 4) for s in stats] == [0.7501, 0.6014, 0.9357]
    assert [round(found[f"all.time_dependent.{s}"], 4) for s in stats] == [1.8021, 1.4068, 2.3083]
    near(found["by_trt.logrank.statistic"], R["myeloid"]["logrank"]["chisq"], ERROR)


def test_competing_risks(rows: Any) -> None:
    """Incidence of both causes with Aalen's variance, Gray's test, Fine-Gray: cmprsk's numbers."""
    months = R["mgus2"]["cuminc"]["times"]
    # the months are taken as they stand: only their order counts
    found = rows(
        DATA / "mgus2_cr.csv", "--time", "etime", "--cause", "event", "--group", "sex", "--covariates", "age,male",
        "--at", ",".join(map(str, months)),
    )  # fmt: skip
    r = R["mgus2"]
    for row, name in enumerate(r["cuminc"]["curve_names"]):
        sex, cause = name.split()
        for k, month in enumerate(months):
            head = f"by_sex.{sex.lower()}.incidence@{cause}_{month}d"
            near(found[f"{head}.estimate"], r["cuminc"]["est"][row][k])
            near(found[f"{head}.se"] ** 2, r["cuminc"]["var"][row][k], ERROR)
    for k, cause in enumerate(r["gray"]["cause"]):
        near(found[f"by_sex.gray@{cause}.statistic"], r["gray"]["stat"][k], ERROR)
        near(found[f"by_sex.gray@{cause}.p"], r["gray"]["p"][k], ERROR)
    near(found["by_sex.gray@2.statistic"], 11.65125901213, 1e-10)
    for cause, fit in (("1", r["fine_gray"]["cause1"]), ("2", r["fine_gray"]["cause2"])):
        for name, b, se in zip(fit["covariates"], fit["coef"], fit["se"], strict=True):
            near(found[f"all.fine_gray{cause}_{name}_log.estimate"], b)
            near(found[f"all.fine_gray{cause}_{name}_log.se"], se, ERROR)
    for month in months:
        assert found[f"all.closure@{month}d.estimate"] == pytest.approx(1, abs=1e-12)


def test_restricted_means(rows: Any) -> None:
    """Area up to day 730 with its standard error, and the difference."""
    found = rows(*LUNG, "--group", "sex", "--rmst", "730")
    r = R["lung"]["rmst"]
    for sex in ("1", "2"):
        near(found[f"by_sex.{sex}.rmst@730d.estimate"], r["rmst"][f"sex={sex}"])
        near(found[f"by_sex.{sex}.rmst@730d.se"], r["se"][f"sex={sex}"], ERROR)
    near(found["by_sex.rmst_difference@2_730d.estimate"], r["difference"]["diff"])
    near(found["by_sex.rmst_difference@2_730d.se"], r["difference"]["se"], ERROR)
    near(found["by_sex.rmst_difference@2_730d.p"], r["difference"]["p"], ERROR)


def test_firth(rows: Any) -> None:
    """A monotone likelihood: published coefficient, profile limits and p, asked for or beside the plain model."""
    for prefix, extra in (("cox", ("--firth",)), ("firth", ())):
        found = rows(DATA / "firth.csv", "--time", "days", "--event", "event", "--covariates", "exposed", *extra)
        values = [found[f"all.{prefix}_exposed_log.{s}"] for s in ("estimate", "low", "high")]
        assert values == pytest.approx([2.470240, 0.231034, 7.362104], abs=1e-5)
        assert round(found[f"all.{prefix}_exposed.p"], 4) == 0.0272
