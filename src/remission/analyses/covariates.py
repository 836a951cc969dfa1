"""Covariates of a model as columns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from remission.analyses.baseline import variable_name
from remission.analyses.counts import Place
from remission.analyses.material import Material
from remission.core.errors import ProtocolError


class Described(Protocol):
    """What a specification says of its covariates: which records they are read from, and their units."""

    @property
    def where(self) -> Mapping[str, Mapping[str, object]]: ...
    @property
    def per(self) -> Mapping[str, float]: ...


@dataclass(frozen=True)
class Covariate:
    """One covariate of the evaluable patients.

    Args: terms: names of its columns; levels beside the reference, or the name itself.  matrix: (n, k), NaN missing.
    reference: the first level, "" for a number.  levels: patient positions by level.  unit: of a number's ratio.
    signed: patients whose value is a limit of the assay that stands for the value beyond it.
    """

    variable: str
    terms: tuple[str, ...]
    matrix: NDArray[np.float64]
    reference: str
    levels: dict[str, tuple[int, ...]]
    unit: str
    field: str
    signed: tuple[str, ...] = ()


def covariate_of(material: Material, spec: Described, name: str, patients: tuple[str, ...], where: str) -> Covariate:
    """One covariate of some patients: a group's levels against the first, or a number per so many units."""
    kind, _, rest = name.partition(".")
    n = len(patients)
    if kind == "group":
        group = material.group(rest, where=where)
        of = [group.of.get(p) for p in patients]
        present = [level for level in group.levels if level in of]
        matrix = np.full((n, max(len(present) - 1, 0)), np.nan)
        for i, level in enumerate(of):
            if level is not None:
                matrix[i] = [float(level == other) for other in present[1:]]
        levels = {level: tuple(i for i, v in enumerate(of) if v == level) for level in present}
        return Covariate(rest, tuple(present[1:]), matrix, present[0] if present else "", levels, "", name)
    field = material.field_spec(name, where=where)
    per = spec.per.get(name, 1.0)
    if not 0 < per < math.inf:
        raise ProtocolError(
            what=f"study.toml: a ratio of `{name}` cannot be per {per:g} units.",
            code="bad-per",
            where=f"{where} per",
            expected="a number above 0",
            todo="Correct it, or leave it out: the ratio is then per one unit.",
        )
    found = [material.value(name, p, spec.where.get(kind, {})) for p in patients]
    matrix = np.array([[np.nan if v is None else float(v) / per] for v, _ in found])
    signed = tuple(p for p, (_, sign) in zip(patients, found, strict=True) if sign)
    unit = f"per {per:g} {field.unit}".strip()
    return Covariate(variable_name(name), ("",), matrix, "", {}, unit, name, signed)


def write_limits(at: Place, covariate: Covariate, patients: tuple[str, ...]) -> None:
    """How many values lie beyond a limit of the assay, which stands for them."""
    if covariate.signed:
        at.count(f"{covariate.variable}_limit", "n", covariate.signed, of=len(patients))


def write_levels(
    place: Place,
    covariate: Covariate,
    patients: tuple[str, ...],
    is_event: NDArray[np.bool_],
    complete: NDArray[np.bool_],
) -> None:
    """Patients and events of every level that are in the model; the reference is said to be one."""
    if not covariate.reference:
        return
    place.put(covariate.variable, "text", "reference", category=covariate.reference)
    name = f"{covariate.variable}_level"
    for level, positions in covariate.levels.items():
        inside = [i for i in positions if complete[i]]
        place.count(name, "N", [patients[i] for i in inside], of=None, category=level)
        place.count(name, "events", [patients[i] for i in inside if is_event[i]], of=len(inside), category=level)
