"""The sums of a Cox model, walked in small blocks and in parts side by side, against the sums written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.stats import cox_blocks, cox_design, fit_cox, parts
from remission.stats.cox_data import cox_rows
from remission.stats.cox_design import cox_design as design_of
from remission.stats.cox_sums import evaluate

SEEDS = st.integers(0, 10**6)


def draw(seed: int) -> dict:
    """Rows with ties, strata, late entry, copies and a crowd that outlives the last event."""
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(20, 120)), int(rng.integers(1, 4))
    exits = rng.integers(1, int(rng.integers(3, 60)), n)
    if rng.random() < 0.3:
        exits[: n // 2] = 70
    rows = {
        "exit_days": exits,
        "is_event": (rng.random(n) < 0.6) & (exits < 70),
        "covariates": rng.normal(size=(n, p)),
    }
    rows["is_event"][np.argmin(exits)] = True
    if rng.random() < 0.5:
        rows["entry_days"] = np.where(rng.random(n) < 0.5, -1, (rng.random(n) * exits).astype(int))
    if rng.random() < 0.5:
        rows["stratum"] = rng.integers(0, int(rng.integers(2, 6)), n)
    if rng.random() < 0.3:
        rows["weight"] = rng.integers(1, 4, n)
    return rows


def written_out(rows: dict, Z: np.ndarray, beta: np.ndarray, ties: str) -> tuple[float, np.ndarray, np.ndarray]:
    """Log likelihood, score and information by their definition, one event day after the other."""
    n, p = Z.shape
    exits, event = rows["exit_days"], rows["is_event"]
    entry, stratum = rows.get("entry_days", np.full(n, -1)), rows.get("stratum", np.zeros(n))
    w = rows.get("weight", np.ones(n)).astype(float)
    risk = w * np.exp(Z @ beta)
    loglik, score, information = 0.0, np.zeros(p), np.zeros((p, p))
    for s in np.unique(stratum):
        for day in np.unique(exits[event & (stratum == s)]):
            at_risk = (stratum == s) & (entry < day) & (exits >= day)
            dies = (stratum == s) & (exits == day) & event
            copies = int(w[dies].sum())
            loglik += float(w[dies] @ (Z[dies] @ beta))
            score += w[dies] @ Z[dies]
            for l in range(copies):  # noqa: E741
                r = risk * (at_risk - (l / copies if ties == "efron" else 0) * dies)
                total, mean = r.sum(), r @ Z / r.sum()
                loglik -= np.log(total)
                score -= mean
                information += (Z * r[:, None]).T @ Z / total - np.outer(mean, mean)
    return loglik, score, information


@given(SEEDS, st.sampled_from([3, 7, 64]), st.sampled_from([1, 2, 5]), st.sampled_from(["efron", "breslow"]))
@settings(max_examples=150, deadline=None)
def test_blocks_and_parts_change_nothing(seed, block, n_parts, ties):
    """Wherever the rows are cut, also inside a day or a stratum, the sums are those of the definition."""
    rows = draw(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cox_blocks, "BLOCK", block)
        patch.setattr(cox_design, "_BLOCK", block)
        patch.setattr(parts, "WORTH_IT", 1)
        patch.setattr(parts, "PARTS", n_parts)
        checked = cox_rows(
            rows["exit_days"], rows["is_event"], rows["covariates"], None, rows.get("entry_days"),
            rows.get("stratum"), rows.get("weight"), None, None,
        )  # fmt: skip
        design = design_of(checked)
        beta = np.random.default_rng(seed + 1).normal(size=rows["covariates"].shape[1]) / 2
        found = evaluate(design, beta, ties=ties)
        first_moments = found.moments.S1
    Z = (rows["covariates"] - design.centre) / np.where(design.scale > 0, design.scale, np.inf)
    loglik, score, information = written_out(rows, Z, beta, ties)
    np.testing.assert_allclose(found.loglik, loglik, rtol=1e-10)
    np.testing.assert_allclose(found.score, score, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(found.information, information, rtol=1e-8, atol=1e-9)
    stratum = rows.get("stratum", np.zeros(len(Z)))
    entry = rows.get("entry_days", np.full(len(Z), -1))
    risk = rows.get("weight", np.ones(len(Z))) * np.exp(Z @ beta)
    for k, (day, s) in enumerate(zip(design.cell_day, design.cell_stratum, strict=True)):
        at_risk = (stratum == np.unique(stratum)[s]) & (entry < day) & (rows["exit_days"] >= day)
        np.testing.assert_allclose(first_moments[:, k], (risk * at_risk) @ Z, rtol=1e-8, atol=1e-9)


def test_the_number_of_cores_changes_nothing(monkeypatch):
    """A large fit is the same to the last bit on one core and on eight."""
    rng = np.random.default_rng(3)
    n = 4000
    X, days = rng.normal(size=(n, 3)), rng.integers(1, 900, n)
    event = rng.random(n) < 0.6
    monkeypatch.setattr(parts, "WORTH_IT", 1)
    fits = []
    for cores in (1, 8):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        fits.append(fit_cox(days, event, X))
    assert fits[0].coefficients.tobytes() == fits[1].coefficients.tobytes()
    assert fits[0].variance.tobytes() == fits[1].variance.tobytes()
    assert fits[0].loglik == fits[1].loglik
