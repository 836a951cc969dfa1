"""Risk factors: odds of a response, cut-points, effects in subgroups."""

from __future__ import annotations

from remission.analyses.spec import CutPointSpec, OddsSpec, SubgroupsSpec
from remission.analyses.subgroups import ALL
from remission.display.drawing import Page, figure_blocks
from remission.display.figures.subgroups_data import SubgroupRow, SubgroupsFigure
from remission.display.grid import Block, Paragraph, cell
from remission.display.kinds.regression import say_regression, tabulate_regression
from remission.display.words import Ids, join, lower_first, p_value, text
from remission.results.row import slug


def show_odds(page: Page, spec: OddsSpec) -> list[Block]:
    """Sentences, then uni- and multivariable odds ratios side by side."""
    results, outline = page.results, page.outline
    ids = Ids(results, spec.id)
    failed = ids.row("model", "N")
    if failed is not None and failed.status == "failed":
        return [Paragraph(text(f"{spec.title}: not estimable from these data: {failed.note}."), kind="warning")]
    counts = cell(
        "{k} of {n} assessed patients responded; the response of {m} is not known.",
        k=ids.id("patients", "n"), n=ids.id("patients", "N"), m=ids.id("patients", "missing"),
    )  # fmt: skip
    return [Paragraph(counts), *say_regression(results, spec, outline), tabulate_regression(results, spec, outline)]


def show_cut_point(page: Page, spec: CutPointSpec) -> list[Block]:
    """One sentence: the cut-point, how many lie on either side, and the p that counts the search."""
    ids = Ids(page.results, spec.id)
    label, unit = page.outline.labels.get(spec.marker, (spec.marker, ""))
    if not ids.ok("cut", "value"):
        row = ids.row("cut", "value")
        why = row.note if row is not None else "nothing was computed"
        return [Paragraph(text(f"No cut-point of {lower_first(label)} can be given: {why}."), kind="warning")]
    said = join(
        cell(
            f"Of {{k}} cut-points of {lower_first(label)} that were tried in {{n}} patients the one at {{c}} "
            f"{unit}".rstrip() + " separates best ({a} at or below, {b} above; {d}); with the search counted, ",
            k=ids.id("tried", "n"), n=ids.id("patients", "N"), c=ids.id("cut", "value"), a=ids.id("below", "n"),
            b=ids.id("above", "n"), d=ids.id("direction", "text"),
        ),
        p_value(page.results, ids.id("cut", "p")),
        ".",
    )  # fmt: skip
    warning = (
        "A cut-point found in these patients looks better here than it will elsewhere. It is data-driven; the p-value "
        "of the two groups, taken as if the cut-point had been known, would be too small and is not given."
    )
    left = []
    if ids.value("signed", "n"):
        words = "{k} values beyond a limit of the assay are left out."
        left = [Paragraph(cell(words, k=ids.id("signed", "n")), kind="warning")]
    return [Paragraph(said), *left, Paragraph(text(warning), kind="note")]


def show_subgroups(page: Page, spec: SubgroupsSpec) -> list[Block]:
    """A forest with the numbers on both sides."""
    results, outline = page.results, page.outline
    ids = Ids(results, spec.id)
    refused = ids.row("effect", "ratio")
    if refused is not None:
        return [Paragraph(text(f"{spec.title}: not compared from the start: {refused.note}."), kind="warning")]
    rows = [_row(ids, spec, ALL, "", "All patients", total=True)]
    for name in spec.by:
        p = ids.row(f"{name}_interaction", "p")
        shown = p.shown if p is not None and p.status == "ok" else "–"
        rows.append(SubgroupRow(outline.groups[name].label, p_interaction=shown, kind="head"))
        rows += [_row(ids, spec, name, level, level) for level in outline.groups[name].levels]
    first, second = outline.groups[spec.contrast].levels
    is_ratio = bool(spec.endpoint)
    figure = SubgroupsFigure(
        tuple(rows),
        (first, second),
        scale="ratio" if is_ratio else "difference",
        x_label="Hazard ratio" if is_ratio else "Difference (percentage points)",
        counts_title="events/N" if is_ratio else "n/N",
        text_title="HR (95% CI)" if is_ratio else "Difference (95% CI)",
        favours=(f"favours {first}", f"favours {second}") if is_ratio else (f"more in {second}", f"more in {first}"),
    )
    words = "Subgroups overlap and were not chosen for power: read the test of interaction, not the single lines."
    return figure_blocks(page.drawings, f"figure_{slug(spec.id)}", spec.title, figure, words)


def _row(ids: Ids, spec: SubgroupsSpec, variable: str, level: str, label: str, *, total: bool = False) -> SubgroupRow:
    sides = []
    for side in ("first", "second"):
        n, of = ids.row(f"{variable}_{side}", "n", level), ids.row(f"{variable}_{side}", "N", level)
        sides.append(f"{n.shown}/{of.shown}" if n is not None and of is not None else "")
    stat, scale = ("ratio", 1.0) if spec.endpoint else ("estimate", 100.0)
    values = [ids.value(variable, s, level) for s in (stat, "low", "high")]
    row = ids.row(variable, stat, level)
    if row is None or row.status != "ok" or any(v is None for v in values):
        return SubgroupRow(label, sides[0], sides[1], text="not estimable", kind="total" if total else "row")
    shown = [r.shown for s in (stat, "low", "high") if (r := ids.row(variable, s, level)) is not None]
    middle, low, high = (float(v or 0) * scale for v in values)
    words = f"{shown[0]} ({shown[1]} to {shown[2]})" if scale != 1 else f"{shown[0]} ({shown[1]}–{shown[2]})"
    return SubgroupRow(label, sides[0], sides[1], middle, low, high, words, kind="total" if total else "row")
