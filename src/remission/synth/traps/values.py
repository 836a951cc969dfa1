"""Numbers and codes that cannot be read, or cannot be."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from remission.synth.mess import Line, Mess, Row, Spot
from remission.synth.traps.trap import Trap, change, has


def _two_marks(mess: Mess) -> list[Spot]:
    """Text with a decimal point and text with a decimal comma in one column."""

    def has_mark(row: Row) -> bool:
        return isinstance(row["wbc_10e9_l"], float)

    point = change("Patients", "wbc_10e9_l", lambda r: str(r["wbc_10e9_l"]), has_mark, takes=False)(mess)
    comma = change("Patients", "wbc_10e9_l", lambda r: str(r["wbc_10e9_l"]).replace(".", ","), has_mark, takes=False)(
        mess
    )
    return [*point, *comma]


def _other_unit_in_header(mess: Mess) -> list[Spot]:
    pages = mess.pages["Patients"]
    pages.rename("weight_kg", header="Weight (lb)")
    return [Spot(pages, None, pages.index("weight_kg"))]


def _two_sheets_differ(mess: Mess) -> list[Spot]:
    """The age once more among the outcomes, and one of them is another."""
    pages = mess.pages["Outcomes"]
    ages = [row.of("Patients")["age_years"] for row in mess.rows("Outcomes")]
    at = pages.add_column("Age", ages, to="patients.age_years")
    row = mess.pick("Outcomes", lambda _: True)
    row.line.boxes[at].value = row.of("Patients").number("age_years") + 10
    return [Spot(pages, row.line, at)]


def _no_floor(mess: Mess) -> list[Spot]:
    """The floor of the assay stands in the column as a number, and nobody says so."""
    pages = mess.pages["Marrow"]
    at = pages.index("mrd_percent")
    floor = pages.columns[at].floor
    pages.columns[at] = replace(pages.columns[at], floor=None)
    return [Spot(pages, line, at) for line in pages.lines if _is_whole(line) and line.boxes[at].value == floor]


def _fractions(mess: Mess) -> list[Spot]:
    """All blasts before treatment are fractions of 1 in a column of percentages."""
    spots = []
    for row in mess.rows("Marrow"):
        if row["visit"] == "before":
            share = row.number("blasts_percent") / 100
            row.box("blasts_percent").value = share
            spots += [mess.spot(row, "blasts_percent")] if share > 0 else []
    return spots


def _is_whole(line: Line) -> bool:
    """A record nothing else was done to."""
    return line.is_record and not line.is_touched


def _lab_floor(mess: Mess) -> list[Spot]:
    """Values below the limit of an assay are entered as the limit."""
    pages = mess.pages["Laboratory"]
    test, value = pages.index("test"), pages.index("value")
    spots = []
    for line in pages.lines:
        text = str(line.boxes[value].value)
        if _is_whole(line) and line.boxes[test].value == "IL-2" and text.startswith("<"):
            line.boxes[value].value = float(text.removeprefix("<"))
            line.boxes[value].is_touched = True
            spots.append(Spot(pages, line, value))
    return spots


VALUES = (
    Trap(
        "unknown-code",
        "stop",
        "unknown-code",
        "A code is followed by a question mark.",
        change("Outcomes", "relapse", lambda _: "N?", has("relapse")),
    ),
    Trap(
        "not-a-number",
        "stop",
        "not-a-number",
        "A number is words.",
        change("Marrow", "hb_g_l", lambda _: "low, transfused", takes=False),
    ),
    Trap("two-decimal-marks", "stop", "decimal-mark", "A column has decimal points and decimal commas.", _two_marks),
    Trap(
        "decimal-comma",
        "reading",
        "",
        "A number is text with a decimal comma.",
        change(
            "Infusions",
            "dose_ug_per_day",
            lambda r: str(r["dose_ug_per_day"]).replace(".", ","),
            lambda r: isinstance(r["dose_ug_per_day"], float),
            takes=False,
        ),
    ),
    Trap(
        "unknown-unit",
        "stop",
        "unknown-unit",
        "A number carries a word that is no unit.",
        change("Marrow", "platelets_10e9_l", lambda r: f"{r['platelets_10e9_l']} units", takes=False),
    ),
    Trap(
        "unexpected-comparator",
        "stop",
        "unexpected-comparator",
        "A weight is given as less than something.",
        change("Patients", "weight_kg", lambda _: "<50", takes=False),
    ),
    Trap(
        "cell-error",
        "stop",
        "cell-error",
        "A formula has failed.",
        change("Marrow", "anc_10e9_l", lambda _: "#N/A", takes=False),
    ),
    Trap(
        "formula-without-value",
        "stop",
        "formula-without-value",
        "A formula has no stored value.",
        change("Patients", "height_cm", lambda _: "=1.7*100", takes=False),
    ),
    Trap(
        "date-for-number",
        "stop",
        "date-instead-of-value",
        "A spreadsheet program made a date of a number.",
        change("Infusions", "dose_ug_per_day", lambda _: dt.date(2024, 9, 28), takes=False),
    ),
    Trap(
        "unit-in-header",
        "stop",
        "unit-unclear",
        "The header names another unit than the field has.",
        _other_unit_in_header,
    ),
    Trap(
        "two-sheets-differ",
        "stop",
        "conflicting-values",
        "Two sheets give a patient two ages.",
        _two_sheets_differ,
        order=8,
    ),
    Trap(
        "impossible-age",
        "stop",
        "impossible-age",
        "An age is that of nobody: months for years.",
        change("Patients", "age_years", lambda _: 210),
    ),
    Trap(
        "impossible-blasts",
        "stop",
        "impossible-blasts",
        "A blast percentage is above 100.",
        change("Marrow", "blasts_percent", lambda _: 950),
    ),
    Trap(
        "impossible-mrd",
        "stop",
        "impossible-mrd",
        "A residual disease is above 100 %.",
        change("Marrow", "mrd_percent", lambda _: 5000),
    ),
    Trap(
        "impossible-grade",
        "stop",
        "grade-out-of-range",
        "A grade is above 5.",
        change("Adverse events", "grade", lambda _: 6, takes=False),
    ),
    Trap(
        "half-a-grade",
        "doubt",
        "not-whole",
        "A grade is not a whole number.",
        change("Adverse events", "grade", lambda _: 2.5, takes=False),
    ),
    Trap(
        "height-in-metres",
        "doubt",
        "out-of-range",
        "A height is in metres in a column of centimetres.",
        change("Patients", "height_cm", lambda r: r.number("height_cm") / 100, takes=False),
    ),
    Trap(
        "blasts-exactly-5",
        "doubt",
        "blasts-exactly-5",
        "Blasts are exactly 5 %.",
        change("Marrow", "blasts_percent", lambda _: 5, lambda r: r["visit"] == "before"),
    ),
    Trap(
        "blasts-as-fractions",
        "doubt",
        "percent-looks-like-fraction",
        "Percentages are entered as fractions of 1.",
        _fractions,
        is_alone=True,
    ),
    Trap(
        "floor-undeclared",
        "doubt",
        "mrd-at-floor",
        "The floor of the assay is entered as a measured value.",
        _no_floor,
        order=9,
    ),
    Trap(
        "lab-floor-undeclared",
        "doubt",
        "lab-at-floor",
        "The floor of a cytokine assay is entered as a measured value.",
        _lab_floor,
        order=9,
    ),
)
