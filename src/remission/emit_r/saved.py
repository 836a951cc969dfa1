"""What `remission verify` finds: the rows of a call with the place of their script, and the files of a study."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from remission import __version__
from remission.emit_r.r_text import write_text
from remission.results.table import Results

FORMAT = "remission survival 1"
SCRIPT, TIMES = "analysis.R", "analysis_times.csv"  # of a study, in its output


def write_saved(results: Results, path: Path, script: Path | None) -> None:
    """Write the rows as json, with the place of the script beside them. Raises: FileError (`cannot-write`)."""
    beside = "" if script is None else relative(script, path.parent)
    saved = {
        "format": FORMAT,
        "remission": __version__,
        "script": beside,
        "results": [asdict(row) for row in results.rows.values()],
    }
    write_text(path, json.dumps(saved, ensure_ascii=False, indent=1) + "\n")


def relative(path: Path, folder: Path) -> str:
    """The way from a folder to a file; the whole path where they are on two drives."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.resolve().as_posix()
