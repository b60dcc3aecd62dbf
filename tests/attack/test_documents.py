"""Documents that point elsewhere: read without a connection, a name looked up, or a program of the office started."""

import ast
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import wuzha
from tests.adapters.photos import draw_scene, save_jpeg
from tests.attack.bombs import BOOK, make_book, replace_part, zip_up
from tests.attack.seeds import make_docx, make_layer, make_pdf
from wuzha.adapters.documents.child import read_inside
from wuzha.adapters.images import BrokenPhotoError, read_photo
from wuzha.adapters.record_sheet import read_record_file
from wuzha.adapters.roads.read import read_shapes
from wuzha.adapters.spreadsheets import read_roster
from wuzha.web.archive import unpack

FAR = "http://169.254.169.254/latest/meta-data/"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relate(kind: str) -> bytes:
    """Relations that lead out: a template, a picture, a link, a frame."""
    body = f'<Relationship Id="rId1" Type="{RELATIONS}/{kind}" Target="{FAR}" TargetMode="External"/>'
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    return f"{head}{body}</Relationships>".encode()


def add_part(content: bytes, name: str, part: bytes) -> bytes:
    return replace_part(content, name, [part])


SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{FAR}"/><script>fetch("{FAR}")</script></svg>'.encode()
PRJ = f'PROJCS["x",AUTHORITY["{FAR}","1"],EXTENSION["PROJ4","+init={FAR}"]]'.encode()
HTML = f'<img src="{FAR}"><link rel=stylesheet href="{FAR}"><iframe src="{FAR}"></iframe><p>每月一次</p>'
ACTION = f"/Pages 2 0 R/OpenAction<</S/URI/URI({FAR})>>".encode()
QUERY = f'<connections><connection><webPr url="{FAR}"/></connection></connections>'.encode()
STYLED = f'<?xml-stylesheet href="{FAR}"?><workbook/>'.encode()
CRS = f'{{"type":"FeatureCollection","crs":{{"type":"link","properties":{{"href":"{FAR}"}}}},"features":[]}}'.encode()


def read_word(part: str, kind: str) -> Any:
    return read_inside("docx", add_part(make_docx(), f"word/_rels/{part}.xml.rels", relate(kind)))


def read_book(part: str, content: bytes) -> Any:
    book = add_part(make_book(), part, content)
    return read_roster("a.xlsx", book), read_record_file("a.xlsx", book)


READERS: dict[str, Callable[[], Any]] = {
    "a template of Word": lambda: read_word("settings", "attachedTemplate"),
    "a picture of Word": lambda: read_word("document", "image"),
    "a frame of Word": lambda: read_word("webSettings", "frame"),
    "a page of the web": lambda: read_inside("html", f"<html><body>{HTML}</body></html>".encode()),
    "an action of a PDF": lambda: read_inside("pdf", make_pdf().replace(b"/Pages 2 0 R", ACTION)),
    "a link of a workbook": lambda: read_book(
        "xl/externalLinks/_rels/externalLink1.xml.rels", relate("externalLinkPath")
    ),
    "a query of a workbook": lambda: read_book("xl/connections.xml", QUERY),
    "a workbook that is elsewhere": lambda: read_book("xl/_rels/workbook.xml.rels", relate("worksheet")),
    "a style sheet of XML": lambda: read_book(BOOK, STYLED),
    "a projection": lambda: read_shapes("a.zip", add_part(make_layer(), "a.prj", PRJ)),
    "a system of coordinates by its address": lambda: read_shapes("a.geojson", CRS),
}


@pytest.mark.parametrize("name", READERS)
def test_a_document_that_points_elsewhere_is_read_without_a_network(no_network: list[Any], name: str) -> None:
    READERS[name]()
    assert no_network == []


def test_a_picture_that_is_a_drawing_is_not_taken_for_a_photo(no_network: list[Any]) -> None:
    for content in (SVG, b"\xef\xbb\xbf" + SVG):
        with pytest.raises(BrokenPhotoError):
            read_photo(content)
    assert read_photo(save_jpeg(draw_scene(1))).thumbnail.startswith(b"\xff\xd8")
    assert no_network == []


def test_entities_of_xml_are_refused_wherever_xml_is_read() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><workbook>&b;</workbook>'
    _, problems = read_roster("a.xlsx", add_part(make_book(), BOOK, bomb))
    assert [one.code for one in problems] == ["roster.external-entity"]
    found = read_record_file("a.xlsx", add_part(make_book(), BOOK, bomb))
    assert [one.code for one in found.problems] == ["record.file-external"]
    word: Any = read_inside("docx", add_part(make_docx(), "word/document.xml", bomb))
    assert word.code == "document.external-entity"


def test_names_within_a_zip_lead_nowhere(tmp_path: Path) -> None:
    layer = make_layer()
    with zipfile.ZipFile(io.BytesIO(layer)) as package:
        parts = {f"../../../../tmp/{name}": package.read(name) for name in package.namelist()}
    shapes, _ = read_shapes("a.zip", zip_up(parts))
    assert not list(tmp_path.rglob("*"))
    assert not Path("/tmp/a.shp").exists()
    assert shapes is not None


def test_a_name_in_a_backup_is_a_hash_or_nothing() -> None:
    """Where files of a backup are unpacked to follows from their hash, never from a name in the archive."""
    text = Path(unpack.__file__).read_text(encoding="utf-8")
    assert "extractall" not in text
    assert ".extract(" not in text


def test_no_shell_stands_in_the_products_way() -> None:
    named = []
    for file in Path(wuzha.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        shells = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.keyword) and node.arg == "shell"]
        named += [file.name] if shells or any(word in text for word in SHELLS) else []
    assert named == []


SHELLS = ("os.system(", "os.popen(", "getoutput(")
