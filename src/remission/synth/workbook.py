"""A workbook whose bytes depend on nothing but its cells: no time of saving, no user, no order of chance."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

_THE_DAY = (1980, 1, 1, 0, 0, 0)  # the first a zip file can hold
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms)")


def save_workbook(book: Workbook, path: Path) -> None:
    """Write `book`, labelled as synthetic in its properties."""
    book.properties.title = "Synthetic ward: made-up patients"
    book.properties.creator = "remission synth"
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            data = parts.read(name)
            if name == "docProps/core.xml":
                data = _TIMES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", data)
            info = zipfile.ZipInfo(name, _THE_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, data)
