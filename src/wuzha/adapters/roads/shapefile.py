"""Shapefiles: a .zip of .shp, .dbf and .prj. The zip is bounded as it is unpacked, whatever its table says."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

import shapefile

from wuzha.adapters.roads.model import MAX_POINTS, MAX_SHAPES, MEGABYTE, Sheet
from wuzha.adapters.roads.projection import Projection, read_projection
from wuzha.adapters.roads.take import Thing, make_properties, take_thing

MAX_ENTRIES = 100
MAX_UNPACKED = 100 * MEGABYTE
WANTED = (".shp", ".shx", ".dbf", ".prj", ".cpg")
NEEDED = (".shp", ".dbf")
HEAD = 100
# Of a .dbf table: the bytes of its head and of each column in it, and of a column's name.
COLUMN, NAME = 32, 11
FORMS: Mapping[int, str] = MappingProxyType(
    {1: "site", 3: "line", 5: "area", 11: "site", 13: "line", 15: "area", 21: "site", 23: "line", 25: "area"}
)
# What a reader of broken files may meet. Anything else would be a mistake of our own and is not hidden.
BROKEN = (
    shapefile.ShapefileException, struct.error, ValueError, IndexError, KeyError, EOFError, OverflowError, TypeError,
    AttributeError,
)  # fmt: skip
# What the library raises on a zip that is cut off, packed in an unknown way, closed by a password, or spoilt within.
BROKEN_ZIP = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
    zlib.error,
)  # fmt: skip


class Refusal(Exception):
    """Why the zip cannot be read, as a code with its parameters."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def read_shapefile(sheet: Sheet, content: bytes) -> None:
    """Whatever the zip holds, into the sheet."""
    try:
        parts = _unpack(content)
        _check_lengths(parts)
        projection = _find_projection(sheet, parts)
        _take_all(sheet, parts, projection)
    except Refusal as refusal:
        sheet.tell(refusal.code, **refusal.params)
    except BROKEN:
        sheet.tell("roads.shapefile-broken")


def _unpack(content: bytes) -> Mapping[str, bytes]:
    """The files of the one layer in the zip, by their suffix."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            chosen = _choose_entries(archive)
            return _read_entries(archive, chosen)
    except BROKEN_ZIP as error:
        raise Refusal("roads.zip-broken") from error


def _choose_entries(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Refusal("roads.zip-too-large", limit_mb=MAX_UNPACKED // MEGABYTE)
    layers: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.suffix.lower() in WANTED and "__MACOSX" not in path.parts:
            layers.setdefault(str(path.with_suffix("")), {})[path.suffix.lower()] = entry
    whole = [files for files in layers.values() if ".shp" in files]
    if len(whole) != 1:
        raise Refusal("roads.one-layer", count=len(whole))
    for suffix in NEEDED:
        if suffix not in whole[0]:
            raise Refusal("roads.part-missing", suffix=suffix)
    return whole[0]


def _read_entries(archive: zipfile.ZipFile, chosen: Mapping[str, zipfile.ZipInfo]) -> Mapping[str, bytes]:
    """Counted while unpacking: what a zip says of its own size may be a lie."""
    left, parts = MAX_UNPACKED, {}
    for suffix, entry in chosen.items():
        with archive.open(entry) as file:
            parts[suffix] = file.read(left + 1)
        left -= len(parts[suffix])
        if left < 0:
            raise Refusal("roads.zip-too-large", limit_mb=MAX_UNPACKED // MEGABYTE)
    return parts


def _find_projection(sheet: Sheet, parts: Mapping[str, bytes]) -> Projection:
    if ".prj" not in parts:
        sheet.warn("roads.prj-missing")
        return Projection()
    projection = read_projection(parts[".prj"].decode("utf-8", "replace"))
    if projection is None:
        raise Refusal("roads.prj-unknown")
    return projection


def _check_lengths(parts: Mapping[str, bytes]) -> None:
    """What the heads say of their own length must be true, or something is cut off."""
    for suffix in (".shp", ".shx"):
        head = parts.get(suffix, b"")[:HEAD]
        if suffix in parts and (len(head) < HEAD or struct.unpack(">i", head[24:28])[0] * 2 != len(parts[suffix])):
            raise Refusal("roads.shapefile-broken")


def _take_all(sheet: Sheet, parts: Mapping[str, bytes], projection: Projection) -> None:
    files = {suffix: io.BytesIO(parts[f".{suffix}"]) for suffix in ("shp", "shx", "dbf") if f".{suffix}" in parts}
    with shapefile.Reader(**files, encoding=_find_encoding(parts), encodingErrors="replace") as reader:
        for number, found in enumerate(reader.iterShapeRecords(), 1):
            if number > MAX_SHAPES:
                raise Refusal("roads.too-many", limit=MAX_SHAPES)
            _take_one(sheet, number, found, projection)
            if sheet.points > MAX_POINTS:
                raise Refusal("roads.too-many-points", limit=MAX_POINTS)


def _find_encoding(parts: Mapping[str, bytes]) -> str:
    """UTF-8 if the table reads as that, and otherwise the Chinese GB 18030, which holds GBK and GB 2312.

    Files are handed on with a .cpg that is not true any more, or without one, so that it decides only where the table
    leaves a doubt: a name cut off at the width of its column spoils a sign, but text in GB spoils nearly all of them.
    """
    told = parts.get(".cpg", b"").decode("ascii", "ignore").strip().lower()
    text = b"\n".join(_list_words(parts[".dbf"])).decode("utf-8", "replace")
    spoilt = text.count("\ufffd")
    whole = sum(sign > "\x7f" for sign in text) - spoilt
    may_be_spoilt = 0 if "gb" in told or "936" in told else whole // 2
    return "utf-8" if spoilt <= may_be_spoilt else "gb18030"


def _list_words(table: bytes) -> list[bytes]:
    """The names of the columns and the rows of a .dbf table, without the numbers in its head, which are no text."""
    length = struct.unpack("<H", table[8:10])[0]
    names = [table[at : at + NAME].rstrip(b"\0") for at in range(COLUMN, max(COLUMN, length - 1), COLUMN)]
    return [*names, table[length:]]


def _take_one(sheet: Sheet, number: int, found: Any, projection: Projection) -> None:
    shape = found.shape
    form = FORMS.get(shape.shapeType)
    if form is None or not shape.points:
        sheet.tell("roads.geometry-unknown", number=number)
        return
    if not all(projection.fits(float(point[0]), float(point[1])) for point in shape.points):
        raise Refusal("roads.zone-wrong", number=number)
    turned = [projection.turn(float(point[0]), float(point[1])) for point in shape.points]
    places = [(point.lon, point.lat) for point in turned]
    starts = [0] if form == "site" else [int(start) for start in shape.parts]
    parts = [places[opens:closes] for opens, closes in zip(starts, [*starts[1:], len(places)], strict=True)]
    take_thing(sheet, Thing(number, form, parts, make_properties(found.record.as_dict())))
