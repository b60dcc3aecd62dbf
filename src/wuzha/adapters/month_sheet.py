"""A sheet with the columns of the monthly table that no room counts yet, .xlsx or .csv. Hostile until read.

Problem codes with their parameters: of the whole file those of :mod:`wuzha.adapters.record_sheet`;
``month.no-heads`` (columns); ``month.no-rows``; of a head ``month.head-twice`` (column); of a row
``month.unit-unknown`` (unit), ``month.unit-several`` (unit, codes), ``month.unit-twice`` (unit, row),
``month.no-unit``; of a cell ``month.not-a-number`` (value), ``month.not-whole`` (value), ``month.below-zero`` (value);
``month.too-large`` (value), ``month.cell-twice`` (unit, value); as a warning ``month.column-unread`` (columns).
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from wuzha.adapters.record_sheet import CODES, is_workbook
from wuzha.adapters.spreadsheets import (
    BROKEN,
    DELIMITERS,
    HEAD_WITHIN,
    MEGABYTE,
    RefusedError,
    decode,
    guard_workbook,
    in_mb,
    list_cells,
    list_csv,
    name_part,
    plain_head,
    scan_marks,
)
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.paper.column import Column

MAX_BYTES = 5 * MEGABYTE
MAX_ROWS = 5_000
LARGEST = Decimal(10) ** 12
UNIT, CODE = "单位", "单位代码"
CODE_HEADS = frozenset({CODE, "代码"})
UNIT_HEADS = frozenset({UNIT, "单位名称", "名称"})
# What people write where they do not know; it stays unknown, which is not 0.
UNKNOWN = frozenset({"", "-", "－", "—", "——", "/", "不详", "不知道", "未知", "无数据"})
SUMS = ("合计", "总计", "小计")
Numbered = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """What a sheet gave: numbers as texts, by unit code and column. With an error nothing of it is taken in."""

    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    columns: tuple[Column, ...] = ()


@dataclass(slots=True)
class _Reading:
    """A file being read: its columns, which of them stand where in the sheet at hand, what was found, and in which row
    of the sheet each unit stood."""

    place: Source
    units: Mapping[str, str]
    names: Mapping[str, Sequence[str]]
    columns: dict[str, Column] = field(default_factory=dict)
    here: dict[int, Column] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_month_sheet(name: str, content: bytes, columns: Sequence[Column], units: Mapping[str, str]) -> MonthSheet:
    """The numbers of the imported ones of ``columns``. ``units`` are names by code: those that have a line.

    A unit is known by its code or, where only one has it, by its name. Every mistake is told, not the first alone.
    """
    names: dict[str, list[str]] = {}
    for code, title in units.items():
        names.setdefault(title, []).append(code)
    reading = _Reading(Source(document=name), units, names)
    try:
        if len(content) > MAX_BYTES:
            size, limit = str(in_mb(len(content))), str(in_mb(MAX_BYTES))
            raise RefusedError(make_problem("roster.too-large", reading.place, size_mb=size, limit_mb=limit))
        for sheet in _list_sheets(name, content, reading.problems):
            reading.rows.clear()
            _read_sheet(replace(reading.place, sheet=sheet.title), sheet, columns, reading)
    except RefusedError as refused:
        code = CODES.get(refused.problem.code, refused.problem.code)
        return MonthSheet(problems=(replace(refused.problem, code=code),))
    if not reading.columns and not reading.problems:
        wanted = "、".join(name_head(column) for column in columns if column.source == "imported")
        reading.problems.append(make_problem("month.no-heads", reading.place, columns=wanted))
    elif not reading.cells and not reading.problems:
        reading.problems.append(make_problem("month.no-rows", reading.place))
    return MonthSheet(reading.cells, tuple(reading.problems), tuple(reading.columns.values()))


def name_head(column: Column) -> str:
    """What stands above the column in such a sheet: 预警劝阻·接收."""
    return f"{column.group}·{column.title}"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Rows as texts with their numbers; ``unsaved`` are cells, by row and column from 1, of formulas never computed."""

    title: str
    rows: Numbered
    unsaved: Sequence[tuple[int, int]] = ()


def _list_sheets(name: str, content: bytes, problems: list[Problem]) -> list[_Sheet]:
    """Each visible sheet."""
    if not is_workbook(name, content):
        lines = decode(name, content).splitlines(keepends=True)
        first = next((line for line in lines if line.strip()), "")
        return [_Sheet("", list_csv(name, lines, max(DELIMITERS, key=first.count), problems))]
    guard_workbook(name, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return [_open_sheet(sheet, package) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except (InvalidFileException, *BROKEN) as error:
        raise RefusedError(make_problem("roster.not-a-spreadsheet", Source(document=name))) from error


def _open_sheet(sheet: Worksheet, package: zipfile.ZipFile) -> _Sheet:
    with package.open(name_part(sheet)) as stream:
        marks = scan_marks(stream, 0)
    return _Sheet(sheet.title, iter([*list_cells(sheet)]), marks.unsaved)


def _read_sheet(place: Source, sheet: _Sheet, columns: Sequence[Column], reading: _Reading) -> None:
    """A sheet without any of the heads is passed over."""
    heads = _find_heads(sheet.rows, columns, place, reading)
    if not heads:
        return
    for number, at in sheet.unsaved:
        if at - 1 in reading.at.values() or at - 1 in reading.here:
            here = replace(place, row=number, column=get_column_letter(at))
            reading.problems.append(make_problem("record.formula-unsaved", here))
    for count, (number, values) in enumerate(sheet.rows):
        if count >= MAX_ROWS:
            reading.problems.append(make_problem("record.file-too-many-rows", place, limit=MAX_ROWS))
            return
        _read_row(replace(place, row=number), values, reading)


def _find_heads(rows: Numbered, columns: Sequence[Column], place: Source, reading: _Reading) -> bool:
    """The row that names the unit and at least one imported column; groups may stand in the row above it."""
    above: list[str] = []
    for _ in range(HEAD_WITHIN):
        number, values = next(rows, (0, []))
        if not number:
            return False
        heads = [plain_head(value) for value in values]
        at = _find_units(heads)
        found = _match_columns(heads, _spread(above, len(heads)), columns)
        if at and found:
            reading.at, reading.here = at, found
            reading.columns |= {column.code: column for column in found.values()}
            _tell_heads(heads, found, replace(place, row=number), columns, reading)
            return True
        above = heads
    return False


def _find_units(heads: Sequence[str]) -> dict[str, int]:
    codes = [place for place, head in enumerate(heads) if head in CODE_HEADS]
    names = [place for place, head in enumerate(heads) if head in UNIT_HEADS]
    return {key: places[0] for key, places in ((CODE, codes), (UNIT, names)) if places}


def _spread(above: Sequence[str], length: int) -> list[str]:
    """The groups over their columns: a merged head stands in its first cell alone."""
    spread: list[str] = []
    for place in range(length):
        own = above[place] if place < len(above) else ""
        spread.append(own or (spread[-1] if spread else ""))
    return spread


def _match_columns(heads: Sequence[str], above: Sequence[str], columns: Sequence[Column]) -> dict[int, Column]:
    imported = [column for column in columns if column.source == "imported"]
    titles = [column.title for column in imported]
    known = {plain_head(name_head(column)): column for column in imported}
    known |= {plain_head(column.title): column for column in imported if titles.count(column.title) == 1}
    grouped = [f"{group}·{head}" for group, head in zip(above, heads, strict=True)]
    plain = [head.partition("（")[0] for head in heads]
    found = {}
    for place, names in enumerate(zip(grouped, heads, plain, strict=True)):
        column = next((known[name] for name in names if name in known), None)
        if column is not None:
            found[place] = column
    return found


def _tell_heads(
    heads: Sequence[str], found: Mapping[int, Column], place: Source, columns: Sequence[Column], reading: _Reading
) -> None:
    codes = [column.code for column in found.values()]
    for at, column in found.items():
        if codes.count(column.code) > 1:
            here = replace(place, column=get_column_letter(at + 1))
            reading.problems.append(make_problem("month.head-twice", here, column=name_head(column)))
    used = set(found) | set(reading.at.values())
    unread = [head for at, head in enumerate(heads) if head and at not in used and head != "序号"]
    if unread:
        told = "、".join(unread)
        reading.problems.append(make_problem("month.column-unread", place, severity="warning", columns=told))


def _read_row(place: Source, values: Sequence[str], reading: _Reading) -> None:
    told = {key: values[at].strip() if at < len(values) else "" for key, at in reading.at.items()}
    name = told.get(UNIT, "")
    if name.endswith(SUMS) or told.get(CODE, "").endswith(SUMS):
        return
    numbers = {at: values[at].strip() for at in reading.here if at < len(values) and values[at].strip()}
    code = _find_unit(place, told, reading) if any(told.values()) else ""
    if not any(told.values()) and numbers:
        reading.problems.append(make_problem("month.no-unit", place))
    if not code:
        return
    if code in reading.rows:
        reading.problems.append(
            make_problem("month.unit-twice", place, unit=reading.units[code], row=reading.rows[code])
        )
        return
    reading.rows[code] = place.row or 0
    for at, text in numbers.items():
        column, here = reading.here[at], replace(place, column=get_column_letter(at + 1))
        number = _read_number(here, text, column, reading)
        kept = reading.cells.setdefault(code, {}) if number else {}
        if number and kept.setdefault(column.code, number) != number:
            reading.problems.append(make_problem("month.cell-twice", here, unit=reading.units[code], value=number))


def _find_unit(place: Source, told: Mapping[str, str], reading: _Reading) -> str:
    code, name = told.get(CODE, ""), told.get(UNIT, "")
    if (code or name) in reading.units:
        return code or name
    codes = () if code else reading.names.get(name, ())
    if len(codes) == 1:
        return codes[0]
    if codes:
        reading.problems.append(make_problem("month.unit-several", place, unit=name, codes="、".join(codes)))
    else:
        reading.problems.append(make_problem("month.unit-unknown", place, unit=code or name))
    return ""


def _read_number(place: Source, text: str, column: Column, reading: _Reading) -> str:
    """The number as a text, without thousands marks; empty for what is not known or wrong."""
    if text in UNKNOWN:
        return ""
    plain = text.replace(",", "").replace("，", "").removesuffix(column.measure)
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    code = _judge(number, column)
    if code:
        reading.problems.append(make_problem(code, place, value=text[:40]))
        return ""
    return f"{number.normalize():f}"


def _judge(number: Decimal, column: Column) -> str:
    if not number.is_finite():
        return "month.not-a-number"
    if number < 0:
        return "month.below-zero"
    if number > LARGEST:
        return "month.too-large"
    # Money has fen; persons, warnings and units do not.
    is_whole = number == number.to_integral_value() or (column.measure == "元" and number == round(number, 2))
    return "" if is_whole else "month.not-whole"


def write_month_template(columns: Sequence[Column], units: Mapping[str, str]) -> bytes:
    """An empty sheet with a row for each unit and the heads of the imported columns."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    sheet.title = "导入"
    heads = [name_head(column) + f"（{column.measure}）" for column in columns if column.source == "imported"]
    sheet.append([CODE, UNIT, *heads])
    for cell in sheet[1]:
        cell.font = Font(name="宋体", bold=True)
    for code, name in units.items():
        sheet.append([code, name])
    for number in range(1, len(heads) + 3):
        sheet.column_dimensions[get_column_letter(number)].width = 16 if number != 2 else 26
    sheet.freeze_panes = "C2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
