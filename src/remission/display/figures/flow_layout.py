"""A patient flow as boxes, words and arrows in points, before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from remission.display.figures.flow_data import FlowBranch, FlowFigure, FlowPart, FlowStep
from remission.display.figures.lettering import breaks_words, text_width, widest, wrap, wrap_evenly
from remission.display.figures.style import LEADING, NORMAL, PAPER_TINT, SMALL

EDGE = 2.0
PAD = 5.0  # between the frame of a box and its words
GAP = 8.0  # between boxes side by side, and above and below a side box
DROP = 18.0  # length of an arrow down
LINE = SMALL * LEADING
MAIN_SHARE = 0.46  # of the width for the populations
SIDE_SHARE = 0.50  # of the width for those who left
INDENT = 22.0  # of branches listed below each other


@dataclass(frozen=True)
class Box:
    """Top left corner, width, height; tinted where it holds other boxes."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "white"


@dataclass(frozen=True)
class Words:
    """One line of text, its top at y."""

    x: float
    y: float
    text: str
    ha: str = "left"
    bold: bool = False
    size: float = SMALL


@dataclass(frozen=True)
class Arrow:
    """A straight line; head False for a line that only joins others."""

    x: float
    y: float
    to_x: float
    to_y: float
    head: bool = True


@dataclass
class Plan:
    """What has been placed so far, and how far down the page it reaches. unit: of the population placed last."""

    width: float
    unit: str = ""
    boxes: list[Box] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    bottom: float = EDGE

    def named(self, x: float, y: float, width: float, label: str, n: int) -> float:
        """Words centred in a box: the label, and the number below it; returns where they end."""
        for line in wrap_evenly(label, width - 2 * PAD):
            self.words.append(Words(x + width / 2, y, line, "center"))
            y += LINE
        self.words.append(Words(x + width / 2, y, counted(n, self.unit), "center", bold=True))
        return y + LINE


def counted(n: int, unit: str) -> str:
    """What stands in a box: n = 125, or n = 125 cycles."""
    return f"n = {n} {unit}".rstrip()


def named_height(label: str, width: float) -> float:
    """Height of a label and a number in a box, with padding."""
    return (len(wrap(label, width - 2 * PAD)) + 1) * LINE + 2 * PAD - (LINE - SMALL)


def plan_flow(data: FlowFigure, width: float) -> Plan:
    """Place everything on a page of this width in points. Labels are in letters that can be drawn."""
    plan = Plan(width)
    for line in wrap(data.title, width - 2 * EDGE, NORMAL, True):
        plan.words.append(Words(EDGE, plan.bottom, line, bold=True, size=NORMAL))
        plan.bottom += NORMAL * LEADING
    plan.bottom += GAP / 2 if data.title else 0
    has_sides = any(s.left is not None for s in data.steps)
    main = MAIN_SHARE * width
    x = EDGE if has_sides else (width - main) / 2
    for i, step in enumerate(data.steps):
        height = named_height(step.label, main)
        plan.boxes.append(Box(x, plan.bottom, main, height))
        plan.unit = step.unit
        plan.named(x, plan.bottom + PAD, main, step.label, step.n)
        plan.bottom += height
        is_last = i == len(data.steps) - 1
        if not is_last or step.left is not None:
            _leave(plan, step, x + main / 2, goes_on=not is_last or bool(data.branches))
    if data.branches:
        if _fit_side_by_side(data.branches, plan):
            _branches_across(plan, data.branches, x + main / 2)
        else:
            _branches_down(plan, data.branches, x)
    return plan


def _leave(plan: Plan, step: FlowStep, x: float, *, goes_on: bool) -> None:
    """The arrow down from a step and, beside it, the box of those who left."""
    top = plan.bottom
    if step.left is None:
        plan.arrows.append(Arrow(x, top, x, top + DROP))
        plan.bottom += DROP
        return
    left = (1 - SIDE_SHARE) * plan.width
    width = plan.width - EDGE - left
    lines = [(step.left_label, step.left, True)] + [(r.label, r.n, False) for r in step.reasons]
    room = widest([counted(n, step.unit) for _, n, _ in lines], SMALL, True) + GAP
    y = top + GAP + PAD
    for label, n, bold in lines:
        wrapped = wrap_evenly(label, width - 2 * PAD - room, SMALL, bold)
        plan.words.append(Words(plan.width - EDGE - PAD, y, counted(n, step.unit), "right", bold))
        for k, line in enumerate(wrapped or ("",)):
            plan.words.append(Words(left + PAD, y + k * LINE, line, bold=bold))
        y += LINE * max(len(wrapped), 1) + 1.5
    height = y - 1.5 + PAD - (LINE - SMALL) - (top + GAP)
    plan.boxes.append(Box(left, top + GAP, width, height))
    middle = top + GAP + height / 2
    plan.arrows.append(Arrow(x, middle, left, middle))
    plan.bottom = top + height + 2 * GAP
    plan.arrows.append(Arrow(x, top, x, plan.bottom if goes_on else middle, head=goes_on))


def _columns(branches: Sequence[FlowBranch], width: float, unit: str) -> int:
    """How many parts stand beside each other in every branch, without cutting a word or leaving a gap."""
    split = [b.parts for b in branches if len(b.parts) > 1]
    for count in range(min((len(parts) for parts in split), default=1), 1, -1):
        room = (width - 2 * PAD - (count - 1) * GAP) / count - 2 * PAD
        if all(
            len(parts) % count == 0 and all(_fits(p.label, counted(p.n, unit), room) for p in parts) for parts in split
        ):
            return count
    return 1


def _fits(label: str, number: str, room: float) -> bool:
    return not breaks_words(label, room) and text_width(number, SMALL, True) <= room


def _fit_side_by_side(branches: Sequence[FlowBranch], plan: Plan) -> bool:
    """Whether branches can stand in columns without cutting a word or reading like a ladder."""
    room = (plan.width - 2 * EDGE - (len(branches) - 1) * GAP) / len(branches) - 2 * PAD
    named = [FlowPart(b.label, b.n) for b in branches]
    return (
        all(_fits(p.label, counted(p.n, plan.unit), room) and len(wrap(p.label, room)) <= 5 for p in named)
        and all(_fits(p.label, counted(p.n, plan.unit), room - 2 * PAD) for b in branches for p in b.parts)
        and all(len(wrap(p.label, room - 2 * PAD)) <= 5 for b in branches for p in b.parts)
    )


@dataclass(frozen=True)
class Nest:
    """How the parts of all branches are set into boxes of this width."""

    width: float
    columns: int

    @property
    def inner(self) -> float:
        return (self.width - 2 * PAD - (self.columns - 1) * GAP) / self.columns

    def rows(self, branch: FlowBranch) -> list[Sequence[FlowPart]]:
        return [branch.parts[k : k + self.columns] for k in range(0, len(branch.parts), self.columns)]

    def height(self, branch: FlowBranch) -> float:
        rows = [max(named_height(p.label, self.inner) for p in row) + PAD for row in self.rows(branch)]
        return named_height(branch.label, self.width) + sum(rows)

    def place(self, plan: Plan, branch: FlowBranch, x: float, y: float, height: float) -> None:
        """A branch's box with its parts as boxes inside."""
        plan.boxes.append(Box(x, y, self.width, height, PAPER_TINT if branch.parts else "white"))
        plan.named(x, y + PAD, self.width, branch.label, branch.n)
        y += named_height(branch.label, self.width)
        for row in self.rows(branch):
            deep = max(named_height(p.label, self.inner) for p in row)
            for k, part in enumerate(row):
                left = x + PAD + k * (self.inner + GAP)
                plan.boxes.append(Box(left, y, self.inner, deep))
                plan.named(left, y + PAD, self.inner, part.label, part.n)
            y += deep + PAD


def _branches_across(plan: Plan, branches: Sequence[FlowBranch], x: float) -> None:
    """Branches in columns of equal width and height below a line that joins them."""
    width = (plan.width - 2 * EDGE - (len(branches) - 1) * GAP) / len(branches)
    width = min(width, MAIN_SHARE * plan.width)
    start = EDGE if len(branches) > 1 else x - width / 2
    if len(branches) > 1 and (width + GAP) * len(branches) - GAP < plan.width - 2 * EDGE:
        step = (plan.width - 2 * EDGE - width) / (len(branches) - 1)
    else:
        step = width + GAP
    centres = [start + k * step + width / 2 for k in range(len(branches))]
    nest = Nest(width, _columns(branches, width, plan.unit))
    height = max(nest.height(b) for b in branches)
    bus = plan.bottom + DROP / 2
    plan.arrows.append(Arrow(x, plan.bottom, x, bus, head=False))
    plan.arrows.append(Arrow(min(*centres, x), bus, max(*centres, x), bus, head=False))
    for centre, branch in zip(centres, branches, strict=True):
        plan.arrows.append(Arrow(centre, bus, centre, plan.bottom + DROP + 2))
        nest.place(plan, branch, centre - width / 2, plan.bottom + DROP + 2, height)
    plan.bottom += DROP + 2 + height


def _branches_down(plan: Plan, branches: Sequence[FlowBranch], x: float) -> None:
    """Branches below each other, each reached from one line down the left side."""
    trunk = x + INDENT / 2
    left = x + INDENT
    width = plan.width - EDGE - left
    nest = Nest(width, _columns(branches, width, plan.unit))
    y = plan.bottom + GAP
    for branch in branches:
        height = nest.height(branch)
        middle = y + min(height / 2, named_height(branch.label, width) / 2)
        plan.arrows.append(Arrow(trunk, middle, left, middle))
        nest.place(plan, branch, left, y, height)
        y += height + GAP
    plan.arrows.append(Arrow(trunk, plan.bottom, trunk, middle, head=False))
    plan.bottom = y - GAP
