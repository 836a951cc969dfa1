"""A patient flow in the manner of STROBE: who was there, who left and why, and what became of the rest."""

from __future__ import annotations

from dataclasses import replace

from matplotlib.figure import Figure

from remission.display.figures.flow_data import FlowFigure, FlowPart
from remission.display.figures.flow_layout import EDGE, GAP, plan_flow
from remission.display.figures.lettering import drawable_labels, drawable_or, undrawable_note, wrap
from remission.display.figures.page import Page, page_width
from remission.display.figures.style import DOUBLE_CM, GREY, LEADING, SMALL, house_style


def draw_flow(data: FlowFigure, *, width_cm: float = DOUBLE_CM) -> Figure:
    """Draw populations as a column of boxes, those who left beside it, and branches at the end.

    Args: data: all numbers from result rows.  width_cm: 8.5 for one column of a journal page, 17.5 for the page.
    Returns: a figure of that width, as high as its content needs.
    """
    with house_style():
        note = undrawable_note(_texts(data))
        width = page_width(width_cm)
        plan = plan_flow(_letter(data), width)
        note_lines = wrap(note, width - 2 * EDGE)
        page = Page(width, plan.bottom + EDGE + (GAP + len(note_lines) * SMALL * LEADING if note else 0))
        for arrow in plan.arrows:
            page.arrow(arrow.x, arrow.y, arrow.to_x, arrow.to_y, head=arrow.head)
        for k, box in enumerate(plan.boxes):
            page.box(box.x, box.y, box.width, box.height, fill=box.fill, z=1 + k / 1000)
        for words in plan.words:
            page.lines(words.x, words.y, (words.text,), size=words.size, bold=words.bold, ha=words.ha)
        page.lines(EDGE, plan.bottom + GAP, note_lines, colour=GREY)
        return page.figure


def _texts(data: FlowFigure) -> list[str]:
    """Every label of the figure."""
    texts = [data.title]
    for step in data.steps:
        texts += [step.label, step.left_label, step.unit, *(r.label for r in step.reasons)]
    for branch in data.branches:
        texts += [branch.label, *(p.label for p in branch.parts)]
    return texts


def _letter(data: FlowFigure) -> FlowFigure:
    """The same flow in letters that can be drawn."""

    def parts(listed: tuple[FlowPart, ...], stand_in: str) -> tuple[FlowPart, ...]:
        shown = drawable_labels([p.label for p in listed], stand_in)
        return tuple(replace(p, label=label) for p, label in zip(listed, shown, strict=True))

    populations = drawable_labels([s.label for s in data.steps], "Population")
    branches = drawable_labels([b.label for b in data.branches], "Group")
    return replace(
        data,
        title=drawable_or(data.title, ""),
        steps=tuple(
            replace(
                s,
                label=label,
                left_label=drawable_or(s.left_label, "Left"),
                reasons=parts(s.reasons, "Reason"),
                unit=drawable_or(s.unit, ""),
            )
            for s, label in zip(data.steps, populations, strict=True)
        ),
        branches=tuple(
            replace(b, label=label, parts=parts(b.parts, "Part"))
            for b, label in zip(data.branches, branches, strict=True)
        ),
    )
