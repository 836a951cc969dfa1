"""study.toml, whole: read strictly, every section as a frozen record."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

from remission.analyses.spec import AnalysisSpec, load_analysis
from remission.cohort.source_spec import ExcludeSpec, OriginSpec, PrivacySpec, SourceSpec
from remission.core.errors import FileError, ProtocolError
from remission.core.settings import load
from remission.endpoints.spec import EndpointSpec, EventSource, GroupSpec, PopulationSpec, ResponseSpec

FILE_NAME = "study.toml"


@dataclass(frozen=True)
class StudySpec:
    """What the study is, in words that stand in the report.

    Args: data: what was read ("registry export of 3 May").  kind: `synthetic` is printed on every page.
    limits: what these data cannot show, one sentence each.
    """

    name: str
    title: str
    about: str = ""
    citation: str = ""
    data: str = ""
    design: str = "retrospective"
    kind: Literal["real", "published", "synthetic"] = "real"
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class FlowSpec:
    """The patient flow. split: a group whose levels become the boxes after the last population."""

    split: str = ""


@dataclass(frozen=True)
class Sections:
    """The sections of study.toml, each read strictly; the analyses are still as written."""

    study: StudySpec
    sources: tuple[SourceSpec, ...] = field(metadata={"key": "source"})
    origin: OriginSpec = field(default_factory=OriginSpec)
    privacy: PrivacySpec = field(default_factory=PrivacySpec)
    exclude: ExcludeSpec = field(default_factory=ExcludeSpec)
    groups: dict[str, GroupSpec] = field(default_factory=dict)
    populations: dict[str, PopulationSpec] = field(default_factory=dict)
    response: ResponseSpec | None = None
    flow: FlowSpec = field(default_factory=FlowSpec)
    event_sources: dict[str, EventSource] = field(default_factory=dict, metadata={"key": "sources"})
    endpoints: dict[str, EndpointSpec] = field(default_factory=dict)
    analysis: tuple[object, ...] = ()


@dataclass(frozen=True)
class Protocol(Sections):
    """Everything study.toml says. folder: where it stands; text: as written (its hash is in run.json)."""

    analyses: tuple[AnalysisSpec, ...] = ()
    folder: Path = Path()
    text: str = ""


def read_protocol(folder: Path) -> Protocol:
    """Read `folder`/study.toml.

    Raises: FileError (`no-study`, `not-a-folder`, `wrong-encoding`), ProtocolError (`bad-toml`, `unknown-key`, ...).
    """
    path = folder / FILE_NAME
    if not folder.is_dir():
        raise FileError(
            what="The study is not a folder.",
            code="not-a-folder",
            where=str(folder),
            expected=f"a folder that holds {FILE_NAME} and the data",
            todo="Name the folder of the study; `remission new FOLDER FILE` makes one.",
        )
    if not path.is_file():
        raise FileError(
            what=f"The folder holds no {FILE_NAME}.",
            code="no-study",
            where=str(folder),
            todo=f"Run `remission new {folder.name} FILE` to make one from a spreadsheet.",
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            what=f"{FILE_NAME} is not UTF-8 text.",
            code="wrong-encoding",
            where=f"{path.name}, byte {error.start + 1}",
            todo="Save it as UTF-8.",
        ) from None
    return parse_protocol(text, folder)


def parse_protocol(text: str, folder: Path) -> Protocol:
    """The text of a study.toml whose files stand in `folder`. Raises: ProtocolError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(
            what=f"{FILE_NAME} is not valid TOML.",
            code="bad-toml",
            where=f"{FILE_NAME}: {error}",
            todo="Correct that line.",
        ) from None
    return _protocol(table, folder, text)


def _protocol(table: dict[str, object], folder: Path, text: str) -> Protocol:
    sections = load(Sections, table, where=FILE_NAME)
    analyses = tuple(load_analysis(entry, nth=i + 1) for i, entry in enumerate(sections.analysis))
    for kind, names in (
        ("source", [s.name for s in sections.sources]),
        ("analysis", [a.id for a in analyses]),
    ):
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ProtocolError(
                what=f"study.toml: two [[{kind}]] have the same name `{twice[0]}`.",
                code="duplicate-name",
                where=FILE_NAME,
                todo="Give each its own name; it is part of the address of every number.",
            )
    read = {f.name: getattr(sections, f.name) for f in fields(Sections)}
    return Protocol(**read, analyses=analyses, folder=folder, text=text)
