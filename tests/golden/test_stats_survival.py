"""Curves, quantiles and log-rank tests against R survival (see `_provenance` in stats_survival.json).

Tolerance 1e-9 relative: the numbers agree to about 1e-13; what is left is the order of the sums.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from remission.stats import RiskTable, compare_survival, estimate_curves, quantile_of_curve, survival_at

GOLDEN = json.loads((Path(__file__).parent / "stats_survival.json").read_text(encoding="utf-8"))
R_NAME = {"log-log": "log-log", "log": "log", "plain": "plain", "logit": "logit", "arcsine-sqrt": "arcsin"}
EXACT = {"rtol": 1e-9, "atol": 1e-12}


def risk_table(case: dict, stratum: str | None = None) -> RiskTable:
    columns = GOLDEN["data"][case["data"]]
    keep = [True] * len(columns["time"])
    if stratum:  # R leaves out rows without a stratum
        keep = [value not in ("", "NA", None) for value in columns[stratum]]

    def column(name: str | None) -> list | None:
        return None if name is None else [v for v, k in zip(columns[name], keep, strict=True) if k]

    return RiskTable.from_arrays(
        column(case["time"]),
        column(case["status"]),
        entry_days=column(case["entry"]),
        group=column(case["group"]),
        stratum=column(stratum),
    )


def by_group(case: dict, block: dict) -> list:
    """R's block of each of our groups, in our order."""
    return [
        block["all"] if case["group"] is None else block[f"{case['group']}={label}"]
        for label in risk_table(case).groups
    ]


def numbers(values: list) -> np.ndarray:
    return np.array([np.inf if v == "Inf" else np.nan if v is None else v for v in values], dtype=float)


@pytest.mark.parametrize("name", GOLDEN["cases"])
def test_curve(name):
    """Days, counts, survival and its standard error are R's on every row."""
    case = GOLDEN["cases"][name]
    curves = estimate_curves(risk_table(case))
    for curve, r in zip(curves, by_group(case, case["km"]["curve"]), strict=True):
        np.testing.assert_array_equal(curve.days / case["scale"], r["time"])
        np.testing.assert_array_equal(curve.at_risk, r["n_risk"])
        np.testing.assert_array_equal(curve.events, r["n_event"])
        np.testing.assert_array_equal(curve.censored, r["n_censor"])
        np.testing.assert_allclose(curve.survival, r["surv"], **EXACT)
        alive = curve.survival > 0
        np.testing.assert_allclose(curve.se[alive], curve.survival[alive] * numbers(r["se_log"])[alive], **EXACT)
        assert np.isnan(curve.se[~alive]).all()


@pytest.mark.parametrize("interval", R_NAME)
@pytest.mark.parametrize("name", GOLDEN["cases"])
def test_survival_at(name, interval):
    """Survival, standard error and interval at chosen days are R's wherever 0 < survival < 1."""
    case = GOLDEN["cases"][name]
    compared = 0
    for curve, r in zip(
        estimate_curves(risk_table(case), interval=interval), by_group(case, case["km"]["at_times"]), strict=True
    ):
        rows = survival_at(curve, [round(t * case["scale"]) for t in r["time"]])
        limits = r["ci"][R_NAME[interval]]
        for i, row in enumerate(rows):
            if row.status != "ok":
                assert row.day > curve.last_day
                continue
            if case["entry"] is None:  # with delayed entry R shows the number at risk on its next row instead
                assert row.at_risk == r["n_risk"][i]
            else:
                assert row.at_risk == counted_at_risk(case, curve.group, row.day)
            np.testing.assert_allclose(row.survival, r["surv"][i], **EXACT)
            if not row.flagged:
                np.testing.assert_allclose(
                    (row.se, row.low, row.high),
                    (r["se_surv"][i], limits["lower"][i], limits["upper"][i]),
                    **EXACT,
                )
                compared += 1
    assert compared >= 3


def counted_at_risk(case: dict, group: str, day: int) -> int:
    columns = GOLDEN["data"][case["data"]]
    rows = zip(columns[case["entry"]], columns[case["time"]], columns[case["group"]], strict=True)
    return sum(entry < day <= exit_ and label == group for entry, exit_, label in rows)


# Bands that rise again, ours and R's: the lower limit is the first day the lower band is at or below 1 - p, the
# upper the first day from which the upper band stays there; R takes the day whose height is nearest to 1 - p.
UNEVEN_BANDS = {
    ("heart_delayed_entry", "log-log", "1", 0.25): ([30, 5, 68], [30, 16, 68]),
    ("aml_overall", "log", "all", 0.5): ([27, 18, 45], [27, 18, 48]),
}


@pytest.mark.parametrize("interval", ["log-log", "log", "plain"])
@pytest.mark.parametrize("name", GOLDEN["cases"])
def test_quantiles(name, interval):
    """Quartiles and their limits are R's, to the day; "not reached" is R's NA."""
    case = GOLDEN["cases"][name]
    block = case["km"]["quantiles"][interval]
    expected = [by_group(case, block[part]) for part in ("quantile", "lower", "upper")]
    for g, curve in enumerate(estimate_curves(risk_table(case), interval=interval)):
        for i, p in enumerate(block["probs"]):
            ours = quantile_of_curve(curve, p)
            scaled = [None if v is None else v / case["scale"] for v in (ours.days, ours.low, ours.high)]
            r = [part[g][i] for part in expected]
            if (name, interval, curve.group, p) in UNEVEN_BANDS:
                assert (scaled, r) == UNEVEN_BANDS[name, interval, curve.group, p]
            else:
                assert scaled == r, (p, curve.group)


LOG_RANKS = [
    (name, kind, rho)
    for name, case in GOLDEN["cases"].items()
    for kind in case["logrank"]
    for rho in ("rho0", "rho1", "rho0.5")
]


@pytest.mark.parametrize(("name", "kind", "rho"), LOG_RANKS)
def test_log_rank(name, kind, rho):
    """Statistic, p, observed, expected and variance are R's: plain, stratified, Fleming-Harrington, k groups."""
    case = GOLDEN["cases"][name]
    r = case["logrank"][kind]["block"][rho]
    risk = risk_table(case, case["logrank"][kind]["stratum"])
    power = float(rho.removeprefix("rho"))
    ours = compare_survival(risk, weights="fleming-harrington", rho=power)
    if power == 0:
        assert compare_survival(risk).chi2 == ours.chi2
    order = [risk.groups.index(label) for label in _r_order(case, risk.groups)]
    assert ours.df == r["df"]
    assert list(ours.n[order]) == r["n"]
    np.testing.assert_allclose((ours.chi2, ours.p), (r["chisq"], r["p"]), **EXACT)
    np.testing.assert_allclose(ours.observed[order], _over_strata(r["obs"]), **EXACT)
    np.testing.assert_allclose(ours.expected[order], _over_strata(r["exp"]), **EXACT)
    np.testing.assert_allclose(ours.variance[np.ix_(order, order)], r["var"], **EXACT)


def _r_order(case: dict, groups: tuple[str, ...]) -> tuple[str, ...]:
    """R keeps the levels of a factor in its own order for the cell type of `veteran`."""
    return ("squamous", "smallcell", "adeno", "large") if case["group"] == "celltype" else groups


def _over_strata(values: list) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return array if array.ndim == 1 else array.sum(axis=1)


def test_lung_as_published():
    """The numbers of a widely known example, as printed: medians by sex and the log-rank statistic."""
    case = GOLDEN["cases"]["lung"]
    medians = [quantile_of_curve(curve) for curve in estimate_curves(risk_table(case))]
    assert [(m.days, m.low, m.high) for m in medians] == [(270, 210, 306), (426, 345, 524)]
    assert compare_survival(risk_table(case)).chi2 == pytest.approx(10.3267419549, abs=5e-11)
