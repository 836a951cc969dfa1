"""The figure of one call, drawn from its rows: curves by group, incidences of every cause, or curves by state."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

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
from remission.table_survival.later import STATES
from remission.table_survival.table import SurvivalTable

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
    """Kaplan-Meier curves of all or by group; Simon-Makuch curves where there is a later event."""
    by_state = table.switch is not None
    group = "state" if by_state else table.group.column if table.group else ""
    levels = STATES if by_state else table.group.levels if table.group else ("",)
    rows = [(level, _points(results, group, level, "curve")) for level in levels]
    rows = [(level, points) for level, points in rows if points]
    if len(rows) > MOST_CURVES:
        raise FileError(
            what=f"The group has {len(rows)} levels: too many curves to tell apart.", code="too-many-curves",
            expected=f"at most {MOST_CURVES}", todo="Leave out --figure, or join levels in the table.",
        )  # fmt: skip
    ticks = ticks_of(table)
    p = results.rows.get(address(ANALYSIS, group=group, variable="logrank", stat="p")) if group else None
    words = (
        ""
        if p is None or p.value is None
        else f"log-rank p {p.shown}"
        if p.shown[:1] in "<>"
        else f"log-rank p = {p.shown}"
    )
    return SurvivalFigure(
        groups=tuple(
            replace(_curve(results, group, level, points, ticks), first_day=_first_day(table, level, by_state))
            for level, points in rows
        ),
        x_label=table.ask.unit.capitalize(),
        x_unit=table.ask.unit,
        ticks_days=ticks,
        annotation=(words,) if words else (),
        subtitle=_changes(table) if by_state else "",
    )


def _first_day(table: SurvivalTable, level: str, by_state: bool) -> int:
    """When the first row comes under observation: in the state after, with the first change of state."""
    if by_state and level == STATES[1] and table.switch is not None:
        return int(table.switch[table.switch < table.days].min())
    return 0 if table.entry is None else max(0, int(table.entry.min()))


def _changes(table: SurvivalTable) -> str:
    return CHANGES_CURVE.replace("transplantation", table.ask.switch)


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
    if len(levels) > MOST_GROUPS or table.n_causes > MOST_CAUSES:
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
                label=level,
                curves=tuple(points),
                last_day=max((d for c in points for d in c.days), default=0),
                at_risk=tuple(None if r is None or r.value is None else int(r.value) for r in at_risk),
            )
        )
    groups = tuple(made)
    return IncidenceFigure(
        groups=groups,
        x_label=table.ask.unit.capitalize(),
        x_unit=table.ask.unit,
        ticks_days=ticks,
        y_max=nice_maximum(groups),
    )


def _by_cause(results: Results, table: SurvivalTable, group: str, level: str) -> list[IncidenceCurve]:
    head = address(ANALYSIS, group=group, level=level, variable="incidence_curve", stat="").removesuffix(".") + "@"
    points: dict[int, dict[int, dict[str, float | None]]] = {c: {} for c in range(1, table.n_causes + 1)}
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
