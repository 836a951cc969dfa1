"""Data whose form is known: the collection workbook, REDCap exports, OMOP tables, frames. Each becomes plain sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from remission.cohort.forms.collection import collection_sources
from remission.cohort.forms.given import GivenSource, given
from remission.cohort.forms.omop import omop_sources
from remission.cohort.forms.redcap import Export, read_export, redcap_sheet
from remission.cohort.ledger import TEXT_ENDINGS, Ledger, read_ledger
from remission.cohort.source_spec import SourceSpec
from remission.core.errors import ProtocolError

__all__ = ["GivenSource", "expand_sources", "given", "known_sources", "open_ledger"]


def expand_sources(sources: Sequence[SourceSpec], folder: Path, keep: Mapping[str, str]) -> list[SourceSpec]:
    """The sources of study.toml, one for each sheet: a file whose form is known is all of its sheets.

    Args: keep: columns that tell who a patient is and are carried on, each with the reason.
    Raises: FileError, ProtocolError.
    """
    exports: dict[tuple[str, ...], Export] = {}  # several sheets of one export are read from it at once
    return [one for source in sources for one in _expand(source, folder, keep, exports)]


def _expand(
    source: SourceSpec, folder: Path, keep: Mapping[str, str], exports: dict[tuple[str, ...], Export]
) -> Sequence[SourceSpec]:
    if isinstance(source, GivenSource):
        return (source,)
    if source.dictionary:
        key = (source.file, source.dictionary, source.encoding, source.delimiter)
        if key not in exports:
            paths = folder / source.file, folder / source.dictionary
            exports[key] = read_export(*paths, encoding=source.encoding, delimiter=source.delimiter)
        return (given(source, redcap_sheet(exports[key], source.sheet, keep)),)
    if source.columns or source.sheet:
        return (source,)
    return known_sources(source, folder) or (source,)


def known_sources(source: SourceSpec, folder: Path) -> Sequence[GivenSource]:
    """The sheets of a collection workbook or of a folder of OMOP tables; none where the file is neither."""
    return collection_sources(source, folder) or omop_sources(source, folder)


def open_ledger(source: SourceSpec, folder: Path) -> Ledger:
    """The cells of one source. Raises: FileError, ProtocolError."""
    if isinstance(source, GivenSource):
        return source.ledger
    path = folder / source.file
    if source.sheet and path.suffix.lower() in TEXT_ENDINGS:
        raise ProtocolError(
            what=f"study.toml names a sheet of {source.file}, which is a text file and has no sheets.",
            code="no-sheets",
            where=f"source {source.name}",
            todo="Remove sheet, or name the workbook.",
        )
    return read_ledger(path, sheet=source.sheet, encoding=source.encoding, delimiter=source.delimiter)
