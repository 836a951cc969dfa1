"""What can be asked of the treatment and of its harm."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from remission.analyses.spec_patients import Plan


@dataclass(frozen=True)
class ExposureSpec:
    """Blinatumomab as given, and held against a plan: cycles, days on drug, dose, pauses, reductions, vials, cost.

    Args: regimen: a planned regimen of the library; empty: nothing is held against a plan.  length: which end of a
    planned range.  remission: the group and level that decide an extension ({group = "response", level = "CR"}).
    pauses_from_days: a pause of at least so many days counts.  last_day: is the day of the end "on drug" or the day on
    which it was "stopped"?  new_cycle_after_days: where no cycle is recorded, so many days without drug end one.
    short_below_days: a cycle with fewer days on full dose is a short course; full_dose_ug: that dose, by default the
    highest planned one.  vial_ug, bag_hours, overfill, price, currency: of a vial.
    """

    id: str
    kind: Literal["exposure"]
    title: str
    population: str
    regimen: str = ""
    length: Literal["shortest", "longest"] = "shortest"
    remission: dict[str, str] = field(default_factory=dict)
    pauses_from_days: int = 1
    last_day: Literal["on drug", "stopped"] = "on drug"
    new_cycle_after_days: int = 7
    short_below_days: int | None = None
    full_dose_ug: float | None = None
    vial_ug: float = 35.0
    bag_hours: tuple[int, ...] = (24,)
    overfill: float = 1.0
    price: float | None = None
    currency: str = ""
    quartiles: int = 2
    plan: Plan = "planned"
    note: str = ""


@dataclass(frozen=True)
class AdverseEventsSpec:
    """Adverse events by the worst grade of each patient, or of each cycle; events are counted apart.

    Args: bands: of grades, in order ("any", "1-2", ">=3", "0"); empty: any, and severe_from and above.  unit: what is
    counted.  by: a group whose levels are columns, with a test of each band.  terms: which, in order; empty: all, the
    most frequent first.  rates: events per 100 patient-days on drug as well.  labs: laboratory values from after day 0
    graded by CTCAE, beside the recorded events ("also") or without them ("only").  normal: test -> limits of normal
    ({unit = "U/L", lower = 5, upper = 40}).  ctcae: the version of these grades.
    """

    id: str
    kind: Literal["adverse-events"]
    title: str
    population: str
    severe_from: int = 3
    grading: str = "CTCAE v5.0"
    bands: tuple[str, ...] = ()
    unit: Literal["patients", "cycles"] = "patients"
    by: str = ""
    terms: tuple[str, ...] = ()
    rates: bool = False
    labs: Literal["", "also", "only"] = ""
    normal: dict[str, dict[str, object]] = field(default_factory=dict)
    ctcae: str = "v5"
    plan: Plan = "planned"
    note: str = ""
