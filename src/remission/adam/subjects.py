"""ADSL: one row for each patient, with what was known at the start, the groups and the populations."""

from __future__ import annotations

from remission.adam.dataset import Cell, Dataset, Variable, make_dataset, short_label, study_day
from remission.analyses.material import Material
from remission.endpoints.groups import Grouped
from remission.endpoints.spec import GroupSpec

# field of patients -> variable; what a study did not record has no column
_FIELDS: tuple[tuple[str, Variable], ...] = (
    ("centre", Variable("SITEID", "Study Site Identifier", "string")),
    ("age_years", Variable("AGE", "Age", "float")),
    ("sex", Variable("SEX", "Sex", "string")),
    ("arm", Variable("ARM", "Description of Planned Arm", "string")),
    ("weight_kg", Variable("WEIGHTBL", "Weight at Baseline (kg)", "float")),
    ("height_cm", Variable("HEIGHTBL", "Height at Baseline (cm)", "float")),
    ("disease_status", Variable("DISSTAT", "Disease Status at Baseline", "string")),
    ("prior_lines", Variable("PRLINES", "Previous Lines of Treatment", "float")),
    ("genetic_risk", Variable("GENRISK", "Genetic Risk", "string")),
    ("ph_positive", Variable("PHPOS", "Philadelphia Chromosome", "string")),
    ("extramedullary", Variable("EMDBL", "Extramedullary Disease at Baseline", "string")),
    ("cns", Variable("CNSBL", "CNS Disease at Baseline", "string")),
    ("prior_hsct", Variable("PRHSCT", "Previous Transplantation", "string")),
    ("wbc_10e9_l", Variable("WBCBL", "White Cell Count at Baseline (10^9/L)", "float")),
)
_ALWAYS = (
    Variable("STUDYID", "Study Identifier", "string", key=1),
    Variable("USUBJID", "Unique Subject Identifier", "string", key=2),
    Variable("SUBJID", "Subject Identifier for the Study", "string"),
)
_CODES = {"sex": {"male": "M", "female": "F"}}


def subject_id(study: str, patient: str) -> str:
    """USUBJID: the study and the patient's number in it."""
    return f"{study}-{patient}"


def make_adsl(material: Material, *, study: str) -> Dataset:
    """Every patient of the cohort, those left out of every population too."""
    recorded = [(name, v) for name, v in _FIELDS if material.is_recorded(f"patients.{name}")]
    groups, populations = list(material.groups.values()), list(material.populations.values())
    flags = [Variable(f"POP{i:02}FL", short_label(p.label), "string") for i, p in enumerate(populations, 1)]
    levels = [Variable(f"GRP{i:02}", short_label(g.label), "string") for i, g in enumerate(groups, 1)]
    death = [Variable("DTHFL", "Subject Death Flag", "string"), Variable("DTHDY", "Study Day of Death", "integer")]
    members = [frozenset(p.patients) for p in populations]
    rows = []
    for patient in material.cohort.patients:
        row: list[Cell] = [study, subject_id(study, patient), patient]
        row += [_value(material, name, patient) for name, _ in recorded]
        row += ["Y" if patient in those else "N" for those in members]
        row += [_level(g, patient) for g in groups]
        row += _death(material, patient)
        rows.append(row)
    variables = (*_ALWAYS, *(v for _, v in recorded), *flags, *levels, *death)
    return make_dataset("ADSL", "Subject-Level Analysis Dataset", variables, rows)


def _level(group: Grouped, patient: str) -> Cell:
    """The level, or the words of the rest where study.toml gives them some."""
    return group.of.get(patient) or (None if group.otherwise == GroupSpec.otherwise else group.otherwise)


def _value(material: Material, name: str, patient: str) -> Cell:
    value = material.value(f"patients.{name}", patient, {})[0]
    return _CODES[name].get(str(value)) if name in _CODES and value is not None else value


def _death(material: Material, patient: str) -> list[Cell]:
    """Whether and when; "N" only where the state is recorded as alive."""
    status = material.value("outcomes.status", patient, {})[0]
    day = material.value("outcomes.death_day", patient, {})[0]
    flag = {"dead": "Y", "alive": "N"}.get(str(status))
    return [flag, study_day(day) if flag == "Y" else None]
