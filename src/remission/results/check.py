"""What must hold for any results table, tried on every build.

The conventions the rules rest on are in docs/how-to/results-table.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Protocol

from remission.core.errors import ResultsError
from remission.results.formats import show
from remission.results.methods import all_methods
from remission.results.row import Row, address, members_hash
from remission.results.table import Results
from remission.results.vocabulary import STATS

FAULTS_PRINTED = 20
_SLACK = 1e-9

# Within one block: the same analysis, population, group, level and variable.
Block = dict[tuple[str, str], Row]


class HasIds(Protocol):
    """A document, a grid, anything that prints results."""

    def ids(self) -> tuple[str, ...]: ...


def check_results(results: Results, documents: Iterable[HasIds] = ()) -> None:
    """Raise ResultsError (code `results-check`) that lists every structural fault, or return nothing."""
    faults = [*find_faults(results), *_unknown_ids(results, documents)]
    if not faults:
        return
    shown = [f"- {fault}" for fault in faults[:FAULTS_PRINTED]]
    if len(faults) > FAULTS_PRINTED:
        shown.append(f"- and {len(faults) - FAULTS_PRINTED} more")
    raise ResultsError(
        what="The results table breaks its own rules:\n" + "\n".join(shown),
        code="results-check",
        todo="This is a fault of the program; please report it with the study file.",
    )


def find_faults(results: Results) -> list[str]:
    """Every fault of the rows themselves, each beginning with the name of its rule."""
    faults: list[str] = []
    for key, row in results.rows.items():
        faults += [f"{rule}: `{key}`" for rule in _row_faults(key, row)]
        faults += [f"{rule}: `{key}`" for rule in _member_faults(results, row)]
    for block in _blocks(results.rows.values()).values():
        for rule in _BLOCK_RULES:
            faults += rule(block)
        faults += _members_inside(results, block)
    return faults


def _row_faults(key: str, row: Row) -> Iterator[str]:
    if row.stat not in STATS:
        yield "unknown-stat"
        return
    made = address(
        row.analysis,
        group=row.group,
        level=row.level,
        variable=row.variable,
        category=row.category,
        stat=row.stat,
    )
    if not key == row.id == made:
        yield "address"
    if row.method and row.method not in all_methods():
        yield "unknown-method"
    if row.status == "ok":
        yield from _value_faults(row)
    else:
        if row.value is not None or row.text is not None:
            yield "value-without-status-ok"
        if not row.note:
            yield "no-reason"
    if row.n is not None and row.n < 0:
        yield "negative-n"


def _value_faults(row: Row) -> Iterator[str]:
    if (row.value is None) == (row.text is None):
        yield "one-of-value-and-text"
        return
    value = row.value
    try:
        if row.shown != show(row.stat, row.text if value is None else value, unit=row.unit):
            yield "shown"
    except ResultsError as error:
        yield error.code
        return
    if value is None:
        return
    kind = STATS[row.stat].kind
    if row.unit == "proportion" and kind not in ("count", "p", "statistic", "df") and not 0 <= value <= 1:
        yield "proportion"
    if row.unit == "proportion-difference" and not -1 <= value <= 1:
        yield "proportion"
    if row.stat in ("se", "sd", "df") and value < 0:
        yield "negative"
    if row.stat in _OF_N and row.unit == "" and row.n is not None and value > row.n:
        yield "n-above-N"


_OF_N = ("n", "missing", "events", "censored", "at_risk")


def _member_faults(results: Results, row: Row) -> Iterator[str]:
    if not row.members:
        return
    if row.members in results.conditions:
        return
    listed = results.members.get(row.members)
    if listed is None:
        yield "members-unknown"
        return
    if members_hash(listed) != row.members or len(set(listed)) != len(listed):
        yield "members-hash"
    # a count with a unit ("cycles", "events") counts records; its members are the patients who have them
    if row.stat in (*_OF_N, "N") and row.unit == "" and row.value is not None and row.value != len(listed):
        yield "members-count"


def _blocks(rows: Iterable[Row]) -> dict[tuple[str, ...], Block]:
    found: dict[tuple[str, ...], Block] = defaultdict(dict)
    for row in rows:
        found[(row.analysis, row.population, row.group, row.level, row.variable)][(row.category, row.stat)] = row
    return found


def _value(block: Block, category: str, stat: str) -> float | None:
    row = block.get((category, stat))
    return row.value if row is not None and row.status == "ok" else None


def _categories(block: Block) -> dict[str, None]:
    return {category: None for category, _ in block}


def _ordered(block: Block) -> list[str]:
    """low <= the estimate <= high, and min <= q1 <= median <= q3 <= max."""
    faults = []
    for category in _categories(block):
        middle = next((s for s in ("estimate", "ratio", "median", "mean") if (category, s) in block), "estimate")
        for chain in (("low", middle, "high"), ("min", "q1", "median", "q3", "max"), ("min", "mean", "max")):
            known = [(s, v) for s in chain if (v := _value(block, category, s)) is not None]
            for (_, below), (stat, above) in pairwise(known):
                if below > above + _SLACK * max(1.0, abs(above)):
                    faults.append(f"order: `{block[(category, stat)].id}`")
    return faults


def _n_within_total(block: Block) -> list[str]:
    """n <= N of the same category, or of the whole variable, where both count the same thing."""
    faults = []
    for category in _categories(block):
        some, whole = block.get((category, "n")), block.get((category, "N")) or block.get(("", "N"))
        if some is None or whole is None or some.value is None or whole.value is None:
            continue
        if some.unit == whole.unit and some.value > whole.value:
            faults.append(f"n-above-N: `{some.id}`")
    return faults


def _levels_add_up(block: Block) -> list[str]:
    """A variable with a row `missing` says that its categories exclude each other: they add up to N."""
    total, missing = _value(block, "", "N"), _value(block, "", "missing")
    levels = [v for c in _categories(block) if c and (v := _value(block, c, "n")) is not None]
    if total is None or missing is None or not levels or sum(levels) + missing == total:
        return []
    return [f"levels-and-missing: `{block[('', 'N')].id}`"]


def _events_add_up(block: Block) -> list[str]:
    """Events and censored make N, category by category; without events of their own, the causes do."""
    faults = []
    for category in _categories(block):
        total, censored = _value(block, category, "N"), _value(block, category, "censored")
        events = _value(block, category, "events")
        if events is None and not category:
            causes = [v for c in _categories(block) if c and (v := _value(block, c, "events")) is not None]
            events = sum(causes) if causes else None
        if total is not None and censored is not None and events is not None and events + censored != total:
            faults.append(f"events-and-censored: `{block[(category, 'N')].id}`")
    return faults


_SIMPLE_PROPORTIONS = ("proportion", "clopper-pearson95", "wilson95", "midp95", "jeffreys95")


def _percent_of_its_counts(block: Block) -> list[str]:
    """A proportion computed from counts is n / N of the rows beside it."""
    faults = []
    for category in _categories(block):
        row = block.get((category, "estimate"))
        n = _value(block, category, "n")
        total = _first(_value(block, category, "N"), _value(block, "", "N"))
        if row is None or row.method not in _SIMPLE_PROPORTIONS or row.value is None or n is None or not total:
            continue
        if not math.isclose(row.value, n / total, rel_tol=1e-12, abs_tol=1e-15):
            faults.append(f"percent: `{row.id}`")
    return faults


def _members_inside(results: Results, block: Block) -> list[str]:
    """The patients of a numerator are among those of its denominator."""
    faults = []
    for (category, stat), row in block.items():
        if stat not in _OF_N:
            continue
        whole = block.get((category, "N")) or block.get(("", "N"))
        if whole is None or row.unit != whole.unit:
            continue
        some, all_of = results.members.get(row.members), results.members.get(whole.members)
        if some is not None and all_of is not None and not set(some) <= set(all_of):
            faults.append(f"members-outside: `{row.id}`")
    return faults


def _first(*values: float | None) -> float | None:
    return next((v for v in values if v is not None), None)


def _unknown_ids(results: Results, documents: Iterable[HasIds]) -> list[str]:
    used = dict.fromkeys(i for document in documents for i in document.ids())
    return [f"unknown-result: `{row_id}`" for row_id in used if row_id not in results]


_BLOCK_RULES: tuple[Callable[[Block], list[str]], ...] = (
    _ordered,
    _n_within_total,
    _levels_add_up,
    _events_add_up,
    _percent_of_its_counts,
)
