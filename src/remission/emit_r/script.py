"""An R script that repeats the numbers of a call with survival and cmprsk: it reads the same table again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from remission import __version__
from remission.core.days import DAYS_PER
from remission.core.errors import RemissionError
from remission.emit_r.r_text import functions_text, quoted, strings, truth, whole_numbers, write_text
from remission.emit_r.risks import risk_calls
from remission.emit_r.saved import relative
from remission.emit_r.single import single_calls
from remission.results.table import Results
from remission.table_survival import SurvivalTable
from remission.table_survival.columns import EVENT_WORDS
from remission.table_survival.curves import ticks_of

ROOM = "remission.emit_r"
SHARED = ("printing", "curves", "tests", "cox", "firth", "risks", "later", "guards")
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


def script_text(results: Results, table: SurvivalTable, folder: Path) -> str:
    """The script: settings of this call, the functions, then one line per part of the results."""
    lines = [
        f"# Written by remission {__version__}: repeats the numbers of `remission survival` with R's own packages.",
        "# Prints one line per result: id and value. Run it with: Rscript FILE.R [TABLE]",
        "suppressPackageStartupMessages(library(survival))",
        "",
        *_settings(table, folder),
        "",
        functions_text(ROOM, "reading", *SHARED),
        "# ---- this call",
        *_columns(table),
        *(risk_calls(results, table) if table.ask.cause else single_calls(results, table)),
    ]
    return "\n".join(lines) + "\n"


def _settings(table: SurvivalTable, folder: Path) -> Iterator[str]:
    ask, source = table.ask, table.source
    yield 'here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1]))'
    yield f"file <- {quoted(relative(ask.file, folder))}"
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
    yield f"tau <- {ask.rmst_day if ask.rmst_day is not None else 'numeric(0)'}"
    yield 'tau_name <- paste0(tau, "d")'
    yield f"ticks <- {whole_numbers(ticks_of(table))}"
    yield f"conf_type <- {quoted(ask.choices.interval)}"
    yield f"median_rule <- {quoted(ask.choices.median_rule)}"
    yield f"edge_is_one <- {truth(ask.choices.edge_is_one)}"
    yield f"ties <- {quoted(ask.ties_used)}"


def _columns(table: SurvivalTable) -> Iterator[str]:
    """Time, event, entry, groups and covariates as vectors of all rows."""
    ask, headers = table.ask, table.source.headers

    def cell(name: str) -> str:
        return f"cell({headers.index(name) + 1})"

    yield f"time <- days({cell(ask.time)})"
    yield "n <- length(time)"
    if ask.cause:
        yield f"cause <- num({cell(ask.cause)})"
        yield f"causes <- {whole_numbers(table.causes)}"
        yield "cause_names <- as.character(causes)"
        yield "event <- cause > 0"
    else:
        yield "cause <- NULL"
        is_event = f"tolower({cell(table.event_column)}) %in% {strings(EVENT_WORDS)}"
        if table.event_code:
            is_event = f"same({cell(table.event_column)}, {quoted(table.event_code)})"
        yield f"event <- {is_event}"
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
    yield f"covariates <- data.frame({', '.join([*columns, 'row.names = seq_len(n)'])})"
    yield "placed <- rep(TRUE, n)  # stratum and cluster are known"
    for name, labels in (("stratum", table.strata), ("cluster", table.cluster)):
        if labels is not None:
            yield f"placed <- placed & !is.na({name})"
    yield "complete <- rowSums(is.na(covariates)) == 0"
    yield "known <- placed & complete"
