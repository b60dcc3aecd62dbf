"""Papers that are kept as they came, looked through before: nothing in them swells, acts by itself or hides a file.

Whoever opens a kept paper does so with Word or a reader of PDF on a desk of the office. Office files are unpacked and
counted piece by piece. A PDF is searched for the names of what acts (ISO 32000-1, 7.7, 12.6), in its bytes and in the
object streams that are packed within it; what cannot be looked through is refused like what was found. Nothing is
parsed any further, so that no reader of hostile files runs here.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from wuzha.adapters.documents.package import DOCTYPE, MAX_PARTS, MAX_RATIO, MAX_UNPACKED_BYTES
from wuzha.adapters.media import DOCX, PDF, XLSX

MEGABYTE = 1024 * 1024
# A part as small as that costs little, whatever its ratio.
SMALL_BYTES = 16 * MEGABYTE
MAX_OBJECTS_BYTES = 64 * MEGABYTE
# What the readers of packed files raise for bytes that are none: it is told, and the file not kept.
SPOILT = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
LOCKED = 0x1
UNPACKS, BROKEN, HIDDEN = "evidence.unpacks", "evidence.broken", "evidence.pdf-hidden"
# Long names alone, which no packed picture has by chance. What acts needs one of them, whatever else is shortened.
ACTIVE: Mapping[str, re.Pattern[bytes]] = MappingProxyType(
    {
        "evidence.pdf-script": re.compile(rb"/(?:JavaScript|XFA)(?![A-Za-z0-9])"),
        "evidence.pdf-launch": re.compile(rb"/(?:Launch|SubmitForm|ImportData|RichMedia)(?![A-Za-z0-9])"),
        "evidence.pdf-attached": re.compile(rb"/(?:EmbeddedFiles?|FileAttachment|AFRelationship|GoToE)(?![A-Za-z0-9])"),
    }
)
# A sign of a name may be written by its number.
NUMBERED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
# So far back from its bytes stands what a stream says of itself.
HEAD_BYTES = 4096
OBJECTS = re.compile(rb"/(?:ObjStm|First)(?![A-Za-z0-9])")
# Ways to pack that no program uses for objects, and that would hide them.
ODD = re.compile(
    rb"/(?:ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|Crypt|AHx|A85|LZW|RL|Predictor)(?![A-Za-z])"
)


class _FoundError(Exception):
    """``code`` of the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def find_fault(content: bytes, media_type: str) -> str:
    """The code of the sentence that says why this paper is not kept; an empty text for one that may be kept."""
    try:
        if media_type in (DOCX, XLSX):
            _look_through_package(content)
        elif media_type == PDF:
            _look_through_pdf(content)
    except _FoundError as found:
        return found.code
    except SPOILT:
        return BROKEN
    return ""


def _look_through_package(content: bytes) -> None:
    """What a part says of its size is believed only when it is too much."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise _FoundError(UNPACKS)
        left = MAX_UNPACKED_BYTES
        for part in parts:
            if part.flag_bits & LOCKED:
                raise _FoundError(BROKEN)
            left -= _count(package, part, min(left, max(part.compress_size * MAX_RATIO, SMALL_BYTES)))


def _count(package: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int) -> int:
    size, tail = 0, b""
    with package.open(part) as stream:
        while piece := stream.read(MEGABYTE):
            size += len(piece)
            if size > limit:
                raise _FoundError(UNPACKS)
            if DOCTYPE.search(tail + piece):
                raise _FoundError(BROKEN)
            tail = piece[-32:]
    return size


def _look_through_pdf(content: bytes) -> None:
    plain = _write_out(content)
    _search(plain)
    count, left = 0, MAX_OBJECTS_BYTES
    for head, start in _list_object_streams(content):
        count += b"/ObjStm" in head
        objects = _unpack(content, start, left)
        left -= len(objects)
        _search(_write_out(objects))
    # One that says so of itself, and was not found where its bytes begin, or that is locked, cannot be looked through.
    told = plain.count(b"/ObjStm")
    if told > count or (told and b"/Encrypt" in plain):
        raise _FoundError(HIDDEN)


def _write_out(content: bytes) -> bytes:
    """With every sign of a name written as itself."""
    return NUMBERED.sub(lambda found: bytes([int(found[1], 16)]), content)


def _search(plain: bytes) -> None:
    for code, pattern in ACTIVE.items():
        if pattern.search(plain):
            raise _FoundError(code)


def _list_object_streams(content: bytes) -> Iterator[tuple[bytes, int]]:
    """What stands before each stream of objects, or of what may be one, and where its bytes begin."""
    for found in STREAM.finditer(content):
        head = _write_out(content[max(0, found.start() - HEAD_BYTES) : found.start()])
        if OBJECTS.search(head):
            own = head[head.rfind(b"obj") :] if b"obj" in head else head
            if b"/ObjStm" in own and ODD.search(own):
                raise _FoundError(HIDDEN)
            yield own, found.end()


def _unpack(content: bytes, start: int, left: int) -> bytes:
    """The objects; nothing of what is not packed, which was searched with the file, or is packed as no objects are."""
    unpacker = zlib.decompressobj()
    try:
        objects = unpacker.decompress(memoryview(content)[start:], left + 1)
    except zlib.error:
        return b""
    if len(objects) > left:
        raise _FoundError(UNPACKS)
    return objects
