"""Treatment as given, and against its plan, as rows: patients are patients and cycles are cycles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from remission.analyses.counts import Place
from remission.analyses.cycles_given import CyclesGiven, cycles_given
from remission.analyses.material import Material
from remission.analyses.spec_treatment import ExposureSpec
from remission.endpoints.exposure.given import GivenCycle, PatientExposure, derive_patient_exposure
from remission.endpoints.exposure.intensity import ShortCourse, derive_course_length, derive_dose_intensity
from remission.endpoints.exposure.vials import Bag, VialRule, derive_vials
from remission.stats import summarise

CYCLES = "cycles"
FIELDS = (
    "infusions.start_day", "infusions.end_day", "infusions.cycle", "infusions.dose_ug_per_day", "infusions.stop_reason",
)  # fmt: skip


def analyse_exposure(material: Material, spec: ExposureSpec) -> None:
    """Rows of one [[analysis]] of kind exposure.

    Of patients: `patients`, `cycles_started` (summary and `@K`), `days_on_drug`, `dose`, `paused`, `reduced`, `vials`.
    Of cycles (unit cycles): `cycles`, `cycle_days`, `paused_cycles`, `reduced_cycles`, `stopped_early`,
    `stop_reason@WORDS`, `dose_intensity`, `short_course`. `unknown@WORDS`: cycles of which something cannot be
    computed, and why. Nothing is guessed.
    """
    population = material.population(spec.population, where=f"analysis {spec.id}")
    at = Place(material.results, spec.id, spec.population)
    given = cycles_given(material, population.patients, spec)
    treated = tuple(dict.fromkeys(c.patient for c in given.cycles))
    at.count("patients", "N", population.patients, of=None)
    at.count("patients", "n", treated, of=len(population.patients))
    if not given.cycles:
        at.put("cycles", "N", None, why="no infusion is recorded", failed=True)
        return
    sums = derive_patient_exposure(given.cycles)
    _patients(at, spec, sums, given, treated)
    _cycles(at, spec, given)
    _plan(at, spec, given)
    _vials(at, spec, given, treated)
    reasons = [r for c in given.cycles for r in {c.reason, c.dose_reason} if r]
    reasons += [p.reason for p in given.plans.values() if p.reason]
    for reason in sorted(set(reasons)):
        at.put("unknown", "n", reasons.count(reason), category=reason, unit=CYCLES, n=len(given.cycles))
    for variable in dict.fromkeys(r.variable for r in material.results.rows.values() if r.analysis == spec.id):
        material.trace(spec.id, variable, FIELDS)


def _patients(
    at: Place, spec: ExposureSpec, sums: Sequence[PatientExposure], given: CyclesGiven, treated: tuple[str, ...]
) -> None:
    """Sums per patient, and how many were paused or reduced."""
    for variable, unit, values in (
        ("cycles_started", "", [(s.patient, s.cycles_started) for s in sums]),
        ("days_on_drug", "days-as-days", [(s.patient, s.days_on_drug) for s in sums]),
        ("dose", "µg", [(s.patient, s.dose_ug) for s in sums]),
    ):
        known = [(p, float(v)) for p, v in values if v is not None]
        at.summary(
            variable, [v for _, v in known], [p for p, _ in known], len(treated), unit=unit, quartiles=spec.quartiles
        )
    started = {s.patient: s.cycles_started for s in sums if s.cycles_started is not None}
    for k in sorted(set(started.values())):
        at.share("cycles_started", str(k), [p for p, n in started.items() if n == k], tuple(started))
    for variable, has in (("paused", _pauses), ("reduced", _reductions)):
        at.share(variable, "yes", [p for p in treated if any(has(c) for c in given.of(p))], treated)


def _pauses(cycle: GivenCycle) -> bool:
    return any(i.counts for i in cycle.interruptions)


def _reductions(cycle: GivenCycle) -> bool:
    return bool(cycle.reductions)


def _cycles(at: Place, spec: ExposureSpec, given: CyclesGiven) -> None:
    """Cycles as cycles: length, pauses, reductions."""
    cycles = given.cycles
    at.put("cycles", "N", len(cycles), unit=CYCLES, members=[c.patient for c in cycles])
    known = [c for c in cycles if c.days_on_drug is not None]
    at.summary(
        "cycle_days", [float(c.days_on_drug or 0) for c in known], [c.patient for c in known], len(cycles),
        unit="days-as-days", quartiles=spec.quartiles,
    )  # fmt: skip
    _share(at, "paused_cycles", [c for c in known if _pauses(c)], known)
    _share(at, "reduced_cycles", [c for c in known if c.reductions], known)
    lengths = [(c.patient, float(i.days)) for c in known for i in c.interruptions if i.counts]
    if lengths:
        at.summary(
            "pause_days", [d for _, d in lengths], [p for p, _ in lengths], len(lengths), unit="days-as-days",
            quartiles=spec.quartiles,
        )  # fmt: skip


def _plan(at: Place, spec: ExposureSpec, given: CyclesGiven) -> None:
    """Against the plan: stopped early and why, dose intensity, short courses."""
    if spec.regimen:
        held = [c for c in given.cycles if c.is_completed is not None]
        early = [c for c in held if c.is_stopped_early]
        _share(at, "stopped_early", early, held)
        for reason in sorted({c.stop_reason or "not recorded" for c in early}):
            some = [c for c in early if (c.stop_reason or "not recorded") == reason]
            _share(at, "stop_reason", some, early, category=reason)
        doses = [derive_dose_intensity(c, given.plans[c.patient, c.cycle]) for c in given.cycles if c.cycle is not None]
        known = [d for d in doses if d.relative_dose_intensity is not None]
        for stat in ("median", "q1", "q3", "min", "max"):
            _relative(
                at, spec, stat, [100 * float(d.relative_dose_intensity or 0) for d in known], [d.patient for d in known]
            )
        at.put("dose_intensity", "n", len(known), unit=CYCLES, n=len(given.cycles))
    if spec.short_below_days is not None:
        rule = ShortCourse(spec.short_below_days, spec.full_dose_ug)
        lengths = [(c, derive_course_length(c, rule, given.plans.get((c.patient, c.cycle or 0)))) for c in given.cycles]
        told = [(c, found.is_short) for c, found in lengths if found.is_short is not None]
        _share(at, "short_course", [c for c, is_short in told if is_short], [c for c, _ in told])


def _relative(at: Place, spec: ExposureSpec, stat: str, values: list[float], owners: list[str]) -> None:
    found = summarise(values, kind=spec.quartiles)
    name = {"min": "minimum", "max": "maximum"}.get(stat, stat)
    at.put(
        "dose_intensity", stat, getattr(found, name), unit="%", why=found.reason or "no cycle", n=len(values),
        method=f"quantile-type{spec.quartiles}" if stat in ("median", "q1", "q3") else "range", members=owners,
    )  # fmt: skip


def _vials(at: Place, spec: ExposureSpec, given: CyclesGiven, treated: tuple[str, ...]) -> None:
    """Vials per patient and in all, and what they cost."""
    price = None if spec.price is None else Decimal(repr(spec.price))
    rule = VialRule(tuple(Bag(h, spec.overfill) for h in spec.bag_hours), spec.vial_ug, price)
    used = [derive_vials(c, rule) for c in given.cycles]
    by_patient: dict[str, int | None] = dict.fromkeys(treated, 0)
    for one in used:
        before = by_patient[one.patient]
        by_patient[one.patient] = None if before is None or one.vials is None else before + one.vials
    known = [(p, float(v)) for p, v in by_patient.items() if v is not None]
    at.summary(
        "vials", [v for _, v in known], [p for p, _ in known], len(treated), unit="vials", quartiles=spec.quartiles
    )
    costs = [u.cost for u in used]
    if price is not None:
        total = None if None in costs else float(sum((c for c in costs if c is not None), Decimal(0)))
        at.put("cost", "value", total, unit=spec.currency, why="the vials of some cycles cannot be computed")


def _share(
    at: Place, variable: str, some: Sequence[GivenCycle], among: Iterable[GivenCycle], *, category: str = "yes"
) -> None:
    """n and share of cycles, named as cycles."""
    total, listed = len(tuple(among)), at.results.keep_members([c.patient for c in some])
    at.put(variable, "n", len(some), category=category, unit=CYCLES, n=total, members_hash=listed)
    share = len(some) / total if total else None
    at.put(
        variable, "estimate", share, category=category, unit="proportion", method="proportion", n=total,
        why="no cycle of which it is known", members_hash=listed,
    )  # fmt: skip
