"""Figure files: text that stays text, 300 dpi, the same bytes on every run, quickly."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from PIL import Image

from remission.display.figures.bars import draw_rates
from remission.display.figures.bars_data import RateRow, RatesFigure
from remission.display.figures.flow import draw_flow
from remission.display.figures.flow_data import FlowBranch, FlowFigure, FlowPart, FlowStep
from remission.display.figures.style import LOOKS, save_figure
from remission.display.figures.survival import draw_survival
from remission.display.figures.survival_data import SurvivalFigure, SurvivalGroup

GROUPS = (
    SurvivalGroup("CR/CRi", (91, 400), (0.8, 0.4), 600, (0.5, 0.2), (0.9, 0.7), (500,), (0.4,), (10, 8, 2), (0, 2, 6)),
    SurvivalGroup("No CR", (30,), (0.5,), 200, (0.1,), (0.8,), (200,), (0.5,), (4, 2, 0), (0, 2, 2)),
)
SURVIVAL = SurvivalFigure(GROUPS, ticks_days=(0, 183, 365), annotation=("Log-rank p < 0.001 & more",))
FLOW = FlowFigure(
    (FlowStep("All", 9, 1, reasons=(FlowPart("No dose", 1),)), FlowStep("Treated", 8)),
    (FlowBranch("CR", 5, (FlowPart("HSCT", 3),)), FlowBranch("No CR", 3)),
)
RATES = RatesFigure((RateRow("All", "5/8", 0.625, 0.245, 0.915, "62.5 (24.5–91.5)", "total"),), reference=0.625)


def test_svg_text_is_text(tmp_path: Path) -> None:
    """Words can be searched, copied and edited; no letter is drawn as a path."""
    svg = save_figure(draw_survival(SURVIVAL), tmp_path, "os")["svg"].read_text(encoding="utf-8")
    words = [re.sub(r"\s+", " ", w).strip() for w in re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.DOTALL)]
    assert {"CR/CRi", "No CR", "Number at risk (number of events)", "Log-rank p &lt; 0.001 &amp; more"} <= set(words)
    assert "DejaVuSans-" not in svg
    assert "font-family: 'DejaVu Sans', Verdana" in svg


def test_pdf_embeds_truetype_and_png_has_300_dpi_at_the_exact_width(tmp_path: Path) -> None:
    """What journals ask for."""
    paths = save_figure(draw_survival(SURVIVAL, width_cm=8.5), tmp_path, "os")
    assert set(paths) == {"svg", "png", "pdf"}
    pdf = paths["pdf"].read_bytes()
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    with Image.open(paths["png"]) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert abs(image.width - 8.5 / 2.54 * 300) <= 1


def test_files_hold_no_date_and_no_program(tmp_path: Path) -> None:
    """Two runs on two days give the same files."""
    paths = save_figure(draw_flow(FLOW), tmp_path, "flow")
    for path in paths.values():
        data = path.read_bytes()
        assert b"CreationDate" not in data
        assert b"dc:date" not in data
        assert b"atplotlib" not in data


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_figures_files import *
for name, fig in (("os", draw_survival(SURVIVAL)), ("flow", draw_flow(FLOW)), ("rates", draw_rates(RATES))):
    save_figure(fig, Path(sys.argv[1]), name)
"""


def test_files_are_byte_identical_in_another_process_with_other_hash_seeds(tmp_path: Path) -> None:
    """Neither the order of sets nor the run before leaves a trace in a file."""
    digests = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        environment = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", SCRIPT, str(folder), str(Path(__file__).parent)]
        subprocess.run(command, env=environment, check=True)
        digests.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())})
    assert len(digests[0]) == 9
    assert digests[0] == digests[1]


def test_drawing_twice_gives_the_same_bytes_whatever_the_user_has_set(tmp_path: Path) -> None:
    """A user's own matplotlib settings change nothing, and are not changed."""
    first = {k: p.read_bytes() for k, p in save_figure(draw_rates(RATES), tmp_path / "a", "x").items()}
    mine = {"font.size": 20.0, "savefig.bbox": "tight", "font.family": ["serif"], "lines.linewidth": 9.0}
    with matplotlib.rc_context(mine):
        again = {k: p.read_bytes() for k, p in save_figure(draw_rates(RATES), tmp_path / "b", "x").items()}
        assert matplotlib.rcParams["font.size"] == 20.0
    assert first == again


def test_a_dollar_sign_is_not_a_formula(tmp_path: Path) -> None:
    """Labels are shown as they are written."""
    data = SurvivalFigure((SurvivalGroup("costs $5 and $6_x^2", (), (), 100),))
    svg = save_figure(draw_survival(data), tmp_path, "x")["svg"].read_text(encoding="utf-8")
    assert "costs $5 and $6_x^2" in svg


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_groups_differ_without_colour_and_their_names_can_be_read() -> None:
    """Every group has its own dashes; coloured words have a contrast of 4.5 on white, lines of 2."""
    assert len({look.dashes for look in LOOKS}) == len(LOOKS)
    for look in LOOKS:
        assert 1.05 / (luminance(look.text) + 0.05) >= 4.5, look
        assert 1.05 / (luminance(look.colour) + 0.05) >= 2.0, look


def test_data_modules_import_no_matplotlib() -> None:
    """Result rows can be turned into figure data without waiting for matplotlib."""
    code = (
        "import sys, remission.display.figures.survival_data, remission.display.figures.flow_data, "
        "remission.display.figures.bars_data, remission.core.ticks; "
        "sys.exit('matplotlib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_drawing_needs_no_pyplot() -> None:
    """No global state, no window system."""
    code = "import sys, remission.display.figures.survival; sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
