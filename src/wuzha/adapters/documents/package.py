"""The zipped package of an office file, guarded: every part is counted and unpacked in pieces before any is used."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from wuzha.adapters.documents.model import RefusedError

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_XML_BYTES = 40 * 1024 * 1024
MAX_PARTS = 2000
MAX_RATIO = 200
SMALL_BYTES = 4 * 1024 * 1024
"""A part that unpacks to more than ``MAX_RATIO`` times its size was not written by a person; Word's own stay below 100.
A big table of equal cells comes close, so that small parts are let through whatever their ratio: they cost little."""

COSTLY = (etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NO_MEMORY)
"""What libxml2 says when a limit of its own or of the process is reached."""

_CHUNK = 1024 * 1024
DOCTYPE = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
_OFFICE = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|officeDocument)/")
"""Files saved as strict Open XML name the same things by other addresses."""
_YEAR = rb"http://schemas.openxmlformats.org/\1/2006/"
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Package:
    """The XML parts by their names, as bytes."""

    parts: Mapping[str, bytes]

    def parse(self, name: str) -> Any:
        """The root element of a part; None if there is no such part."""
        return parse_xml(name, self.parts[name]) if name in self.parts else None

    def list_related(self, part: str) -> Iterator[tuple[str, str]]:
        """The last word of each relation's type, with the name of the part; what points outside is passed over."""
        folder, file = posixpath.split(part)
        relations = self.parse(posixpath.join(folder, "_rels", f"{file}.rels"))
        for relation in () if relations is None else relations.iter("{*}Relationship"):
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
                yield relation.get("Type", "").rpartition("/")[2], target.lstrip("/")


def open_package(content: bytes) -> Package:
    """All XML parts. Raises ``RefusedError`` for bombs, entities, encrypted and broken packages, other formats."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS:
                raise RefusedError("document.zip-bomb", size=len(parts), limit=MAX_PARTS)
            _guard_declared(parts)
            _tell_format({part.filename for part in parts})
            return Package(dict(_unpack_all(package, parts)))
    except _BROKEN as error:
        raise RefusedError("document.broken") from error


def parse_xml(part: str, data: bytes) -> Any:
    """The root of an XML part, without entities. libxml2 itself stops at a depth of 256 and at ten megabytes a text."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(_OFFICE.sub(_YEAR, data), parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError("document.too-costly" if error.code in COSTLY else "document.broken") from error
    except (ValueError, LookupError) as error:
        raise RefusedError("document.broken") from error
    if root is None:
        raise RefusedError("document.broken")
    if root.getroottree().docinfo.internalDTD is not None:
        raise RefusedError("document.external-entity", part=part)
    return root


def _guard_declared(parts: list[zipfile.ZipInfo]) -> None:
    """Trust nothing a part says of itself, but refuse at once if what it says is already too much."""
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED_BYTES:
        raise RefusedError("document.zip-bomb", size=total, limit=MAX_UNPACKED_BYTES)


def _tell_format(names: set[str]) -> None:
    """Other formats that are zipped too are named."""
    if "OFD.xml" in names:
        raise RefusedError("document.ofd")
    for mark, kind in (("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"), ("META-INF/manifest.xml", "odt")):
        if mark in names:
            raise RefusedError("document.kind", kind=kind)
    if "[Content_Types].xml" not in names:
        raise RefusedError("document.broken")


def _unpack_all(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    left = MAX_UNPACKED_BYTES
    for part in parts:
        data = _unpack(package, part, left)
        left -= len(data)
        if DOCTYPE.search(data):  # a relation may call any part XML, whatever its name
            raise RefusedError("document.external-entity", part=part.filename)
        if _is_xml(part):
            yield part.filename, data


def _unpack(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    """The bytes of one part, or a refusal as soon as they are too many; the declared size is not believed."""
    limit = min(
        left, MAX_XML_BYTES if _is_xml(part) else MAX_UNPACKED_BYTES, max(part.compress_size * MAX_RATIO, SMALL_BYTES)
    )
    pieces: list[bytes] = []
    size = 0
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > limit:
                raise RefusedError("document.zip-bomb", size=size, limit=limit)
            pieces.append(piece)
    return b"".join(pieces)


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))
