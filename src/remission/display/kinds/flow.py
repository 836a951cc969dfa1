"""The flow of patients: sentences and diagram."""

from __future__ import annotations

from remission.display.figures.flow_data import FlowBranch, FlowFigure, FlowPart, FlowStep
from remission.display.grid import Cell, Paragraph, cell
from remission.display.outline import Outline
from remission.display.words import Ids, join, upper_first
from remission.results.table import Results


def say_flow(results: Results, outline: Outline) -> list[Paragraph]:
    """Who was recorded, who was left out, who is in each population."""
    ids = Ids(results, "flow")
    pieces: list[str | Cell] = [
        cell(
            "Patients in the data: {n}; left out by hand: {k}.",
            n=ids.id("recorded", "n"),
            k=ids.id("excluded", "n"),
        )
    ]
    for name, words in outline.populations.items():
        if not words.parent and not words.scope:
            pieces.append(cell(f" {words.label}: {{n}}.", n=ids.id("population", "n", name)))
        elif words.scope:
            pieces.append(
                cell(
                    f" {words.label}: {{n}}, numbered on their own and not linked to the others.",
                    n=ids.id("population", "n", name),
                )
            )
        else:
            unknown = ids.value("dropped_unknown", "n", name)
            mind = cell(", among them {u} for whom that is not known", u=ids.id("dropped_unknown", "n", name))
            pieces.append(
                cell(
                    f" {words.label}: {{n}}; {{k}} left out ({words.excluded})",
                    n=ids.id("population", "n", name),
                    k=ids.id("dropped", "n", name),
                )
            )
            pieces += [mind if unknown else "", "."]
    return [Paragraph(join(*pieces))]


def flow_figure(results: Results, outline: Outline) -> tuple[FlowFigure, tuple[str, ...]]:
    """The flow of the patients: everybody recorded, left out by hand, the chain of populations, then their split."""
    ids = Ids(results, "flow")
    used = [ids.id("recorded", "n"), ids.id("excluded", "n")]
    steps = [
        FlowStep(
            "Patients in the data",
            _count(results, used[0]),
            left=_count(results, used[1]),
            left_label="Left out by hand",
            reasons=tuple(FlowPart(reason, n) for reason, n in _reasons(outline).items()),
        )
    ]
    chain = _chain(outline)
    for i, name in enumerate(chain):
        row_id = ids.id("population", "n", name)
        used.append(row_id)
        following = chain[i + 1] if i + 1 < len(chain) else ""
        left, label = None, "Left out"
        if following:
            drop = ids.id("dropped", "n", following)
            used.append(drop)
            left, label = _count(results, drop), outline.populations[following].excluded
        unknown_id = ids.id("dropped_unknown", "n", following) if following else ""
        unknown = _count(results, unknown_id) if unknown_id else 0
        reasons = (
            (FlowPart(upper_first(label), (left or 0) - unknown), FlowPart("Not known", unknown)) if unknown else ()
        )
        if unknown:
            used.append(unknown_id)
            label = "Left out"
        n = _count(results, row_id)
        steps.append(
            FlowStep(outline.populations[name].label, n, left=left, left_label=upper_first(label), reasons=reasons)
        )
    first = chain[0] if chain else ""
    if first and not _joined(results, first):
        gone = ids.id("dropped", "n", first)
        used.append(gone)
        steps.insert(
            1,
            FlowStep(
                "After exclusions",
                steps[0].n - (steps[0].left or 0),
                left=_count(results, gone),
                left_label=outline.populations[first].excluded,
            ),
        )
    branches, more = _branches(results, outline, chain)
    return FlowFigure(tuple(steps), branches), tuple(used + more)


def _joined(results: Results, first: str) -> bool:
    """Does the first population hold everybody that was not left out by hand? Then it needs no box of its own."""
    return _count(results, Ids(results, "flow").id("dropped", "n", first)) == 0


def _reasons(outline: Outline) -> dict[str, int]:
    found: dict[str, int] = {}
    for reason in outline.excluded.values():
        found[reason] = found.get(reason, 0) + 1
    return found


def _chain(outline: Outline) -> list[str]:
    """The longest line of populations, each narrowed from the one before, from the patients' own numbering."""
    best: list[str] = []
    for name, words in outline.populations.items():
        if words.scope:
            continue
        line, here = [name], words
        while here.parent:
            line.insert(0, here.parent)
            here = outline.populations[here.parent]
        if len(line) > len(best):
            best = line
    return best


def _branches(results: Results, outline: Outline, chain: list[str]) -> tuple[tuple[FlowBranch, ...], list[str]]:
    """The last population by the group that [flow] names."""
    if not chain or not outline.flow_split:
        return (), []
    group = outline.groups[outline.flow_split]
    split = Ids(results, "flow", outline.flow_split)
    rows = [(level, results[split.down(level).id("population", "n", chain[-1])]) for level in group.levels]
    rows.append((group.otherwise, results[split.id("population", "missing", chain[-1])]))
    parts = [FlowBranch(level, int(r.value or 0)) for level, r in rows if r.stat == "n" or r.value]
    return tuple(parts), [r.id for _, r in rows]


def _count(results: Results, row_id: str) -> int:
    return int(results[row_id].value or 0)
