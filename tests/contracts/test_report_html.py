"""The html page: self-contained, complete, escaped, and asked by address."""

import html
import json
import re
import runpy
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from remission.core.errors import ResultsError
from remission.display.grid import Document, FigureBlock, Grid, GridRow, Heading, Paragraph, cell
from remission.report.html import inline_svg, render_html, write_html
from remission.report.numbering import printed_ids
from remission.results.table import Results

SAMPLE = runpy.run_path(str(Path(__file__).with_name("test_report_sample.py")))
SVG = (
    '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    '<metadata><a href="http://example.org"/></metadata><defs><path id="m1" d="M0 0"/></defs>'
    '<use xlink:href="#m1"/><g clip-path="url(#m1)"/></svg>'
)


def sample_page(**options: bool) -> str:
    return render_html(SAMPLE["sample_document"](), SAMPLE["sample_results"](), {"os": SVG}, **options)


def data_of(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def test_page_loads_nothing():
    """No link, script, image, import or font comes from anywhere; the policy of the page forbids it too."""
    page = sample_page()
    assert not re.search(r"""(src|href|action|data)\s*=\s*["'](?!#)""", page)
    assert not re.search(r"@import|url\((?!#)|<link|<iframe|<img|fetch\(|XMLHttpRequest", page)
    assert re.findall(r"https?://[^\"' <)]+", page.replace("http://www.w3.org/", "")) == []
    assert "default-src 'none'" in page


def test_script_is_the_one_the_policy_allows():
    """The hash in the policy is that of the script, so no other script can run."""
    import base64
    import hashlib

    page = sample_page()
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page


def test_every_printed_id_is_a_button_with_data():
    """Each number the document prints is a button, in order, that shows the row; its data are in the page."""
    document, results, page = SAMPLE["sample_document"](), SAMPLE["sample_results"](), sample_page()
    main = re.sub(r"<details class=\"behind\">.*?</details>", "", page, flags=re.DOTALL)
    buttons = re.findall(r'<button type="button" class="num" data-id="([^"]+)"[^>]*>([^<]*)</button>', main)
    assert [i for i, _ in buttons] == list(printed_ids(document))
    assert all(html.unescape(text) == results[i].shown for i, text in buttons)
    assert data_of(page)["rows"].keys() == set(document.ids())


def test_data_hold_the_row_its_method_its_patients_and_their_cells():
    """What a click shows is complete."""
    results = SAMPLE["sample_results"]()
    data = data_of(sample_page())
    row = data["rows"]["response.all.cr.estimate"]
    assert row["value"] == repr(26 / 33)
    assert row["n"] == 33
    assert data["methods"][row["method"]]["reference"].startswith("Clopper CJ")
    patients = [data["patients"][k] for k in data["members"][row["members"]]]
    assert tuple(patients) == results.members[results["response.all.cr.estimate"].members]
    place, line, column, value, label = data["cells"]["best_response"][str(data["members"][row["members"]][0])][0]
    assert (data["places"][place], line, column, value) == (["ward.xlsx", "Outcomes"], 2, "D", "CR")
    assert label == results.cells["best_response"][patients[0]][0].field
    missing = data["rows"]["os.all.median.high"]
    assert missing["status"] == "undefined"
    assert missing["note"].startswith("The upper limit")
    assert "value" not in missing
    assert f'title="{missing["note"]}"' in sample_page()


def test_only_what_the_document_uses_is_embedded():
    """Rows, fields and sets that no number of the page rests on stay out."""
    data = data_of(sample_page())
    assert "os.all.median.median" in data["rows"]
    assert "response.by_line.salvage_1.test.p" not in data["rows"]
    assert "ae.all.crs_grade_1.n" in data["rows"]
    results = SAMPLE["sample_results"]()
    small = Document("T", "", (Paragraph(cell("{n}", n="ae.all.crs_grade_1.n")),))
    data = data_of(render_html(small, results, {}))
    assert (len(data["rows"]), len(data["patients"]), data["cells"]) == (1, 8, {})


def test_page_without_patients_names_none():
    """A page to pass on holds neither patients nor cells."""
    page = sample_page(patients_listed=False)
    assert not re.search(r"\bP\d\d\b", page)
    assert "2021-03-04" not in page
    assert data_of(page)["listed"] == "no"


def test_many_patients_stay_in_their_files():
    """Above the limit the page points to members.csv."""
    results = Results()
    results.add("a", "b", "N", 2001, population="all", members=[f"X{k}" for k in range(2001)])
    page = render_html(Document("T", "", (Paragraph(cell("{n}", n="a.all.b.N")),)), results, {})
    assert data_of(page)["listed"] == "files"
    assert "X1999" not in page


def test_text_is_escaped():
    """Words that look like markup are words, in the page and in its data."""
    page = sample_page()
    assert "&lt;/script&gt;&lt;b&gt;" in page
    assert "&lt;CR/CRh/CRi&gt;" in page
    results = Results()
    results.add("a", "b", "text", "</script><script>alert(1)</script>", population="<i>")
    page = render_html(Document("T", "", (Paragraph(cell("{n}", n="a.all.b.text")),)), results, {})
    assert page.count("<script") == 2
    assert data_of(page)["rows"]["a.all.b.text"]["population"] == "<i>"


def test_captions_are_numbered_apart_and_anchors_are_unique():
    """Tables and figures count from one each; two headings of one name have two anchors."""
    page = sample_page()
    for caption in ("<b>Table 1.</b>", "<b>Table 2.</b>", "<b>Figure 1.</b>"):
        assert caption in page
    twice = render_html(Document("T", "", (Heading("Same"), Heading("Same"), Heading("Same"))), Results(), {})
    ids = re.findall(r'\bid="([^"]+)"', twice)
    assert len(ids) == len(set(ids))


def test_svg_is_made_fit_to_stand_beside_others():
    """No prolog, no metadata; ids and what points to them carry the figure's name."""
    made = inline_svg(SVG, "os")
    assert made.startswith("<svg")
    assert "metadata" not in made
    assert 'id="os-m1"' in made
    assert 'href="#os-m1"' in made
    assert "url(#os-m1)" in made


def test_faults_of_the_program_are_refused(tmp_path):
    """A number that does not exist, a figure that was not drawn, a crooked table."""
    results = Results()
    crooked = Grid("t", "T", ((cell("a"), cell("b")),), (GridRow((cell("1", span=3),)),), "ll")
    for block, code in (
        (Paragraph(cell("{n}", n="no.such.id")), "unknown-result"),
        (FigureBlock("f", "F", "none", "alt"), "no-figure"),
        (crooked, "grid-shape"),
        (replace(crooked, header=((cell("a"),),), rows=()), "grid-shape"),
    ):
        with pytest.raises(ResultsError) as caught:
            write_html(Document("T", "", (block,)), results, tmp_path / "r.html", figures={})
        assert caught.value.code == code


def test_same_document_same_bytes(tmp_path):
    """Two runs write the same page."""
    assert sample_page() == sample_page()


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium")
def test_link_to_a_number_opens_it(tmp_path):
    """report.html#n=<address> opens on the number, with method and cells, in a real browser without network."""
    page = tmp_path / "report.html"
    page.write_text(sample_page(), encoding="utf-8")
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}"]
    address = page.as_uri() + "#n=response.all.cr.estimate"
    command = ["chromium", "--headless", "--no-sandbox", *quiet, "--dump-dom", address]
    dom = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode()
    panel = dom[dom.index('<aside id="panel"') :]
    assert 'id="panel-title">78.8%<' in panel
    assert "0.7878787878787878" in panel
    assert "Clopper CJ" in panel
    assert "Outcomes, D2" in panel
    assert len(re.findall(r"<th>P\d\d<", panel)) == 26
