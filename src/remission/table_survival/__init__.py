"""Survival analysis of any table in one call: read, compute, rows."""

from remission.table_survival.ask import UNITS, Ask
from remission.table_survival.columns import SurvivalTable, read_table
from remission.table_survival.picture import write_figure
from remission.table_survival.run import analyse_table
from remission.table_survival.text import as_text

__all__ = ["UNITS", "Ask", "SurvivalTable", "analyse_table", "as_text", "read_table", "write_figure"]
