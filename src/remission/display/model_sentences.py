"""Sentences on competing risks, hazard ratios and what happens later."""

from __future__ import annotations

from remission.analyses.baseline import variable_name
from remission.analyses.regression import MULTI, UNI
from remission.analyses.spec import IncidenceSpec, LaterEventSpec, RegressionSpec
from remission.display.grid import Cell, Paragraph, cell
from remission.display.model_tables import between
from remission.display.outline import Outline
from remission.display.words import Ids, is_naive, join, join_list, lower_first, p_value, text, upper_first
from remission.results.table import Results


def say_incidence(results: Results, spec: IncidenceSpec, outline: Outline) -> list[Paragraph]:
    """Both incidences at the chosen months, then Gray's tests."""
    ids = Ids(results, spec.id)
    failed = ids.row("incidence", "estimate")
    if failed is not None and failed.status == "failed":
        return [Paragraph(text(f"{spec.title}: not estimable from these data: {failed.note}."), kind="warning")]
    causes = (("event", spec.event_label), ("competing", spec.competing_label))
    counts = [cell(f"{{e}} had {words}", e=ids.id("patients", "events", cause)) for cause, words in causes]
    pieces: list[str | Cell] = [cell("Of {n} patients, ", n=ids.id("patients", "N")), join_list(counts), " first."]
    for months in spec.at_months:
        values = [join(f"{words} ", between(ids, "incidence", f"{cause}_{months:g}mo")) for cause, words in causes]
        pieces += [f" Cumulative incidence at {months:g} months: ", join_list(values), "."]
    made = [Paragraph(join(*pieces))]
    for name in spec.by:
        split = Ids(results, spec.id, name)
        tests = [
            join(f"{words} ", p_value(results, split.id("gray", "p", cause)))
            for cause, words in causes
            if split.row("gray", "p", cause)
        ]
        head = f"By {lower_first(outline.groups[name].label)}, Gray's test: "
        if tests:
            naive = is_naive(results, spec.id, name)
            lead = "Naive and biased, as the groups were not known at the start. " if naive else ""
            made.append(Paragraph(join(lead, head, join_list(tests), "."), kind="warning" if naive else "body"))
    return made


def say_regression(results: Results, spec: RegressionSpec, outline: Outline) -> list[Paragraph]:
    """The multivariable model in words; what was refused, and why."""
    multi, uni = Ids(results, spec.id, "model", MULTI), Ids(results, spec.id, "model", UNI)
    failed = Ids(results, spec.id).row("model", "N")
    if failed is not None and failed.status == "failed":
        return [Paragraph(text(f"{spec.title}: not estimable from these data: {failed.note}."), kind="warning")]
    ids = multi if multi.row("model", "N") is not None else uni
    made: list[Paragraph] = []
    said: list[Cell] = []
    for name in spec.covariates:
        variable = variable_name(name)
        label = outline.labels[name][0]
        refused = Ids(results, spec.id).row(variable, "ratio")
        if refused is not None:
            made.append(Paragraph(text(f"{label} is not in the model: {refused.note}."), kind="warning"))
            continue
        terms = ids.categories(variable, "ratio") or [""]
        for term in terms:
            if not ids.ok(variable, "ratio", term):
                continue
            what = f"{lower_first(label)}{', ' + term if term else ''} "
            said.append(
                join(
                    what,
                    between(ids, variable, term, middle="ratio"),
                    ", ",
                    p_value(results, ids.id(variable, "p", term)),
                )
            )
    if said:
        model = "Multivariable" if ids is multi else "Univariable"
        made.insert(0, Paragraph(join(f"{model} hazard ratios: ", join_list(said, "; ", "; "), ".")))
    return made


def say_later_event(results: Results, spec: LaterEventSpec) -> list[Paragraph]:
    """The naive contrast set off, the right one, and in words why they differ."""
    ids = Ids(results, spec.id)
    row = ids.row("time_dependent", "ratio")
    if row is None or row.status != "ok":
        why = row.note if row is not None else "no rows"
        return [Paragraph(text(f"{spec.title}: not estimable from these data: {why}."), kind="warning")]
    counts = cell(
        f"{{k}} of {{n}} patients were {spec.after} under observation; {{e}} died or had the event.",
        k=ids.id("switched", "n"),
        n=ids.id("patients", "N"),
        e=ids.id("patients", "events"),
    )
    naive = join(
        f"Naive and biased – ever {spec.after} against never, counted from the start: hazard ratio ",
        between(ids, "naive", middle="ratio"),
        ", ",
        p_value(results, ids.id("naive", "p")),
        f". To be {spec.after} a patient had to live until then; the time before it is credited to the {spec.after}.",
    )
    right = join(
        "Changing groups on the day itself: hazard ratio ",
        between(ids, "time_dependent", middle="ratio"),
        ", ",
        p_value(results, ids.id("time_dependent", "p")),
        "; Mantel-Byar test ",
        p_value(results, ids.id("mantel_byar", "p")),
        ".",
    )
    made = [Paragraph(counts), Paragraph(naive, kind="warning"), Paragraph(right)]
    return [*made, *_bias(ids), *_landmarks(ids, spec)]


def _bias(ids: Ids) -> list[Paragraph]:
    """The size and direction of the bias in words."""
    naive, right = ids.value("naive", "ratio"), ids.value("time_dependent", "ratio")
    if naive is None or right is None or not ids.ok("bias", "ratio"):
        return []
    turned = (naive - 1) * (right - 1) < 0
    words = (
        "The two even point in opposite directions: what looks like a benefit is not one"
        if turned and naive < right
        else ""
    )
    words = words or ("The two even point in opposite directions" if turned else "Both point in the same direction")
    return [
        Paragraph(
            cell(
                f"{words}. The naive hazard ratio has to be multiplied by {{b}} to become the time-dependent one: so"
                " large is the guarantee-time bias here. What remains may still be confounded: the model does not know"
                " why and when somebody was chosen, and those chosen differ from the others.",
                b=ids.id("bias", "ratio"),
            )
        )
    ]


def _landmarks(ids: Ids, spec: LaterEventSpec) -> list[Paragraph]:
    days = [d for d in ids.categories("landmark", "ratio") if ids.ok("landmark", "ratio", d)]
    if not days:
        return []
    said = [join(f"day {d.removesuffix('d')} ", between(ids, "landmark", d, middle="ratio")) for d in days]
    return [
        Paragraph(
            join(
                "From landmarks, by what had happened by then and ignoring what came later – ",
                join_list(said, "; ", "; "),
                f". A landmark compares those {upper_first(spec.after).lower()} early with all the "
                "others, some of whom change"
                " later; it answers the question of the day it is set on.",
            )
        )
    ]
