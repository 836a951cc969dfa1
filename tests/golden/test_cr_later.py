"""What happens later: curves by state, tests, models, landmarks and occupied states against R survival.

tests/golden/make_cr.R made cr.json. Tolerance 1e-9 relative for estimates, 1e-8 for errors, statistics and p. The heart
data come in half days; doubled, they are whole.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats.episodes import StateRows, state_rows
from remission.stats.kaplan_meier import survival_at
from remission.stats.landmarks import landmark_grid
from remission.stats.mantel_byar import compare_by_switch, fit_by_switch
from remission.stats.occupancy import OCCUPANCY_INTERVALS, estimate_occupancy, occupancy_at
from remission.stats.simon_makuch import at_risk_by_state, estimate

GOLDEN = json.loads((Path(__file__).parent / "cr.json").read_text(encoding="utf-8"))
HEART, LATER, STATES = GOLDEN["data"]["heart"], GOLDEN["later"], GOLDEN["occupancy"]
PATIENTS = (HEART["exit"], HEART["event"], HEART["switch"])
EXACT = {"rtol": 1e-9, "atol": 1e-12}


@pytest.mark.parametrize("landmark", [None, 120])
def test_simon_makuch(landmark):
    """Survival by current state, standard error and log-log limits are R's, from the origin and from a landmark."""
    ours = estimate(*PATIENTS, landmark=landmark)
    days = LATER["at"] if landmark is None else LATER["at"][1:]
    for curve, r in zip(ours.curves, LATER["simon_makuch" if landmark is None else "simon_makuch_120"], strict=True):
        rows = survival_at(curve, days)
        np.testing.assert_allclose([row.survival for row in rows], r["survival"], **EXACT)
        np.testing.assert_allclose([row.se for row in rows], r["se"], rtol=1e-8)
        np.testing.assert_allclose([row.low for row in rows], r["low"], rtol=1e-8)
        np.testing.assert_allclose([row.high for row in rows], r["high"], rtol=1e-8)


def test_heart_as_published():
    """The numbers of a widely known example, at 30, 100, 365 and 730 days."""
    before, after = estimate(*PATIENTS).curves
    days = [60, 200, 730, 1460]
    np.testing.assert_allclose(
        [row.survival for row in survival_at(after, days)], [0.7354214, 0.4678754, 0.3210952, 0.2859754], atol=5e-8
    )
    np.testing.assert_allclose(
        [row.survival for row in survival_at(before, days)], [0.8068055, 0.5627140, 0.2363399, 0.2363399], atol=5e-8
    )


def test_nobody_is_counted_twice():
    """On every day the two states together are the patients under observation."""
    days = np.arange(0, 3700, 13)
    table = at_risk_by_state(estimate(*PATIENTS), days)
    under_observation = [int((np.array(HEART["exit"]) >= day).sum()) for day in days]
    np.testing.assert_array_equal(table.at_risk.sum(axis=0), under_observation)
    gone = table.events.sum(axis=0) + table.censored.sum(axis=0)
    assert gone[-1] == len(HEART["exit"])
    assert table.switched[-1] == 69


@pytest.mark.parametrize("stratified", [False, True])
def test_mantel_byar(stratified):
    """The statistic is the score test of the Cox model with exact ties, plain and stratified by earlier surgery."""
    r = LATER["mantel_byar_stratified" if stratified else "mantel_byar"]
    ours = compare_by_switch(*PATIENTS, stratum=HEART["surgery"] if stratified else None).test
    np.testing.assert_allclose((ours.chi2, ours.p), (r["stat"], r["p"]), rtol=1e-8)


def test_time_dependent_cox():
    """Coefficients and standard errors of transplantation, age and surgery are R's."""
    table = np.column_stack([HEART["age"], HEART["surgery"]])
    ours = fit_by_switch(*PATIENTS, table, name="transplant", names=["age", "surgery"])
    np.testing.assert_allclose(ours.coefficients, LATER["cox"]["coef"], rtol=1e-9)
    np.testing.assert_allclose(ours.se, LATER["cox"]["se"], rtol=1e-8)
    np.testing.assert_allclose(ours.coefficients, [0.0160956053, 0.0305363149, -0.7733276453], atol=5e-11)


def test_landmarks():
    """Numbers, log-rank test and hazard ratio from each of four landmarks are R's."""
    for ours, r in zip(
        landmark_grid(*PATIENTS, [x["day"] for x in LATER["landmarks"]]), LATER["landmarks"], strict=True
    ):
        assert ours.n.tolist() == r["n"]
        assert (ours.n_lost_events, ours.n_lost_censored) == (r["lost_events"], r["lost_censored"])
        np.testing.assert_allclose((ours.test.chi2, ours.test.p), (r["chi2"], r["p"]), rtol=1e-8)
        np.testing.assert_allclose(
            (ours.hazard_ratio, ours.low, ours.high), (r["hazard_ratio"], r["low"], r["high"]), rtol=1e-8
        )


def rows_of(arm: str, *, after: int = 0) -> StateRows:
    """The multi-state rows of one arm; with a day, of what follows it, counted from it."""
    now: dict[int, str] = {}
    kept = []
    data = GOLDEN["data"]["multistate"]
    for who, trt, start, stop, to in zip(*(data[k] for k in ("id", "trt", "tstart", "tstop", "state")), strict=True):
        if trt == arm and stop > after:
            kept.append((who, max(start, after) - after, stop - after, now.get(who, "start"), to.replace("none", "")))
        if to != "none":
            now[who] = to
    return state_rows(*zip(*kept, strict=True), states=STATES["states"])


@pytest.mark.parametrize("interval", OCCUPANCY_INTERVALS)
@pytest.mark.parametrize("arm", ["A", "B"])
def test_occupied_states(arm, interval):
    """Probabilities of five states and their jackknife standard errors are R's; the day's sum is 1."""
    ours, r = estimate_occupancy(rows_of(arm), interval=interval), STATES["result"][arm]
    rows = occupancy_at(ours, STATES["at"])
    size = len(STATES["states"])
    np.testing.assert_allclose(np.reshape([x.probability for x in rows], (-1, size)), r["probability"], **EXACT)
    np.testing.assert_allclose(np.reshape([x.se for x in rows], (-1, size)), r["se"], rtol=1e-8, atol=1e-12)
    assert ours.closure < 1e-12


@pytest.mark.parametrize("arm", ["A", "B"])
def test_several_initial_states(arm):
    """From day 30, patients start in different states; R takes their shares as given."""
    rows = occupancy_at(estimate_occupancy(rows_of(arm, after=30), start="given"), STATES["mixed_at"])
    size, r = len(STATES["states"]), STATES["mixed"][arm]
    np.testing.assert_allclose(np.reshape([x.probability for x in rows], (-1, size)), r["probability"], **EXACT)
    np.testing.assert_allclose(np.reshape([x.se for x in rows], (-1, size)), r["se"], rtol=1e-8, atol=1e-12)
