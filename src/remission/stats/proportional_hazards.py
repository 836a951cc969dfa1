"""Test of proportional hazards: is there a trend of the coefficients over time? The score test itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remission.core.errors import DataError
from remission.stats.arrays import FloatArray, FrozenArrays, IntArray, Status, require_known
from remission.stats.cox_residuals import event_residuals, require_moments, schoenfeld_residuals
from remission.stats.cox_result import NO_TEST, CoxFit, ModelTest, model_test, quadratic
from remission.stats.cox_sums import weighted_information
from remission.stats.riskset import RiskTable

TRANSFORMS = ("km", "rank", "identity", "log")


@dataclass(frozen=True, eq=False)
class ZPH(FrozenArrays):
    """Tests of a trend over time: one per term, and `overall` (GLOBAL) for all coefficients together.

    terms: names.  tests: in their order.  transform: of time.  days: (d,) of the events; time: (d,) transformed;
    scaled: (d, p) scaled Schoenfeld residuals, to be drawn against time.
    """

    terms: tuple[str, ...]
    tests: tuple[ModelTest, ...]
    overall: ModelTest
    transform: str
    days: IntArray
    time: FloatArray
    scaled: FloatArray
    status: Status
    reason: str


def check_proportional_hazards(
    fit: CoxFit, *, transform: str = "km", terms: Mapping[str, Sequence[str]] | None = None
) -> ZPH:
    """Grambsch-Therneau test of proportional hazards, as the score test of covariate times g(time).

    Args: fit: from fit_cox, by Efron or Breslow.  transform: g is 1 - Kaplan-Meier of all rows just before the
    day, the rank of the day among the last days of all rows, the day, or
    its logarithm.  terms: columns tested together, by name; default one each.
    Returns: see ZPH; undefined if the events leave no trend to be tested. A term without a coefficient has no test.
    Conventions: the information of each day is used, as in survival from version 3; not its average.
    Raises: DataError for a fit without estimates, an unknown column, or the logarithm of an event on day 0.
    Source: Grambsch & Therneau 1994, Biometrika 81:515.  Checked: tests/golden/test_cox_r.py (R survival 3.5-3).
    """
    require_known(transform, TRANSFORMS, "transform")
    design, moments = require_moments(fit)
    names = {name: (name,) for name in fit.names} if terms is None else {k: tuple(v) for k, v in terms.items()}
    if unknown := {column for columns in names.values() for column in columns} - set(fit.names):
        raise DataError(
            f"{len(unknown)} columns are not in the model.", "unknown-option", expected=", ".join(fit.names)
        )
    time = _transformed(fit, transform)
    by_cell = time - float(design.deaths @ time) / float(design.deaths.sum())

    p = len(fit.state.kept)
    at, cell, residuals = event_residuals(design, moments)
    score = np.concatenate([np.zeros(p), (by_cell[cell] * design.weight[at]) @ residuals])
    first, second = (weighted_information(design, moments, by_cell**k) for k in (1, 2))
    information = np.block([[fit.state.information, first], [first, second]])
    place = {fit.names[j]: i for i, j in enumerate(fit.state.kept)}
    tests = tuple(_test(score, information, [place[c] for c in columns if c in place]) for columns in names.values())
    overall = _test(score, information, list(range(p)))
    is_ok = overall.p is not None
    events = schoenfeld_residuals(fit)
    return ZPH(
        tuple(names),
        tests,
        overall,
        transform,
        events.days,
        time[cell],
        events.scaled,
        "ok" if is_ok else "undefined",
        "" if is_ok else "too few days with events for a trend",
    )


def _test(score: FloatArray, information: FloatArray, columns: list[int]) -> ModelTest:
    """Score test of the trends of some columns, all coefficients being in the model; none if they leave no trend."""
    p = score.size // 2
    rows = [*range(p), *(p + i for i in columns)]
    part = information[np.ix_(rows, rows)]
    own = part[p:, p:] - part[p:, :p] @ np.linalg.solve(part[:p, :p], part[:p, p:])
    if not columns or not float(np.linalg.eigvalsh(own)[0]) > 1e-9 * float(np.diag(part[p:, p:]).max()):
        return NO_TEST
    return model_test(quadratic(part, score[rows]), len(columns))


def _transformed(fit: CoxFit, transform: str) -> FloatArray:
    """(K,) g of the day of each cell; events, rows and ranks are counted over all strata."""
    design, rows = fit.state.design, fit.state.rows
    day = design.cell_day
    if transform == "identity":
        return day.astype(np.float64)
    if transform == "log":
        if (day == 0).any():
            raise DataError("An event on day 0 has no logarithm.", "below-minimum", todo="Use another transform.")
        return np.log(day)
    if transform == "rank":
        days, place = np.unique(rows.exits, return_inverse=True)
        count = np.bincount(place, weights=rows.weight)
        return (np.cumsum(count) - (count - 1) / 2)[np.searchsorted(days, day)]
    copies = rows.weight.astype(np.int64) if rows.weights == "copies" else None
    risk = RiskTable.from_arrays(rows.exits, rows.is_event, entry_days=rows.entries, weight=copies)
    d, y = risk.events.sum(axis=(0, 1, 2)), risk.at_risk.sum(axis=(0, 1))
    survival = np.cumprod(np.divide(y - d, y, out=np.ones(y.size), where=y > 0))
    before = np.concatenate([[1.0], survival[:-1]])
    lost: FloatArray = 1 - before[np.searchsorted(risk.days, day)]
    return lost
