"""One sheet to fill in: headers with their meaning as comments, drop-down lists, ranges, formats."""

from __future__ import annotations

from dataclasses import dataclass, field

from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from remission.cohort.forms.collection_sheets import CollectionColumn, CollectionSheet, collection_sheets
from remission.template.style import HEAD, HEAD_FILL, NARROW, NEEDED_FILL, WIDE, WRAPPED

LAST_ROW = 5000
_NEEDED = ("patients.first_infusion_day", "outcomes.status", "outcomes.last_contact_day")
_FORMATS = {"id": "@", "text": "@", "code": "@", "day": "yyyy-mm-dd"}


@dataclass
class Lists:
    """The hidden sheet of lists: one column for each, because a list inside a rule holds 255 characters only."""

    sheet: Worksheet
    used: dict[tuple[str, ...], str] = field(default_factory=dict)

    def range_of(self, codes: tuple[str, ...]) -> str:
        """Where a list stands, as a formula."""
        if codes not in self.used:
            col = len(self.used) + 1
            for row, code in enumerate(codes, 1):
                self.sheet.cell(row, col, code)
            letter = get_column_letter(col)
            self.used[codes] = f"'{self.sheet.title}'!${letter}$1:${letter}${len(codes)}"
        return self.used[codes]


def fill_data_sheet(ws: Worksheet, sheet: CollectionSheet, lists: Lists) -> None:
    """Headers, rules and formats of one sheet; below the header it is empty."""
    for col, column in enumerate(sheet.columns, 1):
        head = ws.cell(1, col, column.header)
        head.font, head.alignment = HEAD, WRAPPED
        head.fill = NEEDED_FILL if col == 1 or column.to in _NEEDED else HEAD_FILL
        head.comment = Comment(f"{column.about}\n{rule_of(column)}".strip(), "remission", height=110, width=320)
        letter = get_column_letter(col)
        ws.column_dimensions[letter].width = min(WIDE, max(NARROW, len(column.header) + 2))
        if (shown := _FORMATS.get(column.spec.type)) is not None:
            ws.column_dimensions[letter].number_format = shown
        rule = _patient_rule(sheet) if column.spec.type == "id" else _validation(column, lists)
        if rule is not None:
            ws.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{LAST_ROW}")
    ws.freeze_panes = "B2"
    ws.row_dimensions[1].height = 45


def _patient_rule(sheet: CollectionSheet) -> DataValidation:
    """A patient stands once on the first sheet, and on the others only if on the first."""
    first = collection_sheets()[0]
    listed = f"COUNTIF('{first.title}'!$A$2:$A${LAST_ROW},A2)"
    rule = DataValidation("custom", formula1=f"{listed}=1" if sheet is first else f"{listed}>0", allow_blank=True)
    rule.errorStyle, rule.showErrorMessage = "warning", True
    rule.error = "This number stands twice." if sheet is first else f"This number is not on the sheet {first.title}."
    return rule


def rule_of(column: CollectionColumn) -> str:
    """What may stand in a column, in words."""
    spec = column.spec
    if column.codes:
        return ("One of: " if column.is_closed else "For example: ") + ", ".join(column.codes)
    if spec.type == "day":
        return "A date: year-month-day."
    if spec.type != "number":
        return ""
    kind = "A whole number" if spec.whole else "A number"
    between = f" from {spec.low:g} to {spec.high:g}" if spec.low is not None and spec.high is not None else ""
    return kind + between + (f" {spec.unit}" if spec.unit else "") + (", or < and a limit" if spec.comparator else "")


def _validation(column: CollectionColumn, lists: Lists) -> DataValidation | None:
    """The rule of a column. Only closed lists stop; everything else warns, since a true value may be unusual."""
    spec = column.spec
    if column.codes:
        rule = DataValidation("list", formula1=lists.range_of(column.codes), allow_blank=True)
        rule.showErrorMessage = column.is_closed
        rule.error = "Choose one of the list."
        return rule
    if spec.type == "day":
        rule = DataValidation("date", operator="greaterThan", formula1="DATE(1950,1,1)", allow_blank=True)
        rule.errorStyle, rule.showErrorMessage, rule.error = "warning", True, "Is this a date?"
        return rule
    # a value with < before it is text for a spreadsheet program
    if spec.type == "number" and not spec.comparator and spec.low is not None and spec.high is not None:
        low, high = f"{spec.low:g}", f"{spec.high:g}"
        rule = DataValidation("whole" if spec.whole else "decimal", "between", low, high, allow_blank=True)
        rule.errorStyle, rule.showErrorMessage, rule.error = "warning", True, f"Expected: {rule_of(column)}"
        return rule
    return None
