"""The cycles a population was given, with their plans."""

from __future__ import annotations

from dataclasses import dataclass

from remission.analyses.material import Material
from remission.analyses.spec_treatment import ExposureSpec
from remission.core.errors import ProtocolError
from remission.endpoints.exposure.given import GivenCycle, derive_given_cycles, number_cycles
from remission.endpoints.exposure.infusions import read_infusions
from remission.endpoints.exposure.planned import PlannedCycle, derive_planned_cycle
from remission.endpoints.exposure.regimen import find_regimen


@dataclass(frozen=True)
class CyclesGiven:
    """cycles: as given, sorted.  plans: (patient, cycle) -> plan, empty without a regimen."""

    cycles: tuple[GivenCycle, ...]
    plans: dict[tuple[str, int], PlannedCycle]

    def of(self, patient: str) -> tuple[GivenCycle, ...]:
        """The cycles of one patient."""
        return tuple(c for c in self.cycles if c.patient == patient)


def cycles_given(material: Material, patients: tuple[str, ...], spec: ExposureSpec) -> CyclesGiven:
    """Cycles from the infusions. Raises: DataError where a record of an infusion is impossible, ProtocolError."""
    records = number_cycles(
        read_infusions(material.cohort.tables["infusions"], patients), new_cycle_after_days=spec.new_cycle_after_days
    )
    plans: dict[tuple[str, int], PlannedCycle] = {}
    if spec.regimen:
        regimen = find_regimen(spec.regimen)
        for patient, cycle in sorted({(r.patient, r.cycle) for r in records if r.cycle is not None}):
            weight, height = (_number(material, f"patients.{name}", patient) for name in ("weight_kg", "height_cm"))
            plans[patient, cycle] = derive_planned_cycle(
                regimen, cycle, weight_kg=weight, height_cm=height, length=spec.length,
                in_remission=_in_remission(material, spec, patient),
            )  # fmt: skip
    cycles = derive_given_cycles(
        records,
        planned_days={key: plan.days for key, plan in plans.items()},
        counts_from_days=spec.pauses_from_days,
        last_day=spec.last_day,
    )
    return CyclesGiven(cycles, plans)


def _number(material: Material, name: str, patient: str) -> float | None:
    value, sign = material.value(name, patient, {})
    return None if value is None or sign else float(value)


def _in_remission(material: Material, spec: ExposureSpec, patient: str) -> bool | None:
    """Whether an extension is not needed; None where it is not known or not asked."""
    if not spec.remission:
        return None
    where = f"analysis {spec.id} remission"
    if set(spec.remission) != {"group", "level"}:
        raise ProtocolError(
            what="study.toml: `remission` cannot be read.",
            code="bad-condition",
            where=where,
            expected='{ group = "response", level = "CR" }',
            todo="Write it in that form.",
        )
    level = material.group(spec.remission["group"], where=where).of.get(patient)
    return None if level is None else level == spec.remission["level"]
