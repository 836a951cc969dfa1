"""The command line: parse, call, show. One block for an error, exit codes 0 fine, 1 stopped by the data, 2 bad call."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from remission import __version__
from remission.core.errors import FileError, RemissionError

if TYPE_CHECKING:
    from remission.analyses.material import Material
    from remission.analyses.spec import AnalysisSpec
    from remission.core.findings import Finding
    from remission.study_writing import Also

FINE, STOPPED, BAD_CALL = 0, 1, 2

ABOUT = "From a ward's spreadsheet of patients to a complete, checked, citable retrospective study."
EXAMPLES = """\
examples:
  remission demo                         copy the first study to ./remission-demo and run it
  remission template ward.xlsx           an empty workbook to collect patients in
  remission new my-study ward.xlsx       propose how to read an unknown sheet (my-study/study.toml)
  remission check my-study               what is doubtful in the data, and where
  remission synth my-ward --patients 60  a ward that does not exist, to practise on
  remission study my-study               run it: my-study/out/report.html, report.docx, results.csv ...
  remission diff before after            which numbers moved between two runs, and because of whom
  remission survival lung.csv --time time --event status=2 --group sex --at 180,365
                                         curves, tests and models of any table, without a study

exit codes: 0 fine; 1 the data hold errors that stop the study (see findings.csv); 2 a wrong call or file
"""


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong the way all our errors do."""

    def error(self, message: str) -> NoReturn:
        raise RemissionError(
            what=f"The call cannot be understood: {message}.",
            code="bad-call",
            todo=f"See `{self.prog} --help`.",
        )


class _Filled(argparse.Action):
    """An option whose value is not empty: an empty shell variable would silently take away what was asked for."""

    def __call__(
        self, _parser: object, namespace: argparse.Namespace, values: object, option_string: str | None = None
    ) -> None:
        if not str(values).strip():
            raise RemissionError(
                what=f"{option_string} is there, but its value is empty.",
                code="bad-call",
                todo="Write the value, or leave the option out. Is a shell variable empty?",
            )
        setattr(namespace, self.dest, values)


def build_parser() -> argparse.ArgumentParser:
    """All commands with their help in plain words."""
    parser = _Parser(
        prog="remission", description=ABOUT, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"remission {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    demo = commands.add_parser("demo", help="copy the first study (Xie 2023) to a folder and run it")
    demo.add_argument("dir", nargs="?", default="remission-demo", help="where to (default: remission-demo)")

    study = commands.add_parser("study", help="run a study: reports, results, figures, tables")
    study.add_argument("dir", help="the folder that holds study.toml and the data")
    study.add_argument("--out", help="where to write (default: DIR/out)")

    study.add_argument(
        "--emit-r", action="store_true", help="also write analysis.R and analysis_times.csv (patients' times) for R"
    )

    study.add_argument(
        "--adam", action="store_true", help="also write ADSL, ADTTE, ADRS and ADAE (patients' records) as Dataset-JSON"
    )

    check = commands.add_parser("check", help="only say what is doubtful in the data")
    check.add_argument("path", help="a study's folder, or a spreadsheet (then read as `remission new` would propose)")

    new = commands.add_parser("new", help="propose a study.toml for an unknown sheet")
    new.add_argument("dir", help="the folder to make")
    new.add_argument("file", help="the spreadsheet: .xlsx, .xls, .ods, .csv, .tsv; or a folder of OMOP tables")
    new.add_argument("--sheet", default="", help="which sheet of a workbook (default: all that hold patients)")

    new.add_argument("--dictionary", default="", metavar="FILE", help="the data dictionary of a REDCap export (.csv)")

    template = commands.add_parser("template", help="write an empty workbook to collect patients in")
    template.add_argument("file", nargs="?", default="collection.xlsx", help="default: collection.xlsx")

    diff = commands.add_parser("diff", help="which numbers moved between two runs, and because of which patients")
    diff.add_argument("before", help="an output folder")
    diff.add_argument("after", help="another output folder")

    survival = _survival_parser(commands)
    synth = _synth_parser(commands)

    verify = commands.add_parser("verify", help="run the R script of a saved result and compare every number")
    verify.add_argument("path", help="what `remission survival ... --save` saved, or a study's output folder")

    for command in (demo, study, check, new, template, diff, survival, verify, synth):
        command.add_argument("--json", action="store_true", help="print the answer for machines")
    return parser


def _survival_parser(commands: argparse._SubParsersAction[_Parser]) -> argparse.ArgumentParser:
    """`remission survival`: every option in plain words."""
    survival = commands.add_parser(
        "survival",
        help="curves, tests and models of any table",
        description="Survival analysis of a table: one row per patient (or per piece of follow-up, with --entry).",
    )
    add = partial(survival.add_argument, action=_Filled)
    survival.add_argument("file", help="the table: .csv, .tsv, .xlsx, .xls, .ods")
    add("--time", required=True, metavar="COL", help="time from the start to the event or the end of follow-up")
    add(
        "--event",
        default="",
        metavar="COL[=CODE]",
        help="1/0, yes/no, dead/alive; or which code is the event: status=2",
    )
    add("--cause", default="", metavar="COL", help="instead of --event: 0 censored, 1, 2 ... the cause")
    add("--entry", default="", metavar="COL", help="time of entry: at risk from the day after")
    add("--group", default="", metavar="COL", help="curves and tests by this column")
    add("--strata", default="", metavar="COL", help="stratified test and model")
    add("--covariates", default="", metavar="A,B", help="columns of the Cox model; text becomes indicators")
    add(
        "--ties",
        default="",
        choices=("efron", "breslow", "exact"),
        metavar="METHOD",
        help="efron, breslow or exact",
    )
    survival.add_argument("--firth", action="store_true", help="Firth's penalised likelihood with profile intervals")
    add("--cluster", default="", metavar="COL", help="robust standard errors by this column")
    add("--switch", default="", metavar="COL", help="time of a later event, such as a transplant; empty is never")
    add("--landmark", default="", metavar="TIME", help="compare from this time on those still under observation")
    add("--at", default="", metavar="T,T", help="survival or incidence at these times")
    add("--rmst", default="", metavar="TIME", help="restricted mean up to this time")
    add(
        "--median-at-risk",
        default="",
        metavar="N",
        help="no median or quartile where fewer are at risk (default: 5, as in a study; 0 prints every one)",
    )
    add("--unit", default="days", choices=("days", "weeks", "months", "years"), help="of all times (default: days)")
    add("--preset", default="", metavar="NAME", help="choices of another program: R, SAS, Stata, SPSS, Prism")
    add("--sheet", default="", help="which sheet of a workbook")
    add("--figure", default="", metavar="FILE", help="draw the curves: .svg, .png or .pdf")
    add("--emit-r", default="", metavar="FILE.R", help="write an R script that repeats every number")
    add(
        "--save",
        default="",
        metavar="FILE.json",
        help="save the result rows; `remission verify` runs the script on them",
    )
    return survival


def _synth_parser(commands: argparse._SubParsersAction[_Parser]) -> argparse.ArgumentParser:
    """`remission synth`: every option in plain words."""
    synth = commands.add_parser(
        "synth",
        help="make up a ward: patients that do not exist, for practice and tests",
        description="A synthetic ward at published rates: sheets, and a study.toml that runs.",
    )
    add = synth.add_argument
    add("dir", help="the folder to make")
    add("--patients", type=int, default=60, metavar="N", help="20 to 1,000,000 (default: 60)")
    add("--seed", type=int, default=1, metavar="N", help="another seed, other patients (default: 1)")
    add("--centres", type=int, default=1, metavar="N", help="how many hospitals (default: 1)")
    add("--messy", action="store_true", help="plant every known mistake, and list them in traps.csv")
    add("--traps", default="", metavar="A,B", help="only these mistakes, or kinds of them: reading, doubt, stop")
    add("--redcap", action="store_true", help="also as a REDCap export: data and dictionary")
    add("--omop", action="store_true", help="also as tables of the OMOP common data model")
    add("--csv", action="store_true", help="text files instead of a workbook (above 1,000 patients always)")
    add("--without", default="", metavar="A,B", help="leave out sheets: Infusions, Laboratory, Adverse events")
    return synth


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns: the exit code."""
    # a terminal that cannot show a character shows a stand-in for it; it is no reason to stop
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        parser = build_parser()
        options = parser.parse_args(arguments)
        if options.command is None:
            parser.print_help()
            return FINE
        run: Callable[[argparse.Namespace], int] = {
            "demo": _demo,
            "study": _study,
            "check": _check,
            "new": _new,
            "template": _template,
            "diff": _diff,
            "survival": _survival,
            "synth": _synth,
            "verify": _verify,
        }[options.command]
        code = run(options)
        sys.stdout.flush()
        return code
    except RemissionError as error:
        print(error, file=sys.stderr)
        return BAD_CALL
    except BrokenPipeError:
        # the reader of a pipe had seen enough; without this Python complains once more when it closes stdout
        sys.stdout = None
        return FINE
    except OSError as error:
        # a full disk or a closed device under standard output
        print(f"The answer cannot be printed: {error.strerror}.\n[cannot-print]", file=sys.stderr)
        sys.stdout = None
        return BAD_CALL
    except KeyboardInterrupt:
        print("Stopped. Nothing was written.", file=sys.stderr)
        return 130


def _demo(options: argparse.Namespace) -> int:
    from remission.demo import copy_demo

    folder = copy_demo(Path(options.dir))
    return _run(folder, None, as_json=options.json)


def _study(options: argparse.Namespace) -> int:
    out = Path(options.out) if options.out else None
    folder = Path(options.dir)
    more = [_study_script()] if options.emit_r else []
    more += [_adam(folder)] if options.adam else []
    return _run(folder, out, as_json=options.json, more=more)


def _study_script() -> Also:
    from remission.emit_study_r import write_study_script

    return write_study_script


def _adam(folder: Path) -> Also:
    from remission.adam import write_adam
    from remission.protocol import read_protocol

    study = read_protocol(folder).study.name
    return lambda made, _, material: write_adam(made, material, study=study)


def _run(folder: Path, out: Path | None, *, as_json: bool, more: Sequence[Also] = ()) -> int:
    from remission.study import run_study

    def also(made: Path, analyses: tuple[AnalysisSpec, ...], material: Material) -> None:
        for write in more:
            write(made, analyses, material)

    with _progress() as step:
        run = run_study(folder, out, also=also if more else None, step=step)
    if as_json:
        rows = [] if run.results is None else [asdict(r) for r in run.results.rows.values()]
        _print_json({"stopped": run.stopped, "out": str(run.out), "findings": _findings(run.findings), "results": rows})
        return STOPPED if run.stopped else FINE
    counts = _count(run.findings)
    if run.stopped:
        _print_findings([f for f in run.findings if f.severity == "error"])
        print(
            f"The study was stopped by {counts['error']} errors in the data. All findings: {run.out / 'findings.csv'}"
        )
        return STOPPED
    print(f"Report:   {run.out / 'report.html'}")
    print(f"          {run.out / 'report.docx'}")
    print(f"Results:  {run.out / 'results.csv'} ({len(run.results.rows) if run.results else 0} rows)")
    print(f"Findings: {run.out / 'findings.csv'} ({counts['warning']} warnings, {counts['note']} notes)")
    return FINE


def _check(options: argparse.Namespace) -> int:
    path = Path(options.path)
    from remission.checking import check_path

    with _progress() as step:
        findings = check_path(path, step=step)
    counts = _count(findings)
    if options.json:
        _print_json({"findings": _findings(findings)})
    else:
        _print_findings(findings)
        print(f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes.")
    return STOPPED if counts["error"] else FINE


def _new(options: argparse.Namespace) -> int:
    from remission.checking import new_study

    dictionary = Path(options.dictionary) if options.dictionary else None
    with _progress() as step:
        written, notes = new_study(
            Path(options.dir), Path(options.file), sheet=options.sheet, dictionary=dictionary, step=step
        )
    if options.json:
        _print_json({"study": str(written), "notes": notes})
        return FINE
    print(f"Wrote {written}. Read it through: every proposal gives its reason.")
    for note in notes:
        print(f"- {note}")
    print(f"Then: remission check {written.parent} ; remission study {written.parent}")
    return FINE


def _template(options: argparse.Namespace) -> int:
    from remission.template import write_template

    written = write_template(Path(options.file))
    if options.json:
        _print_json({"template": str(written)})
        return FINE
    print(f"Wrote {written}. Fill it in; then: remission new FOLDER {written.name}")
    return FINE


def _diff(options: argparse.Namespace) -> int:
    from remission.results.diff import diff_results

    for folder in (options.before, options.after):
        if not Path(folder).is_dir():
            raise FileError(
                what="There is no such output folder.",
                code="no-results",
                where=str(folder),
                todo="Name two folders that `remission study` wrote.",
            )
    diff = diff_results(Path(options.before), Path(options.after))
    if options.json:
        _print_json(diff.as_dict())
    else:
        print(diff.as_text())
    return FINE


def _survival(options: argparse.Namespace) -> int:
    from remission.table_survival import analyse_table, as_text, ask_of, check_figure, read_table, write_figure

    ask = ask_of(options)
    figure, script, saved = (Path(p) if p else None for p in (options.figure, options.emit_r, options.save))
    _require_other_files(ask.file, [p for p in (figure, script, saved) if p])
    if figure:
        check_figure(figure)
    with _progress() as step:
        step("reading")
        table = read_table(ask)
        step("computing")
        results = analyse_table(table)
        if figure:
            step("drawing")
            write_figure(results, table, figure)
    if script or saved:
        from remission.emit_r import write_saved, write_script

        if script:
            write_script(results, table, script)
        if saved:
            write_saved(results, saved, script)
    if options.json:
        _print_json({"results": [asdict(r) for r in results.rows.values()]})
        return FINE
    print(as_text(results, table))
    for path in filter(None, (figure, script, saved)):
        print(f"Wrote {path}")
    return FINE


def _synth(options: argparse.Namespace) -> int:
    from remission.synth import Asked, write_ward

    traps, without = (tuple(filter(None, text.split(","))) for text in (options.traps, options.without))
    asked = Asked(
        patients=options.patients,
        seed=options.seed,
        centres=options.centres,
        messy=options.messy,
        traps=traps,
        without=without,
        redcap=options.redcap,
        omop=options.omop,
        as_csv=options.csv,
    )
    with _progress() as step:
        made = write_ward(Path(options.dir), asked, step=step)
    if options.json:
        files = [str(path) for path in made.files]
        _print_json({"study": str(made.study), "files": files, "traps": made.traps, "skipped": made.skipped})
        return FINE
    print(f"Wrote {made.study}: {asked.patients:,} patients, all made up.")
    if asked.is_messy:
        print(f"Planted {made.traps} traps, listed in traps.csv.")
    if made.skipped:
        print(f"No patient was left for: {', '.join(made.skipped)}.")
    print(f"Then: remission check {made.study.parent} ; remission study {made.study.parent}")
    return FINE


def _require_other_files(table: Path, written: Sequence[Path]) -> None:
    """Raise FileError `out-is-in` if what is to be written would take the place of the table or of another file."""
    places = [table.resolve(), *(p.resolve() for p in written)]
    if len(set(places)) < len(places):
        raise FileError(
            what="One file is named twice among the table and what is to be written.",
            code="out-is-in",
            where=", ".join(str(p) for p in written),
            expected="another file for each of --figure, --emit-r and --save, and none of them the table",
            todo="Name another file; nothing was written.",
        )


def _verify(options: argparse.Namespace) -> int:
    from remission.verify import verify_results

    with _progress() as step:
        done = verify_results(Path(options.path), step=step)
    if options.json:
        _print_json(done.as_dict())
    else:
        print(done.as_text())
    return FINE if done.agrees else STOPPED


def _count(findings: Sequence[Finding]) -> dict[str, int]:
    return {s: sum(f.severity == s for f in findings) for s in ("error", "warning", "note")}


def _findings(findings: Sequence[Finding]) -> list[dict[str, str]]:
    # study ids stay in findings.csv: what is printed may end up in a log
    return [{k: v for k, v in asdict(f).items() if k != "patients"} for f in findings]


def _print_findings(findings: Sequence[Finding]) -> None:
    from remission.core.findings import some_rows

    for f in findings:
        parts = (("sheet", f.sheet), ("column", f.column), ("rows" if "," in f.row else "row", some_rows(f.row)))
        where = ", ".join(f"{word} {value}" for word, value in parts if value)
        place = f"{f.file}: {where}".strip(": ")
        print(f"{f.severity.upper():8}{f.what} [{f.rule}]")
        for label, words in (("Where", place), ("So", f.consequence), ("To do", f.todo)):
            if words:
                print(f"        {label}: {words}")


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A bar that says what is being done, on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(bar_width=24), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        # how many figures there are is known only once the results are there: the bar says that it goes on, with what
        task = bar.add_task("starting", total=None)
        yield lambda words: bar.update(task, description=words)


if __name__ == "__main__":
    sys.exit(main())
