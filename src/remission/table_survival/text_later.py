"""A later event as tables for a terminal: the ratios, the landmark, the curves by state."""

from __future__ import annotations

from dataclasses import replace

from remission.table_survival.later import STATES, state_group, state_level, without_words
from remission.table_survival.look import Look, lines_of, reasons
from remission.table_survival.table import SurvivalTable
from remission.table_survival.text_curves import probabilities, when

RATIOS = (("naive", "naive, BIASED: ever / never"), ("time_dependent", "time-dependent: after / before"))


def later_text(look: Look, table: SurvivalTable) -> list[str]:
    """Ratios with the size of the bias; Simon-Makuch curves of all and of each group."""
    title = f"Later event: {table.ask.switch} ({look.count('switched', 'n')} rows)"
    title += f", all of it {plain}" if (plain := without_words(table)) else ""
    late = look.note("switched", "n")
    if look.row("mantel_byar", "p") is None:
        return [f"{title}\n  no comparison: {look.note('time_dependent', 'ratio')}"]
    return [_ratios(look, title) + (f"\n  {late}" if late else ""), _landmark(look), _curves(look, table)]


def _ratios(look: Look, title: str) -> str:
    lines = [[words, look.number(name, "ratio"), look.range(name), look.p(name)] for name, words in RATIOS]
    text = lines_of(title, ["", "HR", "95% CI", "p"], lines)
    text += reasons([("", look)], [(words, name, "") for name, words in RATIOS])
    bias = look.row("bias", "ratio")
    if bias is not None and bias.value is not None:
        text += f"\n  {look.said(bias)}"
    return text + f"\n  Mantel-Byar chi-square {look.number('mantel_byar', 'statistic')}, p {look.p('mantel_byar')}"


def _landmark(look: Look) -> str:
    """Those still under observation after a day, by what had happened until then."""
    ask = look.ask
    if ask.landmark is None:
        return ""
    category = f"{ask.landmark_day}d"
    lines = [
        [
            f"{state} {ask.switch}",
            look.count(f"landmark_{state}", "N", category),
            look.count(f"landmark_{state}", "events", category),
        ]
        for state in STATES
    ]
    text = lines_of(f"From the landmark at {when(ask, ask.landmark, ask.landmark_day)}", ["", "n", "events"], lines)
    if look.value("landmark", "ratio", category) is None:
        text += f"\n  no hazard ratio: {look.note('landmark', 'ratio', category)}"
    else:
        ratio, limits = look.number("landmark", "ratio", category), look.range("landmark", category)
        text += f"\n  hazard ratio after / before: {ratio} ({limits}), p {look.p('landmark', category)}"
    if look.value("landmark_logrank", "p", category) is not None:
        text += f"\n  log-rank chi-square {look.number('landmark_logrank', 'statistic', category)}"
        text += f", p {look.p('landmark_logrank', category)}"
    if look.row("landmark_penalised", "ratio", category) is not None:
        name = "landmark_penalised"
        text += f"\n  beside it Firth's hazard ratio (few events): {look.number(name, 'ratio', category)}"
        text += f" ({look.range(name, category)}), p {look.p(name, category)}"
    if look.row("landmark_permutation", "p", category) is not None:
        text += f"\n  log-rank by permutation (a small group): p {look.p('landmark_permutation', category)}"
    lost = look.count("landmark_lost", "n", category)
    return text + (f"\n  {lost} rows had the event or left by then and are in neither group" if lost != "0" else "")


def _curves(look: Look, table: SurvivalTable) -> str:
    states = replace(look, group="state")
    levels = [(s, states.down(s)) for s in STATES]
    if table.group is not None:
        by = replace(look, group=state_group(table.group.column))
        levels += [(f"{g} / {s}", by.down(state_level(g, s))) for g in table.group.levels for s in STATES]
    return probabilities("state", levels, f"Simon-Makuch curves ({look.ask.unit})").lstrip("\n")
