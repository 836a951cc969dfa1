"""The docx read back, without the code that wrote it: every number in it must have a result behind it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from remission.core.errors import FileError
from remission.display.grid import Document
from remission.report.numbering import printed_ids
from remission.results.table import Results

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
# a number with the letters grown onto it: 0.001, 20,000, CD19, v1.2
_TOKEN = re.compile(r"[^\W_]*\d[^\W_]*(?:[.,]\d[^\W_]*)*")
_COUNTED = re.compile(r"\s*(SEQ|PAGE|NUMPAGES)\b")
_EXCERPT = 60


class _Piece(NamedTuple):
    text: str
    is_result: bool


def read_back(
    docx_path: Path, results: Results, known_text: Iterable[str], *, document: Document | None = None
) -> list[str]:
    """What is wrong with the numbers of a docx; an empty list if nothing is.

    Every run in the style `Result` must be the `shown` of a result; every other number (outside fields) must stand
    somewhere in the known text. With the document, the results must also be the ones it prints, in its order.

    Args: known_text: the texts whose numbers may be printed: study.toml, methods.toml, the fixed words.
    Raises: FileError (code `not-docx`).
    """
    shown = {row.shown for row in results.rows.values()}
    known = {token for text in known_text for token in _TOKEN.findall(text)}
    violations: list[str] = []
    printed: list[str] = []
    for part, pieces in _paragraphs(docx_path):
        violations += _check_paragraph(part, pieces, shown, known)
        if part == "document":
            printed += [piece.text for piece in pieces if piece.is_result]
    if document is not None:
        violations += _check_order(printed, [results[i].shown for i in printed_ids(document)])
    return violations


def _check_paragraph(part: str, pieces: list[_Piece], shown: set[str], known: set[str]) -> Iterator[str]:
    near = "".join(piece.text for piece in pieces).strip()[:_EXCERPT]
    words = ""
    for is_result, group in groupby(pieces, key=lambda piece: piece.is_result):
        texts = [piece.text for piece in group]
        if not is_result:
            words += "".join(texts)
            continue
        # Word may cut a run in two; put together again it must be one result
        if not all(text in shown for text in texts) and "".join(texts) not in shown:
            yield f"{part}: `{''.join(texts)}` is marked as a result but is none (in: {near})"
        words += "\0"
    # a digit that touches a result would make another number of it
    if re.search(r"\d[.,]?\0|\0[.,]?\d", words):
        yield f"{part}: a digit touches a result (in: {near})"
    for token in _TOKEN.findall(words):
        if token not in known:
            yield f"{part}: `{token}` has no result and is no known text (in: {near})"


def _check_order(printed: list[str], expected: list[str]) -> Iterator[str]:
    if "".join(printed) == "".join(expected):
        return
    for k, (found, wanted) in enumerate(zip(printed, expected, strict=False), start=1):
        if found != wanted:
            yield f"document: result {k} is `{found}`, the report prints `{wanted}` there"
            return
    yield f"document: {len(printed)} results, the report prints {len(expected)}"


def _paragraphs(path: Path) -> Iterator[tuple[str, list[_Piece]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if _PARTS.fullmatch(name))
            roots = [(name, ElementTree.fromstring(archive.read(name))) for name in names]  # noqa: S314 - our own file
    except (OSError, zipfile.BadZipFile, ElementTree.ParseError):
        raise FileError(what="The file is not a Word document.", code="not-docx", where=str(path)) from None
    for name, root in roots:
        part = name.removeprefix("word/").removesuffix(".xml")
        for paragraph in root.iter(f"{_W}p"):
            yield part, _pieces(paragraph)


def _pieces(paragraph: ElementTree.Element) -> list[_Piece]:
    """The texts of a paragraph in order, without the whole numbers of fields, which Word counts itself."""
    pieces: list[_Piece] = []
    open_fields: list[str] = []
    for run, field in _runs(paragraph):
        style = run.find(f"{_W}rPr/{_W}rStyle")
        is_result = style is not None and style.get(f"{_W}val") == "Result"
        for child in run:
            kind = child.get(f"{_W}fldCharType", "")
            if kind == "begin":
                open_fields.append("")
            elif kind == "end" and open_fields:
                open_fields.pop()
            elif child.tag == f"{_W}instrText" and open_fields:
                open_fields[-1] += child.text or ""
            elif child.tag == f"{_W}t":
                text = child.text or ""
                is_counted = any(_COUNTED.match(code) for code in (*open_fields, field)) and text.isdigit()
                pieces += [] if is_counted else [_Piece(text, is_result)]
            elif child.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                pieces.append(_Piece(" ", is_result=False))
    return pieces


def _runs(element: ElementTree.Element, field: str = "") -> Iterator[tuple[ElementTree.Element, str]]:
    for child in element:
        if child.tag == f"{_W}r":
            yield child, field
        elif child.tag == f"{_W}fldSimple":
            yield from _runs(child, child.get(f"{_W}instr", ""))
        elif child.tag not in (f"{_W}p", f"{_W}del"):
            yield from _runs(child, field)
