"""The patient flow: who was in the data, who was left out and why, who is in each population."""

from __future__ import annotations

from remission.analyses.counts import Place
from remission.analyses.material import Material
from remission.endpoints.groups import everyone


def analyse_flow(material: Material, excluded: dict[str, str], split: str = "") -> None:
    """Rows of analysis `flow`: everybody recorded, the excluded by hand, n and dropped of each population.

    split: a group that divides each population further (the last boxes of the diagram).
    """
    recorded = everyone(material.cohort)
    at = Place(material.results, "flow", "recorded")
    at.count("recorded", "n", recorded, of=len(recorded))
    at.count("excluded", "n", tuple(p for p in recorded if p in excluded), of=len(recorded))
    for variable in ("recorded", "excluded"):
        material.trace("flow", variable, ("patients.patient",))
    fields: list[str] = []
    for name, population in material.populations.items():
        here = Place(material.results, "flow", name)
        here.count("population", "n", population.patients, of=None, category=name)
        here.count("dropped", "n", population.dropped, of=None, category=name)
        here.count("dropped_unknown", "n", population.unknown, of=len(population.dropped), category=name)
        fields += population.fields
    if split:
        group = material.group(split, where="[flow] split")
        for name, population in material.populations.items():
            of = len(population.patients)
            for level in group.levels:
                part = group.members(level, population.patients)
                Place(material.results, "flow", name, split, level).count("population", "n", part, of=of, category=name)
            unknown = group.members(None, population.patients)
            Place(material.results, "flow", name, split).count("population", "missing", unknown, of=of, category=name)
        fields += [f"group.{split}"]
    for variable in ("population", "dropped", "dropped_unknown"):
        material.trace("flow", variable, fields)
