"""Small files that want to become large ones: workbooks, packages and road files."""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from openpyxl import Workbook

MEGABYTE = 1024 * 1024
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"


def make_book(heads: Iterable[str] = ("单位编码", "单位名称"), *rows: Iterable[object]) -> bytes:
    target, book = io.BytesIO(), Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*heads])
    for row in rows:
        sheet.append([*row])
    book.save(target)
    return target.getvalue()


def replace_part(content: bytes, name: str, pieces: Iterable[bytes]) -> bytes:
    """The package with other bytes under that name."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        with new.open(name, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
    return target.getvalue()


def repeat(start: bytes, one: bytes, megabytes: int, end: bytes) -> Iterator[bytes]:
    yield HEAD + start
    piece = one * (MEGABYTE // len(one))
    for _ in range(megabytes):
        yield piece
    yield end


def swell(name: str, start: bytes, one: bytes, megabytes: int, end: bytes = b"") -> Callable[[], bytes]:
    return lambda: replace_part(make_book(), name, repeat(start, one, megabytes, end))


SHEET_START = b"<worksheet " + MAIN + b"><sheetData>"
SHEET_END = b"</sheetData></worksheet>"
# What each of them would cost without a guard is in docs/attack.md: up to 3 GB and a minute for 100 KB.
WORKBOOKS: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "styles": swell(
            STYLES, b"<styleSheet " + MAIN + b"><cellXfs>", b'<xf numFmtId="0"/>', 15, b"</cellXfs></styleSheet>"
        ),
        "names": swell(
            BOOK,
            b"<workbook " + MAIN + b"><definedNames>",
            b'<definedName name="a">x</definedName>',
            15,
            b"</definedNames></workbook>",
        ),
        "levels": swell(SHEET, SHEET_START, b"<row>", 15),
        "a wide row": swell(SHEET, SHEET_START + b"<row>", b"<c/>", 15, b"</row>" + SHEET_END),
        "empty rows": swell(SHEET, SHEET_START, b"<row/>", 15, SHEET_END),
        "many cells": swell(SHEET, SHEET_START, b"<row>" + b"<c/>" * 200 + b"</row>", 60, SHEET_END),
        "one long tag": swell(SHEET, SHEET_START + b"<row a='", b"a" * 1024, 15, b"'/>" + SHEET_END),
        "rows of another language": swell(SHEET, SHEET_START, b'<row xmlns="a"/>', 15, SHEET_END),
        "more than is unpacked": swell(SHEET, SHEET_START, b" " * 1024, 310, SHEET_END),
        "quoted": lambda: zip_up(
            {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>", "inner.zip": bytes(90 * MEGABYTE)}
        ),
    }
)


def zip_up(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def make_many_entries(count: int = 60_000) -> bytes:
    return zip_up({"[Content_Types].xml": b"<Types/>"} | {f"xl/{number}.xml": b"" for number in range(count)})


ROADS: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "deep brackets": lambda: b"[" * (4 * MEGABYTE),
        "many lists": lambda: b'{"type":"FeatureCollection","features":[' + b"[]," * 100_000 + b"[]]}",
        "one long line": lambda: json.dumps(
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "LineString", "coordinates": [[113, 34]] * 900_000},
            }
        ).encode(),
        "zip of nothing": lambda: zip_up({"a.shp": bytes(150 * MEGABYTE), "a.dbf": b"", "a.prj": b""}),
        "many files": lambda: zip_up({f"{number}.shp": b"" for number in range(5000)}),
        "a table that lies": lambda: zip_up(
            {
                "a.shp": struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 2**30) + bytes(72),
                "a.dbf": struct.pack("<B3BIHH", 3, 99, 1, 1, 2**31, 33, 65535),
            }
        ),
    }
)
