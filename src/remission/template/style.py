"""How the collection workbook looks."""

from __future__ import annotations

from openpyxl.styles import Alignment, Font, PatternFill

HEAD = Font(bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", fgColor="1F4E79")
NEEDED_FILL = PatternFill("solid", fgColor="C00000")
TITLE = Font(bold=True, size=14)
SUBTITLE = Font(bold=True)
EXAMPLE = Font(italic=True, color="7F7F7F")
WRAPPED = Alignment(wrap_text=True, vertical="top")
NARROW, WIDE = 12, 34
