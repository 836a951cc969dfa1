"""The checklist and the abbreviations at the end of a report speak of that very report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from remission.display.abbreviations import known_abbreviations
from remission.study import run_study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("out")
    run_study(ROOT / "studies" / "xie2023", out)
    return (out / "report.html").read_text(encoding="utf-8")


def test_every_table_named_is_there(html: str) -> None:
    """A number in the checklist is the number of a caption."""
    captions = {f"{what} {n}" for what, n in re.findall(r"<b>(Table|Figure) (\d+)\.</b>", html)}
    checklist = html[html.index('id="table_checklist"') :]
    named = set()
    for what, numbers in re.findall(r"(Table|Figure)s? ((?:\d+(?:, )?)+)", checklist):
        named |= {f"{what} {n}" for n in re.findall(r"\d+", numbers)}
    assert len(named) > 8
    assert named <= captions


def test_the_places_are_the_right_ones(html: str) -> None:
    """Item 13c is the flow diagram, item 14a the table of the patients before treatment."""
    place = dict(re.findall(r">(\d+[a-e]?)</t[hd]>\s*<td[^>]*>[^<]*</td>\s*<td[^>]*>([^<]*)</td>", html))
    flow = re.search(r"<b>(Figure \d+)\.</b> Patient flow", html)
    first = re.search(r"<b>(Table \d+)\.</b> Patients before treatment", html)
    assert flow is not None
    assert first is not None
    assert place["13c"] == flow[1]
    assert place["14a"] == first[1]


def test_abbreviations_are_those_printed(html: str) -> None:
    """What is spelled out occurs in the report, and the glossary knows it."""
    listed = re.search(r'<h2 id="abbreviations">Abbreviations</h2>\s*<p>(.*?)</p>', html, re.DOTALL)
    assert listed is not None
    shorts = [part.split(",")[0] for part in listed[1].rstrip(".").split("; ")]
    assert {"CR", "OS", "HSCT", "CI"} <= set(shorts)
    assert "WBC" not in shorts
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for short in known_abbreviations():
        assert re.search(rf"(?<![\w-]){re.escape(short)}(?![\w-])", glossary), short
