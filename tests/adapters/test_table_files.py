"""A table as a file: what it says of itself, what a cell may hold, and how it prints."""

import csv
import io
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from shutil import which

import openpyxl
import pytest

from wuzha.adapters.table_export import Column, Kind, Sheet, Table, Value, stream_csv, stream_xlsx

HEADS = ("单位", "编码", "数量", "完成率", "日期", "时间")
KINDS: tuple[Kind, ...] = ("text", "text", "number", "share", "text", "text")
ROW: tuple[Value, ...] = (
    "柳湾村",
    "320117001002",
    1234,
    Fraction(1, 3),
    date(2026, 3, 20),
    datetime(2026, 3, 20, 1, 5, tzinfo=UTC),
)


def make_sheet(*rows: Sequence[Value], heads: Sequence[str] = HEADS, kinds: Sequence[Kind] = KINDS) -> Sheet:
    return Sheet("完成情况", "范围：石桥县。 共 1 行。", heads, kinds, rows, lambda n: f"完，共 {n} 行")


def read_csv(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(stream_csv(sheet)).decode("utf-8-sig"))))


def open_xlsx(sheet: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(stream_xlsx(sheet))))


def test_excel_takes_a_text_file_for_utf_8_by_its_first_bytes() -> None:
    assert b"".join(stream_csv(make_sheet(ROW))).startswith(b"\xef\xbb\xbf")


def test_numbers_days_and_shares_are_what_they_are() -> None:
    cells = open_xlsx(make_sheet(ROW)).worksheets[0][4]

    assert [cell.data_type for cell in cells] == ["s", "s", "n", "n", "d", "d"]
    assert (cells[2].value, cells[3].number_format) == (1234, "0.0%")
    assert cells[3].value == pytest.approx(1 / 3, abs=1e-6)
    assert cells[4].value == datetime(2026, 3, 20)  # noqa: DTZ001  # a workbook knows no time zone
    assert cells[5].value == datetime(2026, 3, 20, 9, 5)  # noqa: DTZ001  # told in Beijing's time


def test_a_text_file_tells_the_same_in_plain_words() -> None:
    assert read_csv(make_sheet(ROW))[3] == [
        "柳湾村",
        "\t320117001002",
        "1234",
        "0.333333",
        "2026-03-20",
        "2026-03-20 09:05",
    ]


@pytest.mark.parametrize("code", ["320117001002", "007", "13800000000000000"])
def test_long_digits_and_zeros_in_front_stay_a_text(code: str) -> None:
    assert open_xlsx(make_sheet((code, "", None, None, None, None))).worksheets[0]["A4"].data_type == "s"
    assert read_csv(make_sheet((code, "", None, None, None, None)))[3][0] == f"\t{code}"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", '=HYPERLINK("//x")'])
def test_no_cell_is_computed_when_it_is_opened(text: str) -> None:
    row = (text, *ROW[1:])
    cell = open_xlsx(make_sheet(row)).worksheets[0]["A4"]

    assert cell.data_type == "s"
    assert cell.value == f"'{text}"
    assert read_csv(make_sheet(row))[3][0] == f"'{text}"


@pytest.mark.parametrize("number", [0, -3, Decimal("12.50"), Fraction(-7, 2), 1e-7, 10**17])
def test_a_number_stays_a_number_even_below_nothing(number: Value) -> None:
    row = ("柳湾村", "", number, None, None, None)
    cell = open_xlsx(make_sheet(row)).worksheets[0]["C4"]

    assert cell.data_type == "n"
    assert float(cell.value) == pytest.approx(float(number), abs=1e-6)  # type: ignore[arg-type]  # every one is a number
    assert "e" not in read_csv(make_sheet(row))[3][2].lower()


def test_what_is_not_known_is_an_empty_cell_and_never_a_nought() -> None:
    sheet = open_xlsx(make_sheet(("柳湾村", "", None, None, None, None))).worksheets[0]

    assert sheet["C4"].value is None
    assert read_csv(make_sheet(("柳湾村", "", None, None, None, None)))[3][2:] == ["", "", "", ""]


def test_signs_that_a_workbook_cannot_hold_are_left_out() -> None:
    assert open_xlsx(make_sheet(("柳\x00湾\x0b村", *ROW[1:]))).worksheets[0]["A4"].value == "柳湾村"


def test_markup_in_a_name_is_text() -> None:
    assert open_xlsx(make_sheet(("<b>&柳湾村", *ROW[1:]))).worksheets[0]["A4"].value == "<b>&柳湾村"


def test_the_sheet_says_what_it_is_first_and_that_it_is_whole_last() -> None:
    rows = list(open_xlsx(make_sheet(ROW, ROW)).worksheets[0].iter_rows(values_only=True))

    assert [row[0] for row in rows[:3]] == ["完成情况", "范围：石桥县。 共 1 行。", "单位"]
    assert rows[-1][0] == "完，共 2 行"


def test_a_text_file_cut_short_lacks_its_last_line() -> None:
    rows = [ROW] * 2_000
    pieces = list(stream_csv(make_sheet(*rows)))

    assert len(pieces) > 2
    assert "完，" not in b"".join(pieces[:-1]).decode("utf-8-sig", "ignore")
    assert "完，共 2000 行" in pieces[-1].decode()


def test_a_workbook_cut_short_does_not_open() -> None:
    pieces = list(stream_xlsx(make_sheet(*[ROW] * 2_000)))

    with pytest.raises(zipfile.BadZipFile):
        openpyxl.load_workbook(io.BytesIO(b"".join(pieces[:-1])))


def test_it_prints_on_a4_across_with_its_heads_on_every_page() -> None:
    sheet = open_xlsx(make_sheet(ROW)).worksheets[0]

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$3:$3", "$A:$A")
    assert sheet.freeze_panes == "B4"
    assert sheet["A4"].font.name == "宋体"


def test_a_table_too_wide_for_one_page_prints_on_several() -> None:
    heads = [f"任务{number} 已完成" for number in range(80)]
    sheet = Sheet("完成情况", "", heads, ["number"] * 80, [list(range(80))], str)

    pages = open_xlsx(sheet).worksheets[0].page_setup.fitToWidth

    assert pages is not None
    assert 3 <= pages <= 6


def test_a_row_is_as_high_as_its_longest_text() -> None:
    sheet = open_xlsx(make_sheet(("柳湾村、" * 40, *ROW[1:]), ROW)).worksheets[0]

    assert sheet.column_dimensions["A"].width == 44
    assert sheet.row_dimensions[4].height == 16 * 8
    assert sheet.row_dimensions[5].height is None


def test_a_column_is_as_wide_as_what_stands_there() -> None:
    sheet = open_xlsx(make_sheet(("石桥县公安局反诈宣传中队", *ROW[1:]))).worksheets[0]

    assert sheet.column_dimensions["A"].width >= 24
    assert sheet.column_dimensions["B"].width >= 12


@pytest.mark.parametrize("title", ["完成/未完成 [1]: *?", "长" * 60, "'"])
def test_any_title_makes_a_name_that_a_sheet_may_have(title: str) -> None:
    sheet = Sheet(title, "", ("甲",), ("text",), [("乙",)], str)

    assert 1 <= len(open_xlsx(sheet).sheetnames[0]) <= 31


def test_a_table_without_rows_is_a_whole_file_too() -> None:
    assert [row[0].value for row in open_xlsx(make_sheet()).worksheets[0].iter_rows()][-1] == "完，共 0 行"
    assert len(read_csv(make_sheet())) == 4


def test_columns_may_be_made_when_they_are_asked_for() -> None:
    table = Table("units", "单位", lambda: [Column("单位", str)], ["柳湾村"])

    assert [column.title for column in table.list_columns()] == ["单位"]


class Rows:
    """As many rows as are asked for, none of them kept."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for number in range(self.size):
            yield (f"第{number}村", f"3201{number:08}", number, Fraction(1, 3), date(2026, 3, 20), None)


@pytest.mark.parametrize("stream", [stream_csv, stream_xlsx])
def test_many_rows_take_no_more_memory_than_few(stream: object) -> None:
    peaks = [measure(stream, size) for size in (2_000, 2_000, 6_000)]

    assert peaks[2] < 1.3 * peaks[1]


def measure(stream: object, size: int) -> int:
    sheet = Sheet("表", "", HEADS, KINDS, Rows(size), str)
    tracemalloc.start()
    try:
        for _piece in stream(sheet):  # type: ignore[operator]  # one of the two above
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_prints_it(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(b"".join(stream_xlsx(make_sheet(*[ROW] * 90))))
    home = f"-env:UserInstallation=file://{tmp_path / 'home'}"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "表.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)

    assert (tmp_path / "表.pdf").read_bytes().startswith(b"%PDF")
