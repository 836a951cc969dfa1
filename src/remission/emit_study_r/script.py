"""The script of a study: the functions, then the calls of each analysis in the order of study.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from remission import __version__
from remission.analyses.material import Material
from remission.analyses.spec import AnalysisSpec
from remission.emit_r import SCRIPT, TIMES
from remission.emit_r.r_text import functions_text, write_text
from remission.emit_r.script import ROOM, SHARED
from remission.emit_study_r.counted import adverse_calls, baseline_calls, flow_calls, rates_calls, records_calls
from remission.emit_study_r.later import later_calls
from remission.emit_study_r.regression import regression_calls
from remission.emit_study_r.sheet import Sheet
from remission.emit_study_r.timed import follow_up_calls, incidence_calls, survival_calls

# a listing holds recorded values, nothing that could be computed again
_CALLS: dict[str, Callable[[Material, Any, Sheet], Iterator[str]]] = {
    "adverse-events": adverse_calls,
    "baseline": baseline_calls,
    "follow-up": follow_up_calls,
    "incidence": incidence_calls,
    "later-event": later_calls,
    "rates": rates_calls,
    "records": records_calls,
    "regression": regression_calls,
    "survival": survival_calls,
}


def write_study_script(out: Path, analyses: tuple[AnalysisSpec, ...], material: Material) -> tuple[Path, Path]:
    """Write analysis.R and analysis_times.csv into `out` for analyses that were run.

    Returns: both paths.  Raises: FileError (`cannot-write`).
    """
    sheet = Sheet()
    calls = list(flow_calls(material, sheet))
    for spec in analyses:
        if spec.kind in _CALLS:
            calls += list(_CALLS[spec.kind](material, spec, sheet))
    sheet.write(out / TIMES)
    functions = functions_text(ROOM, *SHARED) + functions_text(__package__, "blocks", "counts", "states", "residuals")
    write_text(out / SCRIPT, "\n".join([*_HEAD, functions, "# ---- this study", *calls]) + "\n")
    return out / SCRIPT, out / TIMES


_HEAD = (
    f"# Written by remission {__version__}: repeats the results of a study with R, survival and cmprsk.",
    f"# Reads {TIMES} beside it; prints one line per result: id and value.",
    "suppressPackageStartupMessages(library(survival))",
    'here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1]))',
    f'sheet <- read.csv(file.path(here, "{TIMES}"), colClasses = "character", encoding = "UTF-8", na.strings = "",',
    "                  check.names = FALSE)",
    'names(sheet)[1] <- "analysis"  # without the mark that the file is UTF-8',
    """sheet[] <- lapply(sheet, function(v) sub("^'", "", v))  # the sign that keeps a text from being a formula""",
    "time <- cause <- event <- n <- x <- entry <- stratum <- not_evaluable <- NULL",
    "tau <- numeric(0)",
    'tau_name <- ""',
    'median_rule <- "midpoint"',
    "edge_is_one <- FALSE",
    'ties <- "efron"',
    "causes <- 1:2",
    'cause_names <- c("event", "competing")',
    "",
)
