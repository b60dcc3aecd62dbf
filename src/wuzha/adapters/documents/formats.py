"""What a file is, by what it holds; what it is called only decides between kinds of plain text.

Offices pass on Word files named .doc that are .docx, web pages that a system exported as .doc, and the like: what is
safe and known is read by what it is. A new format is a file with ``read(content) -> Found`` and a line in the table.
"""

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from wuzha.adapters.documents.model import RefusedError

READERS: Mapping[str, str] = MappingProxyType(
    {
        "txt": "wuzha.adapters.documents.txt",
        "docx": "wuzha.adapters.documents.docx",
        "pdf": "wuzha.adapters.documents.pdf",
        "html": "wuzha.adapters.documents.html",
        "antiword": "wuzha.adapters.documents.antiword",
    }
)
"""The module that reads a format. By name, so that whoever reads one loads no other's libraries."""

SUFFIXES = (".docx", ".doc", ".pdf", ".html", ".htm", ".txt")
"""What a person is offered to choose; .wps and others are read too where they hold one of these."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "docx"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    *((magic, "image") for magic in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
)
_PDF_WITHIN = 1024
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,100}\?>\s*)?(?:<!--.{0,400}?-->\s*)?<(?:!doctype\s+html|html|head|meta)[\s>]", re.I | re.S
)


def tell_format(name: str, content: bytes) -> str:
    """One of ``READERS`` or ``doc``. Raises ``RefusedError`` with what to do for every other kind of file."""
    suffix = PurePath(name).suffix.lower().lstrip(".")
    held = _sniff(content)
    if held == "ole":
        return _tell_ole(content, suffix)
    if held == "html" and suffix == "txt":
        return "txt"
    if held == "docx" and suffix == "zip":
        held = "zip"
    if held in READERS:
        return held
    return _tell_plain(held, suffix)


def _tell_plain(held: str, suffix: str) -> str:
    if held == "image" or suffix in ("jpg", "jpeg", "png", "bmp", "gif", "tif", "tiff", "webp", "heic"):
        raise RefusedError("document.image")
    if suffix == "ofd":
        raise RefusedError("document.ofd")
    if held:
        raise RefusedError("document.kind", kind=held)
    if suffix in ("txt", "html", "htm"):
        return suffix[:3] if suffix == "txt" else "html"
    if suffix in ("docx", "pdf", "doc"):
        raise RefusedError("document.broken")
    raise RefusedError("document.kind", kind=suffix or "?")


def _sniff(content: bytes) -> str:
    """The kind by the first bytes; empty if they tell none."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    return "html" if _is_page(content[:2048]) else ""


def _is_page(head: bytes) -> bool:
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return bool(_PAGE.match(head.decode("utf-16" if is_wide else "latin-1", "replace").lstrip("\ufeffï»¿")))


def _tell_ole(content: bytes, suffix: str) -> str:
    """What the old container holds, by the names of its streams."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise RefusedError("document.encrypted")
    if "WordDocument".encode("utf-16-le") in content:
        return "doc"
    if "Workbook".encode("utf-16-le") in content:
        raise RefusedError("document.kind", kind="xls")
    raise (
        RefusedError("document.broken")
        if f".{suffix}" in SUFFIXES
        else RefusedError("document.kind", kind=suffix or "?")
    )
