"""Presets: every program has a case with a known number, every choice a source, and a word on what is not repeated."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from remission.cli import main
from remission.core.errors import DataError
from remission.stats import RiskTable, compare_survival, estimate_curves
from remission.stats.bands import INTERVALS
from remission.stats.cox_fit import TIES, fit_cox
from remission.stats.presets import (
    HAZARD_RATIOS,
    MEDIAN_RULES,
    OURS,
    PRESETS,
    TABLE_TESTS,
    mantel_haenszel_ratio,
    observed_expected_ratio,
    quantile_by_rule,
)
from remission.stats.summaries import quantile

ROOT = Path(__file__).resolve().parents[2]
LUNG = (ROOT / "tests" / "data" / "lung.csv", "--time", "time", "--event", "status=2")
R = json.loads((ROOT / "tests" / "golden" / "survival_command.json").read_text(encoding="utf-8"))["lung"]


@pytest.fixture
def lung(capsys: pytest.CaptureFixture[str]) -> Any:
    """Lung by sex, with age, sex and performance status, under a preset: id -> row."""

    def call(preset: str, *more: str) -> dict[str, dict[str, Any]]:
        line = [*map(str, LUNG), "--group", "sex", "--covariates", "age,sex,ph.ecog", "--preset", preset, "--json"]
        assert main(["survival", *line, *more]) == 0
        return {row["id"]: row for row in json.loads(capsys.readouterr().out)["results"]}

    return call


@pytest.mark.parametrize("preset", [OURS, *PRESETS.values()], ids=lambda p: p.name or "ours")
def test_every_choice_is_one_that_exists(preset: Any) -> None:
    """No preset names an interval, a way with ties or a rule that nobody computes."""
    assert preset.interval in INTERVALS
    assert preset.ties in TIES
    assert preset.median_rule in MEDIAN_RULES
    assert preset.hazard_ratio in HAZARD_RATIOS
    assert preset.table_test in TABLE_TESTS
    assert preset.quartiles in range(1, 10)
    assert set(preset.sources) <= set(preset.chosen)


@pytest.mark.parametrize("name", PRESETS)
def test_every_choice_has_a_source(name: str) -> None:
    """Where each choice is written, read by somebody or said not to be, and at least one thing that is not repeated."""
    preset = PRESETS[name]
    assert {"interval", "ties", "median", "quartiles", "logrank", "table"} <= set(preset.sources)
    for choice, source in preset.sources.items():
        assert source.words
        assert not source.looked_up or "not looked up" not in source.words, choice
        assert source.url.startswith("https://") or name == "R" or not source.looked_up, choice
    unsure = [choice for choice, source in preset.sources.items() if not source.looked_up]
    assert preset.cannot[: len(preset.differs)] == preset.differs
    assert len(preset.cannot) == len(preset.differs) + bool(unsure)
    assert all(f"{choice} ({preset.chosen[choice]})" in preset.cannot[-1] for choice in unsure)


def test_what_is_from_memory_is_said_in_the_row(lung: Any) -> None:
    """Nobody has seen how SPSS reads a median on a plateau: the row that names the preset says so."""
    assert "not looked up: median (first)" in lung("SPSS")["survival.all.preset.text"]["note"]
    assert "not looked up" not in lung("R")["survival.all.preset.text"]["note"]


def test_the_page_shows_what_the_program_does() -> None:
    """The tables and lists of docs/how-to/presets.md are those of the presets, row by row."""
    page = (ROOT / "docs" / "how-to" / "presets.md").read_text(encoding="utf-8")
    written = page.split("## Where each choice is written\n")[1].split("\n## ")[0]
    rows = [line for line in written.splitlines() if line.startswith("| ")][1:]
    expected = []
    for preset in PRESETS.values():
        line = next(row for row in page.splitlines() if row.startswith(f"| {preset.name} |"))
        cells = [c.strip() for c in line.strip("|").split("|")]
        assert cells[1:4] == [preset.interval, preset.ties, preset.median_rule]
        assert cells[4:] == [f"type {preset.quartiles}", preset.hazard_ratio, preset.table_test]
        for choice, source in preset.sources.items():
            words = f"[{source.words}]({source.url})" if source.url else source.words
            looked_up = "yes" if source.looked_up else "no"
            expected.append(f"| {preset.name} | {choice} | {preset.chosen[choice]} | {words} | {looked_up} |")
        section = page.split(f"\n### {preset.name}\n")[1].split("\n### ")[0]
        assert [line[2:] for line in section.splitlines() if line.startswith("- ")] == list(preset.cannot)
    assert rows == expected


def test_presets_are_data() -> None:
    """A preset cannot be changed by accident."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        PRESETS["R"].ties = "breslow"  # type: ignore[misc]


@pytest.mark.parametrize("name", PRESETS)
def test_the_rows_name_their_preset(lung: Any, name: str) -> None:
    """Whatever is computed under a preset says so."""
    rows = lung(name.lower())
    assert all(f"preset {name}" in row["note"] for row in rows.values())
    assert rows["survival.all.preset.text"]["text"] == name


def test_r(lung: Any) -> None:
    """R's medians of lung by sex have its log interval: 270 (212-310), 426 (348-550); its Cox model is Efron's."""
    rows = lung("R", "--at", "1")
    stats = ("estimate", "low", "high")
    assert [rows[f"survival.by_sex.1.median.{s}"]["value"] for s in stats] == [270, 212, 310]
    assert [rows[f"survival.by_sex.2.median.{s}"]["value"] for s in stats] == [426, 348, 550]
    assert rows["survival.all.cox_age_log.estimate"]["value"] == pytest.approx(R["cox"]["efron"]["coef"][0], rel=1e-9)
    # nobody has died on day 1: R's limits are both 1
    assert [rows[f"survival.all.survival@1d.{s}"]["value"] for s in stats] == [1, 1, 1]


@pytest.mark.parametrize("name", ["SAS", "Stata", "SPSS"])
def test_breslow(lung: Any, name: str) -> None:
    """SAS, Stata and SPSS fit Cox models with Breslow's ties unless told otherwise."""
    rows = lung(name)
    for k, term in enumerate(("age", "sex", "ph_ecog")):
        found = rows[f"survival.all.cox_{term}_log.estimate"]
        assert found["value"] == pytest.approx(R["cox"]["breslow"]["coef"][k], rel=1e-9)
        assert found["method"] == "cox-breslow"


def test_ties_can_be_named_beside_a_preset(lung: Any) -> None:
    """What is asked for wins over the preset."""
    found = lung("SPSS", "--ties", "efron")["survival.all.cox_age_log.estimate"]
    assert found["value"] == pytest.approx(R["cox"]["efron"]["coef"][0], rel=1e-9)


@pytest.mark.parametrize(
    ("name", "low", "high"), [("SAS", 210, 306), ("Stata", 210, 306), ("Prism", 210, 306), ("SPSS", 218, 310)]
)
def test_median_intervals(lung: Any, name: str, low: int, high: int) -> None:
    """SAS, Stata and Prism (from 10.5) invert the log-log band; the plain band of SPSS gives R's conf.type plain."""
    rows = lung(name)
    assert rows["survival.by_sex.1.median.estimate"]["value"] == 270
    if name == "SPSS":
        q = R["quantiles"]["plain"]
        low, high = q["lower"]["sex=1"][1], q["upper"]["sex=1"][1]
    assert rows["survival.by_sex.1.median.low"]["value"] == low
    assert rows["survival.by_sex.1.median.high"]["value"] == high


def test_prism_by_hand() -> None:
    """Deaths at 1 and 3 (one censored at 5) against 2, 4, 6: E1 = 1/2 + 2/5 + 1/2 + 1/3 = 26/15, E2 = 49/15."""
    risk = RiskTable.from_arrays([6, 1, 4, 3, 2, 5], [1, 1, 1, 1, 1, 0], group=[1, 0, 1, 0, 1, 0])
    test = compare_survival(risk)
    assert test.expected.tolist() == pytest.approx([26 / 15, 49 / 15])
    found = observed_expected_ratio(test)
    ratio, half = 39 / 49, 1.959963984540054 * math.sqrt(15 / 26 + 15 / 49)
    assert found.ratio == pytest.approx((3 / (49 / 15)) / (2 / (26 / 15)))
    assert found.ratio == pytest.approx(ratio)
    assert (found.low, found.high) == pytest.approx((ratio * math.exp(-half), ratio * math.exp(half)))
    variance = 1 / 4 + 6 / 25 + 1 / 4 + 2 / 9
    assert mantel_haenszel_ratio(test).ratio == pytest.approx(math.exp((3 - 49 / 15) / variance))


def test_prism(lung: Any) -> None:
    """Lung by sex: (53/73.418)/(112/91.582), with the interval from 1/E1 + 1/E2."""
    rows = lung("Prism")
    (o1, o2), (e1, e2) = R["logrank"]["rho0"]["obs"], R["logrank"]["rho0"]["exp"]
    log_ratio, se = math.log((o2 / e2) / (o1 / e1)), math.sqrt(1 / e1 + 1 / e2)
    head = "survival.by_sex.hazard_ratio@2"
    assert rows[f"{head}.ratio"]["value"] == pytest.approx(math.exp(log_ratio), rel=1e-12)
    assert rows[f"{head}.low"]["value"] == pytest.approx(math.exp(log_ratio - 1.959963984540054 * se), rel=1e-12)
    assert rows[f"{head}.high"]["value"] == pytest.approx(math.exp(log_ratio + 1.959963984540054 * se), rel=1e-12)
    assert rows[f"{head}.ratio"]["method"] == "ratio-observed-expected"
    # few deaths of lung share a day: the exact likelihood is Prism's default
    exact = rows["survival.all.cox_sex_log.estimate"]
    assert (exact["value"], exact["method"]) == (pytest.approx(R["cox"]["exact"]["coef"][1], rel=1e-9), "cox-exact")
    assert round(rows[f"{head}.ratio"]["value"], 4) == 0.5903


def test_ratio_without_events_has_none() -> None:
    """A group without events has no ratio of observed to expected, and the reason is given."""
    test = compare_survival(RiskTable.from_arrays([1, 2, 3, 4], [1, 1, 0, 0], group=[0, 0, 1, 1]))
    assert observed_expected_ratio(test).ratio is None
    assert observed_expected_ratio(test).reason


@pytest.mark.parametrize(
    ("rule", "inside", "last"), [("midpoint", 2.5, 3.0), ("midpoint-inside", 2.5, None), ("first", 2.0, 2.0)]
)
def test_medians_on_a_plateau(rule: str, inside: float, last: float | None) -> None:
    """Four patients, S = 1/2 from day 2: to the death on day 3, or to the end of follow-up on day 4."""
    curve = estimate_curves(RiskTable.from_arrays([1, 2, 3, 4], [1, 1, 1, 1]))[0]
    assert quantile_by_rule(curve, rule=rule).days == inside
    curve = estimate_curves(RiskTable.from_arrays([1, 2, 3, 4], [1, 1, 0, 0]))[0]
    assert quantile_by_rule(curve, rule=rule).days == last


def test_unknown_rule() -> None:
    """A rule nobody has."""
    curve = estimate_curves(RiskTable.from_arrays([1], [1]))[0]
    with pytest.raises(DataError) as error:
        quantile_by_rule(curve, rule="mode")
    assert error.value.code == "unknown-option"


def test_ratios_are_of_two_groups() -> None:
    """Three groups have no such ratio."""
    test = compare_survival(RiskTable.from_arrays([1, 2, 3], [1, 1, 1], group=[0, 1, 2]))
    with pytest.raises(DataError):
        observed_expected_ratio(test)


# What the programs print in their own manuals or on their own lists, repeated.

RATS_DAYS = [
    [143, 164, 188, 188, 190, 192, 206, 209, 213, 216, 220, 227, 230, 234, 246, 265, 304, 216, 244],
    [142, 156, 163, 198, 205, 232, 232, 233, 233, 233, 233, 239, 240, 261, 280, 280, 296, 296, 323, 204, 344],
]  # Kalbfleisch & Prentice 1980, p. 2; the last two of each group are censored


def rats() -> tuple[list[int], list[int], list[int]]:
    """Days, deaths and groups of SAS's example."""
    days = [d for group in RATS_DAYS for d in group]
    deaths = [int(i < len(group) - 2) for group in RATS_DAYS for i in range(len(group))]
    return days, deaths, [g for g, group in enumerate(RATS_DAYS) for _ in group]


def test_sas_prints_the_ratio_of_breslow() -> None:
    """SAS/STAT 14.1, PHREG, Getting Started: 0.551 without TIES=; Efron's likelihood would print 0.566."""
    days, deaths, group = rats()
    covariate = [[float(g)] for g in group]
    ratios = {ties: f"{fit_cox(days, deaths, covariate, ties=ties).hazard_ratio[0]:.3f}" for ties in TIES}
    assert [ties for ties, printed in ratios.items() if printed == "0.551"] == [PRESETS["SAS"].ties]


@pytest.mark.parametrize(
    ("name", "last_is_event", "expected"), [("SAS", False, None), ("SAS", True, 102.5), ("R", False, 102.5)]
)
def test_medians_of_camis(name: str, last_is_event: bool, expected: float | None) -> None:
    """PSI CAMIS, R vs SAS: of ten with S = 1/2 from day 87 to 118 SAS gives none, unless the last is an event."""
    days = [54, 75, 77, 84, 87, 92, 103, 105, 112, 118]
    events = [1] * 5 + [0] * 4 + [int(last_is_event)]
    curve = estimate_curves(RiskTable.from_arrays(days, events), interval=PRESETS[name].interval)[0]
    assert quantile_by_rule(curve, rule=PRESETS[name].median_rule).days == expected


@pytest.mark.parametrize(("days", "expected"), [([1, 2, 3, 4, 5, 6], 3), ([1, 2, 2, 4, 6, 8], 2)])
def test_medians_of_statalist(days: list[int], expected: float) -> None:
    """Statalist, November 2002, 284: both curves stay on 1/2; Stata prints the first time, 3 (stsum) and 2 (stci)."""
    curve = estimate_curves(RiskTable.from_arrays(days, [1] * 6))[0]
    assert quantile_by_rule(curve, rule=PRESETS["Stata"].median_rule).days == expected


def test_limits_that_stata_prints() -> None:
    """Stata's example session, sts list, controls of the cancer data: 2, 1, 1 and 2 of 20 die at 1, 2, 3 and 4."""
    days = [1, 1, 2, 3, 4, 4, *[5] * 14]  # what comes later does not matter here
    curve = estimate_curves(RiskTable.from_arrays(days, [1] * 6 + [0] * 14), interval=PRESETS["Stata"].interval)[0]
    printed = [
        f"{s:.4f} {low:.4f} {high:.4f}" for s, low, high in zip(curve.survival, curve.low, curve.high, strict=True)
    ]
    assert printed[:4] == [
        "0.9000 0.6560 0.9740",
        "0.8500 0.6038 0.9490",
        "0.8000 0.5511 0.9198",
        "0.7000 0.4505 0.8525",
    ]


@pytest.mark.parametrize(("days", "events", "expected"), [([50, 127], [1, 1], 88.5), ([1, 2], [1, 0], 1.5)])
def test_medians_of_prism(days: list[int], events: list[int], expected: float) -> None:
    """GraphPad FAQ 1800: on 50% from 50 to 127 is 88.5; on 50% from 1 to the end of the curve at 2 is 1.5."""
    curve = estimate_curves(RiskTable.from_arrays(days, events))[0]
    assert quantile_by_rule(curve, rule=PRESETS["Prism"].median_rule).days == expected


STATALIST = [
    -1.4, -1.2, -1.11, -1.08, -1.08, -1.08, -0.75, -0.73, -0.57, -0.57, -0.57, -0.51, -0.48, -0.48, -0.4, -0.3,
    -0.09, -0.07, 0.47, 0.49, 0.49, 0.54, 0.67, 0.69, 0.78, 0.87, 0.94, 0.96, 1.15, 1.2, 1.46, 1.48,
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "p", "expected"),
    [
        ("SAS", [2, 4, 1, 3], 0.25, 1.5),  # SAS Functions, PCTL
        ("SAS", [2, 4, 1, 3], 0.75, 3.5),
        ("Stata", STATALIST, 0.25, -0.65),  # Statalist, December 2005, 110
        ("Stata", STATALIST, 0.75, 0.735),
        ("SPSS", range(1, 69), 0.25, 17.25),  # HAVERAGE: between the 17th and the 18th of 68, at 69/4
        ("Prism", range(1, 69), 0.25, 17.25),  # GraphPad FAQ 501
    ],
)
def test_quartiles(name: str, values: Any, p: float, expected: float) -> None:
    """The quartiles that the programs' own pages print."""
    assert quantile(list(values), p, kind=PRESETS[name].quartiles) == pytest.approx(expected)


ASK_R = """
suppressMessages(library(survival))
days <- c(DAYS); deaths <- c(DEATHS); group <- c(GROUP)
plateau <- survfit(Surv(1:4, rep(1, 4)) ~ 1)
before <- summary(survfit(Surv(c(2, 3), c(1, 1)) ~ 1), times = 1)
cat(plateau$conf.type, coxph(Surv(days, deaths) ~ group)$method, quantile(plateau, 0.5)$quantile,
    before$lower, before$upper, quantile(1:68, 0.25), survdiff(Surv(days, deaths) ~ group)$chisq,
    chisq.test(matrix(c(8, 2, 5, 10), 2))$statistic)
"""


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_itself() -> None:
    """R called without options does what its preset says."""
    script = ASK_R
    for word, values in zip(("DAYS", "DEATHS", "GROUP"), rats(), strict=True):
        script = script.replace(word, ", ".join(map(str, values)))
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)
    conf_type, ties, *numbers = done.stdout.split()
    preset, (days, deaths, group) = PRESETS["R"], rats()
    assert (conf_type, ties) == (preset.interval, preset.ties)
    median, low, high, quartile, logrank, table = map(float, numbers)
    curve = estimate_curves(RiskTable.from_arrays([1, 2, 3, 4], [1] * 4))[0]
    assert median == quantile_by_rule(curve, rule=preset.median_rule).days
    assert [low, high] == [1, 1]
    assert preset.edge_is_one
    assert quartile == quantile(list(range(1, 69)), 0.25, kind=preset.quartiles)
    assert logrank == pytest.approx(compare_survival(RiskTable.from_arrays(days, deaths, group=group)).chi2, rel=1e-5)
    assert table == pytest.approx(25 * (abs(8 * 10 - 2 * 5) - 12.5) ** 2 / (10 * 15 * 13 * 12), rel=1e-5)
    assert preset.table_test == "yates"
