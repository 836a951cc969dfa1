"""An endpoint by Kaplan-Meier: sentences, then its table and curves."""

from __future__ import annotations

from remission.analyses.curves import NOT_GIVEN
from remission.analyses.guard import SELECTED
from remission.analyses.spec import SurvivalSpec
from remission.display.drawing import NAIVE_STRIP, Drawing, Page, figure_blocks
from remission.display.grid import Block, Cell, FigureBlock, Paragraph, cell
from remission.display.kinds.survival_figure import log_log_figure, survival_figure
from remission.display.kinds.survival_table import tabulate_survival
from remission.display.outline import Outline
from remission.display.words import Ids, interval, join, join_list, landmarks_of, lower_first, p_value, text
from remission.results.methods import method
from remission.results.row import slug
from remission.results.table import Results


def show_survival(page: Page, spec: SurvivalSpec) -> list[Block]:
    """Sentences, then the table, then the curves; sentences alone where nothing can be estimated."""
    results, outline = page.results, page.outline
    made: list[Block] = list(say_survival(results, spec, outline))
    if Ids(results, spec.id).row(spec.endpoint, "N") is None:
        return made
    return [*made, tabulate_survival(results, spec, outline), *_curves(results, spec, outline, page.drawings)]


def say_survival(results: Results, spec: SurvivalSpec, outline: Outline) -> list[Paragraph]:
    """Events, median and probabilities; then each comparison, biased ones set off with their landmark."""
    ids = Ids(results, spec.id)
    endpoint = outline.endpoints[spec.endpoint]
    failed = ids.row(spec.endpoint, "estimate")
    if failed is not None and failed.status == "failed":
        words = f"{endpoint.label} is not estimable from these data: {failed.note}. No survival is invented."
        return [Paragraph(text(words), kind="warning")]
    pieces: list[str | Cell] = [
        cell("Events: {e} of {n} patients. ", e=ids.id(spec.endpoint, "events"), n=ids.id(spec.endpoint, "N")),
        f"Median {lower_first(endpoint.label)}: ",
        interval(ids, "median", unit="months") if ids.ok("median", "estimate") else text(_no_median(ids)),
        _bounds(ids) if not ids.ok("median", "estimate") else "",
        ".",
    ]
    for months in spec.at_months:
        at = f"{months:g}mo"
        pieces.append(f" At {months:g} months: ")
        pieces.append(interval(ids, "survival", at))
        if ids.ok("survival", "estimate", at):
            pieces.append(cell(", {r} at risk.", r=ids.id("survival", "at_risk", at)))
        else:
            row = ids.row("survival", "estimate", at)
            pieces.append(f", {row.note}." if row else ".")
    if spec.rmst_months:
        at = f"{spec.rmst_months:g}mo"
        pieces.append(f" Mean time without the event within {spec.rmst_months:g} months: ")
        pieces += [interval(ids, "rmst", at, unit="months"), "."]
    if ids.value("not_evaluable", "n"):
        row = ids.row("not_evaluable", "n")
        pieces.append(cell(f" Not evaluable: {{k}} ({row.note if row else ''}).", k=ids.id("not_evaluable", "n")))
    made = [Paragraph(join(*pieces))]
    lost = ids.row("not_evaluable", "n")
    if lost is not None and "without a day" in lost.note:
        words = (
            "Patients whose event has no day are not in this estimate, which is therefore too good. Record the days"
            " (partial dates with a rule), or leave the patients out by hand with a reason."
        )
        made.append(Paragraph(text(words), kind="warning"))
    counted = ids.row(spec.endpoint, "N")
    if counted is not None and SELECTED in counted.note:
        made.append(Paragraph(text(f"Mind that {SELECTED}."), kind="note"))
    for name in spec.by:
        made += _say_comparison(results, spec, outline, name)
    return made


def _no_median(ids: Ids) -> str:
    row = ids.row("median", "estimate")
    return row.note if row is not None and row.note.startswith(NOT_GIVEN) else "not reached"


def _bounds(ids: Ids) -> Cell:
    if not ids.ok("median", "low"):
        return text("")
    return cell(" (95% CI {l}–{h})", l=ids.id("median", "low"), h=ids.id("median", "high"))


def _say_comparison(results: Results, spec: SurvivalSpec, outline: Outline, name: str) -> list[Paragraph]:
    group = outline.groups[name]
    ids = Ids(results, spec.id, name)
    if ids.row("logrank", "p") is None:
        return []
    levels = [
        cell(
            f"{level} {{e}} of {{n}}",
            e=ids.down(level).id(spec.endpoint, "events"),
            n=ids.down(level).id(spec.endpoint, "N"),
        )
        for level in group.levels
    ]
    counts = join("events: ", join_list(levels), "; ", _log_rank(results, ids))
    if group.is_baseline:
        return [Paragraph(join(f"By {lower_first(group.label)}: ", counts, ".", *_difference(ids, spec)))]
    made = [
        Paragraph(
            join(
                f"By {lower_first(group.label)}, counted from the start – naive and biased, because "
                "the groups were not known"
                " at the start: ",
                counts,
                ".",
            ),
            kind="warning",
        )
    ]
    blocked = ids.row("landmark", "text")
    if blocked is not None and blocked.status == "failed":
        made.append(Paragraph(text(f"No landmark: {blocked.note}."), kind="warning"))
    made += [_say_landmark(results, spec, outline, name, row.id) for row in landmarks_of(results, spec.id, name)]
    return made


def _difference(ids: Ids, spec: SurvivalSpec) -> list[str | Cell]:
    """The difference of two restricted means, where it could be computed."""
    at = f"{spec.rmst_months:g}mo" if spec.rmst_months else ""
    if not at or not ids.ok("rmst_difference", "estimate", at):
        return []
    head = f" Difference of the means within {spec.rmst_months:g} months (second against first): "
    test = p_value(ids.results, ids.id("rmst_difference", "p", at))
    return [head, interval(ids, "rmst_difference", at, unit="months"), ", ", test, "."]


def _say_landmark(results: Results, spec: SurvivalSpec, outline: Outline, name: str, row_id: str) -> Paragraph:
    group, row = outline.groups[name], results[row_id]
    ids = Ids(results, row.analysis, name)
    pieces: list[str | Cell] = [
        f"By {lower_first(group.label)} from a landmark on day ",
        cell("{d}", d=row_id),
        f" ({row.note})" if row.note else "",
        cell(
            ": {k} of {n} had had the event or left observation by then",
            k=ids.id("before_landmark", "n"),
            n=Ids(results, spec.id).id(spec.endpoint, "N"),
        ),
    ]
    if ids.row("logrank", "p") is None:
        return Paragraph(join(*pieces, ", and nothing can be compared."))
    pieces += ["; ", _log_rank(results, ids), "."]
    if ids.value("before_landmark", "n") == 0:
        pieces.append(
            " Nobody was lost before the landmark, so both comparisons rest on the same patients and "
            "the guarantee-time bias"
            " is nil here; that is a finding of these data, not a licence for the naive comparison."
        )
    return Paragraph(join(*pieces))


def _log_rank(results: Results, ids: Ids) -> Cell:
    if not ids.ok("logrank", "p"):
        row = ids.row("logrank", "p")
        return text(f"no log-rank test: {row.note if row else ''}")
    pieces: list[str | Cell] = [
        cell("log-rank chi-square {c}, ", c=ids.id("logrank", "statistic")),
        p_value(results, ids.id("logrank", "p")),
    ]
    row = ids.row("logrank_permutation", "p")
    if row is not None:
        pieces += ["; ", lower_first(method(row.method).label), ", ", p_value(results, row.id)]
    return join(*pieces)


def _curves(results: Results, spec: SurvivalSpec, outline: Outline, drawings: list[Drawing]) -> list[Block]:
    """The curve of all, then each comparison, a biased one marked in the picture and followed by its landmark."""
    wanted = [(spec.id, "", "", f"{spec.title}: all patients")]
    for name in spec.by:
        group = outline.groups[name]
        mark = "" if group.is_baseline else NAIVE_STRIP
        wanted.append(
            (spec.id, name, mark, f"{spec.title} by {lower_first(group.label)}{' (naive, biased)' if mark else ''}")
        )
        for row in landmarks_of(results, spec.id, name):
            wanted.append((row.analysis, name, "", f"{spec.title} by {lower_first(group.label)}, from the landmark"))
    made: list[Block] = []
    for analysis, name, mark, title in wanted:
        found = survival_figure(results, spec, outline, analysis=analysis, group=name, warning=mark)
        if found is None:
            continue
        data, ids = found
        stem = "_".join(["figure", slug(analysis), *([slug(name)] if name else [])])
        drawings.append(Drawing(stem, data))
        words = text(
            "Kaplan-Meier estimate with 95% confidence band; ticks: censored patients; below: number "
            "at risk (cumulative events)."
        )
        made.append(FigureBlock(stem, title, stem, f"Kaplan-Meier curves, {title}", (words,), ids))
    for name in spec.by if spec.log_log else ():
        title = f"{spec.title} by {lower_first(outline.groups[name].label)}: are the hazards proportional?"
        parallel = "log(-log S) against time on a log scale: parallel curves speak for proportional hazards."
        stem = f"figure_{slug(spec.id)}_{slug(name)}_loglog"
        made += figure_blocks(drawings, stem, title, log_log_figure(results, spec, outline, name), parallel)
    return made
