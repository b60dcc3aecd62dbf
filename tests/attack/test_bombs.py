"""Small files that unpack to large ones: refused in bounded time and memory, with a sentence that says what to do."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.attack.bombs import ROADS, WORKBOOKS, make_book, make_many_entries, replace_part, zip_up
from wuzha.adapters.documents import read_document
from wuzha.adapters.record_sheet import read_record_file
from wuzha.adapters.roads.read import read_shapes
from wuzha.adapters.spreadsheets import read_roster
from wuzha.adapters.wording.problem import describe_problem

# Beyond what Python and the readers take by themselves. Without the guards it was up to 3,200 MB.
MOST_MB = 220
MOST_S = 25
REMEDIES = ("请", "Please")
READ = """
import json, resource, sys, time
from tests.attack import bombs
from wuzha.adapters.roads.read import read_shapes
from wuzha.adapters.spreadsheets import read_roster
kind, name = sys.argv[1:]
content = {"book": bombs.WORKBOOKS, "roads": bombs.ROADS}[kind][name]()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.process_time()
_, problems = (read_roster if kind == "book" else read_shapes)("a.xlsx" if kind == "book" else "a.zip", content)
print(json.dumps({"mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024,
    "s": time.process_time() - begun, "codes": [problem.code for problem in problems]}))
"""
WORST = [("book", name) for name in ("styles", "levels", "empty rows", "a wide row")] + [("roads", "one long line")]


def read_apart(kind: str, name: str) -> dict[str, Any]:
    """What reading the bomb took, in a process of its own, whose memory is its own too."""
    done = subprocess.run(
        [sys.executable, "-c", READ, kind, name], capture_output=True, text=True, check=True, timeout=120
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize(("kind", "name"), WORST)
def test_a_bomb_takes_little_memory_and_little_time(kind: str, name: str) -> None:
    told = read_apart(kind, name)
    assert told["codes"]
    assert told["mb"] < MOST_MB
    assert told["s"] < MOST_S


@pytest.mark.parametrize(
    "name", ["names", "many cells", "one long tag", "rows of another language", "more than is unpacked", "quoted"]
)
def test_a_workbook_that_swells_is_refused_with_its_remedy(name: str) -> None:
    _, problems = read_roster("花名册.xlsx", WORKBOOKS[name]())
    assert [problem.code for problem in problems] in (["roster.too-costly"], ["roster.zip-bomb"])
    assert any(word in describe_problem(problems[0], "zh") for word in REMEDIES)


def test_the_same_guard_stands_before_records() -> None:
    found = read_record_file("台账.xlsx", WORKBOOKS["one long tag"]())
    assert [problem.code for problem in found.problems] == ["record.file-too-costly"]
    assert "请" in describe_problem(found.problems[0], "zh")


def test_a_workbook_of_very_many_parts_or_without_its_book_is_refused() -> None:
    assert [problem.code for problem in read_roster("a.xlsx", make_many_entries(2500))[1]] == ["roster.too-costly"]
    no_book = zip_up({"[Content_Types].xml": b"<Types/>", "a.xml": b""})
    assert [problem.code for problem in read_roster("a.xlsx", no_book)[1]] == ["roster.not-a-spreadsheet"]


def test_an_honest_workbook_of_many_rows_and_styles_is_read() -> None:
    book = make_book(("单位编码", "单位名称"), *((f"SQ{number}", "村") for number in range(3000)))
    problems = read_roster("a.xlsx", book)[1]
    assert {problem.code for problem in problems} == {"roster.header-missing"}
    styled = replace_part(book, "xl/media/styles.xml", [b"<a>" + b"<xf/>" * 64_000 + b"</a>"])
    assert {problem.code for problem in read_roster("a.xlsx", styled)[1]} == {"roster.header-missing"}


@pytest.mark.parametrize("name", [name for name in ROADS if name != "one long line"])
def test_roads_that_swell_are_refused_with_their_remedy(name: str) -> None:
    shapes, problems = read_shapes("道路.zip", ROADS[name]())
    assert not shapes
    assert problems
    assert describe_problem(problems[0], "zh")


def test_a_package_within_a_package_is_not_unpacked() -> None:
    inner = zip_up({"word/document.xml": bytes(60 * 1024 * 1024)})
    for _ in range(5):
        inner = zip_up({"[Content_Types].xml": b"<Types/>", "word/document.xml": inner})
    document, problems = read_document("方案.docx", inner)
    assert document is None or not document.text
    assert problems
