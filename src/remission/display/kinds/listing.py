"""One line per patient."""

from __future__ import annotations

from remission.analyses.listing import unique_levels
from remission.analyses.spec import ListingSpec
from remission.display.grid import Cell, Grid, GridRow, cell
from remission.display.outline import Outline
from remission.display.words import Ids, text
from remission.results.row import slug
from remission.results.table import Results


def tabulate_listing(results: Results, spec: ListingSpec, outline: Outline, patients: tuple[str, ...]) -> Grid:
    """One line per patient."""
    header = [text("Patient")]
    for name in spec.columns:
        label, unit = outline.labels[name]
        header.append(text(f"{label}, {unit}" if unit else label))
    rows = []
    for level in unique_levels(patients).values():
        ids = Ids(results, spec.id, "patient", level)
        rows.append(GridRow((_listed(ids, "patient"), *(_listed(ids, name) for name in spec.columns))))
    note = text("A dash: not recorded. Times are in months from the origin.")
    return Grid(
        f"table_{slug(spec.id)}", spec.title, (tuple(header),), tuple(rows), "l" * len(header), (note,), landscape=True
    )


def _listed(ids: Ids, variable: str) -> Cell:
    return cell("{v}", v=ids.id(variable, "value")) if ids.ok(variable, "value") else text("–")
