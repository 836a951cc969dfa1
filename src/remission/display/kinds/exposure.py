"""Treatment as given and against its plan: one table, patients above and cycles below."""

from __future__ import annotations

from remission.analyses.spec import ExposureSpec
from remission.display.drawing import Page
from remission.display.grid import Block, Cell, Grid, GridRow, Paragraph, cell
from remission.display.words import Ids, join, text
from remission.results.row import slug
from remission.results.table import Results


def show_exposure(page: Page, spec: ExposureSpec) -> list[Block]:
    """Sentence and table; a sentence alone where no infusion is recorded."""
    ids = Ids(page.results, spec.id)
    failed = ids.row("cycles", "N")
    if failed is None or failed.status != "ok":
        return [
            Paragraph(
                text(f"Exposure cannot be computed: {failed.note if failed else 'nothing recorded'}."), kind="warning"
            )
        ]
    said = cell(
        "{n} of {t} patients have recorded infusions, {c} cycles in all.",
        n=ids.id("patients", "n"), t=ids.id("patients", "N"), c=ids.id("cycles", "N"),
    )  # fmt: skip
    return [Paragraph(said), _table(page.results, spec)]


def _table(results: Results, spec: ExposureSpec) -> Grid:
    ids = Ids(results, spec.id)
    rows = [GridRow((text("Patients", strong=True), text("")), kind="head")]
    rows += _summary(ids, "cycles_started", "Cycles started")
    for k in ids.categories("cycles_started", "estimate"):
        rows.append(_share(ids, "cycles_started", k, f"{k} cycle{'s' if k != '1' else ''}", indent=1))
    rows += _summary(ids, "days_on_drug", "Days on drug")
    rows += _summary(ids, "dose", "Cumulative dose, µg")
    rows.append(_share(ids, "paused", "yes", _pause(spec, "With a pause")))
    rows.append(_share(ids, "reduced", "yes", "With a dose reduction"))
    rows += _summary(ids, "vials", f"Vials of {spec.vial_ug:g} µg")
    if ids.row("cost", "value") is not None:
        rows.append(
            GridRow((text(f"Cost of all vials, {spec.currency}".rstrip(", ")), cell("{v}", v=ids.id("cost", "value"))))
        )
    rows.append(GridRow((text("Cycles", strong=True), cell("N = {n}", n=ids.id("cycles", "N"))), kind="head"))
    rows += _summary(ids, "cycle_days", "Days on drug")
    rows.append(_share(ids, "paused_cycles", "yes", _pause(spec, "With a pause")))
    if ids.row("pause_days", "median") is not None:
        rows += _summary(ids, "pause_days", "Length of a pause, days")
    rows.append(_share(ids, "reduced_cycles", "yes", "With a dose reduction"))
    if spec.regimen:
        rows.append(_share(ids, "stopped_early", "yes", "Stopped before the planned day"))
        for reason in ids.categories("stop_reason", "n"):
            rows.append(_share(ids, "stop_reason", reason, reason, indent=1))
        rows += _summary(ids, "dose_intensity", "Relative dose intensity, %")
    if spec.short_below_days is not None:
        rows.append(
            _share(ids, "short_course", "yes", f"Short course (fewer than {spec.short_below_days} days on full dose)")
        )
    notes = [text("Median (first to third quartile); range. Shares are of those of whom it is known.")]
    if spec.regimen:
        plan = f"Plan: the regimen {spec.regimen}, {spec.length} planned length; relative dose intensity is the dose "
        notes.append(text(plan + "given over the dose planned, for the time it took."))
    unknown = [r for r in results.rows.values() if r.analysis == spec.id and r.variable == "unknown"]
    notes += [cell(f"Not computed for {{n}} cycles: {r.category}.", n=r.id) for r in unknown]
    header = ((text("Treatment"), text("All")),)
    return Grid(f"table_{slug(spec.id)}", spec.title, header, tuple(rows), "lr", tuple(notes))


def _pause(spec: ExposureSpec, words: str) -> str:
    return words + (f" of {spec.pauses_from_days} days or more" if spec.pauses_from_days > 1 else "")


def _summary(ids: Ids, variable: str, label: str) -> list[GridRow]:
    """Median with quartiles, and the range; nothing where nothing is known."""
    if not ids.ok(variable, "median"):
        return [GridRow((text(label), text("–")))]
    middle = cell("{m} ({a}–{b})", m=ids.id(variable, "median"), a=ids.id(variable, "q1"), b=ids.id(variable, "q3"))
    ends: list[str | Cell] = [cell("; {a}–{b}", a=ids.id(variable, "min"), b=ids.id(variable, "max"))]
    return [GridRow((text(label), join(middle, *ends)))]


def _share(ids: Ids, variable: str, category: str, label: str, *, indent: int = 0) -> GridRow:
    row = ids.row(variable, "n", category)
    if row is None:
        return GridRow((text(label), text("–")), indent=indent)
    shown = cell("{n} ({p})", n=row.id, p=ids.id(variable, "estimate", category))
    return GridRow((text(label), shown), indent=indent)
