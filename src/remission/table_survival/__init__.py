"""Survival analysis of any table in one call: read, compute, rows."""

from remission.table_survival.ask import Ask
from remission.table_survival.call import ask_of
from remission.table_survival.picture import check_figure, write_figure
from remission.table_survival.run import analyse_table
from remission.table_survival.table import SurvivalTable, read_table
from remission.table_survival.text import as_text

__all__ = [
    "Ask",
    "SurvivalTable",
    "analyse_table",
    "as_text",
    "ask_of",
    "check_figure",
    "read_table",
    "write_figure",
]
