"""Schoenfeld residuals in a study scatter about the coefficient of the model."""

from pathlib import Path

import numpy as np

from remission.analyses.run import analyse
from remission.protocol import read_protocol
from remission.study import derive, read_and_check

STUDY = Path(__file__).parents[2] / "studies" / "myeloid"


def test_their_mean_is_the_coefficient() -> None:
    """The unscaled residuals add up to zero at the maximum, so the scaled ones average to the coefficient."""
    protocol = read_protocol(STUDY)
    cohort, findings = read_and_check(protocol)
    material, _ = derive(protocol, cohort, findings)
    analyse(material, [a for a in protocol.analyses if a.id == "hazards"], excluded={})
    rows = material.results.rows.values()
    mine = [r.value for r in rows if r.variable == "schoenfeld" and r.category.startswith("arm: arm B_")]
    coefficient = material.results["hazards.by_model.multivariable.arm_log@arm_b.estimate"].value
    assert len(mine) == 320
    assert np.isclose(np.mean([v for v in mine if v is not None]), coefficient, rtol=1e-9)
