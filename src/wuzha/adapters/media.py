"""What a file really is, told by its first bytes and never by its name; and the same file without its position.

Photos keep every pixel: only the parts that describe the photo are dropped, of which the way to hold it is put back.
"""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

JPEG, PNG, WEBP, HEIC = "image/jpeg", "image/png", "image/webp", "image/heic"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MP3, MP4 = "audio/mpeg", "video/mp4"
PHOTOS = frozenset({JPEG, PNG, WEBP})
# The endings that each type may have; the first one is given to a file without any.
ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
        PNG: (".png",),
        WEBP: (".webp",),
        PDF: (".pdf",),
        DOCX: (".docx",),
        XLSX: (".xlsx",),
        MP3: (".mp3",),
        MP4: (".mp4", ".m4v", ".mov", ".m4a"),
    }
)
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4A ", b"qt  "}
)
ORIENTATION = 0x0112


class BrokenFileError(Exception):
    """The file begins like its type and does not go on like it."""


def sniff(content: bytes) -> str:
    """The media type of the content, or an empty text for what is not known."""
    head = content[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return _sniff_other(content, head)


def _sniff_other(content: bytes, head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return HEIC if head[8:12] in HEIC_BRANDS else MP4 if head[8:12] in MP4_BRANDS else ""
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _sniff_office(content)
    is_sound = head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2"))
    return MP3 if is_sound else ""


def _sniff_office(content: bytes) -> str:
    """Only the list of names is read; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = frozenset(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):  # what the library raises on a broken archive
        return ""
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return ""
    return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else ""


def strip_position(content: bytes, media_type: str) -> bytes:
    """The same picture or film without what tells where, when and by which device. Raises :class:`BrokenFileError`."""
    strip = STRIPPERS.get(media_type)
    try:
        return strip(content) if strip else content
    except (struct.error, IndexError) as error:
        raise BrokenFileError(media_type) from error


# JPEG: segments up to the scan, scans, end. ITU-T T.81, annex B.
IN_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# The frame's own marks: JFIF, colour profile, and Adobe's colour transform, without which colours turn over.
KEPT_APPS = frozenset({0xE0, 0xE2, 0xEE})
# A progressive photo has about ten; thousands of them cost minutes to unpack.
SCANS = 64


def _strip_jpeg(content: bytes) -> bytes:
    parts = [content[:2]]
    orientation, scans = 1, 0
    for marker, segment in _walk_jpeg(content):
        scans += marker == 0xDA
        if scans > SCANS:
            raise BrokenFileError(JPEG)
        if marker == 0xE1:
            orientation = _read_orientation(segment[4:]) or orientation
        elif _is_kept_segment(marker, segment):
            parts.append(segment)
    if orientation != 1:
        parts.insert(_find_exif_place(parts), _make_exif(orientation))
    return b"".join([*parts, b"\xff\xd9"])


def _is_kept_segment(marker: int, segment: bytes) -> bool:
    if marker == 0xE2:
        return segment[4:].startswith(b"ICC_PROFILE\0")  # the other use of it lists further pictures
    return marker in KEPT_APPS or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _walk_jpeg(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker, a scan with the data behind it. What follows the end of the picture is left out."""
    at = 2
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        if content[at] != 0xFF:
            raise BrokenFileError(JPEG)
        marker = content[at + 1]
        if marker == 0xD9:
            return
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == 0xDA:
            end = _find_scan_end(content, end)
        if end > len(content):
            raise BrokenFileError(JPEG)
        yield marker, content[at:end]
        at = end


def _find_scan_end(content: bytes, start: int) -> int:
    found = IN_SCAN.search(content, start)
    if found is None:
        raise BrokenFileError(JPEG)
    return found.start()


def _find_exif_place(parts: list[bytes]) -> int:
    """Behind the JFIF mark, which has to come first."""
    return 2 if len(parts) > 1 and parts[1][:2] == b"\xff\xe0" else 1


def _read_orientation(app1: bytes) -> int:
    """1 to 8 as EXIF 2.3, 4.6.4 A numbers them; 0 when it is not told."""
    if not app1.startswith(b"Exif\0\0") or len(app1) < 16:
        return 0
    tiff = app1[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        return _find_orientation(tiff, order)
    except struct.error:
        return 0


def _find_orientation(tiff: bytes, order: str) -> int:
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for number in range(count):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
        if tag == ORIENTATION and kind == 3:
            return int(value) if 1 <= value <= 8 else 0
    return 0


def _make_exif(orientation: int) -> bytes:
    """An EXIF segment that says which way up, and nothing else."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
)


def _strip_png(content: bytes) -> bytes:
    parts, at = [content[:8]], 8
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise BrokenFileError(PNG)
        if kind in PNG_KEPT:
            parts.append(content[at:end])
        if kind == b"IEND":
            return b"".join(parts)
        at = end


WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
EXIF_AND_XMP = 0b1100


def _strip_webp(content: bytes) -> bytes:
    limit = 8 + struct.unpack_from("<I", content, 4)[0]
    if limit > len(content):
        raise BrokenFileError(WEBP)
    parts, at = [], 12
    while at + 8 <= limit:
        kind = content[at : at + 4]
        (length,) = struct.unpack_from("<I", content, at + 4)
        end = at + 8 + length + length % 2
        if kind in WEBP_KEPT:
            parts.append(_clear_flags(content[at:end]) if kind == b"VP8X" else content[at:end])
        at = end
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _clear_flags(chunk: bytes) -> bytes:
    return chunk[:8] + bytes([chunk[8] & ~EXIF_AND_XMP]) + chunk[9:]


# In a film the position lies in boxes that players may skip. They are blanked in place, since others point behind them.
BLANKED = frozenset({b"udta", b"meta", b"uuid"})
OPENED = frozenset({b"moov", b"trak"})


def _strip_mp4(content: bytes) -> bytes:
    blank = bytearray(content)
    _blank_boxes(blank, 0, len(blank))
    return bytes(blank)


def _blank_boxes(content: bytearray, start: int, end: int) -> None:
    at = start
    while at + 8 <= end:
        body, close = _measure_box(content, at, end)
        kind = bytes(content[at + 4 : at + 8])
        if kind in BLANKED:
            content[at + 4 : at + 8] = b"free"
            content[body:close] = bytes(close - body)
        elif kind in OPENED:
            _blank_boxes(content, body, close)
        at = close


def _measure_box(content: bytearray, at: int, end: int) -> tuple[int, int]:
    """Where the body of the box begins and where the box ends. ISO/IEC 14496-12, 4.2."""
    (size,) = struct.unpack_from(">I", content, at)
    body = at + 8
    if size == 1:
        (size,) = struct.unpack_from(">Q", content, at + 8)
        body = at + 16
    close = end if size == 0 else at + size
    if not body <= close <= end:
        raise BrokenFileError(MP4)
    return body, close


STRIPPERS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {JPEG: _strip_jpeg, PNG: _strip_png, WEBP: _strip_webp, MP4: _strip_mp4}
)
