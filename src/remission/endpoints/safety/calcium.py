"""Total calcium corrected for albumin: CTCAE grades the corrected value, and laboratories report the total."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Literal

from remission.core.errors import DataError

# normal albumin in g/L, and what one g/L below it is worth
NORMAL_ALBUMIN_G_L = Decimal(40)
PER_G_L = {"mmol/L": Decimal("0.02"), "mg/dL": Decimal("0.08")}


def correct_calcium(total: float, unit: Literal["mmol/L", "mg/dL"], *, albumin_g_l: float) -> float:
    """Calcium corrected for albumin, in the unit of the total.

    Conventions: 0.02 mmol/L, or 0.08 mg/dL, for each g/L that albumin is below 40 g/L; less above it.
    Raises: DataError (`negative-lab-value`, `unknown-unit`).
    Source: Payne et al., Br Med J 1973;4:643-646.  Checked: tests/by_hand/test_calcium.py.
    """
    if unit not in PER_G_L:
        raise DataError(
            what="Calcium is corrected in mmol/L or mg/dL alone.",
            code="unknown-unit",
            expected="mmol/L or mg/dL",
            todo="Give the unit of the total calcium.",
        )
    if not all(math.isfinite(x) and x >= 0 for x in (total, albumin_g_l)):
        raise DataError(
            what="Calcium or albumin is negative or not a number.",
            code="negative-lab-value",
            expected="a number from 0",
            todo="Correct the value, or leave the cell empty.",
        )
    below = NORMAL_ALBUMIN_G_L - Decimal(repr(float(albumin_g_l)))
    return float(Decimal(repr(float(total))) + PER_G_L[unit] * below)
