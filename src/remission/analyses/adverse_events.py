"""Adverse events: patients or cycles by their worst grade of each term, and events counted apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from remission.analyses.counts import Place
from remission.analyses.cycles_given import cycles_given
from remission.analyses.lab_harm import lab_events
from remission.analyses.listing import unique_levels
from remission.analyses.material import Material
from remission.analyses.spec_treatment import AdverseEventsSpec, ExposureSpec
from remission.analyses.table_test import method_of_test
from remission.endpoints.exposure.given import derive_patient_exposure
from remission.endpoints.safety.bands import GradeBand, parse_band
from remission.endpoints.safety.events import AdverseEvent, read_events
from remission.endpoints.safety.rates import derive_event_rate
from remission.endpoints.safety.terms import name_term
from remission.endpoints.safety.worst import (
    ANY_TERM,
    Unit,
    WorstGrade,
    count_band,
    derive_any_term,
    derive_worst_grades,
    events_without_cycle,
    place_in_cycles,
)
from remission.stats import compare_proportions

ANY, PATIENTS = "any event", "patients"
FIELDS = ("adverse_events.term", "adverse_events.grade", "adverse_events.cycle")


def analyse_adverse_events(material: Material, spec: AdverseEventsSpec) -> None:
    """Rows of one [[analysis]] of kind adverse-events.

    Each term is a variable, each band of grades a category (`any` and `severe` where no bands are asked for), over all
    patients of the population or all their cycles, and in the levels of a group. `TERM@records.events` are records,
    not patients; `TERM@recorded.text` says what the term was called in the sheet, where it was called otherwise;
    `TERM@BAND.missing` are those whose grade is not recorded and who may belong to the band. `TERM@rate.estimate` are
    events per 100 patient-days on drug.
    """
    where = f"analysis {spec.id}"
    patients = material.population(spec.population, where=where).patients
    at = Place(material.results, spec.id, spec.population)
    at.count(PATIENTS, "N", patients, of=None)
    material.trace(spec.id, PATIENTS, ("patients.patient",))
    if not spec.labs and not len(material.cohort.tables["adverse_events"]):
        at.put(ANY, "n", None, category="any", why="no adverse events are recorded", failed=True)
        return
    recorded = read_events(material.cohort.tables["adverse_events"], patients) if spec.labs != "only" else ()
    graded = lab_events(material, spec, patients, at) if spec.labs else []
    events = tuple(e for e in (*recorded, *graded) if e.grade != 0)
    units, events = _units(material, spec, patients, events)
    if units is None:
        why = "the cycles of the patients are not recorded as infusions"
        at.put("cycles", "N", None, why=why, failed=True)
        return
    if spec.unit == "cycles":
        at.put("cycles", "N", len(units), unit="cycles", members=[u.patient for u in units])
        given = set(units)
        strays = [e for e in events if e.cycle is not None and Unit(e.patient, e.cycle) not in given]
        at.put("cycle_not_given", "events", len(strays), unit="events")
        at.put("without_cycle", "events", len(events_without_cycle(events)), unit="events")
    worst = derive_worst_grades(events, by_cycle=spec.unit == "cycles")
    worst = (*worst, *derive_any_term(worst))
    names = _names(material, spec, events)
    bands = _bands(spec)
    days = _days_on_drug(material, patients) if spec.rates else {}
    for term, name in names.items():
        _term(at, spec, term, name, bands, worst, units, events)
        if spec.by:
            _by_group(material, at, spec, (term, name), bands, worst, units, events)
        if spec.rates:
            _rate(at, term, name, events, days)
        material.trace(spec.id, name, FIELDS)


def _units(
    material: Material, spec: AdverseEventsSpec, patients: tuple[str, ...], events: tuple[AdverseEvent, ...]
) -> tuple[tuple[Unit, ...] | None, tuple[AdverseEvent, ...]]:
    """What is counted, and the events placed in their cycles; None where cycles are asked for and none is recorded."""
    if spec.unit == "patients":
        return tuple(Unit(p) for p in patients), events
    given = cycles_given(material, patients, ExposureSpec(spec.id, "exposure", "", spec.population)).cycles
    numbered = [c for c in given if c.cycle is not None]
    if not numbered:
        return None, events
    starts: dict[str, dict[int, int]] = {}
    for cycle in numbered:
        if cycle.first_day is not None and cycle.cycle is not None:
            starts.setdefault(cycle.patient, {})[cycle.cycle] = cycle.first_day
    return tuple(Unit(c.patient, c.cycle) for c in numbered), place_in_cycles(events, starts)


def _bands(spec: AdverseEventsSpec) -> tuple[tuple[str, GradeBand], ...]:
    """Category -> band; any grade is always counted, for the picture."""
    if spec.bands:
        return tuple((b, parse_band(b)) for b in dict.fromkeys((*spec.bands, "any")))
    return ("any", parse_band("any")), ("severe", replace(parse_band(f">={spec.severe_from}"), label="severe"))


def _names(material: Material, spec: AdverseEventsSpec, events: Sequence[AdverseEvent]) -> dict[str, str]:
    """Term -> the variable it is; any event first. Terms that differ only by a sign stay apart."""
    asked = tuple(dict.fromkeys(name_term(t).name for t in spec.terms)) or tuple(sorted({e.term for e in events}))
    found = unique_levels((ANY, PATIENTS, *asked))
    recorded = material.cohort.tables["adverse_events"].columns["term"]
    at = Place(material.results, spec.id, spec.population)
    for term in asked:
        called = sorted({str(recorded[e.row]) for e in events if e.term == term and e.row is not None})
        called = [name for name in called if name.casefold() != term.casefold()]
        if called:
            at.put(found[term], "text", ", ".join(called), category="recorded")
    return {ANY_TERM: ANY, **{term: found[term] for term in asked}}


def _term(
    at: Place, spec: AdverseEventsSpec, term: str, name: str, bands: Sequence[tuple[str, GradeBand]],
    worst: Sequence[WorstGrade], units: Sequence[Unit], events: Sequence[AdverseEvent],
) -> None:  # fmt: skip
    """All bands of one term over some units."""
    ungraded = sum(e.grade is None for e in events if term in (ANY_TERM, e.term))
    note = f"{ungraded} without a grade" if ungraded else ""
    for category, band in bands:
        found = count_band(term, band, worst, units, events)
        _share(at, spec, name, category, [u.patient for u in found.units], units, note=note)
        if found.unknown:
            at.put(name, "missing", len(found.unknown), category=category, unit=_unit(spec), n=found.of)
    records = count_band(term, parse_band("any"), worst, units, events).events
    at.put(name, "events", records, category="records", unit="events")


def _share(
    at: Place, spec: AdverseEventsSpec, name: str, category: str, owners: list[str], units: Sequence[Unit], *, note: str
) -> None:
    """n and share, of patients or of cycles."""
    if spec.unit == "patients":
        at.share(name, category, owners, [u.patient for u in units], note=note)
        return
    listed, total = at.results.keep_members(owners), len(units)
    at.put(name, "n", len(owners), category=category, unit="cycles", n=total, members_hash=listed, note=note)
    share = len(owners) / total if total else None
    at.put(
        name, "estimate", share, category=category, unit="proportion", method="proportion", n=total, why="no cycles",
        members_hash=listed, note=note,
    )  # fmt: skip


def _by_group(
    material: Material, at: Place, spec: AdverseEventsSpec, named: tuple[str, str],
    bands: Sequence[tuple[str, GradeBand]], worst: Sequence[WorstGrade], units: Sequence[Unit],
    events: Sequence[AdverseEvent],
) -> None:  # fmt: skip
    """Every band in every level, and a test of each band over the levels; cycles of one patient are not independent."""
    term, name = named
    group = material.group(spec.by, where=f"analysis {spec.id}")
    parts = {level: [u for u in units if group.of.get(u.patient) == level] for level in group.levels}
    for level, some in parts.items():
        here = Place(at.results, at.analysis, at.population, spec.by, level)
        if term == ANY_TERM:
            here.put(PATIENTS if spec.unit == "patients" else "cycles", "N", len(some), unit=_unit(spec))
        _term(here, spec, term, name, bands, worst, some, events)
    test_place = Place(at.results, at.analysis, at.population, spec.by)
    for category, band in bands:
        counts = [count_band(term, band, worst, some, events).n for some in parts.values()]
        table = np.array([[n, len(some) - n] for n, some in zip(counts, parts.values(), strict=True)], dtype=np.int64)
        test = compare_proportions(table.reshape(len(parts), 2))
        note = "cycles are taken as independent, which those of one patient are not" if spec.unit == "cycles" else ""
        test_place.put(
            name, "p", test.p, category=category, method=method_of_test(test, len(parts), 2), why=test.reason,
            note=note, n=int(table.sum()),
        )  # fmt: skip


def _days_on_drug(material: Material, patients: tuple[str, ...]) -> dict[str, int | None]:
    given = cycles_given(material, patients, ExposureSpec("", "exposure", "", "")).cycles
    known = {s.patient: s.days_on_drug for s in derive_patient_exposure(given)}
    return {p: known.get(p) for p in patients}


def _rate(at: Place, term: str, name: str, events: Sequence[AdverseEvent], days: dict[str, int | None]) -> None:
    """Events per 100 patient-days on drug, of those whose days are known."""
    found = derive_event_rate(term, parse_band("any"), events, days)
    note = f"{len(found.left_out)} patients without known days on drug left out" if found.left_out else ""
    at.put(
        name, "estimate", found.per_100_days, category="rate", unit="per 100 patient-days", n=found.days, note=note,
        why=found.reason or "no days on drug are recorded", members=found.patients,
    )  # fmt: skip


def _unit(spec: AdverseEventsSpec) -> str:
    return "" if spec.unit == "patients" else "cycles"
