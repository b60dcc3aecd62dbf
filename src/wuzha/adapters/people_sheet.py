"""The sheet by which many people get their accounts: the empty one, the filled one, and the one with their links."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from wuzha.adapters.spreadsheets import BROKEN, RefusedError, guard_workbook, list_cells, plain_head
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.base.staff import COLUMNS, REQUIRED, ROLES, PersonRow, list_notes
from wuzha.core.base.unit import LINES

HEAD_WITHIN = 10
MAX_PEOPLE = 2000
FIELDS = MappingProxyType({plain_head(head): name for name, head in COLUMNS.items()})
Read = tuple[tuple[PersonRow, ...], tuple[Problem, ...]]


def read_people(name: str, content: bytes) -> Read:
    """The rows of the first visible sheet that has the heads, as raw text, with what could not be read."""
    try:
        guard_workbook(name, content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        found = [_read_sheet(name, sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except RefusedError as refused:
        return (), (refused.problem,)
    except (*BROKEN, zipfile.LargeZipFile):
        return (), (make_problem("roster.not-a-spreadsheet", Source(document=name)),)
    headed = [read for read in found if read is not None]
    heads = "、".join(COLUMNS[one] for one in REQUIRED)
    missing = make_problem("people.header-missing", Source(document=name), columns=heads)
    return headed[0] if headed else ((), (missing,))


def _read_sheet(name: str, sheet: Worksheet) -> Read | None:
    place = Source(document=name, sheet=sheet.title)
    cells = list_cells(sheet)
    heads = _find_heads(cells)
    if heads is None:
        return None
    rows, problems = [], []
    for number, values in cells:
        told = {field: value for field, value in zip(heads, values, strict=False) if field and value}
        if told:
            rows.append(PersonRow(told, replace(place, row=number)))
    if not rows:
        problems.append(make_problem("people.empty", place))
    if len(rows) > MAX_PEOPLE:
        problems.append(make_problem("people.too-many-rows", place, limit=MAX_PEOPLE))
    return tuple(rows[:MAX_PEOPLE]), tuple(problems)


def _find_heads(cells: Iterator[tuple[int, list[str]]]) -> list[str] | None:
    for _ in range(HEAD_WITHIN):
        _number, values = next(cells, (0, []))
        names = [FIELDS.get(plain_head(value), "") for value in values]
        if set(REQUIRED) <= set(names):
            return names
    return None


def write_people_template() -> bytes:
    """An empty sheet to fill in: the heads, lists to choose from, and a second sheet that explains."""
    book, sheet = _begin("人员", list(COLUMNS.values()), width=16)
    _offer(sheet, "岗位", ROLES.values())
    _offer(sheet, "条线", LINES.values())
    notes = book.create_sheet("填写说明")
    notes.column_dimensions["A"].width = 90
    for note in list_notes():
        notes.append([note])
    return _save(book)


def write_links(rows: Iterable[Sequence[str]], last: str) -> bytes:
    """The links of new people: name, user name, unit and link a row. ``last`` says until when they can be opened."""
    book, sheet = _begin("一次性链接", ["姓名", "用户名", "单位", "一次性链接"], width=24)
    sheet.column_dimensions["D"].width = 90
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            # What was typed is text, whatever it begins with.
            cell.data_type, cell.quotePrefix = "s", True
    sheet.append([])
    sheet.append([last])
    return _save(book)


def _begin(title: str, heads: Sequence[str], *, width: int) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):  # openpyxl types the first sheet of a new book as perhaps a chart
        raise TypeError("a new workbook begins with a worksheet")
    sheet.title = title
    sheet.append(list(heads))
    for number, cell in enumerate(sheet[1], start=1):
        cell.font = Font(name="宋体", bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EFF8")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    return book, sheet


def _offer(sheet: Worksheet, head: str, words: Iterable[str]) -> None:
    letter = get_column_letter(list(COLUMNS.values()).index(head) + 1)
    choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    sheet.add_data_validation(choice)
    choice.add(f"{letter}2:{letter}{MAX_PEOPLE + 1}")


def _save(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
