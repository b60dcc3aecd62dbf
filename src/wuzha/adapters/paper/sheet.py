"""The monthly table as a workbook: the table to be printed, and a sheet of where each figure comes from.

Sums and shares are formulas, so that whoever corrects a figure by hand sees the rest follow. Text is never taken for a
formula. What each formula comes to stands beside it, for programs that compute nothing when they open a file.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from wuzha.adapters.paper.cached import Value, fill_values
from wuzha.adapters.paper.formulas import Frame, write_formula
from wuzha.core.paper.column import ChangeOf, Column, ShareOf
from wuzha.core.paper.month import Cell, MonthlyRow, MonthlyTable
from wuzha.core.paper.month_paper import list_groups, number_rows
from wuzha.core.paper.month_words import (
    SOURCES,
    Link,
    is_said_in_counts,
    list_notes,
    make_source,
    name_column,
    no_link,
    say_cell,
    say_heading,
    say_marks,
    say_note,
    say_period,
    say_row,
)

# The address of the page of a figure that has no records of its own; empty where there is none.
Page = Callable[[MonthlyRow, Column], str]
# Sheets are typed Any: openpyxl's stubs know no sheet that is only written to.
Sheet = Any
Look = tuple[int, int, int, int, str]
A4, PRINTED_PERCENT, PAGE_WIDTH = 9, 68, 156
# The narrowest column of figures; a longer figure makes its own wider.
NUMBER_WIDTH, NAME_WIDTH, FIGURE_WIDTH, TEXT_WIDTH, SIGNED_WIDTH = 5, 20, 7, 34, 19
FIXED = 2
LINE_HEIGHT = 14
FIRST_ROW = 6
HEIGHTS = ((1, 32), (2, 18), (3, 18), (4, 44), (5, 30))
SIGNATURES = "填报人：　　　　　　　　审核人：　　　　　　　　日期：　　　　年　　月　　日"
SOURCE_HEADS = ("位置", "单位", "栏目", "数", "怎么算的", "从哪些记录算", "记录数", "说明", "在哪里看")
SOURCE_WIDTHS = (9, 24, 26, 14, 46, 60, 9, 40, 40)
# Wide signs too, which spreadsheets here make narrow ones of, and blanks that a program takes off in front of them.
FORMULA = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
THIN = Side(style="thin", color="808080")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
WORDS = Alignment(vertical="center", wrap_text=True)
PLAIN = Alignment(vertical="center")
RIGHT = Alignment(horizontal="right", vertical="center")
IMPORTED, TYPED = PatternFill("solid", fgColor="FFF2CC"), PatternFill("solid", fgColor="E2EFDA")
SUMMED, HEAD = PatternFill("solid", fgColor="F2F2F2"), PatternFill("solid", fgColor="E8EFF8")
FONT, BOLD, GREY = Font(name="宋体", size=10), Font(name="宋体", size=10, bold=True), Font(name="宋体", color="7F7F7F")
TITLE = Font(name="方正小标宋简体", size=18)


@dataclass(frozen=True, slots=True)
class Style:
    font: Font = FONT
    alignment: Alignment = WORDS
    border: Border | None = None
    fill: PatternFill | None = None
    number_format: str = "General"

    @property
    def look(self) -> Look:
        """Tells styles apart by the parts themselves, which are those named above; to compare them is slow."""
        return id(self.font), id(self.alignment), id(self.border), id(self.fill), self.number_format


PLAIN_TEXT = Style(FONT, PLAIN)


@dataclass(frozen=True, slots=True)
class Shown:
    """A number with how it is shown."""

    value: int | float
    form: str


SourceRow = tuple[str | int | Shown | None, ...]


@dataclass(slots=True)
class Pen:
    """Makes the cells of one sheet. What a style comes to in its workbook is found once: to find it for each of a
    county's hundred thousand cells takes longer than all the rest."""

    sheet: Sheet
    _looks: dict[Look, Any] = field(default_factory=dict)

    def make_plain(self, value: str | int | Shown | None) -> object:
        if isinstance(value, Shown):
            return self._dress(WriteOnlyCell(self.sheet, value.value), Style(FONT, RIGHT, number_format=value.form))
        return self.make_text(value, PLAIN_TEXT) if isinstance(value, str) else value

    def make_text(self, text: str, style: Style) -> object:
        """Text stays text: what begins like a formula is marked so that editing keeps it one."""
        plain = CONTROL.sub("", text)
        cell = self._dress(WriteOnlyCell(self.sheet, plain), style)
        if plain:
            cell.data_type = "s"
            cell.quotePrefix = bool(FORMULA.match(plain))
        return cell

    def make_number(self, value: Fraction | int | None, style: Style) -> object:
        plain = None if value is None else int(value) if Fraction(value).denominator == 1 else float(value)
        return self._dress(WriteOnlyCell(self.sheet, plain), style)

    def make_formula(self, formula: str, style: Style) -> object:
        return self._dress(WriteOnlyCell(self.sheet, formula), style)

    def _dress(self, cell: Any, style: Style) -> Any:
        if style.look not in self._looks:
            cell.font, cell.alignment, cell.number_format = style.font, style.alignment, style.number_format
            if style.border is not None:
                cell.border = style.border
            if style.fill is not None:
                cell.fill = style.fill
            self._looks[style.look] = copy(cell._style)
        cell._style = copy(self._looks[style.look])
        return cell


def no_page(row: MonthlyRow, column: Column) -> str:
    return ""


def render_xlsx(table: MonthlyTable, link: Link = no_link, page: Page = no_page) -> bytes:
    """The workbook of the sheets 工作进展情况表 and 来源."""
    book = Workbook(write_only=True)
    book.calculation.fullCalcOnLoad = True
    values: list[Value] = []
    _write_table(book.create_sheet("工作进展情况表"), table, values)
    _write_sources(book.create_sheet("来源"), list_source_rows(table, link, page))
    stream = io.BytesIO()
    book.save(stream)
    return fill_values(stream.getvalue(), "xl/worksheets/sheet1.xml", values)


# --- the table --------------------------------------------------------------------------------------------------------


def _write_table(sheet: Sheet, table: MonthlyTable, values: list[Value]) -> None:
    """``values`` takes what each formula comes to, in the order in which they are written."""
    _set_up(sheet, table)
    pen = Pen(sheet)
    last = get_column_letter(FIXED + next(list_breaks(table), len(table.columns)))
    _append(pen, [say_heading(table)], Style(TITLE, MIDDLE), f"A1:{last}1")
    _append(pen, [say_period(table.question)], Style(FONT, WORDS), f"A2:{last}2")
    _write_heads(pen, table.columns)
    frame = Frame(FIRST_ROW, FIXED + 1, table)
    for number, (row, count) in enumerate(number_rows(table.rows)):
        cells: list[Any] = list(_make_row(pen, row, count, number, frame))
        sheet.append(cells)
        told = zip(cells[FIXED:], table.columns, row.cells, strict=True)
        values += [tell_value(column, cell) for made, column, cell in told if made.data_type == "f"]
    below = FIRST_ROW + len(table.rows)
    for number, words in enumerate((*list_notes(table), SIGNATURES)):
        # Not beside the units, which stand again on every page.
        _append(pen, ["", "", words], Style(FONT, WORDS), f"C{below + number}:{last}{below + number}")


def _set_up(sheet: Sheet, table: MonthlyTable) -> None:
    """A4 landscape; a page is as wide as the groups that fit it, with the heads and the units on each."""
    for number, width in enumerate((NUMBER_WIDTH, NAME_WIDTH, *measure_columns(table)), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row, height in (*HEIGHTS, *_list_heights(table)):
        sheet.row_dimensions[row].height = height
    sheet.freeze_panes = f"C{FIRST_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.scale = PRINTED_PERCENT
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.9, 0.7, 0.35, 0.35
    # On paper the title is each page's head; in the first cell it would be cut off beside every further page.
    last_row = FIRST_ROW + len(table.rows) + len(list_notes(table))
    sheet.print_area = f"A3:{get_column_letter(FIXED + len(table.columns))}{last_row}"
    sheet.print_title_rows, sheet.print_title_cols = f"3:{FIRST_ROW - 1}", "A:B"
    sheet.oddHeader.center.text = say_heading(table).replace("&", "&&")
    sheet.oddFooter.left.text = say_period(table.question).replace("&", "&&")
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
    for place in list_breaks(table):
        sheet.col_breaks.append(Break(id=FIXED + place))


def _list_heights(table: MonthlyTable) -> Iterator[tuple[int, int]]:
    """Rows with more words than a line of their column holds: a program that only prints does not stretch them."""
    texts = [place for place, column in enumerate(table.columns) if column.source == "typed" and column.is_text]
    for number, row in enumerate(table.rows, start=FIRST_ROW):
        words = [row.cells[place].text.splitlines() for place in texts]
        lines = max((sum(-(-2 * len(line) // (TEXT_WIDTH - 2)) for line in one) for one in words), default=0)
        if lines > 1:
            yield number, LINE_HEIGHT * lines + 4


def measure_columns(table: MonthlyTable) -> list[float]:
    """How wide each column stands: as its longest figure, which is mostly that of the last row, wants it."""
    sums = [row for row in table.rows if row.kind != "unit"]
    return [
        (SIGNED_WIDTH if column.source == "signed" else TEXT_WIDTH)
        if column.is_text
        else max([FIGURE_WIDTH, *(1.2 * len(say_cell(row.cells[at], column)) for row in sums)])
        for at, column in enumerate(table.columns)
    ]


def list_breaks(table: MonthlyTable) -> Iterator[int]:
    """After how many columns a page ends: as many whole groups as fit beside the units."""
    widths, room = measure_columns(table), PAGE_WIDTH - NUMBER_WIDTH - NAME_WIDTH
    done, width = 0, 0.0
    for group in list_groups(table.columns):
        wide = sum(widths[done : done + len(group)])
        if width and width + wide > room:
            yield done
            width = 0
        done, width = done + len(group), width + wide


def _write_heads(pen: Pen, columns: Sequence[Column]) -> None:
    """Three rows: groups, titles, and in what it is counted with who says so."""
    heads: list[list[str]] = [["序号", "单位"], ["", ""], ["", ""]]
    for group in list_groups(columns):
        heads[0] += [group[0].group, *[""] * (len(group) - 1)]
        if len(group) > 1:
            left = len(heads[1]) + 1
            pen.sheet.merged_cells.add(f"{get_column_letter(left)}3:{get_column_letter(left + len(group) - 1)}3")
        heads[1] += [column.title for column in group]
        heads[2] += [_say_measure(column) for column in group]
    for letter in ("A", "B"):
        pen.sheet.merged_cells.add(f"{letter}3:{letter}5")
    fills = (HEAD, HEAD, *(_choose_fill(column) or HEAD for column in columns))
    for texts in heads:
        cells = (pen.make_text(text, Style(BOLD, MIDDLE, BOX, fill)) for text, fill in zip(texts, fills, strict=True))
        pen.sheet.append(list(cells))


def _say_measure(column: Column) -> str:
    words = {"imported": "导入", "typed": "填报"}.get(column.source, "")
    return "，".join(word for word in (column.measure, words) if word)


def _choose_fill(column: Column) -> PatternFill | None:
    return {"imported": IMPORTED, "typed": TYPED}.get(column.source)


def _make_row(pen: Pen, row: MonthlyRow, count: int, number: int, frame: Frame) -> Iterator[object]:
    is_sum = row.kind != "unit"
    font, fill = (BOLD, SUMMED) if is_sum else (FONT, None)
    yield pen.make_number(count or None, Style(font, MIDDLE, BOX, fill))
    yield pen.make_text(say_row(row, frame.table.question), Style(font, WORDS, BOX, fill))
    for place, (column, cell) in enumerate(zip(frame.table.columns, row.cells, strict=True)):
        style = Style(
            GREY if not (cell.is_known or is_sum) else font,
            WORDS if column.is_text else RIGHT,
            BOX,
            fill or _choose_fill(column),
            choose_format(column, cell),
        )
        formula = write_formula(frame, number, place)
        if formula:
            yield pen.make_formula(formula, style)
        elif cell.is_known and not column.is_text:
            yield pen.make_number(cell.value, style)
        else:
            yield pen.make_text(say_cell(cell, column), style)


def tell_value(column: Column, cell: Cell) -> Value:
    """What the formula of the cell comes to: a number where the table has one, else the table's own words."""
    if cell.value is None or is_said_in_counts(cell):
        return say_cell(cell, column)
    is_percent = isinstance(column.counts, ShareOf) and column.counts.per == 100
    value = cell.value / 100 if is_percent else cell.value
    return int(value) if value.denominator == 1 else float(value)


def choose_format(column: Column, cell: Cell) -> str:
    """How a number is shown. Its marks stand in the format, so that the number stays one."""
    marks = f'"{say_marks(cell)}"' if cell.is_known and say_marks(cell) else ""
    match column.counts:
        case ShareOf(per=per):
            plain = "0.0%" if per == 100 else "0.00"
        case ChangeOf() if not is_said_in_counts(cell):
            return f"+0.0%{marks};-0.0%{marks};0.0%{marks}"
        case ChangeOf():
            return "General"
        case _:
            plain = "#,##0" if cell.value is None or cell.value.denominator == 1 else "#,##0.00"
    return f"{plain}{marks}"


# --- where each figure comes from -------------------------------------------------------------------------------------


def _write_sources(sheet: Sheet, rows: Iterable[SourceRow]) -> None:
    for number, width in enumerate(SOURCE_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "D2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    # A county has some ten thousand figures: they are looked up on the screen, and nobody wants them on 200 pages.
    sheet.print_area = f"A1:{get_column_letter(len(SOURCE_HEADS))}1"
    sheet.oddHeader.center.text = "来源表供在电脑上查对，不随表打印"
    pen = Pen(sheet)
    sheet.append([pen.make_text(head, Style(BOLD, MIDDLE, BOX, HEAD)) for head in SOURCE_HEADS])
    for values in rows:
        sheet.append([pen.make_plain(value) for value in values])


def list_source_rows(table: MonthlyTable, link: Link = no_link, page: Page = no_page) -> Iterator[SourceRow]:
    """One row a figure, in the order of the table. What a unit has no such figure of is not listed."""
    for number, row in enumerate(table.rows):
        name = say_row(row, table.question)
        for place, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
            if not (cell.is_known or cell.is_unknown):
                continue
            source = make_source(table, row, column, link)
            at = f"{get_column_letter(FIXED + 1 + place)}{FIRST_ROW + number}"
            count = None if column.is_text or column.is_derived or column.source != "computed" else source.count
            words = f"{source.definition}（{SOURCES[column.source]}）"
            address = source.address or (page(row, column) if cell.is_known else "")
            yield (
                at,
                name,
                name_column(column),
                show(column, cell),
                words,
                source.filter,
                count,
                say_note(cell),
                address,
            )


def show(column: Column, cell: Cell) -> str | Shown:
    """A figure as a number, so that the table can be compared with it; where there is none, the table's words."""
    if column.is_text or not cell.is_known:
        return "" if column.is_text else say_cell(cell, column)
    value = tell_value(column, cell)
    return value if isinstance(value, str) else Shown(value, choose_format(column, cell))


# --- cells ------------------------------------------------------------------------------------------------------------


def _append(pen: Pen, texts: Iterable[str], style: Style, merged: str) -> None:
    pen.sheet.merged_cells.add(merged)
    pen.sheet.append([pen.make_text(text, style) for text in texts])
