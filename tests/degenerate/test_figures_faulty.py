"""Figure data that contradict themselves are refused before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan

import pytest

from remission.core.errors import ResultsError
from remission.display.figures.alluvial_data import AlluvialCategory, AlluvialColumn, AlluvialFigure, AlluvialPath
from remission.display.figures.butterfly_data import ButterflyFigure, ButterflyRow
from remission.display.figures.diagnostics_data import DiagnosticsFigure, LogLogGroup, LogLogPlot, ResidualPlot
from remission.display.figures.forest_data import ForestFigure, ForestRatio, ForestRow
from remission.display.figures.heat_map_data import HeatCell, HeatMapFigure
from remission.display.figures.incidence_data import IncidenceCurve, IncidenceFigure, IncidenceGroup
from remission.display.figures.landmark_grid_data import LandmarkGridFigure, LandmarkPoint, ReferenceEstimate
from remission.display.figures.occupancy_data import OccupancyFigure, StateShare
from remission.display.figures.panels_data import (
    BoxSummary,
    DeltaPanel,
    PairedPanel,
    PanelsFigure,
    PanelTest,
    TrendGroup,
    TrendPanel,
    TrendsFigure,
)
from remission.display.figures.subgroups_data import SubgroupRow, SubgroupsFigure
from remission.display.figures.survival_data import SurvivalFigure, SurvivalGroup
from remission.display.figures.swimmer_data import SwimmerEvent, SwimmerFigure, SwimmerPatient, SwimmerSegment
from remission.display.figures.waterfall_data import WaterfallBar, WaterfallFigure, WaterfallPanel


def incidence(*curves: IncidenceCurve, y_max: float = 1.0, at_risk: tuple[int, ...] = ()) -> IncidenceFigure:
    return IncidenceFigure((IncidenceGroup("", curves, 90, at_risk),), y_max=y_max, ticks_days=(0, 30))


def ratios(*ratio: ForestRatio, kind: str = "row") -> ForestFigure:
    return ForestFigure((ForestRow("A", ratios=ratio, kind=kind),))  # type: ignore[arg-type]


def states(*rows: tuple[float, ...], days: tuple[int, ...] = (0, 5), last: int = 9) -> OccupancyFigure:
    return OccupancyFigure(tuple(StateShare(str(i), r) for i, r in enumerate(rows)), days, last)


def swimmer(**wrong: object) -> SwimmerFigure:
    return SwimmerFigure((replace(SWIMMER, **wrong),), ("Blinatumomab",))  # type: ignore[arg-type]


def waterfall(*values: float, response: int = 0, limits: tuple[float, float] | None = None) -> WaterfallFigure:
    return WaterfallFigure((WaterfallPanel(tuple(WaterfallBar(v, response) for v in values), "%", limits=limits),))


def paired(**wrong: object) -> PairedPanel:
    return replace(PAIRED, **wrong)  # type: ignore[arg-type]


def trend(**wrong: object) -> TrendPanel:
    return TrendPanel("CD3", ("A", "B"), (replace(TREND, **wrong),))  # type: ignore[arg-type]


def effect(*values: float | None, scale: str = "ratio", kind: str = "row") -> SubgroupsFigure:
    row = SubgroupRow("A", "1/2", "1/2", *values, kind=kind)  # type: ignore[arg-type, misc]
    return SubgroupsFigure((row,), ("A", "B"), scale)  # type: ignore[arg-type]


def alluvial(*paths: AlluvialPath, counts: tuple[int, ...] = (3,), columns: int = 2) -> AlluvialFigure:
    column = AlluvialColumn("", tuple(AlluvialCategory(str(n), n) for n in counts))
    return AlluvialFigure((column,) * columns, paths)


def butterfly(left: tuple[float, ...], grades: tuple[str, ...] = ("1-2", "3-4")) -> ButterflyFigure:
    return ButterflyFigure((ButterflyRow("Fever", left, (0.0, 0.0)),), ("A", "B"), grades)


def heat_map(*cells: float, columns: int = 1, **more: object) -> HeatMapFigure:
    row = tuple(HeatCell(c, "") for c in cells)
    return HeatMapFigure(("Fever",), ("Any",) * columns, (row,), **more)  # type: ignore[arg-type]


SWIMMER = SwimmerPatient("1", 90)
PAIRED = PairedPanel("CD3", ("A", "B"), ((1.0, 2.0),))
TREND = TrendGroup((1.0, 2.0), (0.5, 1.0), (2.0, 3.0), ("5", "5"))
BOX = BoxSummary(2.0, 1.0, 3.0, 0.0, 4.0)
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
    "no patient": lambda: SwimmerFigure(()),
    "a treatment without a name": lambda: swimmer(segments=(SwimmerSegment(1, 0, 5),)),
    "treatments out of order": lambda: swimmer(segments=(SwimmerSegment(0, 9, 20), SwimmerSegment(0, 0, 5))),
    "a treatment that ends before it begins": lambda: swimmer(segments=(SwimmerSegment(0, 9, 5),)),
    "an event after the last day": lambda: swimmer(events=(SwimmerEvent("cr", 91),)),
    "an event before day 0": lambda: swimmer(events=(SwimmerEvent("cr", -1),)),
    "life after death": lambda: swimmer(events=(SwimmerEvent("death", 50),)),
    "two deaths": lambda: swimmer(events=(SwimmerEvent("death", 90),) * 2),
    "dead and still observed": lambda: swimmer(events=(SwimmerEvent("death", 90),), is_ongoing=True),
    "another group": lambda: swimmer(group=1),
    "eight treatments": lambda: SwimmerFigure((SWIMMER,), ("A",) * 8),
    "no panel of bars": lambda: WaterfallFigure(()),
    "a change that is no number": lambda: waterfall(nan),
    "an unnamed response": lambda: waterfall(1.0, response=1),
    "an axis without 0": lambda: waterfall(1.0, limits=(1.0, 2.0)),
    "an axis of a point": lambda: waterfall(1.0, limits=(0.0, 0.0)),
    "no panels": lambda: PanelsFigure(()),
    "thirteen panels": lambda: PanelsFigure((PAIRED,) * 13),
    "a missing visit": lambda: paired(subjects=((1.0,),)),
    "a box for one of two": lambda: paired(boxes=(BOX,)),
    "a box upside down": lambda: paired(boxes=(replace(BOX, q1=3.5), None)),
    "a value that is no number": lambda: paired(subjects=((1.0, inf),)),
    "zero on a logarithmic axis": lambda: paired(subjects=((0.0, 1.0),), is_log=True),
    "a floor of zero on a logarithmic axis": lambda: paired(is_log=True, floor=0.0),
    "a floor that is no number": lambda: paired(floor=nan),
    "a test of a visit with itself": lambda: paired(tests=(PanelTest(1, 1, "p"),)),
    "five tests": lambda: paired(tests=(PanelTest(0, 1, "p"),) * 5),
    "seven visits": lambda: PairedPanel("", ("A",) * 7, ()),
    "changes of one group of two": lambda: DeltaPanel("", ("A", "B"), ((1.0,),)),
    "a median outside its quartiles": lambda: trend(median=(5.0, 2.0)),
    "quartiles without a median": lambda: trend(median=(None, 2.0)),
    "one quartile": lambda: trend(q1=(None, 1.0)),
    "a short trend": lambda: trend(counts=("5",)),
    "a trend below zero on a logarithmic axis": lambda: replace(trend(q1=(-1.0, 1.0)), is_log=True),
    "a trend with a floor of zero": lambda: replace(trend(), is_log=True, floor=0.0),
    "other groups in a panel": lambda: TrendsFigure((trend(),), ("A", "B")),
    "one column": lambda: alluvial(AlluvialPath((0,), 3), columns=1),
    "a path that is too short": lambda: alluvial(AlluvialPath((0,), 3)),
    "a path through nothing": lambda: alluvial(AlluvialPath((0, 1), 3)),
    "a patient lost on the way": lambda: alluvial(AlluvialPath((0, 0), 2)),
    "fewer than nobody": lambda: alluvial(AlluvialPath((0, 0), 4), AlluvialPath((0, 0), -1)),
    "seven colours": lambda: alluvial(AlluvialPath((0, 0), 1), counts=(1, 0, 0, 0, 0, 0, 0)),
    "colours of no column": lambda: replace(alluvial(AlluvialPath((0, 0), 3)), colour_by=2),
    "no subgroup": lambda: SubgroupsFigure((), ("A", "B")),
    "one group compared": lambda: SubgroupsFigure((SubgroupRow("A"),), ("A",)),  # type: ignore[arg-type]
    "a negative ratio": lambda: effect(-1.0),
    "a difference outside its interval": lambda: effect(5.0, -2.0, 2.0, scale="difference"),
    "an interval of no difference": lambda: effect(None, -2.0, 2.0, scale="difference"),
    "one end of a difference": lambda: effect(0.0, -2.0, None, scale="difference"),
    "an infinite difference": lambda: effect(inf, scale="difference"),
    "an effect of a heading": lambda: effect(1.0, kind="head"),
    "no term": lambda: ButterflyFigure((), ("A", "B"), ("Any",)),
    "one group back to back": lambda: ButterflyFigure((ButterflyRow("A", (), ()),), ("A",), ("Any",)),  # type: ignore[arg-type]
    "six grades": lambda: butterfly((0.0,) * 6, ("1",) * 6),
    "a missing grade": lambda: butterfly((0.5,)),
    "more than everybody": lambda: butterfly((0.7, 0.7)),
    "grades in percent": lambda: butterfly((50.0, 0.0)),
    "no cell": lambda: HeatMapFigure((), (), ()),
    "a missing cell": lambda: heat_map(0.5, columns=2),
    "a cell in percent": lambda: heat_map(50.0),
    "a note of one column of two": lambda: heat_map(0.5, 0.5, columns=2, column_notes=("n = 5",)),
    "groups of other columns": lambda: heat_map(0.5, spans=(("A", 2),)),
    "half a band": lambda: ResidualPlot((1,), (0.1,), (0.0,), (0.1,), (0.0,), (0.1,)),
}


@pytest.mark.parametrize("case", WRONG)
def test_contradictions_are_refused(case: str) -> None:
    """Each would be drawn as something that is not true."""
    with pytest.raises(ResultsError) as caught:
        WRONG[case]()
    assert caught.value.code == "faulty-figure"
