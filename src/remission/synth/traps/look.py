"""Cells that look right and are written otherwise: letters of another alphabet, powers of ten, units, marks, codes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from remission.synth.marrow import FLOOR_PERCENT
from remission.synth.mess import Mess, Row, Spot, Value
from remission.synth.traps.trap import Trap, always, change, has

_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _write(
    sheet: str, field: str, new: Callable[[Row], Value], where: Callable[[Row], bool] = always
) -> Callable[[Mess], list[Spot]]:
    """A cell written otherwise: the patient stays free for other mistakes."""
    return change(sheet, field, new, where, takes=False)


def _is(field: str, *values: str) -> Callable[[Row], bool]:
    return lambda row: row[field] in values


def _is_measured_mrd(row: Row) -> bool:
    value = row["mrd_percent"]
    return isinstance(value, int | float) and value > FLOOR_PERCENT


def _is_floor(row: Row) -> bool:
    return row["mrd_percent"] == FLOOR_PERCENT


def _as_fraction(row: Row) -> str:
    """0.05 % as 5e-4."""
    mantissa = Decimal(repr(row["mrd_percent"]))
    power = -2
    while mantissa < 1:
        mantissa, power = mantissa * 10, power - 1
    return f"{mantissa.normalize():f}e{power}"


def _as_percent_format(mess: Mess) -> list[Spot]:
    row = mess.pick("Marrow", lambda r: r.number("blasts_percent") >= 1, takes=False)
    box = row.box("blasts_percent")
    box.value, box.number_format = float(Decimal(repr(box.value)) / 100), "0.0%"
    return [mess.spot(row, "blasts_percent")]


def _with_mark(mess: Mess) -> list[Spot]:
    mess.pages["Patients"].rename("patient", marks={"*": "patients.fusion_gene_positive"})
    return _write("Patients", "patient", lambda r: f"{r['patient']}*")(mess)


def _with_values(sheet: str, field: str, codes: dict[str, str], values: dict[str, str]) -> Callable[[Mess], list[Spot]]:
    """Codes of the ward's own, explained under values in study.toml. Args: codes: code -> how the ward writes it."""

    def plant(mess: Mess) -> list[Spot]:
        old = mess.pages[sheet].columns[mess.pages[sheet].index(field)].values
        spots = _write(sheet, field, lambda r: codes[str(r[field])], lambda r: r[field] in codes)(mess)
        mess.pages[sheet].rename(field, values={**old, **values})
        return spots

    return plant


def _with_comment(mess: Mess) -> list[Spot]:
    row = mess.pick("Marrow", always, takes=False)
    row.box("anc_10e9_l").comment = "checked twice"
    return [mess.spot(row, "anc_10e9_l")]


def _struck(mess: Mess) -> list[Spot]:
    row = mess.pick("Laboratory", always, takes=False)
    row.box("value").is_struck = True
    return [mess.spot(row, "value")]


def _header_letter(mess: Mess) -> list[Spot]:
    pages = mess.pages["Adverse events"]
    at = pages.index("grade")
    pages.header.boxes[at].value = "Gr\u0430de"
    return [Spot(pages, pages.header, at)]


LOOK = (
    Trap(
        "greek-letter",
        "reading",
        "look-alike",
        "A Greek Nu stands for an N.",
        _write("Outcomes", "relapse", lambda _: "\u039do", _is("relapse", "no")),
    ),
    Trap(
        "cyrillic-letter",
        "reading",
        "look-alike",
        "Cyrillic letters stand for Latin ones.",
        _write(
            "Therapies", "graft_source", lambda r: str(r["graft_source"]).replace("o", "\u043e"), has("graft_source")
        ),
    ),
    Trap(
        "full-width-letter",
        "reading",
        "look-alike",
        "Full-width letters stand for ordinary ones.",
        _write("Patients", "sex", lambda r: str(r["sex"]).translate(_FULL_WIDTH)),
    ),
    Trap(
        "no-break-space",
        "reading",
        "look-alike",
        "A no-break space stands for a space.",
        _write(
            "Adverse events", "term", lambda r: str(r["term"]).replace(" ", "\u00a0"), lambda r: " " in str(r["term"])
        ),
    ),
    Trap(
        "hyphen-in-id",
        "reading",
        "look-alike",
        "The hyphen of an id is another character.",
        _write("Marrow", "patient", lambda r: str(r["patient"]).replace("-", "\u2011")),
    ),
    Trap("header-letter", "reading", "look-alike", "A header has a Cyrillic letter.", _header_letter),
    Trap("marked-id", "reading", "marked-id", "An id carries a mark, which study.toml explains.", _with_mark),
    Trap(
        "percent-format",
        "reading",
        "percent-format",
        "A cell is formatted as a percentage and holds a fraction.",
        _as_percent_format,
    ),
    Trap(
        "power-of-ten",
        "reading",
        "scientific-notation",
        "Residual disease is written as a power of ten.",
        _write("Marrow", "mrd_percent", _as_fraction, _is_measured_mrd),
    ),
    Trap(
        "below-limit",
        "reading",
        "below-limit",
        "A value below detection is written as text with <.",
        _write("Marrow", "mrd_percent", lambda _: f"<{FLOOR_PERCENT:g}%", _is_floor),
    ),
    Trap(
        "unit-in-cell",
        "reading",
        "unit-converted",
        "A cell names another unit than the column.",
        _write("Marrow", "hb_g_l", lambda r: f"{r.number('hb_g_l') / 10:.1f} g/dL"),
    ),
    Trap(
        "number-as-text",
        "reading",
        "",
        "A number is stored as text.",
        _write("Patients", "weight_kg", lambda r: str(r["weight_kg"])),
    ),
    Trap(
        "yes-in-another-language",
        "reading",
        "",
        "Yes and no are written in German and Chinese.",
        _write("Patients", "prior_hsct", lambda r: {"yes": "ja", "no": "\u5426"}[str(r["prior_hsct"])]),
    ),
    Trap(
        "code-explained",
        "reading",
        "",
        "A code of the ward's own is explained in study.toml.",
        _with_values("Patients", "sex", {"male": "\u7537", "female": "\u5973"}, {"\u7537": "male", "\u5973": "female"}),
    ),
    Trap(
        "spelling-explained",
        "reading",
        "",
        "A treatment is spelled CART, which study.toml explains.",
        _with_values("Therapies", "kind", {"CAR-T": "CART"}, {"CART": "CAR-T"}),
    ),
    Trap(
        "missing-mark",
        "reading",
        "",
        "A cell says that nothing was looked at.",
        _write("Outcomes", "relapse_day", lambda _: "\u672a\u67e5", lambda r: r["relapse_day"] is None),
    ),
    Trap("cell-comment", "reading", "cell-comment", "A cell carries a comment.", _with_comment),
    Trap("struck-out", "reading", "struck-out", "A cell is struck out.", _struck),
)
