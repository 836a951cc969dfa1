"""The study in words: what the protocol and the derived groups, populations and endpoints say, for the report."""

from __future__ import annotations

import re
from collections.abc import Mapping

from remission import __version__
from remission.analyses.material import Material
from remission.analyses.spec import BaselineSpec, CutPointSpec, ListingSpec, OddsSpec, RecordsSpec, RegressionSpec
from remission.cohort.schema import load_schema
from remission.core.findings import Finding
from remission.display.outline import GroupWords, Outline, PopulationWords, SourceWords
from remission.display.words import lower_first
from remission.endpoints.conditions import fields_of
from remission.endpoints.library import load_library
from remission.endpoints.spec import GroupSpec
from remission.protocol import Protocol


def describe(protocol: Protocol, material: Material, findings: tuple[Finding, ...]) -> Outline:
    """Everything a report says of the study besides numbers."""
    study = protocol.study
    return Outline(
        name=study.name,
        title=study.title or study.name,
        about=study.about,
        citation=study.citation,
        data=study.data,
        design=study.design,
        kind=study.kind,
        limits=study.limits,
        origin=protocol.origin.what,
        sources=tuple(SourceWords(s.name, s.file, s.sheet, s.sha256) for s in material.cohort.sources),
        groups={name: _group(name, spec, material) for name, spec in protocol.groups.items()},
        populations={
            name: PopulationWords(
                spec.label,
                spec.parent,
                material.populations[name].excluded,
                material.populations[name].scope,
                words_of(spec.when) or ("everybody on that sheet" if spec.scope else "everybody recorded"),
                material.populations[name].is_baseline,
            )
            for name, spec in protocol.populations.items()
        },
        endpoints={name: e.spec for name, e in material.endpoints.items()},
        not_estimable={name: e.not_estimable for name, e in material.endpoints.items()},
        analyses=protocol.analyses,
        labels=_labels(protocol, material),
        findings=findings,
        excluded=protocol.exclude.patients,
        version=__version__,
        cutoff=protocol.origin.cutoff,
        flow_split=protocol.flow.split,
    )


def _group(name: str, spec: GroupSpec, material: Material) -> GroupWords:
    group = material.groups[name]
    demands = dict(spec.levels) or {level: level for level in group.levels}
    if spec.preset and not spec.levels:
        demands = dict(load_library().responses[spec.preset].levels)
    about = field_words(spec.of) if spec.of and not spec.of.startswith("group.") else ""
    where = words_of(spec.where)
    definition = {}
    for level in group.levels:
        demand = demands[level]
        words = words_of(demand)
        if spec.of.startswith("group."):
            words = f"{material.groups[spec.of.removeprefix('group.')].label} {words}"
        elif about:
            words = f"{about} {words}"
        definition[level] = f"{words}; {where}" if where else words
    return GroupWords(
        label=group.label,
        levels=group.levels,
        definition=definition,
        is_baseline=group.is_baseline,
        known_by_day=group.known_by_day,
        reason=group.reason,
        otherwise=group.otherwise,
        about=group.about,
        citation=group.citation,
    )


def words_of(demand: object, table: str = "marrow") -> str:
    """A condition in words: fields by their labels, codes and comparisons as a reader writes them."""
    if isinstance(demand, Mapping):
        if "group" in demand:
            return f"{demand['group']} is {words_of(demand.get('level', ''))}"
        here = str(demand.get("table", table))
        pieces = [
            f"{field_words(f'{here}.{k}')} {words_of(v)}" for k, v in demand.items() if k not in ("table", "exists")
        ]
        head = ""
        if "table" in demand:
            label = load_schema().tables[here].label.lower()
            head = (
                f"no entry among the {label} with "
                if demand.get("exists") is False
                else f"an entry among the {label} with "
            )
        return head + ", ".join(pieces)
    if isinstance(demand, list | tuple):
        if any(isinstance(d, Mapping) for d in demand):
            return "; and ".join(words_of(d, table) for d in demand)
        return " or ".join(str(d) for d in demand)
    if not isinstance(demand, str) or demand in ("recorded", "missing"):
        return f"= {demand}" if not isinstance(demand, str) else demand
    comparison = re.fullmatch(r"[<>=].*|-?[\d.]+\s*\.\..*", demand.strip())
    if comparison is None:
        return f"“{demand}”"
    return demand.replace("<=", "≤").replace(">=", "≥").replace(" .. ", " to ").replace("..", " to ")


def field_words(name: str) -> str:
    """The label of "table.field" with its unit, or the name itself."""
    table, _, field = name.partition(".")
    schema = load_schema()
    if table in schema.tables and field in fields_of(schema, table):
        spec = fields_of(schema, table)[field]
        label = lower_first(spec.label)
        return f"{label} ({spec.unit})" if spec.unit else label
    return field or name


def _labels(protocol: Protocol, material: Material) -> dict[str, tuple[str, str]]:
    """Label and unit of everything a table can show."""
    names: list[str] = []
    for spec in protocol.analyses:
        if isinstance(spec, BaselineSpec):
            names += spec.variables
        elif isinstance(spec, ListingSpec):
            names += spec.columns
        elif isinstance(spec, RegressionSpec | OddsSpec):
            names += spec.covariates
        elif isinstance(spec, CutPointSpec):
            names.append(spec.marker)
        elif isinstance(spec, RecordsSpec):
            names += [f"{spec.table}.{v}" for v in spec.variables]
    made = {}
    for name in names:
        kind, _, rest = name.partition(".")
        if kind == "group":
            made[name] = (material.groups[rest].label, "")
        elif kind == "endpoint":
            made[name] = (material.endpoints[rest].spec.label, "months")
        else:
            spec_of = material.field_spec(name, where="")
            made[name] = (spec_of.label, spec_of.unit)
    return made
