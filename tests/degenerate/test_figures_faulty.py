"""Figure data that contradict themselves are refused before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import pytest

from remission.core.errors import ResultsError
from remission.display.figures.diagnostics_data import DiagnosticsFigure, LogLogGroup, LogLogPlot, ResidualPlot
from remission.display.figures.forest_data import ForestFigure, ForestRatio, ForestRow
from remission.display.figures.incidence_data import IncidenceCurve, IncidenceFigure, IncidenceGroup
from remission.display.figures.landmark_grid_data import LandmarkGridFigure, LandmarkPoint, ReferenceEstimate
from remission.display.figures.occupancy_data import OccupancyFigure, StateShare
from remission.display.figures.survival_data import SurvivalFigure, SurvivalGroup


def incidence(*curves: IncidenceCurve, y_max: float = 1.0, at_risk: tuple[int, ...] = ()) -> IncidenceFigure:
    return IncidenceFigure((IncidenceGroup("", curves, 90, at_risk),), y_max=y_max, ticks_days=(0, 30))


def ratios(*ratio: ForestRatio, kind: str = "row") -> ForestFigure:
    return ForestFigure((ForestRow("A", ratios=ratio, kind=kind),))  # type: ignore[arg-type]


def states(*rows: tuple[float, ...], days: tuple[int, ...] = (0, 5), last: int = 9) -> OccupancyFigure:
    return OccupancyFigure(tuple(StateShare(str(i), r) for i, r in enumerate(rows)), days, last)


GOOD = IncidenceCurve("Relapse", (5, 9), (0.1, 0.3))
OTHER = IncidenceGroup("B", (IncidenceCurve("Death", (), ()),), 90)
POINT = LandmarkPoint(30, 0.5)
WRONG: dict[str, Callable[[], object]] = {
    "an incidence that falls": lambda: incidence(IncidenceCurve("", (5, 9), (0.3, 0.1))),
    "an incidence in percent": lambda: incidence(IncidenceCurve("", (5,), (30.0,))),
    "days out of order": lambda: incidence(IncidenceCurve("", (9, 5), (0.1, 0.3))),
    "a missing incidence": lambda: incidence(IncidenceCurve("", (5, 9), (0.1,))),
    "a short interval": lambda: incidence(IncidenceCurve("", (5, 9), (0.1, 0.3), (0.0,), (0.5,))),
    "half an interval": lambda: incidence(IncidenceCurve("", (5,), (0.1,), (0.0,))),
    "a curve beyond the axis": lambda: incidence(GOOD, y_max=0.2),
    "an axis without length": lambda: incidence(GOOD, y_max=0.0),
    "numbers at other ticks": lambda: incidence(GOOD, at_risk=(5,)),
    "no cause": incidence,
    "other causes": lambda: IncidenceFigure((IncidenceGroup("A", (GOOD,), 90), OTHER)),
    "five groups": lambda: IncidenceFigure((OTHER,) * 5),
    "a start above 1": lambda: SurvivalFigure((SurvivalGroup("", (), (), 9, start=1.1),)),
    "no landmark": lambda: LandmarkGridFigure(()),
    "landmarks out of order": lambda: LandmarkGridFigure((POINT, POINT)),
    "a landmark before the start": lambda: LandmarkGridFigure((LandmarkPoint(-1, 0.5),)),
    "numbers of one group of two": lambda: LandmarkGridFigure((LandmarkPoint(1, 0.5, numbers=(3,)),), ("A", "B")),
    "a ratio of 0": lambda: LandmarkGridFigure((LandmarkPoint(1, 0.0),)),
    "an infinite ratio": lambda: LandmarkGridFigure((POINT,), references=(ReferenceEstimate("A", inf),)),
    "too many references": lambda: LandmarkGridFigure((POINT,), references=(ReferenceEstimate("A", 1.0),) * 4),
    "an interval alone": lambda: ratios(ForestRatio(None, 0.5, 2.0)),
    "one end": lambda: ratios(ForestRatio(1.0, 0.5)),
    "a ratio outside its interval": lambda: ratios(ForestRatio(3.0, 0.5, 2.0)),
    "two ratios of one model": lambda: ratios(ForestRatio(1.0), ForestRatio(1.0)),
    "a ratio of the reference": lambda: ratios(ForestRatio(1.0), kind="reference"),
    "no line": lambda: ForestFigure(()),
    "four models": lambda: ForestFigure((ForestRow("A"),), ("a", "b", "c", "d")),
    "probabilities that do not add up": lambda: states((0.5, 0.5), (0.5, 0.4)),
    "a negative probability": lambda: states((1.5, 1.0), (-0.5, 0.0)),
    "one state": lambda: states((1.0, 1.0)),
    "days twice": lambda: states((1.0, 1.0), (0.0, 0.0), days=(3, 3)),
    "a missing probability": lambda: states((1.0, 1.0), (0.0,)),
    "an end before the start": lambda: states((1.0, 1.0), (0.0, 0.0), last=-1),
    "numbers without ticks": lambda: OccupancyFigure(
        (StateShare("", (1.0,)), StateShare("", (0.0,))), (0,), 9, None, (5,)
    ),
    "no plot": DiagnosticsFigure,
    "no group": lambda: LogLogPlot(()),
    "a missing survival": lambda: LogLogPlot((LogLogGroup("", (1, 2), (0.5,)),)),
    "survival in percent": lambda: LogLogPlot((LogLogGroup("", (1,), (50.0,)),)),
    "survival out of order": lambda: LogLogPlot((LogLogGroup("", (2, 1), (0.5, 0.4)),)),
    "a missing residual": lambda: ResidualPlot((1, 2), (0.1, 0.2), (0.0,)),
    "residuals out of order": lambda: ResidualPlot((1, 2), (0.2, 0.1), (0.0, 0.0)),
    "a short smooth": lambda: ResidualPlot((1,), (0.1,), (0.0,), (0.1, 0.2), (0.0,)),
    "a short band": lambda: ResidualPlot((1,), (0.1,), (0.0,), (0.1, 0.2), (0.0, 0.0), (0.1,), (0.2,)),
    "half a band": lambda: ResidualPlot((1,), (0.1,), (0.0,), (0.1,), (0.0,), (0.1,)),
}


@pytest.mark.parametrize("case", WRONG)
def test_contradictions_are_refused(case: str) -> None:
    """Each would be drawn as something that is not true."""
    with pytest.raises(ResultsError) as caught:
        WRONG[case]()
    assert caught.value.code == "faulty-figure"
