"""What the ward is drawn from: published rates (targets.toml), choices (model.toml), laboratory tests (labs.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from remission.core.settings import load

T = TypeVar("T")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """One paper: how many patients it treated, their ages."""

    label: str
    citation: str
    patients: int
    age_median_years: float
    age_low_years: float
    age_high_years: float


@dataclass(frozen=True)
class Rate:
    """A published count. slack: how far a large ward may lie from it beyond chance, because of `why`."""

    measure: str
    events: int
    n: int
    source: str
    slack: float = 0.0
    why: str = ""

    @property
    def share(self) -> float:
        return self.events / self.n


@dataclass(frozen=True)
class SurvivalTarget:
    """A published probability.

    PFS counts patients without remission as events at the first marrow; RFS is of responders.
    """

    measure: Literal["OS", "RFS", "PFS"]
    who: Literal["all", "responders"]
    at_months: float
    probability: float
    source: str


@dataclass(frozen=True)
class HarmRate:
    """Patients (or cycles) with an adverse event, and those of grade 3 or more; n where it is not that of the table."""

    term: str
    any: int
    severe: int
    n: int | None = None


@dataclass(frozen=True)
class Harm:
    """The table of adverse events of one paper."""

    unit: Literal["patient", "cycle"]
    n: int
    source: str
    events: tuple[HarmRate, ...]


@dataclass(frozen=True)
class FusionGenes:
    """Fusion genes other than BCR-ABL1, among all n patients of one paper."""

    source: str
    n: int
    counts: dict[str, int]


@dataclass(frozen=True)
class Targets:
    """targets.toml."""

    settings: dict[str, Setting]
    rates: dict[str, tuple[Rate, ...]]
    survival: dict[str, tuple[SurvivalTarget, ...]]
    harm: dict[str, Harm]
    fusion_genes: FusionGenes


@dataclass(frozen=True)
class After:
    """The part of the illness-death model no paper prints."""

    death_in_remission_share: float
    death_after_relapse_per_month: float


@dataclass(frozen=True)
class Delay:
    """Days from the end of a course to the next treatment: lognormal, cut at low and high."""

    median: float
    spread: float
    low: float
    high: float


@dataclass(frozen=True)
class Model:
    """model.toml."""

    first_marrow_day: int
    first_start: str
    last_start: str
    cutoff: str
    longest_since_visit_days: int
    lost_per_year: float
    after: dict[str, After]
    days_to_next: dict[str, Delay]
    timing: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Panel:
    """Tests taken together. share: of patients; days: since the start."""

    share: float
    days: tuple[int, ...]


@dataclass(frozen=True)
class LabTest:
    """One laboratory test: a median for each day of its panel, and of cytokines one for the onset of CRS or ICANS."""

    panel: str
    unit: str
    medians: tuple[float, ...]
    low: float
    high: float
    digits: int
    floor: float | None = None
    printed: bool = False


@dataclass(frozen=True)
class Labs:
    """labs.toml."""

    panels: dict[str, Panel]
    tests: dict[str, LabTest]


@dataclass(frozen=True)
class Book:
    """Everything the ward is drawn from. Settings have numbers, in the order of targets.toml."""

    targets: Targets
    model: Model
    labs: Labs = field(repr=False)

    @cached_property
    def settings(self) -> tuple[str, ...]:
        return tuple(self.targets.settings)

    @cached_property
    def weights(self) -> Floats:
        """Shares of the settings in the ward: those of the papers' patients."""
        counts = np.array([s.patients for s in self.targets.settings.values()], float)
        return np.asarray(counts / counts.sum())

    def rate(self, measure: str) -> Floats:
        """The probability of something in each setting; where a paper is silent, that of the others together."""
        found = {name: self._find(name, measure) for name in self.settings}
        known = [r for r in found.values() if r is not None]
        pooled = sum(r.events for r in known) / sum(r.n for r in known) if known else 0.0
        return np.array([pooled if (r := found[name]) is None else r.share for name in self.settings])

    def has(self, setting: str, measure: str) -> bool:
        """Whether the paper of a setting prints the measure."""
        return self._find(setting, measure) is not None

    def _find(self, setting: str, measure: str) -> Rate | None:
        return next((r for r in self.targets.rates[setting] if r.measure == measure), None)


@cache
def load_book() -> Book:
    """Read the packaged files. Raises: ProtocolError where one of them has an unknown key."""
    return Book(_read(Targets, "targets.toml"), _read(Model, "model.toml"), _read(Labs, "labs.toml"))


def _read(cls: type[T], name: str) -> T:
    text = resources.files("remission.synth").joinpath(name).read_text(encoding="utf-8")
    table: Mapping[str, object] = tomllib.loads(text)
    return load(cls, table, where=name)
