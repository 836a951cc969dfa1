"""Text that is measured before it is placed: widths, wrapping, and what happens to scripts without a font."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from remission.display.figures.style import FULL_FONT, HOUSE_FILES, HOUSE_FONT, SMALL

# Looked for, in this order, only where a text has letters the house font lacks.
OTHER_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Yu Gothic",
    "Malgun Gothic",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Arial Unicode MS",
)
GAP = "[…]"  # stands for letters that cannot be drawn
_WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"  # scripts that break between any two characters


@cache
def _letters(family: str) -> frozenset[int]:
    """The characters a font can draw."""
    path = font_manager.fontManager.findfont(FontProperties(family=[family]), fallback_to_default=False)
    return frozenset(font_manager.get_font(path).get_charmap())


@cache
def _installed(wanted: tuple[str, ...]) -> tuple[str, ...]:
    have = set(font_manager.fontManager.get_font_names())
    return tuple(f for f in wanted if f in have)


def families_for(text: str, others: tuple[str, ...] = OTHER_FONTS) -> list[str]:
    """The house font, the full font where it lacks letters, and the first installed font that has what both lack."""
    missing = {ord(c) for c in text} - _letters(HOUSE_FONT)
    if not missing:
        return [HOUSE_FONT]
    missing -= _letters(FULL_FONT)
    if missing:
        for family in _installed(others):
            if missing <= _letters(family):
                return [HOUSE_FONT, FULL_FONT, family]
    return [HOUSE_FONT, FULL_FONT]


def drawable(text: str, others: tuple[str, ...] = OTHER_FONTS) -> str:
    """The text on one line, with each run of letters that no font here can draw replaced by `[…]`."""
    flat = " ".join(text.split())
    known = frozenset[int]().union(*(_letters(f) for f in families_for(flat, others)))
    if all(ord(c) in known for c in flat):
        return flat
    marked = "".join(c if ord(c) in known else "\0" for c in flat)
    return re.sub("\0[\0 ]*\0|\0", GAP, marked)


def drawable_or(text: str, stand_in: str) -> str:
    """The text as it can be drawn; where nothing of it is left, the stand-in."""
    shown = drawable(text)
    return stand_in if GAP in shown and not re.search(r"\w", shown.replace(GAP, "")) else shown


def drawable_labels(labels: Sequence[str], stand_in: str) -> tuple[str, ...]:
    """Labels that can be drawn; one of which nothing is left becomes `<stand_in> 1`, `<stand_in> 2`, by its place."""
    return tuple(drawable_or(label, f"{stand_in} {i}") for i, label in enumerate(labels, 1))


def undrawable_note(texts: Sequence[str]) -> str:
    """What the figure says about letters it cannot draw ("" where it can draw all)."""
    if all(drawable(t) == " ".join(t.split()) for t in texts):
        return ""
    return "Some labels are in a script for which no font is installed here; the caption gives them in full."


@lru_cache(maxsize=4096)
def _properties(families: tuple[str, ...], size: float, bold: bool) -> FontProperties:
    # the file spares matplotlib a search through all fonts for every word it draws
    file = HOUSE_FILES[bold] if families == (HOUSE_FONT,) else None
    return FontProperties(family=list(families), size=size, weight="bold" if bold else "normal", fname=file)


def properties(text: str, size: float = SMALL, *, bold: bool = False) -> FontProperties:
    """The font a text is measured and drawn in."""
    return _properties(tuple(families_for(text)), size, bold)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = SMALL, bold: bool = False) -> float:
    """Width in points."""
    if not text:
        return 0.0
    width, _, _ = text_to_path.get_text_width_height_descent(text, properties(text, size, bold=bold), False)
    return float(width)


def widest(lines: Sequence[str], size: float = SMALL, bold: bool = False) -> float:
    """Width of the widest line in points, 0 for none."""
    return max((text_width(line, size, bold) for line in lines), default=0.0)


def _words(text: str) -> list[str]:
    """Words with the spaces between them; between two wide characters no space is needed."""
    return re.findall(rf"[{_WIDE}]|[^\s{_WIDE}]+|\s+", " ".join(text.split()))


def _parts(word: str) -> list[str]:
    """A word cut after hyphens and slashes."""
    return re.findall(r"[^/-]+[/-]*|[/-]+", word)


def wrap(text: str, width: float, size: float = SMALL, bold: bool = False) -> tuple[str, ...]:
    """Lines no wider than `width` points.

    Broken at spaces and between wide characters; within a word that is too wide by itself after / and -, else anywhere.
    """
    pieces = [p for w in _words(text) for p in (_parts(w) if text_width(w, size, bold) > width else [w])]
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if text_width((line + piece).rstrip(), size, bold) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while text_width(line, size, bold) > width and len(line) > 1:
            cut = max((k for k in range(1, len(line)) if text_width(line[:k], size, bold) <= width), default=1)
            lines.append(line[:cut])
            line = line[cut:]
    return (*lines, line.rstrip()) if line.strip() else tuple(lines)


def wrap_evenly(text: str, width: float, size: float = SMALL, bold: bool = False) -> tuple[str, ...]:
    """As few lines as `wrap` needs, but of similar length: no single short word on the last one."""
    best = wrap(text, width, size, bold)
    count = len(best)
    whole = max((w for word in _words(text) if (w := text_width(word, size, bold)) <= width), default=width)
    narrower = widest(best, size, bold) - 2
    while count > 1 and narrower >= whole:
        tried = wrap(text, narrower, size, bold)
        if len(tried) > count:
            break
        best = tried
        narrower = widest(tried, size, bold) - 2
    return best


def breaks_words(text: str, width: float, size: float = SMALL, bold: bool = False) -> bool:
    """Whether wrapping to this width cuts a word in two other than after a hyphen or slash."""
    return any(text_width(part, size, bold) > width for word in _words(text) for part in _parts(word))
