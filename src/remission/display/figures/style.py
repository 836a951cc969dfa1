"""One look for all figures, and the only place where a figure becomes a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, cast

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure

SINGLE_CM = 8.5  # one column of a journal page
DOUBLE_CM = 17.5  # the full page
PNG_DPI = 300
POINTS_PER_CM = 72 / 2.54

SMALL = 7.0  # points: numbers, labels in the plot, tables
NORMAL = 8.0  # points: axis labels and titles
LEADING = 1.28  # line height over font size

# A cut of DejaVu Sans (tools/make_fonts.py): shipped with the package, so the same figure on every computer, and small,
# so that embedding it in a PDF takes a fifth of the time. Letters it lacks come from the font matplotlib brings along.
HOUSE_FONT = "Remission Sans"
FULL_FONT = "DejaVu Sans"
HOUSE_FILES = {
    False: Path(__file__).parent / "fonts" / "RemissionSans.ttf",
    True: Path(__file__).parent / "fonts" / "RemissionSans-Bold.ttf",
}
for _file in HOUSE_FILES.values():
    font_manager.fontManager.addfont(_file)

INK = "#1a1a1a"
GREY = "#5c5c5c"
FAINT = "#b8b8b8"
WARN_INK = "#8c2d04"
WARN_PAPER = "#fdece3"
PAPER_TINT = "#f3f5f8"


@dataclass(frozen=True)
class Look:
    """How one group is told from the others, on screen, in print and in a photocopy.

    Args: colour: of lines and fills (Okabe & Ito 2008).  text: the same hue dark enough to read (contrast >= 4.5).
    dashes: on-off lengths in line widths, () for solid.
    """

    colour: str
    text: str
    dashes: tuple[float, ...]


# Neighbours differ in hue for every common colour blindness, all differ in dashes; yellow is invisible on white.
LOOKS: tuple[Look, ...] = (
    Look("#0072B2", "#005E93", ()),
    Look("#D55E00", "#A84A00", (4.0, 1.4)),
    Look("#009E73", "#00704F", (1.3, 1.1)),
    Look("#CC79A7", "#9A3F72", (6.0, 1.3, 1.3, 1.3)),
    Look("#000000", "#000000", (9.0, 2.0)),
    Look("#E69F00", "#8A5F00", (6.0, 1.3, 1.3, 1.3, 1.3, 1.3)),
)


@dataclass(frozen=True)
class Fill:
    """How one area is told from its neighbours, also in grey: tint, pattern, and the ink of both."""

    face: str
    hatch: str
    ink: str


# Neighbours differ in lightness or in pattern as well as in hue; dark ink can be read on all of them.
FILLS: tuple[Fill, ...] = (
    Fill("#CFE3F1", "", "#0072B2"),
    Fill("#7FB8DC", "", "#0072B2"),
    Fill("#FBE3D0", "////", "#D55E00"),
    Fill("#B9B9B9", "", "#5c5c5c"),
    Fill("#E9E9E9", "....", "#5c5c5c"),
    Fill("#C3E5D9", "\\\\\\\\", "#009E73"),
    Fill("#F3DDEA", "xxxx", "#CC79A7"),
)


@dataclass(frozen=True)
class Tone:
    """A plain tint, and the ink that can be read on it or hatched into it."""

    face: str
    ink: str


# For categories where a pattern already means something else: any two differ in lightness as well.
TONES: tuple[Tone, ...] = (
    Tone("#005E93", "#FFFFFF"),
    Tone("#7FB8DC", INK),
    Tone("#F3C196", INK),
    Tone("#D55E00", INK),
    Tone("#000000", "#FFFFFF"),
    Tone("#E2E2E2", INK),
)

# For what has an order, such as grades: the darker the worse, on screen and in a photocopy.
SHADES: tuple[Tone, ...] = (
    Tone("#E3EEF7", INK),
    Tone("#A9CCE6", INK),
    Tone("#5FA0CD", INK),
    Tone("#0F5C94", "#FFFFFF"),
    Tone("#10202C", "#FFFFFF"),
)

_RC: dict[str, Any] = {
    "font.family": [HOUSE_FONT, FULL_FONT],
    "font.size": SMALL,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
    "text.hinting": "none",  # the same widths in png, svg and pdf
    "axes.edgecolor": INK,
    "axes.linewidth": 0.6,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "xtick.major.pad": 2.0,
    "ytick.major.pad": 2.0,
    "lines.linewidth": 1.2,
    "lines.scale_dashes": True,
    "patch.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "savefig.facecolor": "white",
    "svg.fonttype": "none",  # text stays text: searchable and editable
    "pdf.fonttype": 42,
}

# A browser knows the full font by its name; one without it takes the next, Verdana has nearly the same widths.
_IN_SVG = re.compile(rf"font-family: '{HOUSE_FONT}'((?:, '[^']+')*)")
_OTHERS = f", '{FULL_FONT}'"


def _for_browsers(match: re.Match[str]) -> str:
    others = match[1].replace(_OTHERS, "")
    return f"font-family: '{FULL_FONT}'{others}, Verdana, 'Noto Sans', Arial, sans-serif"


@contextmanager
def house_style(**extra: Any) -> Iterator[None]:
    """Everything drawn or saved inside looks the same whatever the user's own matplotlib settings are."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(cast(Any, _RC | extra))
        yield


def save_figure(fig: Figure, folder: Path, stem: str) -> dict[str, Path]:
    """Write `<stem>.svg`, `.png` (300 dpi) and `.pdf`; the same figure gives the same bytes on every run.

    Returns: format -> path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {kind: folder / f"{stem}.{kind}" for kind in ("svg", "png", "pdf")}
    with house_style(**{"svg.hashsalt": stem}):
        drawn = StringIO()
        fig.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
        text = _IN_SVG.sub(_for_browsers, drawn.getvalue())
        paths["svg"].write_text(text, encoding="utf-8", newline="\n")
        # level 2 makes a file a sixth larger than the default level 6, in half the time
        fig.savefig(
            paths["png"], format="png", dpi=PNG_DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 2}
        )
        fig.savefig(paths["pdf"], format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    return paths
