"""The Cox proportional-hazards model: whole days, delayed entry, strata, weights, clusters, three ways with ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from remission.core.errors import DataError
from remission.stats import firth as penalty
from remission.stats.arrays import FloatArray, Status, require_known, require_level
from remission.stats.cox_data import REAL, CoxRows, cox_rows
from remission.stats.cox_design import CoxDesign, cox_design
from remission.stats.cox_intervals import cox_objective, profile_of
from remission.stats.cox_maximise import SETTLED, Maximum, dependent_columns, inverse, maximise
from remission.stats.cox_residuals import score_by_cluster
from remission.stats.cox_result import NO_TEST, CoxFit, CoxState, ModelTest, model_test, quadratic, wald_limits
from remission.stats.cox_sums import Evaluation

FEW_CLUSTERS = 10
FEWEST = 3  # so many coefficients of as many events have no maximum, nor a penalised one that can be found
TIES = ("efron", "breslow", "exact")


def fit_cox(
    exit_days: npt.ArrayLike,
    is_event: npt.ArrayLike,
    covariates: npt.ArrayLike,
    *,
    names: Sequence[str] | None = None,
    entry_days: npt.ArrayLike | None = None,
    stratum: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    ties: str = "efron",
    confidence: float = 0.95,
    firth: bool = False,
    offset: npt.ArrayLike | None = None,
) -> CoxFit:
    """Cox model by maximum partial likelihood, or Firth's penalised one, fully converged.

    Args: exit_days: (n,) int >= 0, days since origin.  is_event: (n,) bool.  covariates: (n, p) numbers without
    gaps.  names: p.  entry_days: (n,) int >= -1, at risk from the day after; a patient may have several rows.
    stratum, cluster: (n,) labels.  weight: (n,) whole numbers are copies of a row; other positive numbers are
    real weights, for which the robust error is given.  ties: "efron", "breslow", "exact".  firth: penalise.
    offset: (n,) added to the log hazard.
    Returns: see CoxFit. Undefined, with the reason, without events or covariates that vary; where the
    likelihood has no maximum (separation), the coefficient that diverges has no value and the others keep theirs.
    Conventions: at risk is entry < t <= exit; events precede censorings; a covariate without information of its
    own is dropped and named; Wald intervals, with Firth profile ones (docs/methods/cox.md).
    Raises: DataError if lengths differ, days are not whole, exit is not after entry, a covariate is missing, or
    options do not go together.
    Source: Cox 1972; Efron 1977; Lin & Wei 1989; Heinze & Schemper 2001.  Checked: tests/golden/test_cox_r.py.
    """
    require_known(ties, TIES, "ties")
    require_level(confidence, "confidence")
    rows = cox_rows(exit_days, is_event, covariates, names, entry_days, stratum, weight, cluster, offset)
    _require_together(ties, firth, rows)
    design = cox_design(rows)

    dropped, design, at_zero = _drop_dependent(design, ties)
    kept = tuple(np.flatnonzero(~dropped).tolist())
    if not kept or at_zero is None:
        return _without_estimates(rows, design, dropped, ties, confidence, firth)
    if len(kept) >= max(int(design.deaths.sum()), FEWEST):
        reason = f"{len(kept)} coefficients are asked of {int(design.deaths.sum())} events"
        return _without_estimates(rows, design, dropped, ties, confidence, firth, reason=reason)
    objective = cox_objective(design, ties=ties, firth=firth)
    is_known = not (firth or dropped.any() or design.offset.any())
    null = at_zero if is_known else objective(np.zeros(len(kept)))
    if null is None:
        raise DataError("The offset is too far spread.", "out-of-range", expected="within a few hundred")

    def reach(step: FloatArray) -> float:
        return float(np.ptp(step @ design.Z))

    found = maximise(
        objective,
        np.zeros(len(kept)),
        first=null,
        reach=None if firth else reach,
        settled=penalty.SETTLED if firth else SETTLED * min(1.0, float(design.mean_weight @ design.deaths)),
    )
    fit = _fit(rows, design, kept, found, null, ties, confidence, firth)
    return _with_profile(fit) if firth else fit


def _require_together(ties: str, firth: bool, rows: CoxRows) -> None:
    wrong = [
        (ties == "exact" and firth, "Firth's penalty", 'ties="efron" or "breslow"'),
        (ties == "exact" and rows.weights == REAL, "The exact method", "weights that are whole numbers of copies"),
        (ties == "exact" and rows.cluster is not None, "The exact method", "no clusters"),
        (
            firth and (rows.weights == REAL or rows.cluster is not None),
            "Firth's penalty",
            "no real weights, no clusters",
        ),
    ]
    for is_wrong, what, expected in wrong:
        if is_wrong:
            raise DataError(f"{what} does not go with the other options.", "unused-option", expected=expected)


def _drop_dependent(design: CoxDesign, ties: str) -> tuple[npt.NDArray[np.bool_], CoxDesign, Evaluation | None]:
    """The columns without information of their own, and the design without them."""
    p = design.Z.shape[0]
    if not design.n_cells:
        return np.zeros(p, dtype=np.bool_), design, None
    zero = replace(design, offset=np.zeros_like(design.offset))
    at = cox_objective(zero, ties=ties, firth=False)(np.zeros(p))
    if at is None:
        return np.ones(p, dtype=np.bool_), design, None
    dropped = (design.scale == 0) | dependent_columns(at.information, float(design.mean_weight @ design.deaths))
    if dropped.any():
        keep = ~dropped
        design = replace(
            design, Z=np.ascontiguousarray(design.Z[keep]), centre=design.centre[keep], scale=design.scale[keep]
        )
    return dropped, design, at


def _fit(
    rows: CoxRows,
    design: CoxDesign,
    kept: tuple[int, ...],
    found: Maximum[Evaluation],
    null: Evaluation,
    ties: str,
    confidence: float,
    firth: bool,
) -> CoxFit:
    """All numbers of a fit from its maximum."""
    p, point, fine = len(rows.names), found.point, ~found.diverging
    coefficients = np.full(p, np.nan)
    coefficients[np.asarray(kept)[fine]] = found.beta[fine] / design.scale[fine]
    variance, robust, robust_score = _variances(rows, design, kept, found, null)
    used = variance if robust is None else robust
    with np.errstate(invalid="ignore"):  # without convergence a variance may be below 0
        error, own_error = np.sqrt(np.diag(used)), np.sqrt(np.diag(variance))
    cancels = np.zeros(p, dtype=np.bool_) if robust is None else error <= 1e-9 * own_error
    if cancels.any():  # the scores of too few clusters add up to 0: what is left is rounding
        error = np.where(cancels, np.nan, error)
        used = np.where(cancels[:, None] | cancels, np.nan, used)
        robust, robust_score = used, NO_TEST
    low, high, *ratios = wald_limits(coefficients, error, confidence)
    # the penalty in the caller's units: the scaled columns change it by a constant
    shift = float(np.log(design.scale).sum()) if firth else 0.0
    status, reason = _status(rows, kept, found, cancels)
    wald = _joint_wald(used[np.ix_(kept, kept)], coefficients[list(kept)])
    centre, b = _centre(rows), np.nan_to_num(coefficients)
    return CoxFit(
        names=rows.names,
        coefficients=coefficients,
        se=own_error,
        robust_se=None if robust is None else error,
        z=coefficients / error,
        p=2 * ndtr(-np.abs(coefficients / error)),
        low=low,
        high=high,
        hazard_ratio=ratios[0],
        hr_low=ratios[1],
        hr_high=ratios[2],
        interval="wald",
        confidence=confidence,
        variance=variance,
        robust_variance=robust,
        loglik_null=null.loglik + shift,
        loglik=point.loglik + shift,
        likelihood_ratio=model_test(2 * (point.loglik - null.loglik), len(kept)),
        score=model_test(quadratic(null.information, null.score), len(kept)),
        wald=model_test(wald, len(kept)) if found.converged else NO_TEST,
        robust_score=robust_score,
        n=float(rows.weight.sum()),
        n_rows=rows.exits.size,
        n_events=float(rows.weight[rows.is_event].sum()),
        strata=rows.strata,
        ties=ties,
        weights=rows.weights,
        firth=firth,
        iterations=found.iterations,
        converged=found.converged,
        gradient=float(np.abs(point.score).max()),
        diverging=tuple(rows.names[kept[j]] for j in np.flatnonzero(found.diverging)),
        dropped=tuple(name for j, name in enumerate(rows.names) if j not in kept),
        status=status,
        reason=reason,
        centre=centre,
        linear_predictor=rows.covariates @ b - centre @ b + rows.offset,
        state=CoxState(_bare(rows), design, kept, found.beta, point.information, point.moments),
    )


def _variances(
    rows: CoxRows, design: CoxDesign, kept: tuple[int, ...], found: Maximum[Evaluation], null: Evaluation
) -> tuple[FloatArray, FloatArray | None, ModelTest | None]:
    """(p, p) variance of the coefficients; the robust one and its score test if there are clusters or real weights."""
    fine, n = ~found.diverging, rows.exits.size
    cells = np.ix_(np.asarray(kept)[fine], np.asarray(kept)[fine])
    units = np.outer(design.scale[fine], design.scale[fine])
    own = inverse(found.point.information[np.ix_(fine, fine)])
    variance = np.full((len(rows.names),) * 2, np.nan)
    variance[cells] = own / units
    cluster = np.arange(n) if rows.cluster is None and rows.weights == REAL else rows.cluster
    if cluster is None or not fine.all():
        return variance, None, None
    robust = np.full_like(variance, np.nan)
    parts = score_by_cluster(design, found.point.moments, n, rows.weight, cluster) @ own
    robust[cells] = (parts.T @ parts) / units
    at_null = score_by_cluster(design, null.moments, n, rows.weight, cluster)
    test = model_test(_joint(at_null.T @ at_null, at_null.sum(axis=0), np.diag(null.information)), len(kept))
    return variance, robust, test


def _bare(rows: CoxRows) -> CoxRows:
    """The rows without their covariates, which the design holds."""
    return replace(rows, covariates=np.zeros((0, len(rows.names))))


def _status(
    rows: CoxRows, kept: tuple[int, ...], found: Maximum[Evaluation], cancels: npt.NDArray[np.bool_]
) -> tuple[Status, str]:
    """ok, or what is wrong with the fit and what to do."""
    notes = []
    if cancels.any():
        names = ", ".join(name for name, is_so in zip(rows.names, cancels, strict=True) if is_so)
        notes.append(f"too few clusters for a robust error of: {names}")
    elif rows.cluster is not None and (n_clusters := np.unique(rows.cluster).size) < FEW_CLUSTERS:
        notes.append(f"a robust error of only {n_clusters} clusters is too small more often than not")
    if dropped := [name for j, name in enumerate(rows.names) if j not in kept]:
        notes.append("without information of its own (constant, or a combination of others): " + ", ".join(dropped))
    if found.diverging.any():
        grows = [
            f"{rows.names[kept[j]]} ({'up' if found.beta[j] > 0 else 'down'})" for j in np.flatnonzero(found.diverging)
        ]
        notes.append(
            "separation: the likelihood keeps rising as the coefficient grows without bound for "
            + ", ".join(grows)
            + "; use Firth's penalty"
        )
        return "undefined", "; ".join(notes)
    if not found.converged:
        notes.append("the iterations did not converge")
        return "failed", "; ".join(notes)
    return "ok", "; ".join(notes)


def _with_profile(fit: CoxFit) -> CoxFit:
    """The same fit with profile intervals and likelihood-ratio p of the penalised likelihood."""
    state, kept = fit.state, list(fit.state.kept)
    low, high, _, p = profile_of(
        cox_objective(state.design, ties=fit.ties, firth=True),
        state.beta,
        state.information,
        diverging=np.zeros(len(kept), dtype=np.bool_),
        span=np.ptp(state.design.Z, axis=1),
        confidence=fit.confidence,
        settled=penalty.SETTLED,
    )
    out = [np.full(len(fit.names), np.nan) for _ in range(3)]
    for target, values in zip(out, (low / state.design.scale, high / state.design.scale, p), strict=True):
        target[kept] = values
    return replace(
        fit, low=out[0], high=out[1], p=out[2], hr_low=np.exp(out[0]), hr_high=np.exp(out[1]), interval="profile"
    )


def _without_estimates(
    rows: CoxRows,
    design: CoxDesign,
    dropped: npt.NDArray[np.bool_],
    ties: str,
    confidence: float,
    firth: bool,
    *,
    reason: str = "",
) -> CoxFit:
    """A fit of which nothing could be estimated: no events, no covariate that varies, or too many of them."""
    p = len(rows.names)
    reason = reason or (
        "no events" if not design.n_cells else "no covariate varies among those at risk, or all of them have the event"
    )
    gap = np.full(p, np.nan)
    nothing = np.full((p, p), np.nan)
    lost = rows.names if design.n_cells else ()
    return CoxFit(
        rows.names, gap, gap, None, gap, gap, gap, gap, gap, gap, gap, "wald", confidence, nothing, None,
        np.nan, np.nan, NO_TEST, NO_TEST, NO_TEST, None,
        float(rows.weight.sum()), rows.exits.size, float(rows.weight[rows.is_event].sum()), rows.strata, ties,
        rows.weights, firth, 0, False, np.nan, (), tuple(lost) if dropped.any() else (), "undefined", reason,
        _centre(rows), np.zeros(rows.exits.size),
        CoxState(_bare(rows), design, (), gap[:0], nothing[:0, :0], None),
    )  # fmt: skip


def _joint_wald(variance: FloatArray, coefficients: FloatArray) -> float:
    """Wald statistic of all coefficients; NaN if their variance has no inverse, as with fewer clusters than these."""
    return _joint(variance, coefficients, np.zeros(coefficients.size))


def _joint(variance: FloatArray, values: FloatArray, usual: FloatArray) -> float:
    """values' variance^-1 values; NaN if there is no inverse. usual: (p,) variances beside which rounding is seen."""
    diagonal = np.diag(variance)
    if not (np.isfinite(diagonal) & (diagonal > 1e-18 * usual)).all():
        return float("nan")
    scale = np.sqrt(diagonal)
    if np.linalg.matrix_rank(variance / np.outer(scale, scale), tol=1e-9, hermitian=True) < scale.size:
        return float("nan")
    return quadratic(variance, values)


def _centre(rows: CoxRows) -> FloatArray:
    total = float(rows.weight.sum())
    return np.zeros(len(rows.names)) if not total else (rows.weight @ rows.covariates) / total
