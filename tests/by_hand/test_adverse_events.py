"""Adverse events of a few patients: names, worst grades, bands, cycles, rates, times."""

from __future__ import annotations

import pytest

from remission.core.errors import DataError
from remission.endpoints.safety.bands import parse_band
from remission.endpoints.safety.events import AdverseEvent, read_events
from remission.endpoints.safety.rates import derive_event_rate
from remission.endpoints.safety.terms import TermDictionary, TermSpec, load_terms, name_term, names_of
from remission.endpoints.safety.timing import derive_event_time, derive_first_onsets
from remission.endpoints.safety.worst import (
    ANY_TERM,
    Unit,
    count_band,
    derive_any_term,
    derive_worst_grades,
    events_without_cycle,
    place_in_cycles,
)

from .aligned import aligned, whole
from .cohort_factory import make_cohort

COHORT = make_cohort(
    patients="""
        patient
        a
        b
        c
        d
        e
    """,
    adverse_events="""
        patient  term                       grade  start_day  end_day  cycle
        a        CRS                        1      1          3        1
        b        Neutropenia                4      2          20       1
        a        cytokine release syndrome  3      30         32       2
        a        粒细胞减少                 0      .          .        1
        b        CRS                        .      2          2        .
        c        CRS                        2      40         39       2
        d        hiccups                    2      5          6        1
        c        neutropaenia               2      0          4        1
        d        .                          3      1          1        1
        e        CRS                        5      9          .        1
    """,
)
PEOPLE = ("a", "b", "c", "d", "e")
EVENTS = read_events(COHORT.tables["adverse_events"], PEOPLE)


def test_events_are_read_under_their_names_with_their_rows() -> None:
    """Row 8 has no term and is no event; an unknown term stays as it is."""
    assert [(e.row, e.patient, e.term, e.grade) for e in EVENTS] == [
        (0, "a", "CRS", 1),
        (1, "b", "Neutropenia", 4),
        (2, "a", "CRS", 3),
        (3, "a", "Neutropenia", 0),
        (4, "b", "CRS", None),
        (5, "c", "CRS", 2),
        (6, "d", "hiccups", 2),
        (7, "c", "Neutropenia", 2),
        (9, "e", "CRS", 5),
    ]
    assert [e.row for e in read_events(COHORT.tables["adverse_events"], ["c"])] == [5, 7]
    assert EVENTS[6].group == ""


@pytest.mark.parametrize(
    "row",
    aligned("""
    recorded                   name                     group
    Cytokine-release Syndrome  CRS                      Cytokine release and immune system
    细胞因子释放综合征         CRS                      Cytokine release and immune system
    神经毒性                   Neurologic event         Nervous system
    ТМА                        TMA                      After transplantation
    Edema                      Oedema                   General
    ELEVATED LIVER ENZYME      Elevated liver enzymes   Liver
    transaminitis              Elevated liver enzymes   Liver
    periimplantation syndrome  Engraftment syndrome     After transplantation
    Tumour lysis syndrome      TLS                      Metabolism and kidney
    发热性中性粒细胞减少       Febrile neutropenia      Blood
    hiccups                    hiccups                  .
    """),
    ids=lambda r: r["recorded"],
)
def test_terms(row: dict[str, str]) -> None:
    """English, Chinese, look-alike letters (the second is Cyrillic in Xie 2023); unknown terms stay."""
    named = name_term(row["recorded"])
    assert (named.name, named.group, named.is_known) == (row["name"], row["group"], bool(row["group"]))


# the terms of the papers' tables of adverse events, as printed there
PRINTED = """Febrile neutropenia;CRS;Elevated liver enzyme;Nausea;Vomiting;Bacterial sepsis;Edema;Fatigue;
Cardiovascular event;Headache;Neutropenia;Anemia;Thrombocytopenia;Fever;Infection;Cytokine release syndrome;
Tumor lysis syndrome;Capillary leak syndrome;Neurologic event;Elevated liver enzymes;Infusion‐related reaction;GVHD;
Secondary hypertension;Cardiac damage;Hypohepatia;Periimplantation syndrome;Hemorrhagic cystitis;VOD;ТМА;ICANS;TLS"""


@pytest.mark.parametrize("term", [t.strip() for t in PRINTED.split(";")])
def test_every_term_of_the_papers_is_known(term: str) -> None:
    """Wang 2025, Yin 2024, Xie 2023, Shanghai 2025."""
    assert name_term(term).is_known


def test_the_dictionary_says_one_thing() -> None:
    """No name stands for two terms, every group is listed; a dictionary that breaks this is refused."""
    assert len(names_of(load_terms())) > len(load_terms().terms)
    with pytest.raises(DataError) as twice:
        names_of(TermDictionary({"g": "G"}, {"A": TermSpec("g", ("x",)), "B": TermSpec("g", ("X",))}))
    assert twice.value.code == "term-twice"
    with pytest.raises(DataError) as group:
        names_of(TermDictionary({"g": "G"}, {"A": TermSpec("h")}))
    assert group.value.code == "unknown-group"


@pytest.mark.parametrize(
    "row",
    aligned("""
    band  0    1    2    3    4    5    none
    any   no   yes  yes  yes  yes  yes  yes
    0     yes  no   no   no   no   no   no
    1-2   no   yes  yes  no   no   no   ?
    2     no   no   yes  no   no   no   ?
    >=3   no   no   no   yes  yes  yes  ?
    ≥3    no   no   no   yes  yes  yes  ?
    3-4   no   no   no   yes  yes  no   ?
    0-5   yes  yes  yes  yes  yes  yes  ?
    """),
    ids=lambda r: r["band"],
)
def test_bands(row: dict[str, str]) -> None:
    """Every grade in every band; an event without a grade is any grade and not grade 0."""
    band = parse_band(row["band"])
    for grade, answer in row.items():
        if grade != "band":
            held = band.holds(None if grade == "none" else int(grade))
            assert held is {"yes": True, "no": False, "?": None}[answer], grade


@pytest.mark.parametrize("text", ["", "6", "3-1", "3+", "all", "> 3"])
def test_bands_that_are_none(text: str) -> None:
    """A band that cannot be read is an error."""
    with pytest.raises(DataError) as error:
        parse_band(text)
    assert error.value.code == "unknown-grade-band"


def test_worst_grade_per_patient_and_term() -> None:
    """Patient a had CRS 1 and 3: 3. Patient b had CRS without a grade."""
    worst = derive_worst_grades(EVENTS)
    assert [(w.unit.patient, w.term, w.grade, w.ungraded, w.rows) for w in worst] == [
        ("a", "CRS", 3, 0, (0, 2)),
        ("a", "Neutropenia", 0, 0, (3,)),
        ("b", "CRS", None, 1, (4,)),
        ("b", "Neutropenia", 4, 0, (1,)),
        ("c", "CRS", 2, 0, (5,)),
        ("c", "Neutropenia", 2, 0, (7,)),
        ("d", "hiccups", 2, 0, (6,)),
        ("e", "CRS", 5, 0, (9,)),
    ]
    whole_patient = derive_any_term(worst)
    assert [(w.unit.patient, w.grade, w.ungraded) for w in whole_patient] == [
        ("a", 3, 0), ("b", 4, 1), ("c", 2, 0), ("d", 2, 0), ("e", 5, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    aligned("""
    term         band  n  who    unknown  events  rows
    CRS          any   4  abce   .        5       0 2 4 5 9
    CRS          >=3   2  ae     b        2       0 2 9
    CRS          1-2   1  c      b        2       5
    CRS          3-4   1  a      b        1       0 2
    CRS          0     1  d      .        0       .
    Neutropenia  any   2  bc     .        2       1 7
    Neutropenia  0     3  ade    .        0       3
    hiccups      any   1  d      .        1       6
    """),
    ids=lambda r: f"{r['term']} {r['band']}",
)
def test_counts_of_patients_in_a_band(row: dict[str, str]) -> None:
    """Of five patients; a record without a grade counts as any grade and is unknown in every other band."""
    units = [Unit(p) for p in PEOPLE]
    made = count_band(row["term"], parse_band(row["band"]), derive_worst_grades(EVENTS), units, EVENTS)
    assert (made.n, made.of, made.events) == (int(row["n"]), 5, int(row["events"]))
    assert "".join(u.patient for u in made.units) == row["who"]
    assert "".join(u.patient for u in made.unknown) == row["unknown"]
    assert " ".join(map(str, made.rows)) == row["rows"]


@pytest.mark.parametrize(
    "row",
    aligned("""
    grades  band  n  unknown
    3 -     >=3   1  0
    2 -     >=3   0  1
    2 -     1-2   0  1
    2 -     1-1   0  0
    3 -     1-2   0  0
    4 -     3-4   0  1
    5 -     3-4   0  0
    0 -     any   1  0
    0 -     0     0  0
    0 -     1-2   0  1
    -       any   1  0
    -       1     0  1
    -       >=3   0  1
    -       0     0  0
    """),
    ids=lambda r: f"{r['grades']} {r['band']}",
)
def test_a_record_without_a_grade_beside_one_with_it(row: dict[str, str]) -> None:
    """It could only be worse: what is severe stays severe, what is mild may not be ("-" is no grade)."""
    grades = [None if g == "-" else int(g) for g in row["grades"].split()]
    events = [AdverseEvent("a", "CRS", g, row=i) for i, g in enumerate(grades)]
    made = count_band("CRS", parse_band(row["band"]), derive_worst_grades(events), [Unit("a")], events)
    assert (made.n, len(made.unknown)) == (int(row["n"]), int(row["unknown"]))


def test_counts_have_their_own_denominator() -> None:
    """Of the evaluable alone: patients b and c have no records in it when they are not."""
    units = [Unit(p) for p in "ade"]
    made = count_band("CRS", parse_band("any"), derive_worst_grades(EVENTS), units, EVENTS)
    assert (made.n, made.of, made.events) == (2, 3, 3)
    with pytest.raises(DataError) as error:
        count_band("CRS", parse_band("any"), [], [Unit("a"), Unit("a")], [])
    assert error.value.code == "unit-twice"


def test_any_adverse_event() -> None:
    """The row "patients with at least one": grade 3 or worse in a, b and e."""
    worst = derive_any_term(derive_worst_grades(EVENTS))
    made = count_band(ANY_TERM, parse_band(">=3"), worst, [Unit(p) for p in PEOPLE], EVENTS)
    assert ("".join(u.patient for u in made.units), made.events) == ("abe", 3)


def test_counts_of_cycles() -> None:
    """Cycles are units of their own; an event without a cycle is left out and named."""
    units = [Unit("a", 1), Unit("a", 2), Unit("b", 1), Unit("c", 1), Unit("c", 2), Unit("d", 1), Unit("e", 1)]
    worst = derive_worst_grades(EVENTS, by_cycle=True)
    made = count_band("CRS", parse_band("any"), worst, units, EVENTS)
    assert (made.n, made.of, made.events) == (4, 7, 4)
    assert [e.row for e in events_without_cycle(EVENTS)] == [4]
    placed = place_in_cycles(EVENTS, {"b": {1: 0, 2: 42}})
    assert [(e.row, e.cycle) for e in placed if e.patient == "b"] == [(1, 1), (4, 1)]
    worst = derive_worst_grades(placed, by_cycle=True)
    assert count_band("CRS", parse_band("any"), worst, units, placed).n == 5


@pytest.mark.parametrize(("day", "cycle"), [(None, None), (-1, None), (0, 1), (41, 1), (42, 2), (99, 2)])
def test_events_are_placed_in_the_cycle_that_had_begun(day: int | None, cycle: int | None) -> None:
    """From the first day of a cycle on; before the first, or without a day, there is none."""
    (placed,) = place_in_cycles([AdverseEvent("a", "CRS", 1, start_day=day)], {"a": {1: 0, 2: 42}})
    assert placed.cycle == cycle


def test_rates_per_100_patient_days() -> None:
    """3 records of CRS in a, b and d in 28 + 14 + 8 days: 6 per 100. Patient c has no days, so no events either."""
    days = {"a": 28, "b": 14, "c": None, "d": 8}
    rate = derive_event_rate("CRS", parse_band("any"), EVENTS, days)
    assert (rate.events, rate.days, rate.per_100_days, rate.left_out, rate.rows) == (3, 50, 6.0, ("c",), (0, 2, 4))
    severe = derive_event_rate("CRS", parse_band(">=3"), EVENTS, days)
    assert (severe.events, severe.per_100_days, severe.ungraded) == (1, 2.0, 1)
    assert derive_event_rate("", parse_band("any"), EVENTS, days).events == 5
    nobody = derive_event_rate("CRS", parse_band("any"), EVENTS, {"a": None, "b": 0})
    assert (nobody.per_100_days, nobody.reason) == (None, "no days at risk")
    with pytest.raises(DataError) as error:
        derive_event_rate("CRS", parse_band("any"), EVENTS, {"a": -1})
    assert error.value.code == "negative-days"


@pytest.mark.parametrize(
    "row",
    aligned("""
    start  end  from  onset  duration  open  reason
    3      5    0     3      3         no    .
    3      3    3     0      1         no    .
    3      .    0     3      .         yes   not recorded: end
    .      5    0     .      .         no    not recorded: beginning
    3      5    .     .      3         no    not recorded: day that onset is counted from
    5      3    0     5      .         no    ends before it begins
    """),
    ids=lambda r: " ".join(r.values()),
)
def test_onset_and_duration(row: dict[str, str]) -> None:
    """Onset on the day itself is 0; an event that ends on its first day lasts one day."""
    event = AdverseEvent("a", "CRS", 1, start_day=whole(row["start"]), end_day=whole(row["end"]), row=8)
    made = derive_event_time(event, from_day=whole(row["from"]))
    assert (made.onset_days, made.duration_days) == (whole(row["onset"]), whole(row["duration"]))
    assert (made.is_open, made.reason, made.row) == (row["open"] == "yes", row["reason"], 8)


def test_first_onset_of_each_patient_and_term() -> None:
    """The first that is severe enough; one without a day only where none has one."""
    first = derive_first_onsets(EVENTS, {"a": 0, "e": 2}, at_least=3)
    assert [(t.patient, t.term, t.onset_days) for t in first] == [
        ("a", "CRS", 30),
        ("b", "Neutropenia", None),
        ("e", "CRS", 7),
    ]
    undated = [AdverseEvent("a", "CRS", 2, row=1), AdverseEvent("a", "CRS", 1, start_day=4, row=2)]
    assert [t.row for t in derive_first_onsets(undated, {"a": 0})] == [2]
    assert [t.row for t in derive_first_onsets(undated, {"a": 0}, at_least=2)] == [1]
    assert derive_first_onsets([AdverseEvent("a", "CRS", 0, start_day=4)], {"a": 0}) == ()
    later_first = [AdverseEvent("a", "CRS", 2, start_day=day, row=day) for day in (9, 4, 6)]
    assert [t.onset_days for t in derive_first_onsets(later_first, {"a": 0})] == [4]


def test_a_grade_that_is_none() -> None:
    """Grades are 0 to 5; the message names the record and not the grade."""
    with pytest.raises(DataError) as error:
        AdverseEvent("a", "CRS", 77, row=4)
    assert error.value.code == "unknown-grade"
    assert "record 5" in str(error.value)
    assert "77" not in str(error.value)
