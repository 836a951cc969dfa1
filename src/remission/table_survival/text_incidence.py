"""Cumulative incidences and Gray's tests as tables for a terminal."""

from __future__ import annotations

from dataclasses import replace

from remission.table_survival.incidence import NONE_SO_FAR
from remission.table_survival.look import Look, Wanted, lines_of, reasons, remarks
from remission.table_survival.table import SurvivalTable

Levels = list[tuple[str, Look]]


def incidence_text(look: Look, table: SurvivalTable) -> list[str]:
    """Counts, incidences of every cause at the times asked for, Gray's test."""
    group = table.group
    places: Levels = [("all", look)]
    if group is not None:
        by = replace(look, group=group.column)
        places += [(level, by.down(level)) for level in group.levels]
    counts = [
        [
            name,
            at.count("rows", "N"),
            *(at.count("rows", "events", f"cause {c}") for c in table.causes),
            at.count("rows", "censored"),
        ]
        for name, at in places
    ]
    title = f"Counts{f' by {group.column}' if group else ''}"
    parts = [lines_of(title, ["", "n", *(f"cause {c}" for c in table.causes), "censored"], counts)]
    parts.append(_incidences(places, table))
    if group is not None:
        parts.append(_gray(replace(look, group=group.column), table))
    return parts


def _incidences(places: Levels, table: SurvivalTable) -> str:
    ask = table.ask
    lines = [
        [
            name,
            ask.shown_at(day),
            str(c),
            at.count("incidence", "at_risk", f"{day}d"),
            at.number("incidence", "estimate", f"{c}_{day}d"),
            at.number("incidence", "se", f"{c}_{day}d"),
            at.range("incidence", f"{c}_{day}d"),
        ]
        for name, at in places
        for day in ask.at_days
        for c in table.causes
    ]
    header = ["", "at", "cause", "at risk", "incidence", "SE", "95% CI"]
    text = lines_of(f"Cumulative incidence ({ask.unit})", header, lines)
    wanted: list[Wanted] = [
        (f"cause {c} at {ask.shown_at(day)}", "incidence", f"{c}_{day}d") for day in ask.at_days for c in table.causes
    ]
    never = any(
        look.note(variable, "high", category) == NONE_SO_FAR for _, look in places for _, variable, category in wanted
    )
    text += reasons(places, wanted)
    text += remarks(places, [(f"event-free at {ask.shown_at(day)}", "event_free", f"{day}d") for day in ask.at_days])
    return text + (f"\n  incidence 0: {NONE_SO_FAR}" if never else "")


def _gray(by: Look, table: SurvivalTable) -> str:
    shown = [
        (name, words, c)
        for name, words in (("gray", ""), ("gray_stratified", ", stratified"))
        for c in table.causes
        if by.row(name, "p", f"{c}") is not None
    ]
    tests = [
        [f"cause {c}{words}", by.number(name, "statistic", f"{c}"), by.count(name, "df", f"{c}"), by.p(name, f"{c}")]
        for name, words, c in shown
    ]
    text = lines_of("Gray's test", ["", "chi-square", "df", "p"], tests)
    for name, words, c in shown:
        if by.value(name, "p", f"{c}") is None:
            text += f"\n  cause {c}{words}: {by.note(name, 'p', f'{c}')}"
    return text
