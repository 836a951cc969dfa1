"""Small pieces of sentences and tables made from result ids."""

from __future__ import annotations

from remission.analyses.guard import NAIVE
from remission.display.grid import Cell, cell
from remission.results.row import Row, address
from remission.results.table import Results


class Ids:
    """The ids of one analysis, group and level, by variable, category and stat.

    `at("survival", "12mo").estimate` is spelled `at.id("survival", "estimate", "12mo")`.
    """

    def __init__(self, results: Results, analysis: str, group: str = "", level: str = "") -> None:
        self.results, self.analysis, self.group, self.level = results, analysis, group, level

    def id(self, variable: str, stat: str, category: str = "") -> str:
        return address(
            self.analysis, group=self.group, level=self.level, variable=variable, category=category, stat=stat
        )

    def row(self, variable: str, stat: str, category: str = "") -> Row | None:
        return self.results.rows.get(self.id(variable, stat, category))

    def ok(self, variable: str, stat: str, category: str = "") -> bool:
        """Is there such a row, with a value?"""
        row = self.row(variable, stat, category)
        return row is not None and row.status == "ok"

    def value(self, variable: str, stat: str, category: str = "") -> float | None:
        row = self.row(variable, stat, category)
        return row.value if row is not None else None

    def categories(self, variable: str, stat: str) -> list[str]:
        """The categories of a variable that have this stat, in the order of the rows."""
        return [
            r.category
            for r in self.results.rows.values()
            if r.variable == variable
            and r.stat == stat
            and (r.analysis, r.group, r.level) == (self.analysis, self.group, self.level)
            and r.category
        ]

    def down(self, level: str) -> Ids:
        return Ids(self.results, self.analysis, self.group, level)


def p_value(results: Results, row_id: str) -> Cell:
    """ "p = 0.016" or "p <0.001"; "p not estimable" with its reason on the row."""
    row = results[row_id]
    if row.status != "ok":
        return cell("p {p}", p=row_id)
    return cell("p {p}" if row.shown[:1] in "<>" else "p = {p}", p=row_id)


def interval(ids: Ids, variable: str, category: str = "", *, unit: str = "") -> Cell:
    """ "78.8% (95% CI 61.1–91.0)"; an undefined estimate is what its row shows."""
    if not ids.ok(variable, "estimate", category) and not ids.ok(variable, "low", category):
        return cell("{e}" + unit_after(unit, ids, variable, category), e=ids.id(variable, "estimate", category))
    return cell(
        "{e}" + unit_after(unit, ids, variable, category) + " (95% CI {l}–{h})",
        e=ids.id(variable, "estimate", category),
        l=ids.id(variable, "low", category),
        h=ids.id(variable, "high", category),
    )


def unit_after(unit: str, ids: Ids, variable: str, category: str) -> str:
    """The unit, but not after "NR"."""
    return f" {unit}" if unit and ids.ok(variable, "estimate", category) else ""


def join(*pieces: str | Cell, strong: bool = False) -> Cell:
    """Text and cells one after the other as one cell."""
    parts: list[object] = []
    for piece in pieces:
        parts += list(piece.parts) if isinstance(piece, Cell) else [piece] if piece else []
    return Cell(tuple(parts), strong=strong)  # type: ignore[arg-type]


def join_list(cells: list[Cell], last: str = " and ", between: str = ", ") -> Cell:
    """ "a, b and c"."""
    pieces: list[str | Cell] = []
    for i, piece in enumerate(cells):
        if i:
            pieces.append(last if i == len(cells) - 1 else between)
        pieces.append(piece)
    return join(*pieces)


def text(words: str, *, strong: bool = False, span: int = 1) -> Cell:
    """A cell of plain words (braces are kept as they are)."""
    return Cell((words,) if words else (), strong=strong, span=span)


def lower_first(words: str) -> str:
    """A label inside a sentence: "Response" -> "response", but "MRD" and "CAR-T" stay."""
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words


def from_what(origin: str) -> str:
    """The origin after "from": "the first day of the infusion", "day 1 of the first cycle"."""
    return origin if origin.startswith(("the ", "day ", "a ", "an ", "their ")) else f"the {origin}"


def upper_first(words: str) -> str:
    """A label at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def is_naive(results: Results, analysis: str, group: str) -> bool:
    """Did the guard mark the comparison of this group as naive and biased?"""
    return any(r.analysis == analysis and r.group == group and r.note.endswith(NAIVE) for r in results.rows.values())


def landmarks_of(results: Results, analysis: str, group: str) -> list[Row]:
    """The rows that hold the landmark days of an analysis for one group."""
    return [
        r
        for r in results.rows.values()
        if r.variable == "landmark"
        and r.stat == "setting"
        and r.group == group
        and r.analysis.rpartition("_landmark_")[0] == analysis
    ]


CI = "CI, confidence interval."


def between(ids: Ids, variable: str, category: str = "", *, middle: str = "estimate") -> Cell:
    """ "1.80 (1.41–2.31)", or what the row shows where there is no number."""
    if not ids.ok(variable, middle, category):
        return cell("{e}", e=ids.id(variable, middle, category))
    if not (ids.row(variable, "low", category) and ids.row(variable, "high", category)):
        return cell("{e}", e=ids.id(variable, middle, category))
    return cell(
        "{e} ({l}–{h})",
        e=ids.id(variable, middle, category),
        l=ids.id(variable, "low", category),
        h=ids.id(variable, "high", category),
    )
