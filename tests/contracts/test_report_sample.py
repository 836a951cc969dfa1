"""A small report made by hand, with every kind of block; the other report tests render it."""

from __future__ import annotations

from remission.display.grid import Cell, Document, FigureBlock, Grid, GridRow, Heading, Paragraph, Ref, cell
from remission.results.check import check_results
from remission.results.table import CellRef, Results

PATIENTS = tuple(f"P{k:02d}" for k in range(1, 34))
ARMS = {"Salvage 1": PATIENTS[:19], "Salvage 2 or later": PATIENTS[19:]}
CR = PATIENTS[:26]
INTERVALS = {33: (0.611, 0.910), 19: (0.824, 1.0), 14: (0.230, 0.770)}


def sample_results() -> Results:
    """33 patients: response by line, survival with a median that is not reached, age, toxicity."""
    r = Results()
    for level, group in [("", PATIENTS), *ARMS.items()]:
        by = {"population": "treated", "group": "line" if level else "", "level": level, "n": len(group)}
        responders = [p for p in group if p in CR]
        share = {"unit": "proportion", "method": "clopper-pearson95", **by}
        r.add("response", "cr", "N", len(group), **by, members=group)
        r.add("response", "cr", "n", len(responders), **by, members=responders)
        r.add("response", "cr", "estimate", len(responders) / len(group), **share, members=responders)
        low, high = INTERVALS[len(group)]
        r.add("response", "cr", "low", low, **share)
        r.add("response", "cr", "high", high, **share)
        for stat, value in (("median", 38.0), ("q1", 24.5), ("q3", 57.25), ("min", 18.0), ("max", 81.0)):
            r.add("who", "age", stat, value, unit="years", method="quantile-type2", **by, members=group)
        median = {"unit": "days", "method": "km-median-bc", **by}
        r.add("os", "median", "median", 316.0 if level else 402.5, **median, members=group)
        r.add("os", "median", "low", 210.0, **median)
        unknown = "The upper limit of the interval stays above one half until the last follow-up."
        r.add("os", "median", "high", None, status="undefined", note=unknown, **median)
        for months, value, at_risk in ((0, 1.0, len(group)), (6, 0.71, 9), (12, 0.5234, 4)):
            at = f"{months}mo"
            r.add("os", "survival", "at_risk", at_risk, category=at, **by, members=group[:at_risk])
            r.add("os", "survival", "estimate", value, category=at, unit="proportion", method="km-loglog95", **by)
    r.add("response", "test", "p", 0.0496, population="treated", method="fisher2", n=33)
    r.add("os", "test", "p", None, population="treated", status="failed", note="No death in one group.", n=33)
    for term, n in (("CRS", 9), ("ICANS", 4)):
        for grade in (1, 2, 3, 4, 5):
            name = f"{term} grade {grade}"
            r.add("ae", name, "n", max(n - grade, 0), population="treated", n=33, members=PATIENTS[: max(n - grade, 0)])
    r.trace("response", "cr", ["best_response", "response_date"])
    r.trace("who", "age", ["birth_date"])
    for k, field in enumerate(("best_response", "response_date", "birth_date")):
        r.keep_cells(
            field,
            {
                p: (CellRef(p, field, "ward.xlsx", "Outcomes", row, "DEF"[k], ("CR", "2021-03-04", "1980-01-02")[k]),)
                for row, p in enumerate(PATIENTS, start=2)
            },
        )
    return r


def _id(analysis: str, what: str, level: str = "") -> str:
    return f"{analysis}.by_line.{level}.{what}" if level else f"{analysis}.all.{what}"


LEVELS = ("", "salvage_1", "salvage_2_or_later")


def _columns(pattern: str, analysis: str, variable: str, **stats: str) -> tuple[Cell, ...]:
    return tuple(cell(pattern, **{k: _id(analysis, f"{variable}.{v}", at) for k, v in stats.items()}) for at in LEVELS)


def response_table() -> Grid:
    """A table with a spanning header, sections, indented lines, long labels and a p-value."""
    p = Ref("response.all.test.p")
    count = _columns("{n}/{N}", "response", "cr", n="n", N="N")
    share = _columns("{e} ({l}–{h})", "response", "cr", e="estimate", l="low", h="high")
    age = _columns("{m} ({a}–{b})", "who", "age", m="median", a="q1", b="q3")
    reach = _columns("{a}–{b}", "who", "age", a="min", b="max")
    os = _columns("{m} ({l}–{h})", "os", "median", m="median", l="low", h="high")
    return Grid(
        key="table_response",
        title="Characteristics, response and survival by line of treatment",
        header=(
            (cell(""), cell(""), cell("By line of treatment", span=2), cell("")),
            (
                cell("Characteristic"),
                cell("All patients"),
                cell("Salvage one"),
                cell("Salvage two or later"),
                cell("P"),
            ),
        ),
        rows=(
            GridRow((cell("Age at the first infusion, years"),), kind="head"),
            GridRow((cell("Median (Q1–Q3)"), *age), indent=1),
            GridRow((cell("Range"), *reach), indent=1),
            GridRow((cell("Response within two cycles"),), kind="head"),
            GridRow(
                (
                    cell("Complete remission, with or without full recovery of the counts <CR/CRh/CRi>"),
                    *count,
                    Cell((p,)),
                ),
                indent=1,
            ),
            GridRow((cell("Percentage (95% CI)"), *share), indent=2),
            GridRow(
                (cell("Median overall survival, months (95% CI)"), *os, cell("{p}", p="os.all.test.p")), kind="total"
            ),
        ),
        align="lrrrr",
        footnotes=(
            cell("CI: confidence interval; CR: complete remission; NR: not reached; –: not computed."),
            cell("Denominator: all {N} treated patients.", N="response.all.cr.N"),
        ),
    )


def wide_table() -> Grid:
    """A landscape table of eleven columns."""
    terms = ("CRS", "ICANS")
    return Grid(
        key="table_toxicity",
        title="Toxicity: worst grade per patient",
        header=(
            (cell(""), *(cell(term, span=5) for term in terms)),
            (cell("Grade"), *(cell(g) for _ in terms for g in ("I", "II", "III", "IV", "V"))),
        ),
        rows=(
            GridRow(
                (
                    cell("Patients"),
                    *(cell("{n}", n=f"ae.all.{t.lower()}_grade_{g}.n") for t in terms for g in range(1, 6)),
                )
            ),
        ),
        align="l" + "r" * 10,
        footnotes=(cell("CRS: cytokine release syndrome; ICANS: neurotoxicity."),),
        landscape=True,
    )


def sample_document() -> Document:
    """Every kind of block, in the order of a report."""
    text = (
        "Of {N} patients, {n} reached complete remission ({e}; 95% CI {l}–{h}). "
        "Median overall survival was {m} months (95% CI {ml}–{mh})."
    )
    ids = {"N": "N", "n": "n", "e": "estimate", "l": "low", "h": "high"}
    known = {k: f"response.all.cr.{v}" for k, v in ids.items()}
    known |= {"m": "os.all.median.median", "ml": "os.all.median.low", "mh": "os.all.median.high"}
    curve = tuple(_id("os", f"survival@{m}mo.estimate", at) for at in LEVELS for m in (0, 6, 12))
    return Document(
        title="Blinatumomab in relapsed or refractory B-ALL",
        subtitle="A retrospective study of one ward",
        facts={"Data": "ward.xlsx", "Time origin": "first infusion", "Protocol": "study.toml"},
        blocks=(
            Heading("Methods"),
            Paragraph(cell("Survival was estimated by the Kaplan-Meier method. Proportions carry exact intervals.")),
            Paragraph(cell('Patients < 18 years & others are "not" excluded </script><b>.'), kind="note"),
            Heading("Results"),
            Heading("Response", 2),
            Paragraph(cell(text, **known)),
            Paragraph(cell("Responders: {n}", n="response.all.cr.n"), kind="bullet"),
            Paragraph(cell("Treated: {N}", N="response.all.cr.N"), kind="bullet"),
            response_table(),
            Paragraph(
                cell("Survival from the start by response is biased: a patient must live long enough to respond."),
                kind="warning",
            ),
            Heading("Survival", 2),
            FigureBlock(
                key="figure_os",
                title="Overall survival",
                path_stem="os",
                alt="Kaplan-Meier curve of overall survival",
                caption=(cell("Median {m} months; numbers at risk below the curve.", m="os.all.median.median"),),
                ids=curve,
            ),
            Heading("Toxicity", 2),
            wide_table(),
            Heading("References", 2),
            Paragraph(cell("Kaplan EL, Meier P.")),
        ),
    )


KNOWN_TEXT = ("95% CI", "Patients < 18 years", "Median (Q1–Q3)")


def test_sample_is_sound():
    """The sample itself passes the structural checks."""
    check_results(sample_results(), [sample_document()])
