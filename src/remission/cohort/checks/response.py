"""Rules on the reported response: whether it agrees with the blasts and the MRD of the same marrow."""

from __future__ import annotations

from collections.abc import Iterator

from remission.cohort.checks.look import (
    NO_REMISSION,
    REMISSION,
    is_above,
    is_below,
    is_recorded,
    numbers,
    patients,
    texts,
)
from remission.cohort.checks.mrd import mrd_negative
from remission.cohort.checks.rule import Doubt, rule
from remission.cohort.table import Cohort

THRESHOLD_PERCENT = 5.0


@rule(
    "response-contradicts-blasts",
    "warning",
    consequence="The response by criteria and the response as reported differ for these patients.",
    todo="Check marrow and response; say in study.toml whether the reported or the derived response is used.",
)
def response_contradicts_blasts(cohort: Cohort) -> Iterator[Doubt]:
    """A remission is reported with more than 5 % blasts, or none with fewer than 5 % and negative MRD."""
    blasts = numbers(cohort, "marrow", "blasts_percent")
    signs = texts(cohort, "marrow", "blasts_percent_sign")
    negative = mrd_negative(cohort)
    for index, reported in enumerate(texts(cohort, "marrow", "response_reported")):
        value = blasts[index]
        if value is None:
            continue
        if reported in REMISSION and is_above(value, signs[index], THRESHOLD_PERCENT):
            phrase = f"{reported} is reported with more than 5 % marrow blasts (criterion: blasts)"
            yield Doubt(phrase, "marrow", index, "response_reported")
        few = is_below(value, signs[index], THRESHOLD_PERCENT)
        if reported in NO_REMISSION and few and negative[index]:
            phrase = (
                f"{_or_words(reported)} is reported with fewer than 5 % marrow blasts and negative MRD "
                "(criteria: blasts, MRD)"
            )
            yield Doubt(phrase, "marrow", index, "response_reported")


def _or_words(code: str) -> str:
    return code[0].upper() + code[1:]


@rule(
    "blasts-exactly-5",
    "warning",
    consequence="With < 5 % the marrow is not in remission (at the start: overt disease), with <= 5 % it is.",
    todo="Choose < 5 % or <= 5 % in the response criteria of study.toml and name the choice in the Methods.",
)
def blasts_exactly_5(cohort: Cohort) -> Iterator[Doubt]:
    """Marrow blasts are exactly 5 %: on the threshold between remission and none."""
    blasts = numbers(cohort, "marrow", "blasts_percent")
    signs = texts(cohort, "marrow", "blasts_percent_sign")
    reported = texts(cohort, "marrow", "response_reported")
    for index, value in enumerate(blasts):
        if value == THRESHOLD_PERCENT and not signs[index]:
            said = (
                ", reported as a remission,"
                if reported[index] in REMISSION
                else ", reported as no remission,"
                if reported[index] in NO_REMISSION
                else ""
            )
            yield Doubt(f"Marrow blasts are exactly 5 %{said}", "marrow", index, "blasts_percent")


@rule(
    "response-missing",
    "warning",
    consequence="The patient stays in the denominator as not assessed.",
    todo="Fill in the response, or say why there was no marrow (early death, transfer).",
)
def response_missing(cohort: Cohort) -> Iterator[Doubt]:
    """A patient has no reported response and no marrow after treatment, in a study that records responses."""
    if not is_recorded(cohort, "marrow", "response_reported"):
        return
    reported = texts(cohort, "marrow", "response_reported")
    answered = {p for p, r in zip(patients(cohort, "marrow"), reported, strict=True) if r}
    for index, patient in enumerate(patients(cohort, "patients")):
        if patient not in answered:
            yield Doubt("The response is missing", "patients", index, "patient")
