"""Rules on single numbers: what cannot be, what is rare, what should be whole."""

from __future__ import annotations

from collections.abc import Iterator

from remission.cohort.checks.look import numbers, texts, values
from remission.cohort.checks.rule import Doubt, rule
from remission.cohort.schema import FieldSpec, load_schema
from remission.cohort.table import Cohort

_FEWEST_TO_JUDGE_A_COLUMN = 5

# fields whose limits have a rule of their own, with a consequence of their own
_OWN_RULE = {
    ("patients", "age_years"),
    ("marrow", "blasts_percent"),
    ("marrow", "mrd_percent"),
    ("adverse_events", "grade"),
    ("therapies", "neutrophil_engraftment_days"),
    ("therapies", "platelet_engraftment_days"),
}


def _outside(cohort: Cohort, table: str, name: str, phrase: str) -> Iterator[Doubt]:
    spec = load_schema().field(table, name)
    for index, value in enumerate(numbers(cohort, table, name)):
        if value is not None and not _is_inside(value, spec):
            yield Doubt(phrase, table, index, name)


def _is_inside(value: float, spec: FieldSpec) -> bool:
    return (spec.low is None or value >= spec.low) and (spec.high is None or value <= spec.high)


@rule(
    "impossible-age",
    "error",
    consequence="Age summaries and age groups would be wrong.",
    todo="Correct the age; if the column holds months or a year of birth, say so in study.toml (unit).",
)
def impossible_age(cohort: Cohort) -> Iterator[Doubt]:
    """An age is below 0 or above 110 years."""
    yield from _outside(cohort, "patients", "age_years", "Age is not between 0 and 110 years")


@rule(
    "impossible-blasts",
    "error",
    consequence="The response of this marrow would be wrong.",
    todo="Correct the value; if the column holds cells per something else, map it to another field.",
)
def impossible_blasts(cohort: Cohort) -> Iterator[Doubt]:
    """A marrow blast percentage is below 0 or above 100."""
    yield from _outside(cohort, "marrow", "blasts_percent", "Marrow blasts are not between 0 and 100 %")


@rule(
    "impossible-mrd",
    "error",
    consequence="The MRD response of this marrow would be wrong.",
    todo="Correct the value, or give the unit of the column in study.toml (fraction, 10^-4, ...).",
)
def impossible_mrd(cohort: Cohort) -> Iterator[Doubt]:
    """An MRD percentage is below 0 or above 100."""
    yield from _outside(cohort, "marrow", "mrd_percent", "MRD is not between 0 and 100 %")


@rule(
    "grade-out-of-range",
    "error",
    consequence="The table of adverse events would count a grade that does not exist.",
    todo="Correct the grade; CTCAE, Lee and ASTCT grades run from 0 to 5.",
)
def grade_out_of_range(cohort: Cohort) -> Iterator[Doubt]:
    """An adverse event has a grade below 0 or above 5."""
    yield from _outside(cohort, "adverse_events", "grade", "The grade of an adverse event is not 0 to 5")


@rule(
    "out-of-range",
    "warning",
    consequence="The value is used as it stands and moves medians and ranges.",
    todo="Check it against the chart; a wrong unit of the whole column is set in study.toml (unit).",
)
def out_of_range(cohort: Cohort) -> Iterator[Doubt]:
    """A number is outside the range its field can plausibly have."""
    for table, spec in load_schema().tables.items():
        for name, column in spec.fields.items():
            if column.type == "number" and (table, name) not in _OWN_RULE:
                limits = f"{_plain(column.low)} to {_plain(column.high)} {column.unit}".strip()
                yield from _outside(cohort, table, name, f"{column.label} is outside {limits}")


def _plain(limit: float | None) -> str:
    return "any" if limit is None else f"{limit:g}"


@rule(
    "not-whole",
    "warning",
    consequence="The value is used as it stands, though its field counts whole things.",
    todo="Correct the value, or map the column to another field.",
)
def not_whole(cohort: Cohort) -> Iterator[Doubt]:
    """A count, cycle, grade or number of days is not a whole number."""
    for table, spec in load_schema().tables.items():
        for name, column in spec.fields.items():
            if column.whole:
                for index, value in enumerate(numbers(cohort, table, name)):
                    if value is not None and value != int(value):
                        yield Doubt(f"{column.label} is not a whole number", table, index, name)


@rule(
    "percent-looks-like-fraction",
    "warning",
    consequence="Every blast count would be taken for less than 1 %, so nobody would have overt disease.",
    todo='If the column holds fractions (0.49 for 49 %), set unit = "fraction" for it in study.toml.',
)
def percent_looks_like_fraction(cohort: Cohort) -> Iterator[Doubt]:
    """All marrow blasts of a column before treatment are at most 1, and several are fractions."""
    columns: dict[tuple[int, str], list[tuple[int, float]]] = {}
    table = cohort.tables["marrow"]
    days, visits = values(cohort, "marrow", "day"), texts(cohort, "marrow", "visit")
    for index, value in enumerate(numbers(cohort, "marrow", "blasts_percent")):
        day = days[index]
        is_before = visits[index] == "before" or (isinstance(day, int | float) and day <= 0)
        if value is not None and is_before:
            columns.setdefault((table.source[index], table.record[index]), []).append((index, value))
    for hits in columns.values():
        fractions = [index for index, value in hits if 0 < value < 1]
        if max(v for _, v in hits) <= 1 and len(fractions) >= _FEWEST_TO_JUDGE_A_COLUMN:
            phrase = "Marrow blasts before treatment look like fractions, not percentages,"
            yield from (Doubt(phrase, "marrow", index, "blasts_percent") for index in fractions)
