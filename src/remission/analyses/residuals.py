"""Scaled Schoenfeld residuals as rows: does a hazard ratio change over time?"""

from __future__ import annotations

import numpy as np

from remission.analyses.counts import Place
from remission.stats.cox_result import CoxFit
from remission.stats.proportional_hazards import check_proportional_hazards
from remission.stats.smooth import smooth_line


def write_residuals(place: Place, fit: CoxFit, labels: list[str]) -> None:
    """Rows `schoenfeld@<term>_<k>_<day>d`, which scatter about the coefficient over time, and `schoenfeld_smooth`.

    Args: place: of the model.  labels: names of the columns, as the figure prints them.
    """
    tested = None if fit.ties == "exact" else check_proportional_hazards(fit)
    if tested is None or tested.status != "ok":
        return
    order = np.argsort(tested.days, kind="stable")  # they come by stratum
    days, scaled = tested.days[order], tested.scaled[order]
    for column, label in enumerate(labels):
        values = scaled[:, column]
        for k, (day, value) in enumerate(zip(days.tolist(), values.tolist(), strict=True)):
            place.put(
                "schoenfeld", "estimate", value, category=f"{label}_{k:05d}_{day}d", unit="log hazard ratio",
                method="cox-zph",
            )  # fmt: skip
        line = smooth_line(days.astype(float), values)
        for k, day in enumerate(line.at.tolist()):
            category = f"{label}_{k:05d}_{round(day)}d"
            for stat, series in (("estimate", line.value), ("low", line.low), ("high", line.high)):
                place.put(
                    "schoenfeld_smooth", stat, float(series[k]), category=category, unit="log hazard ratio",
                    method="cox-zph",
                )  # fmt: skip
