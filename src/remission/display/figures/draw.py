"""One door to all figures: the data say which one it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from remission.display.figures.alluvial import draw_alluvial
from remission.display.figures.alluvial_data import AlluvialFigure
from remission.display.figures.any_figure import FigureData
from remission.display.figures.bars import draw_rates
from remission.display.figures.bars_data import RatesFigure
from remission.display.figures.butterfly import draw_butterfly
from remission.display.figures.butterfly_data import ButterflyFigure
from remission.display.figures.diagnostics import draw_diagnostics
from remission.display.figures.diagnostics_data import DiagnosticsFigure
from remission.display.figures.flow import draw_flow
from remission.display.figures.flow_data import FlowFigure
from remission.display.figures.forest import draw_forest
from remission.display.figures.forest_data import ForestFigure
from remission.display.figures.heat_map import draw_heat_map
from remission.display.figures.heat_map_data import HeatMapFigure
from remission.display.figures.incidence import draw_incidence
from remission.display.figures.incidence_data import IncidenceFigure
from remission.display.figures.landmark_grid import draw_landmark_grid
from remission.display.figures.landmark_grid_data import LandmarkGridFigure
from remission.display.figures.occupancy import draw_occupancy
from remission.display.figures.occupancy_data import OccupancyFigure
from remission.display.figures.panels import draw_panels
from remission.display.figures.panels_data import PanelsFigure, TrendsFigure
from remission.display.figures.subgroups import draw_subgroups
from remission.display.figures.subgroups_data import SubgroupsFigure
from remission.display.figures.survival import draw_survival
from remission.display.figures.survival_data import SurvivalFigure
from remission.display.figures.swimmer import draw_swimmer
from remission.display.figures.swimmer_data import SwimmerFigure
from remission.display.figures.trends import draw_trends
from remission.display.figures.waterfall import draw_waterfall
from remission.display.figures.waterfall_data import WaterfallFigure

_DRAW: dict[type, Callable[[Any], Figure]] = {
    SurvivalFigure: draw_survival,
    FlowFigure: draw_flow,
    RatesFigure: draw_rates,
    IncidenceFigure: draw_incidence,
    LandmarkGridFigure: draw_landmark_grid,
    OccupancyFigure: draw_occupancy,
    ForestFigure: draw_forest,
    DiagnosticsFigure: draw_diagnostics,
    PanelsFigure: draw_panels,
    TrendsFigure: draw_trends,
    SwimmerFigure: draw_swimmer,
    WaterfallFigure: draw_waterfall,
    AlluvialFigure: draw_alluvial,
    SubgroupsFigure: draw_subgroups,
    ButterflyFigure: draw_butterfly,
    HeatMapFigure: draw_heat_map,
}


def draw(data: FigureData) -> Figure:
    """The figure of its data, at the full width of a page."""
    return _DRAW[type(data)](data)
