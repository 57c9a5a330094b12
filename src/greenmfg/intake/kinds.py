"""What a file is, by its content: a picture named .csv is a picture."""

from __future__ import annotations

import io
import zipfile
from typing import Literal

from greenmfg.contract.forms import Words
from greenmfg.intake import ole
from greenmfg.intake.refusals import Refused

Kind = Literal["text", "xlsx", "xls"]

_PICTURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
_ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc", b"avif"}
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<head", "HTML"),
    (b"<meta", "HTML"),
    (b"<style", "HTML"),
    (b"<body", "HTML"),
    (b"<table", "HTML"),
    (b"<!--", "HTML"),
    (b"<?xml", "XML"),
    (b"mime-version:", "MHTML"),
)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_HEAD_BYTES = 4096
# Byte order marks, spaces, line ends and delimiters, in any encoding.
_NOTHING = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\x1a,;"
_TAR_MAGIC = slice(257, 262)


def sniff(data: bytes) -> Kind:
    """The kind of a file that can hold a form.

    Raises:
        Refused: the content is something else, or nothing.
    """
    head = data[:_HEAD_BYTES]
    if not head.strip(_NOTHING) and not data.strip(_NOTHING):
        raise Refused("empty")
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_kind(data)
    if head.startswith(ole.MAGIC):
        return _ole_kind(data)
    _refuse_foreign(head, len(data))
    _refuse_markup(head)
    return "text"


def _refuse_foreign(head: bytes, size: int) -> None:
    for magic, name in _PICTURES:
        if head.startswith(magic):
            raise Refused("picture", kind=name)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        raise Refused("picture", kind="WebP")
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        raise Refused("picture", kind="HEIC")
    # "BM" alone may open a text; a bitmap goes on with its own size.
    if head.startswith(b"BM") and int.from_bytes(head[2:6], "little") == size:
        raise Refused("picture", kind="BMP")
    if b"%PDF-" in head[:1024]:
        raise Refused("pdf", kind="PDF")
    for magic, name in _ARCHIVES:
        if head.startswith(magic):
            raise Refused("archive", kind=name)
    if head[_TAR_MAGIC] == b"ustar":
        raise Refused("archive", kind="tar")
    if head.startswith(b"{\\rtf"):
        raise Refused("document", kind="RTF")


def _refuse_markup(head: bytes) -> None:
    # Excel saves "Unicode" web pages as UTF-16: without their NULs the tags are the same.
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    for opening, name in _MARKUP:
        if text.startswith(opening):
            named_excel = name == "XML" and b"urn:schemas-microsoft-com:office" in text
            raise Refused("web_page", kind="Excel 2003 XML" if named_excel else name)


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            names = {entry.filename for entry in entries}
            mimetype = _first_bytes(package, "mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        if b"[Content_Types].xml" in data[:_HEAD_BYTES] or b"xl/" in data[:_HEAD_BYTES]:
            raise Refused("damaged") from None
        raise Refused("archive", kind="ZIP") from None
    lower = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lower):
        raise Refused("macros")
    if "xl/workbook.xml" in lower:
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Refused("password")
        return "xlsx"
    _refuse_office(lower, mimetype)
    raise Refused("archive", kind="ZIP")


def _refuse_office(names: set[str], mimetype: bytes) -> None:
    if "xl/workbook.bin" in names:
        raise Refused("other_spreadsheet", kind="XLSB")
    if any(name.startswith("word/") for name in names):
        raise Refused("document", kind="Word")
    if any(name.startswith("ppt/") for name in names):
        raise Refused("document", kind="PowerPoint")
    if mimetype.startswith(_OPEN_DOCUMENT + b"spreadsheet"):
        raise Refused("other_spreadsheet", kind="ODS")
    if mimetype.startswith(_OPEN_DOCUMENT):
        raise Refused("document", kind="OpenDocument")
    if any(name.endswith(".iwa") for name in names):
        raise Refused("other_spreadsheet", kind="Apple iWork")
    if "ofd.xml" in names:
        raise Refused("pdf", kind="OFD")


def _first_bytes(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as entry:
        return entry.read(100)


def _ole_kind(data: bytes) -> Kind:
    try:
        names = ole.CompoundFile(data).names
    except ole.OleError:
        raise Refused("damaged") from None
    if "EncryptedPackage" in names:
        raise Refused("password")
    if "WordDocument" in names:
        raise Refused("document", kind="Word")
    if "PowerPoint Document" in names:
        raise Refused("document", kind="PowerPoint")
    if "_VBA_PROJECT_CUR" in names:
        raise Refused("macros")
    if names & {"Workbook", "Book"}:
        return "xls"
    raise Refused("document", kind=Words("其他 Office 文件", "other Office file"))
