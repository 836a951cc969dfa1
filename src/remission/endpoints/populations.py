"""Populations: sets of patients, each narrowed from another by conditions, and whether that was known at the start."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from remission.cohort.table import Cohort
from remission.core.errors import ProtocolError
from remission.core.settings import nearest
from remission.endpoints.conditions import When, parse_when
from remission.endpoints.groups import Grouped, everyone
from remission.endpoints.known import known_day_sql, origin_is_before_treatment
from remission.endpoints.spec import PopulationSpec


@dataclass(frozen=True)
class Population:
    """A population evaluated.

    Args: dropped: patients of the parent that are not in it; unknown: those of them for whom a group it asks for is
    not known.  is_baseline: could it be told at the start who is in it?
    Survival counted from the start in a population that was formed later includes the time needed to get into it.
    """

    name: str
    label: str
    patients: tuple[str, ...]
    parent: str
    dropped: tuple[str, ...]
    excluded: str
    scope: str
    fields: tuple[str, ...]
    is_baseline: bool = True
    unknown: tuple[str, ...] = ()


def evaluate_populations(
    connection: duckdb.DuckDBPyConnection,
    cohort: Cohort,
    specs: dict[str, PopulationSpec],
    groups: dict[str, Grouped],
    excluded: dict[str, str],
) -> dict[str, Population]:
    """Evaluate all populations in their order, each narrowed from its parent (default: all but the excluded).

    Raises: ProtocolError `unknown-population`, and those of conditions.
    """
    made: dict[str, Population] = {}
    for name, spec in specs.items():
        where = f"[populations.{name}]"
        if spec.parent and spec.parent not in made:
            near = nearest(spec.parent, made)
            raise ProtocolError(
                what=f"study.toml: the population `{spec.parent}` is not defined above this line.",
                code="unknown-population",
                where=where,
                todo=f"Did you mean `{near}`?" if near else "Define it first.",
            )
        if spec.scope and spec.scope not in cohort.scopes:
            near = nearest(spec.scope, cohort.scopes)
            raise ProtocolError(
                what=f"study.toml: no sheet has the scope `{spec.scope}`.",
                code="unknown-scope",
                where=where,
                todo=f"Did you mean `{near}`?" if near else "Give the sheet that scope, or leave it out.",
            )
        parent = made.get(spec.parent)
        base = parent.patients if parent else tuple(p for p in everyone(cohort, spec.scope) if p not in excluded)
        whens = parse_when(spec.when, where=where, groups={n: (*g.levels, *g.codes) for n, g in groups.items()})
        inside = _inside(connection, whens, groups)
        kept = tuple(p for p in base if p in inside)
        dropped = tuple(p for p in base if p not in inside)
        asked = [groups[f.removeprefix("group.")] for w in whens for f in w.fields if f.startswith("group.")]
        made[name] = Population(
            name=name,
            label=spec.label,
            patients=kept,
            parent=spec.parent,
            dropped=dropped,
            unknown=tuple(p for p in dropped if any(g.of.get(p) is None for g in asked)),
            excluded=spec.excluded or f"not: {spec.label}",
            scope=parent.scope if parent else spec.scope,
            fields=tuple(dict.fromkeys(f for w in whens for f in w.fields)),
            is_baseline=(parent is None or parent.is_baseline) and all(inside[p] for p in kept),
        )
    return made


def _inside(
    connection: duckdb.DuckDBPyConnection, whens: tuple[When, ...], groups: dict[str, Grouped]
) -> dict[str, bool]:
    """The patients that fulfil all conditions, and whether that was known for each on or before the start."""
    early = origin_is_before_treatment(connection)
    days = [known_day_sql(w, groups, origin_is_early=early) for w in whens]
    test = " and ".join(w.holds("e.patient") for w in whens) or "true"
    asked = ", ".join(["e.patient", *days])
    found = connection.execute(f"select {asked} from everyone as e where {test}").fetchall()
    return {patient: all(d is not None and d <= 0 for d in known) for patient, *known in found}
