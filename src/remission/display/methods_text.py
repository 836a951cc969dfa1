"""The Methods, written from study.toml: what was read, how everything is defined, which test and which interval."""

from __future__ import annotations

from remission.analyses.spec import DynamicsSpec
from remission.display.grid import Block, Grid, GridRow, Heading, Paragraph, cell
from remission.display.outline import Outline
from remission.display.words import Ids, from_what, join, text
from remission.results.methods import methods_used
from remission.results.table import Results


def write_methods(results: Results, outline: Outline) -> list[Block]:
    """Patients and data, definitions (a table), statistics (a table with references)."""
    return [
        Heading("Methods", 1),
        Heading("Patients and data", 2),
        *_patients(results, outline),
        Heading("Definitions", 2),
        Paragraph(text(_clock(outline))),
        _definitions(outline),
        Heading("Statistics", 2),
        *_statistics(results, outline),
    ]


def _patients(results: Results, outline: Outline) -> list[Block]:
    about = f"{outline.about}. " if outline.about else ""
    data = f" Data: {outline.data}." if outline.data else ""
    kind = {"published": " The patients are those of a published study.", "synthetic": " The patients are synthetic."}
    made: list[Block] = [Paragraph(text(f"{about}Design: {outline.design}.{data}{kind.get(outline.kind, '')}"))]
    if outline.citation:
        made.append(Paragraph(text(f"Source: {outline.citation}.")))
    ids = Ids(results, "data")
    for source in outline.sources:
        place = f"{source.file}, sheet {source.sheet}" if source.sheet else source.file
        made.append(
            Paragraph(
                join(
                    text(f"{source.name} ({place}): "),
                    cell(
                        "{r} rows read, {u} used.",
                        r=ids.id("rows_read", "n", source.name),
                        u=ids.id("rows_used", "n", source.name),
                    ),
                ),
                kind="bullet",
            )
        )
    made += [Paragraph(text(f"Limit of these data: {lower(limit)}"), kind="bullet") for limit in outline.limits]
    return made


def _clock(outline: Outline) -> str:
    words = f"Time is counted in days from {from_what(outline.origin)}; months are days divided by 30.4375."
    return words + (f" Data cut-off: {outline.cutoff}; what happened later is not counted." if outline.cutoff else "")


def lower(sentence: str) -> str:
    """A sentence after a colon."""
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence


def _definitions(outline: Outline) -> Grid:
    rows: list[GridRow] = [_head("Populations")]
    for words in outline.populations.values():
        of = f"of: {outline.populations[words.parent].label}; " if words.parent else ""
        rows.append(
            _row(words.label, of + words.definition, "at the start" if words.is_baseline else "after the start")
        )
    rows.append(_head("Groups; the first level that fits is taken"))
    for group in outline.groups.values():
        known = "at the start" if group.is_baseline else _known(group.known_by_day, group.reason)
        definition = "; ".join(f"{level}: {how}" for level, how in group.definition.items())
        about = f". {group.about[:1].upper() + group.about[1:]}" if group.about else ""
        source = f". Source: {group.citation}" if group.citation else ""
        rows.append(_row(group.label, definition + about + source, known))
    if outline.endpoints:
        rows.append(_head("Endpoints"))
    for name, endpoint in outline.endpoints.items():
        why = (
            f". Not estimable from these data: {outline.not_estimable[name]}" if outline.not_estimable.get(name) else ""
        )
        asked = "hsct" in (*endpoint.events, *endpoint.competing)
        policy = (
            ""
            if asked
            else {
                "ignore": "transplantation after the start is ignored",
                "censor": "censored at transplantation",
                "competing": "transplantation is a competing event",
            }[endpoint.hsct]
        )
        policy = f"; {policy}" if policy else ""
        source = f". Source: {endpoint.citation}" if endpoint.citation else ""
        label = f"{endpoint.label} ({endpoint.short})" if endpoint.short != endpoint.label else endpoint.label
        rows.append(_row(label, f"{endpoint.about[:1].upper() + endpoint.about[1:]}{policy}{source}{why}", ""))
    return Grid(
        "table_definitions",
        "Definitions, as they stand in study.toml",
        ((text("Name"), text("Definition"), text("Known")),),
        tuple(rows),
        "lll",
        (
            text(
                "Several events on one day are taken in the order in which the endpoint names them. A "
                "first event before the end of observation counts even where a last contact was written down earlier."
            ),
        ),
    )


def _known(day: int | None, reason: str) -> str:
    when = f"by day {day}" if day is not None else "after the start, not by one day for all"
    return f"{when} ({reason})" if reason else when


def _head(words: str) -> GridRow:
    return GridRow((text(words, strong=True), text(""), text("")), kind="head")


def _row(*words: str) -> GridRow:
    return GridRow(tuple(text(w) for w in words))


def _statistics(results: Results, outline: Outline) -> list[Block]:
    plans = {spec.plan for spec in outline.analyses}
    driven = [spec.title for spec in outline.analyses if spec.plan == "data-driven"]
    planned = (
        "The analyses are those of the protocol, study.toml; none is marked there as data-driven."
        if plans <= {"planned"}
        else f"Data-driven, not planned: {'; '.join(driven)}."
    )
    adjusted = any(isinstance(spec, DynamicsSpec) and spec.adjust != "none" for spec in outline.analyses)
    but = ", but for panels of measures where the table gives an adjusted p" if adjusted else ""
    used = methods_used(r.method for r in results.rows.values())
    table = Grid(
        "table_methods",
        "Statistical methods of this report and their sources",
        ((text("Method"), text("What was done"), text("Reference")),),
        tuple(_row(m.label, m.sentence, m.reference or "–") for m in used),
        "lll",
    )
    guard = (
        "Survival grouped by something that happens after the start (a response, a transplantation) "
        "is biased in favour of"
        " those who lived long enough for it: such a comparison is shown only with that mark, and "
        "beside it from a landmark"
        " on the day by which the groups were known."
    )
    return [
        Paragraph(
            text(
                f"{planned} Tests are two-sided; p-values are not adjusted for their number{but}. Numbers "
                "are rounded once, half up,"
                " when they are printed; percentages are not adjusted to add up. Survival is not "
                "estimated beyond the last"
                " follow-up."
            )
        ),
        Paragraph(text(guard)),
        table,
        Paragraph(text(f"Computed with remission {outline.version}.")),
    ]
