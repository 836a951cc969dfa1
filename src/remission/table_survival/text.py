"""The rows of one call as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from remission.core.days import days_in
from remission.results.row import Row, address
from remission.results.table import Results
from remission.table_survival.columns import Labels
from remission.table_survival.curves import ANALYSIS
from remission.table_survival.later import STATES
from remission.table_survival.table import SurvivalTable


@dataclass(frozen=True)
class _Look:
    """Finds rows by their parts and prints numbers."""

    results: Results
    unit: str
    analysis: str = ANALYSIS
    group: str = ""
    level: str = ""

    def row(self, variable: str, stat: str, category: str = "") -> Row | None:
        row_id = address(
            self.analysis, group=self.group, level=self.level, variable=variable, category=category, stat=stat
        )
        return self.results.rows.get(row_id)

    def down(self, level: str) -> _Look:
        return _Look(self.results, self.unit, self.analysis, self.group, level)

    def value(self, variable: str, stat: str, category: str = "") -> float | None:
        row = self.row(variable, stat, category)
        return None if row is None else row.value

    def count(self, variable: str, stat: str, category: str = "") -> str:
        value = self.value(variable, stat, category)
        return "" if value is None else f"{value:.0f}"

    def p(self, variable: str, category: str = "") -> str:
        value = self.value(variable, "p", category)
        return "-" if value is None else "<0.0001" if value < 0.0001 else f"{value:.4f}"

    def number(self, variable: str, stat: str, category: str = "", *, digits: int = 4) -> str:
        value = self.value(variable, stat, category)
        return "-" if value is None else f"{value:.{digits}f}"

    def time(self, variable: str, stat: str, category: str = "") -> str:
        row = self.row(variable, stat, category)
        if row is None or row.value is None:
            return "NR" if row is not None else ""
        return f"{days_in(row.value, self.unit):.{0 if self.unit == 'days' and row.value == int(row.value) else 1}f}"

    def range(self, variable: str, category: str = "", *, digits: int = 3, times: bool = False) -> str:
        if times:
            return f"{self.time(variable, 'low')}-{self.time(variable, 'high')}"
        low, high = (self.value(variable, s, category) for s in ("low", "high"))
        return "" if low is None and high is None else f"{_short(low, digits)}-{_short(high, digits)}"


def _short(value: float | None, digits: int) -> str:
    return "?" if value is None or not isfinite(value) else f"{value:.{digits}f}"


def as_text(results: Results, table: SurvivalTable) -> str:
    """Readable tables of everything that was computed; times in the unit of the table."""
    look = _Look(results, table.ask.unit)
    parts = [_head(look, table)]
    if table.ask.cause:
        parts += _incidence(look, table)
    else:
        parts += _survival(look, table)
    parts += _models(look, table)
    if table.switch is not None:
        parts += _later(look, table)
    notes = dict.fromkeys(r.note for r in results.rows.values() if r.note and r.status == "failed")
    if notes:
        parts.append("Not computed: " + "; ".join(notes))
    return "\n\n".join(p for p in parts if p)


def _head(look: _Look, table: SurvivalTable) -> str:
    left = look.row("left_out", "n")
    lines = [f"{table.n} rows of {table.n_read} used" + (f"; left out: {left.note}" if left and left.value else "")]
    lines += [r.text or "" for r in look.results.rows.values() if r.variable == "note"]
    if table.ask.preset:
        chosen = table.ask.choices
        lines.append(f"preset {chosen.name}: {chosen.interval} interval, ties {table.ask.ties_used}")
        lines += [f"  not repeated: {c}" for c in chosen.cannot]
    return "\n".join(lines)


def _table(title: str, header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Columns set flush: the first to the left, the others to the right."""
    rows = [list(header), *(list(line) for line in lines)]
    if len(rows) == 1:
        return ""
    width = [max(len(r[i]) for r in rows) for i in range(len(header))]
    shown = [
        "  ".join(c.ljust(width[i]) if i == 0 else c.rjust(width[i]) for i, c in enumerate(row)).rstrip()
        for row in rows
    ]
    return "\n".join([title, *("  " + line for line in shown)])


def _survival(look: _Look, table: SurvivalTable) -> list[str]:
    parts = [_curves(f"Kaplan-Meier ({table.ask.unit})", look, [("all", look)], table)]
    follow = look.time("follow_up", "estimate")
    parts[0] += f"\n  median follow-up (reverse Kaplan-Meier): {follow} ({look.range('follow_up', times=True)})"
    group = table.group
    if group is None:
        return parts
    names = [ANALYSIS] + ([f"{ANALYSIS}_landmark_{table.ask.landmark_day}d"] if table.ask.landmark is not None else [])
    for name in names:
        here = _Look(look.results, look.unit, name, group.column)
        title = f"By {group.column}" + (
            "" if name == ANALYSIS else f", from the landmark of day {table.ask.landmark_day}"
        )
        parts.append(_curves(title, here, [(level, here.down(level)) for level in group.levels], table))
        parts.append(_tests(here, group))
        parts.append(_ratios(here, group))
        parts.append(_rmst(here, group, table))
    return parts


def _curves(title: str, look: _Look, levels: list[tuple[str, _Look]], table: SurvivalTable) -> str:
    header = [look.group, "n", "events", "median", "95% CI"]
    lines = [
        [
            name,
            at.count("rows", "N"),
            at.count("rows", "events"),
            at.time("median", "estimate"),
            at.range("median", times=True),
        ]
        for name, at in levels
    ]
    text = _table(title, header, lines)
    days = table.ask.at_days
    if days:
        text += "\n" + _table(
            "  survival",
            [look.group, "at", "at risk", "survival", "SE", "95% CI"],
            [
                [
                    name,
                    table.ask.shown_at(day),
                    at.count("survival", "at_risk", f"{day}d"),
                    at.number("survival", "estimate", f"{day}d"),
                    at.number("survival", "se", f"{day}d"),
                    at.range("survival", f"{day}d", digits=4),
                ]
                for name, at in levels
                for day in days
            ],
        )
    if table.ask.rmst_day is not None and levels[0][1].row("rmst", "estimate", f"{table.ask.rmst_day}d"):
        category = f"{table.ask.rmst_day}d"
        text += "\n" + _table(
            f"  restricted mean up to day {table.ask.rmst_day} (days)",
            [look.group, "mean", "SE", "95% CI"],
            [
                [
                    name,
                    at.number("rmst", "estimate", category, digits=2),
                    at.number("rmst", "se", category, digits=2),
                    at.range("rmst", category, digits=1),
                ]
                for name, at in levels
            ],
        )
    return text


def _tests(look: _Look, group: Labels) -> str:
    lines = [
        [words, look.number(name, "statistic", digits=4), look.count(name, "df"), look.p(name)]
        for name, words in (
            ("logrank", "log-rank"),
            ("logrank_stratified", "log-rank, stratified"),
            ("peto_peto", "Peto-Peto (rho = 1)"),
            ("gehan", "Gehan"),
            ("tarone_ware", "Tarone-Ware"),
        )
        if look.row(name, "p") is not None
    ]
    if look.row("logrank_permutation", "p") is not None:
        lines.append(["log-rank, permutation", "", "", look.p("logrank_permutation")])
    text = _table("Tests", ["", "chi-square", "df", "p"], lines)
    observed = [
        [
            level,
            look.down(level).count("rows", "N"),
            look.down(level).count("rows", "events"),
            look.down(level).number("expected", "estimate", digits=3),
        ]
        for level in group.levels
    ]
    text += "\n" + _table("  log-rank", [look.group, "n", "observed", "expected"], observed)
    pairs = [
        r for r in look.results.rows.values() if r.variable == "pairs" and r.stat == "p" and r.analysis == look.analysis
    ]
    if pairs:
        lines = [
            [r.category.replace("_vs_", " / "), look.p("pairs", r.category), look.p("pairs_holm", r.category)]
            for r in pairs
        ]
        text += "\n" + _table("  pairs", ["", "p", "p (Holm)"], lines)
    return text


def _ratios(look: _Look, group: Labels) -> str:
    lines = [
        [
            f"{level} / {group.levels[0]}" + ("" if name == "hazard_ratio" else " (Mantel-Haenszel)"),
            look.number(name, "ratio", level),
            look.range(name, level, digits=4),
            look.p(name, level) if look.row(name, "p", level) else "",
        ]
        for name in ("hazard_ratio", "hazard_ratio_mantel_haenszel")
        for level in group.levels[1:]
        if look.row(name, "ratio", level) is not None
    ]
    return _table("Hazard ratio", ["", "ratio", "95% CI", "p"], lines)


def _rmst(look: _Look, group: Labels, table: SurvivalTable) -> str:
    tau = table.ask.rmst_day
    lines = [
        [
            f"{level} - {group.levels[0]}",
            look.number("rmst_difference", "estimate", f"{level}_{tau}d", digits=2),
            look.number("rmst_difference", "se", f"{level}_{tau}d", digits=2),
            look.range("rmst_difference", f"{level}_{tau}d", digits=1),
            look.p("rmst_difference", f"{level}_{tau}d"),
        ]
        for level in group.levels[1:]
        if look.row("rmst_difference", "estimate", f"{level}_{tau}d") is not None
    ]
    return _table(f"Restricted mean up to day {tau}, difference (days)", ["", "days", "SE", "95% CI", "p"], lines)


def _incidence(look: _Look, table: SurvivalTable) -> list[str]:
    group = table.group
    by = _Look(look.results, look.unit, ANALYSIS, group.column) if group else None
    places = [("all", look)] + ([(level, by.down(level)) for level in group.levels] if by and group else [])
    causes = range(1, table.n_causes + 1)
    parts = [
        _table(
            f"Counts{f' by {group.column}' if group else ''}",
            ["", "n", *(f"cause {c}" for c in causes), "censored"],
            [
                [
                    name,
                    at.count("rows", "N"),
                    *(at.count("rows", "events", f"cause {c}") for c in causes),
                    at.count("rows", "censored"),
                ]
                for name, at in places
            ],
        ),
        _table(
            f"Cumulative incidence ({table.ask.unit})",
            ["", "at", "cause", "at risk", "incidence", "SE", "95% CI"],
            [
                [
                    name,
                    table.ask.shown_at(day),
                    str(c),
                    at.count("incidence", "at_risk", f"{day}d"),
                    at.number("incidence", "estimate", f"{c}_{day}d"),
                    at.number("incidence", "se", f"{c}_{day}d"),
                    at.range("incidence", f"{c}_{day}d", digits=4),
                ]
                for name, at in places
                for day in table.ask.at_days
                for c in causes
            ],
        ),
    ]
    if by is not None:
        tests = [
            [
                f"cause {c}{words}",
                by.number(name, "statistic", f"{c}"),
                by.count(name, "df", f"{c}"),
                by.p(name, f"{c}"),
            ]
            for name, words in (("gray", ""), ("gray_stratified", ", stratified"))
            for c in causes
            if by.row(name, "p", f"{c}") is not None
        ]
        parts.append(_table("Gray's test", ["", "chi-square", "df", "p"], tests))
    return parts


def _models(look: _Look, table: SurvivalTable) -> list[str]:
    causes = range(1, table.n_causes + 1)
    if not table.ask.cause:
        titles = {"cox": f"Cox regression (ties {table.ask.ties_used}{', Firth' if table.ask.firth else ''})"}
        titles["firth"] = "Cox regression with Firth's penalty, beside it (few events per coefficient, or no maximum)"
    else:
        titles = {f"cox{c}": f"Cause-specific Cox regression, cause {c}" for c in causes}
        titles |= {f"fine_gray{c}": f"Fine-Gray regression, cause {c}" for c in causes}
    return [_model(look, table, prefix, title) for prefix, title in titles.items()]


def _model(look: _Look, table: SurvivalTable, prefix: str, title: str) -> str:
    terms = [(c.column, t) for c in table.covariates for t in c.terms]
    if table.switch is not None:
        terms = [(table.ask.switch, ""), *terms]
    robust = any(look.row(f"{prefix}_{c}_log_robust", "se", t) for c, t in terms)
    lines = []
    for column, term in terms:
        name = f"{prefix}_{column}"
        if look.row(f"{name}_log", "estimate", term) is None:
            continue
        line = [f"{column}={term}" if term else column, look.number(f"{name}_log", "estimate", term, digits=6)]
        line += [look.number(name, "ratio", term), look.number(f"{name}_log", "se", term, digits=6)]
        line += [look.number(f"{name}_log_robust", "se", term, digits=6)] if robust else []
        line += [look.number(f"{name}_log", "statistic", term, digits=3), look.p(name, term)]
        lines.append([*line, look.range(name, term, digits=4)])
    header = ["", "coef", "HR", "SE", *(["robust SE"] if robust else []), "z", "p", "95% CI of HR"]
    text = _table(title, header, lines)
    if not text:
        return ""
    lost = look.count(f"{prefix}_model_left_out", "n")
    if look.row(f"{prefix}_model", "N") is not None:
        n, events = look.count(f"{prefix}_model", "N"), look.count(f"{prefix}_model", "events")
        text += f"\n  n = {n}, events = {events}" + (f", left out: {lost}" if lost not in ("", "0") else "")
    for test, words in (("lr", "LR"), ("score", "score"), ("wald", "Wald"), ("robust_score", "robust score")):
        name = f"{prefix}_{test}"
        if look.value(name, "p") is not None:
            text += f"\n  {words} test {look.number(name, 'statistic', digits=3)}"
            text += f" on {look.count(name, 'df')} df, p {look.p(name)}"
    if look.value(f"{prefix}_concordance", "estimate") is not None:
        text += f"\n  concordance {look.number(f'{prefix}_concordance', 'estimate')}"
        text += f" (SE {look.number(f'{prefix}_concordance', 'se')})"
    names = [*dict.fromkeys(c for c, _ in terms), "GLOBAL"]
    ph = [
        [c, look.number(f"{prefix}_ph", "statistic", c), look.count(f"{prefix}_ph", "df", c), look.p(f"{prefix}_ph", c)]
        for c in names
        if look.row(f"{prefix}_ph", "p", c) is not None
    ]
    text += "\n" + _table("  proportional hazards", ["", "chi-square", "df", "p"], ph) if ph else ""
    notes = dict.fromkeys(
        r.note
        for c, t in terms
        if (r := look.row(f"{prefix}_{c}", "ratio", t)) is not None and r.note and not r.note.startswith("preset")
    )
    return text + "".join(f"\n  {note}" for note in notes)


def _later(look: _Look, table: SurvivalTable) -> list[str]:
    lines = [
        [words, look.number(name, "ratio"), look.range(name, digits=4), look.p(name)]
        for name, words in (
            ("naive", "naive, BIASED: ever / never"),
            ("time_dependent", "time-dependent: after / before"),
        )
    ]
    day = table.ask.landmark_day
    if day is not None:
        lines.append(
            [
                f"landmark, day {day}",
                look.number("landmark", "ratio", f"{day}d"),
                look.range("landmark", f"{day}d", digits=4),
                look.p("landmark", f"{day}d"),
            ]
        )
    text = _table(
        f"Later event: {table.ask.switch} ({look.count('switched', 'n')} rows)", ["", "HR", "95% CI", "p"], lines
    )
    bias = look.row("bias", "ratio")
    if bias is not None and bias.value is not None:
        text += f"\n  {bias.note}"
    text += f"\n  Mantel-Byar chi-square {look.number('mantel_byar', 'statistic')}, p {look.p('mantel_byar')}"
    states = _Look(look.results, look.unit, ANALYSIS, "state")
    curves = _table(
        f"Simon-Makuch curves ({table.ask.unit})",
        ["state", "at", "at risk", "survival", "SE", "95% CI"],
        [
            [
                state,
                table.ask.shown_at(d),
                states.down(state).count("survival", "at_risk", f"{d}d"),
                states.down(state).number("survival", "estimate", f"{d}d"),
                states.down(state).number("survival", "se", f"{d}d"),
                states.down(state).range("survival", f"{d}d", digits=4),
            ]
            for state in STATES
            for d in table.ask.at_days
        ],
    )
    return [text, curves]
