"""What the documentation says is true: links, paths, commands, keys and examples are held against the program."""

from __future__ import annotations

import dataclasses
import re
import runpy
import shlex
from pathlib import Path

import pytest

from remission.analyses.spec import KINDS
from remission.cli import build_parser
from remission.cohort.source_spec import ColumnSpec, ExcludeSpec, OriginSpec, PrivacySpec, SourceSpec
from remission.core.errors import RemissionError
from remission.endpoints.library import load_library
from remission.endpoints.spec import EndpointSpec, EventSource, GroupSpec, PopulationSpec, ResponseSpec
from remission.protocol import FlowSpec, StudySpec, parse_protocol

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "src").rglob("*.md"),
        *(ROOT / "studies").rglob("*.md"),
    ]
)
STUDY_TOML = (ROOT / "docs" / "study-toml.md").read_text(encoding="utf-8")
PLACE = re.compile(r"(?<![\w/.-])(?:docs|src|tests|studies|tools|benchmarks)/[\w./@-]*\w")
ANALYSIS_KEYS = {"id", "kind", "title", "population", "plan", "note"}


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors_of(text: str) -> set[str]:
    """The anchors a browser makes of the headings."""
    heads = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", h.lower()).strip().replace(" ", "-") for h in heads}


def blocks_of(text: str) -> list[tuple[str, str]]:
    """Every fenced block: its language and its text."""
    return re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def prose_of(text: str) -> str:
    """The text without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link names a file that exists and, after #, a heading of it."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose_of(page.read_text(encoding="utf-8"))):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        if anchor:
            assert anchor in anchors_of(found.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_paths_exist(page: Path) -> None:
    """Each path of the tree that is named is there."""
    for path in PLACE.findall(prose_of(page.read_text(encoding="utf-8"))):
        assert (ROOT / path).exists() or any((ROOT / "src" / "remission").glob(path)), path


def test_pages_named_in_the_code_exist() -> None:
    """A docstring that sends the reader to a page sends them to one that is there."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for page, anchor in re.findall(r"(docs/[\w./-]+\.md)(?:#([\w-]+))?", path.read_text(encoding="utf-8")):
            assert (ROOT / page).is_file(), f"{path.name}: {page}"
            if anchor:
                assert anchor in anchors_of((ROOT / page).read_text(encoding="utf-8")), f"{path.name}: {page}#{anchor}"


def test_every_page_is_reached_from_the_first() -> None:
    """No page under docs/ stands alone: docs/README.md leads to each."""
    seen, todo = set(), [ROOT / "docs" / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text(encoding="utf-8"))
        todo += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert set((ROOT / "docs").rglob("*.md")) <= seen


def commands_in(text: str) -> list[str]:
    """Every call of the program or of make that a page shows, in a block or in a line."""
    shown = []
    for language, block in blocks_of(text):
        if language in ("", "sh", "bash", "console"):
            shown += [line.removeprefix("$ ") for line in block.splitlines()]
    shown += re.findall(r"`([^`\n]+)`", prose_of(text))
    return [s.partition("  #")[0].strip() for s in shown if s.startswith(("remission ", "make "))]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_are_understood(page: Path) -> None:
    """Each command line that is shown parses; a bare name of a command is one."""
    parser = build_parser()
    known = {"demo", "study", "check", "new", "diff", "survival", "synth", "template", "verify"}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in commands_in(page.read_text(encoding="utf-8")):
        words = shlex.split(line)
        if words[0] == "make":
            assert {w for w in words[1:] if "=" not in w} <= targets, line
        elif len(words) == 2 and words[1] in known:
            continue
        else:
            if words[1] in ("--help", "--version"):
                continue
            try:
                parser.parse_args(words[1:])
            except RemissionError as error:
                pytest.fail(f"{line}: {error}")


# ---------------------------------------------------------------- study.toml


def keys_of(cls: type) -> set[str]:
    return {str(f.metadata.get("key", f.name)) for f in dataclasses.fields(cls)}


def documented(heading: str) -> set[str]:
    """The keys in the table below a heading of docs/study-toml.md."""
    _, found, rest = STUDY_TOML.partition(f"\n{heading}\n")
    assert found, f"docs/study-toml.md has no section {heading}"
    section = re.split(r"^#{2,3} ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


@pytest.mark.parametrize(
    ("heading", "cls"),
    [
        ("## [study]", StudySpec),
        ("## [origin]", OriginSpec),
        ("## [privacy]", PrivacySpec),
        ("## [exclude]", ExcludeSpec),
        ("## [[source]]", SourceSpec),
        ("## [[source.column]]", ColumnSpec),
        ("## [groups.NAME]", GroupSpec),
        ("## [populations.NAME]", PopulationSpec),
        ("## [response]", ResponseSpec),
        ("## [flow]", FlowSpec),
        ("## [sources.NAME]", EventSource),
        ("## [endpoints.NAME]", EndpointSpec),
    ],
)
def test_every_key_is_explained(heading: str, cls: type) -> None:
    """The page lists the keys the program knows, all of them and no others."""
    assert documented(heading) == keys_of(cls)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_analysis_is_explained(kind: str) -> None:
    """Each kind of analysis has a section with its own keys."""
    assert documented("## [[analysis]]") == ANALYSIS_KEYS
    assert documented(f'### kind = "{kind}"') == keys_of(KINDS[kind]) - ANALYSIS_KEYS


def test_the_examples_are_a_study() -> None:
    """All examples of the page together are read without an error, and use every section and kind."""
    text = "\n".join(block for language, block in blocks_of(STUDY_TOML) if language == "toml")
    protocol = parse_protocol(text, ROOT)
    assert {a.kind for a in protocol.analyses} == set(KINDS)
    assert protocol.groups
    assert protocol.endpoints
    assert protocol.event_sources


def test_every_preset_is_named() -> None:
    """The presets of the library are listed where they can be used."""
    library = load_library()
    for name in (*library.presets, *library.responses):
        assert f"`{name}`" in STUDY_TOML, name


# ---------------------------------------------------------------- words


def test_abbreviations_are_in_the_glossary() -> None:
    """Every abbreviation in the library and in the labels of the schema is explained."""
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"[\w-]+", " ".join(re.findall(r"^\| ([^|]+) \|", glossary, re.MULTILINE))))
    library = load_library()
    texts = [p.short for p in library.presets.values()] + [p.label for p in library.responses.values()]
    texts += [level for p in library.responses.values() for level in p.levels]
    schema = (ROOT / "src" / "remission" / "cohort" / "schema.toml").read_text(encoding="utf-8")
    texts += re.findall(r'label = "([^"]+)"', schema)
    used = {w for text in texts for w in re.findall(r"\b(?:[A-Z]{2,}[a-z]?|CAR-T|DoR)\b", text)}
    assert used - explained == set()


def test_validation_is_current() -> None:
    """docs/validation.md is what tools/make_validation.py makes of the tests today: if not, run `make docs`."""
    made = runpy.run_path(str(ROOT / "tools" / "make_validation.py"))["validation_text"]()
    assert (ROOT / "docs" / "validation.md").read_text(encoding="utf-8") == made, "run `make docs`"


def test_picture_is_small() -> None:
    """The picture of the report is there and light."""
    assert 20_000 < (ROOT / "docs" / "images" / "report.png").stat().st_size < 300_000
