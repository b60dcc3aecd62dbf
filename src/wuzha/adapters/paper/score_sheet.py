"""The table of scores as a workbook: each item of each unit, sums as formulas, and a sheet of where figures come from.

It is made from the paper as it is kept, so that both always say the same. Text is never taken for a formula.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from wuzha.adapters.paper.cached import Value, fill_values
from wuzha.core.ledger.sheet import guard_text
from wuzha.core.paper.model import Figure, Grid, Paper, Span
from wuzha.core.paper.score_paper import SUMS, WHOLE

HEAD_ROW = 4
A4, NAME_WIDTH, FIGURE_WIDTH = 9, 18, 8
SOURCE_HEADS = ("数", "怎么算的", "从哪些记录算", "份数", "在哪里看")
SOURCE_WIDTHS = (12, 44, 60, 9, 44)
THIN = Side(style="thin", color="808080")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
FONT = Font(name="宋体", size=10)
BOLD, TITLE = Font(name="宋体", size=10, bold=True), Font(name="方正小标宋简体", size=18)
SHORT = 8
WORDS = Alignment(vertical="center", wrap_text=True)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)


def render_score_xlsx(paper: Paper) -> bytes:
    """The workbook of the sheets 考核得分表 and 来源."""
    book = Workbook()
    values: list[Value] = []
    sheet: Any = book.active
    sheet.title = "考核得分表"
    _write_scores(sheet, paper, values)
    _write_sources(book.create_sheet("来源"), paper)
    book.calculation.fullCalcOnLoad = True
    stream = io.BytesIO()
    book.save(stream)
    return fill_values(stream.getvalue(), "xl/worksheets/sheet1.xml", values)


def _write_scores(sheet: Any, paper: Paper, values: list[Value]) -> None:
    """Name, items, their sum, and known, unknown and not due with what they come to together."""
    grids = [block for block in paper.annex if isinstance(block, Grid)]
    sums = next(block for block in paper.blocks if isinstance(block, Grid))
    heads = [*(head for grid in grids for head in grid.rows[0][1:]), WHOLE, *(head for head, _, _ in SUMS), "合计分值"]
    _set_up(sheet, paper, len(heads) + 1)
    _write_row(sheet, HEAD_ROW, ["单位", *heads])
    for cell in sheet[HEAD_ROW]:
        cell.font, cell.alignment = BOLD, MIDDLE
    for number, row in enumerate(sums.rows[1:], start=1):
        items = [_read(cell) for grid in grids for cell in grid.rows[number][1:]]
        known = [_read(cell) for cell in row[2:]]
        at, last = HEAD_ROW + number, len(items) + 1
        whole = f"=SUM(B{at}:{get_column_letter(last)}{at})"
        together = f"=SUM({get_column_letter(last + 2)}{at}:{get_column_letter(last + 1 + len(known))}{at})"
        _write_row(sheet, at, [_read(row[0]), *items, whole, *known, together])
        values += [_add(items), _add(known)]


def _set_up(sheet: Any, paper: Paper, width: int) -> None:
    last = get_column_letter(width)
    for number, (words, font) in enumerate(
        ((paper.title, TITLE), (paper.number or "", None), (_say_note(paper), None))
    ):
        sheet.cell(number + 1, 1, guard_text(words)).alignment = Alignment(wrap_text=True, vertical="center")
        sheet.merge_cells(f"A{number + 1}:{last}{number + 1}")
        if font:
            sheet.cell(number + 1, 1).font = font
    sheet.row_dimensions[1].height, sheet.row_dimensions[3].height = 32, 62
    for column in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(column)].width = NAME_WIDTH if column == 1 else FIGURE_WIDTH
    sheet.row_dimensions[HEAD_ROW].height = 92
    _lay_flat(sheet, HEAD_ROW)
    sheet.freeze_panes = f"B{HEAD_ROW + 1}"


def _lay_flat(sheet: Any, head: int) -> None:
    """A4 on its side, as wide as a page, with the head on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.print_title_rows = f"{head}:{head}"


def _say_note(paper: Paper) -> str:
    """The paragraphs above the table."""
    texts = (span for block in paper.blocks[:2] for span in getattr(block, "spans", ()))
    return "".join(span for span in texts if isinstance(span, str))


def _write_row(sheet: Any, at: int, cells: Sequence[object]) -> None:
    for column, value in enumerate(cells, start=1):
        cell = sheet.cell(at, column, value)
        cell.font, cell.border = FONT, BOX
        is_long = isinstance(value, str) and len(value) > SHORT and not value.startswith("=")
        cell.alignment = WORDS if column == 1 or is_long else MIDDLE


def _read(cell: Span) -> object:
    """A figure as a number, everything else as text."""
    return float(Decimal(cell.text)) if isinstance(cell, Figure) else guard_text(cell)


def _add(cells: Sequence[object]) -> float:
    return float(sum((Decimal(str(cell)) for cell in cells if isinstance(cell, float)), Decimal(0)))


def _write_sources(sheet: Any, paper: Paper) -> None:
    for column, width in enumerate(SOURCE_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _write_row(sheet, 1, SOURCE_HEADS)
    for cell in sheet[1]:
        cell.font, cell.alignment = BOLD, MIDDLE
    for number, row in enumerate(_list_sources(paper), start=2):
        _write_row(sheet, number, row)
    _lay_flat(sheet, 1)
    sheet.freeze_panes = "A2"


def _list_sources(paper: Paper) -> Iterator[tuple[object, ...]]:
    texts: Mapping[str, str] = {
        cell.id: cell.text
        for block in paper.all_blocks
        if isinstance(block, Grid)
        for row in block.rows
        for cell in row
        if isinstance(cell, Figure)
    }
    for one in paper.sources:
        words = (guard_text(one.definition), guard_text(one.filter))
        yield float(Decimal(texts[one.id])), *words, one.count, guard_text(one.address)
