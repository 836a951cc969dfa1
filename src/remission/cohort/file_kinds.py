"""What a file really is, by its first bytes: a picture renamed .csv or a web page renamed .xls is told apart."""

from __future__ import annotations

from remission.core.errors import FileError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"SQLite format 3", "a database file"),
)


def check_content(name: str, ending: str, data: bytes) -> None:
    """Raise a FileError unless the content is what the ending promises."""
    head = data[:512]
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise _wrong_kind(name, f"{what}, not a table", "Save the table as .csv or .xlsx.")
    is_text = ending in (".csv", ".tsv", ".txt", ".tab")
    if head.startswith(_ZIP):
        _check_zip(name, ending, data)
    elif head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise password_error(name)
        if ending != ".xls":
            raise _wrong_kind(name, "an old Excel workbook (.xls)", "Give it the ending .xls.")
    elif not is_text and not (ending == ".xls" and head[:1] == b"\x09"):
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
            todo = "Open it in a spreadsheet program and save it as .xlsx."
            raise _wrong_kind(name, "a web page or XML file, not a workbook", todo)
        if b"\x00" not in head:
            raise _wrong_kind(name, "a text file, not a workbook", "Give it the ending .csv.")
        raise broken_workbook(name)


def _check_zip(name: str, ending: str, data: bytes) -> None:
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile:
        raise broken_workbook(name) from None
    is_excel = "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names)
    is_ods = "content.xml" in names and "mimetype" in names
    if not is_excel and not is_ods:
        what = "a Word document" if any(n.startswith("word/") for n in names) else "an archive"
        raise _wrong_kind(name, f"{what}, not a workbook", "Save the table as .xlsx or .csv.")
    if unpacked > 4_000_000_000:
        raise FileError(what=f"{name} unpacks to more than 4 GB.", code="too-large", todo="Export the table as .csv.")
    right = ".ods" if is_ods else ".xlsb" if "xl/workbook.bin" in names else ".xlsx"
    if ending != right and not (right == ".xlsx" and ending == ".xlsm"):
        raise _wrong_kind(name, f"a workbook of the kind {right}", f"Give it the ending {right}.")


def _wrong_kind(name: str, found: str, todo: str) -> FileError:
    return FileError(
        what=f"The content of {name} is not what its ending says.", code="wrong-kind", found=found, todo=todo
    )


def broken_workbook(name: str) -> FileError:
    """The error for a workbook that cannot be opened."""
    return FileError(
        what=f"{name} is not a workbook that can be opened: it is damaged or cut off.",
        code="broken-workbook",
        todo="Open it in a spreadsheet program, save it again as .xlsx, or export the sheet as .csv.",
    )


def password_error(name: str) -> FileError:
    """The error for a workbook that is encrypted."""
    return FileError(
        what=f"{name} is protected by a password.",
        code="password-protected",
        todo="Save a copy without the password in a safe place, and name that copy in study.toml.",
    )
