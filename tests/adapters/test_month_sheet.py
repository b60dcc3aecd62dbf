"""A sheet of the columns that other offices count: read, refused with its cells, and never taking unknown for 0."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from wuzha.adapters.month_sheet import read_month_sheet, write_month_template
from wuzha.adapters.monthly_columns import load_columns
from wuzha.adapters.wording.problem import describe_problem

COLUMNS = tuple(load_columns().values())
UNITS = {"SQ0101": "柳湾村", "SQ0102": "东社区", "SQ0201": "东社区"}


def read_csv(*lines: str) -> Any:
    return read_month_sheet("预警.csv", "\n".join(lines).encode("gb18030"), COLUMNS, UNITS)


def write_book(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append([*row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def list_codes(sheet: Any) -> list[str]:
    return [f"{problem.code} {problem.source.row or ''}{problem.source.column}" for problem in sheet.problems]


def test_numbers_are_read_by_code_or_name_under_short_or_long_heads() -> None:
    sheet = read_csv("单位,预警劝阻·接收（条）,签收,止付", 'SQ0102,12,9,"1,203.50"', "柳湾村,3,,")

    assert sheet.cells == {
        "SQ0102": {"warnings_in": "12", "warnings_signed": "9", "stopped_yuan": "1203.5"},
        "SQ0101": {"warnings_in": "3"},
    }


def test_the_template_comes_back_as_it_was_filled_in() -> None:
    book = load_workbook(io.BytesIO(write_month_template(COLUMNS, UNITS)))
    sheet = book.active
    assert sheet is not None
    sheet["C2"], sheet["D3"] = 7, "不详"
    stream = io.BytesIO()
    book.save(stream)

    found = read_month_sheet("模板.xlsx", stream.getvalue(), COLUMNS, UNITS)

    assert found.cells == {"SQ0101": {"warnings_in": "7"}}
    assert found.problems == ()
    assert len(found.columns) == sum(column.source == "imported" for column in COLUMNS)


def test_groups_in_a_row_above_tell_columns_of_one_title_apart() -> None:
    heads = ["单位代码", "预警劝阻", None, "止付返还"], ["单位代码", "接收", "误报", "返还"]

    found = read_month_sheet("表.xlsx", write_book(*heads, ["SQ0101", 5, 1, 2]), COLUMNS, UNITS)

    assert found.cells == {"SQ0101": {"warnings_in": "5", "warnings_false": "1", "returned_yuan": "2"}}


@pytest.mark.parametrize("word", ["", "—", "不详", "不知道", "/"])
def test_what_is_not_known_stays_unknown_and_0_stays_0(word: str) -> None:
    sheet = read_csv("单位,接收,签收", f"柳湾村,{word},0")

    assert sheet.cells == {"SQ0101": {"warnings_signed": "0"}}
    assert not sheet.problems


def test_every_bad_cell_is_told_by_its_row_and_column() -> None:
    rows = ("柳湾村,三条,-1", "沙洲村,1,1", "东社区,1,1", "柳湾村,2,2", ",4,", "合计,9,9", "SQ0102,1.5,1e99")
    sheet = read_csv("单位,接收,签收", *rows)

    assert list_codes(sheet) == [
        "month.not-a-number 2B",
        "month.below-zero 2C",
        "month.unit-unknown 3",
        "month.unit-several 4",
        "month.unit-twice 5",
        "month.no-unit 6",
        "month.not-whole 8B",
        "month.too-large 8C",
    ]
    assert all(describe_problem(problem, "zh") for problem in sheet.problems)


def test_a_computed_column_is_passed_over_and_told() -> None:
    sheet = read_csv("单位,接收,宣讲场次", "柳湾村,1,99")

    assert sheet.cells == {"SQ0101": {"warnings_in": "1"}}
    assert [(problem.code, problem.severity) for problem in sheet.problems] == [("month.column-unread", "warning")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "month.no-heads"),
        ("谁,多少\n柳湾村,1".encode(), "month.no-heads"),
        ("单位,接收\n柳湾村,".encode(), "month.no-rows"),
        (b"PK\x03\x04broken", "record.file-not-a-spreadsheet"),
        ("单位,接收,接收\n柳湾村,1,1".encode(), "month.head-twice"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, code: str) -> None:
    sheet = read_month_sheet("表.csv", content, COLUMNS, UNITS)

    assert code in [problem.code for problem in sheet.problems]
    assert not sheet.cells or code == "month.head-twice"


def test_a_formula_that_was_never_computed_is_no_empty_cell() -> None:
    content = write_book(["单位", "接收"], ["柳湾村", "=1+1"])

    assert list_codes(read_month_sheet("表.xlsx", content, COLUMNS, UNITS)) == ["record.formula-unsaved 2B"]
