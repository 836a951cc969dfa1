"""CTCAE grades from laboratory values. What cannot be graded says why, and between which grades it lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from remission.endpoints.safety.ctcae import LabTerm, Rule, find_version, load_criteria, parse_bound, terms_of
from remission.endpoints.safety.lab_values import LabValue, in_unit, is_beyond

MissingBaseline = Literal["not gradable", "normal"]
WORST = 4


@dataclass(frozen=True)
class LabGrade:
    """The grade of one value for one term.

    Args: grade: 0 to 4, None where it cannot be told.  at_least, at_most: between which grades it lies in any case, so
    that "not grade 3 or worse" may be known where the grade is not.  reason: why there is no grade.  note: what was
    assumed.  row: index of the record in its cohort table.
    """

    term: str
    test: str
    version: str
    grade: int | None
    at_least: int
    at_most: int
    reason: str = ""
    note: str = ""
    row: int | None = None


def grade_lab_value(
    lab: LabValue, *, version: str = "", missing_baseline: MissingBaseline = "not gradable"
) -> tuple[LabGrade, ...]:
    """CTCAE grades of one laboratory value, one for each event the test can show.

    Args: lab: value, unit, limits, baseline, circumstances.  version: "v5" (default), "v4.03", "v6".
    missing_baseline: `normal` takes a baseline that is not recorded as normal, and says so in `note`.
    Returns: none where the version does not grade the test (`Version.not_graded` says which and why).
    Conventions: the worst grade of the rules that apply; a bound itself belongs to the milder grade unless the criteria
    print otherwise; facts that are not recorded are tried both ways, and the grade stands if it is the same.
    Raises: DataError `unknown-ctcae-version`.
    Source: National Cancer Institute, CTCAE v4.03, v5.0, v6.0.  Checked: tests/by_hand/test_lab_grades.py.
    """
    version = version or load_criteria().default
    find_version(version)
    return tuple(_grade(lab, term, version, missing_baseline) for term in terms_of(lab.test, version))


def worst_lab_grades(grades: Iterable[LabGrade]) -> LabGrade | None:
    """The worst of a patient's grades of one term; ungraded values count by what they are at least. None of none.

    The grade is given only where no ungraded value could be worse.
    """
    given = tuple(grades)
    if not given:
        return None
    worst = max(given, key=lambda g: (g.at_least, g.grade is not None))
    at_most = max(g.at_most for g in given)
    if at_most == worst.at_least:
        return replace(worst, grade=worst.at_least, at_most=at_most, reason="")
    open_ones = [g for g in given if g.at_most == at_most]
    return replace(worst, grade=None, at_most=at_most, reason=open_ones[0].reason)


def _grade(lab: LabValue, term: LabTerm, version: str, missing_baseline: MissingBaseline) -> LabGrade:
    made = LabGrade(term.term, term.test, version, None, 0, WORST, row=lab.row)
    if lab.value is None:
        return replace(made, reason="no value recorded")
    fitting = [(rule, own) for rule in term.rules if (own := in_unit(lab, rule.units)) is not None]
    if not fitting:
        return replace(made, reason="no unit recorded" if not lab.unit else "the unit is not one of this test")
    note, is_assumed = "", False
    if lab.baseline is None and missing_baseline == "normal" and _asks_baseline(term):
        note, is_assumed = "baseline not recorded, taken as normal", True
    ranges = [_range(fitting, term, world, is_assumed) for world in _worlds(fitting, term, is_assumed)]
    low, high = min(r[0] for r in ranges), max(r[1] for r in ranges)
    if low == high:
        return replace(made, grade=low, at_least=low, at_most=high, note=note)
    return replace(made, at_least=low, at_most=high, reason=_reason(lab, term), note=note)


def _range(
    fitting: list[tuple[Rule, LabValue]], term: LabTerm, world: frozenset[str], is_assumed: bool
) -> tuple[int, int]:
    """The lowest and the highest grade the rules of one world allow."""
    low = high = 0
    for rule, lab in fitting:
        if rule.when != "always" and rule.when not in world:
            continue
        for grade, text in enumerate(rule.bounds, start=1):
            if is_assumed and "baseline" in text:
                continue  # a normal baseline of unknown size: its multiples are not asked
            beyond = is_beyond(lab, parse_bound(text), term.direction)
            low, high = max(low, grade if beyond else 0), max(high, 0 if beyond is False else grade)
    return low, high


def _worlds(fitting: list[tuple[Rule, LabValue]], term: LabTerm, is_assumed: bool) -> list[frozenset[str]]:
    """Every combination of circumstances that what is recorded leaves possible."""
    whens = tuple(dict.fromkeys(rule.when for rule, _ in fitting if rule.when != "always"))
    lab = fitting[0][1]
    groups = (
        tuple(w for w in whens if w.startswith("baseline")),
        tuple(w for w in whens if w.endswith("symptomatic")),
        tuple(w for w in whens if w.endswith("anticoagulated")),
        tuple(w for w in whens if w.startswith("value")),
    )
    choices = [_possible(group, lab, term, is_assumed) for group in groups if group]
    return [frozenset(world) for world in product(*choices)]


def _possible(group: tuple[str, ...], lab: LabValue, term: LabTerm, is_assumed: bool) -> list[str]:
    """Which of a group of conditions that exclude each other may hold; "" is none of them."""
    if is_assumed and group[0].startswith("baseline"):
        return [w if (w := "baseline normal") in group else ""]
    answers = {w: _holds(w, lab, term) for w in group}
    sure = [w for w, answer in answers.items() if answer]
    if sure:
        return sure
    is_complete = bool({"baseline normal", "asymptomatic", "not anticoagulated"} & set(group))
    return [w for w, answer in answers.items() if answer is None] + ([] if is_complete else [""])


def _holds(when: str, lab: LabValue, term: LabTerm) -> bool | None:
    """Does a condition hold? None where what it asks for is not recorded."""
    if when.endswith(("symptomatic", "anticoagulated")):
        fact = lab.symptomatic if when.endswith("symptomatic") else lab.anticoagulated
        return None if fact is None else fact == (when in ("symptomatic", "anticoagulated"))
    if when == "value abnormal":
        return is_beyond(lab, parse_bound("LLN" if term.direction == "low" else "ULN"), term.direction)
    baseline = replace(lab, value=lab.baseline, sign="")
    if when == "baseline below LLN":
        return is_beyond(baseline, parse_bound("LLN"), "low")
    is_abnormal = is_beyond(baseline, parse_bound("LLN" if term.direction == "low" else "ULN"), term.direction)
    if when in ("baseline normal", "baseline abnormal") or not is_abnormal:
        return None if is_abnormal is None else is_abnormal == (when != "baseline normal")
    is_far = is_beyond(baseline, parse_bound("5 ULN"), "high")
    return None if is_far is None else is_far == (when == "baseline above 5 ULN")


def _asks_baseline(term: LabTerm) -> bool:
    return any("baseline" in text for rule in term.rules for text in (rule.when, *rule.bounds))


def _reason(lab: LabValue, term: LabTerm) -> str:
    """What was not recorded of all the term asks for, or that the value itself leaves it open."""
    asked = " ".join(text for rule in term.rules for text in (rule.when, *rule.bounds))
    missing = [
        words
        for words, is_missing in (
            ("lower limit of normal", lab.lln is None and "LLN" in asked),
            ("upper limit of normal", lab.uln is None and "ULN" in asked),
            ("baseline", lab.baseline is None and "baseline" in asked),
            ("symptoms (yes or no)", lab.symptomatic is None and "symptomatic" in asked),
            ("anticoagulation (yes or no)", lab.anticoagulated is None and "anticoagulated" in asked),
        )
        if is_missing
    ]
    if missing:
        return f"not recorded: {', '.join(missing)}"
    if lab.sign:
        return "known only as a limit of detection, on which side of a bound it lies cannot be told"
    return "the published criteria leave this case open"
