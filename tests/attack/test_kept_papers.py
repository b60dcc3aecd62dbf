"""Papers of records that swell, act by themselves or hide a file are refused with a sentence; honest ones are kept."""

import io
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterable

import pypdfium2
import pytest
from django.utils import timezone

from tests.attack.bombs import MEGABYTE, make_book
from tests.attack.seeds import SEEDS
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter
from tests.web.pieces import send_whole
from wuzha.adapters.media import DOCX, PDF, XLSX, sniff
from wuzha.adapters.paper_guard import find_fault
from wuzha.web.campaign.models import Evidence

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]%s>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def write_pdf(objects: Iterable[bytes], more: bytes = b"") -> bytes:
    """Objects one by one, as old programs write them."""
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, io.SEEK_END)
    for number, one in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, more, start))
    return out.getvalue()


def write_packed_pdf(objects: list[bytes], head: bytes = b"/Type/ObjStm", packed: bytes | None = None) -> bytes:
    """All objects in one packed stream, as new programs write them, listed by a stream too."""
    places, body = [], b""
    for number, one in enumerate(objects, 1):
        places.append(b"%d %d" % (number, len(body)))
        body += one + b" "
    first = b" ".join(places) + b" "
    data = packed if packed is not None else zlib.compress(first + body)
    holder, table = len(objects) + 1, len(objects) + 2
    told = b"<<%s/N %d/First %d/Filter/FlateDecode/Length %d>>" % (head, len(objects), len(first), len(data))
    out = b"%PDF-1.7\n"
    at = len(out)
    out += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (holder, told, data)
    start = len(out)
    rows = [(0, 0, 255), *((2, holder, place) for place in range(len(objects))), (1, at, 0), (1, start, 0)]
    listed = zlib.compress(b"".join(bytes([kind]) + one.to_bytes(3) + bytes([two]) for kind, one, two in rows))
    head = b"<</Type/XRef/Size %d/W[1 3 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % (len(rows), len(listed))
    out += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, head, listed, start)
    return out


def make_objects(catalog: bytes = b"", page: bytes = b"", more: Iterable[bytes] = ()) -> list[bytes]:
    return [b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, PAGES, PAGE % page, *more]


OPENS_SCRIPT = make_objects(b"/OpenAction 4 0 R", more=[SCRIPT])
ACTIVE = {
    "a script when it is opened": (OPENS_SCRIPT, "script"),
    "a script at the page": (make_objects(page=b"/AA<</O 4 0 R>>", more=[SCRIPT]), "script"),
    "a script by a spelt name": (make_objects(b"/OpenAction<</S/J#61va#53cript/JS(x)>>"), "script"),
    "scripts by name": (make_objects(b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>", more=[SCRIPT]), "script"),
    "a form with scripts": (make_objects(b"/AcroForm<</XFA 4 0 R/Fields[]>>", more=[b"(x)"]), "script"),
    "a program": (make_objects(b"/OpenAction<</S/Launch/F(cmd.exe)>>"), "launch"),
    "a form that is sent": (make_objects(b"/OpenAction<</S/SubmitForm/F(http://x)>>"), "launch"),
    "a film that plays": (
        make_objects(page=b"/Annots[4 0 R]", more=[b"<</Type/Annot/Subtype/RichMedia/Rect[0 0 9 9]>>"]),
        "launch",
    ),
    "a file by name": (make_objects(b"/Names<</EmbeddedFiles<</Names[(a) 4 0 R]>>>>", more=[b"<<>>"]), "attached"),
    "a file at the page": (
        make_objects(page=b"/Annots[4 0 R]", more=[b"<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]>>"]),
        "attached",
    ),
    "a jump into a file": (make_objects(b"/OpenAction<</S/GoToE/D[0/Fit]>>"), "attached"),
}


def opens(content: bytes) -> bool:
    with pypdfium2.PdfDocument(content) as document:
        return len(document) == 1


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("name", ACTIVE)
def test_a_pdf_that_acts_by_itself_is_refused_however_it_is_packed(name: str, is_packed: bool) -> None:
    objects, sort = ACTIVE[name]
    content = write_packed_pdf(objects) if is_packed else write_pdf(objects)

    assert opens(content), "it is a PDF that readers take"
    assert find_fault(content, PDF) == f"evidence.pdf-{sort}"


def test_a_script_in_the_packed_objects_stands_nowhere_in_the_bytes() -> None:
    assert b"JavaScript" not in write_packed_pdf(OPENS_SCRIPT)


def test_objects_that_do_not_say_that_they_are_some_are_looked_through_too() -> None:
    assert find_fault(write_packed_pdf(OPENS_SCRIPT, head=b""), PDF) == "evidence.pdf-script"
    assert find_fault(write_packed_pdf(OPENS_SCRIPT, head=b"/Type/Obj#53tm"), PDF) == "evidence.pdf-script"


@pytest.mark.parametrize(
    "content",
    [
        write_packed_pdf(make_objects(), head=b"/Type/ObjStm/DecodeParms<</Predictor 12>>"),
        write_packed_pdf(make_objects(), head=b"/Type/ObjStm/F2[/ASCIIHexDecode]"),
        write_packed_pdf(make_objects(), head=b"/Type/ObjStm %" + b" " * 5000 + b"\n"),
        write_packed_pdf(make_objects()).replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 9 0 R"),
    ],
)
def test_what_cannot_be_looked_through_is_refused(content: bytes) -> None:
    assert find_fault(content, PDF) == "evidence.pdf-hidden"


def test_objects_that_swell_are_refused_in_little_memory() -> None:
    bomb = write_packed_pdf(make_objects(), packed=zlib.compress(bytes(300 * MEGABYTE)))
    begun = time.monotonic()
    tracemalloc.start()
    assert find_fault(bomb, PDF) == "evidence.unpacks"
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 150 * MEGABYTE
    assert time.monotonic() - begun < 10


def make_package(part: str, pieces: Iterable[bytes], book: str = "word/document.xml") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        if part != book:
            package.writestr(book, "<x/>")
        with package.open(part, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
    return target.getvalue()


@pytest.mark.parametrize("part", ["word/document.xml", "word/media/image1.png", "word/styles.xml"])
def test_a_paper_that_unpacks_to_300_megabytes_of_nothing_is_refused(part: str) -> None:
    bomb = make_package(part, (bytes(MEGABYTE) for _ in range(300)))
    assert len(bomb) < MEGABYTE
    assert sniff(bomb) == DOCX
    assert find_fault(bomb, DOCX) == "evidence.unpacks"


def test_a_workbook_that_swells_and_a_paper_of_very_many_parts_are_refused() -> None:
    sheet = make_package("xl/worksheets/sheet1.xml", (bytes(MEGABYTE) for _ in range(40)), "xl/workbook.xml")
    assert sniff(sheet) == XLSX
    assert find_fault(sheet, XLSX) == "evidence.unpacks"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for number in range(2001):
            package.writestr(f"word/{number}.xml", "")
    assert find_fault(target.getvalue(), DOCX) == "evidence.unpacks"


def test_what_lies_about_its_size_is_counted() -> None:
    bomb = bytearray(make_package("word/media/a.png", (bytes(MEGABYTE) for _ in range(40))))
    told = bomb.rfind((40 * MEGABYTE).to_bytes(4, "little"))
    bomb[told : told + 4] = (1000).to_bytes(4, "little")
    assert find_fault(bytes(bomb), DOCX) in ("evidence.unpacks", "evidence.broken")


def test_honest_papers_are_kept() -> None:
    links = make_objects(b"/OpenAction[3 0 R/Fit]", page=b"/Annots[4 0 R]",
                         more=[b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://x)>>>>"])  # fmt: skip
    for content in (write_pdf(links), write_packed_pdf(links), SEEDS["pdf"](), b"%PDF-1.7\n%%EOF"):
        assert find_fault(content, PDF) == ""
    # Readers write them anew with every object for itself.
    target = io.BytesIO()
    with pypdfium2.PdfDocument(write_packed_pdf(links)) as document:
        document.save(target)
    assert find_fault(target.getvalue(), PDF) == ""
    assert find_fault(make_book(["甲", "乙"], *([1, 2] for _ in range(20_000))), XLSX) == ""
    assert find_fault(SEEDS["docx"](), DOCX) == ""


def test_what_is_said_of_scripts_on_a_page_is_no_script() -> None:
    """A page about them: its words are packed, and no object."""
    words = zlib.compress(b"BT /F1 9 Tf (/JavaScript /Launch) Tj ET")
    page = make_objects(page=b"/Contents 4 0 R")
    stream = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(words), words)
    assert find_fault(write_pdf([*page, stream]), PDF) == ""


def test_at_the_door_nothing_is_kept_and_the_sentence_says_what_to_do(cast: Cast, visit: Visit) -> None:
    phone = visit(cast.secretary)
    record = enter(cast.secretary, cast.village, timezone.localdate())
    hostile = {
        "方案.docx": make_package("word/document.xml", (bytes(MEGABYTE) for _ in range(300))),
        "通知.pdf": write_packed_pdf(OPENS_SCRIPT),
    }
    for name, content in hostile.items():
        answer = send_whole(phone, content, record.pk, name=name)
        assert answer.status_code == 422
        assert "没有收下" in str(answer.json())
    assert not Evidence.objects.exists()
