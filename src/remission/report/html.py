"""The report as one page: opens from disk, loads nothing, and every number can be asked where it comes from."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from remission.display.grid import Cell, Document, FigureBlock, Grid, Heading, Paragraph, Ref
from remission.report.numbering import closed, line_cells, missing_figure, number_blocks
from remission.report.payload import embed, make_payload
from remission.results.row import slug
from remission.results.table import Results

if TYPE_CHECKING:
    from markupsafe import Markup

_ALIGN = {"l": "left", "r": "right", "c": "center"}


def write_html(
    document: Document,
    results: Results,
    path: Path,
    *,
    figures: Mapping[str, str],
    patients_listed: bool = True,
) -> None:
    """Write the report as one self-contained html file.

    Args: figures: path stem -> text of the svg.  patients_listed: False leaves patients and cells out of the page.
    Raises: ResultsError (code `unknown-result`, `no-figure`, `grid-shape`).
    """
    path.write_text(
        render_html(document, results, figures, patients_listed=patients_listed), encoding="utf-8", newline="\n"
    )


def render_html(
    document: Document, results: Results, figures: Mapping[str, str], *, patients_listed: bool = True
) -> str:
    """The page as text, see write_html."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("remission.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = _asset("report.js")
    page = _Page(results, figures, Markup)
    blocks = page.views(document)
    return environment.get_template("report.html").render(
        document=document,
        blocks=blocks,
        contents=page.contents,
        style=Markup(_asset("report.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        payload=Markup(embed(make_payload(results, document.ids(), patients_listed=patients_listed))),  # noqa: S704 - escaped by embed
    )


def _asset(name: str) -> str:
    return files("remission.report").joinpath("templates", name).read_text(encoding="utf-8")


@dataclass
class _Page:
    """What the template needs, block by block; and the table of contents that comes out on the way."""

    results: Results
    figures: Mapping[str, str]
    markup: type[Markup]
    contents: list[dict[str, Any]] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def views(self, document: Document) -> list[dict[str, Any]]:
        views: list[dict[str, Any]] = []
        for block, number in number_blocks(document):
            if isinstance(block, Heading):
                views.append(self.heading(block))
            elif isinstance(block, Grid):
                views.append(self.grid(block, number))
            elif isinstance(block, FigureBlock):
                views.append(self.figure(block, number))
            else:
                self.paragraph(block, views)
        return views

    def heading(self, block: Heading) -> dict[str, Any]:
        anchor = self.anchor(block.text)
        self.contents.append({"kind": f"h{min(block.level, 3)}", "anchor": anchor, "text": block.text})
        return {"kind": "heading", "level": min(block.level + 1, 6), "text": block.text, "anchor": anchor}

    def paragraph(self, block: Paragraph, views: list[dict[str, Any]]) -> None:
        if block.kind != "bullet":
            views.append({"kind": "paragraph", "style": block.kind, "parts": self.parts(block.cell)})
        elif views and views[-1]["kind"] == "bullets":
            views[-1]["items"].append(self.parts(block.cell))
        else:
            views.append({"kind": "bullets", "items": [self.parts(block.cell)]})

    def grid(self, block: Grid, number: int) -> dict[str, Any]:
        anchor = self.anchor(block.key)
        self.contents.append({"kind": "table", "anchor": anchor, "text": f"Table {number}. {block.title}"})
        return {
            "kind": "grid",
            "anchor": anchor,
            "number": number,
            "title": block.title,
            "wide": block.landscape,
            "header": [self.line(cells, block.align) for cells in block.header],
            "rows": [
                {"kind": row.kind, "indent": row.indent, "cells": self.line(line_cells(row, block.width), block.align)}
                for row in block.rows
            ],
            "notes": [self.parts(note) for note in block.footnotes],
        }

    def figure(self, block: FigureBlock, number: int) -> dict[str, Any]:
        anchor = self.anchor(block.key)
        self.contents.append({"kind": "figure", "anchor": anchor, "text": f"Figure {number}. {block.title}"})
        if block.path_stem not in self.figures:
            raise missing_figure(block)
        return {
            "kind": "figure",
            "anchor": anchor,
            "number": number,
            "title": closed(block.title),
            "alt": block.alt,
            "svg": self.markup(inline_svg(self.figures[block.path_stem], anchor)),
            "width": block.width_cm,
            "caption": [self.parts(line) for line in block.caption],
            "behind": [self.part(Ref(i)) for i in dict.fromkeys(block.ids)],
        }

    def line(self, cells: tuple[Cell, ...], align: str) -> list[dict[str, Any]]:
        views, column = [], 0
        for cell in cells:
            side = "center" if cell.span > 1 and column else _ALIGN[align[column]]
            views.append({"parts": self.parts(cell), "span": cell.span, "strong": cell.strong, "side": side})
            column += cell.span
        return views

    def parts(self, cell: Cell) -> list[list[dict[str, str]]]:
        """Runs of parts; a number and what touches it ("(", "%;") are one run, which does not break over lines."""
        runs: list[list[dict[str, str]]] = [[]]
        for part in cell.parts:
            for piece in [self.part(part)] if isinstance(part, Ref) else _pieces(part):
                if piece["text"].isspace():
                    runs += [[piece], []]
                else:
                    runs[-1].append(piece)
        return _merged([run for run in runs if run])

    def part(self, ref: Ref) -> dict[str, str]:
        row = self.results[ref.id]
        return {"id": row.id, "text": row.shown, "title": row.note}

    def anchor(self, words: str) -> str:
        anchor = base = slug(words)
        while anchor in self.anchors:
            anchor = f"{base}_{sum(a.startswith(base) for a in self.anchors) + 1}"
        self.anchors.add(anchor)
        return anchor


def _pieces(text: str) -> list[dict[str, str]]:
    return [{"text": piece} for piece in re.split(r"(\s+)", text) if piece]


def _merged(runs: list[list[dict[str, str]]]) -> list[list[dict[str, str]]]:
    """Neighbouring runs without a number as one."""
    merged: list[list[dict[str, str]]] = []
    for has_number, group in groupby(runs, key=lambda run: any("id" in piece for piece in run)):
        listed = list(group)
        merged += listed if has_number else [[{"text": "".join(p["text"] for run in listed for p in run)}]]
    return merged


def inline_svg(text: str, prefix: str) -> str:
    """An svg that can stand inside a page beside others: no prolog, no metadata, its ids its own."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", text)
    return re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', text)
