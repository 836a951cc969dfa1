"""Text files to a grid of cells: encoding and delimiter are detected by a stated rule, and reported."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from remission.cohort.ledger import Grid
from remission.cohort.places import Place, rows_text
from remission.core.errors import FileError
from remission.core.findings import Finding

DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "vertical bar"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
csv.field_size_limit(10_000_000)


def read_text_grid(data: bytes, *, file: str, encoding: str = "", delimiter: str = "") -> Grid:
    """Cells of a CSV, TSV or semicolon file.

    Raises: FileError where it is not text, the encoding is wrong or unclear, or rows differ in their number of cells.
    """
    text, used, how = _decode(data, file, encoding)
    found = _CONTROL.search(text)
    if found:
        raise _not_text(file)
    if text.startswith("sep=") and (match := re.match(r"sep=(.)\r?\n", text)):
        # a line for Excel, which does not show it: not a row of the sheet
        delimiter, text = delimiter or match.group(1), text[match.end() :]
    chosen = _delimiter_character(delimiter, file) or detect_delimiter(text)
    rows = _parse(text, chosen, file)
    width = _check_ragged(rows, file)
    columns = _transpose(rows, width)
    notes = (
        _note(file, "encoding", f"The file was read as {used}: {how}."),
        _note(file, "delimiter", f"The cells are separated by a {DELIMITERS.get(chosen, chosen)}."),
    )
    return Grid(
        columns=columns,
        types=["t" * len(columns[0]) for _ in columns] if columns else [],
        encoding=used,
        delimiter=chosen,
        reader="text",
        findings=notes,
    )


def _note(file: str, rule: str, what: str) -> Finding:
    return Place(file).finding("note", rule, what, consequence="Nothing is changed.")


def _not_text(file: str) -> FileError:
    return FileError(
        what=f"{file} is not a text file: it holds characters that no table holds.",
        code="not-text",
        todo="Save the table as .csv (UTF-8) or .xlsx. If it is UTF-16 text, set encoding in study.toml.",
    )


def _decode(data: bytes, file: str, encoding: str) -> tuple[str, str, str]:
    """Text, name of the encoding, and why that one."""
    if encoding:
        return _decode_as(data, file, encoding)
    for bom, name in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(name), name, "it begins with a byte order mark"
            except UnicodeDecodeError:
                raise _wrong_encoding(file, name, "its byte order mark") from None
    if b"\x00" in data:
        raise _not_text(file)
    try:
        return data.decode("utf-8"), "utf-8", "every character is valid UTF-8"
    except UnicodeDecodeError:
        return _decode_legacy(data, file)


def _decode_as(data: bytes, file: str, encoding: str) -> tuple[str, str, str]:
    try:
        name = codecs.lookup(encoding).name
        text = data.decode("utf-8-sig" if name == "utf-8" else name)
    except LookupError:
        raise FileError(
            what=f"study.toml names an encoding that is not known: {encoding}.",
            code="unknown-encoding",
            where=file,
            expected="utf-8, utf-16, gb18030, cp1252, latin-1 or another standard name",
        ) from None
    except UnicodeDecodeError:
        raise _wrong_encoding(file, encoding, "study.toml") from None
    wide = name.startswith(("utf-16", "utf-32"))
    if (wide and b"\x00" not in data) or (not wide and name not in ("utf-8", "utf-8-sig") and _is_utf8(data)):
        raise _wrong_encoding(file, encoding, "study.toml")
    return text.removeprefix("\ufeff"), encoding, "study.toml says so"


def _is_utf8(data: bytes) -> bool:
    """Whether the bytes hold characters beyond ASCII that are valid UTF-8: that does not happen by chance."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode_legacy(data: bytes, file: str) -> tuple[str, str, str]:
    """Chinese (gb18030) or Western European (cp1252), by how the bytes beyond ASCII stand together.

    A Chinese character is two such bytes, the first of them mostly A1 to D7 (the common characters), so nearly all
    runs have even length. In German, French or Spanish an accented letter stands alone or beside one or two others.
    Anything between is not guessed.
    """
    runs = _HIGH_RUN.findall(data)
    even = [run for run in runs if len(run) % 2 == 0]
    leads = [lead for run in even for lead in run[::2]]
    paired = sum(map(len, even)) / sum(map(len, runs))
    common = sum(0xA1 <= lead <= 0xD7 for lead in leads) / max(1, len(leads))
    names: tuple[str, ...] = ()
    how = ""
    if paired >= 0.8 and common >= 2 / 3:
        names, how = ("gb18030",), "its bytes beyond ASCII come in pairs, as in Chinese text"
    elif max(map(len, runs)) <= 3:
        names, how = ("cp1252", "latin-1"), "its bytes beyond ASCII stand alone, as accented letters do"
    for name in names:
        try:
            return data.decode(name), name, how
        except UnicodeDecodeError:
            continue
    raise FileError(
        what=f"The encoding of {file} cannot be told: it is not UTF-8, and looks neither Chinese nor Western European.",
        code="unknown-encoding",
        expected="UTF-8, UTF-16, gb18030 or cp1252",
        todo="Set encoding in study.toml, or save the file again as UTF-8.",
    )


def _wrong_encoding(file: str, encoding: str, by: str) -> FileError:
    return FileError(
        what=f"{file} cannot be read as {encoding}, as {by} says.",
        code="wrong-encoding",
        where=file,
        todo="Correct or remove encoding in study.toml, or save the file again as UTF-8.",
    )


def _delimiter_character(delimiter: str, file: str) -> str:
    char = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}.get(delimiter, delimiter)
    if len(char) > 1:
        raise FileError(
            what="study.toml names a delimiter that is not one character.",
            code="unknown-delimiter",
            where=file,
            expected='"," or ";" or "tab" or "|"',
        )
    return char


def detect_delimiter(text: str) -> str:
    """The separator by which most of the first 200 rows have one and the same number of cells, more than one."""
    lines = text.split("\n", 2000)[:2000]
    best, best_score = ",", (0.0, 0)
    for char in DELIMITERS:
        counts: Counter[int] = Counter()
        try:
            for row in csv.reader(lines, delimiter=char):
                if any(cell.strip() for cell in row):
                    counts[len(row)] += 1
                if counts.total() >= 200:
                    break
        except csv.Error:
            continue
        wide = {width: n for width, n in counts.items() if width > 1}
        if wide:
            width, rows = max(wide.items(), key=lambda item: (item[1], item[0]))
            score = (round(rows / counts.total(), 2), width)
            if score > best_score:
                best, best_score = char, score
    return best


def _parse(text: str, delimiter: str, file: str) -> list[list[str]]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileError(
            what=f"{file}: the quotation marks do not pair up ({error}).",
            code="broken-quotes",
            todo="Export the file again, or correct the cell with the single quotation mark.",
        ) from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _check_ragged(rows: Sequence[Sequence[str]], file: str) -> int:
    """The number of columns; an error where a row has more or fewer cells than the others.

    Rows with one filled cell (titles, footnotes) and rows above the first full one may be short.
    """
    lengths = Counter(len(row) for row in rows if len(row) > 1)
    if not lengths:
        return 1
    width = max(lengths.items(), key=lambda item: (item[1], item[0]))[0]
    first = next(i for i, row in enumerate(rows) if len(row) == width)
    ragged = []
    for i, row in enumerate(rows):
        if len(row) == width:
            continue
        surplus = any(cell.strip() for cell in row[width:])
        short = len(row) < width and i > first and sum(bool(cell.strip()) for cell in row) > 1
        if surplus or short:
            ragged.append(i + 1)
    if ragged:
        raise FileError(
            what=f"{file}: {len(ragged)} of {len(rows)} rows have more or fewer cells than the others.",
            code="ragged-rows",
            where=f"rows {rows_text(ragged)}",
            expected=f"{width} cells in each row",
            todo="Look for a missing quotation mark, a decimal comma or a line break in these rows.",
        )
    return width


def _transpose(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    full = [row if len(row) == width else [*row[:width], *[""] * (width - len(row))] for row in rows]
    columns = [list(column) for column in zip(*full, strict=True)]
    while columns and not any(cell.strip() for cell in columns[-1]):
        columns.pop()
    return columns
