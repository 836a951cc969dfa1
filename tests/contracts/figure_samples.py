"""Made-up numbers for figures: small, ordinary, large, and almost nothing."""

from __future__ import annotations

from math import exp, inf, log

import numpy as np

from remission.core.ticks import nice_ticks
from remission.display.figures.diagnostics_data import DiagnosticsFigure, LogLogGroup, LogLogPlot, ResidualPlot
from remission.display.figures.forest_data import ForestFigure, ForestRatio, ForestRow
from remission.display.figures.incidence_data import IncidenceCurve, IncidenceFigure, IncidenceGroup, nice_maximum
from remission.display.figures.landmark_grid_data import LandmarkGridFigure, LandmarkPoint, ReferenceEstimate
from remission.display.figures.occupancy_data import OccupancyFigure, StateShare
from remission.display.figures.survival_data import CHANGES_CURVE, SurvivalFigure, SurvivalGroup

LONG = "Complete remission with full haematological recovery, MRD-negative by multiparameter flow cytometry"
CHINESE = "完全缓解 (CR/CRi) 且微小残留病阴性"
RELAPSE = ("Relapse", "Non-relapse mortality")


def incidence(
    n: int,
    labels: tuple[str, ...],
    causes: tuple[str, ...] = RELAPSE,
    *,
    share: float = 0.7,
    last: int = 900,
    origin: int = 0,
    notes: bool = True,
    zoom: bool = False,
) -> IncidenceFigure:
    """Uniform event times; share: of patients who have an event of any cause."""
    ticks = nice_ticks(last, origin_days=origin)
    groups = tuple(
        _incidence_group(label, causes, max(1, n // len(labels)), share / (1 + i), ticks, i, origin, notes)
        for i, label in enumerate(labels)
    )
    return IncidenceFigure(
        groups,
        x_label="Months since complete remission",
        ticks_days=ticks,
        annotation=tuple(f"Gray p = 0.0{k}1 ({c.lower()})" for k, c in enumerate(causes)) if len(labels) > 1 else (),
        origin_days=origin,
        y_max=nice_maximum(groups) if zoom else 1.0,
    )


def _incidence_group(
    label: str, causes: tuple[str, ...], n: int, share: float, ticks: tuple[int, ...], seed: int, origin: int, notes: bool
) -> IncidenceGroup:
    rng = np.random.default_rng(seed)
    time = np.sort(rng.integers(origin + 1, ticks[-1] + 20, n))
    which = np.where(rng.uniform(size=n) < share, rng.integers(0, len(causes), n), -1)
    curves = []
    for k, cause in enumerate(causes):
        at = time[which == k]
        level = np.arange(1, len(at) + 1) / n
        half = 1.96 * np.sqrt(level * (1 - level) / n)
        curves.append(
            IncidenceCurve(
                cause,
                tuple(int(d) for d in at),
                tuple(float(v) for v in level),
                tuple(float(v) for v in np.clip(level - half, 0, 1)),
                tuple(float(v) for v in np.clip(level + half, 0, 1)),
                f"{100 * len(at) / n:.0f}% (9–36) at 24 months" if notes else "",
            )
        )
    at_risk = tuple(None if t < origin else int((time >= t).sum()) for t in ticks)
    return IncidenceGroup(label, tuple(curves), int(time[-1]), at_risk)


INCIDENCE = {
    "five patients": incidence(5, ("",)),
    "one group of 30": incidence(30, ("All patients in remission",)),
    "one cause": incidence(30, ("",), ("Relapse",)),
    "300 in two groups": incidence(300, ("MRD-negative", "MRD-positive"), notes=False),
    "two groups with notes": incidence(30, ("MRD-negative", "MRD-positive")),
    "two groups, one cause": incidence(30, ("CR", "CRi"), ("Relapse",)),
    "four groups": incidence(300, ("CR", "CRi", "CRh", "Not evaluable"), notes=False),
    "long names": incidence(30, (LONG, LONG.replace("Complete", "Partial"))),
    "nobody has the event": incidence(30, ("CR", "CRi"), share=0.0, notes=False),
    "zoomed": incidence(300, ("",), share=0.2, zoom=True),
    "landmark": incidence(30, ("HSCT", "No HSCT"), origin=91, notes=False),
    "Chinese": incidence(30, (CHINESE, "未缓解"), ("复发", "非复发死亡")),
}


def changing(n: int, *, last: int = 900, entry: int = 60) -> SurvivalFigure:
    """Not yet transplanted, and transplanted from day `entry` on."""
    ticks = nice_ticks(last)
    days = tuple(int(d) for d in np.linspace(entry + 20, last - 10, max(1, n // 4)))
    fall = tuple(0.97 * 0.6 ** (k / len(days)) for k in range(len(days)))
    early = tuple(d // 2 for d in days)
    band = {"low": tuple(s**1.8 for s in fall), "high": tuple(s**0.6 for s in fall)}
    before = tuple(max(0, n - k * n // len(ticks)) for k in range(len(ticks)))
    after = tuple(None if t < entry else min(n // 2, 1 + k * n // 8) for k, t in enumerate(ticks))
    return SurvivalFigure(
        (
            SurvivalGroup("Not yet transplanted", early, tuple(s**2 for s in fall), last // 2, at_risk=before),
            SurvivalGroup("Transplanted", days, fall, last, at_risk=after, first_day=entry, start=0.97, **band),
        ),
        x_label="Months since complete remission",
        y_label="Overall survival (%)",
        ticks_days=ticks,
        title="Survival by transplantation (Simon-Makuch)",
        subtitle=CHANGES_CURVE,
        annotation=("Mantel-Byar p = 0.21",),
    )


CHANGING = {
    "five": changing(5),
    "thirty": changing(30),
    "three hundred": changing(300),
    "late": changing(30, entry=800),
}


def landmarks(days: tuple[int, ...], n: int, *, references: bool = True, missing: int = 0) -> LandmarkGridFigure:
    """Ratios that approach 1 the later the landmark."""
    points = []
    for k, day in enumerate(days):
        ratio = 0.4 + 0.08 * k
        wide = exp(1.96 * 2 / max(n, 2) ** 0.5)
        treated = min(n // 2, (k + 1) * n // 12)
        numbers = (treated, max(0, n - treated - k * n // 20))
        if k < missing:
            points.append(LandmarkPoint(day, None, numbers=numbers, note="nobody transplanted by then has died"))
        else:
            points.append(LandmarkPoint(day, ratio, ratio / wide, ratio * wide, numbers))
    bands = (
        ReferenceEstimate("naive (biased)", 0.35, 0.2, 0.62, "HR 0.35 (0.20–0.62)"),
        ReferenceEstimate("time-dependent Cox model", 0.72, 0.41, 1.25, "HR 0.72 (0.41–1.25)"),
    )
    return LandmarkGridFigure(
        tuple(points),
        ("Transplanted", "Not transplanted"),
        bands if references else (),
        x_label="Landmark (months since remission)",
        favours=("favours transplantation", "favours none"),
    )


LANDMARKS = {
    "ordinary": landmarks((30, 61, 91, 122, 152, 183), 30),
    "large": landmarks(tuple(range(30, 400, 15)), 300),
    "small": landmarks((91, 183), 5),
    "one": landmarks((91,), 30, references=False),
    "day 0": landmarks((0,), 30),
    "some missing": landmarks((30, 61, 91, 122, 152, 183), 30, missing=2),
    "none estimable": landmarks((30, 61, 91), 5, missing=3, references=False),
    "open interval": LandmarkGridFigure(
        (LandmarkPoint(30, 3.1, 0.0, inf, (1, 4)), LandmarkPoint(91, 0.01, 0.0001, 2.0, (2, 2))),
        (LONG, CHINESE),
        favours=(LONG, "x"),
    ),
}


STATES = ("Alive, not transplanted", "Alive after transplantation", "Relapse", "Dead in remission", "Dead after relapse")


def occupancy(names: tuple[str, ...], weights: tuple[float, ...], *, steps: int = 40, last: int = 900) -> OccupancyFigure:
    """Everybody begins in the first state; the others grow at different speed up to their weight."""
    days = tuple(int(d) for d in np.linspace(0, last * 0.95, steps))
    others = [
        [w * (1 - exp(-d / last * (2 + 2 * k))) for d in days] for k, w in enumerate(weights)
    ]
    first = [1 - sum(column) for column in zip(*others, strict=True)] if others else [1.0] * len(days)
    ticks = nice_ticks(last)
    rows = [first, *others]
    return OccupancyFigure(
        tuple(StateShare(name, tuple(p)) for name, p in zip(names, rows, strict=True)),
        days,
        last,
        ticks,
        tuple(max(0, 300 - 40 * k) for k in range(len(ticks))),
        x_label="Months since complete remission",
    )


OCCUPANCY = {
    "ordinary": occupancy(STATES, (0.3, 0.2, 0.15, 0.2)),
    "slivers": occupancy(STATES, (0.02, 0.03, 0.01, 0.02)),
    "five patients": occupancy(STATES, (0.2, 0.4, 0.2, 0.0), steps=4),
    "nobody leaves": occupancy(STATES[:3], (0.0, 0.0), steps=1),
    "seven": occupancy((*STATES, "Second transplantation", LONG), (0.1, 0.1, 0.1, 0.1, 0.1, 0.1)),
    "long names": occupancy((LONG, LONG.upper(), CHINESE), (0.05, 0.3)),
    "two": occupancy(("Alive", "Dead"), (0.6,), steps=200),
}


def ratio(value: float, n: int, p: str = "0.072") -> ForestRatio:
    wide = exp(4 / n**0.5)
    return ForestRatio(value, value / wide, value * wide, f"{value:.2f} ({value / wide:.2f}–{value * wide:.2f})", p)


def forest(n: int, *, models: tuple[str, ...] = ("Univariable", "Multivariable")) -> ForestFigure:
    """Three variables of two to three levels, and one that cannot be estimated."""
    many = len(models)
    none = ForestRatio(text="not estimable: no events in this level")
    rows = (
        ForestRow("Blasts in the bone marrow before treatment", kind="head"),
        ForestRow("<50%", f"{n // 4}/{n // 2}", kind="reference"),
        ForestRow("≥50%", f"{n // 3}/{n - n // 2}", tuple(ratio(2.1 + k / 3, n) for k in range(many))),
        ForestRow("Response", kind="head", ratios=tuple(ForestRatio(p="<0.001") for _ in models)),
        ForestRow("CR", f"{n // 5}/{n // 2}", kind="reference"),
        ForestRow("CRi", f"{n // 5}/{n // 4}", tuple(ratio(1.3, n, "0.41") for _ in models)),
        ForestRow("No CR", f"0/{n // 4}", (none,) * many),
        ForestRow("Age (per 10 years)", f"{n // 2}/{n}", tuple(ratio(1.1, n, "<0.001") for _ in models)),
        ForestRow("Extreme", f"{n // 9}/{n}", tuple(ForestRatio(30.0, 0.4, inf, "30.0 (0.40–∞)", "0.31") for _ in models)),
    )
    return ForestFigure(rows, models, favours=("lower risk", "higher risk"), annotation=("Firth's penalised likelihood.",))


FOREST = {
    "five patients": forest(5),
    "thirty": forest(30),
    "three hundred": forest(3000),
    "one model": forest(30, models=("",)),
    "three models": forest(30, models=("Univariable", "Adjusted for age", "Fully adjusted")),
    "one line": ForestFigure((ForestRow("HSCT", "3/7", (ratio(0.5, 7),)),)),
    "long names": ForestFigure(
        (
            ForestRow(LONG, kind="head"),
            ForestRow(LONG, "120/300", kind="reference"),
            ForestRow(CHINESE, "120/300", (ratio(0.4, 300), ForestRatio(text=LONG))),
        ),
        ("Univariable", LONG[:40]),
        title=LONG,
        warning=LONG,
        favours=(LONG, LONG),
    ),
    "nothing estimable": ForestFigure((ForestRow("MRD", "0/5", (ForestRatio(text="no events"),)),)),
    "no counts": ForestFigure((ForestRow("MRD", "", (ratio(2.5, 9),)), ForestRow("Age", "", (ratio(1.02, 9),)))),
}


def diagnostics(n: int, labels: tuple[str, ...], terms: int = 1) -> DiagnosticsFigure:
    """Curves with a constant ratio; residuals about a coefficient."""
    groups = []
    for i, label in enumerate(labels):
        days = tuple(sorted({int(900 * ((k + 1) / n) ** 1.5) + i + 1 for k in range(n)}))
        groups.append(LogLogGroup(label, days, tuple(exp(-((d / 900) ** 0.9) * (1 + i)) for d in days)))
    rng = np.random.default_rng(n)
    days = tuple(int(900 * ((k + 1) / n) ** 1.5) + 1 for k in range(n))
    at = tuple((k + 1) / n for k in range(n))
    smooth_at = tuple(float(v) for v in np.linspace(at[0], at[-1], 30)) if n > 3 else ()
    smooth = tuple(0.5 + 0.4 * v for v in smooth_at)
    plots = tuple(
        ResidualPlot(
            days,
            at,
            tuple(float(v) for v in rng.normal(0.6, 1.2, n)),
            smooth_at,
            smooth,
            tuple(v - 0.4 - abs(a - 0.5) for v, a in zip(smooth, smooth_at, strict=True)),
            tuple(v + 0.4 + abs(a - 0.5) for v, a in zip(smooth, smooth_at, strict=True)),
            coefficient=log(2),
            title=f"Residuals: term {k + 1}",
            note="Test of proportional hazards: p = 0.031",
        )
        for k in range(terms)
    )
    return DiagnosticsFigure(LogLogPlot(tuple(groups), title="log(−log S) by group"), plots)


DIAGNOSTICS = {
    "five": diagnostics(5, ("CR", "No CR")),
    "thirty": diagnostics(30, ("CR/CRi", "No CR")),
    "three hundred": diagnostics(300, ("CR", "CRi", "CRh", "None"), terms=2),
    "one event": diagnostics(1, ("",)),
    "nobody": DiagnosticsFigure(LogLogPlot((LogLogGroup("A", (), ()),)), (ResidualPlot((), (), ()),)),
    "long names": diagnostics(30, (LONG, CHINESE)),
    "only curves": DiagnosticsFigure(LogLogPlot((LogLogGroup("", (0, 5, 9), (0.9, 0.5, 0.0)),)), title=LONG, warning=LONG),
}
