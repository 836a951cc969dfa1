"""The lines of a script for one event: curves, tests of groups, models, what happens later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from remission.emit_r.models import group_ratio_calls, model_calls, single_model_calls
from remission.emit_r.r_text import head_of, quoted, strings, whole_numbers
from remission.results.row import address, slug
from remission.results.table import Results
from remission.table_survival import SurvivalTable
from remission.table_survival.columns import Labels
from remission.table_survival.curves import ANALYSIS, ticks_of
from remission.table_survival.later import STATES, state_group, state_level

EXACT = "logrank-permutation-exact"


def single_calls(results: Results, table: SurvivalTable) -> Iterator[str]:
    """Every part, in the order of the rows."""
    head = quoted(head_of(ANALYSIS))
    yield f"level_rows({head}, rep(TRUE, n))"
    yield f"follow_up_rows({quoted(head_of(ANALYSIS) + 'follow_up')})"
    if table.group is not None:
        yield from _group(results, table, table.group, None)
        if table.ask.landmark_day is not None:
            yield from _group(results, table, table.group, table.ask.landmark_day)
        yield f"ticks <- {whole_numbers(ticks_of(table))}"
    yield from single_model_calls(table, "univariable", "event")
    yield from model_calls(results, table)
    if table.switch is not None:
        yield from _later(results, table, head)


def _later(results: Results, table: SurvivalTable, head: str) -> Iterator[str]:
    yield f"later_rows({head})"
    if address(ANALYSIS, variable="mantel_byar", stat="df") not in results:
        return
    yield f"state_curves({strings(head_of(ANALYSIS, 'state', s) for s in STATES)})"
    if table.group is not None:
        group = state_group(table.group.column)
        for i, level in enumerate(table.group.levels, 1):
            heads = strings(head_of(ANALYSIS, group, state_level(level, s)) for s in STATES)
            yield f"state_curves({heads}, group %in% {i})"
    if table.ask.landmark_day is not None and table.entry is None:
        yield f"landmark_rows({head}, {table.ask.landmark_day})"
        yield from beside_landmark(results, head_of(ANALYSIS), table.ask.landmark_day)


def beside_landmark(results: Results, head: str, day: int) -> Iterator[str]:
    """The permutation test and Firth's ratio, where they stand beside the landmark. head: of their addresses."""
    yield f"k <- time > {day}"
    yield f"g <- 1 + (!is.na(switch_day) & switch_day <= {day})"
    permutation = f"{head}landmark_permutation@{day}d.p"
    if permutation in results and results[permutation].method == EXACT:
        yield f"permutation_p({quoted(permutation.removesuffix('.p'))}, k, g)"
    if f"{head}landmark_penalised@{day}d.ratio" in results:
        names, fit = (
            f'cbind("landmark_penalised", "@{day}d")',
            "firth_fit(Surv(time[k], event[k]), list(g = g[k]), NULL)",
        )
        yield f"firth_coefficients({quoted(head)}, {names}, {fit})"


def _group(results: Results, table: SurvivalTable, group: Labels, landmark: int | None) -> Iterator[str]:
    analysis = ANALYSIS if landmark is None else f"{ANALYSIS}_landmark_{landmark}d"
    head = quoted(head_of(analysis, group.column))
    yield f'out(paste0({head}, "rows.missing"), sum(is.na(group)))'
    yield "g <- ifelse(is.na(group), 0, group)"
    yield "from <- entry"
    yield "k <- g > 0"
    start = "NULL"
    if landmark is not None:
        start = f"{landmark}"
        yield f'out(paste0({head}, "before_landmark.n"), sum(k & time <= {landmark}))'
        yield f"k <- k & time > {landmark}"
        yield f"from <- pmax({landmark}, if (is.null(entry)) rep(-1, n) else entry)"
        yield f"ticks <- {whole_numbers(ticks_of(table, landmark))}"
    if address(analysis, group=group.column, variable="logrank", stat="df") not in results:
        return
    heads = [head_of(analysis, group.column, level) for level in group.levels]
    for i, at in enumerate(heads, 1):
        yield f"level_rows({quoted(at)}, k & g == {i}, from, {start})"
    yield f"group_tests({head}, k, g, {strings(heads)}, from)"
    permutation = address(analysis, group=group.column, variable="logrank_permutation", stat="p")
    if permutation in results and results[permutation].method == EXACT:
        yield f"permutation_p({quoted(permutation.removesuffix('.p'))}, k, g)"
    if table.strata is not None:
        yield f"stratified_test({head}, k, g, stratum, from)"
    if len(group.levels) > 2:
        yield _pairs(group, head)
    if table.ask.choices.hazard_ratio != "cox" and len(group.levels) == 2:
        yield f"observed_expected({head}, k, g, {quoted('@' + slug(group.levels[1]))}, from)"
    else:
        firth = [
            address(analysis, group=group.column, variable="hazard_ratio_penalised", category=level, stat="ratio")
            for level in group.levels
        ]
        yield from group_ratio_calls(table, group, head, any(row_id in results for row_id in firth))
    if table.ask.rmst_day is not None and landmark is None:
        for i, level in enumerate(group.levels[1:], 2):
            category = slug(f"{level}_{table.ask.rmst_day}d")
            yield f"rmst_contrast({head}, k & g == 1, k & g == {i}, {quoted(category)})"


def _pairs(group: Labels, head: str) -> str:
    pairs = list(combinations(range(1, len(group.levels) + 1), 2))
    names = [slug(f"{group.levels[a - 1]}_vs_{group.levels[b - 1]}") for a, b in pairs]
    flat = ", ".join(f"{x}" for pair in pairs for x in pair)
    return f"pair_tests({head}, k, g, matrix(c({flat}), ncol = 2, byrow = TRUE), {strings(names)}, from)"
