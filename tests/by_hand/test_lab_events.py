"""From a sheet of laboratory values to graded adverse events."""

from __future__ import annotations

from remission.endpoints.safety.bands import parse_band
from remission.endpoints.safety.ctcae import load_criteria
from remission.endpoints.safety.lab_events import NormalRange, derive_lab_events, read_lab_values
from remission.endpoints.safety.terms import name_term
from remission.endpoints.safety.worst import Unit, count_band, derive_worst_grades

from .aligned import aligned
from .cohort_factory import make_cohort

COHORT = make_cohort(
    labs="""
        patient  day  test         value  unit
        a        -3   ALT          60     U/L
        a        -1   ALT          80     U/L
        a        5    谷丙转氨酶   250    U/L
        a        8    ANC          400    /ul
        a        9    ANC          2.0    10^9/L
        b        0    ALT          30     U/L
        b        6    ALT          250    U/L
        b        6    IL-6         900    pg/mL
        b        7    ANC          <0.1   10^9/L
        b        8    ANC          0.7    .
        c        5    ALT          90     U/L
        c        6    PLT          60     10^9/L
        c        6    amylase      700    U/L
        .        7    ANC          0.2    10^9/L
    """,
)
RANGES = {
    "alt": NormalRange("U/L", uln=40),
    "neutrophils": NormalRange("10^9/L", lln=1.8, uln=6.3),
    "amylase": NormalRange("U/L", uln=100),
}
VALUES = read_lab_values(COHORT.tables["labs"], ["a", "b", "c"], ranges=RANGES)
EXPECTED = aligned("""
    row  patient  test         value  unit    baseline  uln
    0    a        alt          60     U/L     .         40
    1    a        alt          80     U/L     .         40
    2    a        alt          250    U/L     80        40
    3    a        neutrophils  0.4    10^9/L  .         6.3
    4    a        neutrophils  2      10^9/L  .         6.3
    5    b        alt          30     U/L     .         40
    6    b        alt          250    U/L     30        40
    8    b        neutrophils  0.1    10^9/L  .         6.3
    9    b        neutrophils  0.7    .       .         .
    10   c        alt          90     U/L     .         40
    11   c        platelets    60     10^9/L  .         .
    12   c        amylase      700    U/L     .         100
""")


def text(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def test_values_are_read_with_limits_and_baseline() -> None:
    """The last value before the start is the baseline; IL-6 is no test of CTCAE; counts per µl become 10^9/L."""
    found = [
        [str(v.lab.row), v.patient, v.lab.test, *map(text, (v.lab.value, v.lab.baseline, v.lab.uln)), v.lab.unit]
        for v in VALUES
    ]
    assert found == [
        [row[n] for n in ("row", "patient", "test", "value", "baseline", "uln", "unit")] for row in EXPECTED
    ]
    assert VALUES[7].lab.sign == "<"


def test_the_last_exact_value_is_the_baseline() -> None:
    """In any order of the rows; of one day the lower row; a limit of detection is none; each unit has its own."""
    cohort = make_cohort(
        labs="""
            patient  day  test  value  unit
            a        -1   ALT   70     U/L
            a        -4   ALT   50     U/L
            a        -1   ALT   90     U/L
            a        0    ALT   <5     U/L
            a        0    ALT   1      ukat/L
            a        1    ALT   33     U/L
            a        3    ALT   100    U/L
            a        4    ALT   2      ukat/L
        """
    )
    values = read_lab_values(cohort.tables["labs"], ["a"], ranges={}, baseline_by_day=-1)
    assert [v.lab.baseline for v in values] == [None, None, None, 90, None, 90, 90, None]
    values = read_lab_values(cohort.tables["labs"], ["a"], ranges={})
    assert [v.lab.baseline for v in values] == [None, None, None, None, None, 90, 90, 1]


def test_events_under_their_names_and_what_stays_undecided() -> None:
    """ALT 250 is grade 2 over a baseline of 80 and grade 3 over a normal one; without a baseline nothing is said."""
    made = derive_lab_events([v for v in VALUES if v.day is not None and v.day > 0])
    assert [(e.row, e.term, e.grade, e.start_day) for e in made.events] == [
        (2, "ALT increased", 2, 5),
        (3, "Neutropenia", 4, 8),
        (4, "Neutropenia", 0, 9),
        (6, "ALT increased", 3, 6),
        (8, "Neutropenia", 4, 7),
        (11, "Thrombocytopenia", 2, 6),
        (12, "Amylase increased", None, 6),
    ]
    assert made.undecided == (
        (9, "Neutropenia", "no unit recorded"),
        (10, "ALT increased", "not recorded: baseline"),
    )


def test_laboratory_events_are_counted_like_recorded_ones() -> None:
    """Grade 3 or worse: neutrophils in a and b, ALT in b."""
    made = derive_lab_events(VALUES, missing_baseline="normal")
    worst = derive_worst_grades(made.events)
    units = [Unit(p) for p in "abc"]
    assert count_band("Neutropenia", parse_band(">=3"), worst, units, made.events).rows == (3, 4, 8)
    for band, who in ((">=3", "b"), ("any", "abc")):
        count = count_band("ALT increased", parse_band(band), worst, units, made.events)
        assert "".join(u.patient for u in count.units) == who


def test_every_graded_event_has_a_name_and_a_group() -> None:
    """The terms of ctcae.toml are in terms.toml."""
    assert all(name_term(term.term).is_known for term in load_criteria().terms)
