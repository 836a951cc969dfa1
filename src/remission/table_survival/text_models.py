"""Cox and Fine-Gray models as tables for a terminal: univariable beside multivariable, then the model of all."""

from __future__ import annotations

from remission.table_survival.look import Look, Wanted, lines_of, reasons
from remission.table_survival.table import SurvivalTable
from remission.table_survival.univariable import ALONE

Terms = list[tuple[str, str]]
TESTS = (("lr", "likelihood-ratio"), ("score", "score"), ("wald", "Wald"), ("robust_score", "robust score"))


def models_text(look: Look, table: SurvivalTable) -> list[str]:
    """Every model; nothing without covariates."""
    if not table.covariates:
        return []
    kind = f"ties {table.ask.ties_used}{', Firth' if table.ask.firth else ''}"
    kind += f", strata of {table.strata.column}" if table.strata is not None else ""
    kind += f", clusters of {table.cluster.column}" if table.cluster is not None else ""
    if not table.ask.cause:
        beside = "Cox regression with Firth's penalty, beside it (few events per coefficient, or no maximum)"
        return [
            _side_by_side(
                look, table, ("univariable", "cox"), f"Univariable and multivariable Cox regression ({kind})"
            ),
            _model(look, table, "cox", f"Cox regression ({kind})"),
            _model(look, table, "firth", beside),
        ]
    parts = []
    for c in table.causes:
        cox, fine = f"cause-specific Cox regression, cause {c} ({kind})", f"Fine-Gray regression, cause {c}"
        parts += [
            _side_by_side(look, table, (f"univariable{c}", f"cox{c}"), f"Univariable and multivariable {cox}"),
            _model(look, table, f"cox{c}", cox[0].upper() + cox[1:]),
            _side_by_side(
                look, table, (f"univariable_fine_gray{c}", f"fine_gray{c}"), f"Univariable and multivariable {fine}"
            ),
            _model(look, table, f"fine_gray{c}", f"{fine} (HR: subdistribution hazard ratio)"),
        ]
    return parts


def _terms(table: SurvivalTable) -> Terms:
    terms = [(c.column, t) for c in table.covariates for t in c.terms]
    return terms if table.switch is None else [(table.ask.switch, ""), *terms]


def _side_by_side(look: Look, table: SurvivalTable, prefixes: tuple[str, str], title: str) -> str:
    """Hazard ratios of one covariate at a time, with its n and events, and of all together."""
    alone, together = prefixes
    terms = [(c, t) for c, t in _terms(table) if look.row(f"{alone}_{c}", "ratio", t) is not None]
    terms = [(c, t) for c, t in terms if look.row(f"{together}_{c}_log", "estimate", t) is not None]
    lines, before = [], ""
    for column, term in terms:
        name = f"{alone}_{column}"
        n = ["", ""] if column == before else [look.count(name, "N"), look.count(name, "events")]
        line = [f"{column}={term}" if term else column, *n]
        for one in (name, f"{together}_{column}"):
            line += [look.number(one, "ratio", term), look.range(one, term), look.p(one, term)]
        lines.append(line)
        before = column
    header = ["", "n", "events", "univariable HR", "95% CI", "p", "multivariable HR", "95% CI", "p"]
    text = lines_of(title, header, lines)
    told = "\n  univariable: each covariate by itself, in the rows that have it" if text else ""
    notes = [f"{c}: {n}" for c, t in terms for n in look.note(f"{alone}_{c}", "ratio", t).split("; ") if _is_news(n)]
    return text + told + "".join(f"\n  univariable, {note}" for note in dict.fromkeys(notes))


def _is_news(note: str) -> bool:
    """What the titles do not say."""
    return bool(note) and not note.startswith((ALONE, "ties: ", "time-dependent: "))


def _model(look: Look, table: SurvivalTable, prefix: str, title: str) -> str:
    terms = [(c, t) for c, t in _terms(table) if look.row(f"{prefix}_{c}_log", "estimate", t) is not None]
    if not terms:
        why = look.note(f"{prefix}_model", "p")
        return f"{title}: {why}" if why else ""
    text = _coefficients(look, prefix, terms, title)
    lost = look.count(f"{prefix}_model_left_out", "n")
    if look.row(f"{prefix}_model", "N") is not None:
        n, events = look.count(f"{prefix}_model", "N"), look.count(f"{prefix}_model", "events")
        pieces = f" pieces of follow-up of {table.n - int(lost or 0)} rows" if table.switch is not None else ""
        text += f"\n  n = {n}{pieces}, events = {events}" + (f", left out: {lost}" if lost not in ("", "0") else "")
    text += _tests(look, prefix) + _proportional(look, prefix, terms)
    notes = dict.fromkeys(n for c, t in terms for n in look.note(f"{prefix}_{c}", "ratio", t).split("; "))
    told = {r.split(": ", 1)[-1] for r in reasons([("", look)], _wanted(prefix, terms)).splitlines()}
    return text + "".join(f"\n  {n}" for n in notes if n and not n.startswith("ties: ") and n not in told)


def _coefficients(look: Look, prefix: str, terms: Terms, title: str) -> str:
    robust = any(look.row(f"{prefix}_{c}_log_robust", "se", t) for c, t in terms)
    lines = []
    for column, term in terms:
        name = f"{prefix}_{column}"
        line = [f"{column}={term}" if term else column, look.number(f"{name}_log", "estimate", term, digits=6)]
        line += [look.number(name, "ratio", term), look.number(f"{name}_log", "se", term, digits=6)]
        line += [look.number(f"{name}_log_robust", "se", term, digits=6)] if robust else []
        line += [look.number(f"{name}_log", "statistic", term, digits=3), look.p(name, term)]
        lines.append([*line, look.range(name, term)])
    header = ["", "coef", "HR", "SE", *(["robust SE"] if robust else []), "z", "p", "95% CI of HR"]
    return lines_of(title, header, lines) + reasons([("", look)], _wanted(prefix, terms))


def _wanted(prefix: str, terms: Terms) -> list[Wanted]:
    return [(f"{c}={t}" if t else c, f"{prefix}_{c}", t) for c, t in terms]


def _tests(look: Look, prefix: str) -> str:
    text = ""
    for test, words in TESTS:
        name = f"{prefix}_{test}"
        if look.value(name, "p") is not None:
            text += f"\n  {words} test {look.number(name, 'statistic', digits=3)}"
            text += f" on {look.count(name, 'df')} df, p {look.p(name)}"
    if look.value(f"{prefix}_concordance", "estimate") is not None:
        text += f"\n  concordance {look.number(f'{prefix}_concordance', 'estimate')}"
        text += f" (SE {look.number(f'{prefix}_concordance', 'se')})"
    return text


def _proportional(look: Look, prefix: str, terms: Terms) -> str:
    name = f"{prefix}_ph"
    lines = [
        [c, look.number(name, "statistic", c), look.count(name, "df", c), look.p(name, c)]
        for c in [*dict.fromkeys(c for c, _ in terms), "GLOBAL"]
        if look.row(name, "p", c) is not None
    ]
    return "\n" + lines_of("  proportional hazards", ["", "chi-square", "df", "p"], lines) if lines else ""
