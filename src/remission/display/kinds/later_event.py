"""What happens later and survival: sentences and tables."""

from __future__ import annotations

from remission.analyses.spec import LaterEventSpec
from remission.display.drawing import Page, figure_blocks, ids_of
from remission.display.grid import Block, Grid, GridRow, Paragraph, cell
from remission.display.kinds.later_event_figures import landmark_figure, occupancy_figure, state_figure
from remission.display.words import CI, Ids, between, join, join_list, p_value, text, upper_first
from remission.results.row import slug
from remission.results.table import Results


def tabulate_later_event(results: Results, spec: LaterEventSpec) -> Grid:
    """The same question asked in every way: naive (biased), at its own day, from each landmark."""
    ids = Ids(results, spec.id)
    header = (text("How the groups are made"), text("Patients"), text("HR (95% CI)"), text("p"))
    n = cell("{k} / {n}", k=ids.id("switched", "n"), n=ids.id("patients", "N"))
    rows = [
        GridRow(
            (
                text("ever against never – naive, biased"),
                n,
                between(ids, "naive", middle="ratio"),
                cell("{p}", p=ids.id("naive", "p")),
            )
        ),
        GridRow(
            (
                text("changing on the day itself (time-dependent)", strong=True),
                n,
                between(ids, "time_dependent", middle="ratio"),
                cell("{p}", p=ids.id("time_dependent", "p")),
            )
        ),
        *_penalised(ids),
        *_adjusted(results, ids, spec),
        GridRow((text("Mantel-Byar test"), text(""), text(""), cell("{p}", p=ids.id("mantel_byar", "p")))),
    ]
    days = ids.categories("landmark", "ratio")
    if days:
        rows.append(GridRow((text("from a landmark, by what had happened by then", span=4),)))
    for day in days:
        counts = cell("{a} / {b}", a=ids.id("landmark_after", "N", day), b=ids.id("landmark_before", "N", day))
        p = cell("{p}", p=ids.id("landmark", "p", day))
        rows.append(
            GridRow(
                (text(f"day {day.removesuffix('d')}"), counts, between(ids, "landmark", day, middle="ratio"), p),
                indent=1,
            )
        )
        if ids.row("landmark_penalised", "ratio", day) is not None:
            ratio = between(ids, "landmark_penalised", day, middle="ratio")
            exact = cell("{p}", p=ids.id("landmark_permutation", "p", day))
            rows.append(GridRow((text("penalised (Firth); log-rank by permutation"), text(""), ratio, exact), indent=2))
    notes = (
        text(
            f"{CI} HR, hazard ratio of {spec.after} against {spec.before}. Patients: {spec.after} / "
            f"all; at a landmark {spec.after} / {spec.before}."
        ),
        text(
            "The landmarks share patients: their p-values are not independent of each other. p: Wald "
            "tests; at landmarks log-rank."
        ),
    )
    return Grid(f"table_{slug(spec.id)}", spec.title, (header,), tuple(rows), "lrrr", notes)


def _penalised(ids: Ids) -> list[GridRow]:
    """Firth's ratio where there are few events."""
    if ids.row("penalised", "ratio") is None:
        return []
    ratio, p = between(ids, "penalised", middle="ratio"), cell("{p}", p=ids.id("penalised", "p"))
    return [GridRow((text("the same, penalised (Firth): few events"), text(""), ratio, p), indent=1)]


def _adjusted(results: Results, ids: Ids, spec: LaterEventSpec) -> list[GridRow]:
    """The time-dependent ratio beside covariates, and theirs; nothing where none was asked for."""
    if ids.row("adjusted", "ratio") is None:
        return []
    counts = cell("{n}", n=ids.id("adjusted_model", "N"))
    rows = [
        GridRow(
            (
                text("the same, adjusted for what follows"),
                counts,
                between(ids, "adjusted", middle="ratio"),
                cell("{p}", p=ids.id("adjusted", "p")),
            )
        )
    ]
    here = [r for r in results.rows.values() if r.analysis == spec.id and r.variable.startswith("adjusted_")]
    for row in here:
        if row.stat == "ratio":
            words = f"{row.variable.removeprefix('adjusted_')} {row.category}".replace("_", " ").strip()
            p = cell("{p}", p=ids.id(row.variable, "p", row.category))
            words += f" ({row.note})" if row.note else ""
            ratio = between(ids, row.variable, row.category, middle="ratio")
            rows.append(GridRow((text(words), text(""), ratio, p), indent=1))
    return rows


def tabulate_states(results: Results, spec: LaterEventSpec) -> Grid:
    """Simon-Makuch survival of the two states at the chosen months."""
    header = (text(""), *(text(f"At {m:g} months,\n% (95% CI)") for m in spec.at_months))
    rows = []
    for state in (spec.before, spec.after):
        ids = Ids(results, spec.id, "state", state)
        if ids.row("survival", "estimate", f"{spec.at_months[0]:g}mo") is None:
            continue
        rows.append(GridRow((text(state), *(between(ids, "survival", f"{m:g}mo") for m in spec.at_months))))
    notes = (
        text(
            f"{CI} Simon-Makuch curves: a patient leaves the first curve and enters the second on the "
            "day of the change, and is at risk in one of them at a time."
        ),
    )
    return Grid(
        f"table_{slug(spec.id)}_states",
        f"{spec.title}: survival by current state",
        (header,),
        tuple(rows),
        "l" + "r" * len(spec.at_months),
        notes,
    )


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
        "The two even point in opposite directions: what looks like a benefit from the start is not seen once the clock"
        " is right"
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


def show_later_event(page: Page, spec: LaterEventSpec) -> list[Block]:
    """Sentences, then tables, then figures."""
    results, outline, drawings = page.results, page.outline, page.drawings
    made: list[Block] = list(say_later_event(results, spec))
    ids = Ids(results, spec.id)
    if not ids.ok("time_dependent", "ratio"):
        return made
    made += [tabulate_later_event(results, spec), tabulate_states(results, spec)]
    stem = f"figure_{slug(spec.id)}"
    curves = "Simon-Makuch curves with 95% bands; below: number at risk in each state (cumulative events)."
    grid = "Hazard ratio from each landmark with its 95% interval; bands: the naive and the time-dependent estimate."
    areas = "State probabilities by the Aalen-Johansen method; they add up to 100% at every time."
    variables: tuple[str, ...] = ("survival", "mantel_byar", "at_risk")
    data = state_figure(results, spec, outline)
    made += figure_blocks(
        drawings,
        f"{stem}_states",
        f"{spec.title}: by current state",
        data,
        curves,
        ids_of(results, spec.id, variables),
    )
    variables = ("landmark", "landmark_before", "landmark_after", "naive", "time_dependent")
    points = landmark_figure(results, spec)
    made += figure_blocks(
        drawings,
        f"{stem}_landmarks",
        f"{spec.title}: over the landmark",
        points,
        grid,
        ids_of(results, spec.id, variables),
    )
    shares = occupancy_figure(results, spec, outline) if spec.occupancy else None
    made += figure_blocks(
        drawings,
        f"{stem}_occupancy",
        f"{spec.title}: where the patients are",
        shares,
        areas,
        ids_of(results, spec.id, ("occupancy",)),
    )
    return made
