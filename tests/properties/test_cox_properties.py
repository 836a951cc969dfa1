"""What a Cox model may not depend on, what it must agree with, and brute force from the definitions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.stats import (
    RiskTable,
    check_proportional_hazards,
    compare_survival,
    concordance_of,
    dfbeta_residuals,
    estimate_concordance,
    fit_cox,
    martingale_residuals,
    predict_survival,
    score_residuals,
)

SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=25, deadline=None)
TIES = ["efron", "breslow", "exact"]


def draw(seed: int, *, n: int = 40, p: int = 2, last: int = 12, late: bool = False) -> dict:
    """Random rows with many ties; entry, if wanted, before the exit."""
    rng = np.random.default_rng(seed)
    exits = rng.integers(1, last, n)
    rows = {
        "exit_days": exits,
        "is_event": rng.random(n) < 0.7,
        "covariates": np.column_stack([rng.integers(0, 2, n), rng.normal(size=(n, p - 1))]).astype(float),
    }
    rows["is_event"][:4], rows["covariates"][:4, 0] = True, [0, 1, 0, 1]
    if late:
        rows["entry_days"] = np.where(rng.random(n) < 0.5, -1, (rng.random(n) * exits).astype(int))
    return rows


def same(a, b, *, rtol: float = 1e-8) -> None:
    """Two fits agree in coefficients, errors, likelihood and tests."""
    for name in ("coefficients", "se", "loglik", "loglik_null"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=rtol, atol=1e-9)
    for name in ("likelihood_ratio", "score", "wald"):
        np.testing.assert_allclose(getattr(a, name).statistic, getattr(b, name).statistic, rtol=1e-6, atol=1e-8)


def take(rows: dict, index) -> dict:
    return {name: values[index] for name, values in rows.items()}


@given(SEEDS, st.sampled_from(["without ties", "exact"]))
@FEW
def test_score_test_is_the_log_rank_test(seed, kind):
    """For two groups the score test is the log-rank test: without ties by any method, with ties by the exact one."""
    rows = draw(seed, p=1, late=True)
    if kind == "without ties":
        rows["exit_days"] = 20 + np.random.default_rng(seed).permutation(rows["exit_days"].size)
    group = rows["covariates"][:, 0].astype(int)
    test = compare_survival(
        RiskTable.from_arrays(rows["exit_days"], rows["is_event"], entry_days=rows["entry_days"], group=group)
    )
    fit = fit_cox(**rows, ties="exact" if kind == "exact" else "efron")
    assert fit.score.statistic == pytest.approx(test.chi2, rel=1e-9, abs=1e-12)
    assert fit.score.df == test.df


@given(SEEDS, st.sampled_from([*TIES, "firth"]))
@FEW
def test_duplicated_rows_are_weight_two(seed, how):
    """A row given twice is a row of weight 2, by every method, also with Firth's penalty."""
    rows = draw(seed, n=24, late=True)
    options = {"firth": True} if how == "firth" else {"ties": how}
    weight = np.random.default_rng(seed).integers(0, 3, 24)
    a = fit_cox(**take(rows, np.repeat(np.arange(24), weight)), **options)
    b = fit_cox(**rows, weight=weight, **options)
    if a.status != "ok":
        assert (a.status, a.diverging) == (b.status, b.diverging)
        return
    same(a, b)
    assert (a.n, a.n_events) == (b.n, b.n_events)
    if how in ("efron", "breslow"):
        ca, cb = concordance_of(a), concordance_of(b)
        np.testing.assert_allclose([ca.c, ca.se], [cb.c, cb.se], rtol=1e-9)
        za, zb = check_proportional_hazards(a), check_proportional_hazards(b)
        if za.status == "ok":
            assert za.overall.statistic == pytest.approx(zb.overall.statistic, rel=1e-6)


@given(SEEDS, st.sampled_from(TIES))
@FEW
def test_splitting_a_row_changes_nothing(seed, ties):
    """A patient cut into pieces of follow-up, with the event on the last, is the same patient."""
    rows = draw(seed, late=True)
    rng = np.random.default_rng(seed)
    entry, exits = rows["entry_days"], rows["exit_days"]
    cut = entry + 1 + (rng.random(exits.size) * (exits - entry - 1)).astype(int)
    is_cut = (cut > entry) & (cut < exits) & (cut >= 0)
    first = take(rows, is_cut) | {"exit_days": cut[is_cut], "is_event": np.zeros(int(is_cut.sum()), dtype=bool)}
    rest = take(rows, np.arange(exits.size)) | {"entry_days": np.where(is_cut, cut, entry)}
    pieces = {name: np.concatenate([first[name], rest[name]]) for name in rows}
    who = np.concatenate([np.flatnonzero(is_cut), np.arange(exits.size)])
    whole = fit_cox(**rows, ties=ties)
    if whole.status == "ok":
        same(whole, fit_cox(**pieces, ties=ties))
    if ties != "exact" and whole.status == "ok":
        own = fit_cox(**rows, ties=ties, cluster=np.arange(exits.size))
        cut_up = fit_cox(**pieces, ties=ties, cluster=who)
        np.testing.assert_allclose(own.robust_se, cut_up.robust_se, rtol=1e-7)
        assert concordance_of(own).c == pytest.approx(concordance_of(cut_up).c, rel=1e-12)
        assert concordance_of(own).se == pytest.approx(concordance_of(cut_up).se, rel=1e-9)


@given(SEEDS, st.sampled_from([*TIES, "firth"]))
@FEW
def test_location_scale_and_row_order(seed, how):
    """A constant added to a covariate does nothing, a factor divides its coefficient, the order of rows is nothing."""
    rows = draw(seed, late=True)
    options = {"firth": True} if how == "firth" else {"ties": how}
    a = fit_cox(**rows, **options)
    if a.status != "ok":
        return
    index = np.random.default_rng(seed).permutation(rows["exit_days"].size)
    moved = take(rows, index)
    factor = np.array([1000.0, 0.01])
    moved["covariates"] = moved["covariates"] * factor + [500.0, -3.0]
    b = fit_cox(**moved, **options)
    np.testing.assert_allclose(a.coefficients, b.coefficients * factor, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(a.se, b.se * factor, rtol=1e-8)
    np.testing.assert_allclose(a.high, b.high * factor, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(a.p, b.p, rtol=1e-6)
    assert a.likelihood_ratio.statistic == pytest.approx(b.likelihood_ratio.statistic, rel=1e-8, abs=1e-10)


@given(SEEDS, st.sampled_from(TIES))
@FEW
def test_strata_of_identical_copies(seed, ties):
    """The same patients as two strata: same coefficient, half the variance, twice the log likelihood."""
    rows = draw(seed, n=25)
    one = fit_cox(**rows, ties=ties)
    if one.status != "ok":
        return
    twice = {name: np.concatenate([values, values]) for name, values in rows.items()}
    two = fit_cox(**twice, stratum=np.repeat(["b", "a"], 25), ties=ties)
    np.testing.assert_allclose(two.coefficients, one.coefficients, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(two.variance, one.variance / 2, rtol=1e-8)
    assert two.loglik == pytest.approx(2 * one.loglik, rel=1e-10)


@given(SEEDS, st.sampled_from(TIES))
@FEW
def test_entry_on_the_day_of_an_event_is_not_at_risk(seed, ties):
    """Somebody who enters on the last day with an event, whatever the covariates, changes nothing at all."""
    rows = draw(seed, late=True)
    last = int(rows["exit_days"][rows["is_event"]].max())
    late = {"exit_days": last + 5, "is_event": False, "covariates": np.array([[50.0, -80.0]]), "entry_days": last}
    more = {name: np.concatenate([values, np.atleast_1d(late[name])]) for name, values in rows.items()}
    a, b = fit_cox(**rows, ties=ties), fit_cox(**more, ties=ties)
    if a.status == "ok":
        same(a, b)
        assert b.n == a.n + 1
        # entering a day earlier is being at risk
        more["entry_days"][-1] = last - 1
        assert abs(fit_cox(**more, ties=ties).loglik_null - a.loglik_null) > 1e-6


@given(SEEDS, st.sampled_from(["efron", "breslow"]))
@FEW
def test_residuals_add_up(seed, ties):
    """Martingale and score residuals add to 0; clusters of one give the sum of the squares of dfbeta."""
    rows = draw(seed, late=True)
    n = rows["exit_days"].size
    fit = fit_cox(**rows, ties=ties, stratum=np.arange(n) % 2, cluster=np.arange(n))
    if fit.status != "ok":
        return
    assert martingale_residuals(fit).sum() == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(score_residuals(fit).sum(axis=0), 0, atol=1e-9)
    dfbeta = dfbeta_residuals(fit)
    np.testing.assert_allclose(fit.robust_variance, dfbeta.T @ dfbeta, rtol=1e-9)


@given(SEEDS)
@FEW
def test_exact_likelihood_by_enumeration(seed):
    """The exact likelihood is the product over days of the chosen set among all sets of that size."""
    rows = draw(seed, n=14, last=6, late=True)
    fit = fit_cox(**rows, ties="exact")
    if fit.status != "ok":
        return
    for beta, found in ((fit.coefficients, fit.loglik), (np.zeros(2), fit.loglik_null)):
        eta = rows["covariates"] @ beta
        total = 0.0
        for t in np.unique(rows["exit_days"][rows["is_event"]]):
            at_risk = np.flatnonzero((rows["entry_days"] < t) & (rows["exit_days"] >= t))
            dead = np.flatnonzero((rows["exit_days"] == t) & rows["is_event"])
            sets = [eta[list(chosen)].sum() for chosen in combinations(at_risk, dead.size)]
            total += eta[dead].sum() - np.logaddexp.reduce(sets)
        assert found == pytest.approx(total, rel=1e-10)


@given(SEEDS, st.sampled_from(["efron", "breslow"]), st.sampled_from(["km", "rank", "identity", "log"]))
@FEW
def test_proportional_hazards_is_a_score_test(seed, ties, transform):
    """The same by brute force: follow-up cut at every event, x times g(t) added, score at the coefficients."""
    rows = draw(seed, n=30, late=True)
    fit = fit_cox(**rows, ties=ties)
    if fit.status != "ok":
        return
    found = check_proportional_hazards(fit, transform=transform)
    if found.status != "ok":
        return
    g = dict(zip(found.days.tolist(), found.time.tolist(), strict=True))
    days = np.array(sorted(g))
    pieces = [
        (max(entry, before), t, bool(event and t == leave), x)
        for entry, leave, event, x in zip(
            rows["entry_days"], rows["exit_days"], rows["is_event"], rows["covariates"], strict=True
        )
        for before, t in zip([-1, *days[:-1]], days, strict=True)
        if entry < t <= leave
    ]
    X = np.array([np.concatenate([x, x * g[t]]) for _, t, _, x in pieces])
    split = {
        "exit_days": np.array([t for _, t, _, _ in pieces]),
        "is_event": np.array([event for _, _, event, _ in pieces]),
        "entry_days": np.array([start for start, _, _, _ in pieces]),
        "offset": X[:, :2] @ fit.coefficients,
        "ties": ties,
    }
    every = fit_cox(covariates=X, **split)
    if not every.dropped:
        assert found.overall.statistic == pytest.approx(every.score.statistic, rel=1e-6, abs=1e-9)
        one = fit_cox(covariates=X[:, [0, 1, 2]], **split)
        assert found.tests[0].statistic == pytest.approx(one.score.statistic, rel=1e-6, abs=1e-9)


@given(SEEDS)
@FEW
def test_concordance_by_pairs(seed):
    """C, the counts and the error, pair by pair, with strata, delayed entry and tied scores."""
    rows = draw(seed, n=25, late=True)
    rng = np.random.default_rng(seed)
    score, stratum = rng.integers(0, 5, 25) / 2, rng.integers(0, 2, 25)
    found = estimate_concordance(
        rows["exit_days"], rows["is_event"], score, entry_days=rows["entry_days"], stratum=stratum
    )
    counts = np.zeros((3, 25))
    for i, j in [(i, j) for i in range(25) for j in range(25) if rows["is_event"][i] and stratum[i] == stratum[j]]:
        t = rows["exit_days"][i]
        outlives = rows["exit_days"][j] > t or (rows["exit_days"][j] == t and not rows["is_event"][j])
        if outlives and rows["entry_days"][j] < t:
            kind = 0 if score[i] > score[j] else 1 if score[i] < score[j] else 2
            counts[kind, [i, j]] += 1
    total = counts.sum() / 2
    if not total:
        assert found.status == "undefined"
        return
    c = (counts[0].sum() + counts[2].sum() / 2) / 2 / total
    assert found.c == pytest.approx(c, rel=1e-12)
    assert (found.concordant, found.discordant, found.tied_score) == tuple(counts.sum(axis=1) / 2)
    influence = (counts[0] + counts[2] / 2 - c * counts.sum(axis=0)) / total
    assert found.se == pytest.approx(np.sqrt((influence**2).sum()), rel=1e-10, abs=1e-14)


@given(SEEDS)
@FEW
def test_curves_of_a_useless_covariate(seed):
    """At coefficient near 0 the predicted curve is exp(-Nelson-Aalen); survival falls with time and with the hazard."""
    rows = draw(seed)
    fit = fit_cox(**rows, ties="breslow")
    if fit.status != "ok":
        return
    found = predict_survival(
        fit, fit.centre + np.array([[0.0, 0.0], [1.0, 0.0]]), np.arange(0, rows["exit_days"].max() + 1)
    )
    assert (np.diff(found.survival, axis=1) <= 1e-15).all()
    ratio = found.cumulative_hazard[1, -1] / found.cumulative_hazard[0, -1]
    assert ratio == pytest.approx(fit.hazard_ratio[0], rel=1e-9)
    inner = (found.survival > 0) & (found.survival < 1)
    assert (found.low[inner] <= found.survival[inner]).all()
    assert (found.survival[inner] <= found.high[inner]).all()
