"""Results in sentences: every number is a result id, every sentence follows from which rows there are."""

from __future__ import annotations

from remission.analyses.baseline import variable_name
from remission.analyses.curves import NOT_GIVEN
from remission.analyses.guard import SELECTED
from remission.analyses.spec import (
    AdverseEventsSpec,
    BaselineSpec,
    FollowUpSpec,
    RatesSpec,
    RecordsSpec,
    SurvivalSpec,
)
from remission.display.grid import Cell, Paragraph, cell
from remission.display.outline import Outline
from remission.display.tables import is_cross, rate_variables
from remission.display.words import (
    Ids,
    interval,
    is_naive,
    join,
    join_list,
    landmarks_of,
    lower_first,
    p_value,
    text,
    upper_first,
)
from remission.results.methods import method
from remission.results.table import Results

MOST_LEVELS_IN_A_SENTENCE = 3


def say_flow(results: Results, outline: Outline) -> list[Paragraph]:
    """Who was recorded, who was left out, who is in each population."""
    ids = Ids(results, "flow")
    pieces: list[str | Cell] = [
        cell(
            "Patients in the data: {n}; left out by hand: {k}.",
            n=ids.id("recorded", "n"),
            k=ids.id("excluded", "n"),
        )
    ]
    for name, words in outline.populations.items():
        if not words.parent and not words.scope:
            pieces.append(cell(f" {words.label}: {{n}}.", n=ids.id("population", "n", name)))
        elif words.scope:
            pieces.append(
                cell(
                    f" {words.label}: {{n}}, numbered on their own and not linked to the others.",
                    n=ids.id("population", "n", name),
                )
            )
        else:
            unknown = ids.value("dropped_unknown", "n", name)
            mind = cell(", among them {u} for whom that is not known", u=ids.id("dropped_unknown", "n", name))
            pieces.append(
                cell(
                    f" {words.label}: {{n}}; {{k}} left out ({words.excluded})",
                    n=ids.id("population", "n", name),
                    k=ids.id("dropped", "n", name),
                )
            )
            pieces += [mind if unknown else "", "."]
    return [Paragraph(join(*pieces))]


def say_baseline(results: Results, spec: BaselineSpec, outline: Outline) -> list[Paragraph]:
    """The numbers with their quartiles, the groups with their shares."""
    ids = Ids(results, spec.id)
    pieces: list[str | Cell] = []
    for name in spec.variables:
        label, unit = outline.labels[name]
        variable = variable_name(name)
        if ids.ok(variable, "median"):
            pieces.append(
                cell(
                    f"{' ' if pieces else ''}{label}: median {{m}}{' ' + unit if unit else ''} "
                    f"(quartiles {{a}} to {{b}}, range {{c}} to {{d}}).",
                    m=ids.id(variable, "median"),
                    a=ids.id(variable, "q1"),
                    b=ids.id(variable, "q3"),
                    c=ids.id(variable, "min"),
                    d=ids.id(variable, "max"),
                )
            )
        elif ids.row(variable, "missing") is not None:
            levels = [
                r.category
                for r in results.rows.values()
                if r.id.startswith(f"{ids.id(variable, 'n', '')[: -len('.n')]}@") and r.stat == "n"
            ]
            if len(levels) > MOST_LEVELS_IN_A_SENTENCE:
                continue  # the table holds them
            shares = [
                cell(f"{v} in {{n}} ({{p}})", n=ids.id(variable, "n", v), p=ids.id(variable, "estimate", v))
                for v in levels
            ]
            pieces.append(join(" " if pieces else "", f"{label}: ", join_list(shares), "."))
    return [Paragraph(join(*pieces))]


def say_rates(results: Results, spec: RatesSpec, outline: Outline, rates: tuple[str, ...]) -> list[Paragraph]:
    """Each rate overall with its interval, then the comparisons of the subgroups."""
    overall = Ids(results, spec.id)
    pieces: list[str | Cell] = []
    for variable, words in rate_variables(spec, results):
        for rate in rates:
            pieces.append(" " if pieces else "")
            pieces.append(
                cell(
                    f"{upper_first(rate)}{words}: {{n}} of {{t}}, ",
                    n=overall.id(variable, "n", rate),
                    t=overall.id(variable, "N", rate),
                )
            )
            pieces += [interval(overall, variable, rate), "."]
    if overall.value(spec.of, "missing"):
        pieces.append(cell(" Not known for {k} of {n}.", k=overall.id(spec.of, "missing"), n=overall.id(spec.of, "N")))
    variable = rate_variables(spec, results)[0][0]
    naive: list[Paragraph] = []
    if not is_cross(spec, rates):  # the cross table holds them; a sentence of many levels would not be read
        for name in spec.by:
            split = _say_split(results, spec, outline, name, variable, rates[0])
            if is_naive(results, spec.id, name):
                naive.append(
                    Paragraph(
                        join("Naive and biased, as the groups were not known at the start. ", split), kind="warning"
                    )
                )
            else:
                pieces += [" ", split]
    return [Paragraph(join(*pieces)), *naive]


def _say_split(results: Results, spec: RatesSpec, outline: Outline, name: str, variable: str, rate: str) -> Cell:
    """One rate in the levels of one group, with the test."""
    split = Ids(results, spec.id, name)
    group = outline.groups[name]
    shares = [
        cell(
            f"{level}: {{n}} of {{t}} ({{p}})",
            n=split.down(level).id(variable, "n", rate),
            t=split.down(level).id(variable, "N"),
            p=split.down(level).id(variable, "estimate", rate),
        )
        for level in group.levels
    ]
    test = results[split.id(variable, "p", rate)]
    head = f"{upper_first(rate)} by {lower_first(group.label)} – "
    if test.status != "ok":
        return join(head, join_list(shares, "; ", "; "), f"; no test: {test.note}.")
    return join(
        head, join_list(shares, "; ", "; "), "; ", p_value(results, test.id), f" ({method(test.method).label})."
    )


def say_follow_up(results: Results, spec: FollowUpSpec) -> list[Paragraph]:
    """Reverse Kaplan-Meier first, the plain median beside it."""
    ids = Ids(results, spec.id)
    row = ids.row("reverse_km", "estimate")
    if row is None or row.status == "failed":
        return [Paragraph(text(f"Follow-up cannot be estimated: {row.note if row else 'no times'}."), kind="warning")]
    pieces: list[str | Cell] = [
        "Median follow-up by the reverse Kaplan-Meier method was ",
        interval(ids, "reverse_km", unit="months"),
        cell(
            "; the plain median of the observed times of {n} patients, which counts a death as the "
            "end of follow-up, was"
            " {m} months (quartiles {a} to {b}, range {c} to {d}).",
            n=ids.id("plain", "N"),
            m=ids.id("plain", "median"),
            a=ids.id("plain", "q1"),
            b=ids.id("plain", "q3"),
            c=ids.id("plain", "min"),
            d=ids.id("plain", "max"),
        ),
    ]
    if ids.ok("event_free", "median"):
        pieces.append(
            cell(
                " The {n} patients without an event had been followed for {c} to {d} months.",
                n=ids.id("event_free", "N"),
                c=ids.id("event_free", "min"),
                d=ids.id("event_free", "max"),
            )
        )
    if ids.ok("completeness", "estimate"):
        pieces.append(
            cell(" Completeness of follow-up to the data cut-off: {c}.", c=ids.id("completeness", "estimate"))
        )
    return [Paragraph(join(*pieces))]


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


def say_records(results: Results, spec: RecordsSpec, outline: Outline) -> list[Paragraph]:
    """Records and patients kept apart; the medians of the numbers."""
    ids = Ids(results, spec.id)
    pieces: list[str | Cell] = [
        cell(f"{{n}} {spec.unit} in {{p}} patients.", n=ids.id("records", "N"), p=ids.id("patients", "N"))
    ]
    for name in spec.variables:
        if ids.ok(name, "median"):
            label, unit = outline.labels[f"{spec.table}.{name}"]
            pieces.append(
                cell(
                    f" {label}{' (' + unit + ')' if unit and unit not in label else ''}: median {{m}} "
                    f"(quartiles {{a}} to {{b}}), recorded for {{k}} of {{n}} {spec.unit}.",
                    m=ids.id(name, "median"),
                    a=ids.id(name, "q1"),
                    b=ids.id(name, "q3"),
                    k=ids.id(name, "n"),
                    n=ids.id("records", "N"),
                )
            )
    return [Paragraph(join(*pieces))]


def say_adverse_events(results: Results, spec: AdverseEventsSpec) -> list[Paragraph]:
    """Patients with any and with a severe event, and the number of events."""
    ids = Ids(results, spec.id)
    return [
        Paragraph(
            cell(
                f"{{a}} of {{n}} patients ({{p}}) had an adverse event and {{s}} ({{q}}) one of grade "
                f"{spec.severe_from} or higher;"
                " {e} events were recorded.",
                a=ids.id("any event", "n", "any"),
                n=ids.id("patients", "N"),
                p=ids.id("any event", "estimate", "any"),
                s=ids.id("any event", "n", "severe"),
                q=ids.id("any event", "estimate", "severe"),
                e=ids.id("any event", "events", "records"),
            )
        )
    ]
