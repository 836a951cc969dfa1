"""A study.toml for a sheet nobody has described: what each column probably is, why, and what only the user knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from remission.cohort.layout import find_layout
from remission.cohort.ledger import Ledger, list_sheets, read_ledger
from remission.cohort.propose.column import Column, columns_of
from remission.cohort.propose.day_order import sure_orders
from remission.cohort.propose.proposal import Left, Proposal, ProposedColumn, ProposedSource
from remission.cohort.propose.source import propose_source
from remission.core.errors import FileError

__all__ = [
    "Left",
    "Proposal",
    "ProposedColumn",
    "ProposedSource",
    "propose_ledgers",
    "propose_study",
    "slug_of",
]


def propose_study(path: Path, *, sheet: str = "") -> Proposal:
    """Look at a file and propose how to read it: every sheet of a workbook, or the one named.

    Returns: a proposal whose `to_toml()` is a study.toml to review.
    Raises: FileError where the file cannot be read or holds no table of patients (`no-table`).
    """
    ledgers, empty = _ledgers(path, sheet)
    return propose_ledgers([(ledger.sheet or path.stem, ledger) for ledger in ledgers], file=path, empty=empty)


def propose_ledgers(named: Sequence[tuple[str, Ledger]], *, file: Path, empty: Sequence[str] = ()) -> Proposal:
    """The same for sheets that were read already, each with the name of its source. Raises: FileError `no-table`."""
    ledgers = [ledger for _, ledger in named]
    layouts = [find_layout(ledger) for ledger in ledgers]
    everything = [c for ledger, layout in zip(ledgers, layouts, strict=True) for c in columns_of(ledger, layout)]
    of_file = sure_orders(everything)

    def orders(columns: list[Column]) -> set[str]:
        """Of the sheet, else of the whole file."""
        return sure_orders(columns) or of_file

    sources: list[ProposedSource] = []
    questions: list[str] = []
    for (name, ledger), layout in zip(named, layouts, strict=True):
        found = propose_source(ledger, layout, name=name, orders=orders)
        if found:
            sources.append(found)
        else:
            questions.append(f"QUESTION: {name} was left out, as no column of it names the patient.")
    if not sources:
        raise FileError(
            what=f"No sheet of {file.name} looks like a table with a column that names the patients.",
            code="no-table",
            expected="a header row, one column of patient ids or numbers, and rows below",
            todo="Name the sheet, or add a column that numbers the patients.",
        )
    sources, more = _name_patients(sources)
    return Proposal(slug_of(file.stem), tuple(sources), tuple(questions + more), tuple(empty))


def _ledgers(path: Path, sheet: str) -> tuple[list[Ledger], list[str]]:
    """The sheets that hold a table, in order, and the names of the empty ones."""
    names = list_sheets(path)
    if sheet and names == [""]:
        raise FileError(
            what=f"{path.name} is a text file and has no sheet to name.", code="no-sheets", todo="Leave --sheet out."
        )
    names = [sheet] if sheet else names
    found: list[Ledger] = []
    empty: list[str] = []
    for name in names:
        try:
            found.append(read_ledger(path, sheet=name))
        except FileError as error:
            if error.code != "empty-file" or len(names) < 2:
                raise
            empty.append(name)
    return [ledger for ledger in found if ledger.n_rows > 1 and ledger.n_cols > 1], empty


def _name_patients(sources: list[ProposedSource]) -> tuple[list[ProposedSource], list[str]]:
    """Some sheet must say who the patients are: where none lists them, a sheet of records whose ids differ."""
    if not sources or any(not s.table for s in sources):
        return sources, []
    for position, source in enumerate(sources):
        if source.has_one_row_a_patient:
            head = f"{source.table}.patient"
            columns = tuple(
                replace(c, spec=replace(c.spec, to="patients.patient")) if c.spec.to == head else c
                for c in source.columns
            )
            return [*sources[:position], replace(source, columns=columns), *sources[position + 1 :]], [
                f"QUESTION: no sheet lists the patients; {source.name} has one row for each id, so its ids are taken "
                "for the patients. If it numbers its rows on its own, add the sheet of the patients and a scope here."
            ]
    return sources, [
        "QUESTION: no sheet has one row a patient. Add one that lists every patient who was treated: without it nobody "
        "knows who is missing from these records."
    ]


def slug_of(text: str) -> str:
    """A short name of a study, from that of its file."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "study"
