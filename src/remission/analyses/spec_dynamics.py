"""What can be asked of measurements that are repeated: laboratory values, T cells, cytokines, MRD."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from remission.analyses.spec_patients import Plan

WINDOW = re.compile(r"^\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*$")


@dataclass(frozen=True)
class DynamicsSpec:
    """Measurements of the same patients at two or more visits: medians, paired changes, changes between groups.

    Args: measures: codes of labs.test ("CD3") or fields of the marrow ("marrow.mrd_percent"), in order.  visits: name
    -> the visit as recorded ("before") or a window of days ("12 .. 18", both ends); the first is compared with the
    others.  pick: which of several values within a visit.  by: a group whose changes are compared.  adjust: of the
    p-values of all measures of one comparison.  labels: measure -> what it is called.  is_log: a logarithmic axis.
    up_to: the largest population whose values are drawn one by one.
    """

    id: str
    kind: Literal["dynamics"]
    title: str
    population: str
    measures: tuple[str, ...]
    visits: dict[str, str]
    pick: Literal["first", "last"] = "first"
    by: str = ""
    adjust: Literal["none", "holm", "benjamini-hochberg"] = "none"
    labels: dict[str, str] = field(default_factory=dict)
    is_log: bool = field(default=False, metadata={"key": "log"})
    up_to: int = 300
    quartiles: int = 2
    plan: Plan = "planned"
    note: str = ""

    @property
    def reference(self) -> str:
        """The visit the others are compared with."""
        return next(iter(self.visits))

    @property
    def later(self) -> tuple[str, ...]:
        """The other visits, in order."""
        return tuple(self.visits)[1:]
