"""Rules on residual disease: against the blasts, against its own reading, and at the assay's floor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from remission.cohort.checks.look import is_above, numbers, texts
from remission.cohort.checks.rule import Doubt, rule
from remission.cohort.table import Cohort

NEGATIVE_BELOW_PERCENT = 0.01  # the usual sensitivity of flow cytometry, 1 cell in 10,000
_OVERT_PERCENT = 5.0
_FAR_ABOVE_POINTS = 20.0  # percentage points
_FAR_BELOW_FACTOR = 10.0
_PILE = 5  # so many equal smallest values are no chance
_SHARE_OF_A_PILE = 5  # of a laboratory test at least a fifth, as some tests have few distinct values


def mrd_negative(cohort: Cohort) -> list[bool]:
    """Whether each marrow is MRD negative: as reported, else by its value against 0.01 %."""
    values, signs = numbers(cohort, "marrow", "mrd_percent"), texts(cohort, "marrow", "mrd_percent_sign")
    reported = texts(cohort, "marrow", "mrd_reported")
    return [
        said == "negative"
        if said
        else value is not None and sign != ">" and (sign == "<" or value < NEGATIVE_BELOW_PERCENT)
        for said, value, sign in zip(reported, values, signs, strict=True)
    ]


@rule(
    "mrd-contradicts-blasts",
    "warning",
    consequence="An MRD response would be counted in a marrow that is full of blasts.",
    todo="Check both values against the report; MRD below the sensitivity needs a representative sample.",
)
def mrd_contradicts_blasts(cohort: Cohort) -> Iterator[Doubt]:
    """MRD is negative in a marrow with more than 5 % blasts."""
    blasts = numbers(cohort, "marrow", "blasts_percent")
    signs = texts(cohort, "marrow", "blasts_percent_sign")
    reported = texts(cohort, "marrow", "mrd_reported")
    for index, is_negative in enumerate(mrd_negative(cohort)):
        value = blasts[index]
        if is_negative and value is not None and is_above(value, signs[index], _OVERT_PERCENT):
            name = "mrd_reported" if reported[index] else "mrd_percent"
            yield Doubt("MRD is negative with more than 5 % marrow blasts", "marrow", index, name)


@rule(
    "mrd-far-from-blasts",
    "note",
    consequence="The two methods saw different marrows; a response can hinge on which one is used.",
    todo="Check both values against the report (unit, sample, haemodilution).",
)
def mrd_far_from_blasts(cohort: Cohort) -> Iterator[Doubt]:
    """MRD is over 5 % with fewer than 5 % blasts, 20 points above the blasts, or ten times below them."""
    blasts, mrd = numbers(cohort, "marrow", "blasts_percent"), numbers(cohort, "marrow", "mrd_percent")
    signs = texts(cohort, "marrow", "mrd_percent_sign")
    negative = mrd_negative(cohort)
    for index, (seen, measured) in enumerate(zip(blasts, mrd, strict=True)):
        if seen is None or measured is None or negative[index] or signs[index]:
            continue  # a negative MRD is told by mrd-contradicts-blasts
        is_over = seen < _OVERT_PERCENT <= measured or measured > seen + _FAR_ABOVE_POINTS
        if is_over:
            yield Doubt("MRD is far above the marrow blasts", "marrow", index, "mrd_percent")
        elif seen > _OVERT_PERCENT and measured * _FAR_BELOW_FACTOR < seen:
            yield Doubt("MRD is far below the marrow blasts", "marrow", index, "mrd_percent")


@rule(
    "mrd-reported-contradicts-value",
    "warning",
    consequence="The MRD response depends on which of the two columns is used.",
    todo="Correct one of them, or declare the floor of the assay in study.toml (floor = 0.01).",
)
def mrd_reported_contradicts_value(cohort: Cohort) -> Iterator[Doubt]:
    """MRD is reported negative with a value above 0.01 %, or positive with a value below detection."""
    value, sign = numbers(cohort, "marrow", "mrd_percent"), texts(cohort, "marrow", "mrd_percent_sign")
    for index, reported in enumerate(texts(cohort, "marrow", "mrd_reported")):
        measured = value[index]
        if measured is None or not reported:
            continue
        if reported == "negative" and is_above(measured, sign[index], NEGATIVE_BELOW_PERCENT):
            phrase = "MRD is reported negative with a value above 0.01 %"
            yield Doubt(phrase, "marrow", index, "mrd_reported")
        if reported == "positive" and (sign[index] == "<" or measured == 0):
            phrase = "MRD is reported positive with a value below detection"
            yield Doubt(phrase, "marrow", index, "mrd_reported")


@rule(
    "mrd-at-floor",
    "warning",
    consequence="At a floor a value means 'below'; taken as a number, these marrows may count as positive.",
    todo="Declare the floor for this column in study.toml (floor = ...); it is then read as '< floor'.",
)
def mrd_at_floor(cohort: Cohort) -> Iterator[Doubt]:
    """Five or more MRD values of a column are exactly its smallest one, and no floor is declared."""
    value, sign = numbers(cohort, "marrow", "mrd_percent"), texts(cohort, "marrow", "mrd_percent_sign")
    table = cohort.tables["marrow"]
    columns: dict[tuple[int, str], list[int]] = {}
    for index, measured in enumerate(value):
        if measured is not None and not sign[index]:
            columns.setdefault((table.source[index], table.record[index]), []).append(index)
    for rows in columns.values():
        phrase = "MRD piles up at the smallest value of its column"
        yield from (Doubt(phrase, "marrow", index, "mrd_percent") for index in _pile(rows, value))


def _pile(rows: list[int], value: list[float | None]) -> list[int]:
    """The rows that hold the smallest value, where they are many but not all there is."""
    counts = Counter(v for r in rows if (v := value[r]) is not None)
    smallest = min(counts, default=None)
    if smallest is None or counts[smallest] < _PILE:
        return []
    return [r for r in rows if value[r] == smallest]


@rule(
    "lab-at-floor",
    "note",
    consequence="Values at an assay's floor are left-censored; means and paired tests take them as numbers.",
    todo="Declare the floor for the column in study.toml (floor = ...).",
)
def lab_at_floor(cohort: Cohort) -> Iterator[Doubt]:
    """Five or more values of one laboratory test are exactly its smallest one, and no floor is declared."""
    value, sign = numbers(cohort, "labs", "value"), texts(cohort, "labs", "value_sign")
    tests: dict[str, list[int]] = {}
    for index, test in enumerate(texts(cohort, "labs", "test")):
        if value[index] is not None and not sign[index]:
            tests.setdefault(test, []).append(index)
    for test, rows in tests.items():
        smallest = _pile(rows, value)
        if _SHARE_OF_A_PILE * len(smallest) >= len(rows):
            phrase = f"Values of {test or 'a test'} pile up at the smallest one"
            yield from (Doubt(phrase, "labs", index, "value") for index in smallest)
