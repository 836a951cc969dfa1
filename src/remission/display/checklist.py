"""The checklist of a cohort study, each item with the section, table or figure of this report that answers it.

Items after the STROBE statement (von Elm et al. 2007, Ann Intern Med 147:573) and, where the data come from a
registry, RECORD (Benchimol et al. 2015, PLoS Med 12:e1001885), in our words. What a program cannot write is said to be
the authors'.
"""

from __future__ import annotations

from collections.abc import Sequence

from remission.analyses.spec import (
    AdverseEventsSpec,
    BaselineSpec,
    FollowUpSpec,
    IncidenceSpec,
    LaterEventSpec,
    RatesSpec,
    RegressionSpec,
    SurvivalSpec,
)
from remission.display.grid import Block, FigureBlock, Grid, GridRow, Heading, Paragraph
from remission.display.outline import Outline
from remission.display.words import text
from remission.results.row import slug

AUTHORS = "to be written by the authors"
NOT_ASKED = "not asked for in study.toml"


def write_checklist(blocks: Sequence[Block], outline: Outline) -> list[Block]:
    """The filled checklist. blocks: the report so far, in reading order, so that its tables have their numbers."""
    where = _Places(blocks, outline)
    rows = [GridRow(tuple(text(w) for w in item)) for item in _strobe(where, outline)]
    notes = [text("STROBE: von Elm E, et al. Ann Intern Med 2007;147:573-7.")]
    name = "STROBE"
    if "registry" in outline.design.lower() or "registry" in outline.data.lower():
        rows += [GridRow(tuple(text(w) for w in item)) for item in _record(where)]
        notes.append(text("RECORD: Benchimol EI, et al. PLoS Med 2015;12:e1001885."))
        name = "STROBE and RECORD"
    header = ((text("Item"), text("What is asked"), text("Where")),)
    return [
        Heading("Checklist", 1),
        Paragraph(text(f"The items of {name} and where this report answers them.")),
        Grid("table_checklist", f"Checklist of a cohort study ({name})", header, tuple(rows), "lll", tuple(notes)),
    ]


class _Places:
    """Where things stand: "Table 3", "Figure 1", "Methods"."""

    def __init__(self, blocks: Sequence[Block], outline: Outline) -> None:
        self.of: dict[str, str] = {}
        self._outline = outline
        tables = figures = 0
        for block in blocks:
            if isinstance(block, Grid):
                tables += 1
                self.of[block.key] = f"Table {tables}"
            elif isinstance(block, FigureBlock):
                figures += 1
                self.of[block.key] = f"Figure {figures}"

    def tables_of(self, *kinds: type) -> str:
        """The tables and figures of the analyses of some kinds, or that none was asked for."""
        names = [f"_{slug(s.id)}" for s in self._outline.analyses if isinstance(s, kinds)]
        found = [
            place
            for key, place in self.of.items()
            if any(key.partition("_")[2] == n[1:] or key.partition("_")[2].startswith(f"{n[1:]}_") for n in names)
        ]
        if not names:
            return NOT_ASKED
        return _joined(found) if found else "Results, in words"

    def __getitem__(self, key: str) -> str:
        return self.of.get(key, "Results")


def _joined(places: Sequence[str]) -> str:
    """ "Tables 3, 4; Figure 2"."""
    words = []
    for what in ("Table", "Figure"):
        numbers = sorted(int(p.split()[1]) for p in places if p.startswith(f"{what} "))
        if numbers:
            words.append(f"{what}{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}")
    return "; ".join(words)


def _strobe(where: _Places, outline: Outline) -> list[tuple[str, str, str]]:
    definitions, methods = where["table_definitions"], where["table_methods"]
    times = where.tables_of(SurvivalSpec, IncidenceSpec)
    outcomes = where.tables_of(SurvivalSpec, IncidenceSpec, RatesSpec)
    driven = [s.title for s in outline.analyses if s.plan == "data-driven"]
    limits = "Methods, Patients and data (limits of these data)" if outline.limits else AUTHORS
    return [
        ("1a", "Design named in the title or abstract", f"{AUTHORS}; the design is {outline.design}"),
        ("1b", "Abstract of what was done and found", "Summary gives its numbers; " + AUTHORS),
        ("2", "Background and reason", AUTHORS),
        ("3", "Objectives and hypotheses", AUTHORS),
        ("4", "Design, early in the paper", "Methods, Patients and data"),
        ("5", "Setting, places and dates", "Methods, Patients and data" if outline.about else AUTHORS),
        ("6a", "Who was eligible, how chosen, how followed", f"Methods, Patients and data; {definitions}"),
        ("6b", "Matching", "not applicable: patients were not matched"),
        ("7", "Outcomes, exposures, predictors defined", definitions),
        ("8", "Sources and measurement of each variable", f"{definitions}; {where['table_provenance']}"),
        ("9", "Bias and what was done about it", "Methods, Statistics (groups known only after the start)"),
        ("10", "How the study size came about", f"{where['figure_flow']}; {AUTHORS}"),
        ("11", "How numbers were grouped, and why", f"{definitions}; the reasons {AUTHORS}"),
        ("12a", "Statistical methods, confounding", methods),
        ("12b", "Subgroups and interactions", f"{methods}; {definitions}"),
        ("12c", "Missing data", "Methods, Statistics; footnotes of each table"),
        ("12d", "Loss to follow-up", f"{definitions} (censoring of each endpoint)"),
        ("12e", "Sensitivity analyses", where.tables_of(LaterEventSpec)),
        ("13a", "Numbers at each stage", where["figure_flow"]),
        ("13b", "Reasons for leaving at each stage", where["figure_flow"]),
        ("13c", "Flow diagram", where["figure_flow"]),
        ("14a", "Characteristics of the patients", where.tables_of(BaselineSpec)),
        ("14b", "Missing values of each variable", where.tables_of(BaselineSpec)),
        ("14c", "Length of follow-up", "Results, Follow-up" if _asks(outline, FollowUpSpec) else NOT_ASKED),
        ("15", "Numbers of events over time", outcomes),
        ("16a", "Estimates with intervals, crude and adjusted", where.tables_of(RegressionSpec, SurvivalSpec)),
        ("16b", "Limits of categories", definitions),
        ("16c", "Absolute risk over a time that means something", times),
        ("17", "Other analyses", "data-driven: " + "; ".join(driven) if driven else "none beyond the plan"),
        ("18", "Key results", "Summary; " + AUTHORS),
        ("19", "Limitations", limits),
        ("20", "Interpretation", AUTHORS),
        ("21", "Generalisability", AUTHORS),
        ("22", "Funding", AUTHORS),
        ("–", "Adverse events (not an item of STROBE)", where.tables_of(AdverseEventsSpec)),
    ]


def _record(where: _Places) -> list[tuple[str, str, str]]:
    return [
        ("R 6.1", "Codes by which patients were chosen", where["table_definitions"]),
        ("R 6.2", "Validation of those codes", AUTHORS),
        ("R 6.3", "Linkage of sources", f"Methods, Patients and data; {where['table_provenance']}"),
        ("R 7.1", "Codes of exposures and outcomes", where["table_definitions"]),
        ("R 12.1", "Access of the authors to the data", AUTHORS),
        ("R 12.2", "Cleaning of the data", where["table_findings"]),
        ("R 13.1", "Selection from the registry", where["figure_flow"]),
        ("R 19.1", "Data not collected for this question", AUTHORS),
        ("R 22.1", "Protocol, data and code", f"study.toml; {where['table_provenance']}"),
    ]


def _asks(outline: Outline, kind: type) -> bool:
    return any(isinstance(s, kind) for s in outline.analyses)
