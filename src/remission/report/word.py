"""A Document as a Word document, block by block. Loads python-docx: import it through report.docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Cm

from remission.display.grid import Document, FigureBlock, Grid, Heading, Paragraph
from remission.report.numbering import closed, missing_figure, number_blocks
from remission.report.word_styles import FIXED_DATE, PAGE, prepare_styles
from remission.report.word_table import make_table
from remission.report.word_xml import add_field, add_parts, add_text
from remission.results.table import Results

_STYLES = {"body": "Normal", "warning": "Warning", "note": "Note", "bullet": "List Bullet"}
_BLOCKS_ABOVE = 4


def build(document: Document, results: Results, figures: Mapping[str, Path]) -> bytes:
    """The bytes of the docx: the same document, the same bytes."""
    word = docx.Document()
    prepare_styles(word)
    _set_properties(word, document)
    _set_page(word.sections[0], landscape=False)
    _footer(word, document.title)
    _front(word, document)
    landscape = False
    turned = _turned(document)
    for (block, number), wide in zip(number_blocks(document), turned, strict=True):
        if wide != landscape:
            _turn_page(word, landscape=wide)
            landscape = wide
        if isinstance(block, Heading):
            _paragraph(word, f"Heading {min(block.level, 4)}", block.text)
        elif isinstance(block, Paragraph):
            add_parts(_paragraph(word, _STYLES[block.kind])._p, block.cell, results)
        elif isinstance(block, Grid):
            _table(word, block, number, results)
        else:
            _figure(word, block, number, results, figures)
    return _same_bytes(word)


def _paragraph(word: Any, style: str, text: str = "") -> Any:
    """A paragraph in a style, by its id (the name without blanks): python-docx searches all styles for a name."""
    paragraph = word.add_paragraph(text)
    paragraph._p.style = style.replace(" ", "")
    return paragraph


def _turned(document: Document) -> list[bool]:
    """Which blocks stand on a landscape page: wide tables, and the heading and few words right above them."""
    turned = [isinstance(block, Grid) and block.landscape for block in document.blocks]
    for k, block in enumerate(document.blocks):
        if not isinstance(block, Heading):
            continue
        above = list(takewhile(lambda b: isinstance(b, Heading | Paragraph), document.blocks[k:]))
        if k + len(above) < len(turned) and turned[k + len(above)] and len(above) <= _BLOCKS_ABOVE:
            turned[k : k + len(above)] = [True] * len(above)
    return turned


def _front(word: Any, document: Document) -> None:
    _paragraph(word, "Title", document.title)
    if document.subtitle:
        _paragraph(word, "Subtitle", document.subtitle)
    for name, value in document.facts.items():
        _paragraph(word, "Facts", f"{name}\t{value}")


def _caption(word: Any, label: str, number: int, title: str, *, with_next: bool) -> Any:
    paragraph = _paragraph(word, "Caption")
    paragraph.paragraph_format.keep_with_next = with_next
    add_text(paragraph._p, f"{label} ", bold=True)
    add_field(paragraph._p, f"SEQ {label} \\* ARABIC", str(number), bold=True)
    add_text(paragraph._p, ". ", bold=True)
    add_text(paragraph._p, title)
    return paragraph


def _table(word: Any, grid: Grid, number: int, results: Results) -> None:
    _caption(word, "Table", number, grid.title, with_next=True)
    last = _paragraph(word, "Table Note")  # Word wants a paragraph after a table
    last._p.addprevious(make_table(grid, results))
    for k, note in enumerate(grid.footnotes):
        if k:
            last = _paragraph(word, "Table Note")
        add_parts(last._p, note, results)
    last.paragraph_format.space_after = Cm(0.6)


def _figure(word: Any, block: FigureBlock, number: int, results: Results, figures: Mapping[str, Path]) -> None:
    if block.path_stem not in figures:
        raise missing_figure(block)
    paragraph = _paragraph(word, "Figure")
    inline = paragraph.add_run().add_picture(str(figures[block.path_stem]), width=Cm(min(block.width_cm, PAGE.text_cm)))
    described = inline._inline.docPr
    described.set("name", block.key)
    described.set("descr", block.alt)
    caption = _caption(word, "Figure", number, closed(block.title), with_next=False)
    for line in block.caption:
        add_text(caption._p, " ")
        add_parts(caption._p, line, results)
    caption.paragraph_format.space_after = Cm(0.6)


def _set_page(section: Any, *, landscape: bool) -> None:
    short, long = Cm(PAGE.width_cm), Cm(PAGE.height_cm)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Cm(PAGE.margin_cm))


def _turn_page(word: Any, *, landscape: bool) -> None:
    _set_page(word.add_section(WD_SECTION.NEW_PAGE), landscape=landscape)
    # python-docx closes a section with an empty paragraph, which can become an empty page: use the one before
    closing = word.element.body[-2]
    before = closing.getprevious()
    if before is not None and before.tag == closing.tag:
        before.get_or_add_pPr().append(closing.pPr.sectPr)
        word.element.body.remove(closing)


def _footer(word: Any, title: str) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.style = word.styles["Footer"]
    add_text(paragraph._p, f"{title}  ·  ")
    add_field(paragraph._p, "PAGE", "1")


def _set_properties(word: Any, document: Document) -> None:
    properties = word.core_properties
    properties.title, properties.subject = document.title[:255], document.subtitle[:255]
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = FIXED_DATE
    properties.revision = 1
    package = word.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):  # of python-docx' empty page
            del package.rels[name]


def _same_bytes(word: Any) -> bytes:
    """The file without the time at which its parts were packed."""
    written, packed = io.BytesIO(), io.BytesIO()
    word.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()
