"""Documents as uploaded: what is read, and every way of being refused."""

import io
import random
import time
import unicodedata
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.adapters.documents import package, read_document
from wuzha.adapters.documents.child import read_inside
from wuzha.adapters.documents.limits import Limits
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem

TEXT = "石桥县反诈宣传工作方案\n一、安排\n各村每月至少举办1次集中宣传，悬挂横幅不少于5条。\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def make_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("石桥县反诈宣传工作方案")
    document.add_paragraph("一、安排")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ("单位", "任务", "各村", "每月宣传1次"), strict=True):
        cell.text = words
    table.add_row().cells[0].merge(table.rows[2].cells[1]).text = "合计"
    document.add_paragraph("二、要求")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def pack(parts: dict[str, bytes | str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


def repack(replaced: dict[str, bytes]) -> bytes:
    """The sample document with some parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(make_docx())) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    return pack({**parts, **replaced})


def refuse(name: str, content: bytes) -> tuple[str, dict[str, str]]:
    document, problems = read_document(name, content)
    assert document is None
    assert len(problems) == 1
    assert problems[0].source.document == name
    assert problems[0].values["name"] == name
    return problems[0].code, problems[0].values


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_every_usual_encoding(encoding: str) -> None:
    document, problems = read_document("方案.txt", TEXT.encode(encoding))
    assert problems == ()
    assert document is not None
    assert (document.text, document.kind, document.name) == (TEXT, "txt", "方案.txt")


@pytest.mark.parametrize("content", [TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.replace("\n", "\r\n").encode()])
def test_the_text_is_what_reading_the_file_gives_so_that_offsets_agree(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(content)
    document, _ = read_document("plan.txt", content)
    assert document is not None
    assert document.text == path.read_text(encoding="utf-8")


def test_a_word_file_gives_paragraphs_and_rows_in_their_order_and_a_merged_cell_once() -> None:
    document, problems = read_document("方案.DOCX", make_docx())
    assert problems == ()
    assert document is not None
    assert document.text.split("\n") == [
        "石桥县反诈宣传工作方案", "一、安排", "单位\t任务", "各村\t每月宣传1次", "合计", "二、要求",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"  \n\t\r\n", "\ufeff\n".encode(), "\u3000\u3000".encode()])
def test_an_empty_text_is_refused(content: bytes) -> None:
    assert refuse("方案.txt", content)[0] == "document.empty"


def test_an_empty_word_file_is_refused() -> None:
    written = io.BytesIO()
    docx.Document().save(written)
    assert refuse("方案.docx", written.getvalue())[0] == "document.empty"
    assert refuse("方案.docx", b"")[0] == "document.empty"


@pytest.mark.parametrize("name", ["方案.txt", "方案.docx"])
def test_fifty_megabytes_are_refused_at_once_with_size_and_limit(name: str) -> None:
    content = bytes(50 * 1024 * 1024)
    started = time.perf_counter()
    code, values = refuse(name, content)
    assert time.perf_counter() - started < 0.2
    assert code == "document.too-large"
    assert (values["size"], values["limit"]) == (str(50 * 1024 * 1024), str(20 * 1024 * 1024))


def test_a_text_as_long_as_a_book_is_refused() -> None:
    code, values = refuse("方案.txt", ("宣传。" * 100_001).encode())
    assert (code, values["size"], values["limit"]) == ("document.too-long", "300003", "300000")


@pytest.mark.parametrize("name", ["方案.txt", "方案.html"])
def test_the_limit_that_holds_is_named_wherever_the_reader_gave_up(name: str) -> None:
    content = ("宣传。" * 1_000_100).encode()

    _, problems = read_document(name, content, Limits(characters=1000))

    assert [(problem.code, problem.values["limit"]) for problem in problems] == [("document.too-long", "1000")]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("方案.wps", b"anything", "wps"),
        ("方案", b"anything", "?"),
        ("方案.docx", b"{\\rtf1 text}", "rtf"),
        ("方案.doc", b"{\\rtf1 text}", "rtf"),
        ("方案.txt", b"Rar!\x1a\x07\x00", "rar"),
        ("方案.zip", make_docx(), "zip"),
        ("方案.doc", OLE + "Workbook".encode("utf-16-le"), "xls"),
        ("方案.msg", OLE + bytes(600), "msg"),
        ("方案.docx", pack({"[Content_Types].xml": TYPES, "xl/workbook.xml": "<a/>"}), "xlsx"),
        ("方案.docx", pack({"META-INF/manifest.xml": "<a/>"}), "odt"),
    ],
)
def test_another_kind_of_file_is_named_whatever_it_is_called(name: str, content: bytes, kind: str) -> None:
    code, values = refuse(name, content)
    assert (code, values["kind"]) == ("document.kind", kind)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("方案.jpg", b"\xff\xd8\xff\xe0" + bytes(60), "document.image"),
        ("方案.docx", b"\x89PNG\r\n\x1a\n" + bytes(60), "document.image"),
        ("方案.heic", b"anything", "document.image"),
        ("方案.ofd", pack({"OFD.xml": "<a/>"}), "document.ofd"),
        ("方案.docx", pack({"OFD.xml": "<a/>"}), "document.ofd"),
        ("方案.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "document.encrypted"),
        ("方案.docx", OLE + bytes(600), "document.broken"),
        ("方案.doc", OLE + bytes(600), "document.broken"),
        ("方案.doc", "普通文字".encode(), "document.broken"),
        ("方案.pdf", "普通文字".encode(), "document.broken"),
        ("方案.txt", b"%PDF-1.7\n", "document.broken"),
    ],
)
def test_what_cannot_be_read_says_what_to_do_instead(name: str, content: bytes, code: str) -> None:
    assert refuse(name, content)[0] == code
    assert "请" in describe_problem(read_document(name, content)[1][0])


PAGE = "<html><body><p>石桥县反诈宣传工作方案</p><p>各村每月宣传1次。</p></body></html>".encode()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("方案.doc", make_docx(), "docx"),
        ("方案.txt", make_docx(), "docx"),
        ("方案.wps", make_docx(), "docx"),
        ("方案", make_docx(), "docx"),
        ("方案.doc", PAGE, "html"),
        ("方案.docx", b"\xef\xbb\xbf\r\n<!DOCTYPE html>" + PAGE, "html"),
        ("方案.xls", "\ufeff".encode("utf-16-le") + PAGE.decode().encode("utf-16-le"), "html"),
        ("方案.html", PAGE, "html"),
        ("方案.txt", PAGE, "txt"),
    ],
)
def test_a_file_with_a_wrong_name_is_read_by_what_it_holds(name: str, content: bytes, kind: str) -> None:
    document, problems = read_document(name, content)
    assert problems == ()
    assert document is not None
    assert (document.kind, document.name) == (kind, name)
    assert "石桥县反诈宣传工作方案" in document.text


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 40,
        b"\x00" * 100,
        b"\0\1\2\3" * 100,
        b"\xff\xfe" + b"\0\1\2\3" * 100,
        "\ue000\ue001各村宣传".encode(),
        "\u0302\u0303".encode() * 50,
        random.Random(1).randbytes(400),
        random.Random(2).randbytes(4001),
        b"\xfe\xff" + random.Random(3).randbytes(400),
        "ꀀ몬ᠠ㐀".encode("utf-16-le") * 100,
        TEXT.encode() + b"\x00",
        b"\x7fELF\r\n\x1a\n" + bytes(range(1, 256)) * 8,
        b"\xff\xfe\x00",
        "\ue000\ue001\ue002\ue003".encode("gb18030"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    assert refuse("方案.txt", content)[0] == "document.encoding"


garbage = st.binary(max_size=300)
pairs = st.lists(st.integers(0, 0xFFFF), max_size=150)
marks = st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"])


@given(marks, garbage | pairs.map(lambda codes: b"".join(code.to_bytes(2, "little") for code in codes)))
def test_any_bytes_at_all_give_mostly_writing_or_nothing(mark: bytes, content: bytes) -> None:
    document, problems = read_document("方案.txt", mark + content)
    if document is None:
        assert [problem.code.split(".")[0] for problem in problems] == ["document"]
        return
    strange = sum(unicodedata.category(sign)[0] in "CM" and sign not in "\t\n\v\f\ufeff" for sign in document.text)
    assert strange * 20 <= len(document.text)


@given(st.text(st.sampled_from("各村社区每月至少举办1次集中宣传活动，。；：、（）“”—·…①⒈㎡％\n Aa\u3000")))
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_a_clerk_writes_is_never_refused_for_its_signs(encoding: str, text: str) -> None:
    written = TEXT + text  # two bytes of GB 18030 can be UTF-8 by chance, a page cannot
    document, problems = read_document("方案.txt", written.encode(encoding))
    assert problems == ()
    assert document is not None
    assert document.text == written


@pytest.mark.parametrize(
    "content",
    [
        "普通文字".encode(),
        b"PK\x03\x04 and nothing that follows",
        make_docx()[:-200],
        pack({"readme.txt": "no document"}),
        pack({"[Content_Types].xml": TYPES}),
        repack({"word/document.xml": b"<w:document"}),
        repack({"word/document.xml": b"<other/>"}),
    ],
)
def test_a_broken_word_file_is_refused(content: bytes) -> None:
    assert refuse("方案.docx", content)[0] == "document.broken"


def test_a_part_that_unpacks_to_far_more_than_its_size_is_refused() -> None:
    code, values = refuse("方案.docx", repack({"word/media/big.bin": bytes(60 * 1024 * 1024)}))
    assert code == "document.zip-bomb"
    assert int(values["size"]) < 20 * 1024 * 1024, "it must stop long before all is unpacked"


def test_a_declared_size_beyond_the_limit_is_refused_without_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_UNPACKED_BYTES", 10_000)
    problem = read_inside("docx", make_docx())
    assert isinstance(problem, Problem)
    assert (problem.code, problem.values["limit"]) == ("document.zip-bomb", "10000")


def test_a_declared_size_that_lies_does_not_help() -> None:
    honest = repack({"word/media/big.bin": bytes(60 * 1024 * 1024)})
    size = (60 * 1024 * 1024).to_bytes(4, "little")
    lying = honest.replace(size, (100).to_bytes(4, "little"))
    assert lying != honest
    assert refuse("方案.docx", lying)[0] in ("document.zip-bomb", "document.broken")


def test_more_parts_than_any_document_has_are_refused() -> None:
    parts: dict[str, bytes | str] = {"[Content_Types].xml": TYPES}
    parts.update({f"word/part{number}.bin": b"x" for number in range(2001)})
    code, values = refuse("方案.docx", pack(parts))
    assert (code, values["size"], values["limit"]) == ("document.zip-bomb", "2002", "2000")


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/_rels/document.xml.rels", "docProps/core.xml", "hidden.bin"]
)
@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"),
    ],
)
def test_an_entity_or_a_document_type_in_any_part_is_refused(part: str, content: bytes) -> None:
    code, values = refuse("方案.docx", repack({part: content}))
    assert (code, values["part"]) == ("document.external-entity", part)


@pytest.mark.parametrize("encoding", ["utf-7", "utf-32"])
def test_an_entity_that_an_odd_encoding_hides_is_refused_as_well(encoding: str) -> None:
    hidden = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode(encoding)
    assert refuse("方案.docx", repack({"word/document.xml": hidden}))[0] == "document.external-entity"


def test_an_encrypted_package_is_refused_and_not_opened() -> None:
    content = bytearray(make_docx())
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + flag] |= 1
            at = content.find(signature, at + 4)
    assert refuse("方案.docx", bytes(content))[0] == "document.broken"


def make_table(rows: int, columns: int, text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("石桥镇反诈宣传工作方案")
    table = document.add_table(rows, columns)
    for cell in table._cells:
        cell.text = text
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def test_a_cell_that_says_it_covers_a_hundred_million_columns_is_read_once() -> None:
    content = make_table(1, 2, "各村每月宣传1次")
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        xml = held.read("word/document.xml").replace(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="99999999"/>')
        parts: dict[str, bytes | str] = {name: held.read(name) for name in held.namelist()}
        parts["word/document.xml"] = xml

    document, problems = read_document("方案.docx", pack(parts))

    assert problems == ()
    assert document is not None
    assert document.text.count("各村每月宣传1次") == 2
    assert document.text.count("\t") <= 64


def test_a_big_table_of_equal_cells_is_no_bomb() -> None:
    """Equal rows pack far better than a person's text does; a part that stays small costs nothing all the same."""
    content = make_table(1, 3, "")
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        parts: dict[str, bytes | str] = {name: held.read(name) for name in held.namelist()}
        xml = held.read("word/document.xml")
    row = xml[xml.index(b"<w:tr>") : xml.index(b"</w:tr>") + len(b"</w:tr>")]
    parts["word/document.xml"] = xml.replace(row, row * 6000)

    packed = pack(parts)
    with zipfile.ZipFile(io.BytesIO(packed)) as packed_parts:
        part = packed_parts.getinfo("word/document.xml")
        assert part.file_size > 200 * part.compress_size

    document, problems = read_document("方案.docx", packed)

    assert problems == ()
    assert document is not None
