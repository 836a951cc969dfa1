"""Errors: the caller is wrong. Each says what is wrong, where, what was expected, what to do, and a code.

No message may hold a patient's value: a message ends up in a terminal, a log, an e-mail.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class RemissionError(Exception):
    """An error a user can mend; the command line prints it as one block and exits with code 2.

    Args: what: the trouble in the user's words.  code: stable kebab-case name, e.g. `no-id-column`.
    where: file, sheet, row, column as far as known.  expected, found: of the shape, never a patient's value.
    todo: what to do next.
    """

    what: str
    code: str
    where: str = ""
    expected: str = ""
    found: str = ""
    todo: str = ""

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"Where: {self.where}")
        if self.expected:
            lines.append(f"Expected: {self.expected}")
        if self.found:
            lines.append(f"Found: {self.found}")
        if self.todo:
            lines.append(f"What to do: {self.todo}")
        return "\n".join(lines) + f"\n[{self.code}]"


class FileError(RemissionError):
    """A file cannot be used: absent, empty, binary, of an unknown kind, of an unknown encoding."""


class ProtocolError(RemissionError):
    """study.toml says something that cannot be done."""


class DataError(RemissionError):
    """Values have the wrong shape or range for a computation or a table."""


class ResultsError(RemissionError):
    """The results table breaks one of its own rules."""
