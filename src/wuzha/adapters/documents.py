"""A file as uploaded to text: .txt and .docx. Every byte is hostile until read; a refusal is a problem that says why.

Codes and their parameters: ``document.empty`` (name), ``document.too-large`` (name, size, limit), ``document.kind``
(name, kind), ``document.encoding`` (name), ``document.broken`` (name), ``document.zip-bomb`` (name, size, limit),
``document.external-entity`` (name, part), ``document.too-long`` (name, size, limit). The last counts characters, a zip
bomb may count parts, all other sizes are bytes.
"""

import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal
from xml.etree.ElementTree import ParseError

import docx
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from wuzha.core.base.problem import Problem, Source

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_XML_BYTES = 40 * 1024 * 1024
MAX_PARTS = 2000
MAX_CHARACTERS = 300_000
"""A plan for one campaign may have 4,000 characters; seventy times that is a book, and would only take time."""

MAX_RATIO = 200
SMALL_BYTES = 4 * 1024 * 1024
"""A part that unpacks to more than ``MAX_RATIO`` times its size was not written by a person; Word's own stay below 100.
A big table of equal cells comes close, so that small parts are let through whatever their ratio: they cost little."""

GUESSED = ("gb18030", "utf-16-le", "utf-16-be")
"""Encodings that nothing in a file gives away."""

_CHUNK = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCTYPE = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")


@dataclass(frozen=True, slots=True)
class Document:
    """``text`` is what every span of a reading counts in; ``kind`` is the format it was read from."""

    name: str
    kind: Literal["txt", "docx"]
    text: str


class _RefusedError(Exception):
    """Carries the problem out of a reader; never leaves this module."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_document(name: str, content: bytes) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document in ``content``, or None and the problems that say why it is refused.

    The text of a .txt is what ``Path.read_text`` gives: decoded, line ends as ``\\n``, in UTF-8 with a byte order mark
    kept as its first character, so that offsets agree with any program that reads the file so.
    """
    try:
        kind = _tell_kind(name, content)
        text = _decode(name, content) if kind == "txt" else _read_docx(name, content)
        if not text.strip("\ufeff \t\r\n\u3000"):
            raise _refuse("document.empty", name)
        if len(text) > MAX_CHARACTERS:
            raise _refuse("document.too-long", name, size=len(text), limit=MAX_CHARACTERS)
    except _RefusedError as refused:
        return None, (refused.problem,)
    return Document(name, kind, text), ()


def _refuse(code: str, name: str, **params: object) -> _RefusedError:
    values = {"name": name, **params}
    return _RefusedError(Problem(code, Source(document=name), tuple(sorted((key, str(values[key])) for key in values))))


def _tell_kind(name: str, content: bytes) -> Literal["txt", "docx"]:
    """By what the file holds, held against what it is called; a wrong name is told rather than guessed around."""
    if not content:
        raise _refuse("document.empty", name)
    if len(content) > MAX_BYTES:
        raise _refuse("document.too-large", name, size=len(content), limit=MAX_BYTES)
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if suffix not in ("txt", "docx"):
        raise _refuse("document.kind", name, kind=suffix or "?")
    held = _sniff(content)
    if suffix == "docx" and held != "zip":
        raise _refuse("document.kind" if held else "document.broken", name, **({"kind": held} if held else {}))
    if suffix == "txt" and held:
        raise _refuse("document.kind", name, kind=held)
    return "docx" if suffix == "docx" else "txt"


def _sniff(content: bytes) -> str:
    """zip, doc, pdf or rtf by the first bytes; empty if none of them."""
    for magic, kind in ((b"PK\x03\x04", "zip"), (_OLE, "doc"), (b"%PDF", "pdf"), (b"{\\rtf", "rtf")):
        if content.startswith(magic):
            return kind
    return ""


def _decode(name: str, content: bytes) -> str:
    """By its mark, else UTF-8, GB18030, UTF-16 in this order; what then is not mostly writing was no text."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8", *GUESSED):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            continue
        if _looks_written(text, _is_common if encoding in GUESSED else _is_writing):
            return text.replace("\r\n", "\n").replace("\r", "\n")
        if encoding == "utf-8":  # it is what it is: any other reading of these bytes would be a chance hit
            break
    raise _refuse("document.encoding", name)


def _looks_written(text: str, is_known: Callable[[str], bool]) -> bool:
    """Whether at most one sign in twenty is none that people write; the text is taken whole."""
    counts = Counter(text)
    strange = sum(count for sign, count in counts.items() if not is_known(sign))
    return strange * 20 <= len(text)


def _is_writing(sign: str) -> bool:
    """A letter, figure, punctuation, symbol or space of any script; nothing private, unassigned or loose."""
    return sign in "\t\n\r\f\v\ufeff" or unicodedata.category(sign)[0] in "LNPSZ"


def _is_common(sign: str) -> bool:
    """For an encoding that was guessed, and that gives some sign for nearly any bytes: what Chinese papers hold.

    ASCII, the marks of Latin-1, the ideographs and signs of GB 2312, punctuation and marks, kana, full-width forms.
    """
    code = ord(sign)
    if (
        code < 0x80
        or 0xA0 <= code < 0x100
        or 0x2000 <= code < 0x2700
        or 0x3000 <= code < 0x3400
        or 0xFF00 <= code < 0xFFF0
    ):
        return True
    try:
        return bool(sign.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _read_docx(name: str, content: bytes) -> str:
    _guard_package(name, content)
    try:
        document = docx.Document(io.BytesIO(content))
        return "\n".join(_list_lines(document))
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, SyntaxError) as error:
        raise _refuse("document.broken", name) from error


def _guard_package(name: str, content: bytes) -> None:
    """Count and unpack every part in small pieces and parse each XML part without entities, before anything uses it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS:
                raise _refuse("document.zip-bomb", name, size=len(parts), limit=MAX_PARTS)
            _guard_declared(name, parts)
            _guard_parts(name, package, parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _refuse("document.broken", name) from error


def _guard_declared(name: str, parts: list[zipfile.ZipInfo]) -> None:
    """Trust nothing a part says of itself, but refuse at once if what it says is already too much."""
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED_BYTES:
        raise _refuse("document.zip-bomb", name, size=total, limit=MAX_UNPACKED_BYTES)
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise _refuse("document.broken", name)


def _guard_parts(name: str, package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    left = MAX_UNPACKED_BYTES
    for part in parts:
        data = _unpack(name, package, part, left)
        left -= len(data)
        if part.filename.lower().endswith((".xml", ".rels")):
            _guard_xml(name, part.filename, data)
        elif _DOCTYPE.search(data):  # a relation may call any part XML, whatever its name
            raise _refuse("document.external-entity", name, part=part.filename)


def _unpack(name: str, package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    """The bytes of one part, or a refusal as soon as they are too many; the declared size is not believed."""
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    limit = min(left, MAX_XML_BYTES if is_xml else MAX_UNPACKED_BYTES, max(part.compress_size * MAX_RATIO, SMALL_BYTES))
    pieces: list[bytes] = []
    size = 0
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > limit:
                raise _refuse("document.zip-bomb", name, size=size, limit=limit)
            pieces.append(piece)
    return b"".join(pieces)


def _guard_xml(name: str, part: str, data: bytes) -> None:
    try:
        for _, element in iterparse(io.BytesIO(data), forbid_dtd=True):
            element.clear()
    except DefusedXmlException as error:
        raise _refuse("document.external-entity", name, part=part) from error
    except (ParseError, LookupError) as error:
        raise _refuse("document.broken", name) from error


def _list_lines(document: WordDocument) -> list[str]:
    """Paragraphs and table cells in the order in which they stand; each cell begins a line."""
    return [line for item in document.iter_inner_content() for line in _list_item(item)]


def _list_item(item: Paragraph | Table) -> list[str]:
    if isinstance(item, Paragraph):
        return [_clean(item.text)]
    # The cells as they stand in the file: row.cells would give a merged one once for every column that it says it
    # covers, and a file may say a hundred million.
    cells = (_Cell(cell, item) for row in item._tbl.tr_lst for cell in row.tc_lst)
    return [line for cell in cells for line in _list_cell(cell)]


def _list_cell(cell: _Cell) -> list[str]:
    return [line for item in cell.iter_inner_content() for line in _list_item(item)]


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
