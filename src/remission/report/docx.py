"""The report as a Word document that a co-author can edit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from remission.display.grid import Document
from remission.results.table import Results


def write_docx(document: Document, results: Results, path: Path, *, figures: Mapping[str, Path]) -> None:
    """Write the report as docx; every number is a run in the character style `Result`, its text is `shown`.

    Args: figures: path stem -> png.
    Raises: ResultsError (code `unknown-result`, `no-figure`, `grid-shape`).
    """
    # here and not above: python-docx takes longer to load than `remission check` takes to run
    from remission.report.word import build

    path.write_bytes(build(document, results, figures))
