"""ICANS by ASTCT 2019 at every score, and which score is asked at which age."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.endpoints.safety.icans import Icans, grade_icans

from .aligned import aligned, number, whole, yes

CASES = aligned("""
    age   ice  capd  awake                  seizure    motor  oedema   grade  decided by
    30    10   .     awake                  none       no     none     0      .
    30    9    .     awake                  none       no     none     1      ICE score
    30    7    .     awake                  none       no     none     1      ICE score
    30    6    .     awake                  none       no     none     2      ICE score
    30    3    .     awake                  none       no     none     2      ICE score
    30    2    .     awake                  none       no     none     3      ICE score
    30    0    .     awake                  none       no     none     3      ICE score
    30    0    .     unarousable            none       no     none     4      consciousness
    30    10   .     awakens spontaneously  none       no     none     1      consciousness
    30    10   .     to voice               none       no     none     2      consciousness
    30    10   .     to touch               none       no     none     3      consciousness
    30    3    .     awake                  resolves   no     none     3      seizure
    30    10   .     awake                  prolonged  no     none     4      seizure
    30    10   .     awake                  none       yes    none     4      motor weakness
    30    10   .     awake                  none       no     focal    3      oedema
    30    10   .     awake                  none       no     diffuse  4      oedema
    12    8    20    awake                  none       no     none     1      ICE score
    11.9  8    .     awake                  prolonged  no     none     4      seizure
    11.9  2    0     awake                  none       no     none     0      .
    11.9  .    1     awake                  none       no     none     1      CAPD
    11.9  .    8     awake                  none       no     none     1      CAPD
    11.9  .    8     to voice               none       no     none     2      consciousness
    11.9  .    9     awake                  none       no     none     3      CAPD
    4     .    32    awake                  none       no     none     3      CAPD
    30    .    .     unarousable            .          .      .        4      consciousness
""")


def icans(row: dict[str, str]) -> Icans:
    return Icans(
        age_years=number(row["age"]),
        ice=whole(row["ice"]),
        capd=whole(row["capd"]),
        consciousness=row["awake"] or None,  # type: ignore[arg-type]
        seizure=row["seizure"] or None,  # type: ignore[arg-type]
        motor_weakness=yes(row["motor"]),
        oedema=row["oedema"] or None,  # type: ignore[arg-type]
        row=5,
    )


@pytest.mark.parametrize("row", CASES, ids=lambda r: " ".join(r.values()))
def test_icans(row: dict[str, str]) -> None:
    """The worst of five parts; exactly 12 years is the ICE score, below is CAPD."""
    made = grade_icans(icans(row))
    assert (made.grade, ", ".join(made.decided_by), made.row) == (int(row["grade"]), row["decided by"], 5)
    assert made.system.endswith("(CAPD)") == (float(row["age"]) < 12)


@pytest.mark.parametrize(
    "row",
    aligned("""
    age   ice  capd  awake  seizure  motor  oedema  least  most  reason
    .     3    .     awake  none     no     none    0      4     not recorded: age
    30    .    .     awake  none     no     none    0      3     not recorded: ICE score
    8     10   .     awake  none     no     none    0      4     not recorded: CAPD
    30    5    .     awake  .        no     none    2      4     not recorded: seizure
    30    5    .     awake  none     .      .       2      4     not recorded: motor weakness, oedema
    30    10   .     awake  none     .      none    0      4     not recorded: motor weakness
    """),
    ids=lambda r: " ".join(r.values()),
)
def test_icans_not_recorded(row: dict[str, str]) -> None:
    """A child is not graded by the ICE score, and nobody without an age by either."""
    made = grade_icans(icans(row))
    assert (made.grade, made.at_least, made.at_most) == (None, int(row["least"]), int(row["most"]))
    assert made.reason == row["reason"]


def test_who_cannot_answer() -> None:
    """A child who cannot do CAPD is grade 4, an adult with ICE 0 who is awake grade 3."""
    rest = {"consciousness": "awake", "seizure": "none", "motor_weakness": False, "oedema": "none"}
    assert grade_icans(Icans(6, cannot_answer=True, **rest)).grade == 4  # type: ignore[arg-type]
    assert grade_icans(Icans(40, cannot_answer=True, **rest)).grade == 3  # type: ignore[arg-type]
    assert grade_icans(Icans(None, capd=8, uses_capd=True, **rest)).grade == 1  # type: ignore[arg-type]
    assert grade_icans(Icans(None, is_fatal=True)).grade == 5


@pytest.mark.parametrize("score", [{"ice": 11}, {"ice": -1}, {"capd": 33}])
def test_a_score_outside_its_scale(score: dict[str, int]) -> None:
    """ICE is 0 to 10, CAPD 0 to 32."""
    with pytest.raises(DataError) as error:
        grade_icans(Icans(30, **score))  # type: ignore[arg-type]
    assert error.value.code == "score-out-of-range"
