"""Valid files of every kind that somebody may upload, and ways to spoil them."""

import io
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

import shapefile
from docx import Document
from hypothesis import strategies as st

from tests.adapters.photos import draw_scene, make_film, save, save_jpeg
from tests.attack.bombs import make_book, zip_up
from wuzha.adapters.spreadsheets import write_roster_template

LINE = "石桥县反诈宣传工作方案\n一、工作任务\n（一）各村、社区每个月办一场宣传活动。\n"


def make_docx() -> bytes:
    target, document = io.BytesIO(), Document()
    for line in LINE.splitlines():
        document.add_paragraph(line)
    document.save(target)
    return target.getvalue()


def make_geojson() -> bytes:
    line = {"type": "LineString", "coordinates": [[113.1, 34.1], [113.2, 34.2]]}
    road = {"type": "Feature", "properties": {"name": "迎宾大道", "kind": "main"}, "geometry": line}
    return json.dumps({"type": "FeatureCollection", "features": [road]}, ensure_ascii=False).encode()


def make_layer() -> bytes:
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, encoding="utf-8") as writer:
        writer.field("NAME", "C")
        writer.line([[[113.1, 34.1], [113.2, 34.2]]])
        writer.record("迎宾大道")
    prj = b'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]]'
    return zip_up({"a.shp": shp.getvalue(), "a.shx": shx.getvalue(), "a.dbf": dbf.getvalue(), "a.prj": prj})


def make_queue() -> bytes:
    record = {
        "id": "018f3c1e-0000-7000-8000-0000000000aa",
        "unit": "SQ0101",
        "kind": "rally",
        "happened_on": "2026-03-01",
    }
    told = {
        "format": "wuzha-queue",
        "version": 1,
        "made_at": "2026-03-01T00:00:00Z",
        "user": {"id": 1, "name": "网格员"},
    }
    return json.dumps(told | {"records": [record], "photos": []}).encode()


def make_pdf() -> bytes:
    """One page with one line, its table of objects at the place that its end names."""
    drawn = b"BT /F1 12 Tf 72 700 Td (Every village holds one event each month.) Tj ET"
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return content + end % (table, len(content))


SEEDS: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "docx": make_docx,
        "xlsx": lambda: make_book(
            ("单位编码", "单位名称", "日期", "事项"), ("SQ0101", "柳湾村", "2026-03-01", "集中宣传")
        ),
        "roster": write_roster_template,
        "csv": lambda: "日期,单位,事项,数量\n2026-03-01,柳湾村,集中宣传,1\n".encode("gb18030"),
        "pdf": make_pdf,
        "jpg": lambda: save_jpeg(draw_scene(5, (320, 240)), note="here", orientation=6),
        "png": lambda: save(draw_scene(6, (160, 120)), "PNG"),
        "webp": lambda: save(draw_scene(7, (160, 120)), "WEBP"),
        "mp4": make_film,
        "geojson": make_geojson,
        "zip": make_layer,
        "json": make_queue,
        "txt": LINE.encode,
    }
)
# Some bytes are worth more than others: lengths, ends, magic words, entities.
GOOD_BYTES = st.sampled_from(
    [
        b"\0",
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"%PDF-",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"<!DOCTYPE a>",
    ]
)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "drop", "put", "twice", "swap"]),
        st.floats(0, 1),
        st.floats(0, 1),
        GOOD_BYTES | st.binary(max_size=12),
    ),
    max_size=4,
)
Change = tuple[str, float, float, bytes]


def spoil(content: bytes, changes: list[Change]) -> bytes:
    """The file with bytes turned over, cut off, left out, put in, doubled, and pieces of it moved."""
    for change, first, second, put in changes:
        start, end = sorted((int(first * len(content)), int(second * len(content))))
        content = spoil_once(content, change, start, end, put)
    return content


def spoil_once(content: bytes, change: str, start: int, end: int, put: bytes) -> bytes:
    match change:
        case "flip":
            turned = bytes(one ^ (put[0] if put else 255) for one in content[start : start + 4])
            return content[:start] + turned + content[start + 4 :]
        case "cut":
            return content[:end]
        case "drop":
            return content[:start] + content[min(end, start + 200) :]
        case "put":
            return content[:start] + put + content[start:]
        case "twice":
            return content[:end] + content[start:]
        case _:
            return content[start:] + content[:start]


# Names that somebody who means harm gives to files.
NAMES = (
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "a.xlsx\0.exe",
    "/etc/cron.d/wuzha",
    "方案.docx.php",
    "\u202exslx.exe",
    "a" * 3000 + ".docx",
    "CON.pdf",
    '"><img src=x onerror=alert(1)>.jpg',
    "a\r\nSet-Cookie: b=c.csv",
    ".htaccess",
    "照片.jpg/",
)
