"""The guard: survival grouped by something known only after the origin is biased, and is said to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from remission.analyses.material import Material
from remission.core.errors import ProtocolError
from remission.endpoints.groups import Grouped
from remission.endpoints.known import RECORD_DAY

NAIVE = "naive, biased: the groups were not known at the start, so only patients who lived long enough could be in them"

MEASURED_LATE = (
    "measured after the start in some patients, or at a time not recorded: choose the records by `where`, such as"
    ' { visit = "before" }'
)

SELECTED = (
    "the population was formed after the start: its survival from the start includes the time its patients had to live"
    " to be in it"
)


def is_naive_rate(of: Grouped, by: Grouped) -> bool:
    """Is this a count of deaths or relapses by something known only after the origin? It has the bias of the curves."""
    return not by.is_baseline and any(f.startswith("outcomes.") for f in of.fields)


def is_measured_late(
    material: Material, name: str, patients: Iterable[str], where: Mapping[str, object], *, first_start: int = 0
) -> bool:
    """Is the value of "table.field" of anybody from after the start, or of a time that nobody can say?

    A record without a day is from before the treatment where its visit says so. Outcomes are always late.
    """
    table = name.partition(".")[0]
    if table == "outcomes":
        return True
    if table not in RECORD_DAY:
        return False
    columns = material.cohort.tables[table].columns
    days, visits = columns.get(RECORD_DAY[table]), columns.get("visit")
    began = material.cohort.tables["patients"].columns.get("first_infusion_day", [])
    origin_is_early = any(isinstance(d, int | float) and d > 0 for d in began)
    for patient in patients:
        i = material.place_of(name, patient, where)
        if i is None:
            continue
        day = days[i] if days else None
        pinned = bool(visits) and visits is not None and visits[i] == "before" and not origin_is_early
        if isinstance(day, int | float):
            if day > first_start:
                return True
        elif not pinned:
            return True
    return False


@dataclass(frozen=True)
class Verdict:
    """naive: must the comparison from the start be marked?  landmark_days: the day from which groups are fair."""

    naive: bool
    landmark_days: int | None = None
    reason: str = ""


def judge(group: Grouped, landmark_days: int | None, *, analysis: str, first_start: int = 0) -> Verdict:
    """Is grouping by this group fair from the start, and if not, from which day?

    Args: landmark_days: as study.toml asks, since the start of the endpoint.  first_start: the earliest start of the
    endpoint among the patients, in days since the origin: a group known by day 29 is known at every start after it.
    Raises: ProtocolError `landmark-too-early` where the landmark asked for is before the groups are known.
    """
    if group.is_baseline and first_start >= 0:
        return Verdict(False)
    if group.known_by_day is None:
        why = f"the day by which `{group.label}` was known is not recorded for everybody; name it as known_by_day"
        return Verdict(True, None, f"no landmark can be set: {why}")
    known = group.known_by_day - first_start
    if known <= 0:
        return Verdict(False)
    if landmark_days is not None and landmark_days < known:
        raise ProtocolError(
            what=f"study.toml: the landmark of day {landmark_days} is before the group `{group.name}` is known.",
            code="landmark-too-early",
            where=f"analysis {analysis}",
            expected=f"a landmark on or after day {known}",
            todo="Choose a later landmark, or leave it out: the day is then the one by which the group is known.",
        )
    day = landmark_days if landmark_days is not None else known
    return Verdict(True, day, group.reason if day == known else "as study.toml asks")
