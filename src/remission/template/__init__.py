"""The collection workbook: an empty form for a department's patients."""

from remission.template.workbook import write_template

__all__ = ["write_template"]
