"""Kaplan-Meier curves, tests and ratios of groups as tables for a terminal."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from remission.analyses.curves import NOT_GIVEN
from remission.table_survival.ask import Ask, shown_amount
from remission.table_survival.columns import Labels
from remission.table_survival.curves import ANALYSIS
from remission.table_survival.look import Look, Wanted, lines_of, reasons, remarks
from remission.table_survival.table import SurvivalTable

Levels = list[tuple[str, Look]]
TESTS = (
    ("logrank", "log-rank"),
    ("logrank_stratified", "log-rank, stratified"),
    ("peto_peto", "Peto-Peto (rho = 1)"),
    ("gehan", "Gehan"),
    ("tarone_ware", "Tarone-Ware"),
)
RATIOS = {
    "hazard_ratio": "",
    "hazard_ratio_penalised": " (Firth, beside it: few events)",
    "hazard_ratio_mantel_haenszel": " (Mantel-Haenszel)",
}
EXACT = "the limits of a survival of 1 or 0 are exact"


def curves_text(look: Look, table: SurvivalTable) -> list[str]:
    """Everybody together, then the group, then the group from the landmark."""
    ask = table.ask
    everybody = _curves(f"Kaplan-Meier ({ask.unit})", look, [("all", look)])
    follow = look.time("follow_up", "estimate")
    parts = [everybody + f"\n  median follow-up (reverse Kaplan-Meier): {follow} ({look.times('follow_up')})"]
    if table.group is None:
        return parts
    parts += _group(replace(look, group=table.group.column), table.group, f"By {table.group.column}")
    if ask.landmark is not None:
        here = replace(look, analysis=f"{ANALYSIS}_landmark_{ask.landmark_day}d", group=table.group.column)
        lost = here.count("before_landmark", "n")
        title = f"By {table.group.column}, from the landmark at {when(ask, ask.landmark, ask.landmark_day)}"
        title += f" ({lost} rows had the event or left by then)" if lost not in ("", "0") else ""
        parts += _group(here, table.group, title)
    return parts


def when(ask: Ask, amount: Decimal, day: int | None) -> str:
    """A time that was asked for: "day 60", or "2 months (day 61)"."""
    return f"day {day}" if ask.unit == "days" else f"{shown_amount(amount)} {ask.unit} (day {day})"


def _group(look: Look, group: Labels, title: str) -> list[str]:
    levels = [(level, look.down(level)) for level in group.levels]
    if all(at.row("rows", "N") is None for _, at in levels):
        return [f"{title}: {look.note('logrank', 'p')}, so there are no curves and no test"]
    return [_curves(title, look, levels), _tests(look, levels), _ratios(look, group), _rmst(look, group)]


def _curves(title: str, look: Look, levels: Levels) -> str:
    lines = [
        [
            name,
            at.count("rows", "N"),
            at.count("rows", "events"),
            at.time("median", "estimate"),
            at.times("median"),
        ]
        for name, at in levels
    ]
    text = lines_of(title, [look.group, "n", "events", "median", "95% CI"], lines)
    told = reasons(levels, [("median", "median", "")])
    text += told + (" (--median-at-risk 0 gives it)" if NOT_GIVEN in told else "")
    return text + probabilities(look.group, levels, "  survival") + _means(look, levels)


def probabilities(header: str, levels: Levels, title: str) -> str:
    """Survival at the times asked for, with the reasons where there is none."""
    ask = levels[0][1].ask
    places = [(name, at) for name, at in levels if at.row("survival", "estimate", f"{_first(ask)}d") is not None]
    lines = [
        [
            name,
            ask.shown_at(day),
            at.count("survival", "at_risk", f"{day}d"),
            at.number("survival", "estimate", f"{day}d"),
            at.number("survival", "se", f"{day}d"),
            at.range("survival", f"{day}d"),
        ]
        for name, at in places
        for day in ask.at_days
    ]
    if not lines:
        return ""
    wanted: list[Wanted] = [(f"at {ask.shown_at(day)}", "survival", f"{day}d") for day in ask.at_days]
    rows = [at.row("survival", "low", f"{day}d") for _, at in places for day in ask.at_days]
    exact = any(r is not None and r.value is not None and r.method == "km-exact-edge95" for r in rows)
    text = lines_of(title, [header, "at", "at risk", "survival", "SE", "95% CI"], lines) + reasons(places, wanted)
    text += remarks(places, wanted)
    return "\n" + text + (f"\n  {EXACT}" if exact else "")


def _first(ask: Ask) -> int:
    return ask.at_days[0] if ask.at_days else -1


def _means(look: Look, levels: Levels) -> str:
    """Restricted means, where they were asked for; not from a landmark."""
    ask = look.ask
    category = f"{ask.rmst_day}d"
    if ask.rmst is None or all(at.row("rmst", "estimate", category) is None for _, at in levels):
        return ""
    lines = [
        [
            name,
            at.amount("rmst", "estimate", category),
            at.amount("rmst", "se", category),
            at.range("rmst", category, digits=1, is_time=True),
        ]
        for name, at in levels
    ]
    title = f"  restricted mean up to {when(ask, ask.rmst, ask.rmst_day)}, in {ask.unit}"
    text = lines_of(title, [look.group, "mean", "SE", "95% CI"], lines)
    return "\n" + text + reasons(levels, [("restricted mean", "rmst", category)])


def _tests(look: Look, levels: Levels) -> str:
    lines = [
        [words, look.number(name, "statistic"), look.count(name, "df"), look.p(name)]
        for name, words in TESTS
        if look.row(name, "p") is not None
    ]
    if look.row("logrank_permutation", "p") is not None:
        lines.append(["log-rank, permutation", "", "", look.p("logrank_permutation")])
    text = lines_of("Tests", ["", "chi-square", "df", "p"], lines)
    why = look.note("logrank", "p") if look.value("logrank", "p") is None else ""
    text += f"\n  no test: {why}" if why else ""
    for name, words in (("logrank_stratified", "stratified"), ("logrank_permutation", "permutation")):
        if not why and look.row(name, "p") is not None and look.value(name, "p") is None:
            text += f"\n  no {words} test: {look.note(name, 'p')}"
    observed = [
        [
            level,
            at.count("rows", "N"),
            at.count("rows", "events"),
            at.number("expected", "estimate", digits=3),
        ]
        for level, at in levels
    ]
    text += "\n" + lines_of("  log-rank", [look.group, "n", "observed", "expected"], observed)
    pairs = [
        r for r in look.results.rows.values() if r.variable == "pairs" and r.stat == "p" and r.analysis == look.analysis
    ]
    if pairs:
        lines = [
            [r.category.replace("_vs_", " / "), look.p("pairs", r.category), look.p("pairs_holm", r.category)]
            for r in pairs
        ]
        text += "\n" + lines_of("  pairs", ["", "p", "p (Holm)"], lines)
    return text


def _ratios(look: Look, group: Labels) -> str:
    shown = [
        (name, level) for name in RATIOS for level in group.levels[1:] if look.row(name, "ratio", level) is not None
    ]
    lines = [
        [
            f"{level} / {group.levels[0]}{RATIOS[name]}",
            look.number(name, "ratio", level),
            look.range(name, level),
            look.p(name, level) if look.row(name, "p", level) else "",
        ]
        for name, level in shown
    ]
    text = lines_of("Hazard ratio", ["", "ratio", "95% CI", "p"], lines)
    return text + reasons([("", look)], [(f"ratio of {level}{RATIOS[name]}", name, level) for name, level in shown])


def _rmst(look: Look, group: Labels) -> str:
    ask = look.ask
    if ask.rmst is None:
        return ""
    shown = [
        (level, f"{level}_{ask.rmst_day}d")
        for level in group.levels[1:]
        if look.row("rmst_difference", "estimate", f"{level}_{ask.rmst_day}d") is not None
    ]
    lines = [
        [
            f"{level} - {group.levels[0]}",
            look.amount("rmst_difference", "estimate", category),
            look.amount("rmst_difference", "se", category),
            look.range("rmst_difference", category, digits=1, is_time=True),
            look.p("rmst_difference", category),
        ]
        for level, category in shown
    ]
    title = f"Restricted mean up to {when(ask, ask.rmst, ask.rmst_day)}, difference in {ask.unit}"
    text = lines_of(title, ["", ask.unit, "SE", "95% CI", "p"], lines)
    return text + reasons(
        [("", look)], [(f"difference {level} - {group.levels[0]}", "rmst_difference", c) for level, c in shown]
    )
