"""An R script that repeats the numbers of a call with survival and cmprsk; the rows saved for `remission verify`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.resources import files
from itertools import combinations
from pathlib import Path

from remission import __version__
from remission.core.days import DAYS_PER
from remission.core.errors import FileError, RemissionError
from remission.results.row import address, slug
from remission.results.table import Results
from remission.table_survival import SurvivalTable
from remission.table_survival.columns import EVENT_WORDS, Labels
from remission.table_survival.curves import ANALYSIS, ticks_of

FORMAT = "remission survival 1"
_PLAIN = {"utf-8-sig": "UTF-8-BOM", "": "UTF-8"}


def write_script(results: Results, table: SurvivalTable, path: Path) -> None:
    """Write the script. Raises: RemissionError (`script-needs-text`) for a workbook, FileError (`cannot-write`)."""
    if not table.source.is_text:
        raise RemissionError(
            what="An R script is written for text tables only: R reads no workbook by itself.",
            code="script-needs-text",
            where=table.ask.file.name,
            todo="Save the sheet as .csv and name that file.",
        )
    write_text(path, script_text(results, table, path.parent))


def write_saved(results: Results, path: Path, script: Path | None) -> None:
    """Write the rows as json, with the place of the script beside them. Raises: FileError (`cannot-write`)."""
    beside = "" if script is None else _relative(script, path.parent)
    saved = {
        "format": FORMAT,
        "remission": __version__,
        "script": beside,
        "results": [asdict(row) for row in results.rows.values()],
    }
    write_text(path, json.dumps(saved, ensure_ascii=False, indent=1) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file. Raises: FileError (`cannot-write`)."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FileError(
            what="The file cannot be written there.", code="cannot-write", where=path.name,
            found=error.strerror or "", todo="Name a file in a folder that exists.",
        ) from None  # fmt: skip


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def script_text(results: Results, table: SurvivalTable, folder: Path) -> str:
    """The script: settings of this call, the functions, then one line per part of the results."""
    lines = [
        f"# Written by remission {__version__}: repeats the numbers of `remission survival` with R's own packages.",
        "# Prints one line per result: id and value. Run it with: Rscript FILE.R [TABLE]",
        "suppressPackageStartupMessages(library(survival))",
        "",
        *_settings(table, folder),
        "",
        files("remission.table_survival").joinpath("analysis.R").read_text(encoding="utf-8"),
        "# ---- this call",
        *_columns(table),
        *(_risks(table) if table.ask.cause else _single(results, table)),
    ]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as R writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n") + '"'


def whole_numbers(values: Iterable[int]) -> str:
    """Whole numbers as R writes them, runs as first:last."""
    pieces: list[tuple[int, int]] = []
    for value in values:
        if pieces and pieces[-1][1] + 1 == value:
            pieces[-1] = (pieces[-1][0], value)
        else:
            pieces.append((value, value))
    return "c(" + ", ".join(f"{a}" if a == b else f"{a}:{b}" for a, b in pieces) + ")"


def strings(values: Iterable[str]) -> str:
    """Texts as R writes them."""
    return "c(" + ", ".join(map(quoted, values)) + ")"


def _settings(table: SurvivalTable, folder: Path) -> Iterator[str]:
    ask, source = table.ask, table.source
    yield 'here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1]))'
    yield f"file <- {quoted(_relative(ask.file, folder))}"
    yield 'if (!grepl("^(/|[A-Za-z]:)", file)) file <- file.path(here, file)'
    yield "if (length(commandArgs(TRUE))) file <- commandArgs(TRUE)[1]"
    yield f"delimiter <- {quoted(source.delimiter or ',')}"
    yield f"encoding <- {quoted(_PLAIN.get(source.encoding.lower(), source.encoding))}"
    yield f"decimal_comma <- {truth(source.decimal_comma)}"
    yield f"n_columns <- {len(source.headers)}"
    yield f"rows <- {whole_numbers(source.rows)}"
    yield f"days_per_unit <- {DAYS_PER[ask.unit]}"
    yield f"at_days <- {whole_numbers(ask.at_days) if ask.at_days else 'numeric(0)'}"
    yield f"at_names <- {strings(f'{day}d' for day in ask.at_days)}"
    yield f"cause_names <- {strings(str(c) for c in range(1, table.n_causes + 1))}"
    yield f"tau <- {ask.rmst_day if ask.rmst_day is not None else 'numeric(0)'}"
    yield f"ticks <- {whole_numbers(ticks_of(table))}"
    yield f"conf_type <- {quoted(ask.choices.interval)}"
    yield f"median_rule <- {quoted(ask.choices.median_rule)}"
    yield f"edge_is_one <- {truth(ask.choices.edge_is_one)}"
    yield f"ties <- {quoted(ask.ties_used)}"


def truth(value: bool) -> str:
    """A truth value as R writes it."""
    return "TRUE" if value else "FALSE"


def _columns(table: SurvivalTable) -> Iterator[str]:
    """Time, event, entry, groups and covariates as vectors of all rows."""
    ask, headers = table.ask, table.source.headers

    def cell(name: str) -> str:
        return f"cell({headers.index(name) + 1})"

    yield f"time <- days({cell(ask.time)})"
    yield "n <- length(time)"
    if ask.cause:
        yield f"cause <- num({cell(ask.cause)})"
        yield f"n_causes <- {table.n_causes}"
        yield "event <- cause > 0"
    elif table.event_code:
        yield f"event <- same({cell(table.event_column)}, {quoted(table.event_code)})"
    else:
        yield f"event <- tolower({cell(table.event_column)}) %in% {strings(EVENT_WORDS)}"
    yield f"entry <- {'NULL' if table.entry is None else f'days({cell(ask.entry)})'}"
    if table.entry is not None:
        yield "entry[entry == 0] <- -1  # under observation from day 0 is from the start"
    if table.switch is not None:
        yield f"switch_day <- days({cell(ask.switch)})"
    for name, labels in (("group", table.group), ("stratum", table.strata), ("cluster", table.cluster)):
        yield f"{name} <- " + ("NULL" if labels is None else f"match({cell(labels.column)}, {strings(labels.levels)})")
    columns = []
    for i, c in enumerate(table.covariates, 1):
        levels = strings((c.reference, *c.terms))
        columns.append(f"x{i} = factor({cell(c.column)}, {levels})" if c.reference else f"x{i} = num({cell(c.column)})")
    if columns:
        yield f"covariates <- data.frame({', '.join(columns)})"
        yield "complete <- rowSums(is.na(covariates)) == 0"
        yield "known <- complete"
        if table.strata is not None:
            yield "known <- known & !is.na(stratum)"
        if table.cluster is not None:
            yield "known <- known & !is.na(cluster)"


def _single(results: Results, table: SurvivalTable) -> Iterator[str]:
    """One event: curves, groups, models, the later event."""
    head = quoted(head_of())
    yield f"level_rows({head}, rep(TRUE, n))"
    yield f"follow_up_rows({head})"
    if table.group is not None:
        yield from _group(results, table, table.group, None)
        if table.ask.landmark_day is not None:
            yield from _group(results, table, table.group, table.ask.landmark_day)
    if table.covariates and address(ANALYSIS, variable="cox_lr", stat="p") in results:
        yield from _cox(results, table, head)
    if table.switch is not None:
        if address(ANALYSIS, variable="bias", stat="ratio") in results:
            yield f"later_rows({head})"
        if table.ask.landmark_day is not None and table.entry is None:
            yield f"landmark_rows({head}, {table.ask.landmark_day})"


def head_of(group: str = "", level: str = "", analysis: str = ANALYSIS) -> str:
    """The part of an id before the variable."""
    return address(analysis, group=group, level=level, variable="x", stat="y").removesuffix("x.y")


def _group(results: Results, table: SurvivalTable, group: Labels, landmark: int | None) -> Iterator[str]:
    analysis = ANALYSIS if landmark is None else f"{ANALYSIS}_landmark_{landmark}d"
    head = quoted(head_of(group.column, analysis=analysis))
    yield f'out(paste0({head}, "rows.missing"), sum(is.na(group)))'
    yield "g <- ifelse(is.na(group), 0, group)"
    yield "from <- entry"
    yield "k <- g > 0"
    start = "NULL"
    if landmark is not None:
        start = f"{landmark}"
        yield f'out(paste0({head}, "landmark.setting"), {landmark})'
        yield f'out(paste0({head}, "before_landmark.n"), sum(k & time <= {landmark}))'
        yield f"k <- k & time > {landmark}"
        yield f"from <- pmax({landmark}, if (is.null(entry)) rep(-1, n) else entry)"
        yield f"ticks <- {whole_numbers(ticks_of(table, landmark))}"
    if address(analysis, group=group.column, variable="logrank", stat="df") not in results:
        return
    heads = [head_of(group.column, level, analysis) for level in group.levels]
    for i, at in enumerate(heads, 1):
        yield f"level_rows({quoted(at)}, k & g == {i}, from, {start})"
    yield f"group_tests({head}, k, g, {strings(heads)}, from)"
    if table.strata is not None:
        yield f"stratified_test({head}, k, g, stratum, from)"
    if len(group.levels) > 2:
        pairs = list(combinations(range(1, len(group.levels) + 1), 2))
        names = [slug(f"{group.levels[a - 1]}_vs_{group.levels[b - 1]}") for a, b in pairs]
        flat = ", ".join(f"{x}" for pair in pairs for x in pair)
        yield f"pair_tests({head}, k, g, matrix(c({flat}), ncol = 2, byrow = TRUE), {strings(names)}, from)"
    if table.ask.choices.hazard_ratio != "cox" and len(group.levels) == 2:
        yield f"observed_expected({head}, k, g, {quoted('@' + slug(group.levels[1]))}, from)"
    elif not table.ask.firth:
        yield from _group_ratio(table, group, head)
    if table.ask.rmst_day is not None and landmark is None:
        for i, level in enumerate(group.levels[1:], 2):
            category = slug(f"{level}_{table.ask.rmst_day}d")
            yield f"rmst_contrast({head}, k & g == 1, k & g == {i}, {quoted(category)})"


def _group_ratio(table: SurvivalTable, group: Labels, head: str) -> Iterator[str]:
    yield "i <- k"
    for name, labels in (("stratum", table.strata), ("cluster", table.cluster)):
        if labels is not None:
            yield f"i <- i & !is.na({name})"
    categories = [f"@{slug(level)}" for level in group.levels]
    yield f"names_ <- {strings(categories)}[sort(unique(g[k]))[-1]]"
    yield "fit <- cox_fit(surv(i, from = from), list(g = factor(g[i], sort(unique(g[k])))), stratum[i], cluster[i])"
    yield "e <- errors_of(fit)"
    yield f'coefficients_of({head}, cbind("hazard_ratio", names_), unname(coef(fit)), e$se, e$robust)'


def _names(table: SurvivalTable, *, later: bool) -> str:
    """(variable, category) of every coefficient as a matrix of two columns."""
    variables, categories = [], []
    if later and table.switch is not None:
        variables.append(slug(table.ask.switch))
        categories.append("")
    for c in table.covariates:
        for term in c.terms:
            variables.append(slug(c.column))
            categories.append(f"@{slug(term)}" if term else "")
    return f"cbind({strings(variables)}, {strings(categories)})"


def _cox(results: Results, table: SurvivalTable, head: str, prefix: str = "cox", event: str = "event") -> Iterator[str]:
    terms = [slug(c.column) for c in table.covariates]
    if table.switch is not None and prefix == "cox":
        terms = [slug(table.ask.switch), *terms]
        yield "p <- pieces_of(known)"
        yield "columns <- cbind(after = p$after, covariates[p$who, , drop = FALSE])"
        yield "y <- Surv(p$from, p$at, p$ev)"
        picked = "p$who"
    else:
        yield "columns <- covariates[known, , drop = FALSE]"
        yield f"y <- surv(known, {event})"
        picked = "known"
    names = _names(table, later=prefix == "cox")
    of = f"if (is.null(stratum)) NULL else stratum[{picked}]"
    clusters = f"if (is.null(cluster)) NULL else cluster[{picked}]"
    if table.ask.firth:
        yield f"firth_rows({head}, {quoted(prefix)}, y, columns, {names}, {of}, sum(!known))"
        return
    if results[address(ANALYSIS, variable=f"{prefix}_lr", stat="p")].status == "ok" and (
        address(ANALYSIS, variable=f"{prefix}_concordance", stat="se") in results
    ):
        yield (
            f"cox_rows({head}, {quoted(prefix)}, y, columns, {names}, {strings([*terms, 'global'])}, {of},"
            f" {clusters}, sum(!known))"
        )
    if address(ANALYSIS, variable="firth_lr", stat="p") in results and prefix == "cox":
        yield f'firth_rows({head}, "firth", y, columns, {names}, {of}, sum(!known))'


def _risks(table: SurvivalTable) -> Iterator[str]:
    """Several causes: incidences, Gray's test, both models of every cause."""
    head = quoted(head_of())
    yield f"incidence_rows({head}, rep(TRUE, n))"
    group = table.group
    if group is not None:
        at = head_of(group.column)
        yield f'out(paste0({quoted(at)}, "rows.missing"), sum(is.na(group)))'
        yield "g <- ifelse(is.na(group), 0, group)"
        for i, level in enumerate(group.levels, 1):
            yield f"incidence_rows({quoted(head_of(group.column, level))}, g == {i})"
        yield f"gray_rows({quoted(at + 'gray')}, g > 0, g)"
        if table.strata is not None:
            yield f"gray_rows({quoted(at + 'gray_stratified')}, g > 0, g, stratum)"
    if not table.covariates:
        return
    for cause in range(1, table.n_causes + 1):
        yield "columns <- covariates[known, , drop = FALSE]"
        yield f"y <- surv(known, cause == {cause})"
        names = _names(table, later=False)
        strata = "if (is.null(stratum)) NULL else stratum[known]"
        clusters = "if (is.null(cluster)) NULL else cluster[known]"
        terms = strings([*(slug(c.column) for c in table.covariates), "global"])
        if table.ask.firth:
            yield f'firth_rows({head}, "cox{cause}", y, columns, {names}, {strata}, sum(!known))'
        else:
            yield (f'cox_rows({head}, "cox{cause}", y, columns, {names}, {terms}, {strata}, {clusters}, sum(!known))')
        if table.entry is None and table.strata is None:
            yield f"fine_gray_rows({head}, complete, {cause}, covariates[complete, , drop = FALSE], {names})"
