"""Every figure there is, as what it shows. Importing this draws nothing."""

from __future__ import annotations

from remission.display.figures.alluvial_data import AlluvialFigure
from remission.display.figures.bars_data import RatesFigure
from remission.display.figures.butterfly_data import ButterflyFigure
from remission.display.figures.diagnostics_data import DiagnosticsFigure
from remission.display.figures.flow_data import FlowFigure
from remission.display.figures.forest_data import ForestFigure
from remission.display.figures.heat_map_data import HeatMapFigure
from remission.display.figures.incidence_data import IncidenceFigure
from remission.display.figures.landmark_grid_data import LandmarkGridFigure
from remission.display.figures.occupancy_data import OccupancyFigure
from remission.display.figures.panels_data import PanelsFigure, TrendsFigure
from remission.display.figures.subgroups_data import SubgroupsFigure
from remission.display.figures.survival_data import SurvivalFigure
from remission.display.figures.swimmer_data import SwimmerFigure
from remission.display.figures.waterfall_data import WaterfallFigure

FigureData = (
    SurvivalFigure
    | FlowFigure
    | RatesFigure
    | IncidenceFigure
    | LandmarkGridFigure
    | OccupancyFigure
    | ForestFigure
    | DiagnosticsFigure
    | PanelsFigure
    | TrendsFigure
    | SwimmerFigure
    | WaterfallFigure
    | AlluvialFigure
    | SubgroupsFigure
    | ButterflyFigure
    | HeatMapFigure
)
