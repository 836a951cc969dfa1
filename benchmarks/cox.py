"""How long a Cox model takes: ours, R's coxph if Rscript is there, and a bare compiled loop.

python benchmarks/cox.py [--sizes 1e4 1e5 1e6] [--start-stop 1e5]

CPU seconds (user) of one run, Efron, 10 covariates, whole days with many ties; the last line has delayed entry, two
rows per patient. R stops earlier than we do (a relative change of 1e-9). The floor is a plain loop in C over sorted
rows (sums, outer products, Efron's Hessian of each day), taken as often as our fit evaluated the likelihood; sorting,
checking and results are not in it. It needs a C compiler.
"""

from __future__ import annotations

import argparse
import ctypes
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from remission.stats import fit_cox

COVARIATES = 10

FLOOR = """
#include <math.h>
#include <string.h>
#define EACH(k, upto) for (int k = 0; k < (upto); k++)
/* one pass, Efron; rows sorted by day, latest first; X is (n, p) by rows */
static void add(int p, double r, const double *x, double *S1, double *S2) {
  EACH(k, p) {
    double rx = r * x[k];
    S1[k] += rx;
    EACH(l, k + 1) S2[k * p + l] += rx * x[l];
  }
}
double one_pass(long n, int p, const int *day, const unsigned char *event, const double *X, const double *b,
                double *U, double *I) {
  double S0 = 0, S1[64] = {0}, S2[64 * 64] = {0}, loglik = 0;
  memset(U, 0, p * sizeof(double));
  memset(I, 0, (long)p * p * sizeof(double));
  for (long i = 0; i < n;) {
    double D0 = 0, D1[64] = {0}, D2[64 * 64] = {0};
    long d = 0, j = i;
    for (; j < n && day[j] == day[i]; j++) {
      const double *x = X + j * p;
      double eta = 0;
      EACH(k, p) eta += x[k] * b[k];
      double r = exp(eta);
      S0 += r;
      add(p, r, x, S1, S2);
      if (event[j]) {
        d++, loglik += eta, D0 += r;
        EACH(k, p) U[k] += x[k];
        add(p, r, x, D1, D2);
      }
    }
    for (long e = 0; e < d; e++) {
      double a = (double)e / d, g = S0 - a * D0;
      loglik -= log(g);
      EACH(k, p) {
        double m = (S1[k] - a * D1[k]) / g;
        U[k] -= m;
        EACH(l, k + 1) I[k * p + l] += (S2[k * p + l] - a * D2[k * p + l]) / g - m * (S1[l] - a * D1[l]) / g;
      }
    }
    i = j;
  }
  return loglik;
}
"""

R = """
suppressPackageStartupMessages(library(survival))
a <- commandArgs(TRUE); n <- as.integer(a[2]); p <- as.integer(a[3]); cols <- as.integer(a[4])
m <- matrix(readBin(a[1], "double", n * cols), n)
y <- if (cols == p + 3) Surv(m[, 1], m[, 2], m[, 3]) else Surv(m[, 1], m[, 2])
X <- m[, (cols - p + 1):cols]
t <- system.time(f <- coxph(y ~ X))
cat(t[[1]], f$iter, sprintf("%.15g", f$coefficients[1]), "\\n")
"""


def rows(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days, events and covariates of n made-up patients, about half of whom die within 2000 days."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, COVARIATES))
    X[:, 0] = rng.random(n) < 0.3
    time_days = np.floor(rng.exponential(1000 * np.exp(-X @ np.linspace(-0.3, 0.3, COVARIATES)))) + 1
    censored = np.floor(rng.uniform(1, 2000, n))
    return np.minimum(time_days, censored).astype(int), time_days <= censored, X


def in_two_pieces(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Entry, exit, events, covariates: each patient's follow-up cut once, the first covariate changing there."""
    days, event, X = rows(n, 2)
    cut = np.maximum(days // 3, 0)
    later = X.copy()
    later[:, 0] = np.random.default_rng(3).random(n) < 0.4
    is_cut = cut > 0
    entry = np.concatenate([np.zeros(int(is_cut.sum()), dtype=int), cut])
    exits = np.concatenate([cut[is_cut], days])
    events = np.concatenate([np.zeros(int(is_cut.sum()), dtype=bool), event])
    return entry, exits, events, np.concatenate([X[is_cut], later])


def user_seconds() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def floor_seconds(place: Path, days: np.ndarray, event: np.ndarray, X: np.ndarray, beta: np.ndarray) -> float | None:
    """CPU seconds of one compiled pass, the best of three; None without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    source, library = place / "floor.c", place / "floor.so"
    source.write_text(FLOOR, encoding="utf-8")
    subprocess.run([compiler, "-O3", "-shared", "-fPIC", "-o", str(library), str(source), "-lm"], check=True)
    one_pass = ctypes.CDLL(str(library)).one_pass
    one_pass.restype = ctypes.c_double
    order = np.argsort(-days, kind="stable")
    arrays = [days[order].astype(np.int32), event[order].astype(np.uint8), np.ascontiguousarray(X[order]), beta.copy()]
    arrays += [np.zeros(COVARIATES), np.zeros((COVARIATES, COVARIATES))]
    pointers = [ctypes.c_void_p(a.ctypes.data) for a in arrays]
    taken = []
    for _ in range(3):
        started = time.process_time()
        one_pass(ctypes.c_long(days.size), ctypes.c_int(COVARIATES), *pointers)
        taken.append(time.process_time() - started)
    return min(taken)


def r_seconds(place: Path, columns: np.ndarray) -> tuple[float, float] | None:
    """User seconds of coxph and its first coefficient; None without R."""
    if shutil.which("Rscript") is None:
        return None
    data, script = place / "rows.bin", place / "cox.R"
    data.write_bytes(np.asfortranarray(columns, dtype=np.float64).tobytes(order="F"))
    script.write_text(R, encoding="utf-8")
    arguments = ["Rscript", str(script), str(data), *map(str, (columns.shape[0], COVARIATES, columns.shape[1]))]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    seconds, _, first = done.stdout.split()
    return float(seconds), float(first)


def shown(value: float | None) -> str:
    return f"{'-' if value is None else format(value, '.3f'):>10}"


def line(what: str, place: Path, days: np.ndarray, event: np.ndarray, X: np.ndarray, entry: np.ndarray | None) -> None:
    """Measure and print one row."""
    fit_cox(days[:500], event[:500], X[:500])  # first call: imports, threads
    started = user_seconds()
    fit = fit_cox(days, event, X, entry_days=entry)
    ours = user_seconds() - started
    floor = None if entry is not None else floor_seconds(place, days, event, X, fit.coefficients)
    bare = None if floor is None else floor * (fit.iterations + 1)
    front = [days, event] if entry is None else [entry, days, event]
    theirs = r_seconds(place, np.column_stack([*front, X]))
    if theirs is not None:
        assert abs(theirs[1] - fit.coefficients[0]) < 1e-6
    ratio = "" if bare is None else f"{ours / bare:8.2f}"
    print(
        f"{what:30}{shown(ours)}{shown(None if theirs is None else theirs[0])}{shown(bare)}{ratio:>8}"
        f"{fit.iterations + 1:>8}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="*", default=[1e4, 1e5, 1e6])
    parser.add_argument("--start-stop", type=float, default=1e5, help="patients with delayed entry, two rows each")
    options = parser.parse_args()
    print(f"{'user seconds':30}{'ours':>10}{'R coxph':>10}{'floor':>10}{'ratio':>8}{'passes':>8}")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for n in options.sizes:
            days, event, X = rows(int(n))
            line(f"{int(n):,} rows", place, days, event, X, None)
        entry, exits, events, X = in_two_pieces(int(options.start_stop))
        line(f"{int(options.start_stop):,} patients, start-stop", place, exits, events, X, entry)


if __name__ == "__main__":
    main()
