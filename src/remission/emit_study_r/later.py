"""The lines of a script for what happens later: contrasts, curves by state, landmarks, state probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remission.analyses.covariates import Covariate, covariate_of
from remission.analyses.later_event import model_of, switches_of
from remission.analyses.material import Material
from remission.analyses.spec import LaterEventSpec
from remission.emit_r.r_text import head_of, quoted, strings
from remission.emit_r.single import beside_landmark
from remission.emit_study_r.regression import texts_of
from remission.emit_study_r.sheet import Sheet, number_text
from remission.emit_study_r.timed import months_lines, ticks_line, times_behind
from remission.results.row import slug


def later_calls(material: Material, spec: LaterEventSpec, sheet: Sheet) -> Iterator[str]:
    """Everything of one analysis of kind later-event, state probabilities last: they may rest on other times."""
    times, head = times_behind(material, spec), head_of(spec.id)
    if times is None or f"{head}patients.N" not in material.results:
        return
    switch = material.endpoint(spec.switch, where=f"analysis {spec.id}")
    covariates = [covariate_of(material, model_of(spec), c, times.patients, "") for c in spec.adjust_for]
    days = [number_text(d) for d in switches_of(switch, times).days.tolist()]
    sheet.add_times(spec.id, times, [days, *(texts_of(c, times) for c in covariates)])
    yield f"use({quoted(spec.id)})"
    yield 'switch_day <- numbers("x1")'
    yield 'conf_type <- "log-log"'
    yield f'out("{head}not_evaluable.n", not_evaluable)'
    yield f'count_rows("{head}patients", rep(TRUE, n))'
    yield from months_lines(spec.at_months)
    yield ticks_line(times)
    yield f"later_rows({quoted(head)})"
    if f"{head}mantel_byar.p" not in material.results:
        return
    heads = strings(head_of(spec.id, "state", state) for state in (spec.before, spec.after))
    yield f"state_curves({heads})"
    for day in spec.landmarks_days:
        if day < int(times.days.max()):
            yield f'landmark_rows({quoted(head)}, {day}, "logrank")'
            yield from beside_landmark(material.results, head, day)
    if f"{head}penalised.ratio" in material.results:
        yield "p <- pieces_of(rep(TRUE, n))"
        fit = "firth_fit(Surv(p$from, p$at, p$ev), list(after = p$after), NULL)"
        yield f'firth_coefficients({quoted(head)}, cbind("penalised", ""), {fit})'
    if covariates:
        yield from _adjusted(head, covariates, is_penalised=f"{head}adjusted_choice.text" in material.results)
    if spec.occupancy:
        yield from _occupancy(material, spec, sheet)


def _adjusted(head: str, covariates: Sequence[Covariate], *, is_penalised: bool) -> Iterator[str]:
    """The time-dependent model beside covariates, of those who have them all."""
    names, columns, known = ['"adjusted", ""'], ["after = p$after"], []
    for i, c in enumerate(covariates, 2):
        known.append(f"!is.na(x$x{i})")
        for term in c.terms:
            place = f"@{slug(term)}" if term else ""
            names.append(f'"adjusted_{slug(c.variable)}", "{place}"')
            value = f"as.numeric(x$x{i} == {quoted(term)})" if c.reference else f'numbers("x{i}")'
            columns.append(f"c{len(columns)} = {value}[p$who]")
    yield f"k <- {' & '.join(known)}"
    counted = 'c("N", "events", "missing")), c(sum(k), sum(event[k]), sum(!k))'
    yield f'out(paste0("{head}adjusted_model.", {counted})'
    yield f'out("{head}adjusted_events_per_parameter.estimate", sum(event[k]) / {len(columns)})'
    yield "p <- pieces_of(k)"
    rows, data = f"rbind({', '.join(f'c({n})' for n in names)})", f"list({', '.join(columns)})"
    if is_penalised:
        yield f"firth_coefficients({quoted(head)}, {rows}, firth_fit(Surv(p$from, p$at, p$ev), {data}, NULL))"
        return
    yield f"fit <- cox_fit(Surv(p$from, p$at, p$ev), {data})"
    yield f"coefficients_of({quoted(head)}, {rows}, unname(coef(fit)), errors_of(fit)$se)"


def _occupancy(material: Material, spec: LaterEventSpec, sheet: Sheet) -> Iterator[str]:
    times = times_behind(material, spec, spec.occupancy)
    if times is None:
        return
    name = f"{spec.id}: state probabilities"
    switch = material.endpoint(spec.switch, where=f"analysis {spec.id}")
    sheet.add_times(name, times, [[number_text(d) for d in switches_of(switch, times).days.tolist()]])
    yield f"use({quoted(name)})"
    yield 'switch_day <- numbers("x1")'
    yield ticks_line(times)
    labels = ["event", "competing"] if (times.cause == 2).any() else ["event"]
    yield f"occupancy_rows({quoted(head_of(spec.id))}, {strings(labels)})"
