"""The time-to-event engine beside R survival, lifelines, statsmodels and scikit-survival, in one run on one machine.

python benchmarks/engine.py --peers VENV [--sizes 1e3 1e4 1e5 1e6 1e7] [--limit 60] [--write]

The peers are never part of the project. Make an environment for them, anywhere, and name it:
    python -m venv VENV && VENV/bin/pip install numpy lifelines statsmodels scikit-survival
Without --peers, and where Rscript is missing, their columns stay empty. Every program is a process of its own that is
given the same numbers: whole days, or distinct ranks in place of continuous times. One call first, then the median of
repeated ones. Seconds are those of the clock, with the CPU seconds of all threads in brackets: run it while nothing
else runs. Memory is the peak above what the process held before the call, and
is read on Linux only. --write puts the tables into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "docs" / "benchmarks.md"
PROGRAMS = ("ours", "R survival", "lifelines", "statsmodels", "scikit-survival")
PEERS = PROGRAMS[2:]
WORKS = {
    "km": "Kaplan-Meier with interval, two arms",
    "one-km": "Kaplan-Meier with interval, one arm",
    "logrank": "log-rank, two arms",
    "cox": "Cox, Efron, 10 covariates, standard errors",
    "cox-strata": "the same, 20 strata",
    "cox-pieces": "start-stop Cox, two rows a patient",
    "permutation": "log-rank, 10,000 permutations of 60 patients",
}
ENOUGH = 0.5  # seconds to spend on repeated short calls

R = """
suppressPackageStartupMessages(library(survival))
a <- commandArgs(TRUE); place <- a[1]; works <- strsplit(a[2], ",")[[1]]
bin <- function(name, what) {
  f <- file.path(place, paste0(name, ".bin")); readBin(f, what, file.size(f) / if (what == "integer") 4 else 8)
}
d <- bin("days", "integer"); e <- bin("event", "integer"); g <- bin("group", "integer"); at <- bin("at", "integer")
if (any(grepl("cox", works))) X <- matrix(bin("X", "double"), length(d))
if ("cox-strata" %in% works) s <- bin("stratum", "integer")
if ("cox-pieces" %in% works) en <- bin("entry", "integer")
bare <- function() {
  o <- coxph.fit(X, Surv(d, e), NULL, NULL, NULL, coxph.control(), NULL, "efron", rownames = NULL); o$coefficients[1]
}
todo <- list(
  "km" = function() summary(survfit(Surv(d, e) ~ g, conf.type = "log-log"), times = at)$surv[1],
  "one-km" = function() summary(survfit(Surv(d, e) ~ 1, conf.type = "log-log"), times = at)$surv[1],
  "logrank" = function() survdiff(Surv(d, e) ~ g)$chisq,
  "cox" = function() coxph(Surv(d, e) ~ X)$coefficients[1],
  "cox-strata" = function() coxph(Surv(d, e) ~ X + strata(s))$coefficients[1],
  "cox-pieces" = function() coxph(Surv(en, d, e) ~ X)$coefficients[1])
for (w in works) {
  f <- todo[[w]]; runs <- NULL; value <- NA
  invisible(gc(reset = TRUE)); before <- sum(gc()[, 2])
  first <- system.time(value <- f()); peak <- sum(gc()[, 6]) - before
  times <- if (first[[3]] < 0.02) 20 else 1
  for (i in seq_len(if (first[[3]] < 1) 5 else if (first[[3]] < 4) 2 else 0)) {
    t <- system.time(for (k in seq_len(times)) f()); runs <- rbind(runs, c(t[[3]], t[[1]] + t[[2]]) / times)
  }
  if (is.null(runs)) runs <- rbind(c(first[[3]], first[[1]] + first[[2]]))
  out <- sprintf('{"work": "%s", "wall": %.9g, "cpu": %.9g, "memory": %.9g, "value": %.15g', w, median(runs[, 1]),
                 median(runs[, 2]), peak, value)
  if (w == "cox") {
    out <- sprintf('%s, "bare": %.9g', out, median(sapply(1:3, function(i) system.time(bare())[[3]])))
  }
  cat(out, "}\\n", sep = "")
}
"""


# ---------------------------------------------------------------- the data, the same for everybody


def write_data(place: Path, n: int, kind: str, works: list[str]) -> int:
    """Columns as .npy and, for R, as bare binary; returns how many bytes a program is given."""
    from rows import in_two_pieces, rows  # not at the top: the peers' interpreter does not have the project

    rng = np.random.default_rng(n)
    columns: dict[str, np.ndarray] = {}
    if "cox-pieces" in works:
        columns["entry"], days, event, columns["X"] = in_two_pieces(n)
    elif any("cox" in w for w in works):
        days, event, columns["X"] = rows(n)
    else:
        days = np.minimum(rng.exponential(700, n), rng.uniform(0, 2000, n)).astype(np.int64) + 1
        event = rng.random(n) < 0.6
    if kind == "continuous":
        days = np.empty(n, dtype=np.int64)
        days[np.argsort(rng.random(n) + (event if "X" in columns else 0))] = np.arange(1, n + 1)
    if "cox-strata" in works:
        columns["stratum"] = rng.integers(0, 20, days.size).astype(np.int8)
    columns |= {"days": days, "event": event, "group": (rng.random(days.size) < 0.5).astype(np.int8)}
    given = sum(c.nbytes for c in columns.values())
    columns["at"] = np.array([np.median(days)]).astype(np.int64)
    for name, values in columns.items():
        np.save(place / f"{name}.npy", values)
        bare = np.asfortranarray(values) if name == "X" else values.astype(np.int32)
        (place / f"{name}.bin").write_bytes(bare.tobytes(order="F"))
    return given


# ---------------------------------------------------------------- one program, one process


def calls_of(who: str, c: dict[str, np.ndarray]) -> dict[str, Callable[[], float]]:
    """What a program does for each work; each gives one number, to be compared."""
    return {"ours": ours, "lifelines": lifelines, "statsmodels": statsmodels, "scikit-survival": sksurv}[who](c)


def ours(c: dict[str, np.ndarray]) -> dict[str, Callable[[], float]]:
    from remission.stats import (
        RiskTable,
        compare_survival,
        estimate_curves,
        fit_cox,
        permutation_logrank,
        survival_at,
    )  # fmt: skip

    d, e, g = c["days"], c["event"], c["group"]

    def table() -> RiskTable:
        return RiskTable.from_arrays(d, e, group=g, groups=("A", "B"))

    def cox(**more: np.ndarray) -> float:
        fit = fit_cox(d, e, c["X"], **more)
        c["passes"] = np.array([fit.iterations + 1])
        return float(fit.coefficients[0])

    return {
        "km": lambda: survival_at(estimate_curves(table())[0], c["at"])[0].survival or 0.0,
        "one-km": lambda: survival_at(estimate_curves(RiskTable.from_arrays(d, e))[0], c["at"])[0].survival or 0.0,
        "logrank": lambda: compare_survival(table()).chi2 or 0.0,
        "cox": cox,
        "cox-strata": lambda: cox(stratum=c["stratum"]),
        "cox-pieces": lambda: cox(entry_days=c["entry"]),
        "permutation": lambda: permutation_logrank(d, e, g, method="monte-carlo", replicates=10_000).p or 0.0,
    }


def lifelines(c: dict[str, np.ndarray]) -> dict[str, Callable[[], float]]:
    import pandas as pd
    from lifelines import CoxPHFitter, CoxTimeVaryingFitter, KaplanMeierFitter
    from lifelines.statistics import logrank_test

    d, e, first = c["days"], c["event"], c["group"] == 0

    def km(arm: np.ndarray) -> float:
        fit = KaplanMeierFitter().fit(d[arm], e[arm])
        assert len(fit.confidence_interval_)
        return float(fit.predict(c["at"][0]))

    def frame() -> pd.DataFrame:
        table = pd.DataFrame(c["X"], columns=[f"x{j}" for j in range(10)])
        return table.assign(d=d, e=e.astype(int))

    everybody = np.ones(d.size, dtype=bool)
    found: dict[str, Callable[[], float]] = {
        "km": lambda: (km(first), km(~first))[0],
        "one-km": lambda: km(everybody),
        "logrank": lambda: float(logrank_test(d[first], d[~first], e[first], e[~first]).test_statistic),
    }
    if "X" in c:
        given = frame()
        found["cox"] = lambda: float(CoxPHFitter().fit(given, "d", "e").params_.iloc[0])
        if "stratum" in c:
            of = given.assign(s=c["stratum"])
            found["cox-strata"] = lambda: float(CoxPHFitter().fit(of, "d", "e", strata=["s"]).params_.iloc[0])
        if "entry" in c:
            # each row is a subject of its own: the likelihood is the same
            pieces = given.assign(id=np.arange(d.size), start=c["entry"])
            found["cox-pieces"] = lambda: float(
                CoxTimeVaryingFitter()
                .fit(pieces, event_col="e", id_col="id", start_col="start", stop_col="d")
                .params_.iloc[0]
            )
    return found


def statsmodels(c: dict[str, np.ndarray]) -> dict[str, Callable[[], float]]:
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.duration.survfunc import SurvfuncRight, survdiff

    d, e, first = c["days"].astype(float), c["event"].astype(int), c["group"] == 0

    def km(arm: np.ndarray) -> float:
        fit = SurvfuncRight(d[arm], e[arm])  # standard errors, but no pointwise interval
        return float(fit.surv_prob[np.searchsorted(fit.surv_times, c["at"][0], side="right") - 1])

    def cox(**more: np.ndarray) -> float:
        fit = PHReg(d, c["X"], status=e, ties="efron", **more).fit()
        assert np.isfinite(fit.bse).all()
        return float(fit.params[0])

    return {
        "km": lambda: (km(first), km(~first))[0],
        "one-km": lambda: km(np.ones(d.size, dtype=bool)),
        "logrank": lambda: float(survdiff(d, e, c["group"])[0]),
        "cox": cox,
        "cox-strata": lambda: cox(strata=c["stratum"]),
        # its risk set counts a row at its very entry day: half a day later is what everybody else means
        "cox-pieces": lambda: cox(entry=c["entry"] + 0.5),
    }


def sksurv(c: dict[str, np.ndarray]) -> dict[str, Callable[[], float]]:
    from sksurv.compare import compare_survival
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.nonparametric import kaplan_meier_estimator
    from sksurv.util import Surv

    d, e, first = c["days"].astype(float), c["event"], c["group"] == 0
    y = Surv.from_arrays(e, d)

    def km(arm: np.ndarray) -> float:
        times, survival, _ = kaplan_meier_estimator(e[arm], d[arm], conf_type="log-log")
        return float(survival[np.searchsorted(times, c["at"][0], side="right") - 1])

    return {
        "km": lambda: (km(first), km(~first))[0],
        "one-km": lambda: km(np.ones(d.size, dtype=bool)),
        "logrank": lambda: float(compare_survival(y, c["group"])[0]),
        "cox": lambda: float(CoxPHSurvivalAnalysis(ties="efron").fit(c["X"], y).coef_[0]),  # no standard errors
    }


def memory_kb(field: str) -> float | None:
    """Resident memory of this process, VmRSS, or its peak since the last reset, VmHWM."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((float(line.split()[1]) for line in lines if line.startswith(field)), None)


def measure(call: Callable[[], float]) -> dict[str, float | None]:
    """The median of repeated calls, and the peak of memory in one."""
    if (reset := Path("/proc/self/clear_refs")).exists():
        reset.write_text("5", encoding="ascii")
    before = memory_kb("VmRSS")
    started, used = time.perf_counter(), time.process_time()
    value = call()
    first = (time.perf_counter() - started, time.process_time() - used)
    peak = memory_kb("VmHWM")
    times = max(1, int(0.05 / first[0]))
    repeats = 0 if first[0] > 10 else max(3, min(21, int(ENOUGH / (times * first[0]))))
    runs = []
    for _ in range(repeats):
        started, used = time.perf_counter(), time.process_time()
        for _ in range(times):
            call()
        runs.append(((time.perf_counter() - started) / times, (time.process_time() - used) / times))
    wall, cpu = np.median(runs or [first], axis=0)
    memory = None if before is None or peak is None else (peak - before) / 1024
    return {"wall": float(wall), "cpu": float(cpu), "memory": memory, "value": value}


def child(who: str, place: Path, works: list[str]) -> None:
    """One program: a line of JSON for each work it can do."""
    c = {path.stem: np.load(path) for path in place.glob("*.npy")}
    few = {k: v if k == "at" else v[:500].copy() for k, v in c.items()}
    few["at"] = np.array([np.median(few["days"])]).astype(np.int64)
    if who == "floor":
        calls = floors(c, place)
    else:
        calls = calls_of(who, c)
        for work, call in calls_of(who, few).items():
            if work in works and "cox" not in work:
                call()  # imports, compilation
    for work in works:
        if work in calls:
            found = measure(calls[work])
            passes = {"passes": int(c["passes"][0])} if who == "ours" and "cox" in work else {}
            print(json.dumps({"work": work} | found | passes), flush=True)


def floors(c: dict[str, np.ndarray], place: Path) -> dict[str, Callable[[], float]]:
    """Counting, sorting or one pass: see floors.py."""
    from floors import cox_pass

    d = c["days"]
    is_continuous = bool((np.bincount(d) < 2).all())
    if "X" not in c:
        one: Callable[[], float] = lambda: float((np.argsort(d) if is_continuous else np.bincount(d))[-1])  # noqa: E731
        return dict.fromkeys(("km", "one-km", "logrank"), one)
    found: dict[str, Callable[[], float]] = {}
    more = {"cox": {}, "cox-strata": {"stratum": c.get("stratum")}, "cox-pieces": {"entry": c.get("entry")}}
    for work, options in more.items():
        if all(v is not None for v in options.values()):
            call = cox_pass(place, d, c["event"], c["X"], np.zeros(c["X"].shape[1]), **options)
            if call is not None:
                found[work] = call
    return found


# ---------------------------------------------------------------- all programs


def ask(command: list[str], works: list[str], limit: float) -> dict[str, dict[str, float]]:
    """Run one program; what it has answered when its time is up counts."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=HERE)
    try:
        text, errors = process.communicate(timeout=limit * len(works) + 20)
        late = False
    except subprocess.TimeoutExpired:
        process.kill()
        text, errors = process.communicate()
        late = True
    found = {}
    for line in text.splitlines():
        if line.startswith("{"):
            answer = json.loads(line)
            found[answer.pop("work")] = answer
    if late:
        missing = next((w for w in works if w not in found), None)
        found |= {} if missing is None else {missing: {"late": 1.0}}
    elif process.returncode:
        print(f"{command[-3:]}: {errors.strip().splitlines()[-1:]}", file=sys.stderr)
    return found


def cases(sizes: list[int]) -> list[tuple[int, str, list[str]]]:
    """Rows, kind of days, works."""
    found = [(n, kind, ["km", "logrank"]) for n in sizes for kind in ("integer", "continuous")]
    found += [(1000, "integer", ["one-km"]), (60, "integer", ["permutation"])]
    largest = min(10**6, max(sizes))
    found += [(min(10**5, largest), "integer", ["cox-pieces"]), (min(10**5, largest), "integer", ["cox"])]
    return [*found, (largest, "integer", ["cox", "cox-strata"]), (largest, "continuous", ["cox"])]


Table = list[dict[str, object]]


def run(peers: Path | None, sizes: list[int], limit: float) -> Table:
    """A row for every work, size and kind of days: what each program needed."""
    rows: Table = []
    for n, kind, works in cases(sizes):
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            given = write_data(place, n, kind, works)
            answers: dict[str, dict[str, dict[str, float]]] = {}
            joined = ",".join(works)
            for who in ("floor", *PROGRAMS):
                command = [sys.executable, str(HERE / "engine.py"), "--child", who, str(place), joined]
                if who in PEERS:
                    if peers is None:
                        continue
                    command[0] = str(peers / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
                if who == "R survival":
                    if shutil.which("Rscript") is None:
                        continue
                    (place / "peer.R").write_text(R, encoding="utf-8")
                    command = ["Rscript", str(place / "peer.R"), str(place), joined]
                if "permutation" in works and who != "ours":
                    continue
                answers[who] = ask(command, works, limit)
            for work in works:
                found = {who: by_work[work] for who, by_work in answers.items() if work in by_work}
                rows.append({"work": work, "n": n, "kind": kind, "given": given / 2**20, "found": found})
                print(line_of(rows[-1]), flush=True)
    return rows


# ---------------------------------------------------------------- what is shown


def seconds(value: float) -> str:
    """Three significant digits, in the unit that suits."""
    return f"{value * 1000:.3g} ms" if value < 0.1 else f"{value:.3g} s"


def floor_of(row: dict[str, object]) -> float | None:
    found = row["found"]
    if "floor" not in found:
        return None
    return found["floor"]["wall"] * found["ours"].get("passes", 1)


def cell(found: dict[str, dict[str, float]], who: str) -> str:
    if who not in found:
        return "-"
    if "late" in found[who]:
        return "too long"
    return f"{seconds(found[who]['wall'])} ({seconds(found[who]['cpu'])})"


HEAD = ["work", "n", "days", "floor", "ours", "ours / floor", *PROGRAMS[1:]]


def line_of(row: dict[str, object]) -> str:
    found, floor = row["found"], floor_of(row)
    ratio = "-" if floor is None else f"{found['ours']['wall'] / floor:.1f}"
    bare = "-" if floor is None else seconds(floor)
    cells = [WORKS[row["work"]], f"{row['n']:,}", row["kind"], bare, cell(found, "ours"), ratio]
    return "| " + " | ".join([*cells, *(cell(found, who) for who in PROGRAMS[1:])]) + " |"


def ratio_line(row: dict[str, object]) -> str:
    """How many times our time and memory each peer needs, and whether it got the same number."""
    found, mine = row["found"], row["found"]["ours"]
    cells = [WORKS[row["work"]], f"{row['n']:,}", row["kind"]]
    memory = mine.get("memory")
    cells.append("-" if memory is None else f"{memory:.0f} MB ({memory / row['given']:.1f} x input)")
    for who in PROGRAMS[1:]:
        its = found.get(who)
        if its is None or "late" in its:
            cells.append("-" if its is None else "too long")
            continue
        words = f"{its['wall'] / mine['wall']:.1f} x"
        if its.get("memory") is not None and memory is not None and row["given"] > 1:
            words += f", {its['memory']:.0f} MB"
        near = abs(its["value"] - mine["value"]) <= 1e-5 * max(1.0, abs(mine["value"]))
        cells.append(words + ("" if near else ", another result"))
    return "| " + " | ".join(cells) + " |"


def judged(rows: Table) -> list[str]:
    """Each target, what was measured, and whether it is met; by seconds on the clock."""
    by = {(r["work"], r["n"], r["kind"]): r for r in rows}
    lines = []

    def target(
        work: str, n: int, kind: str, words: str, bound: Callable[[float, dict[str, dict[str, float]]], float | None]
    ) -> None:
        row = by.get((work, n, kind))
        if row is None:
            return
        most = bound(floor_of(row) or float("nan"), row["found"])
        took = row["found"]["ours"]["wall"]
        if most is None or np.isnan(most):
            verdict = "not measured"
        else:
            verdict = "met" if took <= most else f"missed, {took / most:.1f} times too long"
        shown = "-" if most is None or np.isnan(most) else seconds(most)
        what = f"{WORKS[work]}, {n:,}, {kind}"
        lines.append(f"| {what} | {words} | {shown} | {seconds(took)} | {verdict} |")

    def times(k: float) -> Callable[[float, dict[str, dict[str, float]]], float]:
        return lambda floor, _: k * floor

    def of(who: str, key: str = "wall", k: float = 1) -> Callable[[float, dict[str, dict[str, float]]], float | None]:
        return lambda _, found: None if key not in found.get(who, {}) else k * found[who][key]

    target("km", 10**7, "integer", "2 x floor", times(2))
    target("km", 10**6, "continuous", "1 x floor", times(1))
    for who in PROGRAMS[1:]:
        target("km", 10**6, "continuous", f"as fast as {who}", of(who))
    target("logrank", 10**7, "integer", "2 x floor", times(2))
    target("cox", 10**6, "integer", "8 x floor, numpy alone", times(8))
    target("cox", 10**6, "integer", "2 x floor, compiled", times(2))
    target("cox", 10**6, "integer", "as fast as R's bare C fitter", of("R survival", "bare"))
    target("cox", 10**6, "continuous", "1.3 x R's bare C fitter", of("R survival", "bare", 1.3))
    target("cox-strata", 10**6, "integer", "2 x floor, compiled", times(2))
    target("cox-pieces", 10**5, "integer", "as fast as R survival, numpy alone", of("R survival"))
    target("cox-pieces", 10**5, "integer", "2 x floor, compiled", times(2))
    target("one-km", 1000, "integer", "0.2 ms", lambda *_: 2e-4)
    target("permutation", 60, "integer", "1 s", lambda *_: 1.0)
    return lines


def versions(peers: Path | None) -> str:
    """The programs and the machine, in words; no names of the machine."""
    words = [f"{os.cpu_count()} cores ({platform.machine()})", f"{platform.system()}"]
    words.append(f"Python {platform.python_version()}, numpy {np.__version__}")
    if shutil.which("Rscript"):
        ask_r = 'cat(paste0(R.version$major, ".", R.version$minor, ", survival ", packageVersion("survival")))'
        words.append(
            "R " + subprocess.run(["Rscript", "-e", ask_r], capture_output=True, text=True, check=False).stdout
        )
    if peers is not None:
        code = "from importlib.metadata import version as v; print(', '.join(f'{n} {v(n)}' for n in " + f"{PEERS}))"
        words.append(
            subprocess.run([str(peers / "bin" / "python"), "-c", code], capture_output=True, text=True).stdout.strip()
        )
    return "; ".join(words)


def page(rows: Table, peers: Path | None) -> str:
    """Three tables in Markdown."""

    def table(head: list[str], lines: list[str]) -> list[str]:
        return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines, ""]

    out = table(HEAD, [line_of(r) for r in rows])
    out += ["", "## Ratios and memory", "", RATIOS, ""]
    out += table(["work", "n", "days", "memory of ours", *PROGRAMS[1:]], [ratio_line(r) for r in rows])
    out += ["## Targets", "", TARGETS, ""]
    out += table(["work", "target", "at most", "ours", ""], judged(rows))
    return INTRODUCTION.format(machine=versions(peers)) + "\n".join(out).rstrip() + "\n"


INTRODUCTION = """\
# Benchmarks of the time-to-event engine

Made by `benchmarks/engine.py --write`, which says how to repeat it. The last run: {machine}.

Seconds on the clock, medians of repeated calls, CPU seconds of all threads in brackets. Every program was given the
same numbers; "continuous" are distinct whole ranks. The floor of curves and tests is a bare `numpy.bincount` of the
days (`numpy.argsort` where they are distinct), that of a Cox model as many passes of plain compiled C over rows already
sorted as our fit needed; R stops its iterations earlier. statsmodels gives no pointwise interval and scikit-survival no
standard errors of a Cox model, so that they do less.

"""
RATIOS = (
    "Time of each program divided by ours; above 1 ours is faster. Memory is the peak above what was held before\n"
    "the call, including the result; R counts its own heap."
)
TARGETS = "There is no compiled part: where a target is for one, the program in numpy alone is held against it."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, help="a virtual environment with the other programs")
    parser.add_argument("--sizes", type=float, nargs="*", default=[1e3, 1e4, 1e5, 1e6, 1e7])
    parser.add_argument("--limit", type=float, default=60, help="seconds for one work of one program")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--child", nargs=3, metavar=("WHO", "PLACE", "WORKS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        who, place, works = options.child
        child(who, Path(place), works.split(","))
        return
    peers = options.peers.absolute() if options.peers else None
    print("| " + " | ".join(HEAD) + " |", flush=True)
    rows = run(peers, [int(n) for n in options.sizes], options.limit)
    text = page(rows, peers)
    print(text)
    if options.write:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
