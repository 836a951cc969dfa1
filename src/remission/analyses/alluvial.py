"""The ways of the patients through several groups, as counts."""

from __future__ import annotations

from remission.analyses.counts import Place
from remission.analyses.material import Material
from remission.analyses.spec_pictures import AlluvialSpec
from remission.core.errors import ProtocolError

ARROW = " → "


def analyse_alluvial(material: Material, spec: AlluvialSpec) -> None:
    """Rows of one [[analysis]] of kind alluvial: `GROUP@LEVEL` with n and share, `path@A → B → C` with n.

    Those without a level are the group's `otherwise`; nobody is lost on the way.
    """
    where = f"analysis {spec.id}"
    if not 2 <= len(spec.groups) <= 4 or (spec.colour_by and spec.colour_by not in spec.groups):
        raise ProtocolError(
            what="study.toml: an alluvial figure has two to four groups, and takes its colours from one of them.",
            code="bad-groups",
            where=where,
            todo="Correct `groups` or `colour_by`.",
        )
    population = material.population(spec.population, where=where)
    at = Place(material.results, spec.id, spec.population)
    at.count("patients", "N", population.patients, of=None)
    material.trace(spec.id, "patients", ("patients.patient",))
    ways: dict[tuple[str, ...], list[str]] = {}
    groups = [material.group(name, where=where) for name in spec.groups]
    for patient in population.patients:
        ways.setdefault(tuple(g.of.get(patient) or g.otherwise for g in groups), []).append(patient)
    for k, (name, group) in enumerate(zip(spec.groups, groups, strict=True)):
        material.trace(spec.id, name, (f"group.{name}",))
        for level in (*group.levels, group.otherwise):
            members = [p for way, some in ways.items() if way[k] == level for p in some]
            if members or level in group.levels:
                at.share(name, level, members, population.patients)
    for way in sorted(ways):
        at.count("path", "n", ways[way], of=len(population.patients), category=ARROW.join(way))
    material.trace(spec.id, "path", tuple(f"group.{name}" for name in spec.groups))
