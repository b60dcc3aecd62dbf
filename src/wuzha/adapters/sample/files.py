"""The sample county as files, for the command line: plan.docx, plan.yaml, roster.xlsx and records.csv."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from wuzha.adapters.sample.book import CHINA, end_of_work
from wuzha.adapters.sample.county import find_story_year, make_tree
from wuzha.adapters.sample.ledger import COUNT, make_records
from wuzha.adapters.sample.plan import plan_docx, plan_text
from wuzha.adapters.sample.town_plan import town_plan_docx
from wuzha.core.base.unit import ATTRIBUTES, EARLIEST, LATEST, LINES, UNIT_KINDS, Attribute, Tree, Unit
from wuzha.core.ledger.record import Record

HEAD = (
    *("编码", "名称", "类型", "条线", "上级编码", "成立日期", "撤销日期"),
    *ATTRIBUTES.values(),
    *("基数日期", "数据来源"),
)
WIDTHS = (12, 26, 12, 8, 10, 12, 12, *(10 for _ in ATTRIBUTES), 12, 16)


def write_sample_files(folder: Path, today: date, count: int = COUNT) -> list[Path]:
    """Writes the files into the folder, made if need be, and gives their paths. What is there already is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    tree = make_tree(find_story_year(today))
    records = make_records(today=today, now=end_of_work(today), count=count)
    first, later = list_roster_rows(tree)
    files = {
        "plan.docx": plan_docx(today.year),
        "plan.yaml": plan_text(today.year).encode(),
        "town-plan.docx": town_plan_docx(today.year),
        "roster.xlsx": render_roster(first),
        "roster-recount.xlsx": render_roster(later),
        "records.csv": render_records(records).encode("utf-8-sig"),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


Row = tuple[str | int | float | date | None, ...]


def list_roster_rows(tree: Tree) -> tuple[list[Row], list[Row]]:
    """The roster as first handed in, one row a unit, and a second one of the units that were counted again."""
    rows = [_list_unit_rows(unit) for unit in tree.units]
    return [found[0] for found in rows], [row for found in rows for row in found[1:]]


def _list_unit_rows(unit: Unit) -> list[Row]:
    """One row for each day on which the unit's denominators were counted; one at least."""
    days = sorted({item.valid_from for item in unit.attributes})
    return [_make_row(unit, day) for day in days] or [_make_row(unit, None)]


def _make_row(unit: Unit, counted_on: date | None) -> Row:
    counted = {item.name: item for item in unit.attributes if item.valid_from == counted_on}
    source = next((item.source for item in counted.values()), "")
    return (
        *(unit.code, unit.name, UNIT_KINDS[unit.kind], LINES.get(unit.line, ""), unit.parent),
        None if unit.opens_on == EARLIEST else unit.opens_on,
        None if unit.closes_on == LATEST else unit.closes_on,
        *(_show_value(counted.get(name)) for name in ATTRIBUTES),
        counted_on,
        source,
    )


def _show_value(attribute: Attribute | None) -> int | float | None:
    if attribute is None:
        return None
    value = attribute.value
    return value.numerator if value.denominator == 1 else float(value)


def render_roster(rows: Iterable[Row]) -> bytes:
    """The roster as a workbook that the import takes: one sheet, the head in the first row."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    sheet.title = "单位名册"
    sheet.append(HEAD)
    for row in rows:
        sheet.append(row)
    _dress(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _dress(sheet: Worksheet) -> None:
    """A head that stays, columns wide enough to read, and A4 across when printed."""
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.row_dimensions[1].height = 32
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        cell = sheet.cell(1, number)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E4EAF2")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _show_number(value: Fraction | None) -> str:
    if value is None:
        return ""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.2f}"


def _show_time(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(CHINA).isoformat(sep=" ", timespec="seconds")


COLUMNS: Mapping[str, Callable[[Record], object]] = MappingProxyType(
    {
        "编号": lambda record: record.id,
        "单位编码": lambda record: record.unit,
        "类型": lambda record: record.kind,
        "日期": lambda record: record.happened_on,
        "数量": lambda record: record.quantity,
        "人数": lambda record: "" if record.people is None else record.people,
        "对象编号": lambda record: record.subject,
        "面积": lambda record: _show_number(record.area_m2),
        "里程": lambda record: "" if record.at_m is None else record.at_m,
        "变动": lambda record: record.change,
        "等级": lambda record: record.grade,
        "地点": lambda record: record.place,
        "对象": lambda record: record.audience,
        "备注": lambda record: record.note,
        "损失金额": lambda record: _show_number(record.loss_yuan),
        "更正编号": lambda record: record.replaces or "",
        "撤回": lambda record: "是" if record.withdrawn else "",
        "记录时间": lambda record: _show_time(record.recorded_at),
        "接收时间": lambda record: _show_time(record.received_at),
    }
)
"""The columns of records.csv, and what each says of a record."""


def render_records(records: Iterable[Record]) -> str:
    """Records as comma-separated text, one a row."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([show(record) for show in COLUMNS.values()] for record in records)
    return stream.getvalue()
