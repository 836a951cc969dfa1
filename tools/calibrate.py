"""Draw data of which the truth is known, and count: how often a test rejects and an interval holds the truth.

python tools/calibrate.py [--replicates 3000] [--workers 2]; about six minutes; writes tools/calibration.json, which
tools/make_validation.py shows in docs/validation.md.

Event times are exponential with a median of 365 days, rounded up to whole days; follow-up ends at a uniform time
whose range is chosen so that 40 % of patients are censored. Each replicate has a generator of its own, seeded by
(seed, patients, number of the replicate), so that the result does not depend on how the work is shared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from math import exp, inf, log
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from remission.stats import (
    RiskTable,
    chi_square,
    compare_incidence,
    compare_survival,
    estimate_curves,
    fisher_exact,
    fit_cox,
    permutation_logrank,
    profile_intervals,
    proportion_interval,
    quantile_of_curve,
    survival_at,
)

TARGET = Path(__file__).resolve().with_name("calibration.json")
SEED, REPLICATES = 2024, 3_000
SIZES = (20, 40, 100)
LEVELS = (0.01, 0.05, 0.10, 0.50)
MEDIAN, CENSORED, RESPONSE, HAZARD_RATIO = 365, 0.4, 0.4, 2.0
HAZARD = log(2) / MEDIAN
SECOND = 0.3  # log hazard ratio of the second covariate where there is an effect

Days: TypeAlias = npt.NDArray[np.int64]
Events: TypeAlias = npt.NDArray[np.bool_]
# a p-value; or for an interval -1 (the truth is below it), 0 (inside), 1 (above); None is undefined
Answers = dict[str, float | None]


def script_hash() -> str:
    """Of this script, so that numbers of an older one are recognised."""
    return hashlib.sha256(Path(__file__).read_bytes().replace(b"\r\n", b"\n")).hexdigest()


@cache
def follow_up_range(hazards: tuple[float, ...]) -> float:
    """The longest follow-up, uniform from 0, with which 40 % of patients with these hazards are censored."""

    def censored(longest: float) -> float:
        return sum((1 - exp(-h * longest)) / (h * longest) for h in hazards) / len(hazards)

    low, high = 1.0, 1e7
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if censored(middle) > CENSORED else (low, middle)
    return low


def follow_up(rng: np.random.Generator, hazard: npt.NDArray[np.float64], longest: float) -> tuple[Days, Events]:
    """Last day and whether it is an event's, in whole days."""
    event, end = rng.exponential(1 / hazard), rng.uniform(0, longest, hazard.size)
    return np.ceil(np.minimum(event, end)).astype(np.int64), event <= end


def inside(low: float | None, high: float | None, truth: float) -> float:
    """-1 if the truth lies below the interval, 1 above, 0 in it; a side without a limit holds everything."""
    if low is not None and truth < low:
        return -1.0
    return 1.0 if high is not None and truth > high else 0.0


def number(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else float(value)


# ---------------------------------------------------------------- one replicate


def tests_without_effect(rng: np.random.Generator, n: int) -> Answers:
    """p-values of tests whose hypothesis is true."""
    flat = np.full(n, HAZARD)
    days, events = follow_up(rng, flat, follow_up_range((HAZARD,)))
    answers: Answers = {}
    for words, first in (("two groups of n/2", n // 2), ("n/4 against the rest", n // 4)):
        group = (np.arange(n) >= first).astype(np.int64)
        risk = RiskTable.from_arrays(days, events, group=group)
        drawn = permutation_logrank(
            days, events, group, method="monte-carlo", replicates=999, seed=int(rng.integers(1 << 31))
        )
        answers[f"log-rank, {words}"] = compare_survival(risk).p
        answers[f"log-rank by permutation, {words}"] = drawn.p
    half = (np.arange(n) >= n // 2).astype(np.int64)
    cause = np.where(events, 1 + (rng.random(n) < 0.4), 0)
    answers["Gray, 60 % of events of the cause"] = compare_incidence(
        RiskTable.from_arrays(days, cause, group=half, causes=2)
    ).p
    X = np.column_stack([half, rng.normal(size=n)])
    fit, penalised = fit_cox(days, events, X), fit_cox(days, events, X, firth=True)
    answers["Cox, Wald of one of two covariates"] = number(fit.p[0])
    answers["Cox, likelihood ratio of both covariates"] = fit.likelihood_ratio.p
    answers["Cox with Firth's penalty, likelihood ratio of one covariate"] = number(penalised.p[0])
    response = rng.random(n) < RESPONSE
    table = [[int((response[half == g] == r).sum()) for r in (True, False)] for g in (0, 1)]
    answers["Fisher, response 40 %"] = fisher_exact(table).p
    answers["chi-square without correction, response 40 %"] = chi_square(table).p
    return answers


def intervals(rng: np.random.Generator, n: int) -> Answers:
    """Where the truth lies relative to its 95 % interval."""
    days, events = follow_up(rng, np.full(n, HAZARD), follow_up_range((HAZARD,)))
    risk = RiskTable.from_arrays(days, events)
    answers: Answers = {}
    for kind in ("log-log", "log", "plain"):
        curve = estimate_curves(risk, interval=kind)[0]
        at = survival_at(curve, [MEDIAN])[0]
        answers[f"Kaplan-Meier {kind}, survival at the true median"] = (
            inside(at.low, at.high, 0.5) if at.status == "ok" else None
        )
        if kind == "log-log":
            median = quantile_of_curve(curve)
            lowest = inf if median.low is None and curve.days[-1] > MEDIAN else median.low
            answers["median survival, Brookmeyer-Crowley, log-log"] = inside(lowest, median.high, MEDIAN)
    responders = int((rng.random(n) < RESPONSE).sum())
    for method in ("clopper-pearson", "wilson"):
        found = proportion_interval(responders, n, method=method)
        answers[f"proportion {method}, truth 40 %"] = inside(found.low, found.high, RESPONSE)
    return answers | hazard_ratio_intervals(rng, n)


def hazard_ratio_intervals(rng: np.random.Generator, n: int) -> Answers:
    """The same for a hazard ratio of 2 between halves, a second covariate in the model."""
    group, second = (np.arange(n) >= n // 2).astype(np.int64), rng.normal(size=n)
    longest = follow_up_range((HAZARD, HAZARD * HAZARD_RATIO))
    days, events = follow_up(
        rng, np.asarray(HAZARD * HAZARD_RATIO**group * np.exp(SECOND * second), dtype=np.float64), longest
    )
    X = np.column_stack([group, second])
    truth = log(HAZARD_RATIO)
    fit, penalised = fit_cox(days, events, X), fit_cox(days, events, X, firth=True)
    profile = profile_intervals(fit)
    answers: Answers = {"hazard ratio 2, Cox, Wald": None}
    if fit.status == "ok":
        answers["hazard ratio 2, Cox, Wald"] = inside(float(fit.low[0]), float(fit.high[0]), truth)
    answers["hazard ratio 2, Cox, profile"] = inside(number(profile.low[0]), number(profile.high[0]), truth)
    answers["hazard ratio 2, Cox with Firth's penalty, profile"] = inside(
        number(penalised.low[0]), number(penalised.high[0]), truth
    )
    return answers


PARTS: dict[str, Callable[[np.random.Generator, int], Answers]] = {
    "tests": tests_without_effect,
    "intervals": intervals,
}


def replicate(part: str, n: int, i: int) -> Answers:
    """One data set and its answers; the same whenever and wherever it is drawn."""
    return PARTS[part](np.random.default_rng([SEED, list(PARTS).index(part), n, i]), n)


# ---------------------------------------------------------------- all of them


def _batch(part: str, n: int, which: range) -> list[Answers]:
    return [replicate(part, n, i) for i in which]


def summary(part: str, n: int, answers: list[Answers]) -> list[dict[str, object]]:
    """A row per statistic: shares of all replicates in which it is defined."""
    rows: list[dict[str, object]] = []
    for name in answers[0]:
        known = np.array([a[name] for a in answers if a[name] is not None], dtype=np.float64)
        row: dict[str, object] = {"part": part, "what": name, "n": n, "undefined": len(answers) - known.size}
        if part == "tests":
            # a p of 50 of 1000 arrangements is 0.05, whatever the last bit says
            row |= {f"rejected at {level:g}": float((known <= level * (1 + 1e-9)).mean()) for level in LEVELS}
        else:
            row |= {"covered": float((known == 0).mean())}
            row |= {"truth below": float((known < 0).mean()), "truth above": float((known > 0).mean())}
        rows.append(row)
    return rows


def run(replicates: int, workers: int) -> dict[str, object]:
    """Everything calibration.json holds."""
    rows, first = [], []
    step = max(1, min(250, replicates // (2 * workers)))
    batches = [range(i, min(i + step, replicates)) for i in range(0, replicates, step)]
    with ProcessPoolExecutor(workers) as pool:
        for part in PARTS:
            for n in SIZES:
                answers = [a for found in pool.map(partial(_batch, part, n), batches) for a in found]
                rows += summary(part, n, answers)
                first.append({"part": part, "n": n, "answers": answers[0]})
    return {"script": script_hash(), "seed": SEED, "replicates": replicates, "first": first, "rows": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=REPLICATES)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    found = run(options.replicates, options.workers)
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
