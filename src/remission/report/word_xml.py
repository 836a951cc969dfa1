"""Runs and fields of the docx. A number from the results is a run of its own, in the style `Result`."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from remission.display.grid import Cell, Ref
from remission.results.table import Results

# what XML cannot hold; a patient's cell may
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def element(tag: str, **attributes: str | int) -> Any:
    """An element of the w: namespace, its attributes too."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def add_parts(paragraph: Any, cell: Cell, results: Results, *, bold: bool = False) -> None:
    """The words of a cell as runs, its numbers as `Result` runs."""
    for part in cell.parts:
        if isinstance(part, Ref):
            add_text(paragraph, results[part.id].shown, style="Result", bold=bold or cell.strong)
        else:
            add_text(paragraph, part, bold=bold or cell.strong)


def add_text(paragraph: Any, text: str, *, style: str = "", bold: bool = False) -> None:
    """One run."""
    run = _run(style, bold)
    words = element("t")
    words.text = _FORBIDDEN.sub("", text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    paragraph.append(run)


def add_field(paragraph: Any, instruction: str, shown: str, *, bold: bool = False) -> None:
    """A field that Word computes (a caption's number, a page), with what it shows until then."""
    for kind in ("begin", None, "separate"):
        run = _run("", bold)
        if kind:
            run.append(element("fldChar", fldCharType=kind))
        else:
            code = element("instrText")
            code.text = f" {instruction} "
            code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(code)
        paragraph.append(run)
    add_text(paragraph, shown, bold=bold)
    end = _run("", bold)
    end.append(element("fldChar", fldCharType="end"))
    paragraph.append(end)


def _run(style: str, bold: bool) -> Any:
    run = element("r")
    if style or bold:
        properties = element("rPr")
        if style:
            properties.append(element("rStyle", val=style))
        if bold:
            properties.append(element("b"))
        run.append(properties)
    return run
