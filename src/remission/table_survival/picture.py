"""The figure of one call, drawn from its rows: curves by group, incidences of every cause, or curves by state."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from remission.core.errors import FileError
from remission.display.figures.incidence_data import (
    MOST_CAUSES,
    MOST_GROUPS,
    IncidenceCurve,
    IncidenceFigure,
    IncidenceGroup,
    nice_maximum,
)
from remission.display.figures.survival_data import CHANGES_CURVE, SurvivalFigure, SurvivalGroup
from remission.display.figures.survival_data import MOST_GROUPS as MOST_CURVES
from remission.results.row import Row, address
from remission.results.table import Results
from remission.table_survival.curves import ANALYSIS, ticks_of
from remission.table_survival.later import STATES, state_group, state_level
from remission.table_survival.table import SurvivalTable

BARE = ("yes", "no", "y", "n", "true", "false")
KINDS = (".svg", ".png", ".pdf")


def check_figure(path: Path) -> None:
    """Raise FileError (`figure-kind`, `cannot-write`) before anything is computed."""
    if path.suffix.lower() not in KINDS:
        raise FileError(
            what="A figure of this kind is not made.", code="figure-kind", where=path.name, expected=", ".join(KINDS),
            todo="Name the file .svg, .png or .pdf.",
        )  # fmt: skip
    if not path.parent.is_dir() or path.is_dir():
        raise FileError(
            what="The figure cannot be written there.", code="cannot-write", where=path.name,
            todo="Name a file in a folder that exists.",
        )  # fmt: skip


def write_figure(results: Results, table: SurvivalTable, path: Path) -> None:
    """Draw and write one file. Raises: FileError; ResultsError where there are too many groups to tell apart."""
    # matplotlib takes longer to import than the rest to compute: only where a figure is asked for
    from remission.display.figures.draw import draw
    from remission.display.figures.style import save_figure

    check_figure(path)
    figure = draw(incidence_figure(results, table) if table.ask.cause else survival_figure(results, table))
    with tempfile.TemporaryDirectory() as made:
        drawn = save_figure(figure, Path(made), "figure")[path.suffix.lower().removeprefix(".")]
        try:
            shutil.copyfile(drawn, path)
        except OSError as error:
            raise FileError(
                what="The figure cannot be written there.", code="cannot-write", where=path.name,
                found=error.strerror or "", todo="Name another file.",
            ) from None  # fmt: skip


def survival_figure(results: Results, table: SurvivalTable) -> SurvivalFigure:
    """Kaplan-Meier curves of all or by group; Simon-Makuch curves, of each group, where there is a later event."""
    shown = _by_state(results, table) or _by_group(results, table)
    if len(shown.curves) > MOST_CURVES:
        raise FileError(
            what=f"These are {len(shown.curves)} curves: too many to tell apart.", code="too-many-curves",
            expected=f"at most {MOST_CURVES}" + (", two of each group" if table.switch is not None else ""),
            todo="Leave out --figure, or join levels in the table.",
        )  # fmt: skip
    ticks = ticks_of(table)
    groups = [
        replace(_curve(results, shown.group, c.level, c.points, ticks), label=c.label, first_day=c.first_day)
        for c in shown.curves
    ]
    if shown.subtitle and len(groups) > len(STATES):  # the intervals of curves that cross would hide each other
        groups = [replace(g, low=(), high=()) for g in groups]
    return SurvivalFigure(
        groups=tuple(groups),
        x_label=table.ask.unit.capitalize(),
        x_unit=table.ask.unit,
        ticks_days=ticks,
        annotation=(shown.test,) if shown.test else (),
        subtitle=shown.subtitle,
    )


@dataclass(frozen=True)
class _Drawn:
    """One curve. points: day -> its rows.  first_day: when the first row comes under observation."""

    level: str
    label: str
    points: dict[int, dict[str, Row]]
    first_day: int


@dataclass(frozen=True)
class _Shown:
    group: str
    curves: list[_Drawn]
    test: str = ""
    subtitle: str = ""


def _by_group(results: Results, table: SurvivalTable) -> _Shown:
    group, levels = (table.group.column, table.group.levels) if table.group else ("", ("",))
    first = 0 if table.entry is None else max(0, int(table.entry.min()))
    found = [(level, _points(results, group, level, "curve")) for level in levels]
    curves = [_Drawn(level, _label(group, level), points, first) for level, points in found if points]
    test = _test(results, "log-rank", address(ANALYSIS, group=group, variable="logrank", stat="p")) if group else ""
    if not curves:  # in no group is there an event: the curve of all has one
        return _by_group(results, replace(table, group=None))
    return _Shown(group, curves, test)


def _by_state(results: Results, table: SurvivalTable) -> _Shown | None:
    """Before and after the later event, of all or of each group; None where nobody or everybody had it."""
    switch = table.switch
    if switch is None or address(ANALYSIS, variable="mantel_byar", stat="p") not in results:
        return None
    if table.group is None:
        group, named = "state", [("", s, s) for s in STATES]
        test = _test(results, "Mantel-Byar", address(ANALYSIS, variable="mantel_byar", stat="p"))
    else:
        group = state_group(table.group.column)
        named = [(level, s, state_level(level, s)) for level in table.group.levels for s in STATES]
        test = ""
    curves = []
    for level, state, name in named:
        points = _points(results, group, name, "curve")
        if points:
            own = _label(table.group.column, level) if table.group else ""
            label = ", ".join(t for t in (own, f"{state} {table.ask.switch}") if t)
            curves.append(_Drawn(name, label, points, _first_day(table, switch, level, state)))
    return _Shown(group, curves, test, CHANGES_CURVE.replace("transplantation", table.ask.switch))


def _label(column: str, level: str) -> str:
    """A level as a legend names it: 1, 2 or yes say nothing without the name of their column."""
    is_bare = level.lower() in BARE or level.replace(".", "", 1).lstrip("-").isdigit()
    return f"{column} {level}" if is_bare else level


def _first_day(table: SurvivalTable, switch: NDArray[np.float64], level: str, state: str) -> int:
    """When the first row of a group is in a state under observation: in the state after, with the first change."""
    own = np.ones(table.n, dtype=np.bool_)
    if level and table.group is not None:
        own = table.group.code == table.group.levels.index(level)
    entry = np.full(table.n, 0) if table.entry is None else np.maximum(table.entry, 0)
    if state == STATES[1]:
        own &= switch < table.days
        return int(np.maximum(switch, entry)[own].min())
    return int(entry[own].min())


def _test(results: Results, words: str, row_id: str) -> str:
    p = results.rows.get(row_id)
    if p is None or p.value is None:
        return ""
    return f"{words} p {p.shown}" if p.shown[:1] in "<>" else f"{words} p = {p.shown}"


def _points(results: Results, group: str, level: str, variable: str) -> dict[int, dict[str, Row]]:
    head = address(ANALYSIS, group=group, level=level, variable=variable, stat="").removesuffix(".") + "@"
    found: dict[int, dict[str, Row]] = {}
    for row in results.rows.values():
        if row.variable == variable and row.id.startswith(head):
            found.setdefault(int(row.category.removesuffix("d")), {})[row.stat] = row
    return dict(sorted(found.items()))


def _curve(
    results: Results, group: str, level: str, points: dict[int, dict[str, Row]], ticks: tuple[int, ...]
) -> SurvivalGroup:
    days = tuple(points)
    survival = tuple(float(points[d]["estimate"].value or 0) for d in days)
    marks = [(d, s) for d, s in zip(days, survival, strict=True) if (points[d]["censored"].value or 0) > 0]
    at_risk = [results.rows.get(_at(group, level, "at_risk", t)) for t in ticks]
    events = [results.rows.get(_at(group, level, "events", t)) for t in ticks]
    return SurvivalGroup(
        label=level,
        days=days,
        survival=survival,
        last_day=days[-1],
        low=tuple(points[d]["low"].value for d in days),
        high=tuple(points[d]["high"].value for d in days),
        censor_days=tuple(d for d, _ in marks),
        censor_survival=tuple(s for _, s in marks),
        at_risk=tuple(None if r is None or r.value is None else int(r.value) for r in at_risk),
        events=tuple(None if r is None or r.value is None else int(r.value) for r in events),
    )


def _at(group: str, level: str, stat: str, day: int) -> str:
    return address(ANALYSIS, group=group, level=level, variable="at_risk", category=f"{day}d", stat=stat)


def incidence_figure(results: Results, table: SurvivalTable) -> IncidenceFigure:
    """Cumulative incidence of every cause, of all or by group."""
    group, levels = (table.group.column, table.group.levels) if table.group else ("", ("",))
    if len(levels) > MOST_GROUPS or len(table.causes) > MOST_CAUSES:
        raise FileError(
            what="There are too many groups or causes to tell their curves apart.", code="too-many-curves",
            expected=f"at most {MOST_GROUPS} groups and {MOST_CAUSES} causes", todo="Leave out --figure.",
        )  # fmt: skip
    ticks = ticks_of(table)
    made = []
    for level in levels:
        points = _by_cause(results, table, group, level)
        at_risk = [results.rows.get(_at(group, level, "at_risk", t)) for t in ticks]
        made.append(
            IncidenceGroup(
                label=_label(group, level),
                curves=tuple(points),
                last_day=max((d for c in points for d in c.days), default=0),
                at_risk=tuple(None if r is None or r.value is None else int(r.value) for r in at_risk),
            )
        )
    groups = tuple(made)
    tests = [(c, address(ANALYSIS, group=group, variable="gray", category=f"{c}", stat="p")) for c in table.causes]
    words = [_test(results, f"Gray's test, cause {c}:", row_id) for c, row_id in tests] if group else []
    return IncidenceFigure(
        groups=groups,
        x_label=table.ask.unit.capitalize(),
        x_unit=table.ask.unit,
        ticks_days=ticks,
        y_max=nice_maximum(groups),
        annotation=tuple(w for w in words if w),
    )


def _by_cause(results: Results, table: SurvivalTable, group: str, level: str) -> list[IncidenceCurve]:
    head = address(ANALYSIS, group=group, level=level, variable="incidence_curve", stat="").removesuffix(".") + "@"
    points: dict[int, dict[int, dict[str, float | None]]] = {c: {} for c in table.causes}
    for row in results.rows.values():
        if row.variable == "incidence_curve" and row.id.startswith(head):
            cause, _, day = row.category.partition("_")
            points[int(cause)].setdefault(int(day.removesuffix("d")), {})[row.stat] = row.value
    return [
        IncidenceCurve(
            cause=f"cause {cause}",
            days=tuple(found),
            incidence=tuple(float(v["estimate"] or 0) for v in found.values()),
            low=tuple(v["low"] for v in found.values()),
            high=tuple(v["high"] for v in found.values()),
        )
        for cause, found in points.items()
    ]
