"""The sample county as files, for the command line: its plan, its roster, its records and its roads."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.roads.write import render_geojson
from wuzha.adapters.sample.book import CHINA, end_of_work
from wuzha.adapters.sample.county import find_story_year, make_tree
from wuzha.adapters.sample.ground import make_ground, make_new_road
from wuzha.adapters.sample.ledger import COUNT, make_records
from wuzha.adapters.sample.plan import plan_docx, plan_text
from wuzha.adapters.sample.town_plan import town_plan_docx
from wuzha.core.base.roster import COLUMNS
from wuzha.core.base.unit import ATTRIBUTES, EARLIEST, LATEST, LINES, UNIT_KINDS, Attribute, Tree, Unit
from wuzha.core.ledger.parse import GRADE_WORDS, RECORD_COLUMNS, write_extra
from wuzha.core.ledger.record import Record

WIDTHS = (12, 26, 13, 10, 10, 12, 12, *(11 for _ in ATTRIBUTES), 12, 16, 12)
CHANGES: Mapping[str, str] = MappingProxyType(
    {
        "install": "设置",
        "seen": "巡查",
        "damage": "破损",
        "replace": "更换",
        "remove": "拆除",
        "enrol": "建档",
        "check": "核查",
        "close": "销档",
    }
)
GRADES: Mapping[str, str] = MappingProxyType({code: word for word, code in GRADE_WORDS.items() if len(word) == 1})


def write_sample_files(folder: Path, today: date, count: int = COUNT) -> list[Path]:
    """Writes the files into the folder, made if need be, and gives their paths. What is there already is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    tree = make_tree(find_story_year(today))
    records = make_records(today=today, now=end_of_work(today), count=count)
    ground = make_ground(tree)
    shapes = [*ground.list_shapes(), make_new_road(ground), *ground.list_places(records)]
    first, later = list_roster_rows(tree)
    files = {
        "plan.docx": plan_docx(today.year),
        "plan.yaml": plan_text(today.year).encode(),
        "town-plan.docx": town_plan_docx(today.year),
        "roster.xlsx": render_roster(first),
        "roster-recount.xlsx": render_roster(later),
        "records.csv": render_records(records).encode("utf-8-sig"),
        "roads.geojson": render_geojson(shapes),
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
    """One row for each day on which the unit's denominators were counted, one at least; and one for each change."""
    days = sorted({item.valid_from for item in unit.attributes})
    before = unit.at(date.min)
    rows = [_make_row(before, day) for day in days] or [_make_row(before, None)]
    return rows + [_make_row(unit.at(one.since), None, one.since) for one in unit.placements[1:]]


def _make_row(unit: Unit, counted_on: date | None, changed_on: date | None = None) -> Row:
    counted = {item.name: item for item in unit.attributes if item.valid_from == counted_on}
    source = next((item.source for item in counted.values()), "")
    return (
        *(unit.code, unit.name, UNIT_KINDS[unit.kind], LINES.get(unit.line, ""), unit.parent),
        None if unit.opens_on == EARLIEST else unit.opens_on,
        None if unit.closes_on == LATEST else unit.closes_on,
        *(_show_value(counted.get(name)) for name in ATTRIBUTES),
        counted_on,
        source,
        changed_on,
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
    sheet.title = "花名册"
    sheet.append(list(COLUMNS.values()))
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


def _show_record(record: Record) -> dict[str, object]:
    """A record as a row: what people would write, by field."""
    return {
        "id": record.id,
        "unit": record.unit,
        "kind": load_kinds()[record.kind].title,
        "happened_on": record.happened_on,
        "quantity": record.quantity,
        "people": record.people,
        "subject": record.subject,
        "area_m2": _show_number(record.area_m2),
        "at_m": record.at_m,
        "change": CHANGES.get(record.change, ""),
        "grade": GRADES.get(record.grade, ""),
        "place": record.place,
        "audience": record.audience,
        "note": record.note,
        "loss_yuan": _show_number(record.loss_yuan),
        "replaces": record.replaces,
        "withdrawn": "是" if record.withdrawn else "",
        "recorded_at": _show_time(record.recorded_at),
        "received_at": _show_time(record.received_at),
        "extra": write_extra(record, load_kinds()[record.kind]),
    }


def render_records(records: Iterable[Record]) -> str:
    """Records as comma-separated text, one a row."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(RECORD_COLUMNS.values())
    writer = csv.DictWriter(stream, list(RECORD_COLUMNS), lineterminator="\n")
    writer.writerows(_show_record(record) for record in records)
    return stream.getvalue()
