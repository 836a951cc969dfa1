"""A ward as sheets: columns headed as wards head them, one sheet for each table of the cohort."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from remission.cohort.schema import load_schema
from remission.synth.course import NEVER
from remission.synth.marrow import FLOOR_PERCENT
from remission.synth.ward import Ward

Cell = str | int | float | dt.date | None
Values = npt.NDArray[np.generic]


@dataclass(frozen=True)
class Column:
    """One column. to: "table.field" of the schema.  values: what its texts mean, where the schema does not know them.

    floor: the limit of the assay.  marks: signs behind a text, and the field each sets.
    """

    header: str
    to: str
    values: dict[str, str] = field(default_factory=dict)
    floor: float | None = None
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        table, _, name = self.to.partition(".")
        return load_schema().field(table, name).type


@dataclass(frozen=True)
class Sheet:
    """One sheet: what it is called and its columns. rows: its columns' values, drawn from a ward."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Ward, int], tuple[Sequence[Cell], ...]] = field(repr=False)

    @property
    def title(self) -> str:
        """The name of the sheet in a workbook and in findings."""
        return f"{self.name} (synthetic)"

    @property
    def file(self) -> str:
        """The name of its text file."""
        return f"synthetic_{self.name.lower().replace(' ', '_')}.csv"


def ids(ward: Ward, patient: npt.NDArray[np.int64], total: int) -> list[str]:
    """Ids that say what they are: SYN-0001; as many digits as the whole ward needs."""
    width = max(4, len(str(total)))
    names = [f"SYN-{number:0{width}d}" for number in range(ward.first, ward.first + len(ward))]
    return [names[i] for i in patient.tolist()]


def centre_name(number: int) -> str:
    """Centres are numbered; no name of a hospital is made up."""
    return f"Centre {number + 1}"


def dates(ward: Ward, patient: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> list[dt.date | None]:
    """Calendar dates of days since each patient's first infusion; None for what never was."""
    is_known = day < NEVER
    found = ward.patients.start_date[patient] + np.where(is_known, day, 0).astype("timedelta64[D]")
    texts = found.astype("datetime64[D]").tolist()
    return [date if known else None for date, known in zip(texts, is_known.tolist(), strict=True)]


def words(flags: npt.NDArray[np.bool_]) -> list[str]:
    """Yes and no."""
    return ["yes" if flag else "no" for flag in flags.tolist()]


def numbers(values: npt.NDArray[np.float64]) -> list[Cell]:
    """Whole numbers without a point."""
    return [int(v) if v.is_integer() else v for v in values.tolist()]


def texts(values: npt.NDArray[np.object_]) -> list[Cell]:
    """Codes; an empty one is an empty cell."""
    return [v or None for v in values.tolist()]


def _everybody(ward: Ward) -> npt.NDArray[np.int64]:
    return np.arange(len(ward))


def _patients(ward: Ward, total: int) -> tuple[Sequence[Cell], ...]:
    p, everybody = ward.patients, _everybody(ward)
    return (
        ids(ward, everybody, total),
        [centre_name(c) for c in p.centre.tolist()],
        numbers(p.age_years),
        np.where(p.is_male, "male", "female").tolist(),
        numbers(p.weight_kg),
        numbers(p.height_cm),
        texts(p.status),
        p.prior_lines.tolist(),
        words(p.has_prior_hsct),
        texts(p.genetic_risk),
        texts(p.fusion_gene),
        words(p.is_ph_positive),
        words(p.has_extramedullary),
        words(p.has_cns),
        numbers(p.wbc_10e9_l),
        dates(ward, everybody, p.diagnosis_day),
        dates(ward, everybody, np.zeros(len(ward), np.int64)),
    )


def _infusions(ward: Ward, total: int) -> tuple[Sequence[Cell], ...]:
    i = ward.infusions
    return (
        ids(ward, i.patient, total),
        i.cycle.tolist(),
        dates(ward, i.patient, i.start_day),
        dates(ward, i.patient, i.end_day),
        numbers(i.dose_ug_per_day),
        texts(i.stop_reason),
    )


def _marrow(ward: Ward, total: int) -> tuple[Sequence[Cell], ...]:
    m = ward.marrows
    return (
        ids(ward, m.patient, total),
        texts(m.visit),
        dates(ward, m.patient, m.day),
        numbers(m.blasts_percent),
        numbers(m.mrd_percent),
        texts(m.mrd_reported),
        texts(m.response_reported),
        numbers(m.hb_g_l),
        numbers(m.anc_10e9_l),
        numbers(m.platelets_10e9_l),
    )


def _labs(ward: Ward, total: int) -> tuple[Sequence[Cell], ...]:
    v = ward.labs
    tests = list(ward.book.labs.tests.items())
    name, unit = [t for t, _ in tests], [t.unit for _, t in tests]
    which = v.test.tolist()
    value = [f"{sign}{x:g}" if sign else x for sign, x in zip(v.sign.tolist(), v.value.tolist(), strict=True)]
    return (
        ids(ward, v.patient, total),
        dates(ward, v.patient, v.day),
        [name[i] for i in which],
        value,
        [unit[i] for i in which],
    )


_DONORS = ("haploidentical", "matched sibling", "unrelated")
_GRAFTS = ("peripheral blood", "marrow and blood", "cord blood")


def _therapies(ward: Ward, total: int) -> tuple[Sequence[Cell], ...]:
    """Earlier treatments without a date, the next one, and what was given after a relapse."""
    everybody, c, n = _everybody(ward), ward.course, len(ward)
    before = np.full(n, "before", dtype=object)
    after = np.full(n, "after", dtype=object)
    never = np.full(n, NEVER)
    blocks = [
        (np.ones(n, bool), "chemotherapy", before, never),
        (ward.patients.has_prior_cart, "CAR-T", before, never),
        (ward.patients.has_prior_hsct, "HSCT", before, never),
        (c.next_kind != "", c.next_kind, after, c.next_day),
        (c.salvage_kind != "", c.salvage_kind, after, c.salvage_day),
    ]
    patient = np.concatenate([everybody[who] for who, *_ in blocks])
    kind = np.concatenate([np.broadcast_to(np.asarray(k, dtype=object), n)[who] for who, k, *_ in blocks])
    relation = np.concatenate([r[who] for who, _, r, _ in blocks])
    day = np.concatenate([d[who] for who, *_, d in blocks])
    order = np.lexsort((day, relation != "before", patient))
    patient, kind, relation, day = patient[order], kind[order], relation[order], day[order]
    # what is known of a graft follows from numbers already drawn, so that this sheet needs no generator
    number = np.where((kind == "HSCT") & (relation == "after"), (patient + day) % 100, -1).tolist()
    return (
        ids(ward, patient, total),
        texts(kind),
        texts(relation),
        dates(ward, patient, day),
        *_grafts(number),
    )


def _grafts(number: Sequence[int]) -> tuple[list[Cell], ...]:
    """Donor, source and engraftment of each graft; nothing where the number is -1. Donors as in Wang 2025, Table 1."""
    return (
        [_DONORS[0 if x < 64 else 1 if x < 82 else 2] if x >= 0 else None for x in number],
        [_GRAFTS[0 if x % 10 < 5 else 1 if x % 10 < 8 else 2] if x >= 0 else None for x in number],
        [10 + x % 9 if x >= 0 else None for x in number],
        [9 + x % 17 if x >= 0 else None for x in number],
    )


def _events(ward: Ward, total: int) -> tuple[Sequence[Cell], ...]:
    e = ward.events
    return (
        ids(ward, e.patient, total),
        e.cycle.tolist(),
        texts(e.term),
        e.grade.tolist(),
        dates(ward, e.patient, e.start_day),
        dates(ward, e.patient, e.end_day),
    )


def _outcomes(ward: Ward, total: int) -> tuple[Sequence[Cell], ...]:
    c, everybody = ward.course, _everybody(ward)
    remission = np.where(ward.response.is_remission, ward.book.model.first_marrow_day, NEVER)
    relapse = np.where(ward.response.is_remission, np.where(c.relapse_day < NEVER, "yes", "no"), "").astype(object)
    return (
        ids(ward, everybody, total),
        dates(ward, everybody, remission),
        texts(relapse),
        dates(ward, everybody, c.relapse_day),
        np.where(c.is_dead, "dead", "alive").tolist(),
        dates(ward, everybody, c.end_day),
        dates(ward, everybody, c.death_day),
        texts(c.cause_of_death),
    )


def _columns(table: str, named: Sequence[tuple[str, str]], **more: Column) -> tuple[Column, ...]:
    own = [Column(header, f"{table}.{name}") for header, name in [("Patient ID", "patient"), *named]]
    return tuple(more.get(c.to.partition(".")[2], c) for c in own)


SHEETS = (
    Sheet(
        "Patients",
        _columns(
            "patients",
            [
                ("Centre", "centre"), ("Age (years)", "age_years"), ("Sex", "sex"), ("Weight (kg)", "weight_kg"),
                ("Height (cm)", "height_cm"), ("Disease status", "disease_status"), ("Prior lines", "prior_lines"),
                ("Prior HSCT", "prior_hsct"), ("Genetic risk", "genetic_risk"),
                ("Fusion gene at diagnosis", "fusion_gene"),
                ("Ph+", "ph_positive"), ("Extramedullary disease", "extramedullary"), ("CNS disease", "cns"),
                ("WBC (10^9/L)", "wbc_10e9_l"), ("Date of diagnosis", "diagnosis_day"),
                ("Date of first infusion", "first_infusion_day"),
            ],
        ),
        _patients,
    ),
    Sheet(
        "Infusions",
        _columns(
            "infusions",
            [
                ("Cycle", "cycle"), ("Infusion start", "start_day"), ("Infusion end", "end_day"),
                ("Dose (µg/day)", "dose_ug_per_day"), ("Reason for stopping", "stop_reason"),
            ],
        ),
        _infusions,
    ),
    Sheet(
        "Marrow",
        _columns(
            "marrow",
            [
                ("Visit", "visit"), ("Marrow date", "day"), ("Blasts %", "blasts_percent"), ("MRD %", "mrd_percent"),
                ("MRD status", "mrd_reported"), ("Response", "response_reported"), ("Hb (g/L)", "hb_g_l"),
                ("ANC (10^9/L)", "anc_10e9_l"), ("PLT", "platelets_10e9_l"),
            ],
            mrd_percent=Column("MRD %", "marrow.mrd_percent", floor=FLOOR_PERCENT),
        ),
        _marrow,
    ),
    Sheet(
        "Laboratory",
        _columns("labs", [("Lab date", "day"), ("Test", "test"), ("Value", "value"), ("Unit", "unit")]),
        _labs,
    ),
    Sheet(
        "Therapies",
        _columns(
            "therapies",
            [
                ("Treatment", "kind"), ("Before/after", "relation"), ("Treatment date", "start_day"),
                ("Donor", "donor"), ("Graft source", "graft_source"),
                ("Neutrophil engraftment (days)", "neutrophil_engraftment_days"),
                ("Platelet engraftment (days)", "platelet_engraftment_days"),
            ],
        ),
        _therapies,
    ),
    Sheet(
        "Adverse events",
        _columns(
            "adverse_events",
            [
                ("Cycle", "cycle"), ("Adverse event", "term"), ("Grade", "grade"), ("Onset date", "start_day"),
                ("End date", "end_day"),
            ],
        ),
        _events,
    ),
    Sheet(
        "Outcomes",
        _columns(
            "outcomes",
            [
                ("Date of CR", "remission_day"), ("Relapse", "relapse"), ("Date of relapse", "relapse_day"),
                ("Status", "status"), ("Date of last contact", "last_contact_day"), ("Date of death", "death_day"),
                ("Cause of death", "cause_of_death"),
            ],
        ),
        _outcomes,
    ),
)  # fmt: skip
SHEET_NAMES = tuple(sheet.name for sheet in SHEETS)
