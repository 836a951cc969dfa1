"""What no program can go below: counting whole days, sorting distinct times, one compiled pass for a Cox model.

The pass is plain C over sorted rows: sums, outer products, Efron's Hessian of each day, per stratum, with late entry.
It needs a C compiler; sorting, checking and results are not in it.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

SOURCE = """
#include <math.h>
#include <string.h>
#define EACH(k, upto) for (int k = 0; k < (upto); k++)
static double add(int p, double sign, const double *x, const double *b, double *S1, double *S2, double *eta) {
  double e = 0;
  EACH(k, p) e += x[k] * b[k];
  double r = sign * exp(e);
  EACH(k, p) {
    double rx = r * x[k];
    S1[k] += rx;
    EACH(l, k + 1) S2[k * p + l] += rx * x[l];
  }
  *eta = e;
  return r;
}
/* Efron. X is (n, p), rows by stratum, then day, latest first. late: the rows by stratum, then entry, latest first. */
double one_pass(long n, int p, const int *stratum, const int *day, const unsigned char *event, const double *X,
                const double *b, const int *late, const int *entry, double *U, double *I) {
  double S0 = 0, S1[64], S2[64 * 64], loglik = 0, eta;
  long gone = 0;
  memset(U, 0, p * sizeof(double));
  memset(I, 0, (long)p * p * sizeof(double));
  for (long i = 0; i < n;) {
    if (!i || stratum[i] != stratum[i - 1]) {
      S0 = 0, gone = i;
      memset(S1, 0, sizeof(double) * p), memset(S2, 0, sizeof(double) * p * p);
    }
    double D0 = 0, D1[64] = {0}, D2[64 * 64];
    memset(D2, 0, sizeof(double) * p * p);
    long d = 0, j = i;
    for (; j < n && day[j] == day[i] && stratum[j] == stratum[i]; j++) {
      const double *x = X + j * p;
      double r = add(p, 1, x, b, S1, S2, &eta);
      S0 += r;
      if (event[j]) {
        d++, loglik += eta, D0 += r;
        EACH(k, p) U[k] += x[k];
        add(p, 1, x, b, D1, D2, &eta);
      }
    }
    if (late)
      for (; gone < n && stratum[late[gone]] == stratum[i] && entry[late[gone]] >= day[i]; gone++)
        S0 += add(p, -1, X + (long)late[gone] * p, b, S1, S2, &eta);
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


def cox_pass(
    place: Path,
    days: np.ndarray,
    event: np.ndarray,
    X: np.ndarray,
    beta: np.ndarray,
    *,
    stratum: np.ndarray | None = None,
    entry: np.ndarray | None = None,
) -> Callable[[], float] | None:
    """A function that makes one pass and gives the log likelihood; None without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    source, library = place / "floors.c", place / "floors.so"
    if not library.exists():
        source.write_text(SOURCE, encoding="utf-8")
        subprocess.run([compiler, "-O3", "-shared", "-fPIC", "-o", str(library), str(source), "-lm"], check=True)
    one_pass = ctypes.CDLL(str(library)).one_pass
    one_pass.restype = ctypes.c_double
    codes = np.zeros(days.size, dtype=np.int32) if stratum is None else stratum.astype(np.int32)
    order = np.lexsort((-days, codes))
    held: list[np.ndarray | None] = [
        codes[order], days[order].astype(np.int32), event[order].astype(np.uint8), np.ascontiguousarray(X[order]),
        beta.astype(np.float64), None, None, np.zeros(beta.size), np.zeros((beta.size, beta.size)),
    ]  # fmt: skip
    if entry is not None:
        sorted_entry = entry[order].astype(np.int32)
        held[5:7] = [np.lexsort((-sorted_entry, codes[order])).astype(np.int32), sorted_entry]
    pointers = [ctypes.c_void_p(0 if a is None else a.ctypes.data) for a in held]

    def run() -> float:
        assert held  # kept alive with the function
        return float(one_pass(ctypes.c_long(days.size), ctypes.c_int(beta.size), *pointers))

    return run
