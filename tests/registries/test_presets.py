"""Presets: every program has a case with a known number, every choice a source, and a word on what is not repeated."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import pytest

from remission.cli import main
from remission.core.errors import DataError
from remission.stats import RiskTable, compare_survival, estimate_curves
from remission.stats.bands import INTERVALS
from remission.stats.cox_fit import TIES
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
    assert preset.sources


@pytest.mark.parametrize("name", PRESETS)
def test_every_choice_has_a_source(name: str) -> None:
    """Where each choice is written, and at least one thing that is not repeated."""
    preset = PRESETS[name]
    assert {"interval", "ties", "median", "quartiles", "logrank", "table"} <= set(preset.sources)
    assert all(preset.sources.values())
    assert preset.cannot
    page = (ROOT / "docs" / "how-to" / "presets.md").read_text(encoding="utf-8")
    assert f"## {name}\n" in page
    section = page.split(f"## {name}\n")[1].split("\n## ")[0]
    for words in (*preset.sources.values(), *preset.cannot):
        assert " ".join(words.split()) in " ".join(section.split()), words


def test_the_page_shows_what_the_program_does() -> None:
    """The table of docs/how-to/presets.md is that of the presets."""
    page = (ROOT / "docs" / "how-to" / "presets.md").read_text(encoding="utf-8")
    for preset in PRESETS.values():
        line = next(row for row in page.splitlines() if row.startswith(f"| {preset.name} |"))
        cells = [c.strip() for c in line.strip("|").split("|")]
        assert cells[1:4] == [preset.interval, preset.ties, preset.median_rule]
        assert cells[4:] == [f"type {preset.quartiles}", preset.hazard_ratio, preset.table_test]


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


@pytest.mark.parametrize(("name", "low", "high"), [("SAS", 210, 306), ("Stata", 210, 306), ("SPSS", 218, 310)])
def test_median_intervals(lung: Any, name: str, low: int, high: int) -> None:
    """SAS and Stata invert the log-log band; SPSS's plain band gives R's numbers for conf.type plain."""
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
