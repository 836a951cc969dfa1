"""Texts, numbers and ids as R reads them, and the files of functions that go into a script."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from remission.core.errors import FileError
from remission.results.row import address


def quoted(text: str) -> str:
    """A text as R writes it; letters outside ASCII as escapes, which R understands in every locale."""
    pieces = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    return '"' + "".join(pieces.get(c) or (c if c.isascii() else f"\\U{ord(c):08x}") for c in text) + '"'


def strings(values: Iterable[str]) -> str:
    """Texts as R writes them."""
    return "c(" + ", ".join(map(quoted, values)) + ")"


def whole_numbers(values: Iterable[int]) -> str:
    """Whole numbers as R writes them, runs as first:last."""
    pieces: list[tuple[int, int]] = []
    for value in values:
        if pieces and pieces[-1][1] + 1 == value:
            pieces[-1] = (pieces[-1][0], value)
        else:
            pieces.append((value, value))
    return "c(" + ", ".join(f"{a}" if a == b else f"{a}:{b}" for a, b in pieces) + ")"


def truth(value: bool) -> str:
    """A truth value as R writes it."""
    return "TRUE" if value else "FALSE"


def head_of(analysis: str, group: str = "", level: str = "") -> str:
    """The part of an id before the variable."""
    return address(analysis, group=group, level=level, variable="x", stat="y").removesuffix("x.y")


def functions_text(room: str, *names: str) -> str:
    """The files of R functions of a room, one after the other."""
    folder = files(room).joinpath("functions")
    return "\n".join(folder.joinpath(f"{name}.R").read_text(encoding="utf-8") for name in names)


def write_text(path: Path, text: str) -> None:
    """Write a file. Raises: FileError (`cannot-write`)."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FileError(
            what="The file cannot be written there.", code="cannot-write", where=path.name,
            found=error.strerror or "", todo="Name a file in a folder that exists.",
        ) from None  # fmt: skip
