"""One door to all figures: the data say which one it is."""

from __future__ import annotations

from matplotlib.figure import Figure

from remission.display.figures.bars import draw_rates
from remission.display.figures.bars_data import RatesFigure
from remission.display.figures.diagnostics import draw_diagnostics
from remission.display.figures.diagnostics_data import DiagnosticsFigure
from remission.display.figures.flow import draw_flow
from remission.display.figures.flow_data import FlowFigure
from remission.display.figures.forest import draw_forest
from remission.display.figures.forest_data import ForestFigure
from remission.display.figures.incidence import draw_incidence
from remission.display.figures.incidence_data import IncidenceFigure
from remission.display.figures.landmark_grid import draw_landmark_grid
from remission.display.figures.landmark_grid_data import LandmarkGridFigure
from remission.display.figures.occupancy import draw_occupancy
from remission.display.figures.occupancy_data import OccupancyFigure
from remission.display.figures.survival import draw_survival
from remission.display.figures.survival_data import SurvivalFigure

FigureData = (
    SurvivalFigure
    | FlowFigure
    | RatesFigure
    | IncidenceFigure
    | LandmarkGridFigure
    | OccupancyFigure
    | ForestFigure
    | DiagnosticsFigure
)


def draw(data: FigureData) -> Figure:
    """The figure of its data, at the full width of a page."""
    match data:
        case SurvivalFigure():
            return draw_survival(data)
        case FlowFigure():
            return draw_flow(data)
        case RatesFigure():
            return draw_rates(data)
        case IncidenceFigure():
            return draw_incidence(data)
        case LandmarkGridFigure():
            return draw_landmark_grid(data)
        case OccupancyFigure():
            return draw_occupancy(data)
        case ForestFigure():
            return draw_forest(data)
        case DiagnosticsFigure():
            return draw_diagnostics(data)
