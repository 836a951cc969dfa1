"""The rows of one call as tables for a terminal, in their order."""

from __future__ import annotations

from remission.results.table import Results
from remission.table_survival.look import NOT_REACHED, Look
from remission.table_survival.table import SurvivalTable
from remission.table_survival.text_curves import curves_text
from remission.table_survival.text_incidence import incidence_text
from remission.table_survival.text_later import later_text
from remission.table_survival.text_models import models_text


def as_text(results: Results, table: SurvivalTable) -> str:
    """Readable tables of everything that was computed; times in the unit of the table."""
    look = Look(results, table.ask)
    parts = [_head(look, table)]
    parts += incidence_text(look, table) if table.ask.cause else curves_text(look, table)
    parts += models_text(look, table)
    if table.switch is not None:
        parts += later_text(look, table)
    notes = dict.fromkeys(look.said(r) for r in results.rows.values() if r.status == "failed")
    if notes:
        parts.append("Not computed: " + "; ".join(notes))
    if any(r.variable in ("median", "follow_up") and look.is_not_reached(r) for r in results.rows.values()):
        parts.append(f"{NOT_REACHED}, as a time: not reached")
    return "\n\n".join(p for p in parts if p)


def _head(look: Look, table: SurvivalTable) -> str:
    left = look.row("left_out", "n")
    lines = [
        f"{table.n} rows of {table.n_read} used" + (f"; left out: {look.said(left)}" if left and left.value else "")
    ]
    lines += [r.text or "" for r in look.results.rows.values() if r.variable == "note"]
    if table.ask.preset:
        chosen = table.ask.choices
        lines.append(f"preset {chosen.name}: {chosen.interval} interval, ties {table.ask.ties_used}")
        lines += [f"  not repeated: {c}" for c in chosen.cannot]
    return "\n".join(lines)
