"""An R script that repeats the survival, incidence and regression rows of a study, and the times it reads.

analysis_times.csv holds patients' times (no names, no ids), so both are written only when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from remission.analyses.guard import judge
from remission.analyses.material import Material
from remission.analyses.regression import covariate_of, refused_because
from remission.analyses.spec import AnalysisSpec, IncidenceSpec, RegressionSpec, SurvivalSpec
from remission.analyses.survival import landmark_id
from remission.analyses.times import Times, times_of
from remission.core.days import days_from
from remission.core.ticks import nice_ticks
from remission.emit_r import head_of, quoted, strings, whole_numbers, write_text
from remission.endpoints.groups import Grouped
from remission.results.files import write_csv
from remission.results.row import slug
from remission.results.table import Results

SCRIPT, TIMES = "analysis.R", "analysis_times.csv"
_INTERVALS = {"arcsine-sqrt": "arcsin"}


@dataclass
class _Sheet:
    """The lines of analysis_times.csv: one block of rows per analysis, columns shared by all."""

    lines: list[tuple[str, ...]] = field(default_factory=list)
    width: int = 0

    def add(self, name: str, times: Times, columns: list[list[str]]) -> None:
        self.width = max(self.width, len(columns))
        for i, (day, cause) in enumerate(zip(times.days.tolist(), times.cause.tolist(), strict=True)):
            self.lines.append((name, str(day), str(cause), *(c[i] for c in columns)))

    def write(self, path: Path) -> None:
        header = ("analysis", "days", "cause", *(f"x{i + 1}" for i in range(self.width)))
        write_csv(path, header, [line + ("",) * (len(header) - len(line)) for line in self.lines])


def write_study_script(out: Path, analyses: tuple[AnalysisSpec, ...], material: Material) -> tuple[Path, Path]:
    """Write analysis.R and analysis_times.csv into `out` for analyses that were run. Returns: both paths."""
    results = material.results
    sheet, calls = _Sheet(), []
    for spec in analyses:
        if isinstance(spec, SurvivalSpec):
            calls += list(_survival(material, spec, sheet, results))
        elif isinstance(spec, IncidenceSpec):
            calls += list(_incidence(material, spec, sheet, results))
        elif isinstance(spec, RegressionSpec):
            calls += list(_regression(material, spec, sheet, results))
    sheet.write(out / TIMES)
    body = files("remission.table_survival").joinpath("analysis.R").read_text(encoding="utf-8")
    functions = body[body.index("# ---- printing") :]
    write_text(out / SCRIPT, "\n".join([*_HEAD, functions, "# ---- this study", *calls]) + "\n")
    return out / SCRIPT, out / TIMES


_HEAD = (
    "# Written by remission: repeats survival, incidence and regression results of a study with R's own packages.",
    "# Reads analysis_times.csv beside it; prints one line per result: id and value.",
    "suppressPackageStartupMessages(library(survival))",
    'here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1]))',
    f'sheet <- read.csv(file.path(here, "{TIMES}"), colClasses = "character", fileEncoding = "UTF-8-BOM",',
    '                  na.strings = "", check.names = FALSE)',
    "use <- function(name) {",
    "  d <- sheet[sheet$analysis == name, , drop = FALSE]",
    "  time <<- as.numeric(d$days)",
    "  cause <<- as.numeric(d$cause)",
    "  event <<- cause == 1",
    "  n <<- length(time)",
    "  x <<- d",
    "}",
    "time <- cause <- event <- n <- x <- entry <- NULL",
    "tau <- numeric(0)",
    'median_rule <- "midpoint"',
    "edge_is_one <- FALSE",
    "n_causes <- 2",
    'cause_names <- c("event", "competing")',
    "",
)


def _quoted_levels(group: Grouped, times: Times) -> list[str]:
    return [str(group.of.get(p) or "") for p in times.patients]


def _times_of(material: Material, spec: SurvivalSpec | IncidenceSpec | RegressionSpec) -> Times:
    """The times an analysis rests on."""
    where = f"analysis {spec.id}"
    endpoint = material.endpoint(spec.endpoint, where=where)
    return times_of(endpoint, material.population(spec.population, where=where).patients)


def _at(months: tuple[float, ...]) -> Iterator[str]:
    yield f"at_days <- {whole_numbers(days_from(str(m), 'months') for m in months)}"
    yield f"at_names <- {strings(slug(f'{m:g}mo') for m in months)}"


def _ticks(times: Times, origin: int = 0) -> str:
    return f"ticks <- {whole_numbers(nice_ticks(int(times.days.max()), origin_days=origin))}"


def _survival(material: Material, spec: SurvivalSpec, sheet: _Sheet, results: Results) -> Iterator[str]:
    where = f"analysis {spec.id}"
    times = _times_of(material, spec)
    head = head_of(analysis=spec.id)
    if f"{head}{slug(spec.endpoint)}.N" not in results:
        return
    groups = [material.group(name, where=where) for name in spec.by]
    sheet.add(spec.id, times, [_quoted_levels(g, times) for g in groups])
    yield f"use({quoted(spec.id)})"
    yield from _at(spec.at_months)
    yield f"conf_type <- {quoted(_INTERVALS.get(spec.interval, spec.interval))}"
    yield _ticks(times)
    yield f"level_rows({quoted(head)}, rep(TRUE, n))"
    for i, group in enumerate(groups, 1):
        yield from _compared(spec.id, group, i, results, None)
        verdict = judge(group, spec.landmark_days, analysis=spec.id, first_start=int(times.starts.min()))
        if verdict.naive and verdict.landmark_days is not None:
            still = times.only(times.days > verdict.landmark_days)
            if still.patients:
                yield _ticks(still, verdict.landmark_days)
                yield from _compared(
                    landmark_id(spec.id, verdict.landmark_days), group, i, results, verdict.landmark_days
                )
                yield _ticks(times)


def _compared(name: str, group: Grouped, i: int, results: Results, landmark: int | None) -> Iterator[str]:
    """Curves and log-rank test of the levels of one group, perhaps from a landmark."""
    head = head_of(group.name, analysis=name)
    yield f"g <- match(x$x{i}, {strings(group.levels)})"
    yield "g[is.na(g)] <- 0"
    yield "k <- g > 0" + (f" & time > {landmark}" if landmark is not None else "")
    yield "from <- " + ("NULL" if landmark is None else f"rep({landmark}, n)")
    heads = [head_of(group.name, level, name) for level in group.levels]
    for j, at in enumerate(heads, 1):
        yield f"level_rows({quoted(at)}, k & g == {j}, from, {'NULL' if landmark is None else landmark})"
    if f"{head}logrank.p" in results and results[f"{head}logrank.p"].status == "ok":
        yield f"group_tests({quoted(head)}, k, g, {strings(heads)}, from)"


def _incidence(material: Material, spec: IncidenceSpec, sheet: _Sheet, results: Results) -> Iterator[str]:
    where = f"analysis {spec.id}"
    times = _times_of(material, spec)
    head = head_of(analysis=spec.id)
    if f"{head}patients.N" not in results:
        return
    groups = [material.group(name, where=where) for name in spec.by]
    sheet.add(spec.id, times, [_quoted_levels(g, times) for g in groups])
    yield f"use({quoted(spec.id)})"
    yield from _at(spec.at_months)
    yield _ticks(times)
    yield f"incidence_rows({quoted(head)}, rep(TRUE, n))"
    for i, group in enumerate(groups, 1):
        yield f"g <- match(x$x{i}, {strings(group.levels)})"
        yield "g[is.na(g)] <- 0"
        for j, level in enumerate(group.levels, 1):
            yield f"incidence_rows({quoted(head_of(group.name, level, spec.id))}, g == {j})"
        yield f"gray_rows({quoted(head_of(group.name, analysis=spec.id) + 'gray')}, g > 0, g)"


def _regression(material: Material, spec: RegressionSpec, sheet: _Sheet, results: Results) -> Iterator[str]:
    """Coefficients of the models by maximum likelihood; penalised ones and models within strata are not repeated."""
    where = f"analysis {spec.id}"
    times = _times_of(material, spec)
    if spec.strata or not times.patients:
        return
    first = int(times.starts.min())
    used = [
        covariate_of(material, spec, c, times, where)
        for c in spec.covariates
        if not refused_because(material, spec, c, first)
    ]
    used = [c for c in used if c.terms]
    columns = [[_shown(v) for v in c.matrix[:, k].tolist()] for c in used for k in range(c.matrix.shape[1])]
    sheet.add(spec.id, times, columns)
    yield f"use({quoted(spec.id)})"
    yield f"ties <- {quoted(spec.ties)}"
    place = np.cumsum([0, *(c.matrix.shape[1] for c in used)])
    for model, chosen in [("univariable", [i]) for i in range(len(used))] + (
        [("multivariable", list(range(len(used))))] if len(used) > 1 else []
    ):
        head = head_of("model", model, spec.id)
        terms = [(used[i].variable, t) for i in chosen for t in used[i].terms]
        probe = f"{head}{slug(terms[0][0])}{'@' + slug(terms[0][1]) if terms[0][1] else ''}.ratio"
        if probe not in results or results[probe].method not in (f"cox-{spec.ties}", "fine-gray"):
            continue
        at: NDArray[np.int64] = np.concatenate([np.arange(place[i], place[i + 1]) for i in chosen]) + 1
        names = f"cbind({strings(slug(v) for v, _ in terms)}, {strings('@' + slug(t) if t else '' for _, t in terms)})"
        yield f"columns <- data.frame(lapply(x[, {strings(f'x{i}' for i in at.tolist())}, drop = FALSE], as.numeric))"
        yield "k <- rowSums(is.na(columns)) == 0"
        if spec.model == "fine-gray":
            continue
        yield "fit <- cox_fit(Surv(time[k], event[k]), columns[k, , drop = FALSE])"
        yield f"coefficients_of({quoted(head)}, {names}, unname(coef(fit)), errors_of(fit)$se)"


def _shown(value: float) -> str:
    return "" if np.isnan(value) else repr(value)
