"""A column of measurements: one decimal mark, comparators, units and percent formats to numbers in the field's unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from remission.cohort.fold import code_key
from remission.cohort.numbers import (
    DecimalDecision,
    NumberText,
    amount_of,
    decide_decimal,
    decimal_evidence,
    read_number_text,
)
from remission.cohort.places import count_of
from remission.cohort.raw_column import Key, RawColumn, Typed, Value, fold_findings
from remission.cohort.units import factor
from remission.core.findings import Finding, Severity

_SIGNS = {"": "", "<": "<", "≤": "<", ">": ">", "≥": ">"}
# Below this, in percent, no assay of residual disease reads: such values are fractions more often than percentages
_LOWEST_PERCENT = Decimal("0.0001")


@dataclass(frozen=True)
class Amount:
    """One distinct cell as an amount, before its unit is applied."""

    text: NumberText
    value: Decimal
    is_percent_format: bool


def read_amounts(
    raw: RawColumn, keys: list[Key], *, bare_power: bool = False
) -> tuple[dict[Key, Amount], list[Finding]]:
    """The distinct cells `keys` as amounts, under one decimal mark; what is not a number is a finding."""
    texts: dict[Key, NumberText | None] = {k: _number_text(k, raw, bare_power) for k in keys}
    numbers = {k: n for k, n in texts.items() if n is not None}
    typed = {k: n for k, n in numbers.items() if k[1] not in "n%"}
    decision = decide_decimal({n.digits for n in typed.values()}, raw.spec.decimal)
    amounts: dict[Key, Amount] = {}
    for key, number in numbers.items():
        if key in typed:
            if number.digits in decision.against or number.digits in decision.open:
                continue
            amounts[key] = Amount(number, amount_of(number, decision.mark), False)
        else:
            amounts[key] = Amount(number, amount_of(number, "."), key[1] == "%")
    findings = list(_unreadable(raw, [k for k, n in texts.items() if n is None]))
    findings += fold_findings(raw.place, raw.texts(amounts), only_letters=True)
    findings += _decimal_findings(raw, typed, decision)
    return amounts, findings


def _number_text(key: Key, raw: RawColumn, bare_power: bool) -> NumberText | None:
    if key[1] in "bde":
        return None
    mapped = mapped_text(raw, key[0])
    return read_number_text(mapped if mapped is not None else key[0], bare_power=bare_power)


def mapped_text(raw: RawColumn, text: str) -> str | None:
    """What `values` of study.toml says a text stands for, in a column of numbers or days."""
    for given, meant in raw.spec.values.items():
        if code_key(given) == code_key(text) and isinstance(meant, str):
            return meant
    return None


def _unreadable(raw: RawColumn, keys: list[Key]) -> Iterator[Finding]:
    dates = [k for k in keys if k[1] == "d"]
    others = [k for k in keys if k[1] != "d"]
    if dates:
        yield raw.place.finding(
            "error",
            "date-instead-of-value",
            f"{count_of(len(raw.rows_with(dates)), 'cell is a date', 'cells are dates')} where a number should be.",
            rows=raw.rows_with(dates),
            consequence="The values are not known: a spreadsheet program turns 5/10 or 1.5 into a date.",
            todo="Format the column as text and type these cells again.",
        )
    if others:
        yield raw.place.finding(
            "error",
            "not-a-number",
            f"{count_of(len(raw.rows_with(others)), 'cell')} cannot be read as a number.",
            rows=raw.rows_with(others),
            consequence="The values are not known.",
            todo="Correct the cells, or say under values or missing of this column what their text means.",
        )


def _decimal_findings(raw: RawColumn, typed: dict[Key, NumberText], decision: DecimalDecision) -> Iterator[Finding]:
    against = [k for k, n in typed.items() if n.digits in decision.against]
    undecided = [k for k, n in typed.items() if n.digits in decision.open]
    if against:
        both = {decimal_evidence(n.digits).mark for k, n in typed.items()} - {""}
        if len(both) > 1:
            what = "The column writes decimals both with a point and with a comma."
        else:
            what = "Points or commas stand where neither a decimal mark nor thousands can be."
        yield raw.place.finding(
            "error",
            "decimal-mark",
            what,
            rows=raw.rows_with(against),
            consequence="These numbers are not known: they could be wrong a thousandfold.",
            todo='Correct the cells, or say decimal = "." or decimal = "," for this column.',
        )
    if undecided:
        yield raw.place.finding(
            "error",
            "decimal-mark",
            "Every mark in this column stands before three digits: it may be a decimal mark or part thousands.",
            rows=raw.rows_with(undecided),
            consequence="These numbers are not known: they could be wrong a thousandfold.",
            todo='Say decimal = "." or decimal = "," for this column.',
        )


def read_numbers(raw: RawColumn) -> Typed:
    """A column of a `number` field, in the field's own unit."""
    bad, findings = raw.error_cells()
    keys = [
        k for k in raw.distinct if k not in bad and (mapped_text(raw, k[0]) is not None or not raw.is_missing(k[0]))
    ]
    is_percent = raw.field.unit == "%"
    amounts, more = read_amounts(raw, keys, bare_power=is_percent and raw.field.comparator)
    findings += more
    report = _Report(raw)
    values: dict[Key, tuple[Value, str]] = {}
    scaled: dict[Key, Decimal] = {}
    for key, amount in amounts.items():
        multiplier = report.multiplier(key, amount)
        if multiplier is None:
            continue
        sign = _SIGNS[amount.text.comparator]
        if sign and not raw.field.comparator:
            report.note("comparator", key)
            continue
        if amount.text.comparator in "≤≥" and sign:
            report.note("closed", key)
        value = amount.value * multiplier
        if raw.spec.floor is not None and value == Decimal(repr(raw.spec.floor)) and not sign:
            sign = "<"
            report.note("floor", key)
        elif not sign and value:
            scaled[key] = value
        values[key] = (_scalar(value, whole=raw.field.whole), sign)
    findings += report.findings()
    findings += _doubtful_unit(raw, scaled)
    none: tuple[Value, str] = (None, "")
    pairs = [values.get(key, none) for key in raw.keys]
    signs = [sign for _, sign in pairs] if raw.field.comparator else None
    return Typed([value for value, _ in pairs], signs, findings=findings)


def _scalar(value: Decimal, *, whole: bool) -> int | float:
    return int(value) if whole and value == value.to_integral_value() else float(value)


class _Report:
    """Collects, cell by cell, what was converted; one finding for each kind."""

    def __init__(self, raw: RawColumn) -> None:
        self.raw = raw
        self.hits: dict[tuple[str, str], list[Key]] = {}

    def note(self, rule: str, key: Key, unit: str = "") -> None:
        self.hits.setdefault((rule, unit), []).append(key)

    def multiplier(self, key: Key, amount: Amount) -> Decimal | None:
        """To the field's unit: the unit in the cell, else the percent format, else the column's, else its own."""
        field_unit, column_unit = self.raw.field.unit, self.raw.spec.unit
        if amount.text.unit:
            found = factor(amount.text.unit, field_unit)
            if found is None:
                self.note("unknown-unit", key)
            elif found != 1:
                self.note("converted", key, amount.text.unit)
            return found
        if amount.is_percent_format:
            if field_unit != "%":
                self.note("percent-elsewhere", key)
                return Decimal(1)
            self.note("percent", key)
            return Decimal(100)
        if column_unit:
            return factor(column_unit, field_unit)
        if field_unit == "%" and amount.text.is_power and key[1] == "t":
            self.note("power", key)
            return Decimal(100)
        return Decimal(1)

    def findings(self) -> Iterator[Finding]:
        for (rule, unit), keys in self.hits.items():
            rows = self.raw.rows_with(keys)
            severity, name, what, consequence, todo = self._words(rule, unit, len(rows))
            yield self.raw.place.finding(severity, name, what, rows=rows, consequence=consequence, todo=todo)

    def _words(self, rule: str, unit: str, n: int) -> tuple[Severity, str, str, str, str]:
        own = self.raw.field.unit or "a number without unit"
        cells, carry = count_of(n, "cell is", "cells are"), count_of(n, "cell carries", "cells carry")
        if rule == "unknown-unit":
            return (
                "error",
                "unknown-unit",
                f"{carry} a unit or a word that cannot be converted to {own}.",
                "The values are not known.",
                "Correct the cells, or say under values of this column what their text means.",
            )
        if rule == "converted":
            return "note", "unit-converted", f"{cells} in {unit} and converted to {own}.", "None.", "Check the unit."
        if rule == "percent":
            return (
                "note",
                "percent-format",
                f"{cells} formatted as a percentage: a cell that shows 5 % holds 0.05 and is read as 5.",
                "The values are read as they are shown.",
                "Nothing, if the sheet shows the percentages you mean.",
            )
        if rule == "percent-elsewhere":
            return (
                "warning",
                "percent-format",
                f"{cells} formatted as a percentage, but the field is not a percentage.",
                "The stored number is read, not the percentage that is shown.",
                "Check the mapping of this column.",
            )
        if rule == "power":
            return (
                "warning",
                "scientific-notation",
                f"{cells} written as a power of ten without a % sign, and read as a fraction (1e-4 = 0.01 %).",
                "If they are percentages, they are a hundred times too high.",
                'Say unit = "fraction" or unit = "%" for this column.',
            )
        if rule == "comparator":
            return (
                "error",
                "unexpected-comparator",
                f"{carry} < or >, which this field cannot hold.",
                "The values are not known.",
                "Give the measured value, or say under values or missing of this column what the text means.",
            )
        if rule == "closed":
            return "note", "comparator-closed", f"{carry} ≤ or ≥, kept as < or >.", "None.", "Nothing."
        return (
            "note",
            "assay-floor",
            f"{cells} equal to the floor of the assay and read as below it.",
            "They count as not detected, not as measured values.",
            "Nothing, if the floor in study.toml is right.",
        )


def _doubtful_unit(raw: RawColumn, scaled: dict[Key, Decimal]) -> Iterator[Finding]:
    """Percentages so small that they are probably fractions."""
    if raw.field.unit != "%" or raw.spec.unit or not scaled:
        return
    rows = raw.rows_with([k for k, v in scaled.items() if abs(v) <= _LOWEST_PERCENT])
    if len(rows) >= 3 and len(rows) * 2 > len(raw.rows_with(scaled)):
        yield raw.place.finding(
            "warning",
            "unit-doubtful",
            "Most values of this column are so small that they are fractions rather than percentages.",
            rows=rows,
            consequence="Read as percentages they may be a hundred times too low.",
            todo='Say unit = "fraction" or unit = "%" for this column.',
        )
