"""How long the patients were followed."""

from __future__ import annotations

from remission.analyses.spec import FollowUpSpec
from remission.display.drawing import Page
from remission.display.grid import Block, Cell, Paragraph, cell
from remission.display.words import Ids, interval, join, text
from remission.results.table import Results


def show_follow_up(page: Page, spec: FollowUpSpec) -> list[Block]:
    """One sentence."""
    return list(say_follow_up(page.results, spec))


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
