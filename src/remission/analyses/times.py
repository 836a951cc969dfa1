"""The times of an endpoint in a population, as arrays; those without a time are counted with the reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.endpoints.engine import Endpoint

CAUSE = {"censored": 0, "event": 1, "competing": 2}


@dataclass(frozen=True)
class Times:
    """Evaluable patients side by side: days, cause (0 censored, 1 event, 2 competing), and the others with reasons."""

    patients: tuple[str, ...]
    days: NDArray[np.int64]
    cause: NDArray[np.int64]
    not_evaluable: tuple[str, ...] = ()
    reasons: str = ""

    def only(self, keep: NDArray[np.bool_]) -> Times:
        """The patients marked True."""
        return Times(tuple(p for p, k in zip(self.patients, keep, strict=True) if k), self.days[keep], self.cause[keep])


def times_of(endpoint: Endpoint, patients: tuple[str, ...]) -> Times:
    """Split a population into those with a time and those without, with the reasons counted in words."""
    kept, days, cause, out = [], [], [], []
    reasons: dict[str, int] = {}
    for patient in patients:
        row = endpoint.rows.get(patient)
        if row is not None and row.days is not None:
            kept.append(patient)
            days.append(row.days)
            cause.append(CAUSE[row.status])
            continue
        out.append(patient)
        why = row.because if row is not None else "not in the numbering of the patients"
        reasons[why] = reasons.get(why, 0) + 1
    words = "; ".join(f"{why} ({n})" for why, n in sorted(reasons.items()))
    return Times(tuple(kept), np.array(days, dtype=np.int64), np.array(cause, dtype=np.int64), tuple(out), words)
