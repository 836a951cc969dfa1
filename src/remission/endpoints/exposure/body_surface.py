"""Body surface by the formula of Mosteller."""

from __future__ import annotations

import math

from remission.core.errors import DataError


def body_surface_m2(weight_kg: float, height_cm: float) -> float:
    """Body surface in m2: the square root of height x weight / 3600.

    Raises: DataError `impossible-body` where a measure is not above 0.
    Source: Mosteller, N Engl J Med 1987;317:1098.  Checked: tests/by_hand/test_regimens.py.
    """
    if not (math.isfinite(weight_kg) and math.isfinite(height_cm) and weight_kg > 0 and height_cm > 0):
        raise DataError(
            what="Weight or height is not above 0.",
            code="impossible-body",
            expected="kg and cm",
            todo="Correct the value, or leave the cell empty.",
        )
    return math.sqrt(height_cm * weight_kg / 3600)
