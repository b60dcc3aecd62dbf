"""The monthly table as a workbook: opened by another library, computed anew by LibreOffice, and printed."""

import io
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

from tests.core.monthly_cases import make_table
from wuzha.adapters.paper.cached import fill_values
from wuzha.adapters.paper.sheet import FIRST_ROW, list_source_rows, render_xlsx
from wuzha.core.paper.column import Column, ShareOf
from wuzha.core.paper.month import Cell, MonthlyTable
from wuzha.core.paper.month_words import is_said_in_counts, say_cell, say_marks

EXAMPLES = Path(__file__).parents[1] / "core/monthly/months.yaml"
DOCUMENT = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
NEEDS_OFFICE = pytest.mark.skipif(which("soffice") is None, reason="needs LibreOffice: scripts/bootstrap office")
HOSTILE = [
    {"code": "C", "name": "石桥县", "kind": "county"},
    {"code": "T", "name": "=1+1", "kind": "town", "parent": "C"},
    {"code": "V", "name": '=HYPERLINK("http://x.invalid","看")', "kind": "village", "parent": "T"},
    {"code": "W", "name": "@SUM(A1:A9)", "kind": "village", "parent": "T"},
    {"code": "X", "name": "-2+3\u0007", "kind": "village", "parent": "T"},
]
TYPED = {"V": {"problems": "+86 打不通", "highlights": "=cmd|' /C calc'!A0"}}


def make_example(number: int) -> MonthlyTable:
    return make_table(DOCUMENT["units"], DOCUMENT["cases"][number])


def find_example(words: str) -> MonthlyTable:
    return make_example(next(n for n, case in enumerate(DOCUMENT["cases"]) if words in case["say"]))


def open_sheet(table: MonthlyTable, name: str = "工作进展情况表") -> Any:
    return load_workbook(io.BytesIO(render_xlsx(table)))[name]


def convert(files: dict[str, bytes], folder: Path, to: str) -> Path:
    """The folder of the workbooks as LibreOffice writes them anew, formulas computed."""
    outdir, profile = folder / "anew", f"-env:UserInstallation=file://{folder}/profile"
    paths = [folder / f"{name}.xlsx" for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(outdir)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=300)
    return outdir


def test_the_sheet_is_set_up_for_printing_and_reading() -> None:
    table = find_example("每月算到20日")
    sheet = open_sheet(table)

    assert sheet["A1"].value == "石桥县工作进展情况表（2026年11月）"
    assert "2026年10月21日至2026年11月20日" in sheet["A2"].value
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.print_title_cols) == ("C6", "$3:$5", "$A:$B")
    assert "&P" in sheet.oddFooter.right.text
    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert {"A3:A5", "B3:B5", "C3:D3", "E3:K3"} <= merged
    assert sheet["C3"].value == "基本情况"
    assert [sheet.cell(4, n).value for n in (5, 6, 7, 8)] == ["本月", "上月", "去年同期", "环比"]
    groups = [sheet.cell(3, n).value for n in range(3, sheet.max_column + 1) if sheet.cell(3, n).value]
    assert len(groups) == len(set(groups)) == len({column.group for column in table.columns})


def test_imported_and_typed_columns_are_marked() -> None:
    table = find_example("填的和导入的")
    sheet = open_sheet(table)

    for place, column in enumerate(table.columns, start=3):
        word = {"imported": "导入", "typed": "填报"}.get(column.source, "")
        assert word in (sheet.cell(5, place).value or "")
        fill = sheet.cell(4, place).fill.fgColor.rgb
        assert (fill == "00E8EFF8") == (column.source in ("computed", "signed"))


def test_a_page_ends_between_groups() -> None:
    table = find_example("每月算到20日")
    sheet = open_sheet(table)

    breaks = [one.id - 2 for one in sheet.col_breaks.brk]
    assert breaks
    assert all(table.columns[at - 1].group != table.columns[at].group for at in breaks)


def test_names_and_words_that_look_like_formulas_stay_words() -> None:
    table = make_table(HOSTILE, {"month": "2026-11", "typed": TYPED})
    book = load_workbook(io.BytesIO(render_xlsx(table)))

    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]
    hostile = [cell for cell in texts if str(cell.value)[:1] in "=+-@"]
    assert {"=1+1（本级）", "=1+1小计", "@SUM(A1:A9)", "-2+3", "+86 打不通"} <= {cell.value for cell in hostile}
    assert all(cell.quotePrefix for cell in hostile)
    formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    assert all(str(text).startswith(("=SUM(", "=IF(")) for text in formulas)


def test_the_sheet_of_sources_names_definition_filter_and_count_of_each_figure() -> None:
    table = find_example("每月算到20日")
    sheet = open_sheet(table, "来源")

    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=2)}
    shown = sum(cell.is_known or cell.is_unknown for row in table.rows for cell in row.cells)
    assert len(rows) == shown == sheet.max_row - 1
    place, number = table.places["talks_year"], next(n for n, row in enumerate(table.rows) if row.unit.code == "V")
    at = open_sheet(table).cell(FIRST_ROW + number, 3 + place).coordinate
    assert rows[at][1:4] == ["柳湾村", "宣讲活动·累计场次", 2]
    assert rows[at][4] == "累计宣讲的场次（系统算出）"
    assert rows[at][5] == "柳湾村；记录种类：宣讲；2026年1月1日至2026年11月20日"
    assert rows[at][6] == 2


def test_a_figure_in_the_sheet_of_sources_is_the_number_in_the_table() -> None:
    """So that a clerk can compare the two by a formula."""
    table = find_example("没有基数的")
    book = load_workbook(io.BytesIO(render_xlsx(table)), data_only=True)
    shown_in, sources = book.worksheets
    told = {str(row[0].value): row[3] for row in sources.iter_rows(min_row=2)}

    numbers = 0
    for at, cell in told.items():
        ((one,),) = shown_in[f"{at}:{at}"]
        shown = one.value
        assert shown is None or cell.value == (shown if isinstance(shown, str) else pytest.approx(shown)), at
        numbers += isinstance(cell.value, int | float)
    assert numbers > 100
    assert any(cell.number_format == "0.0%" for cell in told.values())


def test_a_figure_without_records_of_its_own_has_the_page_that_tells_of_it() -> None:
    table = find_example("没有基数的")
    rows = list_source_rows(table, page=lambda row, column: f"/{row.unit.code}/{column.code}/")

    found = {(row[1], row[2]): row[8] for row in rows}
    assert found["柳湾村", "方案任务（累计）·应办"] == "/V/duties_expected/"
    assert found["柳湾村", "基本情况·户数"] == "/V/households/"
    assert found["河口村", "基本情况·常住人口"] == "", "what is not known has no page"


@pytest.mark.parametrize("number", range(len(DOCUMENT["cases"])))
def test_what_each_formula_comes_to_stands_beside_it(number: int) -> None:
    """For programs that compute nothing; whoever corrects a figure has everything computed anew."""
    table = make_example(number)
    content = render_xlsx(table)
    shown = load_workbook(io.BytesIO(content), data_only=True)["工作进展情况表"]
    written = load_workbook(io.BytesIO(content))["工作进展情况表"]

    formulas = [cell.coordinate for row in written.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    for at, row in enumerate(table.rows):
        for place, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
            told = shown.cell(FIRST_ROW + at, 3 + place).value
            assert told == expect(column, cell), f"{row.unit.name} {column.code}"


def test_a_value_too_few_is_noticed() -> None:
    content = render_xlsx(make_example(0))
    with pytest.raises(ValueError, match="1"):
        fill_values(content, "xl/worksheets/sheet1.xml", [1])


def test_the_sources_are_looked_up_and_not_printed() -> None:
    sheet = open_sheet(find_example("每月算到20日"), "来源")
    assert sheet.print_area == "'来源'!$A$1:$I$1"
    assert sheet.max_row > 100
    assert "不随表打印" in sheet.oddHeader.center.text


@NEEDS_OFFICE
def test_formulas_computed_anew_give_the_values_of_the_table(tmp_path: Path) -> None:
    tables = {str(number): make_example(number) for number in range(len(DOCUMENT["cases"]))}

    folder = convert({name: render_xlsx(table) for name, table in tables.items()}, tmp_path, "xlsx")

    for name, table in tables.items():
        computed = load_workbook(folder / f"{name}.xlsx", data_only=True)["工作进展情况表"]
        for number, row in enumerate(table.rows):
            for place, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
                told = computed.cell(FIRST_ROW + number, 3 + place).value
                assert told == expect(column, cell), f"{name} {row.unit.name} {column.code}"


def expect(column: Column, cell: Cell) -> Any:
    """What a spreadsheet holds there: a number where the table has one, else the table's own words."""
    if column.is_text or cell.value is None or is_said_in_counts(cell):
        return say_cell(cell, column) or None
    is_percent = isinstance(column.counts, ShareOf) and column.counts.per == 100
    return pytest.approx(float(cell.value) / (100 if is_percent else 1), abs=1e-9)


@NEEDS_OFFICE
def test_the_table_is_printed_on_a4_landscape_with_heads_on_every_page(tmp_path: Path) -> None:
    table = find_example("每月算到20日")
    path = convert({"table": render_xlsx(table)}, tmp_path, "pdf") / "table.pdf"

    told = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    assert "841.89 x 595.304 pts (A4)" in told or "841.9 x 595.3" in told
    sheet = open_sheet(table)
    pages = len(sheet.col_breaks.brk) + 1
    for page in range(1, pages + 1):
        text = read_page(path, page)
        assert "石桥县工作进展情况表（2026年11月）" in text
        assert "柳湾村" in text
        assert f"第 {page} 页" in text
    # So many and no more: each page holds the columns that are meant for it.
    assert "怎么算的" in read_page(path, pages + 1)


def read_page(path: Path, page: int) -> str:
    command = ["pdftotext", "-layout", "-f", str(page), "-l", str(page), str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_a_mark_stands_in_the_format_and_the_number_stays_a_number() -> None:
    table = find_example("没人报的发案")
    sheet = open_sheet(table)

    cells = [
        (sheet.cell(FIRST_ROW + n, 3 + at), cell)
        for n, row in enumerate(table.rows)
        for at, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True))
        if row.kind != "unit" and cell.is_known and column.adds_up and say_marks(cell)
    ]
    assert cells
    assert all(one.number_format.endswith(f'"{say_marks(cell)}"') for one, cell in cells)


def test_a_row_is_as_high_as_its_words_need() -> None:
    long = {"V": {"problems": "外出务工的村民不好找，" * 12, "highlights": "赶集日\n讲反诈"}}
    table = make_table(HOSTILE, {"month": "2026-11", "typed": long})
    sheet = open_sheet(table)
    number = next(n for n, row in enumerate(table.rows, start=FIRST_ROW) if row.unit.code == "V")

    assert sheet.row_dimensions[number].height >= 9 * 14
    assert sheet.row_dimensions[number + 1].height is None
