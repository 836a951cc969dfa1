"""The times of an endpoint in a population, as arrays; those without a time are counted with the reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.endpoints.engine import Endpoint

CAUSE = {"censored": 0, "event": 1, "competing": 2}


@dataclass(frozen=True)
class Times:
    """Evaluable patients side by side, and the others with reasons.

    Args: days: since the start of the endpoint.  cause: 0 censored, 1 event, 2 competing.  starts: the start of the
    endpoint in days since the origin.
    """

    patients: tuple[str, ...]
    days: NDArray[np.int64]
    cause: NDArray[np.int64]
    starts: NDArray[np.int64]
    not_evaluable: tuple[str, ...] = ()
    reasons: str = ""

    def only(self, keep: NDArray[np.bool_]) -> Times:
        """The patients marked True."""
        kept = tuple(p for p, k in zip(self.patients, keep, strict=True) if k)
        return Times(kept, self.days[keep], self.cause[keep], self.starts[keep])


def times_of(endpoint: Endpoint, patients: tuple[str, ...]) -> Times:
    """Split a population into those with a time and those without, with the reasons counted in words."""
    kept, days, cause, starts, out = [], [], [], [], []
    reasons: dict[str, int] = {}
    for patient in patients:
        row = endpoint.rows.get(patient)
        if row is not None and row.days is not None:
            kept.append(patient)
            days.append(row.days)
            cause.append(CAUSE[row.status])
            starts.append(row.start or 0)
            continue
        out.append(patient)
        why = row.because if row is not None else "not in the numbering of the patients"
        reasons[why] = reasons.get(why, 0) + 1
    words = "; ".join(f"{why} ({n})" for why, n in sorted(reasons.items()))
    as_days, as_cause, as_starts = (np.array(values, dtype=np.int64) for values in (days, cause, starts))
    return Times(tuple(kept), as_days, as_cause, as_starts, tuple(out), words)
