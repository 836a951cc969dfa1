"""Formats, hidden rows, formulas, comments and merged cells of a long .xlsx sheet, in one pass over its XML.

openpyxl needs about ten seconds for 20,000 rows of 40 columns. Values of such sheets come from calamine, which does not
tell how a cell is formatted; a percentage would then be read a hundredfold too low. This pass tells, in a second.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from remission.cohort.workbook_cells import is_percent

_BUILT_IN = {9: "0%", 10: "0.00%"}
_BLOCK = 1 << 22
_ATTRIBUTE = re.compile(rb"(\w+)=([\"'])(.*?)\2")
_FORMULA = re.compile(rb"\s*<(?:\w+:)?f[\s/>]")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class SheetMarks:
    """What stands in a sheet beside the values, 1-based. Formats: only percentages and leading zeros."""

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: list[tuple[int, int]] = field(default_factory=list)
    struck: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    epoch_1904: bool = False


def read_marks(path: Path, sheet: str) -> SheetMarks:
    """The marks of one sheet of an .xlsx file. Raises: KeyError, ParseError where the file is damaged."""
    with zipfile.ZipFile(path) as archive:
        part, epoch_1904 = _find_sheet(archive, sheet)
        styles = _read_styles(archive)
        marks = SheetMarks(epoch_1904=epoch_1904, comments=_read_comments(archive, part))
        with archive.open(part) as handle:
            _scan(handle, marks, styles)
    return marks


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _find_sheet(archive: zipfile.ZipFile, sheet: str) -> tuple[str, bool]:
    """Path of the sheet's XML inside the file, and whether its dates count from 1904."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  (expat limits entity expansion)
    epoch_1904 = any(_local(e.tag) == "workbookPr" and e.get("date1904") in ("1", "true") for e in book.iter())
    wanted = next(e.get(_RELATION) for e in book.iter() if _local(e.tag) == "sheet" and e.get("name") == sheet)
    return _related(archive, "xl/workbook.xml", lambda e: e.get("Id") == wanted), epoch_1904


def _related(archive: zipfile.ZipFile, part: str, wanted: Callable[[ElementTree.Element], bool]) -> str:
    """The part another part points to, or ""."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return ""
    tree = ElementTree.fromstring(archive.read(relations))  # noqa: S314
    target = next((e.get("Target") or "" for e in tree.iter() if _local(e.tag) == "Relationship" and wanted(e)), "")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}") if target else ""


def _read_styles(archive: zipfile.ZipFile) -> dict[str, tuple[str, bool]]:
    """Style number -> number format and whether it strikes out; only percentages, leading zeros and struck-out text."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    tree = ElementTree.fromstring(archive.read("xl/styles.xml"))  # noqa: S314
    parts = {_local(e.tag): e for e in tree}
    codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in parts.get("numFmts", ())}
    strikes = [
        any(_local(x.tag) == "strike" and x.get("val", "1") not in ("0", "false") for x in font)
        for font in parts.get("fonts", ())
    ]
    styles = {}
    for number, xf in enumerate(parts.get("cellXfs", ())):
        format_id, font = xf.get("numFmtId", "0"), int(xf.get("fontId", "0"))
        code = codes.get(format_id) or _BUILT_IN.get(int(format_id), "")
        struck = font < len(strikes) and strikes[font]
        if struck or is_percent(code) or (code and not code.strip("0")):
            styles[str(number)] = (code, struck)
    return styles


def _read_comments(archive: zipfile.ZipFile, part: str) -> dict[tuple[int, int], str]:
    found = _related(archive, part, lambda e: e.get("Type", "").endswith("/comments"))
    if found not in archive.namelist():
        return {}
    tree = ElementTree.fromstring(archive.read(found))  # noqa: S314
    return {_cell(e.get("ref", "")): "".join(e.itertext()) for e in tree.iter() if _local(e.tag) == "comment"}


def _cell(reference: str) -> tuple[int, int]:
    """E6 -> (6, 5)."""
    match = _REFERENCE.match(reference)
    if match is None:
        return 0, 0
    col = 0
    for letter in match[1]:
        col = col * 26 + ord(letter) - 64
    return int(match[2]), col


def _scan(handle: IO[bytes], marks: SheetMarks, styles: dict[str, tuple[str, bool]]) -> None:
    """Look for the few elements that say something, block by block: a cell in such a style, a formula, a hidden row."""
    style = "|".join(styles) or "none"
    telling = re.compile(
        rb"<(?:\w+:)?(?:"
        rb"c\s(?P<styled>[^>]*?\bs=[\"'](?:%s)[\"'][^>]*)>"
        rb"|c\s(?P<formula>[^>]*)>\s*<(?:\w+:)?f[\s/>]"
        rb"|row\s(?P<row>[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*)>"
        rb"|col\s(?P<col>[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*)>"
        rb"|mergeCell\s(?P<merge>[^>]*)>)" % style.encode()
    )
    rest = b""
    while block := handle.read(_BLOCK):
        data = rest + block
        # an element may be cut in two: what follows the last complete one waits for the next block
        cut = max(data.rfind(mark) for mark in (b"</row>", b"</c>", b":c>", b":row>"))
        cut = max(cut, data.rfind(b"/>") + 2, 0)
        for found in telling.finditer(data[:cut]):
            _note(found, data, marks, styles)
        rest = data[cut:]
    for found in telling.finditer(rest):
        _note(found, rest, marks, styles)


def _note(found: re.Match[bytes], data: bytes, marks: SheetMarks, styles: dict[str, tuple[str, bool]]) -> None:
    """Put one telling element into the marks."""
    kind = str(found.lastgroup)
    attributes = {name.decode(): value.decode() for name, _, value in _ATTRIBUTE.findall(found[kind])}
    if kind in ("styled", "formula"):
        at = _cell(attributes.get("r", ""))
        if kind == "formula" or _FORMULA.match(data, found.end()):
            marks.formulas.add(at)
        code, struck = styles.get(attributes.get("s", ""), ("", False))
        if code:
            marks.formats[at] = code
        if is_percent(code):
            marks.percents.append(at)
        if struck:
            marks.struck.add(at)
    elif kind == "row":
        marks.hidden_rows.add(int(attributes["r"]))
    elif kind == "col":
        marks.hidden_columns.update(range(int(attributes["min"]), min(int(attributes["max"]), 16_384) + 1))
    else:
        first, _, second = attributes["ref"].partition(":")
        marks.merged.append((*_cell(first), *_cell(second or first)))
