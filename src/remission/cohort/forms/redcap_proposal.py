"""A proposal for a REDCap export: its labels say what a column is, its variables say where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from remission.cohort.forms.dictionary import Dictionary
from remission.cohort.forms.redcap import read_export, redcap_sheet, variable_of
from remission.cohort.layout import find_layout
from remission.cohort.ledger import Ledger
from remission.cohort.propose import Proposal, ProposedSource, propose_ledgers


def propose_redcap(path: Path, dictionary: Path) -> Proposal:
    """Propose how to read every sheet of an export. Raises: FileError."""
    export = read_export(path, dictionary)
    named, variables = [], []
    for sheet in export.sheets:
        original = redcap_sheet(export, sheet, {})
        ledger = _labelled(original, export.dictionary)
        headers = find_layout(ledger, header_row=1, header_rows=1).headers
        named.append((sheet or path.stem, ledger))
        variables.append(dict(zip(headers, (column[0] for column in original.grid.columns), strict=True)))
    proposal = propose_ledgers(named, file=path)
    by_name = dict(zip((name for name, _ in named), zip(export.sheets, variables, strict=True), strict=True))
    sources = tuple(_with_variables(s, *by_name[s.name], dictionary.name) for s in proposal.sources)
    return replace(proposal, sources=sources)


def _labelled(ledger: Ledger, dictionary: Dictionary) -> Ledger:
    """The same sheet with the words of the form over its columns, which say more than the names of variables."""
    columns = [[_label(column[0], dictionary), *column[1:]] for column in ledger.grid.columns]
    return replace(ledger, grid=replace(ledger.grid, columns=columns))


def _label(header: str, dictionary: Dictionary) -> str:
    variable = variable_of(header, dictionary)
    if variable is None:
        return header
    code = header.partition("___")[2]
    # a minus in a code is an underscore in the name of the column
    choice = variable.choices.get(code) or variable.choices.get(code.replace("_", "-")) or code
    return f"{variable.label}: {choice}" if code else variable.label


def _with_variables(source: ProposedSource, sheet: str, names: Mapping[str, str], dictionary: str) -> ProposedSource:
    """The proposal with the variables themselves as headers."""
    return replace(
        source,
        sheet=sheet,
        dictionary=dictionary,
        columns=tuple(replace(c, spec=replace(c.spec, header=names[c.spec.header])) for c in source.columns),
        left=tuple(replace(x, header=names[x.header]) for x in source.left),
    )
