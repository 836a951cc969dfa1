"""Adverse events: patients by their worst grade of each term, and events counted apart."""

from __future__ import annotations

from remission.analyses.counts import Place
from remission.analyses.listing import unique_levels
from remission.analyses.material import Material
from remission.analyses.spec import AdverseEventsSpec

ANY, PATIENTS = "any event", "patients"


def analyse_adverse_events(material: Material, spec: AdverseEventsSpec) -> None:
    """Rows of one [[analysis]] of kind adverse-events.

    Each term is a variable with categories `any` and `severe`, over all patients of the population; `events` are
    records, not patients. A record without a grade counts as any grade and is said to be ungraded.
    """
    population = material.population(spec.population, where=f"analysis {spec.id}")
    table = material.cohort.tables["adverse_events"]
    at = Place(material.results, spec.id, spec.population)
    worst: dict[str, dict[str, float]] = {}
    events: dict[str, int] = {}
    ungraded: dict[str, int] = {}
    for i in material.records("adverse_events", population.patients, {}):
        term = table.columns["term"][i]
        if term is None:
            continue
        grade = table.columns["grade"][i] if "grade" in table.columns else None
        if grade == 0:
            continue  # grade 0 is the absence of the event, written down
        patient = str(table.columns["patient"][i])
        key = str(term)
        events[key] = events.get(key, 0) + 1
        ungraded[key] = ungraded.get(key, 0) + (grade is None)
        of = worst.setdefault(key, {})
        of[patient] = max(of.get(patient, 0.0), float(grade or 0))
    everybody = [p for p in population.patients if any(p in of for of in worst.values())]
    severe = [p for p in population.patients if any(of.get(p, 0) >= spec.severe_from for of in worst.values())]
    at.count(PATIENTS, "N", population.patients, of=None)
    fields = ("adverse_events.term", "adverse_events.grade")
    rows = [(ANY, everybody, severe, sum(events.values()), sum(ungraded.values()))]
    names = unique_levels((ANY, PATIENTS, *sorted(worst)))  # terms that differ only by a sign stay apart
    for term, of in sorted(worst.items()):
        bad = [p for p in of if of[p] >= spec.severe_from]
        rows.append((names[term], list(of), bad, events[term], ungraded[term]))
    for variable, some, bad, count, without in rows:
        note = f"{without} without a grade" if without else ""
        at.share(variable, "any", some, population.patients, note=note)
        at.share(variable, "severe", bad, population.patients, note=note)
        at.put(variable, "events", count, category="records", unit="events")
        material.trace(spec.id, variable, fields)
    material.trace(spec.id, PATIENTS, ("patients.patient",))
