"""Everything a run leaves behind, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version as installed_version
from pathlib import Path

from remission import __version__
from remission.analyses.material import Material
from remission.analyses.spec import AnalysisSpec
from remission.analyses.survival import PERMUTATION_SEED
from remission.core.errors import FileError
from remission.core.findings import SEVERITIES, Finding, write_findings
from remission.display.drawing import Drawing
from remission.display.figures.elsewhere import drawn_elsewhere
from remission.display.grid import Document, Grid
from remission.protocol import FILE_NAME, Protocol
from remission.results.files import write_csv, write_results

Also = Callable[[Path, tuple[AnalysisSpec, ...], Material], object]  # what writes files of its own beside the results
RUN_FILE = "run.json"
FOLDERS = ("figures", "tables")
ENDPOINT_COLUMNS = ("endpoint", "patient", "status", "days", "because", "file", "sheet", "row", "column", "considered")


def write_study(
    out: Path,
    protocol: Protocol,
    material: Material,
    document: Document,
    drawings: Iterable[Drawing],
    findings: tuple[Finding, ...],
    *,
    also: Also | None,
    drawer: subprocess.Popen[bytes] | None,
    step: Callable[[str], None],
) -> None:
    """Write results, tables, figures and both reports; the folder `out` changes only when all of it is there."""
    with _beside(out) as made:
        write_results(material.results, made)
        write_findings(made / "findings.csv", findings)
        write_endpoints(made / "endpoints.csv", material)
        if also is not None:
            also(made, protocol.analyses, material)
        svg, png = _draw(made / "figures", drawings, drawer, step)
        step("writing the report")
        _write_reports(made, document, material, svg, png)
        _write_run(made / "run.json", protocol, material, findings, _files_in(made))
        _move(made, out)


def write_findings_only(out: Path, findings: tuple[Finding, ...]) -> None:
    """Write findings.csv alone; what an earlier run left is removed, so that no report contradicts its findings."""
    with _beside(out) as made:
        write_findings(made / "findings.csv", findings)
        _move(made, out)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder of our own on the same disk as `out`, gone at the end. Raises: FileError `cannot-write`."""
    parent = _parent(out)
    try:
        made = Path(tempfile.mkdtemp(prefix=".remission-", dir=parent))
    except OSError as error:
        raise _cannot_write(out, error) from None
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _parent(out: Path) -> Path:
    """The folder in which `out` is made; checked before anything is computed into it."""
    if out.exists() and not out.is_dir():
        raise FileError(
            what="The place for the results is a file, not a folder.",
            code="out-is-a-file",
            where=str(out),
            todo="Name a folder with --out.",
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from None
    return out.parent


def _files_in(folder: Path) -> list[str]:
    """All files below a folder, by their path inside it."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _written_before(out: Path) -> list[str]:
    """The files an earlier run says it wrote; nothing else in the folder is ever removed."""
    try:
        files = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    inside = [str(f) for f in files] if isinstance(files, list) else []
    return [f for f in inside if not Path(f).is_absolute() and ".." not in Path(f).parts]


def _move(made: Path, out: Path) -> None:
    """Take away what an earlier run wrote and put what this one made in its place."""
    try:
        out.mkdir(exist_ok=True)
        for name in _written_before(out):
            (out / name).unlink(missing_ok=True)
        for name in _files_in(made):
            (out / name).parent.mkdir(exist_ok=True)
            shutil.move(made / name, out / name)
        for name in FOLDERS:
            if (out / name).is_dir() and not any((out / name).iterdir()):
                (out / name).rmdir()
    except OSError as error:
        raise _cannot_write(out, error) from None


def _cannot_write(out: Path, error: OSError) -> FileError:
    return FileError(
        what="The results cannot be written there.",
        code="cannot-write",
        where=str(out),
        found=error.strerror or "an error of the file system",
        todo="Close the report if it is open in another program, or name another folder with --out.",
    )


def write_endpoints(path: Path, material: Material) -> None:
    """endpoints.csv: one line per patient and endpoint, with why, from which cell, and what else was considered."""
    lines = []
    for endpoint in material.endpoints.values():
        for row in endpoint.rows.values():
            place = None
            if row.table in material.cohort.tables and row.row is not None and row.field:
                place = material.cohort.address(row.table, row.row, row.field)
            where = (place.file, place.sheet, str(place.row), place.column) if place else ("", "", "", "")
            days = "" if row.days is None else str(row.days)
            lines.append((endpoint.name, row.patient, row.status, days, row.because, *where, row.considered))
    write_csv(path, ENDPOINT_COLUMNS, lines)


def _write_run(
    path: Path, protocol: Protocol, material: Material, findings: tuple[Finding, ...], files: list[str]
) -> None:
    """run.json: what was run on what, enough to run it again and get the same numbers."""
    run = {
        "remission": __version__,
        "study": protocol.study.name,
        "inputs": {
            FILE_NAME: hashlib.sha256(protocol.text.encode("utf-8")).hexdigest(),
            **{s.file: s.sha256 for s in material.cohort.sources},
        },
        "seeds": {"log-rank permutation": PERMUTATION_SEED},
        "patients": len(material.cohort.patients),
        "results": len(material.results.rows),
        "findings": {s: sum(f.severity == s for f in findings) for s in SEVERITIES},
        "files": sorted([*files, RUN_FILE]),
        "python": platform.python_version(),
        "libraries": {name: installed_version(name) for name in ("duckdb", "matplotlib", "numpy", "scipy")},
    }
    path.write_text(json.dumps(run, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _draw(
    folder: Path, drawings: Iterable[Drawing], drawer: subprocess.Popen[bytes] | None, step: Callable[[str], None]
) -> tuple[dict[str, str], dict[str, Path]]:
    """Draw every figure in three formats; returns the svg texts and the png paths by stem."""
    # matplotlib takes longer to import than a small study to compute: only where there is something to draw
    folder.mkdir()
    wanted = list(drawings)
    with drawn_elsewhere(folder, [(d.stem, d.data) for d in wanted], drawer) as claim:
        from remission.display.figures.draw import draw
        from remission.display.figures.style import save_figure

        for place, drawing in enumerate(wanted):
            if not claim(place):
                break  # from here on the other process has them
            step(f"drawing {drawing.stem}")
            save_figure(draw(drawing.data), folder, drawing.stem)
    missing = [d for d in wanted if not (folder / f"{d.stem}.png").is_file()]
    for drawing in missing:  # the other process could not: then here
        save_figure(draw(drawing.data), folder, drawing.stem)
    svg = {d.stem: (folder / f"{d.stem}.svg").read_text(encoding="utf-8") for d in wanted}
    return svg, {d.stem: folder / f"{d.stem}.png" for d in wanted}


def _write_reports(
    made: Path, document: Document, material: Material, svg: dict[str, str], png: dict[str, Path]
) -> None:
    from remission.report.csv_tables import write_grid_csv
    from remission.report.docx import write_docx
    from remission.report.html import write_html

    tables = made / "tables"
    tables.mkdir()
    for block in document.blocks:
        if isinstance(block, Grid):
            write_grid_csv(block, material.results, tables / f"{block.key}.csv")
    write_html(document, material.results, made / "report.html", figures=svg)
    write_docx(document, material.results, made / "report.docx", figures=png)
