"""A study.toml for a file whose form may be known: collection workbook, OMOP tables, REDCap export, or any sheet."""

from __future__ import annotations

from pathlib import Path

from remission.cohort.fold import fold_text
from remission.cohort.forms import known_sources
from remission.cohort.forms.given import GivenSource
from remission.cohort.forms.redcap_proposal import propose_redcap
from remission.cohort.propose import Proposal, ProposedColumn, ProposedSource, propose_study, slug_of
from remission.cohort.propose.column import is_filled
from remission.cohort.source_spec import ColumnSpec, SourceSpec
from remission.core.errors import FileError


def propose_file(path: Path, *, sheet: str = "", dictionary: Path | None = None) -> Proposal:
    """Look at a file and propose how to read it.

    Args: sheet: of a workbook; a sheet that is named is read like any other.  dictionary: of a REDCap export.
    Raises: FileError.
    """
    if dictionary is not None:
        if sheet:
            raise FileError(
                what="A REDCap export has no sheet to name: all its instruments are read.",
                code="no-sheets",
                where=path.name,
                todo="Leave --sheet out.",
            )
        return propose_redcap(path, dictionary)
    known = () if sheet else known_sources(SourceSpec(path.stem, path.name), path.parent)
    if not known:
        return propose_study(path, sheet=sheet)
    return Proposal(slug_of(path.stem), tuple(map(_proposed, known)), whole_file=path.name)


def _proposed(source: GivenSource) -> ProposedSource:
    """A sheet of a known form: nothing in it is a guess."""
    return ProposedSource(
        name=source.name,
        file=source.file,
        sheet=source.sheet,
        header_row=1,
        header_rows=1,
        skip_rows={},
        columns=tuple(
            ProposedColumn(spec, "the form of the file says so", filled_at=_visits(source, spec))
            for spec in source.columns
        ),
        left=(),
        records={
            head: {k: v for k, v in values.items() if isinstance(v, str | int)}
            for head, values in source.records.items()
        },
        about="a sheet whose form is known",
    )


def _visits(source: GivenSource, spec: ColumnSpec) -> tuple[str, ...]:
    """The visits at which a column of the marrow sheet is filled, in order of appearance."""
    columns = source.ledger.grid.columns
    place = {column[0]: column for column in columns}
    visit = next((place.get(c.header) for c in source.columns if c.to == "marrow.visit"), None)
    values = place.get(spec.header)
    if visit is None or values is None or not spec.to.startswith("marrow."):
        return ()
    pairs = zip(visit[1:], values[1:], strict=True)
    found = (" ".join(fold_text(name)[0].split()) for name, value in pairs if is_filled(value) and is_filled(name))
    return tuple(dict.fromkeys(found))
