"""The Word document and the csv tables; the document read back and tampered with."""

import io
import re
import runpy
import shutil
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import docx
import pytest

from remission.core.errors import FileError, ResultsError
from remission.display.grid import Document, FigureBlock, Grid, GridRow, Paragraph, cell
from remission.report.csv_tables import write_grid_csv
from remission.report.docx import write_docx
from remission.report.numbering import line_cells, printed_ids
from remission.report.readback import read_back
from remission.report.word_table import column_widths_cm
from remission.results.table import Results

SAMPLE = runpy.run_path(str(Path(__file__).with_name("test_report_sample.py")))


def white_png(path: Path) -> Path:
    """A png of one white pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0\xff")), chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return path


@pytest.fixture
def report(tmp_path):
    """The sample as docx."""
    path = tmp_path / "report.docx"
    figures = {"os": white_png(tmp_path / "os.png")}
    write_docx(SAMPLE["sample_document"](), SAMPLE["sample_results"](), path, figures=figures)
    return path


def tamper(path: Path, old: str, new: str, part: str = "word/document.xml") -> Path:
    """The same docx with the first occurrence of a piece of its XML replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                assert old in data.decode()
                data = data.decode().replace(old, new, 1).encode()
            target.writestr(name, data)
    path.write_bytes(made.getvalue())
    return path


def check(path: Path, **options: Document) -> list[str]:
    return read_back(path, SAMPLE["sample_results"](), SAMPLE["KNOWN_TEXT"], **options)


def test_every_number_is_a_result_run(report):
    """The runs in the style Result are the results the document prints, in order, whole and unaltered."""
    results = SAMPLE["sample_results"]()
    word = docx.Document(str(report))
    paragraphs = [p for item in word.iter_inner_content() for p in _paragraphs(item)]
    runs = [run.text for p in paragraphs for run in p.runs if run.style.name == "Result"]
    assert runs == [results[i].shown for i in printed_ids(SAMPLE["sample_document"]())]


def _paragraphs(item):
    if hasattr(item, "runs"):
        return [item]
    return [p for row in item._tbl.tr_lst for tc in row.tc_lst for p in docx.table._Cell(tc, item).paragraphs]


def test_document_is_built_as_word_wants_it(report):
    """Real headings, numbered captions, header lines that repeat, rows that stay whole, alt text, a wide page."""
    word = docx.Document(str(report))
    styles = [p.style.name for p in word.paragraphs]
    assert styles.count("Heading 1") == 2
    assert styles.count("Heading 2") == 4
    assert {"Title", "Subtitle", "Facts", "Caption", "List Bullet", "Warning", "Note", "Table Note"} <= set(styles)
    xml = word.element.xml
    assert len(re.findall(r"SEQ Table", xml)) == 2
    assert len(re.findall(r"SEQ Figure", xml)) == 1
    assert xml.count("<w:tblHeader/>") == 4
    assert xml.count("<w:cantSplit/>") == 4 + 7 + 1
    assert 'descr="Kaplan-Meier curve of overall survival"' in xml
    wide = [section.page_width > section.page_height for section in word.sections]
    assert wide == [False, True, False]
    assert "PAGE" in word.sections[0].footer._element.xml
    assert word.core_properties.title == SAMPLE["sample_document"]().title


def test_heading_of_a_wide_table_goes_with_it(report):
    """The heading stands on the wide page, not alone at the end of the page before."""
    xml = docx.Document(str(report)).element.xml
    assert xml.index("<w:sectPr") < xml.index(">Toxicity<") < xml.index("Toxicity: worst grade")


def test_label_runs_over_the_empty_cells_behind_it():
    """A long label does not wrap in the first column; what stands further right keeps its column."""
    cells = (cell("Response to the first course"), cell(""), cell(""), cell("0.2"))
    assert [c.span for c in line_cells(GridRow(cells, kind="head"), 5)] == [3, 1, 1]
    assert [c.span for c in line_cells(GridRow(cells[:1], kind="head"), 5)] == [5]
    assert [c.span for c in line_cells(GridRow((cell("A"), cell("1"), cell(""))), 3)] == [1, 1, 1]


@pytest.mark.parametrize("words", [("a checksum " + "f" * 64, "b"), ("short", "long words " * 40), ("", "")])
def test_columns_of_any_text_fill_the_page(words):
    """Whatever stands in them, the widths add up and no column vanishes."""
    grid = Grid("t", "T", ((cell("Sheet"), cell("Hash")),), (GridRow(tuple(map(cell, words))),), "ll")
    widths = column_widths_cm(grid, Results(), 16.6)
    assert sum(widths) == pytest.approx(16.6)
    assert min(widths) > 1.0


def test_columns_fill_the_page(report):
    """The widths of each table add up to the width of its page."""
    word = docx.Document(str(report))
    for table, section in zip(word.tables, word.sections, strict=False):
        room = (section.page_width - section.left_margin - section.right_margin) / 635
        assert sum(column.width for column in table.columns) / 635 == pytest.approx(room, abs=12)


def test_same_document_same_bytes(report, tmp_path):
    """Two runs write the same file."""
    again = tmp_path / "again.docx"
    figures = {"os": tmp_path / "os.png"}
    write_docx(SAMPLE["sample_document"](), SAMPLE["sample_results"](), again, figures=figures)
    assert again.read_bytes() == report.read_bytes()


def test_letters_xml_cannot_hold_are_left_out(tmp_path):
    """A control character in a recorded value does not spoil the file."""
    results = Results()
    results.add("a", "b", "value", "bell\x07", population="all")
    write_docx(
        Document("T", "", (Paragraph(cell("{n}", n="a.all.b.value")),)), results, tmp_path / "r.docx", figures={}
    )
    assert docx.Document(str(tmp_path / "r.docx")).paragraphs[-1].text == "bell"


def test_figure_that_was_not_drawn_is_refused(tmp_path):
    """No empty frame."""
    with pytest.raises(ResultsError) as caught:
        write_docx(Document("T", "", (FigureBlock("f", "F", "f", "alt"),)), Results(), tmp_path / "r.docx", figures={})
    assert caught.value.code == "no-figure"


def test_untouched_document_reads_back_clean(report):
    """Nothing is found where nothing was changed."""
    assert check(report) == []
    assert check(report, document=SAMPLE["sample_document"]()) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (">78.8%<", ">87.8%<", "`87.8%` is marked as a result but is none"),
        (" patients, <", " patients in 12 months, <", "`12` has no result"),
        ("Salvage one", "Salvage 1", "`1` has no result"),
        (">78.8%<", ">78.8%</w:t></w:r><w:r><w:t>5<", "a digit touches a result"),
        (
            '<w:rStyle w:val="Result"/></w:rPr><w:t xml:space="preserve">78.8%',
            '</w:rPr><w:t xml:space="preserve">78.8%',
            "`78.8`",
        ),
        ("SEQ Table \\* ARABIC", "QUOTE", "`1` has no result"),
    ],
)
def test_tampering_with_one_number_is_found(report, old, new, found):
    """A number changed, added, glued on, or taken out of its style is named."""
    violations = check(tamper(report, old, new))
    assert found in violations[0]
    assert len(violations) <= 2


def test_two_results_exchanged_are_found_with_the_document(report):
    """A number that is somebody else's result is only found by who holds the document beside it."""
    tamper(report, ">78.8%<", ">100%<")
    assert check(report) == []
    assert check(report, document=SAMPLE["sample_document"]()) == [
        "document: result 3 is `100%`, the report prints `78.8%` there"
    ]


def test_number_in_the_footer_is_found(report):
    """Footers are read too."""
    with zipfile.ZipFile(report) as archive:
        footer = next(name for name in archive.namelist() if "footer" in name and name.endswith(".xml"))
    violations = check(tamper(report, "B-ALL", "B-ALL 2099", footer))
    assert [v.split(":")[0] for v in violations] == [Path(footer).stem]


def test_run_that_word_has_cut_in_two_is_still_a_result(report):
    """Word cuts runs where one has edited; the pieces together are the result."""
    cut = '>78.</w:t></w:r><w:r><w:rPr><w:rStyle w:val="Result"/></w:rPr><w:t>8%<'
    tamper(report, ">78.8%<", cut)
    assert check(report) == []
    assert check(report, document=SAMPLE["sample_document"]()) == []


def test_file_that_is_not_word_is_refused(tmp_path):
    """Said in words."""
    (tmp_path / "r.docx").write_text("no")
    with pytest.raises(FileError) as caught:
        check(tmp_path / "r.docx")
    assert caught.value.code == "not-docx"


def test_csv_of_a_table_holds_what_the_report_prints(tmp_path):
    """The same words and numbers, spans opened, sub-lines set in."""
    write_grid_csv(SAMPLE["response_table"](), SAMPLE["sample_results"](), tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == ",,By line of treatment,,"
    assert lines[3] == "  Median (Q1–Q3),38 (24.5–57.3),38 (24.5–57.3),38 (24.5–57.3),"
    assert lines[-1].endswith("13.2 (6.9–NR),10.4 (6.9–NR),10.4 (6.9–NR),–")


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_office_opens_it_without_empty_pages(report, tmp_path):
    """Another program lays it out on four pages, one of them wide."""
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(report)]
    subprocess.run(command, capture_output=True, timeout=180, check=True)
    pages = re.findall(
        rb"/Type\s*/Page\b[^s].*?/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)",
        (tmp_path / "report.pdf").read_bytes(),
        re.DOTALL,
    )
    wide = [float(width) > float(height) for width, height in pages]
    assert wide.count(True) == 1
    assert len(wide) == 4
