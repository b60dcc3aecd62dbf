"""Files made to do harm: each gives its text or one problem, within bounds of time and memory, and nothing breaks."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.adapters.papers import (
    PLAN,
    TYPES,
    abstract,
    cell,
    instance,
    join_pdf,
    level,
    make_pdf,
    make_word,
    numbered,
    p,
    pack,
    print_plan,
    r,
    relate,
    show,
    table,
)
from wuzha.adapters.documents import Limits, apart, limits, pdf, read_document
from wuzha.adapters.documents.apart import Slot, read_apart, run_bound
from wuzha.adapters.documents.child import read_inside, render_answer
from wuzha.adapters.documents.doc import ANTIWORD, OFFICES
from wuzha.adapters.documents.formats import tell_format
from wuzha.adapters.documents.model import MAX_CHARACTERS, Found, RefusedError
from wuzha.adapters.documents.read import TOTAL_S
from wuzha.adapters.wording.problem import describe_problem
from wuzha.core.base.problem import Problem
from wuzha.web.campaign.actions.plans import MAX_CHARACTERS as MAX_CHARACTERS_ON_THE_SITE

MEGABYTE = 1024 * 1024
OLD_WORD = (Path(__file__).parent / "fixtures" / "plan.doc").read_bytes()
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><w:document>&i;</w:document>"
)


def make_raw_word(document: str, **more: str) -> bytes:
    return pack({"[Content_Types].xml": TYPES, "word/document.xml": document, **more})


def make_style_loop() -> bytes:
    chain = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{at}"><w:basedOn w:val="S{(at + 1) % 5000}"/></w:style>'
        for at in range(5000)
    )
    body = "".join(p("各村每月宣传1次。", f'<w:pStyle w:val="S{at}"/>') for at in range(2000))
    return make_word(body, styles=chain, numbering=abstract(0, level(0, "decimal", "%1")) + instance(1, 0))


def make_huge_numbers() -> bytes:
    start = '<w:start w:val="2147483647"/>'
    lists = "".join(
        abstract(at, level(0, style, "%1" * 400, start)) + instance(at, at)
        for at, style in enumerate(("upperRoman", "lowerLetter", "chineseCountingThousand", "decimal"), 1)
    )
    return make_word("".join(numbered("宣传", at % 4 + 1) for at in range(400)), numbering=lists)


def make_endless_note() -> bytes:
    reference = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    note = f'<w:footnote w:id="1"><w:p>{r("注")}{reference}</w:p></w:footnote>'
    return make_word(f"<w:p>{r('各村每月宣传1次。')}{reference * 1000}</w:p>", footnotes=note)


def make_nested_tables(depth: int) -> bytes:
    inner = p("各村每月宣传1次。")
    for _ in range(depth):
        inner = table(cell(inner) + cell("甲"))
    return make_word(inner)


def make_overlapping_package() -> bytes:
    """A thousand entries of the directory that all point at the same packed bytes."""
    content = pack({"[Content_Types].xml": TYPES, "word/document.xml": b" " * 3 * MEGABYTE})
    start, end = content.rindex(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    entry, tail = content[start:end], content[end:]
    many = content[:end] + entry * 998
    size = (len(many) - content.index(b"PK\x01\x02")).to_bytes(4, "little")
    return many + tail[:8] + (1000).to_bytes(2, "little") * 2 + size + tail[16:]


def make_many_elements(count: int) -> bytes:
    """Elements that differ, so that they do not pack like a bomb."""
    draw = random.Random(1)
    return make_word("".join(f'<w:p w:rsidR="{draw.getrandbits(32):08X}"/>' for _ in range(count)))


def make_page_loop() -> bytes:
    return join_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 400 /Parent 3 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 400 /Parent 2 0 R >>",
        ]
    )


def make_packed_page(size: int) -> bytes:
    """A page of a few bytes that unpacks to many."""
    line = show("各村每月宣传。", 72, 700).encode()
    packed = zlib.compress(line * (size // len(line)), 1)
    content = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    return join_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, content])


HOSTILE: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "elements in elements.docx": lambda: make_raw_word("<w:p>" * 100_000 + "</w:p>" * 100_000),
        "tables in tables.docx": lambda: make_nested_tables(2000),
        "billion laughs.docx": lambda: make_raw_word(LAUGHS),
        "one line.docx": lambda: make_word(p("宣" * 10_000_000)),
        "many words.docx": lambda: make_word(p("各村每月宣传1次。") * 200_000),
        "bomb.docx": lambda: make_raw_word(" " * 30 * MEGABYTE),
        "bomb in bomb.docx": lambda: make_word(p("宣"), numbering="<!--" + " " * 30 * MEGABYTE + "-->"),
        "overlapping.docx": make_overlapping_package,
        "no body.docx": lambda: make_raw_word("<w:document/>"),
        "points outside.docx": lambda: pack(
            {
                "[Content_Types].xml": TYPES,
                "_rels/.rels": relate({"officeDocument": "../../../../../../etc/passwd"}),
                "word/document.xml": "<w:document/>",
            }
        ),
        "points abroad.docx": lambda: pack(
            {
                "[Content_Types].xml": TYPES,
                "_rels/.rels": relate({"officeDocument": "http://example.invalid/plan.xml"}, "External"),
                "word/document.xml": "<w:document/>",
            }
        ),
        "only a picture.png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000),
        "divisions.html": lambda: b"<html><body>" + b"<div>" * 100_000 + "各村".encode(),
        "letters.html": lambda: b"<html><body>" + b"<b><i>" * 100_000 + "各村".encode(),
        "tables.html": lambda: b"<html><body>" + b"<table><tr><td>" * 100_000 + "各村".encode(),
        "one line.html": lambda: b"<html><body><p>" + "宣".encode() * 6_000_000,
        "many cells.html": lambda: b"<html><table>" + b"<tr>" + b"<td>x" * 160_000,
        "one line.txt": lambda: "宣".encode() * 6_900_000,
        "old and empty.doc": lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(9000)
        ),
        "pages in pages.pdf": make_page_loop,
        "no end.pdf": lambda: b"%PDF-1.7\n" + b"[" * 1_000_000,
        "arrays.pdf": lambda: join_pdf([b"<< /Type /Catalog /Pages " + b"[" * 100_000 + b" >>"]),
        "its own end.pdf": lambda: b"%PDF-1.7\ntrailer << /Root 1 0 R /Prev 9 /Size 9 >>\nstartxref\n9\n%%EOF",
    }
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_do_harm_is_one_problem_in_bounded_time(name: str) -> None:
    content = HOSTILE[name]()
    started = time.monotonic()

    document, problems = read_document(name, content)

    assert time.monotonic() - started < 20
    assert document is None
    assert len(problems) == 1
    assert problems[0].code.startswith("document.")
    assert "请" in describe_problem(problems[0])


HARMLESS: Mapping[str, tuple[Callable[[], bytes], str]] = MappingProxyType(
    {
        "laughs.html": (lambda: b"<html>" + LAUGHS.encode(), "&i;"),
        "styles in a circle.docx": (make_style_loop, "各村每月宣传1次。"),
        "numbers without end.docx": (make_huge_numbers, "宣传"),
        "a note on itself.docx": (make_endless_note, "［注1］注"),
        "tables in a few tables.docx": (lambda: make_nested_tables(60), "各村每月宣传1次。"),
        "before all columns.docx": (
            lambda: make_word(
                table(
                    '<w:trPr><w:gridBefore w:val="99999999"/></w:trPr>'
                    + cell("各村", '<w:gridSpan w:val="-5"/>')
                    + cell("1")
                )
            ),
            "各村\t1",
        ),
        "list that is its own style.docx": (
            lambda: make_word(
                numbered("各村每月宣传1次。"),
                numbering='<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
                + instance(1, 0),
                styles='<w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>',
            ),
            "各村每月宣传1次。",
        ),
        "macros.docm": (
            lambda: pack(
                {
                    "[Content_Types].xml": TYPES,
                    "word/document.xml": DOCUMENT,
                    "word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 AutoOpen Shell",
                    "word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                }
            ),
            "各村每月宣传1次。",
        ),
        "wide and deep.html": (
            lambda: b"<html><table><tr><td colspan=999999999 rowspan=999999999>x<td>y</tr><tr><td>z</table>",
            "x",
        ),
        "lengths that lie.pdf": (
            lambda: make_pdf([show("各村每月宣传一次。", 72, 700)]).replace(b"/Length 7", b"/Length 9999999997"),
            "各村每月宣传一次。",
        ),
        "script.pdf": (
            lambda: make_pdf([show("各村每月宣传一次。", 72, 700)]).replace(
                b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
            ),
            "各村每月宣传一次。",
        ),
    }
)
DOCUMENT = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>各村每月宣传1次。</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_dangerous_is_read_and_stays_small(name: str) -> None:
    make, words = HARMLESS[name]

    document, problems = read_document(name, make())

    assert problems == ()
    assert document is not None
    assert words in document.text
    assert len(document.text) < 200_000


def test_a_relation_that_points_outside_the_package_leads_nowhere() -> None:
    parts = {
        "[Content_Types].xml": TYPES,
        "word/document.xml": DOCUMENT,
        "word/_rels/document.xml.rels": relate({"numbering": "../../../../etc/passwd", "styles": "file:///etc/passwd"}),
    }

    document, _ = read_document("方案.docx", pack(parts))

    assert document is not None
    assert document.text == "各村每月宣传1次。"


SAMPLES: Mapping[str, bytes] = MappingProxyType(
    {
        "docx": make_word(
            p(PLAN[0]) + numbered(PLAN[3]) + table(cell("各村") + cell("每月1次")),
            numbering=abstract(0, level(0, "chineseCounting", "%1、")) + instance(1, 0),
        ),
        "html": f"<html><meta charset=gb2312><ol><li>{PLAN[3]}</ol><table><tr><td>甲<td>乙</table></html>".encode(
            "gbk"
        ),
        "pdf": print_plan(),
        "txt": "\n".join(PLAN).encode("gb18030"),
    }
)
STARTS: Mapping[str, bytes] = MappingProxyType(
    {"docx": b"PK\x03\x04", "html": b"<html>", "pdf": b"%PDF-1.7\n", "txt": b""}
)
many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@st.composite
def spoil(draw: st.DrawFn, content: bytes, start: bytes) -> bytes:
    """The file cut short, with bits turned over, a piece of it doubled, or any bytes behind the right first ones."""
    way = draw(st.sampled_from(["cut", "flip", "double", "random"]))
    if way == "cut":
        return content[: draw(st.integers(0, len(content)))]
    if way == "random":
        return start + draw(st.binary(max_size=2000))
    if way == "double":
        at, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        return content[:end] + content[at:end] + content[end:]
    spoilt = bytearray(content)
    for at in draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=20)):
        spoilt[at] ^= 1 << draw(st.integers(0, 7))
    return bytes(spoilt)


def check_answer(answer: Found | Problem) -> None:
    """Text that can be stored, or one problem with its sentence; as the child would say it and the site take it."""
    if isinstance(answer, Problem):
        assert "请" in describe_problem(answer)
        return
    assert 0 < len(answer.text) <= MAX_CHARACTERS
    assert "\x00" not in answer.text
    assert apart._check_answer(render_answer(answer).encode()) == answer


@pytest.mark.parametrize("format_", ["docx", "html", "txt"])
@many
@given(st.data())
def test_any_bytes_give_text_or_one_problem(format_: str, data: st.DataObject) -> None:
    check_answer(read_inside(format_, data.draw(spoil(SAMPLES[format_], STARTS[format_]))))


@settings(many, max_examples=12)
@given(spoil(SAMPLES["pdf"], STARTS["pdf"]))
def test_any_bytes_of_a_pdf_give_text_or_one_problem(content: bytes) -> None:
    """Apart, since PDFium is no Python: what it may do to a process is not to be done to this one."""
    document, problems = read_document("方案.pdf", content)

    assert (document is None) == any(problem.severity == "error" for problem in problems)
    assert all(problem.code.startswith("document.") for problem in problems)


@many
@given(
    st.sampled_from(["w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:ins", "w:del", "w:fldChar"]), st.data()
)
def test_elements_in_any_order_give_text_or_one_problem(name: str, data: st.DataObject) -> None:
    """XML that is sound, and a document that no program ever wrote."""
    inside = ("w:p", "w:tbl", "w:tr", "w:tc", "w:r", "w:t", "w:pPr", "w:numPr", "w:txbxContent", "w:drawing")
    names = st.sampled_from([name, *inside])

    def nest(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(names, st.lists(inner, max_size=4)).map(lambda it: f"<{it[0]}>{''.join(it[1])}</{it[0]}>")

    body = data.draw(st.recursive(st.just("各村"), nest, max_leaves=30))

    check_answer(read_inside("docx", make_word(body)))


broken_answers = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "text", "problems", "code", "params", "severity"]), inner, max_size=6
        )
    ),
    max_leaves=12,
)


@given(broken_answers.map(json.dumps).map(str.encode) | st.binary(max_size=200))
def test_an_answer_of_another_form_is_taken_for_a_broken_document(answer: bytes) -> None:
    with suppress(RefusedError):
        found = apart._check_answer(answer)
        assert found.kind in ("txt", "docx", "pdf", "html", "doc")
        assert isinstance(found.text, str)


@pytest.mark.parametrize(
    "answer",
    [
        b'{"kind": "exe", "text": "a", "problems": []}',
        b'{"kind": "pdf", "text": "\\ud800", "problems": []}',
        json.dumps({"kind": "pdf", "text": "a" * (MAX_CHARACTERS + 1), "problems": []}).encode(),
        b" " * apart.MAX_ANSWER_BYTES + b'{"kind": "pdf", "text": "a", "problems": []}',
        b"[" * 100_000,
        b"",
    ],
)
def test_an_answer_that_could_do_harm_is_not_taken(answer: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        apart._check_answer(answer)

    assert refused.value.problem.code == "document.broken"


POSIX = pytest.mark.skipif(os.name != "posix", reason="this system has no such limits")
SMALL = make_word(p("各村每月宣传1次。"))


@POSIX
def test_a_reader_that_wants_more_memory_than_it_may_have_is_one_problem() -> None:
    """Hundreds of thousands of elements need far more than this; a page of text needs far less."""
    few = Limits(memory=192 * MEGABYTE)

    assert read_document("方案.docx", SMALL, few)[1] == ()
    assert read_document("方案.pdf", print_plan(), few)[1] == ()
    assert read_document("方案.html", SAMPLES["html"], few)[1] == ()
    _, problems = read_document("方案.docx", make_many_elements(600_000), few)
    assert [problem.code for problem in problems] == ["document.too-costly"]


@POSIX
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("many lines.docx", lambda: make_many_elements(300_000)),
        ("unpacks.pdf", lambda: make_packed_page(40 * MEGABYTE)),
    ],
)
def test_what_swells_is_one_problem_and_never_takes_more_memory_than_the_limit(
    name: str, make: Callable[[], bytes], tmp_path: Path
) -> None:
    """The most that the child ever held, as the system counted it, whether it died or not."""
    (tmp_path / "content").write_bytes(make())
    measure = (
        "import resource, sys; from wuzha.adapters.documents import Limits, read_document; from pathlib import Path;"
        "few = Limits(memory=int(sys.argv[3]));"
        "document, problems = read_document(sys.argv[1], Path(sys.argv[2]).read_bytes(), few);"
        "print(document is None, *(problem.code for problem in problems));"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    memory = 128 * MEGABYTE

    done = subprocess.run(
        [sys.executable, "-c", measure, name, tmp_path / "content", str(memory)],
        capture_output=True,
        text=True,
        check=True,
    )

    told, held = done.stdout.splitlines()
    assert told in ("True document.too-costly", "True document.too-long")
    assert int(held) < memory / 1024


def test_a_page_is_given_up_where_its_signs_are_too_many_and_before_they_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = ["".join(show("宣" * 50, 10, 700 - at, 1) for at in range(6)), show("宣" * 50, 10, 700)]
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 320)

    with pytest.raises(RefusedError) as together:
        pdf.read(make_pdf(pages))
    with pytest.raises(RefusedError) as alone:
        pdf.read(make_pdf([pages[0] * 2]))

    assert [error.value.problem.code for error in (together, alone)] == ["document.too-long"] * 2
    assert pdf.read(make_pdf(pages[:1])).text.count("宣") == 300


@POSIX
def test_a_reader_out_of_processor_time_is_one_problem() -> None:
    _, problems = read_document("方案.docx", make_word(p("宣") * 500_000), Limits(cpu_s=0))

    assert [problem.code for problem in problems] == ["document.too-costly"]


def test_a_reader_out_of_time_is_one_problem() -> None:
    _, problems = read_document("方案.docx", SMALL, Limits(wall_s=0.001))

    assert [problem.code for problem in problems] == ["document.too-costly"]


def ends_within(stat: Path, limit_s: float) -> bool:
    """Whether the process is gone or no more than an entry; the system takes a moment to carry out a kill."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        try:
            if stat.read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_a_process_out_of_time_is_ended_with_all_that_it_started() -> None:
    start = (
        "import subprocess, sys, time;"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True);"
        "time.sleep(60)"
    )
    started = time.monotonic()

    code, answer = run_bound([sys.executable, "-c", start], b"", 1.5)

    assert time.monotonic() - started < 30
    assert code is None
    if Path("/proc").is_dir():
        assert ends_within(Path(f"/proc/{int(answer)}/stat"), 5)


def test_an_answer_without_end_is_cut_and_its_writer_ended() -> None:
    write = "import sys\nwhile True: sys.stdout.write('a' * 65536)"

    code, answer = run_bound([sys.executable, "-c", write], b"", 1.5)

    assert code != 0
    assert len(answer) <= apart.MAX_ANSWER_BYTES + 1


def test_a_child_that_takes_no_input_does_not_hold_up_the_site() -> None:
    code, answer = run_bound([sys.executable, "-c", "print(1)"], bytes(5 * MEGABYTE), 10)

    assert (code, answer.strip()) == (0, b"1")


def test_the_child_knows_no_secrets_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUZHA_SECRET_KEY", "geheim")
    show_all = "import os; print(dict(os.environ))"

    _, answer = run_bound([sys.executable, "-c", show_all], b"", 10)

    assert b"PYTHONPATH" in answer
    assert b"geheim" not in answer


def test_where_the_system_has_no_limits_the_document_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_resource", None)

    limits.set_limits(1, 0, 1)

    assert read_apart("docx", SMALL, Limits()).text == "各村每月宣传1次。"


def test_only_so_many_documents_are_read_at_once_and_then_the_next_ones_turn_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "PATIENCE_S", 0.01)
    with Slot(), Slot():
        _, problems = read_document("方案.docx", SMALL)
        assert [problem.code for problem in problems] == ["document.busy"]

    assert read_document("方案.docx", SMALL)[1] == ()


def test_a_long_text_whose_reading_would_take_too_long_never_reaches_the_site() -> None:
    """Thousands of ratios in a row are the dearest that the rules of the core can be given."""
    dear, honest = ("20%" * 30_000).encode(), ("各村每月宣传1次。\n" * 2_100).encode()

    document, problems = read_document("方案.txt", dear, Limits(signs_a_second=1_000_000))

    assert document is None
    assert [problem.code for problem in problems] == ["document.too-costly"]
    assert read_document("方案.txt", honest + b"\n" * 40_000)[1] == ()


def test_reading_apart_and_once_more_on_the_site_is_over_in_twenty_seconds() -> None:
    assert TOTAL_S + MAX_CHARACTERS_ON_THE_SITE / Limits().signs_a_second <= 20
    assert Limits().wall_s <= TOTAL_S


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NAMES = ("方案.doc", "方案.docx", "方案.txt", "方案.wps", "方案.xls", "方案.html", "方案.pdf", "方案", ".doc")
BEGINNINGS = (OLE, OLE[:4], b"PK\x03\x04", b"{\\rtf", b"\xff\xfe<html", b"")
STREAMS = ("WordDocument", "EncryptedPackage", "Workbook", "1Table", "\x05SummaryInformation")


def tell(name: str, content: bytes) -> tuple[str, Problem | None]:
    try:
        return tell_format(name, content), None
    except RefusedError as refused:
        return "", refused.problem


@given(
    st.sampled_from(NAMES),
    st.sampled_from(BEGINNINGS),
    st.lists(st.binary(max_size=60) | st.sampled_from(STREAMS).map(lambda name: name.encode("utf-16-le")), max_size=6),
)
def test_any_bytes_are_told_to_be_a_known_format_or_refused_with_a_sentence(
    name: str, start: bytes, parts: list[bytes]
) -> None:
    content = start + b"".join(parts)

    format_, problem = tell(name, content)

    assert format_ in ("", "doc", "docx", "html", "pdf", "txt")
    assert format_ != "doc" or (content.startswith(OLE) and "WordDocument".encode("utf-16-le") in content)
    assert (problem is None) or "请" in describe_problem(problem)


@pytest.mark.skipif(not any(map(shutil.which, (*OFFICES, ANTIWORD))), reason="needs LibreOffice or antiword")
@settings(many, max_examples=3, phases=[Phase.generate])
@given(st.lists(st.tuples(st.integers(512, len(OLD_WORD) - 1), st.integers(1, 255)), min_size=20, max_size=60))
def test_any_bytes_of_an_old_word_file_give_text_or_one_problem(turned: list[tuple[int, int]]) -> None:
    """All behind the first bytes, so that the program has to look at them; starting it takes a second."""
    spoilt = bytearray(OLD_WORD)
    for at, bits in turned:
        spoilt[at] ^= bits

    document, problems = read_document("方案.doc", bytes(spoilt))

    assert (document is None) == any(problem.severity == "error" for problem in problems)
    assert all("请" in describe_problem(problem) for problem in problems)
