"""An empty sheet of records to fill in, .xlsx or .csv: the heads of one kind, lists to choose from, and how to fill it.

Also the file that was handed in, given back with the reasons beside the rows that could not be taken in.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from wuzha.adapters.record_sheet import REASONS, RecordFile, is_workbook
from wuzha.adapters.spreadsheets import DELIMITERS, decode, list_csv
from wuzha.core.base.problem import Problem
from wuzha.core.ledger.parse import NEEDED
from wuzha.core.ledger.record import Kinds, RecordKind
from wuzha.core.ledger.sheet import CHANGE_TITLES, DETAIL, GRADE_TITLES, guard_text, write_head

ALL_ASKED = ("quantity", "people", "subject", "area_m2", "at_m", "change", "grade", "place", "audience", "loss_yuan")
LAST_ROW = 1000
# What fills a sheet of A4 across, for whoever writes by hand first.
PRINTED_ROWS = 24
UNITS, NOTES, ALL_KINDS = "单位名单", "填写说明", "台账"
# What the name of a sheet may not hold.
UNFIT = re.compile(r"[\[\]:*?/\\']")
WIDTHS: Mapping[str, int] = MappingProxyType(
    {"unit": 26, "kind": 20, "happened_on": 14, "place": 24, "audience": 20, "note": 36}
)
CRLF = "\r\n"
LINE = Side("thin", color="B8C4D4")


def name_sheet(kind: RecordKind | None) -> str:
    """The sheet of a kind is called by its title, which says what its rows are."""
    return UNFIT.sub("", kind.title)[:31] if kind else ALL_KINDS


def list_fields(kind: RecordKind | None) -> tuple[str, ...]:
    """The columns to fill in: the unit, the day, what the kind asks, its details, a remark."""
    if kind is None:
        return ("unit", "kind", "happened_on", *ALL_ASKED, "note")
    details = (f"{DETAIL}{detail.title}" for detail in kind.details)
    return ("unit", "happened_on", *(name for name in kind.asks if name in ALL_ASKED), *details, "note")


def write_template(kind: RecordKind | None, units: Sequence[tuple[str, str]], kinds: Kinds) -> bytes:
    """An empty workbook for records of the kind, or of every kind. ``units`` are code and name, to choose from."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):  # openpyxl types the first sheet of a new book as perhaps a chart
        raise TypeError("a new workbook begins with a worksheet")
    sheet.title = name_sheet(kind)
    fields = list_fields(kind)
    sheet.append([_write_needed_head(name, kind) for name in fields])
    _dress(sheet, fields)
    _write_notes(book.create_sheet(NOTES), kind, units)
    _write_units(book.create_sheet(UNITS), units, kinds)
    for name, source in _list_choices(kind, len(units), len(kinds)).items():
        if name in fields and source:
            _offer(sheet, fields.index(name) + 1, source)
    _check_days(sheet, fields.index("happened_on") + 1)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def write_csv_template(kind: RecordKind | None) -> bytes:
    """The heads alone, in UTF-8 with its mark; without sheets the kind needs a column of its own."""
    fields = list_fields(kind)
    if kind:
        fields = ("unit", "kind", *fields[1:])
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([_write_needed_head(name, kind) for name in fields])
    return buffer.getvalue().encode("utf-8-sig")


def _write_needed_head(name: str, kind: RecordKind | None) -> str:
    head = "单位" if name == "unit" else write_head(name, kind)
    needed = name in NEEDED or (kind is not None and kind.shape == "check" and name in ("subject", "change"))
    return f"{head}*" if needed else head


def _dress(sheet: Worksheet, fields: Sequence[str]) -> None:
    """Heads that stay in sight, days as days, codes as text, lines to write on, A4 across."""
    for number, name in enumerate(fields, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = WIDTHS.get(name, 13)
        head = sheet.cell(1, number)
        head.font, head.fill = Font(name="宋体", bold=True), PatternFill("solid", fgColor="E8EFF8")
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        form = {"happened_on": "yyyy-mm-dd", "subject": "@", "area_m2": "0.00", "loss_yuan": "0.00"}.get(name)
        for row in range(1, LAST_ROW + 1):
            cell = sheet.cell(row, number)
            cell.border = Border(LINE, LINE, LINE, LINE)
            if row > 1 and form:
                cell.number_format = form
    sheet.row_dimensions[1].height = 34
    for row in range(2, PRINTED_ROWS + 1):
        sheet.row_dimensions[row].height = 24
    sheet.freeze_panes = "A2"
    _set_paper(sheet)
    sheet.print_title_rows = "1:1"
    sheet.print_area = f"A1:{get_column_letter(len(fields))}{PRINTED_ROWS}"


def _set_paper(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _list_choices(kind: RecordKind | None, units: int, kinds: int) -> dict[str, str]:
    """Field → where its list of choices stands: on the second sheet, or in the cell's own rule."""
    changes = kind.changes if kind else CHANGE_TITLES
    grades = kind.grades if kind else GRADE_TITLES
    return {
        "unit": f"={UNITS}!$A$2:$A${units + 1}" if units else "",
        "kind": f"={UNITS}!$C$2:$C${kinds + 1}" if kinds else "",
        "change": _join(CHANGE_TITLES.get(code, code) for code in changes),
        "grade": _join(GRADE_TITLES.get(code, code) for code in grades),
    }


def _join(words: Iterable[str]) -> str:
    listed = ",".join(words)
    return f'"{listed}"' if listed else ""


def _offer(sheet: Worksheet, column: int, source: str) -> None:
    choice = DataValidation(type="list", formula1=source, allow_blank=True)
    choice.errorTitle, choice.error = "不在名单里", "请从下拉列表里选一项。"
    _apply(sheet, column, choice)


def _check_days(sheet: Worksheet, column: int) -> None:
    choice = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)
    choice.errorTitle, choice.error = "不是日期", "请写成 2026-03-20。"
    _apply(sheet, column, choice)


def _apply(sheet: Worksheet, column: int, choice: DataValidation) -> None:
    choice.showErrorMessage = True
    sheet.add_data_validation(choice)
    letter = get_column_letter(column)
    choice.add(f"{letter}2:{letter}{LAST_ROW}")


def _write_units(sheet: Worksheet, units: Sequence[tuple[str, str]], kinds: Kinds) -> None:
    """The lists that the choices come from; each unit as one text of name and code, which reads back to the code."""
    titles = [kind.title for kind in kinds.values()]
    sheet.append(["可填的单位", "", "可填的类型"])
    for number in range(max(len(units), len(titles))):
        unit = show_unit(*units[number]) if number < len(units) else ""
        sheet.append([guard_text(unit), "", titles[number] if number < len(titles) else ""])
    for letter, width in (("A", 40), ("B", 4), ("C", 24)):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(name="宋体", bold=True)
    sheet.freeze_panes = "A2"
    _set_paper(sheet)


def show_unit(code: str, name: str) -> str:
    return f"{name}（{code}）"


def _list_notes(kind: RecordKind | None, units: Sequence[tuple[str, str]]) -> list[str]:
    what = f"“{kind.title}”" if kind else "各类工作"
    whose = f"“{units[0][1]}”" if len(units) == 1 else "本单位和下级单位"
    notes = [
        f"这份表用来补记{whose}的{what}。一件事填一行，填好后在“台账导入”页面上传。",
        "表头带 * 的必须填。其他格子没有就空着，不用填 0，也不用填“无”。",
        "单位从下拉列表里选；只替一个单位填报的，可以不填。",
        "日期写成 2026-03-20，是事情发生的那天，不是填表那天。",
        "数量、人数只填数字，单位已写在表头括号里。",
        "不要合并单元格，不要改表头，不要改工作表的名字。多余的行空着就行，超过一千行就接着往下填。",
        "“备注”里不要写群众的姓名、身份证号、手机号。",
        "上传后先看预览：哪些是新的，哪些已经有了，哪些要改，一次说清。按“确认导入”之前什么都不会保存。",
        "同一份表传两次不会重复。改了其中一行再传，只会提示那一行。",
    ]
    if kind and "subject" in kind.asks:
        notes.insert(5, "“对象编号”填门牌号、档案号这类编号，同一个对象每次填同一个编号，绝不要填姓名、身份证号。")
    return notes


def _write_notes(sheet: Worksheet, kind: RecordKind | None, units: Sequence[tuple[str, str]]) -> None:
    sheet.column_dimensions["A"].width = 96
    sheet.append(["填写说明"])
    for number, note in enumerate(_list_notes(kind, units), start=1):
        sheet.append([f"{number}. {note}"])
    for number in range(1, sheet.max_row + 1):
        cell = sheet.cell(number, 1)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(name="宋体", size=12, bold=number == 1)
        sheet.row_dimensions[number].height = 38 if number > 1 else 24
    _set_paper(sheet)


def write_reasons(content: bytes, file: RecordFile, reasons: Mapping[tuple[str, int], str]) -> bytes:
    """The file as it came, with one more column that says of each row why it was not taken in.

    ``reasons`` are by sheet and row. What cannot be read at all cannot be marked; ask only for a file without problems
    of the whole.
    """
    if is_workbook(file.name, content):
        return _mark_workbook(content, file, reasons)
    return _mark_csv(content, file, reasons)


def _mark_workbook(content: bytes, file: RecordFile, reasons: Mapping[tuple[str, int], str]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for title, top in file.tops.items():
        column = _find_column([cell.value for cell in book[title][top]])
        _put(book[title], top, column, REASONS)
        book[title].column_dimensions[get_column_letter(column)].width = 60
        for row in range(top + 1, book[title].max_row + 1):
            if book[title].cell(row, column).value or (title, row) in reasons:
                _put(book[title], row, column, reasons.get((title, row), ""))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _find_column(heads: Sequence[object]) -> int:
    """The column of reasons from before, or else the one after the last head."""
    if REASONS in heads:
        return heads.index(REASONS) + 1
    return max((number for number, head in enumerate(heads, start=1) if head not in (None, "")), default=0) + 1


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    cell.value, cell.data_type = guard_text(text), "s"
    cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(name="宋体", color="B3261E")


def _mark_csv(content: bytes, file: RecordFile, reasons: Mapping[tuple[str, int], str]) -> bytes:
    """The text as it was, with the reason behind each row; a row may run over several lines."""
    lines = tuple(io.StringIO(decode(file.name, content), newline=""))
    top = file.tops.get("", 1) - 1
    delimiter = max(DELIMITERS, key=lines[top].count)
    broken: list[Problem] = []
    begins = [top + number for number, _ in list_csv(file.name, lines[top:], delimiter, broken)]
    begins = sorted({*begins, *(top + (problem.source.row or 0) for problem in broken)})
    told = {("", begins[0]): REASONS, **reasons}
    marked = [
        _mark_row("".join(lines[begin - 1 : end - 1]), delimiter, told.get(("", begin), ""))
        for begin, end in pairwise([*begins, len(lines) + 1])
    ]
    return "".join([*lines[:top], *marked]).encode("utf-8-sig")


def _mark_row(text: str, delimiter: str, reason: str) -> str:
    if not reason:
        return text
    quoted = guard_text(reason).replace('"', '""')
    return f'{text.rstrip(CRLF)}{delimiter}"{quoted}"\r\n'
