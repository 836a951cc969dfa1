"""Make the two small fonts of the figures from the DejaVu Sans that matplotlib brings along.

A PDF holds a subset of each font it uses; cutting it out of the full DejaVu Sans takes four times as long as drawing
the figure. These fonts hold Latin, Greek, punctuation and the signs of a statistical figure, without ligatures; letters
they lack are taken from the full font. Run: python tools/make_fonts.py
"""

from pathlib import Path

import matplotlib
from fontTools import subset

FAMILY = "Remission Sans"
TARGET = Path(__file__).parents[1] / "src/remission/display/figures/fonts"
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "αβγδεκλμπρσχΔΣΩ"),
    *range(0x2010, 0x2016),
    *map(ord, "‘’‚“”„†‡•…‰′″‹›"),
    *map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉€←→−∞≈≠≤≥"),
]


def main() -> None:
    """Write RemissionSans.ttf and RemissionSans-Bold.ttf."""
    source = Path(matplotlib.get_data_path()) / "fonts/ttf"
    for name in ("", "-Bold"):
        options = subset.Options()
        options.layout_features = ["kern"]
        options.drop_tables += ["FFTM", "GSUB", "GDEF", "MATH"]
        font = subset.load_font(str(source / f"DejaVuSans{name}.ttf"), options)
        cut = subset.Subsetter(options)
        cut.populate(unicodes=LETTERS)
        cut.subset(font)
        for record in font["name"].names:
            words = {1: FAMILY, 16: FAMILY, 4: f"{FAMILY}{' Bold' if name else ''}", 6: f"RemissionSans{name}"}
            if record.nameID in words:
                record.string = words[record.nameID]
        font["head"].modified = font["head"].created
        font.recalcTimestamp = False
        TARGET.mkdir(exist_ok=True)
        font.save(TARGET / f"RemissionSans{name}.ttf")


if __name__ == "__main__":
    main()
