"""Files of the later figures: text that stays text, the same bytes twice, data without matplotlib."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from remission.display.figures.alluvial import draw_alluvial
from remission.display.figures.butterfly import draw_butterfly
from remission.display.figures.diagnostics import draw_diagnostics
from remission.display.figures.forest import draw_forest
from remission.display.figures.heat_map import draw_heat_map
from remission.display.figures.incidence import draw_incidence
from remission.display.figures.landmark_grid import draw_landmark_grid
from remission.display.figures.occupancy import draw_occupancy
from remission.display.figures.panels import draw_panels
from remission.display.figures.style import save_figure
from remission.display.figures.subgroups import draw_subgroups
from remission.display.figures.survival import draw_survival
from remission.display.figures.swimmer import draw_swimmer
from remission.display.figures.trends import draw_trends
from remission.display.figures.waterfall import draw_waterfall

from .test_figures_incidence import CHANGING, INCIDENCE
from .test_figures_models import DIAGNOSTICS, FOREST
from .test_figures_panels import PANELS, TRENDS
from .test_figures_patients import SWIMMER, WATERFALL
from .test_figures_states import LANDMARKS, OCCUPANCY
from .test_figures_tables import ALLUVIAL, BUTTERFLY, HEAT_MAP, SUBGROUPS

DRAWN: dict[str, tuple[Callable[[], Figure], str]] = {
    "incidence": (lambda: draw_incidence(INCIDENCE["one group of 30"]), "All patients in remission"),
    "changing": (lambda: draw_survival(CHANGING["thirty"]), "Not yet transplanted"),
    "landmarks": (lambda: draw_landmark_grid(LANDMARKS["ordinary"]), "favours transplantation"),
    "occupancy": (lambda: draw_occupancy(OCCUPANCY["ordinary"]), "Dead in remission"),
    "forest": (lambda: draw_forest(FOREST["thirty"]), "Multivariable"),
    "diagnostics": (lambda: draw_diagnostics(DIAGNOSTICS["thirty"]), "Residuals: term 1"),
    "swimmer": (lambda: draw_swimmer(SWIMMER["thirty"]), "Still under observation"),
    "waterfall": (lambda: draw_waterfall(WATERFALL["thirty"]), "CR, MRD-negative"),
    "panels": (lambda: draw_panels(PANELS["cytokines"]), "p = 0.012 (30 pairs)"),
    "trends": (lambda: draw_trends(TRENDS["three groups"]), "Lymphocytes"),
    "alluvial": (lambda: draw_alluvial(ALLUVIAL["thirty"]), "Allogeneic HSCT"),
    "subgroups": (lambda: draw_subgroups(SUBGROUPS["ratio"]), "favours no HSCT"),
    "butterfly": (lambda: draw_butterfly(BUTTERFLY["thirty"]), "Thrombocytopenia"),
    "heat map": (lambda: draw_heat_map(HEAT_MAP["cycles"]), "Cycle 6"),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_drawing_twice_gives_the_same_bytes_and_text_stays_text(kind: str, tmp_path: Path) -> None:
    """Words in the svg can be searched and edited."""
    draw, expected = DRAWN[kind]
    first, again = (save_figure(draw(), tmp_path / run, kind) for run in ("a", "b"))
    assert all(first[f].read_bytes() == again[f].read_bytes() for f in first)
    svg = first["svg"].read_text(encoding="utf-8")
    assert expected in [w.strip() for w in re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.DOTALL)]
    assert "DejaVuSans-" not in svg


def test_data_of_all_figures_import_no_matplotlib() -> None:
    """Result rows can be turned into figure data without waiting for matplotlib."""
    folder = Path(save_figure.__code__.co_filename).parent
    names = [p.stem for p in sorted(folder.glob("*_data.py"))]
    assert len(names) >= 8
    modules = ", ".join(f"remission.display.figures.{name}" for name in names)
    code = f"import sys, {modules}; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
