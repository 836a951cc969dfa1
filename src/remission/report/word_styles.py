"""The look of the docx: a page, two typefaces, and a style for every kind of paragraph."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FIXED_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)  # a date of its own would change the bytes
TABLE_POINTS = 8.5
_TEXT, _HEADS = "Times New Roman", "Arial"
_INK, _SOFT = RGBColor(0x1B, 0x1E, 0x23), RGBColor(0x5A, 0x62, 0x6D)


@dataclass(frozen=True)
class Page:
    """A4, with the same margin on all sides."""

    width_cm: float = 21.0
    height_cm: float = 29.7
    margin_cm: float = 2.2

    @property
    def text_cm(self) -> float:
        return self.width_cm - 2 * self.margin_cm

    @property
    def text_landscape_cm(self) -> float:
        return self.height_cm - 2 * self.margin_cm


PAGE = Page()


@dataclass(frozen=True)
class _Look:
    name: str
    font: str
    points: float
    before: float = 0
    after: float = 0
    line: float = 1.0
    bold: bool = False
    color: RGBColor = _INK
    keep_with_next: bool = False


_LOOKS = (
    _Look("Normal", _TEXT, 11, after=6, line=1.2),
    _Look("Title", _HEADS, 20, after=4, line=1.1, bold=True),
    _Look("Subtitle", _TEXT, 12.5, after=10, line=1.15, color=_SOFT),
    _Look("Facts", _HEADS, 8.5, after=1, color=_SOFT),
    _Look("Heading 1", _HEADS, 14, before=20, after=6, bold=True, keep_with_next=True),
    _Look("Heading 2", _HEADS, 11.5, before=14, after=4, bold=True, keep_with_next=True),
    _Look("Heading 3", _HEADS, 10, before=10, after=3, bold=True, keep_with_next=True),
    _Look("Heading 4", _HEADS, 10, before=8, after=3, color=_SOFT, keep_with_next=True),
    _Look("List Bullet", _TEXT, 11, after=3, line=1.15),
    _Look("Caption", _HEADS, 9, before=8, after=4, line=1.1),
    _Look("Figure", _TEXT, 11, before=8, after=2, keep_with_next=True),
    _Look("Table Text", _HEADS, TABLE_POINTS, before=1.6, after=1.6),
    _Look("Table Note", _HEADS, 7.5, before=2, after=0, line=1.05, color=_SOFT),
    _Look("Warning", _HEADS, 9.5, before=8, after=10, line=1.15),
    _Look("Note", _HEADS, 8.5, after=5, line=1.15, color=_SOFT),
    _Look("Footer", _HEADS, 8, color=_SOFT),
)


def prepare_styles(word: Any) -> None:
    """Set or make every style the report uses, and the character style `Result`."""
    present = {style.name for style in word.styles}
    for look in _LOOKS:
        if look.name not in present:
            word.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles["Normal"]
        _dress(word.styles[look.name], look)
    word.styles.add_style("Result", WD_STYLE_TYPE.CHARACTER)
    word.styles["Footer"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    word.styles["Figure"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    word.styles["Facts"].paragraph_format.tab_stops.add_tab_stop(Cm(4.2))
    word.styles["Facts"].paragraph_format.left_indent = Cm(4.2)
    word.styles["Facts"].paragraph_format.first_line_indent = Cm(-4.2)
    _frame(word.styles["Warning"])


def _dress(style: Any, look: _Look) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme font would win over ours
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), look.font)
    style.font.size, style.font.bold, style.font.italic = Pt(look.points), look.bold, False
    style.font.color.rgb = look.color
    spacing = style.element.rPr.find(qn("w:spacing"))
    if spacing is not None:  # letters set apart, in the Title of Word
        style.element.rPr.remove(spacing)
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
    paragraph = style.paragraph_format
    paragraph.space_before, paragraph.space_after = Pt(look.before), Pt(look.after)
    paragraph.line_spacing, paragraph.keep_with_next = look.line, look.keep_with_next
    paragraph.widow_control = True


def _frame(style: Any) -> None:
    """A bar on the left and a light ground, for what must not be overlooked."""
    style.paragraph_format.left_indent = style.paragraph_format.right_indent = Cm(0.3)
    style.paragraph_format.keep_together = True
    borders, bar, ground = OxmlElement("w:pBdr"), OxmlElement("w:left"), OxmlElement("w:shd")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", "A8590B")):
        bar.set(qn(f"w:{name}"), value)
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "FDF6EC")):
        ground.set(qn(f"w:{name}"), value)
    borders.append(bar)
    properties = style.element.pPr
    # the schema wants the frame before the spacing
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc")
    properties.insert_element_before(ground, "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc")
