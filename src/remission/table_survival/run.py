"""The order of the parts: what was read, then curves or incidences, then models, then the later event."""

from __future__ import annotations

from remission.results.table import Results
from remission.table_survival.curves import place_of, write_survival
from remission.table_survival.groups import write_groups
from remission.table_survival.incidence import write_incidence
from remission.table_survival.later import write_later_event
from remission.table_survival.models import write_cox
from remission.table_survival.table import SurvivalTable
from remission.table_survival.univariable import write_univariable


def analyse_table(table: SurvivalTable) -> Results:
    """Every row of one call; ids are explained in docs/how-to/survival-command.md."""
    results = Results()
    at = place_of(results, table)
    at.put("read", "n", table.n_read, unit="rows")
    out = sum(table.left_out.values())
    words = "; ".join(f"{reason} ({n})" for reason, n in table.left_out.items())
    at.put("left_out", "n", out, unit="rows", n=table.n_read, note=words)
    for i, note in enumerate(table.notes, 1):
        at.put("note", "text", note, category=f"{i}")
    if table.ask.preset:
        at.put("preset", "text", table.ask.preset, note="; ".join(table.ask.choices.cannot))
    if table.ask.cause:
        write_incidence(results, table)
        return results
    write_survival(results, table)
    if table.group is not None:
        write_groups(results, table, table.group)
        if table.ask.landmark_day is not None:
            write_groups(results, table, table.group, landmark=table.ask.landmark_day)
    write_univariable(table, at, "univariable", table.is_event)
    write_cox(table, at)
    write_later_event(results, table)
    return results
