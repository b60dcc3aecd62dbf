"""The same plan in every format asks the same things, and each quote stands at its place in the text that is shown."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.adapters.papers import PLAN, abstract, instance, level, make_word, numbered, p, print_plan
from wuzha.adapters.documents import Document, antiword, read_document
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import Demand

FIXTURES = Path(__file__).parent / "fixtures"
STYLES = ("一、", "（一）", "1.")


def make_plan_word() -> bytes:
    """The numbers of the outline are automatic ones, as in any file that an office wrote."""
    body = p(PLAN[0]) + "".join(_number(line) for line in PLAN[1:])
    levels = (level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3."))
    return make_word(body, numbering=abstract(0, *levels) + instance(1, 0))


def _number(line: str) -> str:
    for at, heads in enumerate(("一二三", "（", "12")):
        if line[0] in heads:
            return numbered(line[len(STYLES[at]) :], level=at)
    return p(line)


def make_plan_html() -> bytes:
    lines = "".join(f"<p style='text-indent:2em'>{line}</p>\n" for line in PLAN[1:])
    page = f"<html><head><meta charset=gb2312></head><body><nav>首页</nav><h1>{PLAN[0]}</h1>{lines}</body></html>"
    return page.encode("gbk")


MAKERS: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "方案.txt": lambda: "\n".join(PLAN).encode("gb18030"),
        "方案.docx": make_plan_word,
        "方案.html": make_plan_html,
        "方案.pdf": print_plan,
        "办公软件.pdf": (FIXTURES / "plan.pdf").read_bytes,
    }
)


def read(name: str) -> Document:
    document, problems = read_document(name, MAKERS[name]())
    assert problems == ()
    assert document is not None
    return document


def list_demands(text: str) -> list[Demand]:
    """What is asked, but for where it stands: one format has a blank that another has not."""
    return [replace(demand, span=(0, 0), quote="".join(demand.quote.split())) for demand in read_plan(text).demands]


@pytest.mark.parametrize("name", MAKERS)
def test_every_format_asks_the_same(name: str) -> None:
    expected = list_demands("\n".join(PLAN))

    assert len(expected) >= 6
    assert list_demands(read(name).text) == expected


@pytest.mark.parametrize("name", MAKERS)
def test_every_quote_stands_at_its_place_in_the_text_that_is_shown(name: str) -> None:
    document = read(name)
    reading = read_plan(document.text)

    for demand in (*reading.demands, *reading.vague):
        start, end = demand.span
        assert document.text[start:end] == demand.quote
    assert reading.demands


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice: scripts/bootstrap office")
def test_an_old_word_file_asks_the_same(tmp_path: Path) -> None:
    (tmp_path / "plan.docx").write_bytes(make_plan_word())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "plan.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=60)

    document, problems = read_document("方案.doc", (tmp_path / "plan.doc").read_bytes())

    assert problems == ()
    assert document is not None
    assert document.kind == "doc"
    assert list_demands(document.text) == list_demands("\n".join(PLAN))


def test_without_a_program_for_it_an_old_word_file_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    _, problems = read_document("方案.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"))

    assert [problem.code for problem in problems] == ["document.old-word"]


def test_the_text_that_antiword_writes_has_its_rows_again_and_tells_that_numbers_are_missing() -> None:
    written = (
        "\n石桥县方案\n|序号     |任务                 |单位   |\n|1        |各村每月宣传不少于1次|各村   |"
        "\n|         |，悬挂横幅           |       |\n|2        |班会                 |学校   |\n\n完\n"
    )

    found = antiword.read(written.encode())

    assert found.text.split("\n") == [
        "", "石桥县方案", "序号\t任务\t单位", "1\t各村每月宣传不少于1次，悬挂横幅\t各村", "2\t班会\t学校", "", "完",
    ]  # fmt: skip
    assert [(problem.code, problem.severity) for problem in found.told] == [("document.numbers-lost", "warning")]
