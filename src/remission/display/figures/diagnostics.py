"""Plots of proportional hazards: curves as log(-log S), and scaled Schoenfeld residuals over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor, log

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from remission.core.days import days_from
from remission.core.ticks import nice_ticks, tick_label
from remission.display.figures.diagnostics_data import DiagnosticsFigure, LogLogGroup, LogLogPlot, ResidualPlot
from remission.display.figures.legend import Key, compose, in_columns, size_of
from remission.display.figures.lettering import drawable, drawable_labels, drawable_or, text_width, undrawable_note, wrap
from remission.display.figures.page import Page, page_width
from remission.display.figures.plot_layout import AXIS_ROOM, PAD
from remission.display.figures.plot_parts import draw_entries, draw_head, draw_path, draw_y_label, labels_that_fit
from remission.display.figures.risk_table import EDGE
from remission.display.figures.steps import Path
from remission.display.figures.style import DOUBLE_CM, FAINT, GREY, LEADING, LOOKS, NORMAL, POINTS_PER_CM, SMALL, house_style
