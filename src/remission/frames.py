"""From Python: propose, check and run a study on frames in memory, without files of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from remission.checking import check_protocol, study_text
from remission.cohort.forms.frames import frame_ledger
from remission.cohort.forms.given import given
from remission.cohort.propose import propose_ledgers
from remission.cohort.source_spec import SourceSpec
from remission.core.errors import ProtocolError
from remission.core.findings import Finding
from remission.core.settings import nearest
from remission.protocol import Protocol, parse_protocol, read_protocol
from remission.study import StudyRun, run_protocol

Frames = Mapping[str, object]


def propose(frames: Frames) -> str:
    """A study.toml for frames nobody has described, with its reasons; each frame is a [[source]] of that `file`.

    Args: frames: name -> pandas or polars DataFrame, Arrow table, or dict of lists.
    Raises: DataError, FileError `no-table`.
    """
    ledgers = [(name, frame_ledger(name, frame)) for name, frame in frames.items()]
    return study_text(propose_ledgers(ledgers, file=Path(next(iter(frames), "frames"))))


def check(study: Path | str, *, frames: Frames | None = None) -> tuple[Finding, ...]:
    """Every finding of a study; nothing is written. Arguments and errors as those of `run`."""
    return check_protocol(_protocol(study, frames or {}))


def run(study: Path | str, *, out: Path | str | None = None, frames: Frames | None = None) -> StudyRun:
    """Run a study and write its results.

    Args: study: its folder, or the text of a study.toml.  out: where to write (default: the folder's out/; a text has
    none, so that it must be said).  frames: what a [[source]] whose `file` is one of these names is read from.
    Returns: what was run; `results` holds the rows of results.csv, `findings` those of findings.csv.
    Raises: RemissionError.
    """
    protocol = _protocol(study, frames or {})
    if out is None and _is_text(study):
        raise ProtocolError(
            what="It is not said where to write the results of a study that has no folder.",
            code="no-out",
            todo='Say out="FOLDER".',
        )
    return run_protocol(protocol, None if out is None else Path(out))


def _is_text(study: Path | str) -> bool:
    return isinstance(study, str) and "\n" in study


def _protocol(study: Path | str, frames: Frames) -> Protocol:
    if isinstance(study, str) and _is_text(study):
        protocol = parse_protocol(study, Path())
    else:
        protocol = read_protocol(Path(study))
    named = {source.file for source in protocol.sources}
    if unused := [name for name in frames if name not in named]:
        near = nearest(unused[0], named)
        raise ProtocolError(
            what=f"study.toml: no [[source]] is read from the frame {unused[0]}.",
            code="unused-frame",
            expected="one of " + ", ".join(sorted(named)),
            todo=f"Did you mean {near}?" if near else f'Add a [[source]] with file = "{unused[0]}".',
        )
    return replace(protocol, sources=tuple(_given(source, frames) for source in protocol.sources))


def _given(source: SourceSpec, frames: Frames) -> SourceSpec:
    if source.file not in frames:
        return source
    return given(source, frame_ledger(source.file, frames[source.file]))
